//! Saving a change of the schedule: what it would do, whom it would hit, and the host's word on it.

use std::collections::HashMap;
use std::sync::Arc;

use axum::response::Response;
use engine::SlotId;
use engine::booking::{Booking, query};
use engine::schedule::{
    ChangeSchedule, HitSlots, Impact, RuleField, ScheduleChange, ScheduleError, Slot,
    change_schedule, preview_change,
};
use leptos::prelude::*;

use super::editor;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, at, see};
use crate::pages::host::{guest, words as host_words};
use crate::t::host;
use crate::t::schedule as t;
use crate::ui::field::{Hidden, TextField};
use crate::ui::icon::icon;

/// What a change would do, with the bookings that it would hit.
pub struct Outlook {
    pub impact: Impact,
    bookings: HashMap<SlotId, Vec<Booking>>,
    /// The host asked to save, and is asked back; otherwise only to look.
    asked: bool,
}

/// How a form ended.
pub enum Ended {
    /// The answer leads back to the schedule.
    Saved(Response),
    /// Nothing was changed: the page comes again, with the problems or with this.
    Again(Option<Box<Outlook>>),
}

/// Looks ahead or saves, as the form's button says; nothing where the form gave no change.
pub async fn carry_out(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    change: Option<ScheduleChange>,
    form: &Form,
    problems: &mut Problems,
) -> Result<Ended, PageError> {
    let Some(change) = change else {
        return Ok(Ended::Again(None));
    };
    if form.has("preview") {
        return look(app, visit, desk, &change, false, problems).await;
    }
    let hit_slots = match form.text("hits") {
        "keep" => HitSlots::Keep,
        "cancel" => {
            let reason = form.text("reason").trim().to_owned();
            if reason.is_empty() {
                problems.add("reason", host::error_reason(visit.locale));
                return look(app, visit, desk, &change, true, problems).await;
            }
            HitSlots::Cancel { reason }
        }
        _ => HitSlots::Ask,
    };
    let command = ChangeSchedule {
        catalogue: Arc::clone(&desk.catalogue),
        actor: visit.actor.clone(),
        workshop: desk.id(),
        change: change.clone(),
        hit_slots,
    };
    let done =
        app.store.write("change schedule", command, |tx, c| Box::pin(change_schedule(tx, c))).await;
    match done {
        Ok(_) => {
            let news = if editor::ends(form) { "ended" } else { "saved" };
            let back = at(visit, desk.workshop()?, "/schedule");
            Ok(Ended::Saved(see(&format!("{back}?done={news}"))))
        }
        Err(ScheduleError::HitsBookings(_)) => {
            look(app, visit, desk, &change, true, problems).await
        }
        Err(error) => {
            refuse(visit, error, problems)?;
            Ok(Ended::Again(None))
        }
    }
}

async fn look(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    change: &ScheduleChange,
    asked: bool,
    problems: &mut Problems,
) -> Result<Ended, PageError> {
    let mut conn = app.store.read().await?;
    let now = app.store.now();
    let impact = preview_change(&mut conn, &desk.catalogue, desk.id(), change, now).await;
    let impact = match impact {
        Ok(impact) => impact,
        Err(error) => {
            refuse(visit, error, problems)?;
            return Ok(Ended::Again(None));
        }
    };
    let ids: Vec<SlotId> = impact.hit.iter().map(|slot| slot.id).collect();
    let bookings = query::of_slots(&mut conn, &ids).await?;
    Ok(Ended::Again(Some(Box::new(Outlook { impact, bookings, asked }))))
}

/// Names the fields that are wrong; an error of another kind ends the request.
fn refuse(visit: &Visit, error: ScheduleError, problems: &mut Problems) -> Result<(), PageError> {
    let locale = visit.locale;
    let ScheduleError::Fields(fields) = error else {
        problems.add("main", host_words::of_schedule(locale, error)?);
        return Ok(());
    };
    for field in fields {
        match field {
            RuleField::Days => problems.add("days", t::error_days(locale)),
            RuleField::Times => problems.add("times", t::error_times(locale)),
            RuleField::Capacity => problems.add("capacity", t::error_capacity(locale)),
            RuleField::Dates => problems.add("to", t::error_dates(locale)),
            RuleField::Hours => problems.add("time_to", t::error_hours(locale)),
        }
    }
    Ok(())
}

/// The fields of a form once more, without its buttons.
fn again(form: &Form) -> impl IntoView + use<> {
    const OURS: [&str; 4] = ["preview", "save", "hits", "reason"];
    let fields: Vec<_> = form
        .pairs()
        .filter(|(name, _)| !OURS.contains(name))
        .map(|(name, value)| view! { <Hidden name=name.to_owned() value=value.to_owned()/> })
        .collect();
    fields
}

/// What the change would do; the question where it was to be saved and hits somebody.
pub fn panel(
    visit: &Visit,
    desk: &Desk,
    outlook: &Outlook,
    action: &str,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let Outlook { impact, bookings, asked } = outlook;
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let mut effects = Vec::new();
    if impact.slots_added > 0 {
        effects.push(t::adds(locale, count(impact.slots_added)));
    }
    if impact.slots_removed > 0 {
        effects.push(t::removes(locale, count(impact.slots_removed)));
    }
    if impact.slots_changed > 0 {
        effects.push(t::changes(locale, count(impact.slots_changed)));
    }
    if effects.is_empty() {
        effects.push(t::changes_nothing(locale).to_owned());
    }
    let effects: Vec<_> = effects.into_iter().map(|words| view! { <li>{words}</li> }).collect();
    let lines: Vec<_> =
        impact.hit.iter().map(|slot| hit(visit, desk, slot, bookings.get(&slot.id))).collect();
    let hits = count(impact.hit.len());
    let title =
        if lines.is_empty() { t::preview_title(locale).to_owned() } else { t::hits(locale, hits) };
    let question = (*asked && !lines.is_empty()).then(|| {
        let typed = form.text("reason").to_owned();
        let error = problems.of("reason");
        let (action, open) = (action.to_owned(), !error.is_empty());
        let unwanted = count(impact.unwanted);
        let cancel = (impact.unwanted > 0).then(|| {
            view! {
                <details class="fold fold-danger" open=open>
                    <summary>{icon("close")}{t::cancel_hits(locale, unwanted)}</summary>
                    <form class="fold-body" method="post" action=action.clone() novalidate>
                        {again(form)}
                        <Hidden name="hits" value="cancel"/>
                        <TextField locale name="reason" label=host::reason(locale) value=typed error/>
                        <button class="btn btn-danger">{t::cancel_hits_do(locale)}</button>
                    </form>
                </details>
            }
        });
        view! {
            <p>{t::keep_hint(locale)}</p>
            <form class="actions" method="post" action=action.clone()>
                {again(form)}
                <Hidden name="hits" value="keep"/>
                <button class="btn btn-primary">{t::keep_hits(locale, hits)}</button>
            </form>
            {cancel}
        }
    });
    let tone = if lines.is_empty() { "info" } else { "warn" };
    let sign = if lines.is_empty() { "info" } else { "warning" };
    let list = (!lines.is_empty()).then(|| view! { <ul>{lines}</ul> });
    view! {
        <section class="notice" data-tone=tone id="outlook" aria-labelledby="outlook-title">
            {icon(sign)}
            <div>
                <h2 class="notice-title" id="outlook-title">{title}</h2>
                {list}
                <ul>{effects}</ul>
                {question}
            </div>
        </section>
    }
}

/// One slot that would be hit, with its parties.
fn hit(
    visit: &Visit,
    desk: &Desk,
    slot: &Slot,
    bookings: Option<&Vec<Booking>>,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let shop = desk.workshop().ok();
    let option = desk.catalogue.option(slot.option_id);
    let head = option.map(|(_, option)| host_words::slot_named(locale, slot, option));
    let parties: Vec<_> = bookings
        .into_iter()
        .flatten()
        .filter_map(|booking| {
            let shop = shop?;
            let party = booking.party.words(locale);
            if let Some(offered) = host_words::offered(locale, booking) {
                return Some(view! { <li>{offered}</li> }.into_any());
            }
            if !guest::is_guest(booking) {
                return Some(view! { <li>{t::being_booked(locale, party)}</li> }.into_any());
            }
            let page = at(visit, shop, &format!("/bookings/{}", booking.code));
            let line = format!(" · {party} · {}", booking.code);
            Some(view! { <li><a href=page>{booking.name.clone()}</a>{line}</li> }.into_any())
        })
        .collect();
    view! { <li>{head}<ul>{parties}</ul></li> }
}
