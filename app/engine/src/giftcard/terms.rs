//! What a workshop sells: whether, which values, for how long.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::error::{CardError, Field, Wrong};
use crate::accounts::{Actor, audit};
use crate::payment;
use crate::store::{Conn, StoreError, Tx};
use crate::{Dong, WorkshopId, columns, json_column, params};

/// For how many months a card may be valid.
pub const MONTHS: std::ops::RangeInclusive<i32> = 6..=60;
/// The least and the most that a card may be worth.
pub const VALUES: std::ops::RangeInclusive<Dong> = Dong(50_000)..=Dong(20_000_000);
/// Most values offered.
const MOST: usize = 8;

/// Values that are offered, smallest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Offered(pub Vec<Dong>);

json_column!(Offered);

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Terms {
    pub selling: bool,
    pub offered: Offered,
    pub months: i32,
}

impl Default for Terms {
    fn default() -> Self {
        let offered = Offered(vec![Dong(300_000), Dong(500_000), Dong(1_000_000)]);
        Self { selling: false, offered, months: 12 }
    }
}

pub async fn terms_of(conn: &mut Conn, workshop: WorkshopId) -> Result<Terms, StoreError> {
    let terms = conn
        .fetch_optional(
            "SELECT selling, offered, months FROM gift_card_terms WHERE workshop_id = $1",
            params![workshop],
        )
        .await?;
    Ok(terms.unwrap_or_default())
}

/// The terms on which a visitor may buy a card now: none where the workshop sells none or takes no
/// money by transfer.
pub async fn may_sell(conn: &mut Conn, workshop: WorkshopId) -> Result<Option<Terms>, StoreError> {
    let terms = terms_of(conn, workshop).await?;
    if !terms.selling || payment::of_workshop(conn, workshop).await?.is_none() {
        return Ok(None);
    }
    Ok(Some(terms))
}

/// The terms as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TermsInput {
    pub selling: bool,
    /// One value a line, or parted by semicolons.
    pub offered: String,
    pub months: String,
}

impl Terms {
    pub fn parse(input: &TermsInput) -> Result<Terms, CardError> {
        let mut wrongs = Vec::new();
        let mut offered = Vec::new();
        let pieces = input.offered.split(['\n', ';']).map(str::trim);
        for piece in pieces.filter(|piece| !piece.is_empty()) {
            match piece.parse::<Dong>() {
                Ok(value) if VALUES.contains(&value) => offered.push(value),
                Ok(_) => {
                    let (least, most) = (*VALUES.start(), *VALUES.end());
                    wrongs.push((Field::Offered, Wrong::Between { least, most }));
                }
                Err(_) => wrongs.push((Field::Offered, Wrong::Amount)),
            }
        }
        offered.sort_unstable();
        offered.dedup();
        if wrongs.is_empty() && (offered.is_empty() || offered.len() > MOST) {
            wrongs.push((Field::Offered, Wrong::Offered));
        }
        // One message a field.
        wrongs.truncate(1);
        let months = input.months.trim().parse().ok().filter(|months| MONTHS.contains(months));
        if months.is_none() {
            wrongs.push((Field::Months, Wrong::Months));
        }
        match months {
            Some(months) if wrongs.is_empty() => {
                Ok(Terms { selling: input.selling, offered: Offered(offered), months })
            }
            _ => Err(CardError::Fields(wrongs)),
        }
    }
}

#[derive(Debug, Clone)]
pub struct SaveTerms {
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub terms: Terms,
}

/// An owner says what is sold from now on; cards that are sold stay as they are.
pub async fn save_terms(tx: &mut Tx, command: SaveTerms) -> Result<(), CardError> {
    let SaveTerms { actor, workshop, terms } = command;
    actor.must_own(workshop)?;
    let row = columns! {
        selling: terms.selling,
        offered: terms.offered,
        months: terms.months,
        updated_at: tx.now(),
    };
    let key = columns! { workshop_id: workshop };
    if tx.update("gift_card_terms", row.clone(), key.clone()).await? == 0 {
        tx.insert("gift_card_terms", key.and(row)).await?;
    }
    let detail = json!({ "selling": terms.selling, "months": terms.months });
    audit::record(tx, &actor, "gift_card.terms", workshop, Some(workshop), detail).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(offered: &str, months: &str) -> TermsInput {
        TermsInput { selling: true, offered: offered.into(), months: months.into() }
    }

    #[test]
    fn values_are_read_sorted_and_bounded() {
        let terms = Terms::parse(&input("1.000.000\n300k; 500.000\n300000", "24")).unwrap();
        assert_eq!(terms.offered.0, [Dong(300_000), Dong(500_000), Dong(1_000_000)]);
        assert_eq!(terms.months, 24);
        for (offered, months, field) in [
            ("", "12", Field::Offered),
            ("much", "12", Field::Offered),
            ("1000", "12", Field::Offered),
            ("300000", "5", Field::Months),
            ("300000", "61", Field::Months),
            ("300000", "a year", Field::Months),
        ] {
            let Err(CardError::Fields(wrongs)) = Terms::parse(&input(offered, months)) else {
                panic!("{offered} {months}")
            };
            assert_eq!(wrongs.len(), 1, "{wrongs:?}");
            assert_eq!(wrongs[0].0, field);
        }
    }
}
