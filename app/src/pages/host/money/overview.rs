//! A workshop's money at a glance.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::ledger::{
    Entry, Month, MonthSum, Party, PartyKind, Totals, by_party, last_moves, months,
};
use engine::{Dong, Locale};
use leptos::prelude::*;

use super::chart::chart;
use super::names::{self, Names, refused};
use super::{Books, Section, month_name, month_steps, subnav};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Tab, frame};
use crate::render::Page;
use crate::t::money as t;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

/// Months that the picture shows.
const MONTHS: u32 = 6;
/// Adjustments and payouts listed.
const MOVES: i64 = 8;

/// What the page shows.
struct Shown {
    parties: Vec<(Party, Totals)>,
    months: Vec<MonthSum>,
    moves: Vec<Entry>,
    names: Names,
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let books = Books::open(&app, &visit, &slug).await?;
    let locale = visit.locale;
    let mut conn = app.store.read().await?;
    let (actor, shop) = (&visit.actor, books.shop.id);
    let parties = by_party(&mut conn, actor, shop, books.month).await.map_err(refused)?;
    let months = months(&mut conn, actor, shop, books.month, MONTHS).await.map_err(refused)?;
    let moves = last_moves(&mut conn, actor, shop, MOVES).await.map_err(refused)?;
    let all: Vec<Party> = parties.iter().map(|(party, _)| party.clone()).collect();
    let names = Names::load(&mut conn, locale, &books.desk.catalogue, &all).await?;
    drop(conn);
    let shown = Shown { parties, months, moves, names };
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::title(locale))).render(&visit, move || {
        let visit = &inner;
        let news = match Form::of_query(&visit.query).text("done") {
            "paid" => Some(t::paid_news(locale)),
            "adjusted" => Some(t::adjusted_news(locale)),
            _ => None,
        };
        let news = news.map(|words| view! { <Notice tone=Tone::Good title=words/> });
        let body = view! {
            <header class="host-head">
                <h1>{t::title(locale)}</h1>
                {month_steps(visit, &books, "", "")}
            </header>
            {subnav(visit, &books, Some(Section::Overview))}
            {news}
            {figures(visit, &books, &shown)}
            {chart(locale, &shown.months)}
            <div class="grid-wide">
                {parties_of(visit, &books, &shown)}
                {moves_of(visit, &books, &shown)}
            </div>
        };
        frame(visit, Some(&books.shop), Tab::Money, body)
    }))
}

fn figures(visit: &Visit, books: &Books, shown: &Shown) -> impl IntoView + use<> {
    let locale = visit.locale;
    let own = shown.parties.iter().find(|(party, _)| party.kind == PartyKind::Workshop);
    let own = own.map(|(_, totals)| *totals).unwrap_or_default();
    let nothing = (own.takings == Dong::ZERO && own.share == Dong::ZERO)
        .then(|| view! { <p class="empty">{t::nothing_yet(locale)}</p> });
    let figures = [
        (t::tally_takings(locale), Dong::ZERO - own.takings),
        (t::tally_own(locale), own.share + own.adjusted),
        (t::tally_paid(locale), own.paid),
        (t::tally_owed(locale), Dong::ZERO - own.closing()),
    ]
    .map(|(words, amount)| view! { <div><dt>{words}</dt><dd>{amount.display(locale)}</dd></div> })
    .collect_view();
    let month = format::sentence(&month_name(locale, books.month));
    let label = month.clone();
    let running =
        (books.month == Month::of(books.today)).then(|| format!(" · {}", t::running(locale)));
    view! {
        <section class="stack-s" aria-label=label>
            <p class="soft">{month} {running}</p>
            <dl class="tally money-tally">{figures}</dl>
            {nothing}
        </section>
    }
}

/// Everybody but the workshop: what they got, what they are still to get.
fn parties_of(visit: &Visit, books: &Books, shown: &Shown) -> impl IntoView + use<> {
    let locale = visit.locale;
    let others: Vec<_> = shown
        .parties
        .iter()
        .filter(|(party, totals)| {
            let idle = *totals == Totals::default();
            party.kind != PartyKind::Workshop && !idle
        })
        .map(|(party, totals)| line(visit, books, shown, party, *totals))
        .collect();
    let others = if others.is_empty() {
        view! { <p class="empty">{t::no_parties(locale)}</p> }.into_any()
    } else {
        view! { <ul class="entry-list">{others}</ul> }.into_any()
    };
    view! {
        <section class="stack" aria-labelledby="parties">
            <h2 id="parties">{t::parties(locale)}</h2>
            {others}
        </section>
    }
}

/// "Còn phải trả 350.000 ₫".
pub fn standing(locale: Locale, owed: Dong) -> impl IntoView + use<> {
    let (tone, words) = match owed.cmp(&Dong::ZERO) {
        std::cmp::Ordering::Greater => ("silk", t::owed_to(locale, owed.display(locale))),
        std::cmp::Ordering::Less => {
            ("lacquer", t::overpaid(locale, (Dong::ZERO - owed).display(locale)))
        }
        std::cmp::Ordering::Equal => ("celadon", t::settled(locale).to_owned()),
    };
    view! { <span class="badge" data-tone=tone>{words}</span> }
}

fn line(
    visit: &Visit,
    books: &Books,
    shown: &Shown,
    party: &Party,
    totals: Totals,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let name = shown.names.of(party.id);
    let owed = totals.closing();
    let statement =
        format!("{}?month={}&party={}", books.at(visit, "/statement"), books.month, party.id);
    // Balances of earlier months are history: what is owed now is paid from this month's page.
    let pay = (owed > Dong::ZERO && books.month == Month::of(books.today)).then(|| {
        let href = format!("{}?to={}", books.at(visit, "/pay"), party.id);
        let label = t::pay_party(locale, &name);
        view! { <a class="btn btn-small" href=href aria-label=label>{icon("money")}{t::pay(locale)}</a> }
    });
    let share = t::own_line(locale, totals.share.display(locale));
    view! {
        <li class="entry">
            <div class="stack-s">
                <h3 class="entry-title"><a href=statement>{name}</a></h3>
                <p class="entry-text">{names::kind(locale, party.kind)} " · " {share}</p>
                <p>{standing(locale, owed)}</p>
            </div>
            <div class="actions">{pay}</div>
        </li>
    }
}

fn moves_of(visit: &Visit, books: &Books, shown: &Shown) -> impl IntoView + use<> {
    let locale = visit.locale;
    let items: Vec<_> = shown
        .moves
        .iter()
        .map(|entry| {
            let href = books.at(visit, &format!("/entries/{}", entry.id));
            let words = between(locale, entry, &shown.names);
            view! {
                <li>
                    <time datetime=entry.on_date.to_string()>{names::day(locale, entry.on_date)}</time>
                    <div>
                        <a href=href>{names::entry_kind(locale, entry.kind)}</a> " · " {words}
                        <p class="soft">{entry.reason.clone()}</p>
                    </div>
                </li>
            }
        })
        .collect();
    let items = if items.is_empty() {
        view! { <p class="empty">{t::no_moves(locale)}</p> }.into_any()
    } else {
        view! { <div class="panel"><ol class="log">{items}</ol></div> }.into_any()
    };
    view! {
        <section class="stack" aria-labelledby="moves">
            <div class="between">
                <h2 id="moves">{t::moves(locale)}</h2>
                <a class="btn btn-small" href=books.at(visit, "/adjust")>
                    {icon("plus")}{t::adjust(locale)}
                </a>
            </div>
            {items}
        </section>
    }
}

/// Who is debited and credited: "Gốm Minh Hải → Quỹ làng: 50.000 ₫".
pub fn between(locale: Locale, entry: &Entry, names: &Names) -> String {
    let name = |owed: bool| {
        let line = entry.lines.iter().find(|line| (line.amount > Dong::ZERO) == owed);
        line.map(|line| match line.side {
            engine::ledger::Side::Takings => t::adjust_guests(locale).to_owned(),
            _ => names.of(line.party_id),
        })
        .unwrap_or_default()
    };
    let amount: Dong =
        entry.lines.iter().map(|line| line.amount).filter(|amount| *amount > Dong::ZERO).sum();
    // A payout goes from whose debt grows less to who is owed less.
    let paid = entry.lines.iter().any(|line| line.side == engine::ledger::Side::Paid);
    let (from, to) = (name(paid), name(!paid));
    format::labelled(locale, format!("{from} → {to}"), amount.display(locale))
}
