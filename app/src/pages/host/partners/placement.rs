//! One placement: offered, changed, opened and closed; who applied for it.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::catalogue::Workshop;
use engine::clock::local_date;
use engine::partner::{
    self, Applicant, Offered, OpenPlacement, Placement, PlacementData, PlacementInput,
    SavePlacement, applicants_of_placement, offered,
};
use engine::{Locale, PlacementId};
use leptos::prelude::*;

use super::{At, AtOne, refused, saved, trouble};
use crate::api::form::{Form, KEY, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::{Look, in_both, pairs, texts};
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::render::Page;
use crate::t::{host, partner as t};
use crate::ui::field::{ErrorSummary, FormKey, Hidden, TextField};
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::partner as ui;

fn read(form: &Form) -> PlacementInput {
    let text = |name: &str| form.text(name).to_owned();
    PlacementInput {
        title: texts(form, "title"),
        about: texts(form, "about"),
        asked: texts(form, "asked"),
        allowance: texts(form, "allowance"),
        first: text("first"),
        last: text("last"),
        places: text("places"),
    }
}

fn filled(it: &Placement) -> Form {
    let input = PlacementInput::of(it);
    let mut fields: Vec<(String, String)> = Vec::new();
    fields.extend(pairs("title", &input.title));
    fields.extend(pairs("about", &input.about));
    fields.extend(pairs("asked", &input.asked));
    fields.extend(pairs("allowance", &input.allowance));
    for (name, value) in [
        ("first", input.first),
        ("last", input.last),
        ("places", input.places),
        ("version", it.version.to_string()),
    ] {
        fields.push((name.to_owned(), value));
    }
    Form::of_pairs(fields)
}

/// What the page is about.
struct Shown {
    shop: Workshop,
    /// None for a new one.
    offered: Option<Offered>,
    applicants: Vec<Applicant>,
}

impl Shown {
    async fn blank(app: &App, visit: &Visit, slug: &str) -> Result<Shown, PageError> {
        let desk = Desk::open_as_owner(app, visit, slug).await?;
        let shop = desk.workshop()?.clone();
        Ok(Shown { shop, offered: None, applicants: Vec::new() })
    }

    async fn of(app: &App, visit: &Visit, slug: &str, id: &str) -> Result<Shown, PageError> {
        let shown = Shown::blank(app, visit, slug).await?;
        let id: PlacementId = id.parse().map_err(|_| PageError::NotFound)?;
        let mut conn = app.store.read().await?;
        let found = offered(&mut conn, id).await?;
        let found = found.filter(|it| it.placement.workshop_id == shown.shop.id);
        let found = found.ok_or(PageError::NotFound)?;
        let of = (shown.shop.id, id);
        let applicants = applicants_of_placement(&mut conn, &visit.actor, of).await;
        let applicants = applicants.map_err(refused)?;
        Ok(Shown { offered: Some(found), applicants, ..shown })
    }
}

pub async fn new(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let shown = Shown::blank(&app, &visit, &slug).await?;
    let begin = [("places", "1".to_owned()), (KEY, fresh_key())];
    let form = Form::of_pairs(begin.map(|(name, value)| (name.to_owned(), value)).to_vec());
    Ok(answer(&visit, shown, form, Problems::default()))
}

pub async fn create(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let shown = Shown::blank(&app, &visit, &slug).await?;
    keep(&app, &visit, shown, form).await
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtOne,
) -> Result<Response, PageError> {
    let shown = Shown::of(&app, &visit, &slug, &id).await?;
    let form = shown.offered.as_ref().map(|it| filled(&it.placement)).unwrap_or_default();
    Ok(answer(&visit, shown, form, Problems::default()))
}

/// The forms of the page: `act` says which.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtOne,
    form: Form,
) -> Result<Response, PageError> {
    let shown = Shown::of(&app, &visit, &slug, &id).await?;
    let placement = shown.offered.as_ref().ok_or(PageError::NotFound)?.placement.id;
    match form.text("act") {
        word @ ("open" | "close") => {
            let actor = visit.actor.clone();
            let command = OpenPlacement { actor, placement, open: word == "open" };
            app.store
                .write("open placement", command, |tx, c| Box::pin(partner::open_placement(tx, c)))
                .await
                .map_err(refused)?;
            let page = at(&visit, &shown.shop, &format!("/placements/{placement}?done=saved"));
            Ok(see(&page))
        }
        _ => keep(&app, &visit, shown, form).await,
    }
}

async fn keep(app: &App, visit: &Visit, shown: Shown, form: Form) -> Result<Response, PageError> {
    let locale = visit.locale;
    let data = match PlacementData::parse(&read(&form), local_date(app.store.now())) {
        Ok(data) => data,
        Err(wrongs) => {
            let problems = ui::problems(locale, wrongs);
            return Ok(answer(visit, shown, form, problems));
        }
    };
    let version = form.text("version").parse().unwrap_or(0);
    let command = SavePlacement {
        actor: visit.actor.clone(),
        workshop: shown.shop.id,
        placement: shown.offered.as_ref().map(|it| (it.placement.id, version)),
        form_key: form.key(),
        data,
    };
    let saved = app
        .store
        .write("save placement", command, |tx, c| Box::pin(partner::save_placement(tx, c)))
        .await;
    match saved {
        Ok(id) => Ok(see(&at(visit, &shown.shop, &format!("/placements/{id}?done=saved")))),
        Err(error) => {
            let problems = trouble(locale, "title_vi", error)?;
            Ok(answer(visit, shown, form, problems))
        }
    }
}

fn answer(visit: &Visit, shown: Shown, form: Form, problems: Problems) -> Response {
    let locale = visit.locale;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = shown.offered.as_ref().map_or_else(
        || t::placement_add(locale).to_owned(),
        |it| it.placement.title.text(locale).to_owned(),
    );
    let inner = visit.clone();
    Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let visit = &inner;
        let shop = &shown.shop;
        let back = at(visit, shop, "/placements");
        let action = match &shown.offered {
            Some(it) => format!("{back}/{}", it.placement.id),
            None => format!("{back}/new"),
        };
        let asked = shown.offered.as_ref().map(|it| {
            let public = visit.link(&format!("/placements/{}", it.placement.id));
            view! {
                {applicants(visit, shop, &shown.applicants)}
                {gate(locale, &action, it)}
                <p><a href=public>{t::public_page(locale)}</a></p>
            }
        });
        let news = problems.is_empty().then(|| saved(visit));
        let body = view! {
            {breadcrumb(locale, vec![(back, t::placements_short(locale).to_owned())])}
            <h1>{title}</h1>
            {news}
            <ErrorSummary locale problems=problems.clone()/>
            {asked}
            {editor(locale, action.clone(), &form, &problems)}
        };
        frame(visit, Some(shop), Tab::More, body)
    })
}

/// Who applied, those who wait first.
fn applicants(visit: &Visit, shop: &Workshop, all: &[Applicant]) -> impl IntoView + use<> {
    let locale = visit.locale;
    let items = rows(visit, shop, all);
    let none = all.is_empty().then(|| view! { <p class="empty">{t::applicants_none(locale)}</p> });
    view! {
        <section class="stack" aria-labelledby="applicants">
            <h2 id="applicants">{t::applicants(locale)}</h2>
            {none}
            <ul class="entry-list">{items}</ul>
        </section>
    }
}

/// One line for each applicant.
pub fn rows(visit: &Visit, shop: &Workshop, all: &[Applicant]) -> Vec<AnyView> {
    let locale = visit.locale;
    all.iter()
        .map(|it| {
            let href = at(visit, shop, &format!("/applications/{}", it.id));
            let about = [it.organisation.clone(), it.topic.clone()];
            let about: Vec<String> = about.into_iter().filter(|text| !text.is_empty()).collect();
            view! {
                <li class="entry"><div>
                    <h3 class="entry-title">
                        <a class="card-link" href=href>{it.name.clone()}</a> " "
                        {ui::state_badge(locale, it)}
                    </h3>
                    <p class="entry-text">{about.join(" · ")}</p>
                </div></li>
            }
            .into_any()
        })
        .collect()
}

fn gate(locale: Locale, action: &str, it: &Offered) -> impl IntoView + use<> {
    let (act, words) = if it.placement.open {
        ("close", t::stop_taking(locale))
    } else {
        ("open", t::start_taking(locale))
    };
    view! {
        <form method="post" action=action.to_owned()>
            <Hidden name="act" value=act/>
            <button class="btn btn-small">{words}</button>
        </form>
    }
}

fn editor(
    locale: Locale,
    action: String,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let value = |name: &str| form.text(name).to_owned();
    let error = |name: &str| problems.of(name);
    let needed = |rows| Look { rows, optional: false, hint: "" };
    let free = |rows| Look { rows, optional: true, hint: "" };
    view! {
        <form class="form panel" method="post" action=action novalidate>
            <FormKey key=form.key()/>
            <Hidden name="act" value="save"/>
            <Hidden name="version" value=value("version")/>
            {in_both(locale, "title", t::title(locale), &texts(form, "title"), problems, needed(0))}
            {in_both(locale, "about", t::about_placement(locale), &texts(form, "about"), problems, needed(4))}
            <div class="field-row">
                <TextField locale name="first" label=t::first(locale) kind="date"
                    value=value("first") error=error("first")/>
                <TextField locale name="last" label=t::last(locale) kind="date"
                    value=value("last") error=error("last")/>
                <TextField locale name="places" label=t::how_many(locale) kind="number" inputmode="numeric"
                    min="1" max="99" short=true value=value("places") error=error("places")/>
            </div>
            {in_both(locale, "asked", t::asked(locale), &texts(form, "asked"), problems, free(3))}
            {in_both(locale, "allowance", t::allowance(locale), &texts(form, "allowance"), problems, free(0))}
            <div class="actions"><button class="btn btn-primary">{host::save(locale)}</button></div>
        </form>
    }
}
