//! A party larger than the tour takes asks the workshop.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use engine::UnitId;
use engine::booking::enquiry::{self, Ask, EnquiryError, Wish, WishField};
use engine::booking::{BookingError, Contact, Field};
use engine::catalogue::{Tour, TourOption};
use engine::clock::local_date;
use leptos::prelude::*;

use super::booking::private;
use super::offer::address;
use crate::api::form::{Form, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::ui::field::{ErrorSummary, FormKey, Hidden, Select, TextArea, TextField};
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::trap;
use crate::{Locale, t};

type TourPath = Path<(String, String)>;

/// What the page needs besides the form.
struct Asked {
    tour: Tour,
    house: String,
    /// The first day that can be wished for.
    first: String,
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): TourPath,
) -> Result<Response, PageError> {
    let asked = load(&app, &slug).await?;
    let form = of_picker(&asked.tour, &Form::of_query(&visit.query));
    Ok(answer(&visit, asked, form, fresh_key(), Problems::default()))
}

async fn load(app: &App, slug: &str) -> Result<Asked, PageError> {
    let catalogue = app.catalogue().await?;
    let tour = catalogue.tour_by_slug(slug).filter(|tour| tour.published);
    let tour = tour.ok_or(PageError::NotFound)?;
    let (tour, workshop, _) = catalogue.place(tour.id).ok_or(PageError::NotFound)?;
    let first = local_date(app.store.now()) + chrono::Days::new(1);
    Ok(Asked { tour: tour.clone(), house: workshop.name.clone(), first: first.to_string() })
}

/// What the slot picker (or an earlier enquiry) knows already: option, day, people.
fn of_picker(tour: &Tour, query: &Form) -> Form {
    let option = |option: &&TourOption| option.slug == query.text("option");
    let option = tour.open_options().find(option).map(|option| option.id.to_string());
    let counted: i64 = query
        .pairs()
        .filter_map(|(name, count)| {
            let id: UnitId = name.parse().ok()?;
            let mut units = tour.open_options().flat_map(TourOption::open_units);
            let unit = units.find(|unit| unit.id == id)?;
            Some(i64::from(unit.seats.max(1)).saturating_mul(count.trim().parse().ok()?))
        })
        .fold(0, i64::saturating_add);
    let people = match query.text("people") {
        // A party that could book at once is not the one that asks.
        "" if counted > i64::from(tour.max_party) => counted.to_string(),
        typed => typed.to_owned(),
    };
    Form::of_pairs(vec![
        ("option".into(), option.unwrap_or_default()),
        ("date".into(), query.text("date").to_owned()),
        ("people".into(), people),
    ])
}

pub async fn ask(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): TourPath,
    form: Form,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let asked = load(&app, &slug).await?;
    let typed = |name| form.text(name);
    let today = local_date(app.store.now());
    let wish = Wish::parse(typed("people"), typed("date"), typed("organisation"), today);
    let contact = Contact::parse(typed("name"), typed("email"), typed("phone"), typed("message"));
    let key = form.key();
    let mut found = problems(
        locale,
        wish.as_ref().err().map_or(&[], Vec::as_slice),
        contact.as_ref().err().map_or(&[], Vec::as_slice),
    );
    if asked.tour.by_application() && typed("message").trim().is_empty() {
        // The workshop chooses by what an applicant says.
        found.add("message", t::course::error_why(locale));
    }
    trap::look(locale, &form, &mut found);
    let (Ok(wish), Ok(contact), true) = (wish, contact, found.is_empty()) else {
        return Ok(answer(&visit, asked, form, key, found));
    };
    let command = Ask {
        catalogue: app.catalogue().await?,
        tour: asked.tour.id,
        option: typed("option").parse().ok(),
        wish,
        contact,
        locale,
        form_key: key,
    };
    match app.store.write("ask", command, |tx, command| Box::pin(enquiry::ask(tx, command))).await {
        Ok(enquiry) => Ok(Redirect::to(&address(&visit, &enquiry)).into_response()),
        Err(EnquiryError::Store(error) | EnquiryError::Booking(BookingError::Store(error))) => {
            Err(error.into())
        }
        // The tour left the catalogue while the form was filled in.
        Err(_) => Err(PageError::NotFound),
    }
}

fn problems(locale: Locale, wish: &[WishField], contact: &[Field]) -> Problems {
    let mut problems = Problems::default();
    for field in wish {
        match field {
            WishField::People => problems.add("people", t::enquiry::error_people(locale)),
            WishField::Date => problems.add("date", t::enquiry::error_date(locale)),
            WishField::Organisation => {
                problems.add("organisation", t::enquiry::error_organisation(locale));
            }
        }
    }
    if contact.contains(&Field::Notes) {
        problems.add("message", t::enquiry::error_message(locale));
    }
    let contact = contact.iter().filter(|field| **field != Field::Notes).cloned();
    for (field, message) in super::details::problems(locale, contact).iter() {
        problems.add(field, message);
    }
    problems
}

fn answer(visit: &Visit, asked: Asked, form: Form, key: String, problems: Problems) -> Response {
    let locale = visit.locale;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let Asked { tour, house, first } = asked;
    let applies = tour.by_application();
    let title = if applies {
        t::course::apply_title(locale, tour.title.text(locale))
    } else {
        t::enquiry::title(locale, i64::from(tour.max_party))
    };
    let tour_page = visit.link(&format!("/tours/{}", tour.slug));
    let action = format!("{tour_page}/enquiry");
    let head = Head::private(title.clone());
    let agreed = crate::ui::consent::agreed(visit);
    private(Page::new(head).status(status).render(visit, move || {
        let (value, error) = (|name: &str| form.text(name).to_owned(), |name: &str| problems.of(name));
        let mut options = vec![(String::new(), t::enquiry::any_option(locale).to_owned())];
        options.extend(tour.open_options().map(|option| {
            (option.id.to_string(), option.title.text(locale).to_owned())
        }));
        let option = (options.len() > 2).then(|| {
            view! {
                <Select locale name="option" label=t::enquiry::option(locale) options=options
                    value=value("option") optional=true/>
            }
        });
        let lead = if applies {
            view! { <p class="lead">{t::course::apply_lead(locale, house)}</p> }.into_any()
        } else {
            view! {
                <p class="lead">{t::enquiry::lead(locale, house)}</p>
                <p class="small">
                    {t::enquiry::small_party(locale)} " "
                    <a href=format!("{tour_page}#book")>{t::enquiry::choose_slot(locale)}</a> {locale.writing().stop}
                </p>
            }
            .into_any()
        };
        let wish = if applies {
            view! {
                <fieldset class="fieldset">
                    <legend>{t::course::apply_wish(locale)}</legend>
                    <Hidden name="people" value="1"/>
                    <TextArea locale name="message" label=t::course::apply_why(locale) rows=6
                        hint=t::course::apply_why_hint(locale) maxlength=2000
                        value=value("message") error=error("message")/>
                    <TextField locale name="date" label=t::course::apply_from(locale) kind="date"
                        min=first value=value("date") error=error("date")/>
                    {option}
                </fieldset>
            }
            .into_any()
        } else {
            view! {
                <fieldset class="fieldset">
                    <legend>{t::enquiry::wish(locale)}</legend>
                    <div class="field-row">
                        <TextField locale name="people" label=t::enquiry::people(locale) kind="number"
                            inputmode="numeric" min="1" max="999" value=value("people") error=error("people")/>
                        <TextField locale name="date" label=t::enquiry::date(locale) kind="date"
                            min=first value=value("date") error=error("date")/>
                    </div>
                    {option}
                    <TextField locale name="organisation" label=t::enquiry::organisation(locale)
                        autocomplete="organization" maxlength=120 optional=true
                        value=value("organisation") error=error("organisation")/>
                    <TextArea locale name="message" label=t::enquiry::message(locale) rows=4
                        hint=t::enquiry::message_hint(locale) maxlength=2000 optional=true
                        value=value("message") error=error("message")/>
                </fieldset>
            }
            .into_any()
        };
        let send = if applies { t::course::apply_send(locale) } else { t::enquiry::send(locale) };
        let trail = vec![(tour_page.clone(), tour.title.text(locale).to_owned())];
        view! {
            <div class="solo">
                {breadcrumb(locale, trail)}
                <div class="stack-s">
                    <h1>{title}</h1>
                    {lead}
                </div>
                <form class="form panel" method="post" action=action novalidate>
                    <ErrorSummary locale problems=problems.clone()/>
                    <FormKey key/>
                    {wish}
                    <fieldset class="fieldset">
                        <legend>{t::enquiry::who_asks(locale)}</legend>
                        <TextField locale name="name" label=t::enquiry::name(locale) autocomplete="name"
                            maxlength=120 value=value("name") error=error("name")/>
                        <TextField locale name="email" label=t::enquiry::email(locale) kind="email"
                            autocomplete="email" inputmode="email" hint=t::enquiry::email_hint(locale)
                            value=value("email") error=error("email")/>
                        <TextField locale name="phone" label=t::enquiry::phone(locale) kind="tel"
                            autocomplete="tel" inputmode="tel" optional=true
                            value=value("phone") error=error("phone")/>
                    </fieldset>
                    {trap::field(locale, &form, &problems)}
                    {agreed}
                    <button class="btn btn-primary btn-large" type="submit">{send}</button>
                </form>
            </div>
        }
    }))
}
