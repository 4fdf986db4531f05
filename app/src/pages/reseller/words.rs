//! What contracts say, in words.

use engine::Locale;
use engine::reseller::ContractRefuses;

use crate::t::reseller as t;

/// Why a contract says no.
pub fn refusal(locale: Locale, refusal: ContractRefuses) -> &'static str {
    match refusal {
        ContractRefuses::Tour => t::refused_tour(locale),
        ContractRefuses::Day => t::refused_day(locale),
        ContractRefuses::Ended => t::refused_ended(locale),
        ContractRefuses::Credit => t::refused_credit(locale),
    }
}
