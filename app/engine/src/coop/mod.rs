//! Workshops that work as one without giving up their own calendars: a co-operation group (tổ hợp
//! tác) or a co-operative (hợp tác xã).
//!
//! Members are workshops, not people. The owners of a workshop whose membership is `manager`
//! manage the co-op, the owners of the others read its internal pages, and so ask the verbs of
//! everything that belongs to a co-op: [`must_manage`], [`must_belong`].
//!
//! A membership is one row from invitation to leaving and is never deleted. Each verb that changes
//! members locks the co-op's row first, so that no two of them decide by the same past.

mod author;
pub mod circle;
mod feed;
mod found;
mod invite;
mod letters;
mod member;
mod model;
mod read;
mod rights;

#[cfg(test)]
mod tests;

pub use author::Author;
pub(crate) use feed::of_token as feed_of_token;
pub use found::{CoopData, CoopInput, Edit, Found, edit, found};
pub use invite::{Answer, Invite, accept, decline, invite, withdraw};
pub use member::{Leave, Remove, SetRole, leave, remove, set_role};
pub use model::{Coop, CoopForm, Member, MemberRole, MemberState};
pub use read::{
    Asked, active, by_id, by_slug, former_members, invitation, invitations, invitations_to,
    members, membership_of, memberships, of_village, of_workshop,
};
pub use rights::{must_belong, must_manage, standing};

use crate::accounts::Forbidden;
use crate::catalogue::edit::Wrongs;
use crate::store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum CoopError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no such co-op, workshop or membership")]
    Unknown,
    #[error("these fields are missing or malformed: {0:?}")]
    Fields(Wrongs),
    #[error("the workshop works in a co-op already")]
    InAnother,
    #[error("the workshop is a member already")]
    AlreadyMember,
    #[error("the workshop was asked already and has not answered")]
    AlreadyInvited,
    #[error("the invitation was answered or withdrawn already")]
    Answered,
    #[error("a co-op keeps at least one manager")]
    LastManager,
    #[error("the co-op has no members any more")]
    Ended,
    /// A workshop can't go while visits or own work to come count on the co-op's resources.
    #[error("{uses} use(s) of the co-op's resources are to come")]
    CountsOnResources { uses: i64 },
}
