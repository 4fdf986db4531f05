//! A pass on another day, or at other times, for the same people.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use engine::pass::{self, Day, MovePass, Place};
use engine::{Locale, SlotId};
use leptos::prelude::*;

use super::manage::{Link, Opened, open};
use super::offer::span;
use super::{DAYS, trouble};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::booking::{private, see};
use crate::render::Page;
use crate::t;
use crate::t::pass as tp;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

pub async fn page(State(app): State<App>, visit: Visit, link: Link) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    if !opened.booked.is_open(opened.now) {
        return Ok(see(&opened.address(&visit, "")));
    }
    answer(&app, &visit, opened, None).await
}

pub async fn move_to(
    State(app): State<App>,
    visit: Visit,
    link: Link,
    form: Form,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let opened = open(&app, &link).await?;
    // One choice names a departure of each stop.
    let slots = form.text("slots").split('.').map(|id| id.parse::<SlotId>().ok());
    let Some(slots) = slots.collect::<Option<Vec<SlotId>>>() else {
        return answer(&app, &visit, opened, Some(t::manage::choose_slot(locale).to_owned())).await;
    };
    let (catalogue, booking) = (opened.catalogue.clone(), opened.booked.booking.id);
    let command = MovePass { catalogue, booking, slots };
    let moved =
        app.store.write("move pass", command, |tx, c| Box::pin(pass::reschedule(tx, c))).await;
    match moved {
        Ok(_) => Ok(see(&format!("{}?moved=1", opened.address(&visit, "")))),
        Err(error) => {
            let says = trouble(locale, &opened.catalogue, &opened.options(), error)?;
            answer(&app, &visit, opened, Some(says)).await
        }
    }
}

async fn answer(
    app: &App,
    visit: &Visit,
    opened: Opened,
    says: Option<String>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let status = if says.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let mut conn = app.store.read().await?;
    let (catalogue, booked) = (&opened.catalogue, &opened.booked);
    let days = pass::ways_to_move(&mut conn, catalogue, booked, DAYS, opened.now).await?;
    drop(conn);
    let now: Vec<SlotId> = booked.live().map(|leg| leg.slot.id).collect();
    let houses: Vec<String> = opened
        .options()
        .into_iter()
        .filter_map(|option| Some(Place::of(catalogue, option)?.workshop.name.clone()))
        .collect();
    let groups: Vec<AnyView> =
        days.iter().filter_map(|each| day(locale, each, &now, &houses)).collect();
    let party = booked.live().next().map(|leg| leg.booking.party.words(locale)).unwrap_or_default();
    let says = says.map(|says| {
        view! { <Notice tone=Tone::Bad title=says><p>{t::manage::still_as_it_was(locale)}</p></Notice> }
    });
    let none = groups.is_empty().then(|| view! { <p>{tp::move_none(locale)}</p> });
    let save = (!groups.is_empty()).then(|| {
        view! { <button class="btn btn-primary btn-large" type="submit">{tp::move_here(locale)}</button> }
    });
    let (here, back) = (opened.address(visit, "/move"), opened.address(visit, ""));
    let shown = opened.day(visit, |_, _| None);
    let head = Head::private(tp::move_title(locale));
    Ok(private(Page::new(head).status(status).render(visit, move || {
        view! {
            <div class="wrap booking">
                <div class="booking-head">
                    <h1>{tp::move_title(locale)}</h1>
                    <p>{tp::move_lead(locale, party)}</p>
                </div>
                <form class="booking-main form" method="post" action=here>
                    {says} {none} {groups}
                    <div class="actions">
                        {save}
                        <a class="btn btn-quiet" href=back>{icon("arrow-left")}{tp::back(locale)}</a>
                    </div>
                </form>
                <aside class="booking-aside summary" aria-labelledby="now-title">
                    <div class="summary-body">
                        <h2 class="summary-title" id="now-title">{tp::as_now(locale)}</h2>
                        {shown}
                    </div>
                </aside>
            </div>
        }
    })))
}

/// The choices of one day; None where the only one is what the guest has.
fn day(locale: Locale, day: &Day, now: &[SlotId], houses: &[String]) -> Option<AnyView> {
    let items: Vec<_> =
        day.ways
            .iter()
            .map(|way| (way, way.iter().map(|slot| slot.id).collect::<Vec<_>>()))
            .filter(|(_, ids)| ids != now)
            .map(|(way, ids)| {
                let value = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(".");
                let stops = way.iter().zip(houses).map(|(slot, house)| {
                    format!("{} {house}", format::time(locale, slot.starts_at))
                });
                let stops = stops.collect::<Vec<_>>().join(" · ");
                view! {
                    <li>
                        <label class="slot">
                            <input type="radio" name="slots" value=value required=true/>
                            <span class="slot-time">{span(locale, way)}</span>
                            <span class="slot-left">{stops}</span>
                        </label>
                    </li>
                }
            })
            .collect();
    if items.is_empty() {
        return None;
    }
    let date = day.date;
    let group = view! {
        <fieldset class="day-group">
            <legend class="day-head">
                <time datetime=date.to_string()>{format::sentence(&format::date(locale, date))}</time>
                " " <span class="lunar">{format::lunar(locale, date)}</span>
            </legend>
            <ul class="pass-slots">{items}</ul>
        </fieldset>
    };
    Some(group.into_any())
}
