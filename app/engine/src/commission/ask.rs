//! A visitor writes a brief.

use chrono::NaiveDate;
use serde_json::json;

use super::entry::{self, By, Mark, New};
use super::error::{CommissionError, Field};
use super::model::{Brief, Commission, by_form_key, by_id};
use super::news::{News, Told, to_customer, to_host};
use super::photo::few;
use super::read::{
    MAX_LINE, MAX_NAME, amount_of, day_of, email_of, line_of, number_of, phone_of, words_of,
};
use super::state::State;
use super::terms::taken;
use crate::accounts::{Actor, audit};
use crate::craft::PhotoData;
use crate::email::Email;
use crate::payment::PaymentCode;
use crate::phone::Phone;
use crate::privacy;
use crate::store::{StoreError, Tx};
use crate::{CommissionId, Locale, WorkshopId, columns};

/// Most pieces of one commission.
const PIECES: (i32, i32) = (1, 500);

/// A brief as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BriefInput {
    pub what: String,
    pub size: String,
    pub colours: String,
    pub pieces: String,
    /// 2026-12-01; may be empty, as the budget may.
    pub wished_on: String,
    pub budget: String,
    pub details: String,
    pub name: String,
    pub email: String,
    pub phone: String,
}

/// The same, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BriefData {
    brief: Brief,
    name: String,
    email: Email,
    phone: Option<Phone>,
}

impl BriefData {
    /// `today` at the venue.
    pub fn parse(input: &BriefInput, today: NaiveDate) -> Result<BriefData, CommissionError> {
        let mut wrongs = Vec::new();
        let what = line_of(&input.what, Field::What, (MAX_LINE, true), &mut wrongs);
        let size = line_of(&input.size, Field::Size, (MAX_LINE, false), &mut wrongs);
        let colours = line_of(&input.colours, Field::Colours, (MAX_LINE, false), &mut wrongs);
        let pieces = number_of(&input.pieces, Field::Pieces, PIECES, &mut wrongs);
        let wished_on = day_of(&input.wished_on, Field::WishedOn, (today, false), &mut wrongs);
        let budget = amount_of(&input.budget, Field::Budget, false, &mut wrongs);
        let details = words_of(&input.details, Field::Details, false, &mut wrongs);
        let name = line_of(&input.name, Field::Name, (MAX_NAME, true), &mut wrongs);
        let email = email_of(&input.email, Field::Email, &mut wrongs);
        let phone = phone_of(&input.phone, Field::Phone, &mut wrongs);
        match (pieces, email) {
            (Some(pieces), Some(email)) if wrongs.is_empty() => {
                let brief = Brief { what, size, colours, pieces, wished_on, budget, details };
                Ok(BriefData { brief, name, email, phone })
            }
            _ => Err(CommissionError::Fields(wrongs)),
        }
    }
}

#[derive(Debug, Clone)]
pub struct Ask {
    pub workshop: WorkshopId,
    pub data: BriefData,
    pub photos: Vec<PhotoData>,
    /// In which the customer is written to.
    pub locale: Locale,
    /// Made with the form: the same form sent again is the same commission.
    pub form_key: String,
}

/// How often a new code is drawn when another commission has it already.
const CODE_DRAWS: usize = 5;

/// Keeps the brief and tells both sides.
pub async fn ask(tx: &mut Tx, command: Ask) -> Result<Commission, CommissionError> {
    let Ask { workshop, data, photos, locale, form_key } = command;
    if let Some(commission) = by_form_key(tx, &form_key).await? {
        return Ok(commission);
    }
    taken(tx, workshop).await?.ok_or(CommissionError::NotTaken)?;
    few(&photos)?;
    let id = insert(tx, workshop, &data, locale, &form_key).await?;
    let commission = by_id(tx, id).await?.ok_or(CommissionError::Unknown)?;
    let new = New { photos: &photos, ..New::plain(Mark::Brief, By::Customer) };
    let entry = entry::write(tx, &commission, new).await?;
    let given = privacy::Given {
        subject: privacy::Subject::Commission,
        id: commission.id.into(),
        workshop,
        locale,
        waiver: None,
    };
    privacy::record_consent(tx, given).await?;
    to_customer(tx, &commission, Told::entry(News::Asked, entry)).await?;
    to_host(tx, &commission, Told::entry(News::Asked, entry)).await?;
    let detail = json!({ "pieces": commission.brief.pieces });
    audit::record(tx, &Actor::Guest, "commission.ask", commission.id, Some(workshop), detail)
        .await?;
    Ok(commission)
}

async fn insert(
    tx: &mut Tx,
    workshop: WorkshopId,
    data: &BriefData,
    locale: Locale,
    form_key: &str,
) -> Result<CommissionId, StoreError> {
    let id = CommissionId::new(tx.now());
    let secret = tx.draw_token();
    let brief = &data.brief;
    let row = columns! {
        id: id,
        form_key: *form_key,
        workshop_id: workshop,
        secret: secret,
        locale: locale,
        name: data.name,
        email: *data.email.as_str(),
        phone: *data.phone.as_ref().map_or("", Phone::as_str),
        what: brief.what,
        size: brief.size,
        colours: brief.colours,
        pieces: brief.pieces,
        wished_on: brief.wished_on,
        budget: brief.budget,
        details: brief.details,
        since: tx.now(),
        asks: false,
        refund_bank: *"",
        refund_number: *"",
        refund_holder: *"",
        version: 0_i32,
        created_at: tx.now(),
    };
    let row = row.and(State::Asked.columns());
    for _ in 0..CODE_DRAWS {
        let code = PaymentCode::draw_for_commission(tx);
        if tx.insert_if_new("commission", row.clone().and(columns! { code: code })).await? {
            return Ok(id);
        }
    }
    Err(StoreError::Abandoned("no free code of a commission was drawn".into()))
}
