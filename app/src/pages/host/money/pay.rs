//! Marking a payout: by the workshop to somebody, or by a member workshop to the co-op's fund.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::Dong;
use engine::catalogue::Workshop;
use engine::ledger::{
    Method, Month, Party, PartyKind, PayOut, Payout, PayoutInput, Totals, by_party, by_workshop,
    pay_out,
};
use leptos::prelude::*;

use super::names::{self, Names, problems, refused, trouble};
use super::{Books, subnav};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Tab, frame, see};
use crate::render::Page;
use crate::t::money as t;
use crate::ui::field::{ErrorSummary, FormKey, Hidden, Radios, Select, TextArea, TextField};
use crate::ui::layout::{Head, breadcrumb};

type At = Path<(String, String)>;

/// Who pays, and whom it still owes.
struct Paying {
    books: Books,
    payer: Workshop,
    /// Payees with what they are owed, more than nothing.
    owed: Vec<(Party, String, Dong)>,
    /// The payer is another member of the co-op; the payee is the fund.
    for_fund: bool,
}

impl Paying {
    async fn open(app: &App, visit: &Visit, slug: &str, of: &str) -> Result<Paying, PageError> {
        let books = Books::open(app, visit, slug).await?;
        let now = Month::of(books.today);
        let mut conn = app.store.read().await?;
        let for_fund = !of.is_empty() && of != books.shop.slug;
        let payer = if for_fund {
            let coop = books.coop.as_ref().filter(|_| books.manages).ok_or(PageError::NotFound)?;
            let fund = by_workshop(&mut conn, &visit.actor, coop.id, now).await.map_err(refused)?;
            let (fund, members) = fund.ok_or(PageError::NotFound)?;
            let payer = books.desk.catalogue.workshop_by_slug(of).ok_or(PageError::NotFound)?;
            let totals = members.iter().find(|(id, _)| *id == payer.id).map(|(_, totals)| *totals);
            (payer.clone(), vec![(fund, totals.ok_or(PageError::NotFound)?)])
        } else {
            let all = by_party(&mut conn, &visit.actor, books.shop.id, now).await;
            (books.shop.clone(), all.map_err(refused)?)
        };
        let (payer, all) = payer;
        let parties: Vec<Party> = all.iter().map(|(party, _)| party.clone()).collect();
        let names = Names::load(&mut conn, visit.locale, &books.desk.catalogue, &parties).await?;
        let owed = all
            .into_iter()
            .filter(|(party, totals)| due(party, *totals) > Dong::ZERO)
            .map(|(party, totals)| {
                let name = names.of(party.id);
                let owed = due(&party, totals);
                (party, name, owed)
            })
            .collect();
        Ok(Paying { books, payer, owed, for_fund })
    }
}

fn due(party: &Party, totals: Totals) -> Dong {
    // What guests paid beforehand goes back by their bookings and cards.
    match party.kind {
        PartyKind::Workshop | PartyKind::Guests | PartyKind::GiftCards => Dong::ZERO,
        _ => totals.closing(),
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let query = Form::of_query(&visit.query);
    let paying = Paying::open(&app, &visit, &slug, query.text("of")).await?;
    // Begins with all that is owed, today.
    let asked = query.text("to");
    let chosen = paying.owed.iter().find(|(party, ..)| party.id.to_string() == asked);
    let chosen = chosen.or(paying.owed.first().filter(|_| paying.owed.len() == 1));
    let mut fields = vec![
        ("date", paying.books.today.to_string()),
        ("method", Method::Cash.to_string()),
        ("of", query.text("of").to_owned()),
    ];
    if let Some((party, _, owed)) = chosen {
        fields.push(("to", party.id.to_string()));
        fields.push(("amount", names::typed(visit.locale, *owed)));
    }
    let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Ok(answer(&visit, paying, Form::of_pairs(fields), Problems::default()))
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let paying = Paying::open(&app, &visit, &slug, form.text("of")).await?;
    let text = |name: &str| form.text(name).to_owned();
    let input = PayoutInput {
        to: text("to"),
        amount: text("amount"),
        date: text("date"),
        method: text("method"),
        note: text("reason"),
    };
    let payout = match Payout::parse(&input) {
        Ok(payout) => payout,
        Err(wrongs) => {
            let wrong = problems(visit.locale, wrongs);
            return Ok(answer(&visit, paying, form, wrong));
        }
    };
    let command = PayOut {
        actor: visit.actor.clone(),
        workshop: paying.payer.id,
        payout,
        form_key: form.key(),
    };
    match app.store.write("pay out", command, |tx, c| Box::pin(pay_out(tx, c))).await {
        Ok(()) => {
            let sub = if paying.for_fund { "/fund" } else { "" };
            Ok(see(&format!("{}?done=paid", paying.books.at(&visit, sub))))
        }
        Err(error) => Ok(answer(&visit, paying, form, trouble(visit.locale, error)?)),
    }
}

fn answer(visit: &Visit, paying: Paying, form: Form, wrong: Problems) -> Response {
    let locale = visit.locale;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    Page::new(Head::host(t::pay_title(locale))).status(status).render(visit, move || {
        let visit = &inner;
        let books = &paying.books;
        let value = |name: &str| form.text(name).to_owned();
        let mut payees = vec![(String::new(), t::choose(locale).to_owned())];
        payees.extend(paying.owed.iter().map(|(party, name, owed)| {
            let owed = t::pay_owed(locale, owed.display(locale)).to_lowercase();
            (party.id.to_string(), format!("{name} · {owed}"))
        }));
        let methods = Method::BY_HAND
            .iter()
            .map(|method| {
                let words = crate::ui::format::sentence(names::method(locale, *method));
                (method.to_string(), words)
            })
            .collect();
        let content = if paying.owed.is_empty() && wrong.is_empty() {
            view! { <p class="empty">{t::pay_nobody(locale)}</p> }.into_any()
        } else {
            view! {
                <ErrorSummary locale problems=wrong.clone()/>
                <form class="form panel" method="post" action=books.at(visit, "/pay") novalidate>
                    <FormKey key=form.key()/>
                    <Hidden name="of" value=value("of")/>
                    <p>{t::pay_from(locale, &paying.payer.name)}</p>
                    <Select locale name="to" label=t::pay_to(locale) options=payees
                        value=value("to") error=wrong.of("to")/>
                    <div class="share-how">
                        <TextField locale name="amount" label=t::pay_amount(locale) inputmode="numeric"
                            value=value("amount") error=wrong.of("amount")/>
                        <TextField locale name="date" label=t::pay_date(locale) kind="date"
                            value=value("date") error=wrong.of("date") max=books.today.to_string()/>
                    </div>
                    <Radios name="method" label=t::pay_method(locale) options=methods
                        value=value("method") error=wrong.of("method")/>
                    <TextArea locale name="reason" label=t::pay_note(locale) rows=2 maxlength=300
                        value=value("reason") error=wrong.of("reason") optional=true/>
                    <button class="btn btn-primary">{t::pay_save(locale)}</button>
                </form>
            }
            .into_any()
        };
        let back = vec![(books.at(visit, ""), t::title(locale).to_owned())];
        let body = view! {
            {breadcrumb(locale, back)}
            <h1>{t::pay_title(locale)}</h1>
            {subnav(visit, books, None)}
            <p class="soft">{t::pay_lead(locale)}</p>
            {content}
        };
        frame(visit, Some(&books.shop), Tab::Money, body)
    })
}
