//! Certificates that records name: chosen among what the register of credentials shows, never typed, and
//! looked up again whenever a record is read.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::entry::{Credential, Entry};
use super::error::{Field, ProvenanceError, Wrong};
use super::record::Line;
use crate::clock::local_date;
use crate::credential::{self, CredentialState, Holder, Kind, Shown, Stars};
use crate::store::{Conn, StoreError, Tx};
use crate::{CredentialId, Locale, Localized, WorkshopId};

/// What a record may name of a workshop on a day: verified, and not past its last day. Titles of people
/// are not among it, because no person's name goes into a chain.
pub async fn certificates(
    conn: &mut Conn,
    workshop: WorkshopId,
    today: NaiveDate,
) -> Result<Vec<Shown>, StoreError> {
    let mut shown = credential::shown(conn, &Holder::Workshop(workshop), today).await?;
    shown.retain(|it| !matches!(it.kind, Kind::Title(_)));
    Ok(shown)
}

/// An entry that names a certificate; of a lot only stars are asked for.
pub(super) async fn named(
    tx: &mut Tx,
    workshop: WorkshopId,
    id: CredentialId,
    stars: bool,
) -> Result<Credential, ProvenanceError> {
    let today = local_date(tx.now());
    let shown = certificates(tx, workshop, today).await?;
    let found = shown.into_iter().find(|it| it.id == id && (it.stars.is_some() || !stars));
    let Some(it) = found else {
        return Err(ProvenanceError::Fields(vec![(Field::Certificate, Wrong::Choice)]));
    };
    let words = |locale| it.title.text(locale).to_owned();
    Ok(Credential {
        // So that the entry is read without us.
        words: Localized { vi: words(Locale::Vi), en: words(Locale::En) },
        ocop_stars: it.stars.map(Stars::count),
        number: if it.number.is_empty() { it.decision } else { it.number },
        certificate: Some(id),
        until: it.until,
    })
}

/// How a certificate that a record names stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InForce {
    /// With its last day, where it has one.
    Yes(Option<NaiveDate>),
    Expired(NaiveDate),
    /// It was taken back, or waits for the office again.
    No,
    /// The workshop wrote it; nobody has verified it.
    Unverified,
}

/// How the certificates of a record stand today, by the numbers of their entries.
pub async fn in_force(
    conn: &mut Conn,
    lines: &[Line],
    today: NaiveDate,
) -> Result<HashMap<u32, InForce>, StoreError> {
    let mut standing = HashMap::new();
    for line in lines {
        let Entry::Credential(named) = &line.entry else { continue };
        let found = match named.certificate {
            Some(id) => credential::by_id(conn, id).await?,
            None => None,
        };
        let stands = match found {
            Some(it) if it.shows(today) => InForce::Yes(it.until()),
            Some(it) => match it.until().filter(|until| *until < today) {
                Some(until) if it.state == CredentialState::Verified => InForce::Expired(until),
                _ => InForce::No,
            },
            None if named.certificate.is_some() => InForce::No,
            None => InForce::Unverified,
        };
        standing.insert(line.seq, stands);
    }
    Ok(standing)
}
