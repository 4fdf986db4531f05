//! What guests agreed to. Pressing a button beside which it is said is agreeing; nothing is ticked
//! beforehand, and nobody is asked for more than the visit needs: there is no marketing.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::hex::hex;
use crate::store::{StoreError, Tx};
use crate::{ConsentId, Locale, WorkshopId, columns, stored_enum};

/// The operating rules and the privacy text as they stand: the day on which their meaning last changed.
/// Whoever changes their meaning (`locales/*/articles.toml`) changes this.
pub const TERMS_VERSION: &str = "2026-12-01";
pub const PRIVACY_VERSION: &str = "2026-12-01";

stored_enum! {
    pub enum ConsentKind { Terms = "terms", Privacy = "privacy", Waiver = "waiver" }
}

stored_enum! {
    /// What was being done.
    pub enum Subject {
        Booking = "booking",
        Enquiry = "enquiry",
        Waitlist = "waitlist",
        GiftCard = "gift_card",
        Commission = "commission",
        Order = "order",
    }
}

/// Somebody pressed the button.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    pub subject: Subject,
    pub id: Uuid,
    pub workshop: WorkshopId,
    /// In which it was said to them.
    pub locale: Locale,
    /// The tour's waiver, where they accepted one.
    pub waiver: Option<&'a str>,
}

/// One line of it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Consent {
    pub subject: Subject,
    pub subject_id: Uuid,
    pub kind: ConsentKind,
    pub version: String,
    pub locale: Locale,
    pub agreed_at: DateTime<Utc>,
}

/// Writes down what was agreed to; the same again changes nothing.
pub(crate) async fn record(tx: &mut Tx, given: Given<'_>) -> Result<(), StoreError> {
    // A host changes the text of a waiver at any time: its print tells which one it was.
    let waiver = given.waiver.map(|text| {
        let print = hex(&Sha256::digest(text.as_bytes()));
        print.get(..16).unwrap_or_default().to_owned()
    });
    let kinds = [
        (ConsentKind::Terms, Some(TERMS_VERSION.to_owned())),
        (ConsentKind::Privacy, Some(PRIVACY_VERSION.to_owned())),
        (ConsentKind::Waiver, waiver),
    ];
    for (kind, version) in kinds {
        let Some(version) = version else { continue };
        let row = columns! {
            id: ConsentId::new(tx.now()),
            subject: given.subject,
            subject_id: given.id,
            workshop_id: given.workshop,
            kind: kind,
            version: version,
            locale: given.locale,
            agreed_at: tx.now(),
        };
        tx.insert_if_new("consent", row).await?;
    }
    Ok(())
}
