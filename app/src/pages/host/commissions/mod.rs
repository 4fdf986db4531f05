//! What a workshop makes to order: the list by state, one page each, what it says of it; and for whoever
//! manages a co-op what is paid into its account.

pub mod act;
pub mod coop;
mod forms;
pub mod one;
pub mod terms;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::Response;
use axum::routing::get;
use engine::commission::{Listed, Waits, of_workshop, terms_of};
use engine::privacy::What;
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame};
use super::views;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::commission::MAX_UPLOAD;
use crate::render::Page;
use crate::t::commission as t;
use crate::ui::commission as ui;
use crate::ui::icon::icon;
use crate::ui::layout::Head;

pub fn commissions() -> Router<App> {
    let of = |sub: &str| format!("/{{locale}}/host/{{workshop}}{sub}");
    let uploads = Router::new()
        .route(&of("/commissions/{commission}"), get(one::page).post(act::act))
        .layer(DefaultBodyLimit::max(MAX_UPLOAD));
    Router::new()
        .route(&of("/commissions"), get(page))
        .route(&of("/commissions/terms"), get(terms::page).post(terms::save))
        .route(&of("/coop/commissions"), get(coop::page))
        .merge(uploads)
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let mut conn = app.store.read().await?;
    let all = of_workshop(&mut conn, &visit.actor, desk.id()).await.map_err(ui::refused)?;
    let terms = terms_of(&mut conn, desk.id()).await?;
    drop(conn);
    for one in &all {
        let id = one.commission.id.to_string();
        views::note(&app, &visit, desk.id(), What::Commission, id).await?;
    }
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::host_title(locale))).render(&visit, move || {
        let visit = &inner;
        let ours = group(&all, |one| !one.is_over() && one.waits() == Waits::Workshop);
        let theirs = group(&all, |one| !one.is_over() && one.waits() == Waits::Customer);
        let going = group(&all, |one| !one.is_over() && one.waits() == Waits::Nobody);
        let over = group(&all, Listed::is_over);
        let page = at(visit, &shop, "/commissions");
        let section = |id: &'static str, words: &'static str, some: &[&Listed]| {
            let items: Vec<_> = some.iter().map(|one| entry(locale, &page, one)).collect();
            (!items.is_empty()).then(|| {
                view! {
                    <section class="stack-s" aria-labelledby=id>
                        <h2 id=id>{words}</h2>
                        <ul class="entry-list">{items}</ul>
                    </section>
                }
            })
        };
        let none = all.is_empty().then(|| view! { <p class="empty">{t::host_none(locale)}</p> });
        let sale = if terms.taking { t::taking_on(locale) } else { t::taking_off(locale) };
        let change = desk.owner.then(|| {
            let href = format!("{page}/terms");
            view! { " " <a href=href>{t::change_terms(locale)}</a> }
        });
        let body = view! {
            <header class="host-head"><h1>{t::host_title(locale)}</h1></header>
            <p class="soft">{sale} {change}</p>
            {none}
            {section("ours", t::group_ours(locale), &ours)}
            {section("theirs", t::group_theirs(locale), &theirs)}
            {section("going", t::group_going(locale), &going)}
            {section("over", t::group_over(locale), &over)}
        };
        frame(visit, Some(&shop), Tab::More, body)
    }))
}

fn entry(locale: engine::Locale, page: &str, one: &Listed) -> impl IntoView + use<> {
    let made = &one.commission;
    let href = format!("{page}/{}", made.id);
    let says = crate::ui::format::commas(
        locale,
        &[made.name.clone(), made.code.to_string(), ui::asked_on(locale, made)],
    );
    let price = one.offer.as_ref().map(|offer| offer.price.display(locale));
    let price = price.map(|price| view! { " " <strong>{price}</strong> });
    let asks = made.asks.then(|| view! { <p class="small">{icon("message")}{t::asks(locale)}</p> });
    view! {
        <li class="entry">
            <h3 class="entry-title"><a class="card-link" href=href>{ui::heading(locale, made)}</a></h3>
            <p class="entry-text">{says}</p>
            <p>{ui::badge(locale, made.kind())} {price}</p>
            <p class="small soft">{ui::waits(locale, one.waits())}</p>
            {asks}
        </li>
    }
}

fn group(all: &[Listed], wanted: fn(&Listed) -> bool) -> Vec<&Listed> {
    all.iter().filter(|one| wanted(one)).collect()
}
