//! The waiting list of a full slot: joining it, and taking or declining what it offers.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use engine::booking::waitlist::{self, Accept, Entry, EntryState, Join, WaitlistError};
use engine::booking::{Contact, StateKind};
use engine::clock::local_date;
use engine::schedule::slots;
use engine::{SlotId, WaitlistId};
use leptos::prelude::*;

use super::booking::{address, private, trouble};
use super::details::problems;
use super::sisters;
use crate::api::form::{Form, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t;
use crate::ui::field::{ErrorSummary, FormKey, TextField};
use crate::ui::format;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::party::{PartyFields, wanted};
use crate::ui::summary::Visited;

type SlotPath = Path<(String, String)>;
type EntryPath = Path<(String, String, String)>;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slot)): SlotPath,
) -> Result<Response, PageError> {
    let visited = load(&app, &slot).await?;
    let form = Form::of_query(&visit.query);
    answer(&app, &visit, visited, form, fresh_key(), Problems::default(), None).await
}

pub async fn join(
    State(app): State<App>,
    visit: Visit,
    Path((_, slot)): SlotPath,
    form: Form,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let visited = load(&app, &slot).await?;
    let contact = Contact::parse(form.text("name"), form.text("email"), form.text("phone"), "");
    let (wanted, contact) = match (wanted(locale, &visited.option, &form), contact) {
        (Ok(wanted), Ok(contact)) => (wanted, contact),
        (wanted, contact) => {
            let wrong = contact.err().unwrap_or_default().into_iter();
            let mut found = problems(locale, wrong);
            for (field, message) in wanted.err().unwrap_or_default().iter() {
                found.add(field, message);
            }
            let key = form.key();
            return answer(&app, &visit, visited, form, key, found, None).await;
        }
    };
    let command = Join {
        catalogue: app.catalogue().await?,
        slot: visited.slot.id,
        wanted,
        contact,
        locale,
        form_key: form.key(),
    };
    let joined =
        app.store.write("join", command, |tx, command| Box::pin(waitlist::join(tx, command))).await;
    match joined {
        Ok(entry) => Ok(Redirect::to(&entry_address(&visit, &entry)).into_response()),
        Err(error) => {
            let says = says(&visit, error)?;
            let key = form.key();
            answer(&app, &visit, visited, form, key, Problems::default(), Some(says)).await
        }
    }
}

pub async fn entry(
    State(app): State<App>,
    visit: Visit,
    Path((_, id, secret)): EntryPath,
) -> Result<Response, PageError> {
    let entry = find(&app, &id, &secret).await?;
    show(&app, &visit, entry, None).await
}

/// "Take" confirms the seats that are kept; where the tour asks for more, details come first.
pub async fn decide(
    State(app): State<App>,
    visit: Visit,
    Path((_, id, secret)): EntryPath,
    form: Form,
) -> Result<Response, PageError> {
    let entry = find(&app, &id, &secret).await?;
    let here = entry_address(&visit, &entry);
    if form.text("do") == "decline" {
        let declined = app
            .store
            .write("decline", entry.id, |tx, id| Box::pin(waitlist::decline(tx, id)))
            .await;
        return match declined {
            Ok(_) => Ok(Redirect::to(&here).into_response()),
            Err(error) => {
                let says = says(&visit, error)?;
                show(&app, &visit, entry, Some(says)).await
            }
        };
    }
    let command = Accept { catalogue: app.catalogue().await?, entry: entry.id };
    let accepted = app
        .store
        .write("accept", command, |tx, command| Box::pin(waitlist::accept(tx, command)))
        .await;
    match accepted {
        Ok(booking) => {
            let to = format!("{}?done=1", address(&visit, &booking, ""));
            Ok(Redirect::to(&to).into_response())
        }
        Err(WaitlistError::Booking(engine::booking::BookingError::Fields(_))) => {
            let Some(id) = entry.booking_id else { return Err(PageError::NotFound) };
            let mut conn = app.store.read().await?;
            let held = engine::booking::query::by_id(&mut conn, id).await?;
            let held = held.ok_or(PageError::NotFound)?;
            Ok(Redirect::to(&address(&visit, &held, "/details")).into_response())
        }
        Err(error) => {
            let says = says(&visit, error)?;
            show(&app, &visit, entry, Some(says)).await
        }
    }
}

async fn load(app: &App, slot: &str) -> Result<Visited, PageError> {
    let id: SlotId = slot.parse().map_err(|_| PageError::NotFound)?;
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let slot = slots::find(&mut conn, id).await?.ok_or(PageError::NotFound)?;
    let today = local_date(app.store.now());
    let visited = Visited::of(&catalogue, slot, today).ok_or(PageError::NotFound)?;
    let visited = visited.with_sessions(&mut conn).await?;
    if visited.tour.published { Ok(visited) } else { Err(PageError::NotFound) }
}

async fn find(app: &App, id: &str, secret: &str) -> Result<Entry, PageError> {
    let id: WaitlistId = id.parse().map_err(|_| PageError::NotFound)?;
    let mut conn = app.store.read().await?;
    waitlist::by_secret(&mut conn, id, secret).await?.ok_or(PageError::NotFound)
}

fn entry_address(visit: &Visit, entry: &Entry) -> String {
    visit.link(&format!("/waitlist/entry/{}/{}", entry.id, entry.secret))
}

fn says(visit: &Visit, error: WaitlistError) -> Result<String, PageError> {
    let locale = visit.locale;
    Ok(match error {
        WaitlistError::Store(error) => return Err(error.into()),
        WaitlistError::Unknown => return Err(PageError::NotFound),
        WaitlistError::Booking(error) => trouble(locale, error)?,
        WaitlistError::NotFull { left } => t::waitlist::not_full(locale, i64::from(left)),
        WaitlistError::NeverFits { capacity } => {
            t::waitlist::never_fits(locale, i64::from(capacity))
        }
        WaitlistError::TooLate => t::waitlist::too_late(locale).to_owned(),
        WaitlistError::State(_) => t::waitlist::over(locale).to_owned(),
    })
}

fn slot_line(visit: &Visit, visited: &Visited) -> String {
    let locale = visit.locale;
    if visited.slot.is_run() {
        return format!("{} · {}", visited.tour.title.text(locale), visited.when(locale));
    }
    let day = format::sentence(&format::day(locale, visited.slot.local_date));
    let when = format::day_during(locale, day, visited.slot.starts_at, visited.slot.ends_at);
    format!("{} · {when}", visited.tour.title.text(locale))
}

async fn answer(
    app: &App,
    visit: &Visit,
    visited: Visited,
    form: Form,
    key: String,
    problems: Problems,
    says: Option<String>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let now = app.store.now();
    let sisters = sisters::neighbours(&mut conn, &catalogue, &visited.slot, &[], now).await?;
    drop(conn);
    let next_door = sisters::section(visit, &sisters);
    let wrong = !problems.is_empty() || says.is_some();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let action = visit.link(&format!("/waitlist/{}", visited.slot.id));
    let book = visit.link(&format!("/book/{}", visited.slot.id));
    let line = slot_line(visit, &visited);
    let page = Page::new(Head::private(t::waitlist::title(locale))).status(status).with_islands();
    let agreed = crate::ui::consent::agreed(visit);
    Ok(private(page.render(visit, move || {
        let says = says.map(|says| {
            view! {
                <Notice tone=Tone::Warn title=says>
                    <p><a href=book>{t::waitlist::look_at_slot(locale)}</a></p>
                </Notice>
            }
        });
        let field = |name: &str| form.text(name).to_owned();
        view! {
            <div class="wrap-narrow stack-l section-tight">
                <h1>{t::waitlist::title(locale)}</h1>
                <p class="lead">{line}</p>
                <p>{t::waitlist::lead(locale)}</p>
                {says} {next_door}
                <form class="form panel" method="post" action=action novalidate>
                    <ErrorSummary locale problems=problems.clone()/>
                    <FormKey key=key/>
                    <fieldset class="fieldset">
                        <legend>{t::book::how_many(locale)}</legend>
                        <PartyFields locale tour=visited.tour.clone() option=visited.option.clone()
                            form=form.clone() party=None problems=problems.clone()
                            left=visited.slot.capacity/>
                    </fieldset>
                    <TextField locale name="name" label=t::waitlist::name(locale) autocomplete="name"
                        value=field("name") error=problems.of("name")/>
                    <TextField locale name="email" label=t::waitlist::email(locale) kind="email"
                        autocomplete="email" inputmode="email" value=field("email")
                        error=problems.of("email")/>
                    <TextField locale name="phone" label=t::waitlist::phone(locale) kind="tel"
                        autocomplete="tel" inputmode="tel" optional=true value=field("phone")
                        error=problems.of("phone")/>
                    {agreed}
                    <div class="actions">
                        <button class="btn btn-primary btn-large" type="submit">
                            {t::waitlist::join(locale)}
                        </button>
                    </div>
                </form>
            </div>
        }
    })))
}

async fn show(
    app: &App,
    visit: &Visit,
    entry: Entry,
    says: Option<String>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let slot = slots::find(&mut conn, entry.slot_id).await?.ok_or(PageError::NotFound)?;
    let today = local_date(app.store.now());
    let visited = Visited::of(&catalogue, slot, today).ok_or(PageError::NotFound)?;
    let visited = visited.with_sessions(&mut conn).await?;
    let place = waitlist::position(&mut conn, &entry).await?;
    let mut booked = None;
    if let Some(id) = entry.booking_id
        && let Some(booking) = engine::booking::query::by_id(&mut conn, id).await?
        && booking.state.kind() == StateKind::Confirmed
    {
        booked = Some(address(visit, &booking, ""));
    }
    let status = if says.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let line = slot_line(visit, &visited);
    let tour = visit.link(&format!("/tours/{}", visited.tour.slug));
    let until = entry.offer_until.map(|until| {
        let day = format::day(locale, local_date(until));
        locale.writing().moment(day, format::time(locale, until))
    });
    let (title, text) = match (entry.state, until) {
        (EntryState::Waiting, _) => (
            t::waitlist::waiting(locale, place.unwrap_or(1)),
            t::waitlist::waiting_more(locale).to_owned(),
        ),
        (EntryState::Offered, Some(until)) => {
            (t::waitlist::offered(locale).to_owned(), t::waitlist::offered_more(locale, until))
        }
        (EntryState::Claimed, _) => {
            (t::waitlist::claimed(locale).to_owned(), t::waitlist::claimed_more(locale).to_owned())
        }
        _ => (t::waitlist::over(locale).to_owned(), t::waitlist::over_more(locale).to_owned()),
    };
    let offered = entry.state == EntryState::Offered;
    let open = offered || entry.state == EntryState::Waiting;
    let page = Page::new(Head::private(t::waitlist::title(locale))).status(status);
    Ok(private(page.render(visit, move || {
        let says =
            says.map(|says| view! { <Notice tone=Tone::Bad title=says/> });
        let take = offered.then(|| {
            view! {
                <button class="btn btn-primary btn-large" type="submit" name="do" value="accept">
                    {t::waitlist::take(locale)}
                </button>
            }
        });
        let decline = open.then(|| {
            view! {
                <button class="btn btn-quiet" type="submit" name="do" value="decline">
                    {t::waitlist::decline(locale)}
                </button>
            }
        });
        let manage = booked
            .map(|href| view! { <a class="btn btn-primary" href=href>{t::waitlist::see_booking(locale)}</a> });
        view! {
            <div class="wrap-narrow stack-l section-tight">
                <h1>{title}</h1>
                <p class="lead">{line}</p>
                <p>{text}</p>
                {says}
                <form class="actions" method="post">{take}{decline}{manage}
                    <a class="btn btn-quiet" href=tour>{t::waitlist::other_slots(locale)}</a>
                </form>
            </div>
        }
    })))
}
