//! A booking as its guest sees it, by the secret link.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, TimeDelta, Utc};
use engine::booking::disruption;
use engine::booking::guests::{self, Guest};
use engine::booking::{Booking, BookingError, EndedBy, State as BookingState, StateKind, query};
use engine::catalogue::Catalogue;
use engine::clock::local_date;
use engine::locale::Locale;
use engine::mail;
use engine::payment::PaymentTerms;
use engine::schedule::{NoSeats, slots};
use leptos::prelude::*;

use super::extras;
use super::studies::Studies;
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::islands::HoldClock;
use crate::render::Page;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::party::party_error;
use crate::ui::price::PriceLines;
use crate::ui::prose::own;
use crate::ui::sessions::sessions_folded;
use crate::ui::summary::{Visited, moment, policy_dates};
use crate::{assets, t};

/// The three parts of a manage link's path: language, code, secret.
pub type Link = Path<(String, String, String)>;

/// A booking with all that its pages tell of it.
#[derive(Debug, Clone)]
pub struct Opened {
    pub booking: Booking,
    pub visited: Visited,
    pub catalogue: Arc<Catalogue>,
    pub now: DateTime<Utc>,
}

impl Opened {
    /// Seconds that the hold still lasts; 0 when it ran out, None for a booking that is no hold.
    pub fn hold_left(&self) -> Option<i64> {
        match self.booking.state {
            BookingState::Held { until } => Some((until - self.now).num_seconds().max(0)),
            BookingState::Expired { .. } => Some(0),
            _ => None,
        }
    }

    /// The hold ran out, whether or not its seats were given back yet.
    pub fn ran_out(&self) -> bool {
        self.hold_left() == Some(0)
    }
}

/// Opens a booking; a wrong secret is answered as if there were no such booking.
pub async fn open(app: &App, link: &Link) -> Result<Opened, PageError> {
    let Path((_, code, secret)) = link;
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let booking = query::by_secret(&mut conn, code, secret).await?.ok_or(PageError::NotFound)?;
    let slot = slots::find(&mut conn, booking.slot_id).await?.ok_or(PageError::NotFound)?;
    let visited =
        Visited::of(&catalogue, slot, local_date(booking.created_at)).ok_or(PageError::NotFound)?;
    let visited = visited.promised(booking.policy);
    let visited = visited.with_sessions(&mut conn).await?;
    Ok(Opened { booking, visited, catalogue, now: app.store.now() })
}

/// The address of one of a booking's pages: `sub` is "" or "/cancel" and so on.
pub fn address(visit: &Visit, booking: &Booking, sub: &str) -> String {
    visit.link(&format!("/booking/{}/{}{sub}", booking.code, booking.secret))
}

/// For pages whose address is a secret: kept nowhere, told to no other site.
pub fn private(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Not "no-referrer": with it browsers also hide the origin of forms, which guards them.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    response
}

pub fn see(address: &str) -> Response {
    private(Redirect::to(address).into_response())
}

/// What went wrong, in the visitor's words; what is no matter of words ends the request.
pub fn trouble(locale: Locale, error: BookingError) -> Result<String, PageError> {
    Ok(match error {
        BookingError::Store(error) => return Err(error.into()),
        BookingError::Unknown | BookingError::Forbidden(_) => return Err(PageError::NotFound),
        BookingError::Party(error) => party_error(locale, error),
        BookingError::Seats(NoSeats::Full { left }) => t::book::only_left(locale, i64::from(left)),
        BookingError::Seats(NoSeats::Closed | NoSeats::Unknown) | BookingError::NotOnSale => {
            t::book::slot_gone(locale).to_owned()
        }
        BookingError::Seats(NoSeats::Busy(_)) => t::book::busy(locale).to_owned(),
        BookingError::TooLate => t::manage::too_late(locale).to_owned(),
        BookingError::Changed => t::manage::changed_meanwhile(locale).to_owned(),
        BookingError::OfPass => t::pass::leg_alone(locale).to_owned(),
        BookingError::Resold => t::reseller::resold(locale).to_owned(),
        // Said to travel companies alone.
        BookingError::Contract(_) => t::book::slot_gone(locale).to_owned(),
        BookingError::Extra(error) => super::extras::problem(locale, error).1,
        BookingError::Promo(error) => super::code::refusal(locale, &error),
        BookingError::State(_) | BookingError::Fields(_) => {
            t::manage::not_in_this_state(locale).to_owned()
        }
    })
}

/// The clock above the form while seats are held.
pub fn hold_clock(locale: Locale, opened: &Opened, total_minutes: i64) -> impl IntoView + use<> {
    let until = match opened.booking.state {
        BookingState::Held { until } => until,
        _ => opened.now,
    };
    let seconds = opened.hold_left().unwrap_or(0);
    let until = if until - opened.now > TimeDelta::hours(12) {
        moment(locale, until)
    } else {
        format::time(locale, until)
    };
    let kept = t::book::kept_until(locale, i64::from(opened.booking.people), until);
    view! {
        <HoldClock
            seconds
            total=total_minutes * 60
            label=t::book::hold_label(locale).to_owned()
            kept
            late=t::book::hold_late(locale).to_owned()
            over=t::book::hold_over(locale).to_owned()
            icon=format!("{}#i-clock", assets::url("icons.svg"))
        />
    }
}

/// The code in two groups, as people read it aloud.
pub fn spoken_code(code: &str) -> String {
    match code.split_at_checked(code.len() / 2) {
        Some((first, last)) => format!("{first} {last}"),
        None => code.to_owned(),
    }
}

/// The booking's code as a picture that the host's phone reads. It carries no secret: whoever
/// photographs a voucher must not be able to cancel the visit.
pub fn qr(visit: &Visit, booking: &Booking) -> impl IntoView + use<> {
    let address = visit.absolute(&format!("/booking/{}", booking.code));
    let says = t::manage::qr(visit.locale, &booking.code);
    let picture = engine::qr::svg(&address, "qr-code", &says).ok();
    picture.map(|svg| view! { <div class="qr" inner_html=svg></div> })
}

/// Where a guest lands who scans the voucher: the code alone opens nothing.
pub async fn without_secret(visit: Visit) -> Response {
    see(&visit.link("/find"))
}

/// The visit as a calendar entry, with the identity of the one that was mailed.
pub async fn calendar_entry(State(app): State<App>, link: Link) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    let mail = app.mail.as_ref().ok_or(PageError::NotFound)?;
    if opened.hold_left().is_some() {
        return Err(PageError::NotFound);
    }
    let (booking, slot) = (&opened.booking, &opened.visited.slot);
    let entry = mail::invite::download(
        mail,
        &opened.catalogue,
        booking,
        slot,
        &opened.visited.sessions,
        opened.now,
    )
    .ok_or(PageError::NotFound)?;
    let name = format!("attachment; filename=\"{}.ics\"", booking.code);
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok(private((headers, entry).into_response()))
}

pub async fn page(State(app): State<App>, visit: Visit, link: Link) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    if opened.hold_left().is_some() {
        let complete = !opened.booking.name.is_empty();
        let sub = if complete { "/review" } else { "/details" };
        return Ok(see(&address(&visit, &opened.booking, sub)));
    }
    if opened.booking.state.kind() == StateKind::AwaitingPayment {
        return Ok(see(&address(&visit, &opened.booking, "/pay")));
    }
    let news = Form::of_query(&visit.query);
    let mut conn = app.store.read().await?;
    let told = super::paid::load(&mut conn, &opened.booking).await?;
    let guests = guests::of_booking(&mut conn, opened.booking.id).await?;
    let studies = super::studies::load(&mut conn, &opened).await?;
    let asked = disruption::open_case(&mut conn, opened.booking.id).await?;
    let written = engine::review::of_booking(&mut conn, opened.booking.id).await?;
    let pass = match opened.booking.pass_booking_id {
        Some(pass) => engine::pass::by_id(&mut conn, pass).await?,
        None => None,
    };
    let pieces = super::pieces::offer(&mut conn, &visit, &opened.booking).await?;
    let shelf = super::shop::at_visit(&mut conn, &visit, &opened.booking).await?;
    drop(conn);
    let asked = asked.map(|(case, _)| super::bad_day::notice(&visit, &opened, &case));
    let pass = pass.map(|booked| super::pass::of_leg(&visit, &booked));
    let paid = super::paid::section(&visit, &opened.booking, &told);
    let rating = super::reviews::own::way(&visit, &opened.booking, written);
    let asked =
        Around { asked: [pieces, asked, pass, rating, paid, shelf], paid: told.money.any() };
    Ok(private(manage(&visit, opened, (&guests, studies, asked), &news, app.mail.is_some())))
}

/// A badge for each state: its tone, icon and words.
fn badge(locale: Locale, state: &BookingState) -> impl IntoView + use<> {
    let (tone, sign, words) = match state {
        BookingState::Held { .. } => ("silk", "clock", t::manage::state_held(locale)),
        BookingState::AwaitingPayment { .. } => {
            ("silk", "money", t::manage::state_awaiting(locale))
        }
        BookingState::Confirmed { .. } => ("celadon", "check", t::manage::state_confirmed(locale)),
        BookingState::CheckedIn { .. } => ("celadon", "hand", t::manage::state_checked_in(locale)),
        BookingState::NoShow => ("terracotta", "close", t::manage::state_no_show(locale)),
        BookingState::Cancelled { .. } => ("lacquer", "close", t::manage::state_cancelled(locale)),
        BookingState::Expired { .. } => ("terracotta", "clock", t::manage::state_expired(locale)),
    };
    view! { <span class="badge" data-tone=tone>{icon(sign)}{words}</span> }
}

/// A sentence on the state, where there is more to say than its badge.
fn explanation(locale: Locale, booking: &Booking, paid: bool) -> Option<String> {
    Some(match &booking.state {
        // What it costs is said beside what was paid.
        BookingState::Cancelled { by: EndedBy::Guest, at, .. } if paid => {
            t::payment::cancelled_at(locale, moment(locale, *at))
        }
        BookingState::Cancelled { by: EndedBy::Guest, at, refund_percent, .. } => {
            let fee = booking.total - booking.total.percent(*refund_percent);
            let at = moment(locale, *at);
            if fee.0 == 0 {
                t::manage::cancelled_free(locale, at)
            } else {
                t::manage::cancelled_fee(locale, at, fee.display(locale))
            }
        }
        BookingState::Cancelled { at, .. } => {
            t::manage::cancelled_by_host(locale, moment(locale, *at))
        }
        BookingState::NoShow => t::manage::no_show_explained(locale).to_owned(),
        BookingState::CheckedIn { .. } => t::manage::checked_in_explained(locale).to_owned(),
        _ => return None,
    })
}

/// The lines of the ticket.
pub fn ticket_lines(locale: Locale, opened: &Opened) -> impl IntoView + use<> {
    let visited = &opened.visited;
    let booking = &opened.booking;
    let price = match visited.tour.payment_terms() {
        PaymentTerms::OnTheSpot => t::book::to_pay(locale),
        PaymentTerms::Deposit { .. } | PaymentTerms::Full { .. } => t::book::total(locale),
    };
    let bill = booking.bill();
    let lines = bill.explains().then(|| {
        view! {
            <details class="price-why">
                <summary>{t::price::made_of(locale)}</summary>
                <PriceLines locale bill/>
            </details>
        }
    });
    let extras = (!booking.extras.is_empty()).then(|| {
        let words = booking.extras.words(locale);
        view! { <div><dt>{t::price::extras(locale)}</dt><dd>{words}</dd></div> }
    });
    view! {
        <dl class="pairs">
            <div>
                <dt>{t::book::when(locale)}</dt>
                <dd>
                    <time datetime=visited.slot.starts_at.to_rfc3339()>
                        <strong>{visited.when(locale)}</strong>
                    </time>
                    <br/>
                    <span class="soft small">{t::book::venue_time(locale)}</span>
                    {sessions_folded(locale, &visited.sessions)}
                </dd>
            </div>
            <div><dt>{t::book::party(locale)}</dt><dd>{booking.party.words(locale)}</dd></div>
            <div>
                <dt>{t::book::place(locale)}</dt>
                <dd>
                    {own(&visited.tour.meeting_point, locale)}
                    <br/>
                    {own(&visited.workshop.address, locale)}
                </dd>
            </div>
            {extras}
            <div>
                <dt>{price}</dt>
                <dd><strong>{booking.total.display(locale)}</strong>{lines}</dd>
            </div>
        </dl>
    }
}

/// What stands above the ticket.
struct Around {
    /// What they made, a bad day's question, the pass, the guest's review, the money, the shop.
    asked: [Option<AnyView>; 6],
    /// Something was paid beforehand.
    paid: bool,
}

fn manage(
    visit: &Visit,
    opened: Opened,
    (filled, studies, asked): (&[Guest], Option<Studies>, Around),
    news: &Form,
    calendar: bool,
) -> Response {
    let locale = visit.locale;
    let Around { asked, paid } = asked;
    let booking = &opened.booking;
    let done = news.has("done") && booking.state.kind() == StateKind::Confirmed;
    let said = [
        ("changed", t::manage::news_changed(locale)),
        ("moved", t::manage::news_moved(locale)),
        ("cancelled", t::manage::news_cancelled(locale)),
    ]
    .into_iter()
    .find(|(name, _)| news.has(name))
    .map(|(_, words)| words);
    let alone = booking.stands_alone();
    let more = extras::may_choose(&opened);
    let extras = address(visit, booking, "/extras");
    let open_to_change = alone
        && booking.state.kind() == StateKind::Confirmed
        && opened.now < opened.visited.slot.closes_at;
    let may_cancel = alone
        && booking.state.kind() == StateKind::Confirmed
        && opened.now < opened.visited.slot.starts_at;
    let to = |sub: &str| address(visit, booking, sub);
    let entry = calendar.then(|| to("/invite.ics"));
    let code = qr(visit, booking);
    let links = (to("/voucher"), to("/party"), to("/move"), to("/cancel"));
    let map =
        format!("geo:{},{}", opened.visited.tour.meeting_lat, opened.visited.tour.meeting_lon);
    let title = t::manage::title(locale, &booking.code);
    let guests = super::guests::section(visit, &opened, filled);
    let studies = studies.map(|studies| super::studies::section(visit, &studies).into_any());
    let mut page = Page::new(Head::private(title));
    if guests.is_some() && booking.people > 1 {
        page = page.with_islands();
    }
    page.render(visit, move || {
        let booking = &opened.booking;
        let visited = &opened.visited;
        let head = if done {
            view! {
                <div class="done-head">
                    <span class="done-mark">{icon("check")}</span>
                    <h1>{t::manage::done_title(locale)}</h1>
                    <p class="lead">{t::manage::done_sent(locale, &booking.email)}</p>
                </div>
            }
            .into_any()
        } else {
            view! {
                <header class="page-head stack-s">
                    <p class="kicker">{t::manage::booking_of(locale, &booking.name)}</p>
                    <h1>{own(&visited.tour.title, locale)}</h1>
                    <p>{badge(locale, &booking.state)}</p>
                </header>
            }
            .into_any()
        };
        let said = said.map(|words| {
            view! { <Notice tone=Tone::Good title=words><p>{t::manage::news_mail(locale)}</p></Notice> }
        });
        let explained = explanation(locale, booking, paid).map(|words| view! { <p>{words}</p> });
        let ended = !booking.state.kind().holds_seats();
        let (voucher, party, moving, cancel) = links;
        let papers = (!ended).then(|| {
            view! {
                <div class="actions no-print">
                    {entry.map(|entry| view! {
                        <a class="btn" href=entry>{icon("calendar")}{t::manage::to_calendar(locale)}</a>
                    })}
                    <a class="btn" href=voucher>{icon("print")}{t::manage::voucher(locale)}</a>
                    <a class="btn" href=map>{icon("pin")}{t::manage::directions(locale)}</a>
                </div>
            }
        });
        let bring = visited.tour.bring.get(locale).clone();
        let before = done.then(|| {
            let items: Vec<_> = bring
                .into_iter()
                .chain([t::manage::reminder_comes(locale).to_owned()])
                .map(|item| view! { <li>{icon("check")}{item}</li> })
                .collect();
            view! {
                <section class="panel" aria-labelledby="next-title">
                    <h2 class="panel-title" id="next-title">{t::manage::before_you_come(locale)}</h2>
                    <ul class="ticks">{items}</ul>
                </section>
            }
        });
        let policy: Vec<_> = policy_dates(locale, visited.tour.policy, visited.slot.starts_at, opened.now)
            .into_iter()
            .map(|line| view! { <li>{line}</li> })
            .collect();
        let changes = (may_cancel || open_to_change).then(|| {
            view! {
                <section class="stack" aria-labelledby="change-title">
                    <h2 id="change-title">{t::manage::changes(locale)}</h2>
                    <ul class="ticks">{policy}</ul>
                    <div class="actions">
                        {open_to_change.then(|| view! {
                            <a class="btn" href=party>{icon("people")}{t::manage::change_party(locale)}</a>
                            <a class="btn" href=moving>{icon("moved")}{t::manage::change_slot(locale)}</a>
                        })}
                        {more.then(|| view! {
                            <a class="btn" href=extras>{icon("plus")}{t::price::extras_title(locale)}</a>
                        })}
                        {may_cancel.then(|| view! {
                            <a class="btn btn-danger" href=cancel>{icon("close")}{t::manage::cancel(locale)}</a>
                        })}
                    </div>
                </section>
            }
        });
        let phone = visited.workshop.phone.clone();
        view! {
            <div class="wrap-narrow stack-l section-tight">
                {head}
                {said}
                {asked}
                {explained}
                <article class="ticket" data-state=ended.then_some("cancelled") aria-labelledby="t-title">
                    <div class="ticket-main">
                        <h2 class="ticket-title summary-title" id="t-title">{visited.place(locale)}</h2>
                        {ticket_lines(locale, &opened)}
                    </div>
                    <div class="ticket-stub">
                        {(!ended).then_some(code)}
                        <p class="code">{spoken_code(&booking.code)}</p>
                        <p class="small soft">{t::manage::show_code(locale)}</p>
                    </div>
                </article>
                {papers}
                {studies}
                {guests}
                {before}
                {changes}
                <p>{t::manage::help(locale)} " " <a href=format!("tel:{phone}")>{format::phone(&phone)}</a></p>
            </div>
        }
    })
}
