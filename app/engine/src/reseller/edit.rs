//! Agreeing with a company, and parting.

use chrono::NaiveDate;
use serde_json::json;

use super::keys::owned;
use super::{Reseller, ResellerError, Terms, allotment};
use crate::accounts::{Actor, audit, ensure_person};
use crate::catalogue::edit::{Field, Reader, Wrong, Wrongs};
use crate::catalogue::{Catalogue, Tour};
use crate::email::Email;
use crate::mail::Letter;
use crate::mail::outbox::{self, Envelope};
use crate::phone::Phone;
use crate::store::{StoreError, Tx};
use crate::{
    AllotmentId, ContractId, Dong, Locale, ResellerId, TourId, UnitId, WorkshopId, columns, params,
};

const NAME: usize = 120;
const TAX_CODE: usize = 20;
const MOST_OFF: i32 = 90;

/// A company as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResellerInput {
    pub name: String,
    pub email: String,
    pub phone: String,
    pub tax_code: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResellerData {
    name: String,
    email: Email,
    phone: String,
    tax_code: String,
}

impl ResellerData {
    pub fn parse(input: &ResellerInput) -> Result<Self, Wrongs> {
        let mut reader = Reader::default();
        let name = reader.line(Field::Name, &input.name, NAME);
        let tax_code = reader.optional_line(Field::TaxCode, &input.tax_code, TAX_CODE);
        let phone = (!input.phone.trim().is_empty()).then(|| input.phone.parse::<Phone>());
        if matches!(phone, Some(Err(_))) {
            reader.wrong(Field::Phone, Wrong::Phone);
        }
        let phone = phone.and_then(Result::ok).map(|phone| phone.to_string()).unwrap_or_default();
        let Ok(email) = input.email.parse::<Email>() else {
            reader.wrong(Field::Email, Wrong::Email);
            return Err(reader.wrongs);
        };
        reader.finish(ResellerData { name, email, phone, tax_code })
    }
}

/// A contract as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContractInput {
    pub percent_off: String,
    /// Ids of tours; none: all of the workshop's.
    pub tours: Vec<String>,
    /// Net prices by unit type; empty ones follow the percentage.
    pub prices: Vec<(UnitId, String)>,
    pub valid_from: String,
    pub valid_to: String,
    pub credit_limit: String,
}

impl ContractInput {
    /// What the editor begins with.
    pub fn of(terms: &Terms) -> Self {
        let mut prices: Vec<(UnitId, String)> =
            terms.prices.iter().map(|(unit, net)| (*unit, net.0.to_string())).collect();
        prices.sort_unstable();
        let contract = &terms.contract;
        Self {
            percent_off: contract.percent_off.to_string(),
            tours: terms.tours.iter().map(ToString::to_string).collect(),
            prices,
            valid_from: contract.valid_from.to_string(),
            valid_to: contract.valid_to.map(|date| date.to_string()).unwrap_or_default(),
            credit_limit: contract
                .credit_limit
                .map(|limit| limit.0.to_string())
                .unwrap_or_default(),
        }
    }
}

/// A contract that can be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractData {
    percent_off: i32,
    tours: Vec<TourId>,
    prices: Vec<(UnitId, Dong)>,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    credit_limit: Option<Dong>,
}

impl ContractData {
    /// Tours and unit types must be of the workshop. Without a first day it holds from `today`.
    pub fn parse(
        input: &ContractInput,
        catalogue: &Catalogue,
        workshop: WorkshopId,
        today: NaiveDate,
    ) -> Result<Self, Wrongs> {
        let mut reader = Reader::default();
        let percent_off = reader.number(Field::PercentOff, &input.percent_off, 0, MOST_OFF);
        let own: Vec<&Tour> = catalogue.all_tours_of(workshop).collect();
        let mut tours = Vec::new();
        for id in &input.tours {
            match own.iter().find(|tour| tour.id.to_string() == *id) {
                Some(tour) => tours.push(tour.id),
                None => reader.wrong(Field::Tours, Wrong::Choice),
            }
        }
        let units = || own.iter().flat_map(|tour| &tour.options).flat_map(|option| &option.units);
        let mut prices = Vec::new();
        for (unit, text) in input.prices.iter().filter(|(_, text)| !text.trim().is_empty()) {
            let known = units().any(|known| known.id == *unit);
            match text.parse::<Dong>() {
                Ok(net) if known => prices.push((*unit, net)),
                _ => reader.wrong(Field::NetPrice(*unit), Wrong::Price),
            }
        }
        let valid_from = reader
            .optional_date(Field::ValidFrom, &input.valid_from, (None, None))
            .unwrap_or(today);
        let valid_to =
            reader.optional_date(Field::ValidTo, &input.valid_to, (Some(valid_from), None));
        let limit = input.credit_limit.trim();
        let credit_limit = (!limit.is_empty()).then(|| limit.parse::<Dong>());
        if matches!(credit_limit, Some(Err(_))) {
            reader.wrong(Field::CreditLimit, Wrong::Price);
        }
        let credit_limit = credit_limit.and_then(Result::ok);
        let data = ContractData { percent_off, tours, prices, valid_from, valid_to, credit_limit };
        reader.finish(data)
    }
}

/// An owner agrees with a company.
#[derive(Debug, Clone)]
pub struct Invite {
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub company: ResellerData,
    pub contract: ContractData,
    /// The language in which the company is written to.
    pub locale: Locale,
}

/// Makes the contract, and the company where no workshop knows its address yet. Whoever has the
/// address signs in for it.
pub async fn invite(tx: &mut Tx, command: Invite) -> Result<ContractId, ResellerError> {
    command.actor.must_own(command.workshop)?;
    let reseller = ensure(tx, &command.company, command.locale).await?;
    let contract = ContractId::new(tx.now());
    let row = columns! {
        id: contract,
        reseller_id: reseller.id,
        workshop_id: command.workshop,
        percent_off: command.contract.percent_off,
        valid_from: command.contract.valid_from,
        valid_to: command.contract.valid_to,
        credit_limit: command.contract.credit_limit,
        version: 1_i32,
        created_at: tx.now(),
    };
    if !tx.insert_if_new("reseller_contract", row).await? {
        return Err(ResellerError::Twice);
    }
    write_lists(tx, contract, &command.contract).await?;
    let person = ensure_person(tx, &reseller.email, &reseller.name).await?;
    let member = columns! { reseller_id: reseller.id, person_id: person };
    tx.insert_if_new("reseller_person", member).await?;
    let letter = Letter::ResellerInvited;
    outbox::post(
        tx,
        Envelope {
            event_key: format!("{letter}:{contract}"),
            letter,
            recipient: reseller.email.clone(),
            recipient_name: reseller.name.clone(),
            locale: reseller.locale,
            payload: json!({ "contract_id": contract }),
            booking_id: None,
            workshop_id: Some(command.workshop),
        },
    )
    .await?;
    let detail = json!({ "reseller": reseller.name, "percent_off": command.contract.percent_off });
    let workshop = Some(command.workshop);
    audit::record(tx, &command.actor, "reseller.invite", contract, workshop, detail).await?;
    Ok(contract)
}

/// The company with this address; what another workshop wrote of it stays.
async fn ensure(
    tx: &mut Tx,
    company: &ResellerData,
    locale: Locale,
) -> Result<Reseller, StoreError> {
    let email = company.email.to_string().to_lowercase();
    let row = columns! {
        id: ResellerId::new(tx.now()),
        name: company.name,
        email: email,
        phone: company.phone,
        tax_code: company.tax_code,
        locale: locale,
        created_at: tx.now(),
    };
    tx.insert_if_new("reseller", row).await?;
    tx.fetch_one("SELECT * FROM reseller WHERE email = $1", params![email]).await
}

async fn write_lists(
    tx: &mut Tx,
    contract: ContractId,
    data: &ContractData,
) -> Result<(), StoreError> {
    tx.execute("DELETE FROM contract_tour WHERE contract_id = $1", params![contract]).await?;
    tx.execute("DELETE FROM contract_price WHERE contract_id = $1", params![contract]).await?;
    for tour in &data.tours {
        let row = columns! { contract_id: contract, tour_id: *tour };
        tx.insert_if_new("contract_tour", row).await?;
    }
    for (unit, net) in &data.prices {
        let row = columns! { contract_id: contract, unit_id: *unit, net: *net };
        tx.insert_if_new("contract_price", row).await?;
    }
    Ok(())
}

/// An owner agrees on something else.
#[derive(Debug, Clone)]
pub struct Agree {
    pub actor: Actor,
    pub contract: ContractId,
    pub terms: ContractData,
}

/// Changes the contract. What was sold keeps its prices.
pub async fn agree(tx: &mut Tx, command: Agree) -> Result<(), ResellerError> {
    let workshop = owned(tx, &command.actor, command.contract).await?;
    let ContractData { percent_off, valid_from, valid_to, credit_limit, .. } = command.terms;
    tx.execute_one(
        "UPDATE reseller_contract SET percent_off = $2, valid_from = $3, valid_to = $4, \
         credit_limit = $5, version = version + 1 WHERE id = $1",
        params![command.contract, percent_off, valid_from, valid_to, credit_limit],
    )
    .await?;
    write_lists(tx, command.contract, &command.terms).await?;
    let detail = json!({ "percent_off": percent_off });
    let workshop = Some(workshop);
    audit::record(tx, &command.actor, "reseller.agree", command.contract, workshop, detail).await?;
    Ok(())
}

/// An owner ends a contract.
#[derive(Debug, Clone)]
pub struct EndContract {
    pub actor: Actor,
    pub contract: ContractId,
}

/// Nothing more is sold, its keys open nothing, kept seats go back. What was sold stays, and the
/// company's people still see it.
pub async fn end_contract(tx: &mut Tx, command: EndContract) -> Result<(), ResellerError> {
    let workshop = owned(tx, &command.actor, command.contract).await?;
    let now = tx.now();
    tx.execute_one(
        "UPDATE reseller_contract SET ended_at = $2, version = version + 1 WHERE id = $1",
        params![command.contract, now],
    )
    .await?;
    tx.execute(
        "UPDATE reseller_key SET revoked_at = $2 WHERE contract_id = $1 AND revoked_at IS NULL",
        params![command.contract, now],
    )
    .await?;
    let allotments: Vec<(AllotmentId,)> = tx
        .fetch_all(
            "SELECT id FROM allotment WHERE contract_id = $1 AND ended_at IS NULL",
            params![command.contract],
        )
        .await?;
    for (id,) in allotments {
        allotment::end_any(tx, id).await?;
    }
    let workshop = Some(workshop);
    audit::record(tx, &command.actor, "reseller.end", command.contract, workshop, json!({}))
        .await?;
    Ok(())
}
