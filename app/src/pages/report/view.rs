//! The report's page: an overview that is read in a minute, then charts and tables, then how it is counted.

use engine::catalogue::Point;
use engine::report::{Figure, Scope};
use leptos::prelude::*;

use super::Shown;
use super::chooser::Chosen;
use super::table::Table;
use super::words;
use crate::api::form::Problems;
use crate::context::Visit;
use crate::pages::host::frame::{self as host, Tab};
use crate::pages::office::frame::{Part, frame as office};
use crate::t::report as t;
use crate::ui::chart::{COLUMNS_HEIGHT, Column, GridRow, bars, columns, figure, grid};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::map::{Circle, circle_map};

/// Countries that a chart shows.
const COUNTRIES: usize = 12;
/// Countries that the overview names.
const NAMED: usize = 3;
/// Units of a chart's width for each month.
const MONTH: i64 = 46;

pub fn body(visit: &Visit, shown: &Shown, chosen: &Chosen, problems: &Problems) -> AnyView {
    let locale = visit.locale;
    let base = visit.link(&shown.base);
    let period = words::period(locale, &shown.report.period);
    let so_far = shown.report.period.runs().then(|| {
        let day = (locale.writing().column_date)(shown.report.period.until);
        view! { <p class="soft small">{t::so_far(locale, day)}</p> }
    });
    let files = format!("{base}/report.xlsx?{}", chosen.query());
    let content = view! {
        <header class="report-head">
            <h1>{shown.title(visit)}</h1>
            <p class="lead">{period}</p>
            {so_far}
            <p class="print-only small">{t::printed(locale, format::date_time(locale, shown.at))}</p>
        </header>
        {chosen.form(locale, base.clone(), problems)}
        <div class="actions">
            <a class="btn" href=files download="">{icon("download")}{t::xlsx(locale)}</a>
            <span class="soft small">{t::print_hint(locale)}</span>
        </div>
        {overview(visit, shown)}
        {sections(visit, shown, &base, chosen)}
        {method(visit, shown)}
    };
    match shown.report.scope {
        Scope::City => office(visit, Part::Report, content).into_any(),
        Scope::Village(_) => host::frame(visit, None, Tab::Account, content).into_any(),
    }
}

/// A figure as it stands large.
fn large(visit: &Visit, figure: Figure) -> String {
    match figure.known() {
        Some(n) => format::number(visit.locale, n),
        None => t::hidden_mark(visit.locale).to_owned(),
    }
}

fn overview(visit: &Visit, shown: &Shown) -> impl IntoView + use<> {
    let (locale, report) = (visit.locale, &shown.report);
    let visits = &report.visits;
    let year = |now: Figure, before: Figure| {
        words::change(locale, now, before)
            .map_or_else(|| t::no_comparison(locale).to_owned(), |it| t::change_year(locale, it))
    };
    let before = |now: Figure, before: Figure| {
        words::change(locale, now, before)
            .map_or_else(String::new, |it| t::change_before(locale, it))
    };
    let known = match (visits.foreigners.visitors, visits.residents.visitors) {
        (Figure::Known(one), Figure::Known(other)) => Figure::Known(one + other),
        _ => Figure::Hidden,
    };
    let foreign = words::percent(visits.foreigners.visitors, known)
        .map_or_else(String::new, |percent| t::of_known(locale, percent));
    let came = report.quality.fates.first().map(|(_, figure)| *figure).unwrap_or_default();
    let came = words::percent(came, report.quality.booked);
    let money = report
        .revenue
        .total
        .known()
        .map_or_else(|| t::hidden_mark(locale).to_owned(), |n| engine::Dong(n).display(locale));
    let (now, then) = (visits.total.visitors, report.year_before.total.visitors);
    let revenue = (report.revenue.total, report.revenue_year_before.total);
    let workshops = i64::try_from(visits.workshops).unwrap_or(i64::MAX);
    let figures: Vec<(&str, String, Vec<String>)> = vec![
        (
            t::visitors(locale),
            large(visit, now),
            vec![year(now, then), before(now, report.before.total.visitors)],
        ),
        (
            t::visits(locale),
            large(visit, visits.total.visits),
            vec![year(visits.total.visits, report.year_before.total.visits)],
        ),
        (t::foreigners(locale), large(visit, visits.foreigners.visitors), vec![foreign]),
        (t::revenue(locale), money, vec![year(revenue.0, revenue.1)]),
        (
            t::workshops(locale),
            format::number(locale, workshops),
            vec![t::workshops_of(locale, report.taking_part.workshops)],
        ),
        (
            t::jobs_total(locale),
            large(visit, report.jobs.total[0]),
            vec![
                t::of_year(locale, report.jobs.year),
                t::told_of(locale, report.jobs.of, report.jobs.told),
            ],
        ),
        (
            t::trained(locale),
            large(visit, report.training.total.participants),
            vec![format!(
                "{}: {}",
                t::certificates(locale),
                large(visit, report.training.total.certificates)
            )],
        ),
        (t::contracts_total(locale), large(visit, report.trade.contracts), vec![]),
        (
            t::came_share(locale),
            came.map_or_else(|| "–".to_owned(), |percent| locale.writing().percent(percent)),
            vec![t::of_booked(locale).to_owned()],
        ),
    ];
    let items: Vec<_> = figures
        .into_iter()
        .map(|(name, value, notes)| {
            let notes: Vec<_> = notes
                .into_iter()
                .filter(|words| !words.is_empty())
                .map(|words| view! { <dd class="report-about">{words}</dd> })
                .collect();
            view! { <div><dt>{name}</dt><dd class="report-figure">{value}</dd>{notes}</div> }
        })
        .collect();
    view! {
        <section class="stack" aria-labelledby="overview-section">
            <h2 id="overview-section">{t::section_overview(locale)}</h2>
            <p>{sentences(visit, shown)}</p>
            <dl class="report-figures">{items}</dl>
        </section>
    }
}

/// What a busy reader takes away, in whole sentences.
fn sentences(visit: &Visit, shown: &Shown) -> String {
    let (locale, report) = (visit.locale, &shown.report);
    let visits = &report.visits;
    let total = visits.total.visitors;
    let Some(n) = total.known() else { return t::lead_hidden(locale).to_owned() };
    if n == 0 {
        return t::nothing(locale).to_owned();
    }
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let mut all = vec![t::lead(
        locale,
        t::lead_villages(locale, count(visits.villages.len())),
        t::lead_visitors(locale, n),
        t::lead_workshops(locale, count(visits.workshops)),
    )];
    let pair = visits.foreigners.visitors.known().zip(visits.residents.visitors.known());
    let known = pair.map_or(Figure::Hidden, |(one, other)| Figure::Known(one + other));
    let named: Vec<&str> = visits
        .countries
        .iter()
        .filter(|(_, counts)| counts.visitors.known().is_some())
        .take(NAMED)
        .map(|(country, _)| country.name(locale))
        .collect();
    if let Some(percent) =
        words::percent(visits.foreigners.visitors, known).filter(|_| !named.is_empty())
    {
        all.push(t::lead_foreign(locale, format::list(locale, &named), percent));
    }
    let weekend: Option<i64> =
        visits.week.iter().skip(5).map(|(.., all)| all.known()).sum::<Option<i64>>();
    let weekend = weekend.and_then(|n| words::percent(Figure::Known(n), total));
    if let Some((weekend, evening)) = weekend.zip(words::percent(visits.day_times[2], total)) {
        all.push(t::lead_weekend(locale, evening, weekend));
    }
    all.join(" ")
}

fn sections(visit: &Visit, shown: &Shown, base: &str, chosen: &Chosen) -> impl IntoView + use<> {
    let locale = visit.locale;
    let tables = shown.tables(visit);
    let query = chosen.query();
    let show = |all: Vec<Table>| {
        let views: Vec<_> = all
            .into_iter()
            .map(|table| {
                let file = format!("{base}/{}.csv?{query}", table.key);
                table.view(locale, file).into_any()
            })
            .collect();
        views
    };
    let section = |id: &'static str, title: &'static str, charts: Vec<AnyView>, all: Vec<Table>| {
        let label = format!("{id}-section");
        view! {
            <section class="stack report-section" aria-labelledby=label.clone()>
                <h2 id=label.clone()>{title}</h2>
                <div class="report-charts">{charts}</div>
                {show(all)}
            </section>
        }
    };
    view! {
        {section(
            "visits",
            t::section_visits(locale),
            vec![months(visit, shown), map(visit, shown), week(visit, shown)],
            vec![
                tables.overview(),
                tables.places(),
                tables.crafts(),
                tables.months(),
                tables.week(),
                tables.festivals(),
            ],
        )}
        {section(
            "guests",
            t::section_guests(locale),
            vec![countries(visit, shown)],
            vec![tables.countries(), tables.languages(), tables.channels(), tables.sizes()],
        )}
        {section(
            "business",
            t::section_business(locale),
            vec![],
            vec![tables.revenue(), tables.bands(), tables.jobs()],
        )}
        {section(
            "growth",
            t::section_growth(locale),
            vec![],
            vec![tables.training(), tables.trade(), tables.orders()],
        )}
        {section(
            "quality",
            t::section_quality(locale),
            vec![],
            vec![tables.quality(), tables.bad_days()],
        )}
    }
}

fn method(visit: &Visit, shown: &Shown) -> impl IntoView + use<> {
    let locale = visit.locale;
    let notes: Vec<_> =
        shown.notes(visit).into_iter().skip(2).map(|words| view! { <p>{words}</p> }).collect();
    view! {
        <section class="stack-s report-method" aria-labelledby="method-section">
            <h2 id="method-section">{t::section_method(locale)}</h2>
            {notes}
        </section>
    }
}

/// "Tháng 1: 1.234. Tháng 2: …": a chart in words.
fn said(visit: &Visit, lines: impl Iterator<Item = (String, Figure)>) -> String {
    let line = |(name, figure)| {
        let value = match figure {
            Figure::Known(n) => format::number(visit.locale, n),
            Figure::Hidden => t::hidden(visit.locale).to_owned(),
        };
        t::chart_line(visit.locale, name, value)
    };
    lines.map(line).collect::<Vec<_>>().join(" ")
}

fn caption(words: &'static str) -> impl IntoView {
    view! { <span class="panel-title">{words}</span> }
}

fn months(visit: &Visit, shown: &Shown) -> AnyView {
    let months = &shown.report.visits.months;
    let all: Vec<Column> = months
        .iter()
        .map(|(first, counts)| {
            let figure = counts.visitors;
            Column {
                parts: vec![("chart-own", figure.known().unwrap_or(0))],
                amount: if figure == Figure::Known(0) {
                    String::new()
                } else {
                    large(visit, figure)
                },
                name: format::month_short(visit.locale, *first),
            }
        })
        .collect();
    let words = said(
        visit,
        months.iter().map(|(first, counts)| (format::month(visit.locale, *first), counts.visitors)),
    );
    let width = (MONTH * i64::try_from(all.len()).unwrap_or(12)).max(360);
    let drawing = columns(width, &all);
    figure(caption(t::chart_months(visit.locale)), width, COLUMNS_HEIGHT, words, drawing).into_any()
}

fn map(visit: &Visit, shown: &Shown) -> AnyView {
    let locale = visit.locale;
    if shown.report.scope != Scope::City {
        return ().into_any();
    }
    let of = |id| shown.catalogue.village(id);
    let villages = &shown.report.visits.villages;
    let circles: Vec<Circle> = villages
        .iter()
        .filter_map(|(id, counts, _)| {
            let (village, count) = (of(*id)?, counts.visitors.known()?);
            Some(Circle {
                point: Point { lat: village.lat, lon: village.lon },
                name: village.name.text(locale).to_owned(),
                count,
                words: format::number(locale, count),
            })
        })
        .collect();
    let words = said(
        visit,
        villages.iter().filter_map(|(id, counts, _)| {
            Some((of(*id)?.name.text(locale).to_owned(), counts.visitors))
        }),
    );
    let label = format!("{}. {words}", t::map(locale));
    view! {
        <figure class="village-map report-map">
            {circle_map(label, &circles)}
            <figcaption class="map-caption">{t::map_caption(locale)}</figcaption>
        </figure>
    }
    .into_any()
}

fn week(visit: &Visit, shown: &Shown) -> AnyView {
    let locale = visit.locale;
    let heads = [t::morning(locale), t::afternoon(locale), t::evening(locale)];
    let week = &shown.report.visits.week;
    let rows: Vec<GridRow> = week
        .iter()
        .map(|(day, times, _)| {
            let cells = times.iter().map(|it| (it.known(), large(visit, *it))).collect();
            (format::weekday_short(locale, *day).to_owned(), cells)
        })
        .collect();
    let days =
        week.iter().map(|(day, _, all)| (format::sentence(format::weekday(locale, *day)), *all));
    let words = said(visit, days);
    let (drawing, width, height) = grid(&heads.map(str::to_owned), &rows);
    figure(caption(t::chart_week(locale)), width, height, words, drawing).into_any()
}

fn countries(visit: &Visit, shown: &Shown) -> AnyView {
    let locale = visit.locale;
    let all = shown.report.visits.countries.iter();
    let known: Vec<_> =
        all.filter(|(_, counts)| counts.visitors.known().is_some()).take(COUNTRIES).collect();
    if known.is_empty() {
        return ().into_any();
    }
    let lines: Vec<(String, Option<i64>, String)> = known
        .iter()
        .map(|(country, counts)| {
            let figure = counts.visitors;
            (country.name(locale).to_owned(), figure.known(), large(visit, figure))
        })
        .collect();
    let words = said(
        visit,
        known.iter().map(|(country, counts)| (country.name(locale).to_owned(), counts.visitors)),
    );
    let (drawing, width, height) = bars(&lines);
    figure(caption(t::chart_countries(locale)), width, height, words, drawing).into_any()
}
