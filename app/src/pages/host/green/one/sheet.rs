//! The fields of a measure's form; each measure has few.

use chrono::NaiveDate;
use engine::Locale;
use engine::green::{Fuel, Known, Measure, Period, Unit};
use leptos::prelude::*;

use crate::api::form::{Form, Problems};
use crate::t::green as t;
use crate::ui::field::{FormKey, Hidden, Radios, Select, TextField};
use crate::ui::green as ui;

/// The form's key, and of which tour it is.
pub(super) fn hidden(form: &Form, tour: &str) -> impl IntoView + use<> {
    view! { <FormKey key=form.key()/> <Hidden name="tour" value=tour.to_owned()/> }
}

/// The button that takes an entry back.
pub(super) fn take_back(
    locale: Locale,
    page: &str,
    tour: &str,
    entry: String,
    period: String,
) -> impl IntoView + use<> {
    view! {
        <form class="actions" method="post" action=page.to_owned()>
            <Hidden name="tour" value=tour.to_owned()/>
            <Hidden name="entry" value=entry/>
            <button
                class="btn btn-small"
                name="act"
                value="withdraw"
                aria-label=t::withdraw_of(locale, period)
            >
                {t::withdraw(locale)}
            </button>
        </form>
    }
}

/// A form as it was begun or typed, and what is wrong with it.
pub(super) struct Sheet<'a> {
    pub locale: Locale,
    pub measure: Measure,
    pub form: &'a Form,
    pub problems: &'a Problems,
    pub today: NaiveDate,
}

impl Sheet<'_> {
    /// All fields; `knows` is what the program counted itself.
    pub fn view(&self, knows: Option<&str>) -> AnyView {
        let value =
            if self.measure.is_reckoned() { self.reckoned(knows) } else { self.value(false) };
        view! { {self.period()} {value} {self.practice()} {self.known()} {self.source()} }
            .into_any()
    }

    fn text(
        &self,
        name: &'static str,
        label: &'static str,
        hint: &'static str,
        optional: bool,
    ) -> AnyView {
        let (value, error) = (self.form.text(name).to_owned(), self.problems.of(name));
        let locale = self.locale;
        view! { <TextField locale name label hint value error optional=optional/> }.into_any()
    }

    fn number(
        &self,
        name: &'static str,
        label: &'static str,
        hint: &'static str,
        (mode, optional): (&'static str, bool),
    ) -> AnyView {
        let (value, error) = (self.form.text(name).to_owned(), self.problems.of(name));
        let locale = self.locale;
        view! {
            <TextField locale name label hint value error inputmode=mode short=true optional=optional/>
        }
        .into_any()
    }

    fn period(&self) -> AnyView {
        let locale = self.locale;
        let options = Period::open(self.measure, self.today)
            .into_iter()
            .map(|period| (period.to_string(), ui::period(locale, period)))
            .collect();
        let hint = if self.measure.is_number() {
            t::period_hint(locale)
        } else {
            t::period_hint_done(locale)
        };
        let (value, error) = (self.form.text("period").to_owned(), self.problems.of("period"));
        view! { <Select locale name="period" label=t::period(locale) options hint value error/> }
            .into_any()
    }

    /// The value as it is said; optional where it can be reckoned instead.
    fn value(&self, optional: bool) -> AnyView {
        let locale = self.locale;
        let label = match self.measure.unit() {
            Unit::Fuel => return self.fuel(),
            Unit::YesNo => return self.done(),
            Unit::Percent => t::value_percent(locale),
            Unit::KwhPerPiece => t::value_kwh(locale),
            Unit::KgPerMonth => t::value_kg(locale),
        };
        let value = self.number("value", label, t::value_hint(locale), ("decimal", optional));
        let near = (self.measure == Measure::LocalMaterials)
            .then(|| self.number("within_km", t::within_km(locale), "", ("numeric", false)));
        view! { {value} {near} }.into_any()
    }

    /// Both ways, of which one is chosen.
    fn reckoned(&self, knows: Option<&str>) -> AnyView {
        let locale = self.locale;
        let ways = vec![
            ("said".to_owned(), t::way_said(locale).to_owned()),
            ("reckoned".to_owned(), t::way_reckoned(locale).to_owned()),
        ];
        let (way, error) = (self.form.text("way").to_owned(), self.problems.of("way"));
        let rest = if self.measure == Measure::KilnEnergy {
            let total = t::total_hint(locale);
            let total = self.number("total", t::total(locale), total, ("decimal", true));
            let own = self.number("own", t::own(locale), t::own_hint(locale), ("numeric", true));
            view! { {total} {own} }.into_any()
        } else {
            let hint = t::counted_hint(locale);
            self.number("counted", t::counted(locale), hint, ("numeric", true))
        };
        let knows = knows.map(|words| view! { <p class="small soft">{words.to_owned()}</p> });
        view! {
            <Radios name="way" label=t::way(locale) options=ways value=way error/>
            <fieldset class="field">
                <legend class="field-label">{t::if_said(locale)}</legend>
                {self.value(true)}
            </fieldset>
            <fieldset class="field">
                <legend class="field-label">{t::if_reckoned(locale)}</legend>
                {knows}
                {rest}
            </fieldset>
        }
        .into_any()
    }

    /// A first line that chooses nothing, where nothing is chosen yet.
    fn choices(&self, name: &str, all: Vec<(String, String)>) -> Vec<(String, String)> {
        let unset = self.form.text(name).is_empty();
        let first = unset.then(|| (String::new(), t::choose(self.locale).to_owned()));
        first.into_iter().chain(all).collect()
    }

    fn fuel(&self) -> AnyView {
        let locale = self.locale;
        let all = Fuel::ALL.iter().map(|fuel| (fuel.to_string(), ui::fuel(locale, *fuel).into()));
        let options = self.choices("fuel", all.collect());
        let (value, error) = (self.form.text("fuel").to_owned(), self.problems.of("fuel"));
        view! { <Select locale name="fuel" label=t::fuel(locale) options value error/> }.into_any()
    }

    fn done(&self) -> AnyView {
        let locale = self.locale;
        let label = if self.measure == Measure::PlasticFree {
            t::done_plastic_free(locale)
        } else {
            t::done_waste_water(locale)
        };
        let options = vec![
            ("yes".to_owned(), t::yes(locale).to_owned()),
            ("no".to_owned(), t::no(locale).to_owned()),
        ];
        let (value, error) = (self.form.text("done").to_owned(), self.problems.of("done"));
        view! { <Radios name="done" label options value error/> }.into_any()
    }

    /// What is used instead, or how it is done.
    fn practice(&self) -> Option<AnyView> {
        let locale = self.locale;
        let (vi, en) = match self.measure {
            Measure::PlasticFree => (t::instead_vi(locale), t::instead_en(locale)),
            Measure::WasteWater => (t::how_vi(locale), t::how_en(locale)),
            _ => return None,
        };
        let hint = t::practice_hint(locale);
        let vi = self.text("practice_vi", vi, hint, true);
        Some(view! { {vi} {self.text("practice_en", en, "", true)} }.into_any())
    }

    fn known(&self) -> AnyView {
        let locale = self.locale;
        let all = Known::ALL.iter().map(|known| {
            let words = crate::ui::format::sentence(ui::known(locale, *known));
            (known.to_string(), words)
        });
        let options = self.choices("known", all.collect());
        let (value, error) = (self.form.text("known").to_owned(), self.problems.of("known"));
        view! { <Select locale name="known" label=t::known(locale) options value error/> }
            .into_any()
    }

    fn source(&self) -> AnyView {
        let locale = self.locale;
        let vi = self.text("source_vi", t::source_vi(locale), t::source_hint(locale), false);
        let en = self.text("source_en", t::source_en(locale), "", true);
        view! { {vi} {en} }.into_any()
    }
}
