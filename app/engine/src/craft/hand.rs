//! Pieces on their way home: what is in a parcel, and what its way means for them.

use serde_json::json;

use super::delivery::{self, Carrier, Parcel, ParcelState, Pays, PostData, TrackData, WishData};
use super::error::CraftError;
use super::model::{Piece, PieceState};
use super::news::{News, What};
use super::read::{party_of, pieces_of};
use super::step::{Happening, Mark, take_all};
use crate::accounts::{Actor, audit};
use crate::store::{Conn, StoreError, Tx};
use crate::{ParcelId, PiecePartyId, columns, params};

#[derive(Debug, Clone)]
pub struct WishParcel {
    /// The guest, proven by the secret of their party, or somebody of the workshop for them.
    pub actor: Actor,
    pub party: PiecePartyId,
    pub data: WishData,
    /// Made with the form.
    pub form_key: String,
}

/// Says where the pieces go: all of the party's that are made or ready and in no parcel that is
/// packed. Said again it changes the parcel, until that is packed.
pub async fn wish(tx: &mut Tx, command: WishParcel) -> Result<Parcel, CraftError> {
    let WishParcel { actor, party, data, form_key } = command;
    let party = party_of(tx, party).await?.ok_or(CraftError::Unknown)?;
    if actor != Actor::Guest {
        actor.must_serve(party.workshop_id)?;
    }
    let open = open_parcel(tx, party.id).await?;
    let mut pieces = free_pieces(tx, party.id, open.as_ref()).await?;
    if pieces.is_empty() {
        return Err(CraftError::State);
    }
    let wanted = delivery::Wanted {
        workshop: party.workshop_id,
        what: labels(&pieces),
        grams: pieces.iter().map(|piece| piece.grams).sum(),
        data,
        form_key,
    };
    let parcel = match open {
        Some(parcel) => delivery::change(tx, parcel.id, wanted).await?,
        None => delivery::make(tx, wanted).await?,
    };
    for piece in &mut pieces {
        into(tx, piece, Some(parcel.id)).await?;
    }
    let detail = json!({ "pieces": parcel.what, "way": parcel.way });
    let workshop = Some(party.workshop_id);
    audit::record(tx, &actor, "parcel.wish", parcel.id, workshop, detail).await?;
    Ok(parcel)
}

/// Takes the wish back, as long as nothing is packed or paid.
pub async fn unwish(tx: &mut Tx, actor: Actor, party: PiecePartyId) -> Result<(), CraftError> {
    let party = party_of(tx, party).await?.ok_or(CraftError::Unknown)?;
    if actor != Actor::Guest {
        actor.must_serve(party.workshop_id)?;
    }
    let Some(parcel) = open_parcel(tx, party.id).await? else { return Ok(()) };
    delivery::cancel(tx, parcel.id).await?;
    let row = columns! { parcel_id: None::<ParcelId> };
    tx.update("piece", row, columns! { parcel_id: parcel.id }).await?;
    Ok(())
}

/// What is done with a parcel.
#[derive(Debug, Clone)]
pub enum ParcelDeed {
    Pack,
    Unpack,
    /// Given to a carrier, with its number.
    Post(TrackData),
    Arrive,
    /// The cost was paid in cash.
    Cash,
    /// What posting it costs, where the workshop knows better, and its weight.
    Price(PostData),
}

/// Somebody of the workshop does something with a parcel.
#[derive(Debug, Clone)]
pub struct HandleParcel {
    pub actor: Actor,
    pub parcel: ParcelId,
    pub deed: ParcelDeed,
}

/// Does it. Packing takes what is ready; the rest follows in a parcel of its own, free of charge.
/// Answers that parcel.
pub async fn handle_parcel(
    tx: &mut Tx,
    command: HandleParcel,
) -> Result<Option<ParcelId>, CraftError> {
    let HandleParcel { actor, parcel: id, deed } = command;
    let parcel = delivery::parcel(tx, id).await?.filter(|parcel| !parcel.of_order);
    let parcel = parcel.ok_or(CraftError::Unknown)?;
    actor.must_serve(parcel.workshop_id)?;
    let mut pieces = pieces_of_parcel(tx, id).await?;
    let mut news = News::default();
    let mut rest = None;
    let (verb, mark) = match deed {
        ParcelDeed::Pack => {
            rest = split(tx, &parcel, &mut pieces).await?;
            delivery::pack(tx, id).await?;
            ("parcel.pack", Some(Mark::Packed))
        }
        ParcelDeed::Unpack => {
            delivery::unpack(tx, id).await?;
            ("parcel.pack", Some(Mark::Unpacked))
        }
        ParcelDeed::Post(data) => {
            delivery::post(tx, id, data).await?;
            for piece in &pieces {
                news.add(piece, What::Posted);
            }
            ("parcel.post", Some(Mark::Posted))
        }
        ParcelDeed::Arrive => {
            delivery::arrive(tx, id).await?;
            ("parcel.arrive", Some(Mark::Arrived))
        }
        ParcelDeed::Cash => {
            delivery::take_cash(tx, &actor, id).await?;
            ("parcel.paid", None)
        }
        ParcelDeed::Price(data) => {
            delivery::price(tx, id, data).await?;
            ("parcel.price", None)
        }
    };
    if let Some(mark) = mark {
        let note = match mark {
            Mark::Posted => track_note(&delivery::parcel(tx, id).await?.unwrap_or(parcel.clone())),
            _ => String::new(),
        };
        let what = Happening { note: &note, ..Happening::of(mark, &actor) };
        let all = pieces.iter_mut().map(|piece| (piece, what.clone())).collect();
        take_all(tx, all).await?;
    }
    news.send(tx).await?;
    let detail = json!({ "pieces": parcel.what });
    audit::record(tx, &actor, verb, id, Some(parcel.workshop_id), detail).await?;
    Ok(rest)
}

/// "VNPost EE123456789VN", as the history keeps it.
fn track_note(parcel: &Parcel) -> String {
    let carrier = parcel.carrier.map_or("", Carrier::name);
    format!("{carrier} {}", parcel.tracking).trim().to_owned()
}

/// Leaves what is ready in the parcel; the rest goes to another one that follows it.
async fn split(
    tx: &mut Tx,
    parcel: &Parcel,
    pieces: &mut Vec<Piece>,
) -> Result<Option<ParcelId>, CraftError> {
    let (ready, mut later): (Vec<Piece>, Vec<Piece>) =
        pieces.drain(..).partition(|piece| piece.state == PieceState::Ready);
    if ready.is_empty() {
        return Err(CraftError::NotReady);
    }
    *pieces = ready;
    if later.is_empty() {
        return Ok(None);
    }
    let grams = later.iter().map(|piece| piece.grams).sum();
    let rest = delivery::follow(tx, parcel, (labels(&later), grams)).await?;
    for piece in &mut later {
        into(tx, piece, Some(rest)).await?;
    }
    let row = columns! { what: labels(pieces) };
    tx.update_one("parcel", row, columns! { id: parcel.id }).await?;
    Ok(Some(rest))
}

/// Pieces were handed over at the workshop. What was to be sent and is not any more needs no parcel.
pub(super) async fn collected(tx: &mut Tx, pieces: &mut [Piece]) -> Result<(), CraftError> {
    let mut parcels: Vec<ParcelId> = pieces.iter().filter_map(|piece| piece.parcel_id).collect();
    parcels.sort_unstable();
    parcels.dedup();
    for id in parcels {
        let left = pieces_of_parcel(tx, id).await?;
        if left.iter().all(|piece| piece.state == PieceState::Handed) {
            delivery::hand_over(tx, id).await?;
        } else {
            for piece in pieces.iter_mut().filter(|piece| piece.parcel_id == Some(id)) {
                into(tx, piece, None).await?;
            }
            reckon(tx, id).await?;
        }
    }
    Ok(())
}

/// A piece joins what its party has sent, as long as that is not packed.
pub(super) async fn join(tx: &mut Tx, piece: &mut Piece) -> Result<(), CraftError> {
    let Some(parcel) = open_parcel(tx, piece.party_id).await? else { return Ok(()) };
    into(tx, piece, Some(parcel.id)).await?;
    // The old piece's place: it costs its guest nothing more.
    let pieces = pieces_of_parcel(tx, parcel.id).await?;
    let row = columns! { what: labels(&pieces) };
    tx.update_one("parcel", row, columns! { id: parcel.id }).await?;
    Ok(())
}

/// After a piece left a parcel: what is in it, and what that weighs. One that has become empty
/// is called off.
pub(super) async fn reckon(tx: &mut Tx, parcel: ParcelId) -> Result<(), CraftError> {
    let pieces = pieces_of_parcel(tx, parcel).await?;
    let grams = pieces.iter().map(|piece| piece.grams).sum();
    delivery::weigh(tx, parcel, labels(&pieces), grams).await?;
    Ok(())
}

async fn into(tx: &mut Tx, piece: &mut Piece, parcel: Option<ParcelId>) -> Result<(), StoreError> {
    if piece.parcel_id == parcel {
        return Ok(());
    }
    piece.parcel_id = parcel;
    let row = columns! { parcel_id: parcel };
    tx.update_one("piece", row, columns! { id: piece.id }).await
}

fn labels(pieces: &[Piece]) -> String {
    let labels: Vec<&str> = pieces.iter().map(|piece| piece.label.as_str()).collect();
    labels.join(", ")
}

/// The party's parcel that may still be changed.
async fn open_parcel(conn: &mut Conn, party: PiecePartyId) -> Result<Option<Parcel>, StoreError> {
    let sql = "SELECT DISTINCT parcel.id FROM parcel JOIN piece ON piece.parcel_id = parcel.id \
               WHERE piece.party_id = $1 AND parcel.state = 'open'";
    let found: Vec<(ParcelId,)> = conn.fetch_all(sql, params![party]).await?;
    let ids: Vec<ParcelId> = found.into_iter().map(|(id,)| id).collect();
    Ok(delivery::parcels_by_ids(conn, &ids).await?.into_iter().next_back())
}

/// Pieces whose way home is not settled, and those of the open parcel.
async fn free_pieces(
    conn: &mut Conn,
    party: PiecePartyId,
    open: Option<&Parcel>,
) -> Result<Vec<Piece>, StoreError> {
    let open = open.map(|parcel| parcel.id);
    let mut pieces = pieces_of(conn, party).await?;
    pieces.retain(|piece| {
        piece.state.in_house() && (piece.parcel_id.is_none() || piece.parcel_id == open)
    });
    Ok(pieces)
}

pub async fn pieces_of_parcel(conn: &mut Conn, parcel: ParcelId) -> Result<Vec<Piece>, StoreError> {
    conn.fetch_all("SELECT * FROM piece WHERE parcel_id = $1 ORDER BY number", params![parcel])
        .await
}

/// Parcels that must have arrived by now are taken for arrived, with what is in them.
pub(super) async fn arrive_due(tx: &mut Tx) -> Result<usize, CraftError> {
    let due = delivery::long_posted(tx).await?;
    for id in &due {
        delivery::arrive(tx, *id).await?;
        let mut pieces = pieces_of_parcel(tx, *id).await?;
        let what = Happening::of(Mark::Arrived, &Actor::System);
        let all = pieces.iter_mut().map(|piece| (piece, what.clone())).collect();
        take_all(tx, all).await?;
    }
    Ok(due.len())
}

/// What a guest's page says of a parcel whose cost is not settled.
pub fn owes(parcel: &Parcel) -> bool {
    parcel.pays != Pays::Free && parcel.state != ParcelState::Cancelled && !parcel.is_paid()
}
