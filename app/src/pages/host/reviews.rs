//! What guests say of the workshop: reading, answering, reporting.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::ReviewId;
use engine::clock::local_date;
use engine::review::{
    self, Answer, Decision, ForHost, MarkSeen, PAGE, Question, QuestionKind, Report, Review,
    ReviewState,
};
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame, see};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::review as t;
use crate::ui::field::{FieldError, Hidden};
use crate::ui::format;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::review as ui;

type At = Path<(String, String)>;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    answer(&app, &visit, &desk, Form::default(), Problems::default()).await
}

/// Forms of this page: `act` says which.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let (actor, workshop) = (visit.actor.clone(), desk.id());
    let store = &app.store;
    let id = || form.text("review").parse::<ReviewId>().map_err(|_| PageError::NotFound);
    let done = match form.text("act") {
        "seen" => {
            let command = MarkSeen { actor, workshop };
            let seen = store
                .write("mark reviews seen", command, |tx, c| Box::pin(review::mark_seen(tx, c)))
                .await;
            seen.map(|()| "seen".to_owned())
        }
        "answer" => {
            let words = form.text("reply").to_owned();
            let command = Answer { actor, workshop, review: id()?, words };
            let answered = store
                .write("answer review", command, |tx, c| Box::pin(review::answer(tx, c)))
                .await;
            answered.map(|review| format!("reply#review-{}", review.id))
        }
        "report" => {
            let (ground, words) = (form.text("ground").to_owned(), form.text("why").to_owned());
            let command = Report { actor, workshop, review: id()?, ground, words };
            let reported = store
                .write("report review", command, |tx, c| Box::pin(review::report(tx, c)))
                .await;
            reported.map(|()| "report".to_owned())
        }
        _ => return Err(PageError::NotFound),
    };
    match done {
        Ok(done) => Ok(see(&format!("{}?done={done}", at(&visit, desk.workshop()?, "/reviews")))),
        Err(error) => {
            let problems = ui::problems(visit.locale, error)?;
            answer(&app, &visit, &desk, form, problems).await
        }
    }
}

async fn answer(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    form: Form,
    problems: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let query = Form::of_query(&visit.query);
    let page: i64 =
        query.text("page").parse().ok().filter(|n| (1..=10_000).contains(n)).unwrap_or(1);
    let mut conn = app.store.read().await?;
    let listed =
        review::for_host(&mut conn, &visit.actor, desk.id(), ((page - 1) * PAGE, PAGE)).await;
    drop(conn);
    let ForHost { reviews, found, seen_at, new } = match listed {
        Ok(listed) => listed,
        Err(review::ReviewError::Store(error)) => return Err(error.into()),
        Err(_) => return Err(PageError::NotFound),
    };
    let shop = desk.workshop()?.clone();
    let action = at(visit, &shop, "/reviews");
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let rows: Vec<AnyView> = reviews
        .iter()
        .map(|(review, question)| {
            let about = desk.catalogue.tour(review.tour_id).map(|tour| {
                let href = visit.link(&format!("/tours/{}", tour.slug));
                (href, tour.title.text(locale).to_owned())
            });
            let unread = seen_at.is_none_or(|seen| review.written_at() > seen);
            let desk = Row { action: &action, owner: desk.owner, form: &form, problems: &problems };
            desk.view(visit, review, question.as_ref(), (about, unread, &shop.name))
        })
        .collect();
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::host_title(locale))).status(status).render(visit, move || {
        let done = match query.text("done") {
            "reply" => Some(t::done_reply(locale)),
            "report" => Some(t::done_report(locale)),
            "seen" => Some(t::done_seen(locale)),
            _ => None,
        };
        let done = done.map(|words| view! { <Notice tone=Tone::Good title=words/> });
        let trouble = problems.of("main");
        let trouble =
            (!trouble.is_empty()).then(|| view! { <Notice tone=Tone::Bad title=trouble/> });
        let news = if new > 0 {
            view! {
                <form class="actions" method="post" action=action.clone()>
                    <p><strong>{t::host_new(locale, new)}</strong></p>
                    <button class="btn" name="act" value="seen">{t::mark_read(locale)}</button>
                </form>
            }
            .into_any()
        } else {
            view! { <p class="soft">{t::host_none_new(locale)}</p> }.into_any()
        };
        let empty = rows.is_empty().then(|| view! { <p class="empty">{t::none(locale)}</p> });
        let pages = (found + PAGE - 1) / PAGE;
        let to = |page: i64| format!("{action}?page={page}");
        let newer =
            (page > 1).then(|| view! { <a class="btn" href=to(page - 1)>{t::newer(locale)}</a> });
        let older = (page < pages)
            .then(|| view! { <a class="btn" href=to(page + 1)>{t::older(locale)}</a> });
        let body = view! {
            <h1>{t::host_title(locale)}</h1>
            {done}
            {trouble}
            <p class="soft">
                {t::host_lead(locale)} " "
                <a href=inner.link("/reviews")>{t::rules_link(locale)}</a>
            </p>
            {news}
            {empty}
            <ul class="said-list">{rows}</ul>
            <div class="actions">{newer} {older}</div>
        };
        frame(&inner, Some(&shop), Tab::More, body)
    }))
}

/// What the forms of a review need.
struct Row<'a> {
    action: &'a str,
    owner: bool,
    /// The form that came back, should it be this review's.
    form: &'a Form,
    problems: &'a Problems,
}

impl Row<'_> {
    fn view(
        &self,
        visit: &Visit,
        review: &Review,
        question: Option<&Question>,
        (about, unread, house): (Option<(String, String)>, bool, &str),
    ) -> AnyView {
        let locale = visit.locale;
        let new = unread.then(
            || view! { <p><span class="badge" data-tone="indigo">{t::is_new(locale)}</span></p> },
        );
        let state = review.hidden_for.map(|ground| {
            view! { <p class="small">{t::was_hidden(locale, ui::ground(locale, ground))}</p> }
        });
        let mine = self.form.text("review") == review.id.to_string();
        let forms = self.owner.then(|| {
            let may_report = review.state == ReviewState::Shown
                && question.is_none_or(|asked| {
                    asked.decided_at.is_some_and(|at| at < review.written_at())
                });
            let report = may_report.then(|| self.report(visit, review, mine));
            view! { {self.reply(visit, review, mine)} {report} }
        });
        view! {
            <li class="stack">
                {new}
                {ui::one(locale, review, house, about)}
                {state}
                {question.map(|asked| history(visit, asked))}
                {forms}
            </li>
        }
        .into_any()
    }

    fn reply(&self, visit: &Visit, review: &Review, mine: bool) -> impl IntoView + use<> {
        let locale = visit.locale;
        let back = mine && self.form.text("act") == "answer";
        let value = if back { self.form.text("reply").to_owned() } else { review.reply.clone() };
        let error = if back { self.problems.of("reply") } else { String::new() };
        let id = format!("reply-{}", review.id);
        let area = area(&id, "reply", &value, &error);
        let action = self.action.to_owned();
        let review = review.id.to_string();
        view! {
            <details open=back>
                <summary>{t::reply(locale)}</summary>
                <form class="stack" method="post" action=action novalidate>
                    <Hidden name="review" value=review/>
                    <label for=id.clone()>{t::reply(locale)}</label>
                    <p class="field-hint">{t::reply_hint(locale)}</p>
                    {area}
                    <FieldError id=id text=error/>
                    <div><button class="btn btn-primary" name="act" value="answer">{t::reply_save(locale)}</button></div>
                </form>
            </details>
        }
    }

    fn report(&self, visit: &Visit, review: &Review, mine: bool) -> impl IntoView + use<> {
        let locale = visit.locale;
        let back = mine && self.form.text("act") == "report";
        let of = |name: &str| if back { self.problems.of(name) } else { String::new() };
        let (ground_error, why_error) = (of("ground"), of("why"));
        let why = if back { self.form.text("why").to_owned() } else { String::new() };
        let chosen = if back { self.form.text("ground").to_owned() } else { String::new() };
        let (select, id) = (format!("ground-{}", review.id), format!("why-{}", review.id));
        let area = area(&id, "why", &why, &why_error);
        let options = crate::ui::field::choices(ui::grounds(locale), &chosen);
        let action = self.action.to_owned();
        let review = review.id.to_string();
        view! {
            <details open=back>
                <summary>{t::report(locale)}</summary>
                <form class="stack" method="post" action=action novalidate>
                    <Hidden name="review" value=review/>
                    <p class="soft">{t::report_text(locale)}</p>
                    <label for=select.clone()>{t::report_ground(locale)}</label>
                    <select class="input" id=select.clone() name="ground">{options}</select>
                    <FieldError id=select text=ground_error/>
                    <label for=id.clone()>{t::report_words(locale)}</label>
                    {area}
                    <FieldError id=id text=why_error/>
                    <div><button class="btn" name="act" value="report">{t::report_go(locale)}</button></div>
                </form>
            </details>
        }
    }
}

/// Several lines of text with an id of their own, as there are many on the page. Leptos does not
/// escape what is in a text area.
fn area(id: &str, name: &'static str, value: &str, error: &str) -> impl IntoView + use<> {
    let text = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let describe = (!error.is_empty()).then(|| format!("{id}-error"));
    let invalid = (!error.is_empty()).then_some("true");
    view! {
        <textarea
            class="input"
            id=id.to_owned()
            name=name
            rows=3
            aria-invalid=invalid
            aria-describedby=describe
            inner_html=format!("\n{text}")
        />
    }
}

/// What became of the last question about it.
fn history(visit: &Visit, asked: &Question) -> impl IntoView + use<> {
    let locale = visit.locale;
    let day = |at| format::date(locale, local_date(at));
    let words = match (asked.kind, asked.decision, asked.decided_at) {
        (QuestionKind::Report, None, _) => Some(t::reported(locale, day(asked.created_at))),
        (QuestionKind::Appeal, None, _) => Some(t::appeal_open(locale).to_owned()),
        (_, Some(Decision::Shown), Some(at)) => Some(t::was_kept(locale, day(at))),
        _ => None,
    };
    words.map(|words| view! { <p class="small soft">{words}</p> })
}
