//! Codes that take something off the price.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::codes::PromoCode;
use crate::clock::local_date;
use crate::store::{StoreError, Tx};
use crate::{Dong, PromoCodeId, TourId, WorkshopId, json_column, params};

/// A code as it is kept: capital letters and digits, "TET2027".
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[sqlx(transparent)]
#[serde(transparent)]
pub struct Code(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a code has 3 to 20 letters without marks and digits")]
pub struct NotACode;

impl std::str::FromStr for Code {
    type Err = NotACode;

    /// Takes what people type: small letters, blanks and dashes between.
    fn from_str(text: &str) -> Result<Code, NotACode> {
        let code: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let sound =
            (3..=20).contains(&code.len()) && code.chars().all(|c| c.is_ascii_alphanumeric());
        if sound { Ok(Code(code)) } else { Err(NotACode) }
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl crate::store::Bind for Code {
    fn bind(&self) -> crate::store::Param {
        self.0.bind()
    }
    fn null() -> crate::store::Param {
        String::null()
    }
}

/// What a code takes off what the party pays; things taken beside keep their price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Cut {
    /// 1 to 100; rounded up to whole thousands of đồng in the guest's favour.
    Percent(u8),
    /// Once for the booking, as far as its price goes.
    Amount(Dong),
}

impl Cut {
    /// How much of a party's price goes.
    pub fn of(self, price: Dong) -> Dong {
        match self {
            Cut::Percent(percent) => price - price.less(percent),
            Cut::Amount(amount) => amount.min(price).max(Dong::ZERO),
        }
    }
}

/// A code as a booking keeps it, on the terms of the day it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promo {
    pub id: PromoCodeId,
    pub code: Code,
    pub cut: Cut,
    /// A smaller party pays the whole price.
    pub min_people: i32,
    /// Days of visits that it is for, inclusive.
    pub visit_from: Option<NaiveDate>,
    pub visit_to: Option<NaiveDate>,
}

json_column!(Cut, Promo);

impl Promo {
    /// What it takes off the price of so many people.
    pub fn off(&self, price: Dong, people: i32) -> Dong {
        if people < self.min_people { Dong::ZERO } else { self.cut.of(price) }
    }

    /// Whether it is for visits of that day.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.visit_from.is_none_or(|from| from <= day) && self.visit_to.is_none_or(|to| day <= to)
    }
}

/// Why a code takes nothing off.
#[derive(Debug, thiserror::Error)]
pub enum PromoError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("there is no such code")]
    Unknown,
    #[error("the code may be used from {0} on")]
    NotYet(NaiveDate),
    #[error("the code is over")]
    Over,
    #[error("the code is not for this tour")]
    Tour,
    #[error("the code is not for visits on that day")]
    Day,
    #[error("the code is for parties of at least {0}")]
    People(i32),
    #[error("the code was used as often as it may be")]
    UsedUp,
}

/// For what somebody wants to use a code.
#[derive(Debug, Clone, Copy)]
pub(crate) struct For {
    pub workshop: WorkshopId,
    pub tour: TourId,
    pub day: NaiveDate,
    pub people: i32,
}

/// Takes one use of the code: the bookings that keep it are counted, and those that ended give it
/// back by themselves. Two that want the last use meet in the update.
pub(crate) async fn take(tx: &mut Tx, code: &Code, of: For) -> Result<Promo, PromoError> {
    let today = local_date(tx.now());
    let found: Option<PromoCode> = tx
        .fetch_optional(
            "UPDATE promo_code SET takes = takes + 1 WHERE workshop_id = $1 AND code = $2 \
             RETURNING *",
            params![of.workshop, code],
        )
        .await?;
    let found = found.ok_or(PromoError::Unknown)?;
    let promo = found.promo();
    match found.book_from {
        _ if found.ended_at.is_some() => return Err(PromoError::Over),
        Some(from) if today < from => return Err(PromoError::NotYet(from)),
        _ if found.book_to.is_some_and(|to| to < today) => return Err(PromoError::Over),
        _ if !found.tours.0.is_empty() && !found.tours.0.contains(&of.tour) => {
            return Err(PromoError::Tour);
        }
        _ if !promo.covers(of.day) => return Err(PromoError::Day),
        _ if of.people < promo.min_people => return Err(PromoError::People(promo.min_people)),
        _ => {}
    }
    if let Some(most) = found.max_uses {
        let (used,): (i64,) = tx
            .fetch_one(
                "SELECT COUNT(*) FROM booking WHERE promo_code_id = $1 \
                 AND state NOT IN ('cancelled', 'expired')",
                params![found.id],
            )
            .await?;
        if used >= i64::from(most) {
            return Err(PromoError::UsedUp);
        }
    }
    Ok(promo)
}
