//! The villages whose stories the office writes.

use axum::extract::State;
use axum::response::Response;
use engine::story::{Seen, Subject, chapters};
use leptos::prelude::*;

use super::frame::{Part, admitted, frame};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::story as t;
use crate::ui::layout::Head;

pub async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    admitted(&visit)?;
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let mut lines = Vec::new();
    for village in &catalogue.villages {
        let found = chapters(&mut conn, Subject::Village(village.id), Seen::ByHosts).await?;
        let shown = found.iter().filter(|chapter| chapter.published).count();
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let words = format!(
            "{} · {}",
            t::chapters_shown(locale, count(shown)),
            t::chapters_draft(locale, count(found.len() - shown))
        );
        let href = visit.link(&format!("/office/stories/{}", village.slug));
        lines.push((href, village.name.text(locale).to_owned(), words));
    }
    drop(conn);
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::office_title(locale))).render(&visit, move || {
        let items: Vec<_> = lines
            .into_iter()
            .map(|(href, name, words)| {
                view! {
                    <li class="entry">
                        <div>
                            <h2 class="entry-title"><a href=href>{name}</a></h2>
                            <p class="entry-text">{words}</p>
                        </div>
                    </li>
                }
            })
            .collect();
        let body = view! {
            <h1>{t::office_title(locale)}</h1>
            <p class="lead">{t::office_lead(locale)}</p>
            <ul class="entry-list">{items}</ul>
        };
        frame(&inner, Part::Stories, body)
    }))
}
