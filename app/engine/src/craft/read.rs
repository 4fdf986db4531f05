//! Pieces as they are asked for.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;

use super::error::CraftError;
use super::making::StepKind;
use super::model::{Piece, PieceParty};
use super::step::Mark;
use crate::accounts::Actor;
use crate::provenance::{self, Record};
use crate::store::{Bind, Conn, StoreError, placeholders};
use crate::{
    BookingId, FiringId, OptionId, PieceId, PiecePartyId, PiecePhotoId, RecordId, WorkshopId,
    params,
};

/// Pieces of one list.
const MOST: i64 = 500;

pub async fn by_id(conn: &mut Conn, id: PieceId) -> Result<Option<Piece>, StoreError> {
    super::model::piece(conn, id).await
}

pub async fn by_ids(conn: &mut Conn, ids: &[PieceId]) -> Result<Vec<Piece>, StoreError> {
    let mut pieces: Vec<Piece> =
        conn.fetch_among(ids, |marks| format!("SELECT * FROM piece WHERE id IN ({marks})")).await?;
    pieces.sort_by_key(|piece| piece.number);
    Ok(pieces)
}

/// The piece behind a label's QR code.
pub async fn by_code(conn: &mut Conn, code: &str) -> Result<Option<Piece>, StoreError> {
    conn.fetch_optional("SELECT * FROM piece WHERE code = $1", params![*code]).await
}

/// The piece that a record vouches for.
pub async fn by_record(conn: &mut Conn, record: RecordId) -> Result<Option<Piece>, StoreError> {
    conn.fetch_optional("SELECT * FROM piece WHERE record_id = $1", params![record]).await
}

/// The piece that was made in place of this one.
pub async fn made_for(conn: &mut Conn, piece: PieceId) -> Result<Option<Piece>, StoreError> {
    conn.fetch_optional("SELECT * FROM piece WHERE replaces = $1 LIMIT 1", params![piece]).await
}

/// The records that vouch for these pieces.
pub async fn records_of(
    conn: &mut Conn,
    pieces: &[Piece],
) -> Result<HashMap<PieceId, Record>, StoreError> {
    let ids: Vec<RecordId> = pieces.iter().filter_map(|piece| piece.record_id).collect();
    let records = provenance::by_ids(conn, &ids).await?;
    let of = |record: &Record| pieces.iter().find(|piece| piece.record_id == Some(record.id));
    let pairs = records.into_iter().filter_map(|record| Some((of(&record)?.id, record)));
    Ok(pairs.collect())
}

/// These pieces, if all of them are the workshop's.
pub(super) async fn of_workshop(
    conn: &mut Conn,
    workshop: WorkshopId,
    ids: &[PieceId],
) -> Result<Vec<Piece>, CraftError> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let pieces = by_ids(conn, &ids).await?;
    if pieces.len() != ids.len() || pieces.iter().any(|piece| piece.workshop_id != workshop) {
        return Err(CraftError::Unknown);
    }
    Ok(pieces)
}

/// A piece by its number as people say it: "142", "bt 142", "BT-142".
pub async fn by_number(
    conn: &mut Conn,
    workshop: WorkshopId,
    said: &str,
) -> Result<Option<Piece>, StoreError> {
    let digits: String = said.chars().filter(char::is_ascii_digit).take(9).collect();
    let Ok(number) = digits.parse::<i32>() else { return Ok(None) };
    conn.fetch_optional(
        "SELECT * FROM piece WHERE workshop_id = $1 AND number = $2",
        params![workshop, number],
    )
    .await
}

/// All pieces that a workshop has: made, ready, or broken with a guest who has not chosen.
pub async fn in_house(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
) -> Result<Vec<Piece>, CraftError> {
    actor.must_serve(workshop)?;
    let pieces = conn
        .fetch_all(
            "SELECT * FROM piece WHERE workshop_id = $1 AND state IN ('making', 'ready') \
             ORDER BY promised_on, number LIMIT $2",
            params![workshop, MOST],
        )
        .await?;
    Ok(pieces)
}

pub async fn party_of(conn: &mut Conn, id: PiecePartyId) -> Result<Option<PieceParty>, StoreError> {
    conn.fetch_optional("SELECT * FROM piece_party WHERE id = $1", params![id]).await
}

pub async fn party_of_booking(
    conn: &mut Conn,
    booking: BookingId,
) -> Result<Option<PieceParty>, StoreError> {
    conn.fetch_optional("SELECT * FROM piece_party WHERE booking_id = $1", params![booking]).await
}

pub async fn party_of_secret(
    conn: &mut Conn,
    secret: &str,
) -> Result<Option<PieceParty>, StoreError> {
    conn.fetch_optional("SELECT * FROM piece_party WHERE secret = $1", params![*secret]).await
}

/// What somebody's link opens.
#[derive(Debug, Clone)]
pub enum Found {
    /// The party's own link: all they made, and what they may decide.
    Party(PieceParty),
    /// The code on one piece's label: its way, and nothing of whose it is.
    Piece(Box<Piece>),
}

impl Found {
    pub async fn of(conn: &mut Conn, secret: &str) -> Result<Option<Found>, StoreError> {
        if let Some(party) = party_of_secret(conn, secret).await? {
            return Ok(Some(Found::Party(party)));
        }
        let piece = by_code(conn, secret).await?;
        Ok(piece.map(|piece| Found::Piece(Box::new(piece))))
    }
}

pub async fn pieces_of(conn: &mut Conn, party: PiecePartyId) -> Result<Vec<Piece>, StoreError> {
    conn.fetch_all("SELECT * FROM piece WHERE party_id = $1 ORDER BY number", params![party]).await
}

/// Those of these bookings of which something is still on its way to its guest.
pub async fn underway(
    conn: &mut Conn,
    bookings: &[BookingId],
) -> Result<HashSet<BookingId>, StoreError> {
    let sql = |list: &str| {
        format!(
            "SELECT DISTINCT piece_party.booking_id FROM piece_party \
             JOIN piece ON piece.party_id = piece_party.id \
             WHERE piece.state IN ('making', 'ready', 'posted') AND piece_party.booking_id IN ({list})"
        )
    };
    let rows: Vec<(BookingId,)> = conn.fetch_among(bookings, sql).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Something that happened to a piece.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StepRow {
    pub piece_id: PieceId,
    pub at: DateTime<Utc>,
    pub mark: Mark,
    pub kind: Option<StepKind>,
    pub who: String,
    pub photo_id: Option<PiecePhotoId>,
    pub firing_id: Option<FiringId>,
    pub note: String,
}

/// What happened to these pieces, oldest first.
pub async fn history(
    conn: &mut Conn,
    pieces: &[PieceId],
) -> Result<HashMap<PieceId, Vec<StepRow>>, StoreError> {
    let rows: Vec<StepRow> = conn
        .fetch_among(pieces, |marks| {
            format!(
                "SELECT piece_id, at, mark, kind, who, photo_id, firing_id, note FROM piece_step \
                 WHERE piece_id IN ({marks}) ORDER BY at, version"
            )
        })
        .await?;
    let mut by_piece: HashMap<PieceId, Vec<StepRow>> = HashMap::new();
    for row in rows {
        by_piece.entry(row.piece_id).or_default().push(row);
    }
    Ok(by_piece)
}

/// What came out of a load that was fired.
pub async fn fired_in(
    conn: &mut Conn,
    firing: FiringId,
) -> Result<Vec<(Piece, StepRow)>, StoreError> {
    let rows: Vec<StepRow> = conn
        .fetch_all(
            "SELECT piece_id, at, mark, kind, who, photo_id, firing_id, note FROM piece_step \
             WHERE firing_id = $1 AND mark IN ('done', 'cracked', 'lost') ORDER BY at, version",
            params![firing],
        )
        .await?;
    let ids: Vec<PieceId> = rows.iter().map(|row| row.piece_id).collect();
    let pieces = by_ids(conn, &ids).await?;
    let row_of = |piece: &Piece| rows.iter().find(|row| row.piece_id == piece.id).cloned();
    Ok(pieces.into_iter().filter_map(|piece| row_of(&piece).map(|row| (piece, row))).collect())
}

/// Of a booking: how many pieces it has, where its option makes any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    pub pieces: i64,
}

/// Bookings on which something is made, with the pieces that are registered.
pub async fn counts_of_bookings(
    conn: &mut Conn,
    bookings: &[(BookingId, OptionId)],
) -> Result<HashMap<BookingId, Counted>, StoreError> {
    if bookings.is_empty() {
        return Ok(HashMap::new());
    }
    let mut options: Vec<OptionId> = bookings.iter().map(|(_, option)| *option).collect();
    options.sort_unstable();
    options.dedup();
    let marks = placeholders(1, options.len());
    let sql = format!("SELECT option_id FROM making WHERE option_id IN ({marks})");
    let making: Vec<(OptionId,)> =
        conn.fetch_all(AssertSqlSafe(sql), options.iter().map(Bind::bind).collect()).await?;
    let makes = |option: &OptionId| making.iter().any(|(id,)| id == option);
    let ids: Vec<BookingId> =
        bookings.iter().filter(|(_, option)| makes(option)).map(|(id, _)| *id).collect();
    let counts: Vec<(BookingId, i64)> = conn
        .fetch_among(&ids, |marks| {
            format!(
                "SELECT piece_party.booking_id, CAST(COUNT(*) AS BIGINT) AS n FROM piece \
                 JOIN piece_party ON piece_party.id = piece.party_id \
                 WHERE piece_party.booking_id IN ({marks}) GROUP BY piece_party.booking_id"
            )
        })
        .await?;
    let mut found: HashMap<BookingId, Counted> =
        ids.into_iter().map(|id| (id, Counted { pieces: 0 })).collect();
    for (id, pieces) in counts {
        found.insert(id, Counted { pieces });
    }
    Ok(found)
}
