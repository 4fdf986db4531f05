//! Letters about partners, placements and studies, whole, in both languages.

use chrono::NaiveDate;
use serde_json::json;

use super::*;
use crate::Localized;
use crate::clock::local_date;
use crate::partner::{
    self, Answer, Applicant, ApplicantKind, Apply, ApplyData, ApplyInput, ApplyTo, AskPartner,
    Decide, Decision, Keeper, Partner, PartnerAnswer, PartnerData, PartnerInput, PlacementData,
    PlacementInput, SavePlacement, SaveStudy, StudyData, StudyInput,
};
use crate::store::Kind;
use crate::store::testing::fresh;

const TO: (&str, &str) = ("linh@example.vn", "Chị Linh");

/// A workshop with its partner, its placement and who applied.
struct House<'a> {
    village: &'a Village,
    store: &'a Store,
    id: WorkshopId,
}

impl House<'_> {
    fn today(&self) -> NaiveDate {
        local_date(self.store.now())
    }

    async fn partner(&self, key: &str) -> Partner {
        let input = PartnerInput {
            kind: "designer".into(),
            name: "Nguyễn Hà Linh".into(),
            city: "Hà Nội".into(),
            web: "https://halinh.example/".into(),
            since: "2025-02-20".into(),
            contact: TO.1.into(),
            email: TO.0.into(),
            language: "vi".into(),
        };
        let ask = AskPartner {
            actor: Actor::System,
            keeper: Keeper::Workshop(self.id),
            data: PartnerData::parse(&input, self.today()).unwrap(),
            form_key: key.to_owned(),
        };
        let id = self.store.write("ask", ask, |tx, c| Box::pin(partner::ask(tx, c))).await.unwrap();
        let mut conn = self.store.read().await.unwrap();
        partner::partner(&mut conn, &Actor::System, id).await.unwrap()
    }

    async fn says(&self, partner: &Partner, answer: PartnerAnswer) -> Partner {
        let says = Answer { partner: partner.id, answer };
        self.store.write("says", says, |tx, c| Box::pin(partner::answer(tx, c))).await.unwrap()
    }

    async fn placement(&self) -> ApplyTo {
        let input = PlacementInput {
            title: Localized { vi: "Thực tập chuốt gốm".into(), en: "Throwing".into() },
            about: Localized { vi: "Theo thợ cả.".into(), en: String::new() },
            allowance: Localized { vi: "Ăn trưa".into(), en: "Lunch".into() },
            first: "2026-12-07".into(),
            last: "2027-02-26".into(),
            places: "2".into(),
            ..PlacementInput::default()
        };
        let save = SavePlacement {
            actor: Actor::System,
            workshop: self.id,
            placement: None,
            form_key: "placement".into(),
            data: PlacementData::parse(&input, self.today()).unwrap(),
        };
        let save = self.store.write("save", save, |tx, c| Box::pin(partner::save_placement(tx, c)));
        ApplyTo::Placement(save.await.unwrap())
    }

    async fn welcomes(&self) -> ApplyTo {
        let input = StudyInput {
            welcome: true,
            themes: Localized { vi: "Men tro".into(), en: String::new() },
            languages: vec!["vi".into()],
            ..StudyInput::default()
        };
        let data = StudyData::parse(&input).unwrap();
        let save = SaveStudy { actor: Actor::System, workshop: self.id, data };
        self.store.write("s", save, |tx, c| Box::pin(partner::save_study(tx, c))).await.unwrap();
        ApplyTo::Study(self.id)
    }

    async fn applies(&self, to: ApplyTo, email: &str) -> Applicant {
        let kind = match to {
            ApplyTo::Placement(_) => ApplicantKind::Placement,
            ApplyTo::Study(_) => ApplicantKind::Study,
        };
        let input = ApplyInput {
            name: "Đỗ Minh Khôi".into(),
            email: email.into(),
            organisation: "Trường Thiết kế".into(),
            topic: "Tro trấu trong men".into(),
            words: "Em muốn học chuốt <b>thật</b>.".into(),
        };
        let apply = Apply {
            to,
            data: ApplyData::parse(&input, kind).unwrap(),
            locale: Locale::Vi,
            form_key: email.to_owned(),
        };
        self.store.write("apply", apply, |tx, c| Box::pin(partner::apply(tx, c))).await.unwrap()
    }

    async fn decides(&self, it: &Applicant, state: &str) -> Applicant {
        let decide = Decide {
            actor: Actor::System,
            applicant: it.id,
            version: it.version,
            decision: Decision::parse(state, "Sáng thứ Hai, em nhé.").unwrap(),
        };
        self.store.write("decide", decide, |tx, c| Box::pin(partner::decide(tx, c))).await.unwrap()
    }

    /// The letter without ids and secrets, which each run has its own of.
    async fn letter(
        &self,
        locale: Locale,
        kind: Letter,
        payload: &serde_json::Value,
        hidden: [&str; 2],
    ) -> Option<String> {
        let row = queued(kind, TO, locale, payload.to_string(), Some(self.id));
        let letter = self.village.rendered(self.store, &row).await?;
        let text = letter.text.replace(hidden[0], "ID").replace(hidden[1], "SECRET");
        Some(format!("════ {kind}\nSubject: {}\n\n{text}", letter.subject))
    }

    async fn about_partner(&self, locale: Locale, kind: Letter, it: &Partner) -> Option<String> {
        let payload = json!({ "partner_id": it.id, "state": it.state });
        let id = it.id.to_string();
        self.letter(locale, kind, &payload, [id.as_str(), it.secret.as_str()]).await
    }

    async fn about(&self, locale: Locale, kind: Letter, it: &Applicant) -> Option<String> {
        let payload = json!({ "applicant_id": it.id, "state": it.state });
        let id = it.id.to_string();
        self.letter(locale, kind, &payload, [id.as_str(), it.secret.as_str()]).await
    }
}

async fn letters_in(locale: Locale) {
    let store = fresh(Kind::Sqlite).await.unwrap();
    let village = Village::new(&store).await;
    let id = village.catalogue.workshop_by_slug("gom-minh-hai").unwrap().id;
    let house = House { village: &village, store: &store, id };
    let mut all = Vec::new();

    let asked = house.partner("one").await;
    all.extend(house.about_partner(locale, Letter::PartnerAsked, &asked).await);
    let agreed = house.says(&asked, PartnerAnswer::Agree).await;
    let late = house.about_partner(locale, Letter::PartnerAsked, &asked).await;
    assert_eq!(late, None, "it has answered");
    all.extend(house.about_partner(locale, Letter::HostPartner, &agreed).await);
    let ended = house.says(&agreed, PartnerAnswer::End).await;
    assert_eq!(house.about_partner(locale, Letter::HostPartner, &agreed).await, None);
    all.extend(house.about_partner(locale, Letter::HostPartner, &ended).await);
    let declined = house.partner("two").await;
    let declined = house.says(&declined, PartnerAnswer::Decline).await;
    all.extend(house.about_partner(locale, Letter::HostPartner, &declined).await);

    let to = house.placement().await;
    let new = house.applies(to, "khoi@example.vn").await;
    all.extend(house.about(locale, Letter::ApplicationReceived, &new).await);
    all.extend(house.about(locale, Letter::HostApplication, &new).await);
    let mut it = new;
    for state in ["invited", "accepted", "declined"] {
        it = house.decides(&it, state).await;
        all.extend(house.about(locale, Letter::ApplicationAnswered, &it).await);
    }
    let other = house.applies(to, "mai@example.vn").await;
    let gone = store.write("w", other.id, |tx, id| Box::pin(partner::withdraw(tx, id))).await;
    all.extend(house.about(locale, Letter::HostApplication, &gone.unwrap()).await);
    let to = house.welcomes().await;
    let researcher = house.applies(to, "yui@example.jp").await;
    all.extend(house.about(locale, Letter::ApplicationReceived, &researcher).await);

    assert_eq!(all.len(), 11);
    insta::assert_snapshot!(format!("partner-{locale}"), all.join("\n"));
}

#[tokio::test]
async fn letters_in_vietnamese_read_as_they_should() {
    letters_in(Locale::Vi).await;
}

#[tokio::test]
async fn letters_in_english_read_as_they_should() {
    letters_in(Locale::En).await;
}
