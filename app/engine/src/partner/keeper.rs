//! Whose a partner or a design is: a workshop's, or a co-op's.

use crate::accounts::Actor;
use crate::coop::{self, MemberRole};
use crate::store::{Conn, StoreError};
use crate::{CoopId, WorkshopId};

use super::error::PartnerError;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeper {
    Workshop(WorkshopId),
    Coop(CoopId),
}

impl Keeper {
    /// As rows keep it; a constraint of the tables wants one of the two.
    pub(super) fn of(
        workshop: Option<WorkshopId>,
        coop: Option<CoopId>,
    ) -> Result<Keeper, PartnerError> {
        workshop.map(Keeper::Workshop).or(coop.map(Keeper::Coop)).ok_or(PartnerError::Unknown)
    }

    pub const fn workshop(self) -> Option<WorkshopId> {
        match self {
            Keeper::Workshop(id) => Some(id),
            Keeper::Coop(_) => None,
        }
    }

    pub const fn coop(self) -> Option<CoopId> {
        match self {
            Keeper::Workshop(_) => None,
            Keeper::Coop(id) => Some(id),
        }
    }

    /// Owners keep what is a workshop's, the managers of a co-op what is the co-op's.
    pub(super) async fn must_keep(
        self,
        conn: &mut Conn,
        actor: &Actor,
    ) -> Result<(), PartnerError> {
        match self {
            Keeper::Workshop(workshop) => Ok(actor.must_own(workshop)?),
            Keeper::Coop(coop) => Ok(coop::must_manage(conn, actor, coop).await?),
        }
    }

    /// The workshops that answer for it: of a co-op those that manage it.
    pub(super) async fn houses(self, conn: &mut Conn) -> Result<Vec<WorkshopId>, StoreError> {
        match self {
            Keeper::Workshop(workshop) => Ok(vec![workshop]),
            Keeper::Coop(coop) => {
                let members = coop::members(conn, coop).await?.into_iter();
                let managers = members.filter(|member| member.role == MemberRole::Manager);
                Ok(managers.map(|member| member.workshop_id).collect())
            }
        }
    }
}
