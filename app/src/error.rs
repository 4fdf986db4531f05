//! Errors that end a request.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use engine::store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum PageError {
    #[error("not found")]
    NotFound,
    /// The page is for people who are signed in; holds where to sign in.
    #[error("not signed in")]
    SignIn(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        match self {
            PageError::SignIn(at) => axum::response::Redirect::to(&at).into_response(),
            PageError::NotFound => StatusCode::NOT_FOUND.into_response(),
            PageError::Store(error) => {
                tracing::error!(?error, "the store failed");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}
