//! The story of a village: told by its hosts, or the short one of the catalogue.

use engine::catalogue::Village;
use leptos::prelude::*;

use crate::context::Visit;
use crate::t;
use crate::ui::prose::{foreign, paragraphs};
use crate::ui::story::{Entry, Told, chapters, entries};

/// The short story, unless hosts wrote the history themselves; then the chapters.
pub fn view(visit: &Visit, village: &Village, told: &Told) -> impl IntoView + use<> {
    let locale = visit.locale;
    let short = (!told.has_history()).then(|| {
        view! {
            <section class="story-part" aria-labelledby="story-title">
                <h2 id="story-title">{t::catalogue::story(locale)}</h2>
                <div class="story-text story-opening" lang=foreign(&village.story, locale)>
                    {paragraphs(village.story.text(locale))}
                </div>
            </section>
        }
    });
    view! { {short} {chapters(visit, &told.chapters)} }
}

/// What the table of contents says of it.
pub fn toc(visit: &Visit, told: &Told) -> Vec<Entry> {
    let locale = visit.locale;
    let short = ("story-title".to_owned(), t::catalogue::story(locale).to_owned());
    let short = (!told.has_history()).then_some(short);
    short.into_iter().chain(entries(locale, &told.chapters)).collect()
}
