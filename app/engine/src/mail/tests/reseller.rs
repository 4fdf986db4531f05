//! What a travel company reads when a workshop has agreed a contract with it.

use serde_json::json;

use super::*;
use crate::ContractId;
use crate::clock::local_date;
use crate::reseller::{
    self, ContractData, ContractInput, EndContract, Invite, ResellerData, ResellerInput,
};
use crate::store::Kind;
use crate::store::testing::fresh;

const COMPANY: &str = "sales@ha-thanh.example.com";

async fn agreed(village: &Village, store: &Store) -> ContractId {
    let shop = village.catalogue.workshop_by_slug("gom-minh-hai").unwrap().id;
    let tour = village.catalogue.tour_by_slug("nan-gom-ban-xoay").unwrap().id;
    let company = ResellerInput {
        name: "Du lịch Hà Thành".into(),
        email: COMPANY.into(),
        ..ResellerInput::default()
    };
    let terms = ContractInput {
        percent_off: "15".into(),
        tours: vec![tour.to_string()],
        valid_from: "2026-12-01".into(),
        valid_to: "2027-05-31".into(),
        credit_limit: "20.000.000".into(),
        ..ContractInput::default()
    };
    let today = local_date(store.now());
    let command = Invite {
        actor: Actor::System,
        workshop: shop,
        company: ResellerData::parse(&company).unwrap(),
        contract: ContractData::parse(&terms, &village.catalogue, shop, today).unwrap(),
        locale: Locale::Vi,
    };
    store.write("invite", command, |tx, c| Box::pin(reseller::invite(tx, c))).await.unwrap()
}

async fn letter(
    village: &Village,
    store: &Store,
    locale: Locale,
    contract: ContractId,
) -> Option<Rendered> {
    let payload = json!({ "contract_id": contract }).to_string();
    let to = (COMPANY, "Du lịch Hà Thành");
    village.rendered(store, &queued(Letter::ResellerInvited, to, locale, payload, None)).await
}

#[tokio::test]
async fn a_company_reads_what_was_agreed_until_it_ends() {
    let store = fresh(Kind::Sqlite).await.unwrap();
    let village = Village::new(&store).await;
    let contract = agreed(&village, &store).await;
    for locale in Locale::WRITTEN {
        let letter = letter(&village, &store, locale, contract).await.unwrap();
        // The address ends with an id of this run.
        let text = letter.text.replace(&contract.to_string(), "CONTRACT");
        insta::assert_snapshot!(
            format!("reseller-{locale}"),
            format!("Subject: {}\n\n{text}", letter.subject)
        );
    }
    let end = EndContract { actor: Actor::System, contract };
    store.write("end", end, |tx, c| Box::pin(reseller::end_contract(tx, c))).await.unwrap();
    assert!(letter(&village, &store, Locale::Vi, contract).await.is_none());
}
