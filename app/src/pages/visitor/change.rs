//! Another number of people. While the seats are only held this is the way back to the first
//! step; for a confirmed booking the new price is shown before it is agreed to.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use engine::accounts::Actor;
use engine::booking::{self, ChangeParty, Party, StateKind};
use engine::{Locale, UnitId};
use leptos::prelude::*;

use super::booking::{Link, Opened, address, hold_clock, open, private, see, trouble};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t;
use crate::ui::field::{ErrorSummary, Hidden};
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::party::{PartyFields, first_field_of, party_error, wanted_again};
use crate::ui::price::PriceLines;
use crate::ui::steps::{Step, Steps};
use crate::ui::summary::Summary;

/// The button that agrees to the price shown.
const AGREED: &str = "agreed";

pub async fn page(State(app): State<App>, visit: Visit, link: Link) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    if opened.ran_out() {
        return Ok(see(&address(&visit, &opened.booking, "/review")));
    }
    if !changeable(&opened) {
        return Ok(see(&address(&visit, &opened.booking, "")));
    }
    Ok(answer(&app, &visit, opened, Form::default(), Problems::default(), None))
}

fn changeable(opened: &Opened) -> bool {
    opened.booking.stands_alone()
        && matches!(opened.booking.state.kind(), StateKind::Held | StateKind::Confirmed)
}

pub async fn change(
    State(app): State<App>,
    visit: Visit,
    link: Link,
    form: Form,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let opened = open(&app, &link).await?;
    if !changeable(&opened) {
        return Ok(see(&address(&visit, &opened.booking, "")));
    }
    let (option, booked) = (&opened.visited.option, &opened.booking.party);
    let first = first_field_of(option, booked);
    let wanted = match wanted_again(locale, option, booked, &form) {
        Ok(wanted) => wanted,
        Err(problems) => return Ok(answer(&app, &visit, opened, form, problems, None)),
    };
    let confirmed = opened.booking.state.kind() == StateKind::Confirmed;
    let held = opened.booking.state.kind() == StateKind::Held;
    if confirmed && !form.has(AGREED) {
        return Ok(match preview(locale, &opened, &wanted) {
            Ok(party) => answer(&app, &visit, opened, form, Problems::default(), Some(party)),
            Err(problems) => answer(&app, &visit, opened, form, problems, None),
        });
    }
    let command = ChangeParty {
        catalogue: opened.catalogue.clone(),
        actor: Actor::Guest,
        booking: opened.booking.id,
        wanted,
        residents: held.then(|| form.has("residents")),
        over: false,
    };
    let changed = app
        .store
        .write("change party", command, |tx, command| Box::pin(booking::change_party(tx, command)))
        .await;
    match changed {
        Ok(booking) if confirmed => {
            Ok(see(&format!("{}?changed=1", address(&visit, &booking, ""))))
        }
        Ok(booking) => Ok(see(&address(&visit, &booking, "/details"))),
        Err(error) => {
            let mut problems = Problems::default();
            problems.add(first, trouble(locale, error)?);
            Ok(answer(&app, &visit, opened, form, problems, None))
        }
    }
}

/// The party and its price as they would be.
fn preview(locale: Locale, opened: &Opened, wanted: &[(UnitId, u32)]) -> Result<Party, Problems> {
    let mut problems = Problems::default();
    let first = first_field_of(&opened.visited.option, &opened.booking.party);
    let (tour, option) = (&opened.visited.tour, &opened.visited.option);
    let option = option.for_residents(opened.booking.party.is_of_residents());
    match Party::changed(tour, &option, &opened.booking.party, wanted) {
        Err(error) => problems.add(first, party_error(locale, error)),
        Ok(party) => {
            let left = seats_for_us(opened);
            if party.seats() <= left {
                return Ok(party);
            }
            problems.add(first, t::book::only_left(locale, i64::from(left)));
        }
    }
    Err(problems)
}

/// Seats that this party could take: its own and the free ones.
fn seats_for_us(opened: &Opened) -> i32 {
    opened.booking.seats + opened.visited.slot.left(opened.now)
}

fn answer(
    app: &App,
    visit: &Visit,
    opened: Opened,
    form: Form,
    problems: Problems,
    preview: Option<Party>,
) -> Response {
    let locale = visit.locale;
    let minutes = app.settings.hold_minutes;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let held = opened.booking.state.kind() == StateKind::Held;
    let to = |sub: &str| address(visit, &opened.booking, sub);
    let (here, back) = (to("/party"), to(if held { "/details" } else { "" }));
    let moving = to("/move");
    let title = if held { t::book::party_title(locale) } else { t::manage::change_party(locale) };
    let page = Page::new(Head::private(title)).status(status).with_islands();
    private(page.render(visit, move || {
        let (booking, visited) = (&opened.booking, &opened.visited);
        let head = if held {
            view! { <Steps locale at=Step::Party/> {hold_clock(locale, &opened, minutes)} }.into_any()
        } else {
            ().into_any()
        };
        let body = if let Some(party) = preview {
                let bill = booking.clone().with_party(party.clone(), &visited.tour.extras).bill();
                let difference = bill.total - booking.total;
                let words = match difference.0 {
                    0 => t::manage::price_same(locale).to_owned(),
                    more if more > 0 => t::manage::price_more(locale, difference.display(locale)),
                    _ => t::manage::price_less(locale, engine::Dong(-difference.0).display(locale)),
                };
                let again = here.clone();
                let kept: Vec<_> = party
                    .lines()
                    .iter()
                    .map(|line| {
                        view! { <Hidden name=line.unit_id.to_string() value=line.quantity.to_string()/> }
                    })
                    .collect();
                view! {
                    <form class="form panel" method="post" action=here>
                        {kept}
                        <Notice tone=Tone::Info title=words><p>{t::book::pay_there(locale)}</p></Notice>
                        <PriceLines locale bill/>
                        <div class="actions">
                            <button class="btn btn-primary btn-large" type="submit" name=AGREED value="1">
                                {t::manage::save_party(locale)}
                            </button>
                            <a class="btn btn-quiet" href=again>{icon("arrow-left")}{t::book::back(locale)}</a>
                        </div>
                    </form>
                }
                .into_any()
        } else {
                let go_on = if held { t::book::go_on(locale) } else { t::manage::see_price(locale) };
                view! {
                    <form class="form" method="post" action=here novalidate>
                        <ErrorSummary locale problems=problems.clone()/>
                        <div class="panel">
                            <fieldset class="fieldset">
                                <legend>{t::book::how_many(locale)}</legend>
                                <PartyFields locale tour=visited.tour.clone() option=visited.option.clone()
                                    form party=Some(booking.party.clone()) problems
                                    residents=held && visited.tour.price_rules.favour_residents()
                                    left=seats_for_us(&opened)/>
                            </fieldset>
                        </div>
                        <div class="actions">
                            <button class="btn btn-primary btn-large" type="submit">{go_on}</button>
                            <a class="btn btn-quiet" href=moving>{t::book::other_slot(locale)}</a>
                            <a class="btn btn-quiet" href=back>{t::book::leave_as_is(locale)}</a>
                        </div>
                    </form>
                }
                .into_any()
        };
        view! {
            <div class="wrap booking">
                <div class="booking-head">{head}<h1>{title}</h1></div>
                <div class="booking-main">{body}</div>
                <Summary locale visited=visited.clone() bill=Some(booking.bill())/>
            </div>
        }
    }))
}
