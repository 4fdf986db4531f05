//! What people type into forms about commissions, read at the edge.

use chrono::{Days, NaiveDate};

use super::error::{Field, Wrong, Wrongs};
use crate::Dong;
use crate::email::Email;
use crate::phone::{Phone, PhoneError};

/// Longest line, name and free text, in characters.
pub(super) const MAX_LINE: usize = 120;
pub(super) const MAX_NAME: usize = 80;
pub(super) const MAX_WORDS: usize = 2_000;
/// Amounts that are no slip of the finger.
const AMOUNTS: std::ops::RangeInclusive<Dong> = Dong(10_000)..=Dong(1_000_000_000);
/// Days ahead for which anything can be planned.
const DAYS_AHEAD: u64 = 3 * 365;

pub(super) fn line_of(
    text: &str,
    field: Field,
    (max, must): (usize, bool),
    wrongs: &mut Wrongs,
) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if must && text.is_empty() {
        wrongs.push((field, Wrong::Missing));
    } else if text.chars().count() > max {
        wrongs.push((field, Wrong::TooLong { max }));
    }
    text
}

/// Several lines, as they were written.
pub(super) fn words_of(text: &str, field: Field, must: bool, wrongs: &mut Wrongs) -> String {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if must && text.is_empty() {
        wrongs.push((field, Wrong::Missing));
    } else if text.chars().count() > MAX_WORDS {
        wrongs.push((field, Wrong::TooLong { max: MAX_WORDS }));
    }
    text
}

pub(super) fn number_of(
    text: &str,
    field: Field,
    (min, max): (i32, i32),
    wrongs: &mut Wrongs,
) -> Option<i32> {
    let number = text.trim().parse::<i32>().ok().filter(|number| (min..=max).contains(number));
    if number.is_none() {
        wrongs.push((field, Wrong::Number { min, max }));
    }
    number
}

/// An amount; None where nothing was typed and nothing has to be.
pub(super) fn amount_of(text: &str, field: Field, must: bool, wrongs: &mut Wrongs) -> Option<Dong> {
    if text.trim().is_empty() && !must {
        return None;
    }
    let amount = text.parse::<Dong>().ok().filter(|amount| AMOUNTS.contains(amount));
    if amount.is_none() {
        wrongs.push((field, Wrong::Amount));
    }
    amount
}

/// A day to come; None where nothing was typed and nothing has to be.
pub(super) fn day_of(
    text: &str,
    field: Field,
    (today, must): (NaiveDate, bool),
    wrongs: &mut Wrongs,
) -> Option<NaiveDate> {
    if text.trim().is_empty() && !must {
        return None;
    }
    let day = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok();
    let day = day.filter(|day| today <= *day && *day <= today + Days::new(DAYS_AHEAD));
    if day.is_none() {
        wrongs.push((field, Wrong::Date));
    }
    day
}

pub(super) fn email_of(text: &str, field: Field, wrongs: &mut Wrongs) -> Option<Email> {
    let email = text.parse().ok();
    if email.is_none() {
        wrongs.push((field, Wrong::Email));
    }
    email
}

/// A phone number; nobody has to give one.
pub(super) fn phone_of(text: &str, field: Field, wrongs: &mut Wrongs) -> Option<Phone> {
    match text.parse::<Phone>() {
        Ok(phone) => Some(phone),
        Err(PhoneError::Empty) => None,
        Err(_) => {
            wrongs.push((field, Wrong::Phone));
            None
        }
    }
}
