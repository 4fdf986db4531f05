//! What people enter by hand.

use chrono::{Days, TimeDelta};

use super::people::{book, found_coop, join};
use crate::booking::testing::Scene;
use crate::clock::local_date;
use crate::ledger::{
    Adjustment, AdjustmentInput, Ask, EntryKind, Field, Holder, How, LedgerError, PartyKind,
    Payout, PayoutInput, Scope, Wrong, by_workshop, last_moves, months, reversed_by, statement,
};
use crate::{Dong, EntryId, both_dbs};

const GUIDE: PartyKind = PartyKind::Guide;
const WORKSHOP: PartyKind = PartyKind::Workshop;
const FUND: PartyKind = PartyKind::CoopFund;

/// 600,000 taken: 60,000 to the guide, 30,000 to the fund.
async fn with_visit(scene: &Scene) {
    scene
        .rule(vec![
            (GUIDE, "", How::Percent(1_000)),
            (FUND, "", How::Percent(500)),
            (WORKSHOP, "", How::Rest),
        ])
        .await;
    scene.guide(scene.slot, "Tuấn").await;
    scene.visited(scene.slot, 2).await;
    scene.enter().await;
}

fn fields(error: LedgerError) -> Vec<(Field, Wrong)> {
    match error {
        LedgerError::Fields(wrongs) => wrongs,
        other => panic!("{other:?}"),
    }
}

both_dbs! {
    async fn a_payout_is_entered_once_and_never_above_what_is_owed(store) {
        let scene = Scene::new(&store).await;
        found_coop(&scene, "manager").await;
        with_visit(&scene).await;
        let guide = Holder::Party(scene.party(GUIDE).await.id);
        let wrong = scene.pay(scene.payout(guide, 60_001)).await.unwrap_err();
        assert_eq!(fields(wrong), [(Field::Amount, Wrong::Owed { left: Dong(60_000) })]);
        let command = scene.payout(guide, 60_000);
        scene.pay(command.clone()).await.unwrap();
        scene.pay(command).await.unwrap();
        let sums = scene.sums(GUIDE).await;
        assert_eq!((sums.share, sums.paid, sums.closing()), (Dong(60_000), Dong(-60_000), Dong::ZERO));
        let workshop = scene.sums(WORKSHOP).await;
        assert_eq!((workshop.paid, workshop.closing()), (Dong(60_000), Dong(-30_000)));
        let mut tomorrow = scene.payout(Holder::CoopFund, 1);
        tomorrow.payout.on = local_date(store.now()) + Days::new(1);
        assert_eq!(fields(scene.pay(tomorrow).await.unwrap_err()), [(Field::Date, Wrong::Date)]);
        let itself = Holder::Party(scene.party(WORKSHOP).await.id);
        let error = scene.pay(scene.payout(itself, 1)).await.unwrap_err();
        assert_eq!(fields(error), [(Field::To, Wrong::Choice)]);
    }

    async fn a_wrong_payout_is_taken_back_once(store) {
        let scene = Scene::new(&store).await;
        found_coop(&scene, "manager").await;
        with_visit(&scene).await;
        let guide = Holder::Party(scene.party(GUIDE).await.id);
        scene.pay(scene.payout(guide, 50_000)).await.unwrap();
        let before = book(&store).await;
        let paid = before.last().unwrap().0;
        for actor in [&scene.staff, &scene.stranger] {
            let error = scene.reverse_as(actor, paid).await.unwrap_err();
            assert!(matches!(error, LedgerError::Forbidden(_)));
        }
        scene.reverse_as(&scene.owner, paid).await.unwrap();
        assert!(matches!(scene.reverse_as(&scene.owner, paid).await, Err(LedgerError::TakenBack)));
        assert_eq!(scene.sums(GUIDE).await.closing(), Dong(60_000));
        let after = book(&store).await;
        assert_eq!((after.len(), &after[..before.len()]), (before.len() + 1, &before[..]));
        let mut conn = store.read().await.unwrap();
        assert_eq!(reversed_by(&mut conn, paid).await.unwrap(), Some(after.last().unwrap().0));
        let moves = last_moves(&mut conn, &scene.owner, scene.workshop, 10).await.unwrap();
        drop(conn);
        let kinds: Vec<EntryKind> = moves.iter().map(|entry| entry.kind).collect();
        assert_eq!(kinds, [EntryKind::Reversal, EntryKind::Payout]);
        // A visit follows from the calendar, and a reversal is final.
        for id in [before[0].0, after.last().unwrap().0] {
            let error = scene.reverse_as(&scene.owner, id).await.unwrap_err();
            assert!(matches!(error, LedgerError::FollowsVisit));
        }
        let unknown = EntryId::new(store.now());
        assert!(matches!(scene.reverse_as(&scene.owner, unknown).await, Err(LedgerError::Unknown)));
    }

    async fn adjustments_name_both_sides(store) {
        let scene = Scene::new(&store).await;
        let coop = found_coop(&scene, "member").await;
        with_visit(&scene).await;
        let owner = &scene.owner;
        // The guests paid 100,000 less, and the workshop bears it.
        scene.adjust_as(owner, Holder::Workshop, Holder::Guests, 100_000).await.unwrap();
        let workshop = scene.sums(WORKSHOP).await;
        assert_eq!((workshop.takings, workshop.adjusted), (Dong(-500_000), Dong(-100_000)));
        assert_eq!(workshop.closing(), Dong(-90_000), "others are owed the same as before");
        scene.adjust_as(owner, Holder::CoopFund, Holder::VillageFund, 10_000).await.unwrap();
        assert_eq!(scene.sums(PartyKind::VillageFund).await.closing(), Dong(10_000));
        let itself = Holder::Party(scene.party(WORKSHOP).await.id);
        let error = scene.adjust_as(owner, Holder::Workshop, itself, 1).await.unwrap_err();
        assert_eq!(fields(error), [(Field::To, Wrong::Twice)]);

        let other = Scene::new(&store).await;
        other.guide(other.slot, "Lan").await;
        other.rule(vec![(GUIDE, "", How::Percent(1_000)), (WORKSHOP, "", How::Rest)]).await;
        let later = other.add_slot(TimeDelta::days(2)).await;
        other.guide(later, "Lan").await;
        other.visited(later, 1).await;
        other.enter().await;
        let theirs = Holder::Party(other.party(GUIDE).await.id);
        let error = scene.adjust_as(owner, Holder::Workshop, theirs, 1).await.unwrap_err();
        assert_eq!(fields(error), [(Field::To, Wrong::Choice)]);
        for actor in [&scene.staff, &scene.stranger, &other.owner] {
            let error = scene.adjust_as(actor, Holder::Workshop, Holder::CoopFund, 1).await;
            assert!(matches!(error, Err(LedgerError::Forbidden(_))));
        }
        // A manager of the co-op enters what concerns its fund, and that alone.
        join(&store, coop, other.workshop, "manager").await;
        let manager = &other.owner;
        scene.adjust_as(manager, Holder::Workshop, Holder::CoopFund, 7_000).await.unwrap();
        let error = scene.adjust_as(manager, Holder::Workshop, Holder::Guests, 1).await;
        assert!(matches!(error, Err(LedgerError::Forbidden(_))));
        assert_eq!(scene.sums(FUND).await.adjusted, Dong(-3_000));
    }

    async fn members_see_their_fund_and_owners_their_own_money(store) {
        let scene = Scene::new(&store).await;
        let coop = found_coop(&scene, "manager").await;
        with_visit(&scene).await;
        let other = Scene::new(&store).await;
        let fund = scene.party(FUND).await;
        let month = scene.this_month();
        let mut conn = store.read().await.unwrap();
        let all = Ask { party: fund.id, scope: Scope::All, month };
        let seen = statement(&mut conn, &other.owner, all).await;
        assert!(matches!(seen, Err(LedgerError::Forbidden(_))));
        drop(conn);
        join(&store, coop, other.workshop, "member").await;
        let mut conn = store.read().await.unwrap();
        let whole = statement(&mut conn, &other.owner, all).await.unwrap();
        assert_eq!(whole.totals.share, Dong(30_000));
        let (_, parts) = by_workshop(&mut conn, &other.owner, coop, month).await.unwrap().unwrap();
        assert_eq!(parts.iter().map(|(id, sums)| (*id, sums.share)).collect::<Vec<_>>(),
            [(scene.workshop, Dong(30_000))]);
        assert!(by_workshop(&mut conn, &scene.staff, coop, month).await.is_err());
        drop(conn);
        let guide = scene.party(GUIDE).await;
        let mut conn = store.read().await.unwrap();
        for (actor, scope) in [
            (&other.owner, Scope::Workshop(other.workshop)),
            (&other.owner, Scope::Workshop(scene.workshop)),
            (&scene.staff, Scope::Workshop(scene.workshop)),
            (&other.owner, Scope::All),
        ] {
            let ask = Ask { party: guide.id, scope, month };
            let seen = statement(&mut conn, actor, ask).await;
            assert!(matches!(seen, Err(LedgerError::Forbidden(_))), "{scope:?}");
        }
        let last = months(&mut conn, &scene.owner, scene.workshop, month, 3).await.unwrap();
        assert_eq!(last.len(), 3);
        assert_eq!((last[2].takings, last[2].own), (Dong(600_000), Dong(510_000)));
        assert_eq!(last[0].takings, Dong::ZERO);
    }
}

#[test]
fn what_is_typed_wrongly_is_told_by_field() {
    let wrongs = Adjustment::parse(&AdjustmentInput::default()).unwrap_err();
    let fields: Vec<Field> = wrongs.iter().map(|(field, _)| *field).collect();
    assert_eq!(fields, [Field::From, Field::To, Field::Amount, Field::Reason]);
    let input = AdjustmentInput {
        from: "guests".into(),
        to: "guests".into(),
        amount: "100k".into(),
        reason: "x".repeat(301),
    };
    let wrongs = Adjustment::parse(&input).unwrap_err();
    assert_eq!(wrongs, [(Field::To, Wrong::Twice), (Field::Reason, Wrong::TooLong { max: 300 })]);
    let wrongs = Payout::parse(&PayoutInput { to: "guests".into(), ..Default::default() });
    let fields: Vec<Field> = wrongs.unwrap_err().iter().map(|(field, _)| *field).collect();
    assert_eq!(fields, [Field::To, Field::Amount, Field::Date, Field::Method]);
    let good = PayoutInput {
        to: "coop_fund".into(),
        amount: "1.250.000 ₫".into(),
        date: "2026-12-01".into(),
        method: "transfer".into(),
        note: " Tháng 11 ".into(),
    };
    let payout = Payout::parse(&good).unwrap();
    assert_eq!((payout.amount, payout.note.as_str()), (Dong(1_250_000), "Tháng 11"));
}
