//! Calendars to subscribe to: of a workshop, a guide, a shared resource, a co-op, each by an address
//! that nobody can guess. What is in them is said by the modules they are about; their text depends
//! on the data and the day alone, so that its hash can tell a reader that nothing has changed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::accounts::{Actor, Forbidden, audit};
use crate::catalogue::Catalogue;
use crate::coop::{self, CoopError};
use crate::guide;
use crate::mail::{self, MailSettings};
use crate::resource::{self, Owner, ResourceError};
use crate::store::{Conn, StoreError, Tx};
use crate::{CoopId, ResourceId, WorkshopId, params};

/// Days behind and ahead that feeds show.
pub(crate) const BEHIND: TimeDelta = TimeDelta::days(30);
pub(crate) const AHEAD: TimeDelta = TimeDelta::days(365);

#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no such resource or co-op")]
    Unknown,
}

impl From<CoopError> for FeedError {
    fn from(error: CoopError) -> Self {
        match error {
            CoopError::Store(error) => error.into(),
            CoopError::Forbidden(forbidden) => forbidden.into(),
            _ => FeedError::Unknown,
        }
    }
}

impl From<ResourceError> for FeedError {
    fn from(error: ResourceError) -> Self {
        match error {
            ResourceError::Store(error) => error.into(),
            ResourceError::Forbidden(forbidden) => forbidden.into(),
            _ => FeedError::Unknown,
        }
    }
}

/// Which kind of feed an address names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feed {
    Workshop,
    /// By the token of the guide's own page.
    Guide,
    Resource,
    Coop,
}

impl Feed {
    /// The path under the site's address.
    pub fn path(self, token: &str) -> String {
        let kind = match self {
            Feed::Workshop => "",
            Feed::Guide => "guide/",
            Feed::Resource => "resource/",
            Feed::Coop => "coop/",
        };
        format!("/cal/{kind}{token}.ics")
    }

    /// The feed behind a token; None for a wrong one.
    pub async fn read(
        self,
        conn: &mut Conn,
        catalogue: &Catalogue,
        settings: &MailSettings,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<String>, StoreError> {
        match self {
            Feed::Workshop => mail::feed::of_token(conn, catalogue, settings, token, now).await,
            Feed::Guide => guide::feed_of_token(conn, catalogue, settings, token, now).await,
            Feed::Resource => resource::feed_of_token(conn, catalogue, settings, token, now).await,
            Feed::Coop => coop::feed_of_token(conn, catalogue, settings, token, now).await,
        }
    }
}

/// The HTTP entity tag of a feed's text, quotes included.
pub fn tag(text: &str) -> String {
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes())))
}

/// Whose feed it is. Guides have theirs with their own page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Workshop(WorkshopId),
    Resource(ResourceId),
    Coop(CoopId),
}

impl Of {
    pub const fn feed(self) -> Feed {
        match self {
            Of::Workshop(_) => Feed::Workshop,
            Of::Resource(_) => Feed::Resource,
            Of::Coop(_) => Feed::Coop,
        }
    }
}

async fn owner(conn: &mut Conn, id: ResourceId) -> Result<Owner, FeedError> {
    let resource = resource::find(conn, id).await?.ok_or(FeedError::Unknown)?;
    resource.owner().ok_or(FeedError::Unknown)
}

/// The token of a feed, for those who may read what is in it; None where nobody asked for one yet.
pub async fn token_of(conn: &mut Conn, actor: &Actor, of: Of) -> Result<Option<String>, FeedError> {
    let (sql, id) = match of {
        Of::Workshop(id) => {
            actor.must_serve(id)?;
            ("SELECT feed_token FROM workshop WHERE id = $1", params![id])
        }
        Of::Resource(id) => {
            owner(conn, id).await?.must_share(conn, actor).await?;
            ("SELECT feed_token FROM resource WHERE id = $1", params![id])
        }
        Of::Coop(id) => {
            coop::must_belong(conn, actor, id).await?;
            ("SELECT feed_token FROM coop WHERE id = $1", params![id])
        }
    };
    let (token,): (Option<String>,) = conn.fetch_one(sql, id).await?;
    Ok(token)
}

#[derive(Debug, Clone)]
pub struct Renew {
    pub actor: Actor,
    pub of: Of,
}

/// A new address, or the first; the old one is dead at once. Only for owners, and for those who
/// manage the co-op.
pub async fn renew(tx: &mut Tx, command: Renew) -> Result<String, FeedError> {
    let Renew { actor, of } = command;
    let token = tx.draw_token();
    let (sql, id, subject, workshop) = match of {
        Of::Workshop(id) => {
            actor.must_own(id)?;
            let sql = "UPDATE workshop SET feed_token = $2 WHERE id = $1";
            (sql, params![id, token], id.to_string(), Some(id))
        }
        Of::Resource(id) => {
            let owner = owner(tx, id).await?;
            owner.must_rule(tx, &actor).await?;
            let workshop = match owner {
                Owner::Workshop(workshop) => Some(workshop),
                Owner::Coop(_) => None,
            };
            let sql = "UPDATE resource SET feed_token = $2 WHERE id = $1";
            (sql, params![id, token], id.to_string(), workshop)
        }
        Of::Coop(id) => {
            coop::must_manage(tx, &actor, id).await?;
            let sql = "UPDATE coop SET feed_token = $2 WHERE id = $1";
            (sql, params![id, token], id.to_string(), None)
        }
    };
    tx.execute_one(sql, id).await?;
    audit::record(tx, &actor, "feed.renew", subject, workshop, json!({})).await?;
    Ok(token)
}
