//! Another number of people, at every stop.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use engine::catalogue::UnitKind;
use engine::pass::{self, ChangePassParty, Place};
use leptos::prelude::*;

use super::manage::{Link, Opened, open};
use super::{party_fields, trouble, wish};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::booking::{private, see};
use crate::render::Page;
use crate::t;
use crate::t::pass as tp;
use crate::ui::field::ErrorSummary;
use crate::ui::icon::icon;
use crate::ui::layout::Head;

pub async fn page(State(app): State<App>, visit: Visit, link: Link) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    if !opened.booked.is_open(opened.now) {
        return Ok(see(&opened.address(&visit, "")));
    }
    let lines = opened.booked.live().next().map(|leg| leg.booking.party.lines().to_vec());
    let filled = lines.unwrap_or_default();
    let filled = filled.iter().map(|line| (line.kind.word().to_owned(), line.quantity.to_string()));
    let form = Form::of_pairs(filled.collect());
    Ok(answer(&visit, &opened, &form, Problems::default()))
}

pub async fn change(
    State(app): State<App>,
    visit: Visit,
    link: Link,
    form: Form,
) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    let party = match wish(visit.locale, &kinds(&opened), &form) {
        Ok(party) => party,
        Err(problems) => return Ok(answer(&visit, &opened, &form, problems)),
    };
    let (catalogue, booking) = (opened.catalogue.clone(), opened.booked.booking.id);
    let command = ChangePassParty { catalogue, booking, party };
    let changed =
        app.store.write("pass party", command, |tx, c| Box::pin(pass::change_party(tx, c))).await;
    match changed {
        Ok(_) => Ok(see(&format!("{}?changed=1", opened.address(&visit, "")))),
        Err(error) => {
            let mut problems = Problems::default();
            let says = trouble(visit.locale, &opened.catalogue, &opened.options(), error)?;
            problems.add(UnitKind::Adult.word(), says);
            Ok(answer(&visit, &opened, &form, problems))
        }
    }
}

/// Whom every stop takes, or has already.
fn kinds(opened: &Opened) -> Vec<UnitKind> {
    let takes = |kind: &UnitKind| {
        opened.booked.live().all(|leg| {
            let has = leg.booking.party.lines().iter().any(|line| line.kind == *kind);
            let place = Place::of(&opened.catalogue, leg.booking.option_id);
            let sold = place.is_some_and(|it| it.option.open_units().any(|it| it.kind == *kind));
            has || sold
        })
    };
    UnitKind::ALL.iter().copied().filter(|kind| takes(kind)).collect()
}

fn answer(visit: &Visit, opened: &Opened, form: &Form, problems: Problems) -> Response {
    let locale = visit.locale;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (here, back) = (opened.address(visit, "/party"), opened.address(visit, ""));
    let fields = party_fields(locale, &kinds(opened), |_| None, form, &problems).into_any();
    let day = opened.day(visit, |_, _| None);
    let total = opened.booked.total().display(locale);
    let head = Head::private(tp::party_title(locale));
    private(Page::new(head).status(status).render(visit, move || {
        view! {
            <div class="wrap booking">
                <div class="booking-head">
                    <h1>{tp::party_title(locale)}</h1>
                    <p>{tp::party_lead(locale)}</p>
                </div>
                <form class="booking-main form" method="post" action=here novalidate>
                    <ErrorSummary locale problems=problems.clone()/>
                    <div class="panel">
                        <fieldset class="fieldset">
                            <legend>{t::book::how_many(locale)}</legend>
                            <div class="pass-party">{fields}</div>
                        </fieldset>
                    </div>
                    <div class="actions">
                        <button class="btn btn-primary btn-large" type="submit">{tp::party_save(locale)}</button>
                        <a class="btn btn-quiet" href=back>{icon("arrow-left")}{tp::back(locale)}</a>
                    </div>
                </form>
                <aside class="booking-aside summary" aria-labelledby="now-title">
                    <div class="summary-body">
                        <h2 class="summary-title" id="now-title">{tp::as_now(locale)}</h2>
                        {day}
                        <p>{tp::total(locale)} {locale.writing().colon} <strong>{total}</strong></p>
                    </div>
                </aside>
            </div>
        }
    }))
}
