//! Who did what, and when: a list with filters, in pages.

use std::collections::HashMap;

use axum::extract::State;
use axum::response::Response;
use engine::accounts::audit::{self, AuditError, Filter, Line};
use engine::catalogue::Catalogue;
use engine::{Locale, PersonId, WorkshopId};
use leptos::prelude::*;

use super::audit_words;
use super::frame::{Part, admitted, frame};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::office as t;
use crate::ui::field::{Select, TextField};
use crate::ui::format;
use crate::ui::layout::Head;

/// Lines on one page.
const PAGE: usize = 50;

/// Parts of the business that write to the audit, as verbs begin.
fn areas(locale: Locale) -> [(&'static str, &'static str); 16] {
    [
        ("", t::all_areas(locale)),
        ("booking", t::area_booking(locale)),
        ("slot", t::area_slot(locale)),
        ("rule", t::area_rule(locale)),
        ("closure", t::area_closure(locale)),
        ("enquiry", t::area_enquiry(locale)),
        ("catalogue", t::area_catalogue(locale)),
        ("team", t::area_team(locale)),
        ("coop", t::area_coop(locale)),
        ("pass", t::area_pass(locale)),
        ("credential", crate::t::credential::title(locale)),
        ("account", t::area_account(locale)),
        ("feed", t::area_feed(locale)),
        ("mail", t::area_mail(locale)),
        ("review", t::area_review(locale)),
        ("privacy", t::area_privacy(locale)),
    ]
}

pub async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    admitted(&visit)?;
    let query = Form::of_query(&visit.query);
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let workshop = catalogue.workshop_by_slug(query.text("workshop")).map(|shop| shop.id);
    let known = |area: &str| areas(locale).iter().any(|(word, _)| *word == area);
    let text =
        |name: &str| Some(query.text(name).trim().to_owned()).filter(|text| !text.is_empty());
    let filter = Filter {
        workshop,
        area: text("area").filter(|area| known(area)),
        // People type the code of a booking or a pass as they read it.
        subject: text("subject").map(|subject| match subject.len() {
            6 | 7 => subject.to_uppercase(),
            _ => subject,
        }),
        before: query.text("before").parse().ok(),
    };
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut conn = app.store.read().await?;
    let lines = audit::list(&mut conn, &visit.actor, &filter, limit).await;
    let mut lines = lines.map_err(|error| match error {
        AuditError::Store(error) => error.into(),
        AuditError::Forbidden(_) => PageError::NotFound,
    })?;
    let more = lines.len() > PAGE;
    lines.truncate(PAGE);
    let names = audit::names(&mut conn, &lines).await?;
    drop(conn);
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::audit(locale))).render(&visit, move || {
        let rows: Vec<_> = lines.iter().map(|line| row(locale, line, &names, &catalogue)).collect();
        let base = inner.link("/office/audit");
        let address = |before: Option<String>| {
            let mut fields: Vec<(&str, String)> = ["workshop", "area", "subject"]
                .into_iter()
                .map(|name| (name, query.text(name).to_owned()))
                .filter(|(_, value)| !value.is_empty())
                .collect();
            fields.extend(before.map(|before| ("before", before)));
            format!("{base}?{}", serde_html_form::to_string(fields).unwrap_or_default())
        };
        let older = lines.last().filter(|_| more).map(|last| {
            view! { <a class="btn" href=address(Some(last.id.to_string()))>{t::older(locale)}</a> }
        });
        let newest = filter.before.is_some().then(|| {
            view! { <a class="btn" href=address(None)>{t::newest(locale)}</a> }
        });
        let table = if rows.is_empty() {
            view! { <p class="empty">{t::audit_empty(locale)}</p> }.into_any()
        } else {
            view! {
                <table class="table table-cards">
                    <caption class="visually-hidden">{t::audit(locale)}</caption>
                    <thead><tr>
                        <th scope="col">{t::audit_at(locale)}</th>
                        <th scope="col">{t::audit_who(locale)}</th>
                        <th scope="col">{t::audit_what(locale)}</th>
                        <th scope="col">{t::audit_subject(locale)}</th>
                        <th scope="col">{t::audit_detail(locale)}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            }
            .into_any()
        };
        let body = view! {
            <h1>{t::audit(locale)}</h1>
            {filters(locale, &base, &query, &catalogue)}
            {table}
            <div class="actions">{newest} {older}</div>
        };
        frame(&inner, Part::Audit, body)
    }))
}

fn filters(
    locale: Locale,
    action: &str,
    query: &Form,
    catalogue: &Catalogue,
) -> impl IntoView + use<> {
    let mut workshops = vec![(String::new(), t::all_workshops(locale).to_owned())];
    workshops.extend(catalogue.workshops.iter().map(|shop| (shop.slug.clone(), shop.name.clone())));
    let areas: Vec<(String, String)> =
        areas(locale).map(|(word, name)| (word.to_owned(), name.to_owned())).to_vec();
    let value = |name: &str| query.text(name).to_owned();
    view! {
        <form class="panel stack" method="get" action=action.to_owned()>
            <div class="field-row">
                <Select locale name="workshop" label=t::workshop(locale) options=workshops value=value("workshop") optional=true/>
                <Select locale name="area" label=t::area(locale) options=areas value=value("area") optional=true/>
                <TextField locale name="subject" label=t::audit_subject(locale) value=value("subject") optional=true/>
            </div>
            <div><button class="btn btn-primary">{t::show(locale)}</button></div>
        </form>
    }
}

fn shop_name(catalogue: &Catalogue, id: Option<WorkshopId>) -> String {
    id.and_then(|id| catalogue.workshop(id)).map_or_else(String::new, |shop| shop.name.clone())
}

fn row(
    locale: Locale,
    line: &Line,
    names: &HashMap<PersonId, String>,
    catalogue: &Catalogue,
) -> impl IntoView + use<> {
    let who = match line.person() {
        Some(id) => names.get(&id).cloned().unwrap_or_else(|| line.actor.clone()),
        None if line.actor == "guest" => t::guest(locale).to_owned(),
        None => t::system(locale).to_owned(),
    };
    let shop = shop_name(catalogue, line.workshop_id);
    let shop = (!shop.is_empty()).then(|| view! { <br/><span class="soft small">{shop}</span> });
    let detail = audit_words::detail(locale, &line.detail);
    view! {
        <tr>
            <td data-label=t::audit_at(locale)>
                <time datetime=line.at.to_rfc3339()>{format::date_time(locale, line.at)}</time>
            </td>
            <td data-label=t::audit_who(locale)><span>{who}{shop}</span></td>
            <th scope="row">{audit_words::verb(locale, &line.verb)}</th>
            <td data-label=t::audit_subject(locale)><span class="audit-text">{line.subject.clone()}</span></td>
            <td data-label=t::audit_detail(locale)><span class="audit-text">{detail}</span></td>
        </tr>
    }
}
