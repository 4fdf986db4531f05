//! Scans of the last days, quietly: bars without a scale, and a sentence that says the same.

use std::fmt::Write as _;

use chrono::NaiveDate;
use engine::Locale;
use leptos::prelude::*;

use crate::t::provenance as t;
use crate::ui::format;

const WIDTH: i32 = 360;
const HEIGHT: i32 = 48;

/// Made of numbers alone.
fn drawing(days: &[(NaiveDate, i32)], most: i32) -> String {
    let count = i32::try_from(days.len()).unwrap_or(1).max(1);
    let wide = WIDTH / count;
    let mut svg = String::new();
    for (at, (_, scans)) in (0..).zip(days) {
        let tall = if *scans > 0 { (scans * (HEIGHT - 2) / most.max(1)).max(2) } else { 0 };
        let _ = write!(
            svg,
            r#"<rect class="chart-own" x="{}" y="{}" width="{}" height="{tall}"/>"#,
            at * wide,
            HEIGHT - 1 - tall,
            (wide - 2).max(1),
        );
    }
    let _ = write!(
        svg,
        r#"<line class="chart-floor" x1="0" x2="{WIDTH}" y1="{0}.5" y2="{0}.5"/>"#,
        HEIGHT - 1
    );
    svg
}

pub fn chart(locale: Locale, days: &[(NaiveDate, i32)], total: i64) -> impl IntoView + use<> {
    let most = days.iter().copied().max_by_key(|(_, scans)| *scans).filter(|(_, n)| *n > 0);
    let words = match most {
        Some((day, most)) => {
            let sum = days.iter().map(|(_, scans)| i64::from(*scans)).sum();
            t::scans_chart(locale, format::day(locale, day), most, sum)
        }
        None => t::scans_none(locale).to_owned(),
    };
    let picture = most.map(|(_, most)| {
        let inside = drawing(days, most);
        let view_box = format!("0 0 {WIDTH} {HEIGHT}");
        view! { <svg class="scan-chart" viewBox=view_box aria-hidden="true" inner_html=inside></svg> }
    });
    view! {
        <section class="panel stack-s" aria-labelledby="scans">
            <h2 class="panel-title" id="scans">{t::scans_title(locale)}</h2>
            {picture}
            <p>{words}</p>
            <p class="small soft">{t::scans_total(locale, total)}</p>
        </section>
    }
}
