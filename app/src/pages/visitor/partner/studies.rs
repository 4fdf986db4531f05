//! Workshops that are open to studies, and the form by which researchers ask one.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::catalogue::Workshop;
use engine::partner::{ApplyTo, Study, open_to_studies, study_of};
use leptos::prelude::*;

use super::application::address;
use super::apply;
use crate::api::form::{Form, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::booking::see;
use crate::render::Page;
use crate::t::partner as t;
use crate::ui::format;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::prose::{own, own_paragraphs, own_words};

type At = Path<(String, String)>;

pub async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let all = open_to_studies(&mut app.store.read().await?).await?;
    let head = Head::new(t::studies(locale), t::studies_lead(locale));
    let inner = visit.clone();
    Ok(Page::new(head).shared().render(&visit, move || {
        let items: Vec<_> = all
            .iter()
            .filter_map(|study| {
                let shop = catalogue.workshop(study.workshop_id)?;
                let href = inner.link(&format!("/workshops/{}/study", shop.slug));
                let spoken = format::languages(locale, &study.languages);
                Some(view! {
                    <li class="entry"><div class="stack-s">
                        <h2 class="entry-title"><a class="card-link" href=href>{shop.name.clone()}</a></h2>
                        <p class="entry-text">{own(&study.themes, locale)}</p>
                        <p class="small soft">{spoken}</p>
                    </div></li>
                })
            })
            .collect();
        let none =
            items.is_empty().then(|| view! { <p class="empty">{t::studies_none(locale)}</p> });
        view! {
            <div class="wrap-narrow stack-l section-tight">
                <header class="stack-s">
                    <h1>{t::studies(locale)}</h1>
                    <p class="lead">{t::studies_lead(locale)}</p>
                </header>
                {none}
                <ul class="entry-list">{items}</ul>
                <p><a href=inner.link("/placements")>{t::placements(locale)}</a></p>
            </div>
        }
    }))
}

async fn load(app: &App, slug: &str) -> Result<(Study, Workshop), PageError> {
    let catalogue = app.catalogue().await?;
    let shop = catalogue.workshop_by_slug(slug).ok_or(PageError::NotFound)?.clone();
    let study = study_of(&mut app.store.read().await?, shop.id).await?;
    let study = study.filter(|study| study.welcome).ok_or(PageError::NotFound)?;
    Ok((study, shop))
}

pub async fn one(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let (study, shop) = load(&app, &slug).await?;
    Ok(show(&visit, study, shop, fresh_key(), (Form::default(), Problems::default())))
}

pub async fn send(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let (study, shop) = load(&app, &slug).await?;
    let key = form.key();
    match apply::send(&app, &visit, ApplyTo::Study(shop.id), &form, key.clone()).await? {
        Ok(applicant) => Ok(see(&address(&visit, &applicant))),
        Err(problems) => Ok(show(&visit, study, shop, key, (form, problems))),
    }
}

fn show(
    visit: &Visit,
    study: Study,
    shop: Workshop,
    key: String,
    (form, problems): (Form, Problems),
) -> Response {
    let locale = visit.locale;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = t::study_at(locale, &shop.name);
    let inner = visit.clone();
    let head = Head::new(title.clone(), t::studies_lead(locale));
    Page::new(head).status(status).render(visit, move || {
        let visit = &inner;
        let list = visit.link("/studies");
        let house = visit.link(&format!("/workshops/{}", shop.slug));
        let action = visit.link(&format!("/workshops/{}/study", shop.slug));
        let conditions = (!study.conditions.text(locale).is_empty()).then(|| {
            view! {
                <section class="prose" aria-labelledby="conditions">
                    <h2 id="conditions">{t::conditions(locale)}</h2>
                    {own_paragraphs(&study.conditions, locale)}
                </section>
            }
        });
        let spoken = t::spoken(locale, format::languages(locale, &study.languages));
        view! {
            <div class="solo">
                {breadcrumb(locale, vec![(list, t::studies(locale).to_owned())])}
                <div class="stack-s">
                    <p class="kicker"><a href=house>{shop.name.clone()}</a></p>
                    <h1>{title}</h1>
                    {own_words(locale, &[&study.themes])}
                </div>
                <section class="prose" aria-labelledby="themes">
                    <h2 id="themes">{t::themes(locale)}</h2>
                    {own_paragraphs(&study.themes, locale)}
                </section>
                {conditions}
                <p>{spoken}</p>
                {apply::form(visit, ApplyTo::Study(shop.id), action, key, (&form, &problems))}
            </div>
        }
    })
}
