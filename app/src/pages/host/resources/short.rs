//! The question before a change takes something from visits that are booked.

use engine::Locale;
use engine::resource::Short;
use leptos::prelude::*;

use crate::api::form::Form;
use crate::pages::host::frame::Desk;
use crate::pages::host::question::{self, Words};
use crate::pages::host::words::starts;
use crate::t::resource as t;

/// Lists the visits and offers to save all the same.
pub fn question(
    locale: Locale,
    desk: &Desk,
    short: &[Short],
    form: &Form,
    action: &str,
    back: &str,
) -> impl IntoView + use<> {
    let count = i64::try_from(short.len()).unwrap_or(i64::MAX);
    let line = |it: &Short| {
        let slot = &it.slot;
        let tour = desk.catalogue.tour(slot.tour_id).map_or("", |it| it.title.text(locale));
        t::short_line(locale, slot.heads, tour, starts(locale, slot))
    };
    let words = Words {
        title: t::short_title(locale, count),
        lines: short.iter().map(line).collect(),
        text: t::short_text(locale),
        anyway: t::save_anyway(locale),
    };
    question::question(locale, words, form, action, back)
}
