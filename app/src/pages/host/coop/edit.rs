//! What a co-op says of itself: founded with it, changed by its managers.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::Locale;
use engine::catalogue::Workshop;
use engine::clock::local_date;
use engine::coop::{
    self, Coop, CoopData, CoopError, CoopForm, CoopInput, Edit, Found, edit, found,
};
use leptos::prelude::*;

use super::{At, managed, trouble};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::{Look, in_both, pairs, problems, texts};
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::render::Page;
use crate::t::coop as t;
use crate::t::edit as te;
use crate::ui::coop::form_name;
use crate::ui::field::{ErrorSummary, Radios, TextField};
use crate::ui::format;
use crate::ui::layout::Head;

/// Whether the form founds or changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Task {
    Found,
    Edit,
}

/// The empty form; a workshop that is in a co-op already is led there.
pub async fn new(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let shop = desk.workshop()?;
    let member = coop::membership_of(&mut app.store.read().await?, desk.id()).await?;
    if member.is_some() {
        return Ok(see(&at(&visit, shop, "/coop")));
    }
    let form = Form::of_pairs(vec![
        ("form".into(), CoopForm::Group.word().into()),
        ("phone".into(), format::phone(&shop.phone)),
        ("email".into(), shop.email.clone()),
    ]);
    Ok(answer(&app, &visit, shop, Task::Found, &form, Problems::default()))
}

pub async fn begin(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let shop = desk.workshop()?;
    let data = match CoopData::parse(&input(&form), local_date(app.store.now())) {
        Ok(data) => data,
        Err(wrongs) => {
            let problems = problems(visit.locale, wrongs);
            return Ok(answer(&app, &visit, shop, Task::Found, &form, problems));
        }
    };
    let command = Found { actor: visit.actor.clone(), workshop: desk.id(), data };
    match app.store.write("found", command, |tx, c| Box::pin(found(tx, c))).await {
        Ok(_) => Ok(see(&at(&visit, shop, "/coop?done=founded"))),
        Err(error) => refused(&app, &visit, shop, Task::Found, &form, error),
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let coop = managed(&mut app.store.read().await?, &visit, &desk).await?;
    let form = as_form(&coop);
    Ok(answer(&app, &visit, desk.workshop()?, Task::Edit, &form, Problems::default()))
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let coop = managed(&mut app.store.read().await?, &visit, &desk).await?.id;
    let shop = desk.workshop()?;
    let data = match CoopData::parse(&input(&form), local_date(app.store.now())) {
        Ok(data) => data,
        Err(wrongs) => {
            let problems = problems(visit.locale, wrongs);
            return Ok(answer(&app, &visit, shop, Task::Edit, &form, problems));
        }
    };
    let command = Edit { actor: visit.actor.clone(), coop, data };
    match app.store.write("edit", command, |tx, c| Box::pin(edit(tx, c))).await {
        Ok(()) => Ok(see(&at(&visit, shop, "/coop?done=saved"))),
        Err(error) => refused(&app, &visit, shop, Task::Edit, &form, error),
    }
}

fn refused(
    app: &App,
    visit: &Visit,
    shop: &Workshop,
    task: Task,
    form: &Form,
    error: CoopError,
) -> Result<Response, PageError> {
    let mut problems = Problems::default();
    problems.add("name", trouble(visit.locale, error)?);
    Ok(answer(app, visit, shop, task, form, problems))
}

fn input(form: &Form) -> CoopInput {
    let text = |name: &str| form.text(name).to_owned();
    CoopInput {
        name: text("name"),
        form: text("form"),
        summary: texts(form, "summary"),
        story: texts(form, "story"),
        founded_on: text("founded_on"),
        phone: text("phone"),
        email: text("email"),
    }
}

fn as_form(coop: &Coop) -> Form {
    let input = CoopInput::of(coop);
    let mut fields: Vec<(String, String)> = [
        ("name", input.name),
        ("form", input.form),
        ("founded_on", input.founded_on),
        ("phone", format::phone(&input.phone)),
        ("email", input.email),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    fields.extend(pairs("summary", &input.summary));
    fields.extend(pairs("story", &input.story));
    Form::of_pairs(fields)
}

fn answer(
    app: &App,
    visit: &Visit,
    shop: &Workshop,
    task: Task,
    form: &Form,
    problems: Problems,
) -> Response {
    let locale = visit.locale;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (title, sub, button) = match task {
        Task::Found => (t::found(locale), "/coop/new", t::found_button(locale)),
        Task::Edit => (t::edit_title(locale), "/coop/edit", te::save(locale)),
    };
    let today = local_date(app.store.now());
    let (shop, form, inner) = (shop.clone(), form.clone(), visit.clone());
    Page::new(Head::host(title)).status(status).render(visit, move || {
        let lead =
            (task == Task::Found).then(|| view! { <p class="lead">{t::found_lead(locale)}</p> });
        let body = view! {
            <h1>{title}</h1>
            {lead}
            <ErrorSummary locale problems=problems.clone()/>
            <form class="form" method="post" action=at(&inner, &shop, sub) novalidate>
                {words(locale, &form, &problems)}
                {credentials(locale, &form, &problems, today.to_string())}
                {reach(locale, &form, &problems)}
                <div class="save-bar">
                    <a class="btn btn-quiet" href=at(&inner, &shop, "/coop")>{te::leave(locale)}</a>
                    <button class="btn btn-primary" type="submit">{button}</button>
                </div>
            </form>
        };
        frame(&inner, Some(&shop), Tab::Coop, body)
    })
}

fn words(locale: Locale, form: &Form, problems: &Problems) -> impl IntoView + use<> {
    let both = |key: &str, label: &str, look: Look| {
        in_both(locale, key, label, &texts(form, key), problems, look)
    };
    let forms: Vec<(String, String)> = CoopForm::ALL
        .iter()
        .map(|form| (form.word().to_owned(), form_name(locale, *form).to_owned()))
        .collect();
    view! {
        <section class="panel stack" aria-labelledby="words">
            <h2 class="panel-title" id="words">{t::words(locale)}</h2>
            <TextField locale name="name" label=t::name(locale) hint=t::name_hint(locale)
                value=form.text("name") error=problems.of("name")/>
            <Radios name="form" label=t::form(locale) options=forms
                value=form.text("form") error=problems.of("form")/>
            <p class="field-hint">{t::form_hint(locale)}</p>
            {both("summary", te::in_short(locale), Look { rows: 3, ..Look::default() })}
            {both("story", t::story(locale), Look { rows: 10, hint: te::paragraphs_hint(locale), ..Look::default() })}
        </section>
    }
}

fn credentials(
    locale: Locale,
    form: &Form,
    problems: &Problems,
    today: String,
) -> impl IntoView + use<> {
    view! {
        <section class="panel stack" aria-labelledby="credentials">
            <h2 class="panel-title" id="credentials">{t::credentials(locale)}</h2>
            <TextField locale name="founded_on" label=t::founded_label(locale) kind="date" optional=true
                hint=t::founded_hint(locale) max=today
                value=form.text("founded_on") error=problems.of("founded_on")/>
            <p class="field-hint">{t::marks_elsewhere(locale)}</p>
        </section>
    }
}

fn reach(locale: Locale, form: &Form, problems: &Problems) -> impl IntoView + use<> {
    view! {
        <section class="panel stack" aria-labelledby="reach">
            <h2 class="panel-title" id="reach">{t::reach(locale)}</h2>
            <p class="field-hint">{t::reach_hint(locale)}</p>
            <TextField locale name="phone" label=te::phone(locale) kind="tel" autocomplete="tel" optional=true
                value=form.text("phone") error=problems.of("phone")/>
            <TextField locale name="email" label=te::email(locale) kind="email" autocomplete="email" optional=true
                value=form.text("email") error=problems.of("email")/>
        </section>
    }
}
