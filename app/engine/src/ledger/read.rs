//! What people type about shares and amounts, read at the edge.

use chrono::NaiveDate;

use super::error::{Field, Wrong, Wrongs};
use super::party::PartyKind;
use super::rule::RuleDraft;
use super::share::{How, Share, Shares};
use crate::Dong;

/// Largest amount that is no slip of the finger: a billion đồng.
const MAX_AMOUNT: Dong = Dong(1_000_000_000);

/// Longest name of a reseller or a designer, in characters.
const MAX_NAME: usize = 120;

/// One row of the editor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShareInput {
    pub to: String,
    pub name: String,
    /// "none", "percent", "visit", "person" or "rest".
    pub how: String,
    /// "12,5" per cent, or an amount.
    pub value: String,
}

/// The editor of a rule as it was filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleInput {
    /// 2026-12-01.
    pub valid_from: String,
    pub shares: Vec<ShareInput>,
}

impl RuleInput {
    /// The rows of a rule, for the editor to begin with.
    pub fn rows(shares: &Shares, amount: impl Fn(Dong) -> String) -> Vec<ShareInput> {
        let row = |share: &Share| {
            let (how, value) = match share.how {
                How::Visit(fixed) => ("visit", amount(fixed)),
                How::Person(fixed) => ("person", amount(fixed)),
                How::Percent(hundredths) => ("percent", percent(hundredths, ',')),
                How::Rest => ("rest", String::new()),
            };
            ShareInput {
                to: share.to.to_string(),
                name: share.name.clone(),
                how: how.into(),
                value,
            }
        };
        shares.iter().map(row).collect()
    }

    /// The shares; rows that give nothing are left out.
    pub fn shares(&self) -> Result<Shares, Wrongs> {
        let mut wrongs = Vec::new();
        let mut shares = Vec::new();
        for (at, row) in self.shares.iter().enumerate() {
            let how = match row.how.as_str() {
                "none" | "" => continue,
                "rest" => Some(How::Rest),
                "percent" => percent_of(&row.value, Field::Value(at), &mut wrongs),
                "visit" => amount_of(&row.value, Field::Value(at), &mut wrongs).map(How::Visit),
                "person" => amount_of(&row.value, Field::Value(at), &mut wrongs).map(How::Person),
                _ => {
                    wrongs.push((Field::How(at), Wrong::Choice));
                    None
                }
            };
            let to = PartyKind::parse(&row.to).filter(|kind| !kind.by_itself());
            let Some(to) = to else {
                wrongs.push((Field::How(at), Wrong::Choice));
                continue;
            };
            let name = words_of(&row.name, Field::Name(at), MAX_NAME, &mut wrongs);
            let name = if to.named() { name } else { String::new() };
            if to.named() && name.is_empty() {
                wrongs.push((Field::Name(at), Wrong::Missing));
            }
            shares.extend(how.map(|how| Share { to, name, how }));
        }
        if !wrongs.is_empty() {
            return Err(wrongs);
        }
        Shares::new(shares).map_err(|wrong| vec![(Field::Shares, wrong)])
    }

    pub fn parse(&self) -> Result<RuleDraft, Wrongs> {
        let mut wrongs = Vec::new();
        let valid_from = date_of(&self.valid_from, Field::ValidFrom, &mut wrongs);
        let shares = self.shares().map_err(|more| wrongs.extend(more));
        match (valid_from, shares) {
            (Some(valid_from), Ok(shares)) => Ok(RuleDraft { shares: Some(shares), valid_from }),
            _ => Err(wrongs),
        }
    }
}

/// "12,5" for 1,250 hundredths of a per cent; `mark` parts whole and decimals.
pub fn percent(hundredths: u32, mark: char) -> String {
    let (whole, part) = (hundredths / 100, hundredths % 100);
    match part {
        0 => whole.to_string(),
        part if part % 10 == 0 => format!("{whole}{mark}{}", part / 10),
        part => format!("{whole}{mark}{part:02}"),
    }
}

fn percent_of(text: &str, field: Field, wrongs: &mut Wrongs) -> Option<How> {
    let text = text.trim().trim_end_matches('%').trim_end();
    let (whole, part) = text.split_once([',', '.']).unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let read = || {
        if !digits(whole) || !digits(part) || part.len() > 2 || whole.len() > 3 {
            return None;
        }
        let scale = if part.len() == 1 { 10 } else { 1 };
        let hundredths = whole.parse::<u32>().ok()? * 100 + part.parse::<u32>().ok()? * scale;
        (1..=10_000).contains(&hundredths).then_some(How::Percent(hundredths))
    };
    let how = read();
    if how.is_none() {
        wrongs.push((field, Wrong::Percent));
    }
    how
}

pub(super) fn amount_of(text: &str, field: Field, wrongs: &mut Wrongs) -> Option<Dong> {
    let amount = text.parse().ok().filter(|amount| (Dong(1)..=MAX_AMOUNT).contains(amount));
    if amount.is_none() {
        wrongs.push((field, Wrong::Amount));
    }
    amount
}

pub(super) fn date_of(text: &str, field: Field, wrongs: &mut Wrongs) -> Option<NaiveDate> {
    let date = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok();
    if date.is_none() {
        wrongs.push((field, Wrong::Date));
    }
    date
}

/// A line of text without spaces around it.
pub(super) fn words_of(text: &str, field: Field, max: usize, wrongs: &mut Wrongs) -> String {
    let text = text.trim();
    if text.chars().count() > max {
        wrongs.push((field, Wrong::TooLong { max }));
    }
    text.to_owned()
}
