//! From the door to the ledger.

use chrono::TimeDelta;

use super::people::{book, enter, found_coop};
use crate::booking::checkin::{Mark, no_show};
use crate::booking::testing::Scene;
use crate::booking::{CancelByGuest, ChangeParty, cancel_by_guest, change_party};
use crate::clock::local_date;
use crate::ledger::{EntryKind, How, Month, PartyKind, is_due};
use crate::{Dong, both_dbs};

const GUIDE: PartyKind = PartyKind::Guide;
const WORKSHOP: PartyKind = PartyKind::Workshop;

both_dbs! {
    async fn a_visit_is_entered_once_it_is_over(store) {
        let scene = Scene::new(&store).await;
        found_coop(&scene, "manager").await;
        scene.rule(vec![
            (GUIDE, "", How::Visit(Dong(100_000))),
            (PartyKind::CoopFund, "", How::Percent(500)),
            (PartyKind::VillageFund, "", How::Person(Dong(5_000))),
            (WORKSHOP, "", How::Rest),
        ]).await;
        scene.guide(scene.slot, "Anh Tuấn").await;
        let booking = scene.booked(scene.slot, 3).await.unwrap();
        scene.to_start(scene.slot).await;
        scene.arrive(&booking, 3).await;
        let mut conn = store.read().await.unwrap();
        assert!(!is_due(&mut conn, store.now()).await.unwrap());
        assert_eq!(scene.enter().await, 0, "the visit is going on");
        store.clock().advance(TimeDelta::minutes(90));
        assert!(is_due(&mut conn, store.now()).await.unwrap());
        drop(conn);
        assert_eq!(scene.enter().await, 1);
        assert_eq!(scene.enter().await, 0);
        assert_eq!(scene.share(GUIDE).await, Dong(100_000));
        assert_eq!(scene.share(PartyKind::CoopFund).await, Dong(45_000));
        assert_eq!(scene.share(PartyKind::VillageFund).await, Dong(15_000));
        let workshop = scene.sums(WORKSHOP).await;
        assert_eq!((workshop.takings, workshop.share), (Dong(-900_000), Dong(740_000)));
        let party = scene.party(GUIDE).await;
        let month = scene.statement_of(&party, scene.this_month()).await;
        let line = &month.lines[0];
        assert_eq!((line.kind, line.code.as_str()), (EntryKind::Visit, booking.code.as_str()));
        assert_eq!((line.brought, line.share, line.people), (Dong(900_000), Dong(100_000), 3));
        assert_eq!(month.rule(line).unwrap().tour_id, Some(scene.tour));
        assert_eq!(party.name, "Anh Tuấn");
    }

    async fn two_workers_enter_a_visit_once(store) {
        let scene = Scene::with(&store, crate::booking::testing::Setup {
            capacity: 60, max_party: 60, ..Default::default()
        }).await;
        for _ in 0..6 {
            scene.booked(scene.slot, 2).await.unwrap();
        }
        let bookings = {
            let mut conn = store.read().await.unwrap();
            crate::booking::query::of_slot(&mut conn, scene.slot).await.unwrap()
        };
        scene.to_start(scene.slot).await;
        for booking in &bookings {
            scene.arrive(booking, 2).await;
        }
        store.clock().advance(TimeDelta::hours(2));
        let worker = || tokio::spawn({ let store = store.clone(); async move { enter(&store).await } });
        let workers: Vec<_> = (0..4).map(|_| worker()).collect();
        for worker in workers {
            worker.await.unwrap();
        }
        let entries = book(&store).await;
        assert_eq!(entries.len(), 6);
        assert_eq!(scene.sums(WORKSHOP).await.takings, Dong(-6 * 600_000));
        // A correction, too, is made once.
        for booking in &bookings {
            scene.take_back(booking).await;
        }
        let workers: Vec<_> = (0..4).map(|_| worker()).collect();
        for worker in workers {
            worker.await.unwrap();
        }
        assert_eq!(book(&store).await.len(), 12);
        assert_eq!(scene.sums(WORKSHOP).await.closing(), Dong::ZERO);
    }

    async fn what_changes_afterwards_is_corrected_by_a_further_entry(store) {
        let scene = Scene::new(&store).await;
        scene.rule(vec![(GUIDE, "", How::Percent(1_000)), (WORKSHOP, "", How::Rest)]).await;
        scene.guide(scene.slot, "Tuấn").await;
        let booking = scene.visited(scene.slot, 4).await;
        scene.enter().await;
        let before = book(&store).await;
        assert_eq!(scene.share(GUIDE).await, Dong(120_000));

        scene.take_back(&booking).await;
        assert_eq!(scene.enter().await, 1);
        assert_eq!(scene.share(GUIDE).await, Dong::ZERO);
        assert_eq!(scene.sums(WORKSHOP).await.takings, Dong::ZERO);

        let fewer = ChangeParty {
            residents: None,
            catalogue: std::sync::Arc::clone(&scene.catalogue),
            actor: scene.owner.clone(),
            booking: booking.id,
            wanted: vec![(scene.adult, 2)],
            over: false,
        };
        store.write("fewer", fewer, |tx, c| Box::pin(change_party(tx, c))).await.unwrap();
        scene.arrive(&booking, 2).await;
        assert_eq!(scene.enter().await, 1);
        assert_eq!(scene.share(GUIDE).await, Dong(60_000));

        // The guide was another one.
        scene.guide(scene.slot, "Chị Mai").await;
        assert_eq!(scene.enter().await, 1);
        let guides: Vec<(String, Dong)> = scene.parties().await.into_iter()
            .filter(|(party, _)| party.kind == GUIDE)
            .map(|(party, sums)| (party.name, sums.share)).collect();
        assert_eq!(guides, [("Chị Mai".to_owned(), Dong(60_000)), ("Tuấn".to_owned(), Dong::ZERO)]);
        assert_eq!(scene.enter().await, 0);

        let after = book(&store).await;
        assert_eq!(after[..before.len()], before[..], "what was entered stays");
        let workshop = scene.party(WORKSHOP).await;
        let month = scene.statement_of(&workshop, scene.this_month()).await;
        let kinds: Vec<EntryKind> = month.lines.iter().map(|line| line.kind).collect();
        // The guide's correction leaves the workshop's account alone.
        assert_eq!(kinds, [EntryKind::Visit, EntryKind::Correction, EntryKind::Correction]);
        assert!(month.lines[1..].iter().all(|line| line.corrects == Some(before[0].0)));
        let sum = &month.by_tour()[0];
        assert_eq!((sum.visits, sum.people, sum.brought), (1, 2, Dong(600_000)));
    }

    async fn a_correction_counts_in_the_month_it_is_made(store) {
        let scene = Scene::new(&store).await;
        let booking = scene.visited(scene.slot, 1).await;
        scene.enter().await;
        let workshop = scene.party(WORKSHOP).await;
        let december = scene.this_month();
        let printed = scene.statement_of(&workshop, december).await;
        store.clock().advance(TimeDelta::days(31));
        scene.take_back(&booking).await;
        scene.enter().await;
        assert_eq!(scene.statement_of(&workshop, december).await, printed);
        let january = scene.statement_of(&workshop, december.next()).await;
        assert_eq!((january.lines.len(), january.totals.share), (1, Dong(-300_000)));
        assert_eq!(january.totals.opening, printed.totals.closing());
        assert_eq!(scene.statement_of(&workshop, december.next().next()).await.totals.opening,
            january.totals.closing());
    }

    async fn who_does_not_come_brings_in_nothing(store) {
        let scene = Scene::new(&store).await;
        let missed = scene.booked(scene.slot, 2).await.unwrap();
        let late = scene.booked(scene.slot, 2).await.unwrap();
        let early = scene.booked(scene.slot, 2).await.unwrap();
        let some = scene.booked(scene.slot, 3).await.unwrap();
        // Half of it would come back, if anything had been paid.
        store.clock().advance(TimeDelta::hours(36));
        let cancel = CancelByGuest { booking: late.id, reason: String::new() };
        let ended = store.write("c", cancel, |tx, c| Box::pin(cancel_by_guest(tx, c))).await.unwrap();
        assert!(matches!(ended.state,
            crate::booking::State::Cancelled { refund_percent: 50, .. }));
        scene.cancel(&early).await;
        scene.to_start(scene.slot).await;
        let mark = Mark { actor: scene.staff.clone(), booking: missed.id, at: None };
        store.write("no-show", mark, |tx, c| Box::pin(no_show(tx, c))).await.unwrap();
        // One of three came: the three were booked and are paid for.
        scene.arrive(&some, 1).await;
        store.clock().advance(TimeDelta::hours(2));
        assert_eq!(scene.enter().await, 1);
        assert_eq!(scene.sums(WORKSHOP).await.takings, Dong(-900_000));
        // Entered, then taken back and cancelled after all.
        scene.take_back(&some).await;
        scene.cancel(&some).await;
        scene.enter().await;
        assert_eq!(scene.sums(WORKSHOP).await.closing(), Dong::ZERO);
        assert_eq!(scene.sums(WORKSHOP).await.takings, Dong::ZERO);
        assert_eq!(scene.enter().await, 0);
    }

    async fn shares_of_nobody_fall_to_the_rest(store) {
        let scene = Scene::new(&store).await;
        scene.rule(vec![
            (PartyKind::CoopFund, "", How::Percent(1_000)),
            (PartyKind::Reseller, "Công ty Sen", How::Percent(2_000)),
            (WORKSHOP, "", How::Percent(3_000)),
            (GUIDE, "", How::Rest),
        ]).await;
        scene.visited(scene.slot, 1).await;
        scene.enter().await;
        // No co-op, no reseller, no guide: all of it is the workshop's.
        assert_eq!(scene.share(WORKSHOP).await, Dong(300_000));
        assert_eq!(scene.parties().await.len(), 1);
        scene.guide(scene.slot, "Tuấn").await;
        scene.enter().await;
        assert_eq!(scene.share(GUIDE).await, Dong(210_000));
        assert_eq!(scene.share(WORKSHOP).await, Dong(90_000));
    }

    async fn a_reseller_has_a_share_of_what_it_sold(store) {
        let scene = Scene::new(&store).await;
        // The fixture books for Nguyễn Thị Hoa; spelling and marks don't matter.
        scene.rule(vec![
            (PartyKind::Reseller, "nguyen thi  HOA", How::Percent(1_500)),
            (WORKSHOP, "", How::Rest),
        ]).await;
        scene.visited(scene.slot, 2).await;
        scene.enter().await;
        assert_eq!(scene.share(PartyKind::Reseller).await, Dong(90_000));
    }

    async fn long_after_the_visit_the_ledger_stays(store) {
        let scene = Scene::new(&store).await;
        let booking = scene.visited(scene.slot, 1).await;
        scene.enter().await;
        store.clock().advance(TimeDelta::days(80));
        scene.take_back(&booking).await;
        assert_eq!(scene.enter().await, 0);
        let december = Month::of(local_date(store.now() - TimeDelta::days(80)));
        let workshop = scene.party(WORKSHOP).await;
        assert_eq!(scene.statement_of(&workshop, december).await.totals.share, Dong(300_000));
    }
}
