//! The demo's stories: chapters of its villages and workshops, and people of its workshops, who are
//! invented as the workshops are. Each says so of themselves.

use chrono::Datelike;
use serde::Deserialize;

use super::DemoError;
use crate::accounts::Actor;
use crate::catalogue::Catalogue;
use crate::clock::local_date;
use crate::store::Tx;
use crate::story::{
    Art, ArtisanChange, ArtisanData, ArtisanInput, ChapterChange, ChapterData, ChapterInput,
    OnArtisan, OnChapter, SaveArtisan, SaveChapter, StepInput, Subject, TermInput, change_artisan,
    change_chapter, save_artisan, save_chapter,
};
use crate::{Localized, params};

const FILES: &[(&str, &str)] = files![
    "stories/bat-trang.toml",
    "stories/chuyen-my.toml",
    "stories/ha-thai.toml",
    "stories/lang-chuong.toml",
    "stories/phu-vinh.toml",
    "stories/quang-phu-cau.toml",
    "stories/quat-dong.toml",
    "stories/thach-xa.toml",
    "stories/thuong-tin.toml",
    "stories/van-phuc.toml",
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoryFile {
    village: String,
    chapters: Vec<ChapterEntry>,
    #[serde(default)]
    artisans: Vec<ArtisanEntry>,
}

/// Of the village, unless a workshop is named.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChapterEntry {
    workshop: Option<String>,
    kind: String,
    heading: Localized,
    body: Localized,
    #[serde(default)]
    steps: Vec<StepEntry>,
    #[serde(default)]
    terms: Vec<TermEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StepEntry {
    vi: String,
    en: String,
    #[serde(default)]
    art: Art,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TermEntry {
    word: String,
    english: String,
    vi: String,
    en: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ArtisanEntry {
    workshop: String,
    name: String,
    title: Localized,
    born: i32,
    since: i32,
    learned_from: Localized,
    words: Localized,
    quote: Localized,
    #[serde(default)]
    chapters: Vec<ChapterEntry>,
}

/// What stands under the words about each person.
const INVENTED: (&str, &str) = (
    "*Người và xưởng này là nhân vật dựng cho bản dùng thử.*",
    "*This person and workshop are invented for the demonstration.*",
);

fn broken(file: &'static str, reason: impl std::fmt::Display) -> DemoError {
    DemoError::File { file, reason: reason.to_string() }
}

/// Writes and publishes all of it. Leaves no audit behind: nobody did anything yet.
pub(super) async fn insert(tx: &mut Tx, catalogue: &Catalogue) -> Result<(), DemoError> {
    for (name, text) in FILES {
        let file: StoryFile = toml::from_str(text).map_err(|error| broken(name, error))?;
        let village = catalogue
            .village_by_slug(&file.village)
            .ok_or_else(|| broken(name, format!("no village {}", file.village)))?;
        let workshop = |slug: &str| {
            let found = catalogue.workshop_by_slug(slug);
            found.map(|shop| shop.id).ok_or_else(|| broken(name, format!("no workshop {slug}")))
        };
        for entry in file.chapters {
            let subject = match &entry.workshop {
                Some(slug) => Subject::Workshop(workshop(slug)?),
                None => Subject::Village(village.id),
            };
            chapter(tx, name, subject, entry).await?;
        }
        for entry in file.artisans {
            let shop = workshop(&entry.workshop)?;
            artisan(tx, name, shop, entry).await?;
        }
    }
    for verbs in ["chapter.%", "artisan.%"] {
        tx.execute("DELETE FROM audit WHERE verb LIKE $1", params![*verbs]).await?;
    }
    Ok(())
}

async fn chapter(
    tx: &mut Tx,
    file: &'static str,
    subject: Subject,
    entry: ChapterEntry,
) -> Result<(), DemoError> {
    let step = |step: StepEntry| StepInput {
        text: Localized { vi: step.vi, en: step.en },
        art: step.art.into(),
    };
    let term = |term: TermEntry| TermInput {
        word: term.word,
        english: term.english,
        meaning: Localized { vi: term.vi, en: term.en },
    };
    let input = ChapterInput {
        kind: entry.kind,
        heading: entry.heading,
        body: entry.body,
        steps: entry.steps.into_iter().map(step).collect(),
        terms: entry.terms.into_iter().map(term).collect(),
    };
    let data = ChapterData::parse(&input)
        .map_err(|wrongs| broken(file, format!("{}: {wrongs:?}", input.heading.vi)))?;
    let save = SaveChapter { actor: Actor::System, id: None, subject, data };
    let id = save_chapter(tx, save).await.map_err(|error| broken(file, error))?;
    let publish = OnChapter { actor: Actor::System, chapter: id, change: ChapterChange::Publish };
    change_chapter(tx, publish).await.map_err(|error| broken(file, error))
}

async fn artisan(
    tx: &mut Tx,
    file: &'static str,
    workshop: crate::WorkshopId,
    entry: ArtisanEntry,
) -> Result<(), DemoError> {
    let words = Localized {
        vi: format!("{}\n\n{}", entry.words.vi.trim(), INVENTED.0),
        en: format!("{}\n\n{}", entry.words.en.trim(), INVENTED.1),
    };
    let input = ArtisanInput {
        name: entry.name,
        title: entry.title,
        born: entry.born.to_string(),
        since: entry.since.to_string(),
        learned_from: entry.learned_from,
        words,
        quote: entry.quote,
        consent: true,
    };
    let data = ArtisanData::parse(&input, local_date(tx.now()).year())
        .map_err(|wrongs| broken(file, format!("{}: {wrongs:?}", input.name)))?;
    let save = SaveArtisan { actor: Actor::System, id: None, workshop, data };
    let id = save_artisan(tx, save).await.map_err(|error| broken(file, error))?;
    let show = OnArtisan { actor: Actor::System, artisan: id, change: ArtisanChange::Publish };
    change_artisan(tx, show).await.map_err(|error| broken(file, error))?;
    for each in entry.chapters {
        chapter(tx, file, Subject::Artisan(id), each).await?;
    }
    Ok(())
}
