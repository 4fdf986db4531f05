//! Green measures as people read them: what was measured, its period and its source; no score, no badge.

use engine::clock::local_date;
use engine::green::{
    Basis, Entry, FRESH_MONTHS, Fuel, Hundredths, Known, Line, Measure, Period, Point, Shown, Span,
    Standing, Unit, Value,
};
use engine::{Locale, Localized};
use leptos::prelude::*;

use super::format;
use super::prose::own;
use crate::t::green as t;

/// "12,5"; "12.5".
pub fn amount(locale: Locale, amount: Hundredths) -> String {
    let (whole, decimals) = amount.parts();
    let whole = format::number(locale, whole);
    if decimals.is_empty() {
        return whole;
    }
    format!("{whole}{}{decimals}", locale.writing().decimal)
}

pub const fn name(measure: Measure) -> fn(Locale) -> &'static str {
    match measure {
        Measure::ClayReclaimed => t::clay_reclaimed,
        Measure::KilnEnergy => t::kiln_energy,
        Measure::KilnFuel => t::kiln_fuel,
        Measure::SolarPower => t::solar_power,
        Measure::SharedTransport => t::shared_transport,
        Measure::PlasticFree => t::plastic_free,
        Measure::NaturalDyes => t::natural_dyes,
        Measure::WasteWater => t::waste_water,
        Measure::LocalMaterials => t::local_materials,
        Measure::ScrapsGiven => t::scraps_given,
    }
}

/// What a measure means to somebody who never heard of it.
pub fn meaning(locale: Locale, measure: Measure) -> &'static str {
    match measure {
        Measure::ClayReclaimed => t::means_clay_reclaimed(locale),
        Measure::KilnEnergy => t::means_kiln_energy(locale),
        Measure::KilnFuel => t::means_kiln_fuel(locale),
        Measure::SolarPower => t::means_solar_power(locale),
        Measure::SharedTransport => t::means_shared_transport(locale),
        Measure::PlasticFree => t::means_plastic_free(locale),
        Measure::NaturalDyes => t::means_natural_dyes(locale),
        Measure::WasteWater => t::means_waste_water(locale),
        Measure::LocalMaterials => t::means_local_materials(locale),
        Measure::ScrapsGiven => t::means_scraps_given(locale),
    }
}

pub fn fuel(locale: Locale, fuel: Fuel) -> &'static str {
    match fuel {
        Fuel::Electric => t::electric(locale),
        Fuel::Gas => t::gas(locale),
        Fuel::Wood => t::wood(locale),
        Fuel::Coal => t::coal(locale),
    }
}

pub fn known(locale: Locale, known: Known) -> &'static str {
    match known {
        Known::Metered => t::metered(locale),
        Known::Counted => t::counted_by(locale),
        Known::Invoices => t::invoices(locale),
        Known::Estimated => t::estimated(locale),
    }
}

/// "Tháng 10, 2026"; "Quý 3/2026"; "Năm 2026".
pub fn period(locale: Locale, period: Period) -> String {
    let year = period.first.format("%Y");
    match period.span {
        Span::Month => format::month(locale, period.first),
        Span::Quarter => t::in_quarter(locale, period.quarter(), year),
        Span::Year => t::in_year(locale, year),
    }
}

fn number(locale: Locale, unit: Unit, number: Hundredths) -> String {
    let words = amount(locale, number);
    match unit {
        Unit::KwhPerPiece => t::kwh_piece(locale, words),
        Unit::KgPerMonth => t::kg_month(locale, words),
        Unit::Percent | Unit::Fuel | Unit::YesNo => locale.writing().percent(words),
    }
}

/// "62,5%"; "4 kWh mỗi sản phẩm"; "Củi"; "Chưa".
pub fn value(locale: Locale, entry: &Entry) -> String {
    match entry.value() {
        Some(Value::Number(amount)) => {
            let words = number(locale, entry.measure.unit(), amount);
            match entry.within_km {
                Some(km) => t::within(locale, km, words),
                None => words,
            }
        }
        Some(Value::Fuel(kind)) => fuel(locale, kind).to_owned(),
        Some(Value::YesNo(true)) => t::yes(locale).to_owned(),
        Some(Value::YesNo(false)) => t::no(locale).to_owned(),
        None => String::new(),
    }
}

/// What the program reckoned a figure from.
pub fn basis(locale: Locale, basis: Basis) -> String {
    let count = |n| format::number(locale, n);
    match basis {
        Basis::Energy { total, guests, own } => {
            let pieces = count(guests.saturating_add(own));
            t::basis_energy(locale, count(guests), count(own), pieces, amount(locale, total))
        }
        Basis::Transport { came, known, counted } => {
            t::basis_transport(locale, count(came), count(counted), count(known))
        }
    }
}

/// A label, and what a host wrote.
fn told(locale: Locale, label: &'static str, words: &Localized) -> impl IntoView + use<> {
    let colon = locale.writing().colon;
    view! { {label} {colon} {own(words, locale)} }
}

/// How it is done or what is used instead, where it is said.
pub fn practice(locale: Locale, entry: &Entry) -> Option<AnyView> {
    if entry.practice.text(locale).is_empty() {
        return None;
    }
    let label = match (entry.measure, entry.done) {
        (Measure::PlasticFree, Some(true)) => t::instead(locale),
        _ => t::how(locale),
    };
    Some(view! { <p>{told(locale, label, &entry.practice)}</p> }.into_any())
}

/// The source, as a line.
pub fn source(locale: Locale, entry: &Entry) -> impl IntoView + use<> {
    view! { <p class="small">{told(locale, t::source(locale), &entry.source)}</p> }
}

const WIDTH: i64 = 120;
const HEIGHT: i64 = 32;
const EDGE: i64 = 4;

/// A line from nothing up, so that no change looks larger than it is.
fn drawing(points: &[i64], most: i64) -> String {
    let steps = i64::try_from(points.len()).unwrap_or(1).saturating_sub(1).max(1);
    let places: Vec<(i64, i64)> = (0_i64..)
        .zip(points)
        .map(|(at, amount)| {
            let up = (*amount).clamp(0, most).saturating_mul(HEIGHT - 2 * EDGE) / most.max(1);
            (EDGE + at * (WIDTH - 2 * EDGE) / steps, HEIGHT - EDGE - up)
        })
        .collect();
    let line: Vec<String> = places.iter().map(|(x, y)| format!("{x},{y}")).collect();
    let (x, y) = places.last().copied().unwrap_or((EDGE, HEIGHT - EDGE));
    let floor = HEIGHT - EDGE;
    format!(
        r#"<line class="green-floor" x1="{EDGE}" x2="{}" y1="{floor}" y2="{floor}"/><polyline class="green-line" points="{}"/><circle class="green-dot" cx="{x}" cy="{y}" r="3"/>"#,
        WIDTH - EDGE,
        line.join(" "),
    )
}

fn trend(locale: Locale, shown: &Shown) -> Option<impl IntoView + use<>> {
    let (first, last) = (shown.line.first()?, shown.line.last()?);
    let unit = shown.entry.measure.unit();
    let said = |point: &Point| number(locale, unit, point.amount);
    let n = i64::try_from(shown.line.len()).unwrap_or(i64::MAX);
    let (from, to) = (period(locale, first.period), period(locale, last.period));
    let words = t::line(locale, said(first), from, said(last), n, to);
    let points: Vec<i64> = shown.line.iter().map(|point| point.amount.0).collect();
    let most = match unit {
        Unit::Percent => Hundredths::whole(unit.most()).0,
        _ => points.iter().copied().max().unwrap_or(0).max(1),
    };
    Some(view! {
        <svg
            class="green-trend"
            viewBox=format!("0 0 {WIDTH} {HEIGHT}")
            role="img"
            aria-label=words
            inner_html=drawing(&points, most)
        ></svg>
    })
}

fn old(locale: Locale, standing: Standing) -> Option<impl IntoView + use<>> {
    (standing == Standing::NotRenewed)
        .then(|| view! { <span class="badge">{t::not_renewed(locale)}</span> })
}

fn item(locale: Locale, shown: &Shown, of_tour: bool) -> impl IntoView + use<> {
    let entry = &shown.entry;
    let words = name(entry.measure)(locale);
    let mut facts = vec![
        period(locale, entry.period),
        known(locale, entry.known).to_owned(),
        t::entered(locale, format::date(locale, local_date(entry.entered_at))),
    ];
    if of_tour && entry.tour_id.is_none() {
        facts.push(t::of_house(locale).to_owned());
    }
    let basis = entry.basis.map(|from| {
        view! { <p>{format::labelled(locale, t::reckoned_from(locale), basis(locale, from))}</p> }
    });
    let aged = (shown.standing == Standing::NotRenewed).then(|| {
        view! { <p>{t::not_renewed_text(locale, i64::from(FRESH_MONTHS))}</p> }
    });
    view! {
        <li class="green-item">
            <h3 class="green-name">{words} " " {old(locale, shown.standing)}</h3>
            <p class="green-value"><strong>{value(locale, entry)}</strong> {trend(locale, shown)}</p>
            {practice(locale, entry)}
            <p class="small soft">{facts.join(" · ")}</p>
            {source(locale, entry)}
            <details class="green-more small">
                <summary>{t::explain(locale)} <span class="visually-hidden">" " {words}</span></summary>
                <p>{meaning(locale, entry.measure)}</p>
                {basis} {aged}
            </details>
        </li>
    }
}

/// The section of a workshop or a tour; nothing where nothing is told. On a tour's page the figures of its
/// workshop are named as such.
pub fn panel(locale: Locale, shown: &[Shown], of_tour: bool) -> Option<AnyView> {
    if shown.is_empty() {
        return None;
    }
    let items = shown.iter().map(|it| item(locale, it, of_tour)).collect_view();
    Some(
        view! {
            <section class="stack" aria-labelledby="green-title" id="green">
                <h2 id="green-title">{t::title(locale)}</h2>
                <p class="small soft">{t::lead(locale)}</p>
                <ul class="green-list">{items}</ul>
            </section>
        }
        .into_any(),
    )
}

fn cell(locale: Locale, shown: Option<&Shown>, label: &str) -> AnyView {
    let Some(shown) = shown else {
        return view! { <td data-label=label.to_owned() class="soft">{t::untold(locale)}</td> }
            .into_any();
    };
    let entry = &shown.entry;
    let facts = [period(locale, entry.period), known(locale, entry.known).to_owned()];
    view! {
        <td data-label=label.to_owned()>
            <div>
                <strong>{value(locale, entry)}</strong> " " {old(locale, shown.standing)}
                <p class="small soft">{facts.join(" · ")}</p>
                {source(locale, entry)}
            </div>
        </td>
    }
    .into_any()
}

/// Members of a co-op side by side: address and name of each, and the lines.
pub fn side_by_side(
    locale: Locale,
    houses: &[(String, String)],
    lines: &[Line],
) -> Option<AnyView> {
    if lines.is_empty() {
        return None;
    }
    let heads = houses
        .iter()
        .map(|(href, name)| {
            view! { <th scope="col"><a href=format!("{href}#green")>{name.clone()}</a></th> }
        })
        .collect_view();
    let rows = lines
        .iter()
        .map(|line| {
            let cells = line
                .cells
                .iter()
                .zip(houses)
                .map(|(shown, (_, house))| cell(locale, shown.as_ref(), house))
                .collect_view();
            view! { <tr><th scope="row">{name(line.measure)(locale)}</th> {cells}</tr> }
        })
        .collect_view();
    Some(
        view! {
            <section class="section-tight stack" aria-labelledby="green-title" id="green">
                <h2 id="green-title">{t::title(locale)}</h2>
                <p class="small soft">{t::coop_lead(locale)}</p>
                <div class="table-wrap">
                    <table class="table table-cards green-table">
                        <caption class="visually-hidden">{t::title(locale)}</caption>
                        <thead><tr><th scope="col">{t::measure(locale)}</th> {heads}</tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
        }
        .into_any(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_language_does() {
        assert_eq!(amount(Locale::Vi, Hundredths(124_050)), "1.240,5");
        assert_eq!(amount(Locale::En, Hundredths(124_005)), "1,240.05");
        assert_eq!(number(Locale::Vi, Unit::Percent, Hundredths::whole(62)), "62%");
        let quarter = Period::parse("2026-q3").unwrap();
        assert_eq!(period(Locale::Vi, quarter), "Quý 3/2026");
        assert_eq!(period(Locale::En, quarter), "Quarter 3 of 2026");
    }

    #[test]
    fn a_line_stays_within_its_drawing() {
        for points in [&[][..], &[5], &[0, 5_000, 10_000], &[i64::MAX, -3, 0]] {
            for most in [0, 1, 10_000] {
                let svg = drawing(points, most);
                assert!(!svg.contains("=\"-") && !svg.contains(",-"), "{svg}");
            }
        }
    }
}
