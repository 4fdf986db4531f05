//! The contract as a form.

use engine::catalogue::Workshop;
use engine::reseller::{ContractInput, ResellerInput, Terms};
use engine::{Locale, UnitId};
use leptos::prelude::*;

use crate::api::form::{Form, Problems};
use crate::pages::host::frame::Desk;
use crate::t::reseller as t;
use crate::ui::field::TextField;
use crate::ui::format;

pub fn company(form: &Form) -> ResellerInput {
    let text = |name: &str| form.text(name).to_owned();
    ResellerInput {
        name: text("name"),
        email: text("email"),
        phone: text("phone"),
        tax_code: text("tax_code"),
    }
}

pub fn contract(form: &Form) -> ContractInput {
    let text = |name: &str| form.text(name).to_owned();
    let prices = form.under("net.");
    ContractInput {
        percent_off: text("percent_off"),
        tours: form.all("tours").map(str::to_owned).collect(),
        prices: prices
            .into_iter()
            .filter_map(|(unit, price)| Some((unit.parse::<UnitId>().ok()?, price)))
            .collect(),
        valid_from: text("valid_from"),
        valid_to: text("valid_to"),
        credit_limit: text("credit_limit"),
    }
}

/// The form's fields as the contract is now.
pub fn filled(terms: &Terms) -> Form {
    let input = ContractInput::of(terms);
    let mut fields = vec![
        ("percent_off".to_owned(), input.percent_off),
        ("valid_from".to_owned(), input.valid_from),
        ("valid_to".to_owned(), input.valid_to),
        ("credit_limit".to_owned(), input.credit_limit),
    ];
    fields.extend(input.tours.into_iter().map(|tour| ("tours".to_owned(), tour)));
    let prices = input.prices.into_iter();
    fields.extend(prices.map(|(unit, price)| (format!("net.{unit}"), price)));
    Form::of_pairs(fields)
}

/// Percentage, days, credit, tours, and net prices of unit types.
pub fn fields(
    locale: Locale,
    desk: &Desk,
    shop: &Workshop,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let value = |name: &str| form.text(name).to_owned();
    let error = |name: &str| problems.of(name);
    let ticked: Vec<&str> = form.all("tours").collect();
    let sold = || desk.catalogue.all_tours_of(shop.id).filter(|tour| tour.course.is_none());
    let tours = sold()
        .map(|tour| {
            let id = tour.id.to_string();
            let checked = ticked.contains(&id.as_str());
            view! {
                <label class="check">
                    <input type="checkbox" name="tours" value=id checked=checked/>
                    <span>{tour.title.text(locale).to_owned()}</span>
                </label>
            }
        })
        .collect_view();
    let prices = sold()
        .flat_map(|tour| tour.open_options().map(move |option| (tour, option)))
        .map(|(tour, option)| {
            let units = option
                .open_units()
                .map(|unit| {
                    let name = format!("net.{}", unit.id);
                    let label = format::unit(locale, unit);
                    let hint = t::guest_price(locale, unit.price.display(locale));
                    let (value, error) = (value(&name), error(&name));
                    view! {
                        <TextField locale name label hint inputmode="numeric" value error optional=true short=true/>
                    }
                })
                .collect_view();
            let title = format!("{} · {}", tour.title.text(locale), option.title.text(locale));
            view! { <fieldset class="stack-s"><legend>{title}</legend><div class="field-row">{units}</div></fieldset> }
        })
        .collect_view();
    let named = form.under("net.").values().any(|price| !price.trim().is_empty());
    view! {
        <h2 class="panel-title">{t::contract(locale)}</h2>
        <div class="field-row">
            <TextField locale name="percent_off" label=t::percent_off(locale) hint=t::percent_off_hint(locale)
                inputmode="numeric" value=value("percent_off") error=error("percent_off") short=true/>
            <TextField locale name="credit_limit" label=t::credit_limit(locale) hint=t::credit_limit_hint(locale)
                inputmode="numeric" value=value("credit_limit") error=error("credit_limit") optional=true/>
        </div>
        <div class="field-row">
            <TextField locale name="valid_from" label=t::valid_from(locale) kind="date"
                value=value("valid_from") error=error("valid_from")/>
            <TextField locale name="valid_to" label=t::valid_to(locale) kind="date"
                value=value("valid_to") error=error("valid_to") optional=true/>
        </div>
        <fieldset class="stack-s" id="tours">
            <legend>{t::tours(locale)}</legend>
            <p class="hint">{t::tours_hint(locale)}</p>
            {tours}
        </fieldset>
        <details open=named>
            <summary>{t::net_prices(locale)}</summary>
            <p class="hint">{t::net_prices_hint(locale)}</p>
            {prices}
        </details>
    }
}
