//! Addresses of the office.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use super::{audit, events, outbox, overview, passes, villages};
use crate::context::App;
use crate::pages::host::photos::MAX_UPLOAD;
use crate::pages::host::story::{self, editor, pictures};

pub fn office() -> Router<App> {
    Router::new()
        .route("/{locale}/office", get(overview::page))
        .route("/{locale}/office/outbox", get(outbox::page).post(outbox::send_again))
        .route("/{locale}/office/events", get(events::page))
        .route("/{locale}/office/events/new", get(events::new).post(events::create))
        .route("/{locale}/office/events/{event}", get(events::edit).post(events::change))
        .route("/{locale}/office/audit", get(audit::page))
        .route("/{locale}/office/passes", get(passes::page).post(passes::act))
        .route("/{locale}/office/passes/new", get(passes::new).post(passes::create))
        .route("/{locale}/office/passes/{pass}", get(passes::one).post(passes::change))
        .merge(stories())
}

/// Stories of villages.
fn stories() -> Router<App> {
    let uploads = Router::new()
        .route(
            "/{locale}/office/villages/{village}/{chapter}/pictures",
            get(pictures::page).post(pictures::add),
        )
        .layer(DefaultBodyLimit::max(MAX_UPLOAD));
    Router::new()
        .route("/{locale}/office/villages", get(villages::page))
        .route("/{locale}/office/villages/{village}", get(story::page).post(story::act))
        .route("/{locale}/office/villages/{village}/new", get(editor::new).post(editor::create))
        .route(
            "/{locale}/office/villages/{village}/{chapter}",
            get(editor::page).post(editor::change),
        )
        .route(
            "/{locale}/office/villages/{village}/{chapter}/pictures/{picture}",
            post(pictures::change),
        )
        .merge(uploads)
}
