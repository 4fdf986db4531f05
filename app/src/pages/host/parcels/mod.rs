//! What goes home: packed, posted, arrived; and what waits to be collected.

pub mod one;

use axum::extract::{Path, State};
use axum::response::Response;
use engine::craft::delivery::{self, Parcel, ParcelState, Way};
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame};
use super::pieces::{Section, subnav};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::{parcel as t, piece as tp};
use crate::ui::layout::Head;
use crate::ui::parcel as ui;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let mut conn = app.store.read().await?;
    let parcels = delivery::parcels_of(&mut conn, &visit.actor, desk.id()).await;
    let parcels = parcels.map_err(|_| PageError::NotFound)??;
    drop(conn);
    let shop = desk.workshop()?.clone();
    let locale = visit.locale;
    let inner = visit.clone();
    Ok(Page::new(Head::host(tp::parcels_title(locale))).render(&visit, move || {
        let visit = &inner;
        let page = at(visit, &shop, "/parcels");
        let (open, done): (Vec<Parcel>, Vec<Parcel>) = parcels.into_iter().partition(|parcel| {
            !matches!(parcel.state, ParcelState::Arrived | ParcelState::Cancelled)
        });
        let list = |parcels: &[Parcel]| {
            let items: Vec<_> = parcels
                .iter()
                .map(|parcel| {
                    let href = format!("{page}/{}", parcel.id);
                    let place = parcel.address.as_ref().and_then(|it| it.lines().pop());
                    let place = match (parcel.way, place) {
                        (Way::Collect, _) => t::way_collect(locale).to_owned(),
                        (Way::Post, place) => place.unwrap_or_default(),
                    };
                    let cost = (parcel.way == Way::Post)
                        .then(|| view! { <p class="small soft">{ui::cost(locale, parcel)}</p> });
                    view! {
                        <li class="entry">
                            <h3 class="entry-title"><a class="card-link" href=href>{parcel.what.clone()}</a></h3>
                            <p class="entry-text">{parcel.recipient.name.clone()} " · " {place}</p>
                            {cost}
                            <p>{ui::badge(locale, parcel)}</p>
                        </li>
                    }
                })
                .collect();
            view! { <ul class="entry-list">{items}</ul> }
        };
        let none = open.is_empty().then(|| view! { <p class="empty">{t::no_parcels(locale)}</p> });
        let past = (!done.is_empty()).then(|| {
            view! {
                <section class="stack-s" aria-labelledby="past">
                    <h2 id="past">{t::past_parcels(locale)}</h2> {list(&done)}
                </section>
            }
        });
        let body = view! {
            <header class="host-head"><h1>{tp::parcels_title(locale)}</h1></header>
            {subnav(visit, &desk, Section::Parcels)}
            <section class="stack-s" aria-labelledby="open">
                <h2 id="open">{t::open_parcels(locale)}</h2> {list(&open)} {none}
            </section>
            {past}
        };
        frame(visit, Some(&shop), Tab::More, body)
    }))
}
