//! The page of a tour: everything to decide by, and the slot picker.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::catalogue::search::{Search, search};
use engine::catalogue::{Catalogue, Point, Sharing, Tour, Weather, Workshop};
use engine::clock::local_date;
use engine::credential::Holder;
use engine::review::Scope;
use engine::{Locale, Localized};
use leptos::prelude::*;

use super::picker::{Choice, Picker};
use super::reviews;
use super::runs::Runs;
use super::workshop::{open_in_maps, seller};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t;
use crate::ui::card::TourCard;
use crate::ui::coop::member_row;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::map::point_map;
use crate::ui::money::paid_beforehand;
use crate::ui::notice::{Notice, Tone};
use crate::ui::picture::Picture;
use crate::ui::price;
use crate::ui::prose::{self, foreign, foreign_list, own, own_paragraphs, own_words};
use crate::ui::{credential, format, green, partner as ui_partner, review as ui_review, seo};

/// Other tours shown at the foot.
const MORE: usize = 3;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let catalogue = app.catalogue().await?;
    let tour = catalogue.tour_by_slug(&slug).ok_or(PageError::NotFound)?.clone();
    let owner = visit.actor.must_own(tour.workshop_id).is_ok();
    let asked = Form::of_query(&visit.query).has("preview");
    let seen = match (tour.published, owner) {
        (true, true) if asked => Seen::Live,
        (true, _) => Seen::ByGuests,
        (false, true) => Seen::Draft,
        (false, false) => return Err(PageError::NotFound),
    };
    show(&app, &visit, &catalogue, tour, seen).await
}

/// How the page is seen: an owner is told what guests don't see of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    ByGuests,
    /// An owner looks at what guests see.
    Live,
    /// Guests don't find it.
    Draft,
    /// With changes that are not saved yet.
    Unsaved,
}

/// The page of a tour, which may differ from the one in the catalogue.
pub async fn show(
    app: &App,
    visit: &Visit,
    catalogue: &Catalogue,
    tour: Tour,
    seen: Seen,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let (_, workshop, village) = catalogue.place(tour.id).ok_or(PageError::NotFound)?;
    let (workshop, village) = (workshop.clone(), village.clone());
    let now = app.store.now();
    let choice = Choice::parse(&visit.query);
    let mut conn = app.store.read().await?;
    let hold = app.settings.hold_minutes;
    let runs = Runs::load(&mut conn, &tour, now).await?;
    let picker = if runs.is_none() {
        Picker::load(&mut conn, catalogue, &tour, &choice, now, hold).await?
    } else {
        None
    };
    let near = Search { village: Some(village.slug.clone()), ..Search::default() };
    let hits = search(&mut conn, catalogue, &near, now).await?;
    let coop = engine::coop::of_workshop(&mut conn, workshop.id).await?;
    let passes = engine::pass::on_sale(&mut conn, catalogue).await?;
    let gift = super::gift::offer(&mut conn, visit, catalogue, workshop.id).await?;
    let scope = Scope::Tour(tour.id);
    let said = reviews::load(&mut conn, scope).await?;
    let told = engine::green::of_tour(&mut conn, workshop.id, tour.id, local_date(now)).await?;
    let designs = engine::partner::designs_of_tour(&mut conn, tour.id).await?;
    drop(conn);
    let designs = ui_partner::designs(visit, t::partner::designs_used(locale), &designs);
    let passes = engine::pass::through(passes, tour.id);
    let (part_of, says) = (t::pass::part_of(locale), t::pass::part_of_text(locale));
    let passes = super::pass::panel(visit, &passes, part_of, says);
    let (same, other): (Vec<_>, Vec<_>) = hits
        .iter()
        .filter(|hit| hit.tour != tour.id)
        .filter_map(|hit| Some((hit, catalogue.tour(hit.tour)?)))
        .partition(|(_, other)| other.workshop_id == tour.workshop_id);
    let more: Vec<TourCard> = same
        .into_iter()
        .chain(other)
        .take(MORE)
        .map(|(hit, tour)| {
            TourCard::new(visit, catalogue, tour, Some(hit), "", false, local_date(now))
        })
        .collect();
    let village_name = village.name.text(locale).to_owned();
    let title = tour.title.text(locale).to_owned();
    let crumbs = [
        ("/villages".to_owned(), t::site::villages(locale).to_owned()),
        (format!("/villages/{}", village.slug), village_name.clone()),
        (format!("/workshops/{}", workshop.slug), workshop.name.clone()),
        (format!("/tours/{}", tour.slug), title.clone()),
    ];
    let steps: Vec<(String, String)> =
        crumbs[..3].iter().map(|(path, name)| (visit.link(path), name.clone())).collect();
    let available = picker.as_ref().is_some_and(Picker::available)
        || runs.as_ref().is_some_and(|runs| runs.available(now));
    let tours: Vec<&Tour> = catalogue.tours_of(workshop.id).collect();
    let (register, today) = (&catalogue.credentials, local_date(now));
    let own = register.shown(&Holder::Tour(tour.id), today);
    let house = register.shown(&Holder::Workshop(workshop.id), today);
    let shown = register.shown_at(workshop.id, tour.id, today);
    let mut node = seo::tour(visit, &tour, &workshop, &village, available);
    ui_review::structured(&mut node, locale, &said.rating, &said.first);
    let path = format!("/tours/{}", tour.slug);
    let said = reviews::section(visit, catalogue, (scope, &path), &workshop.name, &said);
    let mut head =
        Head::new(format!("{title}, {village_name}"), seo::description(tour.summary.text(locale)))
            .structured(seo::graph(vec![
                credential::certified(node, locale, &own),
                credential::certified(
                    seo::workshop(visit, &workshop, &village, &tours, coop.as_ref()),
                    locale,
                    &house,
                ),
                seo::breadcrumbs(visit, &crumbs),
                seo::organization(visit),
            ]));
    if let Some(photo) = tour.photos.first() {
        head = head.picture(Picture::shared(photo, &title, locale));
    }
    if seen != Seen::ByGuests {
        head = head.noindex();
    }
    let banner = banner(visit, &tour, &workshop, seen);
    let mut pictures: Vec<Picture> =
        tour.photos.iter().map(|photo| Picture::photo(photo, &title, locale)).collect();
    if pictures.is_empty() {
        pictures.push(Picture::illustration(&tour.illustration));
    }
    let picker = picker.map(|picker| picker.view(visit));
    let choose =
        if runs.is_some() { t::course::see_runs(locale) } else { t::tour::choose_short(locale) };
    let runs = runs.map(|runs| runs.view(visit, &tour, now));
    let village_link = visit.link(&crumbs[1].0);
    let craft = prose::own(&village.craft_name, locale);
    let price =
        tour.price_from().map(|price| format::price_from(locale, price)).unwrap_or_default();
    let member = member_row(visit, coop.as_ref());
    Ok(Page::new(head).shared().render(visit, move || {
        let more = (!more.is_empty()).then(|| {
            let cards = more.into_iter().map(|card| card.view(locale, false)).collect_view();
            view! {
                <section class="section" aria-labelledby="more-title">
                    <div class="section-head">
                        <h2 id="more-title">{t::tour::more(locale)}</h2>
                    </div>
                    <ul class="grid">{cards}</ul>
                </section>
            }
        });
        view! {
            <div class="wrap">
                {banner} {breadcrumb(locale, steps)} {gallery(locale, &pictures)}
                <header class="page-head">
                    <p class="kicker"><a href=village_link>{village_name}</a> " · " {craft}</p>
                    <h1 lang=foreign(&tour.title, locale)>{title}</h1>
                    <p class="lead" lang=foreign(&tour.summary, locale)>
                        {tour.summary.text(locale).to_owned()}
                    </p>
                    {untranslated(locale, &tour)}
                    {credential::badges(locale, &shown)}
                </header>
                <div class="split">
                    <div class="stack-l">
                        {facts(locale, &tour)} {story(locale, &tour)}
                        {price::rules(locale, &tour, engine::clock::local_date(now))} {extras_of(locale, &tour)}
                        {meeting_point(locale, &tour, &workshop)} {policy(locale, &tour)}
                        {passes}
                        {designs}
                        {credential::panel(locale, &shown)}
                        {green::panel(locale, &told, true)}
                        {said}
                        <section aria-labelledby="seller-title" class="stack">
                            <h2 id="seller-title">{t::tour::seller(locale)}</h2>
                            <dl class="pairs">{member} {seller(locale, &workshop)}</dl>
                            {gift}
                        </section>
                    </div>
                    {picker} {runs}
                </div>
                {more}
                <div class="book-bar book-bar-phone no-print">
                    <p class="price"><strong>{price}</strong></p>
                    <a class="btn btn-primary" href="#book">{choose}</a>
                </div>
            </div>
        }
    }))
}

/// What an owner is told above the page.
fn banner(
    visit: &Visit,
    tour: &Tour,
    workshop: &Workshop,
    seen: Seen,
) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let words = match seen {
        Seen::ByGuests => return None,
        Seen::Live => t::tour::seen_live(locale),
        Seen::Draft => t::tour::seen_draft(locale),
        Seen::Unsaved => t::tour::seen_unsaved(locale),
    };
    let edit = visit.link(&format!("/host/{}/tours/{}", workshop.slug, tour.slug));
    // The form with the changes is in the window from which this one was opened.
    let edit = (seen != Seen::Unsaved)
        .then(|| view! { <p><a href=edit>{t::tour::seen_edit(locale)}</a></p> });
    Some(view! {
        <div class="preview-bar no-print"><Notice tone=Tone::Info title=words>{edit}</Notice></div>
    })
}

/// Said to guests who read a text in a language that is not theirs.
fn untranslated(locale: Locale, tour: &Tour) -> AnyView {
    let own = [&tour.summary, &tour.description];
    if !locale.is_written() {
        return own_words(locale, &own).into_any();
    }
    let missing = own.into_iter().any(|text| !text.is_translated(locale));
    missing.then(|| view! { <p class="small soft">{t::tour::untranslated(locale)}</p> }).into_any()
}

/// The photographs; one alone needs no scrolling.
pub(super) fn gallery(locale: Locale, pictures: &[Picture]) -> impl IntoView + use<> {
    let several = pictures.len() > 1;
    let items = pictures
        .iter()
        .enumerate()
        .map(|(at, picture)| view! { <li>{picture.described(at > 0)}</li> })
        .collect_view();
    view! {
        <ul
            class="gallery"
            tabindex=several.then_some("0")
            aria-label=several.then(|| t::tour::photos(locale))
        >
            {items}
        </ul>
    }
}

fn facts(locale: Locale, tour: &Tour) -> impl IntoView + use<> {
    let fact = |picture: &str, what: String, note: &'static str| {
        view! { <li>{icon(picture)} <b>{what}</b> <span>{note}</span></li> }
    };
    let duration = tour
        .duration_range()
        .map(|range| format::duration_range(locale, range))
        .unwrap_or_default();
    let early = match &tour.course {
        Some(_) => t::course::each_session(locale),
        None => t::tour::early(locale),
    };
    let party = if tour.min_party > 1 {
        t::tour::party(locale, tour.min_party, tour.max_party)
    } else {
        t::tour::party_one(locale, tour.max_party)
    };
    let sharing = match tour.sharing {
        Sharing::Shared => t::tour::shared(locale),
        Sharing::Private => t::tour::private(locale),
    };
    let course = tour.course.as_ref().map(|course| {
        let needed = t::course::certificate_after(locale, i64::from(course.needed));
        view! { <li>{icon("check")} <b>{t::course::with_certificate(locale)}</b> <span>{needed}</span></li> }
    });
    let children =
        if tour.children { t::tour::children_yes(locale) } else { t::tour::children_no(locale) };
    let (weather, picture, note) = match tour.weather {
        Weather::Indoor => (t::tour::indoor(locale), "umbrella", t::tour::indoor_note(locale)),
        Weather::Covered => (t::tour::covered(locale), "umbrella", t::tour::covered_note(locale)),
        Weather::Outdoor => (t::tour::outdoor(locale), "sun", t::tour::outdoor_note(locale)),
    };
    view! {
        <section aria-labelledby="facts-title">
            <h2 class="visually-hidden" id="facts-title">{t::tour::facts(locale)}</h2>
            <ul class="fact-grid">
                {fact("clock", duration, early)}
                {course}
                {fact("people", format::sentence(&party), sharing)}
                {fact("language", format::languages(locale, &tour.languages), t::tour::guided(locale))}
                {fact("child", format::tour_ages(locale, tour), children)}
                {fact(picture, weather.to_owned(), note)}
            </ul>
        </section>
    }
}

fn story(locale: Locale, tour: &Tour) -> impl IntoView + use<> {
    let list = |title: &'static str, own: &Localized<Vec<String>>, picture: &'static str| {
        let items = own.list(locale);
        let ticks = || {
            items.iter().map(|item| view! { <li>{icon(picture)}{item.clone()}</li> }).collect_view()
        };
        (!items.is_empty()).then(|| {
            view! {
                <h3>{title}</h3>
                <ul class="ticks" lang=foreign_list(own, locale)>{ticks()}</ul>
            }
        })
    };
    let take_home = (!tour.take_home.text(locale).is_empty()).then(|| {
        view! {
            <h3>{t::tour::take_home(locale)}</h3>
            {own_paragraphs(&tour.take_home, locale)}
        }
    });
    view! {
        <section class="prose" aria-labelledby="what-title">
            <h2 id="what-title">{t::tour::what(locale)}</h2>
            <div class="prose">{own_paragraphs(&tour.description, locale)}</div>
            {list(t::tour::included(locale), &tour.included, "check")}
            {list(t::tour::bring(locale), &tour.bring, "hand")} {take_home}
        </section>
    }
}

fn meeting_point(locale: Locale, tour: &Tour, workshop: &Workshop) -> impl IntoView + use<> {
    let place = tour.meeting_point.text(locale).to_owned();
    let point = Point { lat: tour.meeting_lat, lon: tour.meeting_lon };
    let access = (!workshop.accessibility.text(locale).is_empty()).then(|| {
        view! {
            <section aria-labelledby="access-title" class="prose">
                <h2 id="access-title">{t::tour::access(locale)}</h2>
                {own_paragraphs(&workshop.accessibility, locale)}
            </section>
        }
    });
    view! {
        <section aria-labelledby="meet-title" class="stack">
            <h2 id="meet-title">{t::tour::meet(locale)}</h2>
            <p><strong>{place.clone()}</strong><br/>{own(&workshop.address, locale)}</p>
            {point_map(&t::tour::map_label(locale, place), point)}
            <p>
                {icon("phone")} " "
                <a href=format!("tel:{}", workshop.phone)>{format::phone(&workshop.phone)}</a>
            </p>
            {open_in_maps(locale, point.lat, point.lon)}
        </section>
        {access}
    }
}

fn policy(locale: Locale, tour: &Tour) -> impl IntoView + use<> {
    let lines = format::policy_lines(locale, tour.policy)
        .into_iter()
        .map(|line| view! { <div><dt>{line.when}</dt><dd>{line.due}</dd></div> })
        .collect_view();
    let lead = (tour.lead_time_hours > 0).then(|| {
        let hours = format::notice(locale, i64::from(tour.lead_time_hours));
        view! {
            <div>
                <dt>{t::tour::lead(locale)}</dt>
                <dd>{t::tour::lead_text(locale, hours)}</dd>
            </div>
        }
    });
    let paid = paid_beforehand(locale, tour).map(|words| {
        view! { <div><dt>{t::payment::money_section(locale)}</dt><dd>{words}</dd></div> }
    });
    view! {
        <section aria-labelledby="policy-title" class="stack">
            <h2 id="policy-title">{t::tour::policy(locale)}</h2>
            <dl class="pairs">{lines} {lead} {paid}</dl>
        </section>
    }
}

/// What can be had with the visit, and for how much.
fn extras_of(locale: Locale, tour: &Tour) -> Option<impl IntoView + use<>> {
    if tour.extras.0.is_empty() {
        return None;
    }
    let rows = tour.extras.0.iter().map(|extra| {
        let price = super::extras::price(locale, extra);
        view! { <div><dt>{own(&extra.title, locale)}</dt><dd>{price}</dd></div> }
    });
    let rows = rows.collect_view();
    Some(view! {
        <section aria-labelledby="extras" class="stack">
            <h2 id="extras">{t::price::extras(locale)}</h2>
            <dl class="pairs">{rows}</dl>
        </section>
    })
}
