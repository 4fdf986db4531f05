//! Countries that carriers' zones count to Asia, by ISO 3166-1; all others are the world. Viet Nam is
//! neither: its addresses are written otherwise.

use crate::country::Country;

const ASIA: [&str; 49] = [
    "AE", "AF", "AM", "AZ", "BD", "BH", "BN", "BT", "CN", "GE", "HK", "ID", "IL", "IN", "IQ", "IR",
    "JO", "JP", "KG", "KH", "KP", "KR", "KW", "KZ", "LA", "LB", "LK", "MM", "MN", "MO", "MV", "MY",
    "NP", "OM", "PH", "PK", "PS", "QA", "SA", "SG", "SY", "TH", "TJ", "TL", "TM", "TR", "TW", "UZ",
    "YE",
];

pub(super) fn in_asia(country: Country) -> bool {
    ASIA.binary_search(&country.code()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_countries_and_in_order() {
        assert!(ASIA.is_sorted());
        assert!(ASIA.iter().all(|code| code.parse::<Country>().is_ok()));
    }
}
