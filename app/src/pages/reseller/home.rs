//! What a company sold, and the way to its contracts.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::clock::local_date;
use engine::reseller::{Ask, contracts_of, list, owed};
use leptos::prelude::*;

use super::desk::Desk;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Tab, frame, see, signed_in};
use crate::pages::host::resellers::terms_line;
use crate::pages::host::words;
use crate::render::Page;
use crate::t::reseller as t;
use crate::ui::format;
use crate::ui::layout::Head;

pub async fn choose(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    signed_in(&visit)?;
    let all = contracts_of(&mut app.store.read().await?, &visit.actor).await?;
    if let [(only, _)] = all.as_slice() {
        return Ok(see(&visit.link(&format!("/reseller/{}", only.contract))));
    }
    let catalogue = app.catalogue().await?;
    let locale = visit.locale;
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::portal(locale))).render(&visit, move || {
        let none = all.is_empty().then(|| view! { <p class="empty">{t::no_contract(locale)}</p> });
        let items = all
            .iter()
            .map(|(seller, agreement)| {
                let shop = catalogue.workshop(seller.workshop);
                let shop = shop.map_or_else(String::new, |shop| shop.name.clone());
                let href = inner.link(&format!("/reseller/{}", seller.contract));
                view! {
                    <li class="entry"><div>
                        <h2 class="entry-title"><a href=href>{shop}</a></h2>
                        <p class="entry-text">{seller.name.clone()} " · " {terms_line(locale, agreement)}</p>
                    </div></li>
                }
            })
            .collect_view();
        let body = view! { <h1>{t::portal(locale)}</h1> {none} <ul class="entry-list">{items}</ul> };
        frame(&inner, None, Tab::Account, body)
    }))
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, contract)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &contract).await?;
    let today = local_date(app.store.now());
    let ask = Ask { days: Some((today, today + chrono::Days::new(400))), ..Ask::default() };
    let mut conn = app.store.read().await?;
    let sold = list(&mut conn, &desk.seller, &ask).await?;
    let owed = owed(&mut conn, desk.seller.contract).await?;
    drop(conn);
    let locale = visit.locale;
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::portal_bookings(locale))).render(&visit, move || {
        let items = sold
            .iter()
            .filter(|one| !one.booking.test && one.booking.state.kind().holds_seats())
            .map(|one| {
                let booking = &one.booking;
                let tour = desk.catalogue.tour(booking.tour_id);
                let tour = tour.map_or("", |tour| tour.title.text(locale)).to_owned();
                let href = desk.at(&inner, &format!("/bookings/{}", one.resale.uuid));
                let state = words::state(locale, &booking.state, booking.people);
                view! {
                    <li class="entry"><div>
                        <h2 class="entry-title"><a class="card-link" href=href>{booking.name.clone()}</a></h2>
                        <p class="entry-text">
                            {format::date_time(locale, one.slot.starts_at)} " · " {tour} " · "
                            {booking.party.words(locale)} " · " {booking.total.display(locale)} " · " {state}
                        </p>
                    </div></li>
                }
            })
            .collect::<Vec<_>>();
        let none = items.is_empty().then(|| view! { <p class="empty">{t::nothing_sold(locale)}</p> });
        let body = view! {
            <h1>{t::portal_bookings(locale)}</h1>
            <p>{terms_line(locale, &desk.agreement)} " · " {t::you_owe(locale, owed.display(locale))}</p>
            <ul class="entry-list">{items}</ul>
            {none}
        };
        desk.frame(&inner, body)
    }))
}
