//! Photographs: what a host uploads is decoded within limits, turned upright, freed of all that
//! it says about the camera, the place and the owner, and kept as JPEG in a few widths.

use std::io::Cursor;
use std::sync::Arc;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, RgbImage};
use serde_json::json;
use sqlx::AssertSqlSafe;
use tokio::sync::Semaphore;

use super::cache;
use super::edit::written;
use super::model::{PHOTO_WIDTHS, Photo};
use crate::accounts::{Actor, Forbidden, audit};
use crate::store::{Bind, Columns, Conn, StoreError, Tx};
use crate::{Localized, PhotoId, TourId, WorkshopId, columns, params};

/// Largest file taken, bytes.
pub const MAX_BYTES: usize = 15 * 1024 * 1024;
/// Most pixels of a picture; a telephone of 2026 makes 12 to 50 million.
pub const MAX_PIXELS: u64 = 60_000_000;
/// Narrowest picture taken, pixels after turning.
pub const MIN_WIDTH: u32 = 480;
/// Photographs of one tour, or of the workshop itself.
pub const MAX_PHOTOS: usize = 24;
/// Longest description, in characters.
const MAX_ALT: usize = 300;
const QUALITY: u8 = 82;

#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no such photograph or tour")]
    Unknown,
    #[error("the file has more than {MAX_BYTES} bytes")]
    TooBig,
    #[error("the picture has more than {MAX_PIXELS} pixels")]
    TooManyPixels,
    #[error("the picture is narrower than {MIN_WIDTH} pixels")]
    TooSmall,
    #[error("the file is no JPEG, PNG or WebP picture, or is damaged")]
    NotAPicture,
    #[error("there are {MAX_PHOTOS} photographs already")]
    TooMany,
    #[error("the description is longer than {MAX_ALT} characters")]
    AltTooLong,
}

/// One copy of a photograph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    pub width: i32,
    pub jpeg: Vec<u8>,
}

/// A photograph, ready to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// Of the largest copy.
    pub width: i32,
    pub height: i32,
    /// Narrowest first.
    pub copies: Vec<Copy>,
}

/// Decodes an upload and makes its copies. Slow: see [`prepare_aside`].
pub fn prepare(bytes: &[u8]) -> Result<Prepared, PhotoError> {
    if bytes.len() > MAX_BYTES {
        return Err(PhotoError::TooBig);
    }
    let mut picture = decode(bytes)?;
    if picture.width() < MIN_WIDTH {
        return Err(PhotoError::TooSmall);
    }
    let widths: Vec<u32> =
        PHOTO_WIDTHS.iter().filter_map(|width| u32::try_from(*width).ok()).collect();
    let largest = widths.iter().copied().max().unwrap_or(MIN_WIDTH).min(picture.width());
    let mut copies = Vec::new();
    let mut height = 0;
    // From the largest down, each from the one before: as good, and far less work.
    for width in std::iter::once(largest).chain(widths.into_iter().rev().filter(|w| *w < largest)) {
        if picture.width() != width {
            let tall = u64::from(picture.height()) * u64::from(width) / u64::from(picture.width());
            let tall = u32::try_from(tall).unwrap_or(u32::MAX).max(1);
            picture = image::imageops::resize(&picture, width, tall, FilterType::CatmullRom);
        }
        if width == largest {
            height = picture.height();
        }
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, QUALITY)
            .encode_image(&picture)
            .map_err(|_| PhotoError::NotAPicture)?;
        copies.push(Copy { width: width.cast_signed(), jpeg });
    }
    copies.reverse();
    Ok(Prepared { width: largest.cast_signed(), height: height.cast_signed(), copies })
}

/// The pixels, upright, in sRGB and without transparency: nothing else of the file is left.
fn decode(bytes: &[u8]) -> Result<RgbImage, PhotoError> {
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|_| PhotoError::NotAPicture)?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_PIXELS * 8);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| PhotoError::NotAPicture)?;
    // Told by the file's head, before any pixel is unpacked.
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(PhotoError::TooManyPixels);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().unwrap_or_default();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| PhotoError::NotAPicture)?;
    picture.apply_orientation(orientation);
    let mut pixels =
        if picture.color().has_alpha() { on_white(&picture) } else { picture.into_rgb8() };
    if let Some(profile) = profile {
        to_srgb(&mut pixels, &profile);
    }
    Ok(pixels)
}

fn on_white(picture: &DynamicImage) -> RgbImage {
    let picture = picture.to_rgba8();
    let mut flat = RgbImage::new(picture.width(), picture.height());
    for (to, from) in flat.pixels_mut().zip(picture.pixels()) {
        let alpha = u16::from(from[3]);
        for channel in 0..3 {
            let mixed = (u16::from(from[channel]) * alpha + 255 * (255 - alpha)) / 255;
            to[channel] = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
    }
    flat
}

/// Telephones write wider colours than screens are told to expect without a profile, and the
/// profile goes with all other metadata. One that can't be read is passed over.
fn to_srgb(pixels: &mut RgbImage, profile: &[u8]) {
    use moxcms::{ColorProfile, Layout, TransformOptions};
    let Ok(from) = ColorProfile::new_from_slice(profile) else { return };
    let to = ColorProfile::new_srgb();
    let options = TransformOptions::default();
    if let Ok(transform) = from.create_transform_8bit(Layout::Rgb, &to, Layout::Rgb, options) {
        let source = pixels.as_raw().clone();
        let mut target = vec![0; source.len()];
        if transform.transform(&source, &mut target).is_ok()
            && let Some(turned) = RgbImage::from_raw(pixels.width(), pixels.height(), target)
        {
            *pixels = turned;
        }
    }
}

/// Pictures are unpacked one at a time: each may take some hundred megabytes.
static TURNS: Semaphore = Semaphore::const_new(1);

/// [`prepare`] on a thread of its own.
pub async fn prepare_aside(bytes: Vec<u8>) -> Result<Prepared, PhotoError> {
    let abandoned = |error: String| PhotoError::Store(StoreError::Abandoned(error));
    let _turn = TURNS.acquire().await.map_err(|error| abandoned(error.to_string()))?;
    tokio::task::spawn_blocking(move || prepare(&bytes))
        .await
        .map_err(|error| abandoned(error.to_string()))?
}

#[derive(Debug, Clone)]
pub struct AddPhoto {
    pub actor: Actor,
    pub workshop: WorkshopId,
    /// None for the workshop itself.
    pub tour: Option<TourId>,
    pub photo: Arc<Prepared>,
    pub alt: Localized,
}

/// Keeps a photograph, as the last of its tour or workshop.
pub async fn add_photo(tx: &mut Tx, command: AddPhoto) -> Result<PhotoId, PhotoError> {
    let AddPhoto { actor, workshop, tour, photo, alt } = command;
    actor.must_own(workshop)?;
    let alt = checked_alt(&alt)?;
    if let Some(tour) = tour {
        let own: Option<(TourId,)> = tx
            .fetch_optional(
                "SELECT id FROM tour WHERE id = $1 AND workshop_id = $2",
                params![tour, workshop],
            )
            .await?;
        own.ok_or(PhotoError::Unknown)?;
    }
    let others = shelf(tx, workshop, tour).await?;
    if others.len() >= MAX_PHOTOS {
        return Err(PhotoError::TooMany);
    }
    let position = others.last().map_or(1, |last| last.position + 1);
    let id = PhotoId::new(tx.now());
    tx.execute_one(
        "INSERT INTO photo (id, workshop_id, tour_id, position, alt, width, height, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![id, workshop, tour, position, alt, photo.width, photo.height, tx.now()],
    )
    .await?;
    for copy in &photo.copies {
        tx.execute_one(
            "INSERT INTO photo_file (photo_id, width, content_type, content) \
             VALUES ($1, $2, 'image/jpeg', $3)",
            params![id, copy.width, copy.jpeg],
        )
        .await?;
    }
    finish(tx, &actor, "photo.add", id, workshop).await?;
    Ok(id)
}

fn checked_alt(alt: &Localized) -> Result<Localized, PhotoError> {
    let alt = Localized { vi: written(&alt.vi), en: written(&alt.en) };
    if alt.vi.chars().count().max(alt.en.chars().count()) > MAX_ALT {
        return Err(PhotoError::AltTooLong);
    }
    Ok(alt)
}

/// A photograph and who wants something of it.
#[derive(Debug, Clone)]
pub struct OnPhoto {
    pub actor: Actor,
    pub photo: PhotoId,
    pub change: PhotoChange,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhotoChange {
    /// Says what it shows.
    Describe(Localized),
    /// Makes it the one that cards and shared links show.
    First,
    Earlier,
    Later,
    Delete,
}

pub async fn change_photo(tx: &mut Tx, command: OnPhoto) -> Result<(), PhotoError> {
    let OnPhoto { actor, photo, change } = command;
    let found: Option<Photo> =
        tx.fetch_optional("SELECT * FROM photo WHERE id = $1", params![photo]).await?;
    let found = found.ok_or(PhotoError::Unknown)?;
    actor.must_own(found.workshop_id)?;
    let verb = match change {
        PhotoChange::Describe(alt) => {
            let alt = checked_alt(&alt)?;
            tx.execute_one("UPDATE photo SET alt = $2 WHERE id = $1", params![photo, alt]).await?;
            "photo.describe"
        }
        PhotoChange::Delete => {
            tx.execute("DELETE FROM photo_file WHERE photo_id = $1", params![photo]).await?;
            tx.execute_one("DELETE FROM photo WHERE id = $1", params![photo]).await?;
            "photo.delete"
        }
        PhotoChange::First => {
            arrange(tx, &found, |_| 0).await?;
            "photo.move"
        }
        PhotoChange::Earlier => {
            arrange(tx, &found, |at| at.saturating_sub(1)).await?;
            "photo.move"
        }
        PhotoChange::Later => {
            arrange(tx, &found, |at| at + 1).await?;
            "photo.move"
        }
    };
    finish(tx, &actor, verb, photo, found.workshop_id).await
}

/// Puts a photograph at another place of its row.
async fn arrange(
    tx: &mut Tx,
    photo: &Photo,
    to: impl Fn(usize) -> usize,
) -> Result<(), PhotoError> {
    let mut row = shelf(tx, photo.workshop_id, photo.tour_id).await?;
    let at = row.iter().position(|other| other.id == photo.id).ok_or(PhotoError::Unknown)?;
    let moved = row.remove(at);
    let to = to(at).min(row.len());
    row.insert(to, moved);
    for (position, photo) in (1i32..).zip(row) {
        tx.execute_one("UPDATE photo SET position = $2 WHERE id = $1", params![photo.id, position])
            .await?;
    }
    Ok(())
}

/// Photographs of a tour, or of the workshop itself, in their order.
async fn shelf(
    tx: &mut Tx,
    workshop: WorkshopId,
    tour: Option<TourId>,
) -> Result<Vec<Photo>, StoreError> {
    let photos: Vec<Photo> = tx
        .fetch_all(
            "SELECT * FROM photo WHERE workshop_id = $1 ORDER BY position, id",
            params![workshop],
        )
        .await?;
    Ok(photos.into_iter().filter(|photo| photo.tour_id == tour).collect())
}

async fn finish(
    tx: &mut Tx,
    actor: &Actor,
    verb: &'static str,
    photo: PhotoId,
    workshop: WorkshopId,
) -> Result<(), PhotoError> {
    cache::touch(tx).await?;
    audit::record(tx, actor, verb, photo, Some(workshop), json!({})).await?;
    Ok(())
}

/// Which of a picture's copies is sent: that with at least the width `$2`, or the largest.
pub(crate) const NEAREST: &str =
    "ORDER BY CASE WHEN width >= $2 THEN 0 ELSE 1 END, ABS(width - $2) LIMIT 1";

/// The copy of a photograph that fits a width: content type and bytes.
pub async fn file(
    conn: &mut Conn,
    photo: PhotoId,
    width: i32,
) -> Result<Option<(String, Vec<u8>)>, StoreError> {
    let sql = format!("SELECT content_type, content FROM photo_file WHERE photo_id = $1 {NEAREST}");
    conn.fetch_optional(AssertSqlSafe(sql), params![photo, width]).await
}

/// A table with the copies of pictures that are kept apart from the catalogue's: JPEGs with their widths.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Copies {
    pub table: &'static str,
    /// The column with the picture's id.
    pub picture: &'static str,
}

impl Copies {
    pub async fn keep(
        self,
        tx: &mut Tx,
        picture: impl Bind + Send + Sync,
        photo: &Prepared,
    ) -> Result<(), StoreError> {
        for copy in &photo.copies {
            let of = Columns::new(vec![(self.picture, picture.bind())]);
            let row = of.and(columns! { width: copy.width, content: copy.jpeg });
            tx.insert(self.table, row).await?;
        }
        Ok(())
    }

    /// The copy that fits a width.
    pub async fn nearest(
        self,
        conn: &mut Conn,
        picture: impl Bind + Send + Sync,
        width: i32,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let Self { table, picture: column } = self;
        let sql = format!("SELECT content FROM {table} WHERE {column} = $1 {NEAREST}");
        let found: Option<(Vec<u8>,)> =
            conn.fetch_optional(AssertSqlSafe(sql), params![picture, width]).await?;
        Ok(found.map(|(content,)| content))
    }
}

#[cfg(test)]
mod tests;
