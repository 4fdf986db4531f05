//! What every page of the office stands in. Only admins learn that it is there.

use leptos::prelude::*;

use crate::context::Visit;
use crate::error::PageError;
use crate::pages::host::frame::{self as host, Tab, signed_in};
use crate::t::office as t;
use crate::ui::icon::icon;

/// The parts of the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Overview,
    Events,
    Outbox,
    Audit,
    Passes,
    Credentials,
    Reviews,
    Privacy,
    Report,
    Trade,
    Villages,
    Stories,
}

/// Lets admins in; who is not signed in is asked to, everybody else finds nothing.
pub fn admitted(visit: &Visit) -> Result<(), PageError> {
    signed_in(visit)?;
    visit.actor.must_administer().map_err(|_| PageError::NotFound)
}

pub fn frame<V: IntoView>(visit: &Visit, part: Part, body: V) -> impl IntoView + use<V> {
    let locale = visit.locale;
    let parts = [
        (Part::Overview, "/office", "home", t::title(locale)),
        (Part::Report, "/office/report", "list", crate::t::report::title(locale)),
        (Part::Trade, "/office/trade", "share", crate::t::trade::title(locale)),
        (Part::Villages, "/office/villages", "people", crate::t::report::readers(locale)),
        (Part::Events, "/office/events", "calendar", crate::t::event::office_title(locale)),
        (Part::Outbox, "/office/outbox", "mail", t::outbox(locale)),
        (Part::Audit, "/office/audit", "list", t::audit(locale)),
        (Part::Passes, "/office/passes", "ticket", crate::t::pass::host_title(locale)),
        (Part::Credentials, "/office/credentials", "star", crate::t::credential::title(locale)),
        (Part::Reviews, "/office/reviews", "star", crate::t::review::office_title(locale)),
        (Part::Privacy, "/office/privacy", "lock", crate::t::privacy::office_title(locale)),
        (Part::Stories, "/office/stories", "edit", crate::t::story::office_title(locale)),
    ];
    let items: Vec<_> = parts
        .into_iter()
        .map(|(each, path, sign, words)| {
            let here = (each == part).then_some("page");
            view! { <li><a href=visit.link(path) aria-current=here>{icon(sign)} " " {words}</a></li> }
        })
        .collect();
    let body = view! {
        <nav class="subnav" aria-label=t::navigation(locale)><ul>{items}</ul></nav>
        {body}
    };
    host::frame(visit, None, Tab::Account, body)
}
