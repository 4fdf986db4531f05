//! Trade promotion: fairs, exhibitions and meetings with buyers. The office announces them, workshops register,
//! the office confirms; afterwards it is written down what came of it, orders in bands.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::error::{Field, ReportError, Wrong};
use crate::accounts::{Actor, audit};
use crate::clock::local_date;
use crate::store::{Columns, Conn, StoreError, Tx};
use crate::{Localized, TradeEventId, WorkshopId, columns, params, stored_enum};

stored_enum! {
    pub enum TradeKind {
        Fair = "fair",
        Exhibition = "exhibition",
        /// Makers and buyers are brought together.
        Connection = "connection",
        Other = "other",
    }
}

stored_enum! {
    pub enum PartState {
        Asked = "asked",
        Confirmed = "confirmed",
        Declined = "declined",
        /// The workshop took its name back.
        Withdrawn = "withdrawn",
    }
}

stored_enum! {
    /// What the orders are worth, in millions of đồng.
    #[derive(PartialOrd, Ord)]
    pub enum Orders {
        None = "none",
        Under50 = "under_50",
        Under200 = "under_200",
        Under1000 = "under_1000",
        Over1000 = "over_1000",
    }
}

/// Longest name and place, and longest text, in characters.
const MAX_LINE: usize = 120;
const MAX_TEXT: usize = 2_000;
/// Nobody signs more contracts at a fair.
pub const MOST_CONTRACTS: i32 = 999;

/// A fair, an exhibition …
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct TradeEvent {
    pub id: TradeEventId,
    pub kind: TradeKind,
    pub name: Localized,
    pub place: Localized,
    pub about: Localized,
    pub first_date: NaiveDate,
    pub last_date: NaiveDate,
    /// The last day on which workshops register.
    pub register_until: NaiveDate,
    pub published: bool,
    pub created_at: DateTime<Utc>,
}

impl TradeEvent {
    /// Whether workshops may register on that day.
    pub fn registers(&self, today: NaiveDate) -> bool {
        self.published && today <= self.register_until
    }
}

/// What the office wrote, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TradeInput {
    pub kind: String,
    pub name: Localized,
    pub place: Localized,
    pub about: Localized,
    pub first: String,
    pub last: String,
    pub register_until: String,
    pub published: bool,
}

/// The same, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TradeData {
    kind: TradeKind,
    name: Localized,
    place: Localized,
    about: Localized,
    first: NaiveDate,
    last: NaiveDate,
    register_until: NaiveDate,
    published: bool,
}

fn trimmed(text: &Localized) -> Localized {
    Localized { vi: text.vi.trim().to_owned(), en: text.en.trim().to_owned() }
}

impl TradeData {
    /// Vietnamese is required, English is not; a single day needs no last one.
    pub fn parse(input: &TradeInput) -> Result<Self, ReportError> {
        let mut wrongs = Vec::new();
        let kind = TradeKind::parse(&input.kind);
        if kind.is_none() {
            wrongs.push((Field::Kind, Wrong::Choice));
        }
        let (name, place, about) =
            (trimmed(&input.name), trimmed(&input.place), trimmed(&input.about));
        let long =
            |text: &Localized, max| text.vi.chars().count() > max || text.en.chars().count() > max;
        for (text, field, max, required) in [
            (&name, Field::Name, MAX_LINE, true),
            (&place, Field::Place, MAX_LINE, true),
            (&about, Field::About, MAX_TEXT, false),
        ] {
            if required && text.vi.is_empty() {
                wrongs.push((field, Wrong::Missing));
            } else if long(text, max) {
                wrongs.push((field, Wrong::TooLong { max }));
            }
        }
        let mut date = |text: &str, field, or: Option<NaiveDate>| {
            let read = if text.trim().is_empty() { or } else { text.trim().parse().ok() };
            if read.is_none() {
                wrongs.push((field, Wrong::Date));
            }
            read
        };
        let first = date(&input.first, Field::First, None);
        let last = date(&input.last, Field::Last, first);
        let until = date(&input.register_until, Field::RegisterUntil, first);
        if first.zip(last).is_some_and(|(first, last)| last < first) {
            wrongs.push((Field::Last, Wrong::Order));
        }
        if until.zip(last).is_some_and(|(until, last)| last < until) {
            wrongs.push((Field::RegisterUntil, Wrong::AfterEnd));
        }
        match (kind, first, last, until) {
            (Some(kind), Some(first), Some(last), Some(register_until)) if wrongs.is_empty() => {
                let published = input.published;
                Ok(Self { kind, name, place, about, first, last, register_until, published })
            }
            _ => Err(ReportError::Fields(wrongs)),
        }
    }

    fn columns(&self) -> Columns {
        columns! {
            kind: self.kind,
            name: self.name,
            place: self.place,
            about: self.about,
            first_date: self.first,
            last_date: self.last,
            register_until: self.register_until,
            published: self.published,
        }
    }
}

/// The office writes an event, new where no id is given.
#[derive(Debug, Clone)]
pub struct SaveTrade {
    pub actor: Actor,
    pub id: Option<TradeEventId>,
    /// The same form sent twice makes one event.
    pub form_key: String,
    pub data: TradeData,
}

pub async fn save_trade(tx: &mut Tx, command: SaveTrade) -> Result<TradeEventId, ReportError> {
    let SaveTrade { actor, id, form_key, data } = command;
    actor.must_administer()?;
    let id = if let Some(id) = id {
        if tx.update("trade_event", data.columns(), columns! { id: id }).await? == 0 {
            return Err(ReportError::Unknown);
        }
        id
    } else {
        let id = TradeEventId::new(tx.now());
        let row = columns! { id: id, form_key: form_key, created_at: tx.now() };
        if !tx.insert_if_new("trade_event", row.and(data.columns())).await? {
            let (known,): (TradeEventId,) = tx
                .fetch_one("SELECT id FROM trade_event WHERE form_key = $1", params![form_key])
                .await?;
            return Ok(known);
        }
        id
    };
    let detail = json!({ "name": data.name.vi, "published": data.published });
    audit::record(tx, &actor, "trade.save", id, None, detail).await?;
    Ok(id)
}

const COLUMNS: &str = "SELECT id, kind, name, place, about, first_date, last_date, register_until, \
     published, created_at FROM trade_event";

pub async fn trade_event(
    conn: &mut Conn,
    id: TradeEventId,
) -> Result<Option<TradeEvent>, StoreError> {
    let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE id = $1"));
    conn.fetch_optional(sql, params![id]).await
}

/// All of them, drafts too, the latest first; for the office.
pub async fn trade_events(conn: &mut Conn, actor: &Actor) -> Result<Vec<TradeEvent>, ReportError> {
    actor.must_administer()?;
    let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} ORDER BY first_date DESC, id DESC"));
    Ok(conn.fetch_all(sql, vec![]).await?)
}

/// A workshop's part in an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct TradePart {
    pub event_id: TradeEventId,
    pub workshop_id: WorkshopId,
    pub state: PartState,
    pub contracts: Option<i32>,
    pub orders: Option<Orders>,
    pub asked_at: DateTime<Utc>,
}

const PART: &str =
    "SELECT event_id, workshop_id, state, contracts, orders, asked_at FROM trade_part";

/// Who registered for an event, in the order in which they did; for the office.
pub async fn trade_parts(
    conn: &mut Conn,
    actor: &Actor,
    event: TradeEventId,
) -> Result<Vec<TradePart>, ReportError> {
    actor.must_administer()?;
    let sql = format!("{PART} WHERE event_id = $1 ORDER BY asked_at, workshop_id");
    Ok(conn.fetch_all(sqlx::AssertSqlSafe(sql), params![event]).await?)
}

/// What a workshop sees: events to register for, and all it ever registered for, the latest first.
pub async fn trade_of_workshop(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
    today: NaiveDate,
) -> Result<Vec<(TradeEvent, Option<TradePart>)>, ReportError> {
    actor.must_own(workshop)?;
    let sql = format!(
        "{COLUMNS} WHERE published = $3 AND (register_until >= $2 OR EXISTS (SELECT 1 FROM trade_part \
         WHERE trade_part.event_id = trade_event.id AND workshop_id = $1)) \
         ORDER BY first_date DESC, id DESC"
    );
    let events: Vec<TradeEvent> =
        conn.fetch_all(sqlx::AssertSqlSafe(sql), params![workshop, today, true]).await?;
    let sql = format!("{PART} WHERE workshop_id = $1");
    let parts: Vec<TradePart> = conn.fetch_all(sqlx::AssertSqlSafe(sql), params![workshop]).await?;
    let part = |id| parts.iter().find(|part| part.event_id == id).copied();
    Ok(events.into_iter().map(|event| (part(event.id), event)).map(|(p, e)| (e, p)).collect())
}

/// A workshop registers, or takes its name back.
#[derive(Debug, Clone)]
pub struct Register {
    pub actor: Actor,
    pub event: TradeEventId,
    pub workshop: WorkshopId,
    pub takes_part: bool,
}

/// Only for owners, while registration is open. Doing it twice changes nothing; who was declined stays so.
pub async fn register(tx: &mut Tx, command: Register) -> Result<(), ReportError> {
    let Register { actor, event, workshop, takes_part } = command;
    actor.must_own(workshop)?;
    let found = trade_event(tx, event).await?.filter(|event| event.published);
    let found = found.ok_or(ReportError::Unknown)?;
    if !found.registers(local_date(tx.now())) {
        return Err(ReportError::Closed);
    }
    let changed = if takes_part {
        tx.execute(
            "INSERT INTO trade_part (event_id, workshop_id, state, asked_at) \
             VALUES ($1, $2, 'asked', $3) ON CONFLICT (event_id, workshop_id) DO UPDATE \
             SET state = 'asked', asked_at = excluded.asked_at \
             WHERE trade_part.state = 'withdrawn'",
            params![event, workshop, tx.now()],
        )
        .await?
    } else {
        tx.execute(
            "UPDATE trade_part SET state = 'withdrawn' WHERE event_id = $1 AND workshop_id = $2 \
             AND state IN ('asked', 'confirmed')",
            params![event, workshop],
        )
        .await?
    };
    if changed > 0 {
        let verb = if takes_part { "trade.register" } else { "trade.withdraw" };
        let detail = json!({ "name": found.name.vi });
        audit::record(tx, &actor, verb, event, Some(workshop), detail).await?;
    }
    Ok(())
}

/// The office confirms or declines who registered.
#[derive(Debug, Clone)]
pub struct DecidePart {
    pub actor: Actor,
    pub event: TradeEventId,
    pub workshop: WorkshopId,
    pub confirmed: bool,
}

/// What was decided may be decided anew; who withdrew is left alone.
pub async fn decide_part(tx: &mut Tx, command: DecidePart) -> Result<(), ReportError> {
    let DecidePart { actor, event, workshop, confirmed } = command;
    actor.must_administer()?;
    let state = if confirmed { PartState::Confirmed } else { PartState::Declined };
    let changed = tx
        .execute(
            "UPDATE trade_part SET state = $3, decided_at = $4 \
             WHERE event_id = $1 AND workshop_id = $2 AND state <> 'withdrawn'",
            params![event, workshop, state, tx.now()],
        )
        .await?;
    if changed == 0 {
        return Err(ReportError::Unknown);
    }
    let detail = json!({ "confirmed": confirmed });
    audit::record(tx, &actor, "trade.decide", event, Some(workshop), detail).await?;
    Ok(())
}

/// What came of it for a workshop: said by its owner or by the office.
#[derive(Debug, Clone)]
pub struct TellOutcome {
    pub actor: Actor,
    pub event: TradeEventId,
    pub workshop: WorkshopId,
    pub outcome: Outcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    contracts: i32,
    orders: Orders,
}

impl Outcome {
    pub fn parse(contracts: &str, orders: &str) -> Result<Self, ReportError> {
        let mut wrongs = Vec::new();
        let count = contracts.trim().parse().ok().filter(|n| (0..=MOST_CONTRACTS).contains(n));
        if count.is_none() {
            wrongs.push((Field::Contracts, Wrong::Number { most: MOST_CONTRACTS }));
        }
        let orders = Orders::parse(orders);
        if orders.is_none() {
            wrongs.push((Field::Orders, Wrong::Choice));
        }
        match (count, orders) {
            (Some(contracts), Some(orders)) => Ok(Self { contracts, orders }),
            _ => Err(ReportError::Fields(wrongs)),
        }
    }
}

/// Only of those who took part, once the event has begun.
pub async fn tell_outcome(tx: &mut Tx, command: TellOutcome) -> Result<(), ReportError> {
    let TellOutcome { actor, event, workshop, outcome } = command;
    actor.must_own(workshop)?;
    let found = trade_event(tx, event).await?.ok_or(ReportError::Unknown)?;
    if local_date(tx.now()) < found.first_date {
        return Err(ReportError::TooEarly);
    }
    let changed = tx
        .execute(
            "UPDATE trade_part SET contracts = $3, orders = $4 \
             WHERE event_id = $1 AND workshop_id = $2 AND state = 'confirmed'",
            params![event, workshop, outcome.contracts, outcome.orders],
        )
        .await?;
    if changed == 0 {
        return Err(ReportError::Unknown);
    }
    let detail = json!({ "name": found.name.vi });
    audit::record(tx, &actor, "trade.outcome", event, Some(workshop), detail).await?;
    Ok(())
}
