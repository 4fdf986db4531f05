//! Where a companion fills in their own part. The page tells tour, time and place, and nothing else
//! of the booking: not who booked, not who comes, not the price.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::booking::Booking;
use engine::booking::guests::{
    self, FillGuest, Form as GuestForm, Guest, Who, asks, by_key, by_token, is_open,
};
use engine::clock::local_date;
use engine::schedule::slots;
use leptos::prelude::*;

use super::booking::{private, see};
use super::details::QUESTION;
use super::guests::{fields, problems, trouble, typed};
use crate::api::form::{Form, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t;
use crate::ui::field::{ErrorSummary, FormKey};
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::prose::own;
use crate::ui::summary::Visited;

type Link = Path<(String, String, String)>;

/// Name of the query's field with the key of what somebody filled in.
const MINE: &str = "me";

struct Invited {
    booking: Booking,
    visited: Visited,
    open: bool,
}

async fn load(app: &App, link: &Link) -> Result<Invited, PageError> {
    let Path((_, code, token)) = link;
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let booking = by_token(&mut conn, code, token).await?.ok_or(PageError::NotFound)?;
    let slot = slots::find(&mut conn, booking.slot_id).await?.ok_or(PageError::NotFound)?;
    let visited =
        Visited::of(&catalogue, slot, local_date(booking.created_at)).ok_or(PageError::NotFound)?;
    let visited = visited.with_sessions(&mut conn).await?;
    let open = is_open(&booking, &visited.slot, app.store.now()) && asks(&visited.tour);
    Ok(Invited { booking, visited, open })
}

fn here(visit: &Visit, link: &Link) -> String {
    let Path((_, code, token)) = link;
    visit.link(&format!("/companions/{code}/{token}"))
}

pub async fn page(State(app): State<App>, visit: Visit, link: Link) -> Result<Response, PageError> {
    let invited = load(&app, &link).await?;
    let query = Form::of_query(&visit.query);
    let mut conn = app.store.read().await?;
    let mine = by_key(&mut conn, invited.booking.id, query.text(MINE)).await?;
    drop(conn);
    let (form, key) = mine.as_ref().filter(|guest| guest.by_companion).map_or_else(
        || (Form::default(), fresh_key()),
        |guest| (typed(guest), guest.form_key.clone()),
    );
    Ok(answer(&visit, here(&visit, &link), invited, mine, form, key, Problems::default()))
}

pub async fn fill(
    State(app): State<App>,
    visit: Visit,
    link: Link,
    form: Form,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let here = here(&visit, &link);
    let invited = load(&app, &link).await?;
    let key = form.key();
    let (tour, answers) = (&invited.visited.tour, form.under(QUESTION));
    let parsed =
        GuestForm::parse(tour, Who::Companion, form.text("name"), &answers, form.has("waiver"));
    let parsed = match parsed {
        Ok(parsed) => parsed,
        Err(wrong) => {
            let wrong = problems(locale, wrong);
            return Ok(answer(&visit, here, invited, None, form, key, wrong));
        }
    };
    let command = FillGuest {
        catalogue: app.catalogue().await?,
        booking: invited.booking.id,
        who: Who::Companion,
        form_key: key.clone(),
        form: parsed,
    };
    let filled =
        app.store.write("fill guest", command, |tx, c| Box::pin(guests::fill_guest(tx, c))).await;
    match filled {
        Ok(guest) => Ok(see(&format!("{here}?{MINE}={}", guest.form_key))),
        Err(error) => {
            let full = t::guests::full_companion(locale).to_owned();
            let mut wrong = Problems::default();
            wrong.add("name", trouble(locale, error, full)?);
            Ok(answer(&visit, here, invited, None, form, key, wrong))
        }
    }
}

fn answer(
    visit: &Visit,
    here: String,
    invited: Invited,
    mine: Option<Guest>,
    form: Form,
    key: String,
    problems: Problems,
) -> Response {
    let locale = visit.locale;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Page::new(Head::private(t::guests::invited(locale))).status(status);
    private(page.render(visit, move || {
        let Invited { visited, open, .. } = invited;
        let place = format!(
            "{}, {}",
            visited.tour.meeting_point.text(locale),
            visited.workshop.address.text(locale)
        );
        let again = here.clone();
        let thanks = mine.map(|guest| {
            view! {
                <Notice tone=Tone::Good title=t::guests::thanks(locale, &guest.name)>
                    <p>{t::guests::thanks_more(locale)}</p>
                    <p><a href=again>{t::guests::someone_else(locale)}</a></p>
                </Notice>
            }
        });
        let form = if open {
            view! {
                <form class="form panel" method="post" action=here novalidate>
                    <ErrorSummary locale problems=problems.clone()/>
                    <FormKey key/>
                    {fields(locale, &visited.tour, Who::Companion, &form, &problems)}
                    <button class="btn btn-primary btn-large" type="submit">{t::guests::send(locale)}</button>
                </form>
            }
            .into_any()
        } else {
            view! { <Notice tone=Tone::Info title=t::guests::closed(locale)/> }.into_any()
        };
        view! {
            <div class="solo">
                <div class="stack">
                    <p class="kicker">{own(&visited.tour.title, locale)}</p>
                    <h1>{t::guests::invited(locale)}</h1>
                    <ul class="facts">
                        <li>
                            {icon("calendar")}
                            <time datetime=visited.slot.starts_at.to_rfc3339()>{visited.when(locale)}</time>
                        </li>
                        <li>{icon("home")}{visited.place(locale)}</li>
                        <li>{icon("pin")}{place}</li>
                    </ul>
                    <p>{t::guests::invited_more(locale)}</p>
                </div>
                {thanks}
                {form}
            </div>
        }
    }))
}
