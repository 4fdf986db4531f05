//! What the city's department of industry and trade sees, and what a village's administration sees of its own
//! village: figures of a period, in which nobody is to be recognised.
//!
//! The figures are sums that the database makes from what the other modules have written; nothing is copied
//! aside to be counted. No name, address, booking or single workshop's money leaves this module: what rests on
//! fewer than five people or three workshops is hidden, together with whatever would tell it
//! ([`suppress`]). Two things are asked for reports alone: where guests come from
//! ([`crate::booking::say_country`]), and who works in a workshop ([`figures`]).

mod access;
mod business;
mod error;
mod figures;
mod period;
mod quality;
pub mod suppress;
mod trade;
mod visits;

#[cfg(test)]
mod tests;

use chrono::{NaiveDate, NaiveTime};

pub use access::{
    GiveVillage, Scope, TakeVillage, VillagePerson, give_village, must_see, take_village,
    village_people, villages_of,
};
pub use business::{Band, JobFigures, JobsOf, Revenue, Trade, Traded, Trained, Training};
pub use error::{Field, ReportError, Wrong, Wrongs};
pub use figures::{
    Jobs, JobsInput, MOST_PEOPLE, SaveFigures, YEARS_BACK, YearFigures, figures_of, missing_year,
    open_years, save_figures,
};
pub use period::{MOST_MONTHS, Period, Span, WrongPeriod};
pub use quality::{Fate, Quality};
pub use suppress::{Figure, LEAST_PEOPLE, LEAST_WORKSHOPS};
pub use trade::{
    DecidePart, MOST_CONTRACTS, Orders, Outcome, PartState, Register, SaveTrade, TellOutcome,
    TradeData, TradeEvent, TradeInput, TradeKind, TradePart, decide_part, register, save_trade,
    tell_outcome, trade_event, trade_events, trade_of_workshop, trade_parts,
};
pub use visits::{Ages, Channel, Counts, DayTime, SIZES, Visits, WEEKDAYS};

use crate::accounts::Actor;
use crate::catalogue::{Catalogue, Workshop};
use crate::clock::venue_instant;
use crate::params;
use crate::store::{Conn, StoreError};

/// Who is on the platform: public, so never hidden.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TakingPart {
    /// With tours on sale.
    pub villages: i64,
    pub workshops: i64,
    /// That had members in the period.
    pub coops: i64,
}

/// A report, with what it is compared to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub scope: Scope,
    pub period: Period,
    pub taking_part: TakingPart,
    pub visits: Visits,
    pub before: Visits,
    pub year_before: Visits,
    pub revenue: Revenue,
    pub revenue_before: Revenue,
    pub revenue_year_before: Revenue,
    pub jobs: JobsOf,
    pub jobs_before: JobsOf,
    pub training: Training,
    pub trade: Trade,
    pub quality: Quality,
}

/// Whether a workshop is of the report.
fn of_scope(scope: Scope, shop: &Workshop) -> bool {
    scope.village().is_none_or(|village| shop.village_id == village)
}

async fn taking_part(
    conn: &mut Conn,
    scope: Scope,
    period: &Period,
    catalogue: &Catalogue,
) -> Result<TakingPart, StoreError> {
    let on_sale: Vec<&Workshop> = catalogue
        .workshops
        .iter()
        .filter(|shop| of_scope(scope, shop) && catalogue.tours_of(shop.id).next().is_some())
        .collect();
    let mut villages: Vec<_> = on_sale.iter().map(|shop| shop.village_id).collect();
    villages.sort_unstable();
    villages.dedup();
    let midnight = |date: NaiveDate| venue_instant(date, NaiveTime::MIN).unwrap_or_default();
    let after = midnight(period.until.succ_opt().unwrap_or(period.until));
    let (coops,): (i64,) = conn
        .fetch_one(
            "SELECT CAST(COUNT(DISTINCT member.coop_id) AS BIGINT) AS coops \
             FROM coop_member member JOIN workshop ON workshop.id = member.workshop_id \
             WHERE member.state IN ('active', 'left') AND member.joined_at < $2 \
             AND (member.ended_at IS NULL OR member.ended_at >= $1) \
             AND ($3 IS NULL OR workshop.village_id = $3)",
            params![midnight(period.first), after, scope.village()],
        )
        .await?;
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    Ok(TakingPart { villages: count(villages.len()), workshops: count(on_sale.len()), coops })
}

impl Report {
    /// The report, for whoever may see it.
    pub async fn load(
        conn: &mut Conn,
        actor: &Actor,
        scope: Scope,
        period: Period,
        catalogue: &Catalogue,
    ) -> Result<Report, ReportError> {
        must_see(conn, actor, scope).await?;
        let (before, year_before) = (period.before(), period.year_before());
        let taking_part = taking_part(conn, scope, &period, catalogue).await?;
        let (of, year) = (taking_part.workshops, period.full_year());
        Ok(Report {
            scope,
            period,
            taking_part,
            visits: Visits::load(conn, scope, &period, catalogue).await?,
            before: Visits::load(conn, scope, &before, catalogue).await?,
            year_before: Visits::load(conn, scope, &year_before, catalogue).await?,
            revenue: Revenue::load(conn, scope, &period, catalogue).await?,
            revenue_before: Revenue::load(conn, scope, &before, catalogue).await?,
            revenue_year_before: Revenue::load(conn, scope, &year_before, catalogue).await?,
            jobs: JobsOf::load(conn, scope, year, catalogue, of).await?,
            jobs_before: JobsOf::load(conn, scope, year - 1, catalogue, of).await?,
            training: Training::load(conn, scope, &period, catalogue).await?,
            trade: Trade::load(conn, scope, &period).await?,
            quality: Quality::load(conn, scope, &period).await?,
        })
    }
}
