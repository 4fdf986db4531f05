//! The people of a workshop: asked by email, made owner or staff, taken off.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::accounts::team::{
    ChangeRole, Invite, Member, Remove, TeamError, change_role, invite, members, remove,
};
use engine::accounts::{AccountError, Actor, Role};
use engine::clock::local_date;
use engine::email::Email;
use engine::{Locale, PersonId};
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame, see};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::people as t;
use crate::ui::field::{ErrorSummary, Hidden, Radios, Select, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

type At = Path<(String, String)>;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    answer(&app, &visit, desk, Form::default(), Problems::default()).await
}

/// The forms of the page: `act` says which.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let mut problems = Problems::default();
    let done = match form.text("act") {
        "invite" => ask(&app, &visit, &desk, &form, &mut problems).await?,
        "role" | "remove" => member(&app, &visit, &desk, &form, &mut problems).await?,
        _ => return Err(PageError::Invalid),
    };
    if problems.is_empty() {
        return Ok(see(&format!("{}?done={done}", at(&visit, desk.workshop()?, "/people"))));
    }
    answer(&app, &visit, desk, form, problems).await
}

async fn ask(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    form: &Form,
    problems: &mut Problems,
) -> Result<&'static str, PageError> {
    let locale = visit.locale;
    let email = form.text("email").parse::<Email>();
    if form.text("name").trim().is_empty() {
        problems.add("name", t::name_wrong(locale));
    }
    if email.is_err() {
        problems.add("email", t::email_wrong(locale));
    }
    let role = Role::parse(form.text("role"));
    if role.is_none() {
        problems.add("role", t::role_missing(locale));
    }
    let (Ok(email), Some(role), true) = (email, role, problems.is_empty()) else {
        return Ok("");
    };
    let command = Invite {
        actor: visit.actor.clone(),
        workshop: desk.id(),
        email,
        name: form.text("name").to_owned(),
        role,
        locale: Locale::parse(form.text("language")).unwrap_or(locale),
    };
    let done = app.store.write("invite", command, |tx, c| Box::pin(invite(tx, c))).await;
    if let Err(error) = done {
        let field = if matches!(error, TeamError::LastOwner) { "role" } else { "name" };
        problems.add(field, trouble(locale, error)?);
    }
    Ok("invited")
}

async fn member(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    form: &Form,
    problems: &mut Problems,
) -> Result<&'static str, PageError> {
    let (actor, workshop) = (visit.actor.clone(), desk.id());
    let person: PersonId = form.text("person").parse().map_err(|_| PageError::NotFound)?;
    let (done, news) = if form.text("act") == "remove" {
        let command = Remove { actor, workshop, person };
        let done = app.store.write("remove member", command, |tx, c| Box::pin(remove(tx, c))).await;
        (done, "removed")
    } else {
        let role = Role::parse(form.text("role")).ok_or(PageError::Invalid)?;
        let command = ChangeRole { actor, workshop, person, role };
        let done =
            app.store.write("change role", command, |tx, c| Box::pin(change_role(tx, c))).await;
        (done, "changed")
    };
    if let Err(error) = done {
        problems.add(format!("p-{person}"), trouble(visit.locale, error)?);
    }
    Ok(news)
}

/// The message for the owner; an error that is none of theirs ends the request.
fn trouble(locale: Locale, error: TeamError) -> Result<&'static str, PageError> {
    match error {
        TeamError::LastOwner => Ok(t::last_owner(locale)),
        TeamError::Account(AccountError::Name) => Ok(t::name_wrong(locale)),
        TeamError::Account(AccountError::Store(error)) => Err(error.into()),
        TeamError::NotAMember | TeamError::Account(_) => Err(PageError::NotFound),
    }
}

async fn answer(
    app: &App,
    visit: &Visit,
    desk: Desk,
    form: Form,
    problems: Problems,
) -> Result<Response, PageError> {
    let mut conn = app.store.read().await?;
    let team = members(&mut conn, &visit.actor, desk.id()).await;
    drop(conn);
    let team = team.map_err(|error| match trouble(visit.locale, error) {
        Ok(_) => PageError::NotFound,
        Err(error) => error,
    })?;
    let locale = visit.locale;
    let now = app.store.now();
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shop = desk.workshop()?.clone();
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::title(locale))).status(status).render(visit, move || {
        let page = at(&inner, &shop, "/people");
        let news = match Form::of_query(&inner.query).text("done") {
            "invited" => Some(t::invited(locale)),
            "changed" => Some(t::changed(locale)),
            "removed" => Some(t::removed(locale)),
            _ => None,
        };
        let news = news.filter(|_| problems.is_empty());
        let news = news.map(|words| view! { <Notice tone=Tone::Good title=words/> });
        let me = match &inner.actor {
            Actor::Person(person) => Some(person.id),
            Actor::Guest | Actor::Reseller(_) | Actor::System => None,
        };
        let today = local_date(now);
        let items: Vec<_> =
            team.iter().map(|each| row(locale, &page, each, me, today, &problems)).collect();
        let body = view! {
            <h1>{t::title(locale)}</h1>
            {news}
            <ErrorSummary locale problems=problems.clone()/>
            <ul class="entry-list">{items}</ul>
            {invite_form(locale, &page, &form, &problems)}
        };
        frame(&inner, Some(&shop), Tab::More, body)
    }))
}

fn role_name(locale: Locale, role: Role) -> &'static str {
    match role {
        Role::Owner => t::owner(locale),
        Role::Staff => t::staff(locale),
    }
}

fn row(
    locale: Locale,
    page: &str,
    member: &Member,
    me: Option<PersonId>,
    today: chrono::NaiveDate,
    problems: &Problems,
) -> impl IntoView + use<> {
    let id = format!("p-{}", member.person_id);
    let seen = member.last_seen_at.map_or_else(
        || t::never_seen(locale).to_owned(),
        |at| t::last_seen(locale, format::relative_day(locale, local_date(at), today)),
    );
    let you = (me == Some(member.person_id))
        .then(|| view! { " " <span class="badge">{t::you(locale)}</span> });
    let (other, words) = match member.role {
        Role::Owner => (Role::Staff, t::make_staff(locale)),
        Role::Staff => (Role::Owner, t::make_owner(locale)),
    };
    let error = problems.of(&id);
    let error =
        (!error.is_empty()).then(|| view! { <p class="field-error">{icon("warning")}{error}</p> });
    let person = member.person_id.to_string();
    let remove = t::remove_whom(locale, &member.name);
    view! {
        <li class="entry" id=id>
            <div>
                <h2 class="entry-title">
                    {member.name.clone()} " "
                    <span class="badge" data-tone="indigo">{role_name(locale, member.role)}</span>
                    {you}
                </h2>
                <p class="entry-text">{member.email.clone()} " · " {seen}</p>
                {error}
            </div>
            <div class="actions">
                <form method="post" action=page.to_owned()>
                    <Hidden name="act" value="role"/>
                    <Hidden name="person" value=person.clone()/>
                    <Hidden name="role" value=other.word()/>
                    <button class="btn btn-small">{words}</button>
                </form>
                <form method="post" action=page.to_owned()>
                    <Hidden name="act" value="remove"/>
                    <Hidden name="person" value=person/>
                    <button class="btn btn-small btn-danger" aria-label=remove>{t::remove(locale)}</button>
                </form>
            </div>
        </li>
    }
}

fn invite_form(
    locale: Locale,
    page: &str,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let mine = form.text("act") == "invite";
    let typed = |name: &str, or: &str| {
        if mine { form.text(name).to_owned() } else { or.to_owned() }
    };
    let error = |name: &str| if mine { problems.of(name) } else { String::new() };
    let roles = [Role::Staff, Role::Owner]
        .map(|role| (role.word().to_owned(), role_name(locale, role).to_owned()));
    let languages = Locale::ALL.map(|l| (l.code().to_owned(), l.native_name().to_owned()));
    view! {
        <form class="form panel" method="post" action=page.to_owned() novalidate>
            <h2 class="panel-title">{t::invite_title(locale)}</h2>
            <p class="soft">{t::invite_hint(locale)}</p>
            <Hidden name="act" value="invite"/>
            <div class="field-row">
                <TextField locale name="name" label=t::name(locale) value=typed("name", "") error=error("name")/>
                <TextField locale name="email" label="Email" kind="email" value=typed("email", "") error=error("email")/>
            </div>
            <Radios name="role" label=t::role(locale) options=roles.to_vec() value=typed("role", "staff") error=error("role")/>
            <p class="field-hint">{t::role_hint(locale)}</p>
            <Select locale name="language" label=t::language(locale) options=languages.to_vec() value=typed("language", locale.code())/>
            <div><button class="btn btn-primary">{icon("mail")}{t::send_invite(locale)}</button></div>
        </form>
    }
}
