//! Why something about people's data could not be done.

use crate::accounts::Forbidden;
use crate::booking::BookingError;
use crate::booking::enquiry::EnquiryError;
use crate::booking::waitlist::WaitlistError;
use crate::commission::CommissionError;
use crate::partner::PartnerError;
use crate::store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum PrivacyError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("the link was used, ran out or never was one")]
    Spent,
    #[error("a place in a line could not be given up")]
    Line(#[from] WaitlistError),
    #[error("an enquiry could not be taken back")]
    Enquiry(#[from] EnquiryError),
    #[error("an application could not be taken back")]
    Application(#[from] PartnerError),
    #[error("a commission could not be taken back")]
    Commission(#[from] CommissionError),
    #[error(transparent)]
    Booking(#[from] BookingError),
}
