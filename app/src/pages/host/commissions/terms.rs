//! Whether commissions are taken, what is said of them, and what offers begin with.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::commission::{SaveTerms, Terms, TermsInput, save_terms, terms_of};
use engine::payment;
use leptos::prelude::*;

use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::{Look, in_both, pairs, texts};
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::render::Page;
use crate::t::commission as t;
use crate::ui::commission::problems;
use crate::ui::field::{Checkbox, ErrorSummary, TextField};
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};

type At = Path<(String, String)>;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let mut conn = app.store.read().await?;
    let terms = terms_of(&mut conn, desk.id()).await?;
    let takes = payment::of_workshop(&mut conn, desk.id()).await?.is_some();
    drop(conn);
    let mut begin = vec![
        ("deposit".to_owned(), terms.deposit_percent.to_string()),
        ("kept".to_owned(), terms.kept_percent.to_string()),
    ];
    begin.extend(pairs("about", &terms.about));
    if terms.taking {
        begin.push(("taking".to_owned(), "on".to_owned()));
    }
    answer(&visit, &desk, takes, Form::of_pairs(begin), Problems::default())
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let input = TermsInput {
        taking: form.has("taking"),
        about: texts(&form, "about"),
        deposit: form.text("deposit").to_owned(),
        kept: form.text("kept").to_owned(),
    };
    let saved = match Terms::parse(&input) {
        Ok(terms) => {
            let command = SaveTerms { actor: visit.actor.clone(), workshop: desk.id(), terms };
            app.store.write("commission terms", command, |tx, c| Box::pin(save_terms(tx, c))).await
        }
        Err(error) => Err(error),
    };
    match saved {
        Ok(()) => Ok(see(&at(&visit, desk.workshop()?, "/commissions"))),
        Err(error) => {
            let wrong = problems(visit.locale, error)?;
            answer(&visit, &desk, true, form, wrong)
        }
    }
}

fn answer(
    visit: &Visit,
    desk: &Desk,
    takes: bool,
    form: Form,
    wrong: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::terms_title(locale))).status(status).render(visit, move || {
        let visit = &inner;
        let value = |name: &str| form.text(name).to_owned();
        let list = at(visit, &shop, "/commissions");
        let accounts = at(visit, &shop, "/money/accounts");
        let none = (!takes).then(|| {
            view! {
                <Notice tone=Tone::Warn title=t::no_account(locale)>
                    <p><a href=accounts>{crate::t::payment::accounts(locale)}</a></p>
                </Notice>
            }
        });
        let look = Look { rows: 4, optional: false, hint: t::about_hint(locale) };
        let body = view! {
            {breadcrumb(locale, vec![(list.clone(), t::host_title(locale).to_owned())])}
            <h1>{t::terms_title(locale)}</h1>
            {none}
            <ErrorSummary locale problems=wrong.clone()/>
            <form class="form panel" method="post" action=format!("{list}/terms") novalidate>
                <Checkbox name="taking" label=t::terms_taking(locale) checked=form.has("taking")/>
                {in_both(locale, "about", t::about(locale), &texts(&form, "about"), &wrong, look)}
                <div class="field-row">
                    <TextField locale name="deposit" label=t::deposit_percent(locale) inputmode="numeric"
                        value=value("deposit") error=wrong.of("deposit")/>
                    <TextField locale name="kept" label=t::kept_percent(locale) inputmode="numeric"
                        value=value("kept") error=wrong.of("kept")/>
                </div>
                <p class="field-hint">{t::kept_hint(locale)}</p>
                <div><button class="btn btn-primary">{t::terms_save(locale)}</button></div>
            </form>
        };
        frame(visit, Some(&shop), Tab::More, body)
    }))
}
