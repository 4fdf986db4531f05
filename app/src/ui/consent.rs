//! What stands beside a button with which a guest agrees to something.

use leptos::prelude::*;

use crate::context::Visit;
use crate::t::privacy as t;

/// "By pressing the button you agree …", with links to both texts. The verb behind the button writes
/// it down (`engine::privacy`).
pub fn agreed(visit: &Visit) -> impl IntoView + use<> {
    let locale = visit.locale;
    view! {
        <p class="small soft">
            {t::agree_before(locale)}
            <a href=visit.link("/terms")>{t::agree_terms(locale)}</a>
            {t::agree_between(locale)}
            <a href=visit.link("/privacy")>{t::agree_privacy(locale)}</a>
            {t::agree_after(locale)}
        </p>
    }
}
