//! Writing about a person of the workshop, with a preview.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::Datelike;
use engine::catalogue::Workshop;
use engine::clock::local_date;
use engine::story::{Artisan, ArtisanData, ArtisanInput, SaveArtisan, StoryError, save_artisan};
use leptos::prelude::*;

use super::{At, AtArtisan, portrait, state};
use crate::Locale;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::{Look, enter_saves, in_both, pairs, problems, texts};
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::pages::host::story::editor::previews;
use crate::pages::host::story::of_story;
use crate::pages::host::story::seat::own_artisan;
use crate::pages::visitor::artisan::{Unsaved, show};
use crate::render::Page;
use crate::t::edit as te;
use crate::t::story as t;
use crate::ui::field::{Checkbox, ErrorSummary, Hidden, TextField};
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};
use crate::ui::story::artisan::path;

pub async fn new(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    Ok(answer(&visit, desk.workshop()?, None, &Form::default(), Problems::default()))
}

pub async fn create(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    save_form(&app, &visit, &desk, None, &form).await
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtArtisan,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let person = own_artisan(&app, desk.workshop()?, &id).await?;
    let form = form_of(&ArtisanInput::of(&person));
    Ok(answer(&visit, desk.workshop()?, Some(person), &form, Problems::default()))
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtArtisan,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let person = own_artisan(&app, desk.workshop()?, &id).await?;
    save_form(&app, &visit, &desk, Some(person), &form).await
}

async fn save_form(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    person: Option<Artisan>,
    form: &Form,
) -> Result<Response, PageError> {
    let shop = desk.workshop()?;
    let data = match ArtisanData::parse(&input(form), local_date(app.store.now()).year()) {
        Ok(data) => data,
        Err(wrongs) => {
            return Ok(answer(visit, shop, person, form, problems(visit.locale, wrongs)));
        }
    };
    let asked = form.text("do").strip_prefix("preview-").and_then(Locale::parse);
    if let (Some(locale), Some(person)) = (asked, &person) {
        let mut shown = person.clone();
        data.shown_on(&mut shown);
        let visit = Visit { locale, path: path(&shown), query: String::new(), ..visit.clone() };
        return Box::pin(show(app, &visit, &desk.catalogue, shown, Unsaved::Person)).await;
    }
    let command = SaveArtisan {
        actor: visit.actor.clone(),
        id: person.as_ref().map(|person| person.id),
        workshop: desk.id(),
        data,
    };
    let saved =
        app.store.write("save artisan", command, |tx, c| Box::pin(save_artisan(tx, c))).await;
    match saved {
        Ok(id) => Ok(see(&format!("{}?done=saved", at(visit, shop, &format!("/artisans/{id}"))))),
        Err(StoryError::TooMany) => {
            let mut wrong = Problems::default();
            wrong.add("name", t::too_many_people(visit.locale));
            Ok(answer(visit, shop, person, form, wrong))
        }
        Err(error) => Err(of_story(error)),
    }
}

fn input(form: &Form) -> ArtisanInput {
    let text = |name: &str| form.text(name).to_owned();
    ArtisanInput {
        name: text("name"),
        title: texts(form, "title"),
        born: text("born"),
        since: text("since"),
        learned_from: texts(form, "learned_from"),
        words: texts(form, "words"),
        quote: texts(form, "quote"),
        consent: form.has("consent"),
    }
}

pub(super) fn form_of(input: &ArtisanInput) -> Form {
    let mut fields: Vec<(String, String)> =
        [("name", &input.name), ("born", &input.born), ("since", &input.since)]
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .into();
    fields.extend(pairs("title", &input.title));
    fields.extend(pairs("learned_from", &input.learned_from));
    fields.extend(pairs("words", &input.words));
    fields.extend(pairs("quote", &input.quote));
    if input.consent {
        fields.push(("consent".into(), "on".into()));
    }
    Form::of_pairs(fields)
}

pub(super) fn answer(
    visit: &Visit,
    shop: &Workshop,
    person: Option<Artisan>,
    form: &Form,
    problems: Problems,
) -> Response {
    let locale = visit.locale;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = person
        .as_ref()
        .map_or_else(|| t::add_person(locale).to_owned(), |person| person.name.clone());
    let (inner, shop, form) = (visit.clone(), shop.clone(), form.clone());
    let done = Form::of_query(&visit.query).text("done").to_owned();
    Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let visit = &inner;
        let base = at(visit, &shop, "/artisans");
        let action = person
            .as_ref()
            .map_or_else(|| format!("{base}/new"), |person| format!("{base}/{}", person.id));
        let news = match done.as_str() {
            "saved" => Some((Tone::Good, t::done_saved(locale))),
            "publish" => Some((Tone::Good, t::done_shown(locale))),
            "withdraw" => Some((Tone::Good, t::done_hidden(locale))),
            "consent" => Some((Tone::Bad, t::consent_missing(locale))),
            "portrait" => Some((Tone::Good, t::done_portrait(locale))),
            _ => None,
        };
        let news = news.map(|(tone, title)| view! { <Notice tone title/> });
        let above = person.as_ref().map(|person| head(visit, &base, person));
        let below = person.as_ref().map(|person| {
            view! { {portrait::section(locale, &base, person)} {remove(locale, &base, person)} }
        });
        let body = view! {
            {breadcrumb(locale, vec![(base.clone(), t::artisans(locale).to_owned())])}
            <h1>{title}</h1>
            {news} {above}
            <ErrorSummary locale problems=problems.clone()/>
            <form class="form" method="post" action=action novalidate>
                {enter_saves(locale)}
                {fields(locale, &form, &problems)}
                {person.is_some().then(|| previews(locale))}
                <div class="save-bar">
                    <a class="btn btn-quiet" href=base.clone()>{te::leave(locale)}</a>
                    <button class="btn btn-primary" type="submit">{te::save(locale)}</button>
                </div>
            </form>
            {below}
        };
        frame(visit, Some(&shop), Tab::More, body)
    })
}

/// Whether guests see them, the button that changes that, and the ways on.
fn head(visit: &Visit, base: &str, person: &Artisan) -> impl IntoView + use<> {
    let locale = visit.locale;
    let (act, words, class) = if person.published {
        ("withdraw", t::hide(locale), "btn btn-small")
    } else {
        ("publish", t::show(locale), "btn btn-small btn-primary")
    };
    let public = person.published.then(|| {
        view! { <a class="btn btn-small" href=visit.link(&path(person))>{icon("eye")}{te::public_page(locale)}</a> }
    });
    view! {
        <form class="actions" method="post" action=base.to_owned()>
            {state(locale, person)}
            <Hidden name="artisan" value=person.id.to_string()/>
            <Hidden name="editor" value="1"/>
            <button class=class name="act" value=act>{words}</button>
            {public}
            <a class="btn btn-small" href=format!("{base}/{}/story", person.id)>{icon("list")}{t::chapters(locale)}</a>
        </form>
    }
}

fn fields(locale: Locale, form: &Form, problems: &Problems) -> impl IntoView + use<> {
    let value = |name: &str| form.text(name).to_owned();
    let both = |key: &str, label: &str, look: Look| {
        in_both(locale, key, label, &texts(form, key), problems, look)
    };
    let optional = |hint| Look { optional: true, hint, ..Look::default() };
    view! {
        <section class="panel stack">
            <TextField locale name="name" label=t::person_name(locale) value=value("name")
                error=problems.of("name")/>
            {both("title", t::person_title(locale), optional(t::person_title_hint(locale)))}
            <div class="field-row">
                <TextField locale name="born" label=t::born_year(locale) value=value("born") inputmode="numeric"
                    error=problems.of("born") optional=true short=true/>
                <TextField locale name="since" label=t::since_year(locale) value=value("since") inputmode="numeric"
                    error=problems.of("since") optional=true short=true/>
            </div>
            {both("learned_from", t::learned_from(locale), optional(""))}
            {both("words", t::person_words(locale), Look { rows: 8, optional: false, hint: t::body_hint(locale) })}
            {both("quote", t::person_quote(locale), Look { rows: 2, optional: true, hint: t::person_quote_hint(locale) })}
        </section>
        <section class="panel stack" aria-labelledby="consent-title">
            <h2 class="panel-title" id="consent-title">{t::consent_title(locale)}</h2>
            <p>{t::consent_text(locale)}</p>
            <Checkbox name="consent" label=t::consent(locale) checked=form.has("consent")/>
        </section>
    }
}

/// Deleting takes two steps.
fn remove(locale: Locale, base: &str, person: &Artisan) -> impl IntoView + use<> {
    view! {
        <details class="danger-zone">
            <summary class="btn btn-quiet">{t::delete(locale)}</summary>
            <form class="stack-s" method="post" action=base.to_owned()>
                <p>{t::delete_person_text(locale)}</p>
                <Hidden name="artisan" value=person.id.to_string()/>
                <div class="actions">
                    <button class="btn btn-danger" name="act" value="delete">{t::delete_for_good(locale)}</button>
                </div>
            </form>
        </details>
    }
}
