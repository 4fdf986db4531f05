//! The confirmation of the hours that a student did, to print and to sign.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::clock::local_date;
use engine::partner::whole;
use leptos::prelude::*;

use super::AtOne;
use super::applicant::Shown;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Tab, at, frame};
use crate::render::Page;
use crate::t::partner as t;
use crate::ui::format;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::partner as ui;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtOne,
) -> Result<Response, PageError> {
    let shown = Shown::load(&app, &visit, &slug, &id).await?;
    let (Some(first), Some(last)) = (shown.days.first().copied(), shown.days.last().copied())
    else {
        return Err(PageError::NotFound);
    };
    let locale = visit.locale;
    let today = local_date(app.store.now());
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::paper_title(locale))).render(&visit, move || {
        let visit = &inner;
        let shop = &shown.shop;
        let back = at(visit, shop, &format!("/applications/{}", shown.it.id));
        let count = i64::try_from(shown.days.len()).unwrap_or(i64::MAX);
        let paper_date = |date| format::date_of_paper(locale, date);
        let span = t::from_to(locale, paper_date(first.on_date), paper_date(last.on_date));
        let facts = [
            (t::paper_student(locale), shown.it.name.clone()),
            (t::paper_school(locale), shown.it.organisation.clone()),
            (t::placement(locale), shown.what(locale)),
            (t::when(locale), span),
            (t::paper_days(locale), t::days_count(locale, count)),
            (t::total(locale), ui::hours(locale, whole(&shown.days))),
        ]
        .into_iter()
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
        .collect_view();
        let body = view! {
            {breadcrumb(locale, vec![(back, shown.it.name.clone())])}
            <p class="no-print soft">{t::paper_hint(locale)}</p>
            <article class="hours-paper">
                <p>{shop.name.clone()} <br/> {shop.address.text(locale).to_owned()}</p>
                <h1>{t::paper_title(locale)}</h1>
                <p>{t::paper_says(locale, &shop.legal_name)}</p>
                <dl class="pairs">{facts}</dl>
                <div class="hours-sign">
                    <p>{paper_date(today)}</p>
                    <p>{t::paper_sign(locale)}</p>
                </div>
            </article>
        };
        frame(visit, Some(shop), Tab::More, body)
    }))
}
