//! Whole stories of money: of each commission, received = earned or kept + returned + still held.

use super::*;
use crate::booking::testing::Setup;
use crate::both_dbs;
use crate::ledger::{How, PartyKind, RuleDraft, RuleOf, SaveRule, Share, Shares, save_rule};
use crate::payment::TransferState;
use crate::resource::tests::stories::Village;

both_dbs! {
    async fn ended_by_the_workshop_all_goes_back(store) {
        let house = House::new(&store).await;
        let made = house.accepted().await;
        house.pays(&made, 400_000).await;
        assert_eq!(house.books("guests", "prepaid").await, 400_000);
        let ended = house.ends(&made, &house.scene.owner).await.unwrap();
        let State::Ended { by, kept, .. } = ended.state else { panic!("{ended:?}") };
        assert_eq!((by, kept), (EndedBy::Workshop, Dong::ZERO));
        assert_eq!(house.money(&made).await.due, Dong(400_000));
        assert_eq!(fields(house.pays_back(&made, 400_001).await), [Field::Amount]);
        house.pays_back(&made, 400_000).await.unwrap();
        assert_eq!(house.money(&made).await.due, Dong::ZERO);
        assert_eq!(house.books("guests", "").await, 0);
        assert_eq!(house.books("workshop", "").await, 0);
    }

    async fn ended_by_the_customer_the_offers_terms_hold(store) {
        let house = House::new(&store).await;
        let early = house.accepted().await;
        house.pays(&early, 100_000).await;
        house.ends(&early, &Actor::Guest).await.unwrap();
        assert_eq!(house.money(&early).await.due, Dong(100_000), "before the deposit for nothing");
        let made = house.accepted().await;
        house.pays(&made, 400_000).await;
        house.shows(&made, true).await.unwrap();
        house.pays(&made, 600_000).await;
        house.ends(&made, &Actor::Guest).await.unwrap();
        assert_eq!(house.money(&made).await.due, Dong(800_000), "half of the deposit stays");
        assert_eq!(house.books("workshop", "share").await, 200_000);
        // What comes still is the customer's.
        assert_eq!(house.pays(&made, 50_000).await, Finding::Cancelled);
        house.pays_back(&made, 850_000).await.unwrap();
        house.pays_back(&early, 100_000).await.unwrap();
        assert_eq!(house.books("guests", "").await, 0);
        assert_eq!(house.books("workshop", "takings").await, -200_000);
        let mut conn = store.read().await.unwrap();
        let lists =
            payment::reconciliation(&mut conn, &house.scene.owner, house.scene.workshop).await;
        let lists = lists.unwrap();
        assert!(lists.open.is_empty());
        let back = |state| lists.settled.iter().filter(|row| row.transfer.state == state).count();
        assert_eq!(back(TransferState::Returned), 1);
        assert!(lists.settled.iter().all(|row| row.commission.is_some()));
    }

    async fn too_much_waits_for_a_person_and_cash_counts(store) {
        let house = House::new(&store).await;
        let made = house.accepted().await;
        let cash = MarkPaid {
            actor: house.scene.owner.clone(),
            commission: made.id,
            sum: house.sum(400_000, "cash"),
            form_key: key(),
        };
        let twice = cash.clone();
        for pays in [cash, twice] {
            store.write("cash", pays, |tx, c| Box::pin(mark_paid(tx, c))).await.unwrap();
        }
        assert_eq!(house.again(&made).await.kind(), StateKind::Making);
        assert_eq!(house.pays(&made, 700_000).await, Finding::Over);
        assert_eq!(house.money(&made).await.due, Dong(100_000));
        assert_eq!(house.pays(&made, 10_000).await, Finding::Twice);
        house.pays_back(&made, 110_000).await.unwrap();
        house.shows(&made, true).await.unwrap();
        house.hands_on(&made, Leave::HandOver).await.unwrap();
        assert_eq!(house.books("guests", "").await, 0);
        assert_eq!(house.books("workshop", "").await, 0, "it holds what it earned");
        let staff = MarkPaid {
            actor: house.scene.staff.clone(),
            commission: made.id,
            sum: house.sum(10_000, "cash"),
            form_key: key(),
        };
        let no = store.write("cash", staff, |tx, c| Box::pin(mark_paid(tx, c))).await;
        assert!(matches!(no, Err(CommissionError::Forbidden(_))));
    }

    async fn nothing_beforehand_begins_at_once(store) {
        let house = House::new(&store).await;
        let made = house.asks().await;
        house.offers(&made, (1_000_000, 0, 0)).await;
        assert_eq!(house.accepts(&made).await.unwrap().kind(), StateKind::Making);
        house.shows(&made, true).await.unwrap();
        assert_eq!(house.pays(&made, 1_000_000).await, Finding::Rest);
        house.hands_on(&made, Leave::HandOver).await.unwrap();
        assert_eq!(house.books("guests", "").await, 0);
    }

    async fn a_coops_account_and_its_rule(store) {
        let village = Village::new(&store, Setup::default()).await;
        let share = |to, how| Share { to, name: String::new(), how };
        let shares = Shares::new(vec![
            share(PartyKind::Guide, How::Percent(2_000)),
            share(PartyKind::CoopFund, How::Percent(1_000)),
            share(PartyKind::VillageFund, How::Visit(Dong(50_000))),
            share(PartyKind::Workshop, How::Rest),
        ])
        .unwrap();
        let valid_from = local_date(store.now()) + Days::new(1);
        let draft = RuleDraft { shares: Some(shares), valid_from };
        let rule = SaveRule { actor: Actor::System, of: RuleOf::Coop(village.coop), draft };
        store.write("rule", rule, |tx, c| Box::pin(save_rule(tx, c))).await.unwrap();
        let house = House::over(village.one.clone(), AccountOf::Coop(village.coop)).await;
        let made = house.accepted().await;
        assert_eq!(house.pays(&made, 1_000_000).await, Finding::Paid);
        assert_eq!(house.books("coop_fund", "takings").await, -1_000_000, "the fund holds it");
        store.clock().advance(TimeDelta::days(3));
        house.shows(&made, true).await.unwrap();
        house.hands_on(&made, Leave::HandOver).await.unwrap();
        assert_eq!(house.books("guests", "").await, 0);
        assert_eq!(house.books("coop_fund", "share").await, 100_000);
        assert_eq!(house.books("village_fund", "").await, 0, "nobody visited");
        assert_eq!(house.books("workshop", "share").await, 900_000);
        let mut conn = store.read().await.unwrap();
        let all = of_coop(&mut conn, &Actor::System, village.coop).await.unwrap();
        assert_eq!(all.len(), 1);
        let member = of_coop(&mut conn, &village.two.owner, village.coop).await;
        assert!(matches!(member, Err(CommissionError::Forbidden(_))), "for whoever manages it");
    }
}
