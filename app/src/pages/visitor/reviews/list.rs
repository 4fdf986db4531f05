//! All reviews of a tour or of a workshop: filters and pages by the address alone.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::Locale;
use engine::review::{self, Filter, Language, PAGE, Scope};
use leptos::prelude::*;

use super::{rows, rules};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::review as t;
use crate::ui::field::Select;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::review as ui;

type At = Path<(String, String)>;

pub async fn of_tour(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let catalogue = app.catalogue().await?;
    let tour = catalogue.tour_by_slug(&slug).filter(|tour| tour.published);
    let tour = tour.ok_or(PageError::NotFound)?;
    let workshop = catalogue.workshop(tour.workshop_id).ok_or(PageError::NotFound)?;
    let place = Place {
        scope: Scope::Tour(tour.id),
        name: tour.title.text(visit.locale).to_owned(),
        workshop: workshop.name.clone(),
        path: format!("/tours/{}", tour.slug),
    };
    answer(&app, &visit, place).await
}

pub async fn of_workshop(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let catalogue = app.catalogue().await?;
    let workshop = catalogue.workshop_by_slug(&slug).ok_or(PageError::NotFound)?;
    let place = Place {
        scope: Scope::Workshop(workshop.id),
        name: workshop.name.clone(),
        workshop: workshop.name.clone(),
        path: format!("/workshops/{}", workshop.slug),
    };
    answer(&app, &visit, place).await
}

/// Whose reviews they are.
struct Place {
    scope: Scope,
    name: String,
    workshop: String,
    path: String,
}

/// What the address asks for; what it says wrongly is as if it were not there.
fn asked(query: &Form) -> (Filter, i64) {
    let stars = query.text("stars").parse().ok().filter(|stars| (1..=5).contains(stars));
    let page = query.text("page").parse().ok().filter(|page| (1..=10_000).contains(page));
    (Filter { stars, language: Language::parse(query.text("language")) }, page.unwrap_or(1))
}

async fn answer(app: &App, visit: &Visit, place: Place) -> Result<Response, PageError> {
    let locale = visit.locale;
    let query = Form::of_query(&visit.query);
    let (filter, page) = asked(&query);
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let rating = review::rating(&mut conn, place.scope).await?;
    let languages = review::languages(&mut conn, place.scope).await?;
    let listed = review::shown(&mut conn, place.scope, filter, ((page - 1) * PAGE, PAGE)).await?;
    drop(conn);
    let title = t::of(locale, &place.name);
    let mut head = Head::new(title.clone(), t::description(locale, &place.name));
    if !visit.query.is_empty() {
        head = head.noindex();
    }
    let rows = rows(visit, &catalogue, place.scope, &place.workshop, &listed.reviews);
    let here = visit.clone();
    Ok(Page::new(head).shared().render(visit, move || {
        let visit = &here;
        let list = if rows.is_empty() {
            let words =
                if rating.count() == 0 { t::none(locale) } else { t::nothing_found(locale) };
            view! { <p class="empty">{words}</p> }.into_any()
        } else {
            view! { <ul class="said-list">{rows}</ul> }.into_any()
        };
        let summary = (rating.count() > 0).then(|| ui::summary(locale, &rating));
        let filters = (rating.count() > 1).then(|| {
            filters(locale, &visit.link(&format!("{}/reviews", place.path)), filter, &languages)
        });
        let back = vec![(visit.link(&place.path), place.name.clone())];
        view! {
            <div class="wrap-narrow stack-l section-tight">
                {breadcrumb(locale, back)}
                <h1>{title.clone()}</h1>
                {summary}
                {filters}
                <section class="stack" aria-labelledby="found">
                    <h2 id="found" class="said-found">{t::found(locale, listed.found)}</h2>
                    {list}
                    {pager(visit, &place.path, filter, page, listed.found)}
                </section>
                {rules(visit, locale)}
            </div>
        }
    }))
}

fn filters(
    locale: Locale,
    action: &str,
    filter: Filter,
    languages: &[(Language, i64)],
) -> impl IntoView + use<> {
    let any = || (String::new(), t::any(locale).to_owned());
    let mut stars = vec![any()];
    stars.extend((1..=5).rev().map(|n: i64| (n.to_string(), t::stars(locale, n))));
    let mut written = vec![any()];
    written.extend(languages.iter().map(|(language, count)| {
        (language.word().to_owned(), format!("{} ({count})", language.native_name()))
    }));
    let chosen_stars = filter.stars.map(|stars| stars.to_string()).unwrap_or_default();
    let chosen = filter.language.map(|language| language.word().to_owned()).unwrap_or_default();
    view! {
        <form class="panel stack" method="get" action=action.to_owned() aria-label=t::filter(locale)>
            <div class="field-row">
                <Select locale name="stars" label=t::filter_stars(locale) options=stars
                    value=chosen_stars optional=true/>
                <Select locale name="language" label=t::filter_language(locale) options=written
                    value=chosen optional=true/>
            </div>
            <div><button class="btn btn-primary">{t::apply(locale)}</button></div>
        </form>
    }
}

/// The ways to the newer and older ones.
fn pager(
    visit: &Visit,
    path: &str,
    filter: Filter,
    page: i64,
    found: i64,
) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let pages = (found + PAGE - 1) / PAGE;
    if pages <= 1 {
        return None;
    }
    let base = visit.link(&format!("{path}/reviews"));
    let address = |page: i64| {
        let mut fields = vec![("page", page.to_string())];
        fields.extend(filter.stars.map(|stars| ("stars", stars.to_string())));
        fields.extend(filter.language.map(|language| ("language", language.word().to_owned())));
        format!("{base}?{}", serde_html_form::to_string(fields).unwrap_or_default())
    };
    let newer = (page > 1)
        .then(|| view! { <a class="btn" rel="prev" href=address(page - 1)>{t::newer(locale)}</a> });
    let older = (page < pages)
        .then(|| view! { <a class="btn" rel="next" href=address(page + 1)>{t::older(locale)}</a> });
    Some(view! {
        <nav class="actions" aria-label=t::pages(locale)>
            {newer}
            <span class="small soft">{t::page_of(locale, page, pages)}</span>
            {older}
        </nav>
    })
}
