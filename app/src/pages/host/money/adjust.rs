//! An adjustment: so much from one account to another, and why.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::ledger::{Adjust, Adjustment, AdjustmentInput, Party, PartyKind, adjust, parties_of};
use leptos::prelude::*;

use super::names::{self, Names, problems, trouble};
use super::{Books, subnav};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Tab, frame, see};
use crate::render::Page;
use crate::t::money as t;
use crate::ui::field::{ErrorSummary, FormKey, Select, TextArea, TextField};
use crate::ui::layout::{Head, breadcrumb};

type At = Path<(String, String)>;

/// The sides that can be chosen: the guests' money, the workshop, the funds, and whoever has an
/// account with the workshop.
pub(super) async fn sides(
    app: &App,
    visit: &Visit,
    books: &Books,
) -> Result<Vec<(String, String)>, PageError> {
    let locale = visit.locale;
    let mut conn = app.store.read().await?;
    let parties = parties_of(&mut conn, books.shop.id).await?;
    let names = Names::load(&mut conn, locale, &books.desk.catalogue, &parties).await?;
    drop(conn);
    let village = books.desk.catalogue.village(books.shop.village_id);
    let mut sides = vec![
        (String::new(), t::choose(locale).to_owned()),
        ("guests".into(), t::adjust_guests(locale).to_owned()),
        ("workshop".into(), books.shop.name.clone()),
    ];
    sides.extend(
        books.coop.iter().map(|coop| ("coop_fund".into(), t::coop_fund_of(locale, &coop.name))),
    );
    sides.extend(village.map(|village| {
        ("village_fund".into(), t::village_fund_of(locale, village.name.text(locale)))
    }));
    // The funds above are those of today; a co-op that the workshop has left is among these.
    let listed = |party: &Party| match party.kind {
        PartyKind::Workshop | PartyKind::VillageFund | PartyKind::GiftCards => true,
        PartyKind::CoopFund => party.coop_id == books.coop.as_ref().map(|coop| coop.id),
        PartyKind::Guide | PartyKind::Reseller | PartyKind::Designer | PartyKind::Guests => false,
    };
    sides.extend(parties.iter().filter(|party| !listed(party)).map(|party| {
        let words =
            format!("{} ({})", names.of(party.id), names::kind(locale, party.kind).to_lowercase());
        (party.id.to_string(), words)
    }));
    Ok(sides)
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let books = Books::open(&app, &visit, &slug).await?;
    answer(&app, &visit, books, Form::of_query(&visit.query), Problems::default()).await
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let books = Books::open(&app, &visit, &slug).await?;
    let text = |name: &str| form.text(name).to_owned();
    let input = AdjustmentInput {
        from: text("from"),
        to: text("to"),
        amount: text("amount"),
        reason: text("reason"),
    };
    let adjustment = match Adjustment::parse(&input) {
        Ok(adjustment) => adjustment,
        Err(wrongs) => {
            let wrong = problems(visit.locale, wrongs);
            return answer(&app, &visit, books, form, wrong).await;
        }
    };
    let command = Adjust {
        actor: visit.actor.clone(),
        workshop: books.shop.id,
        adjustment,
        form_key: form.key(),
    };
    match app.store.write("adjust", command, |tx, c| Box::pin(adjust(tx, c))).await {
        Ok(()) => Ok(see(&format!("{}?done=adjusted", books.at(&visit, "")))),
        Err(error) => {
            let wrong = trouble(visit.locale, error)?;
            answer(&app, &visit, books, form, wrong).await
        }
    }
}

async fn answer(
    app: &App,
    visit: &Visit,
    books: Books,
    form: Form,
    wrong: Problems,
) -> Result<Response, PageError> {
    let sides = sides(app, visit, &books).await?;
    let locale = visit.locale;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::adjust_title(locale))).status(status).render(visit, move || {
        let visit = &inner;
        let value = |name: &str| form.text(name).to_owned();
        let back = vec![(books.at(visit, ""), t::title(locale).to_owned())];
        let body = view! {
            {breadcrumb(locale, back)}
            <h1>{t::adjust_title(locale)}</h1>
            {subnav(visit, &books, None)}
            <p class="soft">{t::adjust_lead(locale)}</p>
            <ErrorSummary locale problems=wrong.clone()/>
            <form class="form panel" method="post" action=books.at(visit, "/adjust") novalidate>
                <FormKey key=form.key()/>
                <div class="share-how">
                    <Select locale name="from" label=t::adjust_from(locale) options=sides.clone()
                        value=value("from") error=wrong.of("from")/>
                    <Select locale name="to" label=t::adjust_to(locale) options=sides
                        value=value("to") error=wrong.of("to")/>
                </div>
                <p class="field-hint">{t::adjust_guests_hint(locale)}</p>
                <TextField locale name="amount" label=t::adjust_amount(locale) inputmode="numeric" short=true
                    value=value("amount") error=wrong.of("amount")/>
                <TextArea locale name="reason" label=t::adjust_reason(locale) rows=2 maxlength=300
                    hint=t::adjust_reason_hint(locale) value=value("reason") error=wrong.of("reason")/>
                <button class="btn btn-primary">{t::adjust_save(locale)}</button>
            </form>
        };
        frame(visit, Some(&books.shop), Tab::Money, body)
    }))
}
