//! All tours of a workshop, a co-op or a village in a frame, each leading to its calendar.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::catalogue::search::{Search, search};
use engine::catalogue::{Catalogue, Tour, Workshop};
use engine::clock::local_date;
use engine::coop;
use leptos::prelude::*;

use super::{Framed, Kind, Subject, address, gone, to_the_site};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t;
use crate::ui::card::TourCard;
use crate::ui::layout::Head;

type At = Path<(String, String)>;

/// Whose tours they are.
struct House<'c> {
    subject: Subject,
    name: String,
    workshops: Vec<&'c Workshop>,
    /// Slug of the village, where all are of one.
    village: Option<String>,
}

pub async fn of_workshop(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let catalogue = app.catalogue().await?;
    let Some(workshop) = catalogue.workshop_by_slug(&slug) else { return Ok(gone(&visit)) };
    let house = House {
        subject: Subject::new(Kind::Workshop, slug),
        name: workshop.name.clone(),
        workshops: vec![workshop],
        village: catalogue.village(workshop.village_id).map(|village| village.slug.clone()),
    };
    answer(&app, &visit, &catalogue, house).await
}

pub async fn of_coop(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let Some(coop) = coop::by_slug(&mut conn, &slug).await? else { return Ok(gone(&visit)) };
    let members = coop::members(&mut conn, coop.id).await?;
    drop(conn);
    let house = House {
        subject: Subject::new(Kind::Coop, slug),
        name: coop.name,
        workshops: members
            .iter()
            .filter_map(|member| catalogue.workshop(member.workshop_id))
            .collect(),
        village: None,
    };
    answer(&app, &visit, &catalogue, house).await
}

pub async fn of_village(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let catalogue = app.catalogue().await?;
    let Some(village) = catalogue.village_by_slug(&slug) else { return Ok(gone(&visit)) };
    let house = House {
        name: village.name.text(visit.locale).to_owned(),
        workshops: catalogue.workshops_of(village.id).collect(),
        village: Some(slug.clone()),
        subject: Subject::new(Kind::Village, slug),
    };
    answer(&app, &visit, &catalogue, house).await
}

async fn answer(
    app: &App,
    visit: &Visit,
    catalogue: &Catalogue,
    house: House<'_>,
) -> Result<Response, PageError> {
    let House { subject, name, workshops, village } = house;
    // A co-op of which everybody has left.
    if workshops.is_empty() {
        return Ok(gone(visit));
    }
    let locale = visit.locale;
    let now = app.store.now();
    let today = local_date(now);
    let wanted = Search { village, ..Search::default() };
    let mut conn = app.store.read().await?;
    let hits = search(&mut conn, catalogue, &wanted, now).await?;
    drop(conn);
    let look = Framed::of(&visit.query).look;
    let framed = Framed { look, list: Some(subject.clone()) };
    let several = workshops.len() > 1;
    let card = |house: &Workshop, tour: &Tour| {
        let hit = hits.iter().find(|hit| hit.tour == tour.id);
        let frame = Subject::new(Kind::Tour, tour.slug.clone()).frame();
        let href = address(visit, &frame, &framed);
        let card = TourCard::new(visit, catalogue, tour, hit, "", false, today)
            .in_frame(locale, href, hit, today);
        if several { card.of_house(house.name.clone()) } else { card }
    };
    let cards: Vec<TourCard> = workshops
        .iter()
        .flat_map(|house| catalogue.tours_of(house.id).map(|tour| card(house, tour)))
        .collect();
    let page = subject.page();
    let head = Head::embed(t::embed::calendar(locale, &name), page.clone(), look);
    let inner = visit.clone();
    Ok(Page::new(head).shared().render(visit, move || {
        let none = cards.is_empty().then(|| view! { <p class="soft">{t::embed::none(locale)}</p> });
        let cards = cards.into_iter().map(|card| card.view(locale, true)).collect_view();
        view! {
            <h1 class="embed-title">{name}</h1>
            <h2 class="visually-hidden">{t::embed::tours(locale)}</h2>
            {none}
            <ul class="embed-cards">{cards}</ul>
            {to_the_site(&inner, &page)}
        }
    }))
}
