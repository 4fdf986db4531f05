//! Addresses of a workshop's money.

use axum::Router;
use axum::routing::{get, post};

use super::{
    accounts, adjust, booking, codes, entry, fund, gift_cards, import, invoices, overview, pay,
    refunds, rule, rules, statement, transfers,
};
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
        .route(&of("/accounts"), get(accounts::page).post(accounts::act))
        .route(&of("/codes"), get(codes::page).post(codes::act))
        .route(&of("/transfers"), get(transfers::page).post(transfers::act))
        .route(&of("/transfers/import"), post(import::import))
        .route(&of("/refunds"), get(refunds::page).post(refunds::made))
        .route(&of("/refunds.csv"), get(refunds::spreadsheet))
        .route(&of("/gift-cards"), get(gift_cards::list::page))
        .route(&of("/gift-cards/give"), get(gift_cards::give::page).post(gift_cards::give::give))
        .route(&of("/gift-cards/terms"), get(gift_cards::terms::page).post(gift_cards::terms::save))
        .route(&of("/gift-cards/{card}"), get(gift_cards::one::page).post(gift_cards::one::act))
        .route(&of("/invoices.csv"), get(invoices::spreadsheet))
        .route(&of("/bookings/{code}"), get(booking::page).post(booking::paid))
        .route(&of("/entries/{entry}"), get(entry::page).post(entry::reverse))
}
