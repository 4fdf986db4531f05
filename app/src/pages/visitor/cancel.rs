//! Cancelling, with what it costs said before.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use engine::booking::{self, CancelByGuest, StateKind};
use engine::payment::PaymentTerms;
use leptos::prelude::*;

use super::booking::{Link, Opened, address, open, private, see, ticket_lines, trouble};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t;
use crate::ui::field::TextField;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::summary::policy_dates;

pub async fn page(State(app): State<App>, visit: Visit, link: Link) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    let leg = !opened.booking.stands_alone();
    if leg || !may_cancel(&opened) {
        return Ok(see(&address(&visit, &opened.booking, "")));
    }
    answer(&app, &visit, opened, None).await
}

pub async fn cancel(
    State(app): State<App>,
    visit: Visit,
    link: Link,
    form: Form,
) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    let home = address(&visit, &opened.booking, "");
    // Pressed twice: it is cancelled already.
    if !may_cancel(&opened) {
        return Ok(see(&home));
    }
    let command = CancelByGuest {
        booking: opened.booking.id,
        reason: form.text("reason").trim().chars().take(500).collect(),
    };
    let cancelled = app
        .store
        .write("cancel", command, |tx, command| Box::pin(booking::cancel_by_guest(tx, command)))
        .await;
    match cancelled {
        Ok(_) => Ok(see(&format!("{home}?cancelled=1"))),
        Err(error) => {
            let says = trouble(visit.locale, error)?;
            answer(&app, &visit, opened, Some(says)).await
        }
    }
}

/// Before the visit, whether or not the money for it has come.
fn may_cancel(opened: &Opened) -> bool {
    matches!(opened.booking.state.kind(), StateKind::Confirmed | StateKind::AwaitingPayment)
}

async fn answer(
    app: &App,
    visit: &Visit,
    opened: Opened,
    says: Option<String>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let mut conn = app.store.read().await?;
    let back_percent =
        booking::refund_of(&mut conn, &opened.booking, &opened.visited.slot, opened.now).await?;
    let money = engine::payment::money_of(&mut conn, opened.booking.id).await?;
    let by_cards = engine::payment::paid_by_cards(&mut conn, opened.booking.id).await?;
    drop(conn);
    let status = if says.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let back = address(visit, &opened.booking, "");
    let head = Head::private(t::manage::cancel(locale));
    Ok(private(Page::new(head).status(status).render(visit, move || {
        let (booking, visited) = (&opened.booking, &opened.visited);
        let says = says.map(|says| {
            view! { <Notice tone=Tone::Bad title=says><p>{t::manage::still_as_it_was(locale)}</p></Notice> }
        });
        let fee = booking.total - booking.total.percent(back_percent);
        let awaited = booking.state.kind() == StateKind::AwaitingPayment;
        let paid = super::paid::cancel_now(locale, booking, money, by_cards, back_percent);
        let (tone, cost) = if let Some(words) = paid {
            (Tone::Warn, words)
        } else if fee.0 == 0 || awaited {
            (Tone::Good, t::manage::cancel_free_now(locale).to_owned())
        } else {
            (Tone::Warn, t::manage::cancel_fee_now(locale, fee.display(locale), 100 - back_percent))
        };
        let seats_go = match visited.tour.payment_terms() {
            PaymentTerms::OnTheSpot => t::manage::cancel_seats_go(locale),
            PaymentTerms::Deposit { .. } | PaymentTerms::Full { .. } => {
                t::payment::cancel_seats_go(locale)
            }
        };
        let policy: Vec<_> = policy_dates(locale, visited.tour.policy, visited.slot.starts_at, opened.now)
            .into_iter()
            .map(|line| view! { <li>{line}</li> })
            .collect();
        view! {
            <div class="wrap-narrow stack-l section-tight">
                <h1>{t::manage::cancel_title(locale)}</h1>
                {says}
                <Notice tone title=cost><p>{seats_go}</p></Notice>
                <div class="panel">{ticket_lines(locale, &opened)}</div>
                <ul>{policy}</ul>
                <form class="form panel" method="post">
                    <TextField locale name="reason" label=t::manage::reason(locale) optional=true maxlength=500/>
                    <div class="actions">
                        <button class="btn btn-danger btn-large" type="submit">{t::manage::cancel(locale)}</button>
                        <a class="btn btn-quiet" href=back>{icon("arrow-left")}{t::manage::keep(locale)}</a>
                    </div>
                </form>
            </div>
        }
    })))
}
