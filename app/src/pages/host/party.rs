//! What the workshop knows of the people of each party: their answers, counted and one by one.

use std::collections::HashMap;

use engine::booking::guests::{self, Guest, asks, tally};
use engine::booking::{AnswerMap, Booking, StateKind};
use engine::catalogue::{QuestionKind, Tour};
use engine::payment::{self, Money, money_of_all};
use engine::store::Conn;
use engine::{BookingId, Dong, Locale};
use leptos::prelude::*;

use super::{guest, words};
use crate::error::PageError;
use crate::t::guests as t;
use crate::ui::format;
use crate::ui::summary::moment;

/// By booking: guests that are filled in, and what was paid beforehand.
#[derive(Debug, Default)]
pub struct Known {
    guests: HashMap<BookingId, Vec<Guest>>,
    money: HashMap<BookingId, Money>,
    pieces: HashMap<BookingId, engine::craft::Counted>,
}

impl Known {
    pub async fn load<'b>(
        conn: &mut Conn,
        bookings: impl Iterator<Item = &'b Booking>,
    ) -> Result<Known, PageError> {
        let expected = bookings.filter(|booking| guest::is_guest(booking));
        let expected: Vec<_> = expected.map(|booking| (booking.id, booking.option_id)).collect();
        let ids: Vec<BookingId> = expected.iter().map(|(id, _)| *id).collect();
        Ok(Known {
            pieces: engine::craft::counts_of_bookings(conn, &expected).await?,
            money: money_of_all(conn, &ids).await?,
            guests: guests::of_bookings(conn, ids.into_iter()).await?,
        })
    }

    /// What the party still has to pay here: nothing where a travel company pays.
    pub fn open(&self, booking: &Booking) -> Dong {
        payment::to_take(booking, self.money.get(&booking.id).copied().unwrap_or_default())
    }

    /// Money still to take at the workshop, of those who come.
    pub fn to_take(&self, bookings: &[Booking]) -> Dong {
        let come = |booking: &&Booking| {
            matches!(booking.state.kind(), StateKind::Confirmed | StateKind::CheckedIn)
        };
        bookings.iter().filter(come).map(|booking| self.open(booking)).sum()
    }

    pub fn listed<'a>(&'a self, booking: &'a Booking) -> guest::Listed<'a> {
        let pieces = self.pieces.get(&booking.id).map(|counted| counted.pieces);
        guest::Listed { booking, guests: self.of(booking), open: self.open(booking), pieces }
    }

    pub fn of(&self, booking: &Booking) -> &[Guest] {
        self.guests.get(&booking.id).map(Vec::as_slice).unwrap_or_default()
    }
}

/// "An: Vừa, Men ngọc": a guest with short answers, for a line of notes.
pub fn in_short(locale: Locale, tour: &Tour, guest: &Guest) -> String {
    let answers: Vec<String> =
        words::answers(locale, tour, &guest.answers).into_iter().map(|(_, value)| value).collect();
    if answers.is_empty() {
        return guest.name.clone();
    }
    format::labelled(locale, &guest.name, format::commas(locale, &answers))
}

/// Each question of a tour with its answers counted over these bookings; None where nothing is asked
/// of each guest, or nobody comes.
pub fn counts(
    locale: Locale,
    tour: &Tour,
    bookings: &[Booking],
    known: &Known,
) -> Option<impl IntoView + use<>> {
    let expected = || bookings.iter().filter(|booking| guest::is_guest(booking));
    let people: i32 = expected().map(|booking| booking.people).sum();
    let all: Vec<&Guest> = expected().flat_map(|booking| known.of(booking)).collect();
    let counts = tally(tour, &all, people);
    if people == 0 || counts.is_empty() {
        return None;
    }
    let lines: Vec<_> = counts
        .into_iter()
        .map(|count| {
            let question = count.question;
            let mut parts: Vec<String> = count
                .answers
                .into_iter()
                .map(|(answer, n)| {
                    let given = AnswerMap([(question.key.clone(), answer)].into());
                    let said = words::answers(locale, tour, &given).pop();
                    let said = said.map(|(_, value)| value).unwrap_or_default();
                    // A number reads as a number beside another one.
                    let said = match question.kind {
                        QuestionKind::Number => format!("× {said}"),
                        _ => said,
                    };
                    t::host_count(locale, said, i64::try_from(n).unwrap_or(i64::MAX))
                })
                .collect();
            if count.unknown > 0 {
                let n = i64::try_from(count.unknown).unwrap_or(i64::MAX);
                parts.push(t::host_unknown(locale, n));
            }
            let label = question.label.text(locale).to_owned();
            view! { <div><dt>{label}</dt><dd>{format::commas(locale, &parts)}</dd></div> }
        })
        .collect();
    Some(view! { <dl class="pairs">{lines}</dl> })
}

/// The people of one booking with all that they said.
pub fn section(
    locale: Locale,
    tour: &Tour,
    booking: &Booking,
    guests: &[Guest],
) -> Option<impl IntoView + use<>> {
    if !asks(tour) || !guest::is_guest(booking) {
        return None;
    }
    let filled = i64::try_from(guests.len()).unwrap_or(i64::MAX);
    let rows: Vec<_> = guests
        .iter()
        .map(|guest| {
            let answers: Vec<_> = words::answers(locale, tour, &guest.answers)
                .into_iter()
                .map(|(label, value)| view! { <span>{words::said(locale, &label, &value)}</span> })
                .collect();
            let signed = guest
                .waiver_at
                .map(|at| view! { <span>{t::host_signed(locale, moment(locale, at))}</span> });
            view! {
                <li>
                    <strong>{guest.name.clone()}</strong>
                    <p class="guest-info">{answers} {signed}</p>
                </li>
            }
        })
        .collect();
    let signed = guests.iter().filter(|guest| guest.waiver_at.is_some()).count();
    let waiver = tour.waiver.as_ref().map(|_| {
        let each = i64::try_from(signed).unwrap_or(i64::MAX);
        let booker = booking.waiver_at.map(|at| {
            view! { <span>{t::host_waiver_booker(locale, moment(locale, at))}</span> }
        });
        let each = (each > 0).then(|| view! { <span>{t::host_waiver_each(locale, each)}</span> });
        view! { <p class="guest-info"><span>{t::host_waiver(locale)}</span> {booker} {each}</p> }
    });
    Some(view! {
        <section class="panel stack-s" aria-labelledby="people">
            <h2 class="panel-title" id="people">{t::host_title(locale)}</h2>
            <p class="soft">{t::host_filled(locale, filled, i64::from(booking.people))}</p>
            <ul class="known">{rows}</ul>
            {waiver}
        </section>
    })
}
