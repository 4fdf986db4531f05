//! What a browser sends from a form, and what was wrong with it.

use std::collections::BTreeMap;

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use uuid::Uuid;

/// Longest body of a form without files, in bytes.
const MAX_BODY: usize = 256 * 1024;

/// Fields as they were typed, in the order of the page; a name may come more than once. Names
/// of some fields are ids (unit types, questions), so this is a list and not a struct.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads `application/x-www-form-urlencoded` text: a body or a query string.
    pub fn parse(text: &[u8]) -> Option<Form> {
        serde_html_form::from_bytes::<Vec<(String, String)>>(text).ok().map(Form)
    }

    /// The fields of a query string; none where it is malformed.
    pub fn of_query(query: &str) -> Form {
        Form::parse(query.as_bytes()).unwrap_or_default()
    }

    pub fn of_pairs(pairs: Vec<(String, String)>) -> Form {
        Form(pairs)
    }

    /// The first value of a name as typed; empty where the form lacks it.
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// Whether a box is ticked or a button was pressed.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// All values of a name.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Fields whose names begin with `prefix`, without it.
    pub fn under(&self, prefix: &str) -> BTreeMap<String, String> {
        self.pairs()
            .filter_map(|(name, value)| Some((name.strip_prefix(prefix)?.into(), value.into())))
            .collect()
    }

    /// The one-time key that the page put in the form. A key that is none of ours is replaced
    /// by a new one: then the form counts as sent for the first time.
    pub fn key(&self) -> String {
        self.text(KEY).parse::<Uuid>().map_or_else(|_| fresh_key(), |key| key.to_string())
    }
}

/// Name of the hidden field that carries the form's key.
pub const KEY: &str = "form_key";

/// A key for a new form: whoever knows it may see what the form made, so it can't be guessed.
pub fn fresh_key() -> String {
    uuid::Builder::from_random_bytes(rand::random()).into_uuid().to_string()
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = StatusCode;

    async fn from_request(request: Request, _: &S) -> Result<Self, StatusCode> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        // A form without any field is sent without a type by some clients.
        if !kind.is_empty() && !kind.starts_with("application/x-www-form-urlencoded") {
            return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        }
        let body: Bytes = to_bytes(request.into_body(), MAX_BODY)
            .await
            .map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
        Form::parse(&body).ok_or(StatusCode::BAD_REQUEST)
    }
}

/// What has to be put right, by field, in the order of the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems(Vec<(String, String)>);

impl Problems {
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push((field.into(), message.into()));
    }

    /// The message of a field; empty where it is right.
    /// All of another's, after these.
    pub fn append(&mut self, more: Self) {
        self.0.extend(more.0);
    }

    pub fn of(&self, field: &str) -> String {
        self.0.iter().find(|(name, _)| name == field).map_or_else(String::new, |(_, m)| m.clone())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(field, message)| (field.as_str(), message.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn request(kind: &str, body: Vec<u8>) -> Request {
        Request::post("/").header(header::CONTENT_TYPE, kind).body(Body::from(body)).unwrap()
    }

    const URLENCODED: &str = "application/x-www-form-urlencoded";

    #[tokio::test]
    async fn a_form_keeps_what_was_typed() {
        let body = "name=Ph%C6%B0%E1%BB%A3ng+%26+Co&q.diet=chay&day=mon&day=tue&waiver=on";
        let form = Form::from_request(request(URLENCODED, body.into()), &()).await.unwrap();
        assert_eq!(form.text("name"), "Phượng & Co");
        assert_eq!(form.all("day").collect::<Vec<_>>(), ["mon", "tue"]);
        assert_eq!(form.under("q.").get("diet").map(String::as_str), Some("chay"));
        assert!(form.has("waiver") && !form.has("nothing"));
    }

    #[tokio::test]
    async fn a_body_that_is_no_form_is_refused() {
        let refused = |kind: &'static str, body: Vec<u8>| async move {
            Form::from_request(request(kind, body), &()).await.unwrap_err()
        };
        assert_eq!(refused("text/plain", vec![]).await, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        let long = vec![b'a'; MAX_BODY + 1];
        assert_eq!(refused(URLENCODED, long).await, StatusCode::PAYLOAD_TOO_LARGE);
        let almost = vec![b'a'; MAX_BODY];
        assert!(Form::from_request(request(URLENCODED, almost), &()).await.is_ok());
    }

    #[test]
    fn keys_are_kept_or_made_anew() {
        let key = fresh_key();
        let form = Form::parse(format!("form_key={key}").as_bytes()).unwrap();
        assert_eq!(form.key(), key);
        let forged = Form::parse(b"form_key=1%27+OR+1").unwrap();
        assert_ne!(forged.key(), forged.key());
    }
}
