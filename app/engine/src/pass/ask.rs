//! Asking workshops whether they want to be a stop of a pass.

use serde_json::json;

use super::edit;
use super::error::PassError;
use super::model::{Consent, Pass, Stop};
use super::offer;
use crate::accounts::{Actor, audit};
use crate::store::{Conn, Tx};
use crate::{PassStopId, WorkshopId, params};

/// A workshop's word, which it may change at any time: what is booked stays booked.
#[derive(Debug, Clone)]
pub struct Answer {
    pub actor: Actor,
    pub stop: PassStopId,
    pub agree: bool,
}

pub async fn answer(tx: &mut Tx, command: Answer) -> Result<Stop, PassError> {
    let Answer { actor, stop, agree } = command;
    let stop = by_id(tx, stop).await?;
    actor.must_own(stop.workshop_id)?;
    let pass = edit::lock(tx, stop.pass_id).await?;
    // Read again: its price may have changed while the lock was waited for.
    let stop = by_id(tx, stop.id).await?;
    let consent = if agree { Consent::Agreed } else { Consent::Declined };
    if stop.consent == consent {
        return Ok(stop);
    }
    tx.execute_one("UPDATE pass_stop SET consent = $2 WHERE id = $1", params![stop.id, consent])
        .await?;
    let detail = json!({ "pass": pass.slug, "consent": consent });
    audit::record(tx, &actor, "pass.answer", pass.id, Some(stop.workshop_id), detail).await?;
    Ok(Stop { consent, ..stop })
}

async fn by_id(tx: &mut Tx, stop: PassStopId) -> Result<Stop, PassError> {
    tx.fetch_optional("SELECT * FROM pass_stop WHERE id = $1", params![stop])
        .await?
        .ok_or(PassError::Unknown)
}

/// A pass of which a workshop is, or is asked to be, a stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub pass: Pass,
    pub stop: Stop,
    /// All stops, this one among them.
    pub stops: Vec<Stop>,
}

/// What a workshop is asked, what it has not answered first; for those who run it.
pub async fn asked_of(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
) -> Result<Vec<Asked>, PassError> {
    actor.must_serve(workshop)?;
    let mine: Vec<Stop> = conn
        .fetch_all(
            "SELECT * FROM pass_stop WHERE workshop_id = $1 \
             ORDER BY CASE consent WHEN 'asked' THEN 0 ELSE 1 END, id DESC",
            params![workshop],
        )
        .await?;
    let mut asked = Vec::new();
    for stop in mine {
        if let Some(pass) = offer::find(conn, stop.pass_id).await? {
            let stops = offer::stops_of(conn, pass.id).await?;
            asked.push(Asked { pass, stop, stops });
        }
    }
    Ok(asked)
}
