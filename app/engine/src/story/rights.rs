//! Who may write what. The verb that acts asks here, once.

use super::{StoryError, Subject};
use crate::accounts::{Actor, Forbidden};
use crate::coop::{self, CoopError};
use crate::store::Conn;
use crate::{WorkshopId, params};

/// May write the chapters of a subject; answers the workshop that it belongs to, for the audit.
pub async fn must_write(
    conn: &mut Conn,
    actor: &Actor,
    subject: Subject,
) -> Result<Option<WorkshopId>, StoryError> {
    match subject {
        Subject::Workshop(workshop) => {
            actor.must_own(workshop)?;
            Ok(Some(workshop))
        }
        Subject::Artisan(artisan) => {
            let found: Option<(WorkshopId,)> = conn
                .fetch_optional("SELECT workshop_id FROM artisan WHERE id = $1", params![artisan])
                .await?;
            let (workshop,) = found.ok_or(StoryError::Unknown)?;
            actor.must_own(workshop)?;
            Ok(Some(workshop))
        }
        Subject::Village(village) => {
            if actor.must_administer().is_ok() {
                return Ok(None);
            }
            // A co-op sits in one village, wherever its members are.
            let coops = coop::of_village(conn, village).await?;
            for coop in coops.into_iter().filter(|coop| coop.village_id == village) {
                match coop::must_manage(conn, actor, coop.id).await {
                    Ok(()) => return Ok(None),
                    Err(CoopError::Forbidden(_)) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            Err(Forbidden.into())
        }
    }
}
