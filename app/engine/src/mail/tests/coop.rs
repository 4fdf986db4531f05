//! Letters about a co-op, whole, in both languages.

use serde_json::json;

use super::*;
use crate::coop::{self, CoopData, CoopInput, Found, Invite};
use crate::store::Kind;
use crate::store::testing::fresh;
use crate::{Localized, MemberId};

fn data() -> CoopData {
    let input = CoopInput {
        name: "Tổ hợp tác Sơn Mài Hạ Thái".into(),
        form: "group".into(),
        summary: Localized {
            vi: "Hai nhà sơn chung một buồng ủ.".into(),
            en: "Two lacquer houses around one drying room.".into(),
        },
        story: Localized { vi: "Chuyện chung.".into(), en: String::new() },
        ..CoopInput::default()
    };
    CoopData::parse(&input, chrono::NaiveDate::MAX).unwrap()
}

/// A workshop that was asked to join another's co-op.
async fn asked(village: &Village, store: &Store) -> MemberId {
    let house = village.catalogue.workshop_by_slug("son-mai-tung-lam").unwrap().id;
    let guest = village.catalogue.workshop_by_slug("nha-son-thu-an").unwrap().id;
    store
        .write("found and ask", (), move |tx, ()| {
            Box::pin(async move {
                let found = Found { actor: Actor::System, workshop: house, data: data() };
                let (coop, _) = coop::found(tx, found).await?;
                let ask = Invite { actor: Actor::System, coop, workshop: guest };
                coop::invite(tx, ask).await
            })
        })
        .await
        .unwrap()
}

async fn rendered(
    village: &Village,
    store: &Store,
    locale: Locale,
    member: MemberId,
    (kind, event): (Letter, &str),
) -> Option<Rendered> {
    let house = if kind == Letter::CoopInvitation || event == "removed" {
        "nha-son-thu-an"
    } else {
        "son-mai-tung-lam"
    };
    let payload = json!({ "member_id": member, "event": event }).to_string();
    let house = village.catalogue.workshop_by_slug(house).map(|shop| shop.id);
    let row = queued(kind, ("chau@example.com", "Nguyễn Thu An"), locale, payload, house);
    village.rendered(store, &row).await
}

async fn letters_in(locale: Locale) {
    let store = fresh(Kind::Sqlite).await.unwrap();
    let village = Village::new(&store).await;
    let member = asked(&village, &store).await;
    let mut all = Vec::new();
    for kind in [
        (Letter::CoopInvitation, ""),
        (Letter::CoopNews, "accepted"),
        (Letter::CoopNews, "declined"),
        (Letter::CoopNews, "left"),
        (Letter::CoopNews, "removed"),
    ] {
        let letter = rendered(&village, &store, locale, member, kind).await.unwrap();
        all.push(format!(
            "════ {} {}\nSubject: {}\n\n{}",
            kind.0, kind.1, letter.subject, letter.text
        ));
    }
    insta::assert_snapshot!(format!("coop-{locale}"), all.join("\n"));
}

#[tokio::test]
async fn letters_in_vietnamese_read_as_they_should() {
    letters_in(Locale::Vi).await;
}

#[tokio::test]
async fn letters_in_english_read_as_they_should() {
    letters_in(Locale::En).await;
}

#[tokio::test]
async fn an_invitation_that_was_taken_back_is_not_sent() {
    let store = fresh(Kind::Sqlite).await.unwrap();
    let village = Village::new(&store).await;
    let member = asked(&village, &store).await;
    let taken_back = coop::Answer { actor: Actor::System, member };
    store.write("withdraw", taken_back, |tx, c| Box::pin(coop::withdraw(tx, c))).await.unwrap();
    let invitation = (Letter::CoopInvitation, "");
    assert!(rendered(&village, &store, Locale::Vi, member, invitation).await.is_none());
    // In the outbox it ends without having been sent.
    let delivered = village.deliver(&store).await;
    assert_eq!((delivered.sent, delivered.superseded), (0, 1));
}
