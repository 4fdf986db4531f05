//! Choosing a workshop to invite: those of the village first, others by search.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::catalogue::{Catalogue, Workshop};
use engine::coop::{self, Invite, Member, MemberState};
use engine::{WorkshopId, text};
use leptos::prelude::*;

use super::{At, closed, managed, trouble};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::render::Page;
use crate::t::coop as t;
use crate::ui::field::{ErrorSummary, Hidden, TextField};
use crate::ui::icon::icon;
use crate::ui::layout::Head;

/// Found workshops shown; who wants others types more.
const FOUND: usize = 20;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    answer(&app, &visit, &desk, Problems::default()).await
}

pub async fn send(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let coop = managed(&mut app.store.read().await?, &visit, &desk).await?.id;
    let house = desk.catalogue.workshop_by_slug(form.text("workshop"));
    let house = house.ok_or(PageError::NotFound)?;
    let command = Invite { actor: visit.actor.clone(), coop, workshop: house.id };
    let done = app.store.write("invite", command, |tx, c| Box::pin(coop::invite(tx, c))).await;
    match done {
        Ok(_) => {
            let page = format!("/coop?done=invited&workshop={}", house.slug);
            Ok(see(&at(&visit, desk.workshop()?, &page)))
        }
        Err(error) => {
            let mut problems = Problems::default();
            problems.add(anchor(house), trouble(visit.locale, error)?);
            answer(&app, &visit, &desk, problems).await
        }
    }
}

fn anchor(house: &Workshop) -> String {
    format!("w-{}", house.slug)
}

/// Why a workshop can't be asked, in words.
fn standing(visit: &Visit, here: engine::CoopId, member: Option<&Member>) -> Option<&'static str> {
    let locale = visit.locale;
    let member = member?;
    Some(match member.state {
        MemberState::Active if member.coop_id == here => t::invite_member(locale),
        MemberState::Active => t::invite_busy(locale),
        _ => t::invite_waiting(locale),
    })
}

fn matching<'a>(catalogue: &'a Catalogue, q: &str) -> Vec<&'a Workshop> {
    if q.trim().is_empty() {
        return Vec::new();
    }
    let suits = |shop: &&Workshop| {
        let village = catalogue.village(shop.village_id);
        let mut words = vec![shop.name.as_str()];
        if let Some(village) = village {
            words.extend([village.name.vi.as_str(), village.name.en.as_str()]);
            words.extend([village.craft_name.vi.as_str(), village.craft_name.en.as_str()]);
        }
        text::matches(&text::fold(&words.join(" ")), q)
    };
    catalogue.workshops.iter().filter(suits).take(FOUND).collect()
}

async fn answer(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    problems: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let mut conn = app.store.read().await?;
    let coop = managed(&mut conn, visit, desk).await?;
    let mut bound: HashMap<WorkshopId, Member> = HashMap::new();
    let asked = coop::invitations(&mut conn, &visit.actor, coop.id).await;
    for member in asked.map_err(closed)? {
        bound.insert(member.workshop_id, member);
    }
    for member in coop::memberships(&mut conn).await? {
        bound.insert(member.workshop_id, member);
    }
    drop(conn);
    let catalogue = desk.catalogue.clone();
    let q = Form::of_query(&visit.query).text("q").to_owned();
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    let title = t::invite(locale);
    Ok(Page::new(Head::host(title)).status(status).render(visit, move || {
        let line = |house: &Workshop| {
            let bound = standing(&inner, coop.id, bound.get(&house.id));
            entry(&inner, &shop, &catalogue, house, bound, &problems)
        };
        let here: Vec<_> = catalogue
            .workshops_of(shop.village_id)
            .filter(|house| {
                !bound.contains_key(&house.id) || !problems.of(&anchor(house)).is_empty()
            })
            .map(line)
            .collect();
        let none_here =
            here.is_empty().then(|| view! { <p class="soft">{t::invite_none_here(locale)}</p> });
        let found: Vec<_> = matching(&catalogue, &q).into_iter().map(line).collect();
        let found = (!q.trim().is_empty()).then(|| {
            let none =
                found.is_empty().then(|| view! { <p class="soft">{t::invite_none(locale)}</p> });
            view! {
                <h3>{t::invite_found(locale)}</h3>
                {none}
                <ul class="entry-list">{found}</ul>
            }
        });
        let page = at(&inner, &shop, "/coop/invite");
        let body = view! {
            <h1>{title}</h1>
            <p class="lead">{t::invite_lead(locale)}</p>
            <ErrorSummary locale problems=problems.clone()/>
            <section class="stack" aria-labelledby="here">
                <h2 id="here">{t::invite_here(locale)}</h2>
                {none_here}
                <ul class="entry-list">{here}</ul>
            </section>
            <section class="stack" aria-labelledby="search">
                <h2 id="search">{t::invite_search(locale)}</h2>
                <form class="form panel" method="get" action=page role="search">
                    <TextField locale name="q" label=t::invite_search_hint(locale) value=q.clone()/>
                    <div><button class="btn">{icon("search")}{t::invite_find(locale)}</button></div>
                </form>
                {found}
            </section>
            <p><a href=at(&inner, &shop, "/coop")>{coop.name.clone()}</a></p>
        };
        frame(&inner, Some(&shop), Tab::Coop, body)
    }))
}

fn entry(
    visit: &Visit,
    shop: &Workshop,
    catalogue: &Catalogue,
    house: &Workshop,
    bound: Option<&'static str>,
    problems: &Problems,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let id = anchor(house);
    let error = problems.of(&id);
    let error =
        (!error.is_empty()).then(|| view! { <p class="field-error">{icon("warning")}{error}</p> });
    let place = catalogue.village(house.village_id).map(|village| {
        format!("{} · {}", village.name.text(locale), village.craft_name.text(locale))
    });
    let href = visit.link(&format!("/workshops/{}", house.slug));
    let action = match bound {
        Some(words) => view! { <p class="soft">{words}</p> }.into_any(),
        None => view! {
            <form class="actions" method="post" action=at(visit, shop, "/coop/invite")>
                <Hidden name="workshop" value=house.slug.clone()/>
                <button class="btn btn-small btn-primary" aria-label=t::invite_whom(locale, &house.name)>
                    {t::invite_send(locale)}
                </button>
            </form>
        }
        .into_any(),
    };
    view! {
        <li class="entry" id=id>
            <div>
                <h3 class="entry-title"><a href=href>{house.name.clone()}</a></h3>
                <p class="entry-text">{place}</p>
                {error}
            </div>
            {action}
        </li>
    }
}
