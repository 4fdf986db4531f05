//! Keys by which a company's programs come in.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::ResellerError;
use crate::accounts::session::hash;
use crate::accounts::{Actor, Seller, audit};
use crate::store::{Conn, Store, StoreError, Tx};
use crate::{
    ContractId, Locale, ResellerId, ResellerKeyId, WorkshopId, columns, params, stored_enum,
};

stored_enum! {
    /// What a key is for: selling, or trying the connection out.
    pub enum KeyMode { Live = "live", Test = "test" }
}

/// A key as the host's page lists it; the key itself is shown once, when it is made.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ResellerKey {
    pub id: ResellerKeyId,
    pub contract_id: ContractId,
    pub mode: KeyMode,
    pub label: String,
    /// Its last characters.
    pub hint: String,
    pub created_at: DateTime<Utc>,
    /// To the hour.
    pub used_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone)]
pub struct MakeKey {
    pub actor: Actor,
    pub contract: ContractId,
    pub mode: KeyMode,
    /// What the host calls it; may be empty.
    pub label: String,
}

/// The key in full, for the one time that it is shown.
#[derive(Clone)]
pub struct NewKey {
    pub id: ResellerKeyId,
    pub key: String,
}

/// The key must not reach a log.
impl std::fmt::Debug for NewKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewKey").field("id", &self.id).finish_non_exhaustive()
    }
}

const MAX_LABEL: usize = 80;
const HINT: usize = 4;
/// Its use is written down at most once in this time: asking must not write.
const SEEN_EVERY: TimeDelta = TimeDelta::hours(1);

/// The workshop of a contract that has not ended, owned by the actor.
pub(super) async fn owned(
    tx: &mut Tx,
    actor: &Actor,
    contract: ContractId,
) -> Result<WorkshopId, ResellerError> {
    match owned_any(tx, actor, contract).await? {
        (workshop, None) => Ok(workshop),
        (_, Some(_)) => Err(super::ContractRefuses::Ended.into()),
    }
}

/// The workshop of a contract, owned by the actor, and when the contract was ended.
pub(super) async fn owned_any(
    tx: &mut Tx,
    actor: &Actor,
    contract: ContractId,
) -> Result<(WorkshopId, Option<DateTime<Utc>>), ResellerError> {
    let found: Option<(WorkshopId, Option<DateTime<Utc>>)> = tx
        .fetch_optional(
            "SELECT workshop_id, ended_at FROM reseller_contract WHERE id = $1",
            params![contract],
        )
        .await?;
    let found = found.ok_or(ResellerError::Unknown)?;
    actor.must_own(found.0)?;
    Ok(found)
}

/// Makes a key; only its hash is kept.
pub async fn make_key(tx: &mut Tx, command: MakeKey) -> Result<NewKey, ResellerError> {
    let workshop = owned(tx, &command.actor, command.contract).await?;
    let key = format!("langnghe_{}_{}", command.mode, tx.draw_token());
    let label: String = command.label.trim().chars().take(MAX_LABEL).collect();
    let hint: String = key.chars().skip(key.chars().count() - HINT).collect();
    let id = ResellerKeyId::new(tx.now());
    let row = columns! {
        id: id,
        contract_id: command.contract,
        key_hash: hash(&key),
        mode: command.mode,
        label: label,
        hint: hint,
        created_at: tx.now(),
    };
    tx.insert("reseller_key", row).await?;
    let detail = json!({ "mode": command.mode, "contract": command.contract });
    audit::record(tx, &command.actor, "reseller.make_key", id, Some(workshop), detail).await?;
    Ok(NewKey { id, key })
}

#[derive(Debug, Clone)]
pub struct RevokeKey {
    pub actor: Actor,
    pub key: ResellerKeyId,
}

/// From now on the key opens nothing. A second time changes nothing.
pub async fn revoke_key(tx: &mut Tx, command: RevokeKey) -> Result<(), ResellerError> {
    let found: Option<(ContractId,)> = tx
        .fetch_optional("SELECT contract_id FROM reseller_key WHERE id = $1", params![command.key])
        .await?;
    let (contract,) = found.ok_or(ResellerError::Unknown)?;
    let (workshop, _) = owned_any(tx, &command.actor, contract).await?;
    let revoked = tx
        .execute(
            "UPDATE reseller_key SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL",
            params![command.key, tx.now()],
        )
        .await?;
    if revoked == 1 {
        let workshop = Some(workshop);
        let detail = json!({});
        audit::record(tx, &command.actor, "reseller.revoke_key", command.key, workshop, detail)
            .await?;
    }
    Ok(())
}

/// Keys of a contract, the newest first; for those who serve its workshop.
pub async fn keys_of(
    conn: &mut Conn,
    contract: ContractId,
) -> Result<Vec<ResellerKey>, StoreError> {
    conn.fetch_all(
        "SELECT id, contract_id, mode, label, hint, created_at, used_at, revoked_at \
         FROM reseller_key WHERE contract_id = $1 ORDER BY id DESC",
        params![contract],
    )
    .await
}

#[derive(sqlx::FromRow)]
struct Known {
    key_id: ResellerKeyId,
    mode: KeyMode,
    used_at: Option<DateTime<Utc>>,
    reseller_id: ResellerId,
    name: String,
    email: String,
    locale: Locale,
    contract_id: ContractId,
    workshop_id: WorkshopId,
}

/// Who comes with this key; None for one that was revoked, whose contract ended, or that never
/// was one.
pub async fn authenticate(
    store: &Store,
    key: &str,
) -> Result<Option<(ResellerKeyId, Seller)>, StoreError> {
    let now = store.now();
    let known: Option<Known> = store
        .read()
        .await?
        .fetch_optional(
            "SELECT reseller_key.id AS key_id, reseller_key.mode, reseller_key.used_at, \
             reseller.id AS reseller_id, reseller.name, reseller.email, reseller.locale, \
             reseller_contract.id AS contract_id, reseller_contract.workshop_id \
             FROM reseller_key \
             JOIN reseller_contract ON reseller_contract.id = reseller_key.contract_id \
             JOIN reseller ON reseller.id = reseller_contract.reseller_id \
             WHERE reseller_key.key_hash = $1 AND reseller_key.revoked_at IS NULL \
             AND reseller_contract.ended_at IS NULL",
            params![hash(key)],
        )
        .await?;
    let Some(known) = known else { return Ok(None) };
    if known.used_at.is_none_or(|used| used + SEEN_EVERY <= now) {
        store
            .write("key used", known.key_id, |tx, id| {
                Box::pin(async move {
                    let now = tx.now();
                    tx.execute(
                        "UPDATE reseller_key SET used_at = $2 WHERE id = $1",
                        params![id, now],
                    )
                    .await
                })
            })
            .await?;
    }
    let seller = Seller {
        reseller: known.reseller_id,
        name: known.name,
        email: known.email,
        locale: known.locale,
        contract: known.contract_id,
        workshop: known.workshop_id,
        person: None,
        test: known.mode == KeyMode::Test,
    };
    Ok(Some((known.key_id, seller)))
}
