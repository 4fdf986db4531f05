//! Visits of a period, from every side that a report looks at them. Sums are made by the database and protected
//! together: all tables share one total.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc, Weekday};

use super::access::Scope;
use super::period::Period;
use super::suppress::{Figure, Id, LEAST_PEOPLE, Protected, System};
use crate::catalogue::{Catalogue, Craft};
use crate::clock::{local_date, local_time};
use crate::coop::Author;
use crate::country::Country;
use crate::event;
use crate::store::{Conn, Param, Row, StoreError};
use crate::{EventId, Locale, VillageId, WorkshopId, params, stored_enum};

stored_enum! {
    /// How a visit came about.
    #[derive(PartialOrd, Ord)]
    pub enum Channel {
        /// This site, the waiting list and sister workshops included.
        Site = "site",
        Phone = "phone",
        /// A group that asked.
        Group = "group",
        Company = "company",
        Pass = "pass",
    }
}

stored_enum! {
    /// When a visit begins: before noon, before 17:00, later.
    #[derive(PartialOrd, Ord)]
    pub enum DayTime { Morning = "morning", Afternoon = "afternoon", Evening = "evening" }
}

impl DayTime {
    fn of(at: DateTime<Utc>) -> Self {
        match local_time(at).hour() {
            0..12 => DayTime::Morning,
            12..17 => DayTime::Afternoon,
            _ => DayTime::Evening,
        }
    }
}

/// Sizes of parties, by the people who came: from so many to so many.
pub const SIZES: [(i64, i64); 6] = [(1, 1), (2, 2), (3, 5), (6, 10), (11, 20), (21, i64::MAX)];

/// Monday first, as weeks are here.
pub const WEEKDAYS: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

/// Adults, children and students among those who came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ages {
    pub adults: Figure,
    pub children: Figure,
    pub students: Figure,
}

/// A row of a table of visits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub visits: Figure,
    pub visitors: Figure,
    /// Where the table tells them.
    pub ages: Option<Ages>,
}

/// A village with its workshops.
pub type OfVillage = (VillageId, Counts, Vec<(WorkshopId, Counts)>);

/// Everything about the visits of a period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Visits {
    pub total: Counts,
    /// Villages with their workshops, in the catalogue's order; only those that had visits.
    pub villages: Vec<OfVillage>,
    pub crafts: Vec<(Craft, Counts)>,
    /// First days of the months, all of them.
    pub months: Vec<(NaiveDate, Counts)>,
    /// Visitors by day of the week and time of day, with the sum of each day.
    pub week: Vec<(Weekday, [Figure; 3], Figure)>,
    pub day_times: [Figure; 3],
    pub residents: Counts,
    pub foreigners: Counts,
    pub unknown: Counts,
    /// Of the foreigners; the most first.
    pub countries: Vec<(Country, Counts)>,
    pub languages: Vec<(Locale, Counts)>,
    pub channels: Vec<(Channel, Counts)>,
    /// In the order of [`SIZES`].
    pub sizes: Vec<Counts>,
    /// On days of festivals and open days, and on others.
    pub festival: Counts,
    pub everyday: Counts,
    /// Workshops that had visits.
    pub workshops: usize,
}

#[derive(Debug, Clone, Copy, Default, sqlx::FromRow)]
struct Raw {
    visits: i64,
    visitors: i64,
    children: i64,
    students: i64,
}

impl std::ops::AddAssign for Raw {
    fn add_assign(&mut self, other: Self) {
        self.visits += other.visits;
        self.visitors += other.visitors;
        self.children += other.children;
        self.students += other.students;
    }
}

impl std::iter::Sum for Raw {
    fn sum<I: Iterator<Item = Raw>>(rows: I) -> Raw {
        rows.fold(Raw::default(), |mut sum, row| {
            sum += row;
            sum
        })
    }
}

#[derive(sqlx::FromRow)]
struct Keyed<K> {
    key: K,
    #[sqlx(flatten)]
    raw: Raw,
}

/// What is counted: bookings whose guests came, courses aside. Of a party that did not come in full, children
/// and students are taken to have come.
const MEASURES: &str = "CAST(COUNT(*) AS BIGINT) AS visits, \
     CAST(COALESCE(SUM(booking.arrived), 0) AS BIGINT) AS visitors, \
     CAST(COALESCE(SUM(CASE WHEN COALESCE(booking.children, 0) < booking.arrived \
     THEN COALESCE(booking.children, 0) ELSE booking.arrived END), 0) AS BIGINT) AS children, \
     CAST(COALESCE(SUM(CASE WHEN COALESCE(booking.children, 0) >= booking.arrived THEN 0 \
     WHEN COALESCE(booking.children, 0) + COALESCE(booking.students, 0) <= booking.arrived \
     THEN COALESCE(booking.students, 0) \
     ELSE booking.arrived - COALESCE(booking.children, 0) END), 0) AS BIGINT) AS students";

const VISITS: &str = "FROM slot JOIN booking ON booking.slot_id = slot.id \
     JOIN workshop ON workshop.id = booking.workshop_id \
     WHERE slot.local_date BETWEEN $1 AND $2 AND slot.last_date IS NULL \
     AND booking.state = 'checked_in' AND booking.arrived > 0 AND booking.test = $4 \
     AND ($3 IS NULL OR workshop.village_id = $3)";

fn bounds(scope: Scope, period: &Period) -> Vec<Param> {
    params![period.first, period.until, scope.village(), false]
}

async fn by<K>(
    conn: &mut Conn,
    scope: Scope,
    period: &Period,
    key: &'static str,
) -> Result<Vec<(K, Raw)>, StoreError>
where
    Keyed<K>: Row,
{
    let sql = format!("SELECT {key} AS key, {MEASURES} {VISITS} GROUP BY {key}");
    let rows: Vec<Keyed<K>> =
        conn.fetch_all(sqlx::AssertSqlSafe(sql), bounds(scope, period)).await?;
    Ok(rows.into_iter().map(|row| (row.key, row.raw)).collect())
}

/// Rows of the same key as one.
fn folded<K, L: Ord>(rows: &[(K, Raw)], key: impl Fn(&K) -> L) -> BTreeMap<L, Raw> {
    let mut sums = BTreeMap::new();
    for (of, raw) in rows {
        *sums.entry(key(of)).or_default() += *raw;
    }
    sums
}

/// A row's figures in the system that hides.
#[derive(Clone, Copy)]
struct Ids {
    visits: Id,
    visitors: Id,
    ages: Option<[Id; 3]>,
}

fn enter(system: &mut System, raw: Raw, with_ages: bool) -> Ids {
    let small = raw.visitors > 0 && raw.visitors < LEAST_PEOPLE;
    let visits = system.add(raw.visits, raw.visitors, small);
    let visitors = system.count(raw.visitors);
    let ages = with_ages.then(|| {
        let adults = raw.visitors - raw.children - raw.students;
        let ages = [adults, raw.children, raw.students].map(|count| system.count(count));
        system.sum(visitors, ages);
        ages
    });
    Ids { visits, visitors, ages }
}

/// Says that rows add up to another one.
fn add_up(system: &mut System, total: Ids, rows: &[Ids]) {
    system.sum(total.visits, rows.iter().map(|row| row.visits));
    system.sum(total.visitors, rows.iter().map(|row| row.visitors));
    for at in 0..3 {
        let parts: Option<Vec<Id>> = rows.iter().map(|row| row.ages.map(|ages| ages[at])).collect();
        if let Some((ages, parts)) = total.ages.zip(parts) {
            system.sum(ages[at], parts);
        }
    }
}

/// Enters the rows of a table.
fn table<K>(
    system: &mut System,
    total: Ids,
    rows: impl IntoIterator<Item = (K, Raw)>,
    with_ages: bool,
) -> Vec<(K, Ids)> {
    let rows: Vec<(K, Ids)> =
        rows.into_iter().map(|(key, raw)| (key, enter(system, raw, with_ages))).collect();
    let ids: Vec<Ids> = rows.iter().map(|(_, ids)| *ids).collect();
    add_up(system, total, &ids);
    rows
}

fn shown(protected: &Protected, ids: Ids) -> Counts {
    Counts {
        visits: protected.figure(ids.visits),
        visitors: protected.figure(ids.visitors),
        ages: ids.ages.map(|[adults, children, students]| Ages {
            adults: protected.figure(adults),
            children: protected.figure(children),
            students: protected.figure(students),
        }),
    }
}

fn all_shown<K>(protected: &Protected, rows: Vec<(K, Ids)>) -> Vec<(K, Counts)> {
    rows.into_iter().map(|(key, ids)| (key, shown(protected, ids))).collect()
}

/// Visits that fell on a day of an event in which their workshop takes part.
async fn on_festivals(
    conn: &mut Conn,
    scope: Scope,
    period: &Period,
    catalogue: &Catalogue,
) -> Result<Raw, StoreError> {
    let events = event::published(conn).await?;
    if events.is_empty() {
        return Ok(Raw::default());
    }
    let members: Vec<(WorkshopId, crate::CoopId)> = conn
        .fetch_all("SELECT workshop_id, coop_id FROM coop_member WHERE state = 'active'", vec![])
        .await?;
    let out: Vec<(EventId, WorkshopId)> =
        conn.fetch_all("SELECT event_id, workshop_id FROM event_opt_out", vec![]).await?;
    let rows: Vec<(WorkshopId, NaiveDate, i64, i64)> = conn
        .fetch_all(
            sqlx::AssertSqlSafe(format!(
                "SELECT booking.workshop_id, slot.local_date, CAST(COUNT(*) AS BIGINT) AS visits, \
                 CAST(SUM(booking.arrived) AS BIGINT) AS visitors {VISITS} \
                 GROUP BY booking.workshop_id, slot.local_date"
            )),
            bounds(scope, period),
        )
        .await?;
    let concerns = |event: &event::Event, workshop: WorkshopId| match event.author {
        Author::Office => {
            catalogue.workshop(workshop).is_some_and(|shop| shop.village_id == event.village_id)
        }
        Author::Coop(coop) => members.contains(&(workshop, coop)),
    };
    let days: Vec<Vec<NaiveDate>> = events
        .iter()
        .map(|event| {
            let all = period.first.iter_days().take_while(|date| *date <= period.until);
            all.filter(|date| event.days.covers(*date)).collect()
        })
        .collect();
    let festive = |workshop, date: &NaiveDate| {
        events.iter().zip(&days).any(|(event, days)| {
            days.binary_search(date).is_ok()
                && concerns(event, workshop)
                && !out.contains(&(event.id, workshop))
        })
    };
    Ok(rows
        .into_iter()
        .filter(|(workshop, date, ..)| festive(*workshop, date))
        .map(|(_, _, visits, visitors)| Raw { visits, visitors, ..Raw::default() })
        .sum())
}

impl Visits {
    pub(super) async fn load(
        conn: &mut Conn,
        scope: Scope,
        period: &Period,
        catalogue: &Catalogue,
    ) -> Result<Visits, StoreError> {
        let shops: Vec<(WorkshopId, Raw)> = by(conn, scope, period, "booking.workshop_id").await?;
        let starts: Vec<(DateTime<Utc>, Raw)> = by(conn, scope, period, "slot.starts_at").await?;
        let from: Vec<(String, Raw)> =
            by(conn, scope, period, "COALESCE(NULLIF(booking.country, ''), booking.phone_country)")
                .await?;
        let languages: Vec<(String, Raw)> = by(conn, scope, period, "booking.locale").await?;
        let channels: Vec<(String, Raw)> = by(
            conn,
            scope,
            period,
            "CASE WHEN booking.pass_booking_id IS NOT NULL THEN 'pass' ELSE booking.source END",
        )
        .await?;
        let sizes: Vec<(i32, Raw)> = by(conn, scope, period, "booking.arrived").await?;
        let festival = on_festivals(conn, scope, period, catalogue).await?;

        let mut system = System::new(LEAST_PEOPLE);
        let sys = &mut system;
        let sum: Raw = shops.iter().map(|(_, raw)| *raw).sum();
        let total = enter(sys, sum, true);
        let of_shop: BTreeMap<WorkshopId, Raw> = shops.iter().copied().collect();

        // Villages and, in each, its workshops; crafts are villages added up otherwise.
        let mut places = Vec::new();
        for village in &catalogue.villages {
            let inside: Vec<(WorkshopId, Raw)> = catalogue
                .workshops_of(village.id)
                .filter_map(|shop| Some((shop.id, *of_shop.get(&shop.id)?)))
                .collect();
            if inside.is_empty() {
                continue;
            }
            let ids = enter(sys, inside.iter().map(|(_, raw)| *raw).sum(), true);
            let inside = table(sys, ids, inside, true);
            places.push((village, ids, inside));
        }
        let ids: Vec<Ids> = places.iter().map(|(_, ids, _)| *ids).collect();
        add_up(sys, total, &ids);
        let mut crafts = Vec::new();
        for craft in Craft::ALL {
            let of_craft = |slug: &&crate::catalogue::Village| slug.craft == *craft;
            let parts: Vec<Ids> = places
                .iter()
                .filter(|(village, ..)| of_craft(village))
                .map(|(_, ids, _)| *ids)
                .collect();
            if !parts.is_empty() {
                let raw = catalogue.villages.iter().filter(|it| of_craft(it)).flat_map(|village| {
                    catalogue.workshops_of(village.id).filter_map(|shop| of_shop.get(&shop.id))
                });
                let ids = enter(sys, raw.copied().sum(), true);
                add_up(sys, ids, &parts);
                crafts.push((*craft, ids));
            }
        }
        let ids: Vec<Ids> = crafts.iter().map(|(_, ids)| *ids).collect();
        add_up(sys, total, &ids);

        let of_month = folded(&starts, |at| Period::month_of(local_date(*at)));
        let months =
            period.months().map(|first| (first, of_month.get(&first).copied().unwrap_or_default()));
        let months = table(sys, total, months, true);

        let of_time = folded(&starts, |at| {
            (local_date(*at).weekday().num_days_from_monday(), DayTime::of(*at))
        });
        let week = weekly(sys, total.visitors, &of_time);

        let of_country = folded(&from, |code| code.parse::<Country>().ok());
        let get = |key| of_country.get(&key).copied().unwrap_or_default();
        let abroad: Vec<(Country, Raw)> = of_country
            .iter()
            .filter_map(|(country, raw)| Some(((*country)?, *raw)))
            .filter(|(country, _)| *country != Country::VIETNAM)
            .collect();
        let origin =
            [get(Some(Country::VIETNAM)), abroad.iter().map(|(_, raw)| *raw).sum(), get(None)];
        let origin: Vec<Ids> = table(sys, total, origin.map(|raw| ((), raw)), false)
            .iter()
            .map(|((), i)| *i)
            .collect();
        let mut countries = table(sys, origin[1], abroad, false);
        let languages = folded(&languages, Clone::clone)
            .into_iter()
            .map(|(code, raw)| (Locale::parse(&code).unwrap_or_default(), raw));
        let languages = table(sys, total, languages, false);
        let channels = folded(&channels, |word| match word.as_str() {
            "phone" => Channel::Phone,
            "enquiry" => Channel::Group,
            "reseller" => Channel::Company,
            "pass" => Channel::Pass,
            _ => Channel::Site,
        });
        let channels = table(sys, total, channels, false);
        let sizes = SIZES.map(|(least, most)| {
            let within = sizes.iter().filter(|(n, _)| (least..=most).contains(&i64::from(*n)));
            ((), within.map(|(_, raw)| *raw).sum())
        });
        let sizes = table(sys, total, sizes, false);
        let plain = Raw { visits: sum.visits, visitors: sum.visitors, ..Raw::default() };
        let everyday = Raw {
            visits: plain.visits - festival.visits,
            visitors: plain.visitors - festival.visitors,
            ..Raw::default()
        };
        let feasts = table(sys, total, [((), festival), ((), everyday)], false);

        let protected = system.protect();
        let counts = |ids| shown(&protected, ids);
        let figure = |id| protected.figure(id);
        // The most first, but those that are hidden by name: their place must not tell.
        countries.sort_by_key(|(country, ids)| {
            (std::cmp::Reverse(figure(ids.visitors).known()), *country)
        });
        Ok(Visits {
            total: counts(total),
            villages: places
                .into_iter()
                .map(|(village, ids, inside)| {
                    (village.id, counts(ids), all_shown(&protected, inside))
                })
                .collect(),
            crafts: all_shown(&protected, crafts),
            months: all_shown(&protected, months),
            week: WEEKDAYS
                .into_iter()
                .zip(&week.days)
                .map(|(day, (times, all))| (day, times.map(figure), figure(*all)))
                .collect(),
            day_times: week.times.map(figure),
            residents: counts(origin[0]),
            foreigners: counts(origin[1]),
            unknown: counts(origin[2]),
            countries: all_shown(&protected, countries),
            languages: all_shown(&protected, languages),
            channels: all_shown(&protected, channels),
            sizes: sizes.into_iter().map(|((), ids)| counts(ids)).collect(),
            festival: counts(feasts[0].1),
            everyday: counts(feasts[1].1),
            workshops: of_shop.len(),
        })
    }
}

struct Week {
    days: Vec<([Id; 3], Id)>,
    times: [Id; 3],
}

/// Visitors by day of the week and time of day, adding up both ways.
fn weekly(system: &mut System, total: Id, of: &BTreeMap<(u32, DayTime), Raw>) -> Week {
    let raw = |day: u32, time| of.get(&(day, time)).map_or(0, |raw| raw.visitors);
    let times = [DayTime::Morning, DayTime::Afternoon, DayTime::Evening];
    let days: Vec<([Id; 3], Id)> = (0..7)
        .map(|day| {
            let cells = times.map(|time| system.count(raw(day, time)));
            let all = system.count(times.iter().map(|time| raw(day, *time)).sum());
            system.sum(all, cells);
            (cells, all)
        })
        .collect();
    let sums = times.map(|time| system.count((0..7).map(|day| raw(day, time)).sum()));
    for (at, sum) in sums.iter().enumerate() {
        system.sum(*sum, days.iter().map(|(cells, _)| cells[at]));
    }
    system.sum(total, days.iter().map(|(_, all)| *all));
    system.sum(total, sums);
    Week { days, times: sums }
}
