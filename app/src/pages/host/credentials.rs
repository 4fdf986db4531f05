//! What a workshop, its people and its products are certified to be, and the marks of the co-op that it
//! manages. For owners.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Multipart, Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use engine::clock::local_date;
use engine::credential::{self, Credential, words};
use leptos::prelude::*;

use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::credential::{Room, closed, edit, enter, entry, holder_name, one, papers};
use crate::render::Page;
use crate::t::credential as t;
use crate::ui::icon::icon;
use crate::ui::layout::Head;

type At = Path<(String, String)>;
type AtOne = Path<(String, String, String)>;
type AtPaper = Path<(String, String, String, String)>;

/// How many days before its last one something is listed as ending.
const ENDING: i64 = 90;

pub fn credentials() -> Router<App> {
    let of = |sub: &str| format!("/{{locale}}/host/{{workshop}}{sub}");
    let uploads = Router::new()
        .route(&of("/credentials/new"), get(new).post(create))
        .route(&of("/credentials/{credential}/papers"), post(add_paper))
        .layer(DefaultBodyLimit::max(papers::MAX_UPLOAD));
    Router::new()
        .route(&of("/credentials"), get(page))
        .route(&of("/credentials/{credential}"), get(shown).post(act))
        .route(&of("/credentials/{credential}/edit"), get(edit_page).post(save))
        .route(&of("/credentials/{credential}/papers/{paper}"), get(paper))
        .merge(uploads)
}

async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let room = Room::house(&app, &visit, &slug).await?;
    let Room::House(desk) = &room else { return Err(PageError::NotFound) };
    let locale = visit.locale;
    let mut conn = app.store.read().await?;
    let house =
        credential::for_workshop(&mut conn, &visit.actor, desk.id()).await.map_err(closed)?;
    drop(conn);
    let today = local_date(app.store.now());
    let all = house.ours.iter().chain(house.coop.iter().flat_map(|(_, theirs)| theirs));
    let mut ending: Vec<&Credential> = all
        .filter(|it| {
            let left = it.until().map(|until| (until - today).num_days());
            it.shows(today) && left.is_some_and(|left| left <= ENDING)
        })
        .collect();
    ending.sort_by_key(|it| (it.until(), it.id));
    // A licence of the house is also one of its co-op's.
    ending.dedup_by_key(|it| it.id);
    let any_ending = !ending.is_empty();
    let ending = ending
        .into_iter()
        .filter_map(|it| Some((it, it.until()?)))
        .map(|(it, until)| {
            let href = room.at(&visit, &format!("/{}", it.id));
            let left = t::ends_in(locale, words::day(locale, until), (until - today).num_days());
            view! { <li><a href=href>{words::title(locale, it)}</a> ": " {left}</li> }
        })
        .collect_view();
    let catalogue = &desk.catalogue;
    let list = |all: &[Credential]| {
        all.iter()
            .map(|it| entry(&visit, &room, it, &holder_name(locale, catalogue, it), today))
            .collect_view()
    };
    let ours = list(&house.ours);
    let coop = house.coop.as_ref().map(|(coop, theirs)| {
        let none = theirs.is_empty().then(|| view! { <p class="soft">{t::none(locale)}</p> });
        view! {
            <section class="stack" aria-labelledby="of-coop">
                <h2 id="of-coop">{t::of_coop(locale, &coop.name)}</h2>
                {none}
                <ul class="entry-list">{list(theirs)}</ul>
            </section>
        }
    });
    let none = house.ours.is_empty();
    let (inner, here) = (visit.clone(), room.clone());
    Ok(Page::new(Head::host(t::title(locale))).render(&visit, move || {
        let ending = any_ending.then(|| {
            view! {
                <section class="panel stack" aria-labelledby="ending">
                    <h2 class="panel-title" id="ending">{t::ending(locale)}</h2>
                    <ul class="stack">{ending}</ul>
                </section>
            }
        });
        let none = none.then(|| view! { <p class="soft">{t::none(locale)}</p> });
        let body = view! {
            <header class="host-head">
                <h1>{t::title(locale)}</h1>
                <div class="actions">
                    <a class="btn btn-primary" href=here.at(&inner, "/new")>{icon("plus")}{t::add(locale)}</a>
                </div>
            </header>
            <p class="lead">{t::host_lead(locale)}</p>
            {ending}
            <section class="stack" aria-labelledby="ours">
                <h2 id="ours">{t::ours(locale)}</h2>
                {none}
                <ul class="entry-list">{ours}</ul>
            </section>
            {coop}
        };
        here.frame(&inner, body)
    }))
}

async fn new(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let room = Room::house(&app, &visit, &slug).await?;
    enter::page(&app, &visit, room).await
}

async fn create(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    upload: Multipart,
) -> Result<Response, PageError> {
    let room = Room::house(&app, &visit, &slug).await?;
    enter::create(&app, &visit, room, upload).await
}

async fn shown(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtOne,
) -> Result<Response, PageError> {
    let room = Room::house(&app, &visit, &slug).await?;
    one::page(&app, &visit, room, &id).await
}

async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtOne,
    form: Form,
) -> Result<Response, PageError> {
    let room = Room::house(&app, &visit, &slug).await?;
    one::act(&app, &visit, room, &id, form).await
}

async fn edit_page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtOne,
) -> Result<Response, PageError> {
    let room = Room::house(&app, &visit, &slug).await?;
    edit::page(&app, &visit, room, &id).await
}

async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtOne,
    form: Form,
) -> Result<Response, PageError> {
    let room = Room::house(&app, &visit, &slug).await?;
    edit::save(&app, &visit, room, &id, form).await
}

async fn add_paper(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtOne,
    upload: Multipart,
) -> Result<Response, PageError> {
    let room = Room::house(&app, &visit, &slug).await?;
    papers::add(&app, &visit, room, &id, upload).await
}

async fn paper(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id, paper)): AtPaper,
) -> Result<Response, PageError> {
    let room = Room::house(&app, &visit, &slug).await?;
    papers::file(&app, &visit, &room, (&id, &paper)).await
}
