//! After a bad day: the guest chooses another departure, a sister workshop or the money back.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use engine::SlotId;
use engine::accounts::Actor;
use engine::booking::disruption::{
    self, Case, Choice, Choose, Disruption, GoToSister, choose, go_to_sister,
};
use engine::booking::overflow::{OverflowError, Sister};
use engine::schedule::Slot;
use leptos::prelude::*;

use super::booking::{Link, Opened, address, open, private, see, trouble};
use super::sisters;
use crate::Locale;
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::bad_day as t;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::summary::{Summary, moment, run_dates};

/// What the guest is asked, and what they can choose from.
struct Question {
    case: Case,
    disruption: Disruption,
    ways: Vec<Slot>,
    sisters: Vec<Sister>,
}

async fn question(app: &App, opened: &Opened) -> Result<Option<Question>, PageError> {
    let (booking, slot) = (&opened.booking, &opened.visited.slot);
    let (catalogue, now) = (&opened.catalogue, opened.now);
    let mut conn = app.store.read().await?;
    let Some((case, disruption)) = disruption::open_case(&mut conn, booking.id).await? else {
        return Ok(None);
    };
    let scope = disruption.scope();
    let ways = disruption::ways(&mut conn, catalogue, booking, slot, scope, now).await?;
    let sisters = disruption::sisters(&mut conn, catalogue, booking, slot, now).await?;
    Ok(Some(Question { case, disruption, ways, sisters }))
}

/// Without a question the page leads to the booking: it was answered, or the day turned out well.
pub async fn page(State(app): State<App>, visit: Visit, link: Link) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    match question(&app, &opened).await? {
        Some(question) => Ok(show(&visit, opened, question, &Form::default(), None)),
        None => Ok(see(&address(&visit, &opened.booking, ""))),
    }
}

pub async fn answer(
    State(app): State<App>,
    visit: Visit,
    link: Link,
    form: Form,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let opened = open(&app, &link).await?;
    let home = address(&visit, &opened.booking, "");
    let says = match act(&app, &visit, &opened, &form).await? {
        Ok(to) => return Ok(see(&to)),
        Err(says) => says,
    };
    // It may stand otherwise than the page said.
    let opened = open(&app, &link).await?;
    match question(&app, &opened).await? {
        Some(question) => {
            let says = says.unwrap_or_else(|| t::choose_one(locale).to_owned());
            Ok(show(&visit, opened, question, &form, Some(says)))
        }
        None => Ok(see(&home)),
    }
}

/// Does what was chosen; answers where that leads, or what stands against it, if it was anything.
async fn act(
    app: &App,
    visit: &Visit,
    opened: &Opened,
    form: &Form,
) -> Result<Result<String, Option<String>>, PageError> {
    let locale = visit.locale;
    let (catalogue, booking) = (opened.catalogue.clone(), opened.booking.id);
    let chosen = form.text("choice");
    let home = |news: &str| format!("{}?{news}=1", address(visit, &opened.booking, ""));
    if let Some(to) = chosen.strip_prefix("sister.").and_then(|id| id.parse::<SlotId>().ok()) {
        let command = GoToSister { catalogue, actor: Actor::Guest, booking, to };
        let kept = app
            .store
            .write("go to sister", command, |tx, command| Box::pin(go_to_sister(tx, command)))
            .await;
        return Ok(match kept {
            Ok(kept) => Ok(visit.link(&format!("/passed/{}/{}", kept.id, kept.secret))),
            Err(error) => Err(Some(refused(locale, error)?)),
        });
    }
    let (choice, news) = match (chosen, chosen.parse::<SlotId>()) {
        ("refund", _) => (Choice::Refund, "cancelled"),
        (_, Ok(to)) => (Choice::Go(to), "moved"),
        _ => return Ok(Err(None)),
    };
    let command = Choose { catalogue, actor: Actor::Guest, booking, choice };
    let done =
        app.store.write("choose", command, |tx, command| Box::pin(choose(tx, command))).await;
    Ok(match done {
        Ok(_) => Ok(home(news)),
        Err(error) => Err(Some(trouble(locale, error)?)),
    })
}

fn refused(locale: Locale, error: OverflowError) -> Result<String, PageError> {
    match error {
        OverflowError::Store(error) => Err(error.into()),
        OverflowError::Booking(error) => trouble(locale, error),
        OverflowError::Unknown | OverflowError::Forbidden(_) => Err(PageError::NotFound),
        _ => Ok(t::sister_gone(locale).to_owned()),
    }
}

fn show(
    visit: &Visit,
    opened: Opened,
    question: Question,
    form: &Form,
    says: Option<String>,
) -> Response {
    let locale = visit.locale;
    let status = if says.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let here = address(visit, &opened.booking, "/choose");
    let chosen = form.text("choice").to_owned();
    let Question { case, disruption, ways, sisters } = question;
    let page = Page::new(Head::private(t::choose_title(locale))).status(status);
    private(page.render(visit, move || {
        let says = says.map(|says| view! { <Notice tone=Tone::Bad title=says/> });
        let words = (!disruption.words.is_empty()).then(|| {
            view! {
                <figure class="stack-s">
                    <figcaption class="soft small">{crate::t::enquiry::says(locale)}</figcaption>
                    <blockquote class="said">{disruption.words.clone()}</blockquote>
                </figure>
            }
        });
        let others = group(
            t::another_time(locale),
            ways.iter().map(|way| departure(locale, way, &chosen, opened.now)).collect(),
        );
        let next_door = group(
            t::next_door(locale),
            sisters.iter().filter_map(|one| sister(locale, one, &opened, &chosen)).collect(),
        );
        let nothing = (others.is_none() && next_door.is_none())
            .then(|| view! { <p class="empty">{t::nothing_else(locale)}</p> });
        let refund = choice(
            "refund".to_owned(),
            &chosen,
            t::money_back(locale).to_owned(),
            t::money_back_note(locale).to_owned(),
            opened.booking.total.display(locale),
        );
        let later = t::later(locale, moment(locale, case.until));
        view! {
            <div class="wrap booking">
                <div class="booking-head stack-s">
                    <h1>{t::choose_title(locale)}</h1>
                    <p class="lead">{disruption.cause.to_guests(locale)}</p>
                </div>
                <form class="booking-main form" method="post" action=here>
                    {says} {words}
                    <div class="hold">{icon("clock")}<span>{later}</span></div>
                    {others} {next_door} {nothing}
                    {group(t::or_refund(locale), vec![refund.into_any()])}
                    <button class="btn btn-primary btn-large" type="submit">{t::this_one(locale)}</button>
                </form>
                <Summary locale visited=opened.visited.clone() bill=Some(opened.booking.bill())/>
            </div>
        }
    }))
}

/// On the booking's own page, while the guest is asked.
pub fn notice(visit: &Visit, opened: &Opened, case: &Case) -> AnyView {
    let locale = visit.locale;
    let until = t::later(locale, moment(locale, case.until));
    let to = address(visit, &opened.booking, "/choose");
    view! {
        <Notice tone=Tone::Warn title=t::choose_title(locale)>
            <p>{until}</p>
            <p><a class="btn btn-primary" href=to.clone()>{t::go_choose(locale)}</a></p>
        </Notice>
    }
    .into_any()
}

fn group(legend: &'static str, items: Vec<AnyView>) -> Option<impl IntoView + use<>> {
    (!items.is_empty()).then(|| {
        view! {
            <fieldset class="day-group">
                <legend class="day-head">{legend}</legend>
                <ul class="slot-list">{items}</ul>
            </fieldset>
        }
    })
}

fn choice(
    value: String,
    chosen: &str,
    head: String,
    note: String,
    end: String,
) -> impl IntoView + use<> {
    let checked = value == chosen;
    view! {
        <li><label class="slot slot-sister" data-state="open">
            <input type="radio" name="choice" value=value required=true checked=checked/>
            <span class="slot-time">{head}<span class="slot-note">{note}</span></span>
            <span class="slot-left">{end}</span>
        </label></li>
    }
}

fn departure(
    locale: Locale,
    way: &Slot,
    chosen: &str,
    now: chrono::DateTime<chrono::Utc>,
) -> AnyView {
    let day = format::sentence(&format::day(locale, way.local_date));
    let (head, note) = if way.is_run() {
        (day, run_dates(locale, way))
    } else {
        (format::day_during(locale, day, way.starts_at, way.ends_at), String::new())
    };
    let left = format::seats_left(locale, way.left(now));
    choice(way.id.to_string(), chosen, head, note, left).into_any()
}

fn sister(locale: Locale, one: &Sister, opened: &Opened, chosen: &str) -> Option<AnyView> {
    let house = &opened.catalogue.workshop(one.workshop)?.name;
    let (tour, option) = opened.catalogue.option(one.slot.option_id)?;
    let day = format::sentence(&format::day(locale, one.slot.local_date));
    let time = format::time_range(locale, one.slot.starts_at, one.slot.ends_at);
    let note = format!(
        "{day} · {} · {} · {}",
        tour.title.text(locale),
        option.title.text(locale),
        sisters::way(locale, one)
    );
    let value = format!("sister.{}", one.slot.id);
    let price = sisters::price(locale, one.dearer);
    Some(choice(value, chosen, format!("{time} · {house}"), note, price).into_any())
}
