//! The people of a workshop: who is shown to guests, with their consent.

pub mod edit;
pub mod portrait;

use axum::extract::{Path, State};
use axum::response::Response;
use engine::story::{self, Artisan, ArtisanChange, OnArtisan, Seen, StoryError, change_artisan};
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame, see};
use super::story::of_story;
use super::story::seat::own_artisan;
use crate::Locale;
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::story as t;
use crate::ui::field::Hidden;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};

type At = Path<(String, String)>;
type AtArtisan = Path<(String, String, String)>;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let mut conn = app.store.read().await?;
    let people = story::artisans_of_workshop(&mut conn, desk.id(), Seen::ByHosts).await?;
    drop(conn);
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let done = Form::of_query(&visit.query).text("done").to_owned();
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::artisans(locale))).render(&visit, move || {
        let visit = &inner;
        let base = at(visit, &shop, "/artisans");
        let news = match done.as_str() {
            "publish" => Some((Tone::Good, t::done_shown(locale))),
            "withdraw" => Some((Tone::Good, t::done_hidden(locale))),
            "delete" => Some((Tone::Good, t::done_person_deleted(locale))),
            "consent" => Some((Tone::Bad, t::consent_missing(locale))),
            _ => None,
        };
        let news = news.map(|(tone, title)| view! { <Notice tone title/> });
        let none =
            people.is_empty().then(|| view! { <p class="soft">{t::no_people(locale)}</p> });
        let count = people.len();
        let items: Vec<_> = people
            .iter()
            .enumerate()
            .map(|(place, person)| line(locale, &base, person, (place, count)))
            .collect();
        let body = view! {
            {breadcrumb(locale, vec![(at(visit, &shop, "/story"), t::host_title(locale).to_owned())])}
            <h1>{t::artisans(locale)}</h1>
            <p class="lead">{t::artisans_host_lead(locale)}</p>
            {news} {none}
            <ol class="entry-list">{items}</ol>
            <div class="actions">
                <a class="btn btn-primary" href=format!("{base}/new")>{icon("plus")}{t::add_person(locale)}</a>
            </div>
        };
        frame(visit, Some(&shop), Tab::More, body)
    }))
}

/// What guests see of somebody.
fn state(locale: Locale, person: &Artisan) -> impl IntoView + use<> {
    let (words, tone) = match (person.published, person.consent_at) {
        (true, _) => (t::shown(locale), "celadon"),
        (false, Some(_)) => (t::not_shown(locale), "silk"),
        (false, None) => (t::no_consent(locale), "lacquer"),
    };
    view! { <span class="badge" data-tone=tone>{words}</span> }
}

fn line(
    locale: Locale,
    base: &str,
    person: &Artisan,
    (place, count): (usize, usize),
) -> impl IntoView + use<> {
    let name = person.name.clone();
    let move_to = |may: bool, act: &'static str, sign: &'static str, label: String| {
        may.then(|| {
            view! {
                <button class="btn btn-small btn-icon" name="act" value=act aria-label=label>{icon(sign)}</button>
            }
        })
    };
    let (act, words) =
        if person.published { ("withdraw", t::hide(locale)) } else { ("publish", t::show(locale)) };
    view! {
        <li class="entry">
            <div>
                <h2 class="entry-title"><a href=format!("{base}/{}", person.id)>{name.clone()}</a></h2>
                <p class="entry-text">{person.title.text(locale).to_owned()} " " {state(locale, person)}</p>
            </div>
            <form class="actions" method="post" action=base.to_owned()>
                <Hidden name="artisan" value=person.id.to_string()/>
                <button class="btn btn-small" name="act" value=act>
                    {words}<span class="visually-hidden">": "{name.clone()}</span>
                </button>
                {move_to(place > 0, "earlier", "chevron-up", t::move_up(locale, &name))}
                {move_to(place + 1 < count, "later", "chevron-down", t::move_down(locale, &name))}
            </form>
        </li>
    }
}

/// Shows, hides, moves or deletes somebody; `act` says which.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let shop = desk.workshop()?;
    let person = own_artisan(&app, shop, form.text("artisan")).await?;
    let act = form.text("act");
    let change = match act {
        "publish" => ArtisanChange::Publish,
        "withdraw" => ArtisanChange::Withdraw,
        "earlier" => ArtisanChange::Earlier,
        "later" => ArtisanChange::Later,
        "delete" => ArtisanChange::Delete,
        _ => return Err(PageError::Invalid),
    };
    let command = OnArtisan { actor: visit.actor.clone(), artisan: person.id, change };
    let done = app.store.write("artisan", command, |tx, c| Box::pin(change_artisan(tx, c))).await;
    let base = at(&visit, shop, "/artisans");
    let from_editor = form.has("editor") && change != ArtisanChange::Delete;
    let back = if from_editor { format!("{base}/{}", person.id) } else { base };
    match done {
        Ok(()) => Ok(see(&format!("{back}?done={act}"))),
        Err(StoryError::NoConsent) => Ok(see(&format!("{back}?done=consent"))),
        Err(error) => Err(of_story(error)),
    }
}
