//! Trade promotion: the office writes events, decides who takes part, and reads what came of them.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::catalogue::Catalogue;
use engine::report::{
    DecidePart, Outcome, PartState, ReportError, SaveTrade, TellOutcome, TradeData, TradeEvent,
    TradeInput, TradeKind, TradePart, decide_part, save_trade, tell_outcome, trade_event,
    trade_events, trade_parts,
};
use engine::{Localized, TradeEventId, WorkshopId};
use leptos::prelude::*;

use super::frame::{Part, admitted, frame};
use crate::api::form::{Form, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::see;
use crate::pages::host::trade::{days, outcome_form, problems, state};
use crate::pages::report::{refused, words};
use crate::render::Page;
use crate::t::trade as t;
use crate::ui::field::{Checkbox, ErrorSummary, FormKey, Hidden, Select, TextArea, TextField};
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};

const PAGE: &str = "/office/trade";

type At = Path<(String, String)>;

pub async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    admitted(&visit)?;
    let mut conn = app.store.read().await?;
    let events = trade_events(&mut conn, &visit.actor).await.map_err(refused)?;
    drop(conn);
    let locale = visit.locale;
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::title(locale))).render(&visit, move || {
        let none = events.is_empty().then(|| view! { <p class="empty">{t::none(locale)}</p> });
        let items: Vec<_> = events
            .iter()
            .map(|event| {
                let href = inner.link(&format!("{PAGE}/{}", event.id));
                let (tone, words) = if event.published {
                    ("celadon", t::announced(locale))
                } else {
                    ("silk", t::draft(locale))
                };
                let about = format!("{} · {}", days(locale, event), event.place.text(locale));
                view! {
                    <li class="entry"><div>
                        <h2 class="entry-title">
                            <a href=href>{event.name.text(locale).to_owned()}</a> " "
                            <span class="badge" data-tone=tone>{words}</span>
                        </h2>
                        <p class="entry-text">{words::trade_kind(locale, event.kind)} " · " {about}</p>
                    </div></li>
                }
            })
            .collect();
        let body = view! {
            <h1>{t::title(locale)}</h1>
            <p class="lead">{t::lead(locale)}</p>
            {none}
            <ul class="entry-list">{items}</ul>
            <div class="actions">
                <a class="btn btn-primary" href=inner.link(&format!("{PAGE}/new"))>{icon("plus")}{t::add(locale)}</a>
            </div>
        };
        frame(&inner, Part::Trade, body)
    }))
}

pub async fn new(visit: Visit) -> Result<Response, PageError> {
    admitted(&visit)?;
    let form = Form::of_pairs(vec![
        ("form_key".into(), fresh_key()),
        ("kind".into(), TradeKind::Fair.word().into()),
    ]);
    Ok(answer(&visit, None, form, Problems::default()))
}

/// An event with those who registered for it.
struct Opened {
    event: TradeEvent,
    parts: Vec<TradePart>,
    catalogue: std::sync::Arc<Catalogue>,
    begun: bool,
}

async fn open(app: &App, visit: &Visit, id: &str) -> Result<Opened, PageError> {
    admitted(visit)?;
    let id: TradeEventId = id.parse().map_err(|_| PageError::NotFound)?;
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let event = trade_event(&mut conn, id).await?.ok_or(PageError::NotFound)?;
    let parts = trade_parts(&mut conn, &visit.actor, id).await.map_err(refused)?;
    let begun = event.first_date <= engine::clock::local_date(app.store.now());
    Ok(Opened { event, parts, catalogue, begun })
}

fn kept(event: &TradeEvent) -> Form {
    let mut pairs = vec![
        ("kind", event.kind.word().to_owned()),
        ("name_vi", event.name.vi.clone()),
        ("name_en", event.name.en.clone()),
        ("place_vi", event.place.vi.clone()),
        ("place_en", event.place.en.clone()),
        ("about_vi", event.about.vi.clone()),
        ("about_en", event.about.en.clone()),
        ("first", event.first_date.to_string()),
        ("last", event.last_date.to_string()),
        ("register_until", event.register_until.to_string()),
    ];
    if event.published {
        pairs.push(("published", "on".to_owned()));
    }
    Form::of_pairs(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

pub async fn one(
    State(app): State<App>,
    visit: Visit,
    Path((_, id)): At,
) -> Result<Response, PageError> {
    let opened = open(&app, &visit, &id).await?;
    let form = kept(&opened.event);
    Ok(answer(&visit, Some(opened), form, Problems::default()))
}

fn read(form: &Form) -> TradeInput {
    let text = |name: &str| form.text(name).to_owned();
    let both = |name: &str| Localized {
        vi: form.text(&format!("{name}_vi")).to_owned(),
        en: form.text(&format!("{name}_en")).to_owned(),
    };
    TradeInput {
        kind: text("kind"),
        name: both("name"),
        place: both("place"),
        about: both("about"),
        first: text("first"),
        last: text("last"),
        register_until: text("register_until"),
        published: form.has("published"),
    }
}

async fn save(
    app: &App,
    visit: &Visit,
    id: Option<TradeEventId>,
    form: &Form,
) -> Result<TradeEventId, ReportError> {
    let data = TradeData::parse(&read(form))?;
    let save = SaveTrade { actor: visit.actor.clone(), id, form_key: form.key(), data };
    app.store.write("trade event", save, |tx, c| Box::pin(save_trade(tx, c))).await
}

pub async fn create(
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, PageError> {
    admitted(&visit)?;
    match save(&app, &visit, None, &form).await {
        Ok(id) => Ok(see(&visit.link(&format!("{PAGE}/{id}?done=saved")))),
        Err(error) => {
            let problems = problems(visit.locale, "", error)?;
            Ok(answer(&visit, None, form, problems))
        }
    }
}

/// The forms of an event's page: `act` says which.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, id)): At,
    form: Form,
) -> Result<Response, PageError> {
    let opened = open(&app, &visit, &id).await?;
    let event = opened.event.id;
    let actor = visit.actor.clone();
    let workshop = || form.text("workshop").parse::<WorkshopId>().map_err(|_| PageError::Invalid);
    let (done, news) = match form.text("act") {
        "save" => (save(&app, &visit, Some(event), &form).await.map(|_| ()), "saved"),
        word @ ("confirm" | "decline") => {
            let confirmed = word == "confirm";
            let command = DecidePart { actor, event, workshop: workshop()?, confirmed };
            let done =
                app.store.write("decide part", command, |tx, c| Box::pin(decide_part(tx, c)));
            (done.await, "decided")
        }
        "outcome" => {
            let workshop = workshop()?;
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
        Ok(()) => Ok(see(&visit.link(&format!("{PAGE}/{event}?done={news}")))),
        Err(error) => {
            // The form of a workshop's outcome is one of several on the page.
            let prefix = match workshop() {
                Ok(workshop) if news == "outcome" => format!("o-{workshop}-"),
                _ => String::new(),
            };
            let problems = problems(visit.locale, &prefix, error)?;
            Ok(answer(&visit, Some(opened), form, problems))
        }
    }
}

fn answer(visit: &Visit, opened: Option<Opened>, form: Form, problems: Problems) -> Response {
    let locale = visit.locale;
    let title = if opened.is_some() { t::edit(locale) } else { t::new(locale) };
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    Page::new(Head::host(title)).status(status).render(visit, move || {
        let visit = &inner;
        let news = match Form::of_query(&visit.query).text("done") {
            "saved" => Some(t::saved(locale)),
            "decided" => Some(t::decided_news(locale)),
            "outcome" => Some(t::outcome_news(locale)),
            _ => None,
        };
        let news = news.filter(|_| problems.is_empty());
        let news = news.map(|words| view! { <Notice tone=Tone::Good title=words/> });
        // Another form of the page may have come back: then the event is shown as it is kept.
        let own = matches!(form.text("act"), "" | "save");
        let (typed, wrong) = match &opened {
            Some(opened) if !own => (kept(&opened.event), Problems::default()),
            _ => (form.clone(), problems.clone()),
        };
        let parts = opened.as_ref().map(|opened| parts(visit, opened, &form, &problems));
        let back = vec![(visit.link(PAGE), t::title(locale).to_owned())];
        let body = view! {
            {breadcrumb(locale, back)}
            <h1>{title}</h1>
            {news}
            <ErrorSummary locale problems=problems.clone()/>
            {parts}
            {editor(visit, opened.as_ref(), &typed, &wrong)}
        };
        frame(visit, Part::Trade, body)
    })
}

fn editor(
    visit: &Visit,
    opened: Option<&Opened>,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let action = opened.map_or_else(
        || visit.link(&format!("{PAGE}/new")),
        |opened| visit.link(&format!("{PAGE}/{}", opened.event.id)),
    );
    let kinds = TradeKind::ALL
        .iter()
        .map(|kind| (kind.word().to_owned(), words::trade_kind(locale, *kind).to_owned()));
    let value = |name: &str| form.text(name).to_owned();
    let line = |name: &'static str, label: &'static str, optional: bool| {
        // What is wrong of a text is said beside its Vietnamese.
        view! { <TextField locale name label value=value(name) error=problems.of(name) optional maxlength=120/> }
    };
    let date = |name: &'static str, label: &'static str, hint: &'static str| {
        let optional = !hint.is_empty();
        view! { <TextField locale name label kind="date" hint value=value(name) error=problems.of(name) optional short=true/> }
    };
    view! {
        <form class="form panel" method="post" action=action novalidate>
            <FormKey key=form.key()/>
            <Hidden name="act" value="save"/>
            <Select locale name="kind" label=t::kind(locale) options=kinds.collect()
                value=value("kind") error=problems.of("kind")/>
            <div class="field-row">
                {line("name_vi", t::name_vi(locale), false)}
                {line("name_en", t::name_en(locale), true)}
            </div>
            <div class="field-row">
                {line("place_vi", t::place_vi(locale), false)}
                {line("place_en", t::place_en(locale), true)}
            </div>
            <div class="field-row">
                {date("first", t::first(locale), "")}
                {date("last", t::last(locale), t::last_hint(locale))}
                {date("register_until", t::register_until(locale), t::register_hint(locale))}
            </div>
            <TextArea locale name="about_vi" label=t::about_vi(locale) value=value("about_vi")
                error=problems.of("about_vi") optional=true maxlength=2000/>
            <TextArea locale name="about_en" label=t::about_en(locale) value=value("about_en")
                optional=true maxlength=2000/>
            <Checkbox name="published" label=t::published(locale) checked=form.has("published")/>
            <div><button class="btn btn-primary">{t::save(locale)}</button></div>
        </form>
    }
}

fn parts(
    visit: &Visit,
    opened: &Opened,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let action = visit.link(&format!("{PAGE}/{}", opened.event.id));
    let none =
        opened.parts.is_empty().then(|| view! { <p class="empty">{t::no_parts(locale)}</p> });
    let items: Vec<_> = opened
        .parts
        .iter()
        .map(|part| {
            let shop = opened.catalogue.workshop(part.workshop_id);
            let name = shop.map(|shop| shop.name.clone()).unwrap_or_default();
            let decide = |act: &'static str, words: &'static str, label: String, class| {
                view! {
                    <form method="post" action=action.clone()>
                        <Hidden name="act" value=act/>
                        <Hidden name="workshop" value=part.workshop_id.to_string()/>
                        <button class=class aria-label=format!("{words}: {label}")>{words}</button>
                    </form>
                }
            };
            let open = matches!(part.state, PartState::Asked | PartState::Declined);
            let confirm = open.then(|| {
                decide(
                    "confirm",
                    t::confirm(locale),
                    t::confirm_whom(locale, &name),
                    "btn btn-small btn-primary",
                )
            });
            let decline =
                matches!(part.state, PartState::Asked | PartState::Confirmed).then(|| {
                    decide(
                        "decline",
                        t::decline(locale),
                        t::decline_whom(locale, &name),
                        "btn btn-small btn-danger",
                    )
                });
            let outcome = (part.state == PartState::Confirmed && opened.begun).then(|| {
                let hidden = view! { <Hidden name="workshop" value=part.workshop_id.to_string()/> };
                let mine = form.text("workshop") == part.workshop_id.to_string();
                let typed = mine.then_some((form, problems));
                let id = format!("o-{}", part.workshop_id);
                outcome_form(locale, &action, &id, &name, part, typed, hidden.into_any())
            });
            view! {
                <li class="entry">
                    <div class="stack-s">
                        <h3 class="entry-title">{name.clone()} " " {state(locale, part.state)}</h3>
                        {outcome}
                    </div>
                    <div class="actions">{confirm} {decline}</div>
                </li>
            }
        })
        .collect();
    view! {
        <section class="stack" aria-labelledby="parts">
            <h2 id="parts">{t::parts(locale)}</h2>
            {none}
            <ul class="entry-list" id="events">{items}</ul>
        </section>
    }
}
