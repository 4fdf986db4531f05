//! Second step: who books, what the workshop must know, the waiver.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use engine::accounts::Actor;
use engine::booking::{
    self, Answers, BookingError, ChooseExtras, Contact, Field, FillIn, StateKind,
};
use engine::catalogue::{Question, QuestionKind, QuestionScope};
use engine::country::Country;
use engine::course::{Group, group_of, name_group};
use leptos::prelude::*;

use super::booking::{Link, Opened, address, hold_clock, open, private, see};
use super::extras;
use super::review::ran_out_page;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::ui::field::{Checkbox, ErrorSummary, Radios, Select, TextArea, TextField};
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::prose::own;
use crate::ui::steps::{Step, Steps};
use crate::ui::summary::Summary;
use crate::{Locale, t};

/// Fields of the tour's questions begin with this.
pub(super) const QUESTION: &str = "q.";

pub async fn page(State(app): State<App>, visit: Visit, link: Link) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    match opened.hold_left() {
        None => Ok(see(&address(&visit, &opened.booking, ""))),
        Some(0) => ran_out_page(&app, &visit, opened).await,
        Some(_) => {
            let mut conn = app.store.read().await?;
            let group = group_of(&mut conn, opened.booking.id).await?;
            let country = booking::said_country(&mut conn, opened.booking.id).await?;
            drop(conn);
            let form = kept(&opened, group, country);
            Ok(answer(&app, &visit, opened, form, Problems::default()))
        }
    }
}

/// What the booking knows already, as if it had been typed again.
fn kept(opened: &Opened, group: Group, country: Option<Country>) -> Form {
    let booking = &opened.booking;
    let mut pairs = vec![
        ("name".to_owned(), booking.name.clone()),
        ("email".to_owned(), booking.email.clone()),
        ("phone".to_owned(), booking.phone.clone()),
        ("notes".to_owned(), booking.notes.clone()),
        ("language".to_owned(), booking.locale.code().to_owned()),
        ("organisation".to_owned(), group.organisation),
        ("teacher".to_owned(), group.teacher),
        ("country".to_owned(), country.map_or("", Country::code).to_owned()),
    ];
    for (key, answer) in &booking.answers.0 {
        pairs.push((format!("{QUESTION}{key}"), answer.clone()));
    }
    if booking.waiver_at.is_some() {
        pairs.push(("waiver".to_owned(), "on".to_owned()));
    }
    pairs.extend(extras::kept(booking));
    Form::of_pairs(pairs)
}

pub async fn fill_in(
    State(app): State<App>,
    visit: Visit,
    link: Link,
    form: Form,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let opened = open(&app, &link).await?;
    if opened.booking.state.kind() == StateKind::Confirmed {
        return Ok(see(&address(&visit, &opened.booking, "")));
    }
    let typed: BTreeMap<String, String> = form.under(QUESTION);
    let contact = Contact::parse(
        form.text("name"),
        form.text("email"),
        form.text("phone"),
        form.text("notes"),
    );
    let answers =
        Answers::parse(&opened.visited.tour, QuestionScope::Booking, &typed, form.has("waiver"));
    let wanted = extras::wanted(locale, &form);
    // Nothing said is an answer, too.
    let said = form.text("country").trim();
    let country = (!said.is_empty()).then(|| said.parse::<Country>()).transpose();
    let (contact, answers, wanted, country) = match (contact, answers, wanted, country) {
        (Ok(contact), Ok(answers), Ok(wanted), Ok(country)) => (contact, answers, wanted, country),
        (contact, answers, wanted, country) => {
            let wrong = contact.err().into_iter().chain(answers.err()).flatten();
            let mut problems = problems(locale, wrong);
            if country.is_err() {
                problems.add("country", t::book::country_wrong(locale));
            }
            problems.append(wanted.err().unwrap_or_default());
            return Ok(answer(&app, &visit, opened, form, problems));
        }
    };
    let take = ChooseExtras {
        catalogue: opened.catalogue.clone(),
        actor: Actor::Guest,
        booking: opened.booking.id,
        wanted,
    };
    let command = FillIn {
        catalogue: opened.catalogue.clone(),
        booking: opened.booking.id,
        contact,
        locale: Locale::parse(form.text("language")).unwrap_or(locale),
        answers,
    };
    let group = Group::parse(form.text("organisation"), form.text("teacher"));
    let school = opened.visited.slot.is_run();
    let filled = app
        .store
        .write("fill in", (command, take, group, school, country), |tx, all| {
            let (command, take, group, school, country) = all;
            Box::pin(async move {
                let mut booking = booking::fill_in(tx, command).await?;
                booking::say_country(tx, booking.id, country).await?;
                if !booking.extras.is_empty() || take.wanted.iter().any(|(_, count)| *count > 0) {
                    booking = booking::choose_extras(tx, take).await?;
                }
                if school {
                    name_group(tx, booking.id, &group).await?;
                }
                Ok::<_, BookingError>(booking)
            })
        })
        .await;
    match filled {
        Ok(booking) => Ok(see(&address(&visit, &booking, "/review"))),
        Err(error) => {
            let problems = extras::refused(locale, error, "name")?;
            Ok(answer(&app, &visit, opened, form, problems))
        }
    }
}

pub(super) fn problems(locale: Locale, wrong: impl Iterator<Item = Field>) -> Problems {
    let mut problems = Problems::default();
    for field in wrong {
        match field {
            Field::Name => problems.add("name", t::book::name_missing(locale)),
            Field::Email => problems.add("email", t::book::email_wrong(locale)),
            Field::Phone => problems.add("phone", t::book::phone_wrong(locale)),
            Field::Notes => problems.add("notes", t::book::notes_long(locale)),
            Field::Answer(key) => {
                problems.add(format!("{QUESTION}{key}"), t::book::answer_wrong(locale));
            }
            Field::Waiver => problems.add("waiver", t::book::waiver_missing(locale)),
        }
    }
    problems
}

/// The field of a question, with what was typed. Its name is the prefix and the question's key.
pub(super) fn question(
    locale: Locale,
    prefix: &str,
    question: &Question,
    form: &Form,
    problems: &Problems,
) -> AnyView {
    let name = format!("{prefix}{}", question.key);
    let label = question.label.text(locale).to_owned();
    let (value, error) = (form.text(&name).to_owned(), problems.of(&name));
    let optional = !question.required;
    let choices: Vec<(String, String)> = question
        .choices
        .iter()
        .map(|choice| (choice.value.clone(), choice.label.text(locale).to_owned()))
        .collect();
    match question.kind {
        QuestionKind::Text => {
            view! { <TextField locale name label value error optional maxlength=200/> }.into_any()
        }
        QuestionKind::Number => view! {
            <TextField locale name label value error optional kind="number" inputmode="numeric"
                min="0" max="10000" short=true/>
        }
        .into_any(),
        QuestionKind::Choice if choices.len() <= 4 && question.required => {
            view! { <Radios name label options=choices value error/> }.into_any()
        }
        QuestionKind::Choice => {
            let mut options = vec![(String::new(), t::book::choose(locale).to_owned())];
            options.extend(choices);
            view! { <Select locale name label options value error optional/> }.into_any()
        }
    }
}

fn answer(app: &App, visit: &Visit, opened: Opened, form: Form, problems: Problems) -> Response {
    let locale = visit.locale;
    let minutes = app.settings.hold_minutes;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let party = address(visit, &opened.booking, "/party");
    let head = Head::private(t::book::details_title(locale));
    private(Page::new(head).status(status).with_islands().render(visit, move || {
        let tour = &opened.visited.tour;
        let questions: Vec<_> = tour
            .questions
            .of(QuestionScope::Booking)
            .map(|asked| question(locale, QUESTION, asked, &form, &problems))
            .collect();
        let waiver = tour.waiver.as_ref().map(|waiver| {
            view! {
                <div class="panel">
                    <h2 class="panel-title">{t::book::waiver_title(locale)}</h2>
                    <p>{own(waiver, locale)}</p>
                    <Checkbox name="waiver" label=t::book::waiver_accept(locale)
                        checked=form.has("waiver") required=true error=problems.of("waiver")/>
                </div>
            }
        });
        let extras = extras::fields(locale, tour, opened.booking.people, &form, &problems)
            .map(|fields| view! { <div class="panel">{fields}</div> });
        let languages = Locale::ALL.map(|l| (l.code().to_owned(), l.native_name().to_owned()));
        let (languages, language) = (languages.to_vec(), form.text("language").to_owned());
        let mut countries = vec![(String::new(), t::book::country_none(locale).to_owned())];
        countries.extend(
            Country::all(locale).into_iter().map(|(it, name)| (it.code().into(), name.into())),
        );
        let school = opened.visited.slot.is_run().then(|| {
            view! {
                <div class="panel">
                    <fieldset class="fieldset">
                        <legend>{t::course::for_school(locale)}</legend>
                        <p class="field-hint">{t::course::for_school_hint(locale)}</p>
                        <TextField locale name="organisation" label=t::course::organisation(locale)
                            value=form.text("organisation") autocomplete="organization" maxlength=120 optional=true/>
                        <TextField locale name="teacher" label=t::course::teacher(locale)
                            value=form.text("teacher") maxlength=120 optional=true/>
                    </fieldset>
                </div>
            }
        });
        let over = opened.ran_out().then(|| {
            view! {
                <Notice tone=Tone::Warn title=t::book::hold_over(locale)>
                    <p>{t::book::typed_is_kept(locale)}</p>
                </Notice>
            }
        });
        view! {
            <div class="wrap booking">
                <div class="booking-head">
                    <Steps locale at=Step::Details back=vec![party.clone()]/>
                    <h1>{t::book::details_title(locale)}</h1>
                    {hold_clock(locale, &opened, minutes)}
                </div>
                <form class="booking-main form" method="post" novalidate>
                    <ErrorSummary locale problems=problems.clone()/>
                    {over}
                    <div class="panel">
                        <fieldset class="fieldset">
                            <legend>{t::book::who_books(locale)}</legend>
                            <TextField locale name="name" label=t::book::name(locale)
                                value=form.text("name") error=problems.of("name")
                                autocomplete="name" maxlength=120/>
                            <TextField locale name="email" label=t::book::email(locale) kind="email"
                                value=form.text("email") error=problems.of("email")
                                hint=t::book::email_hint(locale)
                                autocomplete="email" inputmode="email"/>
                            <TextField locale name="phone" label=t::book::phone(locale) kind="tel"
                                value=form.text("phone") error=problems.of("phone")
                                hint=t::book::phone_hint(locale)
                                autocomplete="tel" inputmode="tel" optional=true/>
                            <Select locale name="language" label=t::book::letters_language(locale)
                                options=languages value=language/>
                            <Select locale name="country" label=t::book::country(locale)
                                options=countries value=form.text("country")
                                hint=t::book::country_hint(locale) error=problems.of("country")
                                autocomplete="country" optional=true/>
                        </fieldset>
                    </div>
                    {school}
                    <div class="panel">
                        <fieldset class="fieldset">
                            <legend>{t::book::workshop_asks(locale)}</legend>
                            {questions}
                            <TextArea locale name="notes" label=t::book::notes(locale)
                                value=form.text("notes") error=problems.of("notes")
                                hint=t::book::notes_hint(locale) optional=true maxlength=2000/>
                        </fieldset>
                    </div>
                    {extras}
                    {waiver}
                    <div class="actions">
                        <button class="btn btn-primary btn-large" type="submit">
                            {t::book::to_review(locale)}
                        </button>
                        <a class="btn btn-quiet" href=party>{icon("arrow-left")}{t::book::back(locale)}</a>
                    </div>
                </form>
                <Summary locale visited=opened.visited.clone() bill=Some(opened.booking.bill())/>
            </div>
        }
    }))
}
