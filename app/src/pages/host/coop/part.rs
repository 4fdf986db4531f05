//! Parting: a workshop leaves, or the co-op parts from one. Asked about first.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::MemberId;
use engine::catalogue::Workshop;
use engine::coop::{self, CoopError, Leave, MemberRole, MemberState, Remove, leave, remove};
use leptos::prelude::*;

use super::{At, managed, of_ours, ours, trouble};
use crate::api::form::Problems;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::render::Page;
use crate::t::coop as t;
use crate::ui::field::ErrorSummary;
use crate::ui::layout::Head;

/// Language, workshop, membership.
type OfMember = Path<(String, String, String)>;

/// The question: what happens, and the two buttons.
struct Question {
    title: String,
    text: Vec<String>,
    /// Where the form goes.
    action: String,
    /// None where it can't be done yet.
    yes: Option<String>,
    no: &'static str,
}

pub async fn leave_page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let question = leaving(&app, &visit, &desk).await?;
    Ok(answer(&visit, desk.workshop()?, question, Problems::default()))
}

pub async fn leave_now(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let shop = desk.workshop()?;
    let mut conn = app.store.read().await?;
    let coop = ours(&mut conn, &desk).await?;
    let member = coop::membership_of(&mut conn, desk.id()).await?.ok_or(PageError::NotFound)?.id;
    drop(conn);
    let command = Leave { actor: visit.actor.clone(), member };
    match app.store.write("leave", command, |tx, c| Box::pin(leave(tx, c))).await {
        Ok(()) => {
            let name = serde_html_form::to_string([("coop", &coop.name)]).unwrap_or_default();
            Ok(see(&at(&visit, shop, &format!("/coop?done=left&{name}"))))
        }
        Err(error) => {
            let question = leaving(&app, &visit, &desk).await?;
            refused(&visit, shop, question, error)
        }
    }
}

async fn leaving(app: &App, visit: &Visit, desk: &Desk) -> Result<Question, PageError> {
    let locale = visit.locale;
    let shop = desk.workshop()?;
    let mut conn = app.store.read().await?;
    let coop = ours(&mut conn, desk).await?;
    let members = coop::members(&mut conn, coop.id).await?;
    let mut others = members.iter().filter(|member| member.workshop_id != shop.id);
    let mut text = vec![t::leave_text(locale, &shop.name)];
    let mut yes = Some(t::leave(locale, &coop.name));
    if members.len() == 1 {
        text.push(t::leave_last(locale, &coop.name));
    } else if !others.any(|member| member.role == MemberRole::Manager) {
        text = vec![t::e_last_manager(locale).to_owned()];
        yes = None;
    }
    Ok(Question {
        title: t::leave_title(locale, &coop.name),
        text,
        action: at(visit, shop, "/coop/leave"),
        yes,
        no: t::keep(locale),
    })
}

pub async fn remove_page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, member)): OfMember,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let (_, _, question) = removing(&app, &visit, &desk, &member).await?;
    Ok(answer(&visit, desk.workshop()?, question, Problems::default()))
}

pub async fn remove_now(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, member)): OfMember,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let shop = desk.workshop()?;
    let (member, house, question) = removing(&app, &visit, &desk, &member).await?;
    let command = Remove { actor: visit.actor.clone(), member };
    match app.store.write("remove", command, |tx, c| Box::pin(remove(tx, c))).await {
        Ok(()) => Ok(see(&at(&visit, shop, &format!("/coop?done=removed&workshop={house}")))),
        Err(error) => refused(&visit, shop, question, error),
    }
}

/// The membership, which must last; its workshop's slug; the question.
async fn removing(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    member: &str,
) -> Result<(MemberId, String, Question), PageError> {
    let locale = visit.locale;
    let id: MemberId = member.parse().map_err(|_| PageError::NotFound)?;
    managed(&mut app.store.read().await?, visit, desk).await?;
    let (member, _) = of_ours(app, desk, id).await?;
    if member.state != MemberState::Active {
        return Err(PageError::NotFound);
    }
    let shop = desk.workshop()?;
    let house = desk.catalogue.workshop(member.workshop_id).ok_or(PageError::NotFound)?;
    let question = Question {
        title: t::remove_title(locale, &house.name),
        text: vec![t::remove_text(locale).to_owned()],
        action: at(visit, shop, &format!("/coop/members/{id}")),
        yes: Some(t::remove_whom(locale, &house.name)),
        no: t::keep_member(locale),
    };
    Ok((id, house.slug.clone(), question))
}

fn refused(
    visit: &Visit,
    shop: &Workshop,
    question: Question,
    error: CoopError,
) -> Result<Response, PageError> {
    let mut problems = Problems::default();
    problems.add("part", trouble(visit.locale, error)?);
    Ok(answer(visit, shop, question, problems))
}

fn answer(visit: &Visit, shop: &Workshop, question: Question, problems: Problems) -> Response {
    let locale = visit.locale;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (inner, shop) = (visit.clone(), shop.clone());
    let Question { title, text, action, yes, no } = question;
    Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let yes = yes.map(|words| view! { <button class="btn btn-danger">{words}</button> });
        let text: Vec<_> = text.into_iter().map(|words| view! { <p>{words}</p> }).collect();
        let body = view! {
            <h1>{title}</h1>
            <ErrorSummary locale problems/>
            <form class="panel" id="part" method="post" action=action>
                {text}
                <div class="actions">
                    {yes}
                    <a class="btn" href=at(&inner, &shop, "/coop")>{no}</a>
                </div>
            </form>
        };
        frame(&inner, Some(&shop), Tab::Coop, body)
    })
}
