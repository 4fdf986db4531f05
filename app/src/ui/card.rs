//! The card of a tour, in lists.

use chrono::NaiveDate;
use engine::Locale;
use engine::catalogue::search::Hit;
use engine::catalogue::{Catalogue, Sharing, Tour, Weather};
use engine::credential::Shown;
use engine::price::reckon;
use engine::review::Rating;
use engine::schedule::availability::FEW;
use leptos::prelude::*;

use super::credential;
use super::format;
use super::icon::icon;
use super::picture::Picture;
use super::prose::foreign;
use super::review;
use crate::context::Visit;
use crate::t;

/// All that a card shows.
#[derive(Debug, Clone)]
pub struct TourCard {
    href: String,
    picture: Picture,
    kicker: String,
    title: String,
    /// Where the title is in another language than the page.
    lang: Option<&'static str>,
    duration: String,
    ages: String,
    needs_sun: Option<&'static str>,
    state: &'static str,
    next: String,
    price: String,
    whole_party: bool,
    /// Whether it is said how guests rated it, and how.
    rated: bool,
    rating: Option<Rating>,
    /// The departures after the next one, where there is room to say them.
    later: Option<String>,
    /// What the workshop or the tour is certified to be, in short.
    credentials: Vec<Shown>,
}

impl TourCard {
    /// `query` is carried over to the tour's page (party, date); `same_day` leaves the date out.
    pub fn new(
        visit: &Visit,
        catalogue: &Catalogue,
        tour: &Tour,
        hit: Option<&Hit>,
        query: &str,
        same_day: bool,
        today: NaiveDate,
    ) -> Self {
        let locale = visit.locale;
        let kicker = catalogue.place(tour.id).map_or_else(String::new, |(_, _, village)| {
            format!("{} · {}", village.name.text(locale), village.craft_name.text(locale))
        });
        let mark = if query.is_empty() { "" } else { "?" };
        let (state, next) = next(locale, tour, hit, same_day, today);
        let whole = hit.and_then(|hit| hit.slots.first()).and_then(|slot| slot.price);
        // What the departure that is named costs, should its day be unlike others.
        let first = hit.and_then(|hit| hit.slots.first());
        let sale = first.map(|found| tour.sale_of(&found.slot, today));
        let price = whole.map_or_else(
            || {
                tour.price_from().map_or_else(String::new, |price| {
                    format::price_from(
                        locale,
                        sale.map_or(price, |sale| reckon(price, &sale, 1).price),
                    )
                })
            },
            |price| price.display(locale),
        );
        Self {
            href: format!("{}{mark}{query}", visit.link(&format!("/tours/{}", tour.slug))),
            picture: Picture::of_tour(tour, locale),
            kicker,
            title: tour.title.text(locale).to_owned(),
            lang: foreign(&tour.title, locale),
            duration: tour
                .duration_range()
                .map_or_else(String::new, |range| format::duration_range(locale, range)),
            ages: format::tour_ages(locale, tour),
            needs_sun: (tour.weather == Weather::Outdoor).then(|| t::tour::outdoor(locale)),
            state,
            next,
            price,
            whole_party: whole.is_some(),
            rated: false,
            rating: None,
            later: None,
            credentials: credential::brief(&catalogue.credentials.shown_at(
                tour.workshop_id,
                tour.id,
                today,
            )),
        }
    }

    /// Says how guests rated it, or that it is new.
    #[must_use]
    pub fn rated(mut self, rating: Option<&Rating>) -> Self {
        self.rated = true;
        self.rating = rating.copied();
        self
    }

    /// Names the workshop in place of the village, where tours of several stand together.
    #[must_use]
    pub fn of_house(mut self, house: String) -> Self {
        self.kicker = house;
        self
    }

    /// Leads to the tour's calendar in a frame, and names the departures after the next one.
    #[must_use]
    pub fn in_frame(
        mut self,
        locale: Locale,
        href: String,
        hit: Option<&Hit>,
        today: NaiveDate,
    ) -> Self {
        let later = hit.into_iter().flat_map(|hit| hit.slots.iter().skip(1)).map(|found| {
            let day = format::relative_day(locale, found.slot.local_date, today);
            format::day_at(locale, day, found.slot.starts_at)
        });
        let later: Vec<String> = later.collect();
        self.later = (!later.is_empty())
            .then(|| t::embed::later(locale, format::semicolons(locale, &later)));
        self.href = href;
        self
    }

    /// `row`: picture beside the words, for results.
    pub fn view(self, locale: Locale, row: bool) -> impl IntoView {
        let class = if row { "card card-row" } else { "card" };
        let rating =
            self.rated.then(|| view! { <li>{review::badge(locale, self.rating.as_ref())}</li> });
        let sun = self.needs_sun.map(|words| view! { <li>{icon("sun")}{words}</li> });
        let party = self.whole_party.then(
            || view! { " " <span class="small soft">{t::catalogue::party_price(locale)}</span> },
        );
        view! {
            <li class=class>
                <div class="card-media">{self.picture.view(true)}</div>
                <div class="card-body">
                    <p class="card-kicker">{self.kicker}</p>
                    <h3 class="card-title" lang=self.lang><a class="card-link" href=self.href>{self.title}</a></h3>
                    <ul class="facts">
                        {rating}
                        <li>{icon("clock")}{self.duration}</li>
                        <li>{icon("child")}{self.ages}</li>
                        {sun}
                    </ul>
                    {credential::badges(locale, &self.credentials)}
                    <div class="card-foot">
                        <p class="card-next" data-state=self.state>{icon("calendar")}{self.next}</p>
                        <p class="price"><strong>{self.price}</strong>{party}</p>
                    </div>
                    {self.later.map(|later| view! { <p class="small soft">{later}</p> })}
                </div>
            </li>
        }
    }
}

fn next(
    locale: Locale,
    tour: &Tour,
    hit: Option<&Hit>,
    same_day: bool,
    today: NaiveDate,
) -> (&'static str, String) {
    let Some((hit, first)) = hit.and_then(|hit| Some((hit, hit.slots.first()?))) else {
        return ("full", t::catalogue::no_next(locale).to_owned());
    };
    let few = tour.sharing == Sharing::Shared && first.left <= FEW;
    let left = match tour.sharing {
        Sharing::Shared => format::seats_left(locale, first.left),
        Sharing::Private => t::catalogue::private_group(locale).to_owned(),
    };
    let words = if same_day {
        let times: Vec<String> =
            hit.slots.iter().map(|found| format::time(locale, found.slot.starts_at)).collect();
        t::catalogue::next_party(locale, left, format::commas(locale, &times))
    } else {
        let day = format::relative_day(locale, first.slot.local_date, today);
        t::catalogue::next(locale, day, left, format::time(locale, first.slot.starts_at))
    };
    (if few { "few" } else { "open" }, words)
}
