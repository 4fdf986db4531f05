//! Commissions that are paid into a co-op's account: what it holds for customers of which member. For
//! whoever manages it; names and words are the workshop's own business.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::Dong;
use engine::commission::{Listed, of_coop};
use leptos::prelude::*;

use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame};
use crate::render::Page;
use crate::t::commission as t;
use crate::ui::commission as ui;
use crate::ui::layout::{Head, breadcrumb};

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let mut conn = app.store.read().await?;
    let coop = engine::coop::of_workshop(&mut conn, desk.id()).await?;
    let coop = coop.ok_or(PageError::NotFound)?;
    let all = of_coop(&mut conn, &visit.actor, coop.id).await.map_err(ui::refused)?;
    drop(conn);
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::coop_title(locale))).render(&visit, move || {
        let visit = &inner;
        let held: Dong = all.iter().map(|one| one.money.held).sum();
        let rows: Vec<_> = all.iter().map(|one| row(locale, &desk, one)).collect();
        let table = if rows.is_empty() {
            view! { <p class="empty">{t::coop_none(locale)}</p> }.into_any()
        } else {
            view! {
                <p>{t::coop_held(locale, held.display(locale))}</p>
                <table class="table table-cards">
                    <caption class="visually-hidden">{t::coop_title(locale)}</caption>
                    <thead><tr>
                        <th scope="col">{t::code(locale)}</th>
                        <th scope="col">{t::workshop(locale)}</th>
                        <th scope="col">{t::state(locale)}</th>
                        <th scope="col" class="num">{t::price(locale)}</th>
                        <th scope="col" class="num">{t::paid(locale)}</th>
                        <th scope="col" class="num">{t::due_back(locale)}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            }
            .into_any()
        };
        let back = vec![(at(visit, &shop, "/coop"), coop.name.clone())];
        let body = view! {
            {breadcrumb(locale, back)}
            <header class="host-head"><h1>{t::coop_title(locale)}</h1></header>
            <p class="soft">{t::coop_lead(locale)}</p>
            {table}
        };
        frame(visit, Some(&shop), Tab::Coop, body)
    }))
}

fn row(locale: engine::Locale, desk: &Desk, one: &Listed) -> impl IntoView + use<> {
    let made = &one.commission;
    let house = desk.catalogue.workshop(made.workshop_id);
    let house = house.map_or_else(String::new, |shop| shop.name.clone());
    let price = one.offer.as_ref().map(|offer| offer.price.display(locale));
    view! {
        <tr>
            <th scope="row" class="code">{made.code.to_string()}</th>
            <td data-label=t::workshop(locale)>{house}</td>
            <td data-label=t::state(locale)>{ui::badge(locale, made.kind())}</td>
            <td class="num" data-label=t::price(locale)>{price}</td>
            <td class="num" data-label=t::paid(locale)>{one.money.held.display(locale)}</td>
            <td class="num" data-label=t::due_back(locale)>{one.money.due.display(locale)}</td>
        </tr>
    }
}
