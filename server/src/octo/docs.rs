//! The interface described: for people on a page of the site, for programs as OpenAPI.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Value, json};

use super::Octo;
use super::answer::spoken;

/// Written by hand; a test compares it with what the server answers.
const OPENAPI: &str = include_str!("openapi.json");

/// The page is in several languages, each at its own address.
pub async fn page(headers: HeaderMap) -> Response {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Redirect::to(&format!("/{}/octo", spoken(accepted.unwrap_or_default()))).into_response()
}

pub async fn openapi(State(octo): State<Octo>) -> Response {
    let mut file: Value = serde_json::from_str(OPENAPI).unwrap_or_default();
    // The addresses begin here.
    file["servers"] = json!([{ "url": octo.app.settings.base_url }]);
    let headers = [
        (header::CACHE_CONTROL, "public, max-age=3600"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (headers, axum::Json(file)).into_response()
}
