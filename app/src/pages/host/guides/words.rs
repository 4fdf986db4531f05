//! Guides in words: what they speak, what stands against them.

use engine::Locale;
use engine::catalogue::{Catalogue, Spoken};
use engine::clock::local_date;
use engine::guide::{Hindrance, Task};

use crate::pages::host::resources::words::stretch;
use crate::t::guide as t;
use crate::ui::format;

/// "tiếng Việt, tiếng Anh".
pub fn languages(locale: Locale, spoken: &[Spoken]) -> String {
    let words: Vec<&str> = spoken.iter().map(|it| format::spoken(locale, *it)).collect();
    format::list(locale, &words)
}

/// When a task is: whole days by their dates, anything else by its time.
pub fn when(locale: Locale, task: &Task) -> String {
    let whole = |at| format::clock(at) == "00:00";
    if whole(task.starts_at) && whole(task.ends_at) {
        return days(locale, task.starts_at, task.ends_at);
    }
    stretch(locale, task.stretch())
}

/// "thứ Ba 24/11", or from the first to the last day.
pub fn days(
    locale: Locale,
    from: chrono::DateTime<chrono::Utc>,
    to: chrono::DateTime<chrono::Utc>,
) -> String {
    let (first, last) = (local_date(from), local_date(to - chrono::TimeDelta::seconds(1)));
    if first == last {
        return format::day(locale, first);
    }
    t::date_range(locale, format::day(locale, first), format::day(locale, last))
}

/// What stands against a guide's leading a departure; `here` is where it is.
pub fn why(
    locale: Locale,
    catalogue: &Catalogue,
    here: engine::WorkshopId,
    hindrance: &Hindrance,
) -> String {
    let place = |task: &Task| task.workshop_id.and_then(|id| catalogue.workshop(id));
    match hindrance {
        Hindrance::Retired => t::why_retired(locale).to_owned(),
        Hindrance::OffHours => t::why_hours(locale).to_owned(),
        Hindrance::DayOff(task) => t::why_off(locale, when(locale, task)),
        Hindrance::OwnWork(task) => t::why_own(locale, when(locale, task)),
        Hindrance::Leads(task) => match place(task).filter(|place| place.id != here) {
            Some(place) => t::why_leads_at(locale, when(locale, task), &place.name),
            None => t::why_leads(locale, when(locale, task)),
        },
        Hindrance::TooFar(task, minutes) => {
            let name = place(task).map_or("", |place| place.name.as_str());
            t::why_far(locale, minutes, when(locale, task), name)
        }
    }
}
