//! Whatever happens, the ledger balances and statements follow each other.

use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::people::{Rows, book, found_coop, shares};
use crate::booking::Booking;
use crate::booking::testing::Scene;
use crate::clock::local_date;
use crate::ledger::{Holder, How, LedgerError, Month, PartyKind, RuleOf, StatementLine};
use crate::store::Store;
use crate::{Dong, EntryId, both_dbs, params};

/// Deeds in a story, each of which may be a visit that is over a day and a bit later.
const DEEDS: usize = 28;

/// Days that a story may wait, so that it is over while the ledger still follows its first visit:
/// with the days of its visits less than [`FOLLOW_DAYS`](crate::ledger::visit).
const PATIENCE: i64 = 28;

/// Something that people do.
#[derive(Debug, Clone)]
enum Deed {
    Rule { coop: bool, percent: u32, person: i64, visit: i64 },
    EndRule,
    Visit { adults: u32, guided: bool },
    TakeBack(usize),
    Arrive(usize),
    Cancel(usize),
    Guide { of: usize, name: bool },
    Adjust { from: usize, to: usize, amount: i64 },
    Pay { to: usize, amount: i64 },
    Reverse(usize),
    Work,
    Wait(i64),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        2 => (any::<bool>(), 1_u32..4_000, 1_i64..40_000, 1_i64..900_000).prop_map(
            |(coop, percent, person, visit)| Deed::Rule { coop, percent, person, visit }),
        1 => Just(Deed::EndRule),
        6 => (1_u32..5, any::<bool>()).prop_map(|(adults, guided)| Deed::Visit { adults, guided }),
        2 => (0_usize..9).prop_map(Deed::TakeBack),
        2 => (0_usize..9).prop_map(Deed::Arrive),
        1 => (0_usize..9).prop_map(Deed::Cancel),
        2 => (0_usize..9, any::<bool>()).prop_map(|(of, name)| Deed::Guide { of, name }),
        3 => (0_usize..5, 0_usize..5, 1_i64..200_000).prop_map(
            |(from, to, amount)| Deed::Adjust { from, to, amount }),
        3 => (0_usize..3, 1_i64..200_000).prop_map(|(to, amount)| Deed::Pay { to, amount }),
        2 => (0_usize..30).prop_map(Deed::Reverse),
        4 => Just(Deed::Work),
        3 => (0_i64..20).prop_map(Deed::Wait),
    ]
}

struct Story {
    scene: Scene,
    coop: crate::CoopId,
    bookings: Vec<Booking>,
    /// Days that passed so far; the ledger does not follow a visit for ever.
    waited: i64,
}

impl Story {
    async fn begin(store: &Store) -> Story {
        let scene = Scene::new(store).await;
        let coop = found_coop(&scene, "manager").await;
        Story { scene, coop, bookings: Vec::new(), waited: 0 }
    }

    async fn holder(&self, at: usize) -> Holder {
        let guide = || async {
            let parties = self.scene.parties().await;
            parties.into_iter().find(|(party, _)| party.kind == PartyKind::Guide)
        };
        match at {
            0 => Holder::CoopFund,
            1 => Holder::VillageFund,
            2 => guide().await.map_or(Holder::CoopFund, |(party, _)| Holder::Party(party.id)),
            3 => Holder::Workshop,
            _ => Holder::Guests,
        }
    }

    /// Only ever refused for reasons that the business knows.
    fn settle(done: Result<(), LedgerError>) {
        match done {
            Ok(())
            | Err(LedgerError::Fields(_) | LedgerError::FollowsVisit | LedgerError::TakenBack) => {}
            Err(error) => panic!("{error}"),
        }
    }

    async fn live(&mut self, deed: Deed) {
        let scene = &self.scene;
        let tomorrow = local_date(scene.store.now() + TimeDelta::days(1));
        match deed {
            Deed::Rule { coop, percent, person, visit } => {
                let rows: Rows = vec![
                    (PartyKind::Guide, "", How::Visit(Dong(visit))),
                    (PartyKind::CoopFund, "", How::Percent(percent)),
                    (PartyKind::VillageFund, "", How::Person(Dong(person))),
                    (PartyKind::Workshop, "", How::Rest),
                ];
                let of = if coop { RuleOf::Coop(self.coop) } else { RuleOf::Tour(scene.tour) };
                let rule = Some(shares(rows));
                scene.save_rule(&scene.owner, of, rule, tomorrow).await.unwrap();
            }
            Deed::EndRule => {
                let of = RuleOf::Tour(scene.tour);
                scene.save_rule(&scene.owner, of, None, tomorrow).await.unwrap();
            }
            Deed::Visit { adults, guided } => {
                let slot = scene.add_slot(TimeDelta::hours(26)).await;
                if guided {
                    scene.guide(slot, "Tuấn").await;
                }
                let booking = scene.visited(slot, adults).await;
                self.bookings.push(booking);
            }
            Deed::TakeBack(at) => {
                if let Some(booking) = self.bookings.get(at) {
                    let now = scene.again(booking).await;
                    if now.state.kind() == crate::booking::StateKind::CheckedIn {
                        scene.take_back(booking).await;
                    }
                }
            }
            Deed::Arrive(at) => {
                if let Some(booking) = self.bookings.get(at) {
                    let now = scene.again(booking).await;
                    if now.state.kind() == crate::booking::StateKind::Confirmed {
                        // Marked on the day by a phone that was offline since.
                        let mark = crate::booking::checkin::CheckIn {
                            actor: scene.staff.clone(),
                            booking: booking.id,
                            arrived: 1,
                            at: now.attendance_at.map(|at| at + TimeDelta::seconds(1)),
                        };
                        let verb = crate::booking::checkin::check_in;
                        let _ =
                            scene.store.write("in", mark, move |tx, c| Box::pin(verb(tx, c))).await;
                    }
                }
            }
            Deed::Cancel(at) => {
                if let Some(booking) = self.bookings.get(at) {
                    let now = scene.again(booking).await;
                    if now.state.kind() == crate::booking::StateKind::Confirmed {
                        scene.cancel(booking).await;
                    }
                }
            }
            Deed::Guide { of, name } => {
                if let Some(booking) = self.bookings.get(of) {
                    scene.guide(booking.slot_id, if name { "Chị Mai" } else { "" }).await;
                }
            }
            Deed::Adjust { from, to, amount } => {
                let (from, to) = (self.holder(from).await, self.holder(to).await);
                Self::settle(scene.adjust_as(&scene.owner, from, to, amount).await);
            }
            Deed::Pay { to, amount } => {
                let to = self.holder(to).await;
                Self::settle(scene.pay(scene.payout(to, amount)).await);
            }
            Deed::Reverse(at) => {
                if let Some((entry, _)) = book(&scene.store).await.get(at) {
                    let done = scene.reverse_as(&scene.owner, *entry).await;
                    if !matches!(done, Err(LedgerError::Forbidden(_))) {
                        Self::settle(done);
                    }
                }
            }
            Deed::Work => {
                scene.enter().await;
            }
            Deed::Wait(days) => {
                let days = days.min(PATIENCE - self.waited);
                scene.store.clock().advance(TimeDelta::days(days));
                self.waited += days;
            }
        }
    }

    /// Each visit is in the ledger as it is in the calendar.
    async fn visits_agree(&self) {
        let scene = &self.scene;
        let mut expected = Dong::ZERO;
        for booking in &self.bookings {
            let now = scene.again(booking).await;
            let came = now.state.kind() == crate::booking::StateKind::CheckedIn;
            expected += if came { now.total } else { Dong::ZERO };
        }
        let mut conn = scene.store.read().await.unwrap();
        let (entered,): (Dong,) = conn
            .fetch_one(
                "SELECT CAST(COALESCE(-SUM(line.amount), 0) AS BIGINT) FROM ledger_line line \
                 JOIN ledger_entry entry ON entry.id = line.entry_id WHERE entry.workshop_id = $1 \
                 AND line.side = 'takings' AND entry.booking_id IS NOT NULL",
                params![scene.workshop],
            )
            .await
            .unwrap();
        assert_eq!(entered, expected);
    }

    async fn statements_chain(&self, first: Month) {
        let scene = &self.scene;
        let last = scene.this_month();
        let mut sum = Dong::ZERO;
        for (party, now) in scene.parties().await {
            let mut month = first;
            let mut balance = Dong::ZERO;
            while month <= last {
                let statement = scene.statement_of(&party, month).await;
                assert_eq!(statement.totals.opening, balance, "{:?} {month}", party.kind);
                let lines: Dong = statement.lines.iter().map(StatementLine::change).sum();
                assert_eq!(statement.totals.closing(), balance + lines);
                balance += lines;
                month = month.next();
            }
            assert_eq!(now.closing(), balance);
            sum += balance;
        }
        assert_eq!(sum, Dong::ZERO, "what is owed is what is held");
    }
}

async fn holds(store: &Store, deeds: Vec<Deed>) {
    let mut story = Story::begin(store).await;
    let first = story.scene.this_month();
    let mut before: Vec<(EntryId, i64)> = book(store).await;
    for deed in deeds {
        story.live(deed).await;
        let now = book(store).await;
        assert!(now.iter().all(|(_, sum)| *sum == 0), "an entry does not balance");
        assert!(before.iter().all(|entry| now.contains(entry)), "an entry is gone");
        before = now;
    }
    while story.scene.enter().await > 0 {}
    story.visits_agree().await;
    story.statements_chain(first).await;
}

both_dbs! {
    async fn the_ledger_balances_whatever_happens(store) {
        let deeds = proptest::collection::vec(deed(), 8..DEEDS);
        let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
        let handle = tokio::runtime::Handle::current();
        tokio::task::block_in_place(|| {
            runner.run(&deeds, |deeds| {
                handle.block_on(holds(&store, deeds));
                Ok(())
            })
        })
        .unwrap();
    }
}
