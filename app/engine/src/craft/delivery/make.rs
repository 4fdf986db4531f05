//! A parcel is asked for, changed until it is packed, and called off.

use super::address::{Address, AddressInput};
use super::error::{Field, ParcelError, Wrong, line_of};
use super::model::{Parcel, ParcelState, Pays, Way, parcel};
use super::rate::Zone;
use super::terms::{offered, postage_of};
use crate::payment::{self, PaymentCode};
use crate::store::{Columns, Conn, StoreError, Tx};
use crate::{BankAccountId, Dong, ParcelId, WorkshopId, columns, params};

const MAX_NAME: usize = 80;

/// A wish as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WishInput {
    /// "collect" or "post".
    pub way: String,
    pub recipient: String,
    pub address: AddressInput,
    pub pays: String,
}

/// The same, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WishData {
    way: Way,
    recipient: String,
    phone: String,
    address: Option<Address>,
    pays: Option<Pays>,
}

impl WishData {
    pub fn parse(input: &WishInput) -> Result<WishData, ParcelError> {
        let mut wrongs = Vec::new();
        let way = Way::parse(&input.way);
        if way.is_none() {
            wrongs.push((Field::Way, Wrong::Missing));
        }
        let post = way == Some(Way::Post);
        let recipient = line_of(&input.recipient, Field::Recipient, (MAX_NAME, post), &mut wrongs);
        let read = if post { input.address.parse(&mut wrongs) } else { None };
        let (address, phone) = read.unzip();
        let pays = Pays::parse(&input.pays);
        let phone = phone.map_or_else(String::new, |phone| phone.as_str().to_owned());
        match way {
            Some(way) if wrongs.is_empty() => Ok(WishData { way, recipient, phone, address, pays }),
            _ => Err(ParcelError::Fields(wrongs)),
        }
    }
}

/// A parcel as whoever sends something wants it.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub workshop: WorkshopId,
    pub what: String,
    pub grams: i32,
    pub data: WishData,
    /// The same key again is the same parcel.
    pub form_key: String,
}

impl WishData {
    pub const fn way(&self) -> Way {
        self.way
    }

    pub fn recipient(&self) -> &str {
        &self.recipient
    }
}

/// What posting so much by a wish costs whoever orders it; nothing where it is collected, or where the
/// workshop pays its post itself.
pub(crate) async fn quote(
    conn: &mut Conn,
    workshop: WorkshopId,
    data: &WishData,
    grams: i32,
) -> Result<Dong, ParcelError> {
    let Some(address) = &data.address else { return Ok(Dong::ZERO) };
    let zone = address.zone();
    let postage = postage_of(conn, workshop).await?;
    let cost = postage.rates.cost(zone, grams).ok_or_else(|| not_posted(zone))?;
    Ok(if postage.pays.0.contains(&Pays::Free) { Dong::ZERO } else { cost })
}

fn not_posted(zone: Zone) -> ParcelError {
    let near = matches!(zone, Zone::Hanoi | Zone::Vietnam);
    let field = if near { Field::Province } else { Field::Country };
    ParcelError::Fields(vec![(field, Wrong::NotPosted)])
}

/// A parcel for an order, whose post is paid with the order.
pub(crate) async fn make_of_order(tx: &mut Tx, wanted: Wanted) -> Result<Parcel, ParcelError> {
    let zone = wanted.data.address.as_ref().map(Address::zone);
    let settled = Settled { zone, cost: Dong::ZERO, pays: Pays::Free };
    let id = ParcelId::new(tx.now());
    let row = columns! {
        id: id,
        form_key: wanted.form_key,
        workshop_id: wanted.workshop,
        paid: Dong::ZERO,
        state: ParcelState::Open,
        of_order: true,
        tracking: *"",
        version: 0_i32,
        created_at: tx.now(),
    };
    tx.insert("parcel", row.and(row_of(&wanted, &settled))).await?;
    found(tx, id).await
}

/// What of a parcel follows from a wish.
struct Settled {
    zone: Option<Zone>,
    cost: Dong,
    pays: Pays,
}

async fn settle(tx: &mut Tx, wanted: &Wanted) -> Result<Settled, ParcelError> {
    let data = &wanted.data;
    let Some(address) = &data.address else {
        return Ok(Settled { zone: None, cost: Dong::ZERO, pays: Pays::Free });
    };
    let zone = address.zone();
    let postage = postage_of(tx, wanted.workshop).await?;
    let Some(cost) = postage.rates.cost(zone, wanted.grams) else {
        return Err(not_posted(zone));
    };
    let ways = offered(tx, wanted.workshop, Some(zone)).await?;
    let pays = match (data.pays, ways.as_slice()) {
        // One way is no choice.
        (_, [only]) => *only,
        (Some(pays), _) if ways.contains(&pays) => pays,
        _ => return Err(ParcelError::Fields(vec![(Field::Pays, Wrong::Missing)])),
    };
    let cost = if pays == Pays::Free { Dong::ZERO } else { cost };
    Ok(Settled { zone: Some(zone), cost, pays })
}

/// Where a transfer goes, where one is asked for.
async fn asked(
    tx: &mut Tx,
    workshop: WorkshopId,
    settled: &Settled,
) -> Result<Option<(BankAccountId, PaymentCode)>, StoreError> {
    if settled.pays != Pays::Transfer || settled.cost == Dong::ZERO {
        return Ok(None);
    }
    let account = payment::of_workshop(tx, workshop).await?;
    Ok(account.map(|account| (account.id, PaymentCode::draw_for_parcel(tx))))
}

/// Asks for a parcel.
pub(crate) async fn make(tx: &mut Tx, wanted: Wanted) -> Result<Parcel, ParcelError> {
    let known: Option<(ParcelId,)> = tx
        .fetch_optional("SELECT id FROM parcel WHERE form_key = $1", params![wanted.form_key])
        .await?;
    if let Some((id,)) = known {
        return found(tx, id).await;
    }
    let settled = settle(tx, &wanted).await?;
    let (account, code) = asked(tx, wanted.workshop, &settled).await?.unzip();
    let id = ParcelId::new(tx.now());
    let row = columns! {
        id: id,
        form_key: wanted.form_key,
        workshop_id: wanted.workshop,
        account_id: account,
        pay_code: code,
        paid: Dong::ZERO,
        state: ParcelState::Open,
        tracking: *"",
        version: 0_i32,
        created_at: tx.now(),
    };
    tx.insert("parcel", row.and(row_of(&wanted, &settled))).await?;
    found(tx, id).await
}

fn row_of(wanted: &Wanted, settled: &Settled) -> Columns {
    let address = wanted.data.address.as_ref();
    let address = address.and_then(|it| serde_json::to_string(it).ok()).unwrap_or_default();
    columns! {
        way: wanted.data.way,
        what: wanted.what,
        recipient: wanted.data.recipient,
        phone: wanted.data.phone,
        address: address,
        zone: settled.zone,
        grams: wanted.grams,
        cost: settled.cost,
        pays: settled.pays,
    }
}

/// Changes what is not packed yet. Once money has come the address may change within its zone
/// alone, because the rest is what was paid for.
pub(crate) async fn change(
    tx: &mut Tx,
    id: ParcelId,
    wanted: Wanted,
) -> Result<Parcel, ParcelError> {
    let old = lock(tx, id).await?;
    if old.state != ParcelState::Open {
        return Err(ParcelError::State);
    }
    let mut settled = settle(tx, &wanted).await?;
    let row = if old.paid > Dong::ZERO {
        if settled.zone != old.zone {
            return Err(ParcelError::Paid);
        }
        settled = Settled { cost: old.cost, pays: old.pays, zone: old.zone };
        row_of(&wanted, &settled)
    } else {
        let asked = match (&old.pay_code, settled.pays) {
            // The code may be in somebody's app already.
            (Some(code), Pays::Transfer) => old.account_id.zip(Some(code.clone())),
            _ => asked(tx, wanted.workshop, &settled).await?,
        };
        let (account, code) = asked.unzip();
        row_of(&wanted, &settled).and(columns! { account_id: account, pay_code: code })
    };
    tx.update_one("parcel", row, columns! { id: id }).await?;
    found(tx, id).await
}

/// Calls off what is not packed yet.
pub(crate) async fn cancel(tx: &mut Tx, id: ParcelId) -> Result<(), ParcelError> {
    let old = lock(tx, id).await?;
    if old.state != ParcelState::Open {
        return Err(ParcelError::State);
    }
    if old.paid > Dong::ZERO {
        return Err(ParcelError::Paid);
    }
    end(tx, id).await
}

async fn end(tx: &mut Tx, id: ParcelId) -> Result<(), ParcelError> {
    // Nobody needs to know any more where it was to go.
    let row = columns! {
        state: ParcelState::Cancelled,
        recipient: *"",
        phone: *"",
        address: *"",
        cleared_at: Some(tx.now()),
    };
    tx.update_one("parcel", row, columns! { id: id }).await?;
    Ok(())
}

/// After something was taken out: what is in it, what it weighs and what that costs. Empty, it is
/// called off.
pub(crate) async fn weigh(
    tx: &mut Tx,
    id: ParcelId,
    what: String,
    grams: i32,
) -> Result<(), ParcelError> {
    let old = lock(tx, id).await?;
    if !matches!(old.state, ParcelState::Open | ParcelState::Packed) {
        return Ok(());
    }
    if grams == 0 {
        return end(tx, id).await;
    }
    let mut cost = old.cost;
    if let Some(zone) = old.zone.filter(|_| old.paid == Dong::ZERO && old.cost > Dong::ZERO) {
        let rates = postage_of(tx, old.workshop_id).await?.rates;
        cost = rates.cost(zone, grams).map_or(cost, |lighter| lighter.min(cost));
    }
    let row = columns! { what: what, grams: grams, cost: cost };
    tx.update_one("parcel", row, columns! { id: id }).await?;
    Ok(())
}

/// What of a parcel is not ready follows in another one, to the same address and free of charge.
pub(crate) async fn follow(
    tx: &mut Tx,
    first: &Parcel,
    (what, grams): (String, i32),
) -> Result<ParcelId, ParcelError> {
    let id = ParcelId::new(tx.now());
    let address = first.address.as_ref();
    let address = address.and_then(|it| serde_json::to_string(it).ok()).unwrap_or_default();
    let row = columns! {
        id: id,
        form_key: *format!("follows:{}:{}", first.id, tx.now().timestamp_micros()),
        workshop_id: first.workshop_id,
        way: first.way,
        what: what,
        recipient: first.recipient.name,
        phone: first.recipient.phone,
        address: address,
        zone: first.zone,
        grams: grams,
        cost: Dong::ZERO,
        pays: Pays::Free,
        paid: Dong::ZERO,
        state: ParcelState::Open,
        tracking: *"",
        version: 0_i32,
        created_at: tx.now(),
    };
    tx.insert("parcel", row).await?;
    Ok(id)
}

/// Takes the parcel's row for this transaction.
pub(super) async fn lock(tx: &mut Tx, id: ParcelId) -> Result<Parcel, ParcelError> {
    tx.execute("UPDATE parcel SET version = version + 1 WHERE id = $1", params![id]).await?;
    found(tx, id).await
}

async fn found(tx: &mut Tx, id: ParcelId) -> Result<Parcel, ParcelError> {
    parcel(tx, id).await?.ok_or(ParcelError::Unknown)
}
