//! Full-day passes: those of the workshop's co-op, and those it is asked to be a stop of.

pub mod edit;
pub mod form;
pub mod ours;

use axum::extract::{Path, State};
use axum::response::Response;
use engine::catalogue::Catalogue;
use engine::coop::{self, Author};
use engine::pass::{self, Answer, Asked, Booked, Consent, PassError, Place, Stop};
use engine::{Locale, PassStopId};
use leptos::prelude::*;

use self::ours::{Listed, listed, ours};
use super::coop::may_manage;
use super::frame::{Desk, Tab, at, frame, see};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::pass as t;
use crate::ui::field::Hidden;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::prose::foreign;

/// An error that is no matter of words on a page.
pub fn of_pass(error: PassError) -> PageError {
    match error {
        PassError::Store(error) => error.into(),
        _ => PageError::NotFound,
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let locale = visit.locale;
    let catalogue = &desk.catalogue;
    let mut conn = app.store.read().await?;
    let may_write = may_manage(&mut conn, &visit, &desk).await?.is_some();
    let asked = pass::asked_of(&mut conn, &visit.actor, desk.id()).await.map_err(of_pass)?;
    let coop = coop::of_workshop(&mut conn, desk.id()).await?;
    let all: Vec<Listed> = match &coop {
        Some(coop) => listed(&mut conn, catalogue, Author::Coop(coop.id)).await?,
        None => Vec::new(),
    };
    drop(conn);
    let shop = desk.workshop()?.clone();
    let here = at(&visit, &shop, "/passes");
    let news = news(locale, Form::of_query(&visit.query).text("done"));
    let questions: Vec<AnyView> =
        asked.iter().map(|it| question(&visit, catalogue, it, &here, desk.owner)).collect();
    let not_asked =
        questions.is_empty().then(|| view! { <p class="soft">{t::host_not_asked(locale)}</p> });
    let new = may_write.then(|| {
        view! { <a class="btn btn-primary" href=format!("{here}/new")>{icon("plus")}{t::new(locale)}</a> }
    });
    let none = all.is_empty().then(|| {
        view! {
            <section class="panel stack-s">
                <h2 class="panel-title">{t::host_none(locale)}</h2><p>{t::host_none_text(locale)}</p>
            </section>
        }
    });
    let title_ours = coop.as_ref().map(|coop| t::host_ours(locale, &coop.name));
    let list = (!all.is_empty()).then(|| ours(&visit, catalogue, &all, &here, may_write));
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::host_title(locale))).render(&visit, move || {
        let ours = list.map(|list| {
            view! {
                <section class="stack" aria-labelledby="ours">
                    <h2 id="ours">{title_ours}</h2>
                    {list}
                </section>
            }
        });
        let body = view! {
            <header class="host-head"><h1>{t::host_title(locale)}</h1></header>
            {news}
            <section class="stack" aria-labelledby="asked">
                <h2 id="asked">{t::host_asked(locale)}</h2>
                {questions} {not_asked}
            </section>
            {ours} {none}
            <div class="actions">{new}</div>
        };
        frame(&inner, Some(&shop), Tab::More, body)
    }))
}

/// The forms of the page: `act` says which; `stop` or `pass` about what.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let done = match form.text("act") {
        "agree" => answer(&app, &visit, &desk, &form, true).await?,
        "decline" => answer(&app, &visit, &desk, &form, false).await?,
        act @ ("publish" | "unpublish") => {
            let author = author(&app, &visit, &desk).await?;
            ours::publish(&app, &visit, author, &form, act == "publish").await?
        }
        _ => return Err(PageError::Invalid),
    };
    Ok(see(&format!("{}?done={done}", at(&visit, desk.workshop()?, "/passes"))))
}

/// The workshop's co-op, for those who write its passes.
async fn author(app: &App, visit: &Visit, desk: &Desk) -> Result<Author, PageError> {
    let coop = may_manage(&mut app.store.read().await?, visit, desk).await?;
    Ok(Author::Coop(coop.ok_or(PageError::NotFound)?.id))
}

/// Only for a stop of this workshop, whoever's id the form names.
async fn answer(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    form: &Form,
    agree: bool,
) -> Result<&'static str, PageError> {
    let stop: PassStopId = form.text("stop").parse().map_err(|_| PageError::NotFound)?;
    let mut conn = app.store.read().await?;
    let asked = pass::asked_of(&mut conn, &visit.actor, desk.id()).await.map_err(of_pass)?;
    drop(conn);
    if !asked.iter().any(|it| it.stop.id == stop) {
        return Err(PageError::NotFound);
    }
    let command = Answer { actor: visit.actor.clone(), stop, agree };
    let done = app.store.write("answer pass", command, |tx, c| Box::pin(pass::answer(tx, c))).await;
    done.map_err(of_pass)?;
    Ok(if agree { "agreed" } else { "declined" })
}

pub fn news(locale: Locale, done: &str) -> Option<impl IntoView + use<>> {
    let (title, text) = match done {
        "agreed" => (t::agreed_news(locale), ""),
        "declined" => (t::declined_news(locale), t::declined_text(locale)),
        "saved" => (t::saved_news(locale), t::saved_text(locale)),
        "published" => (t::published_news(locale), ""),
        "unpublished" => (t::unpublished_news(locale), t::declined_text(locale)),
        _ => return None,
    };
    let text = (!text.is_empty()).then(|| view! { <p>{text}</p> });
    Some(view! { <Notice tone=Tone::Good title=title>{text}</Notice> })
}

/// "Chặng 1: Nặn gốm (Gốm Minh Hải)", each on a line.
pub fn stop_lines(visit: &Visit, catalogue: &Catalogue, stops: &[Stop]) -> impl IntoView + use<> {
    let locale = visit.locale;
    let items: Vec<_> = stops
        .iter()
        .filter_map(|stop| {
            let place = Place::of(catalogue, stop.option_id)?;
            let (tone, words) = match stop.consent {
                Consent::Asked => ("silk", t::consent_asked(locale)),
                Consent::Agreed => ("celadon", t::consent_agreed(locale)),
                Consent::Declined => ("lacquer", t::consent_declined(locale)),
            };
            let title = format!("{} · {}", place.tour.title.text(locale), place.workshop.name);
            Some(view! { <li>{title} " " <span class="badge" data-tone=tone>{words}</span></li> })
        })
        .collect();
    view! { <ol class="pass-stops">{items}</ol> }
}

/// "Gốm và lụa: 09:00 Xưởng gốm Minh Hải, 14:00 Xưởng nhuộm Mai Hoàng".
pub fn day_of(locale: Locale, catalogue: &Catalogue, booked: &Booked) -> String {
    let stops = booked.live().filter_map(|leg| {
        let shop = catalogue.workshop(leg.booking.workshop_id)?;
        Some(format!("{} {}", format::time(locale, leg.slot.starts_at), shop.name))
    });
    let stops: Vec<String> = stops.collect();
    format::labelled(locale, booked.pass.title.text(locale), format::commas(locale, &stops))
}

/// A pass of which the workshop is a stop, with its owner's buttons.
fn question(
    visit: &Visit,
    catalogue: &Catalogue,
    asked: &Asked,
    here: &str,
    owner: bool,
) -> AnyView {
    let locale = visit.locale;
    let (pass, stop) = (&asked.pass, &asked.stop);
    let id = format!("s-{}", stop.id);
    let title = Place::of(catalogue, stop.option_id)
        .map_or_else(String::new, |place| place.tour.title.text(locale).to_owned());
    let says = t::asks_you(locale, stop.position, pass.percent_off, title);
    let button = |act: &'static str, class: &'static str, words: &'static str| {
        view! { <button class=class name="act" value=act>{words}</button> }
    };
    let (yes, no) = match stop.consent {
        Consent::Asked => (true, Some(t::decline(locale))),
        Consent::Agreed => (false, Some(t::withdraw(locale))),
        Consent::Declined => (true, None),
    };
    let buttons = owner.then(|| {
        view! {
            <form class="actions" method="post" action=here.to_owned()>
                <Hidden name="stop" value=stop.id.to_string()/>
                {yes.then(|| button("agree", "btn btn-primary", t::agree(locale)))}
                {no.map(|words| button("decline", "btn", words))}
            </form>
        }
    });
    view! {
        <section class="panel stack-s" aria-labelledby=id.clone()>
            <h3 class="panel-title" id=id.clone() lang=foreign(&pass.title, locale)>{pass.title.text(locale).to_owned()}</h3>
            <p lang=foreign(&pass.summary, locale)>{pass.summary.text(locale).to_owned()}</p>
            <p><b>{says}</b></p>
            {stop_lines(visit, catalogue, &asked.stops)}
            {buttons}
        </section>
    }
    .into_any()
}
