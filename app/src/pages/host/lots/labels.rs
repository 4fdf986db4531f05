//! A sheet of labels: QR code, product and code, to be cut out.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::{At, found, must_be_lot, of_lot};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, frame, see};
use crate::render::Page;
use crate::t::provenance as t;
use crate::ui::field::{ErrorSummary, TextField};
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::prose::foreign;

/// Labels of one sheet of A4, and at most of one printing.
const SHEET: usize = 24;
const MOST: usize = 120;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, lot)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let lot = found(&app, desk.id(), &lot).await?;
    must_be_lot(&lot)?;
    let shop = desk.workshop()?.clone();
    let here = of_lot(&visit, &shop, lot.id, "");
    // What was withdrawn gets no more labels.
    if !lot.is_live() {
        return Ok(see(&here));
    }
    let locale = visit.locale;
    let form = Form::of_query(&visit.query);
    let typed = form.text("count").trim().to_owned();
    let asked = if typed.is_empty() { Some(SHEET) } else { typed.parse().ok() };
    let asked = asked.filter(|count| (1..=MOST).contains(count));
    let mut wrong = Problems::default();
    if asked.is_none() {
        wrong.add("count", t::labels_wrong(locale));
    }
    let count = asked.unwrap_or(SHEET);
    let shown = if typed.is_empty() { count.to_string() } else { typed };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let village = desk.catalogue.village(shop.village_id);
    let place = village.map(|village| village.name.text(locale).to_owned()).unwrap_or_default();
    let title = lot.title.text(locale).to_owned();
    let heading = t::labels_title(locale, &title);
    let inner = visit.clone();
    Ok(Page::new(Head::host(heading.clone())).status(status).render(&visit, move || {
        let address = format!("{}/p/{}", inner.base_url, lot.code);
        let qr = engine::qr::svg(&address, "qr-code", t::qr_says(locale)).unwrap_or_default();
        let labels: Vec<_> = (0..count)
            .map(|_| {
                view! {
                    <li class="label">
                        <div class="label-qr" inner_html=qr.clone()></div>
                        <div class="label-words">
                            <p class="label-title" lang=foreign(&lot.title, locale)>{title.clone()}</p>
                            <p>{shop.name.clone()}<br/>{place.clone()}</p>
                            <p class="code">{lot.spoken_code()}</p>
                            <p>{t::scan_hint(locale)}</p>
                        </div>
                    </li>
                }
            })
            .collect();
        let back = vec![(here.clone(), t::back(locale).to_owned())];
        let body = view! {
            {breadcrumb(locale, back)}
            <h1 class="no-print">{heading}</h1>
            <p class="soft no-print">{t::labels_lead(locale)} " " {t::labels_print(locale)}</p>
            <div class="no-print stack-s">
                <ErrorSummary locale problems=wrong.clone()/>
                <form class="form panel" method="get" action=format!("{here}/labels") novalidate>
                    <TextField locale name="count" label=t::labels_count(locale) kind="number"
                        inputmode="numeric" short=true min="1" max=MOST.to_string() value=shown
                        error=wrong.of("count")/>
                    <div><button class="btn" type="submit">{t::labels_go(locale)}</button></div>
                </form>
            </div>
            <ul class="labels">{labels}</ul>
        };
        frame(&inner, Some(&shop), Tab::Lots, body)
    }))
}
