//! Naming a partner, changing what is said of it, parting.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::catalogue::Workshop;
use engine::clock::local_date;
use engine::coop::Coop;
use engine::partner::{
    self, AskPartner, ChangePartner, EndPartner, Keeper, Partner, PartnerData, PartnerInput,
    PartnerKind, PartnerState,
};
use engine::{Locale, PartnerId};
use leptos::prelude::*;

use super::{At, AtOne, managed, refused, trouble};
use crate::api::form::{Form, KEY, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::render::Page;
use crate::t::{host, partner as t};
use crate::ui::field::{ErrorSummary, FormKey, Hidden, Radios, Select, TextField};
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::partner as ui;

fn read(form: &Form) -> PartnerInput {
    let text = |name: &str| form.text(name).to_owned();
    PartnerInput {
        kind: text("kind"),
        name: text("name"),
        city: text("city"),
        web: text("web"),
        since: text("since"),
        contact: text("contact"),
        email: text("email"),
        language: text("language"),
    }
}

fn filled(partner: &Partner) -> Form {
    let input = PartnerInput::of(partner);
    let fields = [
        ("kind", input.kind),
        ("name", input.name),
        ("city", input.city),
        ("web", input.web),
        ("since", input.since),
        ("contact", input.contact),
        ("email", input.email),
        ("language", input.language),
        ("version", partner.version.to_string()),
    ];
    Form::of_pairs(fields.map(|(name, value)| (name.to_owned(), value)).to_vec())
}

/// What the page is about.
struct Shown {
    shop: Workshop,
    /// None for a new one.
    partner: Option<Partner>,
    /// That may have partners besides the workshop.
    coop: Option<Coop>,
}

impl Shown {
    async fn blank(app: &App, visit: &Visit, slug: &str) -> Result<Shown, PageError> {
        let desk = Desk::open_as_owner(app, visit, slug).await?;
        let shop = desk.workshop()?.clone();
        let coop = managed(&mut app.store.read().await?, visit, &shop).await?;
        Ok(Shown { shop, partner: None, coop })
    }

    async fn of(app: &App, visit: &Visit, slug: &str, id: &str) -> Result<Shown, PageError> {
        let shown = Shown::blank(app, visit, slug).await?;
        let id: PartnerId = id.parse().map_err(|_| PageError::NotFound)?;
        let mut conn = app.store.read().await?;
        let found = partner::partner(&mut conn, &visit.actor, id).await.map_err(refused)?;
        let here = found.workshop_id == Some(shown.shop.id)
            || (found.coop_id.is_some() && found.coop_id == shown.coop.as_ref().map(|c| c.id));
        if here { Ok(Shown { partner: Some(found), ..shown }) } else { Err(PageError::NotFound) }
    }
}

pub async fn new(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let shown = Shown::blank(&app, &visit, &slug).await?;
    let today = local_date(app.store.now()).to_string();
    let begin = [
        ("keeper", "workshop".to_owned()),
        ("since", today),
        ("language", visit.locale.to_string()),
        (KEY, fresh_key()),
    ];
    let form = Form::of_pairs(begin.map(|(name, value)| (name.to_owned(), value)).to_vec());
    Ok(answer(&visit, shown, form, Problems::default()))
}

pub async fn create(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let shown = Shown::blank(&app, &visit, &slug).await?;
    let keeper = match (form.text("keeper"), &shown.coop) {
        ("coop", Some(coop)) => Keeper::Coop(coop.id),
        _ => Keeper::Workshop(shown.shop.id),
    };
    let data = match PartnerData::parse(&read(&form), local_date(app.store.now())) {
        Ok(data) => data,
        Err(wrongs) => {
            let problems = ui::problems(visit.locale, wrongs);
            return Ok(answer(&visit, shown, form, problems));
        }
    };
    let actor = visit.actor.clone();
    let command = AskPartner { actor, keeper, data, form_key: form.key() };
    let made = app.store.write("ask partner", command, |tx, c| Box::pin(partner::ask(tx, c))).await;
    match made {
        Ok(_) => Ok(see(&at(&visit, &shown.shop, "/partners?done=asked"))),
        Err(error) => {
            let problems = trouble(visit.locale, "name", error)?;
            Ok(answer(&visit, shown, form, problems))
        }
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtOne,
) -> Result<Response, PageError> {
    let shown = Shown::of(&app, &visit, &slug, &id).await?;
    let form = shown.partner.as_ref().map(filled).unwrap_or_default();
    Ok(answer(&visit, shown, form, Problems::default()))
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtOne,
    form: Form,
) -> Result<Response, PageError> {
    let shown = Shown::of(&app, &visit, &slug, &id).await?;
    let known = shown.partner.as_ref().ok_or(PageError::NotFound)?.id;
    let actor = visit.actor.clone();
    if form.text("act") == "end" {
        let command = EndPartner { actor, partner: known };
        app.store
            .write("end partner", command, |tx, c| Box::pin(partner::end(tx, c)))
            .await
            .map_err(refused)?;
        return Ok(see(&at(&visit, &shown.shop, "/partners?done=ended")));
    }
    let data = match PartnerData::parse(&read(&form), local_date(app.store.now())) {
        Ok(data) => data,
        Err(wrongs) => {
            let problems = ui::problems(visit.locale, wrongs);
            return Ok(answer(&visit, shown, form, problems));
        }
    };
    let version = form.text("version").parse().unwrap_or(0);
    let command = ChangePartner { actor, partner: known, version, data };
    let saved =
        app.store.write("change partner", command, |tx, c| Box::pin(partner::change(tx, c))).await;
    match saved {
        Ok(()) => Ok(see(&at(&visit, &shown.shop, "/partners?done=asked"))),
        Err(error) => {
            let problems = trouble(visit.locale, "name", error)?;
            Ok(answer(&visit, shown, form, problems))
        }
    }
}

fn answer(visit: &Visit, shown: Shown, form: Form, problems: Problems) -> Response {
    let locale = visit.locale;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = shown
        .partner
        .as_ref()
        .map_or_else(|| t::partner_add(locale).to_owned(), |partner| partner.name.clone());
    let inner = visit.clone();
    Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let visit = &inner;
        let shop = &shown.shop;
        let back = at(visit, shop, "/partners");
        let action = match &shown.partner {
            Some(partner) => format!("{back}/{}", partner.id),
            None => format!("{back}/new"),
        };
        let badge = shown.partner.as_ref().map(|it| ui::partner_state(locale, it.state));
        let agreed = shown.partner.as_ref().is_some_and(|it| it.state == PartnerState::Agreed);
        let again = agreed.then(|| view! { <p class="soft">{t::asked_again(locale)}</p> });
        let keeper = shown.coop.as_ref().filter(|_| shown.partner.is_none()).map(|coop| {
            let options = vec![
                ("workshop".to_owned(), shop.name.clone()),
                ("coop".to_owned(), coop.name.clone()),
            ];
            let value = form.text("keeper").to_owned();
            view! { <Radios name="keeper" label=t::keeper(locale) options value/> }
        });
        let end = shown
            .partner
            .as_ref()
            .filter(|it| matches!(it.state, PartnerState::Asked | PartnerState::Agreed))
            .map(|_| end(locale, action.clone()));
        let body = view! {
            {breadcrumb(locale, vec![(back.clone(), t::host_title(locale).to_owned())])}
            <h1>{title} " " {badge}</h1>
            {again}
            <ErrorSummary locale problems=problems.clone()/>
            <form class="form panel" method="post" action=action novalidate>
                <FormKey key=form.key()/>
                <Hidden name="version" value=form.text("version").to_owned()/>
                {keeper}
                {fields(locale, &form, &problems)}
                <div class="actions">
                    <button class="btn btn-primary">{t::save_and_ask(locale)}</button>
                    <a class="btn btn-quiet" href=back>{host::leave(locale)}</a>
                </div>
            </form>
            {end}
        };
        frame(visit, Some(shop), Tab::More, body)
    })
}

fn fields(locale: Locale, form: &Form, problems: &Problems) -> impl IntoView + use<> {
    let value = |name: &str| form.text(name).to_owned();
    let error = |name: &str| problems.of(name);
    let kinds = PartnerKind::ALL
        .iter()
        .map(|kind| (kind.to_string(), ui::kind(locale, *kind).to_owned()))
        .collect();
    let languages = Locale::ALL
        .iter()
        .map(|language| (language.to_string(), language.native_name().to_owned()))
        .collect();
    view! {
        <fieldset class="stack">
            <legend class="panel-title">{t::shown_to_guests(locale)}</legend>
            <Radios name="kind" label=t::kind(locale) options=kinds value=value("kind") error=error("kind")/>
            <TextField locale name="name" label=t::name(locale) maxlength=120
                value=value("name") error=error("name")/>
            <div class="field-row">
                <TextField locale name="city" label=t::city(locale) maxlength=80
                    value=value("city") error=error("city")/>
                <TextField locale name="since" label=t::since(locale) kind="date"
                    value=value("since") error=error("since")/>
            </div>
            <TextField locale name="web" label=t::web(locale) inputmode="url" optional=true
                value=value("web") error=error("web")/>
        </fieldset>
        <fieldset class="stack">
            <legend class="panel-title">{t::contact_title(locale)}</legend>
            <TextField locale name="contact" label=t::contact(locale) maxlength=120
                value=value("contact") error=error("contact")/>
            <TextField locale name="email" label=t::contact_email(locale) kind="email" inputmode="email"
                hint=t::contact_hint(locale) value=value("email") error=error("email")/>
            <Select locale name="language" label=t::letter_language(locale) options=languages
                value=value("language") error=error("language")/>
        </fieldset>
    }
}

fn end(locale: Locale, action: String) -> impl IntoView {
    view! {
        <details class="fold">
            <summary>{t::part(locale)}</summary>
            <form class="fold-body" method="post" action=action>
                <Hidden name="act" value="end"/>
                <p>{t::end_more(locale)}</p>
                <button class="btn btn-danger">{t::part(locale)}</button>
            </form>
        </details>
    }
}
