//! Places for students: the open ones, and one with its form.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::catalogue::Workshop;
use engine::clock::local_date;
use engine::partner::{ApplyTo, Offered, offered, open_placements};
use engine::{Locale, PlacementId};
use leptos::prelude::*;

use super::application::address;
use super::apply;
use crate::api::form::{Form, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::booking::see;
use crate::render::Page;
use crate::t::partner as t;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};
use crate::ui::partner as ui;
use crate::ui::prose::{foreign, own, own_paragraphs, own_words};
use crate::ui::seo;

type At = Path<(String, String)>;

pub async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let today = local_date(app.store.now());
    let all = open_placements(&mut app.store.read().await?, today).await?;
    let head = Head::new(t::placements(locale), t::placements_lead(locale));
    let inner = visit.clone();
    Ok(Page::new(head).render(&visit, move || {
        let items: Vec<_> = all
            .iter()
            .filter_map(|offered| {
                let shop = catalogue.workshop(offered.placement.workshop_id)?;
                Some(entry(&inner, offered, shop))
            })
            .collect();
        let none =
            items.is_empty().then(|| view! { <p class="empty">{t::placements_none(locale)}</p> });
        view! {
            <div class="wrap-narrow stack-l section-tight">
                <header class="stack-s">
                    <h1>{t::placements(locale)}</h1>
                    <p class="lead">{t::placements_lead(locale)}</p>
                </header>
                {none}
                <ul class="entry-list">{items}</ul>
                <p>
                    <a href=inner.link("/studies")>{t::studies(locale)}</a> " · "
                    <a href=inner.link("/designs")>{t::designs(locale)}</a>
                </p>
            </div>
        }
    }))
}

fn entry(visit: &Visit, offered: &Offered, shop: &Workshop) -> impl IntoView + use<> {
    let locale = visit.locale;
    let it = &offered.placement;
    let href = visit.link(&format!("/placements/{}", it.id));
    let about = [
        shop.name.clone(),
        ui::days(locale, (it.first_date, it.last_date)),
        t::places_left(locale, offered.left()),
    ];
    view! {
        <li class="entry"><div>
            <h2 class="entry-title"><a class="card-link" href=href>{own(&it.title, locale)}</a></h2>
            <p class="entry-text">{about.join(" · ")}</p>
        </div></li>
    }
}

/// A placement that can be seen: open ones, and those that were when somebody came back to the page.
async fn load(app: &App, id: &str) -> Result<(Offered, Workshop), PageError> {
    let id: PlacementId = id.parse().map_err(|_| PageError::NotFound)?;
    let catalogue = app.catalogue().await?;
    let found = offered(&mut app.store.read().await?, id).await?.ok_or(PageError::NotFound)?;
    let shop = catalogue.workshop(found.placement.workshop_id).ok_or(PageError::NotFound)?.clone();
    Ok((found, shop))
}

pub async fn one(
    State(app): State<App>,
    visit: Visit,
    Path((_, id)): At,
) -> Result<Response, PageError> {
    let (found, shop) = load(&app, &id).await?;
    Ok(show(&app, &visit, found, shop, fresh_key(), (Form::default(), Problems::default())))
}

pub async fn send(
    State(app): State<App>,
    visit: Visit,
    Path((_, id)): At,
    form: Form,
) -> Result<Response, PageError> {
    let (found, shop) = load(&app, &id).await?;
    let to = ApplyTo::Placement(found.placement.id);
    let key = form.key();
    match apply::send(&app, &visit, to, &form, key.clone()).await? {
        Ok(applicant) => Ok(see(&address(&visit, &applicant))),
        Err(problems) => Ok(show(&app, &visit, found, shop, key, (form, problems))),
    }
}

fn show(
    app: &App,
    visit: &Visit,
    found: Offered,
    shop: Workshop,
    key: String,
    (form, problems): (Form, Problems),
) -> Response {
    let locale = visit.locale;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let takes = found.takes(local_date(app.store.now()));
    let it = found.placement;
    let title = it.title.text(locale).to_owned();
    let mut head = Head::new(title.clone(), seo::description(it.about.text(locale)));
    if !takes {
        head = head.noindex();
    }
    let inner = visit.clone();
    let left = t::places_left(locale, (i64::from(it.places) - found.accepted).max(0));
    Page::new(head).status(status).render(visit, move || {
        let visit = &inner;
        let list = visit.link("/placements");
        let house = visit.link(&format!("/workshops/{}", shop.slug));
        let action = visit.link(&format!("/placements/{}", it.id));
        let typed = (&form, &problems);
        let to = ApplyTo::Placement(it.id);
        // Who has the form before them keeps what they wrote, even where it is too late.
        let apply = if takes || !problems.is_empty() {
            apply::form(visit, to, action, key, typed).into_any()
        } else {
            view! { <Notice tone=Tone::Info title=t::closed_now(locale)/> }.into_any()
        };
        view! {
            <div class="solo">
                {breadcrumb(locale, vec![(list, t::placements(locale).to_owned())])}
                <div class="stack-s">
                    <p class="kicker"><a href=house>{shop.name.clone()}</a></p>
                    <h1 lang=foreign(&it.title, locale)>{title}</h1>
                    {own_words(locale, &[&it.about])}
                </div>
                <div class="prose">{own_paragraphs(&it.about, locale)}</div>
                {facts(locale, &it, left)}
                {apply}
            </div>
        }
    })
}

fn facts(locale: Locale, it: &engine::partner::Placement, left: String) -> impl IntoView + use<> {
    let asked = (!it.asked.text(locale).is_empty()).then(|| {
        view! { <div><dt>{t::asked(locale)}</dt><dd class="said">{own(&it.asked, locale)}</dd></div> }
    });
    let allowance = (!it.allowance.text(locale).is_empty()).then(|| {
        view! { <div><dt>{t::allowance(locale)}</dt><dd>{own(&it.allowance, locale)}</dd></div> }
    });
    view! {
        <dl class="pairs">
            <div><dt>{t::when(locale)}</dt><dd>{ui::days(locale, (it.first_date, it.last_date))}</dd></div>
            <div><dt>{t::places(locale)}</dt><dd>{left}</dd></div>
            {asked}
            {allowance}
        </dl>
    }
}
