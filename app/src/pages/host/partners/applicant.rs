//! One who applied: what they wrote, the workshop's answer, the hours they did.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::catalogue::Workshop;
use engine::clock::local_date;
use engine::partner::{
    self, Applicant, ApplicantKind, ApplicantState, DayDone, Decide, Decision, HoursData,
    HoursInput, NoteHours, Placement, days_of, whole,
};
use engine::privacy::What;
use engine::{ApplicantId, Locale};
use leptos::prelude::*;

use super::{AtOne, refused, saved, trouble};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::pages::host::views;
use crate::render::Page;
use crate::t::partner as t;
use crate::ui::field::{ErrorSummary, Hidden, Radios, TextArea, TextField};
use crate::ui::format;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::partner as ui;

/// All that the page and the paper show.
pub struct Shown {
    pub shop: Workshop,
    pub it: Applicant,
    pub placement: Option<Placement>,
    pub days: Vec<DayDone>,
}

impl Shown {
    pub async fn load(app: &App, visit: &Visit, slug: &str, id: &str) -> Result<Shown, PageError> {
        let desk = Desk::open_as_owner(app, visit, slug).await?;
        let shop = desk.workshop()?.clone();
        let id: ApplicantId = id.parse().map_err(|_| PageError::NotFound)?;
        let mut conn = app.store.read().await?;
        let it = partner::applicant(&mut conn, &visit.actor, id).await.map_err(refused)?;
        if it.workshop_id != shop.id {
            return Err(PageError::NotFound);
        }
        let placement = match it.placement_id {
            Some(id) => partner::placement(&mut conn, id).await?,
            None => None,
        };
        let days = days_of(&mut conn, it.id).await?;
        drop(conn);
        views::note(app, visit, shop.id, What::Enquiry, it.id.to_string()).await?;
        Ok(Shown { shop, it, placement, days })
    }

    /// The placement's title, or what the study is about.
    pub fn what(&self, locale: Locale) -> String {
        self.placement
            .as_ref()
            .map_or_else(|| self.it.topic.clone(), |it| it.title.text(locale).to_owned())
    }

    /// Whether hours are noted of them.
    fn works(&self) -> bool {
        self.it.kind == ApplicantKind::Placement && self.it.state == ApplicantState::Accepted
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtOne,
) -> Result<Response, PageError> {
    let shown = Shown::load(&app, &visit, &slug, &id).await?;
    let today = local_date(app.store.now()).to_string();
    let begin = [
        ("version", shown.it.version.to_string()),
        ("decision", ApplicantState::Invited.to_string()),
        ("date", today),
    ];
    let form = Form::of_pairs(begin.map(|(name, value)| (name.to_owned(), value)).to_vec());
    Ok(answer(&visit, shown, form, Problems::default()))
}

/// The forms of the page: `act` says which.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtOne,
    form: Form,
) -> Result<Response, PageError> {
    let shown = Shown::load(&app, &visit, &slug, &id).await?;
    let (actor, applicant) = (visit.actor.clone(), shown.it.id);
    let locale = visit.locale;
    let text = |name: &str| form.text(name).to_owned();
    let (done, news, field) = match form.text("act") {
        "answer" => {
            let decision = match Decision::parse(form.text("decision"), form.text("words")) {
                Ok(decision) => decision,
                Err(wrongs) => {
                    let problems = ui::problems(locale, wrongs);
                    return Ok(answer(&visit, shown, form, problems));
                }
            };
            let version = form.text("version").parse().unwrap_or(0);
            let command = Decide { actor, applicant, version, decision };
            let done =
                app.store.write("decide", command, |tx, c| Box::pin(partner::decide(tx, c))).await;
            (done.map(drop), "answered", "words")
        }
        "hours" => {
            let placement = shown.placement.as_ref().ok_or(PageError::Invalid)?;
            let between = (placement.first_date, placement.last_date);
            let input = HoursInput { date: text("date"), hours: text("hours") };
            let today = local_date(app.store.now());
            let data = match HoursData::parse(&input, between, today) {
                Ok(data) => data,
                Err(wrongs) => {
                    let problems = ui::problems(locale, wrongs);
                    return Ok(answer(&visit, shown, form, problems));
                }
            };
            let command = NoteHours { actor, applicant, data };
            let done = app
                .store
                .write("note hours", command, |tx, c| Box::pin(partner::note_hours(tx, c)))
                .await;
            (done, "saved", "hours")
        }
        _ => return Err(PageError::Invalid),
    };
    match done {
        Ok(()) => {
            let page = at(&visit, &shown.shop, &format!("/applications/{applicant}"));
            Ok(see(&format!("{page}?done={news}")))
        }
        Err(error) => {
            let problems = trouble(locale, field, error)?;
            Ok(answer(&visit, shown, form, problems))
        }
    }
}

fn answer(visit: &Visit, shown: Shown, form: Form, problems: Problems) -> Response {
    let locale = visit.locale;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    let title = shown.it.name.clone();
    Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let visit = &inner;
        let shop = &shown.shop;
        let (back, name) = match shown.it.placement_id {
            Some(id) => (format!("/placements/{id}"), shown.what(locale)),
            None => ("/studies".to_owned(), t::studies_short(locale).to_owned()),
        };
        let back = at(visit, shop, &back);
        let action = at(visit, shop, &format!("/applications/{}", shown.it.id));
        let answers = shown.it.state != ApplicantState::Withdrawn && !shown.it.email.is_empty();
        let answers = answers.then(|| answers_form(locale, &action, &shown, &form, &problems));
        let hours = shown.works().then(|| hours(locale, &action, &shown, &form, &problems));
        let news = problems.is_empty().then(|| saved(visit));
        let reply = (!shown.it.reply.is_empty()).then(|| {
            view! {
                <figure class="stack-s">
                    <figcaption class="soft small">{t::last_answer(locale)}</figcaption>
                    <blockquote class="said">{shown.it.reply.clone()}</blockquote>
                </figure>
            }
        });
        let body = view! {
            {breadcrumb(locale, vec![(back, name)])}
            <h1>{title} " " {ui::state_badge(locale, &shown.it)}</h1>
            {news}
            <ErrorSummary locale problems=problems.clone()/>
            <dl class="pairs panel">{facts(locale, &shown)}</dl>
            {reply}
            {hours}
            {answers}
        };
        frame(visit, Some(shop), Tab::More, body)
    })
}

fn facts(locale: Locale, shown: &Shown) -> impl IntoView + use<> {
    let it = &shown.it;
    let what = match it.kind {
        ApplicantKind::Placement => t::placement(locale),
        ApplicantKind::Study => t::topic(locale),
    };
    let email = (!it.email.is_empty()).then(|| {
        let href = format!("mailto:{}", it.email);
        view! { <div><dt>{t::your_email(locale)}</dt><dd><a href=href>{it.email.clone()}</a></dd></div> }
    });
    let rows = [
        (what, shown.what(locale)),
        (t::organisation(locale), it.organisation.clone()),
        (t::words_of(locale), it.words.clone()),
        (t::received(locale), format::date_time(locale, it.created_at)),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(name, value)| view! { <div><dt>{name}</dt><dd class="said">{value}</dd></div> })
    .collect_view();
    view! { {rows} {email} }
}

fn answers_form(
    locale: Locale,
    action: &str,
    shown: &Shown,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let yes = match shown.it.kind {
        ApplicantKind::Placement => t::accept(locale),
        ApplicantKind::Study => t::accept_study(locale),
    };
    let options = [
        (ApplicantState::Invited, t::invite(locale)),
        (ApplicantState::Accepted, yes),
        (ApplicantState::Declined, t::turn_down(locale)),
    ]
    .map(|(state, words)| (state.to_string(), words.to_owned()))
    .to_vec();
    view! {
        <section class="panel" aria-labelledby="answer">
            <h2 class="panel-title" id="answer">{t::answer_by_letter(locale)}</h2>
            <form class="form" method="post" action=action.to_owned() novalidate>
                <Hidden name="act" value="answer"/>
                <Hidden name="version" value=shown.it.version.to_string()/>
                <Radios name="decision" label=t::decision(locale) options
                    value=form.text("decision").to_owned() error=problems.of("decision")/>
                <TextArea locale name="words" label=t::reply(locale) hint=t::reply_hint(locale) rows=4
                    maxlength=2000 value=form.text("words").to_owned() error=problems.of("words")/>
                <div class="actions"><button class="btn btn-primary">{t::send_answer(locale)}</button></div>
            </form>
        </section>
    }
}

fn hours(
    locale: Locale,
    action: &str,
    shown: &Shown,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let rows: Vec<_> = shown
        .days
        .iter()
        .map(|day| {
            view! {
                <tr>
                    <th scope="row">{format::sentence(&format::date(locale, day.on_date))}</th>
                    <td class="num">{ui::hours(locale, day.minutes)}</td>
                </tr>
            }
        })
        .collect();
    let total = ui::hours(locale, whole(&shown.days));
    let table = (!rows.is_empty()).then(|| {
        let paper = format!("{action}/paper");
        view! {
            <table class="table">
                <caption class="visually-hidden">{t::hours_done(locale)}</caption>
                <thead><tr>
                    <th scope="col">{t::date(locale)}</th>
                    <th scope="col" class="num">{t::hours(locale)}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
                <tfoot><tr><th scope="row">{t::total(locale)}</th><td class="num">{total}</td></tr></tfoot>
            </table>
            <p><a class="btn" href=paper>{t::paper(locale)}</a></p>
        }
    });
    view! {
        <section class="panel" aria-labelledby="hours-title">
            <h2 class="panel-title" id="hours-title">{t::hours_done(locale)}</h2>
            {table}
            <form class="form" method="post" action=action.to_owned() novalidate>
                <Hidden name="act" value="hours"/>
                <div class="field-row">
                    <TextField locale name="date" label=t::date(locale) kind="date"
                        value=form.text("date").to_owned() error=problems.of("date")/>
                    <TextField locale name="hours" label=t::hours(locale) hint=t::hours_hint(locale)
                        inputmode="decimal" short=true
                        value=form.text("hours").to_owned() error=problems.of("hours")/>
                </div>
                <div class="actions"><button class="btn">{t::note_day(locale)}</button></div>
            </form>
        </section>
    }
}
