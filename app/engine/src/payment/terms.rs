//! When a tour is paid.

use chrono::{DateTime, TimeDelta, Utc};

use crate::Dong;

/// Minutes that a guest has to pay: a quarter of an hour to a week.
pub const PAY_MINUTES: std::ops::RangeInclusive<i32> = 15..=7 * 24 * 60;

/// What part of the price is paid beforehand, and by when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentTerms {
    /// All of it at the workshop.
    OnTheSpot,
    /// So many per cent beforehand, the rest at the workshop.
    Deposit { percent: u8, minutes: i32 },
    /// All of it beforehand.
    Full { minutes: i32 },
}

impl PaymentTerms {
    /// From a tour's columns.
    pub fn of(percent: i32, minutes: i32) -> Self {
        match u8::try_from(percent) {
            Ok(0) | Err(_) => PaymentTerms::OnTheSpot,
            Ok(percent @ 1..=99) => PaymentTerms::Deposit { percent, minutes },
            Ok(_) => PaymentTerms::Full { minutes },
        }
    }

    /// Per cent that is paid beforehand.
    pub const fn percent(self) -> u8 {
        match self {
            PaymentTerms::OnTheSpot => 0,
            PaymentTerms::Deposit { percent, .. } => percent,
            PaymentTerms::Full { .. } => 100,
        }
    }

    pub const fn minutes(self) -> i32 {
        match self {
            PaymentTerms::OnTheSpot => 240,
            PaymentTerms::Deposit { minutes, .. } | PaymentTerms::Full { minutes } => minutes,
        }
    }
}

/// What is to be paid beforehand of a price: a deposit in whole thousands, rounded up, because
/// nobody transfers 187,333 ₫; never more than the price.
pub fn beforehand(total: Dong, percent: u8) -> Dong {
    let part = total.percent(percent.min(100)).0;
    let exact = percent >= 100 || part % 1_000 == 0;
    let part = if exact { part } else { part - part % 1_000 + 1_000 };
    Dong(part.min(total.0))
}

/// Until when: so many minutes from now, but never after the visit has begun.
pub fn due(now: DateTime<Utc>, minutes: i32, starts_at: DateTime<Utc>) -> DateTime<Utc> {
    (now + TimeDelta::minutes(i64::from(minutes))).min(starts_at)
}

/// A letter about a payment that is due within less than this is no reminder but noise.
const WORTH_REMINDING: TimeDelta = TimeDelta::hours(2);

/// When to remind: with a quarter of the time left; not where there was little from the start.
pub fn remind_at(now: DateTime<Utc>, due: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let time = due - now;
    (time >= WORTH_REMINDING).then(|| due - time / 4)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn deposits_are_round_and_never_above_the_price() {
        assert_eq!(beforehand(Dong(600_000), 30), Dong(180_000));
        assert_eq!(beforehand(Dong(625_000), 30), Dong(188_000));
        assert_eq!(beforehand(Dong(500), 30), Dong(500));
        assert_eq!(beforehand(Dong(625_400), 100), Dong(625_400));
        assert_eq!(beforehand(Dong::ZERO, 50), Dong::ZERO);
    }

    #[test]
    fn terms_follow_from_their_columns() {
        assert_eq!(PaymentTerms::of(0, 60), PaymentTerms::OnTheSpot);
        assert_eq!(PaymentTerms::of(30, 60), PaymentTerms::Deposit { percent: 30, minutes: 60 });
        assert_eq!(PaymentTerms::of(100, 60), PaymentTerms::Full { minutes: 60 });
    }

    #[test]
    fn nobody_pays_after_the_visit_began() {
        let now = DateTime::UNIX_EPOCH;
        let start = now + TimeDelta::hours(3);
        assert_eq!(due(now, 60, start), now + TimeDelta::hours(1));
        assert_eq!(due(now, 600, start), start);
        assert_eq!(remind_at(now, now + TimeDelta::hours(1)), None);
        let day = now + TimeDelta::hours(24);
        assert_eq!(remind_at(now, day), Some(now + TimeDelta::hours(18)));
    }

    proptest! {
        #[test]
        fn a_deposit_is_part_of_the_price(total in 0_i64..1_000_000_000, percent in 1_u8..=100) {
            let part = beforehand(Dong(total), percent);
            prop_assert!(part >= Dong::ZERO && part <= Dong(total));
            prop_assert!(part.0 >= total * i64::from(percent) / 100);
        }
    }
}
