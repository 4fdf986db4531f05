//! A party's month: on screen, on paper, as a table for spreadsheets.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::ledger::{
    Ask, EntryKind, Month, Party, PartyKind, Scope, Statement, StatementLine, parties_of, statement,
};
use engine::{Dong, Locale, PartyId};
use leptos::prelude::*;

use super::csv::{self, Cell};
use super::names::{self, Names, refused};
use super::{Books, Section, month_name, month_steps, subnav};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Tab, frame};
use crate::render::Page;
use crate::t::money as t;
use crate::ui::field::{Hidden, Select};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;

type At = Path<(String, String)>;

/// A statement with all that it is told with.
struct Shown {
    books: Books,
    parties: Vec<Party>,
    names: Names,
    /// None as long as the workshop has no account: nothing was ever entered.
    statement: Option<Statement>,
    /// The co-op's whole fund, of all members.
    whole: bool,
}

impl Shown {
    async fn load(app: &App, visit: &Visit, slug: &str) -> Result<Shown, PageError> {
        let books = Books::open(app, visit, slug).await?;
        let query = Form::of_query(&visit.query);
        let whole = query.has("whole");
        let mut conn = app.store.read().await?;
        let parties = parties_of(&mut conn, books.shop.id).await?;
        let asked = match query.text("party") {
            "" => parties.first().map(|party| party.id),
            id => Some(id.parse::<PartyId>().map_err(|_| PageError::NotFound)?),
        };
        let shown = match asked {
            Some(party) => {
                let scope = if whole { Scope::All } else { Scope::Workshop(books.shop.id) };
                let ask = Ask { party, scope, month: books.month };
                Some(statement(&mut conn, &visit.actor, ask).await.map_err(refused)?)
            }
            None => None,
        };
        let mut all = parties.clone();
        all.extend(shown.as_ref().map(|shown| shown.party.clone()));
        let names = Names::load(&mut conn, visit.locale, &books.desk.catalogue, &all).await?;
        Ok(Shown { books, parties, names, statement: shown, whole })
    }

    /// What the month's steps and the table for spreadsheets ask for besides the month.
    fn query(&self) -> String {
        let party = self.statement.as_ref().map(|shown| format!("&party={}", shown.party.id));
        let whole = if self.whole { "&whole=1" } else { "" };
        format!("{}{whole}", party.unwrap_or_default())
    }
}

/// A statement as it reads: a workshop's balance is what it has to pass on, all others' what they
/// are to get; amounts that lessen it are shown without a sign.
struct Reading<'a> {
    shown: &'a Statement,
    own: bool,
}

impl Reading<'_> {
    const fn of(shown: &Statement) -> Reading<'_> {
        let own = matches!(shown.party.kind, PartyKind::Workshop);
        Reading { shown, own }
    }

    fn balance(&self, amount: Dong) -> Dong {
        if self.own { Dong::ZERO - amount } else { amount }
    }

    fn paid(&self, amount: Dong) -> Dong {
        if self.own { amount } else { Dong::ZERO - amount }
    }

    /// What the guests paid, where the line is about that.
    fn brought(&self, line: &StatementLine) -> Option<Dong> {
        let visit = matches!(line.kind, EntryKind::Visit | EntryKind::Kept | EntryKind::Correction);
        let amount = if self.own { Dong::ZERO - line.takings } else { line.brought };
        ((visit || self.own) && amount != Dong::ZERO).then_some(amount)
    }

    /// Words and amounts from the opening to the closing balance; the sign says what an amount
    /// does to it.
    fn sums(&self, locale: Locale) -> Vec<(&'static str, &'static str, Dong)> {
        let totals = self.shown.totals;
        if self.own {
            vec![
                ("", t::opening_own(locale), self.balance(totals.opening)),
                ("+", t::sum_takings(locale), Dong::ZERO - totals.takings),
                ("−", t::sum_share_own(locale), totals.share),
                ("−", t::sum_adjusted(locale), totals.adjusted),
                ("−", t::sum_paid_own(locale), totals.paid),
                ("=", t::closing_own(locale), self.balance(totals.closing())),
            ]
        } else {
            let prepaid = self.shown.party.kind.by_itself().then_some((
                "+",
                t::sum_prepaid(locale),
                totals.prepaid,
            ));
            [("", t::opening_due(locale), totals.opening)]
                .into_iter()
                .chain(prepaid)
                .chain([
                    ("+", t::sum_share(locale), totals.share),
                    ("+", t::sum_adjusted(locale), totals.takings + totals.adjusted),
                    ("−", t::sum_paid(locale), self.paid(totals.paid)),
                    ("=", t::closing_due(locale), totals.closing()),
                ])
                .collect()
        }
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let shown = Shown::load(&app, &visit, &slug).await?;
    let locale = visit.locale;
    let title = t::statement_title(locale, month_name(locale, shown.books.month));
    let section = if shown.whole { Section::Fund } else { Section::Statements };
    let inner = visit.clone();
    Ok(Page::new(Head::host(title.clone())).render(&visit, move || {
        let visit = &inner;
        let books = &shown.books;
        let party = shown.statement.as_ref().map(|shown| shown.party.id);
        let party = party.map(|party| shown.names.of(party));
        let party = party.unwrap_or_else(|| books.shop.name.clone());
        let content = match &shown.statement {
            Some(statement) => sheet(visit, &shown, statement).into_any(),
            None => view! { <p class="empty">{t::nothing_yet(locale)}</p> }.into_any(),
        };
        let chooser = (!shown.whole && shown.parties.len() > 1).then(|| chooser(visit, &shown));
        let body = view! {
            <header class="host-head">
                <h1>{title}</h1>
                {month_steps(visit, books, "/statement", &shown.query())}
            </header>
            {subnav(visit, books, Some(section))}
            {chooser}
            <h2>{t::statement_of(locale, party)}</h2>
            {content}
        };
        frame(visit, Some(&books.shop), Tab::Money, body)
    }))
}

fn chooser(visit: &Visit, shown: &Shown) -> impl IntoView + use<> {
    let locale = visit.locale;
    let options: Vec<(String, String)> = shown
        .parties
        .iter()
        .map(|party| {
            let kind = names::kind(locale, party.kind);
            let name = shown.names.of(party.id);
            let words = match party.kind {
                PartyKind::Guide | PartyKind::Reseller | PartyKind::Designer => {
                    format!("{name} ({})", kind.to_lowercase())
                }
                _ => name,
            };
            (party.id.to_string(), words)
        })
        .collect();
    let value = shown.statement.as_ref().map(|shown| shown.party.id.to_string());
    view! {
        <form class="cluster no-print chooser" method="get" action=shown.books.at(visit, "/statement")>
            <Hidden name="month" value=shown.books.month.to_string()/>
            <Select locale name="party" label=t::which_party(locale) options value=value.unwrap_or_default()/>
            <button class="btn">{t::show(locale)}</button>
        </form>
    }
}

fn sheet(visit: &Visit, shown: &Shown, statement: &Statement) -> impl IntoView + use<> {
    let locale = visit.locale;
    let books = &shown.books;
    let reading = Reading::of(statement);
    let sums: Vec<_> = reading
        .sums(locale)
        .into_iter()
        .map(|(sign, words, amount)| {
            let last = (sign == "=").then_some("price-total");
            view! {
                <div class=last>
                    <dt><span class="sum-sign" aria-hidden="true">{sign}</span>{words}</dt>
                    <dd>{amount.display(locale)}</dd>
                </div>
            }
        })
        .collect();
    let running = (books.month == Month::of(books.today))
        .then(|| view! { <p class="soft small">{t::running(locale)}</p> });
    let file =
        format!("{}?month={}{}", books.at(visit, "/statement.csv"), books.month, shown.query());
    let printed = t::printed_on(locale, names::date(locale, books.today));
    view! {
        <section class="panel statement-sums">
            <p class="soft">{books.shop.legal_name.clone()} " · " {format::sentence(&month_name(locale, books.month))}</p>
            <dl class="price-lines">{sums}</dl>
            {running}
            <div class="actions">
                <a class="btn btn-small" href=file download="">{icon("download")}{t::csv(locale)}</a>
                <span class="soft small">{t::print_hint(locale)}</span>
            </div>
        </section>
        {lines(visit, shown, &reading)}
        {by_tour(visit, shown, &reading)}
        <div class="signatures print-only">
            <p>{t::signed_payer(locale)}<br/><span class="soft small">{t::signed_hint(locale)}</span></p>
            <p>{t::signed_payee(locale)}<br/><span class="soft small">{t::signed_hint(locale)}</span></p>
            <p class="soft small">{printed}</p>
        </div>
    }
}

/// What a line is about: a tour, or what was done by hand and why.
fn what(locale: Locale, shown: &Shown, line: &StatementLine) -> String {
    let tour = line.tour_id.and_then(|id| shown.books.desk.catalogue.tour(id));
    let tour = tour.map(|tour| tour.title.text(locale).to_owned());
    let kind = names::entry_kind(locale, line.kind);
    match (line.kind, tour) {
        (EntryKind::Visit, Some(tour)) => tour,
        (EntryKind::Correction | EntryKind::Kept, Some(tour)) => {
            format::labelled(locale, kind, tour)
        }
        (EntryKind::Payout, _) => {
            let how = line.method.map(|method| names::method(locale, method)).unwrap_or_default();
            format::commas(locale, &[kind, how])
        }
        _ => kind.to_owned(),
    }
}

/// An amount in its cell; nothing where there is none, so that the eye finds those that are.
fn cell(locale: Locale, label: &'static str, amount: Option<Dong>) -> impl IntoView + use<> {
    match amount.filter(|amount| *amount != Dong::ZERO) {
        Some(amount) => {
            view! { <td class="num" data-label=label>{amount.display(locale)}</td> }.into_any()
        }
        None => view! { <td class="num"></td> }.into_any(),
    }
}

fn lines(visit: &Visit, shown: &Shown, reading: &Reading<'_>) -> impl IntoView + use<> {
    let locale = visit.locale;
    let statement = reading.shown;
    let paid = if reading.own { t::col_paid_own(locale) } else { t::col_paid(locale) };
    let rows: Vec<_> = statement
        .lines
        .iter()
        .map(|line| {
            let visit_line =
                matches!(line.kind, EntryKind::Visit | EntryKind::Kept | EntryKind::Correction);
            // Entries of other workshops are seen in the fund's statement, not opened from here.
            let inside = line.workshop_id == shown.books.shop.id;
            let words = what(locale, shown, line);
            let words = if inside {
                let href = shown.books.at(visit, &format!("/entries/{}", line.id));
                view! { <a href=href>{words}</a> }.into_any()
            } else {
                words.into_any()
            };
            let mut notes = Vec::new();
            if shown.whole {
                let shop = shown.books.desk.catalogue.workshop(line.workshop_id);
                notes.extend(shop.map(|shop| shop.name.clone()));
            }
            if !line.code.is_empty() {
                notes.push(line.code.clone());
            }
            if line.kind == EntryKind::Visit {
                notes.push(t::people(locale, i64::from(line.people)));
            }
            if !line.reason.is_empty() {
                notes.push(line.reason.clone());
            }
            let rule = visit_line.then(|| names::rule(locale, statement.rule(line)));
            view! {
                <tr>
                    <td class="nowrap">{names::date(locale, line.on_date)}</td>
                    <th scope="row">
                        {words}
                        <span class="line-note">{notes.join(" · ")}</span>
                        <span class="line-note">{rule}</span>
                    </th>
                    {cell(locale, t::col_brought(locale), reading.brought(line))}
                    {cell(locale, t::col_share(locale), Some(line.share))}
                    {cell(locale, t::col_adjusted(locale), Some(line.adjusted + line.prepaid))}
                    {cell(locale, paid, Some(reading.paid(line.paid)))}
                </tr>
            }
        })
        .collect();
    if rows.is_empty() {
        return view! { <p class="empty">{t::no_lines(locale)}</p> }.into_any();
    }
    view! {
        <table class="table table-cards statement-lines">
            <caption>{t::lines(locale)}</caption>
            <thead><tr>
                <th scope="col">{t::col_date(locale)}</th>
                <th scope="col">{t::col_what(locale)}</th>
                <th scope="col" class="num">{t::col_brought(locale)}</th>
                <th scope="col" class="num">{t::col_share(locale)}</th>
                <th scope="col" class="num">{t::col_adjusted(locale)}</th>
                <th scope="col" class="num">{paid}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn by_tour(visit: &Visit, shown: &Shown, reading: &Reading<'_>) -> impl IntoView + use<> {
    let locale = visit.locale;
    let sums = reading.shown.by_tour();
    let rows: Vec<_> = sums
        .iter()
        .map(|sum| {
            let tour = sum.tour_id.and_then(|id| shown.books.desk.catalogue.tour(id));
            let name = tour.map(|tour| tour.title.text(locale).to_owned()).unwrap_or_default();
            let visits = i64::try_from(sum.visits).unwrap_or(i64::MAX);
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td class="num" data-label=t::col_visits(locale)>{visits}</td>
                    <td class="num" data-label=t::col_people(locale)>{sum.people}</td>
                    <td class="num" data-label=t::col_brought(locale)>{sum.brought.display(locale)}</td>
                    <td class="num" data-label=t::col_share(locale)>{sum.share.display(locale)}</td>
                </tr>
            }
        })
        .collect();
    (rows.len() > 1).then(|| {
        view! {
            <table class="table table-cards">
                <caption>{t::by_tour(locale)}</caption>
                <thead><tr>
                    <th scope="col">{t::col_tour(locale)}</th>
                    <th scope="col" class="num">{t::col_visits(locale)}</th>
                    <th scope="col" class="num">{t::col_people(locale)}</th>
                    <th scope="col" class="num">{t::col_brought(locale)}</th>
                    <th scope="col" class="num">{t::col_share(locale)}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
    })
}

/// The same statement as a table, with a running balance.
pub async fn spreadsheet(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let shown = Shown::load(&app, &visit, &slug).await?;
    let locale = visit.locale;
    let words = |words: &str| Cell::Text(words.to_owned());
    let heads = [
        t::col_date(locale),
        t::col_kind(locale),
        t::col_workshop(locale),
        t::col_tour(locale),
        t::col_code(locale),
        t::col_people(locale),
        t::col_brought(locale),
        t::col_share(locale),
        t::col_adjusted(locale),
        t::col_paid(locale),
        t::col_balance(locale),
        t::col_rule(locale),
        t::col_note(locale),
    ];
    let mut rows = vec![heads.map(words).to_vec()];
    if let Some(statement) = &shown.statement {
        let reading = Reading::of(statement);
        let balance_row = |date, words: &str, amount: Dong| {
            let mut row = vec![Cell::Empty; heads.len()];
            row[0] = Cell::Date(date);
            row[1] = Cell::Text(words.to_owned());
            row[10] = Cell::Number(reading.balance(amount).0);
            row
        };
        let mut balance = statement.totals.opening;
        rows.push(balance_row(statement.month.first(), t::csv_opening(locale), balance));
        for line in &statement.lines {
            balance += line.change();
            let visited =
                matches!(line.kind, EntryKind::Visit | EntryKind::Kept | EntryKind::Correction);
            let catalogue = &shown.books.desk.catalogue;
            let tour = line.tour_id.and_then(|id| catalogue.tour(id));
            let shop = catalogue.workshop(line.workshop_id);
            let rule = visited.then(|| names::rule(locale, statement.rule(line)));
            rows.push(vec![
                Cell::Date(line.on_date),
                words(names::entry_kind(locale, line.kind)),
                words(shop.map_or("", |shop| &shop.name)),
                words(tour.map_or("", |tour| tour.title.text(locale))),
                words(&line.code),
                Cell::Number(i64::from(line.people)),
                Cell::Number(reading.brought(line).unwrap_or_default().0),
                Cell::Number(line.share.0),
                Cell::Number((line.adjusted + line.prepaid).0),
                Cell::Number(reading.paid(line.paid).0),
                Cell::Number(reading.balance(balance).0),
                words(&rule.unwrap_or_default()),
                words(&line.reason),
            ]);
        }
        rows.push(balance_row(statement.month.last(), t::csv_closing(locale), balance));
    }
    let name = format!("{}-{}", shown.books.shop.slug, shown.books.month);
    Ok(csv::file(&name, &rows))
}
