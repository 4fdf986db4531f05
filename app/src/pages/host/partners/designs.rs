//! Designs that the workshop keeps or may use, and which of its tours do.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::catalogue::Workshop;
use engine::coop::Coop;
use engine::partner::{
    self, Design, PartnerError, Retire, SetTours, designs_of, designs_of_tour, usable_by,
};
use engine::store::Conn;
use engine::{DesignId, TourId};
use leptos::prelude::*;

use super::{At, AtOne, Section, managed, refused, saved, subnav};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::render::Page;
use crate::t::partner as t;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::partner as ui;

/// Whether the house, or the co-op that it manages, keeps a design.
pub fn keeps(shop: &Workshop, coop: Option<&Coop>, design: &Design) -> bool {
    design.workshop_id == Some(shop.id)
        || (design.coop_id.is_some() && design.coop_id == coop.map(|coop| coop.id))
}

/// All that the workshop has to do with: what it keeps, may take, or uses already.
pub async fn known(
    conn: &mut Conn,
    desk: &Desk,
    coop: Option<&Coop>,
) -> Result<Vec<Design>, PageError> {
    let mut all = designs_of(conn, Some(desk.id()), coop.map(|coop| coop.id)).await?;
    all.extend(usable_by(conn, desk.id()).await?);
    let tours: Vec<TourId> = desk.catalogue.all_tours_of(desk.id()).map(|tour| tour.id).collect();
    for tour in tours {
        all.extend(designs_of_tour(conn, tour).await?);
    }
    let mut seen: Vec<DesignId> = Vec::new();
    all.retain(|design| {
        let new = !seen.contains(&design.id);
        seen.push(design.id);
        new
    });
    Ok(all)
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
    let all = known(&mut conn, &desk, coop.as_ref()).await?;
    drop(conn);
    let locale = visit.locale;
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::designs(locale))).render(&visit, move || {
        let visit = &inner;
        let items: Vec<_> = all.iter().map(|design| entry(visit, &shop, design)).collect();
        let none =
            items.is_empty().then(|| view! { <p class="empty">{t::designs_none(locale)}</p> });
        let body = view! {
            <h1>{t::designs(locale)}</h1>
            {subnav(visit, &shop, Section::Designs)}
            {saved(visit)}
            <p class="soft">{t::designs_host_lead(locale)}</p>
            {none}
            <ul class="entry-list">{items}</ul>
            <div class="actions">
                <a class="btn btn-primary" href=at(visit, &shop, "/designs/new")>
                    {icon("plus")}{t::design_add(locale)}
                </a>
            </div>
        };
        frame(visit, Some(&shop), Tab::More, body)
    }))
}

fn entry(visit: &Visit, shop: &Workshop, design: &Design) -> impl IntoView + use<> {
    let locale = visit.locale;
    let href = at(visit, shop, &format!("/designs/{}", design.id));
    let retired = design
        .retired
        .then(|| view! { <span class="badge" data-tone="silk">{t::retired(locale)}</span> });
    let about = [
        ui::credit(locale, design),
        ui::licence_name(locale, design.licence).to_owned(),
        ui::shared_with(locale, design.shared_with).to_owned(),
    ];
    view! {
        <li class="entry entry-with-media">
            {ui::picture(design)}
            <div>
                <h2 class="entry-title">
                    <a class="card-link" href=href>{design.title.text(locale).to_owned()}</a> " " {retired}
                </h2>
                <p class="entry-text">{about.join(" · ")}</p>
            </div>
        </li>
    }
}

/// Which tours use a design, and whether it is taken off the lists: `act` says which.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtOne,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let design: DesignId = id.parse().map_err(|_| PageError::NotFound)?;
    let actor = visit.actor.clone();
    let done: Result<(), PartnerError> = match form.text("act") {
        "tours" => {
            let tours = form.all("tours").map(str::parse).collect::<Result<Vec<TourId>, _>>();
            let tours = tours.map_err(|_| PageError::Invalid)?;
            let command = SetTours { actor, workshop: desk.id(), design, tours };
            app.store.write("set tours", command, |tx, c| Box::pin(partner::set_tours(tx, c))).await
        }
        word @ ("retire" | "restore") => {
            let command = Retire { actor, design, retired: word == "retire" };
            app.store.write("retire", command, |tx, c| Box::pin(partner::retire(tx, c))).await
        }
        _ => return Err(PageError::Invalid),
    };
    match done {
        Ok(()) => {
            let page = at(&visit, desk.workshop()?, &format!("/designs/{design}"));
            Ok(see(&format!("{page}?done=saved")))
        }
        // A tour of somebody else's, or a design that nobody may take: no form of ours says that.
        Err(PartnerError::Fields(_) | PartnerError::State) => Err(PageError::Invalid),
        Err(error) => Err(refused(error)),
    }
}
