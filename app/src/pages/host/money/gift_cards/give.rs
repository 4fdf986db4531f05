//! Giving a voucher.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::Locale;
use engine::giftcard::{self, Give, GiveData, GiveInput};
use leptos::prelude::*;

use crate::api::form::{Form, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Tab, frame, see};
use crate::pages::host::money::{Books, Section, subnav};
use crate::render::Page;
use crate::t::gift as t;
use crate::ui::field::{ErrorSummary, FormKey, Radios, TextArea, TextField};
use crate::ui::gift_card::problems;
use crate::ui::layout::{Head, breadcrumb};

type At = Path<(String, String)>;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let books = Books::open(&app, &visit, &slug).await?;
    let begin = vec![
        ("form_key".to_owned(), fresh_key()),
        ("language".to_owned(), visit.locale.to_string()),
    ];
    Ok(answer(&visit, books, Form::of_pairs(begin), Problems::default()))
}

pub async fn give(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let books = Books::open(&app, &visit, &slug).await?;
    let text = |name: &str| form.text(name).to_owned();
    let input = GiveInput {
        value: text("value"),
        reason: text("reason"),
        name: text("recipient_name"),
        email: text("recipient_email"),
        words: text("words"),
    };
    let given = match GiveData::parse(&input) {
        Ok(data) => {
            let voucher = Give {
                actor: visit.actor.clone(),
                workshop: books.shop.id,
                data,
                locale: Locale::parse(form.text("language")).unwrap_or(visit.locale),
                form_key: form.key(),
            };
            app.store.write("give card", voucher, |tx, c| Box::pin(giftcard::give(tx, c))).await
        }
        Err(error) => Err(error),
    };
    match given {
        Ok(card) => {
            let page = books.at(&visit, &format!("/gift-cards/{}", card.id));
            Ok(see(&format!("{page}?done=given")))
        }
        Err(error) => {
            let wrong = problems(visit.locale, error)?;
            Ok(answer(&visit, books, form, wrong))
        }
    }
}

fn answer(visit: &Visit, books: Books, form: Form, wrong: Problems) -> Response {
    let locale = visit.locale;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    Page::new(Head::host(t::give_voucher(locale))).status(status).render(visit, move || {
        let visit = &inner;
        let value = |name: &str| form.text(name).to_owned();
        let languages = Locale::ALL
            .into_iter()
            .map(|each| (each.to_string(), each.native_name().to_owned()))
            .collect();
        let back = vec![(books.at(visit, "/gift-cards"), t::title(locale).to_owned())];
        let body = view! {
            {breadcrumb(locale, back)}
            <h1>{t::give_voucher(locale)}</h1>
            {subnav(visit, &books, Some(Section::GiftCards))}
            <p class="soft">{t::give_lead(locale)}</p>
            <ErrorSummary locale problems=wrong.clone()/>
            <form class="form panel" method="post" action=books.at(visit, "/gift-cards/give") novalidate>
                <FormKey key=form.key()/>
                <TextField locale name="value" label=t::value(locale) inputmode="numeric" short=true
                    value=value("value") error=wrong.of("value")/>
                <TextArea locale name="reason" label=t::give_reason(locale) hint=t::give_reason_hint(locale)
                    rows=2 maxlength=300 value=value("reason") error=wrong.of("reason")/>
                <TextField locale name="recipient_name" label=t::give_name(locale) maxlength=80
                    value=value("recipient_name") error=wrong.of("recipient_name")/>
                <TextField locale name="recipient_email" label=t::give_email(locale) kind="email"
                    inputmode="email" optional=true hint=t::give_email_hint(locale)
                    value=value("recipient_email") error=wrong.of("recipient_email")/>
                <TextArea locale name="words" label=t::give_words(locale) rows=3 maxlength=300
                    optional=true value=value("words") error=wrong.of("words")/>
                <Radios name="language" label=t::give_language(locale) options=languages
                    value=value("language")/>
                <div><button class="btn btn-primary">{t::give_go(locale)}</button></div>
            </form>
        };
        frame(visit, Some(&books.shop), Tab::Money, body)
    })
}
