//! What a visitor looks for, as it stands in the address of the search page.

use chrono::NaiveDate;
use engine::Dong;
use engine::catalogue::search::{Guests, Search, Sort};
use engine::catalogue::{Craft, Spoken};
use engine::credential::Asked;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::context::Visit;
use crate::t;
use crate::ui::icon::icon;

/// The fields as they were typed; empty ones match everything. What is no date or number is passed
/// over, because an old link should still find something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SearchForm {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub q: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub date: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub from: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub to: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub adults: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub children: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub craft: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub village: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub price_max: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub duration_max: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub language: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub for_children: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rain_proof: String,
    /// OCOP stars, at least.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub ocop: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub artisan: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub trademark: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub environment: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sort: String,
}

impl SearchForm {
    /// What the home page starts with.
    pub fn for_two() -> Self {
        Self { adults: "2".into(), ..Self::default() }
    }

    pub fn parse(query: &str) -> Self {
        serde_html_form::from_str(query).unwrap_or_default()
    }

    /// The form as a query string.
    pub fn query(&self) -> String {
        serde_html_form::to_string(self).unwrap_or_default()
    }

    /// The day or days asked for.
    pub fn dates(&self) -> Option<(NaiveDate, NaiveDate)> {
        if let Ok(day) = self.date.parse() {
            return Some((day, day));
        }
        let (from, to) = (self.from.parse().ok(), self.to.parse().ok());
        let from = from.or(to)?;
        Some((from, to.unwrap_or(from).max(from)))
    }

    pub fn party(&self) -> Option<Guests> {
        const MOST: u32 = 200;
        let count = |text: &str| text.trim().parse::<u32>().unwrap_or(0).min(MOST);
        let party = Guests { adults: count(&self.adults), children: count(&self.children) };
        (party.adults + party.children > 0).then_some(party)
    }

    pub fn search(&self) -> Search {
        Search {
            q: self.q.chars().take(100).collect(),
            village: Some(self.village.clone()).filter(|slug| !slug.is_empty()),
            craft: Craft::parse(&self.craft),
            dates: self.dates(),
            party: self.party(),
            price_max: self.price_max.parse().ok().map(Dong),
            language: Spoken::parse(&self.language),
            duration_max: self.duration_max.parse().ok(),
            for_children: self.for_children == "1",
            rain_proof: self.rain_proof == "1",
            credentials: Asked {
                stars: self.ocop.parse().ok(),
                artisan: self.artisan == "1",
                mark: self.trademark == "1",
                environment: self.environment == "1",
            },
            sort: Sort::parse(&self.sort),
        }
    }
}

/// The bar with words, date and party.
pub fn search_bar(visit: &Visit, form: &SearchForm, today: NaiveDate) -> impl IntoView + use<> {
    let locale = visit.locale;
    view! {
        <search>
            <form class="search-bar" action=visit.link("/tours") method="get" aria-label=t::search::title(locale)>
                {search_fields(visit, form, today)}
                <button class="btn btn-primary" type="submit">
                    {icon("search")}
                    {t::search::submit(locale)}
                </button>
            </form>
        </search>
    }
}

/// Fields of the bar, also used inside the search page's form.
pub fn search_fields(visit: &Visit, form: &SearchForm, today: NaiveDate) -> impl IntoView + use<> {
    let locale = visit.locale;
    view! {
        <div class="field">
            <label for="q">{t::search::words(locale)}</label>
            <input
                class="input"
                id="q"
                name="q"
                type="search"
                maxlength="100"
                placeholder=t::search::placeholder(locale)
                autocomplete="off"
                value=form.q.clone()
            />
        </div>
        <div class="field">
            <label for="date">{t::search::date(locale)}</label>
            <input
                class="input"
                id="date"
                name="date"
                type="date"
                min=today.to_string()
                value=form.date.clone()
            />
        </div>
        <div class="search-pair">
            {count_field("adults", t::search::adults(locale), &form.adults)}
            {count_field("children", t::search::children(locale), &form.children)}
        </div>
    }
}

fn count_field(name: &'static str, label: &'static str, value: &str) -> impl IntoView + use<> {
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                class="input"
                id=name
                name=name
                type="number"
                inputmode="numeric"
                min="0"
                max="200"
                value=value.to_owned()
            />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_survives_its_address() {
        let form = SearchForm::parse(
            "q=b%C3%A1t+tr%C3%A0ng&date=2026-11-28&adults=2&children=1&craft=&sort=price",
        );
        assert_eq!(form.q, "bát tràng");
        assert_eq!(form.party(), Some(Guests { adults: 2, children: 1 }));
        assert_eq!(form.search().sort, Some(Sort::Price));
        assert_eq!(SearchForm::parse(&form.query()), form);
    }

    #[test]
    fn nonsense_is_passed_over() {
        let form = SearchForm::parse("date=soon&adults=many&price_max=x&craft=y&ocop=9&artisan=x");
        assert_eq!(form.search(), Search::default());
        assert_eq!(SearchForm::parse("q=a&q=b"), SearchForm::default());
        let range = SearchForm::parse("from=2026-12-05&to=2026-12-01");
        let day = NaiveDate::from_ymd_opt(2026, 12, 5).unwrap();
        assert_eq!(range.dates(), Some((day, day)));
    }
}
