//! Paying a gift card by bank transfer: QR code, account, time. The page changes when money comes.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use engine::Dong;
use engine::giftcard::{self, CardState, GiftCard};
use engine::payment;
use leptos::prelude::*;

use super::{Link, open};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::islands::PayWatch;
use crate::pages::visitor::booking::{private, see};
use crate::pages::visitor::pay::{Due, REFRESH, transfer};
use crate::render::Page;
use crate::t::gift as words;
use crate::t::payment as t;
use crate::ui::gift_card::address;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::summary::moment;

/// A card that waits for money no more has its own page.
pub async fn page(State(app): State<App>, visit: Visit, link: Link) -> Result<Response, PageError> {
    let (card, house) = open(&app, &link).await?;
    let asked = card.account_id.zip(card.pay_code.clone()).zip(card.due_at);
    let Some(((account, code), due)) = asked.filter(|_| card.state == CardState::Awaiting) else {
        return Ok(see(&address(&visit, &card, "")));
    };
    let mut conn = app.store.read().await?;
    let account = payment::account_by_id(&mut conn, account).await?.ok_or(PageError::NotFound)?;
    let paid = giftcard::paid_for(&mut conn, card.id).await?;
    drop(conn);
    let locale = visit.locale;
    let open = card.value - paid;
    let state = address(&visit, &card, "/pay/state");
    let head = Head::private(words::pay_title(locale)).refresh(REFRESH);
    Ok(private(Page::new(head).with_islands().render(&visit, move || {
        let partly = (paid > Dong::ZERO).then(|| {
            let (left, paid) = (open.display(locale), paid.display(locale));
            view! {
                <Notice tone=Tone::Info title=t::partly(locale, left, paid)>
                    <p>{t::partly_more(locale)}</p>
                </Notice>
            }
        });
        let due_words = words::pay_until(locale, moment(locale, due));
        let watched = seen(&card, paid);
        view! {
            <div class="wrap-narrow stack-l section-tight">
                <header class="page-head stack-s">
                    <p class="kicker">{t::kicker(locale)}</p>
                    <h1>{words::pay_title(locale)}</h1>
                    <p class="lead">{words::pay_lead(locale, &house.workshop.name)}</p>
                </header>
                {partly}
                {transfer(&Due { code, account, open }, locale)}
                <PayWatch address=state seen=watched words=t::waiting(locale).to_owned()/>
                <p class="soft small">{due_words} " " {t::direct(locale)}</p>
            </div>
        }
    })))
}

/// A short text that changes when there is news, for the page that waits.
pub async fn state(State(app): State<App>, link: Link) -> Result<Response, PageError> {
    let (card, _) = open(&app, &link).await?;
    let mut conn = app.store.read().await?;
    let paid = giftcard::paid_for(&mut conn, card.id).await?;
    let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    Ok(private((plain, seen(&card, paid)).into_response()))
}

fn seen(card: &GiftCard, paid: Dong) -> String {
    format!("{} {}", card.state, paid.0)
}
