//! A booked pass as its guest sees it, by the secret link.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use engine::booking::State as BookingState;
use engine::catalogue::Catalogue;
use engine::pass::{self, Booked, Leg, Place, Standing};
use engine::{Locale, mail};
use leptos::prelude::*;

use super::itinerary::{Step, itinerary};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::booking::{address, private, spoken_code};
use crate::render::Page;
use crate::t;
use crate::t::pass as tp;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::prose::own;
use crate::ui::summary::policy_dates;

/// The three parts of a pass's link: language, code, secret.
pub type Link = Path<(String, String, String)>;

/// A booked pass with what its pages need.
pub struct Opened {
    pub booked: Booked,
    pub catalogue: Arc<Catalogue>,
    pub now: DateTime<Utc>,
}

/// A wrong secret is answered as if there were no such pass.
pub async fn open(app: &App, link: &Link) -> Result<Opened, PageError> {
    let Path((_, code, secret)) = link;
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let booked = pass::by_secret(&mut conn, code, secret).await?.ok_or(PageError::NotFound)?;
    Ok(Opened { booked, catalogue, now: app.store.now() })
}

impl Opened {
    /// The address of one of the pass's pages: `sub` is "" or "/cancel" and so on.
    pub fn address(&self, visit: &Visit, sub: &str) -> String {
        visit.link(&format!("{}{sub}", pass::manage_path(&self.booked.booking)))
    }

    pub fn options(&self) -> Vec<engine::OptionId> {
        self.booked.live().map(|leg| leg.booking.option_id).collect()
    }

    pub fn house(&self, leg: &Leg) -> String {
        let house = self.catalogue.workshop(leg.booking.workshop_id);
        house.map_or_else(String::new, |house| house.name.clone())
    }

    /// The day's stops; `more` adds what a page says of each.
    pub fn day(
        &self,
        visit: &Visit,
        more: impl Fn(&Leg, &Place<'_>) -> Option<AnyView>,
    ) -> AnyView {
        let steps = self.booked.legs.iter().filter_map(|leg| {
            let place = Place::of(&self.catalogue, leg.booking.option_id)?;
            let step = Step::new(visit, &place, Some(&leg.slot)).off(!leg.is_live());
            Some(match more(leg, &place) {
                Some(more) => step.with(more),
                None => step,
            })
        });
        itinerary(visit.locale, steps.collect(), &self.booked.ways(&self.catalogue)).into_any()
    }
}

/// Each leg's entry, with the identity of the ones that were mailed.
pub async fn calendar(State(app): State<App>, link: Link) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    let settings = app.mail.as_ref().ok_or(PageError::NotFound)?;
    let entries =
        mail::invite::download_pass(settings, &opened.catalogue, &opened.booked, opened.now);
    let name = format!("attachment; filename=\"{}.ics\"", opened.booked.booking.code);
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok(private((headers, entries).into_response()))
}

pub async fn page(State(app): State<App>, visit: Visit, link: Link) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    let locale = visit.locale;
    let news = Form::of_query(&visit.query);
    let booked = &opened.booked;
    let standing = booked.standing();
    let done = news.has("done") && standing == Standing::Whole;
    let head = head(locale, booked, done).into_any();
    let said = [
        ("changed", tp::news_changed(locale)),
        ("moved", tp::news_moved(locale)),
        ("cancelled", tp::news_cancelled(locale)),
    ]
    .into_iter()
    .find(|(name, _)| news.has(name))
    .map(|(_, words)| view! { <Notice tone=Tone::Good title=words><p>{tp::news_mail(locale)}</p></Notice> });
    let part = (standing == Standing::Part).then(|| {
        view! { <Notice tone=Tone::Warn title=tp::state_part(locale)><p>{tp::state_part_text(locale)}</p></Notice> }
    });
    let date = booked.date().map(|date| format::sentence(&format::date(locale, date)));
    let day = opened.day(&visit, |leg, place| Some(of_leg(&visit, leg, place, opened.now)));
    let total = booked.total().display(locale);
    let papers = (standing != Standing::Cancelled && app.mail.is_some()).then(|| {
        view! {
            <div class="actions no-print">
                <a class="btn" href=opened.address(&visit, "/pass.ics")>{icon("calendar")}{tp::to_calendar(locale)}</a>
            </div>
        }
    });
    let changes = changes(&visit, &opened).map(IntoAny::into_any);
    let code = spoken_code(&booked.booking.code);
    let head_of = Head::private(tp::manage_title(locale, &booked.booking.code));
    Ok(private(Page::new(head_of).render(&visit, move || {
        view! {
            <div class="wrap-narrow stack-l section-tight">
                {head}
                {said}
                {part}
                <article class="panel stack" aria-labelledby="day-title">
                    <h2 class="panel-title" id="day-title">{date}</h2>
                    {day}
                    <dl class="price-lines">
                        <div class="price-total"><dt>{tp::total(locale)}</dt><dd>{total}</dd></div>
                    </dl>
                    <p class="price-note">{tp::pay_there(locale)}</p>
                    <p>{tp::code(locale)} {locale.writing().colon} <span class="code">{code}</span></p>
                </article>
                {papers}
                <p class="small soft no-print">{tp::print_hint(locale)}</p>
                {changes}
            </div>
        }
    })))
}

fn head(locale: Locale, booked: &Booked, done: bool) -> impl IntoView + use<> {
    if done {
        return view! {
            <div class="done-head">
                <span class="done-mark">{icon("check")}</span>
                <h1>{tp::done_title(locale)}</h1>
                <p class="lead">{tp::done_sent(locale, &booked.booking.email)}</p>
            </div>
        }
        .into_any();
    }
    let (tone, sign, words) = match booked.standing() {
        Standing::Whole => ("celadon", "check", tp::state_whole(locale)),
        Standing::Part => ("terracotta", "warning", tp::state_part(locale)),
        Standing::Cancelled => ("lacquer", "close", tp::state_cancelled(locale)),
    };
    view! {
        <header class="page-head stack-s">
            <p class="kicker">{tp::pass_of(locale, &booked.booking.name)}</p>
            <h1>{own(&booked.pass.title, locale)}</h1>
            <p><span class="badge" data-tone=tone>{icon(sign)}{words}</span></p>
        </header>
    }
    .into_any()
}

/// Where to meet, who comes, what it costs, and the stop's own papers.
fn of_leg(visit: &Visit, leg: &Leg, place: &Place<'_>, now: DateTime<Utc>) -> AnyView {
    let locale = visit.locale;
    let booking = &leg.booking;
    if let BookingState::Cancelled { refund_percent, .. } = &booking.state {
        let back = booking.total.percent(*refund_percent).display(locale);
        return view! { <p><b>{tp::leg_cancelled(locale, back)}</b></p> }.into_any();
    }
    let tour = place.tour;
    let map = format!("geo:{},{}", tour.meeting_lat, tour.meeting_lon);
    let phone = place.workshop.phone.clone();
    let (page, voucher) = (address(visit, booking, ""), address(visit, booking, "/voucher"));
    let policy = policy_dates(locale, booking.policy, leg.slot.starts_at, now);
    let policy = locale.writing().sentences(&policy);
    view! {
        <dl class="pairs">
            <div><dt>{t::book::party(locale)}</dt><dd>{booking.party.words(locale)}</dd></div>
            <div>
                <dt>{t::book::place(locale)}</dt>
                <dd>
                    {own(&tour.meeting_point, locale)} <br/> {own(&place.workshop.address, locale)}
                    <br/> <a href=map>{t::manage::directions(locale)}</a>
                </dd>
            </div>
            <div><dt>{t::book::to_pay(locale)}</dt><dd>{booking.total.display(locale)}</dd></div>
            <div><dt>{tp::leg_code(locale)}</dt><dd><span class="code">{spoken_code(&booking.code)}</span></dd></div>
            <div><dt>{tp::help(locale)}</dt><dd><a href=format!("tel:{phone}")>{format::phone(&phone)}</a></dd></div>
        </dl>
        <p class="price-note">{policy}</p>
        <p class="actions no-print">
            <a class="btn btn-small" href=voucher>{icon("print")}{tp::leg_voucher(locale)}</a>
            <a class="btn btn-small btn-quiet" href=page>{tp::leg_page(locale)}</a>
        </p>
    }
    .into_any()
}

fn changes(visit: &Visit, opened: &Opened) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let (booked, now) = (&opened.booked, opened.now);
    let open = booked.is_open(now);
    if !open && booked.cancellable(now).next().is_none() {
        return None;
    }
    let to = |sub: &str| opened.address(visit, sub);
    let change = open.then(|| {
        view! {
            <a class="btn" href=to("/party")>{icon("people")}{tp::party_title(locale)}</a>
            <a class="btn" href=to("/move")>{icon("moved")}{tp::move_title(locale)}</a>
        }
    });
    Some(view! {
        <section class="stack no-print" aria-labelledby="change-title">
            <h2 id="change-title">{tp::changes(locale)}</h2>
            <p>{tp::changes_text(locale)}</p>
            <div class="actions">
                {change}
                <a class="btn btn-danger" href=to("/cancel")>{icon("close")}{tp::cancel_now(locale)}</a>
            </div>
        </section>
    })
}
