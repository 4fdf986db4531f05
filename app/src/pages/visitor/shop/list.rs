//! What there is: of all workshops with filters, of one, of a village, of a co-op's shelf.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::catalogue::Craft;
use engine::shop::{Found, Search, Sort, search};
use engine::{Dong, Locale, coop};
use leptos::prelude::*;

use super::to_basket;
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t;
use crate::t::shop as ts;
use crate::ui::field::choices;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::picture::Picture;
use crate::ui::seo;
use crate::ui::shop as ui;

/// Limits offered, đồng.
const PRICES: [i64; 5] = [100_000, 300_000, 500_000, 1_000_000, 3_000_000];

type At = Path<(String, String)>;

/// What a page of the list is of.
struct Listed {
    title: String,
    lead: String,
    /// The page that it belongs to: address and name.
    above: Option<(String, String)>,
    /// Whether craft and village are asked.
    all: bool,
}

pub async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let form = Form::of_query(&visit.query);
    let asked = Search {
        craft: Craft::parse(form.text("craft")),
        village: catalogue.village_by_slug(form.text("village")).map(|village| village.id),
        ..Search::default()
    };
    let listed = Listed {
        title: ts::title(locale).to_owned(),
        lead: ts::lead(locale).to_owned(),
        above: None,
        all: true,
    };
    show(&app, &visit, asked, listed, &form).await
}

pub async fn of_workshop(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let house = catalogue.workshop_by_slug(&slug).ok_or(PageError::NotFound)?;
    let asked = Search { workshop: Some(house.id), ..Search::default() };
    let listed = Listed {
        title: ts::title_of(locale, &house.name),
        lead: ts::lead_of_house(locale, &house.name),
        above: Some((visit.link(&format!("/workshops/{slug}")), house.name.clone())),
        all: false,
    };
    show(&app, &visit, asked, listed, &Form::of_query(&visit.query)).await
}

pub async fn of_village(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let village = catalogue.village_by_slug(&slug).ok_or(PageError::NotFound)?;
    let name = village.name.text(locale).to_owned();
    let asked = Search { village: Some(village.id), ..Search::default() };
    let listed = Listed {
        title: ts::title_of(locale, &name),
        lead: ts::lead_of_village(locale, &name),
        above: Some((visit.link(&format!("/villages/{slug}")), name)),
        all: false,
    };
    show(&app, &visit, asked, listed, &Form::of_query(&visit.query)).await
}

pub async fn of_coop(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let mut conn = app.store.read().await?;
    let coop = coop::by_slug(&mut conn, &slug).await?.ok_or(PageError::NotFound)?;
    drop(conn);
    let asked = Search { coop: Some(coop.id), ..Search::default() };
    let listed = Listed {
        title: ts::title_of(locale, &coop.name),
        lead: ts::lead_of_coop(locale, &coop.name),
        above: Some((visit.link(&crate::ui::coop::path(&coop)), coop.name)),
        all: false,
    };
    show(&app, &visit, asked, listed, &Form::of_query(&visit.query)).await
}

async fn show(
    app: &App,
    visit: &Visit,
    asked: Search,
    listed: Listed,
    form: &Form,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let number = form.text("page").parse::<u32>().unwrap_or(1).clamp(1, 1000);
    let asked = Search {
        q: form.text("q").chars().take(100).collect(),
        price_max: form.text("price_max").parse().ok().map(Dong),
        sort: Sort::parse(form.text("sort")),
        page: number - 1,
        ..asked
    };
    let mut conn = app.store.read().await?;
    let found = search(&mut conn, &catalogue, &asked).await?;
    drop(conn);
    let mut head = Head::new(listed.title.clone(), seo::description(&listed.lead));
    if !visit.query.is_empty() {
        head = head.noindex();
    }
    let inner = visit.clone();
    let form = form.clone();
    let crafts: Vec<(String, String)> = Craft::ALL
        .iter()
        .filter(|craft| catalogue.villages.iter().any(|village| village.craft == **craft))
        .map(|craft| (craft.word().to_owned(), format::craft(locale, *craft).to_owned()))
        .collect();
    let villages: Vec<(String, String)> = catalogue
        .villages
        .iter()
        .map(|village| (village.slug.clone(), village.name.text(locale).to_owned()))
        .collect();
    Ok(Page::new(head).shared().render(visit, move || {
        let visit = &inner;
        let steps = listed.above.map(|above| {
            let shop = (visit.link("/shop"), ts::title(locale).to_owned());
            breadcrumb(locale, vec![shop, above])
        });
        let choice = |name: &'static str, label: &'static str, any: &'static str, all: Vec<(String, String)>| {
            let options = choices(all, form.text(name));
            view! {
                <div class="filter-group field">
                    <label for=name>{label}</label>
                    <select class="input" id=name name=name>
                        <option value="">{any}</option>
                        {options}
                    </select>
                </div>
            }
        };
        let prices =
            PRICES.iter().map(|price| (price.to_string(), Dong(*price).display(locale))).collect();
        let sorts = Sort::ALL
            .iter()
            .map(|sort| (sort.word().to_owned(), sort_name(locale, *sort).to_owned()))
            .collect();
        let places = listed.all.then(|| {
            view! {
                {choice("craft", t::search::craft(locale), t::search::any_craft(locale), crafts)}
                {choice("village", t::search::village(locale), t::search::any_village(locale), villages)}
            }
        });
        let results = if found.products.is_empty() {
            view! {
                <div class="empty">
                    <div class="empty-art">{Picture::illustration("rattan-1").view(true)}</div>
                    <h3>{ts::none(locale)}</h3>
                    <p><a href=visit.link("/shop")>{ts::see_all(locale)}</a></p>
                </div>
            }
            .into_any()
        } else {
            ui::cards(visit, &catalogue, &found).into_any()
        };
        view! {
            <div class="wrap">
                {steps}
                <header class="page-head stack-s">
                    <h1>{listed.title}</h1>
                    <p class="lead">{listed.lead}</p>
                </header>
                {to_basket(visit)}
                <form class="shop-filters" method="get" role="search" aria-label=ts::title(locale)>
                    <div class="field shop-words">
                        <label for="q">{ts::search_words(locale)}</label>
                        <input class="input" id="q" name="q" type="search" maxlength="100"
                            autocomplete="off" value=form.text("q").to_owned()/>
                    </div>
                    {places}
                    {choice("price_max", ts::price_max(locale), t::search::no_limit(locale), prices)}
                    {choice("sort", t::search::sort(locale), ts::sort_usual(locale), sorts)}
                    <button class="btn btn-primary" type="submit">{icon("search")}{ts::search(locale)}</button>
                </form>
                <section class="section-tight stack" aria-labelledby="found">
                    <h2 class="results-count" id="found">{ts::count(locale, found.all)}</h2>
                    {results}
                    {pages(visit, &form, &found, number)}
                </section>
            </div>
        }
    }))
}

fn sort_name(locale: Locale, sort: Sort) -> &'static str {
    match sort {
        Sort::Newest => ts::sort_newest(locale),
        Sort::Cheapest => ts::sort_cheapest(locale),
        Sort::Dearest => ts::sort_dearest(locale),
    }
}

/// The pages before and after this one.
fn pages(visit: &Visit, form: &Form, found: &Found, number: u32) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let to = |page: u32| {
        let mut query: Vec<(&str, String)> = form
            .pairs()
            .filter(|(name, value)| *name != "page" && !value.is_empty())
            .map(|(name, value)| (name, value.to_owned()))
            .collect();
        query.push(("page", page.to_string()));
        let query = serde_html_form::to_string(query).unwrap_or_default();
        format!("{}?{query}", visit.link(&visit.path))
    };
    let before = (number > 1).then(|| {
        view! { <a class="btn" href=to(number - 1)>{icon("chevron-left")}{ts::before(locale)}</a> }
    });
    let after = (number < found.pages).then(|| {
        view! { <a class="btn" href=to(number + 1)>{ts::after(locale)}{icon("chevron-right")}</a> }
    });
    (found.pages > 1).then(|| {
        view! { <nav class="cluster" aria-label=ts::pages(locale)>{before} {after}</nav> }
    })
}
