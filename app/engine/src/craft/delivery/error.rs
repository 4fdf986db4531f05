//! Why something about a parcel could not be done.

use super::rate::Zone;
use crate::accounts::Forbidden;
use crate::ledger::LedgerError;
use crate::phone::PhoneError;
use crate::store::StoreError;

/// A field of a form about parcels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Way,
    Recipient,
    Phone,
    /// In Viet Nam.
    Street,
    Ward,
    Province,
    /// Elsewhere.
    Line1,
    Line2,
    City,
    Region,
    Postcode,
    Country,
    Pays,
    Carrier,
    Tracking,
    Cost,
    Grams,
    /// A step of a zone's rates.
    Rate(Zone),
    PaysOffered,
}

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Missing,
    TooLong {
        max: usize,
    },
    Choice,
    Phone(PhoneError),
    /// Parcels within Viet Nam need a Vietnamese number.
    NotVietnamese,
    /// As the country writes them: "99999".
    Postcode {
        like: &'static str,
    },
    /// Letters that no carrier's label can print.
    NotLatin,
    /// The workshop sends nothing there.
    NotPosted,
    Amount,
    Number {
        min: i32,
        max: i32,
    },
    /// Steps of rates rise in weight and price, one a line.
    Steps,
}

pub type Wrongs = Vec<(Field, Wrong)>;

#[derive(Debug, thiserror::Error)]
pub enum ParcelError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error(transparent)]
    Ledger(LedgerError),
    #[error("there is no such parcel")]
    Unknown,
    #[error("these fields are missing or malformed: {0:?}")]
    Fields(Wrongs),
    #[error("the parcel is not in a state for this")]
    State,
    #[error("the cost is paid: what it depends on stays")]
    Paid,
}

impl From<LedgerError> for ParcelError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Store(error) => error.into(),
            LedgerError::Forbidden(error) => error.into(),
            error => ParcelError::Ledger(error),
        }
    }
}

/// One line of an address or a name.
pub(super) fn line_of(
    text: &str,
    field: Field,
    (max, must): (usize, bool),
    wrongs: &mut Wrongs,
) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if must && text.is_empty() {
        wrongs.push((field, Wrong::Missing));
    } else if text.chars().count() > max {
        wrongs.push((field, Wrong::TooLong { max }));
    }
    text
}
