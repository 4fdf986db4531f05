//! Pieces made to order, without script: the brief, the offer, the money, the milestones. On SQLite.

use crate::site::{Answer, SHOP, Site, multipart};
use axum::http::{Method, StatusCode};
use engine::accounts::Actor;
use engine::clock::local_date;
use engine::commission::{
    self, Ask, BriefData, BriefInput, Commission, SaveTerms, StateKind, Terms,
};
use engine::payment::{self, IncomingTransfer, TakeIn, Teller};
use engine::{Dong, Locale, Localized};

/// The workshop takes commissions, and somebody has asked for something.
pub async fn asked(site: &Site) -> Commission {
    let workshop = site.workshop(SHOP).await;
    let about = Localized { vi: "Gốm theo ý bạn".into(), en: "Pottery as you like it".into() };
    let terms = Terms { taking: true, about, ..Terms::default() };
    let save = SaveTerms { actor: Actor::System, workshop, terms };
    let saved =
        site.store.write("terms", save, |tx, c| Box::pin(commission::save_terms(tx, c))).await;
    saved.unwrap();
    let input = BriefInput {
        what: "Bình hoa".into(),
        pieces: "2".into(),
        name: "Lê Thị Mai".into(),
        email: "mai@example.com".into(),
        ..BriefInput::default()
    };
    let ask = Ask {
        workshop,
        data: BriefData::parse(&input, local_date(site.store.now())).unwrap(),
        photos: vec![],
        locale: Locale::Vi,
        form_key: uuid::Uuid::now_v7().to_string(),
    };
    site.store.write("ask", ask, |tx, c| Box::pin(commission::ask(tx, c))).await.unwrap()
}

impl Site {
    async fn sends_parts(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
        self.ask(Method::POST, path, cookie, multipart(fields)).await
    }

    /// Sends a form that must lead on; answers where to.
    async fn sent_on(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.sends_parts(path, cookie, fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer.location
    }

    async fn commission(&self, id: &str) -> Commission {
        let mut conn = self.store.read().await.unwrap();
        commission::by_id(&mut conn, id.parse().unwrap()).await.unwrap().unwrap()
    }

    async fn wires(&self, made: &Commission, amount: i64) {
        let told = IncomingTransfer {
            teller: Teller::Sepay,
            teller_id: uuid::Uuid::now_v7().to_string(),
            accounts: vec![],
            amount: Dong(amount),
            message: format!("CT {} dat lam", made.code),
            reference: String::new(),
            payer: String::new(),
            at: self.store.now(),
            raw: String::new(),
        };
        let take = TakeIn {
            catalogue: self.app.catalogue().await.unwrap(),
            account: made.account_id.unwrap(),
            transfers: vec![told],
            actor: Actor::System,
        };
        self.store.write("take", take, |tx, c| Box::pin(payment::take_in(tx, c))).await.unwrap();
    }
}

#[tokio::test]
async fn a_piece_is_ordered_paid_and_collected() {
    let site = Site::open().await;
    let owner = site.with_deposit().await;
    let form = format!("/vi/workshops/{SHOP}/commission");
    assert_eq!(site.get(&form, "").await.status, StatusCode::NOT_FOUND, "none is taken");
    let list = format!("/vi/host/{SHOP}/commissions");
    let bad = site.post(&format!("{list}/terms"), &owner, &[("taking", "on")]).await;
    assert_eq!(bad.count(".error-summary li"), 3, "{}", bad.body);
    let terms =
        [("taking", "on"), ("about_vi", "Gốm <b>riêng</b>"), ("deposit", "50"), ("kept", "100")];
    site.goes(&format!("{list}/terms"), &owner, &terms).await;
    let shop = site.get(&format!("/vi/workshops/{SHOP}"), "").await;
    assert_eq!(shop.count(".commission-link"), 1);

    let page = site.get(&form, "").await;
    assert!(page.text(".prose").contains("<b>riêng</b>"));
    let key = page.attr("[name=form_key]", "value");
    let wrong =
        site.sends_parts(&form, "", &[("what", "Bình hoa"), ("pieces", "0"), ("email", "x")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.attr("[name=what]", "value"), "Bình hoa");
    assert_eq!(wrong.count(".error-summary li"), 3, "{}", wrong.body);
    let fields = [
        ("form_key", key.as_str()),
        ("what", "Bình hoa"),
        ("pieces", "2"),
        ("details", "Men rạn <i>cổ</i>"),
        ("name", "Lê Thị Mai"),
        ("email", "mai@example.com"),
    ];
    let mut trapped = fields.to_vec();
    trapped.push(("website", "https://spam.example"));
    let trapped = site.sends_parts(&form, "", &trapped).await;
    assert_eq!(trapped.status, StatusCode::UNPROCESSABLE_ENTITY, "a program filled it in");
    let there = site.sent_on(&form, "", &fields).await;
    let home = there.split('?').next().unwrap().to_owned();
    let id = home.split('/').nth(3).unwrap().to_owned();
    assert!(site.get(&home, "").await.text("main").contains("<i>cổ</i>"));
    assert_eq!(site.get(&format!("{home}x"), "").await.status, StatusCode::NOT_FOUND);

    let desk = format!("{list}/{id}");
    assert_eq!(site.get(&list, &owner).await.count("#ours ~ ul .entry"), 1);
    let empty = site.sends_parts(&desk, &owner, &[("act", "offer"), ("price", "viel")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(empty.attr("[name=price]", "value"), "viel");
    let today = local_date(site.store.now());
    let (ready, valid) =
        ((today + chrono::Days::new(30)).to_string(), (today + chrono::Days::new(7)).to_string());
    let offer = [
        ("act", "offer"),
        ("price", "1.000.000"),
        ("deposit", "40"),
        ("kept", "50"),
        ("ready_on", ready.as_str()),
        ("valid_until", valid.as_str()),
        ("grams", "2000"),
        ("words", "Hai bản phác"),
    ];
    site.sent_on(&desk, &owner, &offer).await;
    let offered = site.get(&home, "").await;
    let which = offered.attr("[name=offer]", "value");
    let pay = site.sent_on(&home, "", &[("act", "accept"), ("offer", &which)]).await;
    assert_eq!(pay, format!("{home}/pay"));
    let page = site.get(&pay, "").await;
    assert_eq!(page.attr("#pay-amount", "value"), "400000");
    let made = site.commission(&id).await;
    assert_eq!(page.attr("#pay-text", "value"), made.code.to_string());
    let before = site.get(&format!("{pay}/state"), "").await.body;
    site.wires(&made, 400_000).await;
    assert_ne!(site.get(&format!("{pay}/state"), "").await.body, before);
    assert_eq!(site.get(&pay, "").await.location, home);
    site.sent_on(&desk, &owner, &[("act", "milestone"), ("words", "Đã chuốt xong")]).await;
    assert!(site.get(&home, "").await.text(".commission-entries").contains("Đã chuốt xong"));
    site.sent_on(&home, "", &[("act", "message"), ("words", "Đẹp quá!")]).await;
    assert!(site.get(&desk, &owner).await.text("main").contains("Đẹp quá!"));
    site.sent_on(&desk, &owner, &[("act", "ready"), ("words", "")]).await;
    let early = site.sends_parts(&desk, &owner, &[("act", "hand_over")]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    site.wires(&made, 600_000).await;
    site.sent_on(&desk, &owner, &[("act", "hand_over")]).await;
    assert_eq!(site.commission(&id).await.kind(), StateKind::Delivered);
    let books = site.get(&format!("/vi/host/{SHOP}/money/transfers"), &owner).await;
    assert!(books.text("main").contains(made.code.as_str()), "{}", books.body);
}

#[tokio::test]
async fn an_order_is_ended_and_its_money_goes_back() {
    let site = Site::open().await;
    let owner = site.with_deposit().await;
    let made = asked(&site).await;
    let home = format!("/vi/commission/{}/{}", made.id, made.secret);
    let desk = format!("/vi/host/{SHOP}/commissions/{}", made.id);
    let today = local_date(site.store.now()).to_string();
    let offer = [
        ("act", "offer"),
        ("price", "500.000"),
        ("deposit", "100"),
        ("kept", "0"),
        ("ready_on", today.as_str()),
        ("valid_until", today.as_str()),
        ("grams", "500"),
        ("words", "Được ạ"),
    ];
    site.sent_on(&desk, &owner, &offer).await;
    let which = site.get(&home, "").await.attr("[name=offer]", "value");
    site.sent_on(&home, "", &[("act", "accept"), ("offer", &which)]).await;
    let made = site.commission(&made.id.to_string()).await;
    site.wires(&made, 500_000).await;
    let none = site.sends_parts(&desk, &owner, &[("act", "end"), ("reason", "")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY, "with words to the customer");
    site.sent_on(&desk, &owner, &[("act", "end"), ("reason", "Lò hỏng")]).await;
    let account = [
        ("act", "account"),
        ("bank", "970436"),
        ("number", "0123456789"),
        ("holder", "LE THI MAI"),
    ];
    site.sent_on(&home, "", &account).await;
    let shown = site.get(&desk, &owner).await;
    assert!(shown.text("main").contains("LE THI MAI"), "{}", shown.body);
    let amount = shown.attr("[name=amount]", "value");
    assert_eq!(amount, "500.000");
    let back = [
        ("act", "pay_back"),
        ("amount", amount.as_str()),
        ("date", today.as_str()),
        ("method", "transfer"),
    ];
    site.sent_on(&desk, &owner, &back).await;
    assert_eq!(site.get(&desk, &owner).await.count("[name=amount]"), 0);
}
