//! What a price is made of, in the visitor's words.

use chrono::NaiveDate;
use engine::booking::{Bill, BillLine, GroupPrice};
use engine::catalogue::{Tour, TourOption, UnitKind};
use engine::price::{Change, PriceRule, When, signed_percent};
use engine::schedule::DayRule;
use engine::{Dong, Locale};
use leptos::prelude::*;

use super::{day_rule, format};
use crate::t;
use crate::t::price as tp;

/// The lines of a bill and its sum.
#[component]
pub fn PriceLines(locale: Locale, bill: Bill) -> impl IntoView {
    let lines: Vec<_> = bill
        .lines
        .iter()
        .map(|(line, amount)| {
            let words = format::sentence(&line.words(locale));
            let (kind, words) = match line {
                BillLine::People(people) if people.group == Some(GroupPrice::Each) => {
                    ("people", t::enquiry::each(locale, people.price.display(locale), words))
                }
                BillLine::People(_) => ("people", words),
                BillLine::Extra(_) => ("extra", words),
                BillLine::Step(_) | BillLine::Promo { .. } => ("step", words),
            };
            let more = kind == "step" && *amount > Dong::ZERO;
            let amount = format!("{}{}", if more { "+" } else { "" }, amount.display(locale));
            view! { <div data-line=kind><dt>{words}</dt><dd>{amount}</dd></div> }
        })
        .collect();
    view! {
        <dl class="price-lines">
            {lines}
            <div class="price-total">
                <dt>{t::book::total(locale)}</dt>
                <dd>{bill.total.display(locale)}</dd>
            </div>
        </dl>
    }
}

/// What a day makes of the price of whoever leads the list: "Cuối tuần +10%, Đặt trước 7 ngày −5%".
pub fn reasons(locale: Locale, option: &TourOption) -> Option<String> {
    let units = || option.open_units();
    let lead = units().find(|unit| unit.kind == UnitKind::Adult).or_else(|| units().next())?;
    let words: Vec<String> = lead.steps.iter().map(|step| step.words(locale)).collect();
    (!words.is_empty()).then(|| format::commas(locale, &words))
}

/// The rules of a tour that can still matter, for its page.
pub fn rules(locale: Locale, tour: &Tour, today: NaiveDate) -> Option<impl IntoView + use<>> {
    let past = |rule: &&PriceRule| matches!(rule.when, When::Dates { to, .. } if to < today);
    let rules: Vec<_> = tour
        .price_rules
        .0
        .iter()
        .filter(|rule| !past(rule))
        .map(|rule| {
            view! { <div><dt>{when(locale, rule)}</dt><dd>{change(locale, rule.change)}</dd></div> }
        })
        .collect();
    if rules.is_empty() {
        return None;
    }
    let hint = tour.price_rules.favour_residents().then(|| {
        view! { <p class="soft small">{tp::residents_hint(locale)}</p> }
    });
    Some(view! {
        <section aria-labelledby="price-rules" class="stack">
            <h2 id="price-rules">{tp::rules_title(locale)}</h2>
            <dl class="pairs price-rules">{rules}</dl>
            {hint}
        </section>
    })
}

/// "Cuối tuần: thứ Bảy, Chủ nhật"; "Đặt trước từ 14 ngày".
pub fn when(locale: Locale, rule: &PriceRule) -> String {
    let days = match &rule.when {
        When::Weekdays { days } => {
            let names: Vec<&str> = days.0.iter().map(|day| format::weekday(locale, *day)).collect();
            format::list(locale, &names)
        }
        When::Season { from, to } => {
            let [from, to] = [from, to].map(|day| day_month(locale, day));
            t::schedule::from_to(locale, from, to)
        }
        When::Dates { from, to } => (locale.writing().span)(*from, *to),
        When::LunarRange { from, to } => {
            day_rule::words(locale, &DayRule::LunarRange { from: *from, to: *to })
        }
        When::LunarDays { days } => day_rule::lunar_days(locale, &days.0),
        When::Early { days } => return tp::early(locale, i64::from(*days)),
        When::Group { people } => return tp::group(locale, i64::from(*people)),
        When::Residents => return tp::residents(locale).to_owned(),
    };
    format::labelled(locale, rule.name.text(locale), days)
}

/// "06-01" as a day of any year: "1/6".
pub fn day_month(locale: Locale, text: &str) -> String {
    let number = |part: &str| part.parse().unwrap_or_default();
    text.split_once('-').map_or_else(String::new, |(month, day)| {
        (locale.writing().day_month)(number(day), number(month))
    })
}

/// "+10%"; "−30.000 ₫ mỗi người".
pub fn change(locale: Locale, change: Change) -> String {
    match change {
        Change::Percent(percent) => signed_percent(locale, percent),
        Change::Each(amount) => {
            let sign = if change.lowers() { "" } else { "+" };
            tp::each(locale, format!("{sign}{}", amount.display(locale)))
        }
    }
}

#[cfg(test)]
mod tests {
    use engine::Localized;

    use super::*;

    #[test]
    fn rules_are_told_in_words() {
        let name = Localized { vi: "Mùa hè".into(), en: "Summer".into() };
        let season = When::Season { from: "06-01".into(), to: "08-31".into() };
        let rule = PriceRule { when: season, name, change: Change::Percent(-10) };
        assert_eq!(when(Locale::Vi, &rule), "Mùa hè: 1/6 đến 31/8");
        assert_eq!(change(Locale::Vi, rule.change), "−10%");
        assert_eq!(change(Locale::En, Change::Each(Dong(-30_000))), "−30,000\u{a0}₫ each");
        assert_eq!(change(Locale::Vi, Change::Each(Dong(30_000))), "+30.000\u{a0}₫ mỗi người");
    }
}
