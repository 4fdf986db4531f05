//! One booking of a company: what it is, giving it back, the voucher in the company's name.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::reseller::{self, Cancel, ResellerError, Sold, by_uuid, cancel_until};
use leptos::prelude::*;
use uuid::Uuid;

use super::desk::Desk;
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::see;
use crate::pages::host::resellers::refused;
use crate::pages::host::words;
use crate::pages::visitor::booking::{qr, spoken_code};
use crate::render::Page;
use crate::t::{manage, reseller as t};
use crate::ui::field::TextField;
use crate::ui::format;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};

type At = Path<(String, String, String)>;

async fn open(
    app: &App,
    visit: &Visit,
    contract: &str,
    uuid: &str,
) -> Result<(Desk, Sold), PageError> {
    let desk = Desk::open(app, visit, contract).await?;
    let uuid: Uuid = uuid.parse().map_err(|_| PageError::NotFound)?;
    let found = by_uuid(&mut app.store.read().await?, &desk.seller, uuid).await;
    let sold = found.map_err(refused)?.ok_or(PageError::NotFound)?;
    Ok((desk, sold))
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, contract, uuid)): At,
) -> Result<Response, PageError> {
    let (desk, sold) = open(&app, &visit, &contract, &uuid).await?;
    Ok(answer(&app, &visit, desk, sold, None))
}

pub async fn cancel(
    State(app): State<App>,
    visit: Visit,
    Path((_, contract, uuid)): At,
    form: Form,
) -> Result<Response, PageError> {
    let (desk, sold) = open(&app, &visit, &contract, &uuid).await?;
    let command = Cancel {
        seller: desk.seller.clone(),
        uuid: sold.resale.uuid,
        reason: form.text("reason").to_owned(),
        knowingly: form.has("knowingly"),
    };
    let done =
        app.store.write("cancel for a company", command, |tx, c| Box::pin(reseller::cancel(tx, c)));
    match done.await {
        Ok(_) => Ok(see(&desk.at(&visit, &format!("/bookings/{}", sold.resale.uuid)))),
        Err(ResellerError::Booking(error)) => {
            let trouble = words::of_booking(visit.locale, error)?;
            Ok(answer(&app, &visit, desk, sold, Some(trouble)))
        }
        Err(error) => Err(refused(error)),
    }
}

fn answer(app: &App, visit: &Visit, desk: Desk, sold: Sold, trouble: Option<String>) -> Response {
    let locale = visit.locale;
    let now = app.store.now();
    let new = Form::of_query(&visit.query).has("done");
    let tour = desk.catalogue.tour(sold.booking.tour_id);
    let title = tour.map_or("", |tour| tour.title.text(locale)).to_owned();
    let inner = visit.clone();
    Page::new(Head::host(title.clone())).render(visit, move || {
        let booking = &sold.booking;
        let here = desk.at(&inner, &format!("/bookings/{}", sold.resale.uuid));
        let counts = booking.state.kind().holds_seats();
        let until = cancel_until(booking.policy, sold.slot.starts_at);
        let said = new.then(|| view! { <Notice tone=Tone::Good title=t::booked(locale)/> });
        let trouble = trouble.map(|words| view! { <Notice tone=Tone::Bad title=words/> });
        let voucher = counts.then(|| {
            view! { <a class="btn" href=format!("{here}/voucher")>{t::voucher(locale)}</a> }
        });
        let open = counts && sold.slot.starts_at > now;
        let end = open.then(|| {
            let late = (!sold.is_open(now)).then(|| {
                view! {
                    <p>{t::late_text(locale)}</p>
                    <input type="hidden" name="knowingly" value="1"/>
                }
            });
            view! {
                <details>
                    <summary>{t::cancel(locale)}</summary>
                    <form class="form" method="post" action=here.clone()>
                        <p>{t::cancel_until(locale, format::date_time(locale, until))}</p>
                        {late}
                        <TextField locale name="reason" label=t::reason(locale) value="" optional=true/>
                        <div class="actions"><button class="btn btn-danger">{t::cancel(locale)}</button></div>
                    </form>
                </details>
            }
        });
        let state = words::state(locale, &booking.state, booking.people);
        let reference = (!sold.resale.reference.is_empty())
            .then(|| view! { <p>{t::col_reference(locale)} {locale.writing().colon} {sold.resale.reference.clone()}</p> });
        let back = vec![(desk.at(&inner, ""), t::portal_bookings(locale).to_owned())];
        let body = view! {
            {breadcrumb(locale, back)}
            <h1>{title}</h1>
            {said} {trouble}
            <section class="panel stack-s">
                <p><strong>{format::date_time(locale, sold.slot.starts_at)}</strong> " · " {state}</p>
                <p>{booking.name.clone()} " · " {booking.party.words(locale)} " · " {booking.total.display(locale)}</p>
                <p>{t::col_code(locale)} {locale.writing().colon} <strong>{spoken_code(&booking.code)}</strong></p>
                {reference}
                <div class="actions">{voucher}</div>
            </section>
            {end}
        };
        desk.frame(&inner, body)
    })
}

/// To print or to keep: the company's name, the workshop's place, no price.
pub async fn voucher(
    State(app): State<App>,
    visit: Visit,
    Path((_, contract, uuid)): At,
) -> Result<Response, PageError> {
    let (desk, sold) = open(&app, &visit, &contract, &uuid).await?;
    if !sold.booking.state.kind().holds_seats() {
        return Err(PageError::Gone);
    }
    let locale = visit.locale;
    let tour = desk.catalogue.tour(sold.booking.tour_id).ok_or(PageError::NotFound)?.clone();
    let code = qr(&visit, &sold.booking);
    let title = t::voucher(locale);
    let inner = visit.clone();
    Ok(Page::new(Head::host(title)).render(&visit, move || {
        let back = desk.at(&inner, &format!("/bookings/{}", sold.resale.uuid));
        let booking = &sold.booking;
        let phone = desk.agreement.reseller.phone.clone();
        let phone = (!phone.is_empty()).then(|| format::phone(&phone));
        view! {
            <main class="wrap" id="main">
                <div class="actions section-tight no-print">
                    <a class="btn btn-quiet" href=back>{manage::back(locale)}</a>
                </div>
                <article class="voucher" aria-labelledby="v-title">
                    <header class="voucher-head">
                        <p class="brand">{desk.seller.name.clone()}</p>
                        <p class="code">{spoken_code(&booking.code)}</p>
                    </header>
                    <div class="voucher-body">
                        <div class="stack">
                            <h1 class="panel-title" id="v-title">{tour.title.text(locale).to_owned()}</h1>
                            <p>{format::date_time(locale, sold.slot.starts_at)}</p>
                            <p>{desk.shop.name.clone()} <br/> {tour.meeting_point.text(locale).to_owned()}</p>
                            <p>{booking.party.words(locale)}</p>
                            <p>{manage::booking_of(locale, &booking.name)}</p>
                        </div>
                        <div class="stack-s center">
                            {code}
                            <p class="small">{manage::show_code(locale)}</p>
                        </div>
                    </div>
                    <footer class="voucher-foot"><p>{t::voucher_help(locale, &desk.seller.name)} " " {phone}</p></footer>
                </article>
            </main>
        }
    }))
}
