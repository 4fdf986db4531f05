//! What a workshop promises beside the steps, and what it offers for a piece that cracked.

use serde_json::json;

use super::error::{CraftError, Field, Wrong, number_of};
use crate::accounts::{Actor, audit};
use crate::giftcard::VALUES;
use crate::store::{Conn, StoreError, Tx};
use crate::text::fold;
use crate::{Dong, Localized, WorkshopId, columns, params};

const MARGIN: (i32, i32) = (0, 60);

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PieceTerms {
    /// Before the number on the clay: "BT".
    pub prefix: String,
    /// Days more than the steps take.
    pub margin_days: i32,
    /// Offered for a cracked piece; none for 0.
    pub voucher: Dong,
}

/// As they were typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TermsInput {
    pub prefix: String,
    pub margin: String,
    pub voucher: String,
}

impl PieceTerms {
    pub fn parse(input: &TermsInput) -> Result<PieceTerms, CraftError> {
        let mut wrongs = Vec::new();
        let prefix = input.prefix.trim().to_ascii_uppercase();
        if !(2..=3).contains(&prefix.len()) || !prefix.bytes().all(|b| b.is_ascii_uppercase()) {
            wrongs.push((Field::Prefix, Wrong::Prefix));
        }
        let margin_days = number_of(&input.margin, Field::Margin, MARGIN, &mut wrongs);
        let typed = input.voucher.trim();
        let voucher = if typed.is_empty() { Some(Dong::ZERO) } else { typed.parse().ok() };
        let voucher = voucher.filter(|sum| *sum == Dong::ZERO || VALUES.contains(sum));
        if voucher.is_none() {
            let (least, most) = (*VALUES.start(), *VALUES.end());
            wrongs.push((Field::Voucher, Wrong::Between { least, most }));
        }
        match voucher {
            Some(voucher) if wrongs.is_empty() => Ok(PieceTerms { prefix, margin_days, voucher }),
            _ => Err(CraftError::Fields(wrongs)),
        }
    }
}

/// A workshop's terms; what is usual where it has said nothing.
pub async fn terms_of(conn: &mut Conn, workshop: WorkshopId) -> Result<PieceTerms, StoreError> {
    let found = conn
        .fetch_optional(
            "SELECT prefix, margin_days, voucher FROM piece_terms WHERE workshop_id = $1",
            params![workshop],
        )
        .await?;
    if let Some(terms) = found {
        return Ok(terms);
    }
    let village: Option<(Localized,)> = conn
        .fetch_optional(
            "SELECT village.name FROM village JOIN workshop ON workshop.village_id = village.id \
             WHERE workshop.id = $1",
            params![workshop],
        )
        .await?;
    let name = village.map(|(name,)| name.vi).unwrap_or_default();
    Ok(PieceTerms { prefix: initials(&name), margin_days: 5, voucher: Dong(200_000) })
}

/// "BT" of "Bát Tràng".
fn initials(name: &str) -> String {
    let folded = fold(name);
    let letters = folded.split_whitespace().filter_map(|word| word.chars().next());
    let letters = letters.filter(char::is_ascii_alphabetic).take(3);
    let initials: String = letters.map(|c| c.to_ascii_uppercase()).collect();
    if initials.len() < 2 { "LN".into() } else { initials }
}

/// So many numbers in a row, for pieces that are written on now; answers the first.
pub(super) async fn numbers(
    tx: &mut Tx,
    workshop: WorkshopId,
    count: i32,
) -> Result<(String, i32), StoreError> {
    let terms = terms_of(tx, workshop).await?;
    let row = columns! {
        workshop_id: workshop,
        prefix: terms.prefix,
        next_number: 1_i32,
        margin_days: terms.margin_days,
        voucher: terms.voucher,
        updated_at: tx.now(),
    };
    tx.insert_if_new("piece_terms", row).await?;
    let (prefix, next): (String, i32) = tx
        .fetch_one(
            "UPDATE piece_terms SET next_number = next_number + $2 WHERE workshop_id = $1 \
             RETURNING prefix, next_number",
            params![workshop, count],
        )
        .await?;
    Ok((prefix, next - count))
}

#[derive(Debug, Clone)]
pub struct SavePieceTerms {
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub terms: PieceTerms,
}

pub async fn save_terms(tx: &mut Tx, command: SavePieceTerms) -> Result<(), CraftError> {
    let SavePieceTerms { actor, workshop, terms } = command;
    actor.must_own(workshop)?;
    numbers(tx, workshop, 0).await?;
    let row = columns! {
        prefix: terms.prefix,
        margin_days: terms.margin_days,
        voucher: terms.voucher,
        updated_at: tx.now(),
    };
    tx.update_one("piece_terms", row, columns! { workshop_id: workshop }).await?;
    let detail = json!({ "prefix": terms.prefix, "amount": terms.voucher });
    audit::record(tx, &actor, "piece.terms", workshop, Some(workshop), detail).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_village_names_its_pieces() {
        assert_eq!(initials("Bát Tràng"), "BT");
        assert_eq!(initials("Đọi Tam Sơn Xa"), "DTS");
        assert_eq!(initials("X"), "LN");
    }
}
