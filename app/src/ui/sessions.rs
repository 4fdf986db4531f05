//! The sessions of a course, wherever they are told.

use engine::course::Session;
use leptos::prelude::*;

use super::format;
use super::icon::icon;
use crate::{Locale, t};

/// So many are shown at once; more are folded away.
const IN_SIGHT: usize = 8;

/// "Thứ Bảy 05/12/2026, 08:30–11:30".
pub fn when(locale: Locale, session: &Session) -> String {
    let day = format::sentence(&format::date(locale, session.local_date));
    format::day_during(locale, day, session.starts_at, session.ends_at)
}

/// How many take place.
pub fn count(sessions: &[Session]) -> i64 {
    let live = sessions.iter().filter(|session| session.is_live()).count();
    i64::try_from(live).unwrap_or(i64::MAX)
}

/// Each session a line, with its number; `beside` adds what is known of it.
pub fn list(locale: Locale, sessions: &[Session], beside: impl Fn(&Session) -> AnyView) -> AnyView {
    let items = sessions
        .iter()
        .map(|session| {
            let gone = (!session.is_live()).then_some("cancelled");
            let off = gone.map(|_| {
                let words = t::course::session_off(locale);
                let reason = session.reason.clone();
                view! {
                    <span class="badge" data-tone="lacquer">{words}</span>
                    <span class="session-reason">{reason}</span>
                }
            });
            view! {
                <li class="session" data-state=gone>
                    <span class="session-number" aria-hidden="true">{session.position.to_string()}</span>
                    <span class="session-when">
                        <span class="visually-hidden">{t::course::session(locale, i64::from(session.position))} {locale.writing().colon}</span>
                        <time datetime=session.starts_at.to_rfc3339()>{when(locale, session)}</time>
                    </span>
                    {off}
                    {beside(session)}
                </li>
            }
        })
        .collect_view();
    view! { <ol class="sessions">{items}</ol> }.into_any()
}

/// The sessions under their number; nothing for a visit.
pub fn sessions_folded(locale: Locale, sessions: &[Session]) -> Option<impl IntoView + use<>> {
    if sessions.is_empty() {
        return None;
    }
    let open = sessions.len() <= IN_SIGHT;
    let title = t::course::sessions(locale, count(sessions));
    Some(view! {
        <details class="sessions-fold" open=open>
            <summary>{icon("list")}{title}</summary>
            {list(locale, sessions, |_| ().into_any())}
        </details>
    })
}
