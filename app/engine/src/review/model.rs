//! A review, and what the office is asked about it.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::language::Language;
use super::write::EDIT_DAYS;
use crate::{BookingId, ReportId, ReviewId, TourId, WorkshopId, stored_enum};

stored_enum! {
    pub enum ReviewState {
        Shown = "shown",
        /// By the office.
        Hidden = "hidden",
        /// Taken back by its author: no words are left.
        Withdrawn = "withdrawn",
    }
}

stored_enum! {
    /// How an author signs.
    pub enum Signed { Name = "name", Initial = "initial", Guest = "guest" }
}

stored_enum! {
    /// Why a review may be hidden. That it is bad is no reason.
    pub enum Ground {
        PersonalData = "personal_data",
        Insult = "insult",
        NotAboutVisit = "not_about_visit",
        Advertising = "advertising",
        Unlawful = "unlawful",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Review {
    pub id: ReviewId,
    pub booking_id: BookingId,
    pub tour_id: TourId,
    pub workshop_id: WorkshopId,
    pub state: ReviewState,
    pub stars: i32,
    pub language: Language,
    pub words: String,
    pub signed: Signed,
    /// As it is shown: "Emily", "E."; empty for a guest.
    pub name: String,
    pub visited_on: NaiveDate,
    /// The workshop's answer; may be empty.
    pub reply: String,
    pub replied_at: Option<DateTime<Utc>>,
    pub hidden_for: Option<Ground>,
    pub edited_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

impl Review {
    /// Its author changes it until then; a hidden one at any time, to have it shown again.
    pub fn editable_until(&self) -> DateTime<Utc> {
        self.created_at + TimeDelta::days(EDIT_DAYS)
    }

    pub fn is_editable(&self, now: DateTime<Utc>) -> bool {
        match self.state {
            ReviewState::Shown => now < self.editable_until(),
            ReviewState::Hidden => true,
            ReviewState::Withdrawn => false,
        }
    }

    /// When its words were last written.
    pub fn written_at(&self) -> DateTime<Utc> {
        self.edited_at.unwrap_or(self.created_at)
    }
}

stored_enum! {
    /// Who asks the office for what.
    pub enum QuestionKind {
        /// The workshop, to hide it.
        Report = "report",
        /// Its author, to show it again.
        Appeal = "appeal",
    }
}

stored_enum! {
    pub enum Decision {
        Shown = "shown",
        Hidden = "hidden",
        /// The review was taken back meanwhile.
        Dropped = "dropped",
    }
}

/// What the office is asked about a review.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Question {
    pub id: ReportId,
    pub review_id: ReviewId,
    pub kind: QuestionKind,
    /// Of a report.
    pub reason: Option<Ground>,
    pub words: String,
    pub decision: Option<Decision>,
    pub decided_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}
