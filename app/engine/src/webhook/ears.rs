//! Who listens to a change, and the words that tell where it belongs.

use std::collections::HashMap;

use super::model::{Event, Webhook};
use crate::reseller::{self, Terms};
use crate::store::{StoreError, Tx};
use crate::{ContractId, Locale, OptionId, TourId, WorkshopId, params};

/// Who listens, and what is known of where things belong.
pub(super) struct Ears {
    all: Vec<Webhook>,
    terms: HashMap<ContractId, Terms>,
    places: HashMap<OptionId, Option<Place>>,
}

/// Addresses of an option.
#[derive(Clone, sqlx::FromRow)]
pub(super) struct Place {
    pub tour: String,
    pub choice: String,
    pub workshop: String,
    pub locale: Locale,
    pub course: Option<TourId>,
}

impl Ears {
    pub async fn open(tx: &mut Tx) -> Result<Self, StoreError> {
        let all = tx
            .fetch_all(
                "SELECT webhook.* FROM webhook LEFT JOIN reseller_contract contract \
                 ON contract.id = webhook.contract_id WHERE webhook.state = 'active' \
                 AND contract.ended_at IS NULL ORDER BY webhook.id",
                params![],
            )
            .await?;
        Ok(Self { all, terms: HashMap::new(), places: HashMap::new() })
    }

    /// A workshop's own that want to hear of it.
    pub fn own(&self, workshop: WorkshopId, event: Event) -> Vec<Webhook> {
        self.those(|it| {
            it.contract_id.is_none() && it.workshop_id == workshop && it.events.has(event)
        })
    }

    pub fn those(&self, wanted: impl Fn(&Webhook) -> bool) -> Vec<Webhook> {
        self.all.iter().filter(|it| wanted(it)).cloned().collect()
    }

    /// Travel companies that want to hear of a tour of the workshop, which is no course, and may sell
    /// it, with what they agreed.
    pub async fn companies(
        &mut self,
        tx: &mut Tx,
        (workshop, tour): (WorkshopId, TourId),
        event: Event,
    ) -> Result<Vec<(Webhook, Terms)>, StoreError> {
        let mut wanted = Vec::new();
        for it in self.those(|it| it.workshop_id == workshop && it.events.has(event)) {
            let Some(contract) = it.contract_id else { continue };
            let terms = if let Some(terms) = self.terms.get(&contract) {
                terms.clone()
            } else {
                let terms = reseller::terms(tx, contract).await?;
                self.terms.insert(contract, terms.clone());
                terms
            };
            if terms.tours.is_empty() || terms.tours.contains(&tour) {
                wanted.push((it, terms));
            }
        }
        Ok(wanted)
    }

    pub async fn place(
        &mut self,
        tx: &mut Tx,
        option: OptionId,
    ) -> Result<Option<Place>, StoreError> {
        if let Some(place) = self.places.get(&option) {
            return Ok(place.clone());
        }
        let place: Option<Place> = tx
            .fetch_optional(
                "SELECT tour.slug AS tour, tour_option.slug AS choice, workshop.slug AS workshop, \
                 workshop.locale, course.tour_id AS course FROM tour_option \
                 JOIN tour ON tour.id = tour_option.tour_id \
                 JOIN workshop ON workshop.id = tour.workshop_id \
                 LEFT JOIN course ON course.tour_id = tour.id WHERE tour_option.id = $1",
                params![option],
            )
            .await?;
        self.places.insert(option, place.clone());
        Ok(place)
    }
}
