//! A parcel on its way: packed, given to a carrier, arrived; or handed over.

use super::carrier::Carrier;
use super::error::{Field, ParcelError, Wrong, Wrongs};
use super::make::lock;
use super::model::{ParcelState, Way};
use crate::store::Tx;
use crate::{Dong, ParcelId, columns};

/// Longest number of a carrier.
const MAX_TRACKING: usize = 40;
const GRAMS: (i32, i32) = (1, 50_000);
const MAX_COST: Dong = Dong(50_000_000);

/// Who carries it under which number, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrackInput {
    pub carrier: String,
    pub tracking: String,
}

/// The same, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackData {
    carrier: Carrier,
    tracking: String,
}

impl TrackData {
    pub fn parse(input: &TrackInput) -> Result<TrackData, ParcelError> {
        let mut wrongs = Wrongs::new();
        let carrier = Carrier::parse(&input.carrier);
        if carrier.is_none() {
            wrongs.push((Field::Carrier, Wrong::Missing));
        }
        let plain = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '.');
        let tracking: String = input.tracking.chars().filter(plain).collect();
        let tracking = tracking.to_uppercase();
        if !tracking.chars().all(|c| c.is_ascii_alphanumeric()) {
            wrongs.push((Field::Tracking, Wrong::Choice));
        } else if tracking.len() > MAX_TRACKING {
            wrongs.push((Field::Tracking, Wrong::TooLong { max: MAX_TRACKING }));
        } else if tracking.is_empty() && carrier.is_some_and(|it| it != Carrier::Other) {
            wrongs.push((Field::Tracking, Wrong::Missing));
        }
        match carrier {
            Some(carrier) if wrongs.is_empty() => Ok(TrackData { carrier, tracking }),
            _ => Err(ParcelError::Fields(wrongs)),
        }
    }
}

/// What it weighs and costs, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PostInput {
    pub grams: String,
    pub cost: String,
}

/// The same, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostData {
    grams: i32,
    cost: Dong,
}

impl PostData {
    pub fn parse(input: &PostInput) -> Result<PostData, ParcelError> {
        let (min, max) = GRAMS;
        let grams = input.grams.trim().parse().ok().filter(|it| (min..=max).contains(it));
        let cost: Option<Dong> = input.cost.parse().ok().filter(|cost| *cost <= MAX_COST);
        let mut wrongs = Vec::new();
        if grams.is_none() {
            wrongs.push((Field::Grams, Wrong::Number { min, max }));
        }
        if cost.is_none() {
            wrongs.push((Field::Cost, Wrong::Amount));
        }
        grams
            .zip(cost)
            .map(|(grams, cost)| PostData { grams, cost })
            .ok_or(ParcelError::Fields(wrongs))
    }
}

pub(crate) async fn pack(tx: &mut Tx, id: ParcelId) -> Result<(), ParcelError> {
    let old = lock(tx, id).await?;
    if old.state != ParcelState::Open || old.way != Way::Post {
        return Err(ParcelError::State);
    }
    let row = columns! { state: ParcelState::Packed, packed_at: Some(tx.now()) };
    tx.update_one("parcel", row, columns! { id: id }).await?;
    Ok(())
}

pub(crate) async fn unpack(tx: &mut Tx, id: ParcelId) -> Result<(), ParcelError> {
    if lock(tx, id).await?.state != ParcelState::Packed {
        return Err(ParcelError::State);
    }
    tx.update_one("parcel", columns! { state: ParcelState::Open }, columns! { id: id }).await?;
    Ok(())
}

/// Given to a carrier.
pub(crate) async fn post(tx: &mut Tx, id: ParcelId, data: TrackData) -> Result<(), ParcelError> {
    if lock(tx, id).await?.state != ParcelState::Packed {
        return Err(ParcelError::State);
    }
    let row = columns! {
        state: ParcelState::Posted,
        carrier: Some(data.carrier),
        tracking: data.tracking,
        posted_at: Some(tx.now()),
    };
    tx.update_one("parcel", row, columns! { id: id }).await?;
    Ok(())
}

pub(crate) async fn arrive(tx: &mut Tx, id: ParcelId) -> Result<(), ParcelError> {
    if lock(tx, id).await?.state != ParcelState::Posted {
        return Err(ParcelError::State);
    }
    arrived(tx, id).await
}

/// Its recipient came for all of it.
pub(crate) async fn hand_over(tx: &mut Tx, id: ParcelId) -> Result<(), ParcelError> {
    let old = lock(tx, id).await?;
    if !matches!(old.state, ParcelState::Open | ParcelState::Packed) {
        return Err(ParcelError::State);
    }
    arrived(tx, id).await
}

async fn arrived(tx: &mut Tx, id: ParcelId) -> Result<(), ParcelError> {
    let row = columns! { state: ParcelState::Arrived, arrived_at: Some(tx.now()) };
    tx.update_one("parcel", row, columns! { id: id }).await?;
    Ok(())
}

/// The workshop weighed it, or asks another cost than its table. What is paid is paid.
pub(crate) async fn price(tx: &mut Tx, id: ParcelId, data: PostData) -> Result<(), ParcelError> {
    let old = lock(tx, id).await?;
    if !matches!(old.state, ParcelState::Open | ParcelState::Packed) {
        return Err(ParcelError::State);
    }
    if old.paid > Dong::ZERO && data.cost != old.cost {
        return Err(ParcelError::Paid);
    }
    let row = columns! { grams: data.grams, cost: data.cost };
    tx.update_one("parcel", row, columns! { id: id }).await?;
    Ok(())
}
