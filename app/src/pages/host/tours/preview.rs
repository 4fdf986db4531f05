//! The visitor's page with what was typed, before it is saved.

use axum::response::Response;
use engine::Locale;
use engine::catalogue::Tour;

use super::Desk;
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::tour::{Seen, show};

/// The language in which a preview was asked for.
pub fn asked(form: &Form) -> Option<Locale> {
    form.text("do").strip_prefix("preview-").and_then(Locale::parse)
}

/// Shows the tour as guests of that language would read it.
pub async fn page(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    tour: Tour,
    locale: Locale,
) -> Result<Response, PageError> {
    let path = format!("/tours/{}", tour.slug);
    let visit = Visit { locale, path, query: String::new(), ..visit.clone() };
    show(app, &visit, &desk.catalogue, tour, Seen::Unsaved).await
}
