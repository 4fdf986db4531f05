//! Writing chapters.

use serde_json::json;

use super::error::{ChapterField, StepPart, StoryError, TermPart};
use super::markdown;
use super::model::{Art, Chapter, ChapterKind, Step, Steps, Subject, Term, Terms};
use super::{read, rights};
use crate::accounts::{Actor, audit};
use crate::catalogue::edit::{Field, Reader, Wrong, Wrongs};
use crate::store::{Columns, StoreError, Tx};
use crate::{ChapterId, Locale, Localized, columns, params};

/// Most steps of a process, words of a glossary, chapters of a subject.
pub const MAX_STEPS: usize = 12;
pub const MAX_TERMS: usize = 40;
const MAX_CHAPTERS: usize = 24;
/// Longest texts, in characters.
const HEADING: usize = 120;
const BODY: usize = 12_000;
const STEP: usize = 300;
const TERM: usize = 80;
const MEANING: usize = 400;

/// As typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChapterInput {
    pub kind: String,
    pub heading: Localized,
    pub body: Localized,
    pub steps: Vec<StepInput>,
    pub terms: Vec<TermInput>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StepInput {
    pub text: Localized,
    /// A drawing, a picture of the chapter, or nothing.
    pub art: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TermInput {
    pub word: String,
    pub english: String,
    pub meaning: Localized,
}

impl ChapterInput {
    /// What the editor begins with.
    pub fn of(chapter: &Chapter) -> Self {
        let step = |step: &Step| StepInput { text: step.text.clone(), art: step.art.into() };
        let term = |term: &Term| TermInput {
            word: term.word.clone(),
            english: term.english.clone(),
            meaning: term.meaning.clone(),
        };
        Self {
            kind: chapter.kind.word().to_owned(),
            heading: chapter.heading.clone(),
            body: chapter.body.clone(),
            steps: chapter.steps.0.iter().map(step).collect(),
            terms: chapter.terms.0.iter().map(term).collect(),
        }
    }
}

/// A chapter, as it can be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChapterData {
    kind: ChapterKind,
    heading: Localized,
    body: Localized,
    steps: Steps,
    terms: Terms,
}

impl ChapterData {
    pub fn parse(input: &ChapterInput) -> Result<ChapterData, Wrongs> {
        let mut reader = Reader::default();
        let at = Field::Chapter;
        let kind = ChapterKind::parse(&input.kind);
        let kind = reader.choice(at(ChapterField::Kind), kind, ChapterKind::History);
        let heading = reader.texts(
            |locale| at(ChapterField::Heading(locale)),
            &one_line(&input.heading),
            HEADING,
        );
        // Steps and words may stand alone; any other chapter is its text.
        let rows = matches!(kind, ChapterKind::Process | ChapterKind::Words);
        let body_field = |locale| at(ChapterField::Body(locale));
        let body = if rows {
            reader.optional_texts(body_field, &input.body, BODY)
        } else {
            reader.texts(body_field, &input.body, BODY)
        };
        check_links(&mut reader, body_field, &body);
        let (steps, terms) = match kind {
            ChapterKind::Process => (steps(&mut reader, &input.steps), Terms::default()),
            ChapterKind::Words => (Steps::default(), terms(&mut reader, &input.terms)),
            _ => (Steps::default(), Terms::default()),
        };
        reader.finish(ChapterData { kind, heading, body, steps, terms })
    }

    /// The chapter as it would read with these words, for a preview.
    pub fn shown_on(&self, chapter: &mut Chapter) {
        let data = self.clone();
        chapter.kind = data.kind;
        chapter.heading = data.heading;
        chapter.body = data.body;
        chapter.steps = data.steps;
        chapter.terms = data.terms;
    }

    /// A chapter that nobody saved yet, for a preview.
    pub fn unsaved(&self, subject: Subject, now: chrono::DateTime<chrono::Utc>) -> Chapter {
        let mut chapter = Chapter {
            id: ChapterId::new(now),
            village_id: subject.village(),
            workshop_id: subject.workshop(),
            artisan_id: subject.artisan(),
            kind: self.kind,
            position: i32::MAX,
            heading: Localized::default(),
            body: Localized::default(),
            steps: Steps::default(),
            terms: Terms::default(),
            published: false,
            created_at: now,
            updated_at: now,
            pictures: Vec::new(),
        };
        self.shown_on(&mut chapter);
        chapter
    }

    fn columns(&self) -> Columns {
        columns! {
            heading: self.heading,
            body: self.body,
            steps: self.steps,
            terms: self.terms,
        }
    }
}

pub(super) fn one_line(texts: &Localized) -> Localized {
    let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    Localized { vi: line(&texts.vi), en: line(&texts.en) }
}

/// Links lead to pages of the site or to https; others are told before they are saved.
pub(super) fn check_links(reader: &mut Reader, field: impl Fn(Locale) -> Field, text: &Localized) {
    for locale in Locale::WRITTEN {
        if !markdown::bad_links(text.get(locale)).is_empty() {
            reader.wrong(field(locale), Wrong::Link);
        }
    }
}

fn empty(text: &Localized) -> bool {
    text.vi.trim().is_empty() && text.en.trim().is_empty()
}

/// Rows that were left empty are none.
fn steps(reader: &mut Reader, typed: &[StepInput]) -> Steps {
    let mut steps = Vec::new();
    for (at, step) in typed.iter().enumerate() {
        if empty(&step.text) && step.art.is_empty() {
            continue;
        }
        let field = |part| Field::Chapter(ChapterField::Step(at, part));
        let text =
            reader.texts(|locale| field(StepPart::Text(locale)), &one_line(&step.text), STEP);
        let art = reader.choice(field(StepPart::Art), Art::parse(&step.art), Art::None);
        steps.push(Step { text, art });
    }
    if steps.is_empty() {
        reader.wrong(Field::Chapter(ChapterField::Steps), Wrong::Missing);
    }
    if steps.len() > MAX_STEPS {
        reader.wrong(Field::Chapter(ChapterField::Steps), Wrong::TooMany { max: MAX_STEPS });
    }
    Steps(steps)
}

fn terms(reader: &mut Reader, typed: &[TermInput]) -> Terms {
    let mut terms = Vec::new();
    for (at, term) in typed.iter().enumerate() {
        if empty(&term.meaning) && term.word.trim().is_empty() && term.english.trim().is_empty() {
            continue;
        }
        let field = |part| Field::Chapter(ChapterField::Term(at, part));
        let word = reader.line(field(TermPart::Word), &term.word, TERM);
        let english = reader.optional_line(field(TermPart::English), &term.english, TERM);
        let meaning = one_line(&term.meaning);
        let meaning = reader.texts(|locale| field(TermPart::Meaning(locale)), &meaning, MEANING);
        terms.push(Term { word, english, meaning });
    }
    if terms.is_empty() {
        reader.wrong(Field::Chapter(ChapterField::Terms), Wrong::Missing);
    }
    if terms.len() > MAX_TERMS {
        reader.wrong(Field::Chapter(ChapterField::Terms), Wrong::TooMany { max: MAX_TERMS });
    }
    Terms(terms)
}

/// A chapter, new where no id is given. A new one is a draft, the last of its subject.
#[derive(Debug, Clone)]
pub struct SaveChapter {
    pub actor: Actor,
    pub id: Option<ChapterId>,
    /// Of a new one; a chapter stays where it is, and keeps its kind.
    pub subject: Subject,
    pub data: ChapterData,
}

pub async fn save_chapter(tx: &mut Tx, command: SaveChapter) -> Result<ChapterId, StoryError> {
    let SaveChapter { actor, id, subject, mut data } = command;
    let before = match id {
        Some(id) => Some(read::chapter_by_id(tx, id).await?.ok_or(StoryError::Unknown)?),
        None => None,
    };
    let subject = match &before {
        Some(chapter) => chapter.subject().ok_or(StoryError::Unknown)?,
        None => subject,
    };
    let workshop = rights::must_write(tx, &actor, subject).await?;
    // A picture that is another's, or was deleted meanwhile, leaves its step without one.
    for step in &mut data.steps.0 {
        if let Art::Picture(id) = step.art
            && before.as_ref().and_then(|chapter| chapter.picture(id)).is_none()
        {
            step.art = Art::None;
        }
    }
    let changed = columns! { updated_at: tx.now() };
    let id = match before {
        Some(chapter) if chapter.kind != data.kind => return Err(StoryError::Unknown),
        Some(chapter) => {
            let key = columns! { id: chapter.id };
            tx.update_one("chapter", data.columns().and(changed), key).await?;
            chapter.id
        }
        None => insert(tx, subject, &data, changed).await?,
    };
    let detail = json!({ "title": data.heading.vi });
    audit::record(tx, &actor, "chapter.save", id, workshop, detail).await?;
    Ok(id)
}

async fn insert(
    tx: &mut Tx,
    subject: Subject,
    data: &ChapterData,
    changed: Columns,
) -> Result<ChapterId, StoryError> {
    let others = read::chapters(tx, subject, read::Seen::ByHosts).await?;
    if others.len() >= MAX_CHAPTERS {
        return Err(StoryError::TooMany);
    }
    let id = ChapterId::new(tx.now());
    let place = columns! {
        id: id,
        village_id: subject.village(),
        workshop_id: subject.workshop(),
        artisan_id: subject.artisan(),
        kind: data.kind,
        position: others.last().map_or(1, |last| last.position.saturating_add(1)),
        published: false,
        created_at: tx.now(),
    };
    tx.insert("chapter", place.and(data.columns()).and(changed)).await?;
    Ok(id)
}

/// A chapter and who wants something of it.
#[derive(Debug, Clone)]
pub struct OnChapter {
    pub actor: Actor,
    pub chapter: ChapterId,
    pub change: ChapterChange,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChapterChange {
    Publish,
    Withdraw,
    Earlier,
    Later,
    /// With its pictures.
    Delete,
}

pub async fn change_chapter(tx: &mut Tx, command: OnChapter) -> Result<(), StoryError> {
    let OnChapter { actor, chapter, change } = command;
    let found = read::chapter_by_id(tx, chapter).await?.ok_or(StoryError::Unknown)?;
    let subject = found.subject().ok_or(StoryError::Unknown)?;
    let workshop = rights::must_write(tx, &actor, subject).await?;
    let verb = match change {
        ChapterChange::Publish => {
            publish(tx, chapter, true).await?;
            "chapter.publish"
        }
        ChapterChange::Withdraw => {
            publish(tx, chapter, false).await?;
            "chapter.withdraw"
        }
        ChapterChange::Earlier => {
            arrange(tx, subject, chapter, |at| at.saturating_sub(1)).await?;
            "chapter.move"
        }
        ChapterChange::Later => {
            arrange(tx, subject, chapter, |at| at + 1).await?;
            "chapter.move"
        }
        ChapterChange::Delete => {
            delete(tx, chapter).await?;
            "chapter.delete"
        }
    };
    let detail = json!({ "title": found.heading.vi });
    audit::record(tx, &actor, verb, chapter, workshop, detail).await?;
    Ok(())
}

async fn publish(tx: &mut Tx, chapter: ChapterId, published: bool) -> Result<(), StoreError> {
    let columns = columns! { published: published, updated_at: tx.now() };
    tx.update_one("chapter", columns, columns! { id: chapter }).await
}

async fn arrange(
    tx: &mut Tx,
    subject: Subject,
    chapter: ChapterId,
    to: impl Fn(usize) -> usize,
) -> Result<(), StoryError> {
    let mut row = read::chapters(tx, subject, read::Seen::ByHosts).await?;
    let at = row.iter().position(|other| other.id == chapter).ok_or(StoryError::Unknown)?;
    let moved = row.remove(at);
    let to = to(at).min(row.len());
    row.insert(to, moved);
    for (position, chapter) in (1i32..).zip(row) {
        tx.update_one("chapter", columns! { position: position }, columns! { id: chapter.id })
            .await?;
    }
    Ok(())
}

pub(super) async fn delete(tx: &mut Tx, chapter: ChapterId) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM story_file WHERE picture_id IN \
         (SELECT id FROM story_picture WHERE chapter_id = $1)",
        params![chapter],
    )
    .await?;
    tx.execute("DELETE FROM story_picture WHERE chapter_id = $1", params![chapter]).await?;
    tx.execute_one("DELETE FROM chapter WHERE id = $1", params![chapter]).await
}
