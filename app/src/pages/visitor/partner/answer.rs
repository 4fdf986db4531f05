//! A partner answers by the link in its letter.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::partner::{
    self, Answer, Partner, PartnerAnswer, PartnerError, PartnerState, partner_by_secret,
};
use engine::{Locale, PartnerId, coop};
use leptos::prelude::*;

use super::refused;
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::booking::{private, see};
use crate::render::Page;
use crate::t::partner as t;
use crate::ui::coop::date;
use crate::ui::layout::Head;
use crate::ui::partner as ui;

type Link = Path<(String, String, String)>;

/// The partner, who names it and the page of that house.
async fn open(
    app: &App,
    visit: &Visit,
    id: &str,
    secret: &str,
) -> Result<(Partner, String, String), PageError> {
    let id: PartnerId = id.parse().map_err(|_| PageError::NotFound)?;
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let found = partner_by_secret(&mut conn, id, secret).await?.ok_or(PageError::NotFound)?;
    let house = match (found.workshop_id, found.coop_id) {
        (Some(id), _) => catalogue
            .workshop(id)
            .map(|shop| (shop.name.clone(), format!("/workshops/{}", shop.slug))),
        (None, Some(id)) => coop::by_id(&mut conn, id)
            .await?
            .map(|coop| (coop.name.clone(), crate::ui::coop::path(&coop))),
        (None, None) => None,
    };
    let (name, page) = house.ok_or(PageError::NotFound)?;
    Ok((found, name, visit.link(&page)))
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, id, secret)): Link,
) -> Result<Response, PageError> {
    let (found, house, home) = open(&app, &visit, &id, &secret).await?;
    let locale = visit.locale;
    Ok(private(Page::new(Head::private(t::answer_title(locale))).render(&visit, move || {
        let lead = match found.state {
            PartnerState::Asked => t::answer_asked(locale, &house),
            PartnerState::Agreed => t::answer_agreed(locale, &house),
            PartnerState::Declined => t::answer_declined(locale, &house),
            PartnerState::Ended => t::answer_ended(locale, &house),
        };
        let rows = facts(locale, &found);
        let forms = match found.state {
            PartnerState::Asked => view! {
                <form class="actions" method="post">
                    <button class="btn btn-primary" name="do" value="agree">{t::agree(locale)}</button>
                    <button class="btn" name="do" value="decline">{t::decline(locale)}</button>
                </form>
            }
            .into_any(),
            PartnerState::Agreed => view! {
                <details class="fold">
                    <summary>{t::part(locale)}</summary>
                    <form class="fold-body" method="post">
                        <p>{t::part_more(locale)}</p>
                        <button class="btn btn-danger" name="do" value="end">{t::part(locale)}</button>
                    </form>
                </details>
            }
            .into_any(),
            PartnerState::Declined | PartnerState::Ended => ().into_any(),
        };
        view! {
            <div class="solo">
                <div class="stack-s">
                    <h1>{t::answer_title(locale)}</h1>
                    <p class="lead">{lead}</p>
                </div>
                <section class="panel" aria-labelledby="shown">
                    <h2 class="panel-title" id="shown">{t::answer_shown(locale)}</h2>
                    <dl class="pairs">{rows}</dl>
                    <p class="small soft">{t::answer_hidden(locale)}</p>
                </section>
                {forms}
                <p><a href=home>{house}</a></p>
            </div>
        }
    })))
}

fn facts(locale: Locale, partner: &Partner) -> impl IntoView + use<> {
    [
        (t::name(locale), partner.name.clone()),
        (t::kind(locale), ui::kind(locale, partner.kind).to_owned()),
        (t::city(locale), partner.city.clone()),
        (t::web(locale), partner.web.clone()),
        (t::since(locale), date(locale, partner.since)),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(name, value)| view! { <div><dt>{name}</dt><dd class="said">{value}</dd></div> })
    .collect_view()
}

pub async fn decide(
    State(app): State<App>,
    visit: Visit,
    Path((_, id, secret)): Link,
    form: Form,
) -> Result<Response, PageError> {
    let (found, ..) = open(&app, &visit, &id, &secret).await?;
    let answer = match form.text("do") {
        "agree" => PartnerAnswer::Agree,
        "decline" => PartnerAnswer::Decline,
        "end" => PartnerAnswer::End,
        _ => return Err(PageError::Invalid),
    };
    let command = Answer { partner: found.id, answer };
    let done = app
        .store
        .write("answer as partner", command, |tx, c| Box::pin(partner::answer(tx, c)))
        .await;
    match done {
        // Shown as it is now, whoever was quicker.
        Ok(_) | Err(PartnerError::State | PartnerError::Changed) => {
            Ok(see(&visit.link(&format!("/partner/{id}/{secret}"))))
        }
        Err(error) => Err(refused(error)),
    }
}
