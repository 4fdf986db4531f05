//! All passes that can be booked.

use axum::extract::State;
use axum::response::Response;
use engine::catalogue::UnitKind;
use engine::pass::{self, Offer};
use leptos::prelude::*;

use super::path;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::pass as tp;
use crate::ui::layout::Head;
use crate::ui::picture::Picture;
use crate::ui::prose::foreign;
use crate::ui::{format, seo};

pub async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let offers = pass::on_sale(&mut conn, &catalogue).await?;
    drop(conn);
    let cards: Vec<_> = offers.iter().map(|offer| card(&visit, offer)).collect();
    let crumbs = [("/passes".to_owned(), tp::nav(locale).to_owned())];
    let head = Head::new(tp::list_title(locale), tp::list_description(locale))
        .structured(seo::graph(vec![seo::breadcrumbs(&visit, &crumbs), seo::organization(&visit)]));
    let none = cards.is_empty().then(|| {
        view! {
            <p>{tp::list_none(locale)}</p>
            <p><a class="btn btn-primary" href=visit.link("/tours")>{tp::see_tours(locale)}</a></p>
        }
    });
    Ok(Page::new(head).shared().render(&visit, move || {
        view! {
            <div class="wrap">
                <header class="page-head">
                    <h1>{tp::list_title(locale)}</h1>
                    <p class="lead">{tp::list_lead(locale)}</p>
                </header>
                {none}
                <ul class="grid-wide">{cards}</ul>
                <div class="section-tight"></div>
            </div>
        }
    }))
}

fn card(visit: &Visit, offer: &Offer<'_>) -> impl IntoView + use<> {
    let locale = visit.locale;
    let pass = &offer.pass;
    let href = visit.link(&path(&pass.slug));
    let villages: Vec<&str> = offer.places.iter().map(|it| it.village.name.text(locale)).collect();
    let minutes = i32::try_from(offer.minutes()).unwrap_or(i32::MAX);
    let duration = tp::whole_day(locale, format::duration(locale, minutes));
    let (price, _) = offer.price_of(UnitKind::Adult);
    let price = format::sentence(&tp::price_from(locale, price.display(locale)));
    let less = (pass.percent_off > 0).then(|| {
        view! { <p><span class="badge" data-tone="celadon">{tp::percent_off(locale, pass.percent_off)}</span></p> }
    });
    let picture = offer.places.first().map(|place| Picture::of_tour(place.tour, locale).view(true));
    let stops: Vec<_> = offer
        .places
        .iter()
        .map(|place| view! { <li>{format!("{}, {}", place.tour.title.text(locale), place.workshop.name)}</li> })
        .collect();
    view! {
        <li class="card">
            <div class="card-media">{picture}</div>
            <div class="card-body stack-s">
                <p class="card-kicker">{villages.join(" · ")}</p>
                <h2 class="card-title" lang=foreign(&pass.title, locale)>
                    <a class="card-link" href=href>{pass.title.text(locale).to_owned()}</a>
                </h2>
                <p class="card-text" lang=foreign(&pass.summary, locale)>{pass.summary.text(locale).to_owned()}</p>
                <ol class="pass-stops">{stops}</ol>
                <p class="card-text">{duration}</p>
                {less}
                <p class="card-text"><strong>{price}</strong></p>
            </div>
        </li>
    }
}
