//! Which designs tours use, and since when: from that follows whose share a visit's money has.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use serde_json::json;

use super::design::{self, Design};
use super::error::{Field, PartnerError, Wrong};
use crate::accounts::{Actor, audit};
use crate::clock::local_date;
use crate::store::{Conn, StoreError, Tx};
use crate::{DesignId, TourId, WorkshopId, params};

/// A workshop says which of its tours use a design.
#[derive(Debug, Clone)]
pub struct SetTours {
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub design: DesignId,
    /// All of them; the others of the workshop stop using it.
    pub tours: Vec<TourId>,
}

/// A tour uses a design from tomorrow on and stops after today, because visits of today may have been
/// shared already. Who may not take the design any more may keep it, and stop.
pub async fn set_tours(tx: &mut Tx, command: SetTours) -> Result<(), PartnerError> {
    let SetTours { actor, workshop, design: id, tours } = command;
    actor.must_own(workshop)?;
    design::by_id(tx, id).await?.ok_or(PartnerError::Unknown)?;
    let own: Vec<(TourId,)> =
        tx.fetch_all("SELECT id FROM tour WHERE workshop_id = $1", params![workshop]).await?;
    let own: BTreeSet<TourId> = own.into_iter().map(|(id,)| id).collect();
    let wanted: BTreeSet<TourId> = tours.into_iter().collect();
    if !wanted.is_subset(&own) {
        return Err(vec![(Field::Tours, Wrong::Choice)].into());
    }
    let using: BTreeSet<TourId> = tours_using(tx, workshop, id).await?.into_iter().collect();
    let new: Vec<TourId> = wanted.difference(&using).copied().collect();
    let over: Vec<TourId> = using.difference(&wanted).copied().collect();
    if !new.is_empty() && !design::may_use(tx, workshop, id).await? {
        return Err(PartnerError::State);
    }
    let today = local_date(tx.now());
    for tour in &new {
        tx.execute_one(
            "INSERT INTO tour_design (tour_id, design_id, first_date, last_date) \
             VALUES ($1, $2, $3, NULL) \
             ON CONFLICT (tour_id, design_id, first_date) DO UPDATE SET last_date = NULL",
            params![*tour, id, today + Days::new(1)],
        )
        .await?;
    }
    for tour in &over {
        tx.execute_one(
            "UPDATE tour_design SET last_date = $3 WHERE tour_id = $1 AND design_id = $2 \
             AND last_date IS NULL",
            params![*tour, id, today],
        )
        .await?;
    }
    if !new.is_empty() || !over.is_empty() {
        let detail = json!({ "begin": new, "stop": over });
        audit::record(tx, &actor, "design.use", id, Some(workshop), detail).await?;
    }
    Ok(())
}

/// The workshop's tours that use a design.
pub async fn tours_using(
    conn: &mut Conn,
    workshop: WorkshopId,
    design: DesignId,
) -> Result<Vec<TourId>, StoreError> {
    let tours: Vec<(TourId,)> = conn
        .fetch_all(
            "SELECT used.tour_id FROM tour_design used JOIN tour ON tour.id = used.tour_id \
             WHERE used.design_id = $1 AND tour.workshop_id = $2 AND used.last_date IS NULL \
             ORDER BY used.tour_id",
            params![design, workshop],
        )
        .await?;
    Ok(tours.into_iter().map(|(tour,)| tour).collect())
}

/// The designs that a tour uses, as its page shows them.
pub async fn designs_of_tour(conn: &mut Conn, tour: TourId) -> Result<Vec<Design>, StoreError> {
    conn.fetch_all(
        "SELECT design.* FROM design JOIN tour_design used ON used.design_id = design.id \
         WHERE used.tour_id = $1 AND used.last_date IS NULL ORDER BY design.created_at, design.id",
        params![tour],
    )
    .await
}

/// Designers whose designs a tour used on a day, as credited.
pub(crate) async fn designers_on(
    conn: &mut Conn,
    tour: TourId,
    day: NaiveDate,
) -> Result<Vec<String>, StoreError> {
    let names: Vec<(String,)> = conn
        .fetch_all(
            "SELECT DISTINCT design.designer FROM design \
             JOIN tour_design used ON used.design_id = design.id \
             WHERE used.tour_id = $1 AND used.first_date <= $2 \
             AND (used.last_date IS NULL OR used.last_date >= $2) AND design.designer <> '' \
             ORDER BY design.designer",
            params![tour, day],
        )
        .await?;
    Ok(names.into_iter().map(|(name,)| name).collect())
}

/// Designers whose designs any of these tours uses: whom a rule may give a share.
pub async fn designers_of_tours(
    conn: &mut Conn,
    tours: &[TourId],
) -> Result<Vec<String>, StoreError> {
    let sql = |list: &str| {
        format!(
            "SELECT DISTINCT design.designer FROM design \
             JOIN tour_design used ON used.design_id = design.id \
             WHERE used.tour_id IN ({list}) AND used.last_date IS NULL AND design.designer <> ''"
        )
    };
    let names: Vec<(String,)> = conn.fetch_among(tours, sql).await?;
    let names: BTreeSet<String> = names.into_iter().map(|(name,)| name).collect();
    Ok(names.into_iter().collect())
}
