//! Shares of a visit's money, and the arithmetic that divides it to the đồng.

use serde::{Deserialize, Serialize};

use super::error::Wrong;
use super::party::{PartyKey, PartyKind};
use crate::text::fold;
use crate::{Dong, json_column};

/// How much a share is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", content = "value", rename_all = "snake_case")]
pub enum How {
    /// So much for the visit, however many come.
    Visit(Dong),
    /// So much for each person of the party.
    Person(Dong),
    /// Of the visit's whole price, in hundredths of a per cent: 12.5 % is 1,250.
    Percent(u32),
    /// What the others leave.
    Rest,
}

/// Hundredths of a per cent in the whole.
const WHOLE: u32 = 10_000;

/// Whose share, and how much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    pub to: PartyKind,
    /// Of a reseller or a designer; empty for all others.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    #[serde(flatten)]
    pub how: How,
}

/// Most shares of one rule.
const MOST: usize = 12;

/// The shares of a rule in order; exactly one takes the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Share>", into = "Vec<Share>")]
pub struct Shares(Vec<Share>);

json_column!(Shares);

impl Shares {
    /// Refuses what would not divide: no share or two that take the rest, parts of more than a
    /// hundred per cent, amounts of nothing, the same party twice.
    pub fn new(shares: Vec<Share>) -> Result<Shares, Wrong> {
        let rests = shares.iter().filter(|share| share.how == How::Rest).count();
        let percent: u64 = shares
            .iter()
            .map(|share| match share.how {
                How::Percent(hundredths) => u64::from(hundredths),
                How::Visit(_) | How::Person(_) | How::Rest => 0,
            })
            .sum();
        let empty = |share: &Share| match share.how {
            How::Visit(amount) | How::Person(amount) => amount <= Dong::ZERO,
            How::Percent(hundredths) => hundredths == 0,
            How::Rest => false,
        };
        let again = |at: usize, share: &Share| {
            let same =
                |other: &&Share| other.to == share.to && fold(&other.name) == fold(&share.name);
            shares.iter().take(at).find(same).is_some()
        };
        if rests != 1 || shares.len() > MOST {
            Err(Wrong::OneRest)
        } else if percent > u64::from(WHOLE) {
            Err(Wrong::OverHundred)
        } else if shares.iter().any(empty) {
            Err(Wrong::Amount)
        } else if shares.iter().enumerate().any(|(at, share)| again(at, share)) {
            Err(Wrong::Twice)
        } else if shares.iter().any(|share| share.to.named() == share.name.is_empty()) {
            Err(Wrong::Missing)
        } else {
            Ok(Shares(shares))
        }
    }

    /// Everything to the workshop: what holds where nobody made a rule.
    pub fn all_to_the_workshop() -> Shares {
        Shares(vec![Share { to: PartyKind::Workshop, name: String::new(), how: How::Rest }])
    }

    pub fn iter(&self) -> impl Iterator<Item = &Share> {
        self.0.iter()
    }

    /// Each share with what it is of a visit of so many people that brought in so much.
    pub fn of(&self, total: Dong, people: u32) -> Vec<(&Share, Dong)> {
        let hows: Vec<How> = self.0.iter().map(|share| share.how).collect();
        self.0.iter().zip(divide(total, people, &hows)).collect()
    }
}

/// Who gets how much of `total` by a rule's shares, or all of it the house where nobody made a rule.
/// `whose` says whose a share is. A share of nobody falls to whoever takes the rest, and the rest of
/// nobody to the house.
pub(super) fn among(
    shares: Option<&Shares>,
    house: &PartyKey,
    (total, people): (Dong, u32),
    whose: impl Fn(&Share) -> Option<PartyKey>,
) -> Vec<(PartyKey, Dong)> {
    let usual = Shares::all_to_the_workshop();
    let present: Vec<(PartyKey, How)> = shares
        .unwrap_or(&usual)
        .iter()
        .filter_map(|share| {
            let party = whose(share);
            let party = if share.how == How::Rest { party.or(Some(house.clone())) } else { party };
            party.map(|party| (party, share.how))
        })
        .collect();
    let hows: Vec<How> = present.iter().map(|(_, how)| *how).collect();
    let parts = divide(total, people, &hows);
    present.into_iter().map(|(party, _)| party).zip(parts).collect()
}

impl TryFrom<Vec<Share>> for Shares {
    type Error = String;
    fn try_from(shares: Vec<Share>) -> Result<Shares, String> {
        Shares::new(shares).map_err(|wrong| format!("{wrong:?}"))
    }
}

impl From<Shares> for Vec<Share> {
    fn from(shares: Shares) -> Vec<Share> {
        shares.0
    }
}

/// Divides `total` by shares in order: the answers are never below 0 and add up to the total.
///
/// Parts of a hundred are of the whole total. Each part and the rest is within one đồng of its
/// exact value; the đồng that rounding leaves go to the largest fractions, first come first.
/// Where the shares are more than there is, they are met in their order, each as far as money is
/// left; the rest then gets what remains, mostly nothing. A total below 0 counts as 0. Without a
/// share that takes the rest, the last one does besides its own.
pub fn divide(total: Dong, people: u32, hows: &[How]) -> Vec<Dong> {
    let total = i128::from(total.0.max(0));
    let whole = i128::from(WHOLE);
    let mut due: Vec<i128> = hows
        .iter()
        .map(|how| match how {
            How::Visit(amount) => i128::from(amount.0.max(0)) * whole,
            How::Person(amount) => i128::from(amount.0.max(0)) * i128::from(people) * whole,
            How::Percent(hundredths) => total * i128::from(*hundredths),
            How::Rest => 0,
        })
        .collect();
    let rest = hows.iter().position(|how| *how == How::Rest).or(hows.len().checked_sub(1));
    let Some(rest) = rest else { return Vec::new() };
    let asked: i128 = due.iter().sum();
    let mut amounts: Vec<i128>;
    if asked <= total * whole {
        due[rest] += total * whole - asked;
        amounts = due.iter().map(|due| due / whole).collect();
        let mut by_fraction: Vec<usize> = (0..due.len()).collect();
        by_fraction.sort_by_key(|at| std::cmp::Reverse(due[*at] % whole));
        let mut left = total - amounts.iter().sum::<i128>();
        for at in by_fraction {
            if left > 0 {
                amounts[at] += 1;
                left -= 1;
            }
        }
    } else {
        let mut left = total;
        amounts = due
            .iter()
            .map(|due| {
                let amount = (due / whole).min(left);
                left -= amount;
                amount
            })
            .collect();
        amounts[rest] += left;
    }
    amounts.into_iter().map(|amount| Dong(i64::try_from(amount).unwrap_or(i64::MAX))).collect()
}
