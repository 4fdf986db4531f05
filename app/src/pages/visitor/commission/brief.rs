//! The brief: what a visitor wants a workshop to make.

use axum::extract::multipart::Multipart;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::Days;
use engine::catalogue::Workshop;
use engine::clock::local_date;
use engine::commission::{self, Ask, BriefData, BriefInput, CommissionError, Terms};
use leptos::prelude::*;

use crate::api::form::{Form, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::pieces::upload::Upload;
use crate::pages::visitor::booking::see;
use crate::render::Page;
use crate::t::commission as t;
use crate::ui::commission::{PHOTOS, address, photo_fields, problems};
use crate::ui::field::{ErrorSummary, FormKey, TextArea, TextField};
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::prose::own_paragraphs;
use crate::ui::trap;

type At = Path<(String, String)>;

/// What the page needs besides the form.
struct Asked {
    shop: Workshop,
    terms: Terms,
    /// The first day that can be wished for.
    first: String,
}

async fn open(app: &App, slug: &str) -> Result<Asked, PageError> {
    let catalogue = app.catalogue().await?;
    let shop = catalogue.workshop_by_slug(slug).ok_or(PageError::NotFound)?.clone();
    let mut conn = app.store.read().await?;
    let terms = commission::taken(&mut conn, shop.id).await?.ok_or(PageError::NotFound)?;
    let first = local_date(app.store.now()) + Days::new(1);
    Ok(Asked { shop, terms, first: first.to_string() })
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let asked = open(&app, &slug).await?;
    let begin = vec![("pieces".to_owned(), "1".to_owned()), ("form_key".to_owned(), fresh_key())];
    Ok(answer(&visit, asked, Form::of_pairs(begin), Problems::default()))
}

pub async fn ask(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    body: Multipart,
) -> Result<Response, PageError> {
    let asked = open(&app, &slug).await?;
    let locale = visit.locale;
    let mut wrong = Problems::default();
    let wanted = |name: &str| PHOTOS.contains(&name);
    let upload = Upload::read_some(locale, body, &mut wrong, wanted).await?;
    let form = &upload.form;
    trap::look(locale, form, &mut wrong);
    let text = |name: &str| form.text(name).to_owned();
    let input = BriefInput {
        what: text("what"),
        size: text("size"),
        colours: text("colours"),
        pieces: text("pieces"),
        wished_on: text("wished_on"),
        budget: text("budget"),
        details: text("details"),
        name: text("name"),
        email: text("email"),
        phone: text("phone"),
    };
    let data = match BriefData::parse(&input, local_date(app.store.now())) {
        Ok(data) => Some(data),
        Err(error) => {
            wrong.append(problems(locale, error)?);
            None
        }
    };
    let Some(data) = data.filter(|_| wrong.is_empty()) else {
        return Ok(answer(&visit, asked, upload.form, wrong));
    };
    let photos = PHOTOS.iter().filter_map(|name| upload.photo(name)).collect();
    let order = Ask { workshop: asked.shop.id, data, photos, locale, form_key: upload.form.key() };
    let done = app.store.write("ask commission", order, |tx, c| Box::pin(commission::ask(tx, c)));
    match done.await {
        Ok(made) => Ok(see(&format!("{}?done=asked", address(&visit, &made, "")))),
        Err(error @ CommissionError::Fields(_)) => {
            let wrong = problems(locale, error)?;
            Ok(answer(&visit, asked, upload.form, wrong))
        }
        Err(error) => Err(crate::ui::commission::refused(error)),
    }
}

fn answer(visit: &Visit, asked: Asked, form: Form, wrong: Problems) -> Response {
    let locale = visit.locale;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let Asked { shop, terms, first } = asked;
    let title = t::brief_title(locale, &shop.name);
    let lead = t::brief_lead(locale, &shop.name);
    let back = vec![(visit.link(&format!("/workshops/{}", shop.slug)), shop.name.clone())];
    let action = visit.link(&format!("/workshops/{}/commission", shop.slug));
    let head = Head::new(title.clone(), lead.clone());
    let agreed = crate::ui::consent::agreed(visit);
    Page::new(head).status(status).render(visit, move || {
        let value = |name: &str| form.text(name).to_owned();
        let error = |name: &str| wrong.of(name);
        view! {
            <div class="wrap-narrow stack-l section-tight">
                {breadcrumb(locale, back)}
                <header class="page-head stack-s">
                    <h1>{title}</h1>
                    <p class="lead">{lead}</p>
                </header>
                <div class="prose">{own_paragraphs(&terms.about, locale)}</div>
                <form class="form panel" method="post" action=action enctype="multipart/form-data" novalidate>
                    <ErrorSummary locale problems=wrong.clone()/>
                    <FormKey key=form.key()/>
                    <fieldset class="fieldset">
                        <legend>{t::your_piece(locale)}</legend>
                        <TextField locale name="what" label=t::what(locale) hint=t::what_hint(locale)
                            maxlength=120 value=value("what") error=error("what")/>
                        <TextField locale name="pieces" label=t::pieces(locale) inputmode="numeric"
                            short=true value=value("pieces") error=error("pieces")/>
                        <TextField locale name="size" label=t::size(locale) hint=t::size_hint(locale)
                            maxlength=120 optional=true value=value("size") error=error("size")/>
                        <TextField locale name="colours" label=t::colours(locale) maxlength=120
                            optional=true value=value("colours") error=error("colours")/>
                        <TextField locale name="wished_on" label=t::wished_on(locale) kind="date"
                            min=first optional=true value=value("wished_on") error=error("wished_on")/>
                        <TextField locale name="budget" label=t::budget(locale) hint=t::budget_hint(locale)
                            inputmode="numeric" short=true optional=true value=value("budget")
                            error=error("budget")/>
                        <TextArea locale name="details" label=t::details(locale) hint=t::details_hint(locale)
                            rows=5 maxlength=2000 optional=true value=value("details")
                            error=error("details")/>
                    </fieldset>
                    {photo_fields(locale, t::pictures(locale), &wrong)}
                    <fieldset class="fieldset">
                        <legend>{t::who_asks(locale)}</legend>
                        <TextField locale name="name" label=t::name(locale) autocomplete="name"
                            maxlength=80 value=value("name") error=error("name")/>
                        <TextField locale name="email" label=t::email(locale) kind="email"
                            autocomplete="email" inputmode="email" hint=t::email_hint(locale)
                            value=value("email") error=error("email")/>
                        <TextField locale name="phone" label=t::phone(locale) kind="tel"
                            autocomplete="tel" inputmode="tel" optional=true value=value("phone")
                            error=error("phone")/>
                    </fieldset>
                    {trap::field(locale, &form, &wrong)}
                    {agreed}
                    <div class="actions">
                        <button class="btn btn-primary btn-large" type="submit">{t::ask(locale)}</button>
                    </div>
                    <p class="soft small">{t::ask_free(locale)}</p>
                </form>
            </div>
        }
    })
}
