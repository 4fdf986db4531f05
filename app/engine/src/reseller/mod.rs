//! Travel companies that sell our tours: what was agreed with each, with which key it comes, what
//! it sold and what it owes.
//!
//! What a company books is an ordinary booking (`booking.contract_id`), made and changed by the
//! verbs of every booking with [`crate::accounts::Actor::Reseller`]. Its prices are net: what the
//! workshop gets. What the company asks of its guests is its own affair.

pub mod allotment;
mod credit;
mod edit;
mod error;
mod keys;
mod model;
mod read;
mod resale;
mod sell;
mod statement;

pub use credit::{Paid, Payment, owed, payments, record_payment};
pub use edit::{
    Agree, ContractData, ContractInput, EndContract, Invite, ResellerData, ResellerInput, agree,
    end_contract, invite,
};
pub use error::{ContractRefuses, ResellerError};
pub use keys::{
    KeyMode, MakeKey, NewKey, ResellerKey, RevokeKey, authenticate, keys_of, make_key, revoke_key,
};
pub use model::{Contract, Reseller, Terms, terms};
pub use read::{
    Agreement, Ask, agreement, agreements_of, by_uuid, company, contracts_of, list, seller_of, sold,
};
pub(crate) use resale::forget_traveller;
pub use resale::{Resale, Ticket, Traveller};
pub use sell::{
    Cancel, Extend, Finish, MOST_MINUTES, Reserve, Sold, USUAL_MINUTES, Update, cancel,
    cancel_until, extend, finish, reserve, update,
};
pub use statement::{Due, Statement, statement};

#[cfg(test)]
mod tests;
