//! A company's pages, opened by one of its people under one contract.

use std::sync::Arc;

use engine::ContractId;
use engine::accounts::Seller;
use engine::catalogue::{Catalogue, Workshop};
use engine::reseller::{Agreement, seller_of};
use leptos::prelude::*;

use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Tab, frame, signed_in};
use crate::pages::host::resellers::refused;
use crate::t::reseller as t;
use crate::ui::icon::icon;

#[derive(Debug, Clone)]
pub struct Desk {
    pub catalogue: Arc<Catalogue>,
    pub seller: Seller,
    pub agreement: Agreement,
    pub shop: Workshop,
}

impl Desk {
    /// Who is not signed in is asked to; a stranger learns nothing of the contract.
    pub async fn open(app: &App, visit: &Visit, contract: &str) -> Result<Desk, PageError> {
        signed_in(visit)?;
        let contract: ContractId = contract.parse().map_err(|_| PageError::NotFound)?;
        let mut conn = app.store.read().await?;
        let found = seller_of(&mut conn, &visit.actor, contract).await;
        drop(conn);
        let (seller, agreement) = found.map_err(refused)?;
        let catalogue = app.catalogue().await?;
        let shop = catalogue.workshop(seller.workshop).ok_or(PageError::NotFound)?.clone();
        Ok(Desk { catalogue, seller, agreement, shop })
    }

    /// The address of a page under the contract.
    pub fn at(&self, visit: &Visit, sub: &str) -> String {
        visit.link(&format!("/reseller/{}{sub}", self.seller.contract))
    }

    /// Header and the company's navigation around a page.
    pub fn frame<V: IntoView>(&self, visit: &Visit, body: V) -> impl IntoView + use<V> {
        let locale = visit.locale;
        let links = [
            ("", "list", t::portal_bookings(locale)),
            ("/book", "plus", t::portal_book(locale)),
            ("/statement", "money", t::statement(locale)),
        ];
        let links = links
            .into_iter()
            .map(|(sub, sign, words)| {
                view! { <a class="btn btn-quiet" href=self.at(visit, sub)>{icon(sign)}{words}</a> }
            })
            .collect_view();
        let who = t::portal_of(locale, &self.seller.name, &self.shop.name);
        let body = view! {
            <p class="soft">{who}</p>
            <nav class="cluster no-print" aria-label=t::portal(locale)>{links}</nav>
            {body}
        };
        frame(visit, None, Tab::Account, body)
    }
}
