//! Reading who comes from a form, and the fields for it.

use engine::booking::{GroupPrice, Party, PartyError};
use engine::catalogue::{Sharing, Tour, TourOption, Unit};
use engine::price::{Sale, reckon};
use engine::{Locale, UnitId};
use leptos::prelude::*;

use super::format;
use crate::api::form::{Form, Problems};
use crate::islands::{PartyCounts, PartyRow, PartyWords, Residents};
use crate::{assets, t};

/// How many of each unit type a form asks for. Fields bear the unit's id; what is no count is
/// named with its field.
pub fn wanted(
    locale: Locale,
    option: &TourOption,
    form: &Form,
) -> Result<Vec<(UnitId, u32)>, Problems> {
    counts(locale, option.open_units().map(|unit| unit.id), form)
}

/// The same for a party that is booked already: a group has a line of its own.
pub fn wanted_again(
    locale: Locale,
    option: &TourOption,
    party: &Party,
    form: &Form,
) -> Result<Vec<(UnitId, u32)>, Problems> {
    if !party.is_group() {
        return wanted(locale, option, form);
    }
    counts(locale, party.lines().iter().map(|line| line.unit_id), form)
}

fn counts(
    locale: Locale,
    units: impl Iterator<Item = UnitId>,
    form: &Form,
) -> Result<Vec<(UnitId, u32)>, Problems> {
    let mut problems = Problems::default();
    let mut wanted = Vec::new();
    for unit in units {
        let name = unit.to_string();
        match form.text(&name).trim() {
            "" => {}
            typed => match typed.parse::<u32>() {
                Ok(count) => wanted.push((unit, count)),
                Err(_) => problems.add(field_id(&name), t::book::not_a_count(locale)),
            },
        }
    }
    if problems.is_empty() { Ok(wanted) } else { Err(problems) }
}

/// The id of a unit's field.
fn field_id(name: &str) -> String {
    format!("p-{name}")
}

/// Where the list of errors points for trouble with the party as a whole.
pub fn first_field(option: &TourOption) -> String {
    option.open_units().next().map_or_else(String::new, |unit| field_id(&unit.id.to_string()))
}

/// The same for a party that is booked already.
pub fn first_field_of(option: &TourOption, party: &Party) -> String {
    match party.lines().first().filter(|_| party.is_group()) {
        Some(line) => field_id(&line.unit_id.to_string()),
        None => first_field(option),
    }
}

/// Most people that may come without asking.
pub fn largest(tour: &Tour, option: &TourOption) -> i32 {
    match tour.sharing {
        Sharing::Shared => tour.max_party,
        Sharing::Private => tour.max_party.min(option.capacity),
    }
}

/// Why a party is none, in the visitor's words.
pub fn party_error(locale: Locale, error: PartyError) -> String {
    match error {
        PartyError::Empty => t::book::party_empty(locale).to_owned(),
        PartyError::UnknownUnit => t::book::party_unknown(locale).to_owned(),
        PartyError::NeedsAdult => t::book::party_needs_adult(locale).to_owned(),
        PartyError::TooSmall { min } => t::book::party_too_small(locale, i64::from(min)),
        PartyError::TooLarge { max } => t::book::party_too_large(locale, i64::from(max)),
    }
}

/// Fields with what was typed, else with `party`, else one adult less than typed nothing: zero.
#[component]
pub fn PartyFields(
    locale: Locale,
    tour: Tour,
    option: TourOption,
    form: Form,
    #[prop(optional_no_strip)] party: Option<Party>,
    problems: Problems,
    /// Whether they may say that they live here.
    #[prop(optional)]
    residents: bool,
    /// Seats that this party could take.
    left: i32,
) -> impl IntoView {
    let group = party.as_ref().filter(|party| party.is_group());
    let lines = group.map(Party::lines).unwrap_or_default();
    let agreed = lines.iter().map(|line| {
        let name = line.unit_id.to_string();
        let label = t::enquiry::of_group(locale);
        PartyRow {
            label: label.to_owned(),
            note: match line.group {
                Some(GroupPrice::Whole) => {
                    t::enquiry::price_whole(locale, line.price.display(locale))
                }
                Some(GroupPrice::Each) | None => line.price.display(locale),
            },
            price: line.price.0,
            tiers: Vec::new(),
            whole: line.group == Some(GroupPrice::Whole),
            seats: i64::from(line.seats),
            quantity: form.text(&name).trim().parse().unwrap_or_else(|_| line.quantity.into()),
            less: t::book::less(locale, label),
            more: t::book::more(locale, label),
            error: problems.of(&field_id(&name)),
            name,
        }
    });
    let on_sale = option.open_units().filter(|_| group.is_none());
    let rows: Vec<PartyRow> = on_sale
        .map(|unit| {
            let name = unit.id.to_string();
            let label = format::unit_kind(locale, unit.kind);
            let price = unit.price.display(locale);
            let typed = form.text(&name).trim().parse().ok();
            let booked = party.as_ref().map(|party| i64::from(party.quantity(unit.id)));
            PartyRow {
                label: label.to_owned(),
                note: match format::unit_note(locale, unit) {
                    Some(note) => format!("{note} · {price}"),
                    None => price,
                },
                price: unit.price.0,
                tiers: tiers(&option, unit),
                whole: false,
                seats: i64::from(unit.seats),
                quantity: typed.or(booked).unwrap_or(0),
                less: t::book::less(locale, label),
                more: t::book::more(locale, label),
                error: problems.of(&field_id(&name)),
                name,
            }
        })
        .chain(agreed)
        .collect();
    let there = party.as_ref().map_or(0, Party::people);
    let largest = largest(&tour, &option).max(there);
    let words = PartyWords {
        total: t::book::total(locale).to_owned(),
        mark: locale.writing().thousands.to_string(),
        too_many: t::book::only_left(locale, i64::from(left)),
        too_large: t::book::party_too_large(locale, i64::from(largest)),
        icons: assets::url("icons.svg"),
    };
    let residents = residents.then(|| Residents {
        label: t::price::live_here(locale).to_owned(),
        hint: t::price::residents_hint(locale).to_owned(),
        checked: form.has("residents")
            || party.as_ref().is_some_and(engine::booking::Party::is_of_residents),
    });
    view! {
        <PartyCounts rows words left=i64::from(left) largest=i64::from(largest) residents/>
    }
}

/// What one pays by the size of the party: from so many on, anybody and residents.
fn tiers(option: &TourOption, unit: &Unit) -> Vec<(i64, i64, i64)> {
    let Some(sale) = &option.sale else { return Vec::new() };
    let mut sizes: Vec<i32> = sale.rules.group_sizes().chain([1]).collect();
    sizes.sort_unstable();
    let price = |people, residents| {
        reckon(unit.usual(), &Sale { residents, ..sale.clone() }, people).price.0
    };
    let tier = |size| (i64::from(size), price(size, false), price(size, true));
    sizes.into_iter().map(tier).collect()
}
