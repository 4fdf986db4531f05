//! What an event makes of the prices of its days.

use serde::{Deserialize, Serialize};

use super::rule::Change;
use crate::Dong;
use crate::store::{Bind, Param};

/// What seats cost, in per cent of the usual price.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type,
)]
#[sqlx(transparent)]
pub struct PriceLevel(i32);

impl PriceLevel {
    pub const USUAL: PriceLevel = PriceLevel(100);
    /// Half the price, and twice the price: beyond it is a typing slip.
    pub const RANGE: (i32, i32) = (50, 200);

    /// None outside [`PriceLevel::RANGE`].
    pub fn new(percent: i32) -> Option<Self> {
        (Self::RANGE.0..=Self::RANGE.1).contains(&percent).then_some(Self(percent))
    }

    pub const fn percent(self) -> i32 {
        self.0
    }

    pub fn is_usual(self) -> bool {
        self == Self::USUAL
    }

    /// What something of this usual price costs; see [`Change::of`].
    pub fn of(self, usual: Dong) -> Dong {
        usual + Change::Percent(self.0 - 100).of(usual)
    }
}

impl Default for PriceLevel {
    fn default() -> Self {
        Self::USUAL
    }
}

impl Bind for PriceLevel {
    fn bind(&self) -> Param {
        Param::I32(Some(self.0))
    }
    fn null() -> Param {
        Param::I32(None)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn prices_are_whole_thousands() {
        let dearer = PriceLevel::new(110).unwrap();
        assert_eq!(dearer.of(Dong(250_000)), Dong(275_000));
        assert_eq!(dearer.of(Dong(195_000)), Dong(215_000));
        assert_eq!(dearer.of(Dong(5_000)), Dong(5_500));
        assert_eq!(PriceLevel::new(80).unwrap().of(Dong(150_000)), Dong(120_000));
        assert_eq!(PriceLevel::USUAL.of(Dong(123_456)), Dong(123_456));
        assert_eq!(PriceLevel::new(49), None);
    }

    proptest! {
        #[test]
        fn a_higher_level_never_costs_less(price in 0i64..100_000_000, low in 50i32..200, more in 0i32..50) {
            let (low, high) = (PriceLevel(low), PriceLevel((low + more).min(200)));
            let (cheap, dear) = (low.of(Dong(price)), high.of(Dong(price)));
            // Only the usual price itself is not rounded.
            prop_assert!(cheap.0 <= dear.0 + 500, "{cheap:?} {dear:?}");
            prop_assert!((dear.0 * 100 - price * i64::from(high.percent())).abs() <= 50_000);
        }
    }
}
