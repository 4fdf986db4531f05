//! The demo's reviews: invented guests who booked, came and said something; workshops that answered, one
//! that reported. All of it by the verbs that people use, each at its instant.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::DemoError;
use super::bookings::answers;
use crate::accounts::Actor;
use crate::booking::checkin::{CheckIn, check_in};
use crate::booking::{self, Booking, BookingError, Confirm, Contact, FillIn, Hold};
use crate::catalogue::{Catalogue, Tour, UnitKind};
use crate::clock::local_date;
use crate::review::{self, Answer, Report, ReviewData, ReviewInput, Save};
use crate::schedule::{Slot, slots};
use crate::store::Tx;
use crate::{Locale, UnitId};

const FILE: (&str, &str) = ("reviews.toml", include_str!("../../../demo/reviews.toml"));

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReviewsFile {
    reviews: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    tour: String,
    /// Days before today, about; workshops outside of co-ops have a week behind them.
    ago: i64,
    guest: String,
    /// Vietnamese unless it says otherwise.
    #[serde(default)]
    english: bool,
    stars: u8,
    language: String,
    #[serde(default = "by_name")]
    signed: String,
    name: String,
    words: String,
    #[serde(default)]
    reply: String,
    /// Why the workshop reported it.
    #[serde(default)]
    reported: String,
    #[serde(default)]
    report_words: String,
}

fn by_name() -> String {
    "name".to_owned()
}

fn broken(reason: impl std::fmt::Display) -> DemoError {
    DemoError::File { file: FILE.0, reason: reason.to_string() }
}

pub(super) async fn make(tx: &mut Tx, catalogue: &Arc<Catalogue>) -> Result<(), DemoError> {
    let file: ReviewsFile = toml::from_str(FILE.1).map_err(broken)?;
    let now = tx.now();
    for (at, entry) in file.reviews.iter().enumerate() {
        Box::pin(one(tx, catalogue, now, at, entry)).await?;
    }
    tx.turn(now);
    // Nobody is written to who does not exist.
    tx.execute("DELETE FROM outbox WHERE kind NOT IN ('sign_in', 'invitation')", vec![]).await?;
    let thanked = crate::params![now];
    tx.execute("UPDATE booking SET reminded_at = $1, thanked_at = $1", thanked).await?;
    Ok(())
}

async fn one(
    tx: &mut Tx,
    catalogue: &Arc<Catalogue>,
    now: DateTime<Utc>,
    at: usize,
    entry: &Entry,
) -> Result<(), DemoError> {
    let tour = catalogue.tour_by_slug(&entry.tour);
    let tour = tour.ok_or_else(|| broken(format!("no tour {}", entry.tour)))?;
    let Some((slot, adult)) = departure(tx, tour, now, entry.ago).await? else { return Ok(()) };
    let Some(booking) = came(tx, catalogue, tour, &slot, adult, (at, entry)).await? else {
        return Ok(());
    };
    let evening = (slot.ends_at + TimeDelta::hours(6)).min(now - TimeDelta::minutes(90));
    tx.turn(evening);
    let input = ReviewInput {
        stars: entry.stars.to_string(),
        words: entry.words.clone(),
        signed: entry.signed.clone(),
        name: entry.name.clone(),
        language: entry.language.clone(),
    };
    let data = ReviewData::parse(&input).map_err(|wrong| broken(format!("{at}: {wrong:?}")))?;
    let written = review::save(tx, Save { booking: booking.id, data }).await.map_err(broken)?;
    let (actor, workshop) = (Actor::System, booking.workshop_id);
    tx.turn((evening + TimeDelta::hours(15)).min(now - TimeDelta::minutes(30)));
    if !entry.reply.is_empty() {
        let words = entry.reply.clone();
        let answer = Answer { actor: actor.clone(), workshop, review: written.id, words };
        review::answer(tx, answer).await.map_err(broken)?;
    }
    if !entry.reported.is_empty() {
        let (ground, words) = (entry.reported.clone(), entry.report_words.clone());
        let report = Report { actor, workshop, review: written.id, ground, words };
        review::report(tx, report).await.map_err(broken)?;
    }
    Ok(())
}

/// The first departure of about that day that is over and had room, and its unit type for adults.
async fn departure(
    tx: &mut Tx,
    tour: &Tour,
    now: DateTime<Utc>,
    ago: i64,
) -> Result<Option<(Slot, UnitId)>, DemoError> {
    let today = local_date(now);
    let (from, to) = (today - TimeDelta::days(ago), today - TimeDelta::days(1));
    let all = slots::of_workshop(tx, tour.workshop_id, from, to).await?;
    let least = tour.min_party.max(2);
    let found = all.into_iter().find_map(|slot| {
        let fits = slot.tour_id == tour.id && !slot.is_run() && slot.capacity - slot.taken >= least;
        let option = tour.option(slot.option_id).filter(|_| fits && slot.ends_at < now)?;
        let adult = option.open_units().find(|unit| unit.kind == UnitKind::Adult)?;
        Some((slot, adult.id))
    });
    Ok(found)
}

/// Two adults book that departure and come; None where it takes nobody.
async fn came(
    tx: &mut Tx,
    catalogue: &Arc<Catalogue>,
    tour: &Tour,
    slot: &Slot,
    adult: UnitId,
    (at, entry): (usize, &Entry),
) -> Result<Option<Booking>, DemoError> {
    let locale = if entry.english { Locale::En } else { Locale::Vi };
    let adults = u32::try_from(tour.min_party.max(2)).unwrap_or(2);
    tx.turn(slot.closes_at - TimeDelta::hours(30));
    let hold = Hold {
        residents: false,
        catalogue: Arc::clone(catalogue),
        slot: slot.id,
        wanted: vec![(adult, adults)],
        locale,
        form_key: format!("demo-review-{at}"),
        minutes: 15,
    };
    let held = match booking::hold(tx, hold).await {
        Ok(held) => held,
        Err(BookingError::Seats(_) | BookingError::Party(_)) => return Ok(None),
        Err(error) => return Err(broken(error)),
    };
    let email = format!("khach-{at}@example.org");
    let contact = Contact::parse(&entry.guest, &email, "", "")
        .map_err(|wrong| broken(format!("{}: {wrong:?}", entry.guest)))?;
    let fill_in = FillIn {
        catalogue: Arc::clone(catalogue),
        booking: held.id,
        contact,
        locale,
        answers: answers(tour, locale)?,
    };
    booking::fill_in(tx, fill_in).await.map_err(broken)?;
    let confirm = Confirm { catalogue: Arc::clone(catalogue), booking: held.id };
    let booking = booking::confirm(tx, confirm).await.map_err(broken)?;
    tx.turn(slot.starts_at - TimeDelta::minutes(5));
    let arrived = booking.people;
    let check = CheckIn { actor: Actor::System, booking: booking.id, arrived, at: None };
    check_in(tx, check).await.map_err(broken)?;
    Ok(Some(booking))
}
