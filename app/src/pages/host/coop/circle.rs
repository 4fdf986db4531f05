//! The co-op's circle in a month: production, trade, training, culture, and what flows between them.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{Months, NaiveDate};
use engine::booking::Source;
use engine::catalogue::Catalogue;
use engine::clock::local_date;
use engine::coop::circle::{Flow, flows, groups};
use engine::coop::{self, MemberRole};
use engine::store::Conn;
use engine::{CoopId, Dong, Locale, TourId, WorkshopId};
use leptos::prelude::*;

use super::ring::Ring;
use super::{At, closed, ours};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame};
use crate::pages::host::{day, words};
use crate::render::Page;
use crate::t::coop as t;
use crate::ui::format;
use crate::ui::layout::Head;

/// What a month brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sum {
    bookings: i64,
    money: i64,
    guests: i64,
    came: i64,
    pieces: i64,
    minutes: i64,
}

impl Sum {
    fn of<'a>(catalogue: &Catalogue, flows: impl Iterator<Item = &'a Flow>) -> Self {
        let mut sum = Self::default();
        for flow in flows {
            let takes_home = catalogue
                .tour(flow.tour_id)
                .is_some_and(|tour| !tour.take_home.text(Locale::Vi).trim().is_empty());
            sum.bookings += flow.bookings;
            sum.money += flow.value.0;
            sum.guests += flow.guests;
            sum.came += flow.came;
            sum.pieces += if takes_home { flow.came } else { 0 };
            sum.minutes += flow.minutes;
        }
        sum
    }

    const fn hours(&self) -> i64 {
        (self.minutes + 30) / 60
    }
}

/// A month of the circle: its flows, and the groups that asked with their people.
struct Month {
    flows: Vec<Flow>,
    groups: (i64, i64),
    sum: Sum,
}

impl Month {
    async fn load(
        conn: &mut Conn,
        visit: &Visit,
        catalogue: &Catalogue,
        coop: CoopId,
        days: (NaiveDate, NaiveDate),
    ) -> Result<Self, PageError> {
        let flows = flows(conn, &visit.actor, coop, days).await.map_err(closed)?;
        let groups = groups(conn, &visit.actor, coop, days).await.map_err(closed)?;
        let sum = Sum::of(catalogue, flows.iter());
        Ok(Self { flows, groups, sum })
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let locale = visit.locale;
    let today = local_date(app.store.now());
    let asked = Form::of_query(&visit.query).text("month").to_owned();
    let this = today - chrono::TimeDelta::days(i64::from(chrono::Datelike::day0(&today)));
    let first = words::date(&format!("{asked}-01")).unwrap_or(this);
    let next = first.checked_add_months(Months::new(1)).unwrap_or(first);
    let before = first.checked_sub_months(Months::new(1)).unwrap_or(first);
    let mut conn = app.store.read().await?;
    let coop = ours(&mut conn, &desk).await?;
    let manages =
        coop::standing(&mut conn, &visit.actor, coop.id).await? == Some(MemberRole::Manager);
    let members = coop::members(&mut conn, coop.id).await?.len();
    let catalogue = desk.catalogue.clone();
    let now = Month::load(&mut conn, &visit, &catalogue, coop.id, (first, next)).await?;
    let past = Month::load(&mut conn, &visit, &catalogue, coop.id, (before, first)).await?;
    drop(conn);
    let shop = desk.workshop()?.clone();
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::circle(locale))).render(&visit, move || {
        let month = format::sentence(&format::month(locale, first));
        let around = [before, next].map(|date| date.format("%Y-%m").to_string());
        let labels = (
            t::circle_steps(locale),
            t::circle_before(locale),
            t::circle_now(locale),
            t::circle_after(locale),
        );
        let label = t::circle_picture(locale, &coop.name, &month);
        let picture = ring(locale, label, &month, members, &now).view();
        let empty = now.flows.is_empty();
        let empty_words = empty.then(|| view! { <p class="soft">{t::circle_empty(locale)}</p> });
        let parts = (!empty).then(|| parts(locale, &catalogue, &now.flows, manages));
        let body = view! {
            <header class="host-head">
                <div>
                    <p class="soft"><a href=at(&inner, &shop, "/coop")>{coop.name.clone()}</a> " · " {month}</p>
                    <h1>{t::circle(locale)}</h1>
                </div>
                {day::steps(&at(&inner, &shop, "/coop/circle"), "month", around, labels)}
            </header>
            <p class="soft">{t::circle_lead(locale)}</p>
            {empty_words}
            <div class="ring-layout">{picture} {table(locale, &now, &past)}</div>
            {parts}
            <p class="small soft">{t::circle_notes(locale)}</p>
        };
        frame(&inner, Some(&shop), Tab::Coop, body)
    }))
}

fn spheres(locale: Locale) -> [&'static str; 4] {
    [
        t::circle_trade(locale),
        t::circle_production(locale),
        t::circle_training(locale),
        t::circle_culture(locale),
    ]
}

/// Trade brings bookings to production, production teaches who comes, what was learned leaves as
/// pieces, and what they show brings groups who ask.
fn ring(locale: Locale, label: String, month: &str, members: usize, now: &Month) -> Ring {
    let sum = &now.sum;
    let count = i64::try_from(members).unwrap_or(i64::MAX);
    let flows = [
        [t::circle_bookings(locale, sum.bookings), Dong(sum.money).display(locale)],
        [t::circle_came(locale, sum.came), t::circle_hours(locale, sum.hours())],
        [t::circle_pieces(locale, sum.pieces), String::new()],
        [
            t::circle_groups(locale, now.groups.0),
            match now.groups {
                (0, _) => String::new(),
                (_, people) => t::circle_group_people(locale, people),
            },
        ],
    ];
    let alive = [sum.bookings > 0, sum.came > 0, sum.pieces > 0, now.groups.0 > 0];
    let middle = [t::circle_members(locale, count), month.to_owned()];
    Ring { label, nodes: spheres(locale), flows, alive, middle }
}

fn cell(label: &'static str, value: String) -> impl IntoView {
    view! { <td class="num" data-label=label>{value}</td> }
}

/// The same in words, beside the month before.
fn table(locale: Locale, now: &Month, past: &Month) -> impl IntoView + use<> {
    let [trade, production, training, culture] = spheres(locale);
    let money = |month: &Month| Dong(month.sum.money).display(locale);
    let rows = [
        (
            trade,
            production,
            t::circle_bookings_name(locale),
            [now, past].map(|m| m.sum.bookings.to_string()),
        ),
        (trade, production, t::circle_money_name(locale), [now, past].map(money)),
        (
            production,
            training,
            t::circle_came_name(locale),
            [now, past].map(|m| m.sum.came.to_string()),
        ),
        (
            production,
            training,
            t::circle_hours_name(locale),
            [now, past].map(|m| m.sum.hours().to_string()),
        ),
        (
            training,
            culture,
            t::circle_pieces_name(locale),
            [now, past].map(|m| m.sum.pieces.to_string()),
        ),
        (
            culture,
            trade,
            t::circle_groups_name(locale),
            [now, past].map(|m| m.groups.0.to_string()),
        ),
    ];
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(from, to, what, [this, previous])| {
            view! {
                <tr>
                    <th scope="row">{what}<br/><span class="small soft">{t::circle_link(locale, from, to)}</span></th>
                    {cell(t::circle_this(locale), this)}
                    {cell(t::circle_previous(locale), previous)}
                </tr>
            }
        })
        .collect();
    view! {
        <table class="table">
            <caption>{t::circle_table(locale)}</caption>
            <thead>
                <tr>
                    <th scope="col">{t::circle_what(locale)}</th>
                    <th scope="col" class="num">{t::circle_this(locale)}</th>
                    <th scope="col" class="num">{t::circle_previous(locale)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// By member, by way of booking, by tour.
fn parts(
    locale: Locale,
    catalogue: &Catalogue,
    flows: &[Flow],
    manages: bool,
) -> impl IntoView + use<> {
    let mut houses: BTreeMap<WorkshopId, Vec<&Flow>> = BTreeMap::new();
    let mut sources: BTreeMap<&str, (Source, Vec<&Flow>)> = BTreeMap::new();
    let mut tours: BTreeMap<TourId, Vec<&Flow>> = BTreeMap::new();
    for flow in flows {
        houses.entry(flow.workshop_id).or_default().push(flow);
        sources.entry(flow.source.word()).or_insert((flow.source, Vec::new())).1.push(flow);
        tours.entry(flow.tour_id).or_default().push(flow);
    }
    let sum = |flows: Vec<&Flow>| Sum::of(catalogue, flows.into_iter());
    let houses: Vec<(String, Sum)> = houses
        .into_iter()
        .filter_map(|(id, flows)| Some((catalogue.workshop(id)?.name.clone(), sum(flows))))
        .collect();
    let sources: Vec<(String, Sum)> = sources
        .into_values()
        .map(|(source, flows)| (format::sentence(words::source(locale, source)), sum(flows)))
        .collect();
    let tours: Vec<(String, Sum)> = tours
        .into_iter()
        .filter_map(|(id, flows)| {
            Some((catalogue.tour(id)?.title.text(locale).to_owned(), sum(flows)))
        })
        .collect();
    let note =
        (!manages).then(|| view! { <p class="small soft">{t::circle_money_note(locale)}</p> });
    view! {
        {part(locale, t::circle_by_member(locale), t::circle_workshop(locale), houses, manages)} {note}
        {part(locale, t::circle_by_source(locale), t::circle_source(locale), sources, true)}
        {part(locale, t::circle_by_tour(locale), t::circle_tour(locale), tours, manages)}
    }
}

fn part(
    locale: Locale,
    title: &'static str,
    first: &'static str,
    mut rows: Vec<(String, Sum)>,
    money: bool,
) -> impl IntoView + use<> {
    rows.sort_by_key(|(_, sum)| std::cmp::Reverse(sum.guests));
    let paid = t::circle_money_name(locale);
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(name, sum)| {
            let value = money.then(|| cell(paid, Dong(sum.money).display(locale)));
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    {cell(t::circle_bookings_name(locale), sum.bookings.to_string())}
                    {cell(t::circle_guests_name(locale), sum.guests.to_string())}
                    {cell(t::circle_came_name(locale), sum.came.to_string())}
                    {cell(t::circle_pieces_name(locale), sum.pieces.to_string())}
                    {value}
                </tr>
            }
        })
        .collect();
    let paid = money.then(|| view! { <th scope="col" class="num">{paid}</th> });
    view! {
        <div class="table-wrap" tabindex="0" role="group" aria-label=title>
            <table class="table table-cards">
                <caption>{title}</caption>
                <thead>
                    <tr>
                        <th scope="col">{first}</th>
                        <th scope="col" class="num">{t::circle_bookings_name(locale)}</th>
                        <th scope="col" class="num">{t::circle_guests_name(locale)}</th>
                        <th scope="col" class="num">{t::circle_came_name(locale)}</th>
                        <th scope="col" class="num">{t::circle_pieces_name(locale)}</th>
                        {paid}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
