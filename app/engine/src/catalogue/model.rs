//! The catalogue as pages read it: a tree that is loaded whole and never changes.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::credential::Register;
use crate::payment::PaymentTerms;
use crate::price::{Extras, PriceRules, PriceStep, Sale};
use crate::{
    Dong, Localized, OptionId, PhotoId, TourId, UnitId, VillageId, WorkshopId, json_column,
    stored_enum,
};

stored_enum! {
    /// The craft of a village; also the key of its illustrations.
    pub enum Craft {
        Pottery = "pottery",
        Silk = "silk",
        Rattan = "rattan",
        Lacquer = "lacquer",
        Wood = "wood",
        Hat = "hat",
        Incense = "incense",
        Inlay = "inlay",
        Embroidery = "embroidery",
        Fan = "fan",
        Dragonfly = "dragonfly",
        Puppet = "puppet",
        GoldLeaf = "goldleaf",
        Figurine = "figurine",
    }
}

stored_enum! {
    /// A language that a host or guide speaks.
    pub enum Spoken { Vi = "vi", En = "en", Fr = "fr", Ko = "ko", Zh = "zh", Ja = "ja" }
}

stored_enum! {
    /// Who answers for a workshop before the law (household business, co-operative, company).
    pub enum LegalForm { Household = "household", Cooperative = "cooperative", Company = "company" }
}

stored_enum! {
    /// Whether strangers share a departure or one party has it to itself.
    pub enum Sharing { Shared = "shared", Private = "private" }
}

stored_enum! {
    /// What rain does to a tour: nothing indoors, nothing under a roof, spoils it outdoors.
    pub enum Weather { Indoor = "indoor", Covered = "covered", Outdoor = "outdoor" }
}

stored_enum! {
    /// A unit type (ticket type) of an option.
    pub enum UnitKind {
        Adult = "adult",
        Child = "child",
        Student = "student",
        Senior = "senior",
        Infant = "infant",
        Family = "family",
    }
}

impl UnitKind {
    /// Seats that one of it takes unless the host says otherwise: an infant sits on a lap, a
    /// family is two adults and two children.
    pub const fn usual_seats(self) -> i32 {
        match self {
            UnitKind::Infant => 0,
            UnitKind::Family => 4,
            UnitKind::Adult | UnitKind::Child | UnitKind::Student | UnitKind::Senior => 1,
        }
    }
}

stored_enum! {
    /// How much comes back when a guest cancels; see [`Policy::refund_percent`].
    pub enum Policy { Flexible = "flexible", Moderate = "moderate", Strict = "strict" }
}

impl Policy {
    /// Steps of the policy, longest notice first: (hours before the start, per cent refunded).
    pub const fn steps(self) -> &'static [(i64, u8)] {
        match self {
            Policy::Flexible => &[(24, 100)],
            Policy::Moderate => &[(72, 100), (24, 50)],
            Policy::Strict => &[(7 * 24, 50)],
        }
    }

    /// Per cent of the price that comes back when cancelling `hours` before the start.
    pub fn refund_percent(self, hours: i64) -> u8 {
        self.steps().iter().find(|(notice, _)| hours >= *notice).map_or(0, |(_, percent)| *percent)
    }
}

stored_enum! {
    pub enum QuestionScope { Booking = "booking", Guest = "guest" }
}

stored_enum! {
    pub enum QuestionKind { Text = "text", Choice = "choice", Number = "number" }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub value: String,
    pub label: Localized,
}

/// Something the workshop must know of the party or of each guest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub key: String,
    pub scope: QuestionScope,
    pub kind: QuestionKind,
    pub required: bool,
    pub label: Localized,
    #[serde(default)]
    pub choices: Vec<Choice>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Questions(pub Vec<Question>);

impl Questions {
    pub fn of(&self, scope: QuestionScope) -> impl Iterator<Item = &Question> {
        self.0.iter().filter(move |question| question.scope == scope)
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SpokenLanguages(pub Vec<Spoken>);

json_column!(Questions, SpokenLanguages);

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Village {
    pub id: VillageId,
    pub slug: String,
    pub craft: Craft,
    pub position: i32,
    pub lat: f64,
    pub lon: f64,
    /// Since 1 July 2025: commune and city, no district.
    pub commune: String,
    /// The address as people still write it.
    pub old_address: String,
    /// From Hoàn Kiếm lake, km.
    pub distance_km: i32,
    pub name: Localized,
    pub craft_name: Localized,
    pub tagline: Localized,
    pub summary: Localized,
    /// Paragraphs are separated by blank lines.
    pub story: Localized,
    pub getting_there: Localized,
    pub best_time: Option<Localized>,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Workshop {
    pub id: WorkshopId,
    pub village_id: VillageId,
    pub slug: String,
    pub name: String,
    pub lat: f64,
    pub lon: f64,
    pub address: Localized,
    pub phone: String,
    pub email: String,
    pub legal_name: String,
    pub legal_form: LegalForm,
    pub tax_code: String,
    pub languages: SpokenLanguages,
    pub summary: Localized,
    pub story: Localized,
    pub accessibility: Localized,
    /// The language in which the host reads mail.
    pub locale: crate::Locale,
    #[sqlx(skip)]
    pub photos: Vec<Photo>,
}

/// What makes a tour a course, sold in runs of several sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Course {
    pub tour_id: TourId,
    /// Sessions that a participant attends to be certified.
    pub needed: i32,
    /// Places are given to those who apply: nobody books one, the workshop answers with an offer.
    pub by_application: bool,
    /// What a certificate says its holder has learnt; may be empty.
    pub skills: Localized,
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Tour {
    pub id: TourId,
    pub workshop_id: WorkshopId,
    pub slug: String,
    pub position: i32,
    /// File name of the illustration shown while there is no photograph.
    pub illustration: String,
    pub title: Localized,
    pub summary: Localized,
    pub description: Localized,
    pub included: Localized<Vec<String>>,
    pub bring: Localized<Vec<String>>,
    pub take_home: Localized,
    pub meeting_point: Localized,
    pub meeting_lat: f64,
    pub meeting_lon: f64,
    pub languages: SpokenLanguages,
    pub policy: Policy,
    /// Bookings close that many hours before the start.
    pub lead_time_hours: i32,
    /// People a party must and may have.
    pub min_party: i32,
    pub max_party: i32,
    pub sharing: Sharing,
    pub weather: Weather,
    /// Seats that must be taken for a slot to run, and how many hours before the start it is decided.
    pub min_to_run: i32,
    pub decide_hours: i32,
    pub children: bool,
    pub waiver: Option<Localized>,
    pub questions: Questions,
    pub published: bool,
    /// When it is paid, as columns; see [`Tour::payment_terms`].
    pub prepay_percent: i32,
    pub pay_minutes: i32,
    pub price_rules: PriceRules,
    /// What can be had with it.
    pub extras: Extras,
    /// None for a visit.
    #[sqlx(skip)]
    pub course: Option<Course>,
    #[sqlx(skip)]
    pub options: Vec<TourOption>,
    #[sqlx(skip)]
    pub photos: Vec<Photo>,
    /// Words to search in, folded: titles, village, workshop, craft.
    #[sqlx(skip)]
    pub search_text: String,
}

impl Tour {
    pub fn rain_proof(&self) -> bool {
        self.weather != Weather::Outdoor
    }

    /// When a visit is paid. Courses are paid on the spot, whatever their columns say.
    pub fn payment_terms(&self) -> PaymentTerms {
        match self.course {
            Some(_) => PaymentTerms::OnTheSpot,
            None => PaymentTerms::of(self.prepay_percent, self.pay_minutes),
        }
    }

    /// Whether places are given by application.
    pub fn by_application(&self) -> bool {
        self.course.as_ref().is_some_and(|course| course.by_application)
    }

    /// Options that can be booked.
    pub fn open_options(&self) -> impl Iterator<Item = &TourOption> {
        self.options.iter().filter(|option| option.active)
    }

    pub fn option(&self, id: OptionId) -> Option<&TourOption> {
        self.options.iter().find(|option| option.id == id)
    }

    /// The lowest adult price (or lowest price where no option has adults).
    pub fn price_from(&self) -> Option<Dong> {
        let units = || self.open_options().flat_map(TourOption::open_units);
        let adults =
            units().filter(|unit| unit.kind == UnitKind::Adult).map(|unit| unit.price).min();
        adults.or_else(|| units().map(|unit| unit.price).min())
    }

    /// Shortest and longest option, minutes.
    pub fn duration_range(&self) -> Option<(i32, i32)> {
        let minutes = || self.open_options().map(|option| option.duration_minutes);
        Some((minutes().min()?, minutes().max()?))
    }
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct TourOption {
    pub id: OptionId,
    pub tour_id: TourId,
    pub slug: String,
    pub position: i32,
    pub title: Localized,
    pub duration_minutes: i32,
    /// Seats of a slot unless its rule says otherwise.
    pub capacity: i32,
    pub active: bool,
    #[sqlx(skip)]
    pub units: Vec<Unit>,
    /// Of which departure the prices are; None in the catalogue, whose prices are the usual ones.
    #[sqlx(skip)]
    #[serde(skip)]
    pub sale: Option<Sale>,
}

impl TourOption {
    pub fn open_units(&self) -> impl Iterator<Item = &Unit> {
        self.units.iter().filter(|unit| unit.active)
    }
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Unit {
    pub id: UnitId,
    pub option_id: OptionId,
    pub kind: UnitKind,
    pub position: i32,
    pub price: Dong,
    /// Places that one of it takes: an infant on the lap 0, a family ticket 4.
    pub seats: i32,
    pub min_age: Option<i32>,
    pub max_age: Option<i32>,
    pub active: bool,
    /// What led from the usual price to this one; see [`TourOption::on`].
    #[sqlx(skip)]
    #[serde(skip)]
    pub steps: Vec<PriceStep>,
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Photo {
    pub id: PhotoId,
    pub workshop_id: WorkshopId,
    pub tour_id: Option<TourId>,
    pub position: i32,
    /// What it shows, for people who don't see it; empty until the host has written it.
    pub alt: Localized,
    /// Of the largest copy, pixels.
    pub width: i32,
    pub height: i32,
}

/// Widths in which photographs are kept, pixels.
pub const PHOTO_WIDTHS: [i32; 3] = [480, 960, 1600];

impl Photo {
    /// Widths of its copies: a photograph is never blown up, so a small one has fewer.
    pub fn widths(&self) -> impl Iterator<Item = i32> + use<> {
        let own = self.width;
        PHOTO_WIDTHS.into_iter().filter(move |width| *width < own).chain([own])
    }
}

/// Everything that is published and unpublished, in order of position.
#[derive(Debug, Default)]
pub struct Catalogue {
    pub villages: Vec<Village>,
    pub workshops: Vec<Workshop>,
    pub tours: Vec<Tour>,
    /// What villages, workshops and co-ops are certified to be.
    pub credentials: Register,
    pub(super) village_by_id: HashMap<VillageId, usize>,
    pub(super) workshop_by_id: HashMap<WorkshopId, usize>,
    pub(super) tour_by_id: HashMap<TourId, usize>,
}

impl Catalogue {
    pub fn village(&self, id: VillageId) -> Option<&Village> {
        self.villages.get(*self.village_by_id.get(&id)?)
    }

    pub fn workshop(&self, id: WorkshopId) -> Option<&Workshop> {
        self.workshops.get(*self.workshop_by_id.get(&id)?)
    }

    pub fn tour(&self, id: TourId) -> Option<&Tour> {
        self.tours.get(*self.tour_by_id.get(&id)?)
    }

    pub fn village_by_slug(&self, slug: &str) -> Option<&Village> {
        self.villages.iter().find(|village| village.slug == slug)
    }

    pub fn workshop_by_slug(&self, slug: &str) -> Option<&Workshop> {
        self.workshops.iter().find(|workshop| workshop.slug == slug)
    }

    /// A tour by slug, published or not.
    pub fn tour_by_slug(&self, slug: &str) -> Option<&Tour> {
        self.tours.iter().find(|tour| tour.slug == slug)
    }

    pub fn workshops_of(&self, village: VillageId) -> impl Iterator<Item = &Workshop> {
        self.workshops.iter().filter(move |workshop| workshop.village_id == village)
    }

    /// Published tours of a workshop.
    pub fn tours_of(&self, workshop: WorkshopId) -> impl Iterator<Item = &Tour> {
        self.published().filter(move |tour| tour.workshop_id == workshop)
    }

    /// All tours of a workshop, for its host.
    pub fn all_tours_of(&self, workshop: WorkshopId) -> impl Iterator<Item = &Tour> {
        self.tours.iter().filter(move |tour| tour.workshop_id == workshop)
    }

    pub fn published(&self) -> impl Iterator<Item = &Tour> {
        self.tours.iter().filter(|tour| tour.published)
    }

    /// The tour, its workshop and village; None only for an unknown tour.
    pub fn place(&self, tour: TourId) -> Option<(&Tour, &Workshop, &Village)> {
        let tour = self.tour(tour)?;
        let workshop = self.workshop(tour.workshop_id)?;
        Some((tour, workshop, self.village(workshop.village_id)?))
    }

    /// An option with the tour it belongs to.
    pub fn option(&self, id: OptionId) -> Option<(&Tour, &TourOption)> {
        self.tours.iter().find_map(|tour| Some((tour, tour.option(id)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refunds_follow_the_notice_given() {
        assert_eq!(Policy::Flexible.refund_percent(24), 100);
        assert_eq!(Policy::Flexible.refund_percent(23), 0);
        assert_eq!(Policy::Moderate.refund_percent(72), 100);
        assert_eq!(Policy::Moderate.refund_percent(71), 50);
        assert_eq!(Policy::Strict.refund_percent(7 * 24), 50);
        assert_eq!(Policy::Strict.refund_percent(100), 0);
        assert_eq!(Policy::Flexible.refund_percent(-1), 0);
    }
}
