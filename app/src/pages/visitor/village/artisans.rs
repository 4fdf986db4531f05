//! The people of a village's workshops.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::story;
use leptos::prelude::*;

use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::seo;
use crate::ui::story::artisan::cards;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let village = catalogue.village_by_slug(&slug).ok_or(PageError::NotFound)?.clone();
    let mut conn = app.store.read().await?;
    let artisans = story::artisans_of_village(&mut conn, village.id).await?;
    drop(conn);
    let name = village.name.text(locale).to_owned();
    let title = t::story::artisans_of(locale, &name);
    let home = format!("/villages/{}", village.slug);
    let crumbs = [
        ("/villages".to_owned(), t::site::villages(locale).to_owned()),
        (home.clone(), name.clone()),
        (format!("{home}/artisans"), title.clone()),
    ];
    let steps: Vec<(String, String)> =
        crumbs[..2].iter().map(|(path, name)| (visit.link(path), name.clone())).collect();
    let mut head = Head::new(title.clone(), t::story::artisans_description(locale, &name))
        .structured(seo::graph(vec![seo::breadcrumbs(&visit, &crumbs), seo::organization(&visit)]));
    if artisans.is_empty() {
        head = head.noindex();
    }
    let inner = visit.clone();
    Ok(Page::new(head).shared().render(&visit, move || {
        let visit = &inner;
        let none = artisans
            .is_empty()
            .then(|| view! { <p class="soft">{t::story::no_artisans(locale)}</p> });
        view! {
            <div class="wrap section-tight">
                {breadcrumb(locale, steps)}
                <header class="page-head">
                    <h1>{title}</h1>
                    <p class="lead">{t::story::artisans_lead(locale)}</p>
                </header>
                {none} {cards(visit, &catalogue, &artisans, 2)}
            </div>
        }
    }))
}
