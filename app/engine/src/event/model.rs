//! Events as they are stored and as people write them.

use chrono::{DateTime, NaiveDate, Utc};

use super::days::Effect;
use crate::catalogue::PriceLevel;
use crate::catalogue::edit::{Field, Reader, Wrong, Wrongs};
use crate::coop::Author;
use crate::schedule::{DayColumns, DayRule, LunarDays};
use crate::store::{Columns, StoreError};
use crate::{CoopId, EventId, Localized, VillageId, columns, stored_enum};

stored_enum! {
    /// On which days rules open while an event lasts.
    pub enum EventOpening {
        /// As the rules say.
        Usual = "usual",
        /// On each day that a rule holds, whatever days of the week it names.
        Daily = "daily",
        /// Nobody opens.
        Closed = "closed",
    }
}

/// Per cent of the usual seats: fewer while the lanes are full, more with a marquee.
pub const CAPACITY_RANGE: (i32, i32) = (10, 300);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub id: EventId,
    pub slug: String,
    pub village_id: VillageId,
    /// The office's concerns all workshops of the village, a co-op's its members.
    pub author: Author,
    pub name: Localized,
    pub summary: Localized,
    /// Paragraphs are separated by blank lines.
    pub story: Localized,
    /// Where in the village; may be empty.
    pub place: Localized,
    pub days: DayRule,
    pub effect: Effect,
    pub published: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
pub(super) struct EventRow {
    id: EventId,
    slug: String,
    village_id: VillageId,
    coop_id: Option<CoopId>,
    name: Localized,
    summary: Localized,
    story: Localized,
    place: Localized,
    #[sqlx(flatten)]
    days: DayColumns,
    opening: EventOpening,
    capacity_percent: i32,
    price_percent: PriceLevel,
    published: bool,
    version: i32,
    created_at: DateTime<Utc>,
}

impl TryFrom<EventRow> for Event {
    type Error = StoreError;

    fn try_from(row: EventRow) -> Result<Self, StoreError> {
        Ok(Event {
            id: row.id,
            slug: row.slug,
            village_id: row.village_id,
            author: Author::of(row.coop_id),
            name: row.name,
            summary: row.summary,
            story: row.story,
            place: row.place,
            days: row.days.read("event")?,
            effect: Effect {
                opening: row.opening,
                capacity_percent: row.capacity_percent,
                price: row.price_percent,
            },
            published: row.published,
            version: row.version,
            created_at: row.created_at,
        })
    }
}

/// Days as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DayInput {
    /// "dates", "lunar_range" or "lunar_days".
    pub kind: String,
    pub from: String,
    pub to: String,
    pub lunar_from: String,
    pub lunar_to: String,
    /// "1, 15".
    pub lunar_days: String,
}

impl DayInput {
    pub const KINDS: [&str; 3] = ["dates", "lunar_range", "lunar_days"];

    pub fn of(rule: &DayRule) -> Self {
        match rule {
            DayRule::Dates { from, to } => DayInput {
                kind: "dates".into(),
                from: from.to_string(),
                to: to.to_string(),
                ..DayInput::default()
            },
            DayRule::LunarRange { from, to } => DayInput {
                kind: "lunar_range".into(),
                lunar_from: from.to_string(),
                lunar_to: to.to_string(),
                ..DayInput::default()
            },
            DayRule::LunarDays(days) => {
                let days: Vec<String> = days.0.iter().map(u8::to_string).collect();
                DayInput {
                    kind: "lunar_days".into(),
                    lunar_days: days.join(", "),
                    ..DayInput::default()
                }
            }
        }
    }

    /// None when they name no days, or dates that are all past.
    fn parse(&self, today: NaiveDate) -> Option<DayRule> {
        let rule = match self.kind.as_str() {
            "dates" => {
                let from = self.from.trim().parse().ok()?;
                let to =
                    if self.to.trim().is_empty() { from } else { self.to.trim().parse().ok()? };
                DayRule::Dates { from, to }
            }
            "lunar_range" => {
                let from = self.lunar_from.parse().ok()?;
                let to = self.lunar_to.trim();
                let to = if to.is_empty() { from } else { to.parse().ok()? };
                DayRule::LunarRange { from, to }
            }
            "lunar_days" => {
                let words = self.lunar_days.split([',', ';', ' ']).filter(|it| !it.is_empty());
                DayRule::LunarDays(LunarDays(
                    words.map(|it| it.parse().ok()).collect::<Option<_>>()?,
                ))
            }
            _ => return None,
        };
        (rule.is_sound() && rule.next(today).is_some()).then_some(rule)
    }
}

/// As typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventInput {
    pub name: Localized,
    pub summary: Localized,
    pub story: Localized,
    pub place: Localized,
    pub days: DayInput,
    pub opening: String,
    pub capacity_percent: String,
    pub price_percent: String,
}

impl EventInput {
    /// What the editor begins with.
    pub fn of(event: &Event) -> Self {
        Self {
            name: event.name.clone(),
            summary: event.summary.clone(),
            story: event.story.clone(),
            place: event.place.clone(),
            days: DayInput::of(&event.days),
            opening: event.effect.opening.word().to_owned(),
            capacity_percent: event.effect.capacity_percent.to_string(),
            price_percent: event.effect.price.percent().to_string(),
        }
    }
}

/// What an event says and does, as it can be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventData {
    pub(super) name: Localized,
    summary: Localized,
    story: Localized,
    place: Localized,
    pub(super) days: DayRule,
    pub(super) effect: Effect,
}

const NAME: usize = 120;
const SUMMARY: usize = 400;
const STORY: usize = 8_000;
const PLACE: usize = 200;

impl EventData {
    /// `today` at the venue: an event that is over is not announced.
    pub fn parse(input: &EventInput, today: NaiveDate) -> Result<EventData, Wrongs> {
        let mut reader = Reader::default();
        let name = reader.texts(Field::Title, &input.name, NAME);
        let summary = reader.texts(Field::Summary, &input.summary, SUMMARY);
        let days = input.days.parse(today);
        if days.is_none() {
            reader.wrong(Field::Days, Wrong::Date);
        }
        let story = reader.optional_texts(Field::Story, &input.story, STORY);
        let place = reader.optional_texts(Field::Place, &input.place, PLACE);
        let opening = EventOpening::parse(&input.opening);
        let opening = reader.choice(Field::Opening, opening, EventOpening::Usual);
        let (least, most) = CAPACITY_RANGE;
        let capacity_percent =
            reader.number(Field::CapacityPercent, &input.capacity_percent, least, most);
        let (low, high) = PriceLevel::RANGE;
        let price = reader.number(Field::PricePercent, &input.price_percent, low, high);
        let price = PriceLevel::new(price).unwrap_or_default();
        let fallback = DayRule::Dates { from: today, to: today };
        reader.finish(EventData {
            name,
            summary,
            story,
            place,
            days: days.unwrap_or(fallback),
            effect: Effect { opening, capacity_percent, price },
        })
    }

    pub(super) fn columns(&self) -> Columns {
        let words = columns! {
            name: self.name,
            summary: self.summary,
            story: self.story,
            place: self.place,
            opening: self.effect.opening,
            capacity_percent: self.effect.capacity_percent,
            price_percent: self.effect.price,
        };
        words.and(self.days.columns())
    }
}
