//! Who gets what of a visit's money: rules, the ledger that follows from them, statements.
//!
//! A visit is entered once, when it is over and somebody came: the guests' money is in the
//! workshop's till, and each party of the rule that held on that day is owed its share. The ledger
//! is double-entry and only appended to: each entry's lines add up to nothing, and what turns out
//! wrong (a check-in taken back, another party, another guide) is put right by a further entry.
//! Adjustments and payouts are entries too.
//!
//! What a visit brings in is the price of its booking, once anybody of the party has come. What was
//! paid in the end, more or less, is told by an adjustment between the guests' money and a party.
//!
//! Money that guests pay beforehand ([`crate::payment`]) is held for them until they come: an account
//! of the workshop's guests has it, and the visit's entry uses it up. Who cancels late or does not come
//! brings in what stays of it by the policy, shared by the same rule; who has paid nothing beforehand
//! brings in nothing then. So of each booking: received = used + paid back + still held.
//!
//! Gift cards ([`crate::giftcard`]) are held in the same way for whoever has them, in an account beside
//! the guests': sold = used + run out + paid back + still on cards. A voucher that was given is in no
//! account until it is used: then it is a cost of the workshop.
//!
//! What customers pay for commissions ([`crate::commission`]) is in the guests' account too, until the
//! pieces leave the house or what stays of a commission that its customer ended is known. Then it is
//! shared by the rule of the workshop's co-op, which gives its parts of a hundred; amounts for a visit or a
//! person fall to whoever takes the rest, because nobody visits.
//!
//! Orders of the shop ([`crate::shop`]) are paid to the guests' account first and use it up when the pieces
//! leave the house. Of a co-op's shelf each maker's part is an entry among the maker's own, with the fund as
//! its till, and the co-op's part follows from a rule for sales ([`RuleOf::Sales`]).

mod book;
mod commission;
mod error;
mod month;
mod moves;
mod party;
mod prepaid;
mod read;
mod rule;
mod sale;
mod share;
mod statement;
mod sums;
mod visit;

pub use book::{Amount, Entry, EntryKind, Method, Side, entry, reversed_by};
pub(crate) use commission::{CommissionEvent, CommissionMoved, commission_moved};
pub use error::{Field, LedgerError, Wrong, Wrongs};
pub use month::Month;
pub use moves::{
    Adjust, Adjustment, AdjustmentInput, Holder, PayOut, Payout, PayoutInput, Reverse, adjust,
    pay_out, reverse,
};
pub use party::{Party, PartyKey, PartyKind, parties_of, party};
pub(crate) use prepaid::{
    CardEvent, CardMoved, Paid, PostagePaid, Till, card_moved, postage_paid, received, refunded,
};
pub use read::{RuleInput, ShareInput, percent};
pub use rule::{RuleDraft, RuleOf, SaveRule, SplitRule, in_force, rule, rules_of, save_rule};
pub(crate) use sale::{SalePaid, Sold, sale_back, sale_paid, sold};
pub use share::{How, Share, Shares, divide};
pub use statement::{Ask, Scope, Statement, StatementLine, TourSum, statement};
pub use sums::{MonthSum, Totals, by_party, by_workshop, last_moves, months};
pub use visit::{enter_due, is_due};

#[cfg(test)]
mod tests;
