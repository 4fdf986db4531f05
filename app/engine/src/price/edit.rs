//! Changing a tour's price rules and what can be had with it: only the workshop's owners do.

use chrono::{NaiveDate, Weekday};
use serde_json::json;

use super::extra::{Extra, ExtraKind, Extras, Per};
use super::rule::{Change, PriceRule, PriceRules, When};
use crate::accounts::Actor;
use crate::catalogue::Tour;
use crate::catalogue::edit::{
    EditError, ExtraPart, Field, MAX_PRICE, Reader, RulePart, Wrong, Wrongs, done, owned,
};
use crate::schedule::lunar::LunarDay;
use crate::schedule::{DayRule, LunarDays, Season, Weekdays};
use crate::store::Tx;
use crate::{Dong, ExtraId, Localized, TourId, params};

const MAX_ROWS: usize = 20;
const NAME: usize = 60;
const TITLE: usize = 80;
const MOST: i32 = 100;

/// A rule as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleInput {
    /// As [`When`] is tagged: "weekdays", "season", "dates", "lunar_range", "lunar_days", "early",
    /// "group", "residents".
    pub when: String,
    pub name: Localized,
    /// "sat", "sun".
    pub weekdays: Vec<String>,
    /// "01/06" and "31/08" of a season; dates; "23/12" and "15/1" of the lunar year.
    pub from: String,
    pub to: String,
    /// "1, 15" of each lunar month.
    pub days: String,
    /// Days ahead, or people.
    pub least: String,
    /// "less" or "more", "percent" or "each", and how much.
    pub way: String,
    pub by: String,
    pub much: String,
}

impl RuleInput {
    /// What the editor begins with.
    pub fn of(rule: &PriceRule) -> Self {
        let (lowers, by, much) = match rule.change {
            Change::Percent(percent) => (percent < 0, "percent", percent.unsigned_abs().into()),
            Change::Each(Dong(amount)) => (amount < 0, "each", amount.unsigned_abs()),
        };
        let mut input = Self {
            when: rule.when.tag().to_owned(),
            name: rule.name.clone(),
            way: if lowers { "less" } else { "more" }.to_owned(),
            by: by.to_owned(),
            much: much.to_string(),
            ..Self::default()
        };
        match &rule.when {
            When::Weekdays { days } => {
                input.weekdays = days.0.iter().map(|day| day.to_string().to_lowercase()).collect();
            }
            When::Season { from, to } => {
                (input.from, input.to) = (day_month(from), day_month(to));
            }
            When::Dates { from, to } => {
                (input.from, input.to) = (from.to_string(), to.to_string());
            }
            When::LunarRange { from, to } => {
                (input.from, input.to) = (from.to_string(), to.to_string());
            }
            When::LunarDays { days } => {
                let days: Vec<String> = days.0.iter().map(ToString::to_string).collect();
                input.days = days.join(", ");
            }
            When::Early { days } => {
                input.least = days.to_string();
            }
            When::Group { people } => {
                input.least = people.to_string();
            }
            When::Residents => {}
        }
        input
    }
}

/// "03-01" as people write it: "01/03"; and back.
fn day_month(text: &str) -> String {
    text.split_once('-').map_or_else(String::new, |(month, day)| format!("{day}/{month}"))
}

fn month_day(text: &str) -> String {
    match text.trim().split_once('/') {
        Some((day, month)) => format!("{:0>2}-{:0>2}", month.trim(), day.trim()),
        None => text.trim().to_owned(),
    }
}

/// The rules of a tour, as they can be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleList(PriceRules);

impl RuleList {
    pub fn parse(inputs: &[RuleInput]) -> Result<RuleList, Wrongs> {
        let mut reader = Reader::default();
        if inputs.len() > MAX_ROWS {
            reader.wrong(Field::Rules, Wrong::TooMany { max: MAX_ROWS });
        }
        let rules =
            inputs.iter().enumerate().filter_map(|(at, input)| rule(&mut reader, at, input));
        let rules: Vec<PriceRule> = rules.collect();
        reader.finish(RuleList(PriceRules(rules)))
    }

    /// The tour as it would be with these rules.
    pub fn shown_on(&self, tour: &mut Tour) {
        tour.price_rules = self.0.clone();
    }
}

/// None when what it is about could not be read; the reader knows why.
fn rule(reader: &mut Reader, at: usize, input: &RuleInput) -> Option<PriceRule> {
    let field = |part| Field::Rule(at, part);
    let when = when(reader, at, input);
    let of_day = when.as_ref().is_some_and(When::is_of_day);
    let name = if of_day {
        reader.texts(|locale| field(RulePart::Name(locale)), &input.name, NAME)
    } else {
        Localized::default()
    };
    let sign = match input.way.as_str() {
        "less" => -1,
        "more" => 1,
        _ => {
            reader.wrong(field(RulePart::Way), Wrong::Choice);
            return None;
        }
    };
    let change = match input.by.as_str() {
        "percent" => {
            let most = if sign < 0 { Change::PERCENT.0.abs() } else { Change::PERCENT.1 };
            Change::Percent(sign * reader.number(field(RulePart::Much), &input.much, 1, most))
        }
        "each" => {
            let amount = reader.price(field(RulePart::Much), &input.much, MAX_PRICE);
            Change::Each(Dong(i64::from(sign) * amount.0))
        }
        _ => {
            reader.wrong(field(RulePart::By), Wrong::Choice);
            return None;
        }
    };
    // To charge others more is against the law: see [`When::Residents`].
    if when == Some(When::Residents) && !change.lowers() {
        reader.wrong(field(RulePart::Way), Wrong::OnlyLess);
    }
    Some(PriceRule { when: when?, name, change })
}

fn when(reader: &mut Reader, at: usize, input: &RuleInput) -> Option<When> {
    let field = |part| Field::Rule(at, part);
    let missing = |text: &str, wrong| if text.trim().is_empty() { Wrong::Missing } else { wrong };
    match input.when.as_str() {
        "weekdays" => {
            let days: Vec<Weekday> =
                input.weekdays.iter().filter_map(|day| day.parse().ok()).collect();
            if days.is_empty() {
                reader.wrong(field(RulePart::Weekdays), Wrong::Missing);
                return None;
            }
            Some(When::Weekdays { days: Weekdays(days) })
        }
        "season" => {
            let (from, to) = (month_day(&input.from), month_day(&input.to));
            for (part, day, typed) in
                [(RulePart::From, &from, &input.from), (RulePart::To, &to, &input.to)]
            {
                if Season::parse(Some(day), Some(day)).is_none() {
                    reader.wrong(field(part), missing(typed, Wrong::DayMonth));
                }
            }
            Season::parse(Some(&from), Some(&to))?;
            Some(When::Season { from, to })
        }
        "dates" => {
            let mut date = |part, text: &str, first: Option<NaiveDate>| {
                let date = reader.optional_date(field(part), text, (first, None));
                if text.trim().is_empty() {
                    reader.wrong(field(part), Wrong::Missing);
                }
                date
            };
            let from = date(RulePart::From, &input.from, None);
            let to = date(RulePart::To, &input.to, from);
            Some(When::Dates { from: from?, to: to? })
        }
        "lunar_range" => {
            let mut day = |part, text: &str| {
                let day = text.trim().parse::<LunarDay>().ok();
                if day.is_none() {
                    reader.wrong(field(part), missing(text, Wrong::DayMonth));
                }
                day
            };
            let (from, to) = (day(RulePart::From, &input.from), day(RulePart::To, &input.to));
            let (from, to) = (from?, to?);
            if !(DayRule::LunarRange { from, to }).is_sound() {
                reader.wrong(field(RulePart::To), Wrong::BelowOther);
            }
            Some(When::LunarRange { from, to })
        }
        "lunar_days" => {
            let parts = input.days.split([',', ' ', ';']).filter(|part| !part.is_empty());
            let days: Option<Vec<u8>> = parts.map(|part| part.parse().ok()).collect();
            let days = LunarDays(days.unwrap_or_default());
            if !DayRule::LunarDays(days.clone()).is_sound() {
                reader.wrong(field(RulePart::Days), missing(&input.days, Wrong::LunarDays));
                return None;
            }
            Some(When::LunarDays { days })
        }
        "early" => {
            let days = reader.number(field(RulePart::Least), &input.least, 1, 365);
            Some(When::Early { days })
        }
        "group" => {
            let people = reader.number(field(RulePart::Least), &input.least, 2, 500);
            Some(When::Group { people })
        }
        "residents" => Some(When::Residents),
        _ => {
            reader.wrong(field(RulePart::When), Wrong::Choice);
            None
        }
    }
}

#[derive(Debug, Clone)]
pub struct SaveRules {
    pub actor: Actor,
    pub tour: TourId,
    pub rules: RuleList,
}

/// Saves the rules. What is booked keeps its price.
pub async fn save_rules(tx: &mut Tx, command: SaveRules) -> Result<(), EditError> {
    let SaveRules { actor, tour, rules: RuleList(rules) } = command;
    let workshop = owned(tx, &actor, tour).await?;
    tx.execute_one("UPDATE tour SET price_rules = $2 WHERE id = $1", params![tour, rules]).await?;
    let detail = json!({ "rules": rules });
    done(tx, &actor, "tour.save_rules", tour, workshop, detail).await?;
    Ok(())
}

/// A thing to have, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExtraInput {
    /// Of one that is there already: bookings point at it.
    pub id: String,
    pub kind: String,
    pub title: Localized,
    pub price: String,
    pub per: String,
    pub most: String,
}

impl ExtraInput {
    /// What the editor begins with.
    pub fn of(extra: &Extra) -> Self {
        Self {
            id: extra.id.to_string(),
            kind: extra.kind.to_string(),
            title: extra.title.clone(),
            price: extra.price.0.to_string(),
            per: extra.per.to_string(),
            most: extra.most.to_string(),
        }
    }
}

/// What a tour offers beside, as it can be saved. What is new has no id yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtraList(Vec<(Option<ExtraId>, Extra)>);

impl ExtraList {
    /// `fresh` gives ids to what is new.
    pub fn parse(inputs: &[ExtraInput]) -> Result<ExtraList, Wrongs> {
        let mut reader = Reader::default();
        if inputs.len() > MAX_ROWS {
            reader.wrong(Field::Extras, Wrong::TooMany { max: MAX_ROWS });
        }
        let extras = inputs.iter().enumerate().map(|(at, input)| extra(&mut reader, at, input));
        let extras = extras.collect();
        reader.finish(ExtraList(extras))
    }
}

fn extra(reader: &mut Reader, at: usize, input: &ExtraInput) -> (Option<ExtraId>, Extra) {
    let field = |part| Field::Extra(at, part);
    let title = reader.texts(|locale| field(ExtraPart::Title(locale)), &input.title, TITLE);
    let kind = ExtraKind::parse(&input.kind);
    let kind = reader.choice(field(ExtraPart::Kind), kind, ExtraKind::Other);
    let per = reader.choice(field(ExtraPart::Per), Per::parse(&input.per), Per::Piece);
    let price = reader.price(field(ExtraPart::Price), &input.price, MAX_PRICE);
    let most = match per {
        Per::Piece => reader.optional_number(field(ExtraPart::Most), &input.most, 1, MOST),
        Per::Person | Per::Booking => None,
    };
    let most = u32::try_from(most.unwrap_or(MOST)).unwrap_or(1);
    let id: Option<ExtraId> = input.id.parse().ok();
    // The verb gives one to what is new.
    let shown = id.unwrap_or_else(|| uuid::Uuid::nil().into());
    (id, Extra { id: shown, kind, title, price, per, most })
}

#[derive(Debug, Clone)]
pub struct SaveExtras {
    pub actor: Actor,
    pub tour: TourId,
    pub extras: ExtraList,
}

/// Saves what can be had. What is booked stays booked, at its price.
pub async fn save_extras(tx: &mut Tx, command: SaveExtras) -> Result<(), EditError> {
    let SaveExtras { actor, tour, extras: ExtraList(rows) } = command;
    let workshop = owned(tx, &actor, tour).await?;
    let (before,): (Extras,) =
        tx.fetch_one("SELECT extras FROM tour WHERE id = $1", params![tour]).await?;
    let mut extras: Vec<Extra> = Vec::new();
    for (id, extra) in rows {
        let known = id.filter(|id| before.0.iter().any(|old| old.id == *id));
        let free = known.filter(|id| extras.iter().all(|other| other.id != *id));
        extras.push(Extra { id: free.unwrap_or_else(|| ExtraId::new(tx.now())), ..extra });
    }
    let extras = Extras(extras);
    tx.execute_one("UPDATE tour SET extras = $2 WHERE id = $1", params![tour, extras]).await?;
    let detail = json!({ "extras": extras });
    done(tx, &actor, "tour.save_extras", tour, workshop, detail).await?;
    Ok(())
}
