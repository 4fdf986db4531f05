//! Errors that end a request, and the friendly page that a person sees of them.

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use engine::Locale;
use engine::store::StoreError;
use leptos::prelude::*;

use crate::context::{App, Visit};
use crate::pages::visitor::site_files::without_slash;
use crate::render::Page;
use crate::t;
use crate::ui::layout::Head;
use crate::ui::picture::Picture;

#[derive(Debug, thiserror::Error)]
pub enum PageError {
    #[error("not found")]
    NotFound,
    /// The page is for people who are signed in; holds where to sign in.
    #[error("not signed in")]
    SignIn(String),
    /// It was there, and will not come back: an expired link.
    #[error("gone")]
    Gone,
    /// What was sent can't be read.
    #[error("invalid")]
    Invalid,
    /// Too many requests of one sender.
    #[error("too many requests")]
    Busy,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        match self {
            PageError::SignIn(at) => return Redirect::to(&at).into_response(),
            PageError::NotFound => StatusCode::NOT_FOUND,
            PageError::Gone => StatusCode::GONE,
            PageError::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            PageError::Busy => StatusCode::TOO_MANY_REQUESTS,
            PageError::Store(error) => {
                tracing::error!(?error, "the store failed");
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
        .into_response()
    }
}

/// Middleware: one address a page, known languages only, and a page in the visitor's language in
/// place of a bare error.
pub async fn friendly(
    State(_): State<App>,
    visit: Visit,
    matched: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    if let Some(redirect) = without_slash(request.uri().path(), request.uri().query()) {
        return redirect.into_response();
    }
    let language = request.uri().path().split('/').nth(1).and_then(Locale::parse);
    let wants_page = language.is_some() || accepts_html(request.headers());
    let strange = matched.is_some_and(|path| path.as_str().starts_with("/{locale}"));
    let response = if strange && language.is_none() {
        StatusCode::NOT_FOUND.into_response()
    } else {
        next.run(request).await
    };
    if wants_page && is_bare(&response) { page(&visit, response) } else { response }
}

fn accepts_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// An error without a page of its own.
fn is_bare(response: &Response) -> bool {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    (status.is_client_error() || status.is_server_error())
        && kind.is_none_or(|kind| kind.starts_with("text/plain"))
}

fn page(visit: &Visit, response: Response) -> Response {
    let locale = visit.locale;
    let status = response.status();
    let (title, words, art) = match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
            (t::errors::not_found_title(locale), t::errors::not_found(locale), "hat-1")
        }
        StatusCode::GONE => (t::errors::gone_title(locale), t::errors::gone(locale), "incense-1"),
        StatusCode::TOO_MANY_REQUESTS => {
            (t::errors::busy_title(locale), t::errors::busy(locale), "rattan-1")
        }
        status if status.is_server_error() => {
            (t::errors::broken_title(locale), t::errors::broken(locale), "pottery-2")
        }
        _ => (t::errors::invalid_title(locale), t::errors::invalid(locale), "silk-1"),
    };
    let (tours, villages, find) =
        (visit.link("/tours"), visit.link("/villages"), visit.link("/find"));
    let gone = status == StatusCode::GONE;
    let mut answer = Page::new(Head::private(title)).status(status).render(visit, move || {
        let find = gone.then(|| view! { <a class="btn" href=find>{t::errors::find(locale)}</a> });
        view! {
            <div class="wrap error-page">
                <div class="error-art">{Picture::illustration(art).view(false)}</div>
                <p class="error-code">{status.as_u16().to_string()}</p>
                <h1>{title}</h1>
                <p class="lead">{words}</p>
                <div class="actions">
                    <a class="btn btn-primary" href=tours>{t::errors::tours(locale)}</a>
                    {find} <a class="btn" href=villages>{t::errors::villages(locale)}</a>
                </div>
            </div>
        }
    });
    // What the error said besides its status: Retry-After, Allow, a cookie.
    for (name, value) in response.headers() {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            answer.headers_mut().append(name, value.clone());
        }
    }
    answer
}
