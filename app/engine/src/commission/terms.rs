//! Whether a workshop takes commissions, what it says of them, and what its offers begin with.

use serde_json::json;

use super::error::{CommissionError, Field};
use super::read::{number_of, words_of};
use crate::accounts::{Actor, audit};
use crate::store::{Conn, StoreError, Tx};
use crate::{Locale, Localized, WorkshopId, columns, params};

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Terms {
    pub taking: bool,
    /// What is made to order, and what is not.
    pub about: Localized,
    pub deposit_percent: i32,
    pub kept_percent: i32,
}

impl Default for Terms {
    fn default() -> Self {
        Self { taking: false, about: Localized::default(), deposit_percent: 50, kept_percent: 100 }
    }
}

pub async fn terms_of(conn: &mut Conn, workshop: WorkshopId) -> Result<Terms, StoreError> {
    let terms = conn
        .fetch_optional(
            "SELECT taking, about, deposit_percent, kept_percent FROM commission_terms \
             WHERE workshop_id = $1",
            params![workshop],
        )
        .await?;
    Ok(terms.unwrap_or_default())
}

/// The same, where the workshop takes commissions.
pub async fn taken(conn: &mut Conn, workshop: WorkshopId) -> Result<Option<Terms>, StoreError> {
    let terms = terms_of(conn, workshop).await?;
    Ok(terms.taking.then_some(terms))
}

/// The terms as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TermsInput {
    pub taking: bool,
    pub about: Localized,
    pub deposit: String,
    pub kept: String,
}

impl Terms {
    pub fn parse(input: &TermsInput) -> Result<Terms, CommissionError> {
        let mut wrongs = Vec::new();
        // Vietnamese is required where visitors read it, English is not.
        let vi = words_of(&input.about.vi, Field::About(Locale::Vi), input.taking, &mut wrongs);
        let en = words_of(&input.about.en, Field::About(Locale::En), false, &mut wrongs);
        let deposit = number_of(&input.deposit, Field::Deposit, (0, 100), &mut wrongs);
        let kept = number_of(&input.kept, Field::Kept, (0, 100), &mut wrongs);
        match (deposit, kept) {
            (Some(deposit_percent), Some(kept_percent)) if wrongs.is_empty() => Ok(Terms {
                taking: input.taking,
                about: Localized { vi, en },
                deposit_percent,
                kept_percent,
            }),
            _ => Err(CommissionError::Fields(wrongs)),
        }
    }
}

#[derive(Debug, Clone)]
pub struct SaveTerms {
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub terms: Terms,
}

/// An owner says what holds from now on; commissions that were asked for go on.
pub async fn save_terms(tx: &mut Tx, command: SaveTerms) -> Result<(), CommissionError> {
    let SaveTerms { actor, workshop, terms } = command;
    actor.must_own(workshop)?;
    let row = columns! {
        taking: terms.taking,
        about: terms.about,
        deposit_percent: terms.deposit_percent,
        kept_percent: terms.kept_percent,
        updated_at: tx.now(),
    };
    let key = columns! { workshop_id: workshop };
    if tx.update("commission_terms", row.clone(), key.clone()).await? == 0 {
        tx.insert("commission_terms", key.and(row)).await?;
    }
    let detail = json!({ "taking": terms.taking });
    audit::record(tx, &actor, "commission.terms", workshop, Some(workshop), detail).await?;
    Ok(())
}
