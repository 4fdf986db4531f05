//! Reviews that were reported, or that ask to be shown again.

use axum::extract::State;
use axum::response::Response;
use engine::catalogue::Catalogue;
use engine::clock::local_date;
use engine::review::{self, Asked, Decide, Decision, Ground, QuestionKind, ReviewError, Verdict};
use engine::{Locale, ReportId};
use leptos::prelude::*;

use super::frame::{Part, admitted, frame};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::see;
use crate::render::Page;
use crate::t::review as t;
use crate::ui::field::Hidden;
use crate::ui::format;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::review as ui;

pub async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    admitted(&visit)?;
    answer(&app, &visit, None).await
}

pub async fn decide(
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, PageError> {
    admitted(&visit)?;
    let question: ReportId = form.text("question").parse().map_err(|_| PageError::NotFound)?;
    let verdict = match form.text("act") {
        "show" => Verdict::Show,
        "hide" => match Ground::parse(form.text("ground")) {
            Some(ground) => Verdict::Hide(ground),
            None => return answer(&app, &visit, Some(t::error_choice(visit.locale))).await,
        },
        _ => return Err(PageError::NotFound),
    };
    let command = Decide { actor: visit.actor.clone(), question, verdict };
    let done =
        app.store.write("decide review", command, |tx, c| Box::pin(review::decide(tx, c))).await;
    match done {
        Ok(_) => Ok(see(&visit.link("/office/reviews"))),
        Err(ReviewError::Decided) => {
            answer(&app, &visit, Some(t::error_decided(visit.locale))).await
        }
        Err(ReviewError::Store(error)) => Err(error.into()),
        Err(_) => Err(PageError::NotFound),
    }
}

async fn answer(
    app: &App,
    visit: &Visit,
    trouble: Option<&'static str>,
) -> Result<Response, PageError> {
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let refused = |error| match error {
        ReviewError::Store(error) => PageError::from(error),
        _ => PageError::NotFound,
    };
    let open = review::queue(&mut conn, &visit.actor, false).await.map_err(refused)?;
    let decided = review::queue(&mut conn, &visit.actor, true).await.map_err(refused)?;
    drop(conn);
    let locale = visit.locale;
    let action = visit.link("/office/reviews");
    let inner = visit.clone();
    let status = match trouble {
        Some(_) => axum::http::StatusCode::UNPROCESSABLE_ENTITY,
        None => axum::http::StatusCode::OK,
    };
    let page = Page::new(Head::host(t::office_title(locale))).status(status);
    Ok(page.render(visit, move || {
        let trouble = trouble.map(|words| view! { <Notice tone=Tone::Bad title=words/> });
        let count = i64::try_from(open.len()).unwrap_or(i64::MAX);
        let waiting: Vec<_> =
            open.iter().map(|asked| waits(&inner, &catalogue, &action, asked)).collect();
        let empty =
            waiting.is_empty().then(|| view! { <p class="empty">{t::office_empty(locale)}</p> });
        let before: Vec<_> = decided.iter().take(20).map(|asked| was(locale, asked)).collect();
        let before = (!before.is_empty()).then(|| {
            view! {
                <section class="stack" aria-labelledby="decided">
                    <h2 id="decided">{t::decided(locale)}</h2>
                    <ul class="said-list">{before}</ul>
                </section>
            }
        });
        let body = view! {
            <h1>{t::office_title(locale)}</h1>
            {trouble}
            <p class="soft">{t::office_lead(locale)}</p>
            <section class="stack" aria-labelledby="waiting">
                <h2 id="waiting">{t::office_waiting(locale, count)}</h2>
                {empty}
                <ul class="said-list">{waiting}</ul>
            </section>
            {before}
        };
        frame(&inner, Part::Reviews, body)
    }))
}

fn kind(locale: Locale, kind: QuestionKind) -> &'static str {
    match kind {
        QuestionKind::Report => t::kind_report(locale),
        QuestionKind::Appeal => t::kind_appeal(locale),
    }
}

fn waits(visit: &Visit, catalogue: &Catalogue, action: &str, asked: &Asked) -> AnyView {
    let locale = visit.locale;
    let Asked { question, review } = asked;
    let house = catalogue.workshop(review.workshop_id).map_or("", |house| house.name.as_str());
    let about = catalogue.tour(review.tour_id).map(|tour| {
        (visit.link(&format!("/tours/{}", tour.slug)), tour.title.text(locale).to_owned())
    });
    let says = (!question.words.is_empty()).then(|| {
        view! { <div class="said-reply"><p class="said-reply-head">{t::says(locale)}</p>{ui::lines(&question.words)}</div> }
    });
    let ground = question.reason.or(review.hidden_for);
    let because = ground.map(|ground| format!(" · {}", ui::ground(locale, ground)));
    let chosen = ground.map(|ground| ground.word().to_owned()).unwrap_or_default();
    let when = format::date(locale, local_date(question.created_at));
    let id = question.id.to_string();
    let select = format!("ground-{id}");
    let options = ui::grounds(locale)
        .into_iter()
        .map(|(value, words)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{words}</option> }
        })
        .collect_view();
    view! {
        <li class="stack">
            <p><span class="badge" data-tone="terracotta">{kind(locale, question.kind)}</span> " " <span class="soft small">{when}{because}</span></p>
            {ui::one(locale, review, house, about)}
            {says}
            <div class="actions">
                <form method="post" action=action.to_owned()>
                    <Hidden name="question" value=id.clone()/>
                    <button class="btn btn-primary" name="act" value="show">{t::keep(locale)}</button>
                </form>
                <form class="actions" method="post" action=action.to_owned()>
                    <Hidden name="question" value=id/>
                    <label for=select.clone()>{t::hide_because(locale)}</label>
                    <select class="input" id=select name="ground">{options}</select>
                    <button class="btn btn-danger" name="act" value="hide">{t::hide(locale)}</button>
                </form>
            </div>
        </li>
    }
    .into_any()
}

fn was(locale: Locale, asked: &Asked) -> impl IntoView + use<> {
    let Asked { question, review } = asked;
    let decision = match question.decision {
        Some(Decision::Hidden) => t::decided_hidden(locale),
        Some(Decision::Dropped) => t::decided_dropped(locale),
        Some(Decision::Shown) | None => t::decided_shown(locale),
    };
    let when = question.decided_at.map(|at| format::date(locale, local_date(at)));
    let words: String = review.words.chars().take(120).collect();
    view! {
        <li>
            <p>
                <strong>{decision}</strong> " · " {kind(locale, question.kind)} " · "
                <span class="soft small">{when}</span>
            </p>
            <p class="small" lang=review.language.word()>{words}</p>
        </li>
    }
}
