//! What a price is made of: the usual price of a unit type, what the day and the party make of it,
//! things to have with the visit, and codes that take something off.
//!
//! One pure function, [`reckon`], gives the price of one ticket with each step that led to it. A
//! booking keeps the steps with its lines, so that a guest reads later what they were promised,
//! whatever becomes of the rules. Each rule is reckoned from the usual price, not from what another
//! rule made of it: the steps add up in any order.
//!
//! Of each kind of rule one applies: the first in the host's order that covers the day, and of the
//! steps of early booking and of group size the highest that was reached.

mod codes;
mod edit;
mod extra;
mod level;
mod promo;
mod reckon;
mod rule;

#[cfg(test)]
mod tests;

pub use codes::{
    CodeData, CodeInput, EndCode, PromoCode, SaveCode, Used, codes_of, end_code, save_code,
    takes_codes,
};
pub use edit::{
    ExtraInput, ExtraList, RuleInput, RuleList, SaveExtras, SaveRules, save_extras, save_rules,
};
pub use extra::{Extra, ExtraError, ExtraKind, ExtraLine, Extras, Per, Taken};
pub use level::PriceLevel;
pub use promo::{Code, Cut, NotACode, Promo, PromoError};
pub(crate) use promo::{For, take as take_code};
pub use reckon::{PriceStep, Priced, Sale, Why, reckon, signed_percent};
pub use rule::{Change, Kind, PriceRule, PriceRules, When};
