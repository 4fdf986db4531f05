//! What the other members have free in the days to come: whom to suggest when one is full.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use engine::WorkshopId;
use engine::catalogue::Catalogue;
use engine::clock::local_date;
use engine::schedule::Slot;
use engine::schedule::slots;
use engine::store::{Conn, StoreError};
use leptos::prelude::*;

use crate::context::Visit;
use crate::t::coop as t;
use crate::ui::format;

const DAYS: i64 = 7;

/// A departure with places.
pub(super) struct Offer {
    slot: Slot,
    left: i32,
}

/// The free departures of some workshops from now on, soonest first.
pub(super) async fn next_week(
    conn: &mut Conn,
    catalogue: &Catalogue,
    workshops: impl Iterator<Item = WorkshopId>,
    now: DateTime<Utc>,
) -> Result<Vec<Offer>, StoreError> {
    let today = local_date(now);
    let mut offers = Vec::new();
    for workshop in workshops {
        let last = today + TimeDelta::days(DAYS - 1);
        for slot in slots::of_workshop(conn, workshop, today, last).await? {
            let Some((tour, option)) = catalogue.option(slot.option_id) else { continue };
            let left = slot.left_for(tour.sharing, now);
            if tour.published && option.active && left > 0 {
                offers.push(Offer { slot, left });
            }
        }
    }
    offers.sort_by_key(|offer| (offer.slot.starts_at, offer.slot.id));
    Ok(offers)
}

/// A fold for each day; the first is open.
pub(super) fn view(
    visit: &Visit,
    catalogue: &Catalogue,
    offers: &[Offer],
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let mut days: Vec<(NaiveDate, Vec<&Offer>)> = Vec::new();
    for offer in offers {
        let date = offer.slot.local_date;
        match days.last_mut() {
            Some((last, of_day)) if *last == date => of_day.push(offer),
            _ => days.push((date, vec![offer])),
        }
    }
    let empty = days.is_empty().then(|| view! { <p class="soft">{t::next_week_none(locale)}</p> });
    let days: Vec<_> = days
        .into_iter()
        .enumerate()
        .map(|(at, (date, of_day))| {
            let count = i64::try_from(of_day.len()).unwrap_or(i64::MAX);
            let lines: Vec<_> =
                of_day.into_iter().filter_map(|offer| line(visit, catalogue, offer)).collect();
            let title = format::sentence(&format::day(locale, date));
            let first = at == 0;
            view! {
                <details class="fold" open=first>
                    <summary>{title} " · " {t::departures(locale, count)}</summary>
                    <ul class="fold-body plain-list">{lines}</ul>
                </details>
            }
        })
        .collect();
    view! {
        <section class="stack" aria-labelledby="offers">
            <h2 id="offers">{t::next_week(locale)}</h2>
            <p class="soft">{t::next_week_lead(locale)}</p>
            {empty}
            <div>{days}</div>
        </section>
    }
}

fn line(visit: &Visit, catalogue: &Catalogue, offer: &Offer) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let (tour, option) = catalogue.option(offer.slot.option_id)?;
    let house = catalogue.workshop(offer.slot.workshop_id)?;
    let href = visit.link(&format!(
        "/tours/{}?option={}&date={}",
        tour.slug, option.slug, offer.slot.local_date
    ));
    let place = format!("{} · {}", house.name, format::seats_left(locale, offer.left));
    Some(view! {
        <li>
            <b>{format::time(locale, offer.slot.starts_at)}</b> " "
            <a href=href>{tour.title.text(locale).to_owned()}</a> ", " {option.title.text(locale).to_owned()}
            <br/><span class="soft">{place}</span>
        </li>
    })
}
