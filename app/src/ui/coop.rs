//! Co-ops in words, wherever they are named.

use chrono::{DateTime, NaiveDate, Utc};
use engine::Locale;
use engine::clock::local_date;
use engine::coop::{Coop, CoopForm, MemberRole};
use leptos::prelude::*;

use crate::context::Visit;
use crate::t::coop as t;

pub fn form_name(locale: Locale, form: CoopForm) -> &'static str {
    match form {
        CoopForm::Group => t::group(locale),
        CoopForm::Cooperative => t::cooperative(locale),
    }
}

pub fn role_name(locale: Locale, role: MemberRole) -> &'static str {
    match role {
        MemberRole::Manager => t::manager(locale),
        MemberRole::Member => t::member(locale),
    }
}

/// "20/3/2024"; "20 March 2024".
pub fn date(locale: Locale, date: NaiveDate) -> String {
    (locale.writing().plain_date)(date)
}

/// The venue's date of an instant, likewise.
pub fn day_of(locale: Locale, at: DateTime<Utc>) -> String {
    date(locale, local_date(at))
}

/// Address of its public page, without the language.
pub fn path(coop: &Coop) -> String {
    format!("/coops/{}", coop.slug)
}

/// "Member of …": a row of a workshop's `<dl>`; nothing where it works alone.
pub fn member_row(visit: &Visit, coop: Option<&Coop>) -> Option<impl IntoView + use<>> {
    let coop = coop?;
    let href = visit.link(&path(coop));
    Some(view! {
        <div>
            <dt>{t::member_of(visit.locale)}</dt>
            <dd><a href=href>{coop.name.clone()}</a></dd>
        </div>
    })
}
