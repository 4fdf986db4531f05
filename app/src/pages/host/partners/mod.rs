//! Partners of a workshop and of the co-op it manages, their designs, places for students, and studies. For
//! owners.

pub mod applicant;
pub mod design;
pub mod designs;
pub mod edit;
pub mod paper;
pub mod placement;
pub mod placements;
pub mod routes;
pub mod studies;

use axum::extract::{Path, State};
use axum::response::Response;
use engine::Locale;
use engine::catalogue::Workshop;
use engine::coop::{self, Coop, MemberRole};
use engine::partner::{Keeper, Partner, PartnerError, partners_of};
use engine::store::Conn;
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::partner as t;
use crate::ui::coop::date;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::partner as ui;

pub type At = Path<(String, String)>;
pub type AtOne = Path<(String, String, String)>;

/// An error that is no matter of words on a page.
pub fn refused(error: PartnerError) -> PageError {
    match error {
        PartnerError::Store(error) => error.into(),
        _ => PageError::NotFound,
    }
}

/// What went wrong, beside its fields or, where it is about none, at `main`.
pub fn trouble(locale: Locale, main: &str, error: PartnerError) -> Result<Problems, PageError> {
    let words = match error {
        PartnerError::Fields(wrongs) => return Ok(ui::problems(locale, wrongs)),
        PartnerError::Changed => t::error_changed(locale),
        PartnerError::State => t::error_state(locale),
        PartnerError::Full => t::error_full(locale),
        error => return Err(refused(error)),
    };
    let mut problems = Problems::default();
    problems.add(main, words);
    Ok(problems)
}

/// The co-op that the actor manages by this workshop.
pub async fn managed(
    conn: &mut Conn,
    visit: &Visit,
    shop: &Workshop,
) -> Result<Option<Coop>, PageError> {
    let Some(coop) = coop::of_workshop(conn, shop.id).await? else { return Ok(None) };
    let role = coop::standing(conn, &visit.actor, coop.id).await?;
    Ok(Some(coop).filter(|_| role == Some(MemberRole::Manager)))
}

/// Parts of these pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Partners,
    Designs,
    Placements,
    Studies,
}

pub fn subnav(visit: &Visit, shop: &Workshop, here: Section) -> impl IntoView + use<> {
    let locale = visit.locale;
    let items = [
        (Section::Partners, "/partners", t::partners(locale)),
        (Section::Designs, "/designs", t::designs(locale)),
        (Section::Placements, "/placements", t::placements_short(locale)),
        (Section::Studies, "/studies", t::studies_short(locale)),
    ]
    .into_iter()
    .map(|(section, sub, words)| {
        let current = (section == here).then_some("page");
        view! { <li><a href=at(visit, shop, sub) aria-current=current>{words}</a></li> }
    })
    .collect_view();
    view! { <nav class="subnav" aria-label=t::sections(locale)><ul>{items}</ul></nav> }
}

/// Said once after something was saved.
pub fn saved(visit: &Visit) -> impl IntoView + use<> {
    let locale = visit.locale;
    let words = match Form::of_query(&visit.query).text("done") {
        "asked" => Some(t::done_asked(locale)),
        "ended" => Some(t::done_ended(locale)),
        "answered" => Some(t::done_answered(locale)),
        "saved" => Some(t::done_saved(locale)),
        _ => None,
    };
    words.map(|words| view! { <Notice tone=Tone::Good title=words/> })
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let shop = desk.workshop()?.clone();
    let mut conn = app.store.read().await?;
    let coop = managed(&mut conn, &visit, &shop).await?;
    let own = partners_of(&mut conn, &visit.actor, Keeper::Workshop(shop.id)).await;
    let own = own.map_err(refused)?;
    let shared = match &coop {
        Some(coop) => {
            let all = partners_of(&mut conn, &visit.actor, Keeper::Coop(coop.id)).await;
            all.map_err(refused)?
        }
        None => Vec::new(),
    };
    drop(conn);
    let locale = visit.locale;
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::host_title(locale))).render(&visit, move || {
        let visit = &inner;
        let none = (own.is_empty() && shared.is_empty())
            .then(|| view! { <p class="empty">{t::partners_none(locale)}</p> });
        let theirs = coop.filter(|_| !shared.is_empty()).map(|coop| {
            view! { <h2>{coop.name}</h2> {list(visit, &shop, &shared)} }
        });
        let ours = (!own.is_empty()).then(|| {
            view! { <h2>{shop.name.clone()}</h2> {list(visit, &shop, &own)} }
        });
        let body = view! {
            <h1>{t::host_title(locale)}</h1>
            {subnav(visit, &shop, Section::Partners)}
            {saved(visit)}
            <p class="soft">{t::host_lead(locale)}</p>
            {none}
            {ours}
            {theirs}
            <div class="actions">
                <a class="btn btn-primary" href=at(visit, &shop, "/partners/new")>
                    {icon("plus")}{t::partner_add(locale)}
                </a>
            </div>
        };
        frame(visit, Some(&shop), Tab::More, body)
    }))
}

fn list(visit: &Visit, shop: &Workshop, all: &[Partner]) -> impl IntoView + use<> {
    let locale = visit.locale;
    let items: Vec<_> = all
        .iter()
        .map(|partner| {
            let href = at(visit, shop, &format!("/partners/{}", partner.id));
            let about = [
                ui::kind(locale, partner.kind).to_owned(),
                partner.city.clone(),
                date(locale, partner.since),
            ];
            view! {
                <li class="entry"><div>
                    <h3 class="entry-title">
                        <a class="card-link" href=href>{partner.name.clone()}</a> " "
                        {ui::partner_state(locale, partner.state)}
                    </h3>
                    <p class="entry-text">{about.join(" · ")}</p>
                </div></li>
            }
        })
        .collect();
    view! { <ul class="entry-list">{items}</ul> }
}
