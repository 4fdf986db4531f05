//! Letters about what is made to order, whole, in both languages.

use super::*;
use crate::Dong;
use crate::clock::local_date;
use crate::commission::{
    self, Accept, Ask, BriefData, BriefInput, Commission, End, HandOn, Leave, MakeOffer, MarkPaid,
    OfferData, OfferInput, PayBack, SaveTerms, Say, Show, Terms,
};
use crate::payment::{self, AccountData, AccountInput, AccountOf, AddAccount, SumData, SumInput};
use crate::store::Kind;
use crate::store::testing::fresh;

fn key() -> String {
    uuid::Uuid::now_v7().to_string()
}

fn sum(store: &Store, amount: Dong) -> SumData {
    let today = local_date(store.now());
    let input = SumInput {
        amount: amount.0.to_string(),
        date: today.to_string(),
        method: "transfer".into(),
        note: String::new(),
    };
    SumData::parse(&input, today, false).unwrap()
}

/// The workshop of the letters' tour takes transfers and commissions.
async fn takes(village: &Village, store: &Store) -> WorkshopId {
    let workshop = village.catalogue.tour_by_slug("nan-gom-ban-xoay").unwrap().workshop_id;
    let data = AccountData::parse(&AccountInput {
        bank: "970436".into(),
        number: "0123456789".into(),
        holder: "TRAN VAN HAI".into(),
    })
    .unwrap();
    let add = AddAccount { actor: Actor::System, of: AccountOf::Workshop(workshop), data };
    store.write("add", add, |tx, c| Box::pin(payment::add_account(tx, c))).await.unwrap();
    let terms = Terms { taking: true, ..Terms::default() };
    let save = SaveTerms { actor: Actor::System, workshop, terms };
    store.write("terms", save, |tx, c| Box::pin(commission::save_terms(tx, c))).await.unwrap();
    workshop
}

async fn asks(store: &Store, workshop: WorkshopId, locale: Locale) -> Commission {
    let input = BriefInput {
        what: "Bộ ấm trà".into(),
        size: "0,5 lít".into(),
        colours: "men ngọc".into(),
        pieces: "7".into(),
        details: "Tặng mẹ.".into(),
        name: "Lê Thị Mai".into(),
        email: "mai@example.com".into(),
        phone: "0912345678".into(),
        ..BriefInput::default()
    };
    let data = BriefData::parse(&input, local_date(store.now())).unwrap();
    let ask = Ask { workshop, data, photos: vec![], locale, form_key: key() };
    store.write("ask", ask, |tx, c| Box::pin(commission::ask(tx, c))).await.unwrap()
}

async fn offers(store: &Store, made: &Commission) {
    let today = local_date(store.now());
    let input = OfferInput {
        price: "1000000".into(),
        deposit: "40".into(),
        kept: "50".into(),
        ready_on: (today + chrono::Days::new(30)).to_string(),
        valid_until: (today + chrono::Days::new(10)).to_string(),
        grams: "3000".into(),
        words: "Hai bản phác đây ạ.".into(),
    };
    let make = MakeOffer {
        actor: Actor::System,
        commission: made.id,
        data: OfferData::parse(&input, today).unwrap(),
        photos: vec![],
        form_key: key(),
    };
    store.write("offer", make, |tx, c| Box::pin(commission::make_offer(tx, c))).await.unwrap();
}

async fn accepts(store: &Store, made: &Commission) {
    let mut conn = store.read().await.unwrap();
    let offer = commission::offer_of(&mut conn, made.id).await.unwrap().unwrap().id;
    drop(conn);
    let accept = Accept { commission: made.id, offer };
    store.write("accept", accept, |tx, c| Box::pin(commission::accept(tx, c))).await.unwrap();
}

async fn pays(store: &Store, made: &Commission, amount: i64) {
    let (actor, form_key) = (Actor::System, key());
    let paid = MarkPaid { actor, commission: made.id, sum: sum(store, Dong(amount)), form_key };
    store.write("paid", paid, |tx, c| Box::pin(commission::mark_paid(tx, c))).await.unwrap();
}

async fn shows(store: &Store, made: &Commission, ready: bool) {
    let show = Show {
        actor: Actor::System,
        commission: made.id,
        ready,
        words: "Đã tráng men.".into(),
        photos: vec![],
        form_key: key(),
    };
    store.write("show", show, |tx, c| Box::pin(commission::show(tx, c))).await.unwrap();
}

/// Renders the letters that lie in the outbox now and empties it; without what is drawn anew each time.
async fn letters(village: &Village, store: &Store, made: &Commission) -> Vec<String> {
    let mut conn = store.read().await.unwrap();
    let rows: Vec<Queued> = conn
        .fetch_all(
            "SELECT kind, recipient, recipient_name, locale, payload, booking_id, workshop_id, \
             attempts FROM outbox WHERE kind IN ('commission', 'host_commission') \
             ORDER BY created_at, id",
            vec![],
        )
        .await
        .unwrap();
    drop(conn);
    let mut texts = Vec::new();
    for row in &rows {
        let Some(letter) = village.rendered(store, row).await else { continue };
        let text = format!("Subject: {}\n\n{}", letter.subject, letter.text);
        texts.push(
            text.replace(&made.id.to_string(), "ORDER")
                .replace(&made.secret, "SECRET")
                .replace(made.code.as_str(), "LDXXXXXXX"),
        );
    }
    store
        .write("empty", (), |tx, ()| {
            Box::pin(async move { tx.execute("DELETE FROM outbox", vec![]).await })
        })
        .await
        .unwrap();
    texts
}

#[tokio::test]
async fn letters_of_commissions_in_both_languages() {
    let store = fresh(Kind::Sqlite).await.unwrap();
    let village = Village::new(&store).await;
    let workshop = takes(&village, &store).await;
    for locale in Locale::WRITTEN {
        let mut texts = Vec::new();
        let made = asks(&store, workshop, locale).await;
        texts.extend(letters(&village, &store, &made).await);
        let say = Say {
            actor: Actor::Guest,
            commission: made.id,
            words: "Men bóng hay mờ?".into(),
            photos: vec![],
            form_key: key(),
        };
        store.write("say", say, |tx, c| Box::pin(commission::say(tx, c))).await.unwrap();
        offers(&store, &made).await;
        texts.extend(letters(&village, &store, &made).await);
        accepts(&store, &made).await;
        texts.extend(letters(&village, &store, &made).await);
        pays(&store, &made, 400_000).await;
        shows(&store, &made, false).await;
        texts.extend(letters(&village, &store, &made).await);
        shows(&store, &made, true).await;
        texts.extend(letters(&village, &store, &made).await);
        pays(&store, &made, 600_000).await;
        let (actor, how) = (Actor::System, Leave::HandOver);
        let gone = HandOn { actor, commission: made.id, how };
        store.write("gone", gone, |tx, c| Box::pin(commission::hand_on(tx, c))).await.unwrap();
        texts.extend(letters(&village, &store, &made).await);
        // Another one, ended after the deposit and paid back.
        let made = asks(&store, workshop, locale).await;
        offers(&store, &made).await;
        accepts(&store, &made).await;
        pays(&store, &made, 400_000).await;
        letters(&village, &store, &made).await;
        let end = End { actor: Actor::Guest, commission: made.id, reason: "Đổi ý".into() };
        store.write("end", end, |tx, c| Box::pin(commission::end(tx, c))).await.unwrap();
        texts.extend(letters(&village, &store, &made).await);
        let (sum, form_key) = (sum(&store, Dong(200_000)), key());
        let back = PayBack { actor: Actor::System, commission: made.id, sum, form_key };
        store.write("back", back, |tx, c| Box::pin(commission::pay_back(tx, c))).await.unwrap();
        texts.extend(letters(&village, &store, &made).await);
        insta::assert_snapshot!(format!("commission-{locale}"), texts.join("\n════\n"));
    }
}
