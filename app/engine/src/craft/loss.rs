//! A piece that cracked or got lost: its guest is told, and chooses what follows.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::error::{CraftError, Field, Wrong, note_of};
use super::fire::Outcome;
use super::making::making_of;
use super::model::{Piece, PieceParty, PieceState, piece};
use super::news::{News, What, calendar};
use super::photo::{PhotoData, keep};
use super::read::{party_of, pieces_of};
use super::register::{Row, insert};
use super::step::{Happening, Mark, take, told};
use super::terms::{numbers, terms_of};
use crate::accounts::{Actor, audit};
use crate::booking::query;
use crate::giftcard::{self, Give, GiveData, GiveInput};
use crate::store::{Conn, StoreError, Tx};
use crate::words::mail as words;
use crate::{Dong, GiftCardId, PieceId, PiecePartyId, WorkshopId, columns, params, stored_enum};

stored_enum! {
    pub enum Choice {
        /// The workshop makes another one for them.
        New = "new",
        Voucher = "voucher",
        /// Nothing more; the shards are theirs if they like.
        Nothing = "nothing",
    }
}

/// So long the guest has before the workshop is reminded of them.
pub(super) const PATIENCE: TimeDelta = TimeDelta::days(14);

/// A piece that did not come through.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Loss {
    pub piece_id: PieceId,
    pub asked_at: DateTime<Utc>,
    pub choice: Option<Choice>,
    pub chosen_at: Option<DateTime<Utc>>,
    pub chosen_by: String,
    pub card_id: Option<GiftCardId>,
    pub replacement_id: Option<PieceId>,
}

#[derive(Debug, Clone)]
pub struct Lose {
    pub actor: Actor,
    pub piece: PieceId,
    /// Cracked or lost.
    pub outcome: Outcome,
    pub photo: Option<PhotoData>,
    pub note: String,
}

/// A piece cracked while drying, fell down, can't be found: outside of a load.
pub async fn lose(tx: &mut Tx, command: Lose) -> Result<Piece, CraftError> {
    let Lose { actor, piece: id, outcome, photo, note } = command;
    let mut found = piece(tx, id).await?.ok_or(CraftError::Unknown)?;
    actor.must_serve(found.workshop_id)?;
    let mut wrongs = Vec::new();
    let note = note_of(&note, &mut wrongs);
    if !wrongs.is_empty() {
        return Err(CraftError::Fields(wrongs));
    }
    let mark = match outcome {
        Outcome::Cracked => Mark::Cracked,
        Outcome::Lost => Mark::Lost,
        Outcome::Whole => return Err(CraftError::State),
    };
    // What is in a load is told with the load.
    if found.firing_id.is_some() {
        return Err(CraftError::State);
    }
    let photo = match &photo {
        Some(photo) => Some(keep(tx, found.workshop_id, photo).await?),
        None => None,
    };
    take(tx, &mut found, Happening { photo, note: &note, ..Happening::of(mark, &actor) }).await?;
    let mut news = News::default();
    write_loss(tx, &mut found, &mut news).await?;
    news.send(tx).await?;
    let workshop = Some(found.workshop_id);
    let pieces = told(std::slice::from_ref(&found));
    audit::record(tx, &actor, "piece.lose", found.id, workshop, pieces).await?;
    Ok(found)
}

/// Asks the guest of a piece that has just cracked or got lost. It is in no parcel any more.
pub(super) async fn write_loss(
    tx: &mut Tx,
    piece: &mut Piece,
    news: &mut News,
) -> Result<(), CraftError> {
    if let Some(parcel) = piece.parcel_id.take() {
        let row = columns! { parcel_id: piece.parcel_id };
        tx.update_one("piece", row, columns! { id: piece.id }).await?;
        super::hand::reckon(tx, parcel).await?;
    }
    let row = columns! {
        piece_id: piece.id,
        workshop_id: piece.workshop_id,
        asked_at: tx.now(),
        chosen_by: *"",
    };
    tx.insert("piece_loss", row).await?;
    news.add(piece, if piece.state == PieceState::Lost { What::Lost } else { What::Cracked });
    Ok(())
}

#[derive(Debug, Clone)]
pub struct Choose {
    /// The guest, proven by the secret of their party, or somebody of the workshop for them.
    pub actor: Actor,
    pub party: PiecePartyId,
    pub piece: PieceId,
    pub choice: Choice,
}

/// Does what was chosen: makes the new piece, gives the voucher. Chosen is chosen.
pub async fn choose(tx: &mut Tx, command: Choose) -> Result<(), CraftError> {
    let Choose { actor, party, piece: id, choice } = command;
    let mut old = piece(tx, id).await?.ok_or(CraftError::Unknown)?;
    if old.party_id != party {
        return Err(CraftError::Unknown);
    }
    if actor != Actor::Guest {
        actor.must_serve(old.workshop_id)?;
    }
    let party = party_of(tx, party).await?.ok_or(CraftError::Unknown)?;
    let mine = tx
        .execute(
            "UPDATE piece_loss SET choice = $2, chosen_at = $3, chosen_by = $4 \
             WHERE piece_id = $1 AND choice IS NULL",
            params![id, choice, tx.now(), actor.label()],
        )
        .await?;
    if mine == 0 {
        return Err(CraftError::Changed);
    }
    let what = Happening { note: choice.word(), ..Happening::of(Mark::Chosen, &actor) };
    take(tx, &mut old, what).await?;
    let key = columns! { piece_id: id };
    match choice {
        Choice::New => {
            let made = make_again(tx, &actor, &old).await?;
            let row = columns! { replacement_id: Some(made) };
            tx.update_one("piece_loss", row, key).await?;
        }
        Choice::Voucher => {
            let card = give(tx, &party, &old).await?;
            tx.update_one("piece_loss", columns! { card_id: Some(card) }, key).await?;
        }
        Choice::Nothing => {}
    }
    let detail = json!({ "choice": choice, "piece": old.label });
    let workshop = Some(old.workshop_id);
    audit::record(tx, &actor, "piece.choose", old.id, workshop, detail).await?;
    Ok(())
}

/// Another piece, with a number of its own, that goes through all steps again. It joins what the
/// party has sent to it, as long as that is not packed.
async fn make_again(tx: &mut Tx, actor: &Actor, old: &Piece) -> Result<PieceId, CraftError> {
    let (prefix, number) = numbers(tx, old.workshop_id, 1).await?;
    let usual = making_of(tx, old.option_id).await?;
    let steps = match usual {
        // The steps may be other ones by now; those of the old piece are at least right for it.
        Some(making) if !making.at_once && old.steps.0.is_empty() => making.steps,
        _ => old.steps.clone(),
    };
    let row = Row {
        form_key: format!("again:{}", old.id),
        party: old.party_id,
        workshop: old.workshop_id,
        slot: old.slot_id,
        option: old.option_id,
        name: &old.name,
        litres: old.litres,
        grams: old.grams,
        steps,
        replaces: Some(old.id),
    };
    let mut made = insert(tx, row, (&prefix, number)).await?;
    take(tx, &mut made, Happening::of(Mark::Registered, actor)).await?;
    let calendar = calendar(tx, old.workshop_id).await?;
    let mut news = News::default();
    news.compare(tx, &calendar, &mut made).await?;
    super::hand::join(tx, &mut made).await?;
    Ok(made.id)
}

/// The workshop's voucher, in the guest's language.
async fn give(tx: &mut Tx, party: &PieceParty, old: &Piece) -> Result<GiftCardId, CraftError> {
    let value = terms_of(tx, old.workshop_id).await?.voucher;
    if value == Dong::ZERO {
        return Err(CraftError::Fields(vec![(Field::Choice, Wrong::Choice)]));
    }
    let booking = query::by_id(tx, party.booking_id).await?.ok_or(CraftError::Unknown)?;
    let input = GiveInput {
        value: value.0.to_string(),
        reason: old.label.clone(),
        name: booking.name.clone(),
        email: booking.email.clone(),
        words: words::piece_voucher_words(booking.locale, &old.label),
    };
    let give = Give {
        actor: Actor::System,
        workshop: old.workshop_id,
        data: GiveData::parse(&input)?,
        locale: booking.locale,
        form_key: format!("piece:{}", old.id),
    };
    Ok(giftcard::give(tx, give).await?.id)
}

/// What became of the broken pieces of a party, theirs to choose or chosen.
pub async fn losses_of(conn: &mut Conn, party: PiecePartyId) -> Result<Vec<Loss>, StoreError> {
    let pieces = pieces_of(conn, party).await?;
    let broken: Vec<PieceId> =
        pieces.iter().filter(|it| it.state.is_broken()).map(|it| it.id).collect();
    conn.fetch_among(&broken, |marks| {
        format!(
            "SELECT piece_id, asked_at, choice, chosen_at, chosen_by, card_id, replacement_id \
             FROM piece_loss WHERE piece_id IN ({marks})"
        )
    })
    .await
}

/// Broken pieces of a workshop whose guests have not chosen, longest waiting first.
pub async fn choices_open(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
) -> Result<Vec<Piece>, CraftError> {
    actor.must_serve(workshop)?;
    let pieces = conn
        .fetch_all(
            "SELECT piece.* FROM piece JOIN piece_loss ON piece_loss.piece_id = piece.id \
             WHERE piece_loss.workshop_id = $1 AND piece_loss.choice IS NULL \
             ORDER BY piece_loss.asked_at, piece.number LIMIT 100",
            params![workshop],
        )
        .await?;
    Ok(pieces)
}
