//! The table of all pages and forms.

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;

use crate::context::App;
use crate::pages::visitor;
use crate::session;

pub fn router(app: App) -> Router {
    Router::new()
        .route("/{locale}", get(visitor::home::page))
        .layer(from_fn_with_state(app.clone(), session::recognise))
        .with_state(app)
}
