//! The workshop's data: how to reach it, its story, who answers for it.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::Locale;
use engine::catalogue::edit::{SaveWorkshop, WorkshopData, WorkshopInput, save_workshop};
use engine::catalogue::{LegalForm, Workshop};
use leptos::prelude::*;

use super::fields::{Look, in_both, language_boxes, of_edit, pairs, position, problems, texts};
use super::frame::{Desk, Tab, at, frame, see};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::edit as t;
use crate::ui::field::{ErrorSummary, Radios, Select, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

type At = Path<(String, String)>;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let form = as_form(desk.workshop()?);
    answer(&visit, &desk, &form, Problems::default())
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let data = match WorkshopData::parse(&input(&form)) {
        Ok(data) => data,
        Err(wrongs) => return answer(&visit, &desk, &form, problems(visit.locale, wrongs)),
    };
    let command = SaveWorkshop { actor: visit.actor.clone(), workshop: desk.id(), data };
    let saved =
        app.store.write("save workshop", command, |tx, c| Box::pin(save_workshop(tx, c))).await;
    match saved {
        Ok(()) => Ok(see(&at(&visit, desk.workshop()?, "/settings?saved=1"))),
        Err(error) => answer(&visit, &desk, &form, of_edit(visit.locale, error)?),
    }
}

fn as_form(shop: &Workshop) -> Form {
    let mut fields: Vec<(String, String)> = [
        ("name", shop.name.clone()),
        ("position", position(shop.lat, shop.lon)),
        ("phone", format::phone(&shop.phone)),
        ("email", shop.email.clone()),
        ("legal_name", shop.legal_name.clone()),
        ("legal_form", shop.legal_form.to_string()),
        ("tax_code", shop.tax_code.clone()),
        ("mail_language", shop.locale.to_string()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    fields.extend(pairs("summary", &shop.summary));
    fields.extend(pairs("story", &shop.story));
    fields.extend(pairs("accessibility", &shop.accessibility));
    fields.extend(pairs("address", &shop.address));
    fields.extend(shop.languages.0.iter().map(|word| ("languages".to_owned(), word.to_string())));
    Form::of_pairs(fields)
}

fn input(form: &Form) -> WorkshopInput {
    let text = |name: &str| form.text(name).to_owned();
    WorkshopInput {
        name: text("name"),
        address: texts(form, "address"),
        position: text("position"),
        phone: text("phone"),
        email: text("email"),
        languages: form.all("languages").map(str::to_owned).collect(),
        summary: texts(form, "summary"),
        story: texts(form, "story"),
        accessibility: texts(form, "accessibility"),
        legal_name: text("legal_name"),
        legal_form: text("legal_form"),
        tax_code: text("tax_code"),
        mail_language: text("mail_language"),
    }
}

fn answer(
    visit: &Visit,
    desk: &Desk,
    form: &Form,
    problems: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let saved = Form::of_query(&visit.query).has("saved") && problems.is_empty();
    let form = form.clone();
    let inner = visit.clone();
    let title = t::settings(locale);
    Ok(Page::new(Head::host(title)).status(status).render(visit, move || {
        let both = |key: &str, label: &str, look: Look| {
            in_both(locale, key, label, &texts(&form, key), &problems, look)
        };
        let value = |name: &str| form.text(name).to_owned();
        let error = |name: &str| problems.of(name);
        let spoken: Vec<String> = form.all("languages").map(str::to_owned).collect();
        let forms = LegalForm::ALL
            .iter()
            .map(|form| (form.to_string(), format::legal_form(locale, *form).to_owned()))
            .collect::<Vec<_>>();
        let mail_languages = Locale::ALL
            .map(|other| (other.to_string(), other.native_name().to_owned()))
            .to_vec();
        let saved = saved.then(|| view! { <Notice tone=Tone::Good title=t::saved(locale)/> });
        let guests = inner.link(&format!("/workshops/{}", shop.slug));
        let body = view! {
            <header class="host-head">
                <h1>{title}</h1>
                <a class="btn" href=guests>{icon("eye")}{t::as_guest(locale)}</a>
            </header>
            {saved}
            <ErrorSummary locale problems=problems.clone()/>
            <form class="form" method="post" action=at(&inner, &shop, "/settings") novalidate>
                <section class="panel stack" aria-labelledby="about">
                    <h2 class="panel-title" id="about">{t::about(locale)}</h2>
                    <TextField locale name="name" label=t::workshop_name(locale) value=value("name") error=error("name")/>
                    {both("summary", t::in_short(locale), Look { rows: 2, ..Look::default() })}
                    {both("story", t::story(locale), Look { rows: 8, hint: t::paragraphs_hint(locale), ..Look::default() })}
                    {both("accessibility", t::accessibility(locale), Look {
                        rows: 3, optional: true, hint: t::accessibility_hint(locale),
                    })}
                    {language_boxes(locale, &spoken, &problems)}
                </section>
                <section class="panel stack" aria-labelledby="reach">
                    <h2 class="panel-title" id="reach">{t::reach(locale)}</h2>
                    {both("address", t::address(locale), Look::default())}
                    <TextField locale name="position" label=t::position(locale) hint=t::position_hint(locale)
                        value=value("position") error=error("position")/>
                    <div class="field-row">
                        <TextField locale name="phone" label=t::phone(locale) kind="tel" autocomplete="tel"
                            value=value("phone") error=error("phone")/>
                        <TextField locale name="email" label=t::email(locale) kind="email" autocomplete="email"
                            hint=t::email_hint(locale) value=value("email") error=error("email")/>
                    </div>
                    <Radios name="mail_language" label=t::mail_language(locale) options=mail_languages
                        value=value("mail_language") error=error("mail_language")/>
                </section>
                <section class="panel stack" aria-labelledby="law">
                    <h2 class="panel-title" id="law">{t::law(locale)}</h2>
                    <p class="field-hint">{t::law_hint(locale)}</p>
                    <TextField locale name="legal_name" label=t::legal_name(locale)
                        value=value("legal_name") error=error("legal_name")/>
                    <div class="field-row">
                        <Select locale name="legal_form" label=t::legal_form(locale) options=forms
                            value=value("legal_form") error=error("legal_form")/>
                        <TextField locale name="tax_code" label=t::tax_code(locale) inputmode="numeric" optional=true
                            hint=t::tax_code_hint(locale) value=value("tax_code") error=error("tax_code")/>
                    </div>
                </section>
                <div class="save-bar">
                    <a class="btn btn-quiet" href=at(&inner, &shop, "/more")>{t::leave(locale)}</a>
                    <button class="btn btn-primary" type="submit">{t::save(locale)}</button>
                </div>
            </form>
        };
        frame(&inner, Some(&shop), Tab::More, body)
    }))
}
