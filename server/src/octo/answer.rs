//! Answers with their headers.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::Locale;
use engine::channel::octo::{Capabilities, OctoError};
use serde::Serialize;
use serde_json::Value;

const CAPABILITIES: HeaderName = HeaderName::from_static("octo-capabilities");
const AVAILABLE_LANGUAGES: HeaderName = HeaderName::from_static("available-languages");

/// How a client wants to be answered; known before it is known who it is.
#[derive(Debug, Clone, Default)]
pub struct Manner {
    pub locale: Locale,
    pub capabilities: Capabilities,
}

impl Manner {
    pub fn of(headers: &HeaderMap) -> Self {
        let text = |name: &HeaderName| {
            headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
        };
        Self {
            locale: language(text(&header::ACCEPT_LANGUAGE)),
            capabilities: Capabilities::parse(text(&CAPABILITIES)),
        }
    }

    pub fn answer<T: Serialize>(&self, result: Result<T, OctoError>) -> Response {
        let body = result.and_then(|value| {
            serde_json::to_value(value).map_err(|error| {
                OctoError::Internal(engine::store::StoreError::Abandoned(error.to_string()))
            })
        });
        let (status, body, retry) = match body {
            Ok(body) => (200, body, None),
            Err(error) => {
                let (status, body) = error.answer(self.locale);
                let retry = match &error {
                    OctoError::Internal(cause) => {
                        tracing::error!(?cause, "a request of a travel company failed");
                        None
                    }
                    OctoError::TooMany(seconds) => Some(*seconds),
                    _ => None,
                };
                (status, body, retry)
            }
        };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json::<Value>(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Ok(applied) = HeaderValue::from_str(&self.capabilities.applied()) {
            headers.insert(CAPABILITIES, applied);
        }
        if self.capabilities.content.is_some() {
            let language = HeaderValue::from_static(self.locale.code());
            headers.insert(header::CONTENT_LANGUAGE, language);
            headers.insert(AVAILABLE_LANGUAGES, HeaderValue::from_static("vi, en"));
        }
        if let Some(seconds) = retry {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// The language that is liked best of those we speak; English for whoever names none of them: the
/// client is a program of who knows where.
pub fn language(accepted: &str) -> Locale {
    let mut best: Option<(f32, Locale)> = None;
    for part in accepted.split(',') {
        let (tag, weight) = part.split_once(';').unwrap_or((part, ""));
        let weight = weight.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.parse().ok());
        let code = tag.trim().get(..2).unwrap_or_default().to_ascii_lowercase();
        if let (Some(weight), Some(locale)) = (weight, Locale::parse(&code))
            && weight > best.map_or(0.0, |(best, _)| best)
        {
            best = Some((weight, locale));
        }
    }
    best.map_or(Locale::En, |(_, locale)| locale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_liked_best_is_spoken() {
        assert_eq!(language("fr-FR, vi;q=0.8, en;q=0.5"), Locale::Vi);
        assert_eq!(language("en-GB,en;q=0.9,vi;q=0.4"), Locale::En);
        assert_eq!(language("ko"), Locale::En);
        assert_eq!(language(""), Locale::En);
    }
}
