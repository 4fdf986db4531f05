//! The question before a change leaves departures without their guide.

use engine::Locale;
use engine::schedule::Slot;
use leptos::prelude::*;

use crate::api::form::Form;
use crate::pages::host::frame::Desk;
use crate::pages::host::question::{self, Words};
use crate::pages::host::words::starts;
use crate::t::guide as t;

/// Lists the departures and offers to save all the same.
pub fn question(
    locale: Locale,
    desk: &Desk,
    hit: &[Slot],
    form: &Form,
    action: &str,
) -> impl IntoView + use<> {
    let count = i64::try_from(hit.len()).unwrap_or(i64::MAX);
    let line = |slot: &Slot| {
        let tour = desk.catalogue.tour(slot.tour_id).map_or("", |it| it.title.text(locale));
        t::leads_line(locale, slot.heads, tour, starts(locale, slot))
    };
    let words = Words {
        title: t::leads_title(locale, count),
        lines: hit.iter().map(line).collect(),
        text: t::leads_text(locale),
        anyway: t::save_anyway(locale),
    };
    question::question(locale, words, form, action, action)
}
