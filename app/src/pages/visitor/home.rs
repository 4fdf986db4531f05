//! The home page.

use axum::extract::State;
use axum::response::Response;
use leptos::prelude::*;

use crate::context::{App, Visit};
use crate::error::PageError;
use crate::islands::Countdown;
use crate::render::Page;
use crate::t;
use crate::ui::layout::Head;

pub async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let names: Vec<String> =
        catalogue.villages.iter().map(|village| village.name.text(locale).to_owned()).collect();
    let head = Head::new(t::home::title(locale), "");
    Ok(Page::new(head).with_islands().render(&visit, move || {
        view! {
            <h1>{t::home::title(locale)}</h1>
            <Countdown seconds=90 fallback="x".into() before="Còn".into() over="Hết giờ".into()/>
            <ul>{names.into_iter().map(|name| view! { <li>{name}</li> }).collect_view()}</ul>
        }
    }))
}
