//! OCTO, for the systems of travel companies: `/octo/…`. What the format means is the engine's
//! ([`engine::channel::octo`]); here are addresses, keys and headers.
//!
//! Success is 200 and refusal 400, as the standard has it; the exceptions are 401 and 403 for keys,
//! 404 for addresses that are none, 429 and 500.

mod answer;
mod availability;
mod bookings;
mod caller;
mod docs;
mod notifications;
mod products;

use app::context::App;
use axum::Router;
use axum::routing::{MethodRouter, any, get, post};
use engine::ResellerKeyId;

use crate::middleware::rate::Tokens;

/// What the routes share.
#[derive(Debug, Clone)]
pub struct Octo {
    app: App,
    tokens: Tokens<ResellerKeyId>,
    /// Requests a minute for one key; 0 sets no limit.
    limit: u32,
}

/// Clients write addresses with a slash at the end and without.
fn both(router: Router<Octo>, path: &str, route: MethodRouter<Octo>) -> Router<Octo> {
    router.route(path, route.clone()).route(&format!("{path}/"), route)
}

pub fn router(app: App, limit: u32) -> Router {
    let mut router = Router::new()
        .route("/octo", get(docs::page))
        .route("/octo/docs", get(docs::page))
        .route("/octo/openapi.json", get(docs::openapi))
        .route("/octo/{*rest}", any(caller::nowhere));
    let subscriptions = post(notifications::subscribe).get(notifications::list);
    let subscription =
        get(notifications::one).patch(notifications::change).delete(notifications::unsubscribe);
    for (path, route) in [
        ("/octo/supplier", get(products::supplier)),
        ("/octo/products", get(products::all)),
        ("/octo/products/{id}", get(products::one)),
        ("/octo/availability", post(availability::list)),
        ("/octo/availability/calendar", post(availability::calendar)),
        ("/octo/bookings", post(bookings::reserve).get(bookings::list)),
        ("/octo/bookings/{uuid}", get(bookings::one).patch(bookings::update)),
        ("/octo/bookings/{uuid}/extend", post(bookings::extend)),
        ("/octo/bookings/{uuid}/confirm", post(bookings::confirm)),
        ("/octo/bookings/{uuid}/cancel", post(bookings::cancel)),
        ("/octo/capabilities", get(products::capabilities)),
        // The standard's own text misspells it.
        ("/octo/notifications/subscriptions", subscriptions.clone()),
        ("/octo/notifications/subcriptions", subscriptions),
        ("/octo/notifications/subscriptions/{id}", subscription.clone()),
        ("/octo/notifications/subcriptions/{id}", subscription),
    ] {
        router = both(router, path, route);
    }
    router.with_state(Octo { app, tokens: Tokens::default(), limit })
}
