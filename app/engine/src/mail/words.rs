//! Days, times and parties as letters write them.

use chrono::{DateTime, NaiveDate, Utc};

use crate::Locale;
use crate::booking::{Bill, BillLine, GroupPrice};
use crate::clock::{local_date, local_time};
use crate::course::Session;
use crate::schedule::Slot;
use crate::words::mail as words;

/// "Chủ Nhật 29/11/2026", "Sunday 29 November 2026".
pub(super) fn day(locale: Locale, date: NaiveDate) -> String {
    (locale.writing().letter_date)(date)
}

/// "09:00" of an instant, at the venue.
pub(super) fn time(locale: Locale, at: DateTime<Utc>) -> String {
    (locale.writing().time)(local_time(at))
}

/// "08:30–10:00", likewise.
pub(super) fn time_range(locale: Locale, from: DateTime<Utc>, to: DateTime<Utc>) -> String {
    locale.writing().hours(local_time(from), local_time(to))
}

/// "09:00, Chủ Nhật 29/11/2026".
pub(super) fn moment(locale: Locale, at: DateTime<Utc>) -> String {
    locale.writing().moment(day(locale, local_date(at)), time(locale, at))
}

/// Day and hours of a slot, at the venue.
pub(super) fn hours(locale: Locale, slot: &Slot) -> String {
    let hours = time_range(locale, slot.starts_at, slot.ends_at);
    let day = locale.writing().day_during(day(locale, slot.local_date), hours);
    format!("{day}\n({})", words::venue_time(locale))
}

/// "Thứ Bảy 5/12/2026, 08:30–11:30".
pub(super) fn session(locale: Locale, session: &Session) -> String {
    let hours = time_range(locale, session.starts_at, session.ends_at);
    locale.writing().day_during(day(locale, session.local_date), hours)
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
                | BillLine::Promo { .. } => locale.writing().labelled(words, amount),
            }
        })
        .collect();
    lines.push(format!("= {}", bill.total.display(locale)));
    lines.join("\n")
}
