//! Names of participants: a teacher pastes a list, the host puts a name right.

use serde_json::json;

use super::CourseError;
use super::read::counts;
use crate::accounts::{Actor, audit};
use crate::booking::guests::{self, Guest};
use crate::booking::{AnswerMap, Booking, BookingError, query};
use crate::catalogue::Tour;
use crate::schedule::slots;
use crate::store::{StoreError, Tx};
use crate::text::fold;
use crate::{BookingId, GuestId, columns, params};

const MAX_NAME: usize = 120;
/// Years in which a participant can be born.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2100;

/// A name out of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewName {
    pub name: String,
    pub born: Option<i32>,
}

/// Reads a list, one participant a line: "Nguyễn Văn An", "1. Nguyễn Văn An, 2012", or cells
/// copied from a spreadsheet. Errors with the numbers, from 1, of lines without a name or with
/// one that is too long.
pub fn parse_names(text: &str) -> Result<Vec<NewName>, Vec<usize>> {
    let (mut names, mut wrong) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        match read_name(line) {
            Some(name) => names.push(name),
            None => wrong.push(number),
        }
    }
    if wrong.is_empty() { Ok(names) } else { Err(wrong) }
}

fn read_name(line: &str) -> Option<NewName> {
    // "1.", "12)", "3" in a first cell: the line's number, not the participant's.
    let rest = line.trim().trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = rest.trim_start_matches(['.', ')', '-', ':', '\t', ' ']);
    let mut words: Vec<&str> = rest
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '–'))
        .collect();
    words.retain(|word| !word.is_empty() && *word != "-");
    let born = words.last().and_then(|word| year_in(word));
    if born.is_some() {
        words.pop();
    }
    let name = words.join(" ");
    let fits = name.chars().any(char::is_alphabetic) && name.chars().count() <= MAX_NAME;
    fits.then_some(NewName { name, born })
}

/// "2012", "05/12/2012", "2012-12-05".
fn year_in(word: &str) -> Option<i32> {
    let parts: Vec<&str> = word.split(['/', '-', '.']).collect();
    let digits =
        parts.iter().all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()));
    let year = parts.iter().find(|part| part.len() == 4).filter(|_| digits)?;
    year.parse().ok().filter(|year| YEARS.contains(year))
}

/// Names for the places of a booking that have none.
#[derive(Debug, Clone)]
pub struct AddNames {
    /// A guest has shown the booking's secret before.
    pub actor: Actor,
    pub booking: BookingId,
    pub names: Vec<NewName>,
}

/// Adds them all or none; answers how many were new. Names that are on the list already (same
/// name, no other year) are left out, so that a list pasted again adds what is missing. A guest may do
/// so until the run is over, the workshop afterwards too.
pub async fn add_names(tx: &mut Tx, command: AddNames) -> Result<usize, CourseError> {
    let booking = query::by_id(tx, command.booking).await?.ok_or(CourseError::Unknown)?;
    let slot = slots::find(tx, booking.slot_id).await?.ok_or(CourseError::Unknown)?;
    if command.actor == Actor::Guest {
        if !guests::is_open(&booking, &slot, tx.now()) {
            return Err(CourseError::Final);
        }
    } else {
        command.actor.must_serve(booking.workshop_id)?;
        if !counts(booking.state.kind()) {
            return Err(CourseError::Final);
        }
    }
    let there = guests::of_booking(tx, booking.id).await?;
    let same = |guest: &Guest, new: &NewName| {
        fold(&guest.name) == fold(&new.name)
            && (new.born.is_none() || guest.born.is_none() || guest.born == new.born)
    };
    for guest in there.iter().filter(|guest| guest.born.is_none()) {
        let year = command.names.iter().find(|new| same(guest, new)).and_then(|new| new.born);
        if year.is_some() {
            let sql = "UPDATE guest SET born = $2 WHERE id = $1";
            tx.execute_one(sql, params![guest.id, year]).await?;
        }
    }
    let new: Vec<&NewName> =
        command.names.iter().filter(|new| !there.iter().any(|guest| same(guest, new))).collect();
    let mut free = (1..=booking.people)
        .filter(|place| !there.iter().any(|guest| guest.position == *place))
        .collect::<Vec<_>>();
    if new.len() > free.len() {
        return Err(CourseError::Full { left: i32::try_from(free.len()).unwrap_or(i32::MAX) });
    }
    free.truncate(new.len());
    for (place, new) in free.into_iter().zip(&new) {
        if !insert(tx, &booking, place, &new.name, new.born).await? {
            tx.try_again();
            return Err(BookingError::Changed.into());
        }
    }
    let added = new.len();
    let workshop = Some(booking.workshop_id);
    let detail = json!({ "names": added });
    audit::record(tx, &command.actor, "booking.names", &booking.code, workshop, detail).await?;
    Ok(added)
}

async fn insert(
    tx: &mut Tx,
    booking: &Booking,
    position: i32,
    name: &str,
    born: Option<i32>,
) -> Result<bool, StoreError> {
    let id = GuestId::new(tx.now());
    let guest = columns! {
        id: id,
        booking_id: booking.id,
        position: position,
        form_key: tx.draw_token(),
        name: *name,
        answers: AnswerMap::default(),
        waiver_at: booking.waiver_at,
        by_companion: false,
        created_at: tx.now(),
        born: born,
    };
    tx.insert_if_new("guest", guest).await
}

/// Who books a course for one is the participant, until they name another.
pub(crate) async fn enrol_booker(
    tx: &mut Tx,
    tour: &Tour,
    booking: &Booking,
) -> Result<(), StoreError> {
    if tour.course.is_none() || booking.people != 1 || booking.name.is_empty() {
        return Ok(());
    }
    insert(tx, booking, 1, &booking.name, None).await?;
    Ok(())
}

/// The host puts a participant's name right.
#[derive(Debug, Clone)]
pub struct Rename {
    pub actor: Actor,
    pub guest: GuestId,
    pub name: String,
    pub born: Option<i32>,
}

/// Certificates that were issued keep the name they were issued with.
pub async fn rename(tx: &mut Tx, command: Rename) -> Result<(), CourseError> {
    let guest: Option<Guest> =
        tx.fetch_optional("SELECT * FROM guest WHERE id = $1", params![command.guest]).await?;
    let guest = guest.ok_or(CourseError::Unknown)?;
    let booking = query::by_id(tx, guest.booking_id).await?.ok_or(CourseError::Unknown)?;
    command.actor.must_serve(booking.workshop_id)?;
    let name = command.name.split_whitespace().collect::<Vec<_>>().join(" ");
    let wrong = name.is_empty() || name.chars().count() > MAX_NAME;
    if wrong || command.born.is_some_and(|year| !YEARS.contains(&year)) {
        return Err(CourseError::Name);
    }
    tx.execute_one(
        "UPDATE guest SET name = $2, born = $3 WHERE id = $1",
        params![guest.id, name, command.born],
    )
    .await?;
    let workshop = Some(booking.workshop_id);
    audit::record(tx, &command.actor, "booking.names", &booking.code, workshop, json!({})).await?;
    Ok(())
}
