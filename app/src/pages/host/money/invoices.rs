//! What the month's invoices need, as a table for the program that writes them.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::payment::invoices;
use engine::privacy::What;

use super::Books;
use super::csv::{self, Cell};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::views;
use crate::t::payment as t;
use crate::ui::money::refused;

pub async fn spreadsheet(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let books = Books::open(&app, &visit, &slug).await?;
    let locale = visit.locale;
    let month = (books.month.first(), books.month.last());
    let mut conn = app.store.read().await?;
    let catalogue = &books.desk.catalogue;
    let all = invoices(&mut conn, &visit.actor, catalogue, books.shop.id, month).await;
    let all = all.map_err(refused)?;
    drop(conn);
    let file = format!("invoices.csv {}", books.month);
    views::note(&app, &visit, books.shop.id, What::Export, file).await?;
    let heads = [
        t::csv_code(locale),
        t::csv_date(locale),
        t::csv_company(locale),
        t::csv_tax_code(locale),
        t::csv_address(locale),
        t::csv_guest(locale),
        t::csv_email(locale),
        t::csv_tour(locale),
        t::csv_people(locale),
        t::csv_before(locale),
        t::csv_rate(locale),
        t::csv_vat(locale),
        t::csv_total(locale),
    ];
    let mut rows = vec![heads.map(|words| Cell::Text(words.to_owned())).to_vec()];
    for one in all {
        let before = one.total - one.vat;
        rows.push(vec![
            Cell::Text(one.code),
            Cell::Date(one.on_date),
            Cell::Text(one.wish.company),
            Cell::Text(one.wish.tax_code),
            Cell::Text(one.wish.address),
            Cell::Text(one.guest),
            Cell::Text(one.email),
            Cell::Text(one.tour),
            Cell::Number(i64::from(one.people)),
            Cell::Number(before.0),
            Cell::Number(i64::from(one.vat_percent)),
            Cell::Number(one.vat.0),
            Cell::Number(one.total.0),
        ]);
    }
    Ok(csv::file(&format!("{}-invoices-{}", books.shop.slug, books.month), &rows))
}
