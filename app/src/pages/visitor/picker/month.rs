//! The month of a tour: places left by day, with lunar dates.

use chrono::{Datelike, NaiveDate, TimeDelta};
use engine::catalogue::Sharing;
use engine::schedule::availability::{Day, DayState};
use leptos::prelude::*;

use super::Picker;
use crate::context::Visit;
use crate::t;
use crate::ui::format;
use crate::ui::icon::icon;

#[derive(Debug)]
pub(super) struct Calendar {
    pub(super) first: NaiveDate,
    pub(super) before: Option<NaiveDate>,
    pub(super) next: Option<NaiveDate>,
    pub(super) days: Vec<Day>,
    pub(super) chosen: Option<NaiveDate>,
}

impl Picker {
    pub(super) fn month(&self, visit: &Visit, calendar: &Calendar) -> impl IntoView + use<> {
        let locale = visit.locale;
        let title = format::sentence(&format::month(locale, calendar.first));
        let turn = |month: Option<NaiveDate>, arrow: &'static str| {
            month.map_or_else(
                || view! { <span class="btn-icon"></span> }.into_any(),
                |month| {
                    let href = self.link(visit, &self.option, &[("month", month_word(month))]);
                    let label = format::sentence(&format::month(locale, month));
                    view! { <a class="btn btn-icon" href=href aria-label=label>{icon(arrow)}</a> }
                        .into_any()
                },
            )
        };
        let week = engine::clock::week_start(self.today);
        let heads = (0..7)
            .map(|ahead| (week + TimeDelta::days(ahead)).weekday())
            .map(|day| {
                let full = format::sentence(format::weekday(locale, day));
                view! {
                    <th scope="col"><abbr title=full>{format::weekday_short(locale, day)}</abbr></th>
                }
            })
            .collect_view();
        let lead = calendar.first.weekday().num_days_from_monday() as usize;
        let mut cells: Vec<AnyView> = (0..lead).map(|_| view! { <td></td> }.into_any()).collect();
        cells.extend(calendar.days.iter().map(|day| self.cell(visit, calendar, day)));
        while !cells.len().is_multiple_of(7) {
            cells.push(view! { <td></td> }.into_any());
        }
        let mut rows = Vec::new();
        let mut cells = cells.into_iter().peekable();
        while cells.peek().is_some() {
            let week: Vec<AnyView> = cells.by_ref().take(7).collect();
            rows.push(view! { <tr>{week}</tr> });
        }
        view! {
            <div class="cal-wrap">
                <div class="cal-head">
                    {turn(calendar.before, "chevron-left")} <h4 class="cal-title">{title.clone()}</h4>
                    {turn(calendar.next, "chevron-right")}
                </div>
                <table class="cal">
                    <caption>{t::tour::cal_caption(locale, title)}</caption>
                    <thead>
                        <tr>{heads}</tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
                <ul class="cal-key">
                    <li data-state="open">{t::tour::key_open(locale)}</li>
                    <li data-state="few">{t::tour::key_few(locale)}</li>
                    <li data-state="full">{t::tour::key_full(locale)}</li>
                </ul>
            </div>
        }
    }

    fn cell(&self, visit: &Visit, calendar: &Calendar, day: &Day) -> AnyView {
        let locale = visit.locale;
        let name = format::sentence(&format::day(locale, day.date));
        let left = match self.sharing {
            Sharing::Shared => format::seats_left(locale, day.left),
            Sharing::Private => t::catalogue::private_group(locale).to_owned(),
        };
        let (state, words, label) = match day.state {
            DayState::Closed if day.date < self.today => ("past", String::new(), String::new()),
            DayState::Closed => ("closed", t::tour::day_off(locale).to_owned(), String::new()),
            DayState::Full => {
                ("full", t::tour::full_short(locale).to_owned(), t::tour::cal_full(locale, name))
            }
            DayState::Few | DayState::Free => {
                let label = t::tour::cal_day(locale, name, day.departures, left);
                let words = match self.sharing {
                    Sharing::Shared => t::tour::left_short(locale, i64::from(day.left)),
                    Sharing::Private => String::new(),
                };
                (if day.state == DayState::Few { "few" } else { "open" }, words, label)
            }
        };
        let first = day.date == calendar.first;
        let spoken = (!label.is_empty()).then_some("true");
        let inside = view! {
            <span class="cal-num" aria-hidden=spoken>{day.date.day().to_string()}</span>
            <span class="cal-lunar" aria-hidden=spoken>
                {format::lunar_brief(locale, day.date, first)}
            </span>
            {(!words.is_empty())
                .then(|| view! { <span class="cal-left" aria-hidden=spoken>{words}</span> })}
        };
        let today = (day.date == self.today).then_some("");
        if label.is_empty() {
            return view! {
                <td><span class="cal-day" data-state=state data-today=today>{inside}</span></td>
            }
            .into_any();
        }
        let href = self.link(visit, &self.option, &[("date", day.date.to_string())]);
        let chosen = (calendar.chosen == Some(day.date)).then_some("date");
        view! {
            <td>
                <a class="cal-day" data-state=state data-today=today href=href aria-current=chosen>
                    <span class="visually-hidden">{label}</span>
                    {inside}
                </a>
            </td>
        }
        .into_any()
    }
}

pub(super) fn month_word(date: NaiveDate) -> String {
    date.format("%Y-%m").to_string()
}
