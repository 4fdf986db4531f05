//! The code on a voucher: typed, or read by the camera where the browser can.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::booking::Booking;
use engine::booking::checkin::{Scan, ScanOutcome, scan};
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame};
use super::words;
use crate::api::form::Form;
use crate::assets;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::host as t;
use crate::ui::format;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

type At = Path<(String, String)>;

/// What the page says aloud.
struct Said {
    tone: Tone,
    title: String,
    text: String,
    code: Option<String>,
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    answer(&visit, &desk, None, String::new())
}

pub async fn check_in(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let locale = visit.locale;
    let text = form.text("code").trim().to_owned();
    let command =
        Scan { actor: visit.actor.clone(), workshop: desk.id(), text: text.clone(), at: None };
    let outcome = app.store.write("scan", command, |tx, c| Box::pin(scan(tx, c))).await;
    let named = |booking: &Booking| format!("{} · {}", booking.name, booking.party.words(locale));
    let said = match outcome {
        Ok(ScanOutcome::Welcome(booking)) => Said {
            tone: Tone::Good,
            title: t::scan_welcome(locale).to_owned(),
            text: named(&booking),
            code: Some(booking.code),
        },
        Ok(ScanOutcome::AlreadyHere { booking, since }) => Said {
            tone: Tone::Warn,
            title: t::scan_already(locale, format::time(locale, since)),
            text: named(&booking),
            code: Some(booking.code),
        },
        Ok(ScanOutcome::OtherDay { code, date }) => Said {
            tone: Tone::Bad,
            title: t::scan_other_day(locale).to_owned(),
            text: format::sentence(&format::date(locale, date)),
            code: Some(code),
        },
        Ok(ScanOutcome::OtherWorkshop) => Said {
            tone: Tone::Bad,
            title: t::scan_other_workshop(locale).to_owned(),
            text: String::new(),
            code: None,
        },
        Ok(ScanOutcome::NotExpected { code, state }) => Said {
            tone: Tone::Bad,
            title: t::scan_not_expected(locale).to_owned(),
            text: format::sentence(words::state_word(locale, state)),
            code: Some(code),
        },
        Ok(ScanOutcome::Unknown) => Said {
            tone: Tone::Bad,
            title: t::scan_unknown(locale).to_owned(),
            text: t::scan_unknown_note(locale).to_owned(),
            code: None,
        },
        Err(error) => Said {
            tone: Tone::Bad,
            title: t::not_done(locale).to_owned(),
            text: words::of_check_in(locale, error)?,
            code: None,
        },
    };
    answer(&visit, &desk, Some(said), text)
}

fn answer(
    visit: &Visit,
    desk: &Desk,
    said: Option<Said>,
    typed: String,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let bad = said.as_ref().is_some_and(|said| said.tone == Tone::Bad);
    let status = if bad { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let shop = desk.workshop()?.clone();
    let inner = visit.clone();
    let title = t::scan_title(locale);
    Ok(Page::new(Head::host(title)).status(status).render(visit, move || {
        let news = said.map(|said| {
            let link = said.code.map(|code| {
                let page = at(&inner, &shop, &format!("/bookings/{code}"));
                view! { <p><a href=page>{t::open_booking(locale, code)}</a></p> }
            });
            view! { <Notice tone=said.tone title=said.title><p>{said.text}</p>{link}</Notice> }
        });
        let typed = if bad { typed } else { String::new() };
        let body = view! {
            <h1>{title}</h1>
            {news}
            <div class="scan" hidden data-scan>
                <video muted playsinline aria-label=t::camera(locale)></video>
            </div>
            <p hidden data-scan-start>
                <button class="btn" type="button">{crate::ui::icon::icon("camera")}{t::camera_start(locale)}</button>
            </p>
            <form class="form panel" method="post" action=at(&inner, &shop, "/scan") data-scan-form>
                <div class="field">
                    <label for="code">{t::type_code(locale)}</label>
                    <input class="input input-code" id="code" name="code" autocomplete="off"
                        autocapitalize="characters" required value=typed aria-invalid=bad.then_some("true")/>
                </div>
                <button class="btn btn-primary btn-large">{t::check_in(locale)}</button>
            </form>
            <script src=assets::url("host-scan.js") defer></script>
        };
        frame(&inner, Some(&shop), Tab::Scan, body)
    }))
}
