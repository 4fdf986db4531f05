//! The way in: to one's only workshop at once, or to a list of them.

use axum::extract::State;
use axum::response::Response;
use engine::catalogue::Workshop;
use engine::reseller::contracts_of;
use leptos::prelude::*;

use super::frame::{Tab, at, frame, see, signed_in};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t;
use crate::ui::layout::Head;

/// Whether the person belongs to a travel company.
async fn sells_for_a_company(app: &App, visit: &Visit) -> Result<bool, PageError> {
    let mut conn = app.store.read().await?;
    Ok(!contracts_of(&mut conn, &visit.actor).await?.is_empty())
}

/// Addresses of the reports that the person reads for a village, with the village's name.
async fn reports(app: &App, visit: &Visit) -> Result<Vec<(String, String)>, PageError> {
    let mut conn = app.store.read().await?;
    let mine = engine::report::villages_of(&mut conn, &visit.actor).await?;
    drop(conn);
    let catalogue = app.catalogue().await?;
    let villages = mine.into_iter().filter_map(|id| catalogue.village(id));
    Ok(villages
        .map(|village| {
            let href = visit.link(&format!("/village/{}/report", village.slug));
            (href, village.name.text(visit.locale).to_owned())
        })
        .collect())
}

pub async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    signed_in(&visit)?;
    let catalogue = app.catalogue().await?;
    let mine: Vec<Workshop> = catalogue
        .workshops
        .iter()
        .filter(|workshop| visit.actor.must_serve(workshop.id).is_ok())
        .cloned()
        .collect();
    let reports = reports(&app, &visit).await?;
    if let ([], [(only, _)]) = (mine.as_slice(), reports.as_slice()) {
        return Ok(see(only));
    }
    if let ([only], []) = (mine.as_slice(), reports.as_slice()) {
        return Ok(see(&at(&visit, only, "")));
    }
    if mine.is_empty() && reports.is_empty() && sells_for_a_company(&app, &visit).await? {
        return Ok(see(&visit.link("/reseller")));
    }
    let locale = visit.locale;
    let title = t::account::choose(locale);
    let inner = visit.clone();
    Ok(Page::new(Head::host(title)).render(&visit, move || {
        let none = (mine.is_empty() && reports.is_empty()).then(|| view! { <p>{t::account::no_workshop(locale)}</p> });
        let items: Vec<_> = mine
            .iter()
            .map(|shop| {
                view! {
                    <li class="entry"><div>
                        <h2 class="entry-title"><a href=at(&inner, shop, "")>{shop.name.clone()}</a></h2>
                        <p class="entry-text">{shop.address.text(locale).to_owned()}</p>
                    </div></li>
                }
            })
            .collect();
        let reports: Vec<_> = reports
            .into_iter()
            .map(|(href, name)| {
                view! {
                    <li class="entry"><div>
                        <h2 class="entry-title"><a href=href>{name}</a></h2>
                        <p class="entry-text">{t::report::of_village(locale)}</p>
                    </div></li>
                }
            })
            .collect();
        let body = view! { <h1>{title}</h1> {none} <ul class="entry-list">{items} {reports}</ul> };
        frame(&inner, None, Tab::Day, body)
    }))
}
