//! Buying a gift card of a workshop.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::Locale;
use engine::catalogue::Workshop;
use engine::giftcard::{self, Buy, BuyData, BuyInput, CardError, Terms, VALUES};
use leptos::prelude::*;

use crate::api::form::{Form, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::booking::see;
use crate::render::Page;
use crate::t::gift as words;
use crate::ui::field::{ErrorSummary, FormKey, Radios, TextArea, TextField};
use crate::ui::gift_card::{address, problems};
use crate::ui::layout::{Head, breadcrumb};

type At = Path<(String, String)>;

async fn open(app: &App, slug: &str) -> Result<(Workshop, Terms), PageError> {
    let catalogue = app.catalogue().await?;
    let workshop = catalogue.workshop_by_slug(slug).ok_or(PageError::NotFound)?.clone();
    let mut conn = app.store.read().await?;
    let terms = giftcard::may_sell(&mut conn, workshop.id).await?.ok_or(PageError::NotFound)?;
    Ok((workshop, terms))
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let (workshop, terms) = open(&app, &slug).await?;
    let usual = terms.offered.0.get(terms.offered.0.len() / 2);
    let usual = usual.map_or_else(|| "own".to_owned(), |value| value.0.to_string());
    let begin = vec![("value".to_owned(), usual), ("form_key".to_owned(), fresh_key())];
    Ok(answer(&visit, &workshop, &terms, Form::of_pairs(begin), Problems::default()))
}

pub async fn buy(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let (workshop, terms) = open(&app, &slug).await?;
    let text = |name: &str| form.text(name).to_owned();
    let input = BuyInput {
        value: text("value"),
        own: text("own"),
        name: text("name"),
        email: text("email"),
        recipient_name: text("recipient_name"),
        recipient_email: text("recipient_email"),
        words: text("words"),
    };
    let bought = match BuyData::parse(&input, &terms) {
        Ok(data) => {
            let order =
                Buy { workshop: workshop.id, data, locale: visit.locale, form_key: form.key() };
            app.store.write("buy card", order, |tx, c| Box::pin(giftcard::buy(tx, c))).await
        }
        Err(error) => Err(error),
    };
    match bought {
        Ok(card) => Ok(see(&address(&visit, &card, "/pay"))),
        Err(error @ CardError::Fields(_)) => {
            let wrong = problems(visit.locale, error)?;
            Ok(answer(&visit, &workshop, &terms, form, wrong))
        }
        Err(error) => Err(crate::ui::gift_card::refused(error)),
    }
}

fn values(locale: Locale, terms: &Terms) -> Vec<(String, String)> {
    let offered = terms.offered.0.iter().map(|value| (value.0.to_string(), value.display(locale)));
    offered.chain([("own".to_owned(), words::own(locale).to_owned())]).collect()
}

fn answer(
    visit: &Visit,
    workshop: &Workshop,
    terms: &Terms,
    form: Form,
    wrong: Problems,
) -> Response {
    let locale = visit.locale;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = words::buy_title(locale, &workshop.name);
    let back = vec![(visit.link(&format!("/workshops/{}", workshop.slug)), workshop.name.clone())];
    let months = words::buy_lead(locale, i64::from(terms.months), &workshop.name);
    let (least, most) = (VALUES.start().display(locale), VALUES.end().display(locale));
    let values = values(locale, terms);
    let action = visit.link(&format!("/workshops/{}/gift", workshop.slug));
    let check = visit.link("/gift");
    let head = Head::new(title.clone(), months.clone());
    let agreed = crate::ui::consent::agreed(visit);
    Page::new(head).status(status).render(visit, move || {
        let value = |name: &str| form.text(name).to_owned();
        view! {
            <div class="wrap-narrow stack-l section-tight">
                {breadcrumb(locale, back)}
                <header class="page-head stack-s">
                    <h1>{title}</h1>
                    <p class="lead">{months}</p>
                </header>
                <form class="form panel" method="post" action=action novalidate>
                    <ErrorSummary locale problems=wrong.clone()/>
                    <FormKey key=form.key()/>
                    <Radios name="value" label=words::value(locale) options=values
                        value=value("value") error=wrong.of("value")/>
                    <TextField locale name="own" label=words::own_label(locale) optional=true short=true
                        hint=words::own_hint(locale, least, most) inputmode="numeric"
                        value=value("own") error=wrong.of("own")/>
                    <fieldset class="stack">
                        <legend class="panel-title">{words::buyer(locale)}</legend>
                        <TextField locale name="name" label=words::name(locale) autocomplete="name"
                            maxlength=80 value=value("name") error=wrong.of("name")/>
                        <TextField locale name="email" label=words::email(locale) kind="email"
                            autocomplete="email" inputmode="email" hint=words::email_hint(locale)
                            value=value("email") error=wrong.of("email")/>
                    </fieldset>
                    <fieldset class="stack">
                        <legend class="panel-title">{words::recipient(locale)}</legend>
                        <TextField locale name="recipient_name" label=words::recipient_name(locale)
                            optional=true maxlength=80 value=value("recipient_name")
                            error=wrong.of("recipient_name")/>
                        <TextField locale name="recipient_email" label=words::recipient_email(locale)
                            kind="email" inputmode="email" optional=true
                            hint=words::recipient_email_hint(locale)
                            value=value("recipient_email") error=wrong.of("recipient_email")/>
                        <TextArea locale name="words" label=words::words(locale) rows=3 maxlength=300
                            optional=true value=value("words") error=wrong.of("words")/>
                    </fieldset>
                    {agreed}
                    <div class="actions">
                        <button class="btn btn-primary btn-large" type="submit">{words::buy(locale)}</button>
                    </div>
                    <p class="soft small">{words::buy_terms(locale)}</p>
                </form>
                <p class="small"><a href=check>{words::check_link(locale)}</a></p>
            </div>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_value_is_ones_own() {
        let all = values(Locale::En, &Terms::default());
        assert_eq!(all.len(), 4);
        assert_eq!(all.last().map(|(key, _)| key.as_str()), Some("own"));
    }
}
