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
    /// Of what is told of tours.
    pub locale: Locale,
    /// Of errors.
    pub spoken: Locale,
    pub capabilities: Capabilities,
}

impl Manner {
    pub fn of(headers: &HeaderMap) -> Self {
        let text = |name: &HeaderName| {
            headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
        };
        let accepted = text(&header::ACCEPT_LANGUAGE);
        Self {
            locale: language(accepted),
            spoken: spoken(accepted),
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
                let (status, body) = error.answer(self.spoken);
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
            let language = HeaderValue::from_static(self.locale.tag());
            headers.insert(header::CONTENT_LANGUAGE, language);
            headers.insert(AVAILABLE_LANGUAGES, HeaderValue::from_static("vi, en"));
        }
        if let Some(seconds) = retry {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// The language of what the answers tell of tours, which is written in Vietnamese and English alone;
/// English for whoever names neither: the client is a program of who knows where.
fn language(accepted: &str) -> Locale {
    Locale::preferred_among(accepted, &Locale::WRITTEN).unwrap_or(Locale::En)
}

/// The language of what is said to people: errors and the page that explains the interface.
pub fn spoken(accepted: &str) -> Locale {
    Locale::preferred(accepted).unwrap_or(Locale::En)
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

    #[test]
    fn errors_are_said_in_any_of_our_languages() {
        assert_eq!(spoken("fr-FR, vi;q=0.8, en;q=0.5"), Locale::Fr);
        assert_eq!(spoken("zh-CN"), Locale::Zh);
        assert_eq!(spoken("de"), Locale::En);
        assert_eq!(spoken(""), Locale::En);
    }
}
