//! Paying beforehand without script: the owner's account and terms, the guest's payment page, money
//! that needs a person, refunds. On SQLite.

use crate::site::{SHOP, Site};
use axum::http::StatusCode;
use engine::accounts::Actor;
use engine::booking::{Booking, query};
use engine::payment::{self, IncomingTransfer, TakeIn, Teller};
use engine::{Dong, params};

const TOUR: &str = "nan-gom-ban-xoay";

fn money(sub: &str) -> String {
    format!("/vi/host/{SHOP}/money{sub}")
}

impl Site {
    /// An owner's cookie; the workshop has an account, and the tour asks for a deposit of 30 %.
    pub async fn with_deposit(&self) -> String {
        let owner = self.owner().await;
        let account = [
            ("act", "add"),
            ("of", "workshop"),
            ("bank", "970436"),
            ("number", "0123 456 789"),
            ("holder", "TRAN VAN HAI"),
        ];
        self.goes(&money("/accounts"), &owner, &account).await;
        self.store
            .write("terms", (), |tx, ()| {
                Box::pin(async move {
                    tx.execute_one(
                        "UPDATE tour SET prepay_percent = 30, pay_minutes = 240 WHERE slug = $1",
                        params![*TOUR],
                    )
                    .await?;
                    tx.execute_one("UPDATE catalogue_version SET version = version + 1", vec![])
                        .await
                })
            })
            .await
            .map_err(|error: engine::store::StoreError| error)
            .unwrap();
        owner
    }

    /// Two adults have filled in their details; the address of the booking, without its query.
    pub async fn held(&self) -> (String, Booking) {
        let catalogue = self.app.catalogue().await.unwrap();
        let tour = catalogue.tour_by_slug(TOUR).unwrap();
        let mut conn = self.store.read().await.unwrap();
        let slot: engine::schedule::Slot = conn
            .fetch_one(
                "SELECT * FROM slot WHERE tour_id = $1 AND starts_at > $2 AND taken = 0 \
                 AND status = 'open' ORDER BY starts_at LIMIT 1",
                params![tour.id, self.store.now() + chrono::TimeDelta::days(4)],
            )
            .await
            .unwrap();
        drop(conn);
        let (_, option) = catalogue.option(slot.option_id).unwrap();
        let adult = option.open_units().next().unwrap().id.to_string();
        let page = self.get(&format!("/vi/book/{}", slot.id), "").await;
        let key = page.attr("[name=form_key]", "value");
        let field = page.attr("main form input[type=number]", "name");
        assert!(field.contains(&adult), "{field}");
        let fields = [("form_key", key.as_str()), (field.as_str(), "2")];
        let details = self.goes(&format!("/vi/book/{}", slot.id), "", &fields).await;
        let home = details.strip_suffix("/details").unwrap().to_owned();
        let guest = [("name", "Nguyễn Thị Hoa"), ("email", "hoa@example.com")];
        self.goes(&details, "", &guest).await;
        let code = home.split('/').nth(3).unwrap();
        let mut conn = self.store.read().await.unwrap();
        let booking = query::by_code(&mut conn, code).await.unwrap().unwrap();
        (home, booking)
    }

    /// The same, who then book: the money is waited for.
    pub async fn waits(&self) -> (String, Booking) {
        let (home, booking) = self.held().await;
        let review = self.get(&format!("{home}/review"), "").await;
        assert!(review.text("main").contains("Đặt cọc"), "{}", review.body);
        self.goes(&format!("{home}/review"), "", &[]).await;
        let booking = self.again(&booking).await;
        (home, booking)
    }

    async fn comes(&self, booking: &Booking, amount: i64, words: &str) {
        let mut conn = self.store.read().await.unwrap();
        let asked = payment::of_booking(&mut conn, booking.id).await.unwrap().unwrap();
        drop(conn);
        let told = IncomingTransfer {
            teller: Teller::Sepay,
            teller_id: uuid::Uuid::now_v7().to_string(),
            accounts: vec![],
            amount: Dong(amount),
            message: words.replace("CODE", asked.code.as_str()),
            reference: String::new(),
            payer: String::new(),
            at: self.store.now(),
            raw: String::new(),
        };
        let take = TakeIn {
            catalogue: self.app.catalogue().await.unwrap(),
            account: asked.account_id,
            transfers: vec![told],
            actor: Actor::System,
        };
        let taken = self.store.write("take", take, |tx, c| Box::pin(payment::take_in(tx, c)));
        taken.await.unwrap();
    }
}

#[tokio::test]
async fn a_guest_pays_a_deposit() {
    let site = Site::open().await;
    site.with_deposit().await;
    let (home, booking) = site.waits().await;
    // The booking's own page leads to paying.
    assert_eq!(site.get(&home, "").await.location, format!("{home}/pay"));
    let pay = site.get(&format!("{home}/pay"), "").await;
    assert_eq!(pay.status, StatusCode::OK);
    assert_eq!(pay.count(".pay .qr svg"), 1, "{}", pay.body);
    assert!(pay.body.contains("http-equiv=\"refresh\""));
    assert_eq!(pay.attr("#pay-number", "value"), "0123456789");
    let asked: i64 = pay.attr("#pay-amount", "value").parse().unwrap();
    assert_eq!(asked, payment::beforehand(booking.total, 30).0);
    let before = site.get(&format!("{home}/pay/state"), "").await.body;

    site.comes(&booking, asked / 2, "tien tour").await;
    assert_eq!(
        site.get(&format!("{home}/pay/state"), "").await.body,
        before,
        "of nobody knows whom"
    );
    site.comes(&booking, asked / 2, "MBVCB.CODE.CT").await;
    assert_ne!(site.get(&format!("{home}/pay/state"), "").await.body, before);
    let pay = site.get(&format!("{home}/pay"), "").await;
    let left: i64 = pay.attr("#pay-amount", "value").parse().unwrap();
    assert_eq!(left, asked - asked / 2);
    site.comes(&booking, left, "CODE").await;
    assert_eq!(site.get(&format!("{home}/pay"), "").await.location, format!("{home}?done=1"));
    let page = site.get(&home, "").await;
    assert!(page.text("main").contains("Còn trả tại xưởng"), "{}", page.body);
}

#[tokio::test]
async fn an_owner_settles_what_needs_a_person() {
    let site = Site::open().await;
    let owner = site.with_deposit().await;
    let (home, booking) = site.waits().await;
    let asked = payment::beforehand(booking.total, 30).0;
    site.comes(&booking, asked, "khong co ma").await;
    let page = site.get(&money("/transfers"), &owner).await;
    assert_eq!(page.count("section.transfer"), 1, "{}", page.body);
    let transfer = page.attr("section.transfer [name=transfer]", "value");
    let wrong = [("act", "assign"), ("transfer", transfer.as_str()), ("code", "nobody")];
    let answer = site.post(&money("/transfers"), &owner, &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let right = [("act", "assign"), ("transfer", transfer.as_str()), ("code", &booking.code)];
    site.goes(&money("/transfers"), &owner, &right).await;
    assert_eq!(site.get(&format!("{home}/pay"), "").await.location, format!("{home}?done=1"));

    // Cancelled in time: all of it goes back, to the account that the guest names.
    site.goes(&format!("{home}/cancel"), "", &[("reason", "")]).await;
    let bad = [("act", "account"), ("bank", ""), ("number", "số"), ("holder", "Hoa")];
    let answer = site.post(&format!("{home}/money"), "", &bad).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.attr("[name=holder]", "value"), "Hoa");
    let good = [("act", "account"), ("bank", "970415"), ("number", "88"), ("holder", "Hoa")];
    site.goes(&format!("{home}/money"), "", &good).await;
    let file = site.get(&money("/refunds.csv"), &owner).await.body;
    assert!(file.contains("VietinBank") && file.contains(&booking.code), "{file}");
    let page = site.get(&money("/refunds"), &owner).await;
    let key = page.attr("main [name=form_key]", "value");
    let amount = asked.to_string();
    let date = page.attr("main [name=date]", "value");
    let more = (asked + 1).to_string();
    for (amount, status) in [(&more, 422), (&amount, 303), (&amount, 303)] {
        let made = [
            ("form_key", key.as_str()),
            ("booking", &booking.code),
            ("amount", amount),
            ("date", &date),
        ];
        let answer = site.post(&money("/refunds"), &owner, &made).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.body);
    }
    let file = site.get(&money("/refunds.csv"), &owner).await.body;
    assert!(!file.contains(&booking.code));
}

#[tokio::test]
async fn a_key_is_shown_once() {
    let site = Site::open().await;
    let owner = site.with_deposit().await;
    let page = site.get(&money("/accounts"), &owner).await;
    let account = page.attr("[name=account]", "value");
    let set = |provider, secret| {
        [
            ("act", "provider"),
            ("account", account.as_str()),
            ("provider", provider),
            ("secret", secret),
        ]
    };
    let answer = site.post(&money("/accounts"), &owner, &set("sepay_hmac", "")).await;
    assert_eq!(answer.status, StatusCode::OK);
    let secret = answer.text("code.secret");
    assert!(secret.len() > 40);
    let page = site.get(&money("/accounts"), &owner).await;
    assert!(!page.body.contains(&secret));
    assert!(page.attr("input[id^=url-]", "value").contains("/hooks/bank/"));
    let answer = site.post(&money("/accounts"), &owner, &set("sepay_key", "short")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}
