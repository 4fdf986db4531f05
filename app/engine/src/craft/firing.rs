//! Loads of kilns: planned, changed, called off. A load has its room in the kiln's pool, like a visit.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::calendar::Calendar;
use super::error::{CraftError, Field, Wrong, note_of};
use super::making::StepKind;
use super::model::Piece;
use super::news::{News, calendar};
use super::read::of_workshop;
use super::step::{Happening, Mark, take_all, told};
use crate::accounts::{Actor, audit};
use crate::resource::{self, LoadUse, ResourceError, Stretch};
use crate::store::{Conn, StoreError, Tx};
use crate::{FiringId, PieceId, ResourceId, WorkshopId, columns, params, stored_enum};

stored_enum! {
    pub enum FiringState { Planned = "planned", Fired = "fired", Cancelled = "cancelled" }
}

/// A load of a kiln.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Firing {
    pub id: FiringId,
    pub workshop_id: WorkshopId,
    pub resource_id: ResourceId,
    /// What its pieces are fired for: bisque and glaze need different heat.
    pub kind: StepKind,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub state: FiringState,
    pub note: String,
    pub fired_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

impl Firing {
    pub const fn stretch(&self) -> Stretch {
        Stretch { from: self.starts_at, to: self.ends_at }
    }
}

#[derive(Debug, Clone)]
pub struct PlanLoad {
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub kiln: ResourceId,
    /// One of the kiln's firings, as [`resource::chances`] names them.
    pub stretch: Stretch,
    pub kind: StepKind,
    pub pieces: Vec<PieceId>,
    pub note: String,
}

/// Plans a load: its pieces have room in the kiln from now on.
pub async fn plan_load(tx: &mut Tx, command: PlanLoad) -> Result<Firing, CraftError> {
    let PlanLoad { actor, workshop, kiln, stretch, kind, pieces, note } = command;
    actor.must_serve(workshop)?;
    let mut wrongs = Vec::new();
    let note = note_of(&note, &mut wrongs);
    if pieces.is_empty() {
        wrongs.push((Field::Pieces, Wrong::Missing));
    }
    if !kind.fires() || stretch.to <= stretch.from || stretch.to <= tx.now() {
        wrongs.push((Field::Kiln, Wrong::Choice));
    }
    if !wrongs.is_empty() {
        return Err(CraftError::Fields(wrongs));
    }
    let usable = resource::usable_by(tx, workshop).await?;
    let found = usable.into_iter().find(|it| it.id == kiln);
    let found = found.ok_or(CraftError::Resource(ResourceError::Unknown))?;
    // Before anything is read that is decided by: from here on nobody else moves these kilns.
    resource::lock(tx, found.pool_id).await?;
    let other: Option<(FiringId,)> = tx
        .fetch_optional(
            "SELECT id FROM firing WHERE resource_id = $1 AND state = 'planned' AND kind <> $2 \
             AND starts_at < $3 AND ends_at > $4 LIMIT 1",
            params![kiln, kind, stretch.to, stretch.from],
        )
        .await?;
    if other.is_some() {
        return Err(CraftError::Fields(vec![(Field::Kiln, Wrong::OtherHeat)]));
    }
    let firing = Firing {
        id: FiringId::new(tx.now()),
        workshop_id: workshop,
        resource_id: kiln,
        kind,
        starts_at: stretch.from,
        ends_at: stretch.to,
        state: FiringState::Planned,
        note,
        fired_at: None,
        created_at: tx.now(),
    };
    let row = columns! {
        id: firing.id,
        workshop_id: firing.workshop_id,
        resource_id: firing.resource_id,
        kind: firing.kind,
        starts_at: firing.starts_at,
        ends_at: firing.ends_at,
        state: firing.state,
        note: firing.note,
        created_at: firing.created_at,
    };
    tx.insert("firing", row).await?;
    let mut pieces = of_workshop(tx, workshop, &pieces).await?;
    put(tx, &actor, &firing, &mut pieces).await?;
    book(tx, &firing).await?;
    renew(tx, workshop).await?;
    audit::record(tx, &actor, "firing.plan", firing.id, Some(workshop), told(&pieces)).await?;
    Ok(firing)
}

#[derive(Debug, Clone)]
pub struct ChangeLoad {
    pub actor: Actor,
    pub firing: FiringId,
    pub add: Vec<PieceId>,
    pub remove: Vec<PieceId>,
}

/// Puts pieces in and takes pieces out. A load without pieces is called off.
pub async fn change_load(tx: &mut Tx, command: ChangeLoad) -> Result<(), CraftError> {
    let ChangeLoad { actor, firing, add, remove } = command;
    let firing = open(tx, &actor, firing).await?;
    if add.is_empty() && remove.is_empty() {
        return Err(CraftError::Fields(vec![(Field::Pieces, Wrong::Missing)]));
    }
    let mut out = of_workshop(tx, firing.workshop_id, &remove).await?;
    if out.iter().any(|piece| piece.firing_id != Some(firing.id)) {
        return Err(CraftError::Changed);
    }
    take_out(tx, &actor, &mut out).await?;
    let mut pieces = of_workshop(tx, firing.workshop_id, &add).await?;
    put(tx, &actor, &firing, &mut pieces).await?;
    if pieces_of_firing(tx, firing.id).await?.is_empty() {
        call_off(tx, &firing).await?;
    } else {
        book(tx, &firing).await?;
    }
    renew(tx, firing.workshop_id).await?;
    pieces.extend(out);
    let workshop = Some(firing.workshop_id);
    audit::record(tx, &actor, "firing.change", firing.id, workshop, told(&pieces)).await?;
    Ok(())
}

#[derive(Debug, Clone)]
pub struct CancelLoad {
    pub actor: Actor,
    pub firing: FiringId,
}

/// Calls a load off: its pieces wait for another one.
pub async fn cancel_load(tx: &mut Tx, command: CancelLoad) -> Result<(), CraftError> {
    let CancelLoad { actor, firing } = command;
    let firing = open(tx, &actor, firing).await?;
    let mut pieces = pieces_of_firing(tx, firing.id).await?;
    take_out(tx, &actor, &mut pieces).await?;
    call_off(tx, &firing).await?;
    renew(tx, firing.workshop_id).await?;
    let workshop = Some(firing.workshop_id);
    audit::record(tx, &actor, "firing.cancel", firing.id, workshop, told(&pieces)).await?;
    Ok(())
}

/// A planned load of a workshop that the actor serves, with its kiln's pool locked.
pub(super) async fn open(tx: &mut Tx, actor: &Actor, id: FiringId) -> Result<Firing, CraftError> {
    let found = firing(tx, id).await?.ok_or(CraftError::Unknown)?;
    actor.must_serve(found.workshop_id)?;
    let kiln = resource::find(tx, found.resource_id).await?.ok_or(CraftError::Unknown)?;
    resource::lock(tx, kiln.pool_id).await?;
    let found = firing(tx, id).await?.ok_or(CraftError::Unknown)?;
    if found.state != FiringState::Planned {
        return Err(CraftError::Changed);
    }
    Ok(found)
}

/// Puts pieces into a load. One that dries still is taken for dry: who loads it sees that it is.
async fn put(
    tx: &mut Tx,
    actor: &Actor,
    firing: &Firing,
    pieces: &mut [Piece],
) -> Result<(), CraftError> {
    for piece in pieces.iter() {
        if piece.next_firing() != Some(firing.kind) || piece.firing_id.is_some() {
            return Err(CraftError::NotForLoad { label: piece.label.clone() });
        }
    }
    let dries = |piece: &Piece| piece.current().is_some_and(|step| !step.load);
    let dry = pieces.iter_mut().filter(|piece| dries(piece));
    let dry = dry.map(|piece| (piece, Happening::of(Mark::Done, actor))).collect();
    take_all(tx, dry).await?;
    let what = Happening { firing: Some(firing.id), ..Happening::of(Mark::Loaded, actor) };
    take_all(tx, pieces.iter_mut().map(|piece| (piece, what.clone())).collect()).await
}

async fn take_out(tx: &mut Tx, actor: &Actor, pieces: &mut [Piece]) -> Result<(), CraftError> {
    let out = pieces.iter_mut().map(|piece| {
        let firing = piece.firing_id;
        (piece, Happening { firing, ..Happening::of(Mark::Unloaded, actor) })
    });
    take_all(tx, out.collect()).await
}

/// Gives the load the room that its pieces need, or refuses.
pub(super) async fn book(tx: &mut Tx, firing: &Firing) -> Result<(), CraftError> {
    let pieces = pieces_of_firing(tx, firing.id).await?;
    let mut visits: Vec<_> = pieces.iter().map(|it| (it.slot_id, it.nth_load())).collect();
    visits.sort_unstable();
    visits.dedup();
    let wanted = LoadUse {
        firing: firing.id,
        workshop: firing.workshop_id,
        kiln: firing.resource_id,
        stretch: firing.stretch(),
        litres: pieces.iter().map(|piece| piece.litres).sum(),
        visits,
        note: firing.note.clone(),
    };
    resource::put_load(tx, wanted).await?;
    Ok(())
}

async fn call_off(tx: &mut Tx, firing: &Firing) -> Result<(), CraftError> {
    let row = columns! { state: FiringState::Cancelled };
    tx.update_one("firing", row, columns! { id: firing.id }).await?;
    resource::drop_load(tx, firing.resource_id, firing.id).await?;
    Ok(())
}

/// After a load changed: promises of all that waits for a kiln are compared with what is likely now.
async fn renew(tx: &mut Tx, workshop: WorkshopId) -> Result<(), CraftError> {
    let calendar = calendar(tx, workshop).await?;
    let mut news = News::default();
    compare_all(tx, &calendar, &mut news, workshop).await?;
    news.send(tx).await
}

/// Compares the promises of all pieces that a workshop is making.
pub(super) async fn compare_all(
    tx: &mut Tx,
    calendar: &Calendar,
    news: &mut News,
    workshop: WorkshopId,
) -> Result<(), CraftError> {
    let pieces: Vec<Piece> = tx
        .fetch_all(
            "SELECT * FROM piece WHERE workshop_id = $1 AND state = 'making' ORDER BY number",
            params![workshop],
        )
        .await?;
    for mut piece in pieces {
        news.compare(tx, calendar, &mut piece).await?;
    }
    Ok(())
}

pub async fn firing(conn: &mut Conn, id: FiringId) -> Result<Option<Firing>, StoreError> {
    conn.fetch_optional("SELECT * FROM firing WHERE id = $1", params![id]).await
}

/// The planned loads of a workshop, soonest first, and some of the last that were fired.
pub async fn firings_of(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
) -> Result<(Vec<Firing>, Vec<Firing>), CraftError> {
    actor.must_serve(workshop)?;
    let planned = conn
        .fetch_all(
            "SELECT * FROM firing WHERE workshop_id = $1 AND state = 'planned' \
             ORDER BY starts_at, id",
            params![workshop],
        )
        .await?;
    let fired = conn
        .fetch_all(
            "SELECT * FROM firing WHERE workshop_id = $1 AND state = 'fired' \
             ORDER BY fired_at DESC, id LIMIT 12",
            params![workshop],
        )
        .await?;
    Ok((planned, fired))
}

/// The pieces that are in a planned load.
pub async fn pieces_of_firing(conn: &mut Conn, firing: FiringId) -> Result<Vec<Piece>, StoreError> {
    conn.fetch_all("SELECT * FROM piece WHERE firing_id = $1 ORDER BY number", params![firing])
        .await
}

/// What the audit keeps of a load that was fired.
pub(super) fn outcome_told(whole: usize, broken: usize) -> serde_json::Value {
    json!({ "whole": whole, "broken": broken })
}
