//! What an event does, or will do once it is announced.

use engine::Locale;
use engine::catalogue::Catalogue;
use engine::event::{self, Event};
use engine::schedule::Impact;
use leptos::prelude::*;

use super::of_event;
use crate::context::App;
use crate::error::PageError;
use crate::t::event as t;
use crate::ui::format;

/// Who takes part, and what becomes of their departures.
#[derive(Debug, Clone)]
pub struct Outlook {
    takes_part: Vec<String>,
    stays_out: Vec<String>,
    /// Of an event that is announced already nothing is left to happen.
    impact: Impact,
}

pub async fn look(app: &App, catalogue: &Catalogue, event: &Event) -> Result<Outlook, PageError> {
    let now = app.store.now();
    let mut conn = app.store.read().await?;
    let houses = event::concerned(&mut conn, event).await?;
    let impact = event::preview(&mut conn, catalogue, event, now).await.map_err(of_event)?;
    let names = |takes_part: bool| {
        houses
            .iter()
            .filter(|house| house.takes_part == takes_part)
            .filter_map(|house| Some(catalogue.workshop(house.workshop)?.name.clone()))
            .collect()
    };
    Ok(Outlook { takes_part: names(true), stays_out: names(false), impact })
}

pub fn panel(locale: Locale, event: &Event, outlook: &Outlook) -> impl IntoView + use<> {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let Outlook { takes_part, stays_out, impact } = outlook;
    let named = |words: String, names: &[String]| match names {
        [] => words,
        names => format::labelled(locale, words, format::list(locale, names)),
    };
    let mut lines = vec![named(t::preview_houses(locale, count(takes_part.len())), takes_part)];
    if !stays_out.is_empty() {
        lines.push(named(t::preview_out(locale, count(stays_out.len())), stays_out));
    }
    if !event.published {
        let mut changes = Vec::new();
        if impact.slots_added > 0 {
            changes.push(t::preview_added(locale, count(impact.slots_added)));
        }
        if impact.slots_removed > 0 {
            changes.push(t::preview_removed(locale, count(impact.slots_removed)));
        }
        if impact.slots_changed > 0 {
            changes.push(t::preview_changed(locale, count(impact.slots_changed)));
        }
        if !impact.hit.is_empty() {
            changes.push(t::preview_hit(locale, count(impact.hit.len())));
        }
        if changes.is_empty() {
            lines.push(t::preview_none(locale).to_owned());
        } else {
            lines.push(format::sentence(&format::list(locale, &changes)));
        }
    }
    if !event.effect.price.is_usual() {
        lines.push(t::preview_price(locale, i64::from(event.effect.price.percent())));
    }
    let lines: Vec<_> = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect();
    view! {
        <section class="panel stack-s" aria-labelledby="preview">
            <h2 class="panel-title" id="preview">{t::preview(locale)}</h2>
            <ul class="stack-s">{lines}</ul>
        </section>
    }
}
