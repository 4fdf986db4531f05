//! A full departure, and the sisters of the co-op.

use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};

use crate::booking::overflow::{
    Accept, Balance, Ordering, Overflow, OverflowError, OverflowState, PassOn, Rule, RuleField,
    SaveRule, Sister, Way, Withdraw, accept, balance, by_id, decline, hold_from, open_of, order,
    origin_of, pass_on, save_rule, suggest, withdraw,
};
use crate::booking::testing::{Scene, Setup, run};
use crate::booking::{
    Answers, Booking, BookingError, CancelByGuest, ChangeParty, PartyError, StateKind,
    cancel_by_guest, change_party, expire_due, query,
};
use crate::catalogue::{CatalogueCache, UnitKind};
use crate::coop::{self, CoopData, CoopInput, Found, Invite};
use crate::mail::Letter;
use crate::schedule::{NoSeats, slots};
use crate::store::{Kind, Store, testing::fresh};
use crate::{CoopId, Localized, SlotId, both_dbs, params};

/// Two workshops of a co-op, and one that has nothing to do with it.
pub(super) struct Bank {
    store: Store,
    coop: CoopId,
    pub minh: Scene,
    pub van: Scene,
    pub alone: Scene,
}

impl Bank {
    pub(super) async fn new(store: &Store) -> Self {
        Self::with(store, Setup { capacity: 4, ..Setup::default() }).await
    }

    async fn with(store: &Store, setup: Setup) -> Self {
        let mut minh = Scene::with(store, setup.clone()).await;
        let mut van = Scene::with(store, setup.clone()).await;
        let alone = Scene::with(store, setup).await;
        let catalogue = CatalogueCache::new(store.clone()).get().await.unwrap();
        minh.catalogue = Arc::clone(&catalogue);
        van.catalogue = catalogue;
        let text = |text: &str| Localized { vi: text.into(), en: String::new() };
        let input = CoopInput {
            name: "Gốm Ven Sông".into(),
            form: "group".into(),
            summary: text("Hai xưởng"),
            story: text("Chuyện"),
            founded_on: String::new(),
            phone: String::new(),
            email: String::new(),
        };
        let today = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
        let found = Found {
            actor: minh.owner.clone(),
            workshop: minh.workshop,
            data: CoopData::parse(&input, today).unwrap(),
        };
        let (coop, _) =
            store.write("found", found, |tx, c| Box::pin(coop::found(tx, c))).await.unwrap();
        let ask = Invite { actor: minh.owner.clone(), coop, workshop: van.workshop };
        let member =
            store.write("invite", ask, |tx, c| Box::pin(coop::invite(tx, c))).await.unwrap();
        let yes = coop::Answer { actor: van.owner.clone(), member };
        store.write("accept", yes, |tx, c| Box::pin(coop::accept(tx, c))).await.unwrap();
        let bank = Self { store: store.clone(), coop, minh, van, alone };
        bank.rule(Rule { active: true, ..Rule::default() }).await.unwrap();
        bank
    }

    async fn rule(&self, rule: Rule) -> Result<(), OverflowError> {
        let command = SaveRule { actor: self.minh.owner.clone(), coop: self.coop, rule };
        self.store.write("rule", command, |tx, c| Box::pin(save_rule(tx, c))).await
    }

    async fn sisters(&self, slot: SlotId, adults: u32) -> Vec<Sister> {
        let mut conn = self.store.read().await.unwrap();
        let full = slots::find(&mut conn, slot).await.unwrap().unwrap();
        let wish = [(UnitKind::Adult, adults)];
        suggest(&mut conn, &self.minh.catalogue, &full, &wish, self.store.now()).await.unwrap()
    }

    fn asks(&self, booking: &Booking) -> PassOn {
        PassOn {
            catalogue: Arc::clone(&self.minh.catalogue),
            actor: self.minh.owner.clone(),
            booking: booking.id,
            to: self.van.slot,
            wanted: vec![],
            words: "Mời bác sang nhà Vân".into(),
            hours: 24,
            agreed: false,
        }
    }

    async fn pass(&self, command: PassOn) -> Result<Overflow, OverflowError> {
        self.store.write("pass on", command, |tx, c| Box::pin(pass_on(tx, c))).await
    }

    async fn take(&self, asked: &Overflow) -> Result<Booking, OverflowError> {
        let command = Accept {
            catalogue: Arc::clone(&self.minh.catalogue),
            overflow: asked.id,
            answers: Answers::default(),
        };
        self.store.write("accept", command, |tx, c| Box::pin(accept(tx, c))).await
    }

    async fn now(&self, asked: &Overflow) -> Overflow {
        by_id(&mut self.store.read().await.unwrap(), asked.id).await.unwrap().unwrap()
    }

    async fn taken(&self) -> (i32, i32) {
        (self.minh.seats(self.minh.slot).await.0, self.van.seats(self.van.slot).await.0)
    }

    async fn comes_from(&self, adults: u32) -> Booking {
        let command = (self.van.wish(self.van.slot, adults), Some(self.minh.slot));
        let held =
            self.store.write("hold", command, |tx, c| Box::pin(hold_from(tx, c))).await.unwrap();
        self.van.fill_in(&held, "hoa@example.com").await.unwrap();
        self.van.confirm(&held).await.unwrap()
    }
}

both_dbs! {
    async fn sisters_are_named_by_the_rules(store) {
        let bank = Bank::new(&store).await;
        let found = bank.sisters(bank.minh.slot, 2).await;
        assert_eq!(found.iter().map(|sister| sister.slot.id).collect::<Vec<_>>(), [bank.van.slot]);
        assert_eq!((found[0].dearer, found[0].later), (0, TimeDelta::zero()));
        assert_eq!(found[0].wanted, [(bank.van.adult, 2)]);
        assert_eq!(found[0].walk_minutes(), Some(1));
        assert!(bank.sisters(bank.minh.slot, 5).await.is_empty(), "no room for five");
        assert!(bank.sisters(bank.alone.slot, 2).await.is_empty(), "in no co-op");

        // Dearer, later than the window, or not wanted by the co-op.
        run(&store, "UPDATE unit SET price = 320000 WHERE id = $1", params![bank.van.adult]).await;
        run(&store, "UPDATE catalogue_version SET version = version + 1", vec![]).await;
        let catalogue = CatalogueCache::new(store.clone()).get().await.unwrap();
        let mut dear = bank;
        dear.minh.catalogue = catalogue;
        assert!(dear.sisters(dear.minh.slot, 2).await.is_empty(), "not at the same price");
        let rule = Rule { active: true, equal_price: false, ..Rule::default() };
        dear.rule(rule.clone()).await.unwrap();
        assert_eq!(dear.sisters(dear.minh.slot, 2).await[0].dearer, 40_000);
        run(&store, "UPDATE slot SET starts_at = $2, ends_at = $3 WHERE id = $1", params![
            dear.van.slot, store.now() + TimeDelta::minutes(3 * 1440 + 61),
            store.now() + TimeDelta::minutes(3 * 1440 + 151),
        ]).await;
        assert!(dear.sisters(dear.minh.slot, 2).await.is_empty(), "61 minutes later");
        dear.rule(Rule { window_minutes: 90, ..rule.clone() }).await.unwrap();
        assert_eq!(dear.sisters(dear.minh.slot, 2).await[0].later, TimeDelta::minutes(61));
        dear.rule(Rule { active: false, window_minutes: 90, ..rule.clone() }).await.unwrap();
        assert!(dear.sisters(dear.minh.slot, 2).await.is_empty());
        assert!(matches!(dear.rule(Rule { window_minutes: 481, ..rule.clone() }).await,
            Err(OverflowError::Rule(fields)) if fields == [RuleField::Window]));
        let by_member = SaveRule { actor: dear.van.owner.clone(), coop: dear.coop, rule };
        let refused = store.write("rule", by_member, |tx, c| Box::pin(save_rule(tx, c))).await;
        assert!(matches!(refused, Err(OverflowError::Forbidden(_))), "managers alone");
    }

    async fn who_came_from_a_full_departure_is_noted_and_counted(store) {
        let bank = Bank::new(&store).await;
        bank.comes_from(1).await;
        let origin = async |booking: &Booking| {
            origin_of(&mut store.read().await.unwrap(), booking.id).await.unwrap()
        };
        bank.minh.booked(bank.minh.slot, 4).await.unwrap();
        let came = bank.comes_from(2).await;
        let noted = origin(&came).await.unwrap();
        assert_eq!((noted.way, noted.from_slot_id), (Way::Found, bank.minh.slot));
        let mut conn = store.read().await.unwrap();
        let since = store.now() - TimeDelta::days(30);
        let counts = balance(&mut conn, bank.coop, since).await.unwrap();
        assert_eq!(counts[&bank.minh.workshop], Balance { sent: 2, received: 0 }, "not the one \
            who came while there was room");
        assert_eq!(counts[&bank.van.workshop], Balance { sent: 0, received: 2 });
        drop(conn);
        let first = async |ordering, list| {
            let rule = Rule { ordering, list, ..Rule::default() };
            let mut conn = store.read().await.unwrap();
            order(&mut conn, bank.coop, &rule, store.now()).await.unwrap()[0]
        };
        let (minh, van) = (bank.minh.workshop, bank.van.workshop);
        assert_eq!(first(Ordering::List, vec![van, minh]).await, van);
        assert_eq!(first(Ordering::Rotation, vec![van, minh]).await, minh, "who got the fewest");
        // A visit that is cancelled was none.
        let gone = CancelByGuest { booking: came.id, reason: String::new() };
        store.write("cancel", gone, |tx, c| Box::pin(cancel_by_guest(tx, c))).await.unwrap();
        let mut conn = store.read().await.unwrap();
        assert!(balance(&mut conn, bank.coop, since).await.unwrap().is_empty());
    }

    async fn a_party_that_is_passed_on_moves_with_its_calendar_entry(store) {
        let bank = Bank::new(&store).await;
        let booking = bank.minh.booked(bank.minh.slot, 3).await.unwrap();
        let asked = bank.pass(bank.asks(&booking)).await.unwrap();
        assert_eq!((asked.way, asked.state), (Way::Passed, OverflowState::Offered));
        assert_eq!(bank.taken().await, (3, 3), "kept there, and nothing changed here");
        assert_eq!(bank.minh.letters(Letter::OverflowOffer).await, 1);
        assert!(matches!(bank.pass(bank.asks(&booking)).await, Err(OverflowError::Asked)));
        let mut other = bank.asks(&booking);
        other.actor = bank.van.owner.clone();
        assert!(matches!(bank.pass(other).await,
            Err(OverflowError::Booking(BookingError::Forbidden(_)))));

        let moved = bank.take(&asked).await.unwrap();
        assert_eq!((moved.id, &moved.code, &moved.secret), (booking.id, &booking.code, &booking.secret));
        assert_eq!((moved.workshop_id, moved.slot_id), (bank.van.workshop, bank.van.slot));
        assert_eq!(moved.sequence, booking.sequence + 1);
        assert_eq!(bank.taken().await, (0, 3));
        assert_eq!(bank.now(&asked).await.state, OverflowState::Taken);
        assert_eq!(bank.take(&asked).await.unwrap().id, moved.id, "pressed twice");
        let letters = [
            (Letter::Change, 1), (Letter::HostNew, 2), (Letter::HostOverflow, 2),
            (Letter::HostCancellation, 0),
        ];
        for (letter, count) in letters {
            assert_eq!(bank.minh.letters(letter).await, count, "{letter}");
        }
        let mut conn = store.read().await.unwrap();
        let counted = balance(&mut conn, bank.coop, booking.created_at).await.unwrap();
        assert_eq!(counted[&bank.van.workshop].received, 3);
        drop(conn);
        // What had kept the seats is no booking that anybody could take or see again.
        store.clock().advance(TimeDelta::days(2));
        store.write("expire", (), |tx, ()| Box::pin(expire_due(tx))).await.unwrap();
        assert_eq!(bank.taken().await, (0, 3));
        let held = query::by_id(&mut store.read().await.unwrap(), asked.to_booking_id).await;
        let held = held.unwrap().unwrap();
        assert!(bank.van.confirm(&held).await.is_err());
    }

    async fn a_part_of_a_group_goes_and_the_rest_stays(store) {
        let bank = Bank::with(&store, Setup { max_party: 12, ..Setup::default() }).await;
        let booking = bank.minh.booked(bank.minh.slot, 12).await.unwrap();
        let some = |n| PassOn { wanted: vec![(bank.minh.adult, n)], ..bank.asks(&booking) };
        assert!(matches!(bank.pass(some(13)).await,
            Err(OverflowError::Booking(BookingError::Party(PartyError::UnknownUnit)))));
        let asked = bank.pass(some(5)).await.unwrap();
        assert_eq!((asked.way, bank.taken().await), (Way::Shared, (12, 5)));
        let there = bank.take(&asked).await.unwrap();
        assert_eq!((there.people, there.state.kind()), (5, StateKind::Confirmed));
        assert_ne!(there.id, booking.id);
        let here = bank.minh.again(&booking).await;
        assert_eq!((here.people, here.seats, here.sequence), (7, 7, booking.sequence + 1));
        assert_eq!(here.total.0 + there.total.0, booking.total.0, "at the same price");
        assert_eq!(bank.taken().await, (7, 5));
        assert_eq!(bank.minh.letters(Letter::Confirmation).await, 2);
        let mut conn = store.read().await.unwrap();
        let from = origin_of(&mut conn, there.id).await.unwrap().unwrap();
        assert_eq!(from.booking_id, Some(booking.id), "one leads to the other");
    }

    async fn who_declines_or_does_not_answer_stays(store) {
        let bank = Bank::new(&store).await;
        let booking = bank.minh.booked(bank.minh.slot, 2).await.unwrap();
        let asked = bank.pass(bank.asks(&booking)).await.unwrap();
        store.write("decline", asked.id, |tx, id| Box::pin(decline(tx, id))).await.unwrap();
        assert_eq!(bank.now(&asked).await.state, OverflowState::Declined);
        assert_eq!(bank.taken().await, (2, 0));
        assert!(matches!(bank.take(&asked).await,
            Err(OverflowError::State(OverflowState::Declined))));

        let asked = bank.pass(bank.asks(&booking)).await.unwrap();
        store.clock().advance(TimeDelta::hours(25));
        assert!(matches!(bank.take(&asked).await,
            Err(OverflowError::State(OverflowState::Lapsed))), "before the worker came");
        store.write("expire", (), |tx, ()| Box::pin(expire_due(tx))).await.unwrap();
        assert_eq!(bank.now(&asked).await.state, OverflowState::Lapsed);

        let asked = bank.pass(bank.asks(&booking)).await.unwrap();
        let back = Withdraw { actor: bank.van.owner.clone(), overflow: asked.id };
        let refused = store.write("back", back, |tx, c| Box::pin(withdraw(tx, c))).await;
        assert!(matches!(refused, Err(OverflowError::Forbidden(_))));
        let back = Withdraw { actor: bank.minh.owner.clone(), overflow: asked.id };
        store.write("back", back, |tx, c| Box::pin(withdraw(tx, c))).await.unwrap();
        assert_eq!(bank.now(&asked).await.state, OverflowState::Withdrawn);
        assert_eq!(bank.taken().await, (2, 0));
        assert_eq!(bank.minh.again(&booking).await.workshop_id, bank.minh.workshop);
    }

    async fn a_booking_that_changes_is_asked_about_no_longer(store) {
        let bank = Bank::new(&store).await;
        let booking = bank.minh.booked(bank.minh.slot, 2).await.unwrap();
        bank.pass(bank.asks(&booking)).await.unwrap();
        let command = ChangeParty {
            residents: None,
            catalogue: Arc::clone(&bank.minh.catalogue), actor: crate::accounts::Actor::Guest,
            booking: booking.id, wanted: vec![(bank.minh.adult, 3)], over: false,
        };
        store.write("change", command, |tx, c| Box::pin(change_party(tx, c))).await.unwrap();
        assert!(open_of(&mut store.read().await.unwrap(), booking.id).await.unwrap().is_none());
        assert_eq!(bank.taken().await, (3, 0));
        bank.pass(bank.asks(&booking)).await.unwrap();
        assert_eq!(bank.taken().await, (3, 3));
        let command = CancelByGuest { booking: booking.id, reason: String::new() };
        store.write("cancel", command, |tx, c| Box::pin(cancel_by_guest(tx, c))).await.unwrap();
        assert_eq!(bank.taken().await, (0, 0));
    }

    async fn only_to_a_sister_with_room_and_in_time(store) {
        let bank = Bank::new(&store).await;
        let booking = bank.minh.booked(bank.minh.slot, 3).await.unwrap();
        let to = |to| PassOn { to, ..bank.asks(&booking) };
        assert!(matches!(bank.pass(to(bank.alone.slot)).await, Err(OverflowError::NotSisters)));
        bank.van.booked(bank.van.slot, 2).await.unwrap();
        assert!(matches!(bank.pass(bank.asks(&booking)).await,
            Err(OverflowError::Booking(BookingError::Seats(NoSeats::Full { left: 2 })))));
        assert_eq!(bank.taken().await, (3, 2));
        store.clock().advance(TimeDelta::days(3) - TimeDelta::minutes(80));
        assert!(matches!(bank.pass(bank.asks(&booking)).await, Err(OverflowError::TooLate)));
    }

    async fn guests_without_an_address_are_asked_by_their_host(store) {
        let bank = Bank::new(&store).await;
        let booking = bank.minh.booked(bank.minh.slot, 2).await.unwrap();
        run(&store, "UPDATE booking SET email = '' WHERE id = $1", params![booking.id]).await;
        assert!(matches!(bank.pass(bank.asks(&booking)).await, Err(OverflowError::NoEmail)));
        let asked = bank.pass(PassOn { agreed: true, ..bank.asks(&booking) }).await.unwrap();
        assert_eq!(asked.state, OverflowState::Taken);
        assert_eq!(bank.taken().await, (0, 2));
        assert_eq!(bank.minh.letters(Letter::OverflowOffer).await, 0);
    }
}

/// Many hosts pass guests on to a departure of few seats at once: it is never oversold.
async fn never_oversold(kind: Kind) {
    let Some(store) = fresh(kind).await else { return };
    let bank = Arc::new(Bank::with(&store, Setup { capacity: 20, ..Setup::default() }).await);
    run(&store, "UPDATE slot SET capacity = 5 WHERE id = $1", params![bank.van.slot]).await;
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let booking = bank.minh.booked(bank.minh.slot, 2).await.unwrap();
        let bank = Arc::clone(&bank);
        all.spawn(async move {
            let Ok(asked) = bank.pass(bank.asks(&booking)).await else { return 0 };
            bank.take(&asked).await.map_or(0, |moved| moved.seats)
        });
    }
    let moved: i32 = all.join_all().await.into_iter().sum();
    assert_eq!(moved, 4, "two parties of two in five seats");
    assert_eq!(bank.taken().await, (16, 4));
}

#[tokio::test]
async fn sisters_are_never_oversold_on_sqlite() {
    never_oversold(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sisters_are_never_oversold_on_postgres() {
    never_oversold(Kind::Postgres).await;
}
