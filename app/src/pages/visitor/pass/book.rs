//! Booking a pass: who comes, what each workshop must know, and one button for all of it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use engine::booking::{Answers, Bill, Contact, Field, Party};
use engine::catalogue::{Catalogue, QuestionScope, UnitKind};
use engine::clock::local_date;
use engine::pass::{self, Book, Itinerary, Offer, PassError, Place};
use engine::{Dong, Locale, SlotId};
use leptos::prelude::*;

use super::itinerary::{Step, itinerary};
use super::offer::{book_path, span};
use super::{party_query, path, trouble, wish};
use crate::api::form::{Form, KEY, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::booking::{private, see};
use crate::pages::visitor::details::question;
use crate::render::Page;
use crate::t;
use crate::t::pass as tp;
use crate::ui::field::{Checkbox, ErrorSummary, FormKey, Select, TextArea, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::price::PriceLines;
use crate::ui::prose::own;
use crate::ui::summary::policy_dates;

type At = Path<(String, String)>;

/// What the address asks for.
struct Wanted<'a> {
    offer: Offer<'a>,
    wish: Vec<(UnitKind, u32)>,
    parties: Vec<Party>,
    day: Itinerary,
    /// What it would cost stop by stop.
    alone: Option<Dong>,
}

impl Wanted<'_> {
    fn here(&self) -> String {
        book_path(&self.offer.pass.slug, &self.wish, &self.day)
    }

    /// Where other times are chosen for the same party.
    fn others(&self) -> String {
        let date = self.day.first().map_or_else(String::new, |slot| slot.local_date.to_string());
        format!("{}?{}&date={date}#days", path(&self.offer.pass.slug), party_query(&self.wish))
    }
}

/// None where party or departures make no day (any more): they are chosen again.
async fn wanted<'a>(
    app: &App,
    visit: &Visit,
    catalogue: &'a Catalogue,
    slug: &str,
) -> Result<Option<Wanted<'a>>, PageError> {
    let mut conn = app.store.read().await?;
    let offer = pass::offer(&mut conn, catalogue, slug).await?.ok_or(PageError::NotFound)?;
    let query = Form::of_query(&visit.query);
    let slots: Option<Vec<SlotId>> = query.all("slot").map(|id| id.parse().ok()).collect();
    let Some(slots) = slots else { return Ok(None) };
    let Ok(wish) = wish(visit.locale, &offer.kinds(), &query) else { return Ok(None) };
    let Some(day) = pass::itinerary(&mut conn, &offer.places, &slots).await? else {
        return Ok(None);
    };
    let Ok(parties) = offer.parties_in(&wish, &day, local_date(app.store.now())) else {
        return Ok(None);
    };
    let alone = offer.totals(&wish, &day, local_date(app.store.now())).ok().map(|(_, alone)| alone);
    Ok(Some(Wanted { offer, wish, parties, day, alone }))
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let catalogue = app.catalogue().await?;
    let Some(wanted) = wanted(&app, &visit, &catalogue, &slug).await? else {
        return Ok(Redirect::to(&visit.link(&path(&slug))).into_response());
    };
    let form = Form::of_pairs(vec![
        (KEY.to_owned(), fresh_key()),
        ("language".to_owned(), visit.locale.code().to_owned()),
    ]);
    Ok(answer(&app, &visit, &wanted, &form, Problems::default()))
}

pub async fn book(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let Some(wanted) = wanted(&app, &visit, &catalogue, &slug).await? else {
        return Ok(see(&visit.link(&path(&slug))));
    };
    let (contact, answers) = match read(locale, &wanted.offer, &form) {
        Ok(read) => read,
        Err(problems) => return Ok(answer(&app, &visit, &wanted, &form, problems)),
    };
    let command = Book {
        catalogue: Arc::clone(&catalogue),
        pass: wanted.offer.pass.id,
        slots: wanted.day.iter().map(|slot| slot.id).collect(),
        party: wanted.wish.clone(),
        contact,
        locale: Locale::parse(form.text("language")).unwrap_or(locale),
        answers,
        form_key: form.key(),
    };
    let done = app.store.write("book pass", command, |tx, c| Box::pin(pass::book(tx, c))).await;
    match done {
        Ok(booking) => {
            let page = visit.link(&pass::manage_path(&booking));
            Ok(see(&format!("{page}?done=1")))
        }
        Err(PassError::NotOnSale) => Ok(see(&visit.link("/passes"))),
        Err(error) => {
            let options: Vec<_> = wanted.offer.places.iter().map(|place| place.option.id).collect();
            let mut problems = Problems::default();
            problems.add("times", trouble(locale, &catalogue, &options, error)?);
            Ok(answer(&app, &visit, &wanted, &form, problems))
        }
    }
}

/// Questions of a stop have names of their own: two workshops may ask under the same key.
fn prefix(at: usize) -> String {
    format!("q{at}.")
}

fn waiver(at: usize) -> String {
    format!("waiver{at}")
}

/// Contact and the answers for each stop; all that is wrong with them.
fn read(
    locale: Locale,
    offer: &Offer<'_>,
    form: &Form,
) -> Result<(Contact, Vec<Answers>), Problems> {
    let mut problems = Problems::default();
    let text = |name: &str| form.text(name);
    let contact = Contact::parse(text("name"), text("email"), text("phone"), text("notes"));
    let wrong = contact.as_ref().err().into_iter().flatten().cloned().collect::<Vec<_>>();
    tell(locale, 0, wrong, &mut problems);
    let mut answers = Vec::new();
    for (at, place) in offer.places.iter().enumerate() {
        let typed = form.under(&prefix(at));
        let agreed = form.has(&waiver(at));
        match Answers::parse(place.tour, QuestionScope::Booking, &typed, agreed) {
            Ok(read) => answers.push(read),
            Err(wrong) => tell(locale, at, wrong, &mut problems),
        }
    }
    match contact {
        Ok(contact) if problems.is_empty() => Ok((contact, answers)),
        _ => Err(problems),
    }
}

fn tell(locale: Locale, at: usize, wrong: Vec<Field>, problems: &mut Problems) {
    for field in wrong {
        match field {
            Field::Name => problems.add("name", t::book::name_missing(locale)),
            Field::Email => problems.add("email", t::book::email_wrong(locale)),
            Field::Phone => problems.add("phone", t::book::phone_wrong(locale)),
            Field::Notes => problems.add("notes", t::book::notes_long(locale)),
            Field::Answer(key) => {
                problems.add(format!("{}{key}", prefix(at)), t::book::answer_wrong(locale));
            }
            Field::Waiver => problems.add(waiver(at), t::book::waiver_missing(locale)),
        }
    }
}

fn answer(
    app: &App,
    visit: &Visit,
    wanted: &Wanted<'_>,
    form: &Form,
    problems: Problems,
) -> Response {
    let locale = visit.locale;
    let now = app.store.now();
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let offer = &wanted.offer;
    let steps = wanted.day.iter().zip(&offer.places).zip(&wanted.parties);
    let steps = steps
        .map(|((slot, place), party)| {
            let policy = policy_dates(locale, place.tour.policy, slot.starts_at, now);
            let policy = locale.writing().sentences(&policy);
            Step::new(visit, place, Some(slot)).with(view! {
                <PriceLines locale bill=Bill::of_party(party)/>
                <p class="price-note">{policy}</p>
            })
        })
        .collect();
    let day = itinerary(locale, steps, &offer.ways()).into_any();
    let date =
        wanted.day.first().map(|slot| format::sentence(&format::date(locale, slot.local_date)));
    let asks: Vec<AnyView> = offer
        .places
        .iter()
        .enumerate()
        .filter_map(|(at, place)| of_stop(locale, at, place, form, &problems))
        .collect();
    let whole = whole(locale, wanted).into_any();
    let (here, others) = (visit.link(&wanted.here()), visit.link(&wanted.others()));
    let times = problems.of("times");
    let times = (!times.is_empty()).then(|| {
        view! { <Notice tone=Tone::Bad title=times><p>{tp::nothing_booked(locale)}</p></Notice> }
    });
    let contact = contact(locale, form, &problems).into_any();
    let title = offer.pass.title.text(locale).to_owned();
    let (span, key) = (span(locale, &wanted.day), form.key());
    let agreed = crate::ui::consent::agreed(visit);
    private(Page::new(Head::private(tp::book_title(locale))).status(status).render(visit, move || {
        view! {
            <div class="wrap booking">
                <div class="booking-head">
                    <p class="kicker">{tp::book_title(locale)}</p>
                    <h1>{title}</h1>
                    <p class="lead">{date} {locale.writing().comma} {span}</p>
                </div>
                <form class="booking-main form" method="post" action=here novalidate>
                    <FormKey key/>
                    <div id="times">{times}</div>
                    <ErrorSummary locale problems=problems.clone()/>
                    {contact}
                    {asks}
                    <p>{tp::book_all_or_none(locale)}</p>
                    {agreed}
                    <div class="actions">
                        <button class="btn btn-primary btn-large" type="submit">{tp::book_now(locale)}</button>
                        <a class="btn btn-quiet" href=others>{icon("arrow-left")}{tp::change_times(locale)}</a>
                    </div>
                </form>
                <aside class="booking-aside summary" aria-labelledby="day-title">
                    <div class="summary-body">
                        <h2 class="summary-title" id="day-title">{tp::stops(locale)}</h2>
                        {day}
                        {whole}
                    </div>
                </aside>
            </div>
        }
    }))
}

fn whole(locale: Locale, wanted: &Wanted<'_>) -> impl IntoView + use<> {
    let total: Dong = wanted.parties.iter().map(Party::total).sum();
    let alone = wanted.alone.unwrap_or(total);
    let saved = (alone > total).then(
        || view! { <p class="pass-saved">{tp::saved(locale, (alone - total).display(locale))}</p> },
    );
    view! {
        <dl class="price-lines">
            <div class="price-total"><dt>{tp::total(locale)}</dt><dd>{total.display(locale)}</dd></div>
        </dl>
        {saved}
        <p class="price-note">{tp::pay_there(locale)}</p>
    }
}

fn contact(locale: Locale, form: &Form, problems: &Problems) -> impl IntoView + use<> {
    let value = |name: &str| form.text(name).to_owned();
    let error = |name: &str| problems.of(name);
    let languages = Locale::ALL.map(|l| (l.code().to_owned(), l.native_name().to_owned())).to_vec();
    view! {
        <div class="panel">
            <fieldset class="fieldset">
                <legend>{t::book::who_books(locale)}</legend>
                <TextField locale name="name" label=t::book::name(locale) value=value("name")
                    error=error("name") autocomplete="name" maxlength=120/>
                <TextField locale name="email" label=t::book::email(locale) kind="email" value=value("email")
                    error=error("email") hint=t::book::email_hint(locale) autocomplete="email" inputmode="email"/>
                <TextField locale name="phone" label=t::book::phone(locale) kind="tel" value=value("phone")
                    error=error("phone") hint=t::book::phone_hint(locale) autocomplete="tel" inputmode="tel" optional=true/>
                <Select locale name="language" label=t::book::letters_language(locale) options=languages value=value("language")/>
                <TextArea locale name="notes" label=t::book::notes(locale) value=value("notes") error=error("notes")
                    hint=t::book::notes_hint(locale) optional=true maxlength=2000/>
            </fieldset>
        </div>
    }
}

/// What one workshop asks, and its waiver; nothing where it asks nothing.
fn of_stop(
    locale: Locale,
    at: usize,
    place: &Place<'_>,
    form: &Form,
    problems: &Problems,
) -> Option<AnyView> {
    let tour = place.tour;
    let questions: Vec<_> = tour
        .questions
        .of(QuestionScope::Booking)
        .map(|asked| question(locale, &prefix(at), asked, form, problems))
        .collect();
    if questions.is_empty() && tour.waiver.is_none() {
        return None;
    }
    let name = waiver(at);
    let accept = tour.waiver.as_ref().map(|words| {
        view! {
            <p><b>{t::book::waiver_title(locale)}</b></p>
            <p>{own(words, locale)}</p>
            <Checkbox name=name.clone() label=t::book::waiver_accept(locale)
                checked=form.has(&name) required=true error=problems.of(&name)/>
        }
    });
    let panel = view! {
        <div class="panel">
            <fieldset class="fieldset">
                <legend>{tp::asks(locale, &place.workshop.name)}</legend>
                {questions}
                {accept}
            </fieldset>
        </div>
    };
    Some(panel.into_any())
}
