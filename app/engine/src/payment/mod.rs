//! Paying by bank transfer: what is asked before a visit, what comes in, what goes back.
//!
//! Money goes from the guest's bank straight to an account of the workshop or of its co-op. The
//! platform holds none of it and has no payment function in the sense of Decree 117/2025/NĐ-CP (a
//! platform that has one withholds the hosts' taxes).
//!
//! A tour says when it is paid ([`PaymentTerms`]). Where something is due beforehand, confirming a
//! booking makes it wait for the money: seats are kept until the due time, the guest sees a QR code
//! with a code of its own ([`PaymentCode`]), and whoever watches the account (a service by webhook, a
//! statement, the host) tells of transfers. Enough money makes the booking count, in the same
//! transaction as its letters. What does not fit waits for a person ([`reconciliation`]).
//!
//! Who is asked to pay beforehand:
//! - a guest who books by themselves, also with seats from the waiting line or by an offer to a group;
//!   until the money is there, the place in line or the offer stays open, and lapses with the booking.
//!   What was offered to a group is not taken again when money comes late: only the host names prices;
//! - not who called: the workshop has agreed with them on the telephone;
//! - not the legs of a pass: money for one of several workshops would not make the day; passes are
//!   paid on the spot, and so are courses ([`crate::catalogue::Tour::payment_terms`]);
//! - not who is passed on by a sister workshop; and a booking of which money is held is not passed on,
//!   because the money is in the first workshop's books;
//! - nobody where nothing is to pay, where the workshop takes no money by transfer, or where the visit
//!   has begun.
//!
//! Once a booking counts, nothing more is asked beforehand: who brings more people pays for them at the
//! workshop. What comes back follows from one rule, [`reckon`].
//!
//! A gift card is money too ([`crate::giftcard`]): it pays of a booking what is open, by a move like any
//! other, and what comes back goes back to it first. A transfer may name a card instead of a booking;
//! their codes begin with other letters, and the rest of its way is the same. So with what is made to
//! order ([`crate::commission`]).

mod account;
mod bank;
mod card;
mod code;
mod commission;
mod decide;
mod error;
mod list;
mod money;
mod provider;
mod receive;
mod request;
mod terms;
mod transfer;
pub mod vat;
pub mod vietqr;
mod wish;

#[cfg(test)]
mod tests;

pub(crate) use account::in_use;
pub use account::{
    AccountData, AccountInput, AccountOf, AddAccount, BankAccount, ChooseAccount, RetireAccount,
    Secret, SetProvider, accounts_of, add_account, by_id as account_by_id, by_token,
    choose_account, of_workshop, retire_account, set_provider, usable_by,
};
pub use bank::{AccountNumber, BANKS, Bank, BankBin, NotAnAccount};
pub use card::paid_by_cards;
pub(crate) use card::{
    ByCard, back_to_cards, has_paid, pay_by_card, settle_of_card, settle_of_order, told,
};
pub use code::PaymentCode;
pub(crate) use code::check as check_character;
pub(crate) use commission::{count_of_commission, settle_of_commission};
pub use decide::{
    Assign, Ignore, MarkPaid, Refund, SendBack, SumData, SumInput, assign, ignore, mark_paid,
    refund, send_back,
};
pub use error::{Field, PaymentError, Wrong, Wrongs};
pub use list::{
    DueRefund, Likely, Reconciliation, RefundAccount, Row, Whose, reconciliation, refund_account,
    refunds_due, waiting, watched,
};
pub use money::{
    Money, Move, MoveKind, Reckoning, money_of, money_of_all, move_by_id, moves_of, reckon, to_take,
};
pub use provider::{
    IncomingTransfer, NotAMessage, NotAuthentic, Proof, Provider, Statement, StatementError,
    Teller, authentic, file_text, read, read_statement,
};
pub use receive::Finding;
pub use request::{Ask, Payment, asked, of_booking, pay_text, qr_text, remind_due};
pub(crate) use request::{ask, follow};
pub use terms::{PAY_MINUTES, PaymentTerms, beforehand};
pub use transfer::{TakeIn, TakenIn, Transfer, TransferState, take_in, transfer};
pub use wish::{
    Invoice, InvoiceWish, SayAccount, WishInvoice, invoice_wish, invoices, say_account,
    wish_invoice,
};
