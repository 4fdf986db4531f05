//! The shop without script: a piece is put on the shelf, into a basket, ordered, handed over. On SQLite.

use crate::site::{SHOP, Site};
use axum::http::StatusCode;
use engine::shop::{self, Order, OrderState, Product};
use engine::{ProductId, ShopOrderId};

fn desk(sub: &str) -> String {
    format!("/vi/host/{SHOP}{sub}")
}

/// A bowl as its maker types it.
const BOWL: [(&str, &str); 6] = [
    ("title_vi", "Bát men rạn"),
    ("about_vi", "Bát ăn cơm, men rạn, nung củi."),
    ("materials_vi", "Đất sét, men tro"),
    ("price", "180.000"),
    ("grams", "450"),
    ("stock", "2"),
];

impl Site {
    /// Two bowls that guests see; the id.
    async fn bowls(&self, owner: &str) -> String {
        let form = desk("/shop/new");
        let key = self.get(&form, owner).await.attr("[name=form_key]", "value");
        let mut fields = BOWL.to_vec();
        fields.push(("form_key", &key));
        let page = self.goes(&form, owner, &fields).await;
        let id = page.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
        let show = [("act", "publish"), ("product", id.as_str())];
        self.goes(&desk("/shop"), owner, &show).await;
        id
    }

    async fn product(&self, id: &str) -> Product {
        let id: ProductId = id.parse().unwrap();
        shop::product(&mut self.store.read().await.unwrap(), id).await.unwrap().unwrap()
    }

    /// The basket's cookie.
    async fn takes(&self, product: &str, quantity: &str) -> String {
        let fields = [("act", "add"), ("product", product), ("quantity", quantity)];
        let answer = self.post("/vi/basket", "", &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer.cookie
    }

    async fn till(&self) -> String {
        format!("/vi/basket/w-{}", self.workshop(SHOP).await)
    }

    /// Collected and paid at the workshop: the order's page.
    async fn orders(&self, basket: &str) -> String {
        let till = self.till().await;
        let key = self.get(&till, basket).await.attr("[name=form_key]", "value");
        let fields = [
            ("form_key", key.as_str()),
            ("name", "Lê Thị Mai"),
            ("email", "mai@example.com"),
            ("way", "collect"),
        ];
        let page = self.goes(&till, basket, &fields).await;
        page.split('?').next().unwrap().to_owned()
    }

    async fn order(&self, page: &str) -> Order {
        let id: ShopOrderId = page.split('/').nth(3).unwrap().parse().unwrap();
        shop::by_id(&mut self.store.read().await.unwrap(), id).await.unwrap().unwrap()
    }
}

/// A piece of the shop's and an order of it.
pub async fn of_the_shop(site: &Site, owner: &str) -> (String, String) {
    let product = site.bowls(owner).await;
    let basket = site.takes(&product, "1").await;
    let order = site.order(&site.orders(&basket).await).await;
    (product, order.code.to_string())
}

#[tokio::test]
async fn a_piece_is_ordered_and_handed_over() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let bowls = site.bowls(&owner).await;
    let slug = site.product(&bowls).await.slug;
    for page in ["/vi/shop".to_owned(), format!("/vi/workshops/{SHOP}/shop")] {
        let list = site.get(&page, "").await;
        assert_eq!(list.status, StatusCode::OK, "{page}");
        assert_eq!(list.count(&format!("a[href='/vi/shop/{slug}']")), 1, "{page}");
    }
    let page = site.get(&format!("/vi/shop/{slug}"), "").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("\"Product\""));

    // What was typed is still there when something is wrong.
    let basket = site.takes(&bowls, "2").await;
    let till = site.till().await;
    let typed = [("name", "Mai <b>"), ("email", "none"), ("way", "collect"), ("form_key", "k")];
    let answer = site.post(&till, &basket, &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.attr("[name=name]", "value"), "Mai <b>");
    assert_eq!(answer.attr("[name=email]", "value"), "none");
    assert_eq!(answer.count(".error-summary"), 1);

    // Ordered, they are kept: nobody else can have them.
    let late = site.takes(&bowls, "1").await;
    let home = site.orders(&basket).await;
    assert_eq!(site.product(&bowls).await.left(), 0);
    let key =
        [("name", "Tom"), ("email", "tom@example.com"), ("way", "collect"), ("form_key", "t")];
    let answer = site.post(&till, &late, &key).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.attr("[name=name]", "value"), "Tom");
    let page = site.get(&format!("/vi/shop/{slug}"), "").await;
    assert_eq!(page.count("form[action='/vi/basket']"), 0);

    // The page is its holder's alone, and what is on it is done.
    assert_eq!(site.get(&format!("{home}x"), "").await.status, StatusCode::NOT_FOUND);
    let order = site.order(&home).await;
    let one = desk(&format!("/orders/{}", order.code));
    for page in [home.as_str(), &one, &format!("{one}/slip"), &desk("/orders/packing")] {
        assert_eq!(site.get(page, &owner).await.status, StatusCode::OK, "{page}");
    }
    site.goes(&one, &owner, &[("act", "pack")]).await;
    assert_eq!(site.order(&home).await.state, OrderState::Packed);
    site.goes(&one, &owner, &[("act", "hand_over"), ("method", "cash")]).await;
    assert_eq!(site.order(&home).await.state, OrderState::Done);
    let bowls = site.product(&bowls).await;
    assert_eq!((bowls.stock, bowls.taken), (0, 0));
}

#[tokio::test]
async fn what_is_called_off_is_on_the_shelf_again() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let bowls = site.bowls(&owner).await;
    let home = site.orders(&site.takes(&bowls, "2").await).await;
    assert_eq!(site.product(&bowls).await.left(), 0);
    site.goes(&home, "", &[("act", "cancel"), ("reason", "")]).await;
    assert_eq!(site.order(&home).await.state, OrderState::Cancelled);
    assert_eq!(site.product(&bowls).await.left(), 2);
    // A second time it is what it was.
    site.goes(&home, "", &[("act", "cancel"), ("reason", "")]).await;
    assert_eq!(site.product(&bowls).await.left(), 2);
}
