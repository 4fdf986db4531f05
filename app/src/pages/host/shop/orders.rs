//! Orders by state: what is to be packed first.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::Dong;
use engine::coop;
use engine::privacy::What;
use engine::shop::{self, Order, OrderState, OrderWay};
use leptos::prelude::*;

use super::{Section, subnav};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame};
use crate::pages::host::views;
use crate::render::Page;
use crate::t::shop as t;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::shop as ui;

/// The parts of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Something is to be done.
    Todo,
    Awaiting,
    /// Money is to be paid back.
    Back,
    Over,
}

const PARTS: [(Part, &str); 4] = [
    (Part::Todo, "todo"),
    (Part::Awaiting, "awaiting"),
    (Part::Back, "back"),
    (Part::Over, "over"),
];

/// A workshop's orders; of the co-op whose shelf its people manage also those that others hand over.
pub(super) async fn all(app: &App, visit: &Visit, desk: &Desk) -> Result<Vec<Order>, PageError> {
    let mut conn = app.store.read().await?;
    let mut orders =
        shop::orders_of(&mut conn, &visit.actor, desk.id()).await.map_err(ui::refused)?;
    if let Some(coop) = coop::of_workshop(&mut conn, desk.id()).await? {
        match shop::orders_of_coop(&mut conn, &visit.actor, coop.id).await {
            Ok(more) => orders.extend(more),
            Err(shop::ShopError::Store(error)) => return Err(error.into()),
            // Members see what they hand over themselves.
            Err(_) => {}
        }
    }
    orders.sort_by_key(|order| (std::cmp::Reverse(order.created_at), order.id));
    orders.dedup_by_key(|order| order.id);
    Ok(orders)
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let shop = desk.workshop()?.clone();
    let locale = visit.locale;
    let orders = all(&app, &visit, &desk).await?;
    views::note(&app, &visit, shop.id, What::Export, "orders").await?;
    let mut conn = app.store.read().await?;
    let back = shop::to_pay_back(&mut conn, &orders).await?;
    drop(conn);
    let asked = Form::of_query(&visit.query).text("part").to_owned();
    let here = PARTS.iter().find(|(_, word)| *word == asked).map_or(Part::Todo, |(part, _)| *part);
    let fits = move |order: &Order, due: Dong, part: Part| match part {
        Part::Todo => matches!(
            order.state,
            OrderState::Open | OrderState::Packed | OrderState::Posted | OrderState::Withdrawn
        ),
        Part::Awaiting => order.state == OrderState::Awaiting,
        Part::Back => due > Dong::ZERO,
        Part::Over => order.state.is_over(),
    };
    let due_of = move |order: &Order| {
        back.iter().find(|(id, _)| *id == order.id).map_or(Dong::ZERO, |(_, due)| *due)
    };
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::host_orders(locale))).render(&visit, move || {
        let visit = &inner;
        let page = at(visit, &shop, "/orders");
        let tabs: Vec<_> = PARTS
            .iter()
            .map(|(part, word)| {
                let count = orders.iter().filter(|it| fits(it, due_of(it), *part)).count();
                let words = match part {
                    Part::Todo => t::part_todo(locale),
                    Part::Awaiting => t::part_awaiting(locale),
                    Part::Back => t::part_back(locale),
                    Part::Over => t::part_over(locale),
                };
                let current = (*part == here).then_some("page");
                let href = format!("{page}?part={word}");
                view! { <li><a href=href aria-current=current>{format!("{words} ({count})")}</a></li> }
            })
            .collect();
        let items: Vec<_> = orders
            .iter()
            .filter(|order| fits(order, due_of(order), here))
            .map(|order| {
                let href = format!("{page}/{}", order.code);
                let way = match order.way {
                    OrderWay::Collect => t::collects(locale),
                    OrderWay::Post => t::by_post(locale),
                };
                let due = due_of(order);
                let due = (due > Dong::ZERO).then(|| {
                    view! { <p class="small">{t::to_pay_back(locale, due.display(locale))}</p> }
                });
                view! {
                    <li class="entry">
                        <h2 class="entry-title">
                            <a class="card-link" href=href><span class="code">{order.code.to_string()}</span> " · " {order.name.clone()}</a>
                        </h2>
                        <p class="entry-text">{order.total().display(locale)} " · " {way} " · " {format::date_time(locale, order.created_at)}</p>
                        <p>{ui::badge(locale, order)}</p>
                        {due}
                    </li>
                }
            })
            .collect();
        let none = items.is_empty().then(|| view! { <p class="empty">{t::no_orders(locale)}</p> });
        let packing = format!("{page}/packing");
        let body = view! {
            <header class="host-head"><h1>{t::host_orders(locale)}</h1></header>
            {subnav(visit, &desk, Section::Orders)}
            <nav class="subnav" aria-label=t::order_parts(locale)><ul>{tabs}</ul></nav>
            <p><a class="btn" href=packing>{icon("print")}{t::packing(locale)}</a></p>
            {none}
            <ul class="entry-list">{items}</ul>
        };
        frame(visit, Some(&shop), Tab::More, body)
    }))
}
