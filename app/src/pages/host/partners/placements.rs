//! The workshop's places for students.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::catalogue::Workshop;
use engine::clock::local_date;
use engine::partner::{Offered, placements_of};
use leptos::prelude::*;

use super::{At, Section, refused, saved, subnav};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame};
use crate::render::Page;
use crate::t::partner as t;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::partner as ui;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let shop = desk.workshop()?.clone();
    let today = local_date(app.store.now());
    let mut conn = app.store.read().await?;
    let all = placements_of(&mut conn, &visit.actor, shop.id).await.map_err(refused)?;
    drop(conn);
    let locale = visit.locale;
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::placements_short(locale))).render(&visit, move || {
        let visit = &inner;
        let items: Vec<_> =
            all.iter().map(|offered| entry(visit, &shop, offered, offered.takes(today))).collect();
        let none = items
            .is_empty()
            .then(|| view! { <p class="empty">{t::placements_own_none(locale)}</p> });
        let body = view! {
            <h1>{t::placements_short(locale)}</h1>
            {subnav(visit, &shop, Section::Placements)}
            {saved(visit)}
            <p class="soft">{t::placements_host_lead(locale)}</p>
            {none}
            <ul class="entry-list">{items}</ul>
            <div class="actions">
                <a class="btn btn-primary" href=at(visit, &shop, "/placements/new")>
                    {icon("plus")}{t::placement_add(locale)}
                </a>
            </div>
        };
        frame(visit, Some(&shop), Tab::More, body)
    }))
}

fn entry(visit: &Visit, shop: &Workshop, offered: &Offered, open: bool) -> impl IntoView + use<> {
    let locale = visit.locale;
    let it = &offered.placement;
    let href = at(visit, shop, &format!("/placements/{}", it.id));
    let (tone, words) =
        if open { ("celadon", t::is_open(locale)) } else { ("silk", t::is_closed(locale)) };
    let counts = t::counts(locale, offered.accepted, it.places, offered.waiting);
    view! {
        <li class="entry"><div>
            <h2 class="entry-title">
                <a class="card-link" href=href>{it.title.text(locale).to_owned()}</a> " "
                <span class="badge" data-tone=tone>{words}</span>
            </h2>
            <p class="entry-text">{ui::days(locale, (it.first_date, it.last_date))}</p>
            <p class="entry-text">{counts}</p>
        </div></li>
    }
}
