//! The demo's partners: named and agreed, their designs, places for students, who applied. Made by the verbs
//! that hosts, partners and students use.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Deserialize;

use super::DemoError;
use crate::accounts::Actor;
use crate::catalogue::Catalogue;
use crate::catalogue::photos::{Copy, Prepared};
use crate::clock::local_date;
use crate::coop;
use crate::partner::{
    self, Answer, ApplicantKind, Apply, ApplyData, ApplyInput, ApplyTo, AskPartner, Decide,
    Decision, DesignData, DesignInput, HoursData, HoursInput, Keeper, NoteHours, PartnerAnswer,
    PartnerData, PartnerInput, PlacementData, PlacementInput, SaveDesign, SavePlacement, SaveStudy,
    SetTours, StudyData, StudyInput,
};
use crate::store::Tx;
use crate::{Locale, Localized, PartnerId, PlacementId, WorkshopId};

const FILE: (&str, &str) = ("partner.toml", include_str!("../../../demo/partner.toml"));
const LOTUS: &[u8] = include_bytes!("../../../demo/design-lotus.jpg");
const RIPPLE: &[u8] = include_bytes!("../../../demo/design-ripple.jpg");
/// Size of both pictures, pixels.
const SIZE: (i32, i32) = (960, 720);
/// Days ago on which it was all agreed: before the visits that the demo looks back on.
const BEGAN: i64 = 111;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartnerFile {
    partners: Vec<PartnerEntry>,
    designs: Vec<DesignEntry>,
    placements: Vec<PlacementEntry>,
    studies: Vec<StudyEntry>,
    applicants: Vec<ApplicantEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartnerEntry {
    workshop: Option<String>,
    coop: Option<String>,
    kind: String,
    name: String,
    city: String,
    web: String,
    since_ago: i64,
    contact: String,
    email: String,
    agreed: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DesignEntry {
    workshop: String,
    partner: String,
    title: Localized,
    about: Localized,
    licence: String,
    licence_words: Localized,
    shared_with: String,
    picture: String,
    tour: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlacementEntry {
    workshop: String,
    title: Localized,
    about: Localized,
    asked: Localized,
    allowance: Localized,
    first_in: i64,
    last_in: i64,
    places: i32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StudyEntry {
    workshop: String,
    themes: Localized,
    conditions: Localized,
    languages: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ApplicantEntry {
    workshop: String,
    /// The Vietnamese title of a placement; a study has a topic instead.
    placement: Option<String>,
    #[serde(default)]
    topic: String,
    name: String,
    email: String,
    organisation: String,
    words: String,
    ago: i64,
    /// The workshop's words to who was accepted.
    accepted: Option<String>,
    /// Days from today and minutes.
    #[serde(default)]
    days: Vec<(i64, i32)>,
}

fn broken(reason: impl std::fmt::Display) -> DemoError {
    DemoError::File { file: FILE.0, reason: reason.to_string() }
}

fn wrong(wrongs: impl std::fmt::Debug) -> DemoError {
    broken(format!("{wrongs:?}"))
}

/// Where it happens, and what was made so far.
struct Stage<'a> {
    catalogue: &'a Catalogue,
    now: DateTime<Utc>,
    partners: Vec<(String, PartnerId)>,
    placements: Vec<(String, PlacementId, (NaiveDate, NaiveDate))>,
}

pub(super) async fn insert(tx: &mut Tx, catalogue: &Catalogue) -> Result<(), DemoError> {
    let file: PartnerFile = toml::from_str(FILE.1).map_err(broken)?;
    let now = tx.now();
    let mut stage = Stage { catalogue, now, partners: Vec::new(), placements: Vec::new() };
    tx.turn(now - TimeDelta::days(BEGAN));
    for (at, entry) in file.partners.iter().enumerate() {
        stage.partner(tx, at, entry).await?;
    }
    for (at, entry) in file.designs.iter().enumerate() {
        stage.design(tx, at, entry).await?;
    }
    for (at, entry) in file.placements.iter().enumerate() {
        stage.placement(tx, at, entry).await?;
    }
    for entry in &file.studies {
        stage.study(tx, entry).await?;
    }
    for (at, entry) in file.applicants.iter().enumerate() {
        stage.applicant(tx, at, entry).await?;
    }
    tx.turn(now);
    // Nobody is written to who does not exist.
    tx.execute(
        "DELETE FROM outbox WHERE kind IN ('partner_asked', 'host_partner', \
         'application_received', 'application_answered', 'host_application')",
        vec![],
    )
    .await?;
    Ok(())
}

impl Stage<'_> {
    fn house(&self, slug: &str) -> Result<WorkshopId, DemoError> {
        let house = self.catalogue.workshop_by_slug(slug);
        Ok(house.ok_or_else(|| broken(format!("no workshop {slug}")))?.id)
    }

    fn day(&self, days: i64) -> NaiveDate {
        local_date(self.now + TimeDelta::days(days))
    }

    async fn partner(
        &mut self,
        tx: &mut Tx,
        at: usize,
        entry: &PartnerEntry,
    ) -> Result<(), DemoError> {
        let keeper = match (&entry.workshop, &entry.coop) {
            (Some(slug), None) => Keeper::Workshop(self.house(slug)?),
            (None, Some(slug)) => {
                let coop = coop::by_slug(tx, slug).await?;
                Keeper::Coop(coop.ok_or_else(|| broken(format!("no co-op {slug}")))?.id)
            }
            _ => return Err(broken("a partner is of a workshop or of a co-op")),
        };
        let input = PartnerInput {
            kind: entry.kind.clone(),
            name: entry.name.clone(),
            city: entry.city.clone(),
            web: entry.web.clone(),
            since: self.day(-entry.since_ago).to_string(),
            contact: entry.contact.clone(),
            email: entry.email.clone(),
            language: Locale::Vi.to_string(),
        };
        let ask = AskPartner {
            actor: Actor::System,
            keeper,
            data: PartnerData::parse(&input, self.day(0)).map_err(wrong)?,
            form_key: format!("demo-partner-{at}"),
        };
        let id = partner::ask(tx, ask).await.map_err(broken)?;
        if entry.agreed {
            let yes = Answer { partner: id, answer: PartnerAnswer::Agree };
            partner::answer(tx, yes).await.map_err(broken)?;
        }
        self.partners.push((entry.name.clone(), id));
        Ok(())
    }

    async fn design(&self, tx: &mut Tx, at: usize, entry: &DesignEntry) -> Result<(), DemoError> {
        let workshop = self.house(&entry.workshop)?;
        let of = self.partners.iter().find(|(name, _)| *name == entry.partner);
        let of = of.ok_or_else(|| broken(format!("no partner {}", entry.partner)))?;
        let jpeg = match entry.picture.as_str() {
            "lotus" => LOTUS,
            "ripple" => RIPPLE,
            other => return Err(broken(format!("no picture {other}"))),
        };
        let (width, height) = SIZE;
        let copies = vec![Copy { width, jpeg: jpeg.to_vec() }];
        let input = DesignInput {
            title: entry.title.clone(),
            about: entry.about.clone(),
            partner: of.1.to_string(),
            licence: entry.licence.clone(),
            licence_words: entry.licence_words.clone(),
            shared_with: entry.shared_with.clone(),
        };
        let keeper = Keeper::Workshop(workshop);
        let save = SaveDesign {
            actor: Actor::System,
            keeper,
            design: None,
            form_key: format!("demo-design-{at}"),
            data: DesignData::parse(&input, keeper).map_err(wrong)?,
            picture: Some(Arc::new(Prepared { width, height, copies })),
        };
        let design = partner::save_design(tx, save).await.map_err(broken)?;
        if let Some(slug) = &entry.tour {
            let tour = self.catalogue.tour_by_slug(slug);
            let tour = tour.ok_or_else(|| broken(format!("no tour {slug}")))?.id;
            let set = SetTours { actor: Actor::System, workshop, design, tours: vec![tour] };
            partner::set_tours(tx, set).await.map_err(broken)?;
        }
        Ok(())
    }

    async fn placement(
        &mut self,
        tx: &mut Tx,
        at: usize,
        entry: &PlacementEntry,
    ) -> Result<(), DemoError> {
        let days = (self.day(entry.first_in), self.day(entry.last_in));
        let input = PlacementInput {
            title: entry.title.clone(),
            about: entry.about.clone(),
            asked: entry.asked.clone(),
            allowance: entry.allowance.clone(),
            first: days.0.to_string(),
            last: days.1.to_string(),
            places: entry.places.to_string(),
        };
        let save = SavePlacement {
            actor: Actor::System,
            workshop: self.house(&entry.workshop)?,
            placement: None,
            form_key: format!("demo-placement-{at}"),
            data: PlacementData::parse(&input, self.day(0)).map_err(wrong)?,
        };
        let id = partner::save_placement(tx, save).await.map_err(broken)?;
        self.placements.push((entry.title.vi.clone(), id, days));
        Ok(())
    }

    async fn study(&self, tx: &mut Tx, entry: &StudyEntry) -> Result<(), DemoError> {
        let input = StudyInput {
            welcome: true,
            themes: entry.themes.clone(),
            conditions: entry.conditions.clone(),
            languages: entry.languages.clone(),
        };
        let save = SaveStudy {
            actor: Actor::System,
            workshop: self.house(&entry.workshop)?,
            data: StudyData::parse(&input).map_err(wrong)?,
        };
        partner::save_study(tx, save).await.map_err(broken)
    }

    async fn applicant(
        &self,
        tx: &mut Tx,
        at: usize,
        entry: &ApplicantEntry,
    ) -> Result<(), DemoError> {
        let named = entry.placement.as_ref();
        let found = named.and_then(|title| self.placements.iter().find(|(it, ..)| it == title));
        let (kind, to) = match (named, found) {
            (Some(_), Some((_, id, _))) => (ApplicantKind::Placement, ApplyTo::Placement(*id)),
            (None, _) => (ApplicantKind::Study, ApplyTo::Study(self.house(&entry.workshop)?)),
            (Some(title), None) => return Err(broken(format!("no placement {title}"))),
        };
        let input = ApplyInput {
            name: entry.name.clone(),
            email: entry.email.clone(),
            organisation: entry.organisation.clone(),
            topic: entry.topic.clone(),
            words: entry.words.clone(),
        };
        tx.turn(self.now - TimeDelta::days(entry.ago));
        let apply = Apply {
            to,
            data: ApplyData::parse(&input, kind).map_err(wrong)?,
            locale: Locale::Vi,
            form_key: format!("demo-applicant-{at}"),
        };
        let it = partner::apply(tx, apply).await.map_err(broken)?;
        tx.turn(self.now);
        let Some(words) = &entry.accepted else { return Ok(()) };
        let decide = Decide {
            actor: Actor::System,
            applicant: it.id,
            version: it.version,
            decision: Decision::parse("accepted", words).map_err(wrong)?,
        };
        partner::decide(tx, decide).await.map_err(broken)?;
        let between = found.map_or((self.day(0), self.day(0)), |(_, _, days)| *days);
        for (day, minutes) in &entry.days {
            let hours = format!("{}.{:02}", minutes / 60, minutes % 60 * 100 / 60);
            let input = HoursInput { date: self.day(*day).to_string(), hours };
            let note = NoteHours {
                actor: Actor::System,
                applicant: it.id,
                data: HoursData::parse(&input, between, self.day(0)).map_err(wrong)?,
            };
            partner::note_hours(tx, note).await.map_err(broken)?;
        }
        Ok(())
    }
}
