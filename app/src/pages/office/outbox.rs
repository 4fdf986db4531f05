//! Letters that wait, were sent, or were given up: with their error, and "send again".

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use engine::clock::local_date;
use engine::mail::Letter;
use engine::mail::deliver::{self, Counts, LetterState, Listed, Resend, ResendError, resend};
use engine::{LetterId, Locale};
use leptos::prelude::*;

use super::frame::{Part, admitted, frame};
use super::overview::{tally, today_began};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::see;
use crate::render::Page;
use crate::t::{self as words, office as t};
use crate::ui::field::Hidden;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

/// Letters on one page.
const PAGE: usize = 50;

/// The lists, as the address names them; trouble first.
const STATES: [LetterState; 4] =
    [LetterState::Dead, LetterState::Queued, LetterState::Sent, LetterState::Superseded];

fn state_name(locale: Locale, state: LetterState) -> &'static str {
    match state {
        LetterState::Dead => t::dead(locale),
        LetterState::Queued => t::waiting(locale),
        LetterState::Sent => t::sent(locale),
        LetterState::Superseded => t::superseded(locale),
    }
}

fn letter_name(locale: Locale, letter: Letter) -> &'static str {
    match letter {
        Letter::Confirmation => t::k_confirmation(locale),
        Letter::Change => t::k_change(locale),
        Letter::Cancellation => t::k_cancellation(locale),
        Letter::Reminder => t::k_reminder(locale),
        Letter::SessionChange => t::k_session_change(locale),
        Letter::Certificate => t::k_certificate(locale),
        Letter::Thanks => t::k_thanks(locale),
        Letter::ManageLink => t::k_manage_link(locale),
        Letter::WaitlistJoined | Letter::WaitlistOffer | Letter::WaitlistCancelled => {
            t::k_waitlist(locale)
        }
        Letter::HostMessage => t::k_message(locale),
        Letter::BelowMinimum | Letter::HostBelowMinimum => t::k_minimum(locale),
        Letter::HostNew => t::k_host_new(locale),
        Letter::HostChange => t::k_host_change(locale),
        Letter::HostCancellation => t::k_host_cancellation(locale),
        Letter::HostTomorrow => t::k_host_tomorrow(locale),
        Letter::SignIn => t::k_sign_in(locale),
        Letter::Invitation => t::k_invitation(locale),
        Letter::CoopInvitation | Letter::CoopNews => t::k_coop(locale),
        Letter::GuideNews => t::k_guide(locale),
        Letter::EventNews => t::k_event(locale),
        Letter::CalendarStale => t::k_calendar(locale),
        Letter::WebhookFailing => t::k_webhook(locale),
        Letter::CredentialDecided | Letter::CredentialExpiring => t::k_credential(locale),
        Letter::PassConfirmation
        | Letter::PassChanged
        | Letter::PassCancelled
        | Letter::PassAsked => t::k_pass(locale),
        Letter::OverflowOffer | Letter::HostOverflow => t::k_overflow(locale),
        Letter::Disruption | Letter::DisruptionOver => t::k_disruption(locale),
        Letter::PaymentRequest
        | Letter::PaymentReminder
        | Letter::PaymentExpired
        | Letter::PaymentReceived
        | Letter::RefundMade => t::k_payment(locale),
        Letter::ResellerInvited => t::k_reseller(locale),
        Letter::PartnerAsked | Letter::HostPartner => t::k_partner(locale),
        Letter::ApplicationReceived | Letter::ApplicationAnswered | Letter::HostApplication => {
            t::k_application(locale)
        }
        Letter::ReviewDecided | Letter::HostReview => t::k_review(locale),
        Letter::MyData => t::k_my_data(locale),
        Letter::Commission | Letter::HostCommission => words::commission::host_title(locale),
        Letter::OrderNews | Letter::HostOrder => words::shop::host_orders(locale),
        Letter::GiftCardRequest
        | Letter::GiftCardReceipt
        | Letter::GiftCard
        | Letter::GiftCardUsed => words::gift::title(locale),
        Letter::PieceRegistered
        | Letter::PieceFired
        | Letter::PieceCracked
        | Letter::PieceReady
        | Letter::PiecePosted
        | Letter::PieceLate
        | Letter::HostPieceChoice => words::piece::host_title(locale),
        Letter::EnquiryReceived
        | Letter::EnquiryOffer
        | Letter::EnquiryDeclined
        | Letter::EnquiryOff
        | Letter::HostEnquiry => t::k_enquiry(locale),
    }
}

/// A letter whose link works once has lost it by now.
const fn can_go_again(letter: Letter) -> bool {
    !matches!(letter, Letter::SignIn | Letter::Invitation | Letter::MyData)
}

pub async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    admitted(&visit)?;
    answer(&app, &visit, None).await
}

pub async fn send_again(
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, PageError> {
    admitted(&visit)?;
    let letter: LetterId = form.text("letter").parse().map_err(|_| PageError::NotFound)?;
    let command = Resend { actor: visit.actor.clone(), letter };
    match app.store.write("resend", command, |tx, c| Box::pin(resend(tx, c))).await {
        Ok(_) => Ok(see(&format!("{}?state=queued&again=1", visit.link("/office/outbox")))),
        Err(ResendError::Unknown) => answer(&app, &visit, Some(t::not_queued(visit.locale))).await,
        Err(ResendError::Store(error)) => Err(error.into()),
        Err(ResendError::Forbidden(_)) => Err(PageError::NotFound),
    }
}

async fn answer(
    app: &App,
    visit: &Visit,
    trouble: Option<&'static str>,
) -> Result<Response, PageError> {
    let query = Form::of_query(&visit.query);
    let mut conn = app.store.read().await?;
    let counts = deliver::counts(&mut conn, today_began(app)).await?;
    // Without a wish: what went wrong, or else what waits.
    let usual = if counts.dead > 0 { LetterState::Dead } else { LetterState::Queued };
    let state = LetterState::parse(query.text("state")).unwrap_or(usual);
    let before = query.text("before").parse().ok();
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let letters = deliver::page(&mut conn, &visit.actor, state, before, limit).await;
    drop(conn);
    let letters = letters.map_err(|error| match error {
        ResendError::Store(error) => error.into(),
        ResendError::Forbidden(_) | ResendError::Unknown => PageError::NotFound,
    })?;
    let status = if trouble.is_none() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let again = query.has("again");
    let today = local_date(app.store.now());
    let locale = visit.locale;
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::outbox(locale))).status(status).render(visit, move || {
        let news = again.then(|| view! { <Notice tone=Tone::Good title=t::queued_again(locale)/> });
        let trouble = trouble.map(|words| view! { <Notice tone=Tone::Bad title=words/> });
        let body = view! {
            <h1>{t::outbox(locale)}</h1>
            {news} {trouble}
            {list(&inner, state, letters, counts, today)}
        };
        frame(&inner, Part::Outbox, body)
    }))
}

fn list(
    visit: &Visit,
    state: LetterState,
    mut letters: Vec<Listed>,
    counts: Counts,
    today: chrono::NaiveDate,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let base = visit.link("/office/outbox");
    let tabs: Vec<_> = STATES
        .into_iter()
        .map(|each| {
            let here = (each == state).then_some("true");
            view! { <a href=format!("{base}?state={each}") aria-current=here>{state_name(locale, each)}</a> }
        })
        .collect();
    let more = letters.len() > PAGE;
    letters.truncate(PAGE);
    let older = letters.last().filter(|_| more).map(|last| {
        let href = format!("{base}?state={state}&before={}", last.letter.id);
        view! { <p><a class="btn" href=href>{t::older(locale)}</a></p> }
    });
    let rows: Vec<_> = letters.iter().map(|listed| row(locale, &base, listed, today)).collect();
    let table = if rows.is_empty() {
        view! { <p class="empty">{t::no_letters(locale)}</p> }.into_any()
    } else {
        view! {
            <table class="table table-cards">
                <caption class="visually-hidden">{state_name(locale, state)}</caption>
                <thead><tr>
                    <th scope="col">{t::kind(locale)}</th>
                    <th scope="col">{t::to(locale)}</th>
                    <th scope="col">{t::tries(locale)}</th>
                    <th scope="col">{t::error(locale)}</th>
                    <th scope="col"><span class="visually-hidden">{t::work(locale)}</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        {tally(locale, counts)}
        <nav class="segments" aria-label=t::filter(locale)>{tabs}</nav>
        {table} {older}
    }
}

fn row(
    locale: Locale,
    action: &str,
    listed: &Listed,
    today: chrono::NaiveDate,
) -> impl IntoView + use<> {
    let Listed { letter, code } = listed;
    let moment = |at: chrono::DateTime<chrono::Utc>| {
        if local_date(at) == today {
            return format::time(locale, at);
        }
        let (day, time) = (format::day(locale, local_date(at)), format::time(locale, at));
        let writing = locale.writing();
        if writing.time_first { format!("{time} {day}") } else { writing.day_at(day, time) }
    };
    let tries = match letter.state {
        LetterState::Queued => t::next_try(locale, letter.attempts, moment(letter.due_at)),
        _ => t::last_try(locale, letter.attempts, moment(letter.sent_at.unwrap_or(letter.due_at))),
    };
    let work = match letter.state {
        LetterState::Queued | LetterState::Superseded => ().into_any(),
        _ if can_go_again(letter.kind) => view! {
            <form method="post" action=action.to_owned()>
                <Hidden name="letter" value=letter.id.to_string()/>
                <button class="btn btn-small">{icon("refresh")}{t::send_again(locale)}</button>
            </form>
        }
        .into_any(),
        _ => view! { <span class="soft small">{t::not_again(locale)}</span> }.into_any(),
    };
    let error = if letter.last_error.is_empty() {
        view! { <td></td> }.into_any()
    } else {
        view! { <td data-label=t::error(locale)><span class="outbox-error">{letter.last_error.clone()}</span></td> }
            .into_any()
    };
    let name = letter_name(locale, letter.kind);
    let code = code.as_ref().map(|code| format!(" {code}")).unwrap_or_default();
    view! {
        <tr>
            <th scope="row">{name}{code}</th>
            <td data-label=t::to(locale)>{letter.recipient.clone()}</td>
            <td data-label=t::tries(locale)>{tries}</td>
            {error}
            <td>{work}</td>
        </tr>
    }
}
