//! Whom a bad day would hit, and where each of them could go.

use engine::Locale;
use engine::booking::disruption::Hit;
use engine::booking::overflow::Sister;
use engine::catalogue::Catalogue;
use engine::schedule::Slot;
use leptos::prelude::*;

use crate::context::Visit;
use crate::pages::host::frame::{Desk, at};
use crate::t::bad_day as t;
use crate::ui::format;
use crate::ui::icon::icon;

/// "Thứ Bảy 5/12 09:00".
pub fn start(locale: Locale, slot: &Slot) -> String {
    let day = format::sentence(&format::day(locale, slot.local_date));
    format!("{day} {}", format::time(locale, slot.starts_at))
}

/// "Xưởng men rạn Đức Thuận, thứ Bảy 5/12 10:00".
pub fn next_door(locale: Locale, catalogue: &Catalogue, sister: &Sister) -> String {
    let house = catalogue.workshop(sister.workshop).map_or("", |shop| shop.name.as_str());
    format::commas(locale, &[house.to_owned(), start(locale, &sister.slot)])
}

pub fn panel(visit: &Visit, desk: &Desk, found: &[Hit]) -> impl IntoView + use<> {
    let locale = visit.locale;
    let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let people: i32 = found.iter().map(|hit| hit.booking.people).sum();
    let (tone, sign, title) = if found.is_empty() {
        ("good", "check", t::nobody_hit(locale).to_owned())
    } else {
        ("warn", "warning", t::hit(locale, count, format::people(locale, people)))
    };
    let items: Vec<_> = found.iter().map(|hit| row(visit, desk, hit)).collect();
    let list = (!items.is_empty()).then(|| view! { <ul class="plain-list stack">{items}</ul> });
    view! {
        <section class="notice" data-tone=tone aria-labelledby="hits" id="hits-panel">
            {icon(sign)}
            <div class="stack-s">
                <h2 class="notice-title" id="hits">{title}</h2>
                {list}
            </div>
        </section>
    }
}

fn row(visit: &Visit, desk: &Desk, hit: &Hit) -> impl IntoView + use<> {
    let locale = visit.locale;
    let Hit { booking, slot, ways, sisters } = hit;
    let page = desk
        .workshop()
        .map(|shop| at(visit, shop, &format!("/bookings/{}", booking.code)))
        .unwrap_or_default();
    let tour = desk.catalogue.tour(slot.tour_id).map_or("", |tour| tour.title.text(locale));
    let silent = booking.email.is_empty().then(|| {
        view! { <br/><strong>{t::no_email(locale, format::phone(booking.phone.as_str()))}</strong> }
    });
    let mut other = Vec::new();
    if !ways.is_empty() {
        let times: Vec<String> = ways.iter().map(|way| start(locale, way)).collect();
        other.push(t::could_move(locale, format::semicolons(locale, &times)));
    }
    if !sisters.is_empty() {
        let houses: Vec<String> =
            sisters.iter().map(|one| next_door(locale, &desk.catalogue, one)).collect();
        other.push(t::could_go(locale, format::semicolons(locale, &houses)));
    }
    other.push(t::could_refund(locale, booking.total.display(locale)));
    let other: Vec<_> = other.into_iter().map(|line| view! { <li>{line}</li> }).collect();
    let party = booking.party.words(locale);
    view! {
        <li>
            {format!("{} · {tour} · ", start(locale, slot))}
            <a href=page>{booking.name.clone()}</a>
            {format!(" · {party}")}
            {silent}
            <ul>{other}</ul>
        </li>
    }
}
