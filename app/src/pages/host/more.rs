//! Everything of a workshop that is not its calendar and its tours.

use axum::extract::{Path, State};
use axum::response::Response;
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t;
use crate::ui::icon::icon;
use crate::ui::layout::Head;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let shop = desk.workshop()?.clone();
    let locale = visit.locale;
    let of = |sub: &str| at(&visit, &shop, sub);
    // (for owners only, address, icon, title, what it is for)
    let lines = [
        (true, of("/schedule"), "clock", t::schedule::title(locale), t::schedule::about(locale)),
        (true, of("/coop"), "share", t::coop::title(locale), t::coop::about(locale)),
        (false, of("/courses"), "leaf", t::course::host_title(locale), t::course::about(locale)),
        (
            false,
            of("/lots"),
            "qr",
            t::provenance::host_title(locale),
            t::provenance::host_about(locale),
        ),
        (false, of("/resources"), "grid", t::resource::title(locale), t::resource::about(locale)),
        (false, of("/pieces"), "pot", t::piece::host_title(locale), t::piece::about(locale)),
        (
            false,
            of("/commissions"),
            "hand",
            t::commission::host_title(locale),
            t::commission::host_about(locale),
        ),
        (false, of("/shop"), "pot", t::shop::host_title(locale), t::shop::host_about(locale)),
        (
            false,
            of("/orders"),
            "list",
            t::shop::host_orders(locale),
            t::shop::host_orders_about(locale),
        ),
        (false, of("/bad-day"), "umbrella", t::bad_day::title(locale), t::bad_day::about(locale)),
        (false, of("/guides"), "user", t::guide::title(locale), t::guide::about(locale)),
        (true, of("/events"), "sun", t::event::host_title(locale), t::event::host_about(locale)),
        (true, of("/story"), "edit", t::story::host_title(locale), t::story::host_about(locale)),
        (
            true,
            of("/artisans"),
            "people",
            t::story::artisans(locale),
            t::story::artisans_about(locale),
        ),
        (false, of("/passes"), "ticket", t::pass::host_title(locale), t::pass::host_about(locale)),
        (true, of("/money"), "money", t::money::title(locale), t::money::about(locale)),
        (
            true,
            of("/credentials"),
            "star",
            t::credential::title(locale),
            t::credential::about(locale),
        ),
        (true, of("/resellers"), "share", t::reseller::title(locale), t::reseller::about(locale)),
        (
            false,
            of("/reviews"),
            "star",
            t::review::host_title(locale),
            t::review::host_about(locale),
        ),
        (
            true,
            of("/figures"),
            "list",
            t::report::figures(locale),
            t::report::figures_about(locale),
        ),
        (true, of("/green"), "leaf", t::green::title(locale), t::green::about(locale)),
        (
            true,
            of("/partners"),
            "people",
            t::partner::host_title(locale),
            t::partner::host_about(locale),
        ),
        (true, of("/trade"), "share", t::trade::host_title(locale), t::trade::host_about(locale)),
        (true, of("/people"), "people", t::people::title(locale), t::people::about(locale)),
        (false, of("/feed"), "calendar", t::feed::title(locale), t::feed::about(locale)),
        (true, of("/calendars"), "clock", t::calendars::title(locale), t::calendars::about(locale)),
        (true, of("/webhooks"), "share", t::webhook::title(locale), t::webhook::about(locale)),
        (true, of("/views"), "eye", t::privacy::log_title(locale), t::privacy::log_about(locale)),
        (false, of("/embed"), "external", t::embed::title(locale), t::embed::about(locale)),
        (
            true,
            of("/settings"),
            "settings",
            t::edit::settings(locale),
            t::edit::settings_text(locale),
        ),
        (
            true,
            of("/photos"),
            "camera",
            t::edit::workshop_photos(locale),
            t::edit::workshop_photos_text(locale),
        ),
        (
            false,
            visit.link(&format!("/workshops/{}", shop.slug)),
            "eye",
            t::edit::public_page(locale),
            t::edit::public_page_text(locale),
        ),
        (
            false,
            visit.link("/account"),
            "user",
            t::edit::account(locale),
            t::edit::account_text(locale),
        ),
    ];
    let owner = desk.owner;
    let title = t::edit::more(locale);
    let inner = visit.clone();
    Ok(Page::new(Head::host(title)).render(&visit, move || {
        let items = lines
            .into_iter()
            .filter(|(only_owner, ..)| owner || !only_owner)
            .map(|(_, href, sign, title, text)| {
                view! {
                    <li class="entry more-line">
                        {icon(sign)}
                        <div>
                            <h2 class="entry-title"><a class="card-link" href=href>{title}</a></h2>
                            <p class="entry-text">{text}</p>
                        </div>
                    </li>
                }
            })
            .collect_view();
        let body = view! {
            <h1>{title}</h1>
            <ul class="entry-list">{items}</ul>
            <form method="post" action=inner.link("/sign-out")>
                <button class="btn">{icon("logout")}{t::account::sign_out(locale)}</button>
            </form>
        };
        frame(&inner, Some(&shop), Tab::More, body)
    }))
}
