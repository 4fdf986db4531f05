//! Courses and training (trường dạy nghề): several sessions as one booking.
//!
//! A course is a tour with [`Course`](crate::catalogue::Course) terms. A run of it is a slot, so
//! that holding, confirming, waiting in line, offers and phone orders are those of every slot; its
//! sessions are rows of their own. The slot begins with the first session and ends with the last,
//! cancelled ones aside; `last_date` marks it as a run. Rules of the schedule never touch it: it is
//! the host's from the beginning.
//!
//! Participants are the guests of the bookings. Attendance belongs to a guest and a session, and a
//! certificate is a record of its own that says for ever what it said when it was issued.

mod attendance;
mod certificate;
mod group;
mod model;
mod participants;
mod plan;
mod read;
mod session;

#[cfg(test)]
mod tests;

pub use attendance::{MarkAttendance, mark_attendance};
pub(crate) use attendance::{attend_all, session_on};
pub(crate) use certificate::on_record;
pub use certificate::{
    Certificate, Issue, Issued, Withdraw, by_code, certificates_of_booking, certificates_of_run,
    code_in, issue, withdraw,
};
pub use group::{Group, group_of, groups_of, name_group};
pub use model::Session;
pub(crate) use participants::enrol_booker;
pub use participants::{AddNames, NewName, Rename, add_names, parse_names, rename};
pub use plan::{PlanRun, Planned, Weekly, line_of, plan_run, read_lines};
pub use read::{
    Participant, Roll, attended_by, days_of_workshop, later_days_of_workshop, roll_of,
    runs_of_tour, runs_of_workshop, session, sessions_of, sessions_of_slots,
};
pub use session::{CancelSession, MoveSession, cancel_session, move_session};
pub(crate) use session::{follow_move, is_run};

use crate::accounts::Forbidden;
use crate::booking::BookingError;
use crate::store::StoreError;

/// A part of a run's plan that is not as it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunField {
    /// None, or too many.
    Sessions,
    /// The session with this number, from 0, is past, too short or too long.
    Session(usize),
    /// It begins before another one has ended.
    Overlap(usize),
    Capacity,
}

#[derive(Debug, thiserror::Error)]
pub enum CourseError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error(transparent)]
    Booking(#[from] BookingError),
    #[error("there is no such course, session, participant or certificate")]
    Unknown,
    #[error("these parts of the plan are missing or wrong: {0:?}")]
    Plan(Vec<RunField>),
    #[error("another run or slot of the course begins at that time")]
    Occupied,
    #[error("the session has begun or was cancelled")]
    Final,
    #[error("the host's words are missing")]
    Reason,
    #[error("a run keeps at least one session: cancel the run instead")]
    LastSession,
    #[error("the session is on a later day")]
    NotBegun,
    #[error("a name is missing or too long")]
    Name,
    #[error("{left} more can be named")]
    Full { left: i32 },
    #[error("attended {attended} of the {needed} sessions that are needed")]
    NotEnough { attended: i32, needed: i32 },
}
