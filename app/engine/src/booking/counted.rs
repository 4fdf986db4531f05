//! What sums of many bookings need of each: how many children and students, and a country. Kept in columns
//! beside the party and the phone number that say it.

use super::party::{Party, PartyLine};
use crate::catalogue::UnitKind;
use crate::country::Country;
use crate::store::{Columns, Conn, StoreError, Tx};
use crate::{BookingId, columns, params};

/// Bookings of before these columns, counted in one transaction.
const BATCH: i64 = 500;

/// People of the kind; a family is two adults, the others in it are children.
fn of(party: &Party, wanted: impl Fn(&PartyLine) -> i32) -> i32 {
    party
        .lines()
        .iter()
        .map(|line| i32::try_from(line.quantity).unwrap_or(i32::MAX).saturating_mul(wanted(line)))
        .sum()
}

pub(super) fn children(party: &Party) -> i32 {
    of(party, |line| match line.kind {
        UnitKind::Child | UnitKind::Infant => 1,
        UnitKind::Family => (line.seats - 2).max(0),
        UnitKind::Adult | UnitKind::Student | UnitKind::Senior => 0,
    })
}

pub(super) fn students(party: &Party) -> i32 {
    of(party, |line| i32::from(line.kind == UnitKind::Student))
}

/// The columns as the party and the number say them.
pub(crate) fn columns(party: &Party, phone: &str) -> Columns {
    columns! {
        children: children(party),
        students: students(party),
        phone_country: Country::of_phone(phone).map_or("", Country::code),
    }
}

/// Counts bookings that were made before anybody did; answers how many.
pub async fn count_old(tx: &mut Tx) -> Result<usize, StoreError> {
    let old: Vec<(BookingId, Party, String)> = tx
        .fetch_all(
            "SELECT id, units, phone FROM booking WHERE children IS NULL ORDER BY id LIMIT $1",
            params![BATCH],
        )
        .await?;
    for (id, party, phone) in &old {
        tx.update("booking", columns(party, phone), columns! { id: *id }).await?;
    }
    Ok(old.len())
}

/// The guests say where they come from, or that they would rather not. Counts in sums alone, so it is no
/// change of the booking that anybody hears of.
pub async fn say_country(
    tx: &mut Tx,
    booking: BookingId,
    country: Option<Country>,
) -> Result<(), StoreError> {
    let said = columns! { country: country.map_or("", Country::code) };
    tx.update_one("booking", said, columns! { id: booking }).await
}

/// What they said.
pub async fn said_country(
    conn: &mut Conn,
    booking: BookingId,
) -> Result<Option<Country>, StoreError> {
    let row: Option<(String,)> =
        conn.fetch_optional("SELECT country FROM booking WHERE id = $1", params![booking]).await?;
    Ok(row.and_then(|(code,)| code.parse().ok()))
}
