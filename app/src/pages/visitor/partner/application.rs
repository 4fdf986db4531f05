//! An application as who sent it sees it, by the secret link: how it stands, and taking it back.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::ApplicantId;
use engine::partner::{
    self, Applicant, ApplicantState, DayDone, PartnerError, applicant_by_secret, days_of, whole,
};
use leptos::prelude::*;

use super::refused;
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::booking::{private, see};
use crate::render::Page;
use crate::t::partner as t;
use crate::ui::layout::Head;
use crate::ui::partner as ui;

type Link = Path<(String, String, String)>;

/// The page of an application; whoever has the address may take it back.
pub fn address(visit: &Visit, it: &Applicant) -> String {
    visit.link(&format!("/application/{}/{}", it.id, it.secret))
}

async fn open(app: &App, id: &str, secret: &str) -> Result<Applicant, PageError> {
    let id: ApplicantId = id.parse().map_err(|_| PageError::NotFound)?;
    let mut conn = app.store.read().await?;
    applicant_by_secret(&mut conn, id, secret).await?.ok_or(PageError::NotFound)
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, id, secret)): Link,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let it = open(&app, &id, &secret).await?;
    let catalogue = app.catalogue().await?;
    let shop = catalogue.workshop(it.workshop_id).ok_or(PageError::NotFound)?.clone();
    let mut conn = app.store.read().await?;
    let placement = match it.placement_id {
        Some(id) => partner::placement(&mut conn, id).await?,
        None => None,
    };
    let days: Vec<DayDone> = days_of(&mut conn, it.id).await?;
    drop(conn);
    let what = placement
        .as_ref()
        .map_or_else(|| it.topic.clone(), |placement| placement.title.text(locale).to_owned());
    let page = Page::new(Head::private(t::application(locale)));
    Ok(private(page.render(&visit, move || {
        let reply = (!it.reply.is_empty()).then(|| {
            view! {
                <figure class="stack-s">
                    <figcaption class="soft small">{t::says(locale, &shop.name)}</figcaption>
                    <blockquote class="said">{it.reply.clone()}</blockquote>
                </figure>
            }
        });
        let when = placement.as_ref().map(|it| ui::days(locale, (it.first_date, it.last_date)));
        let done = (!days.is_empty()).then(|| ui::hours(locale, whole(&days)));
        let facts = [
            (t::when(locale), when.unwrap_or_default()),
            (t::organisation(locale), it.organisation.clone()),
            (t::words(locale), it.words.clone()),
            (t::hours_done(locale), done.unwrap_or_default()),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd class="said">{value}</dd></div> })
        .collect_view();
        let ended = matches!(it.state, ApplicantState::Declined | ApplicantState::Withdrawn);
        let withdraw = (!ended).then(|| {
            view! {
                <details class="fold">
                    <summary>{t::withdraw(locale)}</summary>
                    <form class="fold-body" method="post">
                        <p>{t::withdraw_more(locale)}</p>
                        <button class="btn btn-danger" name="do" value="withdraw">{t::withdraw(locale)}</button>
                    </form>
                </details>
            }
        });
        view! {
            <div class="solo">
                <div class="stack-s">
                    <p class="kicker">{shop.name.clone()}</p>
                    <h1>{what}</h1>
                    <p>{ui::state_badge(locale, &it)}</p>
                    <p class="lead">{lead(locale, &it, &shop.name)}</p>
                </div>
                {reply}
                <dl class="pairs">{facts}</dl>
                {withdraw}
            </div>
        }
    })))
}

fn lead(locale: engine::Locale, it: &Applicant, house: &str) -> String {
    match it.state {
        ApplicantState::New => t::lead_new(locale, house),
        ApplicantState::Invited => t::lead_invited(locale, house),
        ApplicantState::Accepted => t::lead_accepted(locale, house),
        ApplicantState::Declined => t::lead_declined(locale, house),
        ApplicantState::Withdrawn => t::lead_withdrawn(locale).to_owned(),
    }
}

pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, id, secret)): Link,
    form: Form,
) -> Result<Response, PageError> {
    let it = open(&app, &id, &secret).await?;
    if form.text("do") != "withdraw" {
        return Err(PageError::Invalid);
    }
    let gone = app
        .store
        .write("withdraw application", it.id, |tx, id| Box::pin(partner::withdraw(tx, id)))
        .await;
    match gone {
        // Shown as it is now, whoever was quicker.
        Ok(_) | Err(PartnerError::State | PartnerError::Changed) => Ok(see(&address(&visit, &it))),
        Err(error) => Err(refused(error)),
    }
}
