//! Option and party: what the price is made of.

use engine::booking::counted;
use engine::catalogue::{TourOption, UnitKind};
use engine::{Dong, Locale};
use leptos::prelude::*;

use super::Picker;
use super::month::month_word;
use crate::context::Visit;
use crate::t;
use crate::ui::format;
use crate::ui::prose::own;

impl Picker {
    pub(super) fn option_links(&self, visit: &Visit) -> Option<impl IntoView + use<>> {
        if self.options.len() < 2 {
            return None;
        }
        let locale = visit.locale;
        let month = self.calendar.as_ref().map(|calendar| ("month", month_word(calendar.first)));
        let links = self
            .options
            .iter()
            .map(|(option, chosen)| {
                let href = self.link(visit, option, month.as_slice());
                let price = lead_price(option).map(|price| price.display(locale));
                view! {
                    <li>
                        <a class="choice" href=href aria-current=chosen.then_some("true")>
                            <span class="choice-title">{own(&option.title, locale)}</span>
                            <span class="choice-price">{price}</span>
                            <span class="choice-note">
                                {format::duration(locale, option.duration_minutes)}
                            </span>
                        </a>
                    </li>
                }
            })
            .collect_view();
        Some(view! {
            <nav aria-label=t::tour::option(locale)>
                <ul class="choice-list choice-links">{links}</ul>
            </nav>
        })
    }

    pub(super) fn party_fields(&self, locale: Locale) -> impl IntoView + use<> {
        let rows = self
            .party
            .iter()
            .map(|(unit, count)| {
                let id = unit.id.to_string();
                let note = [format::unit_note(locale, unit), Some(unit.price.display(locale))]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" · ");
                view! {
                    <div class="party-row">
                        <label class="party-label" for=id.clone()>
                            {format::unit_kind(locale, unit.kind)}
                            <span class="party-note">{note}</span>
                        </label>
                        <div class="stepper">
                            <input
                                class="stepper-input"
                                id=id.clone()
                                name=id
                                type="number"
                                inputmode="numeric"
                                min="0"
                                max="200"
                                value=count.to_string()
                            />
                        </div>
                    </div>
                }
            })
            .collect_view();
        view! {
            <fieldset class="fieldset">
                <legend>{t::tour::your_party(locale)}</legend>
                <div class="party">{rows}</div>
                {self.price_lines(locale)}
                <button class="btn btn-small" type="submit">{t::tour::update(locale)}</button>
            </fieldset>
        }
    }

    fn price_lines(&self, locale: Locale) -> impl IntoView + use<> {
        let mut total = Dong::ZERO;
        let lines = self
            .party
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|(unit, count)| {
                let price = unit.price.times(*count).unwrap_or_default();
                total += price;
                let words = counted(locale, unit.kind, *count);
                view! { <div><dt>{words}</dt><dd>{price.display(locale)}</dd></div> }
            })
            .collect_view();
        view! {
            <dl class="price-lines">
                {lines}
                <div class="price-total">
                    <dt>{t::tour::total(locale)}</dt>
                    <dd>{total.display(locale)}</dd>
                </div>
            </dl>
        }
    }
}

/// The price an option leads with: the adult's, or the first.
fn lead_price(option: &TourOption) -> Option<Dong> {
    let adult = option.open_units().find(|unit| unit.kind == UnitKind::Adult);
    adult.or_else(|| option.open_units().next()).map(|unit| unit.price)
}
