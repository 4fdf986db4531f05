//! The day on paper.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::SlotId;
use engine::booking::{Booking, query};
use engine::clock::local_date;
use engine::privacy::What;
use engine::schedule::{Slot, SlotStatus, slots};
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame};
use super::party::{self, Known};
use super::{guest, words};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::views;
use crate::render::Page;
use crate::t::host as t;
use crate::ui::format;
use crate::ui::layout::{Head, breadcrumb};

pub async fn of_day(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let today = local_date(app.store.now());
    let date = words::date(Form::of_query(&visit.query).text("date")).unwrap_or(today);
    let mut conn = app.store.read().await?;
    let mut day = query::of_workshop_day(&mut conn, desk.id(), date).await?;
    day.retain(|(slot, _)| slot.status != SlotStatus::Cancelled);
    let known = Known::load(&mut conn, day.iter().flat_map(|(_, bookings)| bookings)).await?;
    drop(conn);
    views::note(&app, &visit, desk.id(), What::Day, date.to_string()).await?;
    render(&visit, desk, date, day, known)
}

pub async fn of_slot(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, slot)): Path<(String, String, String)>,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let id: SlotId = slot.parse().map_err(|_| PageError::NotFound)?;
    let mut conn = app.store.read().await?;
    let slot = slots::find(&mut conn, id).await?.filter(|slot| slot.workshop_id == desk.id());
    let slot = slot.ok_or(PageError::NotFound)?;
    let bookings = query::of_slot(&mut conn, id).await?;
    let known = Known::load(&mut conn, bookings.iter()).await?;
    drop(conn);
    views::note(&app, &visit, desk.id(), What::Departure, id.to_string()).await?;
    render(&visit, desk, slot.local_date, vec![(slot, bookings)], known)
}

fn render(
    visit: &Visit,
    desk: Desk,
    date: chrono::NaiveDate,
    day: Vec<(Slot, Vec<Booking>)>,
    known: Known,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let title = format!("{} · {}", shop.name, format::date(locale, date));
    let inner = visit.clone();
    Ok(Page::new(Head::host(title.clone())).render(visit, move || {
        let tables: Vec<_> =
            day.iter().map(|(slot, all)| table(&inner, &desk, slot, all, &known)).collect();
        let empty = day.is_empty().then(|| view! { <p class="empty">{t::no_slots(locale)}</p> });
        let back = format!("{}?date={date}", at(&inner, &shop, ""));
        let body = view! {
            {breadcrumb(locale, vec![(back, format::sentence(&format::day(locale, date)))])}
            <h1>{title}</h1>
            <p class="no-print soft">{t::sheet_hint(locale)}</p>
            {tables} {empty}
        };
        frame(&inner, Some(&shop), Tab::Day, body)
    }))
}

fn table(
    visit: &Visit,
    desk: &Desk,
    slot: &Slot,
    bookings: &[Booking],
    known: &Known,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let Some((tour, option)) = desk.catalogue.option(slot.option_id) else {
        return ().into_any();
    };
    let mut caption = format!(
        "{} {}, {}",
        format::time(locale, slot.starts_at),
        option.title.text(locale),
        t::seats_of(locale, slot.capacity, slot.taken),
    );
    if !slot.guide.is_empty() {
        caption = format!("{caption}, {}", t::guided_by(locale, &slot.guide));
    }
    let name = caption.clone();
    let rows: Vec<_> = bookings
        .iter()
        .filter(|booking| guest::is_guest(booking))
        .map(|booking| {
            let language = format::sentence(booking.locale.native_name());
            let notes = guest::notes(locale, tour, booking, known.of(booking));
            let notes = if booking.locale == locale {
                notes
            } else if notes.is_empty() {
                language
            } else {
                format!("{language} · {notes}")
            };
            view! {
                <tr>
                    <td><span class="sheet-box"></span></td>
                    <th scope="row">
                        {booking.name.clone()}<br/>
                        <span class="soft small">
                            {format!("{} · {}", format::phone(&booking.phone), booking.code)}
                        </span>
                    </th>
                    <td>{booking.party.words(locale)}</td>
                    <td>{notes}</td>
                    <td class="num">{known.open(booking).display(locale)}</td>
                </tr>
            }
        })
        .collect();
    if rows.is_empty() {
        return view! { <p><strong>{caption}</strong> ": " {t::no_guests(locale)}</p> }.into_any();
    }
    view! {
        <div class="table-wrap" tabindex="0" role="group" aria-label=name>
            <table class="table sheet-table">
                <caption>{caption}</caption>
                <thead><tr>
                    <th scope="col">{t::sheet_here(locale)}</th>
                    <th scope="col">{t::sheet_guest(locale)}</th>
                    <th scope="col">{t::sheet_party(locale)}</th>
                    <th scope="col">{t::sheet_notes(locale)}</th>
                    <th scope="col" class="num">{t::sheet_money(locale)}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {party::counts(locale, tour, bookings, known)}
    }
    .into_any()
}
