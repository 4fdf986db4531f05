//! Chapters, artisans and their pictures, as they are stored.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Drawing;
use crate::catalogue::PHOTO_WIDTHS;
use crate::{
    ArtisanId, ChapterId, Localized, StoryPictureId, VillageId, WorkshopId, json_column,
    stored_enum,
};

stored_enum! {
    /// What a chapter tells.
    pub enum ChapterKind {
        History = "history",
        People = "people",
        /// Numbered steps, each a picture and a sentence.
        Process = "process",
        GettingThere = "getting_there",
        /// Food and sights near.
        Near = "near",
        /// Words of the craft: a small glossary.
        Words = "words",
    }
}

/// Of what a chapter tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    Village(VillageId),
    Workshop(WorkshopId),
    Artisan(ArtisanId),
}

impl Subject {
    pub(super) const fn village(self) -> Option<VillageId> {
        if let Subject::Village(id) = self { Some(id) } else { None }
    }

    pub(super) const fn workshop(self) -> Option<WorkshopId> {
        if let Subject::Workshop(id) = self { Some(id) } else { None }
    }

    pub(super) const fn artisan(self) -> Option<ArtisanId> {
        if let Subject::Artisan(id) = self { Some(id) } else { None }
    }
}

/// What is seen of a step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub enum Art {
    #[default]
    None,
    /// A drawing of the site.
    Drawing(Drawing),
    /// A picture of the chapter.
    Picture(StoryPictureId),
}

impl Art {
    /// As forms and rows say it; None for a word that means nothing.
    pub fn parse(word: &str) -> Option<Art> {
        match word {
            "" => Some(Art::None),
            word => Drawing::parse(word)
                .map(Art::Drawing)
                .or_else(|| word.parse().ok().map(Art::Picture)),
        }
    }
}

impl From<Art> for String {
    fn from(art: Art) -> String {
        match art {
            Art::None => String::new(),
            Art::Drawing(drawing) => drawing.to_string(),
            Art::Picture(id) => id.to_string(),
        }
    }
}

/// A drawing that the site has no more leaves its step without one.
impl From<String> for Art {
    fn from(word: String) -> Art {
        Art::parse(&word).unwrap_or_default()
    }
}

/// A step of a process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub text: Localized,
    #[serde(default)]
    pub art: Art,
}

/// A word of the craft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// In Vietnamese.
    pub word: String,
    /// What one says in English; may be empty.
    #[serde(default)]
    pub english: String,
    pub meaning: Localized,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Steps(pub Vec<Step>);

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Terms(pub Vec<Term>);

json_column!(Steps, Terms);

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Chapter {
    pub id: ChapterId,
    pub village_id: Option<VillageId>,
    pub workshop_id: Option<WorkshopId>,
    pub artisan_id: Option<ArtisanId>,
    pub kind: ChapterKind,
    pub position: i32,
    pub heading: Localized,
    /// See [`super::markdown`].
    pub body: Localized,
    pub steps: Steps,
    pub terms: Terms,
    pub published: bool,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    #[sqlx(skip)]
    pub pictures: Vec<StoryPicture>,
}

impl Chapter {
    /// None only for a row that breaks the table's rule.
    pub fn subject(&self) -> Option<Subject> {
        let village = self.village_id.map(Subject::Village);
        let workshop = self.workshop_id.map(Subject::Workshop);
        village.or(workshop).or_else(|| self.artisan_id.map(Subject::Artisan))
    }

    pub fn picture(&self, id: StoryPictureId) -> Option<&StoryPicture> {
        self.pictures.iter().find(|picture| picture.id == id)
    }

    /// Pictures that no step shows.
    pub fn figures(&self) -> impl Iterator<Item = &StoryPicture> {
        let of_a_step = |picture: &StoryPicture| {
            self.steps.0.iter().any(|step| step.art == Art::Picture(picture.id))
        };
        let has_steps = self.kind == ChapterKind::Process;
        self.pictures.iter().filter(move |picture| !(has_steps && of_a_step(picture)))
    }
}

/// A picture of a chapter, or a portrait.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StoryPicture {
    pub id: StoryPictureId,
    pub chapter_id: Option<ChapterId>,
    pub artisan_id: Option<ArtisanId>,
    pub position: i32,
    /// What it shows, for people who don't see it.
    pub alt: Localized,
    pub caption: Localized,
    /// Of the largest copy, pixels.
    pub width: i32,
    pub height: i32,
}

impl StoryPicture {
    /// Widths of its copies; a small one has fewer.
    pub fn widths(&self) -> impl Iterator<Item = i32> + use<> {
        let own = self.width;
        PHOTO_WIDTHS.into_iter().filter(move |width| *width < own).chain([own])
    }
}

/// A person of a workshop who is shown to everybody.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Artisan {
    pub id: ArtisanId,
    pub workshop_id: WorkshopId,
    pub slug: String,
    pub position: i32,
    pub name: String,
    /// "Wheel thrower", "Artisan of Hà Nội"; may be empty.
    pub title: Localized,
    pub born_year: Option<i32>,
    /// When they began the craft.
    pub since_year: Option<i32>,
    pub learned_from: Localized,
    /// Who they are; see [`super::markdown`].
    pub words: Localized,
    /// A sentence of their own; may be empty.
    pub quote: Localized,
    /// When they agreed to be shown.
    pub consent_at: Option<DateTime<Utc>>,
    pub published: bool,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    #[sqlx(skip)]
    pub portrait: Option<StoryPicture>,
}
