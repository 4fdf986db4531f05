//! Who did what, and when: a list with filters, in pages.

use std::collections::HashMap;
use std::iter;

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
use crate::t::{self as words, office as t};
use crate::ui::field::{Select, TextField};
use crate::ui::format;
use crate::ui::layout::Head;

/// Lines on one page.
const PAGE: usize = 50;

/// A part of the business that writes to the audit.
struct Area {
    /// As the address names it.
    word: &'static str,
    name: fn(Locale) -> &'static str,
    /// How its verbs begin.
    verbs: &'static [&'static str],
}

const fn area(
    word: &'static str,
    name: fn(Locale) -> &'static str,
    verbs: &'static [&'static str],
) -> Area {
    Area { word, name, verbs }
}

const AREAS: [Area; 27] = [
    area("booking", t::area_booking, &["booking", "certificate", "disruption", "overflow"]),
    area("slot", t::area_slot, &["slot"]),
    area("rule", t::area_rule, &["rule"]),
    area("closure", t::area_closure, &["closure"]),
    area("event", words::event::title, &["event"]),
    area("pass", t::area_pass, &["pass"]),
    area("enquiry", t::area_enquiry, &["enquiry"]),
    area("catalogue", t::area_catalogue, &["tour", "option", "workshop", "photo", "promo_code"]),
    area("story", words::story::office_title, &["chapter", "artisan", "picture"]),
    area("money", words::money::title, &["payment", "gift_card", "ledger", "postage"]),
    area("reseller", words::reseller::title, &["reseller"]),
    area("coop", t::area_coop, &["coop"]),
    area("resource", words::resource::title, &["resource"]),
    area("team", t::area_team, &["team", "guide"]),
    area("piece", words::piece::host_title, &["piece", "making", "firing", "parcel"]),
    area("provenance", words::provenance::host_title, &["provenance"]),
    area("shop", words::shop::host_title, &["shop", "order", "commission"]),
    area("credential", words::credential::title, &["credential"]),
    area("green", words::green::title, &["green"]),
    area(
        "partner",
        words::partner::host_title,
        &["partner", "design", "placement", "applicant", "study"],
    ),
    area("trade", words::trade::title, &["trade"]),
    area("report", words::report::title, &["report"]),
    area("review", t::area_review, &["review"]),
    area("privacy", t::area_privacy, &["privacy"]),
    area("account", t::area_account, &["account"]),
    area("mail", t::area_mail, &["mail"]),
    area("feed", t::area_feed, &["feed", "calendar", "webhook"]),
];

pub async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    admitted(&visit)?;
    let query = Form::of_query(&visit.query);
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let workshop = catalogue.workshop_by_slug(query.text("workshop")).map(|shop| shop.id);
    let area = AREAS.iter().find(|area| area.word == query.text("area"));
    let text =
        |name: &str| Some(query.text(name).trim().to_owned()).filter(|text| !text.is_empty());
    let filter = Filter {
        workshop,
        areas: area.map_or(&[], |area| area.verbs),
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
            let all = filter == Filter::default();
            let words = if all { t::audit_empty(locale) } else { t::audit_none(locale) };
            view! { <p class="empty">{words}</p> }.into_any()
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
    let areas = AREAS.iter().map(|area| (area.word.to_owned(), (area.name)(locale).to_owned()));
    let areas = iter::once((String::new(), t::all_areas(locale).to_owned())).chain(areas).collect();
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// Words in quotes like "slot.close" of the engine's files that write to the audit.
    fn verbs(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("tests") {
                verbs(&path, found);
            } else if path.extension().is_some_and(|kind| kind == "rs")
                && !path.ends_with("tests.rs")
            {
                let text = fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]").next().unwrap_or_default();
                if text.contains("audit::record") {
                    found.extend(text.split('"').filter(|part| is_verb(part)).map(str::to_owned));
                }
            }
        }
    }

    fn is_verb(text: &str) -> bool {
        let plain = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        };
        text.split_once('.').is_some_and(|(area, verb)| plain(area) && plain(verb) && verb != "ics")
    }

    #[test]
    fn whatever_is_done_has_words_and_an_area() {
        let mut found = vec![];
        verbs(&Path::new(env!("CARGO_MANIFEST_DIR")).join("engine/src"), &mut found);
        assert!(found.len() > 150, "{}", found.len());
        for verb in found {
            assert_ne!(audit_words::verb(Locale::Vi, &verb), verb, "no words");
            let prefix = verb.split('.').next().unwrap_or_default();
            let areas = AREAS.iter().filter(|area| area.verbs.contains(&prefix));
            assert_eq!(areas.count(), 1, "{verb}");
        }
    }
}
