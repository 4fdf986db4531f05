//! What is made to order, for its customer: the brief, the page by its secret link, paying.

pub mod act;
pub mod brief;
pub mod page;
pub mod pay;
pub mod photo;
mod send;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path};
use axum::routing::get;
use engine::CommissionId;
use engine::catalogue::{Catalogue, Workshop};
use engine::commission::{self, Commission};
use engine::store::Conn;
use leptos::prelude::*;

use crate::context::{App, Visit};
use crate::error::PageError;
use crate::t::commission as t;
use crate::ui::icon::icon;

/// The three parts of a customer's link: language, id, secret.
pub type Link = Path<(String, String, String)>;

/// Largest form: three photographs of a telephone, and a little more for the words.
pub const MAX_UPLOAD: usize = 46 * 1024 * 1024;

pub fn commissions() -> Router<App> {
    let of = |sub: &str| format!("/{{locale}}/commission/{{id}}/{{secret}}{sub}");
    let uploads = Router::new()
        .route("/{locale}/workshops/{slug}/commission", get(brief::page).post(brief::ask))
        .route(&of(""), get(page::page).post(act::act))
        .layer(DefaultBodyLimit::max(MAX_UPLOAD));
    Router::new()
        .route(&of("/pay"), get(pay::page))
        .route(&of("/pay/state"), get(pay::state))
        .route("/commission-photos/{id}/{width}", get(photo::file))
        .merge(uploads)
}

/// Opens a commission; a wrong secret is answered as if there were no such commission.
async fn open(app: &App, link: &Link) -> Result<(Commission, Workshop), PageError> {
    let Path((_, id, secret)) = link;
    let id: CommissionId = id.parse().map_err(|_| PageError::NotFound)?;
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let commission = commission::by_secret(&mut conn, id, secret).await?;
    let commission = commission.ok_or(PageError::NotFound)?;
    let shop = catalogue.workshop(commission.workshop_id).ok_or(PageError::NotFound)?.clone();
    Ok((commission, shop))
}

/// A quiet link to ordering something, where the workshop takes commissions.
pub async fn offer(
    conn: &mut Conn,
    visit: &Visit,
    catalogue: &Catalogue,
    workshop: engine::WorkshopId,
) -> Result<Option<AnyView>, PageError> {
    let Some(workshop) = catalogue.workshop(workshop) else { return Ok(None) };
    if commission::taken(conn, workshop.id).await?.is_none() {
        return Ok(None);
    }
    let href = visit.link(&format!("/workshops/{}/commission", workshop.slug));
    let words = t::have_made(visit.locale);
    Ok(Some(
        view! { <p class="aside-link commission-link no-print"><a href=href>{icon("hand")}{words}</a></p> }
            .into_any(),
    ))
}
