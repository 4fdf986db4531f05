//! What an owner does about a company.

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::NaiveDate;
use engine::clock::local_date;
use engine::reseller::allotment::{self, Allot, EndAllotment, MOST_DAYS, MOST_SEATS};
use engine::reseller::{
    self, Agree, ContractData, EndContract, KeyMode, MakeKey, Payment, ResellerError, RevokeKey,
};
use engine::{Dong, OptionId};

use super::contract::answer;
use super::{AtContract, form, open, refused};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::problems as of_fields;
use crate::pages::host::frame::{at, see};
use crate::pages::host::words;
use crate::t::reseller as t;

/// Does what the form's `act` says.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtContract,
    form: Form,
) -> Result<Response, PageError> {
    let (desk, shop, agreement) = open(&app, &visit, &slug, &id).await?;
    let locale = visit.locale;
    let contract = agreement.terms.contract.id;
    let actor = visit.actor.clone();
    let store = &app.store;
    let today = local_date(store.now());
    let mut problems = Problems::default();
    let done: Result<(), ResellerError> = match form.text("act") {
        "key" => {
            let mode = KeyMode::parse(form.text("mode")).unwrap_or(KeyMode::Test);
            let command = MakeKey { actor, contract, mode, label: form.text("label").to_owned() };
            let made = store
                .write("make key", command, |tx, c| Box::pin(reseller::make_key(tx, c)))
                .await
                .map_err(refused)?;
            // Not redirected: nobody sees the key a second time.
            let typed = form::filled(&agreement.terms);
            let page = (&desk, shop, agreement);
            return answer(&app, &visit, page, typed, problems, Some(made)).await;
        }
        "revoke" => {
            let key = form.text("key").parse().map_err(|_| PageError::NotFound)?;
            let command = RevokeKey { actor, key };
            store.write("revoke key", command, |tx, c| Box::pin(reseller::revoke_key(tx, c))).await
        }
        "agree" => {
            let input = form::contract(&form);
            match ContractData::parse(&input, &desk.catalogue, shop.id, today) {
                Ok(terms) => {
                    let command = Agree { actor, contract, terms };
                    store.write("agree", command, |tx, c| Box::pin(reseller::agree(tx, c))).await
                }
                Err(wrongs) => {
                    problems = of_fields(locale, wrongs);
                    Ok(())
                }
            }
        }
        "allot" => match kept(&visit, &form) {
            Ok((option, seats, release_days, first_date, last_date)) => {
                let command = Allot {
                    actor,
                    catalogue: desk.catalogue.clone(),
                    contract,
                    option,
                    seats,
                    release_days,
                    first_date,
                    last_date,
                };
                let kept =
                    store.write("allot", command, |tx, c| Box::pin(allotment::allot(tx, c))).await;
                kept.map(|_| ())
            }
            Err(wrong) => {
                problems = wrong;
                Ok(())
            }
        },
        "end_allotment" => {
            let allotment = form.text("allotment").parse().map_err(|_| PageError::NotFound)?;
            let command = EndAllotment { actor, allotment };
            store.write("end allotment", command, |tx, c| Box::pin(allotment::end(tx, c))).await
        }
        "pay" => match form.text("amount").parse::<Dong>() {
            Ok(amount) if amount != Dong::ZERO => {
                let command = Payment {
                    actor,
                    contract,
                    amount,
                    on_date: words::date(form.text("on_date")).unwrap_or(today),
                    note: form.text("note").to_owned(),
                    form_key: form.key(),
                };
                store
                    .write("payment", command, |tx, c| Box::pin(reseller::record_payment(tx, c)))
                    .await
            }
            _ => {
                problems.add("amount", t::error_amount(locale));
                Ok(())
            }
        },
        "end" => {
            let command = EndContract { actor, contract };
            store
                .write("end contract", command, |tx, c| Box::pin(reseller::end_contract(tx, c)))
                .await
        }
        _ => return Err(PageError::Invalid),
    };
    match done {
        Ok(()) if problems.is_empty() => {
            let page = at(&visit, &shop, &format!("/resellers/{contract}"));
            Ok(see(&format!("{page}?done=saved")))
        }
        Ok(()) => answer(&app, &visit, (&desk, shop, agreement), form, problems, None).await,
        Err(ResellerError::Private) => {
            problems.add("option", t::error_private(locale));
            answer(&app, &visit, (&desk, shop, agreement), form, problems, None).await
        }
        Err(error) => Err(refused(error)),
    }
}

type Kept = (OptionId, i32, i32, NaiveDate, NaiveDate);

/// Seats to keep, as typed.
fn kept(visit: &Visit, form: &Form) -> Result<Kept, Problems> {
    let locale = visit.locale;
    let mut problems = Problems::default();
    let option = form.text("option").parse::<OptionId>().ok();
    if option.is_none() {
        problems.add("option", t::error_option(locale));
    }
    let mut number = |field: &str, range: std::ops::RangeInclusive<i32>, words: String| {
        let number = form.text(field).trim().parse().ok().filter(|number| range.contains(number));
        if number.is_none() {
            problems.add(field, words);
        }
        number.unwrap_or(0)
    };
    let seats = number("seats", 1..=MOST_SEATS, t::error_seats(locale, i64::from(MOST_SEATS)));
    let days =
        number("release_days", 0..=MOST_DAYS, t::error_release(locale, i64::from(MOST_DAYS)));
    let first = words::date(form.text("first_date"));
    let last = words::date(form.text("last_date"));
    let span = first.zip(last).filter(|(first, last)| first <= last);
    if span.is_none() {
        problems.add("last_date", t::error_dates(locale));
    }
    match (option, span) {
        (Some(option), Some((first, last))) if problems.is_empty() => {
            Ok((option, seats, days, first, last))
        }
        _ => Err(problems),
    }
}
