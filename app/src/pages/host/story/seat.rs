//! Where one sits who writes chapters: at a workshop, for it, an artisan of it or its village; or in
//! the office, for any village. The address says which.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, MatchedPath, Path};
use axum::http::request::Parts;
use axum::response::Response;
use engine::catalogue::{Catalogue, Craft, Workshop};
use engine::story::{self, Artisan, Chapter, Subject};
use leptos::prelude::*;

use crate::Locale;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::coop::may_manage;
use crate::pages::host::frame::{Desk, Tab, at, frame};
use crate::pages::office::frame::{Part, admitted, frame as office_frame};
use crate::pages::visitor::artisan::Unsaved;
use crate::pages::visitor::{artisan, village, workshop};
use crate::t::story as t;
use crate::ui::icon::icon;
use crate::ui::layout::breadcrumb;

#[derive(Debug, Clone)]
pub struct Seat {
    pub subject: Subject,
    /// Address of the list of chapters.
    pub base: String,
    /// Of what they tell.
    name: String,
    /// Whose steps the site has drawn.
    pub craft: Craft,
    /// None in the office.
    shop: Option<Workshop>,
    /// Whether the visitor also writes for the village.
    village_too: bool,
}

impl Seat {
    async fn open(
        app: &App,
        visit: &Visit,
        route: &str,
        parts: &HashMap<String, String>,
    ) -> Result<Seat, PageError> {
        let locale = visit.locale;
        let part = |name: &str| parts.get(name).map(String::as_str).ok_or(PageError::NotFound);
        if route.contains("/office/") {
            admitted(visit)?;
            let catalogue = app.catalogue().await?;
            let village = catalogue.village_by_slug(part("village")?).ok_or(PageError::NotFound)?;
            return Ok(Seat {
                subject: Subject::Village(village.id),
                base: visit.link(&format!("/office/stories/{}", village.slug)),
                name: village.name.text(locale).to_owned(),
                craft: village.craft,
                shop: None,
                village_too: false,
            });
        }
        let desk = Desk::open_as_owner(app, visit, part("workshop")?).await?;
        let shop = desk.workshop()?.clone();
        let craft = craft_of(&desk.catalogue, &shop)?;
        if route.contains("/artisans/{artisan}/story") {
            let artisan = own_artisan(app, &shop, part("artisan")?).await?;
            let sub = format!("/artisans/{}/story", artisan.id);
            return Ok(Seat {
                subject: Subject::Artisan(artisan.id),
                base: at(visit, &shop, &sub),
                name: artisan.name,
                craft,
                shop: Some(shop),
                village_too: false,
            });
        }
        let coop = may_manage(&mut app.store.read().await?, visit, &desk).await?;
        if route.contains("/village-story") {
            let coop = coop.ok_or(PageError::NotFound)?;
            let village = desk.catalogue.village(coop.village_id).ok_or(PageError::NotFound)?;
            return Ok(Seat {
                subject: Subject::Village(village.id),
                base: at(visit, &shop, "/village-story"),
                name: village.name.text(locale).to_owned(),
                craft: village.craft,
                shop: Some(shop),
                village_too: false,
            });
        }
        Ok(Seat {
            subject: Subject::Workshop(shop.id),
            base: at(visit, &shop, "/story"),
            name: shop.name.clone(),
            craft,
            village_too: coop.is_some(),
            shop: Some(shop),
        })
    }

    pub fn title(&self, locale: Locale) -> String {
        match self.subject {
            Subject::Village(_) => t::story_of_village(locale, &self.name),
            Subject::Workshop(_) => t::host_title(locale).to_owned(),
            Subject::Artisan(_) => t::story_of_person(locale, &self.name),
        }
    }

    /// The way down to the list of chapters.
    pub fn crumbs(&self, visit: &Visit) -> impl IntoView + use<> {
        let locale = visit.locale;
        let steps = match (&self.shop, self.subject) {
            (None, _) => {
                vec![(visit.link("/office/stories"), t::office_title(locale).to_owned())]
            }
            (Some(shop), Subject::Artisan(id)) => vec![
                (at(visit, shop, "/artisans"), t::artisans(locale).to_owned()),
                (at(visit, shop, &format!("/artisans/{id}")), self.name.clone()),
            ],
            (Some(shop), Subject::Village(_)) => {
                vec![(at(visit, shop, "/story"), t::host_title(locale).to_owned())]
            }
            (Some(shop), Subject::Workshop(_)) => {
                let more = crate::t::account::tab_more(locale);
                vec![(at(visit, shop, "/more"), more.to_owned())]
            }
        };
        breadcrumb(locale, steps)
    }

    /// Ways from the workshop's chapters to the other stories that its owner writes.
    pub fn others(&self, visit: &Visit) -> Option<impl IntoView + use<>> {
        let locale = visit.locale;
        let shop = self.shop.as_ref()?;
        matches!(self.subject, Subject::Workshop(_)).then(|| {
            let village = self.village_too.then(|| {
                let href = at(visit, shop, "/village-story");
                view! { <li><a class="btn" href=href>{icon("home")}{t::write_village(locale)}</a></li> }
            });
            view! {
                <ul class="cluster">
                    <li><a class="btn" href=at(visit, shop, "/artisans")>{icon("people")}{t::artisans(locale)}</a></li>
                    {village}
                </ul>
            }
        })
    }

    pub fn frame(&self, visit: &Visit, body: AnyView) -> AnyView {
        match &self.shop {
            Some(shop) => frame(visit, Some(shop), Tab::More, body).into_any(),
            None => office_frame(visit, Part::Stories, body).into_any(),
        }
    }

    /// The visitor's page with a chapter as it was typed, in the language asked for.
    pub async fn preview(
        &self,
        app: &App,
        visit: &Visit,
        locale: Locale,
        chapter: Chapter,
    ) -> Result<Response, PageError> {
        let catalogue = app.catalogue().await?;
        let read = |path: String| Visit { locale, path, query: String::new(), ..visit.clone() };
        match self.subject {
            Subject::Village(id) => {
                let village = catalogue.village(id).ok_or(PageError::NotFound)?.clone();
                let visit = read(format!("/villages/{}", village.slug));
                village::show(app, &visit, &catalogue, village, Some(chapter)).await
            }
            Subject::Workshop(id) => {
                let shop = catalogue.workshop(id).ok_or(PageError::NotFound)?.clone();
                let visit = read(format!("/workshops/{}", shop.slug));
                workshop::show(app, &visit, &catalogue, shop, Some(chapter)).await
            }
            Subject::Artisan(id) => {
                let found = story::artisan_by_id(&mut app.store.read().await?, id).await?;
                let person = found.ok_or(PageError::NotFound)?;
                let visit = read(crate::ui::story::artisan::path(&person));
                let unsaved = Unsaved::Chapter(Box::new(chapter));
                artisan::show(app, &visit, &catalogue, person, unsaved).await
            }
        }
    }
}

fn craft_of(catalogue: &Catalogue, shop: &Workshop) -> Result<Craft, PageError> {
    Ok(catalogue.village(shop.village_id).ok_or(PageError::NotFound)?.craft)
}

/// An artisan of this workshop; another's is not found.
pub async fn own_artisan(app: &App, shop: &Workshop, id: &str) -> Result<Artisan, PageError> {
    let id = id.parse().map_err(|_| PageError::NotFound)?;
    let found = story::artisan_by_id(&mut app.store.read().await?, id).await?;
    found.filter(|artisan| artisan.workshop_id == shop.id).ok_or(PageError::NotFound)
}

impl FromRequestParts<App> for Seat {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        let visit = match Visit::from_request_parts(parts, app).await {
            Ok(visit) => visit,
            Err(never) => match never {},
        };
        let route = parts.extensions.get::<MatchedPath>().cloned().ok_or(PageError::NotFound)?;
        let Path(named) = Path::<HashMap<String, String>>::from_request_parts(parts, app)
            .await
            .map_err(|_| PageError::NotFound)?;
        Box::pin(Seat::open(app, &visit, route.as_str(), &named)).await
    }
}
