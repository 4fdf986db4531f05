//! The guest's side: writing, changing, taking back.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::error::{Field, ReviewError, Wrong, Wrongs};
use super::language::Language;
use super::model::{Ground, QuestionKind, Review, ReviewState, Signed};
use super::read::of_booking;
use crate::accounts::{Actor, audit};
use crate::booking::{Booking, StateKind, query};
use crate::mail::{Letter, outbox};
use crate::schedule::slots;
use crate::store::{StoreError, Tx};
use crate::text::given_name;
use crate::{BookingId, Locale, ReportId, ReviewId, columns, params};

/// Days for which an author may change a review.
pub const EDIT_DAYS: i64 = 14;
/// Characters of the words.
pub const MAX_WORDS: usize = 2_000;
const MIN_WORDS: usize = 10;
pub const MAX_NAME: usize = 40;

/// A review as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReviewInput {
    pub stars: String,
    pub words: String,
    pub signed: String,
    pub name: String,
    pub language: String,
}

/// The same, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewData {
    stars: i32,
    words: String,
    signed: Signed,
    name: String,
    language: Language,
}

/// Words of several lines, without the blanks at their ends.
pub(super) fn words_of(
    typed: &str,
    field: Field,
    (least, most): (usize, usize),
    wrongs: &mut Wrongs,
) -> String {
    let words = typed.replace("\r\n", "\n").trim().to_owned();
    let length = words.chars().count();
    if words.is_empty() && least > 0 {
        wrongs.push((field, Wrong::Missing));
    } else if length < least {
        wrongs.push((field, Wrong::TooShort { least }));
    } else if length > most {
        wrongs.push((field, Wrong::TooLong { most }));
    }
    words
}

/// The name as it will be shown.
fn name_of(typed: &str, signed: Option<Signed>, wrongs: &mut Wrongs) -> String {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let signed = match signed {
        None | Some(Signed::Guest) => return String::new(),
        Some(signed) => signed,
    };
    if name.is_empty() {
        wrongs.push((Field::Name, Wrong::Missing));
    } else if name.chars().count() > MAX_NAME {
        wrongs.push((Field::Name, Wrong::TooLong { most: MAX_NAME }));
    } else if name.chars().any(|c| c.is_numeric() || matches!(c, '@' | '/' | ':' | '<' | '>')) {
        wrongs.push((Field::Name, Wrong::Name));
    }
    match signed {
        Signed::Initial => name
            .chars()
            .next()
            .map_or_else(String::new, |first| format!("{}.", first.to_uppercase())),
        Signed::Name | Signed::Guest => name,
    }
}

impl ReviewData {
    pub fn parse(input: &ReviewInput) -> Result<ReviewData, ReviewError> {
        let mut wrongs = Vec::new();
        let stars = input.stars.trim().parse().ok().filter(|stars| (1..=5).contains(stars));
        if stars.is_none() {
            wrongs.push((Field::Stars, Wrong::Missing));
        }
        let words = words_of(&input.words, Field::Words, (MIN_WORDS, MAX_WORDS), &mut wrongs);
        let language = Language::parse(&input.language);
        if language.is_none() {
            wrongs.push((Field::Language, Wrong::Choice));
        }
        let signed = Signed::parse(&input.signed);
        if signed.is_none() {
            wrongs.push((Field::Signed, Wrong::Choice));
        }
        let name = name_of(&input.name, signed, &mut wrongs);
        match (stars, signed, language) {
            (Some(stars), Some(signed), Some(language)) if wrongs.is_empty() => {
                let language = Language::of(&words, language);
                Ok(ReviewData { stars, words, signed, name, language })
            }
            _ => Err(ReviewError::Fields(wrongs)),
        }
    }
}

/// What a form proposes as the first name of who booked: the last word of a Vietnamese name, a name
/// in an East Asian script as it stands, else the first word.
pub fn first_name(name: &str, locale: Locale) -> &str {
    let east_asian = |c: char| matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}');
    if name.chars().any(east_asian) {
        name.trim()
    } else if locale == Locale::Vi {
        given_name(name)
    } else {
        name.split_whitespace().next().unwrap_or_default()
    }
}

/// Whether a booking's guest may write, and what there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nobody came yet, or a travel company or a program booked.
    No,
    /// They came and have not said anything.
    Open,
    Written(Review),
}

/// The rule, for a booking and what was written of it.
pub fn standing(booking: &Booking, review: Option<Review>) -> Standing {
    match review {
        Some(review) => Standing::Written(review),
        None if may_begin(booking).is_ok() => Standing::Open,
        None => Standing::No,
    }
}

fn may_begin(booking: &Booking) -> Result<(), ReviewError> {
    if booking.test || booking.state.kind() != StateKind::CheckedIn {
        return Err(ReviewError::NotCome);
    }
    if booking.contract_id.is_some() {
        return Err(ReviewError::Resold);
    }
    Ok(())
}

/// The guest of a booking writes a review, or changes it.
#[derive(Debug, Clone)]
pub struct Save {
    pub booking: BookingId,
    pub data: ReviewData,
}

/// Writes it, or changes what is there. Changing a hidden one asks the office to show it again.
pub async fn save(tx: &mut Tx, command: Save) -> Result<Review, ReviewError> {
    let Save { booking, data } = command;
    let booking = query::by_id(tx, booking).await?.ok_or(ReviewError::Unknown)?;
    match of_booking(tx, booking.id).await? {
        Some(review) => change(tx, &booking, review, data).await,
        None => begin(tx, &booking, data).await,
    }
}

async fn begin(tx: &mut Tx, booking: &Booking, data: ReviewData) -> Result<Review, ReviewError> {
    may_begin(booking)?;
    let slot = slots::find(tx, booking.slot_id).await?.ok_or(ReviewError::Unknown)?;
    let id = ReviewId::new(tx.now());
    let row = columns! {
        id: id,
        booking_id: booking.id,
        tour_id: booking.tour_id,
        workshop_id: booking.workshop_id,
        state: ReviewState::Shown,
        stars: data.stars,
        language: data.language,
        words: data.words,
        signed: data.signed,
        name: data.name,
        visited_on: slot.local_date,
        reply: *"",
        version: 1_i32,
        created_at: tx.now(),
    };
    if !tx.insert_if_new("review", row).await? {
        // The same form was sent twice at once.
        let review = of_booking(tx, booking.id).await?.ok_or(ReviewError::Unknown)?;
        return change(tx, booking, review, data).await;
    }
    let workshop = booking.workshop_id;
    let key = format!("{}:{id}", Letter::HostReview);
    let payload = json!({ "review_id": id });
    outbox::to_workshop(tx, workshop, Letter::HostReview, key, payload).await?;
    let detail = json!({ "stars": data.stars });
    audit::record(tx, &Actor::Guest, "review.write", &booking.code, Some(workshop), detail).await?;
    of_booking(tx, booking.id).await?.ok_or(ReviewError::Unknown)
}

async fn change(
    tx: &mut Tx,
    booking: &Booking,
    review: Review,
    data: ReviewData,
) -> Result<Review, ReviewError> {
    if review.state == ReviewState::Withdrawn {
        return Err(ReviewError::Withdrawn);
    }
    if !review.is_editable(tx.now()) {
        return Err(ReviewError::TooLate);
    }
    let same = (review.stars, &review.words, review.signed, &review.name, review.language)
        == (data.stars, &data.words, data.signed, &data.name, data.language);
    if same && review.state == ReviewState::Shown {
        return Ok(review);
    }
    let row = columns! {
        stars: data.stars,
        language: data.language,
        words: data.words,
        signed: data.signed,
        name: data.name,
        edited_at: Some(tx.now()),
        version: review.version + 1,
    };
    replace(tx, &review, row).await?;
    if review.state == ReviewState::Hidden {
        ask(tx, (&review, &Actor::Guest), QuestionKind::Appeal, None, String::new()).await?;
    }
    let detail = json!({ "stars": data.stars });
    let workshop = Some(booking.workshop_id);
    audit::record(tx, &Actor::Guest, "review.edit", &booking.code, workshop, detail).await?;
    of_booking(tx, booking.id).await?.ok_or(ReviewError::Unknown)
}

/// Changes a review that nobody else has changed meanwhile; else the verb is tried again.
pub(super) async fn replace(
    tx: &mut Tx,
    review: &Review,
    row: crate::store::Columns,
) -> Result<(), StoreError> {
    let key = columns! { id: review.id, version: review.version };
    let changed = tx.update("review", row, key).await?;
    if changed == 1 {
        return Ok(());
    }
    tx.try_again();
    Err(StoreError::RowsAffected { expected: 1, actual: changed })
}

/// Puts a question to the office; false when one is open already.
pub(super) async fn ask(
    tx: &mut Tx,
    (review, actor): (&Review, &Actor),
    kind: QuestionKind,
    reason: Option<Ground>,
    words: String,
) -> Result<bool, StoreError> {
    let row = columns! {
        id: ReportId::new(tx.now()),
        review_id: review.id,
        kind: kind,
        reason: reason,
        words: words,
        actor: actor.label(),
        decided_by: *"",
        created_at: tx.now(),
    };
    tx.insert_if_new("review_report", row).await
}

/// The guest takes it back, for good.
#[derive(Debug, Clone)]
pub struct Withdraw {
    pub booking: BookingId,
}

/// Takes a review back: its words and name are gone, the workshop's answer too. Twice is once.
pub async fn withdraw(tx: &mut Tx, command: Withdraw) -> Result<(), ReviewError> {
    let booking = query::by_id(tx, command.booking).await?.ok_or(ReviewError::Unknown)?;
    let review = of_booking(tx, booking.id).await?.ok_or(ReviewError::Unknown)?;
    if review.state == ReviewState::Withdrawn {
        return Ok(());
    }
    erase(tx, &[booking.id], tx.now()).await?;
    let workshop = Some(booking.workshop_id);
    audit::record(tx, &Actor::Guest, "review.withdraw", &booking.code, workshop, json!({})).await?;
    Ok(())
}

/// Takes back whatever was written of these bookings; answers how many reviews that were.
pub(crate) async fn erase(
    tx: &mut Tx,
    bookings: &[BookingId],
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let mut erased = 0;
    for booking in bookings {
        tx.execute(
            "UPDATE review_report SET words = '', decision = COALESCE(decision, 'dropped'), \
             decided_at = COALESCE(decided_at, $2) \
             WHERE review_id IN (SELECT id FROM review WHERE booking_id = $1)",
            params![*booking, now],
        )
        .await?;
        erased += tx
            .execute(
                "UPDATE review SET state = 'withdrawn', hidden_for = NULL, words = '', name = '', \
                 signed = 'guest', reply = '', replied_at = NULL, version = version + 1 \
                 WHERE booking_id = $1 AND state <> 'withdrawn'",
                params![*booking],
            )
            .await?;
    }
    Ok(erased)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input() -> ReviewInput {
        ReviewInput {
            stars: "5".into(),
            words: "  Một buổi sáng thật vui.\r\nCảm ơn cô chú! ".into(),
            signed: "name".into(),
            name: " Thu   Hà ".into(),
            language: "vi".into(),
        }
    }

    #[test]
    fn a_review_is_read_as_it_will_be_shown() {
        let read = ReviewData::parse(&input()).unwrap();
        assert_eq!(read.words, "Một buổi sáng thật vui.\nCảm ơn cô chú!");
        assert_eq!((read.stars, read.name.as_str()), (5, "Thu Hà"));
        let initial = ReviewInput { signed: "initial".into(), name: "đức".into(), ..input() };
        assert_eq!(ReviewData::parse(&initial).unwrap().name, "Đ.");
        let guest = ReviewInput { signed: "guest".into(), name: "a@b.vn".into(), ..input() };
        assert_eq!(ReviewData::parse(&guest).unwrap().name, "");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrongs = |change: fn(&mut ReviewInput)| {
            let mut input = input();
            change(&mut input);
            let Err(ReviewError::Fields(wrongs)) = ReviewData::parse(&input) else {
                return Wrongs::new();
            };
            wrongs
        };
        assert_eq!(wrongs(|i| i.stars = "6".into()), [(Field::Stars, Wrong::Missing)]);
        assert_eq!(wrongs(|i| i.words = " ".into()), [(Field::Words, Wrong::Missing)]);
        let short = Wrong::TooShort { least: MIN_WORDS };
        assert_eq!(wrongs(|i| i.words = "Tốt".into()), [(Field::Words, short)]);
        let long = Wrong::TooLong { most: MAX_WORDS };
        assert_eq!(wrongs(|i| i.words = "ơ".repeat(2001)), [(Field::Words, long)]);
        assert_eq!(wrongs(|i| i.name = "090 123".into()), [(Field::Name, Wrong::Name)]);
        assert_eq!(wrongs(|i| i.name = String::new()), [(Field::Name, Wrong::Missing)]);
        let all = wrongs(|i| *i = ReviewInput::default());
        assert_eq!(all.len(), 4, "{all:?}");
    }

    #[test]
    fn people_are_called_as_their_language_has_it() {
        assert_eq!(first_name("Nguyễn Thị Minh Châu", Locale::Vi), "Châu");
        assert_eq!(first_name("Emily Carter", Locale::En), "Emily");
        assert_eq!(first_name("김서연", Locale::En), "김서연");
        assert_eq!(first_name("", Locale::En), "");
    }
}
