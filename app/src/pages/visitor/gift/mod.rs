//! Gift cards for visitors: buying one, paying it, the card itself, what is left of one, and paying a
//! booking by it.

pub mod buy;
pub mod card;
pub mod check;
pub mod pay;
pub mod spend;

use axum::extract::Path;
use engine::GiftCardId;
use engine::catalogue::Catalogue;
use engine::giftcard::{self, GiftCard};
use engine::store::Conn;
use leptos::prelude::*;

use crate::context::{App, Visit};
use crate::error::PageError;
use crate::t::gift as t;
use crate::ui::gift_card::House;
use crate::ui::icon::icon;

/// The three parts of a card's link: language, id, secret.
pub type Link = Path<(String, String, String)>;

/// Opens a card; a wrong secret is answered as if there were no such card.
async fn open(app: &App, link: &Link) -> Result<(GiftCard, House), PageError> {
    let Path((_, id, secret)) = link;
    let id: GiftCardId = id.parse().map_err(|_| PageError::NotFound)?;
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let card = giftcard::by_secret(&mut conn, id, secret).await?.ok_or(PageError::NotFound)?;
    let house = House::of(&catalogue, &card).ok_or(PageError::NotFound)?;
    Ok((card, house))
}

/// A quiet link to giving a card, where the workshop sells any.
pub async fn offer(
    conn: &mut Conn,
    visit: &Visit,
    catalogue: &Catalogue,
    workshop: engine::WorkshopId,
) -> Result<Option<AnyView>, PageError> {
    let Some(workshop) = catalogue.workshop(workshop) else { return Ok(None) };
    if giftcard::may_sell(conn, workshop.id).await?.is_none() {
        return Ok(None);
    }
    let href = visit.link(&format!("/workshops/{}/gift", workshop.slug));
    let words = t::give(visit.locale);
    Ok(Some(
        view! { <p class="aside-link gift-link no-print"><a href=href>{icon("star")}{words}</a></p> }
            .into_any(),
    ))
}
