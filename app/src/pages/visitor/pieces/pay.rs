//! Paying the post by bank transfer. The page changes when money comes.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use engine::Dong;
use engine::craft::delivery::Parcel;
use engine::payment;
use leptos::prelude::*;

use super::{Link, Shown, address, party};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::islands::PayWatch;
use crate::pages::visitor::booking::{private, see};
use crate::pages::visitor::pay::{Due, REFRESH, transfer};
use crate::render::Page;
use crate::t::parcel as words;
use crate::t::payment as t;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

/// The parcel of a party for which money is waited for.
fn unpaid(shown: &Shown) -> Option<&Parcel> {
    shown.parcels.iter().find(|it| it.pay_code.is_some() && it.open() > Dong::ZERO)
}

/// A party that owes no post any more has its own page.
pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, secret)): Link,
) -> Result<Response, PageError> {
    let shown = Shown::load(&app, party(&app, &secret).await?).await?;
    let asked = unpaid(&shown)
        .and_then(|parcel| Some((parcel.clone(), parcel.account_id?, parcel.pay_code.clone()?)));
    let Some((parcel, account, code)) = asked else {
        return Ok(see(&format!("{}#home", address(&visit, &secret, ""))));
    };
    let mut conn = app.store.read().await?;
    let account = payment::account_by_id(&mut conn, account).await?.ok_or(PageError::NotFound)?;
    drop(conn);
    let locale = visit.locale;
    let state = address(&visit, &secret, "/pay/state");
    let back = address(&visit, &secret, "");
    let head = Head::private(words::pay_title(locale)).refresh(REFRESH);
    Ok(private(Page::new(head).with_islands().render(&visit, move || {
        let open = parcel.open();
        let partly = (parcel.paid > Dong::ZERO).then(|| {
            let (left, paid) = (open.display(locale), parcel.paid.display(locale));
            view! {
                <Notice tone=Tone::Info title=t::partly(locale, left, paid)>
                    <p>{t::partly_more(locale)}</p>
                </Notice>
            }
        });
        let watched = seen(&shown);
        view! {
            <div class="wrap-narrow stack-l section-tight">
                <header class="page-head stack-s">
                    <p class="kicker">{t::kicker(locale)}</p>
                    <h1>{words::pay_title(locale)}</h1>
                    <p class="lead">{words::pay_lead(locale, &parcel.what, &shown.shop.name)}</p>
                </header>
                {partly}
                {transfer(&Due { code, account, open }, locale)}
                <PayWatch address=state seen=watched words=t::waiting(locale).to_owned()/>
                <p class="soft small">{t::direct(locale)}</p>
                <p><a class="btn btn-quiet" href=back>{words::pay_later(locale)}</a></p>
            </div>
        }
    })))
}

/// A short text that changes when there is news, for the page that waits.
pub async fn state(State(app): State<App>, Path((_, secret)): Link) -> Result<Response, PageError> {
    let shown = Shown::load(&app, party(&app, &secret).await?).await?;
    let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    Ok(private((plain, seen(&shown)).into_response()))
}

fn seen(shown: &Shown) -> String {
    shown.parcels.iter().map(|it| it.paid.0.to_string()).collect::<Vec<_>>().join(" ")
}
