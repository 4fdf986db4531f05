//! Gift cards and vouchers: money for a visit that nobody has chosen yet.
//!
//! A card is *bought* by a visitor, who pays it like a booking (by transfer, with a code of its own,
//! into the account where the workshop's guests pay), or *given* by the host, for a cracked pot or a
//! late start. It belongs to the workshop that sold or gave it and is honoured there alone: entries of
//! the ledger balance within one workshop, so a card of one that pays at another would need a debt
//! between the two that nobody has agreed to. Where the guests pay on a co-op's account, its fund has
//! the money, as with any other prepayment.
//!
//! Whoever says the code spends the card: of a booking's price it pays what is open, at most what it has
//! left. That is a move of the booking's money ([`crate::payment`]), so deposits, receipts and the ledger
//! follow by themselves; and so does what comes back, to the card first. What is left is one number,
//! lessened by one conditional statement: two bookings can't spend the same đồng.
//!
//! The code is kept as it is, as a booking's secret is: the card's page and its letters must show it
//! again. It has 74 random bits; asking for codes is rationed like signing in.

mod buy;
mod code;
mod control;
mod error;
mod expire;
mod give;
mod list;
mod model;
mod receive;
mod spend;
mod terms;

#[cfg(test)]
mod tests;

pub use buy::{Buy, BuyData, BuyInput, buy};
pub use code::{CardCode, NotACardCode};
pub use control::{Control, Deed, PayBack, control, pay_back};
pub use error::{CardError, Field, Refused, Wrong, Wrongs};
pub use expire::{expire_due, is_due};
pub use give::{Give, GiveData, GiveInput, give};
pub use list::{CardSums, cards_of, sums};
pub use model::{
    CardMove, CardMoveKind, CardState, CardUse, GiftCard, Origin, Standing, by_code, by_id, by_ids,
    by_secret, moves_of, paid_for, uses_of,
};
pub(crate) use model::{by_any_code, by_pay_code, moved, unpaid};
pub(crate) use receive::{Back, Paid, give_back, receive};
pub use spend::{ConfirmWithCard, Spend, Spent, confirm_with_card, spend, usable};
pub(crate) use spend::{lessen, restore, tell};
pub use terms::{
    MONTHS, Offered, SaveTerms, Terms, TermsInput, VALUES, may_sell, save_terms, terms_of,
};
