//! How full each day of a week is, as seven small bars.

use chrono::{Datelike, NaiveDate};
use engine::Locale;
use engine::resource::board::DayLoad;
use leptos::prelude::*;

use crate::t::resource as t;
use crate::ui::format;

/// Height of a full bar in the drawing's units.
const FULL: i64 = 40;

pub fn week(locale: Locale, days: &[DayLoad], today: NaiveDate) -> impl IntoView + use<> {
    let cells: Vec<_> = days.iter().map(|day| cell(locale, day, today)).collect();
    view! { <ol class="board-week">{cells}</ol> }
}

fn cell(locale: Locale, day: &DayLoad, today: NaiveDate) -> impl IntoView + use<> {
    let name = format::day(locale, day.date);
    let label = match day.percent {
        None => t::load_shut(locale, name),
        Some(0) => t::load_free(locale, name),
        Some(percent) => t::load(locale, name, percent),
    };
    let state = match day.percent {
        None => "shut",
        Some(101..) => "over",
        Some(85..) => "full",
        Some(1..) => "some",
        Some(_) => "free",
    };
    let height = day.percent.map_or(0, |percent| percent.clamp(0, 100) * FULL / 100);
    let height =
        if day.percent.is_some_and(|percent| percent > 0) { height.max(2) } else { height };
    let percent = match day.percent {
        Some(percent) if percent > 0 => locale.writing().percent(percent),
        Some(_) => "·".to_owned(),
        None => "–".to_owned(),
    };
    view! {
        <li class="board-cell" data-state=state data-today=(day.date == today).then_some("")>
            <span class="visually-hidden">{format::sentence(&label)}</span>
            <span aria-hidden="true">{format::weekday_short(locale, day.date.weekday())}</span>
            <svg class="board-bar" viewBox="0 0 24 40" aria-hidden="true" preserveAspectRatio="none">
                <rect class="board-bar-back" x="0" y="0" width="24" height="40"></rect>
                <rect class="board-bar-fill" x="0" y=(FULL - height).to_string() width="24" height=height.to_string()></rect>
            </svg>
            <span class="board-percent" aria-hidden="true">{percent}</span>
        </li>
    }
}
