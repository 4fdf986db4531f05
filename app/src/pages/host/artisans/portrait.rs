//! The portrait of a person: one picture, which another replaces.

use axum::extract::multipart::Multipart;
use axum::extract::{Path, State};
use axum::response::Response;
use engine::story::{
    Artisan, ArtisanInput, OnPicture, PictureChange, PictureOf, StoryError, change_picture,
};
use leptos::prelude::*;

use super::AtArtisan;
use super::edit::{answer, form_of};
use crate::Locale;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::{Look, in_both, texts};
use crate::pages::host::frame::{Desk, at, see};
use crate::pages::host::story::of_story;
use crate::pages::host::story::pictures::{drop_zone, take};
use crate::pages::host::story::seat::own_artisan;
use crate::t::edit as te;
use crate::t::story as t;
use crate::ui::icon::icon;
use crate::ui::story::picture_path;

/// Takes a new portrait.
pub async fn add(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtArtisan,
    upload: Multipart,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let shop = desk.workshop()?;
    let person = own_artisan(&app, shop, &id).await?;
    let (_, problems) = take(&app, &visit, PictureOf::Portrait(person.id), upload).await?;
    if problems.is_empty() {
        return Ok(see(&format!("{}?done=portrait", at(&visit, shop, &format!("/artisans/{id}")))));
    }
    let form = form_of(&ArtisanInput::of(&person));
    Ok(answer(&visit, shop, Some(person), &form, problems))
}

/// Describes the portrait, or takes it away; `do` says which.
pub async fn change(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtArtisan,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let shop = desk.workshop()?;
    let person = own_artisan(&app, shop, &id).await?;
    let back = at(&visit, shop, &format!("/artisans/{id}?done=portrait"));
    // Somebody else took it away meanwhile.
    let Some(portrait) = &person.portrait else { return Ok(see(&back)) };
    let change = match form.text("do") {
        "" => {
            PictureChange::Describe { alt: texts(&form, "alt"), caption: portrait.caption.clone() }
        }
        "delete" => PictureChange::Delete,
        _ => return Err(PageError::Invalid),
    };
    let command = OnPicture { actor: visit.actor.clone(), picture: portrait.id, change };
    let done = app.store.write("portrait", command, |tx, c| Box::pin(change_picture(tx, c))).await;
    match done {
        Ok(()) => Ok(see(&back)),
        Err(StoryError::Photo(_)) => {
            let mut problems = Problems::default();
            problems.add("alt_vi", te::alt_too_long(visit.locale));
            let kept = form_of(&ArtisanInput::of(&person));
            Ok(answer(&visit, shop, Some(person), &kept, problems))
        }
        Err(error) => Err(of_story(error)),
    }
}

/// The part of the editor that shows and changes it.
pub fn section(locale: Locale, base: &str, person: &Artisan) -> impl IntoView + use<> {
    let own = format!("{base}/{}/portrait", person.id);
    let now = person.portrait.as_ref().map(|portrait| {
        let look = Look { rows: 0, optional: true, hint: "" };
        view! {
            <div class="photo portrait-now">
                <img src=picture_path(portrait, 480) alt=portrait.alt.text(locale).to_owned() loading="lazy"
                    width=portrait.width.to_string() height=portrait.height.to_string()/>
                <form class="stack-s" method="post" action=format!("{own}/change")>
                    {in_both(locale, "alt", te::alt(locale), &portrait.alt, &Problems::default(), look)}
                    <div class="actions">
                        <button class="btn btn-small" name="do" value="">{te::save(locale)}</button>
                        <button class="btn btn-small btn-danger" name="do" value="delete">
                            {icon("trash")}{t::portrait_remove(locale)}
                        </button>
                    </div>
                </form>
            </div>
        }
    });
    view! {
        <section class="stack" aria-labelledby="portrait-title">
            <h2 id="portrait-title">{t::portrait(locale)}</h2>
            {now}
            {drop_zone(locale, own, false)}
        </section>
    }
}
