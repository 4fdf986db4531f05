//! The kilns' firings and the closed days of a workshop, as the promise and the plan need them.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::making::StepKind;
use super::model::Piece;
use super::promise::{Outlook, ToGo};
use crate::clock::local_date;
use crate::resource::{self, Chance};
use crate::schedule;
use crate::store::{Conn, StoreError};
use crate::{FiringId, ResourceId, WorkshopId, params};

/// How far ahead kilns are looked at, in days.
const AHEAD: u64 = 60;
/// Closed days are known further ahead: Tết is long.
const CLOSED_AHEAD: u64 = 420;

/// A load that is planned, as far as others have to know.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Planned {
    pub id: FiringId,
    pub resource_id: ResourceId,
    pub kind: StepKind,
    pub starts_at: DateTime<Utc>,
}

pub(super) struct Calendar {
    /// On open days.
    pub chances: Vec<Chance>,
    pub planned: Vec<Planned>,
    pub outlook: Outlook,
    pub today: NaiveDate,
}

impl Calendar {
    pub async fn load(
        conn: &mut Conn,
        workshop: WorkshopId,
        now: DateTime<Utc>,
    ) -> Result<Calendar, StoreError> {
        let today = local_date(now);
        let closures = schedule::closures_of(conn, workshop).await?;
        // What closes one tour, or an hour, does not close the workshop.
        let whole = closures.iter().filter(|it| it.tour_id.is_none() && it.hours.is_none());
        let whole: Vec<_> = whole.collect();
        let closed: BTreeSet<NaiveDate> = (0..CLOSED_AHEAD)
            .filter_map(|day| today.checked_add_days(Days::new(day)))
            .filter(|date| whole.iter().any(|closure| closure.rule.covers(*date)))
            .collect();
        let mut chances = resource::chances(conn, workshop, now, AHEAD).await?;
        chances.retain(|chance| !closed.contains(&local_date(chance.stretch.from)));
        let planned = conn
            .fetch_all(
                "SELECT id, resource_id, kind, starts_at FROM firing WHERE workshop_id = $1 \
                 AND state = 'planned' ORDER BY starts_at, id",
                params![workshop],
            )
            .await?;
        let firings: Vec<(NaiveDate, i32)> =
            chances.iter().map(|chance| (local_date(chance.stretch.from), chance.free)).collect();
        // A workshop without a kiln fires elsewhere, as its steps' days say.
        let until = (!firings.is_empty()).then(|| today + Days::new(AHEAD));
        Ok(Calendar { chances, planned, outlook: Outlook { firings, until, closed }, today })
    }

    /// The steps that a piece has before it.
    pub fn to_go(&self, piece: &Piece) -> Vec<ToGo> {
        let load = self.planned.iter().find(|load| Some(load.id) == piece.firing_id);
        let mut planned = load.map(|load| local_date(load.starts_at));
        piece
            .left()
            .iter()
            .map(|step| ToGo {
                days: step.days,
                by_hand: step.kind.by_hand(),
                fires: step.load.then_some(piece.litres),
                planned: if step.load { planned.take() } else { None },
            })
            .collect()
    }
}
