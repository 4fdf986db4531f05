//! A month in sums: by party, by workshop, and months side by side.

use chrono::NaiveDate;
use sqlx::AssertSqlSafe;

use super::book::{Entry, EntryKind, Side, entry};
use super::error::LedgerError;
use super::month::Month;
use super::party::{PartyKind, parties_of};
use super::{Party, party};
use crate::accounts::Actor;
use crate::coop;
use crate::store::{Conn, StoreError};
use crate::{CoopId, Dong, EntryId, PartyId, WorkshopId, params};

/// What moved in a month, and what was there before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Totals {
    pub opening: Dong,
    /// Guests' money, below 0 because the workshop holds it.
    pub takings: Dong,
    /// What guests have paid beforehand, less what they used up by coming.
    pub prepaid: Dong,
    pub share: Dong,
    pub adjusted: Dong,
    pub paid: Dong,
}

impl Totals {
    pub fn closing(&self) -> Dong {
        self.opening + self.takings + self.prepaid + self.share + self.adjusted + self.paid
    }
}

/// Columns of [`Totals`]; $1 and $2 are the month's first and last day.
const TOTALS: &str = "CAST(COALESCE(SUM(CASE WHEN entry.on_date < $1 THEN line.amount ELSE 0 END), \
     0) AS BIGINT) AS opening, \
     CAST(COALESCE(SUM(CASE WHEN entry.on_date >= $1 AND line.side = 'takings' \
     THEN line.amount ELSE 0 END), 0) AS BIGINT) AS takings, \
     CAST(COALESCE(SUM(CASE WHEN entry.on_date >= $1 AND line.side = 'prepaid' \
     THEN line.amount ELSE 0 END), 0) AS BIGINT) AS prepaid, \
     CAST(COALESCE(SUM(CASE WHEN entry.on_date >= $1 AND line.side = 'share' \
     THEN line.amount ELSE 0 END), 0) AS BIGINT) AS share, \
     CAST(COALESCE(SUM(CASE WHEN entry.on_date >= $1 AND line.side = 'adjusted' \
     THEN line.amount ELSE 0 END), 0) AS BIGINT) AS adjusted, \
     CAST(COALESCE(SUM(CASE WHEN entry.on_date >= $1 AND line.side = 'paid' \
     THEN line.amount ELSE 0 END), 0) AS BIGINT) AS paid \
     FROM ledger_line line JOIN ledger_entry entry ON entry.id = line.entry_id \
     WHERE entry.on_date <= $2";

#[derive(sqlx::FromRow)]
struct PartyRow {
    party_id: PartyId,
    #[sqlx(flatten)]
    totals: Totals,
}

#[derive(sqlx::FromRow)]
struct WorkshopRow {
    workshop_id: WorkshopId,
    #[sqlx(flatten)]
    totals: Totals,
}

pub(super) async fn of_party(
    conn: &mut Conn,
    party: PartyId,
    workshop: Option<WorkshopId>,
    month: Month,
) -> Result<Totals, StoreError> {
    let sql = format!(
        "SELECT {TOTALS} AND line.party_id = $3 AND ($4 IS NULL OR entry.workshop_id = $4)"
    );
    let params = params![month.first(), month.last(), party, workshop];
    conn.fetch_one(AssertSqlSafe(sql), params).await
}

/// The workshop's month, for each party that ever had to do with its money.
pub async fn by_party(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
    month: Month,
) -> Result<Vec<(Party, Totals)>, LedgerError> {
    actor.must_own(workshop)?;
    let sql =
        format!("SELECT line.party_id, {TOTALS} AND entry.workshop_id = $3 GROUP BY line.party_id");
    let params = params![month.first(), month.last(), workshop];
    let rows: Vec<PartyRow> = conn.fetch_all(AssertSqlSafe(sql), params).await?;
    let parties = parties_of(conn, workshop).await?;
    let totals = |party: &Party| {
        rows.iter().find(|row| row.party_id == party.id).map(|row| row.totals).unwrap_or_default()
    };
    Ok(parties.into_iter().map(|party| (totals(&party), party)).map(|(t, p)| (p, t)).collect())
}

/// What each workshop brought into the co-op's fund; for its members. None before its first share.
pub async fn by_workshop(
    conn: &mut Conn,
    actor: &Actor,
    coop: CoopId,
    month: Month,
) -> Result<Option<(Party, Vec<(WorkshopId, Totals)>)>, LedgerError> {
    coop::must_belong(conn, actor, coop).await?;
    let fund: Option<(PartyId,)> = conn
        .fetch_optional(
            "SELECT id FROM ledger_party WHERE coop_id = $1 AND kind = $2",
            params![coop, PartyKind::CoopFund],
        )
        .await?;
    let Some((id,)) = fund else { return Ok(None) };
    let fund = party(conn, id).await?.ok_or(LedgerError::Unknown)?;
    let sql = format!(
        "SELECT entry.workshop_id, {TOTALS} AND line.party_id = $3 GROUP BY entry.workshop_id"
    );
    let params = params![month.first(), month.last(), id];
    let rows: Vec<WorkshopRow> = conn.fetch_all(AssertSqlSafe(sql), params).await?;
    Ok(Some((fund, rows.into_iter().map(|row| (row.workshop_id, row.totals)).collect())))
}

/// One month of a workshop's money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthSum {
    pub month: Month,
    /// What guests paid.
    pub takings: Dong,
    /// What of it stays with the workshop.
    pub own: Dong,
}

#[derive(sqlx::FromRow)]
struct DaySum {
    on_date: NaiveDate,
    side: Side,
    amount: Dong,
}

/// The last months up to this one, oldest first. Adjustments are counted in.
pub async fn months(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
    last: Month,
    count: u32,
) -> Result<Vec<MonthSum>, LedgerError> {
    actor.must_own(workshop)?;
    let first = last.before(count.saturating_sub(1));
    let days: Vec<DaySum> = conn
        .fetch_all(
            "SELECT entry.on_date, line.side, CAST(SUM(line.amount) AS BIGINT) AS amount \
             FROM ledger_line line JOIN ledger_entry entry ON entry.id = line.entry_id \
             JOIN ledger_party party ON party.id = line.party_id \
             WHERE entry.workshop_id = $1 AND entry.on_date BETWEEN $2 AND $3 \
             AND party.kind = 'workshop' AND line.side <> 'paid' \
             GROUP BY entry.on_date, line.side",
            params![workshop, first.first(), last.last()],
        )
        .await?;
    let sum = |month: Month, wanted: fn(Side) -> bool| {
        let of_month = days.iter().filter(|day| Month::of(day.on_date) == month);
        of_month.filter(|day| wanted(day.side)).map(|day| day.amount).sum::<Dong>()
    };
    Ok((0..count)
        .rev()
        .map(|back| {
            let month = last.before(back);
            MonthSum {
                month,
                takings: Dong::ZERO - sum(month, |side| side == Side::Takings),
                own: sum(month, |side| side != Side::Takings),
            }
        })
        .collect())
}

/// The latest adjustments and payouts of a workshop's money, taken back or not.
pub async fn last_moves(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
    limit: i64,
) -> Result<Vec<Entry>, LedgerError> {
    actor.must_own(workshop)?;
    let ids: Vec<(EntryId,)> = conn
        .fetch_all(
            "SELECT id FROM ledger_entry WHERE workshop_id = $1 AND kind IN ($2, $3, $4) \
             ORDER BY created_at DESC, id DESC LIMIT $5",
            params![workshop, EntryKind::Adjustment, EntryKind::Payout, EntryKind::Reversal, limit],
        )
        .await?;
    let mut moves = Vec::with_capacity(ids.len());
    for (id,) in ids {
        moves.extend(entry(conn, id).await?);
    }
    Ok(moves)
}
