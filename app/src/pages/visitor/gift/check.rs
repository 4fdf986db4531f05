//! What is left of a card, by its code alone. Asking is rationed like signing in.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use engine::clock::local_date;
use engine::giftcard::{self, CardCode, GiftCard, Refused};
use leptos::prelude::*;

use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::booking::private;
use crate::render::Page;
use crate::t::gift as t;
use crate::ui::field::{ErrorSummary, TextField};
use crate::ui::format;
use crate::ui::gift_card::{CODE, badge, refusal};
use crate::ui::layout::Head;

/// What was found.
struct Found {
    card: GiftCard,
    workshop: String,
    today: chrono::NaiveDate,
}

pub async fn page(visit: Visit) -> Response {
    answer(&visit, Form::default(), Problems::default(), None)
}

pub async fn look(State(app): State<App>, visit: Visit, form: Form) -> Result<Response, PageError> {
    let locale = visit.locale;
    let mut problems = Problems::default();
    let Ok(code) = form.text(CODE).parse::<CardCode>() else {
        problems.add(CODE, t::wrong_code(locale));
        return Ok(answer(&visit, form, problems, None));
    };
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let card = giftcard::by_code(&mut conn, &code).await?;
    drop(conn);
    let Some(card) = card else {
        problems.add(CODE, refusal(locale, Refused::Unknown));
        return Ok(answer(&visit, form, problems, None));
    };
    let workshop = catalogue.workshop(card.workshop_id).map(|it| it.name.clone());
    let today = local_date(app.store.now());
    let found = Found { card, workshop: workshop.unwrap_or_default(), today };
    Ok(answer(&visit, form, problems, Some(found)))
}

fn answer(visit: &Visit, form: Form, wrong: Problems, found: Option<Found>) -> Response {
    let locale = visit.locale;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let action = visit.link("/gift");
    let head = Head::new(t::check_title(locale), t::check_lead(locale));
    private(Page::new(head).status(status).render(visit, move || {
        let found = found.map(|Found { card, workshop, today }| {
            let until = format::sentence(&format::date(locale, card.valid_until));
            view! {
                <section class="panel stack-s" aria-labelledby="found" role="status">
                    <h2 class="panel-title" id="found">{t::card_of(locale, card.hint())}</h2>
                    <p>{badge(locale, card.standing(today))}</p>
                    <dl class="pairs">
                        <div><dt>{t::left(locale)}</dt><dd><strong>{card.left(today).display(locale)}</strong></dd></div>
                        <div><dt>{t::value(locale)}</dt><dd>{card.value.display(locale)}</dd></div>
                        <div><dt>{t::valid_until(locale)}</dt><dd>{until}</dd></div>
                        <div><dt>{t::honoured_by(locale)}</dt><dd>{workshop}</dd></div>
                    </dl>
                </section>
            }
        });
        view! {
            <div class="wrap-narrow stack-l section-tight">
                <header class="stack-s">
                    <h1>{t::check_title(locale)}</h1>
                    <p class="lead">{t::check_lead(locale)}</p>
                </header>
                {found}
                <form class="form panel" method="post" action=action novalidate>
                    <ErrorSummary locale problems=wrong.clone()/>
                    <TextField locale name=CODE label=t::code(locale) hint=t::code_hint(locale)
                        autocomplete="off" maxlength=40 value=form.text(CODE).to_owned()
                        error=wrong.of(CODE)/>
                    <div><button class="btn btn-primary" type="submit">{t::check(locale)}</button></div>
                </form>
            </div>
        }
    }))
}
