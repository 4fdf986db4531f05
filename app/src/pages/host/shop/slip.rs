//! On paper: a slip for the parcel, and the list of what is to be packed.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::privacy::What;
use engine::shop::{self, Line, Order, OrderState, OrderWay};
use leptos::prelude::*;

use super::one::Shown;
use super::orders::all;
use super::{Section, subnav};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame};
use crate::pages::host::views;
use crate::render::Page;
use crate::t::shop as t;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::parcel as ui_parcel;
use crate::ui::shop as ui;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, code)): Path<(String, String, String)>,
) -> Result<Response, PageError> {
    let shown = Shown::open(&app, &visit, &slug, &code).await?;
    views::note(&app, &visit, shown.desk.id(), What::Order, code).await?;
    let house = shown.desk.workshop()?.clone();
    let locale = visit.locale;
    // The slip is the buyer's, in the buyer's language.
    let theirs = shown.order.locale;
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::slip(locale))).render(&visit, move || {
        let visit = &inner;
        let order = &shown.order;
        let back = at(visit, &house, &format!("/orders/{}", order.code));
        let to = shown
            .parcel
            .as_ref()
            .and_then(ui_parcel::written)
            .map_or_else(|| view! { <p>{order.name.clone()}</p> }.into_any(), IntoAny::into_any);
        let address = house.address.text(theirs).to_owned();
        let body = view! {
            {breadcrumb(locale, vec![(back, t::order_of(locale, &order.code))])}
            <h1 class="no-print">{t::slip(locale)}</h1>
            <p class="no-print">{icon("print")} " " {t::slip_hint(locale)}</p>
            <article class="panel shop-slip stack" lang=theirs.code()>
                <header>
                    <p><strong>{house.name.clone()}</strong></p>
                    <p class="small">{address} " · " {format::phone(&house.phone)}</p>
                </header>
                <h2>{t::order_of(theirs, &order.code)}</h2>
                {to}
                {ui::lines(theirs, order, &shown.lines)}
                <p class="small">{t::slip_words(theirs)}</p>
            </article>
        };
        frame(visit, Some(&house), Tab::More, body)
    }))
}

/// All that is to be packed or laid out, with where each piece stands.
pub async fn packing(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let house = desk.workshop()?.clone();
    let locale = visit.locale;
    views::note(&app, &visit, house.id, What::Export, "packing").await?;
    let mut orders = all(&app, &visit, &desk).await?;
    orders.retain(|order| order.state == OrderState::Open);
    let mut conn = app.store.read().await?;
    let mut list: Vec<(Order, Vec<Line>)> = Vec::new();
    for order in orders {
        let lines = shop::lines(&mut conn, order.id).await?;
        list.push((order, lines));
    }
    drop(conn);
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::packing(locale))).render(&visit, move || {
        let visit = &inner;
        let name = |id| desk.catalogue.workshop(id).map(|it| it.name.clone()).unwrap_or_default();
        let items: Vec<_> = list
            .iter()
            .map(|(order, lines)| {
                let rows: Vec<_> = lines
                    .iter()
                    .map(|line| {
                        let what = t::n_of(locale, line.quantity, line.title.text(locale));
                        let place = order.coop_id.map(|_| {
                            t::whose_where(locale, name(line.workshop_id), name(line.place_id))
                        });
                        view! { <li>"☐ " {what} {place.map(|place| view! { <br/><span class="small soft">{place}</span> })}</li> }
                    })
                    .collect();
                let way = match order.way {
                    OrderWay::Collect => t::collects(locale),
                    OrderWay::Post => t::by_post(locale),
                };
                let href = at(visit, &house, &format!("/orders/{}", order.code));
                view! {
                    <li class="entry stack-s">
                        <h2 class="entry-title"><a href=href>{order.code.to_string()}</a> " · " {order.name.clone()}</h2>
                        <p class="small">{way}</p>
                        <ul class="shop-packing">{rows}</ul>
                    </li>
                }
            })
            .collect();
        let none = items.is_empty().then(|| view! { <p class="empty">{t::no_orders(locale)}</p> });
        let body = view! {
            <header class="host-head"><h1>{t::packing(locale)}</h1></header>
            {subnav(visit, &desk, Section::Orders)}
            {none}
            <ul class="entry-list">{items}</ul>
        };
        frame(visit, Some(&house), Tab::More, body)
    }))
}
