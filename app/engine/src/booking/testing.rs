//! A small catalogue to tell stories in: one village, workshop, tour and option, and slots.

#![expect(clippy::expect_used, reason = "a test harness")]

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{Answers, Booking, BookingError, Confirm, Contact, FillIn, Hold};
use crate::accounts::{Actor, Person, Role};
use crate::catalogue::{Catalogue, CatalogueCache};
use crate::clock::local_date;
use crate::store::{Param, Store, StoreError};
use crate::{Locale, OptionId, PersonId, SlotId, TourId, UnitId, VillageId, WorkshopId, params};

/// What may differ from the usual scene.
#[derive(Debug, Clone)]
pub struct Setup {
    pub capacity: i32,
    pub sharing: &'static str,
    pub min_party: i32,
    pub max_party: i32,
    pub waiver: bool,
    /// The tour's questions, as JSON.
    pub questions: &'static str,
}

impl Default for Setup {
    fn default() -> Self {
        Setup {
            capacity: 12,
            sharing: "shared",
            min_party: 1,
            max_party: 10,
            waiver: false,
            questions: "[]",
        }
    }
}

/// A workshop that sells one option: adults 300,000 ₫, children 200,000 ₫, infants for nothing
/// and without a seat. Its first slot is in three days and closes two hours before its start.
#[derive(Debug, Clone)]
pub struct Scene {
    pub store: Store,
    pub catalogue: Arc<Catalogue>,
    pub workshop: WorkshopId,
    pub tour: TourId,
    pub option: OptionId,
    pub adult: UnitId,
    pub child: UnitId,
    pub infant: UnitId,
    pub slot: SlotId,
    /// Of this workshop.
    pub owner: Actor,
    pub staff: Actor,
    /// Owner of some other workshop.
    pub stranger: Actor,
    capacity: i32,
}

const TEXT: &str = r#"{"vi":"Gốm","en":"Pottery"}"#;
const LIST: &str = r#"{"vi":[],"en":[]}"#;

impl Scene {
    pub async fn new(store: &Store) -> Self {
        Self::with(store, Setup::default()).await
    }

    /// # Panics
    /// When the rows can't be written: a test can't go on without them.
    pub async fn with(store: &Store, setup: Setup) -> Self {
        let now = store.now();
        let village = VillageId::new(now);
        let workshop = WorkshopId::new(now);
        let (tour, option) = (TourId::new(now), OptionId::new(now));
        let (adult, child, infant) = (UnitId::new(now), UnitId::new(now), UnitId::new(now));
        let slug = Uuid::now_v7().simple().to_string();
        run(
            store,
            "INSERT INTO village (id, slug, craft, position, lat, lon, commune, old_address, \
             distance_km, name, craft_name, tagline, summary, story, getting_there, best_time) \
             VALUES ($1, $2, 'pottery', 1, 20.97, 105.91, 'Bát Tràng', '', 13, $3, $3, $3, $3, \
             $3, $3, NULL)",
            params![village, slug, *TEXT],
        )
        .await;
        run(
            store,
            "INSERT INTO workshop (id, village_id, slug, name, lat, lon, address, phone, email, \
             legal_name, legal_form, tax_code, languages, summary, story, accessibility, locale, \
             feed_token) VALUES ($1, $2, $3, 'Lò Bầu', 20.97, 105.91, $4, '0912345678', \
             'host@example.com', 'Lò Bầu', 'household', '', '[\"vi\"]', $4, $4, $4, 'vi', $3)",
            params![workshop, village, slug, *TEXT],
        )
        .await;
        run(
            store,
            "INSERT INTO tour (id, workshop_id, slug, position, illustration, title, summary, \
             description, included, bring, take_home, meeting_point, meeting_lat, meeting_lon, \
             languages, policy, lead_time_hours, min_party, max_party, sharing, weather, \
             min_to_run, decide_hours, children, waiver, questions, published) \
             VALUES ($1, $2, $3, 1, 'pottery-1', $4, $4, $4, $5, $5, $4, $4, 20.97, 105.91, \
             '[\"vi\"]', 'moderate', 2, $6, $7, $8, 'indoor', 1, 24, $9, $10, $11, $9)",
            params![
                tour,
                workshop,
                slug,
                *TEXT,
                *LIST,
                setup.min_party,
                setup.max_party,
                *setup.sharing,
                true,
                setup.waiver.then(|| TEXT.to_owned()),
                *setup.questions,
            ],
        )
        .await;
        run(
            store,
            "INSERT INTO tour_option (id, tour_id, slug, position, title, duration_minutes, \
             capacity, active) VALUES ($1, $2, 'wheel', 1, $3, 90, $4, $5)",
            params![option, tour, *TEXT, setup.capacity, true],
        )
        .await;
        for (at, (unit, kind, price, seats)) in
            [(adult, "adult", 300_000, 1), (child, "child", 200_000, 1), (infant, "infant", 0, 0)]
                .into_iter()
                .enumerate()
        {
            run(
                store,
                "INSERT INTO unit (id, option_id, kind, position, price, seats, active) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
                params![
                    unit,
                    option,
                    *kind,
                    u32::try_from(at).unwrap_or_default(),
                    i64::from(price),
                    seats,
                    true
                ],
            )
            .await;
        }
        let catalogue = CatalogueCache::new(store.clone()).get().await.expect("catalogue");
        let mut scene = Scene {
            store: store.clone(),
            catalogue,
            workshop,
            tour,
            option,
            adult,
            child,
            infant,
            slot: SlotId::new(now),
            owner: member(now, workshop, Role::Owner),
            staff: member(now, workshop, Role::Staff),
            stranger: member(now, WorkshopId::new(now), Role::Owner),
            capacity: setup.capacity,
        };
        scene.slot = scene.add_slot(TimeDelta::days(3)).await;
        scene
    }

    /// One more slot that starts so much later than now.
    pub async fn add_slot(&self, later: TimeDelta) -> SlotId {
        let id = SlotId::new(self.store.now());
        let start = self.store.now() + later;
        run(
            &self.store,
            "INSERT INTO slot (id, option_id, tour_id, workshop_id, starts_at, ends_at, \
             closes_at, local_date, capacity, taken, overbooked, status, origin, guide, note, \
             run_state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 'open', 'rule', '', '', \
             'undecided')",
            params![
                id,
                self.option,
                self.tour,
                self.workshop,
                start,
                start + TimeDelta::minutes(90),
                start - TimeDelta::hours(2),
                local_date(start),
                self.capacity,
            ],
        )
        .await;
        id
    }

    pub fn wish(&self, slot: SlotId, adults: u32) -> Hold {
        Hold {
            residents: false,
            catalogue: Arc::clone(&self.catalogue),
            slot,
            wanted: vec![(self.adult, adults)],
            locale: Locale::En,
            form_key: Uuid::now_v7().to_string(),
            minutes: 15,
        }
    }

    pub async fn send(&self, wish: Hold) -> Result<Booking, BookingError> {
        self.store.write("hold", wish, |tx, c| Box::pin(super::hold(tx, c))).await
    }

    /// Adults whose seats are held.
    pub async fn hold(&self, slot: SlotId, adults: u32) -> Result<Booking, BookingError> {
        self.send(self.wish(slot, adults)).await
    }

    pub async fn fill_in(&self, booking: &Booking, email: &str) -> Result<Booking, BookingError> {
        let contact = Contact::parse("Nguyễn Thị Hoa", email, "", "").expect("a contact");
        let fill = FillIn {
            catalogue: Arc::clone(&self.catalogue),
            booking: booking.id,
            contact,
            locale: booking.locale,
            answers: Answers { map: super::AnswerMap(BTreeMap::new()), waiver: true },
        };
        self.store.write("fill in", fill, |tx, c| Box::pin(super::fill_in(tx, c))).await
    }

    pub async fn confirm(&self, booking: &Booking) -> Result<Booking, BookingError> {
        let confirm = Confirm { catalogue: Arc::clone(&self.catalogue), booking: booking.id };
        self.store.write("confirm", confirm, |tx, c| Box::pin(super::confirm(tx, c))).await
    }

    /// Adults whose booking counts.
    pub async fn booked(&self, slot: SlotId, adults: u32) -> Result<Booking, BookingError> {
        let held = self.hold(slot, adults).await?;
        self.fill_in(&held, "hoa@example.com").await?;
        self.confirm(&held).await
    }

    /// Taken and overbooked seats of a slot.
    pub async fn seats(&self, slot: SlotId) -> (i32, i32) {
        let mut conn = self.store.read().await.expect("read");
        conn.fetch_one("SELECT taken, overbooked FROM slot WHERE id = $1", params![slot])
            .await
            .expect("the slot")
    }

    /// Letters of one kind in the outbox.
    pub async fn letters(&self, kind: crate::mail::Letter) -> i64 {
        let mut conn = self.store.read().await.expect("read");
        let sql = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM outbox WHERE kind = $1";
        let (n,): (i64,) = conn.fetch_one(sql, params![kind]).await.expect("letters");
        n
    }

    /// The booking as it is now.
    pub async fn again(&self, booking: &Booking) -> Booking {
        let mut conn = self.store.read().await.expect("read");
        super::query::by_id(&mut conn, booking.id).await.expect("read").expect("the booking")
    }
}

fn member(now: DateTime<Utc>, workshop: WorkshopId, role: Role) -> Actor {
    Actor::Person(Person {
        id: PersonId::new(now),
        email: "person@example.com".into(),
        name: "Trần Văn Lâm".into(),
        locale: Locale::Vi,
        admin: false,
        memberships: vec![(workshop, role)],
    })
}

/// Runs one statement.
///
/// # Panics
/// When the database refuses it.
pub async fn run(store: &Store, sql: &'static str, params: Vec<Param>) {
    store
        .write("fixture", params, move |tx, params| {
            Box::pin(async move { tx.execute(sql, params).await.map(|_| ()) })
        })
        .await
        .map_err(|error: StoreError| error)
        .expect("a row of the fixture");
}
