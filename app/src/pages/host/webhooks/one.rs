//! One webhook: what it is told of, its secret, and the log of what it was told.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::catalogue::Workshop;
use engine::payment::Secret;
use engine::webhook::{
    self, Change, ChangeWebhook, Delivery, DeliveryState, Edit, Renew, Resend, Try, Webhook,
    WebhookError, WebhookState,
};
use engine::{DeliveryId, Locale, WebhookId};
use leptos::prelude::*;

use super::words;
use super::{closed, fields, refused, typed, unkept};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::render::Page;
use crate::t::webhook as t;
use crate::ui::field::{ErrorSummary, Hidden};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};

type AtWebhook = Path<(String, String, String)>;

/// Lines of the log that are shown.
const LISTED: i64 = 100;

/// What has just happened.
#[derive(Debug, Clone, Default)]
pub struct News {
    /// Shown this once.
    pub secret: Option<Secret>,
    pub done: &'static str,
}

/// A webhook of the workshop, opened by an owner.
async fn open(
    app: &App,
    visit: &Visit,
    slug: &str,
    id: &str,
) -> Result<(Workshop, Webhook), PageError> {
    let desk = Desk::open_as_owner(app, visit, slug).await?;
    let shop = desk.workshop()?.clone();
    let id: WebhookId = id.parse().map_err(|_| PageError::NotFound)?;
    let mut conn = app.store.read().await?;
    let found = webhook::find(&mut conn, &visit.actor, id).await.map_err(closed)?;
    if found.workshop_id == shop.id { Ok((shop, found)) } else { Err(PageError::NotFound) }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtWebhook,
) -> Result<Response, PageError> {
    let (shop, webhook) = open(&app, &visit, &slug, &id).await?;
    let done = Form::of_query(&visit.query).text("done").to_owned();
    let done = DONE.into_iter().find(|known| *known == done).unwrap_or_default();
    answer(&app, &visit, &shop, webhook.id, News { secret: None, done }, None).await
}

/// Does what the form's `act` says.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtWebhook,
    form: Form,
) -> Result<Response, PageError> {
    let (shop, before) = open(&app, &visit, &slug, &id).await?;
    let (actor, webhook) = (visit.actor.clone(), before.id);
    let here = at(&visit, &shop, &format!("/webhooks/{webhook}"));
    let store = &app.store;
    match form.text("act") {
        "edit" => {
            let problems = match typed(&app, visit.locale, &form) {
                Ok((url, events)) => {
                    let command = Edit { actor, webhook, url, events };
                    let done = store
                        .write("edit webhook", command, |tx, c| Box::pin(webhook::edit(tx, c)))
                        .await;
                    match done {
                        Ok(()) => return Ok(see(&format!("{here}?done=saved"))),
                        Err(error) => refused(visit.locale, error)?,
                    }
                }
                Err(problems) => problems,
            };
            let wrong = Some((form, problems));
            return answer(&app, &visit, &shop, webhook, News::default(), wrong).await;
        }
        "renew" => {
            let command = Renew { actor, webhook };
            let made = store
                .write("renew secret", command, |tx, c| Box::pin(webhook::renew(tx, c)))
                .await
                .map_err(closed)?;
            // Not redirected: nobody sees the secret a second time.
            let news = News { secret: Some(made.secret), done: "renewed" };
            return answer(&app, &visit, &shop, webhook, news, None).await;
        }
        "test" => {
            let command = Try { actor, webhook };
            let queued =
                store.write("test webhook", command, |tx, c| Box::pin(webhook::send_test(tx, c)));
            let done = sent(&app, queued.await).await?;
            return Ok(see(&format!("{here}?done={done}#log")));
        }
        "again" => {
            let id: DeliveryId = form.text("message").parse().map_err(|_| PageError::NotFound)?;
            let command = Resend { actor, delivery: id };
            let queued =
                store.write("send again", command, |tx, c| Box::pin(webhook::resend(tx, c))).await;
            let done = sent(&app, queued.map(|_| id)).await?;
            return Ok(see(&format!("{here}?done={done}#log")));
        }
        _ => {}
    }
    let change = Change::parse(form.text("act")).ok_or(PageError::Invalid)?;
    let command = ChangeWebhook { actor, webhook, change };
    store
        .write("change webhook", command, |tx, c| Box::pin(webhook::change(tx, c)))
        .await
        .map_err(closed)?;
    Ok(see(&match change {
        Change::Remove => format!("{}?done=remove", at(&visit, &shop, "/webhooks")),
        Change::Pause | Change::Resume => format!("{here}?done={change}"),
    }))
}

/// Sends what was put in the queue at once, so that the page can say what came of it; the worker does
/// it where the page can't.
async fn sent(
    app: &App,
    queued: Result<DeliveryId, WebhookError>,
) -> Result<&'static str, PageError> {
    let id = match queued {
        Ok(id) => id,
        Err(WebhookError::Paused) => return Ok("inactive"),
        Err(error) => return Err(closed(error)),
    };
    let Some(outside) = &app.outside else { return Ok("queued") };
    let base_url = &app.settings.base_url;
    let arrived = webhook::deliver_one(&app.store, outside, base_url, id).await.map_err(closed)?;
    Ok(match arrived {
        Some(true) => "arrived",
        Some(false) => "failed",
        None => "queued",
    })
}

const DONE: [&str; 7] = ["saved", "pause", "resume", "arrived", "failed", "queued", "inactive"];

fn said(locale: Locale, done: &str) -> Option<impl IntoView + use<>> {
    let (tone, title) = match done {
        "added" => (Tone::Good, t::done_added(locale)),
        "renewed" => (Tone::Good, t::done_renewed(locale)),
        "saved" => (Tone::Good, t::done_saved(locale)),
        "pause" => (Tone::Good, t::done_pause(locale)),
        "resume" => (Tone::Good, t::done_resume(locale)),
        "arrived" => (Tone::Good, t::done_arrived(locale)),
        "queued" => (Tone::Good, t::done_queued(locale)),
        "failed" => (Tone::Warn, t::done_failed(locale)),
        "inactive" => (Tone::Warn, t::done_inactive(locale)),
        _ => return None,
    };
    Some(view! { <Notice tone title=title/> })
}

/// The page; with a secret, or after a form that was not filled in well.
pub async fn answer(
    app: &App,
    visit: &Visit,
    shop: &Workshop,
    id: WebhookId,
    news: News,
    wrong: Option<(Form, Problems)>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let mut conn = app.store.read().await?;
    let webhook = webhook::find(&mut conn, &visit.actor, id).await.map_err(closed)?;
    let log = webhook::log(&mut conn, &visit.actor, id, LISTED).await.map_err(closed)?;
    drop(conn);
    let (form, problems) = wrong.unwrap_or_else(|| {
        let events = webhook.events.0.iter().map(|event| ("events".into(), event.word().into()));
        let mut pairs = vec![("url".to_owned(), webhook.url.clone())];
        pairs.extend(events);
        (Form::of_pairs(pairs), Problems::default())
    });
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (shop, inner) = (shop.clone(), visit.clone());
    let title = webhook.host();
    Ok(unkept(Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let visit = &inner;
        let back = at(visit, &shop, "/webhooks");
        let here = format!("{back}/{id}");
        let (tone, state) = words::state(locale, &webhook);
        let once = news.secret.as_ref().map(|secret| {
            view! {
                <section class="panel stack-s" aria-labelledby="secret">
                    <h2 class="panel-title" id="secret">{t::secret_title(locale)}</h2>
                    <p>{t::secret_text(locale)}</p>
                    <pre class="key" tabindex="0"><code>{secret.reveal().to_owned()}</code></pre>
                    <p><a href=visit.link("/webhooks")>{t::docs_link(locale)}</a></p>
                </section>
            }
        });
        let body = view! {
            {breadcrumb(locale, vec![(back, t::title(locale).to_owned())])}
            <header class="board-use">
                <h1>{title}</h1>
                <span class="badge" data-tone=tone>{state}</span>
            </header>
            {said(locale, news.done)}
            {once}
            <ErrorSummary locale problems=problems.clone()/>
            {standing(locale, &webhook)}
            {buttons(locale, &webhook, &here)}
            {lines(locale, &log, &webhook, &here)}
            <section class="panel stack" aria-labelledby="edit-title" id="edit">
                <h2 class="panel-title" id="edit-title">{t::change(locale)}</h2>
                <form class="form" method="post" action=format!("{here}#edit") novalidate>
                    <Hidden name="act" value="edit"/>
                    {fields(locale, &form, &problems)}
                    <div class="actions"><button class="btn btn-primary">{t::save(locale)}</button></div>
                </form>
            </section>
        };
        frame(visit, Some(&shop), Tab::More, body)
    })))
}

/// Why nothing arrives, where nothing does.
fn standing(locale: Locale, webhook: &Webhook) -> Option<AnyView> {
    let (title, text) = match (webhook.state, webhook.failing_since) {
        (WebhookState::Failing, _) => {
            (t::failing_title(locale), t::failing_text(locale).to_owned())
        }
        (WebhookState::Paused, _) => (t::paused_title(locale), t::paused_text(locale).to_owned()),
        (WebhookState::Active, Some(since)) => {
            (t::failing_now(locale), t::failing_since(locale, format::date_time(locale, since)))
        }
        (WebhookState::Active, None) => return None,
    };
    Some(view! { <Notice tone=Tone::Warn title=title><p>{text}</p></Notice> }.into_any())
}

fn button(
    here: &str,
    act: &'static str,
    sign: &'static str,
    words: &'static str,
) -> impl IntoView + use<> {
    view! {
        <form method="post" action=here.to_owned()>
            <Hidden name="act" value=act/>
            <button class="btn btn-small">{icon(sign)}{words}</button>
        </form>
    }
}

/// A step that is explained before it is taken.
fn step(title: &'static str, text: &'static str, form: AnyView) -> impl IntoView + use<> {
    view! {
        <details>
            <summary>{title}</summary>
            <div class="stack-s"><p>{text}</p>{form}</div>
        </details>
    }
}

fn buttons(locale: Locale, webhook: &Webhook, here: &str) -> impl IntoView + use<> {
    let active = webhook.state == WebhookState::Active;
    let first = if active {
        button(here, "test", "mail", t::test(locale)).into_any()
    } else {
        button(here, "resume", "check", t::resume(locale)).into_any()
    };
    let pause = active.then(|| {
        let form = button(here, "pause", "lock", t::pause(locale)).into_any();
        step(t::pause(locale), t::pause_text(locale), form)
    });
    let renew = button(here, "renew", "refresh", t::renew_now(locale)).into_any();
    let remove = button(here, "remove", "trash", t::remove_now(locale)).into_any();
    view! {
        <div class="actions">
            {first}
            {pause}
            {step(t::renew(locale), t::renew_text(locale), renew)}
            {step(t::remove(locale), t::remove_text(locale), remove)}
        </div>
    }
}

fn lines(locale: Locale, log: &[Delivery], webhook: &Webhook, here: &str) -> impl IntoView + use<> {
    let active = webhook.state == WebhookState::Active;
    let items: Vec<_> = log.iter().map(|one| line(locale, one, active, here)).collect();
    let none = items.is_empty().then(|| view! { <p class="empty">{t::log_none(locale)}</p> });
    let all = i64::try_from(log.len()).unwrap_or(LISTED);
    let most = (all >= LISTED).then(|| view! { <p class="soft">{t::log_most(locale, LISTED)}</p> });
    view! {
        <section class="stack" aria-labelledby="log">
            <h2 id="log">{t::log(locale)}</h2>
            <p class="soft">{t::log_text(locale)}</p>
            <ul class="entry-list">{items}</ul>
            {none} {most}
        </section>
    }
}

fn line(locale: Locale, line: &Delivery, active: bool, here: &str) -> impl IntoView + use<> {
    let (tone, outcome) = words::outcome(locale, line.state);
    let name = words::event(locale, line.event);
    let at = format::date_time(locale, line.created_at);
    // Something newer was told: the old one would only confuse.
    let may = active && line.state != DeliveryState::Merged;
    let again = may.then(|| {
        view! {
            <form method="post" action=here.to_owned()>
                <Hidden name="act" value="again"/>
                <Hidden name="message" value=line.id.to_string()/>
                <button class="btn btn-small btn-quiet" aria-label=t::again_of(locale, &at, name)>
                    {icon("refresh")}{t::again(locale)}
                </button>
            </form>
        }
    });
    let answer = (!line.answer.trim().is_empty()).then(
        || view! { <p class="entry-text small">{t::answered(locale, line.answer.trim())}</p> },
    );
    view! {
        <li class="entry">
            <div>
                <h3 class="entry-title">{name} " " <span class="badge" data-tone=tone>{outcome}</span></h3>
                <p class="entry-text">{at} " · " {words::progress(locale, line)}</p>
                {answer}
            </div>
            {again}
        </li>
    }
}
