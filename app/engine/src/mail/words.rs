//! Days, times and parties as letters write them.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use crate::Locale;
use crate::booking::{Bill, BillLine, GroupPrice};
use crate::clock::{local_date, local_time};
use crate::course::Session;
use crate::schedule::Slot;
use crate::words::mail as words;

/// "Chủ Nhật 29/11/2026", "Sunday 29 November 2026".
pub(super) fn day(locale: Locale, date: NaiveDate) -> String {
    let at = usize::try_from(date.weekday().num_days_from_monday()).unwrap_or_default();
    let weekday = words::weekdays(locale).split('|').nth(at).unwrap_or_default();
    match locale {
        Locale::Vi => format!("{weekday} {}", date.format("%-d/%-m/%Y")),
        Locale::En => format!("{weekday} {}", date.format("%-d %B %Y")),
    }
}

/// "09:00, Chủ Nhật 29/11/2026".
pub(super) fn moment(locale: Locale, at: DateTime<Utc>) -> String {
    format!("{}, {}", local_time(at).format("%H:%M"), day(locale, local_date(at)))
}

/// Day and hours of a slot, at the venue.
pub(super) fn hours(locale: Locale, slot: &Slot) -> String {
    format!(
        "{}, {}–{}\n({})",
        day(locale, slot.local_date),
        local_time(slot.starts_at).format("%H:%M"),
        local_time(slot.ends_at).format("%H:%M"),
        words::venue_time(locale)
    )
}

/// "Thứ Bảy 5/12/2026, 08:30–11:30".
pub(super) fn session(locale: Locale, session: &Session) -> String {
    format!(
        "{}, {}–{}",
        day(locale, session.local_date),
        local_time(session.starts_at).format("%H:%M"),
        local_time(session.ends_at).format("%H:%M"),
    )
}

/// The sessions of a run that take place, a line each.
pub(super) fn sessions(locale: Locale, sessions: &[Session]) -> String {
    let mut lines: Vec<String> = sessions
        .iter()
        .filter(|one| one.is_live())
        .map(|one| format!("{}. {}", one.position, session(locale, one)))
        .collect();
    lines.push(format!("({})", words::venue_time(locale)));
    lines.join("\n")
}

/// One line for each unit type, what makes it more or less, and the sum.
pub(super) fn prices(locale: Locale, bill: &Bill) -> String {
    let mut lines: Vec<String> = bill
        .lines
        .iter()
        .map(|(line, amount)| {
            let (words, amount) = (line.words(locale), amount.display(locale));
            match line {
                BillLine::People(people) if people.group != Some(GroupPrice::Whole) => {
                    format!("{words} × {}", people.usual().display(locale))
                }
                BillLine::People(_)
                | BillLine::Step(_)
                | BillLine::Extra(_)
                | BillLine::Promo { .. } => format!("{words}: {amount}"),
            }
        })
        .collect();
    lines.push(format!("= {}", bill.total.display(locale)));
    lines.join("\n")
}
