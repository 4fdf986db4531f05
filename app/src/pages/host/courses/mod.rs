//! Runs of courses: planning them, who is in them, attendance, certificates.

pub mod attendance;
pub mod list;
pub mod paper;
pub mod plan;
pub mod run;
mod sessions;
mod view;

use engine::SlotId;
use engine::catalogue::{Tour, Workshop};
use engine::course::CourseError;
use engine::schedule::{Slot, slots};

use super::frame::{Desk, at};
use super::words;
use crate::Locale;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::t::course as t;

/// A run of this workshop; another's is not found.
async fn found(app: &App, desk: &Desk, id: &str) -> Result<(Slot, Tour), PageError> {
    let id: SlotId = id.parse().map_err(|_| PageError::NotFound)?;
    let mut conn = app.store.read().await?;
    let slot = slots::find(&mut conn, id).await?;
    let slot = slot.filter(|slot| slot.workshop_id == desk.id() && slot.is_run());
    let slot = slot.ok_or(PageError::NotFound)?;
    let tour = desk.catalogue.tour(slot.tour_id).ok_or(PageError::NotFound)?.clone();
    Ok((slot, tour))
}

/// The address of one of a run's pages: `sub` is "" or "/list" and so on.
fn of_run(visit: &Visit, shop: &Workshop, slot: SlotId, sub: &str) -> String {
    at(visit, shop, &format!("/courses/{slot}{sub}"))
}

/// What stands against it, in the host's words; what is none of theirs ends the request.
fn trouble(locale: Locale, error: CourseError) -> Result<String, PageError> {
    Ok(match error {
        CourseError::Store(error) => return Err(error.into()),
        CourseError::Forbidden(_) | CourseError::Unknown => return Err(PageError::NotFound),
        CourseError::Booking(error) => return words::of_booking(locale, error),
        CourseError::Plan(_) => t::error_time(locale).to_owned(),
        CourseError::Occupied => t::error_occupied(locale).to_owned(),
        CourseError::Final => t::error_final(locale).to_owned(),
        CourseError::Reason => t::error_reason(locale).to_owned(),
        CourseError::LastSession => t::error_last(locale).to_owned(),
        CourseError::NotBegun => t::error_not_begun(locale).to_owned(),
        CourseError::Name => t::error_name(locale).to_owned(),
        CourseError::Full { left } => t::names_full(locale, i64::from(left)),
        CourseError::NotEnough { attended, needed } => {
            t::error_not_enough(locale, attended, needed)
        }
    })
}
