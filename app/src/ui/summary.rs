//! What is booked, when, where and for how much, beside each step and on the manage page.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use engine::booking::Bill;
use engine::catalogue::{Catalogue, Policy, Tour, TourOption, Village, Workshop};
use engine::clock::local_date;
use engine::course::{Session, sessions_of};
use engine::schedule::Slot;
use engine::store::{Conn, StoreError};
use leptos::prelude::*;

use super::money::paid_beforehand;
use super::picture::Picture;
use super::price::PriceLines;
use super::prose::own;
use super::sessions::sessions_folded;
use super::{format, icon::icon};
use crate::{Locale, t};

/// A slot with everything around it, as pages tell it.
#[derive(Debug, Clone)]
pub struct Visited {
    pub slot: Slot,
    pub tour: Tour,
    pub option: TourOption,
    pub workshop: Workshop,
    pub village: Village,
    /// Of a course's run, by time; see [`Visited::with_sessions`].
    pub sessions: Vec<Session>,
}

impl Visited {
    /// At the prices of who books on that day; None when the slot's tour left the catalogue.
    pub fn of(catalogue: &Catalogue, slot: Slot, booked_on: NaiveDate) -> Option<Self> {
        let (tour, option) = catalogue.sold_in(&slot, booked_on)?;
        let option = option.into_owned();
        let (_, workshop, village) = catalogue.place(tour.id)?;
        Some(Self {
            tour: tour.clone(),
            option,
            workshop: workshop.clone(),
            village: village.clone(),
            sessions: Vec::new(),
            slot,
        })
    }

    /// The same with the sessions of a course's run.
    pub async fn with_sessions(mut self, conn: &mut Conn) -> Result<Self, StoreError> {
        if self.slot.is_run() {
            self.sessions = sessions_of(conn, self.slot.id).await?;
        }
        Ok(self)
    }

    /// For a booking: on the policy that it was promised, which may be the tour's no more.
    pub fn promised(mut self, policy: Policy) -> Self {
        self.tour.policy = policy;
        self
    }

    /// "Thứ Bảy, 05/12/2026, 09:00–10:30"; of a run its first and last day.
    pub fn when(&self, locale: Locale) -> String {
        if self.slot.is_run() {
            return run_dates(locale, &self.slot);
        }
        let date = format::sentence(&format::date(locale, self.slot.local_date));
        format::day_during(locale, date, self.slot.starts_at, self.slot.ends_at)
    }

    /// Workshop and village.
    pub fn place(&self, locale: Locale) -> String {
        format!("{}, {}", self.workshop.name, self.village.name.text(locale))
    }
}

/// "Thứ Bảy 05/12/2026 – thứ Bảy 09/01/2027": the days on which a run begins and ends.
pub fn run_dates(locale: Locale, slot: &Slot) -> String {
    let first = format::sentence(&format::date(locale, slot.local_date));
    match slot.last_date.filter(|last| *last != slot.local_date) {
        Some(last) => locale.writing().stretch(first, format::date(locale, last)),
        None => format::day_during(locale, first, slot.starts_at, slot.ends_at),
    }
}

/// The tour's policy as dates of this slot: what cancelling costs until when.
pub fn policy_dates(
    locale: Locale,
    policy: Policy,
    starts_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Vec<String> {
    let mut lines: Vec<String> = policy
        .steps()
        .iter()
        .map(|(hours, percent)| (starts_at - TimeDelta::hours(*hours), *percent))
        .filter(|(until, _)| now < *until)
        .map(|(until, percent)| {
            let until = moment(locale, until);
            match percent {
                100 => t::book::free_until(locale, until),
                percent => t::book::part_until(locale, 100 - percent, until),
            }
        })
        .collect();
    lines.push(if lines.is_empty() {
        t::book::no_refund_now(locale).to_owned()
    } else {
        t::book::no_refund_after(locale).to_owned()
    });
    lines
}

/// "09:00 thứ Sáu, 27/11/2026".
pub fn moment(locale: Locale, at: DateTime<Utc>) -> String {
    let (day, time) = (format::date(locale, local_date(at)), format::time(locale, at));
    let writing = locale.writing();
    if writing.time_first { format!("{time} {day}") } else { writing.day_at(day, time) }
}

/// The tour, slot and place, with what is paid where it is known.
#[component]
pub fn Summary(
    locale: Locale,
    visited: Visited,
    #[prop(optional_no_strip)] bill: Option<Bill>,
) -> impl IntoView {
    let picture = Picture::of_tour(&visited.tour, locale);
    let paid = paid_beforehand(locale, &visited.tour);
    let paid = paid.unwrap_or_else(|| t::book::pay_there(locale).to_owned());
    let policy = format::policy_sentence(locale, visited.tour.policy);
    let note = locale.writing().sentences(&[paid, policy]);
    view! {
        <aside class="booking-aside summary" aria-labelledby="sum-title">
            <div class="summary-media">{picture.view(true)}</div>
            <div class="summary-body">
                <h2 class="summary-title" id="sum-title">{own(&visited.tour.title, locale)}</h2>
                <ul class="facts">
                    <li>
                        {icon("calendar")}
                        <time datetime=visited.slot.starts_at.to_rfc3339()>{visited.when(locale)}</time>
                    </li>
                    <li>{icon("clock")}{own(&visited.option.title, locale)}</li>
                    <li>{icon("pin")}{visited.place(locale)}</li>
                </ul>
                {sessions_folded(locale, &visited.sessions)}
                {bill.map(|bill| view! { <PriceLines locale bill/> })}
                <p class="price-note">{note}</p>
            </div>
        </aside>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_told_in_dates_that_are_still_to_come() {
        let start: DateTime<Utc> = "2026-12-05T02:00:00Z".parse().unwrap();
        let told =
            |now: &str| policy_dates(Locale::En, Policy::Moderate, start, now.parse().unwrap());
        let early = told("2026-12-01T00:00:00Z");
        assert_eq!(early.len(), 3);
        assert!(early[0].contains("09:00 Wed 2 Dec 2026"), "{early:?}");
        assert!(early[1].contains("09:00 Fri 4 Dec 2026: 50% of"), "{early:?}");
        assert_eq!(told("2026-12-03T00:00:00Z").len(), 2);
        let late = told("2026-12-04T12:00:00Z");
        assert_eq!(late, [t::book::no_refund_now(Locale::En)]);
    }
}
