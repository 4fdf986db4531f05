//! One entry of the ledger with both its sides, and taking it back.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::accounts::audit;
use engine::ledger::{
    Entry, EntryKind, Reverse, entry, parties_of, reverse as take_back, reversed_by, rule,
};
use engine::{Dong, EntryId, Locale};
use leptos::prelude::*;

use super::names::{self, Names, trouble};
use super::{Books, subnav};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Tab, at, frame, see};
use crate::render::Page;
use crate::t::money as t;
use crate::ui::field::{ErrorSummary, TextArea};
use crate::ui::format;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};

type At = Path<(String, String, String)>;

/// An entry with what it is told with.
struct Shown {
    books: Books,
    entry: Entry,
    names: Names,
    rule: Option<String>,
    by: String,
    reversed: Option<EntryId>,
}

impl Shown {
    async fn load(app: &App, visit: &Visit, slug: &str, id: &str) -> Result<Shown, PageError> {
        let books = Books::open(app, visit, slug).await?;
        let locale = visit.locale;
        let id: EntryId = id.parse().map_err(|_| PageError::NotFound)?;
        let mut conn = app.store.read().await?;
        let found = entry(&mut conn, id).await?;
        let found = found.filter(|entry| entry.workshop_id == books.shop.id);
        let entry = found.ok_or(PageError::NotFound)?;
        let parties = parties_of(&mut conn, books.shop.id).await?;
        let names = Names::load(&mut conn, locale, &books.desk.catalogue, &parties).await?;
        let visited =
            matches!(entry.kind, EntryKind::Visit | EntryKind::Kept | EntryKind::Correction);
        let followed = match entry.rule_id {
            Some(id) => rule(&mut conn, id).await?,
            None => None,
        };
        let rule = visited.then(|| {
            let shares = followed.as_ref().and_then(|rule| rule.shares.as_ref());
            let shares = shares.map(|shares| format!(": {}", names::shares(locale, shares)));
            format!("{}{}", names::rule(locale, followed.as_ref()), shares.unwrap_or_default())
        });
        let by = audit::name_of(&mut conn, &entry.actor).await?;
        let by = by.unwrap_or_else(|| t::entry_by_system(locale).to_owned());
        let reversed = reversed_by(&mut conn, id).await?;
        Ok(Shown { books, entry, names, rule, by, reversed })
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): At,
) -> Result<Response, PageError> {
    let shown = Shown::load(&app, &visit, &slug, &id).await?;
    Ok(answer(&visit, shown, Form::default(), Problems::default()))
}

/// Takes the entry back.
pub async fn reverse(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): At,
    form: Form,
) -> Result<Response, PageError> {
    let shown = Shown::load(&app, &visit, &slug, &id).await?;
    let reason = form.text("reason").to_owned();
    let command = Reverse { actor: visit.actor.clone(), entry: shown.entry.id, reason };
    match app.store.write("reverse", command, |tx, c| Box::pin(take_back(tx, c))).await {
        Ok(()) => {
            let back = shown.books.at(&visit, &format!("/entries/{}", shown.entry.id));
            Ok(see(&format!("{back}?done=1")))
        }
        Err(error) => {
            let wrong = trouble(visit.locale, error)?;
            Ok(answer(&visit, shown, form, wrong))
        }
    }
}

fn answer(visit: &Visit, shown: Shown, form: Form, wrong: Problems) -> Response {
    let locale = visit.locale;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = names::entry_kind(locale, shown.entry.kind);
    let inner = visit.clone();
    Page::new(Head::host(title)).status(status).render(visit, move || {
        let visit = &inner;
        let (books, entry) = (&shown.books, &shown.entry);
        let done = Form::of_query(&visit.query).has("done");
        let news = done.then(|| view! { <Notice tone=Tone::Good title=t::reversed_news(locale)/> });
        let reversed = shown.reversed.map(|id| {
            let href = books.at(visit, &format!("/entries/{id}"));
            view! {
                <Notice tone=Tone::Info title=t::entry_reversed(locale)>
                    <p><a href=href>{t::entry_see(locale)}</a></p>
                </Notice>
            }
        });
        let by_hand = matches!(entry.kind, EntryKind::Adjustment | EntryKind::Payout);
        let take_back = (by_hand && shown.reversed.is_none()).then(|| {
            let action = books.at(visit, &format!("/entries/{}", entry.id));
            view! {
                <form class="form panel" method="post" action=action novalidate>
                    <h2 class="panel-title">{t::reverse_title(locale)}</h2>
                    <p class="soft">{t::reverse_hint(locale)}</p>
                    <TextArea locale name="reason" label=t::entry_reason(locale) rows=2 maxlength=300
                        value=form.text("reason").to_owned() error=wrong.of("reason")/>
                    <button class="btn btn-danger">{t::reverse_save(locale)}</button>
                </form>
            }
        });
        let back = vec![(books.at(visit, ""), t::title(locale).to_owned())];
        let body = view! {
            {breadcrumb(locale, back)}
            <h1>{title}</h1>
            {subnav(visit, books, None)}
            {news} {reversed}
            <ErrorSummary locale problems=wrong.clone()/>
            <div class="panel">{facts(visit, &shown)}</div>
            {sides(locale, &shown)}
            {take_back}
        };
        frame(visit, Some(&books.shop), Tab::Money, body)
    })
}

fn facts(visit: &Visit, shown: &Shown) -> impl IntoView + use<> {
    let locale = visit.locale;
    let (books, entry) = (&shown.books, &shown.entry);
    let pair = |words: &'static str, value: String| {
        (!value.is_empty()).then(|| view! { <div><dt>{words}</dt><dd>{value}</dd></div> })
    };
    let tour = entry.tour_id.and_then(|id| books.desk.catalogue.tour(id));
    let tour = tour.map(|tour| tour.title.text(locale).to_owned()).unwrap_or_default();
    // An entry of a gift card has the end of the card's code, and no booking.
    let card = (entry.booking_id.is_none() && !entry.code.is_empty()).then(|| {
        let words = crate::t::gift::card_of(locale, &entry.code);
        view! { <div><dt>{crate::t::gift::col_code(locale)}</dt><dd>{words}</dd></div> }
    });
    let booking = (entry.booking_id.is_some() && !entry.code.is_empty()).then(|| {
        let href = at(visit, &books.shop, &format!("/bookings/{}", entry.code));
        let people = (entry.kind == EntryKind::Visit)
            .then(|| format!(" · {}", t::people(locale, i64::from(entry.people))));
        view! {
            <div><dt>{t::entry_booking(locale)}</dt>
            <dd><a href=href>{entry.code.clone()}</a>{people}</dd></div>
        }
    });
    let corrects = entry.corrects.map(|id| {
        let href = books.at(visit, &format!("/entries/{id}"));
        view! {
            <div><dt>{t::entry_corrects(locale)}</dt><dd><a href=href>{t::entry_see(locale)}</a></dd></div>
        }
    });
    let method = entry.method.map(|method| format::sentence(names::method(locale, method)));
    let reason = if entry.kind == EntryKind::Payout {
        t::entry_note(locale)
    } else {
        t::entry_reason(locale)
    };
    view! {
        <dl class="pairs">
            {pair(t::entry_on(locale), format::sentence(&format::date(locale, entry.on_date)))}
            {pair(t::col_tour(locale), tour)}
            {booking}
            {card}
            {pair(t::col_rule(locale), shown.rule.clone().unwrap_or_default())}
            {pair(t::pay_method(locale), method.unwrap_or_default())}
            {pair(reason, entry.reason.clone())}
            {corrects}
            {pair(t::entry_made(locale), format::sentence(&format::date_time(locale, entry.created_at)))}
            {pair(t::entry_by(locale), shown.by.clone())}
        </dl>
    }
}

fn sides(locale: Locale, shown: &Shown) -> impl IntoView + use<> {
    let amount = |amount: Dong, label: &'static str| {
        if amount > Dong::ZERO {
            view! { <td class="num" data-label=label>{amount.display(locale)}</td> }.into_any()
        } else {
            view! { <td class="num"></td> }.into_any()
        }
    };
    let rows: Vec<_> = shown
        .entry
        .lines
        .iter()
        .map(|line| {
            let less = Dong::ZERO - line.amount;
            view! {
                <tr>
                    <th scope="row">{shown.names.of(line.party_id)}</th>
                    <td data-label=t::entry_side(locale)>{names::side(locale, line.side)}</td>
                    {amount(less, t::entry_debit(locale))}
                    {amount(line.amount, t::entry_credit(locale))}
                </tr>
            }
        })
        .collect();
    let half: Dong = shown
        .entry
        .lines
        .iter()
        .map(|line| line.amount)
        .filter(|amount| *amount > Dong::ZERO)
        .sum();
    view! {
        <table class="table table-cards">
            <caption class="visually-hidden">{t::entry_balances(locale)}</caption>
            <thead><tr>
                <th scope="col">{t::entry_party(locale)}</th>
                <th scope="col">{t::entry_side(locale)}</th>
                <th scope="col" class="num">{t::entry_debit(locale)}</th>
                <th scope="col" class="num">{t::entry_credit(locale)}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
            <tfoot><tr>
                <th scope="row">{t::total(locale)}</th><td></td>
                {amount(half, t::entry_debit(locale))} {amount(half, t::entry_credit(locale))}
            </tr></tfoot>
        </table>
        <p class="soft small">{t::entry_balances(locale)}</p>
    }
}
