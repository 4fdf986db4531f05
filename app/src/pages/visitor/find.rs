//! The manage link, lost: asked for by email.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use engine::booking::{self, BookingError};
use engine::email::Email;
use leptos::prelude::*;

use super::booking::private;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t;
use crate::ui::field::{ErrorSummary, TextField};
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

pub async fn page(visit: Visit) -> Response {
    let form = Form::of_query(&visit.query);
    answer(&visit, form, Problems::default())
}

/// Answers the same whether or not the address has bookings.
pub async fn send(State(app): State<App>, visit: Visit, form: Form) -> Result<Response, PageError> {
    let Ok(email) = form.text("email").parse::<Email>() else {
        let mut problems = Problems::default();
        problems.add("email", t::book::email_wrong(visit.locale));
        return Ok(answer(&visit, form, problems));
    };
    app.store
        .write("send links", email, |tx, email| Box::pin(booking::send_links(tx, email)))
        .await
        .map_err(|error| match error {
            BookingError::Store(error) => PageError::from(error),
            _ => PageError::NotFound,
        })?;
    Ok(Redirect::to(&visit.link("/find?sent=1")).into_response())
}

fn answer(visit: &Visit, form: Form, problems: Problems) -> Response {
    let locale = visit.locale;
    let action = visit.link("/find");
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Page::new(Head::private(t::find::title(locale))).status(status);
    private(page.render(visit, move || {
        let sent = form.has("sent").then(|| {
            view! {
                <Notice tone=Tone::Good title=t::find::sent(locale)>
                    <p>{t::find::sent_more(locale)}</p>
                </Notice>
            }
        });
        view! {
            <div class="wrap-narrow stack-l section-tight">
                <h1>{t::find::title(locale)}</h1>
                <p class="lead">{t::find::lead(locale)}</p>
                {sent}
                <form class="form panel" method="post" action=action novalidate>
                    <ErrorSummary locale problems=problems.clone()/>
                    <TextField locale name="email" label=t::find::email(locale) kind="email"
                        autocomplete="email" inputmode="email" value=form.text("email").to_owned()
                        error=problems.of("email")/>
                    <div class="actions">
                        <button class="btn btn-primary btn-large" type="submit">
                            {t::find::send(locale)}
                        </button>
                    </div>
                </form>
            </div>
        }
    }))
}
