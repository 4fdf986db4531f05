//! Addresses of pieces, loads of kilns and parcels.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

use super::{labels, one, register, settings};
use crate::context::App;
use crate::pages::host::tours::making;
use crate::pages::host::{firings, parcels, photos, pieces};

pub fn pieces() -> Router<App> {
    let of = |sub: &str| format!("/{{locale}}/host/{{workshop}}{sub}");
    let uploads = Router::new()
        .route(&of("/bookings/{code}/pieces"), get(register::page).post(register::save))
        .route(&of("/pieces/{piece}"), get(one::page).post(one::act))
        .route(&of("/firings/{firing}"), get(firings::one::page).post(firings::one::act))
        .layer(DefaultBodyLimit::max(photos::MAX_UPLOAD));
    Router::new()
        .route(&of("/pieces"), get(pieces::page).post(pieces::act))
        .route(&of("/pieces/settings"), get(settings::page).post(settings::save))
        .route(&of("/bookings/{code}/pieces/labels"), get(labels::page))
        .route(&of("/firings"), get(firings::page).post(firings::plan))
        .route(&of("/parcels"), get(parcels::page))
        .route(&of("/parcels/{parcel}"), get(parcels::one::page).post(parcels::one::act))
        .route(&of("/tours/{tour}/making"), get(making::page).post(making::save))
        .merge(uploads)
}
