//! Gift cards without script: bought and paid, spent on the review and on the pay page, by the host at the
//! counter; vouchers, blocking, what comes back. On SQLite.

use crate::site::{SHOP, Site};
use axum::http::StatusCode;
use engine::accounts::Actor;
use engine::giftcard::{self, GiftCard};
use engine::payment::{self, IncomingTransfer, TakeIn, Teller};
use engine::{Dong, GiftCardId};

fn money(sub: &str) -> String {
    format!("/vi/host/{SHOP}/money{sub}")
}

impl Site {
    /// A voucher that the owner gives; its id.
    pub async fn voucher(&self, owner: &str) -> String {
        let fields = [
            ("value", "200.000"),
            ("reason", "Bình nứt"),
            ("recipient_name", "Emma"),
            ("recipient_email", ""),
            ("language", "en"),
        ];
        let page = self.goes(&money("/gift-cards/give"), owner, &fields).await;
        page.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned()
    }

    async fn card(&self, id: &str) -> GiftCard {
        let id: GiftCardId = id.parse().unwrap();
        giftcard::by_id(&mut self.store.read().await.unwrap(), id).await.unwrap().unwrap()
    }

    /// The workshop takes transfers, asks for a deposit and sells cards.
    async fn sells(&self) -> String {
        let owner = self.with_deposit().await;
        let terms = [("selling", "on"), ("offered", "300.000\n500.000"), ("months", "12")];
        self.goes(&money("/gift-cards/terms"), &owner, &terms).await;
        owner
    }

    /// A card of 500,000 ₫ that is paid, without its language: its page.
    async fn bought(&self) -> (String, GiftCard) {
        let form = format!("/vi/workshops/{SHOP}/gift");
        let key = self.get(&form, "").await.attr("[name=form_key]", "value");
        let fields = [
            ("form_key", key.as_str()),
            ("value", "500000"),
            ("name", "Lê Thị Mai"),
            ("email", "mai@example.com"),
            ("words", "Chúc mừng <b>sinh nhật</b>"),
        ];
        let pay = self.goes(&form, "", &fields).await;
        let page = self.get(&pay, "").await;
        assert_eq!(page.attr("#pay-amount", "value"), "500000");
        let code = page.attr("#pay-text", "value");
        let home = pay.strip_suffix("/pay").unwrap().to_owned();
        let card = self.card(home.split('/').nth(3).unwrap()).await;
        let before = self.get(&format!("{pay}/state"), "").await.body;
        let told = IncomingTransfer {
            teller: Teller::Sepay,
            teller_id: card.id.to_string(),
            accounts: vec![],
            amount: Dong(500_000),
            message: format!("CT {code} qua"),
            reference: String::new(),
            payer: String::new(),
            at: self.store.now(),
            raw: String::new(),
        };
        let take = TakeIn {
            catalogue: self.app.catalogue().await.unwrap(),
            account: card.account_id.unwrap(),
            transfers: vec![told],
            actor: Actor::System,
        };
        self.store.write("take", take, |tx, c| Box::pin(payment::take_in(tx, c))).await.unwrap();
        assert_ne!(self.get(&format!("{pay}/state"), "").await.body, before);
        assert_eq!(self.get(&pay, "").await.location, home);
        (home, card)
    }
}

#[tokio::test]
async fn a_card_is_bought_paid_and_printed() {
    let site = Site::open().await;
    let form = format!("/vi/workshops/{SHOP}/gift");
    assert_eq!(site.get(&form, "").await.status, StatusCode::NOT_FOUND, "none on sale");
    let shop = format!("/vi/workshops/{SHOP}");
    assert_eq!(site.get(&shop, "").await.count(".gift-link"), 0);
    site.sells().await;
    assert_eq!(site.get(&shop, "").await.count(".gift-link"), 1);
    assert_eq!(site.get("/en/tours/nan-gom-ban-xoay", "").await.count(".gift-link"), 1);
    let bad = [("value", "own"), ("own", "12"), ("name", "Mai"), ("email", "x"), ("words", "Chào")];
    let answer = site.post(&form, "", &bad).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.count(".error-summary li"), 2, "{}", answer.body);
    assert_eq!(answer.attr("[name=name]", "value"), "Mai");
    assert_eq!(answer.attr("[name=own]", "value"), "12");

    let (home, card) = site.bought().await;
    let page = site.get(&home, "").await;
    assert_eq!(page.count(".gift .gift-qr svg"), 1);
    assert_eq!(page.text(".gift-code"), card.code.spoken());
    assert!(page.text(".gift-words").contains("<b>sinh nhật</b>"));
    let english = site.get(&home.replace("/vi/", "/en/"), "").await;
    assert!(
        english.text(".gift").contains("valid until")
            || english.text(".gift").contains("Valid until")
    );
    let wrong = format!("{home}x");
    assert_eq!(site.get(&wrong, "").await.status, StatusCode::NOT_FOUND);

    let code = card.code.spoken();
    let found = site.post("/vi/gift", "", &[("gift_code", &code)]).await;
    assert!(found.text("dl.pairs").contains("500.000"), "{}", found.body);
    for typed in ["", "nothing", "2222-2222-2222-2222"] {
        let none = site.post("/vi/gift", "", &[("gift_code", typed)]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert_eq!(none.attr("[name=gift_code]", "value"), typed);
    }
}

#[tokio::test]
async fn a_card_pays_a_booking_that_waits_and_has_it_back() {
    let site = Site::open().await;
    let owner = site.sells().await;
    let (paper, card) = site.bought().await;
    let (home, booking) = site.waits().await;
    let use_it = format!("{home}/gift-card");
    let no = site.post(&use_it, "", &[("gift_code", "xyz")]).await;
    assert_eq!(no.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(no.attr("[name=gift_code]", "value"), "xyz");
    assert!(!no.body.contains("http-equiv=\"refresh\""));
    let code = card.code.spoken().to_lowercase();
    site.goes(&use_it, "", &[("gift_code", &code)]).await;
    assert_eq!(site.get(&format!("{home}/pay"), "").await.location, format!("{home}?done=1"));
    let left = 500_000 - booking.total.0.min(500_000);
    assert_eq!(site.card(&card.id.to_string()).await.remaining, Dong(left));
    let told = site.get(&format!("{home}/money"), "").await;
    assert!(told.text("ol.log").contains("thẻ quà tặng"), "{}", told.body);
    let ask = site.get(&format!("{home}/cancel"), "").await;
    assert!(ask.text("main").contains("về lại thẻ quà tặng"), "{}", ask.body);
    site.goes(&format!("{home}/cancel"), "", &[("reason", "")]).await;
    assert_eq!(site.card(&card.id.to_string()).await.remaining, Dong(500_000));
    assert!(site.get(&paper, "").await.text("#gift-left").contains("500.000"));
    assert_eq!(site.get(&paper, "").await.count("ol.log li"), 2);
    let list = site.get(&money("/gift-cards"), &owner).await;
    assert_eq!(list.count("table tbody tr"), 1);
    assert!(list.text("table").contains(&card.hint()));
    let ledger = site.get(&money(""), &owner).await;
    assert_eq!(ledger.status, StatusCode::OK, "{}", ledger.body);
}

#[tokio::test]
async fn the_review_shows_what_a_card_pays_before_it_pays() {
    let site = Site::open().await;
    let owner = site.sells().await;
    let card = site.card(&site.voucher(&owner).await).await;
    let (home, booking) = site.held().await;
    let use_it = format!("{home}/gift-card");
    let code = card.code.spoken();
    let shown = site.post(&use_it, "", &[("gift_code", &code)]).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.text("main").contains("Thẻ trả"), "{}", shown.body);
    assert_eq!(shown.attr("[name=gift_code]", "value"), code);
    assert_eq!(site.card(&card.id.to_string()).await.remaining, Dong(200_000), "not yet");
    let review = format!("{home}/review");
    let no = site.post(&review, "", &[("gift_code", "2222-2222-2222-2222")]).await;
    assert_eq!(no.status, StatusCode::UNPROCESSABLE_ENTITY);
    // 200,000 ₫ cover the deposit of 30 %: confirmed at once.
    let done = site.goes(&review, "", &[("gift_code", &code)]).await;
    assert!(done.ends_with("?done=1"), "{done}");
    assert_eq!(site.again(&booking).await.state.kind(), engine::booking::StateKind::Confirmed);
    assert_eq!(site.card(&card.id.to_string()).await.remaining, Dong::ZERO);
}

#[tokio::test]
async fn a_host_takes_blocks_and_cancels_cards() {
    let site = Site::open().await;
    let owner = site.sells().await;
    let slot = site.slot(2).await;
    let booking = site.booked(&slot, "Bà Tư").await;
    let card = site.card(&site.voucher(&owner).await).await;
    let page = money(&format!("/gift-cards/{}", card.id));
    let none = site.post(&page, &owner, &[("act", "block"), ("reason", "")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    site.goes(&page, &owner, &[("act", "block"), ("reason", "mất phiếu")]).await;
    let counter = money(&format!("/bookings/{}", booking.code));
    let code = card.code.spoken();
    let fields = [("act", "gift_card"), ("gift_code", code.as_str())];
    let blocked = site.post(&counter, &owner, &fields).await;
    assert_eq!(blocked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(blocked.text(".error-summary").contains("khóa"), "{}", blocked.body);
    site.goes(&page, &owner, &[("act", "unblock"), ("reason", "tìm thấy")]).await;
    site.goes(&counter, &owner, &fields).await;
    assert_eq!(site.card(&card.id.to_string()).await.remaining, Dong::ZERO);
    let answer = site.post(&counter, &owner, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "it is used up");

    let bad = [("offered", "viele"), ("months", "3")];
    let terms = site.post(&money("/gift-cards/terms"), &owner, &bad).await;
    assert_eq!(terms.count(".error-summary li"), 2, "{}", terms.body);
    let (_, bought) = site.bought().await;
    let page = money(&format!("/gift-cards/{}", bought.id));
    site.goes(&page, &owner, &[("act", "cancel"), ("reason", "khách đổi ý")]).await;
    let shown = site.get(&page, &owner).await;
    let amount = shown.attr("[name=amount]", "value");
    assert_eq!(amount, "500.000");
    let date = shown.attr("[name=date]", "value");
    let back = [("act", "pay_back"), ("amount", amount.as_str()), ("date", date.as_str())];
    site.goes(&page, &owner, &back).await;
    assert_eq!(site.get(&page, &owner).await.count("[name=amount]"), 0);
}
