//! What a company owes for a month's visits, as the company reads it.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::clock::local_date;
use engine::reseller::statement;
use leptos::prelude::*;

use super::desk::Desk;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::resellers::sold::{month, sheet, table};
use crate::render::Page;
use crate::t::reseller as t;
use crate::ui::format;
use crate::ui::layout::Head;

type At = Path<(String, String)>;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, contract)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &contract).await?;
    let locale = visit.locale;
    let month = month(&visit, local_date(app.store.now()));
    let shown = statement(&mut app.store.read().await?, desk.seller.contract, month).await?;
    let title =
        t::statement_of(locale, format::month(locale, shown.month.first()), &desk.shop.name);
    let lines = sheet(locale, &desk.catalogue, &shown, &desk.at(&visit, "/statement")).into_any();
    let inner = visit.clone();
    Ok(Page::new(Head::host(title.clone())).render(&visit, move || {
        let body = view! { <h1>{title}</h1> {lines} };
        desk.frame(&inner, body)
    }))
}

pub async fn spreadsheet(
    State(app): State<App>,
    visit: Visit,
    Path((_, contract)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &contract).await?;
    let month = month(&visit, local_date(app.store.now()));
    let shown = statement(&mut app.store.read().await?, desk.seller.contract, month).await?;
    Ok(table(visit.locale, &desk.catalogue, &shown))
}
