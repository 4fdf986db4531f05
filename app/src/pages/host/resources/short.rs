//! The question before a change takes something from visits that are booked.

use engine::Locale;
use engine::clock::local_date;
use engine::resource::Short;
use leptos::prelude::*;

use crate::api::form::Form;
use crate::pages::host::frame::Desk;
use crate::t::host;
use crate::t::resource as t;
use crate::ui::field::Hidden;
use crate::ui::format;
use crate::ui::notice::{Notice, Tone};

/// Lists the visits and offers to save all the same; everything typed is in the form again.
pub fn question(
    locale: Locale,
    desk: &Desk,
    short: &[Short],
    form: &Form,
    action: &str,
    back: &str,
) -> impl IntoView + use<> {
    let count = i64::try_from(short.len()).unwrap_or(i64::MAX);
    let items: Vec<_> = short
        .iter()
        .map(|it| {
            let slot = &it.slot;
            let when = format!(
                "{} {}",
                format::sentence(&format::day(locale, local_date(slot.starts_at))),
                format::time(slot.starts_at)
            );
            let tour = desk.catalogue.tour(slot.tour_id).map_or("", |it| it.title.text(locale));
            view! { <li>{t::short_line(locale, slot.heads, tour, when)}</li> }
        })
        .collect();
    let fields: Vec<_> = form
        .pairs()
        .filter(|(name, _)| *name != "force")
        .map(|(name, value)| view! { <Hidden name=name.to_owned() value=value.to_owned()/> })
        .collect();
    let (action, back) = (action.to_owned(), back.to_owned());
    view! {
        <Notice tone=Tone::Warn title=t::short_title(locale, count)>
            <ul>{items}</ul>
            <p>{t::short_text(locale)}</p>
            <form method="post" action=action.clone()>
                {fields}
                <div class="actions">
                    <button class="btn btn-danger" name="force" value="1">{t::save_anyway(locale)}</button>
                    <a class="btn btn-quiet" href=back.clone()>{host::leave(locale)}</a>
                </div>
            </form>
        </Notice>
    }
}

/// Whether the form says that the visits are known.
pub fn forced(form: &Form) -> bool {
    form.text("force") == "1"
}
