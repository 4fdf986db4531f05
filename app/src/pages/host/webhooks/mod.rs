//! Webhooks of a workshop: which there are, adding one. For owners.

pub mod docs;
pub mod one;
mod words;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use engine::Locale;
use engine::catalogue::Workshop;
use engine::outside::Outside;
use engine::webhook::{self, Add, Event, Webhook, WebhookError};
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::webhook as t;
use crate::ui::field::{ErrorSummary, FieldError, TextField};
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};

type At = Path<(String, String)>;

/// What is none of the visitor's is not found.
fn closed(error: WebhookError) -> PageError {
    match error {
        WebhookError::Store(error) => error.into(),
        _ => PageError::NotFound,
    }
}

/// Address and events as typed, or what is wrong with them.
fn typed(app: &App, locale: Locale, form: &Form) -> Result<(String, Vec<Event>), Problems> {
    let mut problems = Problems::default();
    let address = |outside: &Outside| outside.address(form.text("url").trim());
    let url = match app.outside.as_ref().map(address) {
        Some(Ok(url)) => url.to_string(),
        Some(Err(why)) => {
            problems.add("url", words::address(locale, why));
            String::new()
        }
        None => {
            problems.add("url", t::why_private(locale));
            String::new()
        }
    };
    let events: Vec<Event> = form.all("events").filter_map(Event::parse).collect();
    if !events.iter().any(|event| Event::OWN.contains(event)) {
        problems.add("events", t::error_events(locale));
    }
    if problems.is_empty() { Ok((url, events)) } else { Err(problems) }
}

/// What a verb says no to, beside the field it is about.
fn refused(locale: Locale, error: WebhookError) -> Result<Problems, PageError> {
    let mut problems = Problems::default();
    match error {
        WebhookError::NoEvents => problems.add("events", t::error_events(locale)),
        WebhookError::Twice => problems.add("url", t::error_twice(locale)),
        WebhookError::TooMany(most) => problems.add("url", t::error_many(locale, most)),
        error => return Err(closed(error)),
    }
    Ok(problems)
}

/// The fields of a webhook.
fn fields(locale: Locale, form: &Form, problems: &Problems) -> impl IntoView + use<> {
    let ticked: Vec<&str> = form.all("events").collect();
    let boxes: Vec<_> = Event::OWN
        .into_iter()
        .enumerate()
        .map(|(nth, event)| {
            let checked = ticked.contains(&event.word());
            // The list of errors points to the first.
            let id = (nth == 0).then_some("events");
            view! {
                <label class="check">
                    <input type="checkbox" id=id name="events" value=event.word() checked=checked/>
                    <span>{words::choice(locale, event)} " " <code class="small">{event.word()}</code></span>
                </label>
            }
        })
        .collect();
    let wrong = problems.of("events");
    let described = (!wrong.is_empty()).then_some("events-error");
    view! {
        <TextField locale name="url" label=t::url(locale) hint=t::url_hint(locale) kind="url" inputmode="url"
            value=form.text("url").to_owned() error=problems.of("url")/>
        <fieldset class="field" aria-describedby=described>
            <legend class="field-label">{t::events(locale)}</legend>
            {boxes}
            <FieldError id="events" text=wrong/>
        </fieldset>
    }
}

/// A page with a secret on it, or about one, is kept nowhere.
fn unkept(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let begin = Event::OWN.map(|event| ("events".to_owned(), event.word().to_owned()));
    let form = Form::of_pairs(begin.to_vec());
    answer(&app, &visit, &desk, form, Problems::default()).await
}

pub async fn add(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let shop = desk.workshop()?.clone();
    let locale = visit.locale;
    let (url, events) = match typed(&app, locale, &form) {
        Ok(typed) => typed,
        Err(problems) => return answer(&app, &visit, &desk, form, problems).await,
    };
    let command = Add { actor: visit.actor.clone(), workshop: shop.id, url, events };
    let made = app.store.write("add webhook", command, |tx, c| Box::pin(webhook::add(tx, c))).await;
    match made {
        // Not redirected: nobody sees the secret a second time.
        Ok(made) => {
            let news = one::News { secret: Some(made.secret), done: "added" };
            one::answer(&app, &visit, &shop, made.id, news, None).await
        }
        Err(error) => {
            let problems = refused(locale, error)?;
            answer(&app, &visit, &desk, form, problems).await
        }
    }
}

fn card(locale: Locale, here: &str, webhook: &Webhook) -> impl IntoView + use<> {
    let events: Vec<&str> =
        webhook.events.0.iter().map(|event| words::event(locale, *event)).collect();
    let (tone, state) = words::state(locale, webhook);
    view! {
        <li class="entry"><div>
            <h3 class="entry-title">
                <a class="card-link" href=format!("{here}/{}", webhook.id)>{webhook.host()}</a>
                " " <span class="badge" data-tone=tone>{state}</span>
            </h3>
            <p class="entry-text">{events.join(" · ")}</p>
        </div></li>
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
    let shop: Workshop = desk.workshop()?.clone();
    let mut conn = app.store.read().await?;
    let all = webhook::of_workshop(&mut conn, &visit.actor, shop.id).await.map_err(closed)?;
    drop(conn);
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let removed = Form::of_query(&visit.query).text("done") == "remove";
    let inner = visit.clone();
    Ok(unkept(Page::new(Head::host(t::title(locale))).status(status).render(visit, move || {
        let visit = &inner;
        let here = at(visit, &shop, "/webhooks");
        let said = removed.then(|| view! { <Notice tone=Tone::Good title=t::done_remove(locale)/> });
        let none = all.is_empty().then(|| view! { <p class="empty">{t::none(locale)}</p> });
        let cards: Vec<_> = all.iter().map(|webhook| card(locale, &here, webhook)).collect();
        let body = view! {
            {breadcrumb(locale, vec![(at(visit, &shop, "/more"), crate::t::edit::more(locale).to_owned())])}
            <h1>{t::title(locale)}</h1>
            <p>{t::text(locale)}</p>
            <p><a href=visit.link("/webhooks")>{t::docs_link(locale)}</a></p>
            <ErrorSummary locale problems=problems.clone()/>
            {said}
            <section class="stack" aria-labelledby="webhooks">
                <h2 id="webhooks">{t::ours(locale)}</h2>
                <ul class="entry-list">{cards}</ul>
                {none}
            </section>
            <section class="panel stack" aria-labelledby="add-title" id="add">
                <h2 class="panel-title" id="add-title">{t::add(locale)}</h2>
                <p>{t::add_text(locale)}</p>
                <form class="form" method="post" action=format!("{here}#add") novalidate>
                    {fields(locale, &form, &problems)}
                    <div class="actions">
                        <button class="btn btn-primary">{icon("plus")}{t::add_now(locale)}</button>
                    </div>
                </form>
            </section>
        };
        frame(visit, Some(&shop), Tab::More, body)
    })))
}
