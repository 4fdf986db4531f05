//! A guest is asked to come to a sister workshop, or some of a party are: what is offered there,
//! and the answer. The booking stays as it is until they accept.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use engine::OverflowId;
use engine::booking::disruption;
use engine::booking::overflow::{
    self, Accept, Overflow, OverflowError, OverflowState, Way, accept, decline,
};
use engine::booking::{Answers, Booking, BookingError, query};
use engine::catalogue::QuestionScope;
use engine::clock::local_date;
use engine::schedule::slots;
use leptos::prelude::*;

use super::booking::{address, private, trouble};
use super::details::{QUESTION, problems, question};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::overflow as t;
use crate::ui::field::{Checkbox, ErrorSummary, Hidden};
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::price::PriceLines;
use crate::ui::prose::own;
use crate::ui::summary::{Visited, moment, policy_dates};
use crate::{Locale, t as words};

type Link = Path<(String, String, String)>;

/// Everything the page tells.
struct Asked {
    overflow: Overflow,
    /// What the guest has booked.
    booking: Booking,
    here: Visited,
    /// What is kept at the sister workshop, or what came of it.
    there: Booking,
    sister: Visited,
    /// Where they are can't be kept: they choose among this and other ways.
    bad_day: bool,
}

async fn find(app: &App, id: &str, secret: &str) -> Result<Asked, PageError> {
    let id: OverflowId = id.parse().map_err(|_| PageError::NotFound)?;
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let overflow = overflow::by_secret(&mut conn, id, secret).await?.ok_or(PageError::NotFound)?;
    let booking = overflow.booking_id.ok_or(PageError::NotFound)?;
    let booking = query::by_id(&mut conn, booking).await?.ok_or(PageError::NotFound)?;
    let there = query::by_id(&mut conn, overflow.to_booking_id).await?;
    let there = there.ok_or(PageError::NotFound)?;
    let bad_day = disruption::open_case(&mut conn, booking.id).await?.is_some();
    let mut visited = Vec::new();
    for slot in [overflow.from_slot_id, overflow.to_slot_id] {
        let slot = slots::find(&mut conn, slot).await?.ok_or(PageError::NotFound)?;
        visited.push(
            Visited::of(&catalogue, slot, local_date(booking.created_at))
                .ok_or(PageError::NotFound)?,
        );
    }
    let (Some(sister), Some(here)) = (visited.pop(), visited.pop()) else {
        return Err(PageError::NotFound);
    };
    Ok(Asked { overflow, booking, here, there, sister, bad_day })
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, id, secret)): Link,
) -> Result<Response, PageError> {
    let asked = find(&app, &id, &secret).await?;
    let kept: Vec<(String, String)> = asked
        .booking
        .answers
        .0
        .iter()
        .map(|(key, answer)| (format!("{QUESTION}{key}"), answer.clone()))
        .collect();
    Ok(show(&app, &visit, asked, &Form::of_pairs(kept), Problems::default(), None))
}

/// The guest accepts, with what the sister's tour asks, or declines.
pub async fn decide(
    State(app): State<App>,
    visit: Visit,
    Path((_, id, secret)): Link,
    form: Form,
) -> Result<Response, PageError> {
    let asked = find(&app, &id, &secret).await?;
    let failed = match form.text("do") {
        "accept" => {
            let typed: BTreeMap<String, String> = form.under(QUESTION);
            let tour = &asked.sister.tour;
            let waiver = form.has("waiver");
            let answers = match Answers::parse(tour, QuestionScope::Booking, &typed, waiver) {
                Ok(answers) => answers,
                // Where it is over, the page says so and asks nothing any more.
                Err(wrong) if asked.overflow.state == OverflowState::Offered => {
                    let problems = problems(visit.locale, wrong.into_iter());
                    return Ok(show(&app, &visit, asked, &form, problems, None));
                }
                Err(_) => Answers::default(),
            };
            let catalogue = app.catalogue().await?;
            let command = Accept { catalogue, overflow: asked.overflow.id, answers };
            match app.store.write("accept", command, |tx, c| Box::pin(accept(tx, c))).await {
                Ok(booking) => {
                    let to = format!("{}?done=1", address(&visit, &booking, ""));
                    return Ok(Redirect::to(&to).into_response());
                }
                Err(error) => error,
            }
        }
        "decline" => {
            let id = asked.overflow.id;
            match app.store.write("decline", id, |tx, id| Box::pin(decline(tx, id))).await {
                Ok(_) if asked.bad_day => {
                    let to = address(&visit, &asked.booking, "/choose");
                    return Ok(Redirect::to(&to).into_response());
                }
                Ok(_) => {
                    let to = format!("/passed/{}/{}", asked.overflow.id, asked.overflow.secret);
                    return Ok(Redirect::to(&visit.link(&to)).into_response());
                }
                Err(error) => error,
            }
        }
        _ => return Err(PageError::Invalid),
    };
    let says = says(visit.locale, failed)?;
    // It stands otherwise than the page said: shown as it is now.
    let asked = find(&app, &id, &secret).await?;
    Ok(show(&app, &visit, asked, &form, Problems::default(), Some(says)))
}

fn says(locale: Locale, error: OverflowError) -> Result<String, PageError> {
    match error {
        OverflowError::Store(error) => Err(error.into()),
        OverflowError::Unknown | OverflowError::Forbidden(_) => Err(PageError::NotFound),
        OverflowError::Booking(BookingError::State(_))
        | OverflowError::State(_)
        | OverflowError::NotSisters
        | OverflowError::Asked
        | OverflowError::Paid
        | OverflowError::NoEmail
        | OverflowError::TooLate
        | OverflowError::Rule(_)
        | OverflowError::Words => Ok(t::over(locale).to_owned()),
        OverflowError::Booking(error) => trouble(locale, error),
    }
}

fn show(
    app: &App,
    visit: &Visit,
    asked: Asked,
    form: &Form,
    problems: Problems,
    says: Option<String>,
) -> Response {
    let locale = visit.locale;
    let now = app.store.now();
    let wrong = says.is_some() || !problems.is_empty();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (house, sister) = (asked.here.workshop.name.clone(), asked.sister.workshop.name.clone());
    let open = asked
        .overflow
        .until
        .filter(|until| asked.overflow.state == OverflowState::Offered && *until > now);
    let (title, lead) = match (asked.overflow.state, open) {
        (OverflowState::Offered, Some(_)) if asked.overflow.way == Way::Shared => (
            t::share_title(locale, &sister),
            t::share_lead(locale, &house, asked.there.party.words(locale)),
        ),
        (OverflowState::Offered, Some(_)) if asked.bad_day => {
            (t::ask_title(locale, &sister), words::bad_day::sister_lead(locale).to_owned())
        }
        (OverflowState::Offered, Some(_)) => {
            (t::ask_title(locale, &sister), t::ask_lead(locale, &house))
        }
        (OverflowState::Taken, _) => {
            (t::taken_title(locale, &sister), t::taken_lead(locale).to_owned())
        }
        (OverflowState::Declined, _) => {
            (t::stays_title(locale, &house), t::declined_lead(locale).to_owned())
        }
        _ => (t::stays_title(locale, &house), t::over_lead(locale).to_owned()),
    };
    // Who was led here by the letter may know the whole booking: it is theirs.
    let manage = address(visit, &asked.booking, if asked.bad_day { "/choose" } else { "" });
    let form = form.clone();
    let page = Page::new(Head::private(title.clone())).status(status);
    private(page.render(visit, move || {
        let says = says.map(|says| view! { <Notice tone=Tone::Bad title=says/> });
        let words = (open.is_some() && !asked.overflow.words.is_empty()).then(|| {
            view! {
                <figure class="stack-s">
                    <figcaption class="soft small">{words::enquiry::says(locale)}</figcaption>
                    <blockquote class="said">{asked.overflow.words.clone()}</blockquote>
                </figure>
            }
        });
        let offer = open.map(|until| {
            let until = t::kept_until(locale, moment(locale, until));
            offer(locale, &asked, until, &form, &problems, now)
        });
        let link = if asked.bad_day {
            words::bad_day::other_ways(locale)
        } else if asked.overflow.state == OverflowState::Taken {
            t::see_booking(locale)
        } else {
            t::see_mine(locale)
        };
        view! {
            <div class="solo">
                <div class="stack-s">
                    <h1>{title}</h1>
                    <p class="lead">{lead}</p>
                </div>
                <ErrorSummary locale problems=problems.clone()/>
                {says} {words} {offer}
                <p><a class="btn" href=manage>{icon("calendar")}{link}</a></p>
            </div>
        }
    }))
}

fn offer(
    locale: Locale,
    asked: &Asked,
    until: String,
    form: &Form,
    problems: &Problems,
    now: chrono::DateTime<chrono::Utc>,
) -> impl IntoView + use<> {
    let Asked { booking, here, there, sister, .. } = asked;
    let no = if asked.bad_day { words::bad_day::not_there(locale) } else { t::decline(locale) };
    let place = format!(
        "{}, {}, {}",
        sister.workshop.name,
        sister.tour.meeting_point.text(locale),
        sister.workshop.address.text(locale)
    );
    let what = format!("{} · {}", sister.tour.title.text(locale), sister.option.title.text(locale));
    let policy: Vec<_> = policy_dates(locale, there.policy, sister.slot.starts_at, now)
        .into_iter()
        .map(|line| view! { <li>{line}</li> })
        .collect();
    let questions: Vec<_> = sister
        .tour
        .questions
        .of(QuestionScope::Booking)
        .map(|asked| question(locale, QUESTION, asked, form, problems))
        .collect();
    let waiver = sister.tour.waiver.as_ref().map(|waiver| {
        view! {
            <h2 class="panel-title">{words::book::waiver_title(locale)}</h2>
            <p>{own(waiver, locale)}</p>
            <Checkbox name="waiver" label=words::book::waiver_accept(locale)
                checked=form.has("waiver") required=true error=problems.of("waiver")/>
        }
    });
    view! {
        <div class="hold">{icon("clock")}<span>{until}</span></div>
        <div class="panel stack">
            <dl class="pairs">
                <div><dt>{words::enquiry::when(locale)}</dt><dd><strong>{sister.when(locale)}</strong></dd></div>
                <div><dt>{words::enquiry::what(locale)}</dt><dd>{what}</dd></div>
                <div><dt>{words::enquiry::place(locale)}</dt><dd>{place}</dd></div>
                <div><dt>{t::until_now(locale)}</dt><dd>{here.when(locale)} {locale.writing().comma} {here.workshop.name.clone()} {locale.writing().comma} {booking.party.words(locale)}</dd></div>
            </dl>
            <PriceLines locale bill=there.bill()/>
            <ul class="ticks small">{policy}</ul>
            <form class="stack" method="post" novalidate>
                <Hidden name="do" value="accept"/>
                {questions} {waiver}
                <button class="btn btn-primary btn-large btn-wide" type="submit">{t::accept(locale)}</button>
            </form>
            <form method="post">
                <Hidden name="do" value="decline"/>
                <button class="btn btn-wide" type="submit">{no}</button>
            </form>
            <p class="price-note">{words::book::pay_there(locale)}</p>
        </div>
    }
}
