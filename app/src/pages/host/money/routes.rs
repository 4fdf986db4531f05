//! Addresses of a workshop's money.

use axum::Router;
use axum::routing::get;

use super::{adjust, entry, fund, overview, pay, rule, rules, statement};
use crate::context::App;

pub fn money() -> Router<App> {
    let of = |sub: &str| format!("/{{locale}}/host/{{workshop}}/money{sub}");
    Router::new()
        .route(&of(""), get(overview::page))
        .route(&of("/statement"), get(statement::page))
        .route(&of("/statement.csv"), get(statement::spreadsheet))
        .route(&of("/rules"), get(rules::page))
        .route(&of("/rules/{tour}"), get(rule::of_tour).post(rule::save_of_tour))
        .route(&of("/fund"), get(fund::page))
        .route(&of("/fund/rule"), get(rule::of_coop).post(rule::save_of_coop))
        .route(&of("/adjust"), get(adjust::page).post(adjust::save))
        .route(&of("/pay"), get(pay::page).post(pay::save))
        .route(&of("/entries/{entry}"), get(entry::page).post(entry::reverse))
}
