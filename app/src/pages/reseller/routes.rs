//! Addresses of a travel company's pages.

use axum::Router;
use axum::routing::get;

use super::{book, booking, docs, home, statement};
use crate::context::App;

pub fn resellers() -> Router<App> {
    let of = |sub: &str| format!("/{{locale}}/reseller/{{contract}}{sub}");
    Router::new()
        .route("/{locale}/octo", get(docs::page))
        .route("/{locale}/reseller", get(home::choose))
        .route(&of(""), get(home::page))
        .route(&of("/book"), get(book::departures))
        .route(&of("/book/{slot}"), get(book::page).post(book::book))
        .route(&of("/bookings/{uuid}"), get(booking::page).post(booking::cancel))
        .route(&of("/bookings/{uuid}/voucher"), get(booking::voucher))
        .route(&of("/statement"), get(statement::page))
        .route(&of("/statement.csv"), get(statement::spreadsheet))
}
