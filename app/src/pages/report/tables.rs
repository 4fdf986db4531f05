//! The report in tables.

use chrono::NaiveDate;
use engine::Locale;
use engine::catalogue::Catalogue;
use engine::report::{Counts, Figure, Report, SIZES, Visits};

use super::table::{Cell, Kind, Row, Table, money};
use super::words;
use crate::t::report as t;
use crate::ui::format;

/// Makes tables in one language.
pub struct Tables<'a> {
    pub locale: Locale,
    pub report: &'a Report,
    pub catalogue: &'a Catalogue,
}

fn heads<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).to_vec()
}

fn two(counts: Counts) -> [Cell; 2] {
    [counts.visits.into(), counts.visitors.into()]
}

/// Visits, visitors, adults, children, students.
fn five(counts: Counts) -> Vec<Cell> {
    let ages = counts.ages.unwrap_or_default();
    let mut cells = two(counts).to_vec();
    cells.extend([ages.adults, ages.children, ages.students].map(Cell::from));
    cells
}

/// "11/2026": of a month alone.
fn month(date: NaiveDate) -> String {
    date.format("%m/%Y").to_string()
}

fn blank(key: &'static str, title: &str, note: &str, head: Vec<String>) -> Table {
    Table { key, title: title.to_owned(), note: note.to_owned(), head, rows: Vec::new() }
}

impl Tables<'_> {
    /// All of them, in the order of the page.
    pub fn all(&self) -> Vec<Table> {
        vec![
            self.overview(),
            self.places(),
            self.crafts(),
            self.months(),
            self.week(),
            self.countries(),
            self.languages(),
            self.channels(),
            self.sizes(),
            self.festivals(),
            self.revenue(),
            self.bands(),
            self.jobs(),
            self.training(),
            self.trade(),
            self.orders(),
            self.quality(),
            self.bad_days(),
        ]
    }

    fn village(&self, id: engine::VillageId) -> String {
        let found = self.catalogue.village(id);
        found.map(|village| village.name.text(self.locale).to_owned()).unwrap_or_default()
    }

    pub fn overview(&self) -> Table {
        let (l, report) = (self.locale, self.report);
        let head = [t::indicator(l), t::this_period(l), t::before(l), t::year_before(l)];
        let mut table = blank("overview", t::t_overview(l), t::n_overview(l), heads(head));
        let figure = |words: &str, of: &dyn Fn(&Visits) -> Figure| {
            let all = [&report.visits, &report.before, &report.year_before].map(of);
            let cells = std::iter::once(Cell::text(words)).chain(all.map(Cell::from));
            Row::plain(cells.collect())
        };
        let ages = |visits: &Visits| visits.total.ages.unwrap_or_default();
        table.rows = vec![
            figure(t::visits(l), &|it| it.total.visits),
            figure(t::visitors(l), &|it| it.total.visitors),
            figure(t::adults(l), &|it| ages(it).adults),
            figure(t::children(l), &|it| ages(it).children),
            figure(t::students(l), &|it| ages(it).students),
            figure(t::residents(l), &|it| it.residents.visitors),
            figure(t::foreigners(l), &|it| it.foreigners.visitors),
            figure(t::unknown(l), &|it| it.unknown.visitors),
            figure(t::workshops(l), &|it| {
                Figure::Known(i64::try_from(it.workshops).unwrap_or(i64::MAX))
            }),
            Row::plain(vec![
                Cell::text(t::revenue_head(l)),
                money(report.revenue.total),
                money(report.revenue_before.total),
                money(report.revenue_year_before.total),
            ]),
        ];
        let now = report.taking_part;
        for (words, n) in [
            (t::villages_on(l), now.villages),
            (t::workshops_on(l), now.workshops),
            (t::coops(l), now.coops),
        ] {
            let cells = vec![Cell::text(words), Cell::Number(n), Cell::Empty, Cell::Empty];
            table.rows.push(Row::plain(cells));
        }
        table
    }

    pub fn places(&self) -> Table {
        let l = self.locale;
        let head = [
            t::village(l),
            t::workshop(l),
            t::visits(l),
            t::visitors(l),
            t::adults(l),
            t::children(l),
            t::students(l),
            t::before(l),
            t::year_before(l),
        ];
        let mut table = blank("places", t::t_places(l), t::n_places(l), heads(head));
        let of_village = |visits: &Visits, id| {
            let found = visits.villages.iter().find(|(village, ..)| *village == id);
            found.map_or(Figure::Known(0), |(_, counts, _)| counts.visitors)
        };
        let of_shop = |visits: &Visits, id| {
            let mut shops = visits.villages.iter().flat_map(|(.., shops)| shops);
            let found = shops.find(|(shop, _)| *shop == id);
            found.map_or(Figure::Known(0), |(_, counts)| counts.visitors)
        };
        let (before, year) = (&self.report.before, &self.report.year_before);
        let row = |kind, names: [String; 2], counts: Counts, then: [Figure; 2]| {
            let mut cells = names.map(Cell::Text).to_vec();
            cells.extend(five(counts));
            cells.extend(then.map(Cell::from));
            Row::new(kind, cells)
        };
        for (village, counts, shops) in &self.report.visits.villages {
            let name = self.village(*village);
            let then = [of_village(before, *village), of_village(year, *village)];
            let names = [name.clone(), t::whole_village(l).to_owned()];
            table.rows.push(row(Kind::Plain, names, *counts, then));
            for (shop, counts) in shops {
                let found = self.catalogue.workshop(*shop);
                let names = [name.clone(), found.map_or_else(String::new, |it| it.name.clone())];
                let then = [of_shop(before, *shop), of_shop(year, *shop)];
                table.rows.push(row(Kind::Inner, names, *counts, then));
            }
        }
        let then = [before.total.visitors, year.total.visitors];
        let names = [t::all(l).to_owned(), String::new()];
        table.rows.push(row(Kind::Total, names, self.report.visits.total, then));
        table
    }

    pub fn crafts(&self) -> Table {
        let l = self.locale;
        let rows = self.report.visits.crafts.iter();
        let rows = rows.map(|(craft, counts)| (format::craft(l, *craft).to_owned(), *counts));
        self.with_ages("crafts", t::t_crafts(l), t::n_crafts(l), t::craft(l), rows.collect())
    }

    pub fn months(&self) -> Table {
        let l = self.locale;
        let rows = self.report.visits.months.iter();
        let rows = rows.map(|(first, counts)| (month(*first), *counts));
        self.with_ages("months", t::t_months(l), t::n_months(l), t::month_head(l), rows.collect())
    }

    fn with_ages(
        &self,
        key: &'static str,
        title: &str,
        note: &str,
        first: &str,
        rows: Vec<(String, Counts)>,
    ) -> Table {
        let l = self.locale;
        let head =
            [first, t::visits(l), t::visitors(l), t::adults(l), t::children(l), t::students(l)];
        let mut table = blank(key, title, note, heads(head));
        let row = |kind, name: String, counts| {
            let cells = std::iter::once(Cell::Text(name)).chain(five(counts));
            Row::new(kind, cells.collect())
        };
        table.rows =
            rows.into_iter().map(|(name, counts)| row(Kind::Plain, name, counts)).collect();
        table.rows.push(row(Kind::Total, t::all(l).to_owned(), self.report.visits.total));
        table
    }

    pub fn week(&self) -> Table {
        let l = self.locale;
        let visits = &self.report.visits;
        let head = [t::weekday(l), t::morning(l), t::afternoon(l), t::evening(l), t::whole_day(l)];
        let mut table = blank("week", t::t_week(l), t::n_week(l), heads(head));
        let row = |kind, name: String, times: [Figure; 3], all: Figure| {
            let cells = times.into_iter().chain([all]).map(Cell::from);
            Row::new(kind, std::iter::once(Cell::Text(name)).chain(cells).collect())
        };
        for (day, times, all) in &visits.week {
            let name = format::sentence(format::weekday(l, *day));
            table.rows.push(row(Kind::Plain, name, *times, *all));
        }
        let all = visits.total.visitors;
        table.rows.push(row(Kind::Total, t::all(l).to_owned(), visits.day_times, all));
        table
    }

    fn with_two(
        &self,
        (key, title, note, first): (&'static str, &str, &str, &str),
        rows: Vec<(Kind, String, Counts)>,
    ) -> Table {
        let l = self.locale;
        let head = heads([first, t::visits(l), t::visitors(l)]);
        let mut table = blank(key, title, note, head);
        let row = |kind, name: String, counts| {
            let cells = std::iter::once(Cell::Text(name)).chain(two(counts));
            Row::new(kind, cells.collect())
        };
        table.rows = rows.into_iter().map(|(kind, name, it)| row(kind, name, it)).collect();
        table.rows.push(row(Kind::Total, t::all(l).to_owned(), self.report.visits.total));
        table
    }

    pub fn countries(&self) -> Table {
        let l = self.locale;
        let visits = &self.report.visits;
        let mut rows = vec![
            (Kind::Plain, t::residents(l).to_owned(), visits.residents),
            (Kind::Plain, t::foreigners(l).to_owned(), visits.foreigners),
        ];
        let abroad = visits.countries.iter();
        rows.extend(
            abroad.map(|(country, it)| (Kind::Plain, format!("– {}", country.name(l)), *it)),
        );
        rows.push((Kind::Plain, t::unknown(l).to_owned(), visits.unknown));
        self.with_two(("countries", t::t_countries(l), t::n_countries(l), t::country(l)), rows)
    }

    pub fn languages(&self) -> Table {
        let l = self.locale;
        let rows = self.report.visits.languages.iter();
        let rows = rows.map(|(of, it)| (Kind::Plain, of.native_name().to_owned(), *it)).collect();
        self.with_two(("languages", t::t_languages(l), t::n_languages(l), t::language(l)), rows)
    }

    pub fn channels(&self) -> Table {
        let l = self.locale;
        let rows = self.report.visits.channels.iter();
        let rows = rows.map(|(of, it)| (Kind::Plain, words::channel(l, *of).to_owned(), *it));
        let names = ("channels", t::t_channels(l), t::n_channels(l), t::channel(l));
        self.with_two(names, rows.collect())
    }

    pub fn sizes(&self) -> Table {
        let l = self.locale;
        let rows = SIZES.into_iter().zip(&self.report.visits.sizes);
        let rows = rows.map(|(size, it)| (Kind::Plain, words::size(l, size), *it)).collect();
        self.with_two(("sizes", t::t_sizes(l), t::n_sizes(l), t::size(l)), rows)
    }

    pub fn festivals(&self) -> Table {
        let l = self.locale;
        let visits = &self.report.visits;
        let rows = vec![
            (Kind::Plain, t::festival(l).to_owned(), visits.festival),
            (Kind::Plain, t::everyday(l).to_owned(), visits.everyday),
        ];
        self.with_two(("festivals", t::t_festivals(l), t::n_festivals(l), t::day_kind(l)), rows)
    }

    pub fn revenue(&self) -> Table {
        let (l, report) = (self.locale, self.report);
        let head = heads([t::village(l), t::revenue_head(l), t::before(l), t::year_before(l)]);
        let mut table = blank("revenue", t::t_revenue(l), t::n_revenue(l), head);
        let all = [&report.revenue, &report.revenue_before, &report.revenue_year_before];
        let row = |kind, name: String, figures: [Figure; 3]| {
            Row::new(kind, std::iter::once(Cell::Text(name)).chain(figures.map(money)).collect())
        };
        for (village, _) in &report.revenue.villages {
            let figures = all.map(|revenue| {
                let found = revenue.villages.iter().find(|(id, _)| id == village);
                found.map_or(Figure::Known(0), |(_, figure)| *figure)
            });
            table.rows.push(row(Kind::Plain, self.village(*village), figures));
        }
        let totals = all.map(|revenue| revenue.total);
        table.rows.push(row(Kind::Total, t::all(l).to_owned(), totals));
        table
    }

    pub fn bands(&self) -> Table {
        let l = self.locale;
        let head = heads([t::band(l), t::count_workshops(l)]);
        let mut table = blank("bands", t::t_bands(l), t::n_bands(l), head);
        let row = |kind, name: &str, cell| Row::new(kind, vec![Cell::text(name), cell]);
        let bands = self.report.revenue.bands.iter();
        table.rows =
            bands.map(|(of, n)| row(Kind::Plain, words::band(l, *of), (*n).into())).collect();
        let all = self.report.revenue.workshops.into();
        table.rows.push(row(Kind::Total, t::all(l), all));
        table
    }

    pub fn jobs(&self) -> Table {
        let (l, jobs) = (self.locale, &self.report.jobs);
        let head = heads([
            t::village(l),
            t::workers(l),
            t::women(l),
            t::seasonal(l),
            t::artisans(l),
            t::apprentices(l),
        ]);
        let told = t::told_of(l, jobs.of, jobs.told);
        let note = format!("{}: {told}. {}", t::year_of(l, jobs.year), t::n_jobs(l));
        let mut table = blank("jobs", t::t_jobs(l), &note, head);
        let row =
            |kind, name: String, [workers, artisans, apprentices, women, seasonal]: [Figure; 5]| {
                let figures = [workers, women, seasonal, artisans, apprentices].map(Cell::from);
                Row::new(kind, std::iter::once(Cell::Text(name)).chain(figures).collect())
            };
        for (village, figures) in &jobs.villages {
            table.rows.push(row(Kind::Plain, self.village(*village), *figures));
        }
        table.rows.push(row(Kind::Total, t::year_of(l, jobs.year), jobs.total));
        let before = &self.report.jobs_before;
        table.rows.push(row(Kind::Plain, t::year_of(l, before.year), before.total));
        table
    }

    pub fn training(&self) -> Table {
        let (l, training) = (self.locale, &self.report.training);
        let head = heads([
            t::village(l),
            t::courses(l),
            t::participants(l),
            t::hours(l),
            t::certificates(l),
        ]);
        let mut table = blank("training", t::t_training(l), t::n_training(l), head);
        let row = |kind, name: String, it: &engine::report::Trained| {
            let cells = vec![
                Cell::Text(name),
                Cell::Number(it.courses),
                it.participants.into(),
                Cell::Number(it.minutes / 60),
                it.certificates.into(),
            ];
            Row::new(kind, cells)
        };
        for (village, trained) in &training.villages {
            table.rows.push(row(Kind::Plain, self.village(*village), trained));
        }
        table.rows.push(row(Kind::Total, t::all(l).to_owned(), &training.total));
        table
    }

    pub fn trade(&self) -> Table {
        let (l, trade) = (self.locale, &self.report.trade);
        let head = heads([
            t::event(l),
            t::event_kind(l),
            t::event_from(l),
            t::event_to(l),
            t::event_place(l),
            t::count_workshops(l),
            t::contracts(l),
        ]);
        let mut table = blank("trade", t::t_trade(l), t::n_trade(l), head);
        for it in &trade.events {
            table.rows.push(Row::plain(vec![
                Cell::text(it.event.name.text(l)),
                Cell::text(words::trade_kind(l, it.event.kind)),
                Cell::Date(it.event.first_date),
                Cell::Date(it.event.last_date),
                Cell::text(it.event.place.text(l)),
                Cell::Number(it.workshops),
                it.contracts.into(),
            ]));
        }
        let mut total = vec![Cell::Empty; 7];
        total[0] = Cell::text(t::all(l));
        total[5] = Cell::Number(trade.parts);
        total[6] = trade.contracts.into();
        table.rows.push(Row::new(Kind::Total, total));
        table
    }

    pub fn orders(&self) -> Table {
        let (l, trade) = (self.locale, &self.report.trade);
        let head = heads([t::orders(l), t::parts(l)]);
        let mut table = blank("orders", t::t_orders(l), t::n_orders(l), head);
        let row = |kind, name: &str, cell| Row::new(kind, vec![Cell::text(name), cell]);
        let orders = trade.orders.iter();
        table.rows =
            orders.map(|(of, n)| row(Kind::Plain, words::orders(l, *of), (*n).into())).collect();
        table.rows.push(row(Kind::Total, t::all(l), trade.told.into()));
        table
    }

    pub fn quality(&self) -> Table {
        let (l, quality) = (self.locale, &self.report.quality);
        let head = heads([t::fate(l), t::people(l), t::share(l)]);
        let mut table = blank("quality", t::t_quality(l), t::n_quality(l), head);
        let row = |kind, name: &str, figure: Figure| {
            let share = words::percent(figure, quality.booked);
            let share = match (share, figure) {
                (Some(percent), _) => Cell::Number(percent),
                (None, Figure::Hidden) => Cell::Hidden,
                (None, Figure::Known(_)) => Cell::Empty,
            };
            Row::new(kind, vec![Cell::text(name), figure.into(), share])
        };
        let fates = quality.fates.iter();
        table.rows = fates.map(|(of, n)| row(Kind::Plain, words::fate(l, *of), *n)).collect();
        table.rows.push(row(Kind::Total, t::all(l), quality.booked));
        table
    }

    pub fn bad_days(&self) -> Table {
        let (l, quality) = (self.locale, &self.report.quality);
        let head = heads([t::cause(l), t::days(l), t::people(l)]);
        let mut table = blank("bad-days", t::t_bad_days(l), t::n_bad_days(l), head);
        let row = |kind, name: &str, days: i64, hit: Figure| {
            Row::new(kind, vec![Cell::text(name), Cell::Number(days), hit.into()])
        };
        let bad = quality.bad_days.iter();
        table.rows = bad
            .map(|(cause, days, hit)| row(Kind::Plain, words::cause(l, *cause), *days, *hit))
            .collect();
        let days = quality.bad_days.iter().map(|(_, days, _)| days).sum();
        table.rows.push(row(Kind::Total, t::all(l), days, quality.hit));
        table
    }
}
