//! The demo's bank account and what came into it: a payment in every state, made by the verbs that
//! guests, the bank's service and the host use.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::DemoError;
use crate::accounts::Actor;
use crate::booking::{
    self, Answers, Booking, CancelByGuest, Confirm, Contact, EXPIRE_BATCH, FillIn, Hold,
};
use crate::catalogue::{Catalogue, UnitKind, cache, load};
use crate::clock::local_date;
use crate::payment::{
    self, AccountData, AccountInput, AccountOf, AddAccount, BankAccount, IncomingTransfer,
    Provider, Refund, SayAccount, SetProvider, SumData, SumInput, TakeIn, Teller,
};
use crate::schedule::slots;
use crate::store::Tx;
use crate::{BankAccountId, Dong, Locale, params};

const FILE: (&str, &str) = ("payment.toml", include_str!("../../../demo/payment.toml"));

/// Days ahead at the least of what is booked here, and at most.
const AHEAD: (i64, i64) = (5, 25);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PaymentFile {
    workshop: String,
    bank: String,
    number: String,
    holder: String,
    secret: String,
    tours: Vec<TourEntry>,
    guests: Vec<GuestEntry>,
    unknown: Vec<UnknownEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TourEntry {
    tour: String,
    percent: i32,
    minutes: i32,
}

/// Hours before now, wherever `ago` stands.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GuestEntry {
    tour: String,
    name: String,
    email: String,
    adults: u32,
    ago: i64,
    #[serde(default)]
    pays: Vec<PayEntry>,
    cancel_ago: Option<i64>,
    refund: Option<ToEntry>,
    refunded_ago: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PayEntry {
    percent: i64,
    ago: i64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ToEntry {
    bank: String,
    number: String,
    holder: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UnknownEntry {
    amount: i64,
    words: String,
    ago: i64,
}

fn broken(reason: impl std::fmt::Display) -> DemoError {
    DemoError::File { file: FILE.0, reason: reason.to_string() }
}

/// What happens, one after the other in time.
enum Deed<'f> {
    Book(usize, &'f GuestEntry),
    Pay(usize, i64),
    Cancel(usize, &'f GuestEntry),
    PaidBack(usize),
    Unknown(&'f UnknownEntry),
}

struct Till {
    catalogue: Arc<Catalogue>,
    now: DateTime<Utc>,
    account: BankAccountId,
    number: String,
    /// By the guests' order in the file; None where no departure had room.
    booked: Vec<Option<Booking>>,
    told: u32,
}

pub(super) async fn make(tx: &mut Tx, catalogue: &Arc<Catalogue>) -> Result<(), DemoError> {
    let file: PaymentFile = toml::from_str(FILE.1).map_err(broken)?;
    let now = tx.now();
    let account = open(tx, catalogue, &file).await?;
    for entry in &file.tours {
        tx.execute_one(
            "UPDATE tour SET prepay_percent = $2, pay_minutes = $3 WHERE slug = $1",
            params![entry.tour, entry.percent, entry.minutes],
        )
        .await?;
    }
    let mut till = Till {
        catalogue: Arc::new(load::load(tx).await?),
        now,
        account: account.id,
        number: file.number.clone(),
        booked: file.guests.iter().map(|_| None).collect(),
        told: 0,
    };
    let mut deeds: Vec<(i64, Deed<'_>)> = Vec::new();
    for (at, guest) in file.guests.iter().enumerate() {
        deeds.push((guest.ago, Deed::Book(at, guest)));
        deeds.extend(guest.pays.iter().map(|pay| (pay.ago, Deed::Pay(at, pay.percent))));
        deeds.extend(guest.cancel_ago.map(|ago| (ago, Deed::Cancel(at, guest))));
        deeds.extend(guest.refunded_ago.map(|ago| (ago, Deed::PaidBack(at))));
    }
    deeds.extend(file.unknown.iter().map(|one| (one.ago, Deed::Unknown(one))));
    deeds.sort_by_key(|(ago, _)| std::cmp::Reverse(*ago));
    for (ago, deed) in deeds {
        tx.turn(now - TimeDelta::hours(ago));
        // As the worker would have.
        while booking::expire_due(tx).await? >= usize::try_from(EXPIRE_BATCH).unwrap_or(0) {}
        Box::pin(till.live(tx, deed)).await?;
    }
    tx.turn(now);
    // Nobody is written to who does not exist.
    tx.execute("DELETE FROM outbox WHERE kind NOT IN ('sign_in', 'invitation')", vec![]).await?;
    cache::touch(tx).await?;
    Ok(())
}

async fn open(
    tx: &mut Tx,
    catalogue: &Catalogue,
    file: &PaymentFile,
) -> Result<BankAccount, DemoError> {
    let workshop = catalogue.workshop_by_slug(&file.workshop);
    let workshop = workshop.ok_or_else(|| broken(format!("no workshop {}", file.workshop)))?;
    let data = AccountData::parse(&AccountInput {
        bank: file.bank.clone(),
        number: file.number.clone(),
        holder: file.holder.clone(),
    })
    .map_err(broken)?;
    let of = AccountOf::Workshop(workshop.id);
    let add = AddAccount { actor: Actor::System, of, data };
    let account = payment::add_account(tx, add).await.map_err(broken)?;
    let set = SetProvider {
        actor: Actor::System,
        account: account.id,
        provider: Provider::SepayHmac,
        secret: Some(file.secret.clone()),
    };
    payment::set_provider(tx, set).await.map_err(broken)
}

impl Till {
    async fn live(&mut self, tx: &mut Tx, deed: Deed<'_>) -> Result<(), DemoError> {
        match deed {
            Deed::Book(at, guest) => self.booked[at] = self.book(tx, at, guest).await?,
            Deed::Pay(at, percent) => {
                let Some(booking) = self.booked[at].clone() else { return Ok(()) };
                let asked = payment::of_booking(tx, booking.id).await?;
                let Some(asked) = asked else { return Ok(()) };
                let amount = Dong(asked.amount.0 * percent / 100);
                let words = format!("MBVCB.{}.{}.CT tu 0011", 327_890 + self.told, asked.code);
                self.tell(tx, amount, words).await?;
            }
            Deed::Cancel(at, guest) => {
                let Some(booking) = self.booked[at].clone() else { return Ok(()) };
                let cancel = CancelByGuest { booking: booking.id, reason: String::new() };
                booking::cancel_by_guest(tx, cancel).await.map_err(broken)?;
                if let Some(to) = guest.refund.clone() {
                    let input =
                        AccountInput { bank: to.bank, number: to.number, holder: to.holder };
                    let say = SayAccount { actor: Actor::Guest, booking: booking.id, input };
                    payment::say_account(tx, say).await.map_err(broken)?;
                }
            }
            Deed::PaidBack(at) => {
                let Some(booking) = self.booked[at].clone() else { return Ok(()) };
                let booking = booking::query::by_id(tx, booking.id).await?;
                let Some(booking) = booking else { return Ok(()) };
                let money = payment::money_of(tx, booking.id).await?;
                let due = payment::reckon(&booking, money).due;
                let today = local_date(tx.now());
                let input = SumInput {
                    amount: due.0.to_string(),
                    date: today.to_string(),
                    method: "transfer".into(),
                    note: String::new(),
                };
                let sum = SumData::parse(&input, today, false).map_err(broken)?;
                let form_key = format!("demo-refund-{at}");
                let back = Refund { actor: Actor::System, booking: booking.id, sum, form_key };
                payment::refund(tx, back).await.map_err(broken)?;
            }
            Deed::Unknown(one) => self.tell(tx, Dong(one.amount), one.words.clone()).await?,
        }
        Ok(())
    }

    async fn book(
        &self,
        tx: &mut Tx,
        at: usize,
        guest: &GuestEntry,
    ) -> Result<Option<Booking>, DemoError> {
        let visitor = Visitor {
            tour: &guest.tour,
            name: &guest.name,
            email: &guest.email,
            adults: guest.adults,
            form_key: format!("demo-payment-{at}"),
        };
        book(tx, &self.catalogue, self.now, visitor).await
    }

    /// The bank's service tells of a transfer.
    async fn tell(&mut self, tx: &mut Tx, amount: Dong, words: String) -> Result<(), DemoError> {
        self.told += 1;
        let id = format!("demo-{}", self.told);
        tell(tx, &self.catalogue, (self.account, &self.number), &id, (amount, words)).await
    }
}

/// Somebody who books.
pub(super) struct Visitor<'f> {
    pub tour: &'f str,
    pub name: &'f str,
    pub email: &'f str,
    pub adults: u32,
    pub form_key: String,
}

/// Books the first departure far enough ahead of today that has room.
pub(super) async fn book(
    tx: &mut Tx,
    catalogue: &Arc<Catalogue>,
    today: DateTime<Utc>,
    visitor: Visitor<'_>,
) -> Result<Option<Booking>, DemoError> {
    let tour = catalogue.tour_by_slug(visitor.tour);
    let tour = tour.ok_or_else(|| broken(format!("no tour {}", visitor.tour)))?;
    let today = local_date(today);
    let (from, to) = (today + TimeDelta::days(AHEAD.0), today + TimeDelta::days(AHEAD.1));
    let all = slots::of_workshop(tx, tour.workshop_id, from, to).await?;
    let seats = i32::try_from(visitor.adults).unwrap_or(1);
    let now = tx.now();
    let slot = all.iter().find(|slot| slot.tour_id == tour.id && slot.left(now) >= seats);
    let Some(slot) = slot else { return Ok(None) };
    let unit = tour.option(slot.option_id).and_then(|option| {
        option.open_units().find(|unit| unit.kind == UnitKind::Adult).map(|unit| unit.id)
    });
    let Some(unit) = unit else { return Ok(None) };
    let hold = Hold {
        residents: false,
        catalogue: Arc::clone(catalogue),
        slot: slot.id,
        wanted: vec![(unit, visitor.adults)],
        locale: Locale::Vi,
        form_key: visitor.form_key,
        minutes: 15,
    };
    let held = booking::hold(tx, hold).await.map_err(broken)?;
    let contact = Contact::parse(visitor.name, visitor.email, "", "")
        .map_err(|wrong| broken(format!("{}: {wrong:?}", visitor.name)))?;
    let fill_in = FillIn {
        catalogue: Arc::clone(catalogue),
        booking: held.id,
        contact,
        locale: Locale::Vi,
        answers: Answers { waiver: true, ..Answers::default() },
    };
    booking::fill_in(tx, fill_in).await.map_err(broken)?;
    let confirm = Confirm { catalogue: Arc::clone(catalogue), booking: held.id };
    Ok(Some(booking::confirm(tx, confirm).await.map_err(broken)?))
}

/// The bank's service tells of a transfer into the account with this number.
pub(super) async fn tell(
    tx: &mut Tx,
    catalogue: &Arc<Catalogue>,
    (account, number): (BankAccountId, &str),
    id: &str,
    (amount, words): (Dong, String),
) -> Result<(), DemoError> {
    let transfer = IncomingTransfer {
        teller: Teller::Sepay,
        teller_id: id.to_owned(),
        accounts: vec![number.to_owned()],
        amount,
        message: words,
        reference: format!("FT{}", id.replace('-', "").to_uppercase()),
        payer: String::new(),
        at: tx.now(),
        raw: "{}".into(),
    };
    let take = TakeIn {
        catalogue: Arc::clone(catalogue),
        account,
        transfers: vec![transfer],
        actor: Actor::System,
    };
    payment::take_in(tx, take).await.map_err(broken)?;
    Ok(())
}
