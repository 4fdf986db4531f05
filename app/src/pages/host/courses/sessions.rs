//! The sessions of a run, each with what can be done about it.

use chrono::{DateTime, Utc};
use engine::course::Session;
use leptos::prelude::*;

use crate::api::form::{Form, Problems};
use crate::context::Visit;
use crate::t::course as t;
use crate::ui::field::{FieldError, Hidden};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::sessions;

pub fn section(
    visit: &Visit,
    all: &[Session],
    page: &str,
    form: &Form,
    problems: &Problems,
    now: DateTime<Utc>,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let beside = |session: &Session| {
        (session.is_live() && now < session.starts_at)
            .then(|| change(visit, session, page, form, problems))
            .into_any()
    };
    view! {
        <section class="panel stack" id="sessions" aria-labelledby="sessions-title">
            <h2 class="panel-title" id="sessions-title">{t::timetable(locale)}</h2>
            {sessions::list(locale, all, beside)}
        </section>
    }
}

fn change(
    visit: &Visit,
    session: &Session,
    page: &str,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let id = session.id.to_string();
    let mine = form.text("session") == id;
    let act = if mine { form.text("act") } else { "" };
    let (date_id, time_id) = (format!("date-{id}"), format!("time-{id}"));
    let reason_id = format!("reason-{id}");
    let typed = |act_is: &str, name: &str, now: String| {
        if act == act_is { form.text(name).to_owned() } else { now }
    };
    let date = typed("move", "date", session.local_date.to_string());
    let time = typed("move", "time", format::clock(session.starts_at));
    let reason = typed("cancel", "reason", String::new());
    let (date_error, reason_error) = (problems.of(&date_id), problems.of(&reason_id));
    let open = !date_error.is_empty() || !reason_error.is_empty();
    let number = t::session(locale, i64::from(session.position));
    view! {
        <details class="session-change no-print" open=open>
            <summary aria-label=t::change_session_of(locale, number)>{t::change_session(locale)}</summary>
            <form class="stack-s" method="post" action=page.to_owned() novalidate>
                <Hidden name="act" value="move"/>
                <Hidden name="session" value=id.clone()/>
                <div class="field-row">
                    <div class="field">
                        <label for=date_id.clone()>{crate::t::host::date(locale)}</label>
                        <input class="input" type="date" id=date_id.clone() name="date" value=date/>
                    </div>
                    <div class="field">
                        <label for=time_id.clone()>{crate::t::host::time(locale)}</label>
                        <input class="input" type="time" id=time_id name="time" value=time/>
                    </div>
                </div>
                <FieldError id=date_id text=date_error/>
                <button class="btn">{icon("moved")}{t::move_session(locale)}</button>
            </form>
            <form class="stack-s" method="post" action=page.to_owned() novalidate>
                <Hidden name="act" value="cancel"/>
                <Hidden name="session" value=id/>
                <div class="field">
                    <label for=reason_id.clone()>{t::reason(locale)}</label>
                    <input class="input" id=reason_id.clone() name="reason" value=reason maxlength="500"/>
                    <FieldError id=reason_id text=reason_error/>
                </div>
                <button class="btn btn-danger">{icon("close")}{t::cancel_session(locale)}</button>
            </form>
        </details>
    }
}
