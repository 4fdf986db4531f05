//! Search: filters, live places and the price of the party.

use axum::extract::State;
use axum::response::Response;
use chrono::NaiveDate;
use engine::catalogue::search::{Sort, search};
use engine::catalogue::{Catalogue, Craft, Spoken};
use engine::clock::local_date;
use engine::credential::Stars;
use engine::review::ratings;
use engine::{Dong, Locale, TourId};
use leptos::prelude::*;

use super::search_form::{SearchForm, search_fields};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t;
use crate::ui::card::TourCard;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::picture::Picture;
use crate::ui::{field, format};

/// Limits offered for the price of an adult, đồng.
const PRICES: [i64; 5] = [100_000, 200_000, 300_000, 500_000, 1_000_000];
/// Limits offered for the duration, minutes.
const DURATIONS: [i32; 4] = [60, 90, 120, 240];

pub async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    let locale = visit.locale;
    let form = SearchForm::parse(&visit.query);
    let catalogue = app.catalogue().await?;
    let now = app.store.now();
    let today = local_date(now);
    let mut conn = app.store.read().await?;
    let hits = search(&mut conn, &catalogue, &form.search(), now).await?;
    let found: Vec<TourId> = hits.iter().map(|hit| hit.tour).collect();
    let ratings = ratings(&mut conn, &found).await?;
    drop(conn);
    let query = party_query(&form);
    let one_day = form.dates().filter(|(from, to)| from == to).map(|(day, _)| day);
    let cards: Vec<TourCard> = hits
        .iter()
        .filter_map(|hit| Some((hit, catalogue.tour(hit.tour)?)))
        .map(|(hit, tour)| {
            TourCard::new(&visit, &catalogue, tour, Some(hit), &query, one_day.is_some(), today)
                .rated(ratings.get(&tour.id))
        })
        .collect();
    let count = heading(locale, &form, cards.len(), one_day);
    let filters = filters(&visit, &catalogue, &form, today);
    let chips = active_filters(&visit, &catalogue, &form);
    let mut head = Head::new(t::search::title(locale), t::search::description(locale));
    if !visit.query.is_empty() {
        head = head.noindex();
    }
    let here = visit.clone();
    Ok(Page::new(head).shared().render(&visit, move || {
        let results = if cards.is_empty() {
            empty(&here, &form).into_any()
        } else {
            let cards = cards.into_iter().map(|card| card.view(locale, true)).collect_view();
            view! { <ul class="results-list">{cards}</ul> }.into_any()
        };
        view! {
            <form class="wrap" action=here.link("/tours") method="get" role="search">
                <div class="page-head stack">
                    <h1>{t::search::title(locale)}</h1>
                    <div class="search-bar">
                        {search_fields(&here, &form, today)}
                        <button class="btn btn-primary" type="submit">
                            {icon("search")}
                            {t::search::submit(locale)}
                        </button>
                    </div>
                </div>
                <div class="results">
                    {filters}
                    <section aria-labelledby="found" class="stack">
                        <h2 class="results-count" id="found">{count}</h2>
                        {chips}
                        {results}
                    </section>
                </div>
                <div class="section-tight"></div>
            </form>
        }
    }))
}

/// What the tour's page should know of the search.
fn party_query(form: &SearchForm) -> String {
    let carried = SearchForm {
        adults: form.adults.clone(),
        children: form.children.clone(),
        date: form.date.clone(),
        ..SearchForm::default()
    };
    carried.query()
}

fn heading(locale: Locale, form: &SearchForm, count: usize, day: Option<NaiveDate>) -> String {
    let count = i64::try_from(count).unwrap_or(0);
    match (day, form.party()) {
        (Some(day), Some(party)) => {
            let whole = |n: u32| i32::try_from(n).unwrap_or(0);
            let party = format::party(locale, whole(party.adults), whole(party.children));
            t::search::count_on(locale, format::day(locale, day), count, party)
        }
        _ => t::search::count(locale, count),
    }
}

fn filters(
    visit: &Visit,
    catalogue: &Catalogue,
    form: &SearchForm,
    _today: NaiveDate,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let active = narrowing(form).len();
    let narrowed = active > 0;
    let badge = narrowed
        .then(|| view! { " " <span class="badge" data-tone="indigo">{active.to_string()}</span> });
    let crafts = Craft::ALL
        .iter()
        .filter(|craft| catalogue.villages.iter().any(|village| village.craft == **craft))
        .map(|craft| (craft.word().to_owned(), format::craft(locale, *craft).to_owned()))
        .collect();
    let villages = catalogue
        .villages
        .iter()
        .map(|village| (village.slug.clone(), village.name.text(locale).to_owned()))
        .collect();
    let prices =
        PRICES.iter().map(|price| (price.to_string(), Dong(*price).display(locale))).collect();
    let durations = DURATIONS
        .iter()
        .map(|minutes| (minutes.to_string(), format::duration(locale, *minutes)))
        .collect();
    let languages = Spoken::ALL
        .iter()
        .map(|spoken| (spoken.word().to_owned(), format::sentence(format::spoken(locale, *spoken))))
        .collect();
    let sorts = Sort::ALL
        .iter()
        .map(|sort| (sort.word().to_owned(), sort_name(locale, *sort).to_owned()))
        .collect();
    let stars = Stars::ALL
        .iter()
        .map(|stars| {
            let count = stars.count();
            (count.to_string(), t::credential::n_stars(locale, i64::from(count)))
        })
        .collect();
    let any = t::search::any(locale);
    view! {
        <details class="filters" open=narrowed>
            <summary class="btn">{icon("filter")}{t::search::more(locale)}{badge}</summary>
            <div class="filters-body">
                {select("craft", t::search::craft(locale), Some(t::search::any_craft(locale)), crafts, &form.craft)}
                {select("village", t::search::village(locale), Some(t::search::any_village(locale)), villages, &form.village)}
                {select("price_max", t::search::price_max(locale), Some(t::search::no_limit(locale)), prices, &form.price_max)}
                {select("duration_max", t::search::duration(locale), Some(any), durations, &form.duration_max)}
                {select("language", t::search::language(locale), Some(any), languages, &form.language)}
                <fieldset class="filter-group">
                    <legend>{t::search::suits(locale)}</legend>
                    {check("for_children", t::search::for_children(locale), &form.for_children)}
                    {check("rain_proof", t::search::rain_proof(locale), &form.rain_proof)}
                </fieldset>
                {select("ocop", t::credential::ocop_least(locale), Some(any), stars, &form.ocop)}
                <fieldset class="filter-group">
                    <legend>{t::credential::filter_credentials(locale)}</legend>
                    {check("artisan", t::credential::artisan(locale), &form.artisan)}
                    {check("trademark", t::credential::trademark(locale), &form.trademark)}
                    {check("environment", t::credential::environment(locale), &form.environment)}
                </fieldset>
                {select("sort", t::search::sort(locale), None, sorts, &form.sort)}
                <button class="btn btn-primary btn-wide" type="submit">
                    {t::search::apply(locale)}
                </button>
            </div>
        </details>
    }
}

fn sort_name(locale: Locale, sort: Sort) -> &'static str {
    match sort {
        Sort::Recommended => t::search::sort_recommended(locale),
        Sort::Soonest => t::search::sort_soonest(locale),
        Sort::Price => t::search::sort_price(locale),
        Sort::Duration => t::search::sort_duration(locale),
    }
}

fn select(
    name: &'static str,
    label: &'static str,
    all: Option<&'static str>,
    choices: Vec<(String, String)>,
    chosen: &str,
) -> impl IntoView + use<> {
    let all = all.map(|words| view! { <option value="">{words}</option> });
    let options = field::choices(choices, chosen);
    view! {
        <div class="filter-group field">
            <label for=name>{label}</label>
            <select class="input" id=name name=name>{all}{options}</select>
        </div>
    }
}

fn check(name: &'static str, label: &'static str, value: &str) -> impl IntoView + use<> {
    view! {
        <label class="check">
            <input type="checkbox" name=name value="1" checked=value == "1"/>
            <span>{label}</span>
        </label>
    }
}

/// Fields of the form that narrow the search, without date and party.
fn narrowing(form: &SearchForm) -> Vec<&'static str> {
    [
        ("craft", &form.craft),
        ("village", &form.village),
        ("price_max", &form.price_max),
        ("duration_max", &form.duration_max),
        ("language", &form.language),
        ("for_children", &form.for_children),
        ("rain_proof", &form.rain_proof),
        ("ocop", &form.ocop),
        ("artisan", &form.artisan),
        ("trademark", &form.trademark),
        ("environment", &form.environment),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(name, _)| name)
    .collect()
}

/// The filters that are set, each a link that takes it away.
fn active_filters(visit: &Visit, catalogue: &Catalogue, form: &SearchForm) -> Option<AnyView> {
    let locale = visit.locale;
    let chips: Vec<_> = narrowing(form)
        .into_iter()
        .filter_map(|name| {
            let mut without = form.clone();
            let words = match name {
                "craft" => {
                    let craft = Craft::parse(&std::mem::take(&mut without.craft))?;
                    format::craft(locale, craft).to_owned()
                }
                "village" => {
                    let slug = std::mem::take(&mut without.village);
                    catalogue.village_by_slug(&slug)?.name.text(locale).to_owned()
                }
                "price_max" => {
                    let price = std::mem::take(&mut without.price_max).parse().ok()?;
                    t::search::up_to(locale, Dong(price).display(locale))
                }
                "duration_max" => {
                    let minutes = std::mem::take(&mut without.duration_max).parse().ok()?;
                    t::search::up_to(locale, format::duration(locale, minutes))
                }
                "language" => {
                    let spoken = Spoken::parse(&std::mem::take(&mut without.language))?;
                    format::sentence(format::spoken(locale, spoken))
                }
                "for_children" => {
                    without.for_children.clear();
                    t::search::for_children(locale).to_owned()
                }
                "ocop" => {
                    let stars: Stars = std::mem::take(&mut without.ocop).parse().ok()?;
                    let words = t::credential::n_stars(locale, i64::from(stars.count()));
                    format!("{}: {words}", t::credential::ocop_least(locale))
                }
                "artisan" => {
                    without.artisan.clear();
                    t::credential::artisan(locale).to_owned()
                }
                "trademark" => {
                    without.trademark.clear();
                    t::credential::trademark(locale).to_owned()
                }
                "environment" => {
                    without.environment.clear();
                    t::credential::environment(locale).to_owned()
                }
                _ => {
                    without.rain_proof.clear();
                    t::search::rain_proof(locale).to_owned()
                }
            };
            let href = format!("{}?{}", visit.link("/tours"), without.query());
            let label = t::search::remove(locale, &words);
            Some(view! {
                <li><a class="chip" href=href aria-label=label>{words} " " {icon("close")}</a></li>
            })
        })
        .collect();
    if chips.is_empty() {
        return None;
    }
    let label = t::search::active(locale);
    Some(view! { <ul class="chips" aria-label=label>{chips}</ul> }.into_any())
}

fn empty(visit: &Visit, form: &SearchForm) -> impl IntoView + use<> {
    let locale = visit.locale;
    let link = |form: &SearchForm| format!("{}?{}", visit.link("/tours"), form.query());
    let any_day = form.dates().map(|_| {
        let mut form = form.clone();
        for field in [&mut form.date, &mut form.from, &mut form.to] {
            field.clear();
        }
        view! { <a class="btn btn-primary" href=link(&form)>{t::search::empty_any_day(locale)}</a> }
    });
    let fewer = SearchForm {
        date: form.date.clone(),
        adults: form.adults.clone(),
        children: form.children.clone(),
        ..SearchForm::default()
    };
    view! {
        <div class="empty">
            <div class="empty-art">{Picture::illustration("dragonfly-1").view(true)}</div>
            <h3>{t::search::empty(locale)}</h3>
            <p>{t::search::empty_text(locale)}</p>
            <div class="actions">
                {any_day} <a class="btn" href=link(&fewer)>{t::search::clear(locale)}</a>
            </div>
        </div>
    }
}
