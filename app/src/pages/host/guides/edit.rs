//! What is known of a guide: name, languages, working times.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::Locale;
use engine::catalogue::Spoken;
use engine::guide::{AddGuide, Guide, GuideError, GuideField, GuideTexts, add_guide};
use leptos::prelude::*;

use super::of_guide;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::language_boxes;
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::pages::host::hours;
use crate::pages::host::resources::Rights;
use crate::render::Page;
use crate::t::guide as t;
use crate::t::host;
use crate::ui::field::{Checkbox, ErrorSummary, Hidden, Select, TextArea, TextField};
use crate::ui::layout::{Head, breadcrumb};

pub async fn new(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let query = Form::of_query(&visit.query);
    Rights::owner_of_new(&app, &visit, &desk, &query).await?;
    let mut fields: Vec<(String, String)> =
        [("travel", "20"), ("languages", "vi"), ("check_in", "1"), ("active", "1")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec();
    fields.push(("letters".into(), visit.locale.to_string()));
    fields.push(("owner".into(), query.text("owner").to_owned()));
    answer(&visit, &desk, Form::of_pairs(fields), Problems::default())
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
        Err(problems) => return answer(&visit, &desk, form, problems),
    };
    let command = AddGuide { actor: visit.actor.clone(), owner, texts };
    match app.store.write("add guide", command, |tx, c| Box::pin(add_guide(tx, c))).await {
        Ok(guide) => {
            let page = at(&visit, desk.workshop()?, &format!("/guides/{}", guide.id()));
            Ok(see(&format!("{page}?done=saved")))
        }
        Err(error) => {
            let problems = problems(visit.locale, error)?;
            answer(&visit, &desk, form, problems)
        }
    }
}

/// The form's fields as the guide is now.
pub(super) fn filled(guide: &Guide) -> Vec<(String, String)> {
    let mut fields = vec![
        ("name".to_owned(), guide.name().to_owned()),
        ("phone".to_owned(), crate::ui::format::phone(&guide.phone)),
        ("email".to_owned(), guide.email.clone()),
        ("letters".to_owned(), guide.locale.to_string()),
        ("travel".to_owned(), guide.travel_minutes.to_string()),
        ("note".to_owned(), guide.resource.note.clone()),
    ];
    fields.extend(guide.languages.0.iter().map(|it| ("languages".to_owned(), it.to_string())));
    for (name, ticked) in [("check_in", guide.may_check_in), ("active", guide.resource.active)] {
        if ticked {
            fields.push((name.to_owned(), "1".to_owned()));
        }
    }
    fields.extend(hours::filled(&guide.resource.hours));
    fields
}

pub(super) fn parse(locale: Locale, form: &Form) -> Result<GuideTexts, Problems> {
    let mut problems = Problems::default();
    // Said by the engine too; here so that the message stands with the others.
    let travel = form.text("travel").trim().parse::<i32>().ok();
    if travel.is_none() {
        problems.add("travel", t::error_travel(locale));
    }
    let hours = hours::parse(locale, form, &mut problems);
    let texts = GuideTexts {
        name: form.text("name").to_owned(),
        languages: form.all("languages").filter_map(Spoken::parse).collect(),
        phone: form.text("phone").to_owned(),
        email: form.text("email").to_owned(),
        locale: Locale::parse(form.text("letters")).unwrap_or(locale),
        travel_minutes: travel.unwrap_or_default(),
        may_check_in: form.has("check_in"),
        hours,
        note: form.text("note").to_owned(),
        active: form.has("active"),
    };
    if problems.is_empty() { Ok(texts) } else { Err(problems) }
}

pub(super) fn problems(locale: Locale, error: GuideError) -> Result<Problems, PageError> {
    let GuideError::Fields(fields) = error else { return Err(of_guide(error)) };
    let mut problems = Problems::default();
    for field in fields {
        match field {
            GuideField::Name => problems.add("name", t::error_name(locale)),
            GuideField::NameTaken => problems.add("name", t::error_name_taken(locale)),
            GuideField::Languages => problems.add("languages", t::error_languages(locale)),
            GuideField::Phone => problems.add("phone", t::error_phone(locale)),
            GuideField::Email => problems.add("email", t::error_email(locale)),
            GuideField::Travel => problems.add("travel", t::error_travel(locale)),
            GuideField::Hours => problems.add("h0.days", t::error_hours(locale)),
            GuideField::Dates => problems.add("from", t::error_dates(locale)),
        }
    }
    Ok(problems)
}

fn answer(
    visit: &Visit,
    desk: &Desk,
    form: Form,
    problems: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = t::add_title(locale);
    let back = at(visit, &shop, "/guides");
    let action = at(visit, &shop, "/guides/new");
    let shared = form.text("owner") == "coop";
    let inner = visit.clone();
    Ok(Page::new(Head::host(title)).status(status).render(visit, move || {
        let whose = if shared { t::shared(locale) } else { t::own(locale) };
        let body = view! {
            {breadcrumb(locale, vec![(back.clone(), t::title(locale).to_owned())])}
            <header><h1>{title}</h1><p class="soft">{whose}</p></header>
            <ErrorSummary locale problems=problems.clone()/>
            <form class="form panel" method="post" action=action novalidate>
                {fields(locale, &form, &problems)}
                <div class="actions">
                    <button class="btn btn-primary">{host::save(locale)}</button>
                    <a class="btn btn-quiet" href=back>{host::leave(locale)}</a>
                </div>
            </form>
        };
        frame(&inner, Some(&shop), Tab::More, body)
    }))
}

pub(super) fn fields(locale: Locale, form: &Form, problems: &Problems) -> impl IntoView + use<> {
    let value = |name: &str| form.text(name).to_owned();
    let error = |name: &str| problems.of(name);
    let spoken: Vec<String> = form.all("languages").map(str::to_owned).collect();
    let letters =
        Locale::ALL.iter().map(|it| (it.to_string(), it.native_name().to_owned())).collect();
    view! {
        <Hidden name="owner" value=value("owner")/>
        <TextField locale name="name" label=t::name(locale) hint=t::name_hint(locale) value=value("name") error=error("name")/>
        {language_boxes(locale, &spoken, problems)}
        <div class="field-row">
            <TextField locale name="phone" label=t::phone(locale) kind="tel" inputmode="tel" value=value("phone") error=error("phone") optional=true/>
            <TextField locale name="email" label=t::email(locale) hint=t::email_hint(locale) kind="email" inputmode="email"
                value=value("email") error=error("email") optional=true/>
        </div>
        <div class="field-row">
            <Select locale name="letters" label=t::letters_in(locale) options=letters value=value("letters")/>
            <TextField locale name="travel" label=t::travel(locale) hint=t::travel_hint(locale) inputmode="numeric"
                value=value("travel") error=error("travel")/>
        </div>
        {hours::fields(locale, form, problems, t::hours(locale), t::hours_hint(locale))}
        <TextArea locale name="note" label=t::note(locale) value=value("note") rows=2 optional=true/>
        <Checkbox name="check_in" label=t::may_check_in(locale) checked=form.has("check_in")/>
        <Checkbox name="active" label=t::active(locale) checked=form.has("active")/>
    }
}
