//! Asking for money, reminding, and what happens when none comes.

use chrono::TimeDelta;

use super::*;
use crate::accounts::Forbidden;
use crate::booking::desk::{Caller, TakeCall, take_call};
use crate::booking::{Source, State, StateKind};
use crate::both_dbs;
use crate::mail::Letter;
use crate::payment::vietqr::VietQr;

both_dbs! {
    async fn a_deposit_keeps_the_seats_until_it_is_due(store) {
        let till = Till::new(&store, 30).await;
        let booking = till.booked().await;
        assert_eq!(booking.state, State::AwaitingPayment { until: till.now() + TimeDelta::hours(4) });
        assert_eq!(till.scene.seats(booking.slot_id).await, (2, 0));
        let asked = till.asked(&booking).await;
        assert_eq!((asked.amount, asked.due_at), (Dong(180_000), till.now() + TimeDelta::hours(4)));
        let qr = VietQr::parse(&qr_text(&asked, &till.account, asked.amount).unwrap()).unwrap();
        assert_eq!((qr.amount, qr.text), (Some(asked.amount), Some(asked.code.to_string())));
        assert_eq!(qr.number.as_str(), "0123456789");
        // Pressed twice it is one payment; the workshop has heard nothing yet.
        assert_eq!(till.scene.confirm(&booking).await.unwrap().state, booking.state);
        assert_eq!(till.code(&booking).await, asked.code.as_str());
        assert_eq!(till.scene.letters(Letter::PaymentRequest).await, 1);
        assert_eq!(till.scene.letters(Letter::HostNew).await, 0);

        store.clock().advance(TimeDelta::hours(3));
        for _ in 0..2 {
            let remind = store.write("remind", (), |tx, ()| {
                Box::pin(async move { remind_due(tx).await })
            });
            remind.await.unwrap();
        }
        assert_eq!(till.scene.letters(Letter::PaymentReminder).await, 1);
        store.clock().advance(TimeDelta::hours(1));
        till.expire().await;
        assert_eq!(till.scene.again(&booking).await.state.kind(), StateKind::Expired);
        assert_eq!(till.scene.seats(booking.slot_id).await, (0, 0));
        assert_eq!(till.scene.letters(Letter::PaymentExpired).await, 1);
    }

    async fn nobody_pays_beforehand_without_need(store) {
        let till = Till::new(&store, 100).await;
        let scene = &till.scene;
        // A party for nothing.
        run(&store, "UPDATE unit SET price = 0 WHERE id = $1", params![scene.adult]).await;
        let catalogue = CatalogueCache::new(store.clone()).get().await.unwrap();
        let mut free = scene.clone();
        free.catalogue = catalogue;
        let booking = free.booked(scene.slot, 2).await.unwrap();
        assert_eq!(booking.state.kind(), StateKind::Confirmed);
        // Who called.
        let call = TakeCall {
            catalogue: Arc::clone(&scene.catalogue),
            actor: scene.staff.clone(),
            slot: scene.slot,
            wanted: vec![(scene.adult, 2)],
            caller: Caller::parse("Bà Lan", "0912345678", "", "").unwrap(),
            locale: crate::Locale::Vi,
            over: false,
            form_key: "call".into(),
        };
        let called = store.write("call", call, |tx, c| Box::pin(take_call(tx, c))).await.unwrap();
        assert_eq!((called.state.kind(), called.source), (StateKind::Confirmed, Source::Phone));
        // A workshop that takes no money by transfer any more.
        let retire = RetireAccount { actor: scene.owner.clone(), account: till.account.id };
        store.write("retire", retire, |tx, c| Box::pin(retire_account(tx, c))).await.unwrap();
        assert_eq!(till.booked().await.state.kind(), StateKind::Confirmed);
    }

    async fn the_time_to_pay_ends_with_the_start(store) {
        let till = Till::new(&store, 100).await;
        let soon = till.scene.add_slot(TimeDelta::hours(3)).await;
        let booking = till.scene.booked(soon, 1).await.unwrap();
        let until = till.now() + TimeDelta::hours(3);
        assert_eq!(booking.state, State::AwaitingPayment { until });
    }

    async fn what_is_asked_follows_the_party(store) {
        let till = Till::new(&store, 50).await;
        let booking = till.booked().await;
        let code = till.code(&booking).await;
        assert_eq!(till.pays("1", 150_000, &code).await, Finding::Part);
        let change = |adults| crate::booking::ChangeParty {
            residents: None,
            catalogue: Arc::clone(&till.scene.catalogue),
            actor: Actor::Guest,
            booking: booking.id,
            wanted: vec![(till.scene.adult, adults)],
            over: false,
        };
        let verb = |adults| {
            store.write("change", change(adults), |tx, c| {
                Box::pin(crate::booking::change_party(tx, c))
            })
        };
        verb(4).await.unwrap();
        assert_eq!(till.asked(&booking).await.amount, Dong(600_000));
        // Half of one person's price is there already.
        let small = verb(1).await.unwrap();
        assert_eq!(small.state.kind(), StateKind::Confirmed);
        assert_eq!(till.scene.letters(Letter::Confirmation).await, 1);
    }

    async fn only_owners_keep_accounts(store) {
        let till = Till::new(&store, 100).await;
        let (scene, account) = (&till.scene, till.account.id);
        for actor in [scene.staff.clone(), scene.stranger.clone(), Actor::Guest] {
            let retire = RetireAccount { actor: actor.clone(), account };
            let done = store.write("retire", retire, |tx, c| Box::pin(retire_account(tx, c))).await;
            assert!(matches!(done, Err(PaymentError::Forbidden(Forbidden))));
            let provider = Provider::SepayHmac;
            let set = SetProvider { actor: actor.clone(), account, provider, secret: None };
            let done = store.write("set", set, |tx, c| Box::pin(set_provider(tx, c))).await;
            assert!(matches!(done, Err(PaymentError::Forbidden(Forbidden))));
            let mut conn = store.read().await.unwrap();
            assert!(reconciliation(&mut conn, &actor, scene.workshop).await.is_err());
            assert!(refunds_due(&mut conn, &actor, scene.workshop).await.is_err());
        }
        let set = |provider, secret: Option<&str>| {
            let secret = secret.map(str::to_owned);
            let set = SetProvider { actor: scene.owner.clone(), account, provider, secret };
            store.write("set", set, |tx, c| Box::pin(set_provider(tx, c)))
        };
        let drawn = set(Provider::SepayHmac, None).await.unwrap();
        assert!(drawn.secret.reveal().len() > 40 && !format!("{drawn:?}").contains(drawn.secret.reveal()));
        assert_eq!(set(Provider::SepayHmac, None).await.unwrap().secret, drawn.secret);
        let own = set(Provider::CassoV2, Some("a-key-of-casso")).await.unwrap();
        assert_eq!(own.secret.reveal(), "a-key-of-casso");
        for bad in ["short", "with some spaces in it"] {
            let done = set(Provider::SepayKey, Some(bad)).await;
            assert!(matches!(done, Err(PaymentError::Fields(_))), "{bad}");
        }
    }
}
