//! Stories: what villages, workshops and artisans tell about themselves, in chapters.
//!
//! A chapter belongs to one [`Subject`]. Whoever owns a workshop writes its chapters and those of
//! its artisans; a village's are written by the managers of its co-ops and by the office. Text is a
//! small subset of Markdown, read into a tree that has no place for HTML (see [`markdown`]).
//!
//! An artisan is shown only with consent: without it nothing of them is published, and taking it
//! back hides them at once.

mod artisan;
mod chapter;
mod drawing;
mod error;
pub mod markdown;
mod model;
mod picture;
mod read;
mod reading;
mod rights;

#[cfg(test)]
mod tests;

pub use artisan::{
    ArtisanChange, ArtisanData, ArtisanInput, OnArtisan, SaveArtisan, change_artisan, save_artisan,
};
pub use chapter::{
    ChapterChange, ChapterData, ChapterInput, MAX_STEPS, MAX_TERMS, OnChapter, SaveChapter,
    StepInput, TermInput, change_chapter, save_chapter,
};
pub use drawing::Drawing;
pub use error::{ChapterField, StepPart, StoryError, TermPart};
pub use model::{
    Art, Artisan, Chapter, ChapterKind, Step, Steps, StoryPicture, Subject, Term, Terms,
};
pub use picture::{
    AddPicture, File, MAX_PICTURES, OnPicture, PictureChange, PictureOf, add_picture,
    change_picture, file,
};
pub use read::{
    Seen, artisan_by_id, artisan_by_slug, artisans_of_village, artisans_of_workshop, chapter_by_id,
    chapters, picture_of, published_artisans,
};
pub use reading::{minutes, words_of};
pub use rights::must_write;
