//! Fairs and exhibitions: a workshop registers, and tells what came of it.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::clock::local_date;
use engine::report::{
    Field, Orders, Outcome, PartState, Register, ReportError, TellOutcome, TradeEvent, TradePart,
    Wrong, register, tell_outcome, trade_of_workshop,
};
use engine::{Locale, TradeEventId};
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame, see};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::report::{refused, words};
use crate::render::Page;
use crate::t::trade as t;
use crate::ui::field::{ErrorSummary, Hidden};
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

type At = Path<(String, String)>;

/// "10/12/2026 – 12/12/2026", or a single day.
pub fn days(locale: Locale, event: &TradeEvent) -> String {
    let day = locale.writing().column_date;
    if event.first_date == event.last_date {
        day(event.first_date)
    } else {
        crate::t::report::from_to(locale, day(event.first_date), day(event.last_date))
    }
}

pub fn state(locale: Locale, state: PartState) -> impl IntoView + use<> {
    let (tone, words) = match state {
        PartState::Asked => ("silk", t::asked(locale)),
        PartState::Confirmed => ("celadon", t::confirmed(locale)),
        PartState::Declined => ("lacquer", t::declined(locale)),
        PartState::Withdrawn => ("silk", t::withdrawn(locale)),
    };
    view! { <span class="badge" data-tone=tone>{words}</span> }
}

/// Messages beside the fields of a form about trade events, whose ids begin with `prefix`.
pub fn problems(locale: Locale, prefix: &str, error: ReportError) -> Result<Problems, PageError> {
    let mut problems = Problems::default();
    match error {
        ReportError::Fields(wrongs) => {
            for (field, wrong) in wrongs {
                let name = match field {
                    Field::Name => "name_vi",
                    Field::Place => "place_vi",
                    Field::About => "about_vi",
                    Field::Kind => "kind",
                    Field::First => "first",
                    Field::Last => "last",
                    Field::RegisterUntil => "register_until",
                    Field::Contracts => "contracts",
                    Field::Orders => "orders",
                    Field::Workers
                    | Field::Artisans
                    | Field::Apprentices
                    | Field::Women
                    | Field::Seasonal => return Err(PageError::Invalid),
                };
                problems.add(format!("{prefix}{name}"), said(locale, wrong));
            }
        }
        ReportError::Closed => problems.add("events", t::closed(locale)),
        ReportError::TooEarly => problems.add("events", t::too_early(locale)),
        other => return Err(refused(other)),
    }
    Ok(problems)
}

fn said(locale: Locale, wrong: Wrong) -> String {
    match wrong {
        Wrong::Missing => t::wrong_missing(locale).to_owned(),
        Wrong::TooLong { max } => t::wrong_long(locale, i64::try_from(max).unwrap_or(i64::MAX)),
        Wrong::Date => t::wrong_date(locale).to_owned(),
        Wrong::Order => t::wrong_order(locale).to_owned(),
        Wrong::AfterEnd => t::wrong_after(locale).to_owned(),
        Wrong::Choice | Wrong::MoreThanWorkers => t::wrong_choice(locale).to_owned(),
        Wrong::Number { most } => t::wrong_number(locale, most),
    }
}

/// The form that tells what came of an event; `id` makes its fields differ from those of others, `inside` says whose
/// it is. What was typed comes back with what is wrong of it.
pub fn outcome_form(
    locale: Locale,
    action: &str,
    id: &str,
    name: &str,
    part: &TradePart,
    typed: Option<(&Form, &Problems)>,
    inside: AnyView,
) -> impl IntoView + use<> {
    let mut options = vec![(String::new(), t::choose(locale).to_owned())];
    options.extend(
        Orders::ALL.iter().map(|it| (it.word().to_owned(), words::orders(locale, *it).to_owned())),
    );
    let contracts = part.contracts.map(|n| n.to_string()).unwrap_or_default();
    let orders = part.orders.map(|it| it.word().to_owned()).unwrap_or_default();
    let value =
        |name: &str, kept: String| typed.map_or(kept, |(form, _)| form.text(name).to_owned());
    let error = |name: &str| typed.map(|(_, wrong)| wrong.of(name)).unwrap_or_default();
    let (contracts_id, orders_id) = (format!("{id}-contracts"), format!("{id}-orders"));
    let fields = (
        own_field(
            contracts_id.clone(),
            t::contracts(locale),
            value("contracts", contracts),
            error(&contracts_id),
        ),
        own_select(
            orders_id.clone(),
            t::orders(locale),
            options,
            &value("orders", orders),
            error(&orders_id),
        ),
    );
    view! {
        <form class="stack-s" method="post" action=action.to_owned() novalidate>
            <fieldset class="fieldset">
                <legend class="field-label">{t::outcome_of(locale, name)}</legend>
                <Hidden name="act" value="outcome"/>
                {inside}
                <div class="field-row">{fields}</div>
            </fieldset>
            <div><button class="btn btn-small">{t::save_outcome(locale)}</button></div>
        </form>
    }
}

/// What is wrong with a control, and its message.
fn message(id: &str, error: &str) -> (Option<String>, Option<AnyView>) {
    if error.is_empty() {
        return (None, None);
    }
    let described = format!("{id}-error");
    let words = error.to_owned();
    let said = view! { <p class="field-error" id=described.clone()>{words}</p> };
    (Some(described), Some(said.into_any()))
}

fn own_field(id: String, label: &'static str, value: String, error: String) -> impl IntoView {
    let (described, said) = message(&id, &error);
    let invalid = described.is_some().then_some("true");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input class="input input-short" id=id name="contracts" inputmode="numeric"
                value=value aria-invalid=invalid aria-describedby=described/>
            {said}
        </div>
    }
}

fn own_select(
    id: String,
    label: &'static str,
    options: Vec<(String, String)>,
    value: &str,
    error: String,
) -> impl IntoView + use<> {
    let (described, said) = message(&id, &error);
    let invalid = described.is_some().then_some("true");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select class="input" id=id name="orders" aria-invalid=invalid aria-describedby=described>
                {crate::ui::field::choices(options, value)}
            </select>
            {said}
        </div>
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    answer(&app, &visit, desk, Form::default(), Problems::default()).await
}

/// The forms of the page: `act` says which.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let event: TradeEventId = form.text("event").parse().map_err(|_| PageError::Invalid)?;
    let (actor, workshop) = (visit.actor.clone(), desk.id());
    let (done, news) = match form.text("act") {
        word @ ("register" | "withdraw") => {
            let takes_part = word == "register";
            let command = Register { actor, event, workshop, takes_part };
            let done = app.store.write("register", command, |tx, c| Box::pin(register(tx, c)));
            (done.await, if takes_part { "registered" } else { "withdrawn" })
        }
        "outcome" => {
            let told = match Outcome::parse(form.text("contracts"), form.text("orders")) {
                Ok(outcome) => {
                    let command = TellOutcome { actor, event, workshop, outcome };
                    let told =
                        app.store.write("outcome", command, |tx, c| Box::pin(tell_outcome(tx, c)));
                    told.await
                }
                Err(error) => Err(error),
            };
            (told, "outcome")
        }
        _ => return Err(PageError::Invalid),
    };
    match done {
        Ok(()) => Ok(see(&format!("{}?done={news}", at(&visit, desk.workshop()?, "/trade")))),
        Err(error) => {
            let problems = problems(visit.locale, &format!("o-{event}-"), error)?;
            answer(&app, &visit, desk, form, problems).await
        }
    }
}

async fn answer(
    app: &App,
    visit: &Visit,
    desk: Desk,
    form: Form,
    problems: Problems,
) -> Result<Response, PageError> {
    let today = local_date(app.store.now());
    let mut conn = app.store.read().await?;
    let events = trade_of_workshop(&mut conn, &visit.actor, desk.id(), today).await;
    drop(conn);
    let events = events.map_err(refused)?;
    let locale = visit.locale;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shop = desk.workshop()?.clone();
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::host_title(locale))).status(status).render(visit, move || {
        let action = at(&inner, &shop, "/trade");
        let news = match Form::of_query(&inner.query).text("done") {
            "registered" => Some(t::registered_news(locale)),
            "withdrawn" => Some(t::withdrawn_news(locale)),
            "outcome" => Some(t::outcome_news(locale)),
            _ => None,
        };
        let news = news.filter(|_| problems.is_empty());
        let news = news.map(|words| view! { <Notice tone=Tone::Good title=words/> });
        let none = events.is_empty().then(|| view! { <p class="empty">{t::host_none(locale)}</p> });
        let items: Vec<_> = events
            .iter()
            .map(|(event, part)| {
                entry(locale, &action, event, part.as_ref(), today, (&form, &problems))
            })
            .collect();
        let body = view! {
            <h1>{t::host_title(locale)}</h1>
            <p class="lead">{t::host_lead(locale)}</p>
            {news}
            <ErrorSummary locale problems=problems.clone()/>
            {none}
            <ul class="entry-list" id="events">{items}</ul>
        };
        frame(&inner, Some(&shop), Tab::More, body)
    }))
}

fn entry(
    locale: Locale,
    action: &str,
    event: &TradeEvent,
    part: Option<&TradePart>,
    today: chrono::NaiveDate,
    (form, problems): (&Form, &Problems),
) -> impl IntoView + use<> {
    let name = event.name.text(locale).to_owned();
    let deed = |act: &'static str, words: &'static str, label: String, class: &'static str| {
        view! {
            <form method="post" action=action.to_owned()>
                <Hidden name="act" value=act/>
                <Hidden name="event" value=event.id.to_string()/>
                <button class=class aria-label=format!("{words}: {label}")>{words}</button>
            </form>
        }
    };
    let open = event.registers(today);
    let state_now = part.map(|part| part.state);
    let register = (open && matches!(state_now, None | Some(PartState::Withdrawn))).then(|| {
        deed(
            "register",
            t::register(locale),
            t::register_for(locale, &name),
            "btn btn-small btn-primary",
        )
    });
    let withdraw = (open && matches!(state_now, Some(PartState::Asked | PartState::Confirmed)))
        .then(|| {
            deed("withdraw", t::withdraw(locale), t::withdraw_from(locale, &name), "btn btn-small")
        });
    let told = part
        .filter(|part| part.state == PartState::Confirmed && event.first_date <= today)
        .map(|part| {
            let inside = view! { <Hidden name="event" value=event.id.to_string()/> }.into_any();
            let mine = form.text("event") == event.id.to_string();
            let typed = mine.then_some((form, problems));
            outcome_form(locale, action, &format!("o-{}", event.id), &name, part, typed, inside)
        });
    let until = if open {
        t::until(locale, (locale.writing().column_date)(event.register_until))
    } else {
        t::over(locale).to_owned()
    };
    let about = event.about.text(locale).to_owned();
    let about = (!about.is_empty()).then(|| view! { <p>{about}</p> });
    let badge = part.map(|part| state(locale, part.state));
    let place = format!("{} · {}", days(locale, event), event.place.text(locale));
    view! {
        <li class="entry">
            <div class="stack-s">
                <h2 class="entry-title">{name} " " {badge}</h2>
                <p class="entry-text">{words::trade_kind(locale, event.kind)} " · " {place} " · " {until}</p>
                {about}
                {told}
            </div>
            <div class="actions">{register} {withdraw}</div>
        </li>
    }
}
