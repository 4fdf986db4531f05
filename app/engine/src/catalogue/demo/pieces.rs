//! The demo's pieces: a party in every state, made by the verbs that hosts and guests use.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::DemoError;
use super::bookings::answers;
use crate::accounts::Actor;
use crate::booking::checkin::{self, CheckIn};
use crate::booking::{self, Booking, BookingError, Confirm, Contact, FillIn, Hold};
use crate::catalogue::{Catalogue, UnitKind, Workshop};
use crate::clock::local_date;
use crate::craft::delivery::{AddressInput, TrackData, TrackInput, WishData, WishInput};
use crate::craft::{
    self, Choice, Choose, Deed, HandleParcel, MakingInput, MovePieces, NewPiece, Outcome,
    ParcelDeed, Piece, PlanLoad, Register, SaveMaking, StepInput, WishParcel,
};
use crate::resource;
use crate::schedule::{Slot, slots};
use crate::store::Tx;
use crate::{Locale, Localized, PieceId};

const FILE: (&str, &str) = ("pieces.toml", include_str!("../../../demo/pieces.toml"));
/// Days before today from which visits are looked for.
const BACK: i64 = 7;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PiecesFile {
    makings: Vec<MakingEntry>,
    parties: Vec<PartyEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MakingEntry {
    tours: Vec<String>,
    #[serde(default)]
    at_once: bool,
    #[serde(default)]
    steps: Vec<StepEntry>,
    litres: i32,
    grams: i32,
    #[serde(default)]
    materials: Vec<MaterialEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MaterialEntry {
    name: Localized,
    origin: Localized,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StepEntry {
    kind: String,
    days: i32,
    #[serde(default)]
    load: bool,
}

/// How far a party's pieces are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Until {
    Drying,
    Loaded,
    Second,
    Cracked,
    Again,
    Ready,
    Addressed,
    Posted,
    Handed,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartyEntry {
    workshop: String,
    /// The first of these that had a departure on some day since `past`.
    tours: Vec<String>,
    name: String,
    email: String,
    locale: Locale,
    pieces: Vec<String>,
    /// Days before today.
    past: i64,
    until: Until,
    #[serde(default)]
    pays: String,
    address: Option<AddressEntry>,
    #[serde(default)]
    carrier: String,
    #[serde(default)]
    tracking: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct AddressEntry {
    phone: String,
    country: String,
    street: String,
    ward: String,
    province: String,
    line1: String,
    city: String,
    postcode: String,
}

fn broken(reason: impl std::fmt::Display) -> DemoError {
    DemoError::File { file: FILE.0, reason: reason.to_string() }
}

/// Writes how pieces are finished; the catalogue's own data, without bookings.
pub(super) async fn makings(tx: &mut Tx, catalogue: &Catalogue) -> Result<(), DemoError> {
    let file: PiecesFile = toml::from_str(FILE.1).map_err(broken)?;
    for entry in &file.makings {
        let steps = entry.steps.iter().map(|step| StepInput {
            kind: step.kind.clone(),
            days: step.days.to_string(),
            load: step.load,
        });
        let input = MakingInput {
            way: if entry.at_once { "at_once" } else { "steps" }.into(),
            steps: steps.collect(),
            litres: entry.litres.to_string(),
            grams: entry.grams.to_string(),
            materials: entry
                .materials
                .iter()
                .map(|it| (it.name.clone(), it.origin.clone()))
                .collect(),
        };
        let making = input.parse().map_err(broken)?;
        for slug in &entry.tours {
            let tour = catalogue.tour_by_slug(slug);
            let tour = tour.ok_or_else(|| broken(format!("no tour {slug}")))?;
            let Some(option) = tour.options.first() else { continue };
            let save = SaveMaking {
                actor: Actor::System,
                option: option.id,
                making: making.clone(),
                of_tour: true,
            };
            craft::save_making(tx, save).await.map_err(broken)?;
        }
    }
    Ok(())
}

pub(super) async fn make(tx: &mut Tx, catalogue: &Arc<Catalogue>) -> Result<(), DemoError> {
    let file: PiecesFile = toml::from_str(FILE.1).map_err(broken)?;
    let now = tx.now();
    for (at, entry) in file.parties.iter().enumerate() {
        let workshop = catalogue.workshop_by_slug(&entry.workshop);
        let workshop = workshop.ok_or_else(|| broken(format!("no {}", entry.workshop)))?;
        let story = Story { catalogue, now, workshop, entry, key: format!("demo-piece-{at}") };
        if let Some((slot, booking)) = story.visit(tx).await? {
            story.tell(tx, &slot, &booking).await?;
        }
        tx.turn(now);
    }
    // Nobody is written to who does not exist.
    tx.execute("DELETE FROM outbox WHERE kind NOT IN ('sign_in', 'invitation')", vec![]).await?;
    Ok(())
}

struct Story<'a> {
    catalogue: &'a Arc<Catalogue>,
    now: DateTime<Utc>,
    workshop: &'a Workshop,
    entry: &'a PartyEntry,
    key: String,
}

impl Story<'_> {
    /// A visit of the party that is over; None where the workshop had no departure with room.
    async fn visit(&self, tx: &mut Tx) -> Result<Option<(Slot, Booking)>, DemoError> {
        let today = local_date(self.now);
        let from = today - TimeDelta::days(BACK);
        let all = slots::of_workshop(tx, self.workshop.id, from, today).await?;
        let wanted = today - TimeDelta::days(self.entry.past);
        let fits = |slot: &&Slot| {
            let tour = self.catalogue.tour(slot.tour_id);
            tour.is_some_and(|tour| self.entry.tours.contains(&tour.slug))
                && slot.ends_at <= self.now
                && !slot.is_run()
        };
        let mut fitting: Vec<&Slot> = all.iter().filter(fits).collect();
        fitting.sort_by_key(|slot| ((slot.local_date - wanted).num_days().abs(), slot.starts_at));
        for slot in fitting {
            if let Some(booking) = self.books(tx, slot).await? {
                return Ok(Some((slot.clone(), booking)));
            }
        }
        Ok(None)
    }

    async fn books(&self, tx: &mut Tx, slot: &Slot) -> Result<Option<Booking>, DemoError> {
        let Some((tour, option)) = self.catalogue.option(slot.option_id) else { return Ok(None) };
        let adult = option.open_units().find(|unit| unit.kind == UnitKind::Adult);
        let Some(adult) = adult else { return Ok(None) };
        tx.turn(slot.closes_at - TimeDelta::hours(20));
        let people =
            self.entry.pieces.len().clamp(1, 4).max(usize::try_from(tour.min_party).unwrap_or(1));
        let hold = Hold {
            residents: false,
            catalogue: Arc::clone(self.catalogue),
            slot: slot.id,
            wanted: vec![(adult.id, u32::try_from(people).unwrap_or(1))],
            locale: self.entry.locale,
            form_key: format!("{}-{}", self.key, slot.id),
            minutes: 15,
        };
        let held = match booking::hold(tx, hold).await {
            Ok(held) => held,
            Err(BookingError::Store(error)) => return Err(error.into()),
            Err(_) => return Ok(None),
        };
        let contact = Contact::parse(&self.entry.name, &self.entry.email, "", "");
        let fill_in = FillIn {
            catalogue: Arc::clone(self.catalogue),
            booking: held.id,
            contact: contact.map_err(|_| broken("no contact"))?,
            locale: self.entry.locale,
            answers: answers(tour, self.entry.locale)?,
        };
        booking::fill_in(tx, fill_in).await.map_err(broken)?;
        let confirm = Confirm { catalogue: Arc::clone(self.catalogue), booking: held.id };
        let booked = booking::confirm(tx, confirm).await.map_err(broken)?;
        if booked.state.kind() != booking::StateKind::Confirmed {
            return Ok(None);
        }
        tx.turn(slot.starts_at);
        let (actor, arrived) = (Actor::System, booked.people);
        let come = CheckIn { actor, booking: booked.id, arrived, at: None };
        checkin::check_in(tx, come).await.map_err(broken)?;
        Ok(Some(booked))
    }

    /// The story of the pieces, up to where the entry says.
    async fn tell(&self, tx: &mut Tx, slot: &Slot, booking: &Booking) -> Result<(), DemoError> {
        tx.turn(slot.ends_at);
        let new = |name: &String| NewPiece { name: name.clone(), ..NewPiece::default() };
        let register = Register {
            actor: Actor::System,
            booking: booking.id,
            pieces: self.entry.pieces.iter().map(new).collect(),
            form_key: self.key.clone(),
        };
        let pieces = craft::register(tx, register).await.map_err(broken)?;
        let Some(first) = pieces.first() else { return Ok(()) };
        let until = self.entry.until;
        if first.steps.0.is_empty() || until == Until::Drying {
            return Ok(());
        }
        if until == Until::Loaded {
            tx.turn(self.now);
            return self.load(tx, &pieces).await;
        }
        let hours = (self.now - slot.ends_at).num_hours().max(8);
        let steps = i64::try_from(first.steps.0.len()).unwrap_or(1);
        let mut left: Vec<Piece> = pieces;
        for at in 0..steps {
            tx.turn(slot.ends_at + TimeDelta::hours(hours * (at + 1) / (steps + 3)));
            let last_but_one = at + 1 == steps;
            if last_but_one && matches!(until, Until::Second) {
                break;
            }
            let cracks = last_but_one && matches!(until, Until::Cracked | Until::Again);
            left = self.step(tx, left, cracks).await?;
        }
        tx.turn(slot.ends_at + TimeDelta::hours(hours * (steps + 1) / (steps + 3)));
        if until == Until::Again {
            self.choose(tx, booking).await?;
        }
        if until == Until::Handed {
            self.moves(tx, &left, Deed::Collect).await?;
        }
        if matches!(until, Until::Addressed | Until::Posted) {
            self.sends(
                tx,
                &left,
                slot.ends_at + TimeDelta::hours(hours * (steps + 2) / (steps + 3)),
            )
            .await?;
        }
        Ok(())
    }

    /// One step for all; the last piece may crack in it. Answers those that are whole.
    async fn step(
        &self,
        tx: &mut Tx,
        mut pieces: Vec<Piece>,
        cracks: bool,
    ) -> Result<Vec<Piece>, DemoError> {
        if cracks && let Some(unlucky) = pieces.pop() {
            let lose = craft::Lose {
                actor: Actor::System,
                piece: unlucky.id,
                outcome: Outcome::Cracked,
                photo: None,
                note: String::new(),
            };
            craft::lose(tx, lose).await.map_err(broken)?;
        }
        self.moves(tx, &pieces, Deed::Next).await?;
        let ids: Vec<PieceId> = pieces.iter().map(|piece| piece.id).collect();
        Ok(craft::by_ids(tx, &ids).await?)
    }

    async fn moves(&self, tx: &mut Tx, pieces: &[Piece], deed: Deed) -> Result<(), DemoError> {
        let command = MovePieces {
            actor: Actor::System,
            workshop: self.workshop.id,
            pieces: pieces.iter().map(|piece| piece.id).collect(),
            deed,
        };
        craft::move_pieces(tx, command).await.map_err(broken)?;
        Ok(())
    }

    /// Into the second firing that has room: the next one may be tonight.
    async fn load(&self, tx: &mut Tx, pieces: &[Piece]) -> Result<(), DemoError> {
        let kind = pieces.first().and_then(Piece::next_firing);
        let litres: i32 = pieces.iter().map(|piece| piece.litres).sum();
        let chances = resource::chances(tx, self.workshop.id, self.now, 21).await?;
        let mut with_room = chances.into_iter().filter(|chance| chance.free >= litres);
        let chance = with_room.nth(1);
        let Some((kind, chance)) = kind.zip(chance) else { return Ok(()) };
        let plan = PlanLoad {
            actor: Actor::System,
            workshop: self.workshop.id,
            kiln: chance.kiln.id,
            stretch: chance.stretch,
            kind,
            pieces: pieces.iter().map(|piece| piece.id).collect(),
            note: String::new(),
        };
        craft::plan_load(tx, plan).await.map_err(broken)?;
        Ok(())
    }

    /// The guest of a cracked piece wants another one.
    async fn choose(&self, tx: &mut Tx, booking: &Booking) -> Result<(), DemoError> {
        let party = craft::party_of_booking(tx, booking.id).await?;
        let party = party.ok_or_else(|| broken("no party"))?;
        for piece in craft::pieces_of(tx, party.id).await? {
            if piece.state.is_broken() {
                let choice = Choice::New;
                let choose =
                    Choose { actor: Actor::Guest, party: party.id, piece: piece.id, choice };
                craft::choose(tx, choose).await.map_err(broken)?;
            }
        }
        Ok(())
    }

    async fn sends(
        &self,
        tx: &mut Tx,
        pieces: &[Piece],
        posted: DateTime<Utc>,
    ) -> Result<(), DemoError> {
        let (Some(first), Some(to)) = (pieces.first(), &self.entry.address) else { return Ok(()) };
        let input = WishInput {
            way: "post".into(),
            recipient: self.entry.name.clone(),
            address: AddressInput {
                phone: to.phone.clone(),
                country: to.country.clone(),
                street: to.street.clone(),
                ward: to.ward.clone(),
                province: to.province.clone(),
                line1: to.line1.clone(),
                city: to.city.clone(),
                postcode: to.postcode.clone(),
                ..AddressInput::default()
            },
            pays: self.entry.pays.clone(),
        };
        let wish = WishParcel {
            actor: Actor::Guest,
            party: first.party_id,
            data: WishData::parse(&input).map_err(broken)?,
            form_key: format!("{}-post", self.key),
        };
        let parcel = craft::wish(tx, wish).await.map_err(broken)?;
        if self.entry.until != Until::Posted {
            return Ok(());
        }
        let track = TrackInput {
            carrier: self.entry.carrier.clone(),
            tracking: self.entry.tracking.clone(),
        };
        let track = TrackData::parse(&track).map_err(broken)?;
        tx.turn(posted);
        for deed in [ParcelDeed::Cash, ParcelDeed::Pack, ParcelDeed::Post(track)] {
            let handle = HandleParcel { actor: Actor::System, parcel: parcel.id, deed };
            craft::handle_parcel(tx, handle).await.map_err(broken)?;
        }
        Ok(())
    }
}
