//! The form that chooses the period.

use chrono::NaiveDate;
use engine::Locale;
use engine::report::{MOST_MONTHS, Period, Span, WrongPeriod};
use leptos::prelude::*;

use crate::api::form::{Form, Problems};
use crate::t::report as t;
use crate::ui::field::{ErrorSummary, Select, TextField};

/// What was chosen, as it was sent.
#[derive(Debug, Clone)]
pub struct Chosen {
    span: String,
    from: String,
    to: String,
}

fn name(locale: Locale, span: Span) -> &'static str {
    match span {
        Span::Month => t::month(locale),
        Span::Quarter => t::quarter(locale),
        Span::Half => t::half(locale),
        Span::Year => t::year(locale),
        Span::LastMonth => t::last_month(locale),
        Span::LastQuarter => t::last_quarter(locale),
        Span::LastHalf => t::last_half(locale),
        Span::LastYear => t::last_year(locale),
        Span::Between => t::between(locale),
    }
}

impl Chosen {
    /// Of a query string; without one the year.
    pub fn of(query: &str) -> Self {
        let form = Form::of_query(query);
        let text = |name: &str| form.text(name).trim().to_owned();
        let span = if form.has("period") { text("period") } else { Span::Year.word().to_owned() };
        Chosen { span, from: text("from"), to: text("to") }
    }

    pub fn period(&self, locale: Locale, today: NaiveDate) -> Result<Period, Problems> {
        let mut problems = Problems::default();
        let Some(span) = Span::parse(&self.span) else {
            problems.add("period", t::wrong_span(locale));
            return Err(problems);
        };
        Period::read(span, &self.from, &self.to, today).map_err(|wrong| {
            let most = i64::from(MOST_MONTHS);
            match wrong {
                WrongPeriod::From => problems.add("from", t::wrong_month(locale)),
                WrongPeriod::To => problems.add("to", t::wrong_month(locale)),
                WrongPeriod::Order => problems.add("to", t::wrong_order(locale)),
                WrongPeriod::TooLong => problems.add("to", t::wrong_long(locale, most)),
                WrongPeriod::Future => problems.add("from", t::wrong_future(locale)),
            }
            problems
        })
    }

    /// The same for a file of the report.
    pub fn query(&self) -> String {
        let mut fields = vec![("period", self.span.as_str())];
        if self.span == Span::Between.word() {
            fields.extend([("from", self.from.as_str()), ("to", self.to.as_str())]);
        }
        serde_html_form::to_string(fields).unwrap_or_default()
    }

    pub fn form(
        &self,
        locale: Locale,
        action: String,
        problems: &Problems,
    ) -> impl IntoView + use<> {
        let spans =
            Span::ALL.iter().map(|span| (span.word().to_owned(), name(locale, *span).to_owned()));
        let month = |words, field, value: &String| {
            view! {
                <TextField locale name=field label=words kind="month" value=value.clone()
                    error=problems.of(field) optional=true short=true/>
            }
        };
        view! {
            <form class="panel stack no-print" method="get" action=action novalidate>
                <ErrorSummary locale problems=problems.clone()/>
                <div class="field-row">
                    <Select locale name="period" label=t::period(locale) options=spans.collect()
                        value=self.span.clone() error=problems.of("period")/>
                    {month(t::from(locale), "from", &self.from)}
                    {month(t::to(locale), "to", &self.to)}
                </div>
                <p class="field-hint">{t::months_hint(locale)}</p>
                <div><button class="btn btn-primary">{t::show(locale)}</button></div>
            </form>
        }
    }
}
