//! Weekly hours of a machine or a person, as three lines of a form.

use chrono::Weekday;
use engine::Locale;
use engine::resource::{Span, WeekHours};
use engine::schedule::Weekdays;
use engine::store::TimeOfDay;
use leptos::prelude::*;

use super::fields::weekday_toggles;
use crate::api::form::{Form, Problems};
use crate::t::resource as t;
use crate::ui::field::{FieldError, TextField};

/// Lines of hours that the form offers.
const SPANS: usize = 3;

/// The fields of hours that are there.
pub fn filled(hours: &WeekHours) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for (at, span) in hours.0.iter().enumerate() {
        for day in &span.days.0 {
            fields.push((format!("h{at}.days"), day.to_string().to_lowercase()));
        }
        fields.push((format!("h{at}.from"), span.from.to_string()));
        fields.push((format!("h{at}.to"), span.to.to_string()));
    }
    fields
}

pub fn parse(locale: Locale, form: &Form, problems: &mut Problems) -> WeekHours {
    WeekHours((0..SPANS).filter_map(|at| span(locale, form, at, problems)).collect())
}

/// One line of hours; nothing where all of it is empty.
fn span(locale: Locale, form: &Form, at: usize, problems: &mut Problems) -> Option<Span> {
    let name = |part: &str| format!("h{at}.{part}");
    let days: Vec<Weekday> =
        form.all(&name("days")).filter_map(|day| day.parse::<Weekday>().ok()).collect();
    let (from, to) = (form.text(&name("from")).trim(), form.text(&name("to")).trim());
    if days.is_empty() && from.is_empty() && to.is_empty() {
        return None;
    }
    match (from.parse::<TimeOfDay>(), to.parse::<TimeOfDay>()) {
        (Ok(from), Ok(to)) if !days.is_empty() && from != to => {
            Some(Span { days: Weekdays(days), from, to })
        }
        _ => {
            problems.add(name("days"), t::error_hours(locale));
            None
        }
    }
}

pub fn fields(
    locale: Locale,
    form: &Form,
    problems: &Problems,
    title: &'static str,
    hint: &'static str,
) -> impl IntoView + use<> {
    let value = |name: &str| form.text(name).to_owned();
    let spans: Vec<_> = (0..SPANS)
        .map(|at| {
            let name = |part: &str| format!("h{at}.{part}");
            let ticked: Vec<String> = form.all(&name("days")).map(str::to_owned).collect();
            let number = i64::try_from(at + 1).unwrap_or(i64::MAX);
            view! {
                <fieldset class="fieldset">
                    <legend>{t::span(locale, number)}</legend>
                    {weekday_toggles(locale, &name("days"), &name("days"), &ticked)}
                    <FieldError id=name("days") text=problems.of(&name("days"))/>
                    <div class="field-row">
                        <TextField locale name=name("from") label=t::span_from(locale) kind="time" value=value(&name("from")) optional=true/>
                        <TextField locale name=name("to") label=t::span_to(locale) kind="time" value=value(&name("to")) optional=true/>
                    </div>
                </fieldset>
            }
        })
        .collect();
    view! {
        <fieldset class="fieldset">
            <legend>{title} " " <span class="optional">{crate::t::form::optional(locale)}</span></legend>
            <p class="field-hint">{hint}</p>
            {spans}
        </fieldset>
    }
}
