//! The table of all pages and forms.

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::context::App;
use crate::pages::{host, mailbox, visitor};
use crate::session;

pub fn router(app: App) -> Router {
    Router::new()
        .route("/{locale}", get(visitor::home::page))
        .merge(accounts())
        .merge(letters())
        .layer(from_fn_with_state(app.clone(), session::recognise))
        .with_state(app)
}

/// Signing in and one's own account.
fn accounts() -> Router<App> {
    use host::{account, choose, sign_in};
    Router::new()
        .route("/{locale}/sign-in", get(sign_in::page).post(sign_in::with_password))
        .route("/{locale}/sign-in/link", post(sign_in::send_link))
        .route("/{locale}/sign-in/{token}", get(sign_in::link_page).post(sign_in::with_link))
        .route("/{locale}/sign-out", post(sign_in::sign_out))
        .route("/{locale}/account", get(account::page).post(account::save))
        .route("/{locale}/account/password", post(account::password))
        .route("/{locale}/account/session", post(account::end_one))
        .route("/{locale}/account/sign-out-everywhere", post(account::everywhere))
        .route("/{locale}/host", get(choose::page))
}

/// The folder of letters that were written instead of sent.
fn letters() -> Router<App> {
    Router::new()
        .route("/mailbox", get(mailbox::list))
        .route("/mailbox/{id}", get(mailbox::open))
        .route("/mailbox/{id}/html", get(mailbox::html))
        .route("/mailbox/{id}/eml", get(mailbox::eml))
        .route("/mailbox/{id}/{at}", get(mailbox::attachment))
}
