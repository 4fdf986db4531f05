//! Letters about credentials: what ends soon, and what the office decided.

use serde_json::json;

use super::*;
use crate::credential::{self, CredentialState, GiveUp, Kind};
use crate::store::Kind as Database;
use crate::store::testing::fresh;

#[tokio::test]
async fn owners_read_what_ends_and_why_something_was_refused() {
    let store = fresh(Database::Sqlite).await.unwrap();
    let village = Village::new(&store).await;
    let house = village.catalogue.workshop_by_slug("htx-may-tre-hoa-trang").unwrap();
    let sooty = village.catalogue.workshop_by_slug("san-huong-ba-mau").unwrap();
    let of = async |workshop| {
        let mut conn = store.read().await.unwrap();
        let all = credential::for_workshop(&mut conn, &Actor::System, workshop).await.unwrap();
        all.ours[0].clone()
    };
    let (stars, refused) = (of(house.id).await, of(sooty.id).await);
    assert_eq!((stars.kind, refused.state), (Kind::Ocop, CredentialState::Refused));
    let to = ("hoatrang@langnghe.example", "Nguyễn Thị Lành");
    let letter = async |kind, payload: serde_json::Value, locale, workshop| {
        let row = queued(kind, to, locale, payload.to_string(), Some(workshop));
        village.rendered(&store, &row).await
    };
    let ends = json!({ "credential_id": stars.id, "until": stars.valid_until });
    let vi = letter(Letter::CredentialExpiring, ends.clone(), Locale::Vi, house.id).await.unwrap();
    assert!(vi.subject.contains("OCOP 3 sao: Giỏ mây Hoa Trang hết hạn ngày"), "{}", vi.subject);
    let page = format!("/vi/host/htx-may-tre-hoa-trang/credentials/{}", stars.id);
    assert!(vi.text.contains(&page), "{}", vi.text);
    let en = letter(Letter::CredentialExpiring, ends.clone(), Locale::En, house.id).await.unwrap();
    assert!(en.subject.contains("OCOP 3 stars: Giỏ mây Hoa Trang expires on"), "{}", en.subject);

    let told = json!({ "credential_id": refused.id, "state": "refused" });
    let why = letter(Letter::CredentialDecided, told, Locale::Vi, sooty.id).await.unwrap();
    assert!(why.text.contains("Ảnh chụp giấy bị mờ"), "{}", why.text);
    // Decided otherwise since.
    let old = json!({ "credential_id": refused.id, "state": "verified" });
    assert!(letter(Letter::CredentialDecided, old, Locale::Vi, sooty.id).await.is_none());

    // Taken off before the letter left.
    let actor = Actor::System;
    let up = GiveUp { actor, credential: stars.id, reason: "Thôi".into() };
    store.write("up", up, |tx, c| Box::pin(credential::give_up(tx, c))).await.unwrap();
    assert!(letter(Letter::CredentialExpiring, ends, Locale::Vi, house.id).await.is_none());
}
