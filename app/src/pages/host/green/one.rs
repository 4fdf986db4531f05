//! One measure: the form of its next figure, and everything that was entered.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use engine::catalogue::Tour;
use engine::clock::local_date;
use engine::green::reckon::{Counted, counted};
use engine::green::{
    self, Enter, EntryData, EntryInput, Field, GreenError, Kept, Measure, Period, Standing,
    Withdraw, Wrong, newest, standing,
};
use engine::{GreenEntryId, Locale, Localized};
use leptos::prelude::*;

use super::super::frame::{Desk, Tab, at, frame, see};
use super::{of_query, refused, tour_of};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::green as t;
use crate::ui::field::ErrorSummary;
use crate::ui::format;
use crate::ui::green as ui;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

mod sheet;

type At = Path<(String, String, String)>;

/// Whose measure it is.
#[derive(Debug, Clone, Copy)]
struct Of<'a> {
    desk: &'a Desk,
    tour: Option<&'a Tour>,
    measure: Measure,
}

impl<'a> Of<'a> {
    fn read(desk: &'a Desk, tour: &str, measure: &str) -> Result<Of<'a>, PageError> {
        let measure = Measure::parse(measure).ok_or(PageError::NotFound)?;
        let tour = tour_of(desk, tour)?;
        if tour.is_some() && !measure.of_tours() {
            return Err(PageError::NotFound);
        }
        Ok(Of { desk, tour, measure })
    }

    /// The address of the page.
    fn page(&self, visit: &Visit) -> Result<String, PageError> {
        Ok(at(visit, self.desk.workshop()?, &format!("/green/{}", self.measure)))
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, measure)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let query = Form::of_query(&visit.query);
    let of = Of::read(&desk, query.text("tour"), &measure)?;
    answer(&app, &visit, of, None, Problems::default()).await
}

/// Forms of this page: `act` says which.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, measure)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let of = Of::read(&desk, form.text("tour"), &measure)?;
    let (actor, workshop) = (visit.actor.clone(), desk.id());
    let done = match form.text("act") {
        "enter" => {
            let today = local_date(app.store.now());
            match EntryData::parse(of.measure, &input_of(&form), today) {
                Ok(data) => {
                    let tour = of.tour.map(|tour| tour.id);
                    let command = Enter { actor, workshop, tour, data, form_key: form.key() };
                    let write = app
                        .store
                        .write("green enter", command, |tx, c| Box::pin(green::enter(tx, c)));
                    write.await.map(|_| "saved")
                }
                Err(error) => Err(error),
            }
        }
        "withdraw" => {
            let entry = form.text("entry").parse::<GreenEntryId>();
            let entry = entry.map_err(|_| PageError::NotFound)?;
            let command = Withdraw { actor, workshop, entry };
            let write = app
                .store
                .write("green withdraw", command, |tx, c| Box::pin(green::withdraw(tx, c)));
            write.await.map(|()| "withdrawn")
        }
        _ => return Err(PageError::NotFound),
    };
    match done {
        Ok(done) => {
            let query = of_query(of.tour);
            let mark = if query.is_empty() { "?" } else { "&" };
            Ok(see(&format!("{}{query}{mark}done={done}", of.page(&visit)?)))
        }
        Err(GreenError::Fields(wrongs)) => {
            let mut problems = Problems::default();
            for (field, wrong) in wrongs {
                problems.add(name(field), said(visit.locale, wrong));
            }
            answer(&app, &visit, of, Some(form), problems).await
        }
        Err(error) => Err(refused(error)),
    }
}

fn input_of(form: &Form) -> EntryInput {
    let text = |name: &str| form.text(name).to_owned();
    let both = |name: &str| Localized {
        vi: text(&format!("{name}_{}", Locale::Vi)),
        en: text(&format!("{name}_{}", Locale::En)),
    };
    EntryInput {
        way: text("way"),
        value: text("value"),
        fuel: text("fuel"),
        done: text("done"),
        within_km: text("within_km"),
        practice: both("practice"),
        period: text("period"),
        known: text("known"),
        source: both("source"),
        total: text("total"),
        own: text("own"),
        counted: text("counted"),
    }
}

fn name(field: Field) -> String {
    match field {
        Field::Way => "way".to_owned(),
        Field::Value => "value".to_owned(),
        Field::Fuel => "fuel".to_owned(),
        Field::Done => "done".to_owned(),
        Field::WithinKm => "within_km".to_owned(),
        Field::Practice(locale) => format!("practice_{locale}"),
        Field::Period => "period".to_owned(),
        Field::Known => "known".to_owned(),
        Field::Source(locale) => format!("source_{locale}"),
        Field::Total => "total".to_owned(),
        Field::Own => "own".to_owned(),
        Field::Counted => "counted".to_owned(),
    }
}

fn said(locale: Locale, wrong: Wrong) -> String {
    let count = |n| format::number(locale, n);
    match wrong {
        Wrong::Missing => t::wrong_missing(locale).to_owned(),
        Wrong::Choice => t::wrong_choice(locale).to_owned(),
        Wrong::TooLong { most } => t::wrong_long(locale, i64::try_from(most).unwrap_or(i64::MAX)),
        Wrong::Number { most } => t::wrong_number(locale, count(most)),
        Wrong::Whole { least, most } => t::wrong_whole(locale, count(least), count(most)),
        Wrong::NoPieces => t::wrong_pieces(locale).to_owned(),
        Wrong::NoGuests => t::wrong_guests(locale).to_owned(),
        Wrong::MoreThanCame { came, known } => t::wrong_more(locale, count(came), count(known)),
    }
}

/// What a new form begins with: how the last figure was known and what its source was.
fn begun(measure: Measure, kept: &[Kept], today: NaiveDate) -> Form {
    let last = newest(kept.iter().map(|kept| &kept.entry));
    let mut pairs = vec![("period".to_owned(), Period::usual(measure, today).to_string())];
    let mut add = |name: &str, value: String| pairs.push((name.to_owned(), value));
    let reckoned = last.is_some_and(|entry| entry.basis.is_some());
    add("way", if reckoned { "reckoned" } else { "said" }.to_owned());
    if let Some(entry) = last {
        add("known", entry.known.to_string());
        add("source_vi", entry.source.vi.clone());
        add("source_en", entry.source.en.clone());
        add("practice_vi", entry.practice.vi.clone());
        add("practice_en", entry.practice.en.clone());
        add("within_km", entry.within_km.map(|km| km.to_string()).unwrap_or_default());
        add("fuel", entry.fuel.map(|fuel| fuel.to_string()).unwrap_or_default());
        let done = entry.done.map(|done| if done { "yes" } else { "no" });
        add("done", done.unwrap_or_default().to_owned());
    }
    Form::of_pairs(pairs)
}

async fn answer(
    app: &App,
    visit: &Visit,
    of: Of<'_>,
    typed: Option<Form>,
    problems: Problems,
) -> Result<Response, PageError> {
    let (locale, today) = (visit.locale, local_date(app.store.now()));
    let whose = (of.desk.id(), of.tour.map(|tour| tour.id));
    let mut conn = app.store.read().await?;
    let kept = green::history(&mut conn, &visit.actor, whose, of.measure).await.map_err(refused)?;
    let form = typed.unwrap_or_else(|| begun(of.measure, &kept, today));
    let period = Period::parse(form.text("period"))
        .filter(|period| Period::open(of.measure, today).contains(period))
        .unwrap_or_else(|| Period::usual(of.measure, today));
    let knows = counted(&mut conn, whose, of.measure, period).await?;
    drop(conn);
    let knows = knows.map(|counted| {
        let period = ui::period(locale, period);
        match counted {
            Counted::Pieces(n) => t::known_pieces(locale, n, period),
            Counted::Guests { came, known } => t::known_guests(
                locale,
                format::number(locale, came),
                format::number(locale, known),
                period,
            ),
        }
    });
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (shop, here) = (of.desk.workshop()?.clone(), of.page(visit)?);
    let all = format!("{}{}", at(visit, &shop, "/green"), of_query(of.tour));
    let slug = of.tour.map(|tour| tour.slug.clone()).unwrap_or_default();
    let title = ui::name(of.measure)(locale);
    let whose = of.tour.map(|tour| crate::ui::prose::own(&tour.title, locale));
    let whose = whose.unwrap_or_else(|| t::whole(locale).into_any());
    let history = history((locale, today), &kept, &here, &slug);
    let measure = of.measure;
    let inner = visit.clone();
    Ok(Page::new(Head::host(title)).status(status).render(visit, move || {
        let news = match Form::of_query(&inner.query).text("done") {
            "saved" => Some(t::saved(locale)),
            "withdrawn" => Some(t::withdrawn(locale)),
            _ => None,
        };
        let news = news
            .filter(|_| problems.is_empty())
            .map(|words| view! { <Notice tone=Tone::Good title=words/> });
        let sheet = sheet::Sheet { locale, measure, form: &form, problems: &problems, today };
        let fields = sheet.view(knows.as_deref());
        let body = view! {
            <p class="kicker"><a href=all>{t::back(locale)}</a> " · " {whose}</p>
            <h1>{title}</h1>
            <p class="lead">{ui::meaning(locale, measure)}</p>
            {news}
            <ErrorSummary locale problems=problems.clone()/>
            <form class="form panel" method="post" action=here novalidate aria-labelledby="enter">
                <h2 class="panel-title" id="enter">{t::enter(locale)}</h2>
                {sheet::hidden(&form, &slug)}
                {fields}
                <div>
                    <button class="btn btn-primary" name="act" value="enter">{t::save(locale)}</button>
                </div>
            </form>
            {history}
        };
        frame(&inner, Some(&shop), Tab::More, body)
    }))
}

/// Everything that was entered, with who did; what was wrong can be taken back.
fn history(
    (locale, today): (Locale, NaiveDate),
    kept: &[Kept],
    page: &str,
    tour: &str,
) -> Option<AnyView> {
    if kept.is_empty() {
        return None;
    }
    let counts = newest(kept.iter().map(|kept| &kept.entry)).map(|entry| entry.id);
    let items = kept
        .iter()
        .map(|kept| {
            let entry = &kept.entry;
            let day = format::date(locale, local_date(entry.entered_at));
            let by = match &kept.by {
                Some(name) => t::by(locale, day, name),
                None => t::by_nobody(locale, day),
            };
            let period = ui::period(locale, entry.period);
            let facts = [period.clone(), ui::known(locale, entry.known).to_owned(), by].join(" · ");
            let basis =
                entry.basis.map(|from| view! { <p class="small">{ui::basis(locale, from)}</p> });
            let badge = match entry.withdrawn_at {
                Some(_) => Some(t::taken_back(locale)),
                None if Some(entry.id) == counts => {
                    Some(match standing(entry.period.last(), today) {
                        Standing::Fresh => t::shown(locale),
                        Standing::NotRenewed => t::not_renewed(locale),
                        Standing::Past => t::past(locale),
                    })
                }
                None => None,
            };
            let badge = badge.map(|words| view! { <span class="badge">{words}</span> });
            let take_back = entry
                .withdrawn_at
                .is_none()
                .then(|| sheet::take_back(locale, page, tour, entry.id.to_string(), period));
            view! {
                <li class="entry">
                    <div class="stack-s">
                        <h3 class="entry-title">{ui::value(locale, entry)} " " {badge}</h3>
                        <p class="small soft">{facts}</p>
                        {ui::practice(locale, entry)}
                        {ui::source(locale, entry)}
                        {basis}
                    </div>
                    {take_back}
                </li>
            }
        })
        .collect_view();
    Some(
        view! {
            <section class="stack" aria-labelledby="history">
                <h2 id="history">{t::history(locale)}</h2>
                <ul class="entry-list">{items}</ul>
            </section>
        }
        .into_any(),
    )
}
