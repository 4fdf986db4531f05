//! A company books by hand.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{Days, NaiveDate};
use engine::SlotId;
use engine::catalogue::{Tour, TourOption};
use engine::clock::local_date;
use engine::reseller::{
    self, Finish, ResellerError, Reserve, Ticket, Traveller, USUAL_MINUTES, allotment,
};
use engine::schedule::{Slot, slots};
use leptos::prelude::*;
use uuid::Uuid;

use super::desk::Desk;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::see;
use crate::pages::host::resellers::refused;
use crate::pages::host::words;
use crate::render::Page;
use crate::t::reseller as t;
use crate::ui::field::{ErrorSummary, Hidden, Select, TextArea, TextField};
use crate::ui::format;
use crate::ui::layout::{Head, breadcrumb};

/// Tours that the contract sells, with their open options.
fn offered(desk: &Desk) -> Vec<(&Tour, &TourOption)> {
    let all = desk.catalogue.all_tours_of(desk.shop.id);
    all.filter(|tour| desk.agreement.terms.sells(tour))
        .flat_map(|tour| tour.open_options().map(move |option| (tour, option)))
        .collect()
}

/// Days that are shown at once.
const SPAN: u64 = 13;

pub async fn departures(
    State(app): State<App>,
    visit: Visit,
    Path((_, contract)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &contract).await?;
    let locale = visit.locale;
    let query = Form::of_query(&visit.query);
    let now = app.store.now();
    let from = words::date(query.text("date")).unwrap_or_else(|| local_date(now));
    let to = from + Days::new(SPAN);
    let chosen = offered(&desk).into_iter().find(|(_, option)| {
        let asked = query.text("option");
        asked.is_empty() || option.id.to_string() == asked
    });
    let mut conn = app.store.read().await?;
    let mut found: Vec<(Slot, i32)> = Vec::new();
    if let Some((tour, option)) = chosen {
        let kept = allotment::kept_on(&mut conn, desk.seller.contract, (from, to), now).await?;
        for slot in slots::of_tour(&mut conn, tour.id, from, to).await? {
            let own = kept.get(&slot.id).copied().unwrap_or(0);
            let open = slot.option_id == option.id && slot.left(now) + own > 0;
            if open && slot.closes_at > now && desk.agreement.terms.covers(slot.local_date) {
                let left = slot.free_beside(own);
                found.push((slot, left));
            }
        }
    }
    drop(conn);
    let options: Vec<(String, String)> = offered(&desk)
        .iter()
        .map(|(tour, option)| {
            let name = format!("{} · {}", tour.title.text(locale), option.title.text(locale));
            (option.id.to_string(), name)
        })
        .collect();
    let value = chosen.map(|(_, option)| option.id.to_string()).unwrap_or_default();
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::portal_book(locale))).render(&visit, move || {
        let items = found
            .iter()
            .filter(|(_, left)| *left > 0)
            .map(|(slot, left)| {
                let href = desk.at(&inner, &format!("/book/{}", slot.id));
                let starts = format::date_time(locale, slot.starts_at);
                view! {
                    <li class="entry"><div>
                        <h2 class="entry-title"><a class="card-link" href=href>{starts}</a></h2>
                        <p class="entry-text">{format::seats_left(locale, *left)}</p>
                    </div></li>
                }
            })
            .collect::<Vec<_>>();
        let none = items.is_empty().then(|| view! { <p class="empty">{t::no_departure(locale)}</p> });
        let action = desk.at(&inner, "/book");
        let body = view! {
            <h1>{t::portal_book(locale)}</h1>
            <form class="form panel" method="get" action=action>
                <Select locale name="option" label=t::col_tour(locale) options=options value=value/>
                <TextField locale name="date" label=t::from_day(locale) kind="date" value=from.to_string()/>
                <div class="actions"><button class="btn btn-primary">{t::show_departures(locale)}</button></div>
            </form>
            <ul class="entry-list">{items}</ul>
            {none}
        };
        desk.frame(&inner, body)
    }))
}

type AtSlot = Path<(String, String, String)>;

async fn open(
    app: &App,
    visit: &Visit,
    contract: &str,
    slot: &str,
) -> Result<(Desk, Slot), PageError> {
    let desk = Desk::open(app, visit, contract).await?;
    let id: SlotId = slot.parse().map_err(|_| PageError::NotFound)?;
    let slot = slots::find(&mut app.store.read().await?, id).await?;
    let slot = slot.filter(|slot| slot.workshop_id == desk.shop.id).ok_or(PageError::NotFound)?;
    Ok((desk, slot))
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, contract, slot)): AtSlot,
) -> Result<Response, PageError> {
    let (desk, slot) = open(&app, &visit, &contract, &slot).await?;
    answer(&visit, desk, (slot, local_date(app.store.now())), Form::default(), Problems::default())
}

pub async fn book(
    State(app): State<App>,
    visit: Visit,
    Path((_, contract, slot)): AtSlot,
    form: Form,
) -> Result<Response, PageError> {
    let (desk, slot) = open(&app, &visit, &contract, &slot).await?;
    let locale = visit.locale;
    let uuid: Uuid = form.key().parse().map_err(|_| PageError::Invalid)?;
    let (_, option) =
        desk.catalogue.sold_in(&slot, local_date(app.store.now())).ok_or(PageError::NotFound)?;
    let option = option.into_owned();
    let mut tickets = Vec::new();
    for unit in option.open_units() {
        let count = form.text(&format!("unit.{}", unit.id)).trim().parse::<usize>().unwrap_or(0);
        for _ in 0..count.min(MOST_TICKETS) {
            tickets.push(Ticket {
                uuid: Uuid::now_v7(),
                unit: unit.id,
                reference: String::new(),
                contact: Traveller::default(),
            });
        }
    }
    let text = |name: &str| {
        let text = form.text(name).trim();
        (!text.is_empty()).then(|| text.chars().take(MAX_TEXT).collect::<String>())
    };
    let contact =
        Traveller { full_name: text("name"), phone_number: text("phone"), ..Traveller::default() };
    let mut problems = Problems::default();
    if contact.full_name.is_none() {
        problems.add("name", t::error_name(locale));
    }
    if !problems.is_empty() {
        return answer(&visit, desk, (slot, local_date(app.store.now())), form, problems);
    }
    let reserve = Reserve {
        catalogue: Arc::clone(&desk.catalogue),
        seller: desk.seller.clone(),
        uuid,
        // The form's key alone names it: a form that went back and forth is the same one.
        request_hash: "portal".into(),
        slot: slot.id,
        tickets,
        minutes: USUAL_MINUTES,
        notes: text("notes").unwrap_or_default(),
        reference: text("reference").unwrap_or_default(),
        contact,
    };
    let finish = Finish {
        catalogue: Arc::clone(&desk.catalogue),
        seller: desk.seller.clone(),
        uuid,
        contact: Traveller::default(),
        reference: None,
        tickets: None,
    };
    // Both or neither: nothing is kept that is not booked.
    let done = app
        .store
        .write("book for a company", (reserve, finish), |tx, (keep, settle)| {
            Box::pin(async move {
                reseller::reserve(tx, keep).await?;
                reseller::finish(tx, settle).await
            })
        })
        .await;
    match done {
        Ok(sold) => Ok(see(&desk.at(&visit, &format!("/bookings/{}?done=1", sold.resale.uuid)))),
        Err(ResellerError::Booking(error)) => {
            let words = words::of_booking(locale, error)?;
            problems.add("units", words);
            answer(&visit, desk, (slot, local_date(app.store.now())), form, problems)
        }
        Err(error) => Err(refused(error)),
    }
}

const MOST_TICKETS: usize = 100;
const MAX_TEXT: usize = 200;

fn answer(
    visit: &Visit,
    desk: Desk,
    (slot, today): (Slot, NaiveDate),
    form: Form,
    problems: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (tour, option) = desk.catalogue.sold_in(&slot, today).ok_or(PageError::NotFound)?;
    let option = option.into_owned();
    let title = format!("{} · {}", tour.title.text(locale), option.title.text(locale));
    let net = desk.agreement.terms.net(&option);
    let units: Vec<(String, String, String)> = option
        .open_units()
        .zip(net.open_units())
        .map(|(unit, net)| {
            let words =
                t::net_and_guest(locale, unit.price.display(locale), net.price.display(locale));
            (format!("unit.{}", unit.id), format::unit(locale, unit), words)
        })
        .collect();
    let key = form.key();
    let inner = visit.clone();
    let starts = format::date_time(locale, slot.starts_at);
    Ok(Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let value = |name: &str| form.text(name).to_owned();
        let error = |name: &str| problems.of(name);
        let units = units
            .into_iter()
            .map(|(name, label, hint)| {
                let value = value(&name);
                view! { <TextField locale name label hint inputmode="numeric" value optional=true short=true/> }
            })
            .collect_view();
        let action = desk.at(&inner, &format!("/book/{}", slot.id));
        let back = vec![(desk.at(&inner, "/book"), t::portal_book(locale).to_owned())];
        let body = view! {
            {breadcrumb(locale, back)}
            <header><h1>{title}</h1><p>{starts}</p></header>
            <ErrorSummary locale problems=problems.clone()/>
            <form class="form panel" method="post" action=action novalidate>
                <Hidden name="form_key" value=key/>
                <fieldset class="stack-s" id="units">
                    <legend>{t::who_comes(locale)}</legend>
                    <div class="field-row">{units}</div>
                </fieldset>
                <TextField locale name="name" label=t::traveller(locale) value=value("name") error=error("name")/>
                <div class="field-row">
                    <TextField locale name="phone" label=t::company_phone(locale) kind="tel" inputmode="tel"
                        value=value("phone") optional=true/>
                    <TextField locale name="reference" label=t::col_reference(locale) value=value("reference") optional=true/>
                </div>
                <TextArea locale name="notes" label=t::note(locale) value=value("notes") rows=2 optional=true/>
                <div class="actions"><button class="btn btn-primary">{t::book_now(locale)}</button></div>
            </form>
        };
        desk.frame(&inner, body)
    }))
}
