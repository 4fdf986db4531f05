//! Changing what a workshop offers: only its owners do.
//!
//! Each part of the editor is one command: the words ([`save_intro`]), the options and prices
//! ([`save_options`]), the conditions ([`save_terms`]), whether and where it is shown
//! ([`publish`], [`move_tour`]), and the workshop itself ([`save_workshop`]). What a person typed
//! is parsed first (`Intro::parse` …), and what is wrong with it is told by [`Field`] and [`Wrong`].
//!
//! Options and unit types are never deleted: bookings point at them and keep the prices they were
//! promised. Texts are in two languages, Vietnamese first; where English is missing, guests read
//! the Vietnamese (see [`crate::Localized::text`]).

mod course;
mod intro;
mod options;
mod read;
mod shelf;
mod terms;
mod workshop;

#[cfg(test)]
mod tests;

pub use course::{CourseInput, CourseTerms, SaveCourse, save_course};
pub use intro::{CreateTour, Intro, IntroInput, SaveIntro, create_tour, save_intro};
pub use options::{
    MAX_PRICE, OptionDraft, OptionInput, Options, SaveOptions, Saved, UnitDraft, UnitInput,
    save_options,
};
pub(crate) use read::Reader;
pub use read::{MAX_LINES, written};
pub use shelf::{Lack, MoveTour, Publish, lacks, move_tour, publish};
pub use terms::{QuestionInput, SaveTerms, Terms, TermsInput, save_terms};
pub use workshop::{SaveWorkshop, WorkshopData, WorkshopInput, save_workshop};

use serde_json::Value;

use super::cache;
use crate::accounts::{Actor, Forbidden, audit};
use crate::store::{StoreError, Tx};
use crate::{Locale, TourId, UnitId, WorkshopId, params};

/// A field of the editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Title(Locale),
    Summary(Locale),
    Description(Locale),
    Included(Locale),
    Bring(Locale),
    TakeHome(Locale),
    MeetingPoint(Locale),
    /// On the map.
    Position,
    Languages,
    Policy,
    LeadTime,
    MinParty,
    MaxParty,
    Sharing,
    Weather,
    MinToRun,
    DecideHours,
    /// When guests pay, of what part, within what time.
    Prepay,
    PrepayPercent,
    PayMinutes,
    Waiver(Locale),
    /// Whether a tour is a course; sessions to attend, and what its certificates say.
    Course,
    Needed,
    Skills(Locale),
    /// Of the question with this number, from 0.
    Question(usize, QuestionPart),
    /// The list of options as a whole.
    Options,
    Option(usize, OptionPart),
    /// Of option and unit type with these numbers.
    Unit(usize, usize, UnitPart),
    Name,
    Address(Locale),
    Phone,
    Email,
    Story(Locale),
    Accessibility(Locale),
    LegalName,
    LegalForm,
    TaxCode,
    MailLanguage,
    /// Of an event.
    Days,
    Place(Locale),
    Opening,
    CapacityPercent,
    PricePercent,
    /// Of a co-op.
    Form,
    FoundedOn,
    /// Of a pass.
    PercentOff,
    Stops,
    /// The price rules as a whole, and the one with this number, from 0.
    Rules,
    Rule(usize, RulePart),
    /// The things to have with a tour as a whole, and the one with this number.
    Extras,
    Extra(usize, ExtraPart),
    /// Of a promo code.
    Code,
    CutBy,
    Cut,
    BookFrom,
    BookTo,
    MaxUses,
    /// Of a contract with a travel company.
    Tours,
    NetPrice(UnitId),
    ValidFrom,
    ValidTo,
    CreditLimit,
    /// Of a chapter or an artisan.
    Chapter(crate::story::ChapterField),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionPart {
    Label(Locale),
    Scope,
    Kind,
    Choices,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionPart {
    Title(Locale),
    Minutes,
    Capacity,
    Units,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitPart {
    Kind,
    MinAge,
    MaxAge,
    Price,
    Seats,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RulePart {
    When,
    Name(Locale),
    Weekdays,
    From,
    To,
    Days,
    Least,
    Way,
    By,
    Much,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExtraPart {
    Kind,
    Title(Locale),
    Price,
    Per,
    Most,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Missing,
    /// In characters.
    TooLong {
        max: usize,
    },
    TooMany {
        max: usize,
    },
    /// Not a whole number, or outside the range.
    Number {
        min: i32,
        max: i32,
    },
    /// Not an amount in whole đồng, or above [`options::MAX_PRICE`].
    Price,
    /// Not "20.9766, 105.9122", or nowhere in Việt Nam.
    Position,
    Email,
    Phone,
    TaxCode,
    /// Not a date, or outside the time that makes sense.
    Date,
    /// None of the choices offered.
    Choice,
    /// The same as one before it.
    Twice,
    /// Below the value that it must not be below.
    BelowOther,
    /// Not a day and month, such as 31/08.
    DayMonth,
    /// Not days of a lunar month, 1 to 30.
    LunarDays,
    /// Not a promo code.
    Code,
    /// The rule may only lower the price.
    OnlyLess,
    /// Guests can't pay beforehand where the workshop has no account.
    NoAccount,
    /// A link leads neither to a page of the site nor to https.
    Link,
}

/// All that is wrong, in the order of the page.
pub type Wrongs = Vec<(Field, Wrong)>;

#[derive(Debug, thiserror::Error)]
pub enum EditError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no such tour")]
    Unknown,
    #[error("these fields are missing or malformed: {0:?}")]
    Fields(Wrongs),
    #[error("the tour lacks what guests need to book it: {0:?}")]
    NotReady(Vec<Lack>),
}

/// The workshop of a tour that the actor owns.
pub(crate) async fn owned(
    tx: &mut Tx,
    actor: &Actor,
    tour: TourId,
) -> Result<WorkshopId, EditError> {
    let found: Option<(WorkshopId,)> =
        tx.fetch_optional("SELECT workshop_id FROM tour WHERE id = $1", params![tour]).await?;
    let (workshop,) = found.ok_or(EditError::Unknown)?;
    actor.must_own(workshop)?;
    Ok(workshop)
}

/// What every change ends with: caches read again, and the log says who did it.
pub(crate) async fn done(
    tx: &mut Tx,
    actor: &Actor,
    verb: &'static str,
    subject: impl std::fmt::Display,
    workshop: WorkshopId,
    detail: Value,
) -> Result<(), StoreError> {
    cache::touch(tx).await?;
    audit::record(tx, actor, verb, subject, Some(workshop), detail).await
}
