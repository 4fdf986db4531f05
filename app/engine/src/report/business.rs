//! What the crafts bring: revenue in bands, jobs, training, trade promotion. Money and jobs are told of three
//! workshops together or of none.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;

use super::access::Scope;
use super::figures::Jobs;
use super::period::Period;
use super::suppress::{Figure, Id, LEAST_PEOPLE, LEAST_WORKSHOPS, System};
use super::trade::{Orders, TradeEvent};
use crate::catalogue::Catalogue;
use crate::store::{Conn, StoreError};
use crate::{SlotId, TradeEventId, VillageId, WorkshopId, params, stored_enum};

stored_enum! {
    /// What a workshop earned in the period, in millions of đồng.
    #[derive(PartialOrd, Ord)]
    pub enum Band {
        Under10 = "under_10",
        Under50 = "under_50",
        Under200 = "under_200",
        Over200 = "over_200",
    }
}

impl Band {
    /// The lower end belongs to the band.
    pub fn of(dong: i64) -> Self {
        match dong {
            ..10_000_000 => Band::Under10,
            10_000_000..50_000_000 => Band::Under50,
            50_000_000..200_000_000 => Band::Under200,
            _ => Band::Over200,
        }
    }
}

/// How workshops fall into bands, and how many they are. Of fewer than three nothing is told: where the other
/// bands are empty, an empty one tells as much as a full one.
fn parted<K>(bands: Vec<(K, i64)>) -> (Figure, Vec<(K, Figure)>) {
    let all = bands.iter().map(|(_, n)| n).sum();
    let mut system = System::new(LEAST_WORKSHOPS);
    let total = system.count(all);
    let ids: Vec<(K, Id)> = bands.into_iter().map(|(band, n)| (band, system.count(n))).collect();
    system.sum(total, ids.iter().map(|(_, id)| *id));
    let shown = system.protect();
    let few = (1..LEAST_WORKSHOPS).contains(&all);
    let figure = |id| if few { Figure::Hidden } else { shown.figure(id) };
    (figure(total), ids.into_iter().map(|(band, id)| (band, figure(id))).collect())
}

/// What visits and sales brought in, in đồng.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Revenue {
    pub total: Figure,
    pub villages: Vec<(VillageId, Figure)>,
    /// How many workshops are in each band.
    pub bands: Vec<(Band, Figure)>,
    /// How many had any.
    pub workshops: Figure,
}

impl Revenue {
    /// From the ledger, on the days on which entries count: visits with their corrections, what stayed of
    /// the money of those who did not come, commissions, and what the shop sold, with the post. All shares
    /// are counted, whoever they are of.
    pub(super) async fn load(
        conn: &mut Conn,
        scope: Scope,
        period: &Period,
        catalogue: &Catalogue,
    ) -> Result<Revenue, StoreError> {
        let rows: Vec<(WorkshopId, i64)> = conn
            .fetch_all(
                "SELECT entry.workshop_id, CAST(SUM(line.amount) AS BIGINT) AS amount \
                 FROM ledger_entry entry JOIN ledger_line line ON line.entry_id = entry.id \
                 JOIN workshop ON workshop.id = entry.workshop_id \
                 WHERE entry.on_date BETWEEN $1 AND $2 AND line.side = 'share' \
                 AND entry.kind IN ('visit', 'kept', 'correction', 'card_expired', \
                 'commission_earned', 'commission_kept', 'sale', 'sale_back') \
                 AND ($3 IS NULL OR workshop.village_id = $3) GROUP BY entry.workshop_id",
                params![period.first, period.until, scope.village()],
            )
            .await?;
        let mut villages: BTreeMap<VillageId, (i64, i64)> = BTreeMap::new();
        let mut bands: BTreeMap<Band, i64> = Band::ALL.iter().map(|band| (*band, 0)).collect();
        let mut workshops = 0;
        for (workshop, amount) in rows.iter().filter(|(_, amount)| *amount != 0) {
            let Some(shop) = catalogue.workshop(*workshop) else { continue };
            let sum = villages.entry(shop.village_id).or_default();
            *sum = (sum.0 + amount, sum.1 + 1);
            *bands.entry(Band::of(*amount)).or_default() += 1;
            workshops += 1;
        }
        let mut system = System::new(LEAST_WORKSHOPS);
        let all = villages.values().map(|(amount, _)| amount).sum();
        let total = system.rests_on(all, workshops);
        let villages: Vec<(VillageId, Id)> = catalogue
            .villages
            .iter()
            .filter_map(|village| Some((village.id, *villages.get(&village.id)?)))
            .map(|(village, (amount, weight))| (village, system.rests_on(amount, weight)))
            .collect();
        system.sum(total, villages.iter().map(|(_, id)| *id));
        let money = system.protect();
        let (workshops, bands) = parted(bands.into_iter().collect());
        Ok(Revenue {
            total: money.figure(total),
            villages: villages.into_iter().map(|(at, id)| (at, money.figure(id))).collect(),
            bands,
            workshops,
        })
    }
}

/// Workers, artisans, apprentices, women, seasonal workers.
pub type JobFigures = [Figure; 5];

/// Jobs of a year, by village.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobsOf {
    pub year: i32,
    pub total: JobFigures,
    pub villages: Vec<(VillageId, JobFigures)>,
    /// How many workshops said theirs, of how many on sale.
    pub told: i64,
    pub of: i64,
}

#[derive(sqlx::FromRow)]
struct JobRow {
    workshop_id: WorkshopId,
    #[sqlx(flatten)]
    jobs: Jobs,
}

fn list(jobs: &Jobs) -> [i64; 5] {
    [jobs.workers, jobs.artisans, jobs.apprentices, jobs.women, jobs.seasonal].map(i64::from)
}

impl JobsOf {
    pub(super) async fn load(
        conn: &mut Conn,
        scope: Scope,
        year: i32,
        catalogue: &Catalogue,
        of: i64,
    ) -> Result<JobsOf, StoreError> {
        let rows: Vec<JobRow> = conn
            .fetch_all(
                "SELECT workshop_id, workers, artisans, apprentices, women, seasonal \
                 FROM year_figures JOIN workshop ON workshop.id = workshop_id \
                 WHERE year = $1 AND ($2 IS NULL OR workshop.village_id = $2)",
                params![year, scope.village()],
            )
            .await?;
        let mut sums: BTreeMap<VillageId, ([i64; 5], i64)> = BTreeMap::new();
        for row in &rows {
            let Some(shop) = catalogue.workshop(row.workshop_id) else { continue };
            let (sum, told) = sums.entry(shop.village_id).or_default();
            *told += 1;
            for (sum, more) in sum.iter_mut().zip(list(&row.jobs)) {
                *sum += more;
            }
        }
        let told: i64 = sums.values().map(|(_, told)| told).sum();
        let mut system = System::new(LEAST_WORKSHOPS);
        let mut enter = |counts: [i64; 5], weight| {
            counts.map(|n| system.add(n, weight, (1..LEAST_PEOPLE).contains(&n)))
        };
        let mut all = [0; 5];
        for (sum, _) in sums.values() {
            for (all, more) in all.iter_mut().zip(sum) {
                *all += more;
            }
        }
        let total = enter(all, told);
        let villages: Vec<(VillageId, [Id; 5])> = catalogue
            .villages
            .iter()
            .filter_map(|village| Some((village.id, *sums.get(&village.id)?)))
            .map(|(village, (counts, told))| (village, enter(counts, told)))
            .collect();
        for (at, sum) in total.iter().enumerate() {
            system.sum(*sum, villages.iter().map(|(_, ids)| ids[at]));
        }
        let shown = system.protect();
        Ok(JobsOf {
            year,
            total: total.map(|id| shown.figure(id)),
            villages: villages
                .into_iter()
                .map(|(village, ids)| (village, ids.map(|id| shown.figure(id))))
                .collect(),
            told,
            of,
        })
    }
}

/// Courses of a period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Trained {
    /// Runs that had sessions.
    pub courses: i64,
    pub participants: Figure,
    /// Of teaching.
    pub minutes: i64,
    pub certificates: Figure,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Training {
    pub total: Trained,
    pub villages: Vec<(VillageId, Trained)>,
}

impl Training {
    pub(super) async fn load(
        conn: &mut Conn,
        scope: Scope,
        period: &Period,
        catalogue: &Catalogue,
    ) -> Result<Training, StoreError> {
        let bounds = || params![period.first, period.until, scope.village()];
        // Times are subtracted here: the two databases do it each in its own way.
        let sessions: Vec<(VillageId, SlotId, DateTime<Utc>, DateTime<Utc>)> = conn
            .fetch_all(
                "SELECT workshop.village_id, session.slot_id, session.starts_at, session.ends_at \
                 FROM course_session session JOIN workshop ON workshop.id = session.workshop_id \
                 WHERE session.local_date BETWEEN $1 AND $2 AND session.cancelled_at IS NULL \
                 AND ($3 IS NULL OR workshop.village_id = $3)",
                bounds(),
            )
            .await?;
        let mut bounds_live = bounds();
        bounds_live.extend(params![false]);
        let people: Vec<(VillageId, i64)> = conn
            .fetch_all(
                "SELECT workshop.village_id, CAST(SUM(booking.people) AS BIGINT) AS people \
                 FROM booking JOIN workshop ON workshop.id = booking.workshop_id \
                 WHERE booking.state IN ('confirmed', 'checked_in') AND booking.test = $4 \
                 AND booking.slot_id IN (SELECT slot_id FROM course_session \
                 WHERE local_date BETWEEN $1 AND $2 AND cancelled_at IS NULL) \
                 AND ($3 IS NULL OR workshop.village_id = $3) GROUP BY workshop.village_id",
                bounds_live,
            )
            .await?;
        let certified: Vec<(VillageId, i64)> = conn
            .fetch_all(
                "SELECT workshop.village_id, CAST(COUNT(*) AS BIGINT) AS certificates \
                 FROM certificate JOIN workshop ON workshop.id = certificate.workshop_id \
                 WHERE certificate.issued_on BETWEEN $1 AND $2 AND certificate.withdrawn_at IS NULL \
                 AND ($3 IS NULL OR workshop.village_id = $3) GROUP BY workshop.village_id",
                bounds(),
            )
            .await?;
        let find = |rows: &[(VillageId, i64)], village| {
            rows.iter().find(|(id, _)| *id == village).map_or(0, |(_, n)| *n)
        };
        let mut system = System::new(LEAST_PEOPLE);
        let all = |rows: &[(VillageId, i64)]| rows.iter().map(|(_, n)| *n).sum::<i64>();
        let total = [&people, &certified].map(|rows| system.count(all(rows)));
        let mut villages = Vec::new();
        for village in &catalogue.villages {
            let mut runs: Vec<SlotId> = Vec::new();
            let mut minutes = 0;
            for (_, run, from, to) in sessions.iter().filter(|(id, ..)| *id == village.id) {
                minutes += (*to - *from).num_minutes();
                runs.push(*run);
            }
            runs.sort_unstable();
            runs.dedup();
            let counts = [find(&people, village.id), find(&certified, village.id)];
            if !runs.is_empty() || counts != [0, 0] {
                let courses = i64::try_from(runs.len()).unwrap_or(i64::MAX);
                villages.push((village.id, courses, minutes, counts.map(|n| system.count(n))));
            }
        }
        for (at, sum) in total.iter().enumerate() {
            system.sum(*sum, villages.iter().map(|(.., ids)| ids[at]));
        }
        let shown = system.protect();
        let trained = |courses, minutes, [people, certified]: [Id; 2]| Trained {
            courses,
            participants: shown.figure(people),
            minutes,
            certificates: shown.figure(certified),
        };
        Ok(Training {
            total: trained(
                villages.iter().map(|(_, courses, ..)| courses).sum(),
                villages.iter().map(|(_, _, minutes, _)| minutes).sum(),
                total,
            ),
            villages: villages
                .iter()
                .map(|(village, courses, minutes, ids)| {
                    (*village, trained(*courses, *minutes, *ids))
                })
                .collect(),
        })
    }
}

/// An event of trade promotion, and what came of it for those of the report who took part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traded {
    pub event: TradeEvent,
    pub workshops: i64,
    pub contracts: Figure,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trade {
    /// Announced events of the period, the earliest first; in a village's report those in which it had part.
    pub events: Vec<Traded>,
    /// Parts taken, all events together.
    pub parts: i64,
    pub contracts: Figure,
    /// How many parts brought orders of each worth.
    pub orders: Vec<(Orders, Figure)>,
    /// Parts of which it was said.
    pub told: Figure,
}

#[derive(sqlx::FromRow)]
struct PartRow {
    event_id: TradeEventId,
    contracts: Option<i32>,
    orders: Option<Orders>,
}

impl Trade {
    pub(super) async fn load(
        conn: &mut Conn,
        scope: Scope,
        period: &Period,
    ) -> Result<Trade, StoreError> {
        const WITHIN: &str = "published = $4 AND last_date >= $1 AND first_date <= $2";
        let mut bounds = params![period.first, period.until, scope.village(), true];
        let parts: Vec<PartRow> = conn
            .fetch_all(
                AssertSqlSafe(format!(
                    "SELECT part.event_id, part.contracts, part.orders FROM trade_part part \
                     JOIN trade_event ON trade_event.id = part.event_id \
                     JOIN workshop ON workshop.id = part.workshop_id \
                     WHERE part.state = 'confirmed' AND {WITHIN} \
                     AND ($3 IS NULL OR workshop.village_id = $3)"
                )),
                bounds.clone(),
            )
            .await?;
        bounds.remove(2);
        let events: Vec<TradeEvent> = conn
            .fetch_all(
                AssertSqlSafe(format!(
                    "SELECT id, kind, name, place, about, first_date, last_date, register_until, \
                     published, created_at FROM trade_event WHERE {} ORDER BY first_date, id",
                    WITHIN.replace("$4", "$3")
                )),
                bounds,
            )
            .await?;
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let mut system = System::new(LEAST_WORKSHOPS);
        let contracts_of = |parts: &[&PartRow]| {
            let told = parts.iter().filter_map(|part| part.contracts);
            (told.clone().map(i64::from).sum::<i64>(), count(told.count()))
        };
        let all: Vec<&PartRow> = parts.iter().collect();
        let (contracts, weight) = contracts_of(&all);
        let total = system.rests_on(contracts, weight);
        let mut rows = Vec::new();
        for event in events {
            let of: Vec<&PartRow> = parts.iter().filter(|it| it.event_id == event.id).collect();
            if of.is_empty() && scope != Scope::City {
                continue;
            }
            let (contracts, weight) = contracts_of(&of);
            rows.push((event, count(of.len()), system.rests_on(contracts, weight)));
        }
        system.sum(total, rows.iter().map(|(.., id)| *id));
        let shown = system.protect();
        let of = |orders| count(parts.iter().filter(|part| part.orders == Some(orders)).count());
        let (told, orders) = parted(Orders::ALL.iter().map(|it| (*it, of(*it))).collect());
        Ok(Trade {
            parts: count(parts.len()),
            contracts: shown.figure(total),
            orders,
            told,
            events: rows
                .into_iter()
                .map(|(event, workshops, id)| Traded {
                    event,
                    workshops,
                    contracts: shown.figure(id),
                })
                .collect(),
        })
    }
}
