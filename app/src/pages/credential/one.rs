//! One credential: how it stands, its details, its papers; what its holder does with it, and what the
//! office decides.

use axum::http::StatusCode;
use axum::response::Response;
use engine::Locale;
use engine::clock::local_date;
use engine::credential::{
    self, Credential, CredentialError, CredentialState, Decide, Decision, GiveUp, Paper,
    RemovePaper, words,
};
use leptos::prelude::*;

use super::form::file_field;
use super::{Room, holder_name, refused, standing, t};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::see;
use crate::render::Page;
use crate::ui::credential::facts;
use crate::ui::field::{ErrorSummary, Hidden, TextArea};
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};

pub async fn page(app: &App, visit: &Visit, room: Room, id: &str) -> Result<Response, PageError> {
    let it = room.found(app, visit, id).await?;
    answer(app, visit, room, it, Problems::default(), "").await
}

/// The forms of the page: `act` says which.
pub async fn act(
    app: &App,
    visit: &Visit,
    room: Room,
    id: &str,
    form: Form,
) -> Result<Response, PageError> {
    let it = room.found(app, visit, id).await?;
    let actor = visit.actor.clone();
    let reason = form.text("reason").to_owned();
    let done = match (form.text("act"), &room) {
        ("remove", _) => {
            let paper = form.text("paper").parse().map_err(|_| PageError::Invalid)?;
            let command = RemovePaper { actor, paper };
            let done = app
                .store
                .write("remove paper", command, |tx, c| Box::pin(credential::remove_paper(tx, c)));
            done.await.map(|()| "removed")
        }
        ("give_up", Room::House(_)) => {
            let command = GiveUp { actor, credential: it.id, reason: reason.clone() };
            let done =
                app.store.write("give up", command, |tx, c| Box::pin(credential::give_up(tx, c)));
            done.await.map(|()| "withdrawn")
        }
        (act @ ("verify" | "refuse" | "withdraw"), Room::Office) => {
            let version = form.text("version").parse().map_err(|_| PageError::Invalid)?;
            let (decision, news) = match act {
                "verify" => (Decision::Verify, "verified"),
                "refuse" => (Decision::Refuse(reason.clone()), "refused"),
                _ => (Decision::Withdraw(reason.clone()), "withdrawn"),
            };
            let command = Decide { actor, credential: it.id, version, decision };
            let done =
                app.store.write("decide", command, |tx, c| Box::pin(credential::decide(tx, c)));
            done.await.map(|()| news)
        }
        _ => return Err(PageError::Invalid),
    };
    match done {
        Ok(news) => Ok(see(&room.at(visit, &format!("/{id}?done={news}")))),
        Err(error) => {
            let gone = matches!(error, CredentialError::Changed | CredentialError::State);
            let problems = refused(visit.locale, error, "state")?;
            // As it is now.
            let it = if gone { room.found(app, visit, id).await? } else { it };
            answer(app, visit, room, it, problems, &reason).await
        }
    }
}

/// `reason`: one that was typed and did not go through.
pub async fn answer(
    app: &App,
    visit: &Visit,
    room: Room,
    it: Credential,
    problems: Problems,
    reason: &str,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let papers = credential::papers_of(&mut app.store.read().await?, it.id).await?;
    let today = local_date(app.store.now());
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = words::title(locale, &it);
    let holder = holder_name(locale, &catalogue, &it);
    let (tone, state) = standing(locale, &it, today);
    let seen = if it.shows(today) { t::shown_now(locale) } else { t::not_shown(locale) };
    let news = problems
        .is_empty()
        .then(|| news(locale, Form::of_query(&visit.query).text("done")))
        .flatten();
    let (inner, reason) = (visit.clone(), reason.to_owned());
    Ok(Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let here = room.at(&inner, &format!("/{}", it.id));
        let steps = vec![(room.at(&inner, ""), t::title(locale).to_owned())];
        let edit = (it.state != CredentialState::Withdrawn).then(|| {
            view! { <a class="btn" href=format!("{here}/edit")>{icon("edit")}{t::edit(locale)}</a> }
        });
        let body = view! {
            {breadcrumb(locale, steps)}
            <header class="host-head">
                <div>
                    <p class="soft">{holder}</p>
                    <h1>{title}</h1>
                    <p id="state"><span class="badge" data-tone=tone>{state}</span> " " <span class="soft small">{seen}</span></p>
                </div>
                <div class="actions">{edit}</div>
            </header>
            {news.map(|words| view! { <Notice tone=Tone::Good title=words/> })}
            <ErrorSummary locale problems=problems.clone()/>
            {told(locale, &it)}
            <section class="panel stack" aria-labelledby="details">
                <h2 class="panel-title" id="details">{t::details(locale)}</h2>
                {facts(locale, &words::facts(&it))}
            </section>
            {papers_panel(locale, &it, &here, &papers, &problems)}
            {match room {
                Room::Office => decisions(locale, &it, &here, &reason, &problems).into_any(),
                Room::House(_) => give_up(locale, &it, &here, &reason, &problems).into_any(),
            }}
        };
        room.frame(&inner, body)
    }))
}

fn news(locale: Locale, done: &str) -> Option<&'static str> {
    Some(match done {
        "sent" => t::done_sent(locale),
        "saved" => t::done_saved(locale),
        "paper" => t::done_paper(locale),
        "removed" => t::done_removed(locale),
        "withdrawn" => t::done_withdrawn(locale),
        "verified" => t::done_verified(locale),
        "refused" => t::done_refused(locale),
        _ => return None,
    })
}

/// Why it is not shown, where somebody said so; that it waits, where it does.
fn told(locale: Locale, it: &Credential) -> Option<AnyView> {
    let (tone, title) = match it.state {
        CredentialState::Refused => (Tone::Warn, t::was_refused(locale)),
        CredentialState::Withdrawn => (Tone::Info, t::was_withdrawn(locale)),
        CredentialState::Claimed => (Tone::Info, t::waits(locale)),
        CredentialState::Verified => return None,
    };
    let reason = it.reason.clone();
    let reason = (!reason.is_empty()).then(|| view! { <p>{reason}</p> });
    Some(view! { <Notice tone title>{reason}</Notice> }.into_any())
}

fn papers_panel(
    locale: Locale,
    it: &Credential,
    here: &str,
    papers: &[Paper],
    problems: &Problems,
) -> impl IntoView + use<> {
    let open = matches!(it.state, CredentialState::Claimed | CredentialState::Refused);
    let lines = papers
        .iter()
        .map(|paper| {
            let href = format!("{here}/papers/{}", paper.id);
            let label = t::remove(locale, &paper.name);
            let remove = open.then(|| {
                view! {
                    <form method="post" action=here.to_owned()>
                        <Hidden name="act" value="remove"/>
                        <Hidden name="paper" value=paper.id.to_string()/>
                        <button class="btn btn-small btn-icon btn-danger" aria-label=label>{icon("trash")}</button>
                    </form>
                }
            });
            let size = format!("{} KB", (paper.bytes + 1023) / 1024);
            view! {
                <li class="entry">
                    <p><a href=href>{paper.name.clone()}</a> " " <span class="soft small">{size}</span></p>
                    {remove}
                </li>
            }
        })
        .collect_view();
    let none = papers.is_empty().then(|| view! { <p class="soft">{t::no_papers(locale)}</p> });
    let add = open.then(|| {
        view! {
            <form class="stack" method="post" action=format!("{here}/papers") enctype="multipart/form-data">
                {file_field(locale, true, false, problems)}
                <div><button class="btn">{icon("plus")}{t::add_papers(locale)}</button></div>
            </form>
        }
    });
    view! {
        <section class="panel stack" aria-labelledby="papers-title">
            <h2 class="panel-title" id="papers-title">{t::papers(locale)}</h2>
            {none}
            <ul class="entry-list">{lines}</ul>
            {add}
        </section>
    }
}

fn give_up(
    locale: Locale,
    it: &Credential,
    here: &str,
    reason: &str,
    problems: &Problems,
) -> Option<impl IntoView + use<>> {
    let (error, value, action) = (problems.of("reason"), reason.to_owned(), here.to_owned());
    let open = !error.is_empty();
    (it.state != CredentialState::Withdrawn).then(|| {
        view! {
            <details class="panel" open=open>
                <summary>{t::give_up(locale)}</summary>
                <form class="stack" method="post" action=action novalidate>
                    <Hidden name="act" value="give_up"/>
                    <TextArea locale name="reason" label=t::reason(locale) hint=t::give_up_hint(locale)
                        value error rows=2/>
                    <div><button class="btn btn-danger">{t::give_up(locale)}</button></div>
                </form>
            </details>
        }
    })
}

/// What the office may decide: one reason for refusing and for taking off.
fn decisions(
    locale: Locale,
    it: &Credential,
    here: &str,
    reason: &str,
    problems: &Problems,
) -> Option<impl IntoView + use<>> {
    let waits = it.state == CredentialState::Claimed;
    if !waits && it.state != CredentialState::Verified {
        return None;
    }
    let version = it.version.to_string();
    let (error, value) = (problems.of("reason"), reason.to_owned());
    let (action, number) = (here.to_owned(), version.clone());
    let verify = waits.then(|| {
        view! {
            <form method="post" action=action>
                <Hidden name="act" value="verify"/>
                <Hidden name="version" value=number/>
                <p class="field-hint">{t::verify_hint(locale)}</p>
                <button class="btn btn-primary">{icon("check")}{t::verify(locale)}</button>
            </form>
        }
    });
    let refuse = waits.then(|| {
        view! { <button class="btn" name="act" value="refuse">{t::refuse(locale)}</button> }
    });
    Some(view! {
        <section class="panel stack" aria-labelledby="decide">
            <h2 class="panel-title" id="decide">{t::decide(locale)}</h2>
            {verify}
            <form class="stack" method="post" action=here.to_owned() novalidate>
                <Hidden name="version" value=version/>
                <TextArea locale name="reason" label=t::reason(locale) hint=t::refuse_hint(locale)
                    value error rows=3/>
                <div class="actions">
                    {refuse}
                    <button class="btn btn-danger" name="act" value="withdraw">{t::withdraw(locale)}</button>
                </div>
            </form>
        </section>
    })
}
