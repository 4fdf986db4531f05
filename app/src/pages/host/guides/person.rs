//! One guide: what is known of them, days off, what they ask for, and their link.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::guide::{
    self, AnswerLeave, DayOff, EditGuide, Guide, GuideError, Leave, LeaveState, RenewLink,
};
use engine::resource::{ResourceError, Use, unblock};
use engine::schedule::Slot;
use engine::{LeaveId, UseId};
use leptos::prelude::*;

use super::question::question;
use super::{edit, words};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::islands::CopyLink;
use crate::pages::host::calendars;
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::pages::host::question::forced;
use crate::pages::host::resources::Rights;
use crate::pages::host::words::date;
use crate::render::Page;
use crate::t::guide as t;
use crate::t::host;
use crate::ui::field::{ErrorSummary, Hidden, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};

type At = Path<(String, String, String)>;

/// What is asked of the page besides showing it.
struct Asked {
    form: Form,
    problems: Problems,
    hit: Vec<Slot>,
}

/// The guide, if the workshop may count on them, and whether the visitor may change them.
async fn found(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    id: &str,
) -> Result<(Guide, bool), PageError> {
    let rights = Rights::of(app, visit, desk).await?;
    let all = guide::of_workshop(&mut app.store.read().await?, desk.id()).await?;
    let guide = all.into_iter().find(|it| it.id().to_string() == id).ok_or(PageError::NotFound)?;
    let rules = rights.rules(guide.resource.owner());
    Ok((guide, rules))
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let (guide, rules) = found(&app, &visit, &desk, &id).await?;
    let form = Form::of_query(&visit.query);
    let asked = Asked { form, problems: Problems::default(), hit: Vec::new() };
    answer(&app, &visit, desk, guide, rules, asked).await
}

/// The forms of the page: `act` says which.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let (guide, rules) = found(&app, &visit, &desk, &id).await?;
    let page = at(&visit, desk.workshop()?, &format!("/guides/{}", guide.id()));
    let done = match form.text("act") {
        "save" | "renew" if !rules => return Err(PageError::NotFound),
        "save" => match edit::parse(visit.locale, &form) {
            Ok(texts) => save(&app, &visit, &guide, texts, forced(&form)).await,
            Err(problems) => {
                let asked = Asked { form, problems, hit: Vec::new() };
                return answer(&app, &visit, desk, guide, rules, asked).await;
            }
        },
        "renew" => {
            let command = RenewLink { actor: visit.actor.clone(), guide: guide.id() };
            let done = app
                .store
                .write("renew link", command, |tx, c| Box::pin(guide::renew_link(tx, c)))
                .await;
            done.map(|_| "renewed")
        }
        "day_off" => day_off(&app, &visit, &guide, &form).await,
        "back" => back(&app, &visit, &guide, form.text("use")).await,
        "grant" | "refuse" => leave(&app, &visit, &guide, &form).await,
        _ => return Err(PageError::NotFound),
    };
    let (problems, hit) = match done {
        Ok(done) => return Ok(see(&format!("{page}?done={done}"))),
        Err(GuideError::Leads(hit)) => (Problems::default(), hit),
        Err(error) => (edit::problems(visit.locale, error)?, Vec::new()),
    };
    let asked = Asked { form, problems, hit };
    answer(&app, &visit, desk, guide, rules, asked).await
}

async fn save(
    app: &App,
    visit: &Visit,
    guide: &Guide,
    texts: guide::GuideTexts,
    force: bool,
) -> Result<&'static str, GuideError> {
    let command = EditGuide { actor: visit.actor.clone(), guide: guide.id(), texts, force };
    app.store.write("edit guide", command, |tx, c| Box::pin(guide::edit_guide(tx, c))).await?;
    Ok("saved")
}

async fn day_off(
    app: &App,
    visit: &Visit,
    guide: &Guide,
    form: &Form,
) -> Result<&'static str, GuideError> {
    let wrong = || GuideError::Fields(vec![guide::GuideField::Dates]);
    let from = date(form.text("from")).ok_or_else(wrong)?;
    // One day is said once.
    let to = if form.text("to").trim().is_empty() { Some(from) } else { date(form.text("to")) };
    let command = DayOff {
        actor: visit.actor.clone(),
        guide: guide.id(),
        from,
        to: to.ok_or_else(wrong)?,
        note: form.text("why").to_owned(),
        force: forced(form),
    };
    app.store.write("day off", command, |tx, c| Box::pin(guide::day_off(tx, c))).await?;
    Ok("day_off")
}

/// Only a day off of this guide, whoever's id the form names.
async fn back(
    app: &App,
    visit: &Visit,
    guide: &Guide,
    id: &str,
) -> Result<&'static str, GuideError> {
    let id: UseId = id.parse().map_err(|_| GuideError::Unknown)?;
    let days = guide::days_off(&mut app.store.read().await?, guide.id(), app.store.now()).await?;
    if days.iter().any(|it| it.id == id) {
        let command = (visit.actor.clone(), id);
        app.store
            .write("back to work", command, |tx, (actor, id)| {
                Box::pin(async move { unblock(tx, &actor, id).await })
            })
            .await
            .map_err(|error: ResourceError| GuideError::from(error))?;
    }
    Ok("back")
}

async fn leave(
    app: &App,
    visit: &Visit,
    guide: &Guide,
    form: &Form,
) -> Result<&'static str, GuideError> {
    let leave: LeaveId = form.text("leave").parse().map_err(|_| GuideError::Unknown)?;
    let now = app.store.now();
    let all = guide::leave_asked(&mut app.store.read().await?, guide.id(), now).await?;
    if !all.iter().any(|it| it.id == leave) {
        return Err(GuideError::Unknown);
    }
    let grant = form.text("act") == "grant";
    let command = AnswerLeave { actor: visit.actor.clone(), leave, grant, force: forced(form) };
    app.store.write("answer leave", command, |tx, c| Box::pin(guide::answer_leave(tx, c))).await?;
    Ok(if grant { "granted" } else { "refused" })
}

async fn answer(
    app: &App,
    visit: &Visit,
    desk: Desk,
    guide: Guide,
    rules: bool,
    asked: Asked,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let now = app.store.now();
    let mut conn = app.store.read().await?;
    let days = guide::days_off(&mut conn, guide.id(), now).await?;
    let mut leaves = guide::leave_asked(&mut conn, guide.id(), now).await?;
    drop(conn);
    leaves.retain(|it| it.state == LeaveState::Asked);
    let Asked { form, problems, hit } = asked;
    let status = match () {
        () if !problems.is_empty() => StatusCode::UNPROCESSABLE_ENTITY,
        () if !hit.is_empty() => StatusCode::CONFLICT,
        () => StatusCode::OK,
    };
    let shop = desk.workshop()?.clone();
    let url = format!("{}{}", visit.base_url, guide::link_path(&guide.token));
    let inner = visit.clone();
    let page = Page::new(Head::host(guide.name())).status(status);
    let page = if rules { page.with_islands() } else { page };
    Ok(page.render(visit, move || {
        let here = at(&inner, &shop, &format!("/guides/{}", guide.id()));
        let back = at(&inner, &shop, "/guides");
        let question =
            (!hit.is_empty()).then(|| question(locale, &desk, &hit, &form, &here).into_any());
        let editing = form.text("act") == "save";
        let known = if editing { form.clone() } else { Form::of_pairs(edit::filled(&guide)) };
        let editor = rules.then(|| {
            let none = Problems::default();
            let problems = if editing { &problems } else { &none };
            view! {
                <form class="form panel" method="post" action=here.clone() novalidate>
                    <Hidden name="act" value="save"/>
                    {edit::fields(locale, &known, problems)}
                    <div class="actions">
                        <button class="btn btn-primary">{host::save(locale)}</button>
                        <a class="btn btn-quiet" href=back.clone()>{host::leave(locale)}</a>
                    </div>
                </form>
            }
        });
        let outside = calendars::page_of(&inner, &shop, Some(guide.id()));
        let body = view! {
            {breadcrumb(locale, vec![(back.clone(), t::title(locale).to_owned())])}
            <header class="host-head">
                <div>
                    <h1>{guide.name().to_owned()}</h1>
                    <p class="soft">{format::sentence(&words::languages(locale, &guide.languages.0))}</p>
                </div>
            </header>
            {news(locale, form.text("done"))}
            <ErrorSummary locale problems=problems.clone()/>
            {question}
            <div class="split">
                <div class="stack">{editor} {(!rules).then(|| facts(locale, &guide))}</div>
                <div class="stack">
                    {asks(locale, &here, &leaves)}
                    {off(locale, &here, &days, &form, &problems)}
                    {rules.then(|| link(locale, &here, outside, url))}
                </div>
            </div>
        };
        frame(&inner, Some(&shop), Tab::More, body)
    }))
}

fn news(locale: engine::Locale, done: &str) -> Option<impl IntoView + use<>> {
    let (title, text) = match done {
        "saved" => (t::saved(locale), t::saved_text(locale)),
        "renewed" => (t::renewed(locale), t::link_renew_text(locale)),
        "day_off" => (t::day_off_saved(locale), ""),
        "back" => (t::back(locale), ""),
        "granted" => (t::granted(locale), ""),
        "refused" => (t::refused(locale), ""),
        _ => return None,
    };
    let text = (!text.is_empty()).then(|| view! { <p>{text}</p> });
    Some(view! { <Notice tone=Tone::Good title=title>{text}</Notice> })
}

/// For those who may not change the guide.
fn facts(locale: engine::Locale, guide: &Guide) -> impl IntoView + use<> {
    let phone = (!guide.phone.is_empty()).then(|| {
        view! { <li>{icon("phone")}<a href=format!("tel:{}", guide.phone)>{format::phone(&guide.phone)}</a></li> }
    });
    view! {
        <ul class="facts panel">
            <li>{icon("language")}{format::sentence(&words::languages(locale, &guide.languages.0))}</li>
            {phone}
        </ul>
    }
}

/// Days that the guide asks for.
fn asks(locale: engine::Locale, here: &str, leaves: &[Leave]) -> Option<impl IntoView + use<>> {
    if leaves.is_empty() {
        return None;
    }
    let items: Vec<_> = leaves
        .iter()
        .map(|leave| {
            let days = range(locale, leave);
            let note = (!leave.note.is_empty())
                .then(|| view! { <span class="soft">" – " {leave.note.clone()}</span> });
            view! {
                <li class="board-use">
                    <span>{format::sentence(&days)}{note}</span>
                    <form class="actions" method="post" action=here.to_owned()>
                        <Hidden name="leave" value=leave.id.to_string()/>
                        <button class="btn btn-small btn-primary" name="act" value="grant">{t::grant(locale)}</button>
                        <button class="btn btn-small" name="act" value="refuse">{t::refuse(locale)}</button>
                    </form>
                </li>
            }
        })
        .collect();
    Some(view! {
        <section class="panel stack-s" aria-labelledby="asks">
            <h2 class="panel-title" id="asks">{t::asks(locale)}</h2>
            <ul class="plain-list">{items}</ul>
        </section>
    })
}

/// First and last day of a leave.
pub fn range(locale: engine::Locale, leave: &Leave) -> String {
    let (from, to) = (leave.from_date, leave.to_date);
    if from == to {
        format::day(locale, from)
    } else {
        t::date_range(locale, format::day(locale, from), format::day(locale, to))
    }
}

fn off(
    locale: engine::Locale,
    here: &str,
    days: &[Use],
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let items: Vec<_> = days
        .iter()
        .map(|it| {
            let note = (!it.note.is_empty())
                .then(|| view! { <span class="soft">" – " {it.note.clone()}</span> });
            view! {
                <li class="board-use">
                    <span>{format::sentence(&words::days(locale, it.starts_at, it.ends_at))}{note}</span>
                    <form method="post" action=here.to_owned()>
                        <Hidden name="act" value="back"/>
                        <Hidden name="use" value=it.id.to_string()/>
                        <button class="btn btn-small">{t::works_again(locale)}</button>
                    </form>
                </li>
            }
        })
        .collect();
    let none = items.is_empty().then(|| view! { <p class="soft">{t::days_off_none(locale)}</p> });
    let typing = form.text("act") == "day_off";
    let value = |name: &str| if typing { form.text(name).to_owned() } else { String::new() };
    let error = if typing { problems.of("from") } else { String::new() };
    view! {
        <section class="panel stack" aria-labelledby="off">
            <h2 class="panel-title" id="off">{t::days_off(locale)}</h2>
            <ul class="plain-list">{items}</ul> {none}
            <form class="form" method="post" action=here.to_owned() novalidate>
                <Hidden name="act" value="day_off"/>
                <div class="field-row">
                    <TextField locale name="from" label=t::from_date(locale) kind="date" value=value("from") error=error/>
                    <TextField locale name="to" label=t::to_date(locale) kind="date" value=value("to") optional=true/>
                </div>
                <TextField locale name="why" label=t::why(locale) value=value("why") optional=true/>
                <button class="btn">{icon("plus")}{t::day_off_add(locale)}</button>
            </form>
        </section>
    }
}

fn link(
    locale: engine::Locale,
    here: &str,
    calendars: String,
    url: String,
) -> impl IntoView + use<> {
    view! {
        <section class="panel stack" aria-labelledby="link">
            <h2 class="panel-title" id="link">{t::link_title(locale)}</h2>
            <p>{t::link_text(locale)}</p>
            <CopyLink id="guide-link".to_owned() label=t::link_label(locale).to_owned() url=url.clone()
                copy=t::copy(locale).to_owned() copied=t::copied(locale).to_owned()/>
            <div class="actions">
                <a class="btn" href=calendars>{icon("clock")}{crate::t::calendars::title(locale)}</a>
                <a class="btn" href=url>{icon("eye")}{t::link_open(locale)}</a>
            </div>
            <form class="stack-s" method="post" action=here.to_owned()>
                <Hidden name="act" value="renew"/>
                <p class="soft small">{t::link_renew_text(locale)}</p>
                <button class="btn btn-danger">{icon("refresh")}{t::link_renew(locale)}</button>
            </form>
        </section>
    }
}
