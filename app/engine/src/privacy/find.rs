//! What there is under an address.

use uuid::Uuid;

use crate::reseller::Traveller;
use crate::store::{Conn, StoreError};
use crate::{
    ApplicantId, BookingId, CommissionId, EnquiryId, GiftCardId, PassBookingId, ShopOrderId,
    WaitlistId, params,
};

/// All that an address leads to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// In lower case.
    pub address: String,
    /// Booked with it, or by a travel company for whoever has it.
    pub bookings: Vec<BookingId>,
    pub passes: Vec<PassBookingId>,
    pub enquiries: Vec<EnquiryId>,
    pub waiting: Vec<WaitlistId>,
    /// Asked for placements or studies.
    pub applicants: Vec<ApplicantId>,
    /// Gift cards that its owner bought, and those that came to it.
    pub bought: Vec<GiftCardId>,
    pub received: Vec<GiftCardId>,
    /// Asked for with it.
    pub commissions: Vec<CommissionId>,
    /// Orders of the shop.
    pub orders: Vec<ShopOrderId>,
    /// How many letters went there.
    pub letters: i64,
}

impl Found {
    pub fn is_empty(&self) -> bool {
        self.bookings.is_empty()
            && self.passes.is_empty()
            && self.enquiries.is_empty()
            && self.waiting.is_empty()
            && self.applicants.is_empty()
            && self.bought.is_empty()
            && self.received.is_empty()
            && self.commissions.is_empty()
            && self.orders.is_empty()
            && self.letters == 0
    }
}

/// Looks in every place that is found by an address.
pub async fn find(conn: &mut Conn, address: &str) -> Result<Found, StoreError> {
    let address = address.to_lowercase();
    let mut bookings: Vec<BookingId> = ids(
        conn,
        // What a company booked stands under the company's address.
        "SELECT id FROM booking WHERE LOWER(email) = $1 AND contract_id IS NULL ORDER BY id",
        &address,
    )
    .await?;
    bookings.extend(resold_to(conn, &address).await?);
    let passes = "SELECT id FROM pass_booking WHERE LOWER(email) = $1 ORDER BY id";
    let enquiries = "SELECT id FROM enquiry WHERE LOWER(email) = $1 ORDER BY id";
    let waiting = "SELECT id FROM waitlist WHERE LOWER(email) = $1 ORDER BY id";
    let applicants = "SELECT id FROM applicant WHERE LOWER(email) = $1 ORDER BY id";
    let bought = "SELECT id FROM gift_card WHERE LOWER(buyer_email) = $1 ORDER BY id";
    let received = "SELECT id FROM gift_card WHERE LOWER(recipient_email) = $1 ORDER BY id";
    let commissions = "SELECT id FROM commission WHERE LOWER(email) = $1 ORDER BY id";
    let orders = "SELECT id FROM shop_order WHERE LOWER(email) = $1 ORDER BY id";
    let (letters,): (i64,) = conn
        .fetch_one(
            // The letter with the link is no reason to send one.
            "SELECT CAST(COUNT(*) AS BIGINT) FROM outbox WHERE LOWER(recipient) = $1 \
             AND kind <> 'my_data'",
            params![address],
        )
        .await?;
    Ok(Found {
        bookings,
        passes: ids(conn, passes, &address).await?,
        enquiries: ids(conn, enquiries, &address).await?,
        waiting: ids(conn, waiting, &address).await?,
        applicants: ids(conn, applicants, &address).await?,
        bought: ids(conn, bought, &address).await?,
        received: ids(conn, received, &address).await?,
        commissions: ids(conn, commissions, &address).await?,
        orders: ids(conn, orders, &address).await?,
        letters,
        address,
    })
}

async fn ids<T: From<Uuid>>(
    conn: &mut Conn,
    sql: &'static str,
    address: &str,
) -> Result<Vec<T>, StoreError> {
    let rows: Vec<(Uuid,)> = conn.fetch_all(sql, params![*address]).await?;
    Ok(rows.into_iter().map(|(id,)| id.into()).collect())
}

/// Bookings that a travel company made for somebody whose address it told.
async fn resold_to(conn: &mut Conn, address: &str) -> Result<Vec<BookingId>, StoreError> {
    // The pattern's own signs may stand in an address, so what it finds is looked at again.
    let rows: Vec<(BookingId, Traveller)> = conn
        .fetch_all(
            "SELECT booking_id, contact FROM resale WHERE LOWER(contact) LIKE $1 \
             ORDER BY booking_id",
            params![format!("%{address}%")],
        )
        .await?;
    let theirs = |contact: &Traveller| {
        contact.email_address.as_ref().is_some_and(|email| email.trim().to_lowercase() == address)
    };
    Ok(rows.into_iter().filter(|(_, contact)| theirs(contact)).map(|(id, _)| id).collect())
}
