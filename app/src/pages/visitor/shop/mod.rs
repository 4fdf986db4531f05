//! The shop for visitors: what there is, a piece, the basket, ordering, an order by its secret link.

pub mod basket;
pub mod checkout;
pub mod list;
pub mod order;
pub mod pay;
pub mod photo;
pub mod product;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use engine::WorkshopId;
use engine::catalogue::Catalogue;
use engine::shop::{self, Basket};
use engine::store::Conn;
use leptos::prelude::*;

use crate::context::{App, Settings, Visit};
use crate::error::PageError;
use crate::t::shop as t;
use crate::ui::icon::icon;
use crate::ui::shop as ui;

pub fn shop() -> Router<App> {
    Router::new()
        .route("/{locale}/shop", get(list::page))
        .route("/{locale}/shop/{slug}", get(product::page))
        .route("/{locale}/workshops/{slug}/shop", get(list::of_workshop))
        .route("/{locale}/villages/{slug}/shop", get(list::of_village))
        .route("/{locale}/coops/{slug}/shop", get(list::of_coop))
        .route("/shop-photos/{id}/{width}", get(photo::file))
        .route("/{locale}/basket", get(basket::page).post(basket::act))
        .route("/{locale}/basket/{seller}", get(checkout::page).post(checkout::place))
        .route("/{locale}/booking/{code}/{secret}/shop", post(basket::from_booking))
        .route("/{locale}/order/{id}/{secret}", get(order::page).post(order::act))
        .route("/{locale}/order/{id}/{secret}/gift-card", post(order::card))
        .route("/{locale}/order/{id}/{secret}/pay", get(pay::page))
        .route("/{locale}/order/{id}/{secret}/pay/state", get(pay::state))
}

/// Other pieces, other tours: so many.
const FEW: i64 = 4;

/// As of the session's cookie: with the prefix a browser takes it over https from this host alone.
fn cookie_name(settings: &Settings) -> &'static str {
    if settings.secure_cookies { "__Host-langnghe-basket" } else { "langnghe-basket" }
}

/// The secret of the browser's basket.
fn secret_of(app: &App, jar: &CookieJar) -> Option<String> {
    jar.get(cookie_name(&app.settings)).map(|cookie| cookie.value().to_owned())
}

async fn basket_of(app: &App, jar: &CookieJar) -> Result<Option<Basket>, PageError> {
    let Some(secret) = secret_of(app, jar) else { return Ok(None) };
    let mut conn = app.store.read().await?;
    Ok(shop::basket_of(&mut conn, &secret).await?)
}

/// The answer, with the basket's cookie renewed.
fn keeping(app: &App, jar: CookieJar, basket: &Basket, answer: Response) -> Response {
    let mut cookie = Cookie::build((cookie_name(&app.settings), basket.secret.clone()))
        .path("/")
        .http_only(true)
        .secure(app.settings.secure_cookies)
        .same_site(SameSite::Lax)
        .build();
    cookie.set_max_age(time::Duration::days(30));
    (jar.add(cookie), answer).into_response()
}

/// Some pieces of a workshop, for its page and its tours'; nothing where it has none on the shelf.
pub async fn section(
    conn: &mut Conn,
    visit: &Visit,
    catalogue: &Catalogue,
    workshop: WorkshopId,
) -> Result<Option<AnyView>, PageError> {
    let Some(house) = catalogue.workshop(workshop) else { return Ok(None) };
    let products = shop::shown_of(conn, workshop, None, FEW).await?;
    if products.is_empty() {
        return Ok(None);
    }
    let ids: Vec<_> = products.iter().map(|product| product.id).collect();
    let photos = shop::photos_of(conn, &ids).await?;
    let locale = visit.locale;
    let items: Vec<_> = products
        .iter()
        .map(|product| {
            let photo = photos.iter().find(|photo| photo.product_id == product.id);
            ui::card(visit, catalogue, product, photo)
        })
        .collect();
    let all = visit.link(&format!("/workshops/{}/shop", house.slug));
    Ok(Some(
        view! {
            <section class="section-tight" aria-labelledby="shop-title">
                <div class="section-head">
                    <h2 id="shop-title">{t::of_house(locale)}</h2>
                    <a href=all>{t::see_all(locale)}</a>
                </div>
                <ul class="grid shop-grid">{items}</ul>
            </section>
        }
        .into_any(),
    ))
}

/// On a booking's page: what may be collected at the visit, and what is.
pub async fn at_visit(
    conn: &mut Conn,
    visit: &Visit,
    booking: &engine::booking::Booking,
) -> Result<Option<AnyView>, PageError> {
    let locale = visit.locale;
    let orders = shop::of_booking(conn, booking.id).await?;
    let some = !shop::shown_of(conn, booking.workshop_id, None, 1).await?.is_empty();
    let open = booking.state.kind() == engine::booking::StateKind::Confirmed;
    if orders.is_empty() && !(some && open) {
        return Ok(None);
    }
    let items: Vec<_> = orders
        .iter()
        .map(|order| {
            let href = ui::address(visit, order, "");
            view! { <li><a href=href>{t::order_of(locale, &order.code)}</a> " " {ui::badge(locale, order)}</li> }
        })
        .collect();
    let list = (!items.is_empty()).then(|| view! { <ul class="stack-s">{items}</ul> });
    let action = visit.link(&format!("/booking/{}/{}/shop", booking.code, booking.secret));
    let pick = (some && open).then(|| {
        view! {
            <form method="post" action=action>
                <button class="btn">{icon("pot")}{t::pick_for_visit(locale)}</button>
            </form>
        }
    });
    Ok(Some(
        view! {
            <section class="panel stack-s no-print" aria-labelledby="take-home">
                <h2 class="panel-title" id="take-home">{t::take_home(locale)}</h2>
                {list}
                {pick}
            </section>
        }
        .into_any(),
    ))
}

/// A quiet way to the basket.
fn to_basket(visit: &Visit) -> impl IntoView + use<> {
    let href = visit.link("/basket");
    view! { <p class="shop-basket"><a class="btn" href=href>{icon("list")}{t::basket(visit.locale)}</a></p> }
}
