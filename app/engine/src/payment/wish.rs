//! What guests say beside paying: where money shall go back to, and what an invoice needs.

use chrono::NaiveDate;
use serde_json::json;

use super::account::{AccountData, AccountInput};
use super::error::{Field, PaymentError, Wrong};
use super::vat;
use crate::accounts::{Actor, audit};
use crate::booking::{State, StateKind, query};
use crate::catalogue::Catalogue;
use crate::schedule::slots;
use crate::store::{Conn, StoreError, Tx};
use crate::{BookingId, Dong, Locale, TourId, WorkshopId, columns, params};

/// Where a guest wants money back to. A guest has shown the booking's secret before.
#[derive(Debug, Clone)]
pub struct SayAccount {
    pub actor: Actor,
    pub booking: BookingId,
    pub input: AccountInput,
}

pub async fn say_account(tx: &mut Tx, command: SayAccount) -> Result<(), PaymentError> {
    let SayAccount { actor, booking, input } = command;
    let booking = query::by_id(tx, booking).await?.ok_or(PaymentError::Unknown)?;
    if actor != Actor::Guest {
        actor.must_own(booking.workshop_id)?;
    }
    let (bank, number, holder) = AccountData::parse(&input)?.parts();
    let row = columns! { bank: bank, number: number, holder: holder, created_at: tx.now() };
    let key = columns! { booking_id: booking.id };
    if tx.update("refund_account", row.clone(), key.clone()).await? == 0 {
        tx.insert("refund_account", key.and(row)).await?;
    }
    let workshop = Some(booking.workshop_id);
    audit::record(tx, &actor, "payment.refund_account", &booking.code, workshop, json!({})).await?;
    Ok(())
}

/// What an invoice needs to know of whoever pays.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct InvoiceWish {
    pub company: String,
    pub tax_code: String,
    pub address: String,
}

/// Longest company's name and address, in characters.
const MAX_COMPANY: usize = 200;
const MAX_ADDRESS: usize = 300;

impl InvoiceWish {
    /// Reads what was typed: all of it, or nothing for nobody who wants an invoice.
    pub fn parse(
        company: &str,
        tax_code: &str,
        address: &str,
    ) -> Result<Option<Self>, PaymentError> {
        let clean = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let wish = InvoiceWish {
            company: clean(company),
            tax_code: clean(tax_code).to_uppercase(),
            address: clean(address),
        };
        if wish == InvoiceWish::default() {
            return Ok(None);
        }
        let mut wrongs = Vec::new();
        for (field, text, max) in [
            (Field::Company, &wish.company, MAX_COMPANY),
            (Field::Address, &wish.address, MAX_ADDRESS),
        ] {
            if text.is_empty() {
                wrongs.push((field, Wrong::Missing));
            } else if text.chars().count() > max {
                wrongs.push((field, Wrong::TooLong { max }));
            }
        }
        if !is_tax_code(&wish.tax_code) {
            wrongs.push((Field::TaxCode, Wrong::TaxCode));
        }
        if wrongs.is_empty() { Ok(Some(wish)) } else { Err(PaymentError::Fields(wrongs)) }
    }
}

/// Ten digits, those of a branch with a dash and three more; or the twelve of a citizen's number,
/// which is the tax code of people since 1 July 2025 (Circular 86/2024/TT-BTC).
fn is_tax_code(text: &str) -> bool {
    let digits =
        |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('-') {
        Some((main, branch)) => digits(main, 10) && digits(branch, 3),
        None => digits(text, 10) || digits(text, 12) || digits(text, 13),
    }
}

#[derive(Debug, Clone)]
pub struct WishInvoice {
    pub booking: BookingId,
    /// None: no invoice after all.
    pub wish: Option<InvoiceWish>,
}

/// The guest says to whom an invoice is to be made out. Not for a booking that ended without a visit.
pub async fn wish_invoice(tx: &mut Tx, command: WishInvoice) -> Result<(), PaymentError> {
    let WishInvoice { booking, wish } = command;
    let booking = query::by_id(tx, booking).await?.ok_or(PaymentError::Unknown)?;
    if matches!(booking.state, State::Cancelled { .. } | State::Expired { .. }) {
        return Err(crate::booking::BookingError::State(booking.state.kind()).into());
    }
    tx.execute("DELETE FROM invoice_wish WHERE booking_id = $1", params![booking.id]).await?;
    if let Some(wish) = wish {
        let row = columns! {
            booking_id: booking.id,
            company: wish.company,
            tax_code: wish.tax_code,
            address: wish.address,
            created_at: tx.now(),
        };
        tx.insert("invoice_wish", row).await?;
    }
    let workshop = Some(booking.workshop_id);
    audit::record(tx, &Actor::Guest, "payment.invoice", &booking.code, workshop, json!({})).await?;
    Ok(())
}

pub async fn invoice_wish(
    conn: &mut Conn,
    booking: BookingId,
) -> Result<Option<InvoiceWish>, StoreError> {
    conn.fetch_optional(
        "SELECT company, tax_code, address FROM invoice_wish WHERE booking_id = $1",
        params![booking],
    )
    .await
}

/// One invoice to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    pub code: String,
    pub on_date: NaiveDate,
    pub guest: String,
    pub email: String,
    pub wish: InvoiceWish,
    pub tour: String,
    pub people: i32,
    /// With VAT.
    pub total: Dong,
    /// Per cent by the day of the visit, and what it is of the total.
    pub vat_percent: u8,
    pub vat: Dong,
}

#[derive(sqlx::FromRow)]
struct WishRow {
    booking_id: BookingId,
    tour_id: TourId,
    #[sqlx(flatten)]
    wish: InvoiceWish,
}

/// Invoices that guests want, by days of visits. Rates are those of services in general: whether and
/// how a workshop is taxed is between it and the tax office.
pub async fn invoices(
    conn: &mut Conn,
    actor: &Actor,
    catalogue: &Catalogue,
    workshop: WorkshopId,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<Invoice>, PaymentError> {
    actor.must_own(workshop)?;
    let rows: Vec<WishRow> = conn
        .fetch_all(
            "SELECT wish.booking_id, booking.tour_id, wish.company, wish.tax_code, wish.address \
             FROM invoice_wish wish JOIN booking ON booking.id = wish.booking_id \
             JOIN slot ON slot.id = booking.slot_id WHERE booking.workshop_id = $1 \
             AND slot.local_date BETWEEN $2 AND $3 ORDER BY slot.starts_at, booking.id",
            params![workshop, first, last],
        )
        .await?;
    let mut invoices = Vec::new();
    for row in rows {
        let Some(booking) = query::by_id(conn, row.booking_id).await? else { continue };
        let counts = matches!(booking.state.kind(), StateKind::Confirmed | StateKind::CheckedIn);
        let Some(slot) = slots::find(conn, booking.slot_id).await?.filter(|_| counts) else {
            continue;
        };
        let rate = vat::rate_on(slot.local_date);
        let tour = catalogue.tour(row.tour_id);
        invoices.push(Invoice {
            code: booking.code,
            on_date: slot.local_date,
            guest: booking.name,
            email: booking.email,
            wish: row.wish,
            tour: tour.map(|tour| tour.title.text(Locale::Vi).to_owned()).unwrap_or_default(),
            people: booking.people,
            total: booking.total,
            vat_percent: rate,
            vat: vat::within(booking.total, rate),
        });
    }
    Ok(invoices)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invoice_needs_all_or_nothing() {
        assert_eq!(InvoiceWish::parse("", " ", "").unwrap(), None);
        let parse = |code| InvoiceWish::parse("Công ty TNHH Gốm", code, "1 Tràng Tiền, Hà Nội");
        for good in ["0101234567", "0101234567-001", "001099012345"] {
            assert!(parse(good).unwrap().is_some(), "{good}");
        }
        for bad in ["", "12345", "0101234567-1", "01012345x7"] {
            let Err(PaymentError::Fields(wrongs)) = parse(bad) else { panic!("{bad}") };
            assert_eq!(wrongs, [(Field::TaxCode, Wrong::TaxCode)]);
        }
        let Err(PaymentError::Fields(wrongs)) = InvoiceWish::parse("", "0101234567", "") else {
            panic!("a company is missing")
        };
        assert_eq!(wrongs, [(Field::Company, Wrong::Missing), (Field::Address, Wrong::Missing)]);
    }
}
