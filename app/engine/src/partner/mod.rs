//! Schools, designers and institutes that work with a workshop or a co-op.
//!
//! A *partner* is named by the house and shown only while both agree: the house asks, the partner answers
//! by the link in a letter. Whoever changes what is shown asks again.
//!
//! A *design* has a picture, a licence from a closed list, and says who may use it. A tour uses a design
//! from a day to a day, from tomorrow at the earliest as with rules of shares; on those days
//! the designer has the share that the rule in force gives them (see [`crate::ledger`]). Rules know
//! designers by the name under which a design credits them, and that name never changes.
//!
//! An *applicant* asks for something: a student for a placement, a researcher for a study. They are one table
//! with one life, because what happens to them is the same: asked, answered in the workshop's words, maybe
//! withdrawn. They have no account but a link. Their data is in the register of [`crate::privacy`].

mod answer;
mod applicant;
mod apply;
mod ask;
mod decide;
mod design;
mod error;
mod hours;
mod keeper;
mod letters;
mod model;
mod picture;
mod placement;
mod read;
mod study;
mod usage;

#[cfg(test)]
mod tests;

pub use answer::{Answer, PartnerAnswer, answer};
pub(crate) use applicant::by_id as applicant_by_id;
pub use applicant::{Applicant, ApplicantKind, ApplicantState, applicant, applicant_by_secret};
pub use applicant::{applicants_of_placement, researchers_of};
pub use apply::{Apply, ApplyData, ApplyInput, ApplyTo, apply, withdraw};
pub use ask::{AskPartner, ChangePartner, EndPartner, PartnerData, PartnerInput};
pub use ask::{ask, change, end};
pub use decide::{Decide, Decision, decide};
pub use design::{
    Design, DesignData, DesignInput, Licence, Retire, SaveDesign, SharedWith, design, designs_of,
    public_designs, retire, save_design, usable_by,
};
pub use error::{Field, PartnerError, Wrong, Wrongs};
pub use hours::{DayDone, HoursData, HoursInput, NoteHours, days_of, note_hours, whole};
pub use keeper::Keeper;
pub(crate) use model::by_id as partner_by_id;
pub use model::{Partner, PartnerKind, PartnerState, partner, partner_by_secret};
pub use model::{partners_of, shown_partners};
pub use picture::picture_file;
pub use placement::{
    Offered, OpenPlacement, Placement, PlacementData, PlacementInput, SavePlacement, offered,
    open_placement, open_placements, placement, placements_of, save_placement,
};
pub use study::{SaveStudy, Study, StudyData, StudyInput, open_to_studies, save_study, study_of};
pub(crate) use usage::designers_on;
pub use usage::{SetTours, designers_of_tours, designs_of_tour, set_tours, tours_using};
