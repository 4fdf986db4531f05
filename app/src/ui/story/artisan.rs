//! People of workshops, wherever visitors meet them.

use engine::catalogue::{Catalogue, Craft};
use engine::story::Artisan;
use leptos::prelude::*;

use super::figure::image;
use crate::Locale;
use crate::context::Visit;
use crate::t::story as t;
use crate::ui::picture::{Picture, of_craft};
use crate::ui::prose::foreign;

/// Address of their page, without the language.
pub fn path(artisan: &Artisan) -> String {
    format!("/artisans/{}", artisan.slug)
}

/// The portrait, or a drawing of the craft while there is none.
pub fn portrait(locale: Locale, artisan: &Artisan, craft: Craft, sizes: &'static str) -> AnyView {
    match &artisan.portrait {
        Some(picture) => image(locale, picture, sizes, &artisan.name).into_any(),
        None => Picture::illustration(&of_craft(craft, 1)).view(true).into_any(),
    }
}

/// Cards of people; `heading` is the level of their names: 2 on a page of its own, 3 in a section.
pub fn cards(
    visit: &Visit,
    catalogue: &Catalogue,
    artisans: &[Artisan],
    heading: u8,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let cards = artisans
        .iter()
        .filter_map(|artisan| {
            let shop = catalogue.workshop(artisan.workshop_id)?;
            let village = catalogue.village(shop.village_id)?;
            let title = artisan.title.text(locale).to_owned();
            let title = (!title.is_empty()).then(|| {
                view! { <p class="card-kicker" lang=foreign(&artisan.title, locale)>{title}</p> }
            });
            let link = view! {
                <a class="card-link" href=visit.link(&path(artisan))>{artisan.name.clone()}</a>
            };
            let name = match heading {
                2 => view! { <h2 class="card-title">{link}</h2> }.into_any(),
                _ => view! { <h3 class="card-title">{link}</h3> }.into_any(),
            };
            let quote = artisan.quote.text(locale).to_owned();
            let quote = (!quote.is_empty()).then(|| {
                view! { <p class="artisan-quote" lang=foreign(&artisan.quote, locale)>{quoted(locale, &quote)}</p> }
            });
            Some(view! {
                <li class="card artisan-card">
                    <div class="card-media">
                        {portrait(locale, artisan, village.craft, "(min-width: 48rem) 18rem, 100vw")}
                    </div>
                    <div class="card-body">
                        {title} {name}
                        <p class="small soft">{shop.name.clone()}</p>
                        {quote}
                    </div>
                </li>
            })
        })
        .collect_view();
    view! { <ul class="grid">{cards}</ul> }
}

/// A sentence in the marks of the language.
pub fn quoted(locale: Locale, words: &str) -> String {
    t::quoted(locale, words)
}

/// The people of a place as a section of its page; nothing where nobody is shown.
pub fn section(
    visit: &Visit,
    catalogue: &Catalogue,
    artisans: &[Artisan],
    all: Option<String>,
) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    (!artisans.is_empty()).then(|| {
        let all = all.map(|href| view! { <a href=href>{t::all_artisans(locale)}</a> });
        view! {
            <section class="story-part" aria-labelledby="people-title">
                <div class="section-head">
                    <h2 id="people-title">{t::people(locale)}</h2>
                    {all}
                </div>
                {cards(visit, catalogue, artisans, 3)}
            </section>
        }
    })
}
