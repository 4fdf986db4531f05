//! Why a booking could not be made or changed.

use super::model::StateKind;
use super::party::PartyError;
use crate::accounts::Forbidden;
use crate::price::{ExtraError, PromoError};
use crate::reseller::ContractRefuses;
use crate::schedule::NoSeats;
use crate::store::StoreError;

/// A field of the form that was not filled in as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    Name,
    Email,
    Phone,
    Notes,
    /// An answer, by question key.
    Answer(String),
    Waiver,
}

#[derive(Debug, thiserror::Error)]
pub enum BookingError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no such booking")]
    Unknown,
    #[error(transparent)]
    Party(#[from] PartyError),
    #[error(transparent)]
    Seats(#[from] NoSeats),
    #[error("these fields are missing or malformed: {0:?}")]
    Fields(Vec<Field>),
    #[error("a booking that is {0} does not allow this")]
    State(StateKind),
    #[error("it is too late: the slot has closed")]
    TooLate,
    #[error("somebody changed the booking at the same time")]
    Changed,
    #[error("the tour is not on sale")]
    NotOnSale,
    #[error("the booking is a leg of a pass, which changes as a whole")]
    OfPass,
    #[error("the travel company that sold the booking changes it")]
    Resold,
    #[error(transparent)]
    Contract(#[from] ContractRefuses),
    #[error(transparent)]
    Extra(#[from] ExtraError),
    #[error("the code can't be used: {0}")]
    Promo(PromoError),
}

impl From<PromoError> for BookingError {
    fn from(error: PromoError) -> Self {
        match error {
            // Stays what a transaction is tried again for.
            PromoError::Store(error) => BookingError::Store(error),
            error => BookingError::Promo(error),
        }
    }
}
