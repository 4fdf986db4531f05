//! Paying an order by bank transfer. The page changes when money comes.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use engine::Dong;
use engine::payment;
use engine::shop::OrderState;
use leptos::prelude::*;

use super::order::{Link, Shown, gift_card, open};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::islands::PayWatch;
use crate::pages::visitor::booking::{private, see};
use crate::pages::visitor::pay::{Due, REFRESH, transfer};
use crate::render::Page;
use crate::t::payment as t;
use crate::t::shop as words;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::shop::address;
use crate::ui::summary::moment;

/// An order that waits for money no more has its own page.
pub async fn page(State(app): State<App>, visit: Visit, link: Link) -> Result<Response, PageError> {
    let shown = open(&app, &link).await?;
    let asked = shown.order.account_id.zip(shown.order.due_at);
    let Some((account, due)) = asked.filter(|_| shown.order.state == OrderState::Awaiting) else {
        return Ok(see(&address(&visit, &shown.order, "")));
    };
    let mut conn = app.store.read().await?;
    let account = payment::account_by_id(&mut conn, account).await?.ok_or(PageError::NotFound)?;
    drop(conn);
    let locale = visit.locale;
    let state = address(&visit, &shown.order, "/pay/state");
    let home = address(&visit, &shown.order, "");
    let head = Head::private(words::pay_title(locale)).refresh(REFRESH);
    let inner = visit.clone();
    Ok(private(Page::new(head).with_islands().render(&visit, move || {
        let open = shown.order.open(shown.held);
        let partly = (shown.held > Dong::ZERO).then(|| {
            let (left, paid) = (open.display(locale), shown.held.display(locale));
            view! {
                <Notice tone=Tone::Info title=t::partly(locale, left, paid)>
                    <p>{t::partly_more(locale)}</p>
                </Notice>
            }
        });
        let watched = seen(&shown);
        let code = shown.order.code.clone();
        let due_words = words::kept_until(locale, moment(locale, due));
        view! {
            <div class="wrap-narrow stack-l section-tight">
                <header class="page-head stack-s">
                    <p class="kicker">{t::kicker(locale)}</p>
                    <h1>{words::pay_title(locale)}</h1>
                    <p class="lead">{words::pay_lead(locale, &shown.house.name)}</p>
                </header>
                {partly}
                {transfer(&Due { code, account, open }, locale)}
                {gift_card(&inner, &shown, &Form::default(), &Problems::default())}
                <PayWatch address=state seen=watched words=t::waiting(locale).to_owned()/>
                <p class="soft small">{due_words} " " {t::direct(locale)}</p>
                <p><a class="btn btn-quiet" href=home>{words::open_order(locale)}</a></p>
            </div>
        }
    })))
}

/// A short text that changes when there is news, for the page that waits.
pub async fn state(State(app): State<App>, link: Link) -> Result<Response, PageError> {
    let shown = open(&app, &link).await?;
    let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    Ok(private((plain, seen(&shown)).into_response()))
}

fn seen(shown: &Shown) -> String {
    format!("{} {}", shown.order.state, shown.held.0)
}
