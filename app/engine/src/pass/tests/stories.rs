//! A day in two workshops of a co-op, from booking to cancelling.

use std::sync::Arc;

use chrono::TimeDelta;
use futures::future::join_all;
use uuid::Uuid;

use crate::accounts::Actor;
use crate::booking::testing::{Scene, Setup, run};
use crate::booking::{
    self, Answers, Booking, BookingError, CancelByGuest, CancelByHost, ChangeParty, Contact, Move,
    StateKind, send_links,
};
use crate::catalogue::{Catalogue, CatalogueCache, UnitKind};
use crate::clock::local_date;
use crate::coop::Author;
use crate::mail::Letter;
use crate::pass::{self, *};
use crate::resource::tests::stories::Village;
use crate::schedule::NoSeats;
use crate::store::Store;
use crate::{Dong, Locale, Localized, SlotId, both_dbs, params};

#[derive(Clone)]
pub(super) struct Tale {
    pub village: Village,
    pub catalogue: Arc<Catalogue>,
    pub pass: Pass,
    /// A morning at the first workshop and the visit at the second that follows it.
    pub morning: SlotId,
    pub later: SlotId,
}

pub(super) fn input(scenes: [&Scene; 2], percent: &str) -> Input {
    Input {
        title: Localized { vi: "Gốm và lụa".into(), en: "Clay and silk".into() },
        summary: Localized {
            vi: "Một ngày hai nghề".into(), en: "Two crafts, one day".into()
        },
        description: Localized::default(),
        percent_off: percent.into(),
        stops: scenes.map(|scene| scene.option.to_string()).to_vec(),
    }
}

impl Tale {
    /// A pass that is written and published, and that the second workshop has not agreed to.
    pub async fn asked(store: &Store, setup: Setup) -> Self {
        let village = Village::new(store, setup).await;
        run(
            store,
            "UPDATE coop_member SET role = 'manager' WHERE workshop_id = $1",
            params![village.one.workshop],
        )
        .await;
        let catalogue = CatalogueCache::new(store.clone()).get().await.unwrap();
        let create = Create {
            actor: village.one.owner.clone(),
            catalogue: Arc::clone(&catalogue),
            author: Author::Coop(village.coop),
            data: PassData::parse(&input([&village.one, &village.two], "10")).unwrap(),
        };
        let made = store.write("create", create, |tx, c| Box::pin(pass::create(tx, c))).await;
        let pass = made.unwrap();
        let (actor, morning) = (village.one.owner.clone(), village.one.slot);
        let publish = Publish { actor, pass: pass.id, published: true };
        store.write("publish", publish, |tx, c| Box::pin(pass::publish(tx, c))).await.unwrap();
        // Ninety minutes of visit and ten of way.
        let later = village.two.add_slot(TimeDelta::days(3) + TimeDelta::minutes(100)).await;
        Self { village, catalogue, pass, morning, later }
    }

    pub async fn new(store: &Store, setup: Setup) -> Self {
        let tale = Self::asked(store, setup).await;
        let owner = tale.village.two.owner.clone();
        tale.answer(&owner, true).await.unwrap();
        tale
    }

    pub fn store(&self) -> &Store {
        &self.village.store
    }

    /// The second workshop's word.
    pub async fn answer(&self, actor: &Actor, agree: bool) -> Result<Stop, PassError> {
        let stops = stops_of(&mut self.store().read().await.unwrap(), self.pass.id).await.unwrap();
        let answer = Answer { actor: actor.clone(), stop: stops[1].id, agree };
        self.store().write("answer", answer, |tx, c| Box::pin(pass::answer(tx, c))).await
    }

    pub async fn is_on_sale(&self) -> bool {
        let mut conn = self.store().read().await.unwrap();
        offer(&mut conn, &self.catalogue, &self.pass.slug).await.unwrap().is_some()
    }

    fn wish(&self, slots: &[SlotId], adults: u32) -> Book {
        let answers = Answers { waiver: true, ..Answers::default() };
        Book {
            catalogue: Arc::clone(&self.catalogue),
            pass: self.pass.id,
            slots: slots.to_vec(),
            party: vec![(UnitKind::Adult, adults)],
            contact: Contact::parse("Nguyễn Thị Hoa", "hoa@example.com", "", "").unwrap(),
            locale: Locale::En,
            answers: vec![answers; slots.len()],
            form_key: Uuid::now_v7().to_string(),
        }
    }

    async fn send(&self, wish: Book) -> Result<PassBooking, PassError> {
        self.store().write("book", wish, |tx, c| Box::pin(pass::book(tx, c))).await
    }

    pub async fn book(&self, adults: u32) -> Result<PassBooking, PassError> {
        self.send(self.wish(&[self.morning, self.later], adults)).await
    }

    async fn booked(&self, booking: &PassBooking) -> Booked {
        let mut conn = self.store().read().await.unwrap();
        by_secret(&mut conn, &booking.code, &booking.secret).await.unwrap().unwrap()
    }

    async fn taken(&self) -> [i32; 2] {
        let one = self.village.one.seats(self.morning).await.0;
        [one, self.village.one.seats(self.later).await.0]
    }

    async fn letters(&self, kind: Letter) -> i64 {
        self.village.one.letters(kind).await
    }

    /// The same day, a week later.
    async fn next_week(&self) -> [SlotId; 2] {
        let week = TimeDelta::days(10);
        let first = self.village.one.add_slot(week).await;
        [first, self.village.two.add_slot(week + TimeDelta::minutes(100)).await]
    }

    async fn move_to(&self, booking: &PassBooking, slots: &[SlotId]) -> Result<Booked, PassError> {
        let (catalogue, slots) = (Arc::clone(&self.catalogue), slots.to_vec());
        let step = MovePass { catalogue, booking: booking.id, slots };
        self.store().write("move", step, |tx, c| Box::pin(pass::reschedule(tx, c))).await
    }

    async fn party(
        &self,
        booking: &PassBooking,
        party: &[(UnitKind, u32)],
    ) -> Result<Booked, PassError> {
        let (catalogue, party) = (Arc::clone(&self.catalogue), party.to_vec());
        let step = ChangePassParty { catalogue, booking: booking.id, party };
        self.store().write("party", step, |tx, c| Box::pin(pass::change_party(tx, c))).await
    }

    async fn cancel(&self, booking: &PassBooking) -> Result<Booked, PassError> {
        let step = CancelPass { booking: booking.id, reason: "Mưa".into() };
        self.store().write("cancel", step, |tx, c| Box::pin(pass::cancel(tx, c))).await
    }
}

fn is_full(done: Result<impl Sized, PassError>, stop: usize) -> bool {
    let Err(error) = done else { return false };
    matches!(error, PassError::Leg(at, BookingError::Seats(NoSeats::Full { .. })) if at == stop)
}

both_dbs! {
    async fn a_day_is_booked_whole_with_one_letter(store) {
        let tale = Tale::new(&store, Setup::default()).await;
        let wish = tale.wish(&[tale.morning, tale.later], 2);
        let made = tale.send(wish.clone()).await.unwrap();
        let booked = tale.booked(&made).await;
        assert_eq!(booked.standing(), Standing::Whole);
        assert_eq!(booked.total(), Dong(4 * 270_000));
        assert!(booked.legs.iter().all(|leg| leg.booking.state.kind() == StateKind::Confirmed));
        assert!(booked.legs.iter().all(|leg| leg.booking.name == "Nguyễn Thị Hoa"));
        assert_eq!(tale.taken().await, [2, 2]);
        // The same form again is the same pass.
        assert_eq!(tale.send(wish).await.unwrap(), made);
        assert_eq!(tale.taken().await, [2, 2]);
        let guest = tale.letters(Letter::PassConfirmation).await;
        assert_eq!((guest, tale.letters(Letter::Confirmation).await), (1, 0));
        assert_eq!(tale.letters(Letter::HostNew).await, 2);
        let mut conn = store.read().await.unwrap();
        assert!(by_secret(&mut conn, &made.code, "guessed").await.unwrap().is_none());
    }

    async fn a_day_of_an_event_costs_what_is_shown(store) {
        let tale = Tale::new(&store, Setup::default()).await;
        let dear = "UPDATE slot SET price_percent = 120 WHERE id = $1";
        run(&store, dear, params![tale.morning]).await;
        let wish = tale.wish(&[tale.morning, tale.later], 2);
        let mut conn = store.read().await.unwrap();
        let offer = offer(&mut conn, &tale.catalogue, &tale.pass.slug).await.unwrap().unwrap();
        let day = itinerary(&mut conn, &offer.places, &wish.slots).await.unwrap().unwrap();
        drop(conn);
        let shown = offer.totals(&wish.party, &day, crate::clock::local_date(store.now())).unwrap();
        assert_eq!(shown, (Dong(2 * (324_000 + 270_000)), Dong(2 * (360_000 + 300_000))));
        let made = tale.send(wish).await.unwrap();
        assert_eq!(tale.booked(&made).await.total(), shown.0);
        // On usual days the pass costs what it usually does, and so it does back again.
        let later = tale.next_week().await;
        assert_eq!(tale.move_to(&made, &later).await.unwrap().total(), Dong(4 * 270_000));
        let back = tale.move_to(&made, &[tale.morning, tale.later]).await.unwrap();
        assert_eq!(back.total(), shown.0);
    }

    async fn a_stop_without_seats_is_no_day(store) {
        let tale = Tale::new(&store, Setup { capacity: 3, ..Setup::default() }).await;
        tale.village.two.booked(tale.later, 2).await.unwrap();
        assert!(is_full(tale.book(2).await, 1));
        assert_eq!(tale.taken().await, [0, 2]);
        let mut conn = store.read().await.unwrap();
        let none: Option<(String,)> =
            conn.fetch_optional("SELECT code FROM pass_booking", vec![]).await.unwrap();
        assert_eq!(none, None);
        drop(conn);
        assert_eq!(tale.letters(Letter::PassConfirmation).await, 0);
        tale.book(1).await.unwrap();
    }

    async fn of_two_who_want_the_last_seat_one_has_the_day(store) {
        let tale = Tale::new(&store, Setup { capacity: 4, ..Setup::default() }).await;
        tale.village.two.booked(tale.later, 3).await.unwrap();
        let wishes = (0..6).map(|_| tale.book(1));
        let done = join_all(wishes).await;
        assert_eq!(done.iter().filter(|it| it.is_ok()).count(), 1);
        assert!(done.into_iter().filter(Result::is_err).all(|it| is_full(it, 1)));
        assert_eq!(tale.taken().await, [1, 4]);
    }

    async fn one_form_sent_at_once_is_one_pass(store) {
        let tale = Tale::new(&store, Setup::default()).await;
        let wish = tale.wish(&[tale.morning, tale.later], 1);
        let done = join_all((0..5).map(|_| tale.send(wish.clone()))).await;
        let codes: Vec<String> = done.into_iter().map(|it| it.unwrap().code).collect();
        assert!(codes.iter().all(|code| *code == codes[0]));
        assert_eq!(tale.taken().await, [1, 1]);
    }

    async fn departures_that_make_no_day_are_refused(store) {
        let tale = Tale::new(&store, Setup::default()).await;
        let [first, second] = tale.next_week().await;
        let too_soon =
            tale.village.two.add_slot(TimeDelta::days(3) + TimeDelta::minutes(99)).await;
        let morning = tale.morning;
        for slots in [
            vec![morning, too_soon],
            vec![morning, second],
            vec![tale.later, morning],
            vec![morning],
            vec![morning, first],
            vec![morning, morning, tale.later],
        ] {
            let done = tale.send(tale.wish(&slots, 1)).await;
            assert!(matches!(done, Err(PassError::NoChain)), "{done:?}");
        }
        let nobody = tale.book(0).await;
        assert!(matches!(nobody, Err(PassError::Party(_))), "{nobody:?}");
    }

    async fn the_days_that_can_be_done_are_found(store) {
        let tale = Tale::new(&store, Setup { capacity: 4, ..Setup::default() }).await;
        let week = tale.next_week().await;
        let find = async |adults| {
            let mut conn = store.read().await.unwrap();
            let offer = offer(&mut conn, &tale.catalogue, &tale.pass.slug).await.unwrap().unwrap();
            assert_eq!(offer.kinds(), [UnitKind::Adult, UnitKind::Child, UnitKind::Infant]);
            assert_eq!(offer.ways(), [10]);
            assert_eq!(offer.price_of(UnitKind::Adult), (Dong(540_000), Dong(600_000)));
            let wish = [(UnitKind::Adult, adults)];
            let now = store.now();
            days(&mut conn, &offer, &wish, (local_date(now), 60), now).await.unwrap()
        };
        let found = find(2).await.unwrap();
        assert_eq!(found.len(), 2);
        let ids: Vec<SlotId> = found[1].ways[0].iter().map(|slot| slot.id).collect();
        assert_eq!(ids, week);
        tale.village.two.booked(week[1], 3).await.unwrap();
        assert_eq!(find(2).await.unwrap().len(), 1);
        assert_eq!(find(1).await.unwrap().len(), 2);
        assert!(find(11).await.is_err());
    }

    async fn a_leg_alone_is_left_to_the_hosts(store) {
        let tale = Tale::new(&store, Setup::default()).await;
        let made = tale.book(2).await.unwrap();
        let legs: Vec<Booking> =
            tale.booked(&made).await.legs.into_iter().map(|leg| leg.booking).collect();
        let [first, second] = legs.as_slice() else { panic!("two legs") };
        let scene = &tale.village.one;
        let cancel = CancelByGuest { booking: first.id, reason: String::new() };
        let done = store.write("cancel", cancel, |tx, c| Box::pin(booking::cancel_by_guest(tx, c)));
        assert!(matches!(done.await, Err(BookingError::OfPass)));
        let party = ChangeParty {
            residents: None,
            catalogue: Arc::clone(&tale.catalogue),
            actor: Actor::Guest,
            booking: first.id,
            wanted: vec![(scene.adult, 1)],
            over: false,
        };
        let done = store.write("party", party.clone(), |tx, c| Box::pin(booking::change_party(tx, c)));
        assert!(matches!(done.await, Err(BookingError::OfPass)));
        let other = scene.add_slot(TimeDelta::days(4)).await;
        let step = Move {
            catalogue: Arc::clone(&tale.catalogue),
            actor: Actor::Guest,
            booking: first.id,
            to: other,
            over: false,
        };
        let done = store.write("move", step, |tx, c| Box::pin(booking::reschedule(tx, c)));
        assert!(matches!(done.await, Err(BookingError::OfPass)));
        // Hosts do with it as with any booking, and the guest hears of the whole day.
        store.clock().advance(TimeDelta::minutes(1));
        let by_host = ChangeParty {
            residents: None,
            actor: scene.staff.clone(),
            wanted: vec![(scene.adult, 2), (scene.child, 1)],
            ..party
        };
        let changed =
            store.write("party", by_host, |tx, c| Box::pin(booking::change_party(tx, c))).await;
        assert_eq!(changed.unwrap().total, Dong(2 * 270_000 + 180_000));
        assert_eq!(tale.letters(Letter::PassChanged).await, 1);
        let (actor, reason) = (tale.village.two.staff.clone(), "Hỏng khung cửi".into());
        let cancel = CancelByHost { actor, booking: second.id, reason };
        store.write("cancel", cancel, |tx, c| Box::pin(booking::cancel_by_host(tx, c))).await.unwrap();
        assert_eq!(tale.booked(&made).await.standing(), Standing::Part);
        let told = tale.letters(Letter::PassCancelled).await;
        assert_eq!((told, tale.letters(Letter::Cancellation).await), (1, 0));
        // What is left of the day moves by itself.
        let week = tale.next_week().await;
        let moved = tale.move_to(&made, &week[..1]).await.unwrap();
        assert_eq!(moved.live().next().unwrap().slot.id, week[0]);
    }

    async fn a_day_moves_whole_or_stays(store) {
        let tale = Tale::new(&store, Setup { capacity: 4, ..Setup::default() }).await;
        let made = tale.book(2).await.unwrap();
        let week = tale.next_week().await;
        tale.village.two.booked(week[1], 3).await.unwrap();
        assert!(is_full(tale.move_to(&made, &week).await, 1));
        assert_eq!(tale.taken().await, [2, 2]);
        assert_eq!(tale.village.one.seats(week[0]).await.0, 0);
        assert_eq!(tale.letters(Letter::PassChanged).await, 0);
        let late = tale.village.two.add_slot(TimeDelta::days(10) + TimeDelta::hours(5)).await;
        let moved = tale.move_to(&made, &[week[0], late]).await.unwrap();
        assert_eq!(moved.legs.iter().map(|leg| leg.slot.id).collect::<Vec<_>>(), [week[0], late]);
        assert_eq!(tale.taken().await, [0, 0]);
        assert_eq!(moved.total(), Dong(4 * 270_000));
        assert_eq!(tale.letters(Letter::PassChanged).await, 1);
        // Where it is already, nothing happens; its own full departures are among the choices.
        store.clock().advance(TimeDelta::minutes(1));
        tale.move_to(&made, &[week[0], late]).await.unwrap();
        assert_eq!(tale.letters(Letter::PassChanged).await, 1);
        tale.village.two.booked(late, 2).await.unwrap();
        let mut conn = store.read().await.unwrap();
        let (catalogue, now) = (&tale.catalogue, store.now());
        let choices = ways_to_move(&mut conn, catalogue, &moved, 60, now).await.unwrap();
        assert_eq!(choices.len(), 2);
    }

    async fn more_people_come_to_every_stop_or_to_none(store) {
        let tale = Tale::new(&store, Setup { capacity: 5, ..Setup::default() }).await;
        let made = tale.book(2).await.unwrap();
        tale.village.two.booked(tale.later, 2).await.unwrap();
        let wish = [(UnitKind::Adult, 2), (UnitKind::Child, 1)];
        let changed = tale.party(&made, &wish).await.unwrap();
        assert_eq!(changed.total(), Dong(2 * (2 * 270_000 + 180_000)));
        assert_eq!(tale.taken().await, [3, 5]);
        assert!(is_full(tale.party(&made, &[(UnitKind::Adult, 4)]).await, 1));
        assert_eq!(tale.taken().await, [3, 5]);
        assert_eq!(tale.letters(Letter::PassChanged).await, 1);
        let children = tale.party(&made, &[(UnitKind::Child, 2)]).await;
        assert!(matches!(children, Err(PassError::Party(_))));
        let nobody = tale.party(&made, &[(UnitKind::Senior, 1)]).await;
        assert!(matches!(nobody, Err(PassError::Party(_))));
    }

    async fn a_day_is_cancelled_whole(store) {
        let tale = Tale::new(&store, Setup::default()).await;
        let made = tale.book(2).await.unwrap();
        let done = tale.cancel(&made).await.unwrap();
        assert_eq!(done.standing(), Standing::Cancelled);
        assert_eq!(tale.taken().await, [0, 0]);
        tale.cancel(&made).await.unwrap();
        assert_eq!(tale.letters(Letter::PassCancelled).await, 1);
        assert_eq!(tale.letters(Letter::HostCancellation).await, 2);
        let gone = tale.move_to(&made, &[tale.morning, tale.later]).await;
        assert!(matches!(gone, Err(PassError::Cancelled)));
    }

    async fn what_has_begun_is_kept_and_the_rest_can_be_cancelled(store) {
        let tale = Tale::new(&store, Setup::default()).await;
        let made = tale.book(2).await.unwrap();
        store.clock().advance(TimeDelta::days(3) + TimeDelta::minutes(30));
        let week = tale.next_week().await;
        let late = tale.move_to(&made, &week).await;
        assert!(matches!(late, Err(PassError::Leg(0, BookingError::TooLate))), "{late:?}");
        let done = tale.cancel(&made).await.unwrap();
        assert_eq!(done.standing(), Standing::Part);
        assert_eq!(tale.taken().await, [2, 0]);
        store.clock().advance(TimeDelta::hours(5));
        assert!(matches!(tale.cancel(&made).await, Err(PassError::Begun)));
    }

    async fn a_lost_link_is_one_letter(store) {
        let tale = Tale::new(&store, Setup::default()).await;
        tale.book(2).await.unwrap();
        tale.village.one.booked(tale.morning, 1).await.unwrap();
        let email = "hoa@example.com".parse().unwrap();
        store
            .write("links", email, |tx, email| Box::pin(send_links(tx, email)))
            .await
            .unwrap();
        assert_eq!(tale.letters(Letter::ManageLink).await, 2);
    }
}
