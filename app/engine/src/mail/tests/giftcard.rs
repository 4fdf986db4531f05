//! Letters about gift cards, whole, in both languages.

use serde_json::json;

use super::*;
use crate::giftcard::{
    self, Buy, BuyData, BuyInput, Control, Deed, GiftCard, Give, GiveData, GiveInput, SaveTerms,
    Terms,
};
use crate::payment::{
    self, AccountData, AccountInput, AccountOf, AddAccount, IncomingTransfer, TakeIn, Teller,
};
use crate::store::Kind;
use crate::store::testing::fresh;
use crate::{BankAccountId, Dong};

/// The workshop of the letters' tour takes transfers and sells cards.
async fn sells(village: &Village, store: &Store) -> (WorkshopId, BankAccountId) {
    let workshop = village.catalogue.tour_by_slug("nan-gom-ban-xoay").unwrap().workshop_id;
    let data = AccountData::parse(&AccountInput {
        bank: "970436".into(),
        number: "0123456789".into(),
        holder: "TRAN VAN HAI".into(),
    })
    .unwrap();
    let add = AddAccount { actor: Actor::System, of: AccountOf::Workshop(workshop), data };
    let account = store.write("add", add, |tx, c| Box::pin(payment::add_account(tx, c))).await;
    let terms = Terms { selling: true, ..Terms::default() };
    let save = SaveTerms { actor: Actor::System, workshop, terms };
    store.write("terms", save, |tx, c| Box::pin(giftcard::save_terms(tx, c))).await.unwrap();
    (workshop, account.unwrap().id)
}

async fn buys(store: &Store, workshop: WorkshopId, locale: Locale) -> GiftCard {
    let input = BuyInput {
        value: "500000".into(),
        name: "Lê Thị Mai".into(),
        email: "mai@example.com".into(),
        recipient_name: "Bà Ngoại".into(),
        recipient_email: "ngoai@example.com".into(),
        words: "Chúc bà sinh nhật vui!".into(),
        ..BuyInput::default()
    };
    let data = BuyData::parse(&input, &Terms::default()).unwrap();
    let form_key = uuid::Uuid::now_v7().to_string();
    let buy = Buy { workshop, data, locale, form_key };
    store.write("buy", buy, |tx, c| Box::pin(giftcard::buy(tx, c))).await.unwrap()
}

async fn pays(village: &Village, store: &Store, account: BankAccountId, card: &GiftCard) {
    let told = IncomingTransfer {
        teller: Teller::Sepay,
        teller_id: uuid::Uuid::now_v7().to_string(),
        accounts: vec![],
        amount: card.value,
        message: card.pay_code.as_ref().unwrap().to_string(),
        reference: String::new(),
        payer: String::new(),
        at: store.now(),
        raw: String::new(),
    };
    let take = TakeIn {
        catalogue: Arc::clone(&village.catalogue),
        account,
        transfers: vec![told],
        actor: Actor::System,
    };
    store.write("take", take, |tx, c| Box::pin(payment::take_in(tx, c))).await.unwrap();
}

/// Subject and text, without what is drawn anew each time.
fn steady(letter: &Rendered, card: &GiftCard) -> String {
    let text = format!("Subject: {}\n\n{}", letter.subject, letter.text);
    let pay = card.pay_code.as_ref().map_or_else(String::new, ToString::to_string);
    let mut text = text
        .replace(&card.id.to_string(), "CARD")
        .replace(&card.secret, "SECRET")
        .replace(&card.code.spoken(), "XXXX-XXXX-XXXX-XXXX")
        .replace(&card.hint(), "…XXXX");
    if !pay.is_empty() {
        text = text.replace(&pay, "LQXXXXXXX");
    }
    text
}

async fn letter(
    village: &Village,
    store: &Store,
    kind: Letter,
    card: &GiftCard,
    payload: serde_json::Value,
) -> Option<String> {
    let mut all = json!({ "card_id": card.id });
    if let (Some(all), Some(more)) = (all.as_object_mut(), payload.as_object()) {
        all.extend(more.clone());
    }
    let to = match kind {
        Letter::GiftCard | Letter::GiftCardUsed => ("ngoai@example.com", "Bà Ngoại"),
        _ => ("mai@example.com", "Lê Thị Mai"),
    };
    let row = queued(kind, to, card.locale, all.to_string(), Some(card.workshop_id));
    village.rendered(store, &row).await.map(|letter| steady(&letter, card))
}

#[tokio::test]
async fn letters_of_cards_in_both_languages() {
    let store = fresh(Kind::Sqlite).await.unwrap();
    let village = Village::new(&store).await;
    let (workshop, account) = sells(&village, &store).await;
    for locale in Locale::WRITTEN {
        let mut texts = Vec::new();
        let card = buys(&store, workshop, locale).await;
        let none = json!({});
        let asked = letter(&village, &store, Letter::GiftCardRequest, &card, none.clone()).await;
        texts.push(asked.unwrap());
        assert!(letter(&village, &store, Letter::GiftCard, &card, none.clone()).await.is_none());
        pays(&village, &store, account, &card).await;
        let asked = letter(&village, &store, Letter::GiftCardRequest, &card, none.clone()).await;
        assert!(asked.is_none(), "it is paid");
        for kind in [Letter::GiftCardReceipt, Letter::GiftCard] {
            texts.push(letter(&village, &store, kind, &card, none.clone()).await.unwrap());
        }
        let booking = village.book(&store, locale, "hoa@example.com").await;
        let spend = giftcard::Spend {
            catalogue: Arc::clone(&village.catalogue),
            actor: Actor::Guest,
            booking: booking.id,
            code: card.code.clone(),
            form_key: "1".into(),
        };
        let spent = store.write("spend", spend, |tx, c| Box::pin(giftcard::spend(tx, c))).await;
        let spent = spent.unwrap();
        village.cancel(&store, &booking).await;
        let mut conn = store.read().await.unwrap();
        let uses = giftcard::uses_of(&mut conn, card.id).await.unwrap();
        drop(conn);
        for (moved, left) in uses.iter().zip([spent.left, card.value]) {
            let payload = json!({ "move_id": moved.id, "left": left });
            let text = letter(&village, &store, Letter::GiftCardUsed, &card, payload).await;
            texts.push(text.unwrap());
        }
        for (kind, moved) in [Letter::PaymentReceived, Letter::RefundMade].into_iter().zip(&uses) {
            let payload = json!({ "move_id": moved.id }).to_string();
            let mut row = queued(kind, ("hoa@example.com", "Hoa"), locale, payload, Some(workshop));
            row.booking_id = Some(booking.id);
            let rendered = village.rendered(&store, &row).await.unwrap();
            let text = steady(&rendered, &card);
            texts.push(text.replace(&booking.code, "BOOKED").replace(&booking.secret, "SECRET"));
        }
        let input = GiveInput {
            value: "200.000".into(),
            reason: "bình nứt".into(),
            name: "Claire".into(),
            email: "claire@example.com".into(),
            words: "Xin lỗi vì chiếc bình.".into(),
        };
        let give = Give {
            actor: Actor::System,
            workshop,
            data: GiveData::parse(&input).unwrap(),
            locale,
            form_key: uuid::Uuid::now_v7().to_string(),
        };
        let given = store.write("give", give, |tx, c| Box::pin(giftcard::give(tx, c))).await;
        let given = given.unwrap();
        assert_eq!(given.value, Dong(200_000));
        texts.push(letter(&village, &store, Letter::GiftCard, &given, none.clone()).await.unwrap());
        insta::assert_snapshot!(format!("giftcard-{locale}"), texts.join("\n════\n"));
        let cancel = Control {
            actor: Actor::System,
            card: given.id,
            deed: Deed::Cancel,
            reason: "x".into(),
        };
        store.write("cancel", cancel, |tx, c| Box::pin(giftcard::control(tx, c))).await.unwrap();
        assert!(letter(&village, &store, Letter::GiftCard, &given, none).await.is_none());
    }
}
