//! Co-ops and memberships as they are stored.

use chrono::{DateTime, NaiveDate, Utc};

use crate::{CoopId, Localized, MemberId, VillageId, WorkshopId, stored_enum};

stored_enum! {
    /// A group of households by contract (tổ hợp tác), or a registered co-operative (hợp tác xã);
    /// both by the Law on Co-operatives 17/2023/QH15.
    pub enum CoopForm { Group = "group", Cooperative = "cooperative" }
}

stored_enum! {
    /// What a workshop is in its co-op.
    pub enum MemberRole { Manager = "manager", Member = "member" }
}

stored_enum! {
    /// What became of an invitation, and of the membership that followed.
    pub enum MemberState {
        Invited = "invited",
        Active = "active",
        Declined = "declined",
        /// The co-op took the invitation back.
        Withdrawn = "withdrawn",
        Left = "left",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Coop {
    pub id: CoopId,
    pub slug: String,
    /// Where it was founded; members may be elsewhere.
    pub village_id: VillageId,
    pub form: CoopForm,
    pub name: String,
    pub summary: Localized,
    /// Paragraphs are separated by blank lines.
    pub story: Localized,
    pub founded_on: Option<NaiveDate>,
    /// E.164, or empty.
    pub phone: String,
    /// Or empty.
    pub email: String,
    pub created_at: DateTime<Utc>,
}

/// One membership of a workshop, from invitation to leaving.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Member {
    pub id: MemberId,
    pub coop_id: CoopId,
    pub workshop_id: WorkshopId,
    pub role: MemberRole,
    pub state: MemberState,
    pub invited_at: DateTime<Utc>,
    pub joined_at: Option<DateTime<Utc>>,
    /// When it left, or the invitation was declined or withdrawn.
    pub ended_at: Option<DateTime<Utc>>,
}
