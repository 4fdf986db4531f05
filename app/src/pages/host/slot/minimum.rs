//! A slot with too few guests: run all the same, ask the guests, or call it off.

use chrono::{DateTime, Utc};
use engine::schedule::{Decide, Decision, RunState, Slot, SlotStatus};
use engine::{Locale, SlotId};
use leptos::prelude::*;

use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::words;
use crate::t::host as t;
use crate::ui::field::{Hidden, TextField};
use crate::ui::icon::icon;

/// Carries out the host's decision; answers what to add to the page's address.
pub(super) async fn decide(
    app: &App,
    visit: &Visit,
    slot: SlotId,
    form: &Form,
    problems: &mut Problems,
) -> Result<String, PageError> {
    let locale = visit.locale;
    let decision = match form.text("decision") {
        "run" => Decision::Run,
        "ask" => Decision::AskGuests,
        "call_off" => {
            let reason = form.text("reason_off").trim().to_owned();
            if reason.is_empty() {
                problems.add("reason_off", t::error_reason(locale));
                return Ok(String::new());
            }
            Decision::CallOff { reason }
        }
        _ => return Err(PageError::Invalid),
    };
    let command = Decide { actor: visit.actor.clone(), slot, decision };
    let done =
        app.store.write("decide", command, |tx, c| Box::pin(engine::schedule::decide(tx, c))).await;
    if let Err(error) = done {
        problems.add("minimum", words::of_schedule(locale, error)?);
    }
    Ok(String::new())
}

/// Whether somebody booked, but too few, and it is still open whether it runs.
pub fn is_short(slot: &Slot, least: i32, now: DateTime<Utc>) -> bool {
    slot.status != SlotStatus::Cancelled
        && slot.starts_at > now
        && (1..least).contains(&slot.taken)
        && slot.run_state != RunState::Runs
}

/// Run, or ask the guests: two buttons, for the lists and the slot's own page.
pub fn quick(locale: Locale, page: &str, slot: &Slot, back: &'static str) -> impl IntoView + use<> {
    let asked = slot.run_state == RunState::GuestsAsked;
    let ask = (!asked).then(|| {
        view! { <button class="btn" name="decision" value="ask">{icon("mail")}{t::decide_ask(locale)}</button> }
    });
    view! {
        <form class="actions" method="post" action=page.to_owned()>
            <Hidden name="act" value="decide"/>
            <Hidden name="back" value=back/>
            <button class="btn btn-good" name="decision" value="run">{icon("check")}{t::decide_run(locale)}</button>
            {ask}
        </form>
    }
}

/// How it stands in words: "2 of at least 4".
pub fn standing(locale: Locale, slot: &Slot, least: i32) -> String {
    let short = t::decide_short(locale, least, slot.taken);
    match slot.run_state {
        RunState::GuestsAsked => format!("{short} {}", t::decide_guests_asked(locale)),
        RunState::Undecided | RunState::Asked | RunState::Runs => short,
    }
}

/// The panel on the slot's page; nothing where there is nothing to decide.
pub(super) fn panel(
    locale: Locale,
    page: &str,
    slot: &Slot,
    least: i32,
    form: &Form,
    problems: &Problems,
    now: DateTime<Utc>,
) -> impl IntoView + use<> {
    is_short(slot, least, now).then(|| {
        let (typed, error) = (form.text("reason_off").to_owned(), problems.of("reason_off"));
        let open = !error.is_empty();
        view! {
            <section class="panel stack" id="minimum" aria-labelledby="decide">
                <h2 class="panel-title" id="decide">{t::decide_title(locale)}</h2>
                <p>{standing(locale, slot, least)} " " {t::decide_hint(locale)}</p>
                {quick(locale, page, slot, "")}
                <details class="fold fold-danger" open=open>
                    <summary>{icon("close")}{t::decide_call_off(locale)}</summary>
                    <form class="fold-body" method="post" action=page.to_owned() novalidate>
                        <Hidden name="act" value="decide"/>
                        <Hidden name="decision" value="call_off"/>
                        <TextField locale name="reason_off" label=t::reason(locale) value=typed error/>
                        <button class="btn btn-danger">{t::cancel_slot_do(locale)}</button>
                    </form>
                </details>
            </section>
        }
    })
}
