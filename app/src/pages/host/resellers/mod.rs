//! Travel companies that sell a workshop's tours: who they are, what was agreed, their keys, the
//! seats kept for them, what they sold and owe. For owners: it is about money.

pub mod act;
pub mod contract;
pub mod form;
pub mod sold;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::ContractId;
use engine::catalogue::Workshop;
use engine::clock::local_date;
use engine::reseller::{
    self, Agreement, ContractData, Invite, ResellerData, ResellerError, agreements_of, owed,
};
use leptos::prelude::*;

use super::fields::problems;
use super::frame::{Desk, Tab, at, frame, see};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::{host, reseller as t};
use crate::ui::field::{ErrorSummary, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};

type At = Path<(String, String)>;
pub type AtContract = Path<(String, String, String)>;

/// An error that is no matter of words on a page.
pub fn refused(error: ResellerError) -> PageError {
    match error {
        ResellerError::Store(error) => error.into(),
        _ => PageError::NotFound,
    }
}

/// A contract of the workshop, opened by an owner.
pub async fn open(
    app: &App,
    visit: &Visit,
    slug: &str,
    id: &str,
) -> Result<(Desk, Workshop, Agreement), PageError> {
    let desk = Desk::open_as_owner(app, visit, slug).await?;
    let shop = desk.workshop()?.clone();
    let id: ContractId = id.parse().map_err(|_| PageError::NotFound)?;
    let mut conn = app.store.read().await?;
    let found = reseller::agreement(&mut conn, &visit.actor, id).await.map_err(refused)?;
    if found.terms.contract.workshop_id == shop.id {
        Ok((desk, shop, found))
    } else {
        Err(PageError::NotFound)
    }
}

/// "from 1/12/2026 to 31/3/2027 · 20% off".
pub fn terms_line(locale: engine::Locale, agreement: &Agreement) -> String {
    let contract = &agreement.terms.contract;
    let from = format::date_of_paper(locale, contract.valid_from);
    let days = match contract.valid_to {
        Some(to) => t::valid_between(locale, from, format::date_of_paper(locale, to)),
        None => t::valid_since(locale, from),
    };
    format!("{} · {days}", t::off(locale, contract.percent_off))
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let shop = desk.workshop()?.clone();
    let mut conn = app.store.read().await?;
    let all = agreements_of(&mut conn, &visit.actor, shop.id).await.map_err(refused)?;
    let mut rows = Vec::with_capacity(all.len());
    for agreement in all {
        let owed = owed(&mut conn, agreement.terms.contract.id).await?;
        rows.push((agreement, owed));
    }
    drop(conn);
    let locale = visit.locale;
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::title(locale))).render(&visit, move || {
        let visit = &inner;
        let here = at(visit, &shop, "/resellers");
        let none = rows.is_empty().then(|| view! { <p class="empty">{t::none(locale)}</p> });
        let items = rows
            .iter()
            .map(|(agreement, owed)| {
                let contract = &agreement.terms.contract;
                let ended = (!contract.holds())
                    .then(|| view! { " " <span class="badge">{t::ended(locale)}</span> });
                view! {
                    <li class="entry"><div>
                        <h2 class="entry-title">
                            <a class="card-link" href=format!("{here}/{}", contract.id)>
                                {agreement.reseller.name.clone()}
                            </a>
                            {ended}
                        </h2>
                        <p class="entry-text">{terms_line(locale, agreement)}</p>
                        <p class="entry-text">{t::owes(locale, owed.display(locale))}</p>
                    </div></li>
                }
            })
            .collect_view();
        let body = view! {
            <h1>{t::title(locale)}</h1>
            <p class="soft">{t::about(locale)}</p>
            <ul class="entry-list">{items}</ul>
            {none}
            <div class="actions">
                <a class="btn btn-primary" href=format!("{here}/new")>{icon("plus")}{t::add(locale)}</a>
                <a class="btn btn-quiet" href=visit.link("/octo")>{t::docs_title(locale)}</a>
            </div>
        };
        frame(visit, Some(&shop), Tab::More, body)
    }))
}

pub async fn new(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let today = local_date(app.store.now()).to_string();
    let begin = [("percent_off", "15".to_owned()), ("valid_from", today)];
    let form = Form::of_pairs(begin.map(|(name, value)| (name.to_owned(), value)).to_vec());
    answer(&visit, &desk, form, Problems::default())
}

pub async fn create(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let shop = desk.workshop()?.clone();
    let locale = visit.locale;
    let today = local_date(app.store.now());
    let company = ResellerData::parse(&form::company(&form));
    let terms = ContractData::parse(&form::contract(&form), &desk.catalogue, shop.id, today);
    let (company, contract) = match (company, terms) {
        (Ok(company), Ok(terms)) => (company, terms),
        (company, terms) => {
            let mut wrongs = company.err().unwrap_or_default();
            wrongs.extend(terms.err().unwrap_or_default());
            return answer(&visit, &desk, form, problems(locale, wrongs));
        }
    };
    let command =
        Invite { actor: visit.actor.clone(), workshop: shop.id, company, contract, locale };
    let made = app
        .store
        .write("invite reseller", command, |tx, c| Box::pin(reseller::invite(tx, c)))
        .await;
    match made {
        Ok(id) => Ok(see(&format!("{}/{id}?done=saved", at(&visit, &shop, "/resellers")))),
        Err(ResellerError::Twice) => {
            let mut problems = Problems::default();
            problems.add("email", t::error_twice(locale));
            answer(&visit, &desk, form, problems)
        }
        Err(error) => Err(refused(error)),
    }
}

fn answer(
    visit: &Visit,
    desk: &Desk,
    form: Form,
    problems: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let back = at(visit, &shop, "/resellers");
    let contract = form::fields(locale, desk, &shop, &form, &problems).into_any();
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::add(locale))).status(status).render(visit, move || {
        let value = |name: &str| form.text(name).to_owned();
        let error = |name: &str| problems.of(name);
        let action = format!("{back}/new");
        let body = view! {
            {breadcrumb(locale, vec![(back.clone(), t::title(locale).to_owned())])}
            <h1>{t::add(locale)}</h1>
            <ErrorSummary locale problems=problems.clone()/>
            <form class="form panel" method="post" action=action novalidate>
                <h2 class="panel-title">{t::company(locale)}</h2>
                <TextField locale name="name" label=t::company_name(locale) value=value("name") error=error("name")/>
                <TextField locale name="email" label=t::company_email(locale) hint=t::company_email_hint(locale)
                    kind="email" inputmode="email" value=value("email") error=error("email")/>
                <div class="field-row">
                    <TextField locale name="phone" label=t::company_phone(locale) kind="tel" inputmode="tel"
                        value=value("phone") error=error("phone") optional=true/>
                    <TextField locale name="tax_code" label=t::company_tax_code(locale)
                        value=value("tax_code") error=error("tax_code") optional=true/>
                </div>
                {contract}
                <div class="actions">
                    <button class="btn btn-primary">{host::save(locale)}</button>
                    <a class="btn btn-quiet" href=back>{host::leave(locale)}</a>
                </div>
            </form>
        };
        frame(&inner, Some(&shop), Tab::More, body)
    }))
}
