//! Labels to cut out: one for each piece, and a slip that the guest takes home. Without a printer the
//! numbers are written by hand; the page says how.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::craft;
use leptos::prelude::*;

use super::register::Shown;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Tab, at, frame};
use crate::render::Page;
use crate::t::piece as t;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, code)): Path<(String, String, String)>,
) -> Result<Response, PageError> {
    let shown = Shown::load(&app, &visit, &slug, &code).await?;
    let mut conn = app.store.read().await?;
    let records = craft::records_of(&mut conn, &shown.pieces).await?;
    drop(conn);
    let shop = shown.desk.workshop()?.clone();
    let party = shown.party.clone().ok_or(PageError::NotFound)?;
    let locale = visit.locale;
    // The slip is the guest's, in the guest's language.
    let theirs = shown.booking.locale;
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::labels_title(locale))).render(&visit, move || {
        let visit = &inner;
        let base = |path: String| format!("{}/{theirs}{path}", visit.base_url);
        let slips: Vec<_> = shown
            .pieces
            .iter()
            .map(|piece| {
                // Where it comes from, in the language of whoever scans; from there its way is a step.
                let record = records.get(&piece.id);
                let url = match record {
                    Some(record) => format!("{}/p/{}", visit.base_url, record.code),
                    None => base(format!("/pieces/{}", piece.code)),
                };
                let code =
                    record.map(|record| view! { <p class="code small">{record.spoken_code()}</p> });
                let qr = engine::qr::svg(&url, "qr-code", &t::label_qr(locale, &piece.label)).ok();
                let qr = qr.map(|svg| view! { <div class="label-qr" inner_html=svg></div> });
                let day = piece.promised_on.map(|day| format::date(locale, day));
                let made = format::date(locale, engine::clock::local_date(piece.created_at));
                view! {
                    <li class="label">
                        {qr}
                        <div>
                            <p class="label-number">{piece.label.clone()}</p>
                            <p>{piece.name.clone()}</p>
                            <p class="small">{made} {day.map(|day| format!(" → {day}"))}</p>
                            {code}
                        </div>
                    </li>
                }
            })
            .collect();
        let url = base(format!("/pieces/{}", party.secret));
        let qr = engine::qr::svg(&url, "qr-code", t::slip_qr(theirs)).ok();
        let qr = qr.map(|svg| view! { <div class="label-qr" inner_html=svg></div> });
        let numbers: Vec<_> = shown.pieces.iter().map(|piece| piece.label.clone()).collect();
        let back = at(visit, &shop, &format!("/bookings/{}/pieces", shown.booking.code));
        let body = view! {
            {breadcrumb(locale, vec![(back, t::register_title(locale, &shown.booking.name))])}
            <h1>{t::labels_title(locale)}</h1>
            <p class="no-print">{icon("print")} " " {t::labels_hint(locale)}</p>
            <p class="no-print soft">{t::by_hand_hint(locale)}</p>
            <ul class="labels">
                {slips}
                <li class="label label-slip" lang=theirs.code()>
                    {qr}
                    <div>
                        <p><strong>{shop.name.clone()}</strong></p>
                        <p>{t::slip_words(theirs)}</p>
                        <p class="label-number">{numbers.join(" · ")}</p>
                    </div>
                </li>
            </ul>
        };
        frame(visit, Some(&shop), Tab::Day, body)
    }))
}
