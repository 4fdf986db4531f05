//! The way to its customer: collected, or posted by [`delivery`], which knows nothing of commissions.

use serde_json::json;

use super::entry::{self, By, Mark, New};
use super::error::CommissionError;
use super::model::{Commission, go, lock};
use super::money::money_of;
use super::news::{News, Told, to_customer};
use super::state::{State, StateKind, Step};
use crate::accounts::{Actor, audit};
use crate::clock::local_date;
use crate::craft::delivery::{self, Parcel, ParcelState, TrackData, Way, WishData};
use crate::ledger::{self, CommissionEvent, CommissionMoved};
use crate::store::{StoreError, Tx};
use crate::{CommissionId, Dong, columns};

/// Weight of a commission that nobody has weighed yet.
const USUAL_GRAMS: i32 = 1_000;

/// Where it is to go.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The customer, proven by the commission's secret, or somebody of the workshop for them.
    pub actor: Actor,
    pub commission: CommissionId,
    pub data: WishData,
    pub form_key: String,
}

/// Says where it goes, from when the offer was accepted until it leaves the house. Said again it
/// changes the parcel.
pub async fn wish(tx: &mut Tx, command: Wish) -> Result<Parcel, CommissionError> {
    let Wish { actor, commission, data, form_key } = command;
    let mut commission = lock(tx, commission).await?;
    if actor != Actor::Guest {
        actor.must_serve(commission.workshop_id)?;
    }
    let waits =
        matches!(commission.kind(), StateKind::Accepted | StateKind::Making | StateKind::Ready);
    if !waits {
        return Err(CommissionError::State(commission.kind()));
    }
    let (offer, _) = money_of(tx, &commission).await?;
    let wanted = delivery::Wanted {
        workshop: commission.workshop_id,
        // The code alone: what was ordered is the customer's own words.
        what: commission.code.to_string(),
        grams: offer.map_or(USUAL_GRAMS, |offer| offer.grams),
        data,
        form_key,
    };
    let open = open_parcel(tx, &commission).await?;
    let parcel = match open {
        Some(parcel) => delivery::change(tx, parcel.id, wanted).await?,
        None => delivery::make(tx, wanted).await?,
    };
    commission.parcel_id = Some(parcel.id);
    let row = columns! { parcel_id: commission.parcel_id };
    tx.update_one("commission", row, columns! { id: commission.id }).await?;
    let detail = json!({ "way": parcel.way });
    let workshop = Some(commission.workshop_id);
    audit::record(tx, &actor, "commission.wish", commission.id, workshop, detail).await?;
    Ok(parcel)
}

async fn open_parcel(tx: &mut Tx, commission: &Commission) -> Result<Option<Parcel>, StoreError> {
    let Some(id) = commission.parcel_id else { return Ok(None) };
    let parcel = delivery::parcel(tx, id).await?;
    Ok(parcel.filter(|parcel| parcel.state == ParcelState::Open))
}

/// How it leaves the house.
#[derive(Debug, Clone)]
pub enum Leave {
    /// Its customer came for it.
    HandOver,
    /// Given to a carrier, with its number.
    Post(TrackData),
}

/// Somebody of the workshop gives it away.
#[derive(Debug, Clone)]
pub struct HandOn {
    pub actor: Actor,
    pub commission: CommissionId,
    pub how: Leave,
}

/// Gives it away, once all of it is paid: what was held for the customer is earned from now on.
pub async fn hand_on(tx: &mut Tx, command: HandOn) -> Result<Commission, CommissionError> {
    let HandOn { actor, commission, how } = command;
    let mut commission = lock(tx, commission).await?;
    actor.must_serve(commission.workshop_id)?;
    if commission.kind() != StateKind::Ready {
        return Err(CommissionError::State(commission.kind()));
    }
    let (offer, money) = money_of(tx, &commission).await?;
    if money.open > Dong::ZERO {
        return Err(CommissionError::NotPaid);
    }
    let parcel = open_parcel(tx, &commission).await?;
    let (mark, news) = match how {
        Leave::HandOver => {
            if let Some(parcel) = parcel {
                delivery::hand_over(tx, parcel.id).await?;
            }
            go(tx, &mut commission, Step::HandOver, State::Delivered).await?;
            (Mark::Delivered, News::Delivered)
        }
        Leave::Post(data) => {
            let parcel = parcel.filter(|parcel| parcel.way == Way::Post);
            let parcel = parcel.ok_or(CommissionError::NoAddress)?;
            if !parcel.is_paid() {
                return Err(CommissionError::PostNotPaid);
            }
            delivery::pack(tx, parcel.id).await?;
            delivery::post(tx, parcel.id, data).await?;
            go(tx, &mut commission, Step::Post, State::Posted).await?;
            (Mark::Posted, News::Posted)
        }
    };
    let entry = entry::write(tx, &commission, New::plain(mark, By::Workshop)).await?;
    to_customer(tx, &commission, Told::entry(news, entry)).await?;
    let earned = CommissionMoved {
        event: CommissionEvent::Earned,
        workshop: commission.workshop_id,
        amount: offer.map_or(Dong::ZERO, |offer| offer.price),
        on_date: local_date(tx.now()),
        method: None,
        code: commission.code.to_string(),
        actor: &actor,
        note: "",
        event_key: format!("commission_earned:{}", commission.id),
    };
    ledger::commission_moved(tx, earned).await?;
    let workshop = Some(commission.workshop_id);
    audit::record(tx, &actor, "commission.hand_on", commission.id, workshop, json!({})).await?;
    Ok(commission)
}

/// It has arrived, says the customer, the workshop, or time.
#[derive(Debug, Clone)]
pub struct Arrive {
    pub actor: Actor,
    pub commission: CommissionId,
}

/// Notes it; twice is once.
pub async fn arrive(tx: &mut Tx, command: Arrive) -> Result<Commission, CommissionError> {
    let Arrive { actor, commission } = command;
    let mut commission = lock(tx, commission).await?;
    if actor != Actor::Guest {
        actor.must_serve(commission.workshop_id)?;
    }
    if commission.kind() == StateKind::Delivered {
        return Ok(commission);
    }
    go(tx, &mut commission, Step::Arrive, State::Delivered).await?;
    if let Some(id) = commission.parcel_id
        && let Some(parcel) = delivery::parcel(tx, id).await?
        && parcel.state == ParcelState::Posted
    {
        delivery::arrive(tx, id).await?;
    }
    entry::write(tx, &commission, New::plain(Mark::Delivered, By::of(&actor))).await?;
    if actor != Actor::Guest {
        to_customer(tx, &commission, Told::of(News::Delivered)).await?;
    }
    let workshop = Some(commission.workshop_id);
    audit::record(tx, &actor, "commission.arrive", commission.id, workshop, json!({})).await?;
    Ok(commission)
}
