//! The two forms of an answer: an offer, and a refusal.

use chrono::{Days, NaiveDate};
use engine::Locale;
use engine::booking::GroupPrice;
use engine::booking::enquiry::{Enquiry, EnquiryState};
use engine::catalogue::Catalogue;
use leptos::prelude::*;

use super::frame::Desk;
use crate::api::form::{Form, Problems};
use crate::t::enquiry as t;
use crate::ui::field::{Checkbox, Hidden, Radios, Select, TextArea, TextField};
use crate::ui::icon::icon;

/// Days that an offer is kept unless the host says otherwise.
const USUAL_DAYS: u64 = 5;

/// The offer that the enquiry suggests: its people, its day, today's price.
pub fn first_terms(
    locale: Locale,
    catalogue: &Catalogue,
    enquiry: &Enquiry,
    today: NaiveDate,
) -> Form {
    let tour = catalogue.tour(enquiry.tour_id);
    let option = tour.and_then(|tour| {
        let wished = enquiry.option_id.and_then(|id| tour.option(id)).filter(|o| o.active);
        wished.or_else(|| tour.open_options().next())
    });
    let unit = option.and_then(|option| option.open_units().next());
    let price = unit.map(|unit| unit.price.display(locale));
    let until = (today + Days::new(USUAL_DAYS)).min(enquiry.wished_date).max(today);
    let text = |value: Option<String>| value.unwrap_or_default();
    Form::of_pairs(vec![
        ("option".into(), text(option.map(|option| option.id.to_string()))),
        ("date".into(), enquiry.wished_date.max(today).to_string()),
        ("time".into(), "09:00".into()),
        ("people".into(), enquiry.people.to_string()),
        ("price".into(), text(price.map(|price| price.replace("\u{a0}₫", "")))),
        ("by".into(), GroupPrice::Each.to_string()),
        ("until".into(), until.to_string()),
    ])
}

pub fn offer_form(
    locale: Locale,
    page: &str,
    desk: &Desk,
    enquiry: &Enquiry,
    runs: &[(String, String)],
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let (value, error) = (|name: &str| form.text(name).to_owned(), |name: &str| problems.of(name));
    let options = desk.option_choices(locale, |option| option.active);
    let by = vec![
        (GroupPrice::Each.to_string(), t::offer_each(locale).to_owned()),
        (GroupPrice::Whole.to_string(), t::offer_whole(locale).to_owned()),
    ];
    let again = enquiry.state == EnquiryState::Offered;
    let title = if again { t::offer_again(locale) } else { t::offer_title(locale) };
    let more = again.then(|| view! { <p class="soft">{t::offer_again_more(locale)}</p> });
    // A place in a course is one in a run that is planned.
    let course = desk.catalogue.tour(enquiry.tour_id).is_some_and(|tour| tour.course.is_some());
    let when = if course {
        let wrong =
            ["time", "date", "option"].map(&error).into_iter().find(|text| !text.is_empty());
        view! {
            <Select locale name="run" label=crate::t::course::offer_run(locale) options=runs.to_vec()
                value=value("run") error=wrong.unwrap_or_default()/>
        }
        .into_any()
    } else {
        view! {
            <Select locale name="option" label=t::offer_option(locale) options=options
                value=value("option") error=error("option")/>
            <div class="field-row">
                <TextField locale name="date" label=t::offer_date(locale) kind="date"
                    value=value("date") error=error("date")/>
                <TextField locale name="time" label=t::offer_time(locale) kind="time"
                    value=value("time") error=error("time")/>
            </div>
            <p class="field-hint">{t::offer_slot_hint(locale)}</p>
        }
        .into_any()
    };
    let fields = view! {
        {more}
        <Hidden name="act" value="offer"/>
        {when}
        <div class="field-row">
            <TextField locale name="people" label=t::offer_people(locale) kind="number"
                inputmode="numeric" min="1" max="999" value=value("people") error=error("people")/>
            <TextField locale name="price" label=t::offer_price(locale) inputmode="numeric"
                value=value("price") error=error("price")/>
        </div>
        <Radios name="by" label=t::offer_by(locale) options=by value=value("by")/>
        <TextField locale name="until" label=t::offer_until(locale) kind="date"
            hint=t::offer_until_hint(locale) value=value("until") error=error("until")/>
        <TextArea locale name="words" label=t::offer_words(locale) rows=4 optional=true
            maxlength=2000 value=value("words") error=error("words")/>
        <Checkbox name="alone" label=t::offer_alone(locale) checked=form.has("alone")/>
        <Checkbox name="over" label=crate::t::host::over_knowingly(locale)
            checked=form.has("over") error=error("over")/>
        <div><button class="btn btn-primary btn-large" type="submit">{t::offer_send(locale)}</button></div>
    };
    if again {
        let open = !problems.is_empty() && form.text("act") == "offer";
        return view! {
            <details class="fold" open=open>
                <summary>{icon("edit")}{title}</summary>
                <form class="fold-body form" method="post" action=page.to_owned() novalidate>{fields}</form>
            </details>
        }
        .into_any();
    }
    view! {
        <form class="form panel" method="post" action=page.to_owned() novalidate>
            <h2 class="panel-title">{title}</h2>
            {fields}
        </form>
    }
    .into_any()
}

pub fn decline_form(
    locale: Locale,
    page: &str,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let open = form.text("act") == "decline";
    view! {
        <details class="fold fold-danger" open=open>
            <summary>{icon("close")}{t::decline_title(locale)}</summary>
            <form class="fold-body form" method="post" action=page.to_owned() novalidate>
                <Hidden name="act" value="decline"/>
                <TextArea locale name="reply" label=t::decline_words(locale) rows=3 maxlength=2000
                    value=form.text("reply").to_owned() error=problems.of("reply")/>
                <button class="btn btn-danger" type="submit">{t::decline_do(locale)}</button>
            </form>
        </details>
    }
}
