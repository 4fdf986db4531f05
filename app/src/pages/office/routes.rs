//! Addresses of the office.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use super::{audit, events, outbox, overview, passes, privacy, reviews, stories, trade, villages};
use crate::context::App;
use crate::pages::host::photos::MAX_UPLOAD;
use crate::pages::host::story::{self, editor, pictures};
use crate::pages::report;

pub fn office() -> Router<App> {
    Router::new()
        .route("/{locale}/office", get(overview::page))
        .route("/{locale}/office/outbox", get(outbox::page).post(outbox::send_again))
        .route("/{locale}/office/events", get(events::page))
        .route("/{locale}/office/events/new", get(events::new).post(events::create))
        .route("/{locale}/office/events/{event}", get(events::edit).post(events::change))
        .route("/{locale}/office/report", get(report::of_city))
        .route("/{locale}/office/report/{file}", get(report::file_of_city))
        .route("/{locale}/village/{village}/report", get(report::of_village))
        .route("/{locale}/village/{village}/report/{file}", get(report::file_of_village))
        .route("/{locale}/office/trade", get(trade::page))
        .route("/{locale}/office/trade/new", get(trade::new).post(trade::create))
        .route("/{locale}/office/trade/{trade}", get(trade::one).post(trade::act))
        .route("/{locale}/office/villages", get(villages::page).post(villages::act))
        .route("/{locale}/office/audit", get(audit::page))
        .route("/{locale}/office/reviews", get(reviews::page).post(reviews::decide))
        .route("/{locale}/office/privacy", get(privacy::page))
        .route("/{locale}/office/passes", get(passes::page).post(passes::act))
        .route("/{locale}/office/passes/new", get(passes::new).post(passes::create))
        .route("/{locale}/office/passes/{pass}", get(passes::one).post(passes::change))
        .merge(stories())
}

/// Stories of villages.
fn stories() -> Router<App> {
    let uploads = Router::new()
        .route(
            "/{locale}/office/stories/{village}/{chapter}/pictures",
            get(pictures::page).post(pictures::add),
        )
        .layer(DefaultBodyLimit::max(MAX_UPLOAD));
    Router::new()
        .route("/{locale}/office/stories", get(stories::page))
        .route("/{locale}/office/stories/{village}", get(story::page).post(story::act))
        .route("/{locale}/office/stories/{village}/new", get(editor::new).post(editor::create))
        .route(
            "/{locale}/office/stories/{village}/{chapter}",
            get(editor::page).post(editor::change),
        )
        .route(
            "/{locale}/office/stories/{village}/{chapter}/pictures/{picture}",
            post(pictures::change),
        )
        .merge(uploads)
}
