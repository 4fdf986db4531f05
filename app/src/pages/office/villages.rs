//! Who reads the report of which village.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use engine::accounts::AccountError;
use engine::catalogue::Catalogue;
use engine::email::Email;
use engine::report::{
    GiveVillage, ReportError, TakeVillage, VillagePerson, give_village, take_village,
    village_people,
};
use engine::{Locale, PersonId, VillageId};
use leptos::prelude::*;

use super::frame::{Part, admitted, frame};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::see;
use crate::pages::report::refused;
use crate::render::Page;
use crate::t::report as t;
use crate::ui::field::{ErrorSummary, Hidden, Select, TextField};
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

pub async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    admitted(&visit)?;
    answer(&app, &visit, Form::default(), Problems::default()).await
}

/// The forms of the page: `act` says which.
pub async fn act(State(app): State<App>, visit: Visit, form: Form) -> Result<Response, PageError> {
    admitted(&visit)?;
    let page = visit.link("/office/villages");
    if form.text("act") == "take" {
        let id = |name: &str| form.text(name).parse::<uuid::Uuid>().map_err(|_| PageError::Invalid);
        let command = TakeVillage {
            actor: visit.actor.clone(),
            village: VillageId::from(id("village")?),
            person: PersonId::from(id("person")?),
        };
        let done = app.store.write("take village", command, |tx, c| Box::pin(take_village(tx, c)));
        done.await.map_err(refused)?;
        return Ok(see(&format!("{page}?done=taken")));
    }
    let locale = visit.locale;
    let mut problems = Problems::default();
    let catalogue = app.catalogue().await?;
    let village = catalogue.village_by_slug(form.text("village")).map(|village| village.id);
    if village.is_none() {
        problems.add("village", t::village_wrong(locale));
    }
    if form.text("name").trim().is_empty() {
        problems.add("name", t::name_wrong(locale));
    }
    let email = form.text("email").parse::<Email>().ok();
    if email.is_none() {
        problems.add("email", t::email_wrong(locale));
    }
    if let Some((village, email)) = village.zip(email).filter(|_| problems.is_empty()) {
        let command = GiveVillage {
            actor: visit.actor.clone(),
            village,
            email,
            name: form.text("name").to_owned(),
            locale: Locale::parse(form.text("language")).unwrap_or(locale),
        };
        let done = app.store.write("give village", command, |tx, c| Box::pin(give_village(tx, c)));
        match done.await {
            Ok(_) => return Ok(see(&format!("{page}?done=given"))),
            Err(ReportError::Account(AccountError::Name)) => {
                problems.add("name", t::name_wrong(locale));
            }
            Err(error) => return Err(refused(error)),
        }
    }
    answer(&app, &visit, form, problems).await
}

async fn answer(
    app: &App,
    visit: &Visit,
    form: Form,
    problems: Problems,
) -> Result<Response, PageError> {
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let people = village_people(&mut conn, &visit.actor).await.map_err(refused)?;
    drop(conn);
    let locale = visit.locale;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::readers(locale))).status(status).render(visit, move || {
        let news = match Form::of_query(&inner.query).text("done") {
            "given" => Some(t::reader_given(locale)),
            "taken" => Some(t::reader_taken(locale)),
            _ => None,
        };
        let news = news.filter(|_| problems.is_empty());
        let news = news.map(|words| view! { <Notice tone=Tone::Good title=words/> });
        let none =
            people.is_empty().then(|| view! { <p class="empty">{t::readers_none(locale)}</p> });
        let items: Vec<_> = people.iter().map(|one| row(&inner, &catalogue, one)).collect();
        let body = view! {
            <h1>{t::readers(locale)}</h1>
            <p class="lead">{t::readers_lead(locale)}</p>
            {news}
            <ErrorSummary locale problems=problems.clone()/>
            {none}
            <ul class="entry-list">{items}</ul>
            {invite(&inner, &catalogue, &form, &problems)}
        };
        frame(&inner, Part::Villages, body)
    }))
}

fn row(visit: &Visit, catalogue: &Catalogue, one: &VillagePerson) -> impl IntoView + use<> {
    let locale = visit.locale;
    let village = catalogue.village(one.village_id);
    let name = village.map(|village| village.name.text(locale).to_owned()).unwrap_or_default();
    let slug = village.map(|village| village.slug.clone()).unwrap_or_default();
    let href = visit.link(&format!("/village/{slug}/report"));
    view! {
        <li class="entry">
            <div>
                <h2 class="entry-title">
                    {one.name.clone()} " " <span class="badge" data-tone="indigo">{name.clone()}</span>
                </h2>
                <p class="entry-text">{one.email.clone()}</p>
            </div>
            <div class="actions">
                <a class="btn btn-small" href=href>{t::reader_open(locale, name)}</a>
                <form method="post" action=visit.link("/office/villages")>
                    <Hidden name="act" value="take"/>
                    <Hidden name="person" value=one.person_id.to_string()/>
                    <Hidden name="village" value=one.village_id.to_string()/>
                    <button class="btn btn-small btn-danger" aria-label=t::reader_remove_whom(locale, &one.name)>
                        {t::reader_remove(locale)}
                    </button>
                </form>
            </div>
        </li>
    }
}

fn invite(
    visit: &Visit,
    catalogue: &Catalogue,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let typed = |name: &str| form.text(name).to_owned();
    let mut villages = vec![(String::new(), t::choose_village(locale).to_owned())];
    villages.extend(
        catalogue.villages.iter().map(|it| (it.slug.clone(), it.name.text(locale).to_owned())),
    );
    let languages = Locale::ALL.map(|l| (l.code().to_owned(), l.native_name().to_owned()));
    let language = if form.has("language") { typed("language") } else { locale.code().to_owned() };
    view! {
        <form class="form panel" method="post" action=visit.link("/office/villages") novalidate>
            <h2 class="panel-title">{t::reader_add(locale)}</h2>
            <p class="soft">{t::reader_hint(locale)}</p>
            <Hidden name="act" value="give"/>
            <Select locale name="village" label=t::village(locale) options=villages
                value=typed("village") error=problems.of("village")/>
            <div class="field-row">
                <TextField locale name="name" label=t::reader_name(locale) value=typed("name")
                    error=problems.of("name") maxlength=120/>
                <TextField locale name="email" label="Email" kind="email" value=typed("email")
                    error=problems.of("email")/>
            </div>
            <Select locale name="language" label=t::reader_language(locale)
                options=languages.to_vec() value=language/>
            <div><button class="btn btn-primary">{icon("mail")}{t::reader_send(locale)}</button></div>
        </form>
    }
}
