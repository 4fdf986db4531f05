//! What visits brought in and who gets it: a workshop's month at a glance, statements, rules,
//! adjustments, payouts, the co-op's fund. For owners; staff don't see money.

pub mod accounts;
pub mod adjust;
pub mod booking;
mod chart;
pub mod codes;
pub mod csv;
pub mod entry;
pub mod fund;
pub mod gift_cards;
pub mod import;
pub mod invoices;
mod names;
pub mod overview;
pub mod pay;
pub mod refunds;
pub mod routes;
pub mod rule;
pub mod rules;
pub mod statement;
pub mod transfers;

use chrono::NaiveDate;
use engine::catalogue::Workshop;
use engine::clock::local_date;
use engine::coop::{self, Coop, MemberRole};
use engine::ledger::Month;
use leptos::prelude::*;

use super::frame::{Desk, at, waiting_transfers};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::t::money as t;
use crate::ui::format;
use crate::ui::icon::icon;

/// A workshop's books, opened by an owner.
#[derive(Debug, Clone)]
struct Books {
    desk: Desk,
    shop: Workshop,
    /// The co-op that the workshop is in, and whether the visitor manages it.
    coop: Option<Coop>,
    manages: bool,
    today: NaiveDate,
    /// The month asked for; this one unless the address says otherwise.
    month: Month,
}

impl Books {
    async fn open(app: &App, visit: &Visit, slug: &str) -> Result<Books, PageError> {
        let desk = Desk::open_as_owner(app, visit, slug).await?;
        let shop = desk.workshop()?.clone();
        let mut conn = app.store.read().await?;
        let coop = coop::of_workshop(&mut conn, shop.id).await?;
        let standing = match &coop {
            Some(coop) => coop::standing(&mut conn, &visit.actor, coop.id).await?,
            None => None,
        };
        let today = local_date(app.store.now());
        let asked = Form::of_query(&visit.query).text("month").parse();
        let month = asked.unwrap_or(Month::of(today));
        let manages = standing == Some(MemberRole::Manager);
        Ok(Books { desk, shop, coop, manages, today, month })
    }

    /// The address of a page about money: `at(&visit, "/rules")`.
    fn at(&self, visit: &Visit, sub: &str) -> String {
        at(visit, &self.shop, &format!("/money{sub}"))
    }
}

/// Pages that the line under the title leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Overview,
    Statements,
    Rules,
    Fund,
    Transfers,
    Refunds,
    Codes,
    GiftCards,
    Accounts,
}

fn subnav(visit: &Visit, books: &Books, here: Option<Section>) -> impl IntoView + use<> {
    let locale = visit.locale;
    let links = [
        (Section::Overview, "", t::overview(locale)),
        (Section::Statements, "/statement", t::statements(locale)),
        (Section::Rules, "/rules", t::rules(locale)),
        (Section::Fund, "/fund", t::fund(locale)),
        (Section::Transfers, "/transfers", crate::t::payment::transfers(locale)),
        (Section::Refunds, "/refunds", crate::t::payment::refunds(locale)),
        (Section::Codes, "/codes", crate::t::price::codes(locale)),
        (Section::GiftCards, "/gift-cards", crate::t::gift::title(locale)),
        (Section::Accounts, "/accounts", crate::t::payment::accounts(locale)),
    ]
    .into_iter()
    .filter(|(section, ..)| books.coop.is_some() || *section != Section::Fund)
    .map(|(section, sub, words)| {
        let current = (Some(section) == here).then_some("page");
        let count = (section == Section::Transfers).then(|| waiting_transfers(visit));
        view! { <li><a href=books.at(visit, sub) aria-current=current>{words}{count}</a></li> }
    })
    .collect_view();
    view! { <nav class="subnav no-print" aria-label=t::sections(locale)><ul>{links}</ul></nav> }
}

/// ‹ month › with the same page's address; `query` is what else it asks for.
fn month_steps(visit: &Visit, books: &Books, sub: &str, query: &str) -> impl IntoView + use<> {
    let locale = visit.locale;
    let to = |month: Month| format!("{}?month={month}{query}", books.at(visit, sub));
    let (before, after) = (books.month.before(1), books.month.next());
    let now = Month::of(books.today);
    let after = (after <= now).then(|| {
        view! {
            <a class="btn btn-icon" href=to(after) aria-label=t::after(locale)>{icon("chevron-right")}</a>
        }
    });
    let back = (books.month != now)
        .then(|| view! { <a class="btn btn-small" href=to(now)>{t::now(locale)}</a> });
    view! {
        <nav class="stepline" aria-label=t::steps(locale)>
            <a class="btn btn-icon" href=to(before) aria-label=t::before(locale)>{icon("chevron-left")}</a>
            {back} {after}
        </nav>
    }
}

fn month_name(locale: engine::Locale, month: Month) -> String {
    format::month(locale, month.first())
}
