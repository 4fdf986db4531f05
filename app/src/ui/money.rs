//! What forms about money share: the choice of a bank, and what is said when a field is wrong.

use chrono::NaiveDate;
use engine::booking::BookingError;
use engine::catalogue::Tour;
use engine::ledger::LedgerError;
use engine::payment::{BANKS, Field, PaymentError, PaymentTerms, Wrong, Wrongs};
use engine::{Dong, Locale};
use leptos::prelude::*;

use crate::api::form::Problems;
use crate::error::PageError;
use crate::t::payment as t;
use crate::ui::format;

/// When a tour is paid that is paid beforehand.
pub fn paid_beforehand(locale: Locale, tour: &Tour) -> Option<String> {
    match tour.payment_terms() {
        PaymentTerms::OnTheSpot => None,
        PaymentTerms::Deposit { percent, .. } => Some(t::tour_deposit(locale, percent)),
        PaymentTerms::Full { .. } => Some(t::tour_full(locale).to_owned()),
    }
}

/// Banks by BIN, after an empty choice.
pub fn bank_choices(locale: Locale) -> Vec<(String, String)> {
    let mut banks = vec![(String::new(), t::choose_bank(locale).to_owned())];
    banks.extend(BANKS.iter().map(|bank| (bank.bin.to_owned(), bank.name.to_owned())));
    banks
}

/// What moved, day by day, under a title with an id; None where nothing did.
pub fn log(
    locale: Locale,
    class: &'static str,
    (id, title): (&'static str, &'static str),
    moves: Vec<(NaiveDate, String)>,
) -> Option<AnyView> {
    if moves.is_empty() {
        return None;
    }
    let items: Vec<_> = moves
        .into_iter()
        .map(|(day, words)| {
            view! {
                <li>
                    <time datetime=day.to_string()>{format::date(locale, day)}</time>
                    <span>{words}</span>
                </li>
            }
        })
        .collect();
    Some(
        view! {
            <section class=class aria-labelledby=id>
                <h2 class="panel-title" id=id>{title}</h2>
                <ol class="log">{items}</ol>
            </section>
        }
        .into_any(),
    )
}

/// The name (and id) of a field's control.
const fn control(field: Field) -> &'static str {
    match field {
        Field::Bank => "bank",
        Field::Number => "number",
        Field::Holder => "holder",
        Field::Secret => "secret",
        Field::Amount => "amount",
        Field::Date => "date",
        Field::Note => "note",
        Field::Booking => "code",
        Field::Company => "company",
        Field::TaxCode => "tax_code",
        Field::Address => "address",
    }
}

fn words(locale: Locale, wrong: Wrong) -> String {
    match wrong {
        Wrong::Missing => t::wrong_missing(locale).to_owned(),
        Wrong::TooLong { max } => t::wrong_long(locale, max),
        Wrong::Choice => t::wrong_choice(locale).to_owned(),
        Wrong::Number => t::wrong_number(locale).to_owned(),
        Wrong::Secret => t::wrong_secret(locale).to_owned(),
        Wrong::Amount => t::wrong_amount(locale).to_owned(),
        Wrong::Above { most } => t::wrong_above(locale, most.display(locale)),
        Wrong::Date => t::wrong_date(locale).to_owned(),
        Wrong::NoBooking => t::wrong_booking(locale).to_owned(),
        Wrong::TaxCode => t::wrong_tax_code(locale).to_owned(),
    }
}

fn of_wrongs(locale: Locale, wrongs: Wrongs) -> Problems {
    let mut problems = Problems::default();
    for (field, wrong) in wrongs {
        problems.add(control(field), words(locale, wrong));
    }
    problems
}

/// The amount without its sign for money, as an editor begins with it.
pub fn typed(locale: Locale, amount: Dong) -> String {
    amount.display(locale).trim_end_matches(['\u{a0}', '₫']).to_owned()
}

/// What is wrong with a form; what is no matter of a form ends the request.
pub fn problems(locale: Locale, error: PaymentError) -> Result<Problems, PageError> {
    match error {
        PaymentError::Fields(wrongs) => Ok(of_wrongs(locale, wrongs)),
        PaymentError::Decided => {
            let mut problems = Problems::default();
            problems.add("main", t::decided(locale));
            Ok(problems)
        }
        error => Err(refused(error)),
    }
}

/// What somebody may not see does not exist.
pub fn refused(error: PaymentError) -> PageError {
    match error {
        PaymentError::Store(error)
        | PaymentError::Booking(BookingError::Store(error))
        | PaymentError::Ledger(LedgerError::Store(error)) => error.into(),
        _ => PageError::NotFound,
    }
}
