//! Pictures of stories, with the sizes that their places have.

use engine::story::StoryPicture;
use leptos::prelude::*;

use crate::Locale;
use crate::ui::layout::SharePicture;
use crate::ui::prose::foreign;

/// The address of a copy; see `pages::visitor::story_picture`.
pub fn path(picture: &StoryPicture, width: i32) -> String {
    format!("/story-photos/{}/{width}", picture.id)
}

/// The width that a browser without `srcset` gets.
const USUAL: i32 = 960;

/// `sizes` says how wide its place is; `of` names what it shows where nobody described it.
pub fn image(
    locale: Locale,
    picture: &StoryPicture,
    sizes: &'static str,
    of: &str,
) -> impl IntoView + use<> {
    let set: Vec<String> =
        picture.widths().map(|width| format!("{} {width}w", path(picture, width))).collect();
    view! {
        <img
            src=path(picture, USUAL)
            srcset=set.join(", ")
            sizes=sizes
            alt=alt(locale, picture, of)
            width=picture.width.to_string()
            height=picture.height.to_string()
            loading="lazy"
            decoding="async"
        />
    }
}

fn alt(locale: Locale, picture: &StoryPicture, of: &str) -> String {
    match picture.alt.text(locale) {
        "" => of.to_owned(),
        words => words.to_owned(),
    }
}

/// A picture with what stands under it.
pub fn figure(
    locale: Locale,
    picture: &StoryPicture,
    sizes: &'static str,
    of: &str,
) -> impl IntoView + use<> {
    let caption = picture.caption.text(locale).to_owned();
    let caption = (!caption.is_empty()).then(|| {
        view! { <figcaption lang=foreign(&picture.caption, locale)>{caption}</figcaption> }
    });
    view! { <figure class="story-figure">{image(locale, picture, sizes, of)} {caption}</figure> }
}

/// As a shared link shows it.
pub fn share(picture: &StoryPicture, of: &str, locale: Locale) -> SharePicture {
    SharePicture {
        path: path(picture, picture.width),
        width: picture.width,
        height: picture.height,
        alt: alt(locale, picture, of),
    }
}

/// The portrait of somebody, or else the first picture of the chapters.
pub fn portrait_share(
    portrait: Option<&StoryPicture>,
    chapters: &[engine::story::Chapter],
    of: &str,
    locale: Locale,
) -> Option<SharePicture> {
    let first = chapters.iter().find_map(|chapter| chapter.pictures.first());
    portrait.or(first).map(|picture| share(picture, of, locale))
}
