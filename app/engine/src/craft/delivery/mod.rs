//! Sending things to people: where to, by whom, what it costs, who pays, where it is.
//!
//! A [`Parcel`] has a workshop, a recipient, a weight, a cost and a state, and does not know what is in
//! it. Whoever has something to send keeps the parcel's id with it; the words in `what` are theirs.
//! Its functions take no actor but where money is taken: who may do it is asked by whoever has
//! something in the parcel.

mod address;
mod carrier;
mod clear;
mod country;
mod error;
mod make;
mod model;
mod pay;
mod postcode;
mod province;
mod rate;
mod terms;
mod way;

pub use address::{Address, AddressInput, Postcode};
pub use carrier::Carrier;
pub(crate) use clear::{clear_due, is_due, long_posted};
pub use error::{Field, ParcelError, Wrong, Wrongs};
pub(crate) use make::{Wanted, cancel, change, follow, make, make_of_order, quote, weigh};
pub use make::{WishData, WishInput};
pub use model::{Parcel, ParcelState, Pays, Recipient, Way, parcel, parcels_by_ids, parcels_of};
pub use pay::pay_text;
pub(crate) use pay::{ParcelPaid, by_any_code, by_pay_code, give_back, receive, take_cash, unpaid};
pub use province::Province;
pub use rate::{RateStep, Rates, RatesInput, Zone};
pub use terms::{Postage, PostageInput, SavePostage, offered, postage_of, save_postage};
pub use way::{PostData, PostInput, TrackData, TrackInput};
pub(crate) use way::{arrive, hand_over, pack, post, price, unpack};
