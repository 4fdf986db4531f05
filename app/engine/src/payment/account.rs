//! Accounts into which guests pay: of a workshop, or of its co-op. Bank, number and holder of one are
//! never changed, because guests hold its QR code in their hands: it is retired, another made.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::bank::{AccountNumber, BankBin};
use super::error::{Field, PaymentError, Wrong};
use super::provider::Provider;
use crate::accounts::{Actor, audit};
use crate::coop;
use crate::store::{Conn, StoreError, Tx};
use crate::{BankAccountId, CoopId, WorkshopId, columns, params};

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct BankAccount {
    pub id: BankAccountId,
    pub workshop_id: Option<WorkshopId>,
    pub coop_id: Option<CoopId>,
    pub bank: BankBin,
    pub number: AccountNumber,
    pub holder: String,
    /// In the address to which the monitoring service posts.
    pub token: String,
    pub provider: Provider,
    pub secret: Secret,
    pub retired_at: Option<DateTime<Utc>>,
}

/// What proves that a service is who it says; shown nowhere, in no log.
#[derive(Clone, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// For the one page that shows it once, and for checking signatures.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Longest name of an account's holder, in characters.
const MAX_HOLDER: usize = 100;
/// A secret has at least and at most so many characters.
const SECRET: std::ops::RangeInclusive<usize> = 12..=200;

/// An account as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountInput {
    /// BIN of the bank.
    pub bank: String,
    pub number: String,
    pub holder: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountData {
    bank: BankBin,
    number: AccountNumber,
    holder: String,
}

impl AccountData {
    /// Reads what was typed; names every field that is wrong.
    pub fn parse(input: &AccountInput) -> Result<Self, PaymentError> {
        let mut wrongs = Vec::new();
        let bank = input.bank.trim().parse::<BankBin>().ok().filter(|bin| bin.bank().is_some());
        if bank.is_none() {
            wrongs.push((Field::Bank, Wrong::Choice));
        }
        let number = input.number.parse::<AccountNumber>().ok();
        if number.is_none() {
            wrongs.push((Field::Number, Wrong::Number));
        }
        let holder = input.holder.split_whitespace().collect::<Vec<_>>().join(" ");
        if holder.is_empty() {
            wrongs.push((Field::Holder, Wrong::Missing));
        } else if holder.chars().count() > MAX_HOLDER {
            wrongs.push((Field::Holder, Wrong::TooLong { max: MAX_HOLDER }));
        }
        match (bank, number) {
            (Some(bank), Some(number)) if wrongs.is_empty() => Ok(Self { bank, number, holder }),
            _ => Err(PaymentError::Fields(wrongs)),
        }
    }

    pub(crate) fn parts(self) -> (BankBin, AccountNumber, String) {
        (self.bank, self.number, self.holder)
    }
}

/// Whose an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountOf {
    Workshop(WorkshopId),
    Coop(CoopId),
}

impl BankAccount {
    pub fn of(&self) -> Option<AccountOf> {
        match (self.workshop_id, self.coop_id) {
            (Some(workshop), None) => Some(AccountOf::Workshop(workshop)),
            (None, Some(coop)) => Some(AccountOf::Coop(coop)),
            _ => None,
        }
    }
}

/// Owners keep their workshop's accounts, managers their co-op's.
pub(super) async fn must_keep(
    conn: &mut Conn,
    actor: &Actor,
    of: AccountOf,
) -> Result<(), PaymentError> {
    match of {
        AccountOf::Workshop(workshop) => Ok(actor.must_own(workshop)?),
        AccountOf::Coop(coop) => Ok(coop::must_manage(conn, actor, coop).await?),
    }
}

/// An account, if the actor may keep it.
pub(super) async fn kept(
    conn: &mut Conn,
    actor: &Actor,
    id: BankAccountId,
) -> Result<BankAccount, PaymentError> {
    let account = by_id(conn, id).await?.ok_or(PaymentError::Unknown)?;
    must_keep(conn, actor, account.of().ok_or(PaymentError::Unknown)?).await?;
    Ok(account)
}

#[derive(Debug, Clone)]
pub struct AddAccount {
    pub actor: Actor,
    pub of: AccountOf,
    pub data: AccountData,
}

/// Adds an account. Of a workshop that takes no money yet it is the one that guests pay into.
pub async fn add_account(tx: &mut Tx, command: AddAccount) -> Result<BankAccount, PaymentError> {
    let AddAccount { actor, of, data } = command;
    must_keep(tx, &actor, of).await?;
    let (workshop, coop) = match of {
        AccountOf::Workshop(workshop) => (Some(workshop), None),
        AccountOf::Coop(coop) => (None, Some(coop)),
    };
    let id = BankAccountId::new(tx.now());
    let token = tx.draw_token();
    let row = columns! {
        id: id,
        workshop_id: workshop,
        coop_id: coop,
        bank: data.bank,
        number: data.number,
        holder: data.holder,
        token: token,
        provider: Provider::None,
        secret: *"",
        created_at: tx.now(),
    };
    tx.insert("bank_account", row).await?;
    if let Some(workshop) = workshop
        && of_workshop(tx, workshop).await?.is_none()
    {
        choose(tx, workshop, Some(id)).await?;
    }
    let detail = json!({ "bank": data.bank.name(), "ends": last_digits(&data.number) });
    audit::record(tx, &actor, "payment.add_account", id, workshop, detail).await?;
    by_id(tx, id).await?.ok_or(PaymentError::Unknown)
}

/// What the audit keeps of a number.
fn last_digits(number: &AccountNumber) -> &str {
    let number = number.as_str();
    number.get(number.len().saturating_sub(4)..).unwrap_or(number)
}

#[derive(Debug, Clone)]
pub struct RetireAccount {
    pub actor: Actor,
    pub account: BankAccountId,
}

/// Takes an account out of use: no guest is asked to pay into it any more. What still comes in is
/// told of and matched as before.
pub async fn retire_account(tx: &mut Tx, command: RetireAccount) -> Result<(), PaymentError> {
    let RetireAccount { actor, account } = command;
    let account = kept(tx, &actor, account).await?;
    if account.retired_at.is_some() {
        return Ok(());
    }
    let row = columns! { retired_at: tx.now() };
    tx.update_one("bank_account", row, columns! { id: account.id }).await?;
    tx.execute("DELETE FROM workshop_account WHERE account_id = $1", params![account.id]).await?;
    let workshop = account.workshop_id;
    audit::record(tx, &actor, "payment.retire_account", account.id, workshop, json!({})).await?;
    Ok(())
}

#[derive(Debug, Clone)]
pub struct ChooseAccount {
    pub actor: Actor,
    pub workshop: WorkshopId,
    /// An account of the workshop, or of the co-op it is in; None: guests pay on the spot.
    pub account: Option<BankAccountId>,
}

/// Says where guests of a workshop pay.
pub async fn choose_account(tx: &mut Tx, command: ChooseAccount) -> Result<(), PaymentError> {
    let ChooseAccount { actor, workshop, account } = command;
    actor.must_own(workshop)?;
    if let Some(id) = account {
        let usable = usable_by(tx, workshop).await?;
        if !usable.iter().any(|account| account.id == id) {
            return Err(PaymentError::Unknown);
        }
    }
    choose(tx, workshop, account).await?;
    let detail = json!({ "account": account });
    audit::record(tx, &actor, "payment.choose_account", workshop, Some(workshop), detail).await?;
    Ok(())
}

async fn choose(
    tx: &mut Tx,
    workshop: WorkshopId,
    account: Option<BankAccountId>,
) -> Result<(), StoreError> {
    tx.execute("DELETE FROM workshop_account WHERE workshop_id = $1", params![workshop]).await?;
    if let Some(account) = account {
        let row = columns! { workshop_id: workshop, account_id: account };
        tx.insert("workshop_account", row).await?;
    }
    Ok(())
}

#[derive(Debug, Clone)]
pub struct SetProvider {
    pub actor: Actor,
    pub account: BankAccountId,
    pub provider: Provider,
    /// The key that the service's own page shows; None keeps the one there is, or draws one where a
    /// service takes ours.
    pub secret: Option<String>,
}

/// Says which service tells of incoming money, and how it proves itself. Answers the account with
/// its secret, for the page that shows it once.
pub async fn set_provider(tx: &mut Tx, command: SetProvider) -> Result<BankAccount, PaymentError> {
    let SetProvider { actor, account, provider, secret } = command;
    let account = kept(tx, &actor, account).await?;
    let typed = secret.map(|secret| secret.trim().to_owned()).filter(|secret| !secret.is_empty());
    let secret = match typed {
        _ if provider == Provider::None => String::new(),
        Some(secret) => {
            let fits = SECRET.contains(&secret.chars().count())
                && secret.bytes().all(|b| b.is_ascii_graphic());
            if !fits {
                return Err(PaymentError::Fields(vec![(Field::Secret, Wrong::Secret)]));
            }
            secret
        }
        None if account.provider == provider && !account.secret.is_empty() => {
            account.secret.reveal().to_owned()
        }
        None => tx.draw_token(),
    };
    let row = columns! { provider: provider, secret: secret };
    tx.update_one("bank_account", row, columns! { id: account.id }).await?;
    let detail = json!({ "provider": provider });
    let workshop = account.workshop_id;
    audit::record(tx, &actor, "payment.set_provider", account.id, workshop, detail).await?;
    by_id(tx, account.id).await?.ok_or(PaymentError::Unknown)
}

pub async fn by_id(conn: &mut Conn, id: BankAccountId) -> Result<Option<BankAccount>, StoreError> {
    conn.fetch_optional("SELECT * FROM bank_account WHERE id = $1", params![id]).await
}

/// The account whose address a service posts to, retired or not.
pub async fn by_token(conn: &mut Conn, token: &str) -> Result<Option<BankAccount>, StoreError> {
    conn.fetch_optional("SELECT * FROM bank_account WHERE token = $1", params![*token]).await
}

/// The accounts of a workshop or co-op for whoever keeps them, those in use first.
pub async fn accounts_of(
    conn: &mut Conn,
    actor: &Actor,
    of: AccountOf,
) -> Result<Vec<BankAccount>, PaymentError> {
    must_keep(conn, actor, of).await?;
    let (workshop, coop) = match of {
        AccountOf::Workshop(workshop) => (Some(workshop), None),
        AccountOf::Coop(coop) => (None, Some(coop)),
    };
    let sql = "SELECT * FROM bank_account WHERE workshop_id = $1 OR coop_id = $2 \
         ORDER BY retired_at NULLS FIRST, created_at, id";
    Ok(conn.fetch_all(sql, params![workshop, coop]).await?)
}

/// Accounts that a workshop may take: its own and its co-op's.
pub async fn usable_by(
    conn: &mut Conn,
    workshop: WorkshopId,
) -> Result<Vec<BankAccount>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM bank_account WHERE retired_at IS NULL AND (workshop_id = $1 OR coop_id IN \
         (SELECT coop_id FROM coop_member WHERE workshop_id = $1 AND state = 'active')) \
         ORDER BY created_at, id",
        params![workshop],
    )
    .await
}

/// Where guests of a workshop pay; None: on the spot. An account of a co-op counts while the
/// workshop is in it.
pub async fn of_workshop(
    conn: &mut Conn,
    workshop: WorkshopId,
) -> Result<Option<BankAccount>, StoreError> {
    let chosen: Option<(BankAccountId,)> = conn
        .fetch_optional(
            "SELECT account_id FROM workshop_account WHERE workshop_id = $1",
            params![workshop],
        )
        .await?;
    let Some((chosen,)) = chosen else { return Ok(None) };
    let usable = usable_by(conn, workshop).await?;
    Ok(usable.into_iter().find(|account| account.id == chosen))
}

/// The account of a workshop or co-op that was opened last and is in use.
pub(crate) async fn in_use(
    conn: &mut Conn,
    of: AccountOf,
) -> Result<Option<BankAccount>, StoreError> {
    let (workshop, coop) = match of {
        AccountOf::Workshop(workshop) => (Some(workshop), None),
        AccountOf::Coop(coop) => (None, Some(coop)),
    };
    conn.fetch_optional(
        "SELECT * FROM bank_account WHERE (workshop_id = $1 OR coop_id = $2) \
         AND retired_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 1",
        params![workshop, coop],
    )
    .await
}
