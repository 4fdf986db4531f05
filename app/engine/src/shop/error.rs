//! Why something about the shop could not be done.

use crate::accounts::Forbidden;
use crate::catalogue::photos::PhotoError;
use crate::coop::CoopError;
use crate::craft::delivery::{self, ParcelError};
use crate::giftcard::{CardError, Refused};
use crate::ledger::LedgerError;
use crate::payment::PaymentError;
use crate::store::StoreError;
use crate::{Dong, Locale, Localized};

/// A field of a form about the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Title(Locale),
    About(Locale),
    Materials(Locale),
    Size,
    Price,
    Grams,
    Stock,
    Place,
    Lot,
    Quantity,
    Name,
    Email,
    Phone,
    Note,
    Way,
    Pays,
    Reason,
    Reply,
    Method,
    Percent,
    Amount,
    Card,
    Date,
    /// Of the address, which the forms of parcels name.
    Parcel(delivery::Field),
}

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Missing,
    TooLong {
        max: usize,
    },
    Choice,
    Amount,
    Number {
        min: i32,
        max: i32,
    },
    /// Orders have so many of it already.
    Taken {
        taken: i32,
    },
    /// One of a kind is there once, or not at all.
    OneOff,
    /// So many are left.
    Left {
        left: i32,
    },
    Email,
    Phone,
    /// The lot's code is none of the workshop's.
    Lot,
    /// The seller takes no transfers, so it is paid at the counter, and collected.
    NoTransfer,
    /// What is posted is paid beforehand.
    PostPaid,
    Percent,
    Above {
        most: Dong,
    },
    Date,
    Parcel(delivery::Wrong),
}

pub type Wrongs = Vec<(Field, Wrong)>;

#[derive(Debug, thiserror::Error)]
pub enum ShopError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no such piece, basket or order")]
    Unknown,
    #[error("these fields are missing or malformed: {0:?}")]
    Fields(Wrongs),
    #[error("somebody else was quicker: there are {left} left")]
    SoldOut { title: Localized, left: i32 },
    #[error("there is nothing to order")]
    Empty,
    #[error("the order is not in a state for this")]
    State,
    #[error("the order is not paid")]
    NotPaid,
    #[error("the time to give it back is over")]
    TooLate,
    #[error("the gift card does not pay: {0:?}")]
    Card(Refused),
    #[error(transparent)]
    Photo(PhotoError),
    #[error(transparent)]
    Ledger(LedgerError),
    #[error(transparent)]
    Payment(PaymentError),
}

impl From<LedgerError> for ShopError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Store(error) => error.into(),
            LedgerError::Forbidden(error) => error.into(),
            error => ShopError::Ledger(error),
        }
    }
}

impl From<ParcelError> for ShopError {
    fn from(error: ParcelError) -> Self {
        match error {
            ParcelError::Store(error) => error.into(),
            ParcelError::Forbidden(error) => error.into(),
            ParcelError::Ledger(error) => error.into(),
            ParcelError::Unknown => ShopError::Unknown,
            ParcelError::Fields(wrongs) => {
                let of = |(field, wrong)| (Field::Parcel(field), Wrong::Parcel(wrong));
                ShopError::Fields(wrongs.into_iter().map(of).collect())
            }
            ParcelError::State | ParcelError::Paid => ShopError::State,
        }
    }
}

impl From<CoopError> for ShopError {
    fn from(error: CoopError) -> Self {
        match error {
            CoopError::Store(error) => error.into(),
            CoopError::Forbidden(error) => error.into(),
            _ => ShopError::Unknown,
        }
    }
}

impl From<CardError> for ShopError {
    fn from(error: CardError) -> Self {
        match error {
            CardError::Store(error) => error.into(),
            CardError::Forbidden(error) => error.into(),
            CardError::Refused(refused) => ShopError::Card(refused),
            // The card was changed at this very moment: the write is tried again.
            _ => ShopError::State,
        }
    }
}

impl From<PaymentError> for ShopError {
    fn from(error: PaymentError) -> Self {
        match error {
            PaymentError::Store(error) => error.into(),
            PaymentError::Forbidden(error) => error.into(),
            error => ShopError::Payment(error),
        }
    }
}

impl From<PhotoError> for ShopError {
    fn from(error: PhotoError) -> Self {
        match error {
            PhotoError::Store(error) => error.into(),
            PhotoError::Forbidden(error) => error.into(),
            PhotoError::Unknown => ShopError::Unknown,
            error => ShopError::Photo(error),
        }
    }
}

impl From<ShopError> for PaymentError {
    fn from(error: ShopError) -> Self {
        match error {
            ShopError::Store(error) => error.into(),
            ShopError::Forbidden(error) => error.into(),
            ShopError::Ledger(error) => error.into(),
            ShopError::Payment(error) => error,
            _ => PaymentError::Unknown,
        }
    }
}

/// Text of one line, read within its limits.
pub(super) fn line_of(
    text: &str,
    field: Field,
    (max, must): (usize, bool),
    wrongs: &mut Wrongs,
) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    checked(text, field, (max, must), wrongs)
}

/// Text of several lines.
pub(super) fn words_of(
    text: &str,
    field: Field,
    bounds: (usize, bool),
    wrongs: &mut Wrongs,
) -> String {
    checked(text.trim().replace("\r\n", "\n"), field, bounds, wrongs)
}

fn checked(text: String, field: Field, (max, must): (usize, bool), wrongs: &mut Wrongs) -> String {
    if must && text.is_empty() {
        wrongs.push((field, Wrong::Missing));
    } else if text.chars().count() > max {
        wrongs.push((field, Wrong::TooLong { max }));
    }
    text
}
