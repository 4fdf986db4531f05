//! Festivals and other days of the villages: a list, and a page for each.

mod one;

pub use one::page as one;

use axum::extract::State;
use axum::response::Response;
use engine::catalogue::Catalogue;
use engine::clock::local_date;
use engine::event;
use leptos::prelude::*;

use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::event as t;
use crate::ui::event::{Coming, list};
use crate::ui::layout::Head;
use crate::ui::seo;

pub async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let today = local_date(app.store.now());
    let coming = event::upcoming(&mut app.store.read().await?, today, event::YEAR).await?;
    let crumbs = [("/events".to_owned(), t::title(locale).to_owned())];
    let mut nodes: Vec<_> =
        coming.iter().filter_map(|coming| seo::event(&visit, &catalogue, coming)).collect();
    nodes.push(seo::breadcrumbs(&visit, &crumbs));
    nodes.push(seo::organization(&visit));
    let head = Head::new(t::title(locale), t::description(locale)).structured(seo::graph(nodes));
    let inner = visit.clone();
    Ok(Page::new(head).shared().render(&visit, move || {
        let none = coming.is_empty().then(|| view! { <p class="soft">{t::none(locale)}</p> });
        view! {
            <div class="wrap">
                <header class="page-head">
                    <h1>{t::title(locale)}</h1>
                    <p class="lead">{t::lead(locale)}</p>
                </header>
                {none}
                {list(&inner, &catalogue, &coming)}
                <div class="section-tight"></div>
            </div>
        }
    }))
}

/// The next few as a section of another page; nothing when there are none.
pub fn section(
    visit: &Visit,
    catalogue: &Catalogue,
    coming: &[Coming],
) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    (!coming.is_empty()).then(|| {
        view! {
            <section class="section-tight" aria-labelledby="events-title">
                <div class="section-head">
                    <h2 id="events-title">{t::coming(locale)}</h2>
                    <a href=visit.link("/events")>{t::all(locale)}</a>
                </div>
                {list(visit, catalogue, coming)}
            </section>
        }
    })
}
