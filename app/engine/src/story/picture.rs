//! Pictures of chapters, and portraits. They go through the same hands as photographs (see
//! [`crate::catalogue::photos`]): nothing of an upload is left but its pixels.

use std::sync::Arc;

use serde_json::json;
use sqlx::AssertSqlSafe;

use super::error::StoryError;
use super::model::{StoryPicture, Subject};
use super::{read, rights};
use crate::accounts::{Actor, audit};
use crate::catalogue::edit::written;
use crate::catalogue::photos::{NEAREST, PhotoError, Prepared};
use crate::store::{Conn, StoreError, Tx};
use crate::{ArtisanId, ChapterId, Localized, StoryPictureId, WorkshopId, columns, params};

/// Pictures of one chapter.
pub const MAX_PICTURES: usize = 16;
/// Longest description and caption, in characters.
const MAX_WORDS: usize = 300;

/// What a picture belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureOf {
    Chapter(ChapterId),
    /// The one portrait of an artisan; another takes its place.
    Portrait(ArtisanId),
}

#[derive(Debug, Clone)]
pub struct AddPicture {
    pub actor: Actor,
    pub of: PictureOf,
    pub photo: Arc<Prepared>,
}

/// Keeps a picture, as the last of its chapter.
pub async fn add_picture(tx: &mut Tx, command: AddPicture) -> Result<StoryPictureId, StoryError> {
    let AddPicture { actor, of, photo } = command;
    let subject = subject_of(tx, of).await?;
    let workshop = rights::must_write(tx, &actor, subject).await?;
    let (chapter, artisan, position) = match of {
        PictureOf::Chapter(chapter) => {
            let others = of_chapter(tx, chapter).await?;
            if others.len() >= MAX_PICTURES {
                return Err(StoryError::TooMany);
            }
            (Some(chapter), None, others.last().map_or(1, |last| last.position.saturating_add(1)))
        }
        PictureOf::Portrait(artisan) => {
            delete_portrait(tx, artisan).await?;
            (None, Some(artisan), 1)
        }
    };
    let id = StoryPictureId::new(tx.now());
    let row = columns! {
        id: id,
        chapter_id: chapter,
        artisan_id: artisan,
        position: position,
        alt: <Localized>::default(),
        caption: <Localized>::default(),
        width: photo.width,
        height: photo.height,
        created_at: tx.now(),
    };
    tx.insert("story_picture", row).await?;
    for copy in &photo.copies {
        tx.execute_one(
            "INSERT INTO story_file (picture_id, width, content_type, content) \
             VALUES ($1, $2, 'image/jpeg', $3)",
            params![id, copy.width, copy.jpeg],
        )
        .await?;
    }
    finish(tx, &actor, "picture.add", id, workshop).await?;
    Ok(id)
}

async fn subject_of(conn: &mut Conn, of: PictureOf) -> Result<Subject, StoryError> {
    match of {
        PictureOf::Portrait(artisan) => Ok(Subject::Artisan(artisan)),
        PictureOf::Chapter(chapter) => {
            let chapter = read::chapter_by_id(conn, chapter).await?;
            chapter.and_then(|chapter| chapter.subject()).ok_or(StoryError::Unknown)
        }
    }
}

async fn of_chapter(conn: &mut Conn, chapter: ChapterId) -> Result<Vec<StoryPicture>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM story_picture WHERE chapter_id = $1 ORDER BY position, id",
        params![chapter],
    )
    .await
}

/// A picture and who wants something of it.
#[derive(Debug, Clone)]
pub struct OnPicture {
    pub actor: Actor,
    pub picture: StoryPictureId,
    pub change: PictureChange,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PictureChange {
    /// Says what it shows, and what stands under it.
    Describe {
        alt: Localized,
        caption: Localized,
    },
    Earlier,
    Later,
    Delete,
}

pub async fn change_picture(tx: &mut Tx, command: OnPicture) -> Result<(), StoryError> {
    let OnPicture { actor, picture, change } = command;
    let found = read::picture_of(tx, picture).await?.ok_or(StoryError::Unknown)?;
    let of = match (found.chapter_id, found.artisan_id) {
        (Some(chapter), _) => PictureOf::Chapter(chapter),
        (None, Some(artisan)) => PictureOf::Portrait(artisan),
        (None, None) => return Err(StoryError::Unknown),
    };
    let subject = subject_of(tx, of).await?;
    let workshop = rights::must_write(tx, &actor, subject).await?;
    let verb = match change {
        PictureChange::Describe { alt, caption } => {
            let columns = columns! { alt: checked(&alt)?, caption: checked(&caption)? };
            tx.update_one("story_picture", columns, columns! { id: picture }).await?;
            "picture.describe"
        }
        PictureChange::Earlier => {
            arrange(tx, &found, |at| at.saturating_sub(1)).await?;
            "picture.move"
        }
        PictureChange::Later => {
            arrange(tx, &found, |at| at + 1).await?;
            "picture.move"
        }
        PictureChange::Delete => {
            tx.execute("DELETE FROM story_file WHERE picture_id = $1", params![picture]).await?;
            tx.execute_one("DELETE FROM story_picture WHERE id = $1", params![picture]).await?;
            "picture.delete"
        }
    };
    finish(tx, &actor, verb, picture, workshop).await?;
    Ok(())
}

fn checked(words: &Localized) -> Result<Localized, StoryError> {
    let words = Localized { vi: written(&words.vi), en: written(&words.en) };
    if words.vi.chars().count().max(words.en.chars().count()) > MAX_WORDS {
        return Err(PhotoError::AltTooLong.into());
    }
    Ok(words)
}

async fn arrange(
    tx: &mut Tx,
    picture: &StoryPicture,
    to: impl Fn(usize) -> usize,
) -> Result<(), StoryError> {
    // A portrait stands alone.
    let Some(chapter) = picture.chapter_id else { return Ok(()) };
    let mut row = of_chapter(tx, chapter).await?;
    let at = row.iter().position(|other| other.id == picture.id).ok_or(StoryError::Unknown)?;
    let moved = row.remove(at);
    let to = to(at).min(row.len());
    row.insert(to, moved);
    for (position, picture) in (1i32..).zip(row) {
        let key = columns! { id: picture.id };
        tx.update_one("story_picture", columns! { position: position }, key).await?;
    }
    Ok(())
}

pub(super) async fn delete_portrait(tx: &mut Tx, artisan: ArtisanId) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM story_file WHERE picture_id IN \
         (SELECT id FROM story_picture WHERE artisan_id = $1)",
        params![artisan],
    )
    .await?;
    tx.execute("DELETE FROM story_picture WHERE artisan_id = $1", params![artisan]).await?;
    Ok(())
}

async fn finish(
    tx: &mut Tx,
    actor: &Actor,
    verb: &'static str,
    picture: StoryPictureId,
    workshop: Option<WorkshopId>,
) -> Result<(), StoreError> {
    audit::record(tx, actor, verb, picture, workshop, json!({})).await
}

/// A copy of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub content_type: String,
    pub content: Vec<u8>,
    /// A person's face: browsers do not keep it for good, because consent may end.
    pub portrait: bool,
}

/// The copy with at least this width, or the largest. A picture of what is not published is seen by
/// those who write it alone; to others it is not there.
pub async fn file(
    conn: &mut Conn,
    actor: &Actor,
    picture: StoryPictureId,
    width: i32,
) -> Result<Option<File>, StoryError> {
    let Some(found) = read::picture_of(conn, picture).await? else { return Ok(None) };
    let (subject, published) = match (found.chapter_id, found.artisan_id) {
        (Some(chapter), _) => {
            let chapter = read::chapter_by_id(conn, chapter).await?.ok_or(StoryError::Unknown)?;
            (chapter.subject().ok_or(StoryError::Unknown)?, chapter.published)
        }
        (None, Some(artisan)) => (Subject::Artisan(artisan), true),
        (None, None) => return Ok(None),
    };
    let published = match subject {
        Subject::Artisan(artisan) if published => {
            read::artisan_by_id(conn, artisan).await?.is_some_and(|artisan| artisan.published)
        }
        _ => published,
    };
    if !published {
        match rights::must_write(conn, actor, subject).await {
            Ok(_) => {}
            Err(StoryError::Forbidden(_)) => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    let copy: Option<(String, Vec<u8>)> = conn
        .fetch_optional(
            AssertSqlSafe(format!(
                "SELECT content_type, content FROM story_file WHERE picture_id = $1 {NEAREST}"
            )),
            params![picture, width],
        )
        .await?;
    let portrait = found.artisan_id.is_some();
    Ok(copy.map(|(content_type, content)| File { content_type, content, portrait }))
}
