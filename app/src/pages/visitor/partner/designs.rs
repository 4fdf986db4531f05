//! All designs with their licences, and their pictures.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::PhotoId;
use engine::partner::{picture_file, public_designs};
use leptos::prelude::*;

use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::photo::{FOREVER, jpeg};
use crate::render::Page;
use crate::t::partner as t;
use crate::ui::layout::Head;
use crate::ui::partner as ui;
use crate::ui::prose::own_words;

pub async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    let locale = visit.locale;
    let all = public_designs(&mut app.store.read().await?).await?;
    let head = Head::new(t::designs(locale), t::designs_lead(locale));
    Ok(Page::new(head).shared().render(&visit, move || {
        let none = all.is_empty().then(|| view! { <p class="empty">{t::designs_none(locale)}</p> });
        let words = all.first().map(|design| own_words(locale, &[&design.title]));
        let items: Vec<_> = all.iter().map(|design| ui::design(locale, design)).collect();
        view! {
            <div class="wrap">
                <header class="page-head">
                    <h1>{t::designs(locale)}</h1>
                    <p class="lead">{t::designs_lead(locale)}</p>
                    {words}
                </header>
                <h2 class="visually-hidden">{t::designs_list(locale)}</h2>
                {none}
                <ul class="designs">{items}</ul>
                <div class="section-tight"></div>
            </div>
        }
    }))
}

pub async fn file(
    State(app): State<App>,
    Path((id, width)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let id: PhotoId = id.parse().map_err(|_| PageError::NotFound)?;
    let width: i32 = width.parse().map_err(|_| PageError::NotFound)?;
    let found = picture_file(&mut app.store.read().await?, id, width).await?;
    jpeg(found, FOREVER)
}
