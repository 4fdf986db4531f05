//! Letters about money: what is asked, the receipt, what goes back.

use super::*;
use crate::Dong;
use crate::booking::State;
use crate::mail::outbox;
use crate::payment::{
    self, AccountData, AccountInput, AccountOf, AddAccount, IncomingTransfer, TakeIn, Teller,
};

/// The tour is paid beforehand: so many per cent of 2 × 250.000 ₫ or what it costs.
async fn paid_beforehand(store: &Store, percent: i32) -> Village {
    let mut village = Village::new(store).await;
    let tour = village.catalogue.tour_by_slug("nan-gom-ban-xoay").unwrap();
    let data = AccountData::parse(&AccountInput {
        bank: "970436".into(),
        number: "0123456789".into(),
        holder: "TRAN VAN HAI".into(),
    })
    .unwrap();
    let of = AccountOf::Workshop(tour.workshop_id);
    let add = AddAccount { actor: Actor::System, of, data };
    store.write("add", add, |tx, c| Box::pin(payment::add_account(tx, c))).await.unwrap();
    store
        .write("terms", (tour.id, percent), |tx, (tour, percent)| {
            Box::pin(async move {
                let sql = "UPDATE tour SET prepay_percent = $2, pay_minutes = 240 WHERE id = $1";
                tx.execute(sql, params![tour, percent]).await
            })
        })
        .await
        .map_err(|error: crate::store::StoreError| error)
        .unwrap();
    village.cache = CatalogueCache::new(store.clone());
    village.catalogue = village.cache.get().await.unwrap();
    village
}

async fn comes(store: &Store, village: &Village, booking: &Booking, amount: Dong) {
    let mut conn = store.read().await.unwrap();
    let asked = payment::of_booking(&mut conn, booking.id).await.unwrap().unwrap();
    drop(conn);
    let told = IncomingTransfer {
        teller: Teller::Sepay,
        teller_id: uuid::Uuid::now_v7().to_string(),
        accounts: vec![],
        amount,
        message: asked.code.to_string(),
        reference: String::new(),
        payer: String::new(),
        at: store.now(),
        raw: String::new(),
    };
    let take = TakeIn {
        catalogue: Arc::clone(&village.catalogue),
        account: asked.account_id,
        transfers: vec![told],
        actor: Actor::System,
    };
    store.write("take", take, |tx, c| Box::pin(payment::take_in(tx, c))).await.unwrap();
}

both_dbs! {
    async fn money_is_asked_for_and_receipted(store) {
        let village = paid_beforehand(&store, 30).await;
        let booking = village.book(&store, Locale::Vi, "hoa@example.com").await;
        assert!(matches!(booking.state, State::AwaitingPayment { .. }));
        let asked = payment::beforehand(booking.total, 30);
        village.deliver(&store).await;
        let letter = village.written(&store, &booking, Letter::PaymentRequest).await;
        let message = MessageParser::default().parse(&letter).unwrap();
        let text = message.body_text(0).unwrap().into_owned();
        let mut conn = store.read().await.unwrap();
        let payment = payment::of_booking(&mut conn, booking.id).await.unwrap().unwrap();
        drop(conn);
        for words in
            ["0123456789", "Vietcombank", "TRAN VAN HAI", payment.code.as_str(), "/pay"]
        {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert!(text.contains(&asked.display(Locale::Vi)), "{text}");
        assert!(message.attachments().next().is_none(), "nothing for the calendar yet");

        comes(&store, &village, &booking, asked).await;
        village.deliver(&store).await;
        let letter = village.written(&store, &booking, Letter::PaymentReceived).await;
        let message = MessageParser::default().parse(&letter).unwrap();
        let text = message.body_text(0).unwrap().into_owned();
        let rest = booking.total - asked;
        assert!(text.contains(&rest.display(Locale::Vi)), "{text}");
        assert!(message.subject().unwrap().contains(&booking.code));
        let letter = village.written(&store, &booking, Letter::Confirmation).await;
        let message = MessageParser::default().parse(&letter).unwrap();
        let text = message.body_text(0).unwrap().into_owned();
        assert!(text.contains(&format!("còn {}", rest.display(Locale::Vi))), "{text}");
    }

    async fn what_is_paid_is_not_reminded_of(store) {
        let village = paid_beforehand(&store, 100).await;
        let booking = village.book(&store, Locale::En, "mary@example.com").await;
        comes(&store, &village, &booking, booking.total).await;
        let again = booking.clone();
        store
            .write("remind", again, move |tx, booking| {
                Box::pin(async move { outbox::to_guest(tx, &booking, Letter::PaymentReminder).await })
            })
            .await
            .unwrap();
        village.deliver(&store).await;
        let mut conn = store.read().await.unwrap();
        let posted = of_booking(&mut conn, booking.id).await.unwrap();
        let state = |kind| posted.iter().find(|one| one.kind == kind).map(|one| one.sent_at.is_some());
        assert_eq!(state(Letter::PaymentReminder), Some(false));
        assert_eq!(state(Letter::PaymentRequest), Some(false), "overtaken by the money");
        assert_eq!(state(Letter::PaymentReceived), Some(true));
    }
}
