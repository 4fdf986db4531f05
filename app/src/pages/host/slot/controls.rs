//! What a host does with a slot as a whole: seats, notes, closing, moving, cancelling.

use engine::Locale;
use engine::schedule::{Slot, SlotStatus};
use leptos::prelude::*;

use crate::api::form::{Form, Problems};
use crate::t::host as t;
use crate::ui::field::{Hidden, TextArea, TextField};
use crate::ui::format;
use crate::ui::icon::icon;

/// What of the slot's surroundings decides which controls there are.
pub(super) struct Around {
    /// Bookings that live.
    pub parties: i64,
    pub over: bool,
    /// A guide leads it: whose name it is, is not changed by text.
    pub led: bool,
}

pub(super) fn controls(
    locale: Locale,
    page: &str,
    slot: &Slot,
    form: &Form,
    problems: &Problems,
    around: &Around,
) -> impl IntoView + use<> {
    let &Around { parties, over, led } = around;
    let act = form.text("act").to_owned();
    let error = |name: &str| problems.of(name);
    let live = slot.status != SlotStatus::Cancelled && !over;
    let typed = |mine: &str, name: &str, now: String| {
        if act == mine { form.text(name).to_owned() } else { now }
    };
    let capacity = typed("resize", "capacity", slot.capacity.to_string());
    let least = slot.taken - slot.overbooked;
    let resize = live.then(|| {
        view! {
            <form class="panel" method="post" action=page.to_owned() novalidate>
                <Hidden name="act" value="resize"/>
                <TextField locale name="capacity" label=t::capacity(locale) hint=t::capacity_hint(locale, least)
                    kind="number" inputmode="numeric" min=least.max(1).to_string() short=true
                    value=capacity error=error("capacity")/>
                <button class="btn" type="submit">{t::save(locale)}</button>
            </form>
        }
    });
    let toggle = match slot.status {
        SlotStatus::Open => Some(("close", "lock", t::close_slot(locale))),
        SlotStatus::Closed => Some(("reopen", "refresh", t::reopen_slot(locale))),
        SlotStatus::Cancelled => None,
    };
    let toggle = toggle.filter(|_| live).map(|(act, sign, words)| {
        view! {
            <form method="post" action=page.to_owned()>
                <Hidden name="act" value=act/>
                <button class="btn btn-wide">{icon(sign)}{words}</button>
            </form>
        }
    });
    let date = typed("move", "date", slot.local_date.to_string());
    let time = typed("move", "time", format::clock(slot.starts_at));
    let reason = typed("cancel", "reason", String::new());
    let ends = live.then(|| {
        view! {
            <details class="fold" open=act == "move"><summary>{icon("moved")}{t::move_slot(locale)}</summary>
                <form class="fold-body" method="post" action=page.to_owned() novalidate>
                    <Hidden name="act" value="move"/>
                    <div class="field-row">
                        <TextField locale name="date" label=t::date(locale) kind="date" value=date/>
                        <TextField locale name="time" label=t::time(locale) kind="time" value=time error=error("time")/>
                    </div>
                    <p class="price-note">{t::parties_told(locale, parties)}</p>
                    <button class="btn btn-primary">{t::move_slot_do(locale)}</button>
                </form>
            </details>
            <details class="fold fold-danger" open=act == "cancel"><summary>{icon("close")}{t::cancel_slot(locale)}</summary>
                <form class="fold-body" method="post" action=page.to_owned() novalidate>
                    <Hidden name="act" value="cancel"/>
                    <p>{t::parties_cancelled(locale, parties)}</p>
                    <TextField locale name="reason" label=t::reason(locale) value=reason error=error("reason")/>
                    <button class="btn btn-danger">{t::cancel_slot_do(locale)}</button>
                </form>
            </details>
        }
    });
    // Whoever leads is chosen above; a helper who is nobody's guide is named here.
    let name = if led {
        view! { <Hidden name="guide" value=slot.guide.clone()/> }.into_any()
    } else {
        view! { <TextField locale name="guide" label=t::guide(locale) value=slot.guide.clone() optional=true/> }.into_any()
    };
    let state = match slot.status {
        SlotStatus::Open => None,
        SlotStatus::Closed => Some(t::closed(locale)),
        SlotStatus::Cancelled => Some(t::cancelled(locale)),
    };
    view! {
        <aside class="stack" aria-labelledby="this">
            <h2 class="panel-title" id="this">{t::this_slot(locale)}</h2>
            {state.map(|words| view! { <p><span class="badge" data-tone="lacquer">{words}</span></p> })}
            {resize}
            <form class="panel" method="post" action=page.to_owned()>
                <Hidden name="act" value="note"/>
                {name}
                <TextArea locale name="note" label=t::host_note(locale) value=slot.note.clone() rows=2 optional=true/>
                <button class="btn" type="submit">{t::save(locale)}</button>
            </form>
            {toggle}
            <a class="btn btn-wide" href=format!("{page}/sheet")>{icon("print")}{t::sheet(locale)}</a>
            {ends}
        </aside>
    }
}
