//! The basket, by seller; each seller's part is an order of its own.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use engine::booking::query;
use engine::coop::{self, Coop};
use engine::shop::{self, BasketLine, Put, Seller, ShopError, lines_of};
use engine::{Dong, ProductId};
use leptos::prelude::*;

use super::{basket_of, keeping, secret_of};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::booking::{private, see};
use crate::render::Page;
use crate::t::shop as t;
use crate::ui::field::{ErrorSummary, Hidden};
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::shop as ui;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    jar: CookieJar,
) -> Result<Response, PageError> {
    answer(&app, &visit, &jar, Problems::default()).await
}

pub async fn act(
    State(app): State<App>,
    visit: Visit,
    jar: CookieJar,
    form: Form,
) -> Result<Response, PageError> {
    let product: ProductId = form.text("product").parse().map_err(|_| PageError::NotFound)?;
    let (quantity, more) = match form.text("act") {
        "add" => (form.text("quantity").trim().parse().unwrap_or(1).max(1), true),
        "set" => (form.text("quantity").trim().parse().unwrap_or(1), false),
        "remove" => (0, false),
        _ => return Err(PageError::NotFound),
    };
    let put = Put { secret: secret_of(&app, &jar), product, quantity, more };
    match app.store.write("basket", put, |tx, c| Box::pin(shop::put(tx, c))).await {
        Ok(basket) => {
            let next = see(&visit.link("/basket"));
            Ok(keeping(&app, jar, &basket, next))
        }
        Err(ShopError::Unknown) => Err(PageError::NotFound),
        Err(error) => {
            let wrong = ui::problems(visit.locale, error)?;
            answer(&app, &visit, &jar, wrong).await
        }
    }
}

/// From a booking's page: what is ordered now may be collected at the visit.
pub async fn from_booking(
    State(app): State<App>,
    visit: Visit,
    jar: CookieJar,
    Path((_, code, secret)): Path<(String, String, String)>,
) -> Result<Response, PageError> {
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let booking = query::by_secret(&mut conn, &code, &secret).await?.ok_or(PageError::NotFound)?;
    drop(conn);
    let house = catalogue.workshop(booking.workshop_id).ok_or(PageError::NotFound)?;
    let command = (secret_of(&app, &jar), booking.id);
    let basket = app
        .store
        .write("basket", command, |tx, c| Box::pin(shop::with_booking(tx, c)))
        .await
        .map_err(ui::refused)?;
    let next = see(&visit.link(&format!("/workshops/{}/shop", house.slug)));
    Ok(keeping(&app, jar, &basket, next))
}

/// What lies in the basket of one seller.
struct Group {
    seller: Seller,
    coop: Option<Coop>,
    lines: Vec<BasketLine>,
}

async fn answer(
    app: &App,
    visit: &Visit,
    jar: &CookieJar,
    wrong: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let basket = basket_of(app, jar).await?;
    let mut groups: Vec<Group> = Vec::new();
    if let Some(basket) = basket {
        let mut conn = app.store.read().await?;
        for line in lines_of(&mut conn, basket.id).await? {
            let seller = line.product.seller();
            if let Some(group) = groups.iter_mut().find(|group| group.seller == seller) {
                group.lines.push(line);
            } else {
                let coop = match seller {
                    Seller::Coop(id) => coop::by_id(&mut conn, id).await?,
                    Seller::Workshop(_) => None,
                };
                groups.push(Group { seller, coop, lines: vec![line] });
            }
        }
    }
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    let page = Page::new(Head::private(t::basket(locale))).status(status);
    Ok(private(page.render(visit, move || {
        let visit = &inner;
        let empty =
            groups.is_empty().then(|| view! { <p class="empty">{t::basket_empty(locale)}</p> });
        let several =
            (groups.len() > 1).then(|| view! { <p class="soft">{t::several_sellers(locale)}</p> });
        let groups: Vec<_> = groups
            .iter()
            .map(|group| {
                let (name, href) =
                    ui::seller_of(visit, &catalogue, group.seller, group.coop.as_ref());
                let id = format!("seller-{}", group.seller);
                let rows: Vec<_> = group.lines.iter().map(|line| row(visit, line)).collect();
                let sum: Dong = group.lines.iter().map(sum_of).sum();
                let short = group.lines.iter().any(|line| line.product.left() < line.quantity);
                let order = visit.link(&format!("/basket/{}", group.seller));
                let go = if short {
                    view! { <p class="soft">{t::too_few(locale)}</p> }.into_any()
                } else {
                    view! { <a class="btn btn-primary" href=order>{t::order(locale)}</a> }
                        .into_any()
                };
                view! {
                    <section class="panel stack" aria-labelledby=id.clone()>
                        <h2 class="panel-title" id=id.clone()><a href=href>{name}</a></h2>
                        <ul class="stack shop-basket-lines">{rows}</ul>
                        <p>{t::sum(locale, sum.display(locale))}</p>
                        <div>{go}</div>
                    </section>
                }
            })
            .collect();
        view! {
            <div class="wrap-narrow stack-l section-tight">
                <header class="page-head"><h1>{t::basket(locale)}</h1></header>
                <ErrorSummary locale problems=wrong.clone()/>
                {empty} {several}
                {groups}
                <p><a href=visit.link("/shop")>{t::go_on(locale)}</a></p>
            </div>
        }
    })))
}

fn sum_of(line: &BasketLine) -> Dong {
    Dong(line.product.price.0.saturating_mul(i64::from(line.quantity)))
}

fn row(visit: &Visit, line: &BasketLine) -> impl IntoView + use<> {
    let locale = visit.locale;
    let product = &line.product;
    let title = product.title.text(locale).to_owned();
    let id = format!("quantity-{}", product.id);
    let label = t::quantity_of(locale, &title);
    let page = visit.link("/basket");
    let change = (!product.one_off).then(|| {
        view! {
            <form class="cluster" method="post" action=page.clone()>
                <Hidden name="act" value="set"/>
                <Hidden name="product" value=product.id.to_string()/>
                <label class="visually-hidden" for=id.clone()>{label}</label>
                <input class="input input-short" id=id.clone() name="quantity" type="number" min="1"
                    max=product.left().clamp(1, 99).to_string() inputmode="numeric"
                    value=line.quantity.to_string()/>
                <button class="btn btn-small">{t::change(locale)}</button>
            </form>
        }
    });
    let few = (product.left() < line.quantity).then(|| {
        view! { <p class="field-error">{icon("warning")}{t::wrong_left(locale, i64::from(product.left()))}</p> }
    });
    let remove = t::remove_of(locale, &title);
    view! {
        <li class="stack-s">
            <p><a href=visit.link(&ui::path(product))>{title.clone()}</a> " · " {sum_of(line).display(locale)}</p>
            {few}
            <div class="cluster">
                {change}
                <form method="post" action=page>
                    <Hidden name="act" value="remove"/>
                    <Hidden name="product" value=product.id.to_string()/>
                    <button class="btn btn-small btn-quiet" aria-label=remove>{icon("trash")}{t::remove(locale)}</button>
                </form>
            </div>
        </li>
    }
}
