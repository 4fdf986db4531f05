//! The co-op's own page: who belongs to it, who is asked, who left, what the others offer.

use axum::http::StatusCode;
use axum::response::Response;
use engine::Locale;
use engine::catalogue::{Catalogue, Workshop};
use engine::coop::{self, Asked, Coop, Member, MemberRole};
use leptos::prelude::*;

use super::offers::{self, Offer};
use super::{anchor, asked, closed};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame};
use crate::render::Page;
use crate::t::coop as t;
use crate::t::overflow as full;
use crate::t::resource as machines;
use crate::ui::coop::{date, day_of, form_name, path, role_name};
use crate::ui::field::{ErrorSummary, Hidden};
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

/// What is known of the workshop's co-op.
struct Home {
    coop: Coop,
    members: Vec<Member>,
    former: Vec<Member>,
    invited: Vec<Member>,
    offers: Vec<Offer>,
    manages: bool,
}

pub(super) async fn answer(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    problems: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let catalogue = desk.catalogue.clone();
    let mut conn = app.store.read().await?;
    let invitations = coop::invitations_to(&mut conn, &visit.actor, shop.id).await;
    let mut to_us = Vec::new();
    for asked in invitations.map_err(closed)? {
        let members = coop::members(&mut conn, asked.coop.id).await?;
        to_us.push((asked, members));
    }
    let home = match coop::of_workshop(&mut conn, shop.id).await? {
        None => None,
        Some(coop) => {
            let members = coop::members(&mut conn, coop.id).await?;
            let former = coop::former_members(&mut conn, coop.id).await?;
            let invited = coop::invitations(&mut conn, &visit.actor, coop.id).await;
            let invited = invited.map_err(closed)?;
            let standing = coop::standing(&mut conn, &visit.actor, coop.id).await?;
            let others =
                members.iter().map(|member| member.workshop_id).filter(|id| *id != shop.id);
            let offers = offers::next_week(&mut conn, &catalogue, others, app.store.now()).await?;
            let manages = standing == Some(MemberRole::Manager);
            Some(Home { coop, members, former, invited, offers, manages })
        }
    };
    drop(conn);
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title =
        home.as_ref().map_or_else(|| t::title(locale).to_owned(), |home| home.coop.name.clone());
    let inner = visit.clone();
    Ok(Page::new(Head::host(title)).status(status).render(visit, move || {
        let news = problems.is_empty().then(|| news(&inner, &catalogue)).flatten();
        let mine = home.as_ref().map(|home| &home.coop);
        let asked: Vec<_> = to_us
            .iter()
            .map(|(asked, members)| {
                asked::view(&inner, &shop, &catalogue, asked, members, mine, &problems)
            })
            .collect();
        let body = match &home {
            Some(home) => ours(&inner, &shop, &catalogue, home, &problems).into_any(),
            None => alone(&inner, &shop, &to_us).into_any(),
        };
        let head = home.as_ref().map_or_else(
            || view! { <h1>{t::title(locale)}</h1> }.into_any(),
            |home| head(&inner, &shop, &catalogue, home).into_any(),
        );
        let body =
            view! { {head} {news} <ErrorSummary locale problems=problems.clone()/> {asked} {body} };
        frame(&inner, Some(&shop), Tab::Coop, body)
    }))
}

/// What was just done, said once.
fn news(visit: &Visit, catalogue: &Catalogue) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let query = Form::of_query(&visit.query);
    let whom = || catalogue.workshop_by_slug(query.text("workshop")).map(|shop| shop.name.clone());
    let words = match query.text("done") {
        "founded" => t::found_done(locale).to_owned(),
        "accepted" => t::accept_done(locale).to_owned(),
        "declined" => t::decline_done(locale).to_owned(),
        "withdrawn" => t::withdraw_done(locale).to_owned(),
        "role" => t::role_done(locale).to_owned(),
        "saved" => crate::t::edit::saved(locale).to_owned(),
        "invited" => t::invite_done(locale, whom()?),
        "removed" => t::remove_done(locale, whom()?),
        "left" => t::leave_done(locale, query.text("coop")),
        _ => return None,
    };
    Some(view! { <Notice tone=Tone::Good title=words/> })
}

fn alone(visit: &Visit, shop: &Workshop, asked: &[(Asked, Vec<Member>)]) -> impl IntoView + use<> {
    let locale = visit.locale;
    // Who is asked answers first; founding one's own is the lesser button then.
    let class = if asked.is_empty() { "btn btn-primary" } else { "btn" };
    view! {
        <p class="lead">{t::lone_lead(locale)}</p>
        <p><a class=class href=at(visit, shop, "/coop/new")>{icon("plus")}{t::found(locale)}</a></p>
    }
}

fn head(
    visit: &Visit,
    shop: &Workshop,
    catalogue: &Catalogue,
    home: &Home,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let coop = &home.coop;
    let mut facts = vec![form_name(locale, coop.form).to_owned()];
    facts.extend(
        catalogue.village(coop.village_id).map(|village| village.name.text(locale).to_owned()),
    );
    facts.extend(coop.founded_on.map(|day| t::founded_on(locale, date(locale, day))));
    let edit = home.manages.then(|| {
        view! { <a class="btn" href=at(visit, shop, "/coop/edit")>{icon("edit")}{t::edit(locale)}</a> }
    });
    view! {
        <header class="host-head">
            <div>
                <p class="soft">{facts.join(" · ")}</p>
                <h1>{coop.name.clone()}</h1>
            </div>
            <div class="actions">
                {edit}
                <a class="btn" href=visit.link(&path(coop))>{icon("eye")}{t::as_guest(locale)}</a>
            </div>
        </header>
    }
}

fn ours(
    visit: &Visit,
    shop: &Workshop,
    catalogue: &Catalogue,
    home: &Home,
    problems: &Problems,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let page = at(visit, shop, "/coop");
    let managers = home.members.iter().filter(|member| member.role == MemberRole::Manager).count();
    let members: Vec<_> = home
        .members
        .iter()
        .filter_map(|member| Some((member, catalogue.workshop(member.workshop_id)?)))
        .map(|(member, house)| {
            let may = May { change: home.manages, step_down: managers > 1 };
            member_line(visit, shop, house, member, may, problems)
        })
        .collect();
    let invite = home.manages.then(|| {
        view! {
            <p><a class="btn btn-primary" href=at(visit, shop, "/coop/invite")>{icon("plus")}{t::invite(locale)}</a></p>
        }
    });
    let invited: Vec<_> = home
        .invited
        .iter()
        .filter_map(|member| Some((member, catalogue.workshop(member.workshop_id)?)))
        .map(|(member, house)| invited_line(visit, &page, house, member, home.manages, problems))
        .collect();
    let invited = (!invited.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby="invited">
                <h2 id="invited">{t::invitations(locale)}</h2>
                <ul class="entry-list">{invited}</ul>
            </section>
        }
    });
    let former = former(locale, catalogue, &home.former);
    let offers = (home.members.len() > 1).then(|| offers::view(visit, catalogue, &home.offers));
    let leave = at(visit, shop, "/coop/leave");
    let circle = at(visit, shop, "/coop/circle");
    let overflow = at(visit, shop, "/coop/overflow");
    let board = at(visit, shop, "/resources");
    let feed = at(visit, shop, "/feed#coop-of");
    let marks = home.manages.then(|| {
        let href = at(visit, shop, "/credentials#of-coop");
        view! {
            <li class="entry more-line">
                {icon("stamp")}
                <div>
                    <h2 class="entry-title"><a class="card-link" href=href>{crate::t::credential::coop_marks(locale)}</a></h2>
                    <p class="entry-text">{crate::t::credential::coop_marks_about(locale)}</p>
                </div>
            </li>
        }
    });
    let orders = home.manages.then(|| {
        let href = at(visit, shop, "/coop/commissions");
        view! {
            <li class="entry more-line">
                {icon("hand")}
                <div>
                    <h2 class="entry-title"><a class="card-link" href=href>{crate::t::commission::coop_title(locale)}</a></h2>
                    <p class="entry-text">{crate::t::commission::coop_lead(locale)}</p>
                </div>
            </li>
        }
    });
    let circle = view! {
        <ul class="entry-list">
            {marks}
            {orders}
            <li class="entry more-line">
                {icon("grid")}
                <div>
                    <h2 class="entry-title"><a class="card-link" href=board>{machines::title(locale)}</a></h2>
                    <p class="entry-text">{machines::about(locale)}</p>
                </div>
            </li>
            <li class="entry more-line">
                {icon("calendar")}
                <div>
                    <h2 class="entry-title"><a class="card-link" href=feed>{crate::t::feed::title(locale)}</a></h2>
                    <p class="entry-text">{crate::t::feed::coop_text(locale)}</p>
                </div>
            </li>
            <li class="entry more-line">
                {icon("refresh")}
                <div>
                    <h2 class="entry-title"><a class="card-link" href=circle>{t::circle(locale)}</a></h2>
                    <p class="entry-text">{t::circle_about(locale)}</p>
                </div>
            </li>
            <li class="entry more-line">
                {icon("share")}
                <div>
                    <h2 class="entry-title"><a class="card-link" href=overflow>{full::title(locale)}</a></h2>
                    <p class="entry-text">{full::lead(locale)}</p>
                </div>
            </li>
        </ul>
    };
    view! {
        <section class="stack" aria-labelledby="members">
            <h2 id="members">{t::members(locale)}</h2>
            <ul class="entry-list">{members}</ul>
            {invite}
        </section>
        {invited} {circle} {offers} {former}
        <p><a class="btn btn-quiet" href=leave>{icon("logout")}{t::leave(locale, &home.coop.name)}</a></p>
    }
}

/// The name of a workshop, which leads to its public page.
fn house_link(visit: &Visit, house: &Workshop) -> impl IntoView + use<> {
    let href = visit.link(&format!("/workshops/{}", house.slug));
    view! { <a href=href>{house.name.clone()}</a> }
}

fn error_of(id: &str, problems: &Problems) -> Option<impl IntoView + use<>> {
    let error = problems.of(id);
    (!error.is_empty()).then(|| view! { <p class="field-error">{icon("warning")}{error}</p> })
}

/// What the reader may do to a member.
#[derive(Clone, Copy)]
struct May {
    change: bool,
    /// A manager may become a member, because there is another.
    step_down: bool,
}

fn member_line(
    visit: &Visit,
    shop: &Workshop,
    house: &Workshop,
    member: &Member,
    may: May,
    problems: &Problems,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let id = anchor(member.id);
    let since = member.joined_at.map(|at| t::since(locale, day_of(locale, at)));
    let mine = house.id == shop.id;
    let yours = mine.then(|| view! { " " <span class="badge">{t::yours(locale)}</span> });
    let tone = (member.role == MemberRole::Manager).then_some("indigo");
    let error = error_of(&id, problems);
    let (other, words, whom) = match member.role {
        MemberRole::Manager => {
            (MemberRole::Member, t::make_member(locale), t::make_member_whom(locale, &house.name))
        }
        MemberRole::Member => (
            MemberRole::Manager,
            t::make_manager(locale),
            t::make_manager_whom(locale, &house.name),
        ),
    };
    let remove = at(visit, shop, &format!("/coop/members/{}", member.id));
    let remove = (!mine).then(|| {
        view! {
            <a class="btn btn-small btn-danger" href=remove aria-label=t::remove_whom(locale, &house.name)>
                {t::remove(locale)}
            </a>
        }
    });
    let role = (member.role == MemberRole::Member || may.step_down).then(|| {
        view! {
            <form method="post" action=at(visit, shop, "/coop")>
                <Hidden name="act" value="role"/>
                <Hidden name="member" value=member.id.to_string()/>
                <Hidden name="role" value=other.word()/>
                <button class="btn btn-small" aria-label=whom>{words}</button>
            </form>
        }
    });
    let some = role.is_some() || remove.is_some();
    let actions =
        (may.change && some).then(|| view! { <div class="actions">{role} {remove}</div> });
    view! {
        <li class="entry" id=id>
            <div>
                <h3 class="entry-title">
                    {house_link(visit, house)} " "
                    <span class="badge" data-tone=tone>{role_name(locale, member.role)}</span> {yours}
                </h3>
                <p class="entry-text">{since}</p>
                {error}
            </div>
            {actions}
        </li>
    }
}

fn invited_line(
    visit: &Visit,
    page: &str,
    house: &Workshop,
    member: &Member,
    manages: bool,
    problems: &Problems,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let id = anchor(member.id);
    let when = t::invited_on(locale, day_of(locale, member.invited_at));
    let error = error_of(&id, problems);
    let withdraw = manages.then(|| {
        view! {
            <form class="actions" method="post" action=page.to_owned()>
                <Hidden name="act" value="withdraw"/>
                <Hidden name="member" value=member.id.to_string()/>
                <button class="btn btn-small" aria-label=t::withdraw_whom(locale, &house.name)>
                    {t::withdraw(locale)}
                </button>
            </form>
        }
    });
    view! {
        <li class="entry" id=id>
            <div>
                <h3 class="entry-title">{house_link(visit, house)}</h3>
                <p class="entry-text">{when}</p>
                {error}
            </div>
            {withdraw}
        </li>
    }
}

fn former(
    locale: Locale,
    catalogue: &Catalogue,
    former: &[Member],
) -> Option<impl IntoView + use<>> {
    let lines: Vec<_> = former
        .iter()
        .filter_map(|member| {
            let house = catalogue.workshop(member.workshop_id)?;
            let (from, to) = (member.joined_at?, member.ended_at?);
            let period = t::period(locale, day_of(locale, from), day_of(locale, to));
            Some(view! { <li>{house.name.clone()} " " <span class="soft">{period}</span></li> })
        })
        .collect();
    (!lines.is_empty()).then(|| {
        view! {
            <section class="stack-s" aria-labelledby="former">
                <h2 id="former">{t::former(locale)}</h2>
                <ul class="plain-list">{lines}</ul>
            </section>
        }
    })
}
