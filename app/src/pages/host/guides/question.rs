//! The question before a change leaves departures without their guide.

use engine::schedule::Slot;
use leptos::prelude::*;

use super::words;
use crate::api::form::Form;
use crate::pages::host::frame::Desk;
use crate::t::guide as t;
use crate::t::host;
use crate::ui::field::Hidden;
use crate::ui::notice::{Notice, Tone};
use engine::Locale;

/// Lists the departures and offers to save all the same; everything typed is in the form again.
pub fn question(
    locale: Locale,
    desk: &Desk,
    hit: &[Slot],
    form: &Form,
    action: &str,
) -> impl IntoView + use<> {
    let count = i64::try_from(hit.len()).unwrap_or(i64::MAX);
    let items: Vec<_> = hit
        .iter()
        .map(|slot| {
            let tour = desk.catalogue.tour(slot.tour_id).map_or("", |it| it.title.text(locale));
            view! { <li>{t::leads_line(locale, slot.heads, tour, words::starts(locale, slot))}</li> }
        })
        .collect();
    let fields: Vec<_> = form
        .pairs()
        .filter(|(name, _)| *name != "force")
        .map(|(name, value)| view! { <Hidden name=name.to_owned() value=value.to_owned()/> })
        .collect();
    let action = action.to_owned();
    view! {
        <Notice tone=Tone::Warn title=t::leads_title(locale, count)>
            <ul>{items}</ul>
            <p>{t::leads_text(locale)}</p>
            <form method="post" action=action.clone()>
                {fields}
                <div class="actions">
                    <button class="btn btn-danger" name="force" value="1">{t::save_anyway(locale)}</button>
                    <a class="btn btn-quiet" href=action.clone()>{host::leave(locale)}</a>
                </div>
            </form>
        </Notice>
    }
}

/// Whether the form says that the departures are known.
pub fn forced(form: &Form) -> bool {
    form.text("force") == "1"
}
