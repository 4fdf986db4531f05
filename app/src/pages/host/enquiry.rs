//! One group that asks, and the workshop's answer to it: an offer, or kind words.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::booking::enquiry::{
    Decline, Enquiry, EnquiryError, EnquiryState, Offer, OfferField, Terms, by_id, decline, offer,
    offer_of,
};
use engine::booking::query::Detail;
use engine::booking::{BookingError, GroupPrice};
use engine::clock::local_date;
use engine::course::runs_of_tour;
use engine::privacy::What;
use engine::schedule::{ScheduleError, slots};
use engine::store::TimeOfDay;
use engine::{Dong, EnquiryId, Locale};
use leptos::prelude::*;

use super::enquiries::{badge, heading};
use super::enquiry_form::{decline_form, first_terms, offer_form};
use super::frame::{Desk, Tab, at, frame, see};
use super::words;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::views;
use crate::render::Page;
use crate::t::enquiry as t;
use crate::ui::field::ErrorSummary;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};
use crate::ui::price::PriceLines;
use crate::ui::summary::{moment, run_dates};

type At = Path<(String, String, String)>;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let enquiry = found(&app, &desk, &id).await?;
    views::note(&app, &visit, desk.id(), What::Enquiry, enquiry.id.to_string()).await?;
    let sent = Form::of_query(&visit.query).has("sent");
    let today = local_date(app.store.now());
    let form = first_terms(visit.locale, &desk.catalogue, &enquiry, today);
    answer(&app, &visit, desk, enquiry, form, Problems::default(), sent).await
}

async fn found(app: &App, desk: &Desk, id: &str) -> Result<Enquiry, PageError> {
    let id: EnquiryId = id.parse().map_err(|_| PageError::NotFound)?;
    let mut conn = app.store.read().await?;
    let enquiry = by_id(&mut conn, id).await?;
    enquiry.filter(|enquiry| enquiry.workshop_id == desk.id()).ok_or(PageError::NotFound)
}

/// The forms of the page: `act` says which.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let enquiry = found(&app, &desk, &id).await?;
    let page = at(&visit, desk.workshop()?, &format!("/enquiries/{}", enquiry.id));
    let (actor, locale) = (visit.actor.clone(), visit.locale);
    let mut problems = Problems::default();
    let form = in_run(&app, &enquiry, form).await?;
    let failed = match form.text("act") {
        "offer" => match terms(locale, &form) {
            Err(wrong) => {
                return answer(&app, &visit, desk, enquiry, form, wrong, false).await;
            }
            Ok(terms) => {
                let catalogue = Arc::clone(&desk.catalogue);
                let command = Offer { catalogue, actor, enquiry: enquiry.id, terms };
                app.store.write("offer", command, |tx, c| Box::pin(offer(tx, c))).await.err()
            }
        },
        "decline" => {
            let words = form.text("reply").to_owned();
            let command = Decline { actor, enquiry: enquiry.id, words };
            app.store.write("decline", command, |tx, c| Box::pin(decline(tx, c))).await.err()
        }
        _ => return Err(PageError::Invalid),
    };
    match failed {
        None => Ok(see(&format!("{page}?sent=1"))),
        Some(error) => {
            trouble(locale, error, &mut problems)?;
            // Perhaps it stands otherwise by now.
            let enquiry = found(&app, &desk, &id).await?;
            answer(&app, &visit, desk, enquiry, form, problems, false).await
        }
    }
}

/// Where a run of a course was chosen, its option and start stand for what else is typed.
async fn in_run(app: &App, enquiry: &Enquiry, form: Form) -> Result<Form, PageError> {
    let Ok(run) = form.text("run").parse() else { return Ok(form) };
    let mut conn = app.store.read().await?;
    let slot = slots::find(&mut conn, run).await?;
    let Some(slot) = slot.filter(|slot| slot.tour_id == enquiry.tour_id) else { return Ok(form) };
    let given = [
        ("option", slot.option_id.to_string()),
        ("date", slot.local_date.to_string()),
        ("time", format::clock(slot.starts_at)),
    ];
    let typed = form.pairs().map(|(name, value)| (name.to_owned(), value.to_owned()));
    let given = given.into_iter().map(|(name, value)| (name.to_owned(), value));
    Ok(Form::of_pairs(given.chain(typed).collect()))
}

/// The runs that a place can be offered in.
async fn runs(
    app: &App,
    locale: Locale,
    enquiry: &Enquiry,
) -> Result<Vec<(String, String)>, PageError> {
    let mut conn = app.store.read().await?;
    let runs = runs_of_tour(&mut conn, enquiry.tour_id, app.store.now()).await?;
    Ok(runs
        .iter()
        .map(|slot| {
            let left = format::seats_left(locale, slot.left(app.store.now()));
            (slot.id.to_string(), format!("{} ({left})", run_dates(locale, slot)))
        })
        .collect())
}

/// The offer as typed; names every field that can't be read.
fn terms(locale: Locale, form: &Form) -> Result<Terms, Problems> {
    let mut problems = Problems::default();
    let typed = |name| form.text(name).trim();
    let option = typed("option").parse().ok();
    let date = words::date(typed("date"));
    let time = typed("time").parse::<TimeOfDay>().ok();
    let people = typed("people").parse::<u32>().ok();
    let price = typed("price").parse::<Dong>().ok();
    let until = words::date(typed("until"));
    for (read, field, message) in [
        (option.is_some(), "option", t::error_offer_option(locale)),
        (date.is_some(), "date", t::error_offer_start(locale)),
        (time.is_some(), "time", t::error_offer_start(locale)),
        (people.is_some(), "people", t::error_offer_people(locale)),
        (price.is_some(), "price", t::error_offer_price(locale)),
        (until.is_some(), "until", t::error_offer_until(locale)),
    ] {
        if !read {
            problems.add(field, message);
        }
    }
    match (option, date, time, people, price, until) {
        (Some(option), Some(date), Some(time), Some(people), Some(price), Some(until)) => {
            Ok(Terms {
                option,
                date,
                time,
                people,
                price,
                by: GroupPrice::parse(typed("by")).unwrap_or(GroupPrice::Each),
                until,
                words: typed("words").to_owned(),
                alone: form.has("alone"),
                over: form.has("over"),
            })
        }
        _ => Err(problems),
    }
}

/// Says beside which field the error stands; one that is none of the host's ends the request.
fn trouble(locale: Locale, error: EnquiryError, problems: &mut Problems) -> Result<(), PageError> {
    match error {
        EnquiryError::Store(error) => return Err(error.into()),
        EnquiryError::Forbidden(_) | EnquiryError::Unknown => return Err(PageError::NotFound),
        EnquiryError::Offer(fields) => {
            for field in fields {
                let (name, message) = match field {
                    OfferField::Option => ("option", t::error_offer_option(locale)),
                    OfferField::Start => ("time", t::error_offer_start(locale)),
                    OfferField::People => ("people", t::error_offer_people(locale)),
                    OfferField::Price => ("price", t::error_offer_price(locale)),
                    OfferField::Until => ("until", t::error_offer_until(locale)),
                    OfferField::Words => ("words", t::error_offer_words(locale)),
                };
                problems.add(name, message);
            }
        }
        EnquiryError::Words => problems.add("reply", t::error_decline_words(locale)),
        EnquiryError::State(_) => problems.add("main", t::over(locale)),
        EnquiryError::Schedule(ScheduleError::Final) => {
            problems.add("time", t::error_offer_cancelled(locale));
        }
        EnquiryError::Schedule(error) => problems.add("time", words::of_schedule(locale, error)?),
        EnquiryError::Booking(error @ BookingError::Seats(_)) => {
            problems.add("over", words::of_booking(locale, error)?);
        }
        EnquiryError::Booking(error) => problems.add("main", words::of_booking(locale, error)?),
    }
    Ok(())
}

async fn answer(
    app: &App,
    visit: &Visit,
    desk: Desk,
    enquiry: Enquiry,
    form: Form,
    problems: Problems,
    sent: bool,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let mut conn = app.store.read().await?;
    let offered = offer_of(&mut conn, &enquiry).await?;
    drop(conn);
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let runs = runs(app, locale, &enquiry).await?;
    let shop = desk.workshop()?.clone();
    let title = heading(locale, &enquiry);
    let (list, inner) = (at(visit, &shop, "/enquiries"), visit.clone());
    Ok(Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let page = at(&inner, &shop, &format!("/enquiries/{}", enquiry.id));
        let sent = (sent && enquiry.state == EnquiryState::Offered)
            .then(|| view! { <Notice tone=Tone::Good title=t::offer_sent(locale)/> });
        let offered = offered.map(|detail| {
            let href = at(&inner, &shop, &format!("/bookings/{}", detail.booking.code));
            last_offer(locale, &enquiry, &detail, href)
        });
        let answers = if desk.owner {
            let offer = enquiry
                .state
                .takes_offer()
                .then(|| offer_form(locale, &page, &desk, &enquiry, &runs, &form, &problems));
            let decline =
                enquiry.state.is_open().then(|| decline_form(locale, &page, &form, &problems));
            view! { {offer} {decline} }.into_any()
        } else if enquiry.state.takes_offer() {
            view! { <Notice tone=Tone::Info title=t::owner_answers(locale)/> }.into_any()
        } else {
            ().into_any()
        };
        let body = view! {
            {breadcrumb(locale, vec![(list, t::host_title(locale).to_owned())])}
            {sent}
            <ErrorSummary locale problems=problems.clone()/>
            <header class="host-head">
                <div><h1>{title}</h1>{contact(locale, &desk, &enquiry)}</div>
                {badge(locale, enquiry.state)}
            </header>
            <div class="split">
                <div class="stack">
                    {words_of(&enquiry)}
                    {offered}
                </div>
                <div class="stack">{answers}</div>
            </div>
        };
        frame(&inner, Some(&shop), Tab::Enquiries, body)
    }))
}

/// Who asks, for what and when; with links to call and write.
fn contact(locale: Locale, desk: &Desk, enquiry: &Enquiry) -> impl IntoView + use<> {
    let tour = desk.catalogue.tour(enquiry.tour_id);
    let option = enquiry.option_id.and_then(|id| desk.catalogue.option(id));
    let wants = [
        tour.map_or("", |tour| tour.title.text(locale)).to_owned(),
        option.map_or("", |(_, option)| option.title.text(locale)).to_owned(),
        t::host_wants(locale, format::date(locale, enquiry.wished_date)),
        t::host_asked(locale, moment(locale, enquiry.created_at)),
    ];
    let wants: Vec<String> = wants.into_iter().filter(|part| !part.is_empty()).collect();
    let phone = (!enquiry.phone.is_empty()).then(|| {
        view! { <a href=format!("tel:{}", enquiry.phone)>{icon("phone")}" "{format::phone(&enquiry.phone)}</a> }
    });
    let mail = format!("mailto:{}", enquiry.email);
    view! {
        <p class="soft">{wants.join(" · ")}</p>
        <p class="cluster">
            <span>{enquiry.name.clone()}</span>
            {phone}
            <a href=mail>{icon("mail")}" "{enquiry.email.clone()}</a>
        </p>
    }
}

fn words_of(enquiry: &Enquiry) -> Option<impl IntoView + use<>> {
    (!enquiry.message.is_empty())
        .then(|| view! { <blockquote class="said">{enquiry.message.clone()}</blockquote> })
}

/// The offer that is open or was taken.
fn last_offer(
    locale: Locale,
    enquiry: &Enquiry,
    detail: &Detail,
    href: String,
) -> Option<impl IntoView + use<>> {
    let title = match enquiry.state {
        EnquiryState::Offered => t::offer_open(locale),
        EnquiryState::Accepted => t::offer_taken(locale),
        _ => return None,
    };
    let date = format::sentence(&format::date(locale, detail.slot.local_date));
    let when = format::day_during(locale, date, detail.slot.starts_at, detail.slot.ends_at);
    let until = enquiry.offer_until.filter(|_| enquiry.state == EnquiryState::Offered);
    let until = until.map(|until| {
        let people = i64::from(detail.booking.people);
        view! { <p>{t::kept_until(locale, people, moment(locale, until))}</p> }
    });
    let reply = (!enquiry.reply.is_empty())
        .then(|| view! { <blockquote class="said">{enquiry.reply.clone()}</blockquote> });
    Some(view! {
        <section class="panel stack" aria-labelledby="last">
            <h2 class="panel-title" id="last">{title}</h2>
            <p><strong>{when}</strong></p>
            {until}
            <PriceLines locale bill=detail.booking.bill()/>
            {reply}
            <p><a href=href>{t::offer_booking(locale)}" "{detail.booking.code.clone()}</a></p>
        </section>
    })
}
