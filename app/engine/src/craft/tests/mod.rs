//! Stories of pieces, on both databases.

mod kilns;
mod parcels;
mod records;
mod stories;

use chrono::TimeDelta;
use uuid::Uuid;

use super::delivery::{AddressInput, Parcel, WishData, WishInput};
use super::*;
use crate::accounts::Actor;
use crate::booking::checkin::{CheckIn, check_in};
use crate::booking::testing::{Scene, Setup};
use crate::booking::{Booking, query};
use crate::clock::local_date;
use crate::mail::Letter;
use crate::resource::tests::stories::{Village, texts};
use crate::resource::{Chance, Resource, ResourceKind, WeekHours, chances};
use crate::store::Store;
use crate::{Dong, FiringId, Localized, ParcelId, PieceId};

/// A pottery with a kiln that is lit every day, of which its co-op has a share.
pub(crate) struct House {
    pub village: Village,
    pub scene: Scene,
    pub kiln: Resource,
}

fn vi(text: &str) -> Localized {
    Localized { vi: text.into(), en: String::new() }
}

pub(crate) fn pot_steps() -> Vec<StepInput> {
    let step =
        |kind: &str, days: &str| StepInput { kind: kind.into(), days: days.into(), load: true };
    vec![
        step("drying", "3"),
        step("bisque_firing", "1"),
        step("glazing", "1"),
        step("glaze_firing", "1"),
    ]
}

impl House {
    pub async fn new(store: &Store, litres: i32) -> House {
        let village = Village::new(store, Setup::default()).await;
        let texts = texts(ResourceKind::Kiln, litres, WeekHours::default());
        let kiln = village.shared(texts).await;
        let house = House { scene: village.one.clone(), village, kiln };
        house.makes(&house.scene, "steps", pot_steps()).await.unwrap();
        house
    }

    fn store(&self) -> &Store {
        &self.village.store
    }

    async fn makes(
        &self,
        scene: &Scene,
        way: &str,
        steps: Vec<StepInput>,
    ) -> Result<(), CraftError> {
        let input = MakingInput {
            way: way.into(),
            steps,
            litres: "2".into(),
            grams: "600".into(),
            materials: vec![(vi("Đất sét trắng"), vi("Trúc Thôn"))],
        };
        let save = SaveMaking {
            actor: scene.owner.clone(),
            option: scene.option,
            making: input.parse().unwrap(),
            of_tour: false,
        };
        self.store().write("making", save, |tx, c| Box::pin(save_making(tx, c))).await
    }

    /// A party that is here.
    async fn here(&self, scene: &Scene, adults: u32) -> Booking {
        let slot = scene.add_slot(TimeDelta::days(1)).await;
        let booking = scene.booked(slot, adults).await.unwrap();
        self.store().clock().advance(TimeDelta::days(1) + TimeDelta::hours(2));
        let (actor, arrived) = (Actor::System, booking.people);
        let come = CheckIn { actor, booking: booking.id, arrived, at: None };
        self.store().write("come", come, |tx, c| Box::pin(check_in(tx, c))).await.unwrap();
        scene.again(&booking).await
    }

    async fn registers(&self, scene: &Scene, booking: &Booking, n: usize) -> Vec<Piece> {
        self.tries(scene, booking, n, &scene.staff, Uuid::now_v7()).await.unwrap()
    }

    async fn tries(
        &self,
        _scene: &Scene,
        booking: &Booking,
        n: usize,
        actor: &Actor,
        key: Uuid,
    ) -> Result<Vec<Piece>, CraftError> {
        let register_it = Register {
            actor: actor.clone(),
            booking: booking.id,
            pieces: vec![NewPiece::default(); n],
            form_key: key.to_string(),
        };
        self.store().write("register", register_it, |tx, c| Box::pin(register(tx, c))).await
    }

    /// A party of so many with a piece each.
    async fn made(&self, n: u32) -> (Booking, Vec<Piece>) {
        let booking = self.here(&self.scene, n).await;
        let pieces = self.registers(&self.scene, &booking, usize::try_from(n).unwrap()).await;
        (booking, pieces)
    }

    async fn moves(&self, pieces: &[Piece], deed: Deed) -> Result<usize, CraftError> {
        let command = MovePieces {
            actor: self.scene.staff.clone(),
            workshop: self.scene.workshop,
            pieces: pieces.iter().map(|piece| piece.id).collect(),
            deed,
        };
        self.store().write("move", command, |tx, c| Box::pin(move_pieces(tx, c))).await
    }

    async fn chance(&self, scene: &Scene, ahead: usize) -> Chance {
        let mut conn = self.store().read().await.unwrap();
        let all = chances(&mut conn, scene.workshop, self.store().now(), 20).await.unwrap();
        all[ahead].clone()
    }

    async fn plans(
        &self,
        scene: &Scene,
        pieces: &[Piece],
        kind: StepKind,
        ahead: usize,
    ) -> Result<Firing, CraftError> {
        let chance = self.chance(scene, ahead).await;
        let command = PlanLoad {
            actor: scene.staff.clone(),
            workshop: scene.workshop,
            kiln: chance.kiln.id,
            stretch: chance.stretch,
            kind,
            pieces: pieces.iter().map(|piece| piece.id).collect(),
            note: String::new(),
        };
        self.store().write("plan", command, |tx, c| Box::pin(plan_load(tx, c))).await
    }

    async fn fires(&self, firing: FiringId, bad: &[PieceId]) -> Result<(), CraftError> {
        let mut conn = self.store().read().await.unwrap();
        let pieces = pieces_of_firing(&mut conn, firing).await.unwrap();
        drop(conn);
        let pieces = pieces.iter().map(|piece| {
            let cracked = bad.contains(&piece.id);
            let outcome = if cracked { Outcome::Cracked } else { Outcome::Whole };
            Fired { piece: piece.id, outcome, photo: None, note: String::new() }
        });
        let actor = self.scene.staff.clone();
        let command = Fire { actor, firing, pieces: pieces.collect() };
        self.store().write("fire", command, |tx, c| Box::pin(fire(tx, c))).await
    }

    /// Through both kilns, whole.
    async fn finishes(&self, pieces: &[Piece]) -> Vec<Piece> {
        for kind in [StepKind::BisqueFiring, StepKind::GlazeFiring] {
            let again = self.all(pieces).await;
            let load = self.plans(&self.scene, &again, kind, 1).await.unwrap();
            self.fires(load.id, &[]).await.unwrap();
            if kind == StepKind::BisqueFiring {
                self.moves(pieces, Deed::Next).await.unwrap();
            }
        }
        self.all(pieces).await
    }

    async fn all(&self, pieces: &[Piece]) -> Vec<Piece> {
        let ids: Vec<PieceId> = pieces.iter().map(|piece| piece.id).collect();
        let mut conn = self.store().read().await.unwrap();
        by_ids(&mut conn, &ids).await.unwrap()
    }

    async fn again(&self, piece: &Piece) -> Piece {
        self.all(std::slice::from_ref(piece)).await.remove(0)
    }

    async fn chooses(&self, piece: &Piece, choice: Choice) -> Result<(), CraftError> {
        let choose_it =
            Choose { actor: Actor::Guest, party: piece.party_id, piece: piece.id, choice };
        self.store().write("choose", choose_it, |tx, c| Box::pin(choose(tx, c))).await
    }

    async fn wishes(&self, piece: &Piece, input: &WishInput) -> Result<Parcel, CraftError> {
        let data = WishData::parse(input)?;
        let command = WishParcel {
            actor: Actor::Guest,
            party: piece.party_id,
            data,
            form_key: Uuid::now_v7().to_string(),
        };
        self.store().write("wish", command, |tx, c| Box::pin(wish(tx, c))).await
    }

    async fn handles(
        &self,
        parcel: ParcelId,
        deed: ParcelDeed,
    ) -> Result<Option<ParcelId>, CraftError> {
        let command = HandleParcel { actor: self.scene.staff.clone(), parcel, deed };
        self.store().write("handle", command, |tx, c| Box::pin(handle_parcel(tx, c))).await
    }

    async fn parcel(&self, id: ParcelId) -> Parcel {
        let mut conn = self.store().read().await.unwrap();
        delivery::parcel(&mut conn, id).await.unwrap().unwrap()
    }

    async fn works(&self) {
        let store = self.store();
        loop {
            let done = store.write("work", (), |tx, ()| Box::pin(async move { work(tx).await }));
            if done.await.unwrap() == 0 {
                return;
            }
        }
    }

    async fn history(&self, piece: &Piece) -> Vec<Mark> {
        let mut conn = self.store().read().await.unwrap();
        let mut all = history(&mut conn, &[piece.id]).await.unwrap();
        all.remove(&piece.id).unwrap_or_default().into_iter().map(|row| row.mark).collect()
    }
}

pub(super) fn to_paris(pays: &str) -> WishInput {
    WishInput {
        way: "post".into(),
        recipient: "Camille Lefèvre".into(),
        address: AddressInput {
            phone: "+33639980101".into(),
            country: "FR".into(),
            line1: "12 rue Oberkampf".into(),
            city: "Paris".into(),
            postcode: "75011".into(),
            ..AddressInput::default()
        },
        pays: pays.into(),
    }
}
