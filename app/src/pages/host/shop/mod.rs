//! A workshop's shop at its desk: pieces on the shelf, orders, the co-op's shelf.

pub mod edit;
pub mod one;
pub mod orders;
pub mod shelf;
pub mod slip;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use engine::ProductId;
use engine::shop::{self, Product, ProductPhoto, Publish, SetStock, Standing};
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame, see};
use super::photos::MAX_UPLOAD;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::shop as t;
use crate::ui::field::{ErrorSummary, Hidden};
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::shop as ui;

type At = Path<(String, String)>;

pub fn shop() -> Router<App> {
    let of = |sub: &str| format!("/{{locale}}/host/{{workshop}}{sub}");
    let uploads = Router::new()
        .route(&of("/shop/{product}/photos"), post(edit::add_photo))
        .layer(DefaultBodyLimit::max(MAX_UPLOAD));
    Router::new()
        .route(&of("/shop"), get(page).post(act))
        .route(&of("/shop/new"), get(edit::new).post(edit::create))
        .route(&of("/shop/shelf"), get(shelf::page).post(shelf::save))
        .route(&of("/shop/{product}"), get(edit::page).post(edit::save))
        .route(&of("/orders"), get(orders::page))
        .route(&of("/orders/packing"), get(slip::packing))
        .route(&of("/orders/{order}"), get(one::page).post(one::act))
        .route(&of("/orders/{order}/slip"), get(slip::page))
        .merge(uploads)
}

/// The pages about the shop, as their navigation lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Pieces,
    Orders,
    Shelf,
}

pub fn subnav(visit: &Visit, desk: &Desk, here: Section) -> impl IntoView + use<> {
    let locale = visit.locale;
    let items = [
        (Section::Pieces, "/shop", t::host_pieces(locale)),
        (Section::Orders, "/orders", t::host_orders(locale)),
        (Section::Shelf, "/shop/shelf", t::host_shelf(locale)),
    ]
    .into_iter()
    .filter(|(section, ..)| desk.owner || *section != Section::Shelf)
    .filter_map(|(section, sub, words)| {
        let href = at(visit, desk.workshop().ok()?, sub);
        let current = (section == here).then_some("page");
        Some(view! { <li><a href=href aria-current=current>{words}</a></li> })
    })
    .collect_view();
    view! { <nav class="subnav no-print" aria-label=t::host_title(locale)><ul>{items}</ul></nav> }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    answer(&app, &visit, desk, &Form::default(), Problems::default()).await
}

/// What is counted, shown or taken off from the list.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let page = at(&visit, desk.workshop()?, "/shop");
    // A form without a piece is none of ours: the list is shown as it is.
    let Ok(product) = form.text("product").parse::<ProductId>() else { return Ok(see(&page)) };
    let mut conn = app.store.read().await?;
    let ours = shop::product(&mut conn, product).await?;
    drop(conn);
    ours.filter(|found| found.workshop_id == desk.id()).ok_or(PageError::NotFound)?;
    let (actor, store) = (visit.actor.clone(), &app.store);
    let done = match form.text("act") {
        "stock" => {
            let set = SetStock { actor, product, stock: form.text("stock").to_owned() };
            store.write("set stock", set, |tx, c| Box::pin(shop::set_stock(tx, c))).await
        }
        act @ ("publish" | "unpublish") => {
            let set = Publish { actor, product, published: act == "publish" };
            store.write("publish piece", set, |tx, c| Box::pin(shop::publish(tx, c))).await
        }
        _ => return Err(PageError::NotFound),
    };
    match done {
        Ok(()) => Ok(see(&format!("{page}?done=1"))),
        Err(error) => {
            let wrong = ui::problems(visit.locale, error)?;
            answer(&app, &visit, desk, &form, wrong).await
        }
    }
}

async fn answer(
    app: &App,
    visit: &Visit,
    desk: Desk,
    form: &Form,
    wrong: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let mut conn = app.store.read().await?;
    let products =
        shop::of_workshop(&mut conn, &visit.actor, shop.id).await.map_err(ui::refused)?;
    let ids: Vec<ProductId> = products.iter().map(|product| product.id).collect();
    let photos = shop::photos_of(&mut conn, &ids).await?;
    drop(conn);
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (inner, form) = (visit.clone(), form.clone());
    Ok(Page::new(Head::host(t::host_title(locale))).status(status).render(visit, move || {
        let visit = &inner;
        let done = Form::of_query(&visit.query).has("done");
        let news = done.then(|| view! { <Notice tone=Tone::Good title=t::saved(locale)/> });
        let rows: Vec<_> = products
            .iter()
            .map(|product| {
                let photo = photos.iter().find(|photo| photo.product_id == product.id);
                row(visit, &desk, product, photo, &form, &wrong)
            })
            .collect();
        let none = rows.is_empty().then(|| view! { <p class="empty">{t::host_none(locale)}</p> });
        let add = desk.owner.then(|| {
            let href = at(visit, &shop, "/shop/new");
            view! { <p><a class="btn btn-primary" href=href>{icon("plus")}{t::host_new(locale)}</a></p> }
        });
        let public = visit.link(&format!("/workshops/{}/shop", shop.slug));
        let body = view! {
            <header class="host-head"><h1>{t::host_title(locale)}</h1></header>
            {subnav(visit, &desk, Section::Pieces)}
            {news}
            <ErrorSummary locale problems=wrong.clone()/>
            {add} {none}
            <ul class="entry-list shop-shelf">{rows}</ul>
            <p><a href=public>{t::host_public(locale)}</a></p>
        };
        frame(visit, Some(&shop), Tab::More, body)
    }))
}

fn row(
    visit: &Visit,
    desk: &Desk,
    product: &Product,
    photo: Option<&ProductPhoto>,
    form: &Form,
    wrong: &Problems,
) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let shop = desk.workshop().ok()?;
    let page = at(visit, shop, "/shop");
    let id = product.id.to_string();
    let mine = form.text("product") == id;
    let title = product.title.text(locale).to_owned();
    let (tone, words) = match product.standing() {
        Standing::Draft => ("terracotta", t::standing_draft(locale)),
        Standing::OnSale => ("celadon", t::standing_on_sale(locale)),
        Standing::SoldOut => ("lacquer", t::sold_out(locale)),
    };
    let open = if desk.owner {
        let href = format!("{page}/{id}");
        view! { <a href=href>{title.clone()}</a> }.into_any()
    } else {
        view! { {title.clone()} }.into_any()
    };
    let (act, go) = if product.published {
        ("unpublish", t::take_off(locale))
    } else {
        ("publish", t::show(locale))
    };
    let publish = desk.owner.then(|| {
        let label = format!("{go}: {title}");
        view! {
            <form method="post" action=page.clone()>
                <Hidden name="act" value=act/>
                <Hidden name="product" value=id.clone()/>
                <button class="btn btn-small" aria-label=label>{go}</button>
            </form>
        }
    });
    let field = format!("stock-{id}");
    let value = if mine && form.has("stock") {
        form.text("stock").to_owned()
    } else {
        product.stock.to_string()
    };
    let error = if mine { wrong.of("stock") } else { String::new() };
    let bad = !error.is_empty();
    let error =
        bad.then(|| view! { <p class="field-error" id="stock">{icon("warning")}{error}</p> });
    let taken = (product.taken > 0)
        .then(|| view! { <span class="soft small">{t::in_orders(locale, i64::from(product.taken))}</span> });
    let craft = ui::craft_of(&desk.catalogue, shop);
    let label = t::stock_of(locale, &title);
    Some(view! {
        <li class="entry shop-row">
            <div class="shop-thumb">{ui::picture(locale, product, photo, craft, (false, true))}</div>
            <div class="stack-s">
                <h2 class="entry-title">{open}</h2>
                <p>{product.price.display(locale)} " · " <span class="badge" data-tone=tone>{words}</span></p>
                {error}
                <div class="cluster">
                    <form class="cluster" method="post" action=page.clone() novalidate>
                        <Hidden name="act" value="stock"/>
                        <Hidden name="product" value=id.clone()/>
                        <label class="visually-hidden" for=field.clone()>{label}</label>
                        <input class="input input-short" id=field name="stock" inputmode="numeric"
                            value=value aria-invalid=bad.then_some("true")/>
                        <button class="btn btn-small">{t::counted(locale)}</button>
                    </form>
                    {publish} {taken}
                </div>
            </div>
        </li>
    })
}

/// The amount without its sign for money, as an editor begins with it.
fn money_typed(locale: engine::Locale, amount: engine::Dong) -> String {
    amount.display(locale).trim_end_matches(['\u{a0}', '₫']).to_owned()
}
