//! Paying the deposit, the rest, or the post by bank transfer. The page changes when money comes.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use engine::Dong;
use engine::commission::{self, Commission, StateKind};
use engine::craft::delivery::{self, Parcel};
use engine::payment;
use engine::store::Conn;
use leptos::prelude::*;

use super::{Link, open};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::islands::PayWatch;
use crate::pages::visitor::booking::{private, see};
use crate::pages::visitor::pay::{Due, REFRESH, transfer};
use crate::render::Page;
use crate::t::commission as words;
use crate::t::payment as t;
use crate::ui::commission::address;
use crate::ui::layout::Head;
use crate::ui::summary::moment;

/// A commission of which nothing is to be paid now has its own page.
pub async fn page(State(app): State<App>, visit: Visit, link: Link) -> Result<Response, PageError> {
    let (made, shop) = open(&app, &link).await?;
    let mut conn = app.store.read().await?;
    let (_, money) = commission::money_of(&mut conn, &made).await?;
    let parcel = parcel_of(&mut conn, &made).await?;
    let post = Form::of_query(&visit.query).text("of") == "post";
    // Code, account and sum of what is asked for.
    let asked = if post {
        parcel.as_ref().and_then(|it| Some((it.pay_code.clone()?, it.account_id?, it.open())))
    } else {
        made.account_id.map(|account| (made.code.clone(), account, money.now))
    };
    let asked = asked.filter(|(_, _, open)| *open > Dong::ZERO);
    let Some((code, account, open)) = asked else {
        return Ok(see(&address(&visit, &made, "")));
    };
    let account = payment::account_by_id(&mut conn, account).await?.ok_or(PageError::NotFound)?;
    let watched = seen(&mut conn, &made).await?;
    drop(conn);
    let locale = visit.locale;
    let state = address(&visit, &made, "/pay/state");
    let back = address(&visit, &made, "");
    let title = match made.kind() {
        _ if post => words::pay_the_post(locale),
        StateKind::Accepted => words::pay_deposit(locale),
        _ => words::pay_rest(locale),
    };
    let head = Head::private(title).refresh(REFRESH);
    Ok(private(Page::new(head).with_islands().render(&visit, move || {
        let due = made.state.until().filter(|_| !post);
        let due = due.map(|until| words::pay_until(locale, moment(locale, until)));
        let owed = Due { code, account, open };
        view! {
            <div class="wrap-narrow stack-l section-tight">
                <header class="page-head stack-s">
                    <p class="kicker">{t::kicker(locale)}</p>
                    <h1>{title}</h1>
                    <p class="lead">{words::pay_lead(locale, &made.brief.what, &shop.name)}</p>
                </header>
                {transfer(&owed, locale)}
                <PayWatch address=state seen=watched words=t::waiting(locale).to_owned()/>
                <p class="soft small">{due} " " {t::direct(locale)}</p>
                <p><a class="btn btn-quiet" href=back>{words::back(locale)}</a></p>
            </div>
        }
    })))
}

/// A short text that changes when there is news, for the page that waits.
pub async fn state(State(app): State<App>, link: Link) -> Result<Response, PageError> {
    let (made, _) = open(&app, &link).await?;
    let mut conn = app.store.read().await?;
    let text = seen(&mut conn, &made).await?;
    let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    Ok(private((plain, text).into_response()))
}

async fn parcel_of(conn: &mut Conn, made: &Commission) -> Result<Option<Parcel>, PageError> {
    match made.parcel_id {
        Some(id) => Ok(delivery::parcel(conn, id).await?),
        None => Ok(None),
    }
}

async fn seen(conn: &mut Conn, made: &Commission) -> Result<String, PageError> {
    let held = commission::held(conn, made.id).await?;
    let post = parcel_of(conn, made).await?.map_or(0, |parcel| parcel.paid.0);
    Ok(format!("{} {} {post}", made.kind(), held.0))
}
