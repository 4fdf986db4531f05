//! Entering a measure, and taking back what was wrong.

use serde_json::json;

use super::error::{Field, GreenError, Wrong};
use super::input::{EntryData, Told};
use super::model::{Basis, Value};
use super::reckon;
use crate::accounts::{Actor, audit};
use crate::store::Tx;
use crate::{GreenEntryId, TourId, WorkshopId, columns, params};

#[derive(Debug, Clone)]
pub struct Enter {
    pub actor: Actor,
    pub workshop: WorkshopId,
    /// None: it is told of the whole workshop.
    pub tour: Option<TourId>,
    pub data: EntryData,
    pub form_key: String,
}

/// Enters a measure. What was entered of the same period before stays as history.
pub async fn enter(tx: &mut Tx, command: Enter) -> Result<GreenEntryId, GreenError> {
    let Enter { actor, workshop, tour, data, form_key } = command;
    actor.must_own(workshop)?;
    if let Some(tour) = tour {
        must_be_told_of(tx, workshop, tour, &data).await?;
    }
    let (value, basis) = valued(tx, workshop, tour, &data).await?;
    let EntryData { measure, within_km, practice, period, known, source, .. } = data;
    let (amount, fuel, done) = match value {
        Value::Number(amount) => (Some(amount), None, None),
        Value::Fuel(fuel) => (None, Some(fuel), None),
        Value::YesNo(done) => (None, None, Some(done)),
    };
    let id = GreenEntryId::new(tx.now());
    let row = columns! {
        id: id,
        form_key: form_key,
        workshop_id: workshop,
        tour_id: tour,
        measure: measure,
        amount: amount,
        fuel: fuel,
        done: done,
        within_km: within_km,
        practice: practice,
        span: period.span,
        first_date: period.first,
        last_date: period.last(),
        known: known,
        source: source,
        basis: basis,
        entered_by: actor.label(),
        entered_at: tx.now(),
    };
    if !tx.insert_if_new("green_entry", row).await? {
        let sent: Option<(GreenEntryId,)> = tx
            .fetch_optional(
                "SELECT id FROM green_entry WHERE form_key = $1 AND workshop_id = $2",
                params![form_key, workshop],
            )
            .await?;
        return sent.map(|(id,)| id).ok_or(GreenError::Unknown);
    }
    let detail = json!({ "measure": measure, "period": period.to_string() });
    audit::record(tx, &actor, "green.enter", id, Some(workshop), detail).await?;
    Ok(id)
}

async fn must_be_told_of(
    tx: &mut Tx,
    workshop: WorkshopId,
    tour: TourId,
    data: &EntryData,
) -> Result<(), GreenError> {
    let own: Option<(TourId,)> = tx
        .fetch_optional(
            "SELECT id FROM tour WHERE id = $1 AND workshop_id = $2",
            params![tour, workshop],
        )
        .await?;
    if own.is_some() && data.measure.of_tours() { Ok(()) } else { Err(GreenError::Unknown) }
}

/// The value, reckoned where that was asked for.
async fn valued(
    tx: &mut Tx,
    workshop: WorkshopId,
    tour: Option<TourId>,
    data: &EntryData,
) -> Result<(Value, Option<Basis>), GreenError> {
    let wrong = |field, wrong| GreenError::Fields(vec![(field, wrong)]);
    match data.told {
        Told::Value(value) => Ok((value, None)),
        Told::Energy { total, own } => {
            let guests = reckon::pieces(tx, workshop, data.period).await?;
            let each = reckon::energy_of_piece(total, guests.saturating_add(own))
                .ok_or_else(|| wrong(Field::Own, Wrong::NoPieces))?;
            Ok((Value::Number(each), Some(Basis::Energy { total, guests, own })))
        }
        Told::Transport { counted } => {
            let (came, known) = reckon::guests(tx, (workshop, tour), data.period).await?;
            if came == 0 {
                return Err(wrong(Field::Period, Wrong::NoGuests));
            }
            let share = reckon::share(known.saturating_add(counted), came)
                .ok_or_else(|| wrong(Field::Counted, Wrong::MoreThanCame { came, known }))?;
            Ok((Value::Number(share), Some(Basis::Transport { came, known, counted })))
        }
    }
}

#[derive(Debug, Clone)]
pub struct Withdraw {
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub entry: GreenEntryId,
}

/// Takes back an entry that was wrong; what was entered before it counts again.
pub async fn withdraw(tx: &mut Tx, command: Withdraw) -> Result<(), GreenError> {
    let Withdraw { actor, workshop, entry } = command;
    actor.must_own(workshop)?;
    let taken = tx
        .execute(
            "UPDATE green_entry SET withdrawn_at = $1 \
             WHERE id = $2 AND workshop_id = $3 AND withdrawn_at IS NULL",
            params![tx.now(), entry, workshop],
        )
        .await?;
    if taken == 0 {
        let there: Option<(GreenEntryId,)> = tx
            .fetch_optional(
                "SELECT id FROM green_entry WHERE id = $1 AND workshop_id = $2",
                params![entry, workshop],
            )
            .await?;
        // Sent twice, it is taken back once.
        return there.map(|_| ()).ok_or(GreenError::Unknown);
    }
    audit::record(tx, &actor, "green.withdraw", entry, Some(workshop), json!({})).await?;
    Ok(())
}
