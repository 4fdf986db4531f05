//! A field that people don't see: programs that fill in every form give themselves away by it.

use leptos::prelude::*;

use crate::Locale;
use crate::api::form::{Form, Problems};
use crate::t::form as t;
use crate::ui::field::TextField;

const NAME: &str = "website";

/// Says so of a form whose hidden field is filled in.
pub fn look(locale: Locale, form: &Form, problems: &mut Problems) {
    if !form.text(NAME).is_empty() {
        problems.add(NAME, t::wrong_trap(locale));
    }
}

/// Out of sight until it was filled in: then whoever it was can empty it.
pub fn field(locale: Locale, form: &Form, problems: &Problems) -> impl IntoView + use<> {
    let error = problems.of(NAME);
    if error.is_empty() {
        return view! {
            <div class="trap" aria-hidden="true">
                <label for=NAME>{t::trap(locale)}</label>
                <input type="text" id=NAME name=NAME tabindex="-1" autocomplete="off"/>
            </div>
        }
        .into_any();
    }
    let value = form.text(NAME).to_owned();
    view! { <TextField locale name=NAME label=t::trap(locale) optional=true value error/> }
        .into_any()
}
