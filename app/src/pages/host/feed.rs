//! The workshop's calendar as an address for calendar programs.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::mail::feed::{self, FeedError, Renew};
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame, see};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::islands::CopyLink;
use crate::render::Page;
use crate::t::feed as t;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

type At = Path<(String, String)>;

impl From<FeedError> for PageError {
    fn from(error: FeedError) -> Self {
        match error {
            FeedError::Store(error) => error.into(),
            FeedError::Forbidden(_) => PageError::NotFound,
        }
    }
}

/// The address, with a way to copy it and to get another.
pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let mut conn = app.store.read().await?;
    let token = feed::token_of(&mut conn, &visit.actor, desk.id()).await?;
    drop(conn);
    let url = format!("{}{}", visit.base_url, feed::path(&token));
    let shop = desk.workshop()?.clone();
    let owner = desk.owner;
    let renewed = Form::of_query(&visit.query).has("renewed");
    let locale = visit.locale;
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::title(locale))).with_islands().render(&visit, move || {
        let news = renewed.then(|| view! { <Notice tone=Tone::Good title=t::renewed(locale)/> });
        // Programs that know the scheme ask at once whether to subscribe.
        let subscribe = url.split_once("://").map(|(_, rest)| format!("webcal://{rest}"));
        let renew = owner.then(|| {
            view! {
                <section class="panel stack" aria-labelledby="renew">
                    <h2 class="panel-title" id="renew">{t::renew_title(locale)}</h2>
                    <p>{t::renew_hint(locale)}</p>
                    <form method="post" action=at(&inner, &shop, "/feed")>
                        <button class="btn btn-danger">{icon("refresh")}{t::renew(locale)}</button>
                    </form>
                </section>
            }
        });
        let body = view! {
            <h1>{t::title(locale)}</h1>
            {news}
            <section class="panel stack" aria-label=t::title(locale)>
                <p>{t::how(locale)}</p>
                <CopyLink id="feed".to_owned() label=t::address(locale).to_owned() url
                    copy=t::copy(locale).to_owned() copied=t::copied(locale).to_owned()/>
                <p><a class="btn" href=subscribe>{icon("calendar")}{t::subscribe(locale)}</a></p>
                <p class="soft small">{t::secret(locale)}</p>
            </section>
            {renew}
        };
        frame(&inner, Some(&shop), Tab::More, body)
    }))
}

/// Another address; the old one is dead at once.
pub async fn renew(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let command = Renew { actor: visit.actor.clone(), workshop: desk.id() };
    app.store.write("renew feed", command, |tx, c| Box::pin(feed::renew(tx, c))).await?;
    Ok(see(&format!("{}?renewed=1", at(&visit, desk.workshop()?, "/feed"))))
}

/// The feed itself: `/cal/<token>.ics`, 304 to a reader that has it already.
pub async fn calendar(
    State(app): State<App>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let token = file.strip_suffix(".ics").ok_or(PageError::NotFound)?;
    let mail = app.mail.clone().ok_or(PageError::NotFound)?;
    let catalogue = app.catalogue().await?;
    let now = app.store.now();
    let mut conn = app.store.read().await?;
    let text = feed::of_token(&mut conn, &catalogue, &mail, token, now).await?;
    drop(conn);
    answer(text, &headers)
}

/// A calendar, or 304 to a reader that has it already.
pub fn answer(text: Option<String>, headers: &HeaderMap) -> Result<Response, PageError> {
    let text = text.ok_or(PageError::NotFound)?;
    let tag = feed::tag(&text);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok());
    let known = known.is_some_and(|known| known.split(',').any(|each| same(each, &tag)));
    let tag = HeaderValue::from_str(&tag).map_err(|_| PageError::NotFound)?;
    let about = [
        (header::ETAG, tag),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
        // The address is a secret: it must not travel on, nor be found.
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    if known {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    let kind = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")];
    Ok((about, kind, text).into_response())
}

/// Weak comparison (RFC 9110 section 13.1.2): proxies may mark a tag as weak.
fn same(each: &str, tag: &str) -> bool {
    let each = each.trim();
    each == "*" || each.trim_start_matches("W/") == tag
}
