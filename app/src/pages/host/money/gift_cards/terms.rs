//! What is on sale: whether, which values, for how long.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::giftcard::{self, SaveTerms, Terms, TermsInput, terms_of};
use engine::payment;
use leptos::prelude::*;

use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Tab, frame, see};
use crate::pages::host::money::names::typed;
use crate::pages::host::money::{Books, Section, subnav};
use crate::render::Page;
use crate::t::gift as t;
use crate::ui::field::{Checkbox, ErrorSummary, TextArea, TextField};
use crate::ui::gift_card::problems;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};

type At = Path<(String, String)>;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let books = Books::open(&app, &visit, &slug).await?;
    let mut conn = app.store.read().await?;
    let terms = terms_of(&mut conn, books.shop.id).await?;
    let takes = payment::of_workshop(&mut conn, books.shop.id).await?.is_some();
    drop(conn);
    let lines: Vec<String> =
        terms.offered.0.iter().map(|value| typed(visit.locale, *value)).collect();
    let mut begin = vec![
        ("offered".to_owned(), lines.join("\n")),
        ("months".to_owned(), terms.months.to_string()),
    ];
    if terms.selling {
        begin.push(("selling".to_owned(), "on".to_owned()));
    }
    Ok(answer(&visit, books, takes, Form::of_pairs(begin), Problems::default()))
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let books = Books::open(&app, &visit, &slug).await?;
    let input = TermsInput {
        selling: form.has("selling"),
        offered: form.text("offered").to_owned(),
        months: form.text("months").to_owned(),
    };
    let saved = match Terms::parse(&input) {
        Ok(terms) => {
            let save = SaveTerms { actor: visit.actor.clone(), workshop: books.shop.id, terms };
            app.store.write("card terms", save, |tx, c| Box::pin(giftcard::save_terms(tx, c))).await
        }
        Err(error) => Err(error),
    };
    match saved {
        Ok(()) => Ok(see(&books.at(&visit, "/gift-cards"))),
        Err(error) => {
            let wrong = problems(visit.locale, error)?;
            Ok(answer(&visit, books, true, form, wrong))
        }
    }
}

fn answer(visit: &Visit, books: Books, takes: bool, form: Form, wrong: Problems) -> Response {
    let locale = visit.locale;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    Page::new(Head::host(t::terms_title(locale))).status(status).render(visit, move || {
        let visit = &inner;
        let value = |name: &str| form.text(name).to_owned();
        let accounts = books.at(visit, "/accounts");
        let none = (!takes).then(|| {
            view! {
                <Notice tone=Tone::Warn title=t::sale_no_account(locale)>
                    <p><a href=accounts>{crate::t::payment::accounts(locale)}</a></p>
                </Notice>
            }
        });
        let back = vec![(books.at(visit, "/gift-cards"), t::title(locale).to_owned())];
        let body = view! {
            {breadcrumb(locale, back)}
            <h1>{t::terms_title(locale)}</h1>
            {subnav(visit, &books, Some(Section::GiftCards))}
            {none}
            <ErrorSummary locale problems=wrong.clone()/>
            <form class="form panel" method="post" action=books.at(visit, "/gift-cards/terms") novalidate>
                <Checkbox name="selling" label=t::terms_selling(locale) checked=form.has("selling")/>
                <TextArea locale name="offered" label=t::terms_offered(locale)
                    hint=t::terms_offered_hint(locale) rows=4
                    value=value("offered") error=wrong.of("offered")/>
                <TextField locale name="months" label=t::terms_months(locale) inputmode="numeric"
                    hint=t::terms_months_hint(locale) short=true
                    value=value("months") error=wrong.of("months")/>
                <div><button class="btn btn-primary">{t::terms_save(locale)}</button></div>
            </form>
        };
        frame(visit, Some(&books.shop), Tab::Money, body)
    })
}
