//! How a booking is tied to sister workshops: from where its guests came, where some of them went,
//! and the way to pass them on.

use chrono::{DateTime, Utc};
use engine::booking::overflow::{self, Overflow, OverflowState, Way};
use engine::booking::{Booking, StateKind, query};
use engine::catalogue::Workshop;
use engine::coop;
use engine::schedule::Slot;
use engine::store::{Conn, StoreError};
use leptos::prelude::*;

use super::frame::{Desk, at};
use crate::context::Visit;
use crate::t::overflow as t;
use crate::ui::format;
use crate::ui::icon::icon;

#[derive(Debug, Default)]
pub struct Links {
    lines: Vec<String>,
    /// The owner may ask the guests to go to a sister.
    may_pass: bool,
}

pub async fn of(
    conn: &mut Conn,
    visit: &Visit,
    desk: &Desk,
    (booking, slot): (&Booking, &Slot),
    now: DateTime<Utc>,
) -> Result<Links, StoreError> {
    let locale = visit.locale;
    let mut links = Links::default();
    let name = |id| desk.catalogue.workshop(id).map_or_else(String::new, |shop| shop.name.clone());
    if let Some(origin) = overflow::origin_of(conn, booking.id).await? {
        let from = name(origin.from_workshop_id);
        links.lines.push(match origin.way {
            Way::Found => t::came_full(locale, from),
            Way::Passed => t::came_passed(locale, from),
            Way::Shared => {
                let code = code_of(conn, origin.booking_id).await?;
                t::came_shared(locale, code, from)
            }
        });
    }
    if let Some(last) = overflow::last_of(conn, booking.id).await? {
        links.lines.extend(line(conn, visit, &last, name(last.to_workshop_id)).await?);
    }
    links.may_pass = desk.owner
        && booking.state.kind() == StateKind::Confirmed
        && slot.starts_at > now
        && coop::membership_of(conn, desk.id()).await?.is_some();
    Ok(links)
}

async fn code_of(
    conn: &mut Conn,
    booking: Option<engine::BookingId>,
) -> Result<String, StoreError> {
    let Some(id) = booking else { return Ok(String::new()) };
    Ok(query::by_id(conn, id).await?.map_or_else(String::new, |booking| booking.code))
}

/// What became of the last question to the guests, as far as it still matters here.
async fn line(
    conn: &mut Conn,
    visit: &Visit,
    last: &Overflow,
    to: String,
) -> Result<Option<String>, StoreError> {
    let locale = visit.locale;
    Ok(match (last.state, last.way, last.until) {
        (OverflowState::Offered, _, Some(until)) => {
            Some(t::asked(locale, to, format::date_time(locale, until)))
        }
        (OverflowState::Taken, Way::Shared, _) => {
            let code = code_of(conn, Some(last.to_booking_id)).await?;
            Some(t::went_shared(locale, code, to))
        }
        (OverflowState::Declined, ..) => Some(t::has_declined(locale, to)),
        (OverflowState::Lapsed, ..) => Some(t::has_lapsed(locale, to)),
        _ => None,
    })
}

pub fn view(
    visit: &Visit,
    shop: &Workshop,
    booking: &Booking,
    links: &Links,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let lines: Vec<_> = links.lines.iter().map(|line| view! { <p>{line.clone()}</p> }).collect();
    let pass = links.may_pass.then(|| {
        let href = at(visit, shop, &format!("/bookings/{}/pass", booking.code));
        view! { <p><a class="btn btn-wide" href=href>{icon("share")}{t::pass(locale)}</a></p> }
    });
    (!lines.is_empty() || links.may_pass).then(|| {
        view! {
            <section class="panel stack-s" aria-labelledby="sisters">
                <h2 class="panel-title" id="sisters">{t::sister_workshops(locale)}</h2>
                {lines} {pass}
            </section>
        }
    })
}
