//! The co-op's fund: what each member owes it for the month, and what came in.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::ledger::{Month, Party, Totals, by_workshop};
use engine::{Dong, WorkshopId};
use leptos::prelude::*;

use super::names::{names_of_fund, refused};
use super::{Books, Section, month_name, month_steps, subnav};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Tab, frame};
use crate::render::Page;
use crate::t::money as t;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let books = Books::open(&app, &visit, &slug).await?;
    let coop = books.coop.clone().ok_or(PageError::NotFound)?;
    let mut conn = app.store.read().await?;
    let fund = by_workshop(&mut conn, &visit.actor, coop.id, books.month).await.map_err(refused)?;
    drop(conn);
    let locale = visit.locale;
    let title = names_of_fund(locale, &coop.name);
    let inner = visit.clone();
    Ok(Page::new(Head::host(title.clone())).render(&visit, move || {
        let visit = &inner;
        let news = Form::of_query(&visit.query)
            .has("done")
            .then(|| view! { <Notice tone=Tone::Good title=t::paid_news(locale)/> });
        let content = match &fund {
            Some((party, members)) => table(visit, &books, party, members).into_any(),
            None => view! { <p class="empty">{t::fund_none(locale)}</p> }.into_any(),
        };
        let body = view! {
            <header class="host-head">
                <h1>{title}</h1>
                {month_steps(visit, &books, "/fund", "")}
            </header>
            {subnav(visit, &books, Some(Section::Fund))}
            {news}
            <p class="soft">{crate::ui::format::sentence(&month_name(locale, books.month))} {locale.writing().stop} " " {t::fund_lead(locale)}</p>
            {content}
            <p class="actions">
                <a class="btn" href=books.at(visit, "/fund/rule")>{t::rules_shared(locale, &coop.name)}</a>
            </p>
        };
        frame(visit, Some(&books.shop), Tab::Money, body)
    }))
}

fn table(
    visit: &Visit,
    books: &Books,
    fund: &Party,
    members: &[(WorkshopId, Totals)],
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let mut sum = Totals::default();
    let this_month = books.month == Month::of(books.today);
    let rows: Vec<_> = members
        .iter()
        .filter_map(|(id, totals)| Some((books.desk.catalogue.workshop(*id)?, totals)))
        .map(|(shop, totals)| {
            sum.opening += totals.opening;
            sum.share += totals.share;
            sum.adjusted += totals.adjusted + totals.takings;
            sum.paid += totals.paid;
            let received = (books.manages && this_month && totals.closing() > Dong::ZERO).then(|| {
                let href = format!("{}?of={}", books.at(visit, "/pay"), shop.slug);
                let label = t::fund_received_from(locale, &shop.name);
                view! { <a class="btn btn-small" href=href aria-label=label>{t::fund_received(locale)}</a> }
            });
            view! {
                <tr>
                    <th scope="row">{shop.name.clone()}</th>
                    {cells(visit, *totals)}
                    <td class="no-print">{received}</td>
                </tr>
            }
        })
        .collect();
    let whole = format!(
        "{}?whole=1&month={}&party={}",
        books.at(visit, "/statement"),
        books.month,
        fund.id
    );
    view! {
        <table class="table table-cards">
            <caption class="visually-hidden">{t::fund_lead(locale)}</caption>
            <thead><tr>
                <th scope="col">{t::col_workshop(locale)}</th>
                <th scope="col" class="num">{t::fund_opening(locale)}</th>
                <th scope="col" class="num">{t::fund_share(locale)}</th>
                <th scope="col" class="num">{t::col_adjusted(locale)}</th>
                <th scope="col" class="num">{t::fund_paid(locale)}</th>
                <th scope="col" class="num">{t::fund_closing(locale)}</th>
                <td></td>
            </tr></thead>
            <tbody>{rows}</tbody>
            <tfoot><tr><th scope="row">{t::total(locale)}</th>{cells(visit, sum)}<td></td></tr></tfoot>
        </table>
        <p><a href=whole>{t::fund_whole(locale)}</a></p>
    }
}

fn cells(visit: &Visit, totals: Totals) -> impl IntoView + use<> {
    let locale = visit.locale;
    [
        (t::fund_opening(locale), totals.opening),
        (t::fund_share(locale), totals.share),
        (t::col_adjusted(locale), totals.adjusted + totals.takings),
        (t::fund_paid(locale), Dong::ZERO - totals.paid),
        (t::fund_closing(locale), totals.closing()),
    ]
    .map(|(label, amount)| {
        view! { <td class="num" data-label=label>{amount.display(locale)}</td> }
    })
    .collect_view()
}
