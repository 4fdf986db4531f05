//! A tour in words: made new, or changed.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::catalogue::edit::{CreateTour, Intro, IntroInput, SaveIntro, create_tour, save_intro};
use engine::catalogue::{Tour, Workshop};
use engine::{Locale, Localized};
use leptos::prelude::*;

use super::head::{Section, head, to};
use super::{open, preview};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::{
    Look, enter_saves, in_both, language_boxes, of_edit, pairs, position, problems, texts,
};
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::render::Page;
use crate::t::edit as t;
use crate::ui::field::{ErrorSummary, TextField};
use crate::ui::icon::icon;
use crate::ui::layout::Head;

type AtTour = Path<(String, String, String)>;

/// The empty form; what a tour has from its workshop is filled in.
pub async fn new(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): super::At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let shop = desk.workshop()?;
    let mut fields = vec![("position".to_owned(), position(shop.lat, shop.lon))];
    fields.extend(pairs("meeting_point", &shop.address));
    fields.extend(shop.languages.0.iter().map(|word| ("languages".to_owned(), word.to_string())));
    answer(&visit, &desk, None, &Form::of_pairs(fields), Problems::default())
}

pub async fn create(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): super::At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let intro = match Intro::parse(&input(&form)) {
        Ok(intro) => intro,
        Err(wrongs) => {
            return answer(&visit, &desk, None, &form, problems(visit.locale, wrongs));
        }
    };
    let command = CreateTour { actor: visit.actor.clone(), workshop: desk.id(), intro };
    let made = app.store.write("create tour", command, |tx, c| Box::pin(create_tour(tx, c))).await;
    match made {
        Ok((_, tour)) => {
            Ok(see(&at(&visit, desk.workshop()?, &format!("/tours/{tour}/prices?created=1"))))
        }
        Err(error) => answer(&visit, &desk, None, &form, of_edit(visit.locale, error)?),
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, tour)): AtTour,
) -> Result<Response, PageError> {
    let (desk, tour) = open(&app, &visit, &slug, &tour).await?;
    let form = as_form(&tour);
    answer(&visit, &desk, Some(&tour), &form, Problems::default())
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, tour)): AtTour,
    form: Form,
) -> Result<Response, PageError> {
    let (desk, tour) = open(&app, &visit, &slug, &tour).await?;
    let intro = match Intro::parse(&input(&form)) {
        Ok(intro) => intro,
        Err(wrongs) => {
            return answer(&visit, &desk, Some(&tour), &form, problems(visit.locale, wrongs));
        }
    };
    if let Some(locale) = preview::asked(&form) {
        let mut shown = tour;
        intro.shown_on(&mut shown);
        return preview::page(&app, &visit, &desk, shown, locale).await;
    }
    let command = SaveIntro { actor: visit.actor.clone(), tour: tour.id, intro };
    let saved = app.store.write("save intro", command, |tx, c| Box::pin(save_intro(tx, c))).await;
    match saved {
        Ok(()) => {
            let back = to(&visit, desk.workshop()?, &tour, Section::Intro);
            Ok(see(&format!("{back}?saved=1")))
        }
        Err(error) => answer(&visit, &desk, Some(&tour), &form, of_edit(visit.locale, error)?),
    }
}

fn as_form(tour: &Tour) -> Form {
    let lines = |list: &Localized<Vec<String>>| Localized {
        vi: list.vi.join("\n"),
        en: list.en.join("\n"),
    };
    let mut fields = vec![("position".to_owned(), position(tour.meeting_lat, tour.meeting_lon))];
    fields.extend(pairs("title", &tour.title));
    fields.extend(pairs("summary", &tour.summary));
    fields.extend(pairs("description", &tour.description));
    fields.extend(pairs("included", &lines(&tour.included)));
    fields.extend(pairs("bring", &lines(&tour.bring)));
    fields.extend(pairs("take_home", &tour.take_home));
    fields.extend(pairs("meeting_point", &tour.meeting_point));
    fields.extend(tour.languages.0.iter().map(|word| ("languages".to_owned(), word.to_string())));
    Form::of_pairs(fields)
}

fn input(form: &Form) -> IntroInput {
    IntroInput {
        title: texts(form, "title"),
        summary: texts(form, "summary"),
        description: texts(form, "description"),
        included: texts(form, "included"),
        bring: texts(form, "bring"),
        take_home: texts(form, "take_home"),
        meeting_point: texts(form, "meeting_point"),
        position: form.text("position").to_owned(),
        languages: form.all("languages").map(str::to_owned).collect(),
    }
}

fn answer(
    visit: &Visit,
    desk: &Desk,
    tour: Option<&Tour>,
    form: &Form,
    problems: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let unopened = desk.unopened;
    let shop = desk.workshop()?.clone();
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = tour
        .map_or_else(|| t::new_tour(locale).to_owned(), |tour| tour.title.text(locale).to_owned());
    let (tour, form, inner) = (tour.cloned(), form.clone(), visit.clone());
    Ok(Page::new(Head::host(title)).status(status).render(visit, move || {
        let above = match &tour {
            Some(tour) => head(&inner, &shop, tour, Section::Intro, unopened).into_any(),
            None => view! {
                <header class="host-head"><h1>{t::new_tour(locale)}</h1></header>
                <p>{t::new_tour_text(locale)}</p>
            }
            .into_any(),
        };
        let action = tour.as_ref().map_or_else(
            || at(&inner, &shop, "/tours/new"),
            |tour| to(&inner, &shop, tour, Section::Intro),
        );
        let body = view! {
            {above}
            <ErrorSummary locale problems=problems.clone()/>
            <form class="form" method="post" action=action novalidate>
                {enter_saves(locale)}
                {fields(locale, &form, &problems)}
                {save_bar(&inner, &shop, tour.is_some())}
            </form>
        };
        frame(&inner, Some(&shop), Tab::Tours, body)
    }))
}

/// The way back, the previews of a tour that is there, and the button that saves.
pub(super) fn save_bar(visit: &Visit, shop: &Workshop, previews: bool) -> impl IntoView + use<> {
    let locale = visit.locale;
    let preview = |language: Locale| {
        let value = format!("preview-{language}");
        view! {
            <button class="btn btn-small" name="do" value=value formtarget="_blank">
                {icon("eye")}{language.native_name()}
            </button>
        }
    };
    let previews = previews.then(|| {
        view! {
            <div class="cluster">
                <span class="soft">{t::preview(locale)}</span>
                {Locale::WRITTEN.map(preview).collect_view()}
            </div>
        }
    });
    view! {
        {previews}
        <div class="save-bar">
            <a class="btn btn-quiet" href=at(visit, shop, "/tours")>{t::leave(locale)}</a>
            <button class="btn btn-primary" type="submit">{t::save(locale)}</button>
        </div>
    }
}

fn fields(locale: Locale, form: &Form, problems: &Problems) -> impl IntoView + use<> {
    let both = |key: &str, label: &str, look: Look| {
        in_both(locale, key, label, &texts(form, key), problems, look)
    };
    let list = |hint| Look { rows: 4, optional: true, hint };
    let spoken: Vec<String> = form.all("languages").map(str::to_owned).collect();
    view! {
        <section class="panel stack" aria-labelledby="words">
            <h2 class="panel-title" id="words">{t::words(locale)}</h2>
            {both("title", t::title(locale), Look::default())}
            {both("summary", t::in_short(locale), Look { rows: 2, hint: t::in_short_hint(locale), ..Look::default() })}
            {both("description", t::description(locale), Look {
                rows: 8, hint: t::paragraphs_hint(locale), ..Look::default()
            })}
            {both("included", t::included(locale), list(t::line_each(locale)))}
            {both("bring", t::bring(locale), list(t::line_each(locale)))}
            {both("take_home", t::take_home(locale), Look { rows: 3, optional: true, hint: "" })}
            {language_boxes(locale, &spoken, problems)}
        </section>
        <section class="panel stack" aria-labelledby="meet">
            <h2 class="panel-title" id="meet">{t::meeting_point(locale)}</h2>
            {both("meeting_point", t::meeting_place(locale), Look { rows: 2, ..Look::default() })}
            <TextField locale name="position" label=t::position(locale) hint=t::position_hint(locale)
                value=form.text("position").to_owned() error=problems.of("position")/>
        </section>
    }
}
