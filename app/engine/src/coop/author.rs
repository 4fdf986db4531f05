//! Who announces something to guests: the managers of a co-op, or the office.

use std::collections::HashSet;

use super::{CoopError, members, must_manage};
use crate::accounts::Actor;
use crate::store::{Conn, StoreError};
use crate::{CoopId, WorkshopId};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    Coop(CoopId),
    Office,
}

impl Author {
    /// As rows keep it: the office's have no co-op.
    pub const fn of(coop: Option<CoopId>) -> Self {
        match coop {
            Some(coop) => Author::Coop(coop),
            None => Author::Office,
        }
    }

    pub const fn coop(self) -> Option<CoopId> {
        match self {
            Author::Coop(coop) => Some(coop),
            Author::Office => None,
        }
    }

    /// May write what this author announces.
    pub async fn must_write(self, conn: &mut Conn, actor: &Actor) -> Result<(), CoopError> {
        match self {
            Author::Coop(coop) => must_manage(conn, actor, coop).await,
            Author::Office => Ok(actor.must_administer()?),
        }
    }

    /// The workshops of a co-op; None for the office, which may turn to any.
    pub async fn members(self, conn: &mut Conn) -> Result<Option<HashSet<WorkshopId>>, StoreError> {
        let Author::Coop(coop) = self else { return Ok(None) };
        let members = members(conn, coop).await?;
        Ok(Some(members.into_iter().map(|member| member.workshop_id).collect()))
    }
}
