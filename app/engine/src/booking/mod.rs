//! A booking from the first hold to the visit: one state machine, one place where seats move.
//!
//! ```text
//! held ──confirm─────────────────────────► confirmed ──check in──► checked in
//!  │ └──confirm, paid beforehand─► awaiting ──money──┘ │  └──────────────► no-show
//!  │                               payment             │
//!  │      (each of them)──cancel─► cancelled ◄──cancel─┘
//!  └─until passes (of either)─► expired ──confirm or money, when seats are left──► confirmed
//! ```

mod bill;
mod cancel;
mod change;
pub mod checkin;
mod confirm;
mod counted;
pub mod desk;
pub mod disruption;
pub mod enquiry;
mod error;
mod expire;
mod find;
pub mod guests;
mod hold;
mod letters;
mod model;
mod of_slot;
pub mod overflow;
mod party;
pub mod query;
pub mod reminders;
mod renew;
mod resold;
mod store;
pub mod waitlist;

#[cfg(any(test, feature = "test-support"))]
pub mod testing;

pub use bill::{Bill, BillLine, ChooseExtras, UseCode, choose_extras, drop_code, use_code};
pub(crate) use cancel::cancel_any;
pub use cancel::{
    CancelByGuest, CancelByHost, CancelResold, cancel_by_guest, cancel_by_host, cancel_resold,
    refund_now, refund_of,
};
pub use change::{ChangeParty, Move, change_party, reschedule};
pub(crate) use change::{change_party_of_any, rebook, reschedule_any};
pub use confirm::{Answers, Confirm, Contact, FillIn, confirm, fill_in, missing_details};
pub(crate) use confirm::{confirm_paid, confirm_resold};
pub(crate) use counted::columns as columns_counted;
pub use counted::{count_old, said_country, say_country};
pub use error::{BookingError, Field};
pub use expire::{EXPIRE_BATCH, expire_due, held, next_expiry};
pub use find::send_links;
pub use hold::{Hold, hold};
pub(crate) use hold::{OfPass, hold_leg, hold_resold};
pub use model::*;
pub(crate) use of_slot::{
    cancel_of_slot, follow_slot, tell_of_certificate, tell_of_session, write_to_guests_of,
};
pub use party::{GroupPrice, Party, PartyError, PartyLine, counted};
pub(crate) use renew::extend;
pub use renew::{Renew, renew};
pub(crate) use resold::{Labels, label};
pub(crate) use store::lock;

#[cfg(test)]
mod tests;
