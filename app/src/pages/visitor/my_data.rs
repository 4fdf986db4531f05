//! What is held under an address: asked for by mail, seen, downloaded, deleted.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::Locale;
use engine::catalogue::Catalogue;
use engine::email::Email;
use engine::privacy::{
    self, AskLink, Erase, Found, Held, HeldKind, Kept, PrivacyError, address_of, holdings,
};
use leptos::prelude::*;

use super::booking::{private, see};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::privacy as t;
use crate::ui::field::{Checkbox, ErrorSummary, Hidden, TextField};
use crate::ui::format;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::summary::moment;

type At = Path<(String, String)>;

/// What went wrong, as a page says it.
fn trouble(error: PrivacyError) -> PageError {
    match error {
        PrivacyError::Store(error) => error.into(),
        PrivacyError::Spent => PageError::Gone,
        error => {
            tracing::warn!(%error, "somebody's data could not be handled");
            PageError::Invalid
        }
    }
}

pub async fn page(visit: Visit) -> Response {
    let form = Form::of_query(&visit.query);
    ask(&visit, form, Problems::default())
}

/// Answers the same whether or not anything is held.
pub async fn send(State(app): State<App>, visit: Visit, form: Form) -> Result<Response, PageError> {
    let Ok(email) = form.text("email").parse::<Email>() else {
        let mut problems = Problems::default();
        problems.add("email", crate::t::book::email_wrong(visit.locale));
        return Ok(ask(&visit, form, problems));
    };
    let command = AskLink { email, locale: visit.locale };
    app.store.write("ask for data", command, |tx, c| Box::pin(privacy::ask_link(tx, c))).await?;
    Ok(see(&visit.link("/my-data?sent=1")))
}

fn ask(visit: &Visit, form: Form, problems: Problems) -> Response {
    let locale = visit.locale;
    let action = visit.link("/my-data");
    let rights = visit.link("/privacy#rights");
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Page::new(Head::private(t::title(locale))).status(status);
    private(page.render(visit, move || {
        let news = [
            ("sent", t::sent(locale), t::sent_more(locale)),
            ("deleted", t::deleted(locale), t::deleted_more(locale)),
        ];
        let news = news.into_iter().find(|(name, ..)| form.has(name)).map(|(_, title, more)| {
            view! { <Notice tone=Tone::Good title=title><p>{more}</p></Notice> }
        });
        view! {
            <div class="wrap-narrow stack-l section-tight">
                <h1>{t::title(locale)}</h1>
                <p class="lead">{t::lead(locale)}</p>
                {news}
                <form class="form panel" method="post" action=action novalidate>
                    <ErrorSummary locale problems=problems.clone()/>
                    <TextField locale name="email" label=t::email(locale) kind="email"
                        autocomplete="email" inputmode="email" value=form.text("email").to_owned()
                        error=problems.of("email")/>
                    <div class="actions">
                        <button class="btn btn-primary btn-large" type="submit">{t::send(locale)}</button>
                    </div>
                </form>
                <p><a href=rights>{t::rights(locale)}</a></p>
            </div>
        }
    }))
}

pub async fn open(
    State(app): State<App>,
    visit: Visit,
    Path((_, token)): At,
) -> Result<Response, PageError> {
    show(&app, &visit, &token, Problems::default()).await
}

/// Deletes what can be deleted; the link is dead afterwards.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, token)): At,
    form: Form,
) -> Result<Response, PageError> {
    if !form.has("sure") {
        let mut problems = Problems::default();
        problems.add("sure", t::delete_sure_error(visit.locale));
        return show(&app, &visit, &token, problems).await;
    }
    let command = Erase { token };
    app.store
        .write("erase data", command, |tx, c| Box::pin(privacy::erase(tx, c)))
        .await
        .map_err(trouble)?;
    Ok(see(&visit.link("/my-data?deleted=1")))
}

pub async fn download(
    State(app): State<App>,
    visit: Visit,
    Path((_, token)): At,
) -> Result<Response, PageError> {
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let now = app.store.now();
    let document = privacy::export(&mut conn, &catalogue, &token, visit.locale, now).await;
    drop(conn);
    let document = document.map_err(trouble)?;
    let text = serde_json::to_string_pretty(&document).unwrap_or_default();
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"langnghe-my-data.json\""),
    ];
    Ok(private((headers, text).into_response()))
}

async fn show(
    app: &App,
    visit: &Visit,
    token: &str,
    problems: Problems,
) -> Result<Response, PageError> {
    let catalogue = app.catalogue().await?;
    let now = app.store.now();
    let mut conn = app.store.read().await?;
    let address = address_of(&mut conn, token, now).await?.ok_or(PageError::Gone)?;
    let found: Found = privacy::find(&mut conn, &address).await?;
    let held = holdings(&mut conn, &found, now).await?;
    drop(conn);
    let locale = visit.locale;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let here = visit.link(&format!("/my-data/{token}"));
    let rights = visit.link("/privacy#rights");
    let rows: Vec<_> = held.iter().map(|held| row(locale, &catalogue, held)).collect();
    let page = Page::new(Head::private(t::title(locale))).status(status);
    let letters = found.letters;
    Ok(private(page.render(visit, move || {
        let nothing = rows.is_empty().then(|| view! { <p class="empty">{t::nothing(locale)}</p> });
        view! {
            <div class="wrap-narrow stack-l section-tight">
                <h1 class="said-words">{t::opened_title(locale, &address)}</h1>
                <ErrorSummary locale problems=problems.clone()/>
                {nothing}
                <ul class="entry-list">{rows}</ul>
                <p class="soft">{t::letters(locale, letters)}</p>
                <section class="stack" aria-labelledby="download">
                    <h2 id="download">{t::download(locale)}</h2>
                    <p>{t::download_text(locale)}</p>
                    <p>
                        <a class="btn btn-primary" href=format!("{here}/export.json") download="">
                            {t::download_go(locale)}
                        </a>
                    </p>
                </section>
                <section class="stack" aria-labelledby="delete">
                    <h2 id="delete">{t::delete(locale)}</h2>
                    <p>{t::delete_text(locale)}</p>
                    <form class="form panel" method="post" action=here.clone() novalidate>
                        <Hidden name="act" value="delete"/>
                        <Checkbox name="sure" label=t::delete_sure(locale) required=true
                            error=problems.of("sure")/>
                        <div><button class="btn btn-danger" type="submit">{t::delete_go(locale)}</button></div>
                    </form>
                </section>
                <p><a href=rights>{t::rights(locale)}</a></p>
            </div>
        }
    })))
}

/// One thing, and what becomes of it.
fn row(locale: Locale, catalogue: &Catalogue, held: &Held) -> impl IntoView + use<> {
    let title = match held.kind {
        HeldKind::Booking => t::kind_booking(locale, &held.code),
        HeldKind::Pass => t::kind_pass(locale, &held.code),
        HeldKind::Enquiry => t::kind_enquiry(locale).to_owned(),
        HeldKind::Waiting => t::kind_waiting(locale).to_owned(),
        HeldKind::Application => t::kind_application(locale).to_owned(),
        HeldKind::BoughtCard => t::kind_bought(locale, &held.code),
        HeldKind::ReceivedCard => t::kind_received(locale, &held.code),
        HeldKind::Commission => crate::t::commission::held(locale, &held.code),
        HeldKind::Order => crate::t::shop::order_of(locale, &held.code),
    };
    let tour = held.tour.and_then(|id| catalogue.tour(id));
    let house = held.workshop.and_then(|id| catalogue.workshop(id));
    let mut about: Vec<String> = Vec::new();
    about.extend(tour.map(|tour| tour.title.text(locale).to_owned()));
    about.extend(house.map(|house| house.name.clone()));
    about.extend(held.on.map(|on| format::date(locale, on)));
    let fate = match held.kept {
        None => t::can_go(locale).to_owned(),
        Some(Kept::Upcoming { on }) => t::kept_upcoming(locale, format::date(locale, on)),
        Some(Kept::Pending { until }) => t::kept_pending(locale, moment(locale, until)),
        Some(Kept::MoneyBack) => t::kept_money(locale).to_owned(),
        Some(Kept::Pieces) => t::kept_pieces(locale).to_owned(),
        Some(Kept::Making) => crate::t::commission::held_making(locale).to_owned(),
        Some(Kept::Order) => crate::t::shop::kept_order(locale).to_owned(),
    };
    let more = match held.kind {
        HeldKind::Waiting => Some(t::leaves_line(locale)),
        HeldKind::Enquiry | HeldKind::Application => Some(t::takes_back(locale)),
        HeldKind::BoughtCard | HeldKind::ReceivedCard if held.kept.is_none() => {
            Some(t::card_stays(locale))
        }
        _ => None,
    };
    let books = held.books_until.map(|until| {
        view! { <p class="small soft">{t::books_until(locale, format::date(locale, until))}</p> }
    });
    let tone = if held.kept.is_some() { "terracotta" } else { "celadon" };
    view! {
        <li class="entry"><div>
            <h2 class="entry-title">{title}</h2>
            <p class="entry-text">{about.join(" · ")}</p>
            <p class="small" data-tone=tone>{fate} {more.map(|more| format!(" {more}"))}</p>
            {books}
        </div></li>
    }
}
