//! Lists: a house's credentials on its own page, and the register of all in the office.

use chrono::{DateTime, Days, Utc};

use super::error::CredentialError;
use super::kind::Kind;
use super::model::{Credential, CredentialState};
use super::read::rows;
use crate::accounts::Actor;
use crate::clock::local_date;
use crate::coop::{self, Coop, MemberRole};
use crate::store::{Conn, StoreError};
use crate::{VillageId, WorkshopId, params};

/// What a host sees.
#[derive(Debug, Clone)]
pub struct House {
    /// The workshop's own, its people's and its products'.
    pub ours: Vec<Credential>,
    /// The co-op that it manages, with its marks and with the licences of them.
    pub coop: Option<(Coop, Vec<Credential>)>,
}

/// All credentials of a workshop, for its owners; first what waits, then what ends first.
pub async fn for_workshop(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
) -> Result<House, CredentialError> {
    actor.must_own(workshop)?;
    let order = "ORDER BY CASE credential.state WHEN 'refused' THEN 0 WHEN 'claimed' THEN 1 \
         WHEN 'verified' THEN 2 ELSE 3 END, CASE WHEN credential.valid_until IS NULL THEN 1 \
         ELSE 0 END, credential.valid_until, credential.id";
    let of = format!("WHERE credential.workshop_id = $1 {order}");
    let ours = rows(conn, &of, params![workshop]).await?;
    let coop = match coop::of_workshop(conn, workshop).await? {
        Some(coop) => match coop::standing(conn, actor, coop.id).await? {
            Some(MemberRole::Manager) => {
                let of = format!("WHERE credential.coop_id = $1 OR mark.coop_id = $1 {order}");
                let theirs = rows(conn, &of, params![coop.id]).await?;
                Some((coop, theirs))
            }
            Some(MemberRole::Member) | None => None,
        },
        None => None,
    };
    Ok(House { ours, coop })
}

/// Which credentials the office looks at; all of them by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub kind: Option<Kind>,
    /// In which the holder is.
    pub village: Option<VillageId>,
    pub state: Option<CredentialState>,
    /// Verified, and over within so many days.
    pub expiring: Option<u32>,
}

/// The register: what has waited longest first, then the newest.
pub async fn register(
    conn: &mut Conn,
    actor: &Actor,
    filter: &Filter,
    now: DateTime<Utc>,
    (most, skip): (i64, i64),
) -> Result<Vec<Credential>, CredentialError> {
    actor.must_administer()?;
    let today = local_date(now);
    let last = filter.expiring.map(|days| today + Days::new(u64::from(days)));
    let found = rows(
        conn,
        "LEFT JOIN workshop ON workshop.id = credential.workshop_id \
         WHERE ($1 IS NULL OR credential.kind = $1) \
         AND ($2 IS NULL OR COALESCE(credential.village_id, workshop.village_id, coop.village_id) = $2) \
         AND ($3 IS NULL OR credential.state = $3) \
         AND ($4 IS NULL OR (credential.state = 'verified' AND credential.valid_until >= $5 \
         AND credential.valid_until <= $4)) \
         ORDER BY CASE credential.state WHEN 'claimed' THEN 0 ELSE 1 END, \
         CASE credential.state WHEN 'claimed' THEN credential.claimed_at END, \
         credential.id DESC LIMIT $6 OFFSET $7",
        params![filter.kind, filter.village, filter.state, last, today, most, skip],
    )
    .await?;
    Ok(found)
}

/// How many wait for the office.
pub async fn waiting(conn: &mut Conn) -> Result<i64, StoreError> {
    let (count,): (i64,) = conn
        .fetch_one(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM credential WHERE state = 'claimed'",
            vec![],
        )
        .await?;
    Ok(count)
}
