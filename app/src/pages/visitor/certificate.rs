//! The page that proves a certificate to whoever has its code: valid, withdrawn or unknown at
//! once, and the leaf to print.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::course::{Certificate, by_code};
use leptos::prelude::*;

use super::booking::{private, see};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::course as t;
use crate::ui::certificate::{hours, leaf};
use crate::ui::field::TextField;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;

/// A form to type the code from paper; with `?code=` it leads on.
pub async fn ask(visit: Visit) -> Response {
    let form = Form::of_query(&visit.query);
    let typed = form.text("code").trim();
    if let Some(code) = engine::course::code_in(typed) {
        return see(&visit.link(&format!("/certificates/{code}")));
    }
    let wrong = !typed.is_empty();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let locale = visit.locale;
    let typed = typed.to_owned();
    let action = visit.link("/certificates");
    let head = Head::new(t::check_title(locale), t::check_lead(locale));
    Page::new(head).status(status).render(&visit, move || {
        let error = if wrong { t::check_wrong(locale) } else { "" };
        view! {
            <div class="solo">
                <div class="stack-s">
                    <h1>{t::check_title(locale)}</h1>
                    <p class="lead">{t::check_lead(locale)}</p>
                </div>
                {code_form(locale, action, typed, error)}
            </div>
        }
    })
}

fn code_form(
    locale: crate::Locale,
    action: String,
    typed: String,
    error: &'static str,
) -> impl IntoView {
    view! {
        <form class="form panel" method="get" action=action novalidate>
            <TextField locale name="code" label=t::code(locale) hint=t::code_hint(locale)
                value=typed error=error autocomplete="off" maxlength=40/>
            <button class="btn btn-primary btn-large" type="submit">{t::check(locale)}</button>
        </form>
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let mut conn = app.store.read().await?;
    let found = by_code(&mut conn, &code).await?;
    drop(conn);
    let locale = visit.locale;
    let Some(certificate) = found else {
        let action = visit.link("/certificates");
        let head = Head::private(t::unknown(locale));
        let page = Page::new(head).status(StatusCode::NOT_FOUND);
        return Ok(private(page.render(&visit, move || {
            view! {
                <div class="solo">
                    {verdict("unknown", "close", t::unknown(locale), t::unknown_more(locale).to_owned())}
                    {code_form(locale, action, String::new(), "")}
                </div>
            }
        })));
    };
    let title = t::certificate_of(locale, &certificate.name);
    let print = visit.link(&format!("/certificates/{}/print", certificate.code));
    let inner = visit.clone();
    Ok(private(Page::new(Head::private(title.clone())).render(&visit, move || {
        let verdict = match certificate.withdrawn_at {
            None => verdict("valid", "check", t::valid(locale), t::valid_more(locale).to_owned()),
            Some(at) => {
                let on = format::date(locale, engine::clock::local_date(at));
                verdict("withdrawn", "close", t::withdrawn(locale), t::withdrawn_on(locale, on))
            }
        };
        let print = certificate.is_valid().then(|| {
            view! { <a class="btn btn-primary" href=print>{icon("print")}{t::print(locale)}</a> }
        });
        view! {
            <div class="solo">
                {verdict}
                <h1>{title}</h1>
                <div class="panel">{facts(&inner, &certificate)}</div>
                <div class="actions">{print}</div>
            </div>
        }
    })))
}

fn verdict(
    state: &'static str,
    sign: &'static str,
    title: &'static str,
    more: String,
) -> impl IntoView {
    view! {
        <div class="verdict" data-state=state role="status">
            {icon(sign)}
            <div><p class="verdict-title">{title}</p><p>{more}</p></div>
        </div>
    }
}

fn facts(visit: &Visit, certificate: &Certificate) -> impl IntoView + use<> {
    let locale = visit.locale;
    let born = certificate.born.map(|year| year.to_string()).unwrap_or_default();
    let length = t::attended_hours(
        locale,
        hours(locale, certificate.minutes),
        i64::from(certificate.attended),
    );
    let dates = t::from_to(
        locale,
        format::date(locale, certificate.first_date),
        format::date(locale, certificate.last_date),
    );
    let facts = [
        (t::holder(locale), certificate.name.clone()),
        (t::born(locale), born),
        (t::course_word(locale), certificate.course.text(locale).to_owned()),
        (t::skills(locale), certificate.skills.text(locale).to_owned()),
        (t::workshop(locale), certificate.workshop.clone()),
        (t::village(locale), certificate.village.text(locale).to_owned()),
        (t::time(locale), format::sentence(&dates)),
        (t::length(locale), length),
        (t::issued_on(locale), format::sentence(&format::date(locale, certificate.issued_on))),
        (t::number(locale), certificate.label()),
        (t::code(locale), certificate.spoken_code()),
    ];
    let facts: Vec<_> = facts
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
        .collect();
    view! { <dl class="pairs">{facts}</dl> }
}

/// The leaf; a certificate that was withdrawn is not printed again.
pub async fn paper(
    State(app): State<App>,
    visit: Visit,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let mut conn = app.store.read().await?;
    let certificate = by_code(&mut conn, &code).await?.ok_or(PageError::NotFound)?;
    drop(conn);
    let locale = visit.locale;
    let back = visit.link(&format!("/certificates/{}", certificate.code));
    if !certificate.is_valid() {
        return Ok(see(&back));
    }
    let inner = visit.clone();
    let title = t::certificate_of(locale, &certificate.name);
    Ok(private(Page::new(Head::private(title)).render(&visit, move || {
        view! {
            <div class="leaves">
                <div class="wrap no-print stack-s">
                    <p><a class="btn btn-quiet" href=back>{icon("arrow-left")}{t::to_proof(locale)}</a></p>
                    <p class="small soft">{t::print_hint(locale)}</p>
                </div>
                {leaf(&inner, &certificate)}
            </div>
        }
    })))
}
