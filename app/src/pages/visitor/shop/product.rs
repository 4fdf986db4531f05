//! One piece: pictures, words, where it comes from, and what else there is.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::catalogue::search::{Search, search};
use engine::catalogue::{Catalogue, Workshop};
use engine::clock::local_date;
use engine::coop::{self, Coop};
use engine::provenance::{self, Record};
use engine::shop::{self, Product, ProductPhoto, Seller, Standing};
use leptos::prelude::*;
use serde_json::{Value, json};

use super::{FEW, to_basket};
use crate::assets;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::workshop::seller;
use crate::render::Page;
use crate::t::shop as t;
use crate::ui::card::TourCard;
use crate::ui::field::{Hidden, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::prose::{foreign, own, own_paragraphs, own_words};
use crate::ui::seo;
use crate::ui::shop as ui;

/// Tours of the workshop at the foot.
const TOURS: usize = 3;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let now = app.store.now();
    let mut conn = app.store.read().await?;
    let product = shop::product_by_slug(&mut conn, &slug).await?.ok_or(PageError::NotFound)?;
    // A draft is seen by its owners.
    let owner = visit.actor.must_own(product.workshop_id).is_ok();
    if !product.published && !owner {
        return Err(PageError::NotFound);
    }
    let maker = catalogue.workshop(product.workshop_id).ok_or(PageError::NotFound)?.clone();
    let photos = shop::photos_of(&mut conn, &[product.id]).await?;
    let others = shop::shown_of(&mut conn, maker.id, Some(product.id), FEW).await?;
    let ids: Vec<_> = others.iter().map(|other| other.id).collect();
    let their_photos = shop::photos_of(&mut conn, &ids).await?;
    let coop = match product.coop_id {
        Some(id) => coop::by_id(&mut conn, id).await?,
        None => None,
    };
    let record = match product.record_id {
        Some(id) => provenance::by_id(&mut conn, id).await?.filter(Record::is_live),
        None => None,
    };
    let village = catalogue.village(maker.village_id).ok_or(PageError::NotFound)?.clone();
    let there = Search { village: Some(village.slug.clone()), ..Search::default() };
    let hits = search(&mut conn, &catalogue, &there, now).await?;
    drop(conn);
    let tours: Vec<TourCard> = hits
        .iter()
        .filter_map(|hit| Some((hit, catalogue.tour(hit.tour)?)))
        .filter(|(_, tour)| tour.workshop_id == maker.id)
        .take(TOURS)
        .map(|(hit, tour)| {
            TourCard::new(&visit, &catalogue, tour, Some(hit), "", false, local_date(now))
        })
        .collect();
    let title = product.title.text(locale).to_owned();
    let shelf = format!("/workshops/{}/shop", maker.slug);
    let crumbs = [
        ("/shop".to_owned(), t::title(locale).to_owned()),
        (shelf.clone(), maker.name.clone()),
        (ui::path(&product), title.clone()),
    ];
    let steps: Vec<(String, String)> =
        crumbs.iter().take(2).map(|(path, name)| (visit.link(path), name.clone())).collect();
    let (sold_by, _) = ui::seller_of(&visit, &catalogue, product.seller(), coop.as_ref());
    let about = seo::description(product.about.text(locale));
    let mut head =
        Head::new(format!("{title}, {}", maker.name), about).structured(seo::graph(vec![
            structured(&visit, &catalogue, &product, &photos, &maker, &sold_by),
            seo::breadcrumbs(&visit, &crumbs),
            seo::organization(&visit),
        ]));
    if let Some(picture) = ui::shared(locale, &product, photos.first()) {
        head = head.picture(picture);
    }
    if !product.published {
        head = head.noindex();
    }
    let inner = visit.clone();
    Ok(Page::new(head).shared().render(&visit, move || {
        let visit = &inner;
        let craft = Some(village.craft);
        let pictures: Vec<_> = if photos.is_empty() {
            let one = ui::picture(locale, &product, None, craft, (true, false));
            vec![view! { <li>{one}</li> }]
        } else {
            let one = |(at, photo): (usize, &ProductPhoto)| {
                let one = ui::picture(locale, &product, Some(photo), craft, (true, at > 0));
                view! { <li>{one}</li> }
            };
            photos.iter().enumerate().map(one).collect()
        };
        let several = photos.len() > 1;
        let others: Vec<_> = others
            .iter()
            .map(|other| {
                let photo = their_photos.iter().find(|photo| photo.product_id == other.id);
                ui::card(visit, &catalogue, other, photo)
            })
            .collect();
        let more = (!others.is_empty()).then(|| {
            view! {
                <section class="section-tight" aria-labelledby="more-title">
                    <div class="section-head">
                        <h2 id="more-title">{t::more_of(locale, &maker.name)}</h2>
                        <a href=visit.link(&shelf)>{t::see_all(locale)}</a>
                    </div>
                    <ul class="grid shop-grid">{others}</ul>
                </section>
            }
        });
        let tours = (!tours.is_empty()).then(|| {
            let cards = tours.into_iter().map(|card| card.view(locale, false)).collect_view();
            view! {
                <section class="section-tight" aria-labelledby="tours-title">
                    <div class="section-head"><h2 id="tours-title">{t::make_yourself(locale)}</h2></div>
                    <ul class="grid">{cards}</ul>
                </section>
            }
        });
        view! {
            <div class="wrap">
                {breadcrumb(locale, steps)}
                {to_basket(visit)}
                <div class="split shop-piece">
                    <div class="stack-l">
                        <ul class="gallery" tabindex=several.then_some("0")
                            aria-label=several.then(|| crate::t::tour::photos(locale))>{pictures}</ul>
                        <header class="page-head">
                            <p class="kicker">
                                <a href=visit.link(&format!("/workshops/{}", maker.slug))>{maker.name.clone()}</a>
                                " · " {own(&village.name, locale)}
                            </p>
                            <h1 lang=foreign(&product.title, locale)>{title}</h1>
                            {own_words(locale, &[&product.about])}
                        </header>
                        <section class="prose" aria-labelledby="about-title">
                            <h2 id="about-title">{t::about(locale)}</h2>
                            {own_paragraphs(&product.about, locale)}
                        </section>
                        {origin(visit, record.as_ref())}
                    </div>
                    <aside class="split-aside stack">
                        {buy(visit, &product)}
                        {facts(visit, &catalogue, &product, &maker, coop.as_ref())}
                    </aside>
                </div>
                {more}
                {tours}
                <div class="section-tight"></div>
            </div>
        }
    }))
}

/// Price, what is left, and the basket.
fn buy(visit: &Visit, product: &Product) -> impl IntoView + use<> {
    let locale = visit.locale;
    let left = match product.standing() {
        Standing::OnSale if product.one_off => t::one_off_left(locale).to_owned(),
        Standing::OnSale => t::left(locale, i64::from(product.left())),
        Standing::SoldOut => t::sold_out_long(locale).to_owned(),
        Standing::Draft => t::draft_seen(locale).to_owned(),
    };
    let form = (product.standing() == Standing::OnSale).then(|| {
        let quantity = if product.one_off {
            view! { <Hidden name="quantity" value="1"/> }.into_any()
        } else {
            let most = product.left().min(99).to_string();
            view! {
                <TextField locale name="quantity" label=t::quantity(locale) kind="number" short=true
                    inputmode="numeric" min="1" max=most value="1"/>
            }
            .into_any()
        };
        view! {
            <form class="form" method="post" action=visit.link("/basket")>
                <Hidden name="act" value="add"/>
                <Hidden name="product" value=product.id.to_string()/>
                {quantity}
                <button class="btn btn-primary btn-large" type="submit">{t::add(locale)}</button>
            </form>
        }
    });
    view! {
        <section class="panel stack-s" aria-label=t::buy(locale)>
            <p class="price shop-price"><strong>{product.price.display(locale)}</strong></p>
            <p class="soft" id="shop-left">{left}</p>
            {form}
            <p class="small soft">{t::buy_terms(locale)}</p>
        </section>
    }
}

fn facts(
    visit: &Visit,
    catalogue: &Catalogue,
    product: &Product,
    maker: &Workshop,
    coop: Option<&Coop>,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let pair = |name: &'static str, value: AnyView| {
        view! { <div><dt>{name}</dt><dd>{value}</dd></div> }
    };
    let materials = (!product.materials.text(locale).is_empty())
        .then(|| pair(t::materials(locale), own(&product.materials, locale)));
    let size =
        (!product.size.is_empty()).then(|| pair(t::size(locale), product.size.clone().into_any()));
    let place = catalogue.workshop(product.place_id).filter(|place| place.id != maker.id);
    let place = place.map(|place| pair(t::stands_at(locale), place.name.clone().into_any()));
    // Who answers for the contract, as the law wants it said.
    let sold_by = match (product.seller(), coop) {
        (Seller::Coop(_), Some(coop)) => {
            let href = visit.link(&format!("/coops/{}/shop", coop.slug));
            let name = coop.name.clone();
            let contact = [coop.phone.clone(), coop.email.clone()];
            let contact: Vec<String> = contact.into_iter().filter(|it| !it.is_empty()).collect();
            view! {
                <div>
                    <dt>{crate::t::catalogue::seller(locale)}</dt>
                    <dd><a href=href>{name}</a> <br/> {contact.join(" · ")}</dd>
                </div>
                <div>
                    <dt>{t::maker(locale)}</dt>
                    <dd>{maker.name.clone()}</dd>
                </div>
            }
            .into_any()
        }
        _ => seller(locale, maker).into_any(),
    };
    view! {
        <section class="panel" aria-labelledby="facts-title">
            <h2 class="panel-title" id="facts-title">{t::facts(locale)}</h2>
            <dl class="pairs">
                {materials} {size}
                {pair(t::weight(locale), t::grams_of(locale, format::number(locale, i64::from(product.grams))).into_any())}
                {place}
                {sold_by}
            </dl>
        </section>
    }
}

/// The way to the lot's record.
fn origin(visit: &Visit, record: Option<&Record>) -> Option<impl IntoView + use<>> {
    let record = record?;
    let locale = visit.locale;
    let href = visit.link(&format!("/p/{}", record.code));
    Some(view! {
        <section class="panel stack-s" aria-labelledby="origin-title">
            <h2 class="panel-title" id="origin-title">{t::origin(locale)}</h2>
            <p>{t::origin_lead(locale)}</p>
            <p><a class="btn" href=href>{icon("qr")}{own(&record.title, locale)}</a></p>
        </section>
    })
}

/// Product and Offer, with the values that the page shows.
fn structured(
    visit: &Visit,
    catalogue: &Catalogue,
    product: &Product,
    photos: &[ProductPhoto],
    maker: &Workshop,
    sold_by: &str,
) -> Value {
    let locale = visit.locale;
    let url = visit.absolute(&ui::path(product));
    let mut images: Vec<String> = photos
        .iter()
        .map(|photo| format!("{}{}", visit.base_url, ui::photo_url(photo, photo.width)))
        .collect();
    if images.is_empty() {
        images.push(format!("{}{}", visit.base_url, assets::url("og.png")));
    }
    let availability = match product.standing() {
        Standing::OnSale => "https://schema.org/InStock",
        Standing::SoldOut | Standing::Draft => "https://schema.org/SoldOut",
    };
    let category = ui::craft_of(catalogue, maker).map(|craft| format::craft(locale, craft));
    json!({
        "@type": "Product",
        "@id": format!("{url}#product"),
        "url": url,
        "name": product.title.text(locale),
        "description": product.about.text(locale),
        "image": images,
        "sku": product.slug,
        "brand": { "@type": "Brand", "name": maker.name },
        "category": category,
        "material": product.materials.text(locale),
        "weight": { "@type": "QuantitativeValue", "value": product.grams, "unitCode": "GRM" },
        "offers": {
            "@type": "Offer",
            "url": url,
            "price": product.price.0.to_string(),
            "priceCurrency": "VND",
            "availability": availability,
            "itemCondition": "https://schema.org/NewCondition",
            "seller": { "@type": "Organization", "name": sold_by },
        },
    })
}
