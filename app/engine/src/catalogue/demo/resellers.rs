//! The demo's travel company: its contract with a workshop, and what it sold.

use std::sync::Arc;

use chrono::TimeDelta;
use uuid::Uuid;

use super::DemoError;
use crate::accounts::{self, Actor};
use crate::catalogue::{Catalogue, Sharing, TourOption, UnitKind};
use crate::clock::local_date;
use crate::reseller::{
    self, ContractData, ContractInput, Finish, Invite, ResellerData, ResellerInput, Reserve,
    Ticket, Traveller, USUAL_MINUTES,
};
use crate::schedule::slots;
use crate::store::Tx;
use crate::{Locale, UnitId};

/// Of no co-op, so that what a company sold is in nobody else's books.
const WORKSHOP: &str = "huong-thao-que";
/// Who signs in for the company.
pub const EMAIL: &str = "dat-tour@hathanh.example";

fn broken(reason: impl std::fmt::Display) -> DemoError {
    DemoError::File { file: "the demo's travel company", reason: reason.to_string() }
}

/// A contract at 20 per cent off, with a credit limit.
pub(super) async fn insert(
    tx: &mut Tx,
    catalogue: &Arc<Catalogue>,
    password_hash: &str,
) -> Result<(), DemoError> {
    let workshop = catalogue.workshop_by_slug(WORKSHOP).ok_or_else(|| broken(WORKSHOP))?.id;
    let company = ResellerInput {
        name: "Du lịch Hà Thành".into(),
        email: EMAIL.into(),
        phone: "024 3825 0000".into(),
        tax_code: String::new(),
    };
    let input = ContractInput {
        percent_off: "20".into(),
        credit_limit: "30.000.000".into(),
        ..ContractInput::default()
    };
    let today = local_date(tx.now());
    let invite = Invite {
        actor: Actor::System,
        workshop,
        company: ResellerData::parse(&company).map_err(|wrong| broken(format!("{wrong:?}")))?,
        contract: ContractData::parse(&input, catalogue, workshop, today)
            .map_err(|wrong| broken(format!("{wrong:?}")))?,
        locale: Locale::Vi,
    };
    reseller::invite(tx, invite).await.map_err(broken)?;
    let person = accounts::ensure_person(tx, EMAIL, "Vũ Minh Châu").await?;
    accounts::set_password_hash(tx, person, password_hash).await?;
    tx.execute("DELETE FROM audit WHERE verb = 'reseller.invite'", vec![]).await?;
    tx.execute("DELETE FROM outbox WHERE kind = 'reseller_invited'", vec![]).await?;
    Ok(())
}

/// Days ahead of each visit at the least, who travels, how many adults, the company's number.
const SOLD: [(i64, &str, usize, &str); 3] = [
    (4, "Nguyễn Hoài Nam", 2, "HT-2101"),
    (9, "Claire Fontaine", 4, "HT-2107"),
    (15, "Lê Thu Trang", 3, "HT-2112"),
];

/// Bookings to come.
pub(super) async fn sell(tx: &mut Tx, catalogue: &Arc<Catalogue>) -> Result<(), DemoError> {
    let workshop = catalogue.workshop_by_slug(WORKSHOP).ok_or_else(|| broken(WORKSHOP))?.id;
    let all = reseller::agreements_of(tx, &Actor::System, workshop).await.map_err(broken)?;
    let agreement = all.first().ok_or_else(|| broken("no contract"))?;
    let person = accounts::ensure_person(tx, EMAIL, "").await?;
    let seller = agreement.seller(person);
    let today = local_date(tx.now());
    for (days, name, adults, reference) in SOLD {
        let from = today + TimeDelta::days(days);
        let to = from + TimeDelta::days(6);
        let ahead = slots::of_workshop(tx, workshop, from, to).await?;
        let now = tx.now();
        let found = ahead.into_iter().find_map(|slot| {
            let (tour, option) = catalogue.sold_in(&slot, today)?;
            let adult = adult(&option)?;
            let wanted = i32::try_from(adults).unwrap_or(0);
            let fits = tour.sharing == Sharing::Shared
                && agreement.terms.sells(tour)
                && (tour.min_party..=tour.max_party).contains(&wanted)
                && slot.left(now) > wanted;
            fits.then_some((slot.id, adult))
        });
        let Some((slot, adult)) = found else { continue };
        let ticket = |_| Ticket {
            uuid: Uuid::now_v7(),
            unit: adult,
            reference: String::new(),
            contact: Traveller::default(),
        };
        let uuid = Uuid::now_v7();
        let reserve = Reserve {
            catalogue: Arc::clone(catalogue),
            seller: seller.clone(),
            uuid,
            request_hash: String::new(),
            slot,
            tickets: (0..adults).map(ticket).collect(),
            minutes: USUAL_MINUTES,
            notes: String::new(),
            reference: reference.into(),
            contact: Traveller { full_name: Some(name.into()), ..Traveller::default() },
        };
        reseller::reserve(tx, reserve).await.map_err(broken)?;
        let finish = Finish {
            catalogue: Arc::clone(catalogue),
            seller: seller.clone(),
            uuid,
            contact: Traveller::default(),
            reference: None,
            tickets: None,
        };
        reseller::finish(tx, finish).await.map_err(broken)?;
    }
    // The workshop does not exist either.
    tx.execute("DELETE FROM outbox WHERE kind = 'host_new'", vec![]).await?;
    Ok(())
}

fn adult(option: &TourOption) -> Option<UnitId> {
    let mut units = option.open_units();
    units.find(|unit| unit.kind == UnitKind::Adult).map(|unit| unit.id)
}
