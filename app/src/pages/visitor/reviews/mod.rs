//! What guests say: the section of a tour's or a workshop's page, the whole list, and the rules.

mod list;
pub mod own;

use axum::response::Response;
use engine::Locale;
use engine::catalogue::Catalogue;
use engine::review::{self, Filter, Listed, Rating, Review, Scope};
use engine::store::{Conn, StoreError};
use leptos::prelude::*;

pub use list::{of_tour, of_workshop};

use super::articles;
use crate::context::Visit;
use crate::t::review as t;
use crate::ui::review as ui;

/// Reviews on the page of a tour or workshop itself.
const FIRST: i64 = 5;

/// What a tour's or workshop's page shows.
#[derive(Debug, Clone, Default)]
pub struct Said {
    pub rating: Rating,
    pub first: Vec<Review>,
}

pub async fn load(conn: &mut Conn, scope: Scope) -> Result<Said, StoreError> {
    let rating = review::rating(conn, scope).await?;
    if rating.count() == 0 {
        return Ok(Said::default());
    }
    let Listed { reviews, .. } = review::shown(conn, scope, Filter::default(), (0, FIRST)).await?;
    Ok(Said { rating, first: reviews })
}

/// The reviews one after another; those of a workshop name their tours.
fn rows(
    visit: &Visit,
    catalogue: &Catalogue,
    scope: Scope,
    workshop: &str,
    reviews: &[Review],
) -> Vec<AnyView> {
    let locale = visit.locale;
    reviews
        .iter()
        .map(|review| {
            let about = match scope {
                Scope::Tour(_) => None,
                Scope::Workshop(_) => catalogue.tour(review.tour_id).map(|tour| {
                    let href = visit.link(&format!("/tours/{}", tour.slug));
                    (href, tour.title.text(locale).to_owned())
                }),
            };
            view! { <li>{ui::one(locale, review, workshop, about)}</li> }.into_any()
        })
        .collect()
}

/// The section on the page of a tour or workshop; `path` is the page's own.
pub fn section(
    visit: &Visit,
    catalogue: &Catalogue,
    (scope, path): (Scope, &str),
    workshop: &str,
    said: &Said,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let count = said.rating.count();
    let body = if count == 0 {
        view! { <p>{t::none(locale)}</p> }.into_any()
    } else {
        let rows = rows(visit, catalogue, scope, workshop, &said.first);
        let all = visit.link(&format!("{path}/reviews"));
        view! {
            {ui::summary(locale, &said.rating)}
            <ul class="said-list">{rows}</ul>
            <p><a class="btn" href=all>{t::all(locale, count)}</a></p>
        }
        .into_any()
    };
    view! {
        <section class="stack reviews" aria-labelledby="reviews">
            <h2 id="reviews">{t::title(locale)}</h2>
            {body}
            {rules(visit, locale)}
        </section>
    }
}

fn rules(visit: &Visit, locale: Locale) -> impl IntoView + use<> {
    view! {
        <p class="small soft">
            {t::only_guests(locale)} " "
            <a href=visit.link("/reviews")>{t::rules_link(locale)}</a>
        </p>
    }
}

/// The rules in plain words.
pub async fn rules_page(visit: Visit) -> Response {
    articles::page(&visit, t::rules_title(visit.locale), t::rules(visit.locale))
}
