//! Writing an event, at a co-op's desk or in the office: words, days, what changes; then it is
//! announced, after a look at what that will do.

use axum::http::StatusCode;
use axum::response::Response;
use engine::catalogue::Workshop;
use engine::clock::local_date;
use engine::coop::Author;
use engine::event::{
    DayInput, Event, EventData, EventInput, EventOpening, Publish, SaveEvent, publish,
    save as save_event,
};
use engine::{Locale, VillageId};
use leptos::prelude::*;

use super::{of_event, preview};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::{Look, in_both, pairs, problems, texts};
use crate::pages::host::frame::{Tab, at, frame, see};
use crate::pages::office::frame::{Part, frame as office_frame};
use crate::render::Page;
use crate::t::edit as te;
use crate::t::event as t;
use crate::ui::event::path;
use crate::ui::field::{ErrorSummary, Radios, Select, TextField};
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};

/// Where one sits who writes events.
#[derive(Debug, Clone)]
pub enum Seat {
    /// At a workshop whose co-op sits in this village.
    Workshop(Box<Workshop>, VillageId),
    Office,
}

impl Seat {
    /// Address of the list of events.
    fn base(&self, visit: &Visit) -> String {
        match self {
            Seat::Workshop(shop, _) => at(visit, shop, "/events"),
            Seat::Office => visit.link("/office/events"),
        }
    }

    fn frame(&self, visit: &Visit, body: AnyView) -> AnyView {
        match self {
            Seat::Workshop(shop, _) => frame(visit, Some(shop), Tab::More, body).into_any(),
            Seat::Office => office_frame(visit, Part::Events, body).into_any(),
        }
    }

    fn title(&self, locale: Locale) -> &'static str {
        match self {
            Seat::Workshop(..) => t::host_title(locale),
            Seat::Office => t::office_title(locale),
        }
    }
}

pub async fn blank(app: &App, visit: &Visit, seat: &Seat) -> Result<Response, PageError> {
    let input = EventInput {
        opening: EventOpening::Usual.word().into(),
        capacity_percent: "100".into(),
        price_percent: "100".into(),
        days: DayInput { kind: "dates".into(), ..DayInput::default() },
        ..EventInput::default()
    };
    answer(app, visit, seat, None, as_form(&input), Problems::default()).await
}

pub async fn page(
    app: &App,
    visit: &Visit,
    seat: &Seat,
    event: Event,
) -> Result<Response, PageError> {
    let form = as_form(&EventInput::of(&event));
    answer(app, visit, seat, Some(event), form, Problems::default()).await
}

/// The buttons of the page: `act` says which.
pub async fn act(
    app: &App,
    visit: &Visit,
    seat: &Seat,
    event: Event,
    form: Form,
) -> Result<Response, PageError> {
    let published = match form.text("act") {
        "publish" => true,
        "withdraw" => false,
        _ => {
            let author = event.author;
            return save(app, visit, seat, author, Some(event), form).await;
        }
    };
    let command = Publish {
        catalogue: app.catalogue().await?,
        actor: visit.actor.clone(),
        event: event.id,
        published,
    };
    let done = app.store.write("publish", command, |tx, c| Box::pin(publish(tx, c))).await;
    done.map_err(of_event)?;
    let news = if published { "published" } else { "withdrawn" };
    Ok(see(&format!("{}/{}?done={news}", seat.base(visit), event.id)))
}

pub async fn save(
    app: &App,
    visit: &Visit,
    seat: &Seat,
    author: Author,
    event: Option<Event>,
    form: Form,
) -> Result<Response, PageError> {
    let catalogue = app.catalogue().await?;
    let village = match (&event, seat) {
        (Some(event), _) => Some(event.village_id),
        (None, Seat::Workshop(_, village)) => Some(*village),
        (None, Seat::Office) => {
            catalogue.village_by_slug(form.text("village")).map(|village| village.id)
        }
    };
    let mut wrong = Problems::default();
    if village.is_none() {
        wrong.add("village", te::wrong_choice(visit.locale));
    }
    let data = match EventData::parse(&input(&form), local_date(app.store.now())) {
        Ok(data) => Some(data),
        Err(wrongs) => {
            wrong.append(problems(visit.locale, wrongs));
            None
        }
    };
    let (Some(data), Some(village)) = (data, village) else {
        return answer(app, visit, seat, event, form, wrong).await;
    };
    let actor = visit.actor.clone();
    let id = event.map(|event| event.id);
    let command = SaveEvent { catalogue, actor, id, author, village, data };
    let done = app.store.write("save event", command, |tx, c| Box::pin(save_event(tx, c))).await;
    let event = done.map_err(of_event)?;
    Ok(see(&format!("{}/{}?done=saved", seat.base(visit), event.id)))
}

fn input(form: &Form) -> EventInput {
    let text = |name: &str| form.text(name).to_owned();
    EventInput {
        name: texts(form, "title"),
        summary: texts(form, "summary"),
        story: texts(form, "story"),
        place: texts(form, "place"),
        days: DayInput {
            kind: text("days"),
            from: text("from"),
            to: text("to"),
            lunar_from: text("lunar_from"),
            lunar_to: text("lunar_to"),
            lunar_days: text("lunar_days"),
        },
        opening: text("opening"),
        capacity_percent: text("capacity_percent"),
        price_percent: text("price_percent"),
    }
}

fn as_form(input: &EventInput) -> Form {
    let days = &input.days;
    let mut fields: Vec<(String, String)> = [
        ("days", &days.kind),
        ("from", &days.from),
        ("to", &days.to),
        ("lunar_from", &days.lunar_from),
        ("lunar_to", &days.lunar_to),
        ("lunar_days", &days.lunar_days),
        ("opening", &input.opening),
        ("capacity_percent", &input.capacity_percent),
        ("price_percent", &input.price_percent),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.clone()))
    .collect();
    fields.extend(pairs("title", &input.name));
    fields.extend(pairs("summary", &input.summary));
    fields.extend(pairs("story", &input.story));
    fields.extend(pairs("place", &input.place));
    Form::of_pairs(fields)
}

async fn answer(
    app: &App,
    visit: &Visit,
    seat: &Seat,
    event: Option<Event>,
    form: Form,
    problems: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let outlook = match &event {
        Some(event) => Some(preview::look(app, &catalogue, event).await?),
        None => None,
    };
    let villages: Vec<(String, String)> = match (&event, seat) {
        (None, Seat::Office) => catalogue
            .villages
            .iter()
            .map(|village| (village.slug.clone(), village.name.text(locale).to_owned()))
            .collect(),
        _ => Vec::new(),
    };
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = if event.is_some() { t::edit(locale) } else { t::add(locale) };
    let done = Form::of_query(&visit.query).text("done").to_owned();
    let (inner, seat) = (visit.clone(), seat.clone());
    Ok(Page::new(Head::host(title)).status(status).render(visit, move || {
        let visit = &inner;
        let base = seat.base(visit);
        let action = event
            .as_ref()
            .map_or_else(|| format!("{base}/new"), |event| format!("{base}/{}", event.id));
        let news = match done.as_str() {
            "saved" => Some(t::done_saved(locale)),
            "published" => Some(t::done_published(locale)),
            "withdrawn" => Some(t::done_withdrawn(locale)),
            _ => None,
        };
        let news = news.map(|title| view! { <Notice tone=Tone::Good title/> });
        let heading = event.as_ref().map_or_else(
            || title.to_owned(),
            |event| event.name.text(locale).to_owned(),
        );
        let announce = event.as_ref().zip(outlook.as_ref()).map(|(event, outlook)| {
            let (act, button, class) = if event.published {
                ("withdraw", t::withdraw(locale), "btn btn-quiet")
            } else {
                ("publish", t::publish(locale), "btn btn-primary")
            };
            let public = event.published.then(|| {
                view! { <a class="btn btn-quiet" href=visit.link(&path(event))>{t::public_page(locale)}</a> }
            });
            view! {
                {preview::panel(locale, event, outlook)}
                <form class="actions" method="post" action=action.clone()>
                    <button class=class type="submit" name="act" value=act>{button}</button>
                    {public}
                </form>
            }
        });
        let village = (!villages.is_empty()).then(|| {
            view! {
                <section class="panel">
                    <Select locale name="village" label=t::village(locale) options=villages.clone()
                        value=form.text("village").to_owned() error=problems.of("village")/>
                </section>
            }
        });
        let body = view! {
            {breadcrumb(locale, vec![(base.clone(), seat.title(locale).to_owned())])}
            <h1>{heading}</h1>
            {news}
            <ErrorSummary locale problems=problems.clone()/>
            {announce}
            <form class="form" method="post" action=action.clone() novalidate>
                {village}
                {words(locale, &form, &problems)}
                {days(locale, &form, &problems)}
                {changes(locale, &form, &problems)}
                <div class="save-bar">
                    <a class="btn btn-quiet" href=base.clone()>{te::leave(locale)}</a>
                    <button class="btn btn-primary" type="submit" name="act" value="save">{te::save(locale)}</button>
                </div>
            </form>
        };
        seat.frame(visit, body.into_any())
    }))
}

fn words(locale: Locale, form: &Form, problems: &Problems) -> impl IntoView + use<> {
    let both = |key: &str, label: &str, look: Look| {
        in_both(locale, key, label, &texts(form, key), problems, look)
    };
    let story = Look { rows: 8, optional: true, hint: te::paragraphs_hint(locale) };
    view! {
        <section class="panel stack">
            {both("title", t::name(locale), Look::default())}
            {both("summary", t::summary(locale), Look { rows: 3, ..Look::default() })}
            {both("place", t::place(locale), Look { optional: true, ..Look::default() })}
            {both("story", t::story(locale), story)}
        </section>
    }
}

fn days(locale: Locale, form: &Form, problems: &Problems) -> impl IntoView + use<> {
    let value = |name: &str| form.text(name).to_owned();
    let kinds = DayInput::KINDS.map(|kind| {
        let words = match kind {
            "lunar_range" => t::kind_lunar_range(locale),
            "lunar_days" => t::kind_lunar_days(locale),
            _ => t::kind_dates(locale),
        };
        (kind.to_owned(), words.to_owned())
    });
    // The fields of the other two kinds are out of sight, by CSS, where the browser can.
    view! {
        <section class="panel stack day-kinds" aria-labelledby="days-title">
            <h2 class="panel-title" id="days-title">{t::days(locale)}</h2>
            <Radios name="days" label=t::days(locale) options=kinds.to_vec() value=value("days") error=problems.of("days")/>
            <div class="field-row" data-kind="dates">
                <TextField locale name="from" label=t::from(locale) kind="date" value=value("from")/>
                <TextField locale name="to" label=t::to(locale) kind="date" value=value("to") hint=t::to_hint(locale) optional=true/>
            </div>
            <div class="field-row" data-kind="lunar_range">
                <TextField locale name="lunar_from" label=t::lunar_from(locale) value=value("lunar_from") hint=t::lunar_hint(locale)/>
                <TextField locale name="lunar_to" label=t::lunar_to(locale) value=value("lunar_to") hint=t::to_hint(locale) optional=true/>
            </div>
            <div data-kind="lunar_days">
                <TextField locale name="lunar_days" label=t::lunar_days(locale) value=value("lunar_days") hint=t::lunar_days_hint(locale)/>
            </div>
        </section>
    }
}

fn changes(locale: Locale, form: &Form, problems: &Problems) -> impl IntoView + use<> {
    let value = |name: &str| form.text(name).to_owned();
    let openings: Vec<(String, String)> = EventOpening::ALL
        .iter()
        .map(|opening| {
            let words = match opening {
                EventOpening::Usual => t::opening_usual(locale),
                EventOpening::Daily => t::opening_daily(locale),
                EventOpening::Closed => t::opening_closed(locale),
            };
            (opening.word().to_owned(), words.to_owned())
        })
        .collect();
    view! {
        <section class="panel stack" aria-labelledby="effect-title">
            <h2 class="panel-title" id="effect-title">{t::effect(locale)}</h2>
            <p class="field-hint">{t::effect_hint(locale)}</p>
            <Radios name="opening" label=t::opening(locale) options=openings value=value("opening") error=problems.of("opening")/>
            <div class="field-row">
                <TextField locale name="capacity_percent" label=t::capacity(locale) hint=t::capacity_hint(locale)
                    inputmode="numeric" value=value("capacity_percent") error=problems.of("capacity_percent")/>
                <TextField locale name="price_percent" label=t::price(locale) hint=t::price_hint(locale)
                    inputmode="numeric" value=value("price_percent") error=problems.of("price_percent")/>
            </div>
        </section>
    }
}
