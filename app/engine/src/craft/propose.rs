//! What the page of kiln loads shows: who waits, which firings there are, which loads are proposed.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::calendar::Calendar;
use super::error::CraftError;
use super::making::StepKind;
use super::model::Piece;
use super::plan::{self, Kept, Proposal, Waiting};
use super::promise::likely;
use crate::accounts::Actor;
use crate::clock::local_date;
use crate::resource::{Chance, Purpose};
use crate::store::Conn;
use crate::{PieceId, SlotId, WorkshopId, params};

/// Firings shown and planned for.
const DAYS: i64 = 28;

#[derive(Debug, Clone)]
pub struct Planning {
    /// Pieces for which no load is planned, the most urgent first.
    pub waiting: Vec<(Piece, Waiting)>,
    pub chances: Vec<Chance>,
    pub proposals: Vec<Proposal>,
}

impl Planning {
    pub fn piece(&self, id: PieceId) -> Option<&Piece> {
        self.waiting.iter().map(|(piece, _)| piece).find(|piece| piece.id == id)
    }
}

/// Works out the proposals as things stand.
pub async fn planning(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Planning, CraftError> {
    actor.must_serve(workshop)?;
    let mut calendar = Calendar::load(conn, workshop, now).await?;
    let pieces: Vec<Piece> = conn
        .fetch_all(
            "SELECT * FROM piece WHERE workshop_id = $1 AND state = 'making' \
             AND firing_id IS NULL ORDER BY number",
            params![workshop],
        )
        .await?;
    let mut waiting: Vec<(Piece, Waiting)> = pieces
        .into_iter()
        .filter_map(|piece| waits(&calendar, &piece).map(|waiting| (piece, waiting)))
        .collect();
    waiting.sort_by_key(|(piece, it)| (it.latest, piece.number));
    let last = calendar.today + chrono::TimeDelta::days(DAYS);
    calendar.chances.retain(|chance| local_date(chance.stretch.from) <= last);
    let over = over(conn, &waiting, now).await?;
    let chances = chances_of(&calendar, workshop);
    let kept: Vec<Kept> = calendar
        .chances
        .iter()
        .enumerate()
        .flat_map(|(at, chance)| chance.uses.iter().map(move |it| (at, it)))
        .filter(|(_, it)| it.purpose == Purpose::Visit)
        .filter_map(|(at, it)| {
            let slot = it.slot_id.filter(|slot| over.contains(slot))?;
            Some(Kept { slot, chance: at, litres: it.amount })
        })
        .collect();
    let asked: Vec<Waiting> = waiting.iter().map(|(_, it)| *it).collect();
    let proposals = plan::propose(&asked, &chances, &kept);
    Ok(Planning { waiting, chances: calendar.chances, proposals })
}

/// Visits of these pieces that are over: their rooms can be taken over.
async fn over(
    conn: &mut Conn,
    waiting: &[(Piece, Waiting)],
    now: chrono::DateTime<chrono::Utc>,
) -> Result<HashSet<SlotId>, CraftError> {
    let mut slots: Vec<SlotId> = waiting.iter().map(|(piece, _)| piece.slot_id).collect();
    slots.sort_unstable();
    slots.dedup();
    let rows: Vec<(SlotId, chrono::DateTime<chrono::Utc>)> = conn
        .fetch_among(&slots, |marks| format!("SELECT id, ends_at FROM slot WHERE id IN ({marks})"))
        .await?;
    Ok(rows.into_iter().filter(|(_, ends)| *ends <= now).map(|(id, _)| id).collect())
}

fn chances_of(calendar: &Calendar, workshop: WorkshopId) -> Vec<plan::Chance> {
    calendar
        .chances
        .iter()
        .map(|chance| {
            let planned = calendar.planned.iter().find(|load| {
                load.resource_id == chance.kiln.id && load.starts_at == chance.stretch.from
            });
            let others = |it: &crate::resource::Use| {
                it.purpose == Purpose::Own && it.workshop_id != Some(workshop)
            };
            plan::Chance {
                kiln: chance.kiln.id,
                starts_at: chance.stretch.from,
                day: local_date(chance.stretch.from),
                capacity: chance.kiln.quantity,
                free: chance.free,
                planned: planned.map(|load| load.kind),
                shared: chance.uses.iter().any(others),
            }
        })
        .collect()
}

/// When a piece is ready for its next firing, and by when it has to be in one. None where the next
/// thing that it waits for is no kiln.
fn waits(calendar: &Calendar, piece: &Piece) -> Option<Waiting> {
    let kind: StepKind = piece.next_firing()?;
    let steps = calendar.to_go(piece);
    let before = steps.iter().take_while(|step| step.fires.is_none()).count();
    let (first, rest) = steps.split_at(before);
    let since = local_date(piece.since);
    let today = calendar.today;
    let ready_on: NaiveDate = likely(first, since, today, &calendar.outlook).max(today);
    // What comes after, were it lit today: so many days before the promise is the latest.
    let whole = likely(rest, today, today, &calendar.outlook.without_kilns());
    let needed = whole - today;
    let latest = piece.promised_on.map_or(ready_on, |promised| promised - needed);
    let (id, litres, slot) = (piece.id, piece.litres, piece.slot_id);
    Some(Waiting { piece: id, kind, litres, ready_on, latest, slot })
}
