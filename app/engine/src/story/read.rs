//! Finding chapters, artisans and pictures.

use super::model::{Artisan, Chapter, StoryPicture, Subject};
use crate::store::{Conn, StoreError};
use crate::{ArtisanId, ChapterId, StoryPictureId, VillageId, WorkshopId, params};

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// What is published.
    ByGuests,
    /// Drafts as well.
    ByHosts,
}

impl Seen {
    const fn shows(self, published: bool) -> bool {
        published || matches!(self, Seen::ByHosts)
    }
}

/// Chapters of a subject with their pictures, in their order.
pub async fn chapters(
    conn: &mut Conn,
    subject: Subject,
    seen: Seen,
) -> Result<Vec<Chapter>, StoreError> {
    let (sql, key) = match subject {
        Subject::Village(id) => {
            ("SELECT * FROM chapter WHERE village_id = $1 ORDER BY position, id", params![id])
        }
        Subject::Workshop(id) => {
            ("SELECT * FROM chapter WHERE workshop_id = $1 ORDER BY position, id", params![id])
        }
        Subject::Artisan(id) => {
            ("SELECT * FROM chapter WHERE artisan_id = $1 ORDER BY position, id", params![id])
        }
    };
    let mut chapters: Vec<Chapter> = conn.fetch_all(sql, key).await?;
    chapters.retain(|chapter| seen.shows(chapter.published));
    let ids: Vec<ChapterId> = chapters.iter().map(|chapter| chapter.id).collect();
    let sql = |list: &str| {
        format!("SELECT * FROM story_picture WHERE chapter_id IN ({list}) ORDER BY position, id")
    };
    let pictures: Vec<StoryPicture> = conn.fetch_among(&ids, sql).await?;
    for picture in pictures {
        let of = chapters.iter_mut().find(|chapter| Some(chapter.id) == picture.chapter_id);
        if let Some(chapter) = of {
            chapter.pictures.push(picture);
        }
    }
    Ok(chapters)
}

/// A chapter with its pictures, published or not.
pub async fn chapter_by_id(conn: &mut Conn, id: ChapterId) -> Result<Option<Chapter>, StoreError> {
    let found: Option<Chapter> =
        conn.fetch_optional("SELECT * FROM chapter WHERE id = $1", params![id]).await?;
    let Some(mut chapter) = found else { return Ok(None) };
    chapter.pictures = conn
        .fetch_all(
            "SELECT * FROM story_picture WHERE chapter_id = $1 ORDER BY position, id",
            params![id],
        )
        .await?;
    Ok(Some(chapter))
}

/// The artisans of a workshop, in their order.
pub async fn artisans_of_workshop(
    conn: &mut Conn,
    workshop: WorkshopId,
    seen: Seen,
) -> Result<Vec<Artisan>, StoreError> {
    let mut artisans: Vec<Artisan> = conn
        .fetch_all(
            "SELECT * FROM artisan WHERE workshop_id = $1 ORDER BY position, id",
            params![workshop],
        )
        .await?;
    artisans.retain(|artisan| seen.shows(artisan.published));
    with_portraits(conn, artisans).await
}

/// Published artisans of a village's workshops, workshop by workshop.
pub async fn artisans_of_village(
    conn: &mut Conn,
    village: VillageId,
) -> Result<Vec<Artisan>, StoreError> {
    let artisans: Vec<Artisan> = conn
        .fetch_all(
            "SELECT artisan.* FROM artisan JOIN workshop ON workshop.id = artisan.workshop_id \
             WHERE workshop.village_id = $1 AND artisan.published \
             ORDER BY workshop.slug, artisan.position, artisan.id",
            params![village],
        )
        .await?;
    with_portraits(conn, artisans).await
}

/// Everybody who is published.
pub async fn published_artisans(conn: &mut Conn) -> Result<Vec<Artisan>, StoreError> {
    conn.fetch_all("SELECT * FROM artisan WHERE published ORDER BY slug", vec![]).await
}

/// An artisan by their address, published or not.
pub async fn artisan_by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Artisan>, StoreError> {
    let found: Option<Artisan> =
        conn.fetch_optional("SELECT * FROM artisan WHERE slug = $1", params![*slug]).await?;
    Ok(with_portraits(conn, found.into_iter().collect()).await?.pop())
}

pub async fn artisan_by_id(conn: &mut Conn, id: ArtisanId) -> Result<Option<Artisan>, StoreError> {
    let found: Option<Artisan> =
        conn.fetch_optional("SELECT * FROM artisan WHERE id = $1", params![id]).await?;
    Ok(with_portraits(conn, found.into_iter().collect()).await?.pop())
}

async fn with_portraits(
    conn: &mut Conn,
    mut artisans: Vec<Artisan>,
) -> Result<Vec<Artisan>, StoreError> {
    let ids: Vec<ArtisanId> = artisans.iter().map(|artisan| artisan.id).collect();
    let sql = |list: &str| format!("SELECT * FROM story_picture WHERE artisan_id IN ({list})");
    let portraits: Vec<StoryPicture> = conn.fetch_among(&ids, sql).await?;
    for portrait in portraits {
        let of = artisans.iter_mut().find(|artisan| Some(artisan.id) == portrait.artisan_id);
        if let Some(artisan) = of {
            artisan.portrait = Some(portrait);
        }
    }
    Ok(artisans)
}

pub async fn picture_of(
    conn: &mut Conn,
    id: StoryPictureId,
) -> Result<Option<StoryPicture>, StoreError> {
    conn.fetch_optional("SELECT * FROM story_picture WHERE id = $1", params![id]).await
}
