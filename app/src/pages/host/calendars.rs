//! Calendars of others that take the time of the workshop, of its machines and its guides.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::ResourceId;
use engine::busy::{BusyCalendar, Subject, Who};
use engine::catalogue::Workshop;
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame, see};
use super::resources::{Rights, words as resource_words};
use super::words;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::busy::{self, Place};
use crate::render::Page;
use crate::t::calendars as t;
use crate::ui::layout::{Head, breadcrumb};

type At = Path<(String, String)>;
type AtResource = Path<(String, String, String)>;

/// The page of the calendars of whoever it is.
pub fn page_of(visit: &Visit, shop: &Workshop, resource: Option<ResourceId>) -> String {
    match resource {
        Some(resource) => at(visit, shop, &format!("/calendars/{resource}")),
        None => at(visit, shop, "/calendars"),
    }
}

/// The warning about stale calendars, for the pages of a workshop; owners can do something about it.
pub fn stale(
    visit: &Visit,
    shop: &Workshop,
    owner: bool,
    calendars: &[BusyCalendar],
) -> impl IntoView + use<> {
    let page = |it: &BusyCalendar| owner.then(|| page_of(visit, shop, it.resource_id));
    busy::stale(visit.locale, calendars, page).into_any()
}

fn of_workshop(visit: &Visit, desk: &Desk) -> Result<Place, PageError> {
    let shop = desk.workshop()?;
    let tours = desk
        .catalogue
        .all_tours_of(shop.id)
        .map(|tour| (tour.id.to_string(), tour.title.text(visit.locale).to_owned()))
        .collect();
    Ok(Place {
        who: Who::Actor(visit.actor.clone()),
        subject: Subject::Workshop(shop.id),
        here: page_of(visit, shop, None),
        name: shop.name.clone(),
        tours,
    })
}

/// A machine or a guide that the visitor may change.
async fn of_resource(app: &App, visit: &Visit, desk: &Desk, id: &str) -> Result<Place, PageError> {
    let rights = Rights::of(app, visit, desk).await?;
    let mut conn = app.store.read().await?;
    let usable = engine::resource::usable_by(&mut conn, desk.id()).await?;
    let found = usable.into_iter().find(|it| it.id.to_string() == id);
    let found = found.filter(|it| rights.rules(it.owner())).ok_or(PageError::NotFound)?;
    Ok(Place {
        who: Who::Actor(visit.actor.clone()),
        subject: Subject::Resource(found.id),
        here: page_of(visit, desk.workshop()?, Some(found.id)),
        name: resource_words::name(visit.locale, &found),
        tours: Vec::new(),
    })
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let place = of_workshop(&visit, &desk)?;
    let form = Form::of_query(&visit.query);
    answer(&app, &visit, desk, place, form, Problems::default()).await
}

pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let place = of_workshop(&visit, &desk)?;
    done(&app, &visit, desk, place, form).await
}

pub async fn of(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtResource,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let place = of_resource(&app, &visit, &desk, &id).await?;
    let form = Form::of_query(&visit.query);
    answer(&app, &visit, desk, place, form, Problems::default()).await
}

pub async fn act_of(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtResource,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let place = of_resource(&app, &visit, &desk, &id).await?;
    done(&app, &visit, desk, place, form).await
}

async fn done(
    app: &App,
    visit: &Visit,
    desk: Desk,
    place: Place,
    form: Form,
) -> Result<Response, PageError> {
    match busy::act(app, visit.locale, &place, &form).await? {
        Ok(next) => Ok(see(&next)),
        Err(problems) => answer(app, visit, desk, place, form, problems).await,
    }
}

async fn answer(
    app: &App,
    visit: &Visit,
    desk: Desk,
    place: Place,
    form: Form,
    problems: Problems,
) -> Result<Response, PageError> {
    let shown = busy::load(app, &place, form, problems).await?;
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let status = shown.status();
    let title = match place.subject {
        Subject::Workshop(_) => t::title(locale).to_owned(),
        Subject::Resource(_) => t::title_of(locale, &place.name),
    };
    let about = match place.subject {
        Subject::Workshop(_) => t::text(locale),
        Subject::Resource(_) => t::text_of(locale),
    };
    let inner = visit.clone();
    Ok(Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let visit = &inner;
        let slot = |slot: &engine::schedule::Slot| {
            let (_, option) = desk.catalogue.option(slot.option_id)?;
            let title = words::slot_named(locale, slot, option);
            // Of a sister in the co-op the name is all that may be seen.
            let house = desk.catalogue.workshop(slot.workshop_id)?;
            let href = if visit.actor.must_serve(house.id).is_ok() {
                at(visit, house, &format!("/slots/{}", slot.id))
            } else {
                at(visit, &shop, &format!("/guides?date={}", slot.local_date))
            };
            Some((href, title))
        };
        let body = view! {
            {breadcrumb(locale, vec![(at(visit, &shop, "/more"), crate::t::edit::more(locale).to_owned())])}
            <h1>{title}</h1>
            <p>{about}</p>
            {busy::body(locale, &place, &shown, slot)}
        };
        frame(visit, Some(&shop), Tab::More, body)
    }))
}
