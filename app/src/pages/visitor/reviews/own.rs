//! A guest's review of a visit, by the link of the booking.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use engine::Locale;
use engine::booking::Booking;
use engine::clock::local_date;
use engine::review::{
    self, Language, MAX_NAME, MAX_WORDS, Review, ReviewData, ReviewInput, ReviewState, Save,
    Signed, Standing, Withdraw, first_name,
};
use leptos::prelude::*;

use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::booking::{Link, Opened, address, open, private, see};
use crate::render::Page;
use crate::t::review as t;
use crate::ui::field::{ErrorSummary, Hidden, Radios, Select, TextArea, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};
use crate::ui::review as ui;

pub async fn page(State(app): State<App>, visit: Visit, link: Link) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    let standing = standing(&app, &opened.booking).await?;
    let form = match &standing {
        Standing::Written(review) => filled(review),
        Standing::Open | Standing::No => begun(visit.locale, &opened.booking),
    };
    Ok(answer(&visit, &opened, &standing, form, Problems::default()))
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    link: Link,
    form: Form,
) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    let booking = opened.booking.id;
    let here = address(&visit, &opened.booking, "/rating");
    let done = if form.text("act") == "withdraw" {
        let command = Withdraw { booking };
        let done = app
            .store
            .write("withdraw review", command, |tx, c| Box::pin(review::withdraw(tx, c)))
            .await;
        done.map(|()| format!("{here}?done=withdrawn"))
    } else {
        let text = |name: &str| form.text(name).to_owned();
        let input = ReviewInput {
            stars: text("stars"),
            words: text("words"),
            signed: text("signed"),
            name: text("name"),
            language: text("language"),
        };
        match ReviewData::parse(&input) {
            Ok(data) => {
                let command = Save { booking, data };
                let saved = app
                    .store
                    .write("save review", command, |tx, c| Box::pin(review::save(tx, c)))
                    .await;
                saved.map(|_| format!("{here}?done=saved"))
            }
            Err(error) => Err(error),
        }
    };
    match done {
        Ok(to) => Ok(see(&to)),
        Err(error) => {
            let problems = ui::problems(visit.locale, error)?;
            let standing = standing(&app, &opened.booking).await?;
            Ok(answer(&visit, &opened, &standing, form, problems))
        }
    }
}

async fn standing(app: &App, booking: &Booking) -> Result<Standing, PageError> {
    let mut conn = app.store.read().await?;
    let written = review::of_booking(&mut conn, booking.id).await?;
    Ok(review::standing(booking, written))
}

/// What a new form proposes.
fn begun(locale: Locale, booking: &Booking) -> Form {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Form::of_pairs(vec![
        pair("signed", Signed::Name.word()),
        pair("name", first_name(&booking.name, booking.locale)),
        pair("language", locale.code()),
    ])
}

/// What was written before.
fn filled(review: &Review) -> Form {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Form::of_pairs(vec![
        pair("stars", &review.stars.to_string()),
        pair("words", &review.words),
        pair("signed", review.signed.word()),
        pair("name", review.name.trim_end_matches('.')),
        pair("language", review.language.word()),
    ])
}

/// The way here from the booking's page; None for a visit of which nothing can be said.
pub fn way(visit: &Visit, booking: &Booking, written: Option<Review>) -> Option<AnyView> {
    let locale = visit.locale;
    let words = match review::standing(booking, written) {
        Standing::No => return None,
        Standing::Open => t::write(locale),
        Standing::Written(_) => t::mine(locale),
    };
    let href = address(visit, booking, "/rating");
    Some(
        view! { <p class="no-print"><a class="btn btn-primary" href=href>{icon("star")}{words}</a></p> }
            .into_any(),
    )
}

fn answer(
    visit: &Visit,
    opened: &Opened,
    standing: &Standing,
    form: Form,
    problems: Problems,
) -> Response {
    let locale = visit.locale;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let written = match standing {
        Standing::Written(review) => Some(review.clone()),
        Standing::Open | Standing::No => None,
    };
    let title = if written.is_some() { t::mine_title(locale) } else { t::write_title(locale) };
    let tour = opened.visited.tour.title.text(locale).to_owned();
    let back = vec![(address(visit, &opened.booking, ""), tour)];
    let action = address(visit, &opened.booking, "/rating");
    let tour_page = visit.link(&format!("/tours/{}#reviews", opened.visited.tour.slug));
    let rules = visit.link("/reviews");
    let news = Form::of_query(&visit.query);
    let saved = news.text("done") == "saved";
    let now = opened.now;
    let resold = opened.booking.contract_id.is_some();
    let open = matches!(standing, Standing::Open);
    let page = Page::new(Head::private(title)).status(status);
    private(page.render(visit, move || {
        let trouble = problems.of("main");
        let trouble =
            (!trouble.is_empty()).then(|| view! { <Notice tone=Tone::Bad title=trouble/> });
        let state =
            written.as_ref().map(|review| state(locale, review, (saved, now), tour_page.clone()));
        let none = (!open && written.is_none()).then(|| {
            let words = if resold { t::resold(locale) } else { t::not_come(locale) };
            view! { <p>{words}</p> }
        });
        let editable = written.as_ref().map_or(open, |review| review.is_editable(now));
        let fields = editable.then(|| fields(locale, &action, &form, &problems, written.is_some()));
        let read =
            written.as_ref().filter(|review| !editable && review.state != ReviewState::Withdrawn);
        let read = read.map(|review| {
            view! { <div class="panel">{ui::one(locale, review, "", None)}</div> }
        });
        let back_again = written
            .as_ref()
            .filter(|review| review.state != ReviewState::Withdrawn)
            .map(|_| take_back(locale, &action));
        view! {
            <div class="wrap-narrow stack-l section-tight">
                {breadcrumb(locale, back)}
                <h1>{title}</h1>
                {trouble}
                {state}
                {none}
                {open.then(|| view! { <p class="lead">{t::write_lead(locale)}</p> })}
                {fields}
                {read}
                {back_again}
                <p class="small soft"><a href=rules>{t::rules_link(locale)}</a></p>
            </div>
        }
    }))
}

/// How it stands with what was written.
fn state(
    locale: Locale,
    review: &Review,
    (saved, now): (bool, chrono::DateTime<chrono::Utc>),
    tour_page: String,
) -> AnyView {
    match (review.state, review.hidden_for) {
        (ReviewState::Withdrawn, _) => view! {
            <Notice tone=Tone::Info title=t::withdrawn_title(locale)>
                <p>{t::withdrawn_text(locale)}</p>
            </Notice>
        }
        .into_any(),
        (ReviewState::Hidden, Some(ground)) => {
            let text = if saved {
                t::saved_hidden(locale).to_owned()
            } else {
                t::hidden_text(locale, ui::because(locale, ground))
            };
            view! { <Notice tone=Tone::Warn title=t::hidden_title(locale)><p>{text}</p></Notice> }
                .into_any()
        }
        _ => {
            let saved = saved.then(|| view! { <Notice tone=Tone::Good title=t::saved(locale)/> });
            let until = if review.is_editable(now) {
                let day = format::date(locale, local_date(review.editable_until()));
                t::editable_until(locale, day)
            } else {
                t::not_editable(locale).to_owned()
            };
            view! {
                {saved}
                <p>{until} " " <a href=tour_page>{t::see_page(locale)}</a></p>
            }
            .into_any()
        }
    }
}

fn fields(
    locale: Locale,
    action: &str,
    form: &Form,
    problems: &Problems,
    written: bool,
) -> impl IntoView + use<> {
    let value = |name: &str| form.text(name).to_owned();
    let choice = |word: &str, words: &str| (word.to_owned(), words.to_owned());
    let stars = vec![
        choice("5", t::star_5(locale)),
        choice("4", t::star_4(locale)),
        choice("3", t::star_3(locale)),
        choice("2", t::star_2(locale)),
        choice("1", t::star_1(locale)),
    ];
    let signed = vec![
        choice("name", t::signed_name(locale)),
        choice("initial", t::signed_initial(locale)),
        choice("guest", t::signed_guest(locale)),
    ];
    let languages =
        Language::ALL.iter().map(|each| choice(each.word(), each.native_name())).collect();
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let go = if written { t::save_changes(locale) } else { t::save(locale) };
    let by_field = {
        let mut of_fields = Problems::default();
        for (field, message) in problems.iter().filter(|(field, _)| *field != "main") {
            of_fields.add(field, message);
        }
        of_fields
    };
    view! {
        <form class="form panel" method="post" action=action.to_owned() novalidate>
            <ErrorSummary locale problems=by_field/>
            <Hidden name="act" value="save"/>
            <Radios name="stars" label=t::choose_stars(locale) options=stars value=value("stars")
                error=problems.of("stars")/>
            <TextArea locale name="words" label=t::words(locale) hint=t::words_hint(locale) rows=6
                maxlength=number(MAX_WORDS) value=value("words") error=problems.of("words")/>
            <Select locale name="language" label=t::language(locale) options=languages
                value=value("language") error=problems.of("language")/>
            <Radios name="signed" label=t::signed(locale) options=signed value=value("signed")
                error=problems.of("signed")/>
            <TextField locale name="name" label=t::name(locale) hint=t::name_hint(locale)
                maxlength=number(MAX_NAME) optional=true value=value("name")
                error=problems.of("name")/>
            <div class="actions">
                <button class="btn btn-primary btn-large" type="submit">{go}</button>
            </div>
        </form>
    }
}

/// Asked in a fold of its own, because it is for good.
fn take_back(locale: Locale, action: &str) -> impl IntoView + use<> {
    view! {
        <details class="panel">
            <summary>{t::take_back(locale)}</summary>
            <form class="stack" method="post" action=action.to_owned()>
                <Hidden name="act" value="withdraw"/>
                <p>{t::take_back_text(locale)}</p>
                <div><button class="btn btn-danger" type="submit">{t::take_back_go(locale)}</button></div>
            </form>
        </details>
    }
}
