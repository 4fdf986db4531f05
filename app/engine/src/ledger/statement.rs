//! What a party got in a month: opening balance, lines, closing balance.

use chrono::NaiveDate;

use super::book::{EntryKind, Method};
use super::error::LedgerError;
use super::month::Month;
use super::party::{self, Party, PartyKind};
use super::rule::{self, SplitRule};
use super::sums::{self, Totals};
use crate::accounts::{Actor, Forbidden};
use crate::coop;
use crate::store::Conn;
use crate::{BookingId, Dong, EntryId, PartyId, SplitRuleId, TourId, WorkshopId, params};

/// Out of whose takings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One workshop's.
    Workshop(WorkshopId),
    /// Of all workshops that have something to do with the party.
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    pub party: PartyId,
    pub scope: Scope,
    pub month: Month,
}

/// One entry, as far as it concerns the party.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StatementLine {
    pub id: EntryId,
    pub kind: EntryKind,
    pub workshop_id: WorkshopId,
    pub on_date: NaiveDate,
    pub booking_id: Option<BookingId>,
    pub tour_id: Option<TourId>,
    pub code: String,
    pub people: i32,
    pub rule_id: Option<SplitRuleId>,
    pub corrects: Option<EntryId>,
    pub reason: String,
    pub method: Option<Method>,
    /// What the visit brought in, whoever gets it.
    pub brought: Dong,
    pub takings: Dong,
    pub prepaid: Dong,
    pub share: Dong,
    pub adjusted: Dong,
    pub paid: Dong,
}

impl StatementLine {
    /// What the line does to the balance.
    pub fn change(&self) -> Dong {
        self.takings + self.prepaid + self.share + self.adjusted + self.paid
    }
}

/// Visits of one tour within a statement, corrections counted in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TourSum {
    pub tour_id: Option<TourId>,
    pub visits: usize,
    pub people: i32,
    pub brought: Dong,
    pub share: Dong,
}

/// A balance above 0 is owed to the party. That of a workshop is mostly below: it holds the
/// guests' money and has others' shares of it to pass on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub party: Party,
    pub month: Month,
    pub lines: Vec<StatementLine>,
    pub totals: Totals,
    /// The rules that lines name.
    pub rules: Vec<SplitRule>,
}

impl Statement {
    pub fn rule(&self, line: &StatementLine) -> Option<&SplitRule> {
        self.rules.iter().find(|rule| Some(rule.id) == line.rule_id)
    }

    /// By tour, the largest share first.
    pub fn by_tour(&self) -> Vec<TourSum> {
        let mut sums: Vec<TourSum> = Vec::new();
        for line in &self.lines {
            if !matches!(line.kind, EntryKind::Visit | EntryKind::Kept | EntryKind::Correction) {
                continue;
            }
            let at = sums.iter().position(|sum| sum.tour_id == line.tour_id).unwrap_or_else(|| {
                let tour_id = line.tour_id;
                let (brought, share) = (Dong::ZERO, Dong::ZERO);
                sums.push(TourSum { tour_id, visits: 0, people: 0, brought, share });
                sums.len() - 1
            });
            let sum = &mut sums[at];
            sum.visits += usize::from(line.kind == EntryKind::Visit);
            sum.people += line.people;
            sum.brought += line.brought;
            sum.share += line.share;
        }
        sums.sort_by_key(|sum| std::cmp::Reverse(sum.share));
        sums
    }
}

/// A party's month. Owners see what their workshop's money did; members see their co-op's fund
/// whole; of a village's fund an owner sees the workshop's part.
pub async fn statement(conn: &mut Conn, actor: &Actor, ask: Ask) -> Result<Statement, LedgerError> {
    let party = party::party(conn, ask.party).await?.ok_or(LedgerError::Unknown)?;
    let workshop = match ask.scope {
        Scope::Workshop(workshop) => {
            actor.must_own(workshop)?;
            if party.workshop_id.is_some_and(|of| of != workshop) {
                return Err(Forbidden.into());
            }
            Some(workshop)
        }
        Scope::All => {
            match (party.kind, party.coop_id, party.workshop_id) {
                (PartyKind::CoopFund, Some(coop), _) => {
                    coop::must_belong(conn, actor, coop).await?;
                }
                (_, _, Some(workshop)) => actor.must_own(workshop)?,
                _ => actor.must_administer()?,
            }
            None
        }
    };
    let totals = sums::of_party(conn, ask.party, workshop, ask.month).await?;
    let lines: Vec<StatementLine> = conn
        .fetch_all(
            "SELECT entry.id, entry.kind, entry.workshop_id, entry.on_date, entry.booking_id, \
             entry.tour_id, entry.code, entry.people, entry.rule_id, entry.corrects, \
             entry.reason, entry.method, \
             CAST((SELECT COALESCE(-SUM(till.amount), 0) FROM ledger_line till \
             WHERE till.entry_id = entry.id AND till.side IN ('takings', 'prepaid')) AS BIGINT) AS brought, \
             CAST(SUM(CASE WHEN line.side = 'takings' THEN line.amount ELSE 0 END) AS BIGINT) \
             AS takings, \
             CAST(SUM(CASE WHEN line.side = 'prepaid' THEN line.amount ELSE 0 END) AS BIGINT) \
             AS prepaid, \
             CAST(SUM(CASE WHEN line.side = 'share' THEN line.amount ELSE 0 END) AS BIGINT) \
             AS share, \
             CAST(SUM(CASE WHEN line.side = 'adjusted' THEN line.amount ELSE 0 END) AS BIGINT) \
             AS adjusted, \
             CAST(SUM(CASE WHEN line.side = 'paid' THEN line.amount ELSE 0 END) AS BIGINT) \
             AS paid \
             FROM ledger_line line JOIN ledger_entry entry ON entry.id = line.entry_id \
             WHERE line.party_id = $1 AND entry.on_date BETWEEN $2 AND $3 \
             AND ($4 IS NULL OR entry.workshop_id = $4) \
             GROUP BY entry.id ORDER BY entry.on_date, entry.created_at, entry.id",
            params![ask.party, ask.month.first(), ask.month.last(), workshop],
        )
        .await?;
    let mut ids: Vec<SplitRuleId> = lines.iter().filter_map(|line| line.rule_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut rules = Vec::with_capacity(ids.len());
    for id in ids {
        rules.extend(rule::rule(conn, id).await?);
    }
    Ok(Statement { party, month: ask.month, lines, totals, rules })
}
