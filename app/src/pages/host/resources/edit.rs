//! One resource: what it is, when it can be used, and how members share it for own work.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::resource::{
    AddResource, EditResource, Resource, ResourceError, ResourceField, ResourceKind, ResourceTexts,
    Short, add_resource, edit_resource, usable_by,
};
use engine::{Locale, Localized};
use leptos::prelude::*;

use super::{Rights, of_resource, short, words};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::pages::host::question::forced;
use crate::pages::host::{calendars, hours};
use crate::render::Page;
use crate::t::host;
use crate::t::resource as t;
use crate::ui::field::{Checkbox, ErrorSummary, Hidden, Select, TextArea, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};

pub async fn new(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let query = Form::of_query(&visit.query);
    Rights::owner_of_new(&app, &visit, &desk, &query).await?;
    let mut fields = blank();
    fields.push(("owner".into(), query.text("owner").to_owned()));
    answer(&visit, &desk, None, Form::of_pairs(fields), Problems::default(), &[])
}

pub async fn create(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let owner = Rights::owner_of_new(&app, &visit, &desk, &form).await?;
    let texts = match parse(visit.locale, &form) {
        Ok(texts) => texts,
        Err(problems) => return answer(&visit, &desk, None, form, problems, &[]),
    };
    let command = AddResource { actor: visit.actor.clone(), owner, texts };
    match app.store.write("add resource", command, |tx, c| Box::pin(add_resource(tx, c))).await {
        Ok(_) => Ok(see(&format!("{}?done=saved", at(&visit, desk.workshop()?, "/resources")))),
        Err(error) => {
            let problems = problems(visit.locale, error)?;
            answer(&visit, &desk, None, form, problems, &[])
        }
    }
}

/// One of the resources that the workshop may count on.
pub(super) async fn found(app: &App, desk: &Desk, id: &str) -> Result<Resource, PageError> {
    let mut conn = app.store.read().await?;
    let mut usable = usable_by(&mut conn, desk.id()).await?;
    // People are edited as guides.
    let guides = engine::guide::of_workshop(&mut conn, desk.id()).await?;
    usable.retain(|it| !guides.iter().any(|guide| guide.id() == it.id));
    usable.into_iter().find(|it| it.id.to_string() == id).ok_or(PageError::NotFound)
}

async fn ruled(
    app: &App,
    visit: &Visit,
    (slug, id): (&str, &str),
) -> Result<(Desk, Resource), PageError> {
    let desk = Desk::open(app, visit, slug).await?;
    let resource = found(app, &desk, id).await?;
    let rights = Rights::of(app, visit, &desk).await?;
    if rights.rules(resource.owner()) { Ok((desk, resource)) } else { Err(PageError::NotFound) }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): Path<(String, String, String)>,
) -> Result<Response, PageError> {
    let (desk, resource) = ruled(&app, &visit, (&slug, &id)).await?;
    let form = Form::of_pairs(filled(&resource));
    answer(&visit, &desk, Some(&resource), form, Problems::default(), &[])
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): Path<(String, String, String)>,
    form: Form,
) -> Result<Response, PageError> {
    let (desk, resource) = ruled(&app, &visit, (&slug, &id)).await?;
    let texts = match parse(visit.locale, &form) {
        Ok(texts) => texts,
        Err(problems) => return answer(&visit, &desk, Some(&resource), form, problems, &[]),
    };
    let (actor, force) = (visit.actor.clone(), forced(&form));
    let command = EditResource { actor, resource: resource.id, texts, force };
    match app.store.write("edit resource", command, |tx, c| Box::pin(edit_resource(tx, c))).await {
        Ok(_) => Ok(see(&format!("{}?done=saved", at(&visit, desk.workshop()?, "/resources")))),
        Err(ResourceError::Short(hit)) => {
            answer(&visit, &desk, Some(&resource), form, Problems::default(), &hit)
        }
        Err(error) => {
            let problems = problems(visit.locale, error)?;
            answer(&visit, &desk, Some(&resource), form, problems, &[])
        }
    }
}

fn blank() -> Vec<(String, String)> {
    [("kind", "wheel"), ("setup", "0"), ("cleanup", "15"), ("active", "1")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
}

fn filled(resource: &Resource) -> Vec<(String, String)> {
    let number = |number: Option<i32>| number.map(|it| it.to_string()).unwrap_or_default();
    let mut fields = vec![
        ("kind".to_owned(), resource.kind.to_string()),
        ("name_vi".to_owned(), resource.name.vi.clone()),
        ("name_en".to_owned(), resource.name.en.clone()),
        ("quantity".to_owned(), resource.quantity.to_string()),
        ("setup".to_owned(), resource.setup_minutes.to_string()),
        ("cleanup".to_owned(), resource.cleanup_minutes.to_string()),
        ("own_hours".to_owned(), number(resource.own_hours_week)),
        ("own_days".to_owned(), number(resource.own_days_ahead)),
        ("note".to_owned(), resource.note.clone()),
    ];
    if resource.active {
        fields.push(("active".to_owned(), "1".to_owned()));
    }
    fields.extend(hours::filled(&resource.hours));
    fields
}

fn parse(locale: Locale, form: &Form) -> Result<ResourceTexts, Problems> {
    let mut problems = Problems::default();
    let kind = ResourceKind::parse(form.text("kind")).unwrap_or(ResourceKind::Tool);
    let mut number = |name: &str, message: &str| {
        let number = form.text(name).trim().parse::<i32>().ok();
        if number.is_none() {
            problems.add(name, message);
        }
        number.unwrap_or_default()
    };
    let quantity = number("quantity", t::error_quantity(locale));
    let setup_minutes = number("setup", t::error_minutes(locale));
    let cleanup_minutes = number("cleanup", t::error_minutes(locale));
    let mut optional = |name: &str, message: &str| {
        let text = form.text(name).trim();
        let number = (!text.is_empty()).then(|| text.parse::<i32>()).transpose();
        number.unwrap_or_else(|_| {
            problems.add(name, message);
            None
        })
    };
    let own_hours_week = optional("own_hours", t::error_own_hours(locale));
    let own_days_ahead = optional("own_days", t::error_own_days(locale));
    let hours = hours::parse(locale, form, &mut problems);
    let texts = ResourceTexts {
        kind,
        name: Localized { vi: form.text("name_vi").into(), en: form.text("name_en").into() },
        quantity,
        setup_minutes,
        cleanup_minutes,
        hours,
        own_hours_week,
        own_days_ahead,
        note: form.text("note").to_owned(),
        active: form.has("active"),
    };
    if problems.is_empty() { Ok(texts) } else { Err(problems) }
}

fn problems(locale: Locale, error: ResourceError) -> Result<Problems, PageError> {
    let ResourceError::Fields(fields) = error else { return Err(of_resource(error)) };
    let mut problems = Problems::default();
    for field in fields {
        match field {
            ResourceField::Name => problems.add("name_vi", t::error_name(locale)),
            ResourceField::Quantity => problems.add("quantity", t::error_quantity(locale)),
            ResourceField::Setup => problems.add("setup", t::error_minutes(locale)),
            ResourceField::Cleanup => problems.add("cleanup", t::error_minutes(locale)),
            ResourceField::OwnHours => problems.add("own_hours", t::error_own_hours(locale)),
            ResourceField::OwnDays => problems.add("own_days", t::error_own_days(locale)),
            _ => problems.add("h0.days", t::error_hours(locale)),
        }
    }
    Ok(problems)
}

fn answer(
    visit: &Visit,
    desk: &Desk,
    resource: Option<&Resource>,
    form: Form,
    problems: Problems,
    hit: &[Short],
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let status = match () {
        () if !problems.is_empty() => StatusCode::UNPROCESSABLE_ENTITY,
        () if !hit.is_empty() => StatusCode::CONFLICT,
        () => StatusCode::OK,
    };
    let shared = form.text("owner") == "coop";
    let title = match resource {
        Some(resource) => t::edit_title(locale, words::name(locale, resource)),
        None if shared => t::add_shared(locale).to_owned(),
        None => t::add_own(locale).to_owned(),
    };
    let sub = resource.map_or_else(|| "new".to_owned(), |resource| resource.id.to_string());
    let action = at(visit, &shop, &format!("/resources/{sub}"));
    let back = at(visit, &shop, "/resources");
    let question = (!hit.is_empty())
        .then(|| short::question(locale, desk, hit, &form, &action, &back).into_any());
    let id = resource.map(|resource| resource.id);
    let inner = visit.clone();
    Ok(Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let calendars = id.map(|id| {
            let feed = at(&inner, &shop, &format!("/feed#r-{id}-of"));
            let busy = calendars::page_of(&inner, &shop, Some(id));
            view! {
                <div class="actions">
                    <a class="btn" href=feed>{icon("calendar")}{crate::t::feed::title(locale)}</a>
                    <a class="btn" href=busy>{icon("clock")}{crate::t::calendars::title(locale)}</a>
                </div>
            }
        });
        let body = view! {
            {breadcrumb(locale, vec![(back.clone(), t::title(locale).to_owned())])}
            <h1>{title}</h1>
            <ErrorSummary locale problems=problems.clone()/>
            {question}
            <form class="form panel" method="post" action=action novalidate>
                {fields(locale, &form, &problems)}
                <div class="actions">
                    <button class="btn btn-primary">{host::save(locale)}</button>
                    <a class="btn btn-quiet" href=back>{host::leave(locale)}</a>
                </div>
            </form>
            {calendars}
        };
        frame(&inner, Some(&shop), Tab::More, body)
    }))
}

fn fields(locale: Locale, form: &Form, problems: &Problems) -> impl IntoView + use<> {
    let value = |name: &str| form.text(name).to_owned();
    let error = |name: &str| problems.of(name);
    let kinds = ResourceKind::ALL
        .iter()
        .map(|kind| (kind.to_string(), format::sentence(words::kind(locale, *kind))))
        .collect();
    view! {
        <Hidden name="owner" value=value("owner")/>
        <Select locale name="kind" label=t::kind(locale) options=kinds value=value("kind")/>
        <div class="two-languages">
            <TextField locale name="name_vi" label=format!("{} (Tiếng Việt)", t::name(locale)) hint=t::name_hint(locale)
                value=value("name_vi") error=error("name_vi")/>
            <TextField locale name="name_en" label=format!("{} (English)", t::name(locale)) value=value("name_en") optional=true/>
        </div>
        <div class="field-row">
            <TextField locale name="quantity" label=t::quantity(locale) hint=t::quantity_hint(locale) inputmode="numeric"
                value=value("quantity") error=error("quantity")/>
            <TextField locale name="setup" label=t::setup(locale) inputmode="numeric" value=value("setup") error=error("setup")/>
            <TextField locale name="cleanup" label=t::cleanup(locale) inputmode="numeric" value=value("cleanup") error=error("cleanup")/>
        </div>
        {hours::fields(locale, form, problems, t::hours(locale), t::hours_hint(locale))}
        <fieldset class="fieldset">
            <legend>{t::fair(locale)}</legend>
            <div class="field-row">
                <TextField locale name="own_hours" label=t::own_hours(locale) hint=t::own_hours_hint(locale) inputmode="numeric"
                    value=value("own_hours") error=error("own_hours") optional=true/>
                <TextField locale name="own_days" label=t::own_days(locale) hint=t::own_days_hint(locale) inputmode="numeric"
                    value=value("own_days") error=error("own_days") optional=true/>
            </div>
        </fieldset>
        <TextArea locale name="note" label=t::note(locale) value=value("note") rows=2 optional=true/>
        <Checkbox name="active" label=t::active(locale) checked=form.has("active")/>
    }
}
