//! The question before a change that takes something from departures: which, and whether all the same.

use engine::Locale;
use leptos::prelude::*;

use crate::api::form::Form;
use crate::t::host;
use crate::ui::field::Hidden;
use crate::ui::notice::{Notice, Tone};

/// What the question says.
pub struct Words {
    pub title: String,
    /// The departures hit, a line each.
    pub lines: Vec<String>,
    pub text: &'static str,
    /// On the button.
    pub anyway: &'static str,
}

/// Lists the departures and offers to save all the same; everything typed is in the form again.
pub fn question(
    locale: Locale,
    words: Words,
    form: &Form,
    action: &str,
    back: &str,
) -> impl IntoView + use<> {
    let items: Vec<_> = words.lines.into_iter().map(|line| view! { <li>{line}</li> }).collect();
    let fields: Vec<_> = form
        .pairs()
        .filter(|(name, _)| *name != "force")
        .map(|(name, value)| view! { <Hidden name=name.to_owned() value=value.to_owned()/> })
        .collect();
    let (title, text, anyway) = (words.title, words.text, words.anyway);
    let (action, back) = (action.to_owned(), back.to_owned());
    view! {
        <Notice tone=Tone::Warn title=title>
            <ul>{items}</ul>
            <p>{text}</p>
            <form method="post" action=action.clone()>
                {fields}
                <div class="actions">
                    <button class="btn btn-danger" name="force" value="1">{anyway}</button>
                    <a class="btn btn-quiet" href=back.clone()>{host::leave(locale)}</a>
                </div>
            </form>
        </Notice>
    }
}

/// Whether the form says that the departures are known.
pub fn forced(form: &Form) -> bool {
    form.text("force") == "1"
}
