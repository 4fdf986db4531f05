//! The table of all pages and forms.

use axum::Router;
use axum::routing::get;

use crate::context::App;
use crate::pages::visitor;

pub fn router(app: App) -> Router {
    Router::new().route("/{locale}", get(visitor::home::page)).with_state(app)
}
