//! A pass: what it is, on which days it works for a party, and at what times.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use engine::booking::Party;
use engine::catalogue::UnitKind;
use engine::clock::local_date;
use engine::coop::{self, Coop};
use engine::pass::{self, Day, Itinerary, Offer};
use engine::{Dong, Locale};
use leptos::prelude::*;

use super::itinerary::{Step, itinerary};
use super::{DAYS, party_fields, party_query, path, wish};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::pass as tp;
use crate::ui::field::ErrorSummary;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};
use crate::ui::party::party_error;
use crate::ui::picture::Picture;
use crate::ui::prose::{foreign, own_paragraphs, own_words};
use crate::ui::{format, seo};

/// Most times shown for one day.
const TIMES: usize = 12;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let now = app.store.now();
    let mut conn = app.store.read().await?;
    let offer = pass::offer(&mut conn, &catalogue, &slug).await?.ok_or(PageError::NotFound)?;
    let author = match offer.pass.coop_id {
        Some(coop) => coop::by_id(&mut conn, coop).await?,
        None => None,
    };
    let (form, wished, mut problems) = asked(locale, &offer, &visit.query);
    let from = (local_date(now), DAYS);
    let days = match pass::days(&mut conn, &offer, &wished, from, now).await? {
        Ok(days) => days,
        Err(error) => {
            if problems.is_empty() {
                problems.add(UnitKind::Adult.word(), party_error(locale, error));
            }
            Vec::new()
        }
    };
    drop(conn);
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let chosen = form.text("date").parse::<NaiveDate>().ok();
    let head = head(&visit, &offer);
    let steps = vec![(visit.link("/passes"), tp::nav(locale).to_owned())];
    let above = above(&visit, &offer, author.as_ref());
    let stops = offer.places.iter().map(|place| Step::new(&visit, place, None)).collect();
    let stops = itinerary(locale, stops, &offer.ways());
    let description = &offer.pass.description;
    let about = (!description.text(locale).is_empty()).then(|| {
        view! {
            <section class="prose" aria-labelledby="about-title">
                <h2 id="about-title">{tp::about(locale)}</h2>
                {own_paragraphs(description, locale)}
            </section>
        }
    });
    let choose = (
        party_form(&visit, &offer, &form, &problems),
        problems
            .is_empty()
            .then(|| when(&visit, &offer, &wished, &days, (chosen, local_date(now)))),
    );
    let page = Page::new(head).status(status);
    let page = if problems.is_empty() { page.shared() } else { page };
    Ok(page.render(&visit, move || {
        view! {
            <div class="wrap">
                {breadcrumb(locale, steps)}
                {above}
                <div class="split">
                    <div class="stack-l">
                        <section aria-labelledby="stops-title" class="stack">
                            <h2 id="stops-title">{tp::stops(locale)}</h2>
                            {stops}
                        </section>
                        {about}
                    </div>
                    <section class="panel stack" id="days" aria-labelledby="days-of">
                        <h2 class="panel-title" id="days-of">{tp::choose_day(locale)}</h2>
                        {choose.0} {choose.1}
                    </section>
                </div>
                <div class="section-tight"></div>
            </div>
        }
    }))
}

/// What was asked by the address; two adults where nothing was.
fn asked(locale: Locale, offer: &Offer<'_>, query: &str) -> (Form, Vec<(UnitKind, u32)>, Problems) {
    let form = Form::of_query(query);
    let kinds = offer.kinds();
    if !kinds.iter().any(|kind| form.has(kind.word())) {
        let mut pairs: Vec<(String, String)> =
            form.pairs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        pairs.push((UnitKind::Adult.word().to_owned(), "2".to_owned()));
        return (Form::of_pairs(pairs), vec![(UnitKind::Adult, 2)], Problems::default());
    }
    match wish(locale, &kinds, &form) {
        Ok(wished) => (form, wished, Problems::default()),
        Err(problems) => (form, Vec::new(), problems),
    }
}

fn head(visit: &Visit, offer: &Offer<'_>) -> Head {
    let locale = visit.locale;
    let title = offer.pass.title.text(locale).to_owned();
    let crumbs = [
        ("/passes".to_owned(), tp::nav(locale).to_owned()),
        (path(&offer.pass.slug), title.clone()),
    ];
    let head = Head::new(title, seo::description(offer.pass.summary.text(locale)));
    head.structured(seo::graph(vec![seo::breadcrumbs(visit, &crumbs), seo::organization(visit)]))
}

fn above(visit: &Visit, offer: &Offer<'_>, author: Option<&Coop>) -> impl IntoView + use<> {
    let locale = visit.locale;
    let pass = &offer.pass;
    let author = match author {
        Some(coop) => {
            let href = visit.link(&crate::ui::coop::path(coop));
            view! { <a href=href>{tp::of_coop(locale, &coop.name)}</a> }.into_any()
        }
        None => tp::of_office(locale).into_any(),
    };
    let minutes = i32::try_from(offer.minutes()).unwrap_or(i32::MAX);
    let count = i64::try_from(offer.places.len()).unwrap_or(i64::MAX);
    let (price, _) = offer.price_of(UnitKind::Adult);
    let less = (pass.percent_off > 0)
        .then(|| view! { <li>{icon("money")}{tp::percent_off(locale, pass.percent_off)}</li> });
    let pictures: Vec<_> = offer
        .places
        .iter()
        .map(|place| view! { <li>{Picture::of_tour(place.tour, locale).view(false)}</li> })
        .collect();
    view! {
        <ul class="pass-pictures">{pictures}</ul>
        <header class="page-head">
            <p class="kicker">{author}</p>
            <h1 lang=foreign(&pass.title, locale)>{pass.title.text(locale).to_owned()}</h1>
            <p class="lead" lang=foreign(&pass.summary, locale)>{pass.summary.text(locale).to_owned()}</p>
            {own_words(locale, &[&pass.summary, &pass.description])}
            <ul class="facts">
                <li>{icon("pin")}{tp::stops_count(locale, count)}</li>
                <li>{icon("clock")}{tp::whole_day(locale, format::duration(locale, minutes))}</li>
                <li>{icon("ticket")}{format::sentence(&tp::price_from(locale, price.display(locale)))}</li>
                {less}
            </ul>
        </header>
    }
}

fn party_form(
    visit: &Visit,
    offer: &Offer<'_>,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let action = visit.link(&format!("{}#days", path(&offer.pass.slug)));
    let kinds = offer.kinds();
    let price = |kind| Some(offer.price_of(kind).0.display(locale));
    let fields = party_fields(locale, &kinds, price, form, problems).into_any();
    view! {
        <form class="form" method="get" action=action novalidate>
            <ErrorSummary locale problems=problems.clone()/>
            <fieldset class="fieldset">
                <legend>{tp::who_comes(locale)}</legend>
                <div class="pass-party">{fields}</div>
            </fieldset>
            <button class="btn" type="submit">{tp::see_days(locale)}</button>
        </form>
    }
}

/// The days as links, and the times of the one that was chosen.
fn when(
    visit: &Visit,
    offer: &Offer<'_>,
    wished: &[(UnitKind, u32)],
    days: &[Day],
    (chosen, today): (Option<NaiveDate>, NaiveDate),
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let count = i64::try_from(DAYS).unwrap_or(i64::MAX);
    if days.is_empty() {
        return view! { <Notice tone=Tone::Warn title=tp::no_days(locale, count)/> }.into_any();
    }
    let party = party_query(wished);
    let address = path(&offer.pass.slug);
    let links: Vec<_> = days
        .iter()
        .map(|day| {
            let href = visit.link(&format!("{address}?{party}&date={}#times", day.date));
            let here = (chosen == Some(day.date)).then_some("true");
            view! {
                <li>
                    <a class="day-chip" href=href aria-current=here>
                        <time datetime=day.date.to_string()>{format::sentence(&format::day(locale, day.date))}</time>
                    </a>
                </li>
            }
        })
        .collect();
    let day = chosen.and_then(|date| days.iter().find(|day| day.date == date));
    let gone = (chosen.is_some() && day.is_none())
        .then(|| view! { <Notice tone=Tone::Warn title=tp::other_date_gone(locale)/> });
    let times = day.map(|day| times(visit, offer, wished, day, today));
    view! {
        {gone}
        <h3>{tp::days_title(locale)}</h3>
        <p class="soft small">{tp::days_lead(locale, count)}</p>
        <ul class="day-chips">{links}</ul>
        {times}
    }
    .into_any()
}

fn times(
    visit: &Visit,
    offer: &Offer<'_>,
    wished: &[(UnitKind, u32)],
    day: &Day,
    today: NaiveDate,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let usual =
        offer.parties(wished).map_or(Dong::ZERO, |parties| parties.iter().map(Party::total).sum());
    let items: Vec<_> = day
        .ways
        .iter()
        .take(TIMES)
        .map(|way| {
            let steps = way.iter().zip(&offer.places);
            let steps = steps.map(|(slot, place)| Step::new(visit, place, Some(slot))).collect();
            let href = visit.link(&book_path(&offer.pass.slug, wished, way));
            let total = offer.totals(wished, way, today).ok().filter(|(total, _)| *total != usual);
            let total = total.map(|(total, _)| {
                let words = crate::t::event::total_that_day(locale, total.display(locale));
                view! { <p class="small">{words}</p> }
            });
            view! {
                <li class="pass-choice stack-s">
                    <p class="pass-span">{span(locale, way)}</p>
                    {itinerary(locale, steps, &offer.ways())}
                    {total}
                    <a class="btn btn-primary" href=href>{tp::book_these(locale)}</a>
                </li>
            }
        })
        .collect();
    let title = tp::times_title(locale, format::date(locale, day.date));
    view! {
        <div class="stack" id="times">
            <h3>{title}</h3>
            <p class="soft small">{tp::times_lead(locale)}</p>
            <ul class="pass-choices">{items}</ul>
        </div>
    }
}

/// The address where these departures are booked.
pub(super) fn book_path(slug: &str, wished: &[(UnitKind, u32)], way: &Itinerary) -> String {
    let slots: Vec<String> = way.iter().map(|slot| format!("slot={}", slot.id)).collect();
    format!("{}/book?{}&{}", path(slug), party_query(wished), slots.join("&"))
}

/// "08:30–16:00, 7 giờ 30 phút".
pub(super) fn span(locale: Locale, way: &Itinerary) -> String {
    let (Some(first), Some(last)) = (way.first(), way.last()) else { return String::new() };
    let minutes = (last.ends_at - first.starts_at).num_minutes();
    let minutes = i32::try_from(minutes).unwrap_or(i32::MAX);
    tp::span(
        locale,
        format::duration(locale, minutes),
        format::time(locale, first.starts_at),
        format::time(locale, last.ends_at),
    )
}
