//! A tour in words: what it is called, what happens, where one meets.

use serde_json::json;

use super::read::Reader;
use super::{EditError, Field, Wrongs, done, owned};
use crate::accounts::Actor;
use crate::catalogue::{Craft, Point, Policy, Questions, Sharing, SpokenLanguages, Tour, Weather};
use crate::store::{Columns, Tx};
use crate::{Localized, TourId, WorkshopId, columns, params, text};

/// Longest texts, in characters.
const TITLE: usize = 120;
const SUMMARY: usize = 400;
const DESCRIPTION: usize = 8_000;
const SENTENCES: usize = 1_000;

/// As typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IntroInput {
    pub title: Localized,
    pub summary: Localized,
    pub description: Localized,
    /// One entry a line.
    pub included: Localized,
    pub bring: Localized,
    pub take_home: Localized,
    pub meeting_point: Localized,
    /// "20.9766, 105.9122".
    pub position: String,
    pub languages: Vec<String>,
}

/// The words of a tour, as they can be saved.
#[derive(Debug, Clone, PartialEq)]
pub struct Intro {
    title: Localized,
    summary: Localized,
    description: Localized,
    included: Localized<Vec<String>>,
    bring: Localized<Vec<String>>,
    take_home: Localized,
    meeting_point: Localized,
    position: Point,
    languages: SpokenLanguages,
}

impl Intro {
    pub fn parse(input: &IntroInput) -> Result<Intro, Wrongs> {
        let mut reader = Reader::default();
        let one_line = |texts: Localized| Localized {
            vi: texts.vi.split_whitespace().collect::<Vec<_>>().join(" "),
            en: texts.en.split_whitespace().collect::<Vec<_>>().join(" "),
        };
        let intro = Intro {
            title: one_line(reader.texts(Field::Title, &input.title, TITLE)),
            summary: one_line(reader.texts(Field::Summary, &input.summary, SUMMARY)),
            description: reader.texts(Field::Description, &input.description, DESCRIPTION),
            included: reader.lists(Field::Included, &input.included),
            bring: reader.lists(Field::Bring, &input.bring),
            take_home: reader.optional_texts(Field::TakeHome, &input.take_home, SENTENCES),
            meeting_point: reader.texts(Field::MeetingPoint, &input.meeting_point, SENTENCES),
            position: reader.position(&input.position),
            languages: reader.languages(&input.languages),
        };
        reader.finish(intro)
    }

    /// The tour as it would read with these words, for a preview.
    pub fn shown_on(&self, tour: &mut Tour) {
        let intro = self.clone();
        tour.title = intro.title;
        tour.summary = intro.summary;
        tour.description = intro.description;
        tour.included = intro.included;
        tour.bring = intro.bring;
        tour.take_home = intro.take_home;
        tour.meeting_point = intro.meeting_point;
        tour.meeting_lat = intro.position.lat;
        tour.meeting_lon = intro.position.lon;
        tour.languages = intro.languages;
    }
}

#[derive(Debug, Clone)]
pub struct CreateTour {
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub intro: Intro,
}

/// A new tour, not shown to guests yet, last in its workshop's list. Its address is made from the
/// Vietnamese title and stays when the title changes: letters and search engines know it.
pub async fn create_tour(tx: &mut Tx, command: CreateTour) -> Result<(TourId, String), EditError> {
    let CreateTour { actor, workshop, intro } = command;
    actor.must_own(workshop)?;
    let craft: Option<(Craft,)> = tx
        .fetch_optional(
            "SELECT village.craft FROM workshop JOIN village ON village.id = workshop.village_id \
             WHERE workshop.id = $1",
            params![workshop],
        )
        .await?;
    let (craft,) = craft.ok_or(EditError::Unknown)?;
    let (last,): (i64,) =
        tx.fetch_one("SELECT CAST(COALESCE(MAX(position), 0) AS BIGINT) FROM tour", vec![]).await?;
    let id = TourId::new(tx.now());
    let row = new_tour(id, workshop, last + 1, craft, &intro);
    let slug = tx.insert_with_slug("tour", &base_slug(&intro.title.vi), row).await?;
    done(tx, &actor, "tour.create", id, workshop, json!({ "slug": slug })).await?;
    Ok((id, slug))
}

/// "new" is the address of the empty form.
fn base_slug(title: &str) -> String {
    match text::slug_or(title, "tour") {
        slug if slug == "new" => "tour".into(),
        slug => slug,
    }
}

fn new_tour(
    id: TourId,
    workshop: WorkshopId,
    position: i64,
    craft: Craft,
    intro: &Intro,
) -> Columns {
    // What a new tour begins with until its owner says otherwise.
    let terms = columns! {
        policy: Policy::Moderate,
        lead_time_hours: 12_i32,
        min_party: 1_i32,
        max_party: 8_i32,
        sharing: Sharing::Shared,
        weather: Weather::Indoor,
        min_to_run: 1_i32,
        decide_hours: 24_i32,
        children: true,
        waiver: None::<Localized>,
        questions: Questions::default(),
        published: false,
    };
    let place = columns! {
        id: id,
        workshop_id: workshop,
        position: i32::try_from(position).unwrap_or(i32::MAX),
        illustration: format!("{craft}-1"),
    };
    place.and(words_of(intro)).and(terms)
}

/// The columns that a tour's words are kept in.
fn words_of(intro: &Intro) -> Columns {
    columns! {
        title: intro.title,
        summary: intro.summary,
        description: intro.description,
        included: intro.included,
        bring: intro.bring,
        take_home: intro.take_home,
        meeting_point: intro.meeting_point,
        meeting_lat: intro.position.lat,
        meeting_lon: intro.position.lon,
        languages: intro.languages,
    }
}

#[derive(Debug, Clone)]
pub struct SaveIntro {
    pub actor: Actor,
    pub tour: TourId,
    pub intro: Intro,
}

pub async fn save_intro(tx: &mut Tx, command: SaveIntro) -> Result<(), EditError> {
    let SaveIntro { actor, tour, intro } = command;
    let workshop = owned(tx, &actor, tour).await?;
    tx.update_one("tour", words_of(&intro), columns! { id: tour }).await?;
    done(tx, &actor, "tour.save_intro", tour, workshop, json!({ "title": intro.title.vi })).await?;
    Ok(())
}
