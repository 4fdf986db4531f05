//! Value-added tax on services, by the day of the visit.

use chrono::NaiveDate;

use crate::Dong;

/// From so and so on, so many per cent. 10 by the VAT Law 48/2024/QH15 (in force 1 July 2025); 8 by
/// Resolution 204/2025/QH15 and Decree 174/2025/NĐ-CP until the end of 2026.
const RATES: &[(i32, u32, u32, u8)] = &[(2025, 7, 1, 8), (2027, 1, 1, 10)];
/// Before the first of them, and where a law gives nothing else.
const USUAL: u8 = 10;

/// Per cent that hold on a day.
pub fn rate_on(day: NaiveDate) -> u8 {
    RATES
        .iter()
        .rev()
        .find(|(year, month, date, _)| {
            NaiveDate::from_ymd_opt(*year, *month, *date).is_some_and(|from| from <= day)
        })
        .map_or(USUAL, |(.., percent)| *percent)
}

/// The tax within a price that includes it, rounded to the đồng.
pub fn within(price: Dong, percent: u8) -> Dong {
    let percent = i128::from(percent);
    let whole = 100 + percent;
    let tax = (i128::from(price.0) * percent + whole / 2) / whole;
    Dong(i64::try_from(tax).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_that_of_the_day() {
        let rate = |text: &str| rate_on(text.parse().unwrap());
        assert_eq!(rate("2025-06-30"), 10);
        assert_eq!(rate("2025-07-01"), 8);
        assert_eq!(rate("2026-12-31"), 8);
        assert_eq!(rate("2027-01-01"), 10);
        assert_eq!(rate("2027-02-10"), 10, "booked in December 2026 for February");
    }

    #[test]
    fn the_tax_is_part_of_the_price() {
        assert_eq!(within(Dong(108_000), 8), Dong(8_000));
        assert_eq!(within(Dong(110_000), 10), Dong(10_000));
        assert_eq!(within(Dong(350_000), 8), Dong(25_926));
        assert_eq!(within(Dong::ZERO, 8), Dong::ZERO);
    }
}
