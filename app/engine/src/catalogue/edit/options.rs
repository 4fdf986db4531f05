//! What can be booked of a tour and what it costs.

use std::collections::BTreeSet;

use serde_json::json;

use super::read::Reader;
use super::{EditError, Field, OptionPart, UnitPart, Wrong, Wrongs, done, owned};
use crate::accounts::Actor;
use crate::catalogue::{Tour, TourOption, Unit, UnitKind, load};
use crate::schedule::{Generated, HORIZON_DAYS, follow_capacity, generate_workshop};
use crate::store::{StoreError, Tx};
use crate::{Dong, Localized, OptionId, TourId, UnitId, params, text};

const MAX_OPTIONS: usize = 12;
const TITLE: usize = 120;
/// Two days.
const MAX_MINUTES: i32 = 2 * 24 * 60;
/// More seats in one departure are a typing slip; the schedule has the same limit.
const MAX_CAPACITY: i32 = 1_000;
/// More for one person is a typing slip.
pub const MAX_PRICE: Dong = Dong(100_000_000);

/// As typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OptionInput {
    /// Of an option that is there already; empty for a new one.
    pub slug: String,
    pub title: Localized,
    pub minutes: String,
    pub capacity: String,
    pub units: Vec<UnitInput>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnitInput {
    pub kind: String,
    pub min_age: String,
    pub max_age: String,
    pub price: String,
    /// Places that one takes; empty for the usual number.
    pub seats: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionDraft {
    slug: String,
    title: Localized,
    duration_minutes: i32,
    capacity: i32,
    units: Vec<UnitDraft>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnitDraft {
    kind: UnitKind,
    min_age: Option<i32>,
    max_age: Option<i32>,
    price: Dong,
    seats: i32,
}

/// All options of a tour in their order, as they can be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options(Vec<OptionDraft>);

impl Options {
    pub fn parse(inputs: &[OptionInput]) -> Result<Options, Wrongs> {
        let mut reader = Reader::default();
        if inputs.is_empty() {
            reader.wrong(Field::Options, Wrong::Missing);
        }
        if inputs.len() > MAX_OPTIONS {
            reader.wrong(Field::Options, Wrong::TooMany { max: MAX_OPTIONS });
        }
        let drafts =
            inputs.iter().enumerate().map(|(at, input)| option(&mut reader, at, input)).collect();
        reader.finish(Options(drafts))
    }

    /// The tour as it would be sold, for a preview. An option that is new has no departures yet.
    pub fn shown_on(&self, tour: &mut Tour) {
        let before = std::mem::take(&mut tour.options);
        tour.options = (1..)
            .zip(&self.0)
            .map(|(position, draft)| draft.shown(before.iter(), tour.id, position))
            .collect();
    }
}

impl OptionDraft {
    /// Known options are named by their slug. One that was removed before and is listed again
    /// under its title comes back, with its rules.
    fn is_of(&self, option: &TourOption) -> bool {
        if self.slug.is_empty() {
            let same = text::fold(&option.title.vi) == text::fold(&self.title.vi);
            return !option.active && same;
        }
        option.slug == self.slug
    }

    fn shown<'a>(
        &self,
        mut before: impl Iterator<Item = &'a TourOption>,
        tour: TourId,
        position: i32,
    ) -> TourOption {
        let epoch = chrono::DateTime::UNIX_EPOCH;
        let known = before.find(|option| option.slug == self.slug);
        let id = known.map_or_else(|| OptionId::new(epoch), |option| option.id);
        let unit = |(position, draft): (i32, &UnitDraft)| Unit {
            id: known
                .and_then(|option| option.units.iter().find(|unit| unit.kind == draft.kind))
                .map_or_else(|| UnitId::new(epoch), |unit| unit.id),
            option_id: id,
            kind: draft.kind,
            position,
            price: draft.price,
            seats: draft.seats,
            min_age: draft.min_age,
            max_age: draft.max_age,
            active: true,
            steps: Vec::new(),
        };
        TourOption {
            id,
            tour_id: tour,
            slug: self.slug.clone(),
            position,
            title: self.title.clone(),
            duration_minutes: self.duration_minutes,
            capacity: self.capacity,
            active: true,
            units: (1..).zip(&self.units).map(unit).collect(),
            sale: None,
        }
    }
}

fn option(reader: &mut Reader, at: usize, input: &OptionInput) -> OptionDraft {
    let field = |part| Field::Option(at, part);
    let title = reader.texts(|locale| field(OptionPart::Title(locale)), &input.title, TITLE);
    let minutes = reader.number(field(OptionPart::Minutes), &input.minutes, 5, MAX_MINUTES);
    let capacity = reader.number(field(OptionPart::Capacity), &input.capacity, 1, MAX_CAPACITY);
    if input.units.is_empty() {
        reader.wrong(field(OptionPart::Units), Wrong::Missing);
    }
    let mut units: Vec<UnitDraft> = Vec::new();
    for (number, input) in input.units.iter().enumerate() {
        let draft = unit(reader, at, number, input);
        if units.iter().any(|other| other.kind == draft.kind) {
            reader.wrong(Field::Unit(at, number, UnitPart::Kind), Wrong::Twice);
        }
        units.push(draft);
    }
    OptionDraft { slug: text::slug(&input.slug), title, duration_minutes: minutes, capacity, units }
}

fn unit(reader: &mut Reader, option: usize, at: usize, input: &UnitInput) -> UnitDraft {
    let field = |part| Field::Unit(option, at, part);
    let kind = reader.choice(field(UnitPart::Kind), UnitKind::parse(&input.kind), UnitKind::Adult);
    let min_age = reader.optional_number(field(UnitPart::MinAge), &input.min_age, 0, 120);
    let max_age = reader.optional_number(field(UnitPart::MaxAge), &input.max_age, 0, 120);
    if let (Some(min), Some(max)) = (min_age, max_age)
        && max < min
    {
        reader.wrong(field(UnitPart::MaxAge), Wrong::BelowOther);
    }
    let price = reader.price(field(UnitPart::Price), &input.price, MAX_PRICE);
    let seats = reader
        .optional_number(field(UnitPart::Seats), &input.seats, 0, 20)
        .unwrap_or(kind.usual_seats());
    UnitDraft { kind, min_age, max_age, price, seats }
}

#[derive(Debug, Clone)]
pub struct SaveOptions {
    pub actor: Actor,
    pub tour: TourId,
    pub options: Options,
}

/// What saving did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Saved {
    /// To the departures of the workshop.
    pub slots: Generated,
    /// Coming departures with bookings that stay as they were, although their option has other
    /// hours or seats now or is not sold any more.
    pub kept: i64,
}

/// Writes the options as they are listed: known ones by their slug and unit types by their kind,
/// new ones are added, the others are no longer sold. Departures follow, except those with
/// bookings; bookings keep their prices.
pub async fn save_options(tx: &mut Tx, command: SaveOptions) -> Result<Saved, EditError> {
    let SaveOptions { actor, tour, options } = command;
    let workshop = owned(tx, &actor, tour).await?;
    let (min_to_run,): (i32,) =
        tx.fetch_one("SELECT min_to_run FROM tour WHERE id = $1", params![tour]).await?;
    let small = options.0.iter().position(|option| option.capacity < min_to_run);
    if let Some(at) = small {
        let wrong = Wrong::Number { min: min_to_run, max: MAX_CAPACITY };
        return Err(EditError::Fields(vec![(Field::Option(at, OptionPart::Capacity), wrong)]));
    }
    let before: Vec<TourOption> =
        tx.fetch_all("SELECT * FROM tour_option WHERE tour_id = $1", params![tour]).await?;
    let mut saved = Saved::default();
    let mut kept = BTreeSet::new();
    for (position, draft) in (1..).zip(&options.0) {
        let mut free = before.iter().filter(|option| !kept.contains(&option.id));
        let id = match free.find(|option| draft.is_of(option)) {
            Some(option) => {
                saved.kept += update(tx, option, draft, position).await?;
                option.id
            }
            None => insert(tx, tour, &before, draft, position).await?,
        };
        kept.insert(id);
        save_units(tx, id, &draft.units).await?;
    }
    for option in before.iter().filter(|option| option.active && !kept.contains(&option.id)) {
        saved.kept += booked_slots(tx, option.id).await?;
        tx.execute_one(
            "UPDATE tour_option SET active = $2 WHERE id = $1",
            params![option.id, false],
        )
        .await?;
    }
    let catalogue = load::load(tx).await?;
    saved.slots = generate_workshop(tx, &catalogue, workshop, HORIZON_DAYS).await?;
    let prices: Vec<_> = options
        .0
        .iter()
        .flat_map(|option| option.units.iter().map(move |unit| (option, unit)))
        .map(|(option, unit)| format!("{} {}: {}", option.title.vi, unit.kind, unit.price.0))
        .collect();
    let detail = json!({ "prices": prices, "kept": saved.kept });
    done(tx, &actor, "tour.save_options", tour, workshop, detail).await?;
    Ok(saved)
}

/// Coming departures of an option that somebody booked.
async fn booked_slots(tx: &mut Tx, option: OptionId) -> Result<i64, StoreError> {
    let now = tx.now();
    let (count,): (i64,) = tx
        .fetch_one(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM slot WHERE option_id = $1 AND taken > 0 \
             AND status <> 'cancelled' AND starts_at > $2",
            params![option, now],
        )
        .await?;
    Ok(count)
}

async fn update(
    tx: &mut Tx,
    option: &TourOption,
    draft: &OptionDraft,
    position: i32,
) -> Result<i64, StoreError> {
    tx.execute_one(
        "UPDATE tour_option SET position = $2, title = $3, duration_minutes = $4, capacity = $5, \
         active = $6 WHERE id = $1",
        params![option.id, position, draft.title, draft.duration_minutes, draft.capacity, true],
    )
    .await?;
    if option.capacity != draft.capacity {
        follow_capacity(tx, option.id, option.capacity, draft.capacity).await?;
    }
    let same =
        option.capacity == draft.capacity && option.duration_minutes == draft.duration_minutes;
    if same { Ok(0) } else { booked_slots(tx, option.id).await }
}

async fn insert(
    tx: &mut Tx,
    tour: TourId,
    before: &[TourOption],
    draft: &OptionDraft,
    position: i32,
) -> Result<OptionId, StoreError> {
    let id = OptionId::new(tx.now());
    let base = match text::slug(&draft.title.vi) {
        slug if slug.is_empty() => "option".to_owned(),
        slug => slug,
    };
    let mut number = before.iter().filter(|option| option.slug == base).count() + 1;
    loop {
        let slug = if number == 1 { base.clone() } else { format!("{base}-{number}") };
        let inserted = tx
            .execute(
                "INSERT INTO tour_option (id, tour_id, slug, position, title, duration_minutes, \
                 capacity, active) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
                 ON CONFLICT (tour_id, slug) DO NOTHING",
                params![
                    id,
                    tour,
                    slug,
                    position,
                    draft.title,
                    draft.duration_minutes,
                    draft.capacity,
                    true,
                ],
            )
            .await?;
        if inserted == 1 {
            return Ok(id);
        }
        number += 1;
    }
}

async fn save_units(tx: &mut Tx, option: OptionId, units: &[UnitDraft]) -> Result<(), StoreError> {
    tx.execute("UPDATE unit SET active = $2 WHERE option_id = $1", params![option, false]).await?;
    for (position, unit) in (1i32..).zip(units) {
        tx.execute_one(
            "INSERT INTO unit (id, option_id, kind, position, price, seats, min_age, max_age, \
             active) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
             ON CONFLICT (option_id, kind) DO UPDATE SET position = excluded.position, \
             price = excluded.price, seats = excluded.seats, min_age = excluded.min_age, \
             max_age = excluded.max_age, active = excluded.active",
            params![
                UnitId::new(tx.now()),
                option,
                unit.kind,
                position,
                unit.price,
                unit.seats,
                unit.min_age,
                unit.max_age,
                true,
            ],
        )
        .await?;
    }
    Ok(())
}

/// Seats of the smallest option on sale.
pub(super) async fn smallest_capacity(
    tx: &mut Tx,
    tour: TourId,
) -> Result<Option<i32>, StoreError> {
    let options: Vec<(i32,)> = tx
        .fetch_all(
            "SELECT capacity FROM tour_option WHERE tour_id = $1 AND active = $2 ORDER BY capacity",
            params![tour, true],
        )
        .await?;
    Ok(options.first().map(|(seats,)| *seats))
}
