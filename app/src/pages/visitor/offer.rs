//! An enquiry as its guest sees it, by the secret link: how it stands, the offer, and the answer to it.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use engine::EnquiryId;
use engine::booking::enquiry::{self, Accept, Enquiry, EnquiryError, EnquiryState};
use engine::booking::{Booking, BookingError, Source, query};
use engine::clock::local_date;
use engine::course::sessions_of;
use leptos::prelude::*;

use super::booking::{private, trouble};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::ui::field::Hidden;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::price::PriceLines;
use crate::ui::sessions::sessions_folded;
use crate::ui::summary::{Visited, moment, policy_dates};
use crate::{Locale, t};

type Link = Path<(String, String, String)>;

/// The page of an enquiry; whoever has the address may answer the offer.
pub fn address(visit: &Visit, enquiry: &Enquiry) -> String {
    visit.link(&format!("/enquiry/{}/{}", enquiry.id, enquiry.secret))
}

/// The enquiry's page for a booking that was offered; None for any other booking.
pub async fn of_booking(
    app: &App,
    visit: &Visit,
    booking: &Booking,
) -> Result<Option<String>, PageError> {
    if booking.source != Source::Enquiry {
        return Ok(None);
    }
    let mut conn = app.store.read().await?;
    let enquiry = enquiry::of_booking(&mut conn, booking.id).await?;
    Ok(enquiry.map(|enquiry| address(visit, &enquiry)))
}

async fn find(app: &App, id: &str, secret: &str) -> Result<Enquiry, PageError> {
    let id: EnquiryId = id.parse().map_err(|_| PageError::NotFound)?;
    let mut conn = app.store.read().await?;
    enquiry::by_secret(&mut conn, id, secret).await?.ok_or(PageError::NotFound)
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, id, secret)): Link,
) -> Result<Response, PageError> {
    let enquiry = find(&app, &id, &secret).await?;
    show(&app, &visit, enquiry, None).await
}

/// "Accept" confirms the booking that is held; where the tour asks for more, details come first.
pub async fn decide(
    State(app): State<App>,
    visit: Visit,
    Path((_, id, secret)): Link,
    form: Form,
) -> Result<Response, PageError> {
    let enquiry = find(&app, &id, &secret).await?;
    let failed = match form.text("do") {
        "accept" => {
            let command = Accept { catalogue: app.catalogue().await?, enquiry: enquiry.id };
            let accepted = app
                .store
                .write("accept offer", command, |tx, c| Box::pin(enquiry::accept(tx, c)))
                .await;
            match accepted {
                Ok(booking) => {
                    let to = super::booking::address(&visit, &booking, "");
                    return Ok(Redirect::to(&format!("{to}?done=1")).into_response());
                }
                Err(EnquiryError::Booking(BookingError::Fields(_))) => {
                    let held = booking_of(&app, &enquiry).await?;
                    let to = super::booking::address(&visit, &held, "/details");
                    return Ok(Redirect::to(&to).into_response());
                }
                Err(error) => error,
            }
        }
        "withdraw" => {
            let gone = app
                .store
                .write("withdraw", enquiry.id, |tx, id| Box::pin(enquiry::withdraw(tx, id)))
                .await;
            match gone {
                Ok(enquiry) => {
                    return Ok(Redirect::to(&address(&visit, &enquiry)).into_response());
                }
                Err(error) => error,
            }
        }
        _ => return Err(PageError::Invalid),
    };
    let says = says(visit.locale, failed)?;
    // It stands otherwise than the page said: shown as it is now.
    let now = find(&app, &id, &secret).await?;
    show(&app, &visit, now, Some(says)).await
}

async fn booking_of(app: &App, enquiry: &Enquiry) -> Result<Booking, PageError> {
    let id = enquiry.booking_id.ok_or(PageError::NotFound)?;
    let mut conn = app.store.read().await?;
    query::by_id(&mut conn, id).await?.ok_or(PageError::NotFound)
}

fn says(locale: Locale, error: EnquiryError) -> Result<String, PageError> {
    match error {
        EnquiryError::Store(error) => Err(error.into()),
        EnquiryError::Unknown | EnquiryError::Forbidden(_) => Err(PageError::NotFound),
        EnquiryError::Booking(BookingError::State(_))
        | EnquiryError::State(_)
        | EnquiryError::Schedule(_)
        | EnquiryError::Offer(_)
        | EnquiryError::Words => Ok(t::enquiry::over(locale).to_owned()),
        EnquiryError::Booking(error) => trouble(locale, error),
    }
}

/// An offer with its slot, as the page tells it.
struct Offered {
    booking: Booking,
    visited: Visited,
    until: String,
    policy: Vec<String>,
}

async fn show(
    app: &App,
    visit: &Visit,
    enquiry: Enquiry,
    says: Option<String>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let now = app.store.now();
    let catalogue = app.catalogue().await?;
    let (tour, workshop, _) = catalogue.place(enquiry.tour_id).ok_or(PageError::NotFound)?;
    let (tour, workshop) = (tour.clone(), workshop.clone());
    let mut conn = app.store.read().await?;
    let detail = enquiry::offer_of(&mut conn, &enquiry).await?;
    let sessions = match &detail {
        Some(detail) => sessions_of(&mut conn, detail.slot.id).await?,
        None => Vec::new(),
    };
    drop(conn);
    let booked = detail
        .as_ref()
        .filter(|_| enquiry.state == EnquiryState::Accepted)
        .map(|detail| super::booking::address(visit, &detail.booking, ""));
    let open = enquiry.offer_until.filter(|_| enquiry.state == EnquiryState::Offered);
    let offered = match (detail, open) {
        (Some(detail), Some(until)) => Visited::of(
            &catalogue,
            detail.slot,
            local_date(detail.booking.created_at),
        )
        .map(|visited| Offered {
            policy: policy_dates(locale, detail.booking.policy, visited.slot.starts_at, now),
            until: moment(locale, until),
            booking: detail.booking,
            visited: Visited { sessions, ..visited },
        }),
        _ => None,
    };
    let (title, more) = match (enquiry.state, &offered) {
        (EnquiryState::Offered, Some(offered)) => {
            (t::enquiry::offered(locale), t::enquiry::offered_more(locale, &offered.until))
        }
        (EnquiryState::New | EnquiryState::Offered, _) => {
            (t::enquiry::new(locale), t::enquiry::new_more(locale, &workshop.name))
        }
        (EnquiryState::Accepted, _) => {
            (t::enquiry::accepted(locale), t::enquiry::accepted_more(locale).to_owned())
        }
        (EnquiryState::Declined, _) => {
            (t::enquiry::declined(locale), t::enquiry::declined_more(locale, &workshop.name))
        }
        (EnquiryState::Withdrawn, _) => {
            (t::enquiry::withdrawn(locale), t::enquiry::withdrawn_more(locale).to_owned())
        }
        (EnquiryState::Lapsed, _) => {
            (t::enquiry::lapsed(locale), t::enquiry::lapsed_more(locale).to_owned())
        }
    };
    let again = serde_html_form::to_string([("people", enquiry.people)]).unwrap_or_default();
    let again = visit.link(&format!("/tours/{}/enquiry?{again}", tour.slug));
    let status = if says.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Page::new(Head::private(t::enquiry::page_title(locale))).status(status);
    Ok(private(page.render(visit, move || {
        let kicker = t::enquiry::kicker(locale, tour.title.text(locale), &workshop.name);
        let says = says.map(|says| view! { <Notice tone=Tone::Bad title=says/> });
        let answered = matches!(enquiry.state, EnquiryState::Offered | EnquiryState::Declined);
        let reply = (answered && !enquiry.reply.is_empty()).then(|| {
            view! {
                <figure class="stack-s">
                    <figcaption class="soft small">{t::enquiry::says(locale)}</figcaption>
                    <blockquote class="said">{enquiry.reply.clone()}</blockquote>
                </figure>
            }
        });
        let ended = matches!(enquiry.state, EnquiryState::Declined | EnquiryState::Lapsed);
        let phone = ended.then(|| {
            let says = t::enquiry::call(locale, format::phone(&workshop.phone));
            view! {
                <div class="actions">
                    <a class="btn btn-primary" href=again>{t::enquiry::ask_again(locale)}</a>
                    <a class="btn" href=format!("tel:{}", workshop.phone)>{icon("phone")}{says}</a>
                </div>
            }
        });
        let manage = booked.map(|href| {
            view! { <p><a class="btn btn-primary btn-large" href=href>{t::enquiry::see_booking(locale)}</a></p> }
        });
        let has_offer = offered.is_some();
        let offer = offered.map(|offered| offer(locale, offered));
        let withdraw = enquiry.state.is_open().then(|| {
            let (title, more, action) = if has_offer {
                (t::enquiry::refuse(locale), t::enquiry::refuse_more(locale), t::enquiry::refuse_do(locale))
            } else {
                let title = t::enquiry::withdraw(locale);
                (title, t::enquiry::withdraw_more(locale), title)
            };
            view! {
                <details class="fold">
                    <summary>{icon("close")}{title}</summary>
                    <form class="fold-body" method="post">
                        <Hidden name="do" value="withdraw"/>
                        <p>{more}</p>
                        <button class="btn btn-danger" type="submit">{action}</button>
                    </form>
                </details>
            }
        });
        view! {
            <div class="solo">
                <div class="stack-s">
                    <p class="kicker">{kicker}</p>
                    <h1>{title}</h1>
                    <p class="lead">{more}</p>
                </div>
                {says} {reply} {offer} {manage} {phone}
                <section class="stack-s" aria-labelledby="wish">
                    <h2 class="panel-title" id="wish">{t::enquiry::your_wish(locale)}</h2>
                    {wish(locale, &enquiry)}
                </section>
                {withdraw}
            </div>
        }
    })))
}

fn offer(locale: Locale, offered: Offered) -> impl IntoView {
    let Offered { booking, visited, until, policy } = offered;
    let kept = t::enquiry::kept_until(locale, i64::from(booking.people), until);
    let place = format!(
        "{}, {}",
        visited.tour.meeting_point.text(locale),
        visited.workshop.address.text(locale)
    );
    let title = visited.tour.title.text(locale);
    let what = format!("{title} · {}", visited.option.title.text(locale));
    let policy: Vec<_> = policy.into_iter().map(|line| view! { <li>{line}</li> }).collect();
    view! {
        <div class="hold">{icon("clock")}<span>{kept}</span></div>
        <div class="panel stack">
            <dl class="pairs">
                <div><dt>{t::enquiry::when(locale)}</dt><dd>
                    <strong>{visited.when(locale)}</strong>
                    {sessions_folded(locale, &visited.sessions)}
                </dd></div>
                <div><dt>{t::enquiry::what(locale)}</dt><dd>{what}</dd></div>
                <div><dt>{t::enquiry::place(locale)}</dt><dd>{place}</dd></div>
            </dl>
            <PriceLines locale bill=booking.bill()/>
            <ul class="ticks small">{policy}</ul>
            <form method="post">
                <Hidden name="do" value="accept"/>
                <button class="btn btn-primary btn-large btn-wide" type="submit">{t::enquiry::accept(locale)}</button>
            </form>
            <p class="price-note">{t::book::pay_there(locale)}</p>
        </div>
    }
}

/// What was asked, in the guest's own words.
fn wish(locale: Locale, enquiry: &Enquiry) -> impl IntoView + use<> {
    let date = format::sentence(&format::date(locale, enquiry.wished_date));
    let facts = [
        (t::enquiry::people(locale), enquiry.people.to_string()),
        (t::enquiry::date(locale), date),
        (t::enquiry::organisation(locale), enquiry.organisation.clone()),
        (t::enquiry::message(locale), enquiry.message.clone()),
    ];
    let facts: Vec<_> = facts
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd class="said">{value}</dd></div> })
        .collect();
    view! { <dl class="pairs">{facts}</dl> }
}
