//! The workshop itself: who it is, where, how to reach it, who answers for it.

use serde_json::json;

use super::read::Reader;
use super::{EditError, Field, Wrong, Wrongs, done};
use crate::accounts::Actor;
use crate::catalogue::{LegalForm, Point, SpokenLanguages};
use crate::email::Email;
use crate::phone::Phone;
use crate::store::Tx;
use crate::{Locale, Localized, WorkshopId, params};

const NAME: usize = 120;
const ADDRESS: usize = 300;
const SUMMARY: usize = 400;
const STORY: usize = 8_000;
const ACCESSIBILITY: usize = 2_000;

/// As typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkshopInput {
    pub name: String,
    pub address: Localized,
    /// "20.9766, 105.9122".
    pub position: String,
    pub phone: String,
    pub email: String,
    pub languages: Vec<String>,
    pub summary: Localized,
    pub story: Localized,
    pub accessibility: Localized,
    pub legal_name: String,
    pub legal_form: String,
    pub tax_code: String,
    /// The language in which the host reads mail.
    pub mail_language: String,
}

/// A workshop's data, as it can be saved.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkshopData {
    name: String,
    address: Localized,
    position: Point,
    phone: Option<Phone>,
    email: Option<Email>,
    languages: SpokenLanguages,
    summary: Localized,
    story: Localized,
    accessibility: Localized,
    legal_name: String,
    legal_form: LegalForm,
    tax_code: String,
    locale: Locale,
}

impl WorkshopData {
    pub fn parse(input: &WorkshopInput) -> Result<WorkshopData, Wrongs> {
        let mut reader = Reader::default();
        let name = reader.line(Field::Name, &input.name, NAME);
        let summary = reader.texts(Field::Summary, &input.summary, SUMMARY);
        let story = reader.texts(Field::Story, &input.story, STORY);
        let accessibility =
            reader.optional_texts(Field::Accessibility, &input.accessibility, ACCESSIBILITY);
        let languages = reader.languages(&input.languages);
        let address = reader.texts(Field::Address, &input.address, ADDRESS);
        let position = reader.position(&input.position);
        let phone = input.phone.parse().ok();
        if phone.is_none() {
            reader.wrong(Field::Phone, Wrong::Phone);
        }
        let email = input.email.parse().ok();
        if email.is_none() {
            reader.wrong(Field::Email, Wrong::Email);
        }
        let locale = reader.choice(
            Field::MailLanguage,
            Locale::parse(&input.mail_language),
            Locale::default(),
        );
        let legal_name = reader.line(Field::LegalName, &input.legal_name, NAME);
        let legal_form = reader.choice(
            Field::LegalForm,
            LegalForm::parse(&input.legal_form),
            LegalForm::Household,
        );
        let tax_code = tax_code(&input.tax_code).unwrap_or_else(|| {
            reader.wrong(Field::TaxCode, Wrong::TaxCode);
            String::new()
        });
        reader.finish(WorkshopData {
            name,
            address,
            position,
            phone,
            email,
            languages,
            summary,
            story,
            accessibility,
            legal_name,
            legal_form,
            tax_code,
            locale,
        })
    }
}

/// Ten digits, ten with a branch's three ("0101243150-001"), or the twelve of a personal number,
/// which household businesses use since 1 July 2025 (Circular 86/2024/TT-BTC). A workshop that
/// has none yet leaves it empty.
fn tax_code(text: &str) -> Option<String> {
    let code: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let plain = digits(&code) && matches!(code.len(), 0 | 10 | 12);
    let branch = code.split_once('-').is_some_and(|(main, branch)| {
        main.len() == 10 && branch.len() == 3 && digits(main) && digits(branch)
    });
    (plain || branch).then_some(code)
}

#[derive(Debug, Clone)]
pub struct SaveWorkshop {
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub data: WorkshopData,
}

/// Saves a workshop's data. Its address on the site stays.
pub async fn save_workshop(tx: &mut Tx, command: SaveWorkshop) -> Result<(), EditError> {
    let SaveWorkshop { actor, workshop, data } = command;
    actor.must_own(workshop)?;
    tx.execute_one(
        "UPDATE workshop SET name = $2, lat = $3, lon = $4, address = $5, phone = $6, email = $7, \
         legal_name = $8, legal_form = $9, tax_code = $10, languages = $11, summary = $12, \
         story = $13, accessibility = $14, locale = $15 WHERE id = $1",
        params![
            workshop,
            data.name,
            data.position.lat,
            data.position.lon,
            data.address,
            data.phone.as_ref().map(Phone::as_str),
            data.email.as_ref().map(Email::as_str),
            data.legal_name,
            data.legal_form,
            data.tax_code,
            data.languages,
            data.summary,
            data.story,
            data.accessibility,
            data.locale,
        ],
    )
    .await?;
    done(tx, &actor, "workshop.save", workshop, workshop, json!({ "name": data.name })).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::tax_code;

    #[test]
    fn tax_codes_have_ten_twelve_or_ten_and_three_digits() {
        for (text, kept) in [
            ("8000000001", "8000000001"),
            ("001 080 012 345", "001080012345"),
            ("0101243150-001", "0101243150-001"),
            (" ", ""),
        ] {
            assert_eq!(tax_code(text).as_deref(), Some(kept));
        }
        for text in ["123", "80000000011", "0101243150-01", "80000O0001", "-001"] {
            assert_eq!(tax_code(text), None, "{text}");
        }
    }
}
