//! A commission, what was offered, and who waits for whom.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use subtle::ConstantTimeEq;

use super::error::CommissionError;
use super::money::Reckoning;
use super::state::{State, StateKind, StateRow, Step};
use crate::payment::{self, PaymentCode, RefundAccount};
use crate::store::{Conn, StoreError, Tx};
use crate::{
    BankAccountId, CommissionId, CommissionOfferId, Dong, Locale, ParcelId, WorkshopId, columns,
    params,
};

/// What a customer wants.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Brief {
    pub what: String,
    pub size: String,
    pub colours: String,
    pub pieces: i32,
    pub wished_on: Option<NaiveDate>,
    pub budget: Option<Dong>,
    pub details: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commission {
    pub id: CommissionId,
    pub workshop_id: WorkshopId,
    /// What people read to each other, and what is written in a transfer.
    pub code: PaymentCode,
    /// Whoever has the link with it is the customer.
    pub secret: String,
    pub locale: Locale,
    pub name: String,
    pub email: String,
    /// In E.164 form; may be empty.
    pub phone: String,
    pub brief: Brief,
    pub state: State,
    /// When it came into its state.
    pub since: DateTime<Utc>,
    /// The customer has written, and the workshop has not answered.
    pub asks: bool,
    /// Where the money goes, from when the offer was accepted.
    pub account_id: Option<BankAccountId>,
    pub parcel_id: Option<ParcelId>,
    /// Where the customer wants money back to.
    pub refund: Option<RefundAccount>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

/// Whom a commission waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Waits {
    Workshop,
    Customer,
    Nobody,
}

impl Commission {
    pub fn kind(&self) -> StateKind {
        self.state.kind()
    }

    /// Who is to do something next, with its money as it stands.
    pub fn waits(&self, money: Reckoning) -> Waits {
        if self.asks || money.due > Dong::ZERO {
            return Waits::Workshop;
        }
        match self.kind() {
            StateKind::Ready if money.now > Dong::ZERO => Waits::Customer,
            StateKind::Asked | StateKind::Making | StateKind::Ready => Waits::Workshop,
            StateKind::Offered | StateKind::Accepted => Waits::Customer,
            StateKind::Posted | StateKind::Delivered | StateKind::Lapsed | StateKind::Ended => {
                Waits::Nobody
            }
        }
    }

    /// Whether nobody can be recognised in it any more.
    pub fn is_forgotten(&self) -> bool {
        self.email.is_empty()
    }
}

/// What the workshop offered.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Offer {
    pub id: CommissionOfferId,
    pub commission_id: CommissionId,
    pub number: i32,
    /// For all pieces, without the post.
    pub price: Dong,
    pub deposit_percent: i32,
    /// Of the deposit, what stays with the workshop when the customer ends after it.
    pub kept_percent: i32,
    pub ready_on: NaiveDate,
    pub valid_until: NaiveDate,
    pub grams: i32,
    pub created_at: DateTime<Utc>,
}

impl Offer {
    /// What is paid before the work begins; nothing where the offer asks for none.
    pub fn deposit(&self) -> Dong {
        match u8::try_from(self.deposit_percent) {
            Ok(0) | Err(_) => Dong::ZERO,
            Ok(percent) => payment::beforehand(self.price, percent),
        }
    }

    /// What stays of so much that the customer paid, when they end after the deposit.
    pub fn kept_of(&self, held: Dong) -> Dong {
        let percent = u8::try_from(self.kept_percent).unwrap_or(0);
        self.deposit().percent(percent).min(held).max(Dong::ZERO)
    }
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: CommissionId,
    workshop_id: WorkshopId,
    code: PaymentCode,
    secret: String,
    locale: Locale,
    name: String,
    email: String,
    phone: String,
    #[sqlx(flatten)]
    brief: Brief,
    #[sqlx(flatten)]
    state: StateRow,
    since: DateTime<Utc>,
    asks: bool,
    account_id: Option<BankAccountId>,
    parcel_id: Option<ParcelId>,
    refund_bank: String,
    refund_number: String,
    refund_holder: String,
    version: i32,
    created_at: DateTime<Utc>,
}

impl TryFrom<Row> for Commission {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Commission, StoreError> {
        let account = row.refund_bank.parse().ok().zip(row.refund_number.parse().ok());
        let refund = account.filter(|_| !row.refund_holder.is_empty());
        let refund =
            refund.map(|(bank, number)| RefundAccount { bank, number, holder: row.refund_holder });
        Ok(Commission {
            id: row.id,
            workshop_id: row.workshop_id,
            code: row.code,
            secret: row.secret,
            locale: row.locale,
            name: row.name,
            email: row.email,
            phone: row.phone,
            brief: row.brief,
            state: State::try_from(row.state)?,
            since: row.since,
            asks: row.asks,
            account_id: row.account_id,
            parcel_id: row.parcel_id,
            refund,
            version: row.version,
            created_at: row.created_at,
        })
    }
}

fn one(row: Option<Row>) -> Result<Option<Commission>, StoreError> {
    row.map(Commission::try_from).transpose()
}

fn all(rows: Vec<Row>) -> Result<Vec<Commission>, StoreError> {
    rows.into_iter().map(Commission::try_from).collect()
}

pub async fn by_id(conn: &mut Conn, id: CommissionId) -> Result<Option<Commission>, StoreError> {
    one(conn.fetch_optional("SELECT * FROM commission WHERE id = $1", params![id]).await?)
}

/// Several at once; those that are not there are left out.
pub async fn by_ids(
    conn: &mut Conn,
    ids: &[CommissionId],
) -> Result<HashMap<CommissionId, Commission>, StoreError> {
    let sql = |list: &str| format!("SELECT * FROM commission WHERE id IN ({list})");
    let found: Vec<Row> = conn.fetch_among(ids, sql).await?;
    Ok(all(found)?.into_iter().map(|commission| (commission.id, commission)).collect())
}

/// The commission that a link opens: id and secret must both be right.
pub async fn by_secret(
    conn: &mut Conn,
    id: CommissionId,
    secret: &str,
) -> Result<Option<Commission>, StoreError> {
    let found = by_id(conn, id).await?;
    Ok(found.filter(|it| it.secret.as_bytes().ct_eq(secret.as_bytes()).into()))
}

pub(super) async fn by_form_key(
    conn: &mut Conn,
    key: &str,
) -> Result<Option<Commission>, StoreError> {
    let sql = "SELECT * FROM commission WHERE form_key = $1";
    one(conn.fetch_optional(sql, params![*key]).await?)
}

/// The commission whose parcel it is.
pub async fn of_parcel(
    conn: &mut Conn,
    parcel: ParcelId,
) -> Result<Option<Commission>, StoreError> {
    let sql = "SELECT * FROM commission WHERE parcel_id = $1";
    one(conn.fetch_optional(sql, params![parcel]).await?)
}

/// The commission that a transfer into this account names; a code of another account says nothing
/// here.
pub(crate) async fn by_pay_code(
    conn: &mut Conn,
    account: BankAccountId,
    code: &PaymentCode,
) -> Result<Option<Commission>, StoreError> {
    let sql = "SELECT * FROM commission WHERE code = $1 AND account_id = $2";
    one(conn.fetch_optional(sql, params![*code, account]).await?)
}

/// By the code that somebody typed.
pub(crate) async fn by_any_code(
    conn: &mut Conn,
    code: &str,
) -> Result<Option<Commission>, StoreError> {
    let sql = "SELECT * FROM commission WHERE code = $1";
    one(conn.fetch_optional(sql, params![*code]).await?)
}

/// A workshop's, the latest first.
pub(super) async fn of_shop(
    conn: &mut Conn,
    workshop: WorkshopId,
    most: i64,
) -> Result<Vec<Commission>, StoreError> {
    let rows: Vec<Row> = conn
        .fetch_all(
            "SELECT * FROM commission WHERE workshop_id = $1 ORDER BY created_at DESC, id LIMIT $2",
            params![workshop, most],
        )
        .await?;
    all(rows)
}

/// Those that are paid into the accounts of a co-op, the latest first.
pub(super) async fn paid_to_coop(
    conn: &mut Conn,
    coop: crate::CoopId,
    most: i64,
) -> Result<Vec<Commission>, StoreError> {
    let rows: Vec<Row> = conn
        .fetch_all(
            "SELECT commission.* FROM commission \
             JOIN bank_account account ON account.id = commission.account_id \
             WHERE account.coop_id = $1 ORDER BY commission.created_at DESC, commission.id LIMIT $2",
            params![coop, most],
        )
        .await?;
    all(rows)
}

/// Those of which money is waited for on an account, the latest first.
pub(super) async fn awaited(
    conn: &mut Conn,
    account: BankAccountId,
    most: i64,
) -> Result<Vec<Commission>, StoreError> {
    let rows: Vec<Row> = conn
        .fetch_all(
            "SELECT * FROM commission WHERE account_id = $1 AND state IN ('accepted', 'ready') \
             ORDER BY created_at DESC, id LIMIT $2",
            params![account, most],
        )
        .await?;
    all(rows)
}

/// The latest offer: the one that counts.
pub async fn offer_of(conn: &mut Conn, id: CommissionId) -> Result<Option<Offer>, StoreError> {
    conn.fetch_optional(
        "SELECT * FROM commission_offer WHERE commission_id = $1 ORDER BY number DESC LIMIT 1",
        params![id],
    )
    .await
}

/// All that were ever made, in order.
pub async fn offers_of(conn: &mut Conn, id: CommissionId) -> Result<Vec<Offer>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM commission_offer WHERE commission_id = $1 ORDER BY number",
        params![id],
    )
    .await
}

/// The latest offers of several.
pub(super) async fn offers_of_all(
    conn: &mut Conn,
    ids: &[CommissionId],
) -> Result<HashMap<CommissionId, Offer>, StoreError> {
    let sql = |list: &str| {
        format!(
            "SELECT * FROM commission_offer WHERE commission_id IN ({list}) \
             ORDER BY commission_id, number"
        )
    };
    let found: Vec<Offer> = conn.fetch_among(ids, sql).await?;
    // Of one commission the last one stays.
    Ok(found.into_iter().map(|offer| (offer.commission_id, offer)).collect())
}

/// Takes the commission's row for this transaction: what is read of it stays true until the end.
pub(super) async fn lock(tx: &mut Tx, id: CommissionId) -> Result<Commission, CommissionError> {
    tx.execute("UPDATE commission SET version = version + 1 WHERE id = $1", params![id]).await?;
    by_id(tx, id).await?.ok_or(CommissionError::Unknown)
}

/// Takes a step: the machine is asked, then the row is written. The only writer of a state but the
/// first.
pub(super) async fn go(
    tx: &mut Tx,
    commission: &mut Commission,
    step: Step,
    state: State,
) -> Result<(), CommissionError> {
    if commission.kind().after(step) != Some(state.kind()) {
        return Err(CommissionError::State(commission.kind()));
    }
    let row = state.columns().and(columns! {
        since: tx.now(),
        remind_at: None::<DateTime<Utc>>,
    });
    tx.update_one("commission", row, columns! { id: commission.id }).await?;
    commission.state = state;
    commission.since = tx.now();
    Ok(())
}

/// Notes whether the workshop owes an answer.
pub(super) async fn asks(
    tx: &mut Tx,
    commission: &mut Commission,
    asks: bool,
) -> Result<(), StoreError> {
    if commission.asks != asks {
        commission.asks = asks;
        tx.update_one("commission", columns! { asks: asks }, columns! { id: commission.id })
            .await?;
    }
    Ok(())
}
