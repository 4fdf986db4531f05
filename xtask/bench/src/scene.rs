//! What there is to ask for and to book, and whether it was sold rightly.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{NaiveDate, TimeDelta};
use engine::catalogue::search::{Guests, Search, search};
use engine::catalogue::{
    Catalogue, CatalogueCache, Question, QuestionKind, QuestionScope, Sharing, Tour,
};
use engine::clock::{Clock, local_date};
use engine::payment::PaymentTerms;
use engine::schedule::{Slot, slots};
use engine::store::{Store, StoreError};
use engine::{SlotId, UnitId, params};

use crate::Result;
use crate::load::Measured;

/// Capacity of the slot that all want.
pub const ONE_SLOT: u64 = 3000;
/// Days from today on whose slots are sold.
const DAYS: i64 = 170;
/// People in a party.
const PARTY: i32 = 2;

/// What a form needs to book in a slot.
#[derive(Debug, Clone)]
pub struct Offer {
    pub slot: SlotId,
    pub adult: UnitId,
    /// Answers to the tour's questions and its waiver, as the form sends them.
    pub answers: String,
}

pub struct Scene {
    pub store: Store,
    catalogue: Arc<Catalogue>,
    /// Parties of [`PARTY`] that find room, over all slots.
    pub offers: Vec<Offer>,
    pub one: Offer,
    /// Departures of one day that need wheels, kilns and the like, which they share.
    pub shared: Vec<Offer>,
    /// Confirmed bookings that the demo brought along.
    before: u64,
}

impl Scene {
    pub async fn open(url: &str, one_slot: u64) -> Result<Self> {
        let store = Store::open(&url.parse()?, Clock::System).await?;
        let catalogue = CatalogueCache::new(store.clone()).get().await?;
        let now = store.now();
        let first = local_date(now) + TimeDelta::days(2);
        let mut rounds: Vec<(i32, Offer)> = Vec::new();
        let mut empty: Option<(Slot, Offer)> = None;
        let mut sharing: BTreeMap<NaiveDate, Vec<Offer>> = BTreeMap::new();
        let mut conn = store.read().await?;
        for tour in catalogue.published().filter(|tour| sold(tour)) {
            let last = first + TimeDelta::days(DAYS);
            for slot in slots::of_tour(&mut conn, tour.id, first, last).await? {
                let Some(offer) = offer(tour, &slot) else { continue };
                let parties = slot.left(now) / PARTY;
                if slot.taken == 0 && slot.room.is_none() && empty.is_none() {
                    empty = Some((slot, offer));
                    continue;
                }
                if slot.room.is_some_and(|room| room > 0) {
                    sharing.entry(slot.local_date).or_default().push(offer.clone());
                }
                rounds.extend((0..parties).map(|round| (round, offer.clone())));
            }
        }
        drop(conn);
        // A party in each slot before a second one in any: buyers seldom meet in a slot.
        rounds.sort_by_key(|(round, _)| *round);
        let offers = rounds.into_iter().map(|(_, offer)| offer).collect();
        let busiest = sharing.into_values().max_by_key(Vec::len);
        let shared = busiest.ok_or("the demo has no departure that needs a resource")?;
        let (slot, one) = empty.ok_or("the demo has no empty slot")?;
        let capacity = i32::try_from(one_slot)?;
        store
            .write("widen", slot.id, move |tx, id| {
                Box::pin(async move {
                    // As a host who set it by hand: the rules don't set it back.
                    let sql = "UPDATE slot SET capacity = $1, origin = 'host' WHERE id = $2";
                    tx.execute_one(sql, params![capacity, id]).await
                })
            })
            .await
            .map_err(|error: StoreError| error)?;
        let mut scene = Self { store, catalogue, offers, one, shared, before: 0 };
        scene.before = scene.confirmed().await?;
        Ok(scene)
    }

    pub fn pages(&self) -> Vec<(&'static str, String)> {
        let today = local_date(self.store.now());
        let saturday = (0..7)
            .map(|ahead| today + TimeDelta::days(ahead))
            .find(|day| engine::clock::week_start(*day) + TimeDelta::days(5) == *day)
            .unwrap_or(today);
        vec![
            ("home", "/en".to_owned()),
            (
                "search: Saturday, 2 adults, 1 child",
                format!("/en/tours?date={saturday}&adults=2&children=1"),
            ),
            self.tour_page(),
        ]
    }

    /// What all tours have free for two on the next 30 days, resources counted in: asked of the
    /// engine, one after another.
    pub async fn searches(&self, time: Duration) -> Result<Measured> {
        let today = local_date(self.store.now());
        let wanted = Search {
            dates: Some((today, today + TimeDelta::days(29))),
            party: Some(Guests { adults: 2, children: 0 }),
            ..Search::default()
        };
        let begun = Instant::now();
        let mut latencies = Vec::new();
        while begun.elapsed() < time {
            let asked = Instant::now();
            let mut conn = self.store.read().await?;
            search(&mut conn, &self.catalogue, &wanted, self.store.now()).await?;
            latencies.push(asked.elapsed());
        }
        Ok(Measured::of(latencies, begun.elapsed()))
    }

    pub fn tour_page(&self) -> (&'static str, String) {
        let slug = self.catalogue.published().next().map_or("", |tour| tour.slug.as_str());
        ("tour", format!("/en/tours/{slug}"))
    }

    async fn count(&self, sql: &'static str) -> Result<u64> {
        let mut conn = self.store.read().await?;
        let (count,): (i64,) = conn.fetch_one(sql, vec![]).await?;
        Ok(u64::try_from(count)?)
    }

    async fn confirmed(&self) -> Result<u64> {
        self.count("SELECT CAST(COUNT(*) AS BIGINT) FROM booking WHERE state = 'confirmed'").await
    }

    /// Fails when a booking that was answered is missing, a slot is oversold, or the one slot
    /// was not sold to its last seat.
    pub async fn check(&self, answered: u64, one_slot: u64) -> Result<()> {
        let confirmed = self.confirmed().await?.saturating_sub(self.before);
        if confirmed != answered {
            return Err(
                format!("{answered} answered as confirmed, {confirmed} in the database").into()
            );
        }
        self.check_seats().await?;
        let mut conn = self.store.read().await?;
        let (sold,): (i64,) = conn
            .fetch_one(
                "SELECT CAST(COUNT(*) AS BIGINT) FROM booking WHERE slot_id = $1 \
                 AND state = 'confirmed'",
                params![self.one.slot],
            )
            .await?;
        if u64::try_from(sold)? != one_slot {
            return Err(format!("the one slot of {one_slot} sold {sold}").into());
        }
        Ok(())
    }

    /// Fails when a slot counts other seats as taken than its bookings keep.
    pub async fn check_seats(&self) -> Result<()> {
        let wrong = self
            .count(
                "SELECT CAST(COUNT(*) AS BIGINT) FROM slot WHERE taken > capacity + overbooked \
                 OR taken <> (SELECT COALESCE(SUM(seats), 0) FROM booking \
                 WHERE booking.slot_id = slot.id AND state NOT IN ('cancelled', 'expired'))",
            )
            .await?;
        if wrong > 0 {
            return Err(
                format!("{wrong} slots have other seats taken than their bookings say").into()
            );
        }
        Ok(())
    }

    /// Fails when a resource is used beyond what there is of it, or a departure of those that share
    /// some could still take somebody.
    pub async fn check_resources(&self) -> Result<()> {
        let over = self
            .count(
                "SELECT CAST(COUNT(*) AS BIGINT) FROM resource_use one JOIN resource \
                 ON resource.id = one.resource_id WHERE resource.quantity < \
                 (SELECT SUM(other.amount) FROM resource_use other \
                 WHERE other.resource_id = one.resource_id \
                 AND other.starts_at <= one.starts_at AND other.ends_at > one.starts_at)",
            )
            .await?;
        if over > 0 {
            return Err(format!("{over} times a resource is used beyond its quantity").into());
        }
        let mut conn = self.store.read().await?;
        for offer in &self.shared {
            let slot = slots::find(&mut conn, offer.slot).await?.ok_or("a slot is gone")?;
            if slot.left(self.store.now()) > 0 {
                return Err(
                    format!("{} would take {} more", slot.id, slot.left(self.store.now())).into()
                );
            }
        }
        Ok(())
    }

    pub async fn close(&self) {
        self.store.close().await;
    }
}

fn sold(tour: &Tour) -> bool {
    // What is paid beforehand is not confirmed before the money is there.
    let on_the_spot = tour.payment_terms() == PaymentTerms::OnTheSpot;
    let shared = tour.sharing == Sharing::Shared;
    shared && on_the_spot && tour.min_party == 1 && tour.max_party >= PARTY
}

fn offer(tour: &Tour, slot: &Slot) -> Option<Offer> {
    let option = tour.option(slot.option_id).filter(|option| option.active)?;
    let adult = option.open_units().find(|unit| unit.kind.word() == "adult" && unit.seats == 1)?;
    let mut answers = String::new();
    for question in tour.questions.of(QuestionScope::Booking).filter(|asked| asked.required) {
        let _ = write!(answers, "&q.{}={}", question.key, answer(question));
    }
    if tour.waiver.is_some() {
        answers.push_str("&waiver=on");
    }
    Some(Offer { slot: slot.id, adult: adult.id, answers })
}

fn answer(question: &Question) -> String {
    match question.kind {
        QuestionKind::Text => "none".to_owned(),
        QuestionKind::Number => "1".to_owned(),
        QuestionKind::Choice => {
            question.choices.first().map(|choice| choice.value.clone()).unwrap_or_default()
        }
    }
}
