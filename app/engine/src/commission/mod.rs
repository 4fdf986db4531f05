//! Commissions: pieces that a workshop makes to order.
//!
//! A visitor writes a [brief](ask()); the workshop answers with an [offer](make_offer()): sketches, a
//! price, a day. Both [write](say()) to each other as often as they like. What was offered is never
//! changed, a further offer takes its place; so what is [accepted](accept()) is what the customer saw.
//! With the deposit the work begins, the customer sees it grow in [milestones](show()), and pays the
//! rest when it is made; then it [leaves](hand_on()) the house.
//!
//! ```text
//! asked ──offer──► offered ──accept──► accepted ──deposit──► making ──► ready ──► posted ──► delivered
//!                   ▲   └──time──► lapsed ◄──time──┘                       └──collected──────────▲
//!                   └──────offer──────┘            (either side may end it until it leaves the house)
//! ```
//!
//! Money is the customer's until the pieces leave: the ledger keeps it in the account of guests who paid
//! beforehand. Then it is earned and shared by the rule of the workshop's co-op. Of one that the workshop
//! ends all goes back, of one that the customer ends after the deposit all but what the offer keeps.

mod ask;
mod begin;
mod due;
mod end;
mod entry;
mod error;
mod home;
mod list;
mod model;
mod money;
mod news;
mod offer;
mod photo;
mod read;
mod state;
mod talk;
mod terms;
mod till;
mod work;

#[cfg(test)]
mod tests;

pub use ask::{Ask, BriefData, BriefInput, ask};
pub use begin::{Accept, accept};
pub use due::{follow, is_due};
pub use end::{End, end};
pub use entry::{By, Entry, Mark, entries_of, entry};
pub use error::{CommissionError, Field, Wrong, Wrongs};
pub use home::{Arrive, HandOn, Leave, Wish, arrive, hand_on, wish};
pub use list::{Listed, of_coop, of_workshop, waiting};
pub use model::{
    Brief, Commission, Offer, Waits, by_id, by_ids, by_secret, of_parcel, offer_of, offers_of,
};
pub(crate) use model::{by_any_code, by_pay_code};
pub(crate) use money::unpaid;
pub use money::{Move, MoveKind, Reckoning, held, money_of, moves_of, reckon};
pub use news::News;
pub use offer::{MakeOffer, OfferData, OfferInput, make_offer};
pub use photo::{MAX_PHOTOS, Photo, photo_file, photos_of, photos_of_entry};
pub use state::{EndedBy, State, StateKind, Step};
pub use talk::{Say, say};
pub use terms::{SaveTerms, Terms, TermsInput, save_terms, taken, terms_of};
pub(crate) use till::{Back, Paid, give_back, receive};
pub use till::{MarkPaid, PayBack, SayAccount, mark_paid, pay_back, say_account};
pub use work::{Show, show};
