//! Third step: everything once more, then the booking counts. And what is said when the hold ran
//! out on the way.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use engine::SlotId;
use engine::booking::{self, Booking, BookingError, Confirm, Renew};
use engine::clock::local_date;
use engine::giftcard::{self, CardCode, CardError, ConfirmWithCard};
use engine::payment;
use engine::price::takes_codes;
use engine::schedule::NoSeats;
use leptos::prelude::*;

use super::book::{OTHERS, others};
use super::booking::{Link, Opened, address, hold_clock, open, private, see, trouble};
use super::code;
use super::gift::spend as gift;
use super::gift::spend::Typed;
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::ui::field::{ErrorSummary, Hidden};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::sessions::sessions_folded;
use crate::ui::steps::{Step, Steps};
use crate::ui::summary::{Summary, policy_dates, run_dates};
use crate::{assets, t};

/// What was typed beside the booking itself: a gift card's code, a promo code and what is wrong with it.
#[derive(Default)]
struct Beside {
    card: Typed,
    code: Option<(String, String)>,
}

impl Beside {
    fn card(card: Typed) -> Beside {
        Beside { card, ..Beside::default() }
    }
}

pub async fn page(State(app): State<App>, visit: Visit, link: Link) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    match opened.hold_left() {
        None => Ok(see(&address(&visit, &opened.booking, ""))),
        Some(_) if opened.booking.name.is_empty() => {
            Ok(see(&address(&visit, &opened.booking, "/details")))
        }
        Some(0) => ran_out_page(&app, &visit, opened).await,
        Some(_) => answer(&app, &visit, opened, None, Beside::default()).await,
    }
}

/// "Book": the booking counts from now on. Pressed twice it is one booking.
pub async fn confirm(
    State(app): State<App>,
    visit: Visit,
    link: Link,
    form: Form,
) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    match gift::code_in(visit.locale, &form) {
        None => {}
        Some(Err(error)) => {
            return answer(&app, &visit, opened, None, Beside::card(Typed::wrong(&form, error)))
                .await;
        }
        Some(Ok(code)) => {
            return Box::pin(confirm_with_card(&app, &visit, opened, &form, code)).await;
        }
    }
    let command = Confirm { catalogue: opened.catalogue.clone(), booking: opened.booking.id };
    let confirmed = app
        .store
        .write("confirm", command, |tx, command| Box::pin(booking::confirm(tx, command)))
        .await;
    confirmed_or(&app, &visit, opened, confirmed).await
}

/// The same with a gift card, all or nothing.
async fn confirm_with_card(
    app: &App,
    visit: &Visit,
    opened: Opened,
    form: &Form,
    code: CardCode,
) -> Result<Response, PageError> {
    let command =
        ConfirmWithCard { catalogue: opened.catalogue.clone(), booking: opened.booking.id, code };
    let confirmed = app
        .store
        .write("confirm with card", command, |tx, command| {
            Box::pin(giftcard::confirm_with_card(tx, command))
        })
        .await;
    let confirmed = match confirmed {
        Ok(booking) => Ok(booking),
        Err(CardError::Booking(error)) => Err(error),
        Err(error) => {
            let error = gift::says(visit.locale, error)?;
            return answer(app, visit, opened, None, Beside::card(Typed::wrong(form, error))).await;
        }
    };
    confirmed_or(app, visit, opened, confirmed).await
}

/// The review with a card's code looked up.
pub(super) async fn with_card(
    app: &App,
    visit: &Visit,
    opened: Opened,
    typed: Typed,
) -> Result<Response, PageError> {
    if opened.booking.name.is_empty() {
        return Ok(see(&address(visit, &opened.booking, "/details")));
    }
    answer(app, visit, opened, None, Beside::card(typed)).await
}

async fn confirmed_or(
    app: &App,
    visit: &Visit,
    opened: Opened,
    confirmed: Result<Booking, BookingError>,
) -> Result<Response, PageError> {
    match confirmed {
        // Where the tour is paid beforehand, the booking's page leads on to paying.
        Ok(booking) => Ok(see(&format!("{}?done=1", address(visit, &booking, "")))),
        Err(BookingError::Fields(_)) => Ok(see(&address(visit, &opened.booking, "/details"))),
        Err(BookingError::State(_)) => Ok(see(&address(visit, &opened.booking, ""))),
        Err(BookingError::Seats(NoSeats::Full { .. } | NoSeats::Closed | NoSeats::Busy(_))) => {
            ran_out_page(app, visit, opened).await
        }
        Err(error) => {
            let says = trouble(visit.locale, error)?;
            answer(app, visit, opened, Some(says), Beside::default()).await
        }
    }
}

/// The review with a code that takes nothing off, and why.
pub(super) async fn with_code(
    app: &App,
    visit: &Visit,
    opened: Opened,
    typed: (String, String),
) -> Result<Response, PageError> {
    if opened.booking.name.is_empty() {
        return Ok(see(&address(visit, &opened.booking, "/details")));
    }
    answer(app, visit, opened, None, Beside { code: Some(typed), ..Beside::default() }).await
}

/// "Keep the seats again", here or in another slot.
pub async fn renew(
    State(app): State<App>,
    visit: Visit,
    link: Link,
    form: Form,
) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    let slot: SlotId = form.text("slot").parse().map_err(|_| PageError::NotFound)?;
    let command = Renew {
        catalogue: opened.catalogue.clone(),
        booking: opened.booking.id,
        slot,
        minutes: app.settings.hold_minutes,
    };
    let renewed = app
        .store
        .write("renew", command, |tx, command| Box::pin(booking::renew(tx, command)))
        .await;
    match renewed {
        Ok(booking) => Ok(see(&address(&visit, &booking, "/review"))),
        Err(BookingError::State(_)) => Ok(see(&address(&visit, &opened.booking, ""))),
        // Somebody was quicker: the page says what is left now.
        Err(BookingError::Seats(_)) => ran_out_page(&app, &visit, opened).await,
        Err(error) => {
            trouble(visit.locale, error)?;
            Ok(see(&address(&visit, &opened.booking, "/review")))
        }
    }
}

/// Time is up: what was typed is kept, and one click keeps the seats again, here or elsewhere.
pub(super) async fn ran_out_page(
    app: &App,
    visit: &Visit,
    opened: Opened,
) -> Result<Response, PageError> {
    if let Some(enquiry) = super::offer::of_booking(app, visit, &opened.booking).await? {
        // What was offered to a group is not taken again without the host.
        return Ok(see(&enquiry));
    }
    let locale = visit.locale;
    let now = opened.now;
    let seats = opened.booking.party.seats();
    let mut slots = others(app, opened.visited.tour.id, opened.visited.slot.id, seats).await?;
    slots.retain(|slot| slot.option_id == opened.booking.option_id);
    slots.truncate(OTHERS);
    let left = opened.visited.slot.left(now);
    // Seats of a hold that no worker ended yet are still kept for this very booking.
    let kept = opened.booking.state.kind().holds_seats();
    let here = kept || left >= seats.max(1);
    let told = super::paid::load(&mut app.store.read().await?, &opened.booking).await?;
    let paid = told.money.any().then(|| super::paid::section(visit, &opened.booking, &told));
    let action = address(visit, &opened.booking, "/hold");
    let tour = visit.link(&format!("/tours/{}", opened.visited.tour.slug));
    let head = Head::private(t::book::ran_out_title(locale));
    Ok(private(Page::new(head).status(StatusCode::OK).render(visit, move || {
        let again = here.then(|| {
            view! {
                <form method="post" action=action.clone()>
                    <Hidden name="slot" value=opened.visited.slot.id.to_string()/>
                    <button class="btn btn-primary btn-large" type="submit">
                        {t::book::hold_again(locale, i64::from(seats))}
                    </button>
                </form>
            }
        });
        let lead = if here {
            t::book::ran_out_here(locale, i64::from(if kept { left + seats } else { left }))
        } else {
            t::book::ran_out_full(locale).to_owned()
        };
        let elsewhere: Vec<_> = slots
            .iter()
            .map(|slot| {
                let time = if slot.is_run() {
                    run_dates(locale, slot)
                } else {
                let day = format::sentence(&format::day(locale, slot.local_date));
                format::day_during(locale, day, slot.starts_at, slot.ends_at)
                };
                view! {
                    <li>
                        <form method="post" action=action.clone()>
                            <Hidden name="slot" value=slot.id.to_string()/>
                            <button class="slot" data-state="open" type="submit">
                                <span class="slot-time">{time}</span>
                                <span class="slot-left">{format::seats_left(locale, slot.left(now))}</span>
                            </button>
                        </form>
                    </li>
                }
            })
            .collect();
        let elsewhere = (!elsewhere.is_empty()).then(|| {
            view! {
                <section class="stack" aria-labelledby="others">
                    <h2 class="panel-title" id="others">{t::book::others(locale)}</h2>
                    <ul class="slot-list">{elsewhere}</ul>
                </section>
            }
        });
        view! {
            <div class="wrap error-page">
                <img class="error-art" src=assets::url("illustrations/incense-1.svg") alt=""
                    width="800" height="600"/>
                <p class="error-code">{t::book::ran_out_kicker(locale)}</p>
                <h1>{t::book::ran_out_title(locale)}</h1>
                <p class="lead">{t::book::typed_is_kept(locale)} " " {lead}</p>
                <div class="actions">{again}<a class="btn" href=tour>{t::book::other_slot(locale)}</a></div>
                {paid}
                {elsewhere}
            </div>
        }
    })))
}

async fn answer(
    app: &App,
    visit: &Visit,
    opened: Opened,
    says: Option<String>,
    Beside { card: typed, code }: Beside,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let minutes = app.settings.hold_minutes;
    let mut conn = app.store.read().await?;
    let date = opened.visited.slot.local_date;
    let same_day = booking::query::same_day_of(&mut conn, &opened.booking, date).await?;
    let group = engine::course::group_of(&mut conn, opened.booking.id).await?;
    let (tour, slot) = (&opened.visited.tour, &opened.visited.slot);
    let asked = payment::asked(&mut conn, tour, &opened.booking, slot, opened.now).await?;
    let today = local_date(opened.now);
    let codes = opened.booking.promo.is_some()
        || takes_codes(&mut conn, opened.booking.workshop_id, today).await?;
    drop(conn);
    let to = |sub: &str| address(visit, &opened.booking, sub);
    let (party, details, review) = (to("/party"), to("/details"), to("/review"));
    let well = says.is_none() && typed.error.is_empty() && code.is_none();
    let status = if well { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let promo = codes && opened.booking.stands_alone() && !opened.booking.party.is_group();
    let promo = promo.then(|| code::section(visit, &opened, code).into_any());
    let inner = visit.clone();
    let head = Head::private(t::book::review_title(locale));
    let agreed = crate::ui::consent::agreed(visit);
    Ok(private(Page::new(head).status(status).with_islands().render(visit, move || {
        let (booking, visited) = (&opened.booking, &opened.visited);
        let says = says.map(|says| {
            view! { <Notice tone=Tone::Bad title=says><p>{t::book::typed_is_kept(locale)}</p></Notice> }
        });
        let twice = same_day.map(|code| {
            view! {
                <Notice tone=Tone::Warn title=t::book::same_day(locale, code)>
                    <p>{t::book::same_day_hint(locale)}</p>
                </Notice>
            }
        });
        let pair = |name: &'static str, value: String| {
            (!value.is_empty()).then(|| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
        };
        let answers: Vec<_> = visited
            .tour
            .questions
            .0
            .iter()
            .filter_map(|question| {
                let answer = booking.answers.0.get(&question.key)?;
                let choice = question.choices.iter().find(|choice| choice.value == *answer);
                let words = choice.map_or(answer.as_str(), |choice| choice.label.text(locale));
                let label = question.label.text(locale).to_owned();
                Some(view! { <div><dt>{label}</dt><dd>{words.to_owned()}</dd></div> })
            })
            .collect();
        let policy: Vec<_> = policy_dates(locale, visited.tour.policy, visited.slot.starts_at, opened.now)
            .into_iter()
            .map(|line| view! { <li>{line}</li> })
            .collect();
        // A card that covers what is asked leaves nothing to transfer.
        let covered = asked.as_ref().is_some_and(|ask| typed.covers(ask, booking.total));
        let book = match &asked {
            Some(_) if covered => t::book::book_now(locale),
            Some(_) => t::payment::book_and_pay(locale),
            None => t::book::book_now(locale),
        };
        let how = match &asked {
            Some(_) if covered => t::gift::covers(locale).to_owned(),
            None => t::book::pay_there(locale).to_owned(),
            Some(ask) => beforehand(locale, ask, booking.total),
        };
        let wrong = (!typed.error.is_empty()).then(|| {
            let problems = gift::problem(typed.error.clone());
            view! { <ErrorSummary locale problems/> }
        });
        // What a travel company sold, and legs of passes, are paid otherwise.
        let card = booking.stands_alone().then(|| gift::on_review(&inner, booking, &typed));
        let host = t::book::host_line(
            locale,
            visited.workshop.address.text(locale),
            format::legal_form(locale, visited.workshop.legal_form),
            &visited.workshop.legal_name,
            &visited.workshop.tax_code,
        );
        view! {
            <div class="wrap booking">
                <div class="booking-head">
                    <Steps locale at=Step::Review back=vec![party.clone(), details.clone()]/>
                    <h1>{t::book::review_title(locale)}</h1>
                    {hold_clock(locale, &opened, minutes)}
                </div>
                <div class="booking-main">
                {says}
                {wrong}
                {twice}
                {promo}
                <form class="form" method="post" action=review>
                    <div class="panel">
                        <section class="review-block" aria-labelledby="r1">
                            <div class="review-head">
                                <h2 id="r1">{t::book::slot_and_party(locale)}</h2>
                                <a href=party>{t::book::edit_party(locale)}</a>
                            </div>
                            <dl class="pairs">
                                {pair(t::book::tour(locale), visited.tour.title.text(locale).to_owned())}
                                {pair(t::book::option(locale), visited.option.title.text(locale).to_owned())}
                                <div>
                                    <dt>{t::book::when(locale)}</dt>
                                    <dd>
                                        {visited.when(locale)} " " <span class="soft">{t::book::venue_time(locale)}</span>
                                        {sessions_folded(locale, &visited.sessions)}
                                    </dd>
                                </div>
                                {pair(t::book::party(locale), booking.party.words(locale))}
                            </dl>
                        </section>
                        <section class="review-block" aria-labelledby="r2">
                            <div class="review-head">
                                <h2 id="r2">{t::book::who_books(locale)}</h2>
                                <a href=details.clone()>{t::book::edit_details(locale)}</a>
                            </div>
                            <dl class="pairs">
                                {pair(t::book::name(locale), booking.name.clone())}
                                {pair(t::book::email(locale), booking.email.clone())}
                                {pair(t::book::phone(locale), format::phone(&booking.phone))}
                                {pair(t::course::group(locale), group.words())}
                                {answers}
                                {pair(t::price::extras(locale), booking.extras.words(locale))}
                                {pair(t::book::notes(locale), booking.notes.clone())}
                            </dl>
                        </section>
                        <section class="review-block" aria-labelledby="r3">
                            <div class="review-head"><h2 id="r3">{t::book::policy(locale)}</h2></div>
                            <ul>{policy}</ul>
                        </section>
                        <section class="review-block" aria-labelledby="r4">
                            <div class="review-head"><h2 id="r4">{t::book::payment(locale)}</h2></div>
                            <p><strong>{booking.total.display(locale)}</strong> " " {how}</p>
                            <p class="soft small">{host}</p>
                            {card}
                        </section>
                    </div>
                    {agreed}
                    <div class="actions">
                        <button class="btn btn-primary btn-large" type="submit">{book}</button>
                        <a class="btn btn-quiet" href=details>{icon("arrow-left")}{t::book::back(locale)}</a>
                    </div>
                </form>
                </div>
                <Summary locale visited=visited.clone() bill=Some(booking.bill())/>
            </div>
        }
    })))
}

/// What is paid beforehand, and in what time.
fn beforehand(locale: engine::Locale, ask: &payment::Ask, total: engine::Dong) -> String {
    let time = format::date_time(locale, ask.due_at);
    let rest = total - ask.amount;
    let amount = ask.amount.display(locale);
    if rest > engine::Dong::ZERO {
        t::payment::review_deposit(locale, amount, rest.display(locale), time)
    } else {
        t::payment::review_full(locale, amount, time)
    }
}
