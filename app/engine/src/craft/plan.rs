//! Which pieces go into which firing: a proposal, made by a pure function.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::making::StepKind;
use crate::{PieceId, ResourceId, SlotId};

/// A piece that waits for a firing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    pub piece: PieceId,
    pub kind: StepKind,
    pub litres: i32,
    /// Dry by then.
    pub ready_on: NaiveDate,
    /// The promise holds if it is in a kiln by then.
    pub latest: NaiveDate,
    /// The visit on which it was made, which may have kept room.
    pub slot: SlotId,
}

/// A firing that could be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chance {
    pub kiln: ResourceId,
    pub starts_at: DateTime<Utc>,
    pub day: NaiveDate,
    pub capacity: i32,
    /// Litres that nobody has.
    pub free: i32,
    /// A load of this kind is planned in it: other temperatures have no place in it.
    pub planned: Option<StepKind>,
    /// Others fire it in any case, so that a few pieces are no waste.
    pub shared: bool,
}

/// Room that a visit kept in a firing, by its place in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    pub slot: SlotId,
    pub chance: usize,
    pub litres: i32,
}

/// A load as it is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub chance: usize,
    pub kind: StepKind,
    pub pieces: Vec<PieceId>,
    pub litres: i32,
}

/// A kiln is worth lighting from this part of its room on.
const WORTH: i32 = 3;

/// Loads for firings that have none, soonest first: in each the kind that fills it best, its most
/// urgent pieces first. A kiln is not lit for less than a third of its room, unless somebody fires it
/// anyway or the next firing would be too late for a promise.
///
/// `chances` are in order of time. What a visit kept counts as free for its own pieces, and for all
/// once one of them is placed: a load takes such room over.
pub fn propose(waiting: &[Waiting], chances: &[Chance], kept: &[Kept]) -> Vec<Proposal> {
    let mut left: Vec<Waiting> = waiting.to_vec();
    left.sort_by_key(|it| (it.latest, it.piece));
    let mut room = Room::new(chances, kept);
    let mut proposals = Vec::new();
    for (at, chance) in chances.iter().enumerate().filter(|(_, it)| it.planned.is_none()) {
        let kinds: HashSet<StepKind> = left.iter().map(|it| it.kind).collect();
        let mut best: Option<(Proposal, Room)> = None;
        for kind in StepKind::ALL.iter().filter(|kind| kinds.contains(kind)) {
            let mut after = room.clone();
            let ready = left.iter().filter(|it| it.kind == *kind && it.ready_on <= chance.day);
            let taken: Vec<&Waiting> = ready.filter(|it| after.take(at, it)).collect();
            let litres = taken.iter().map(|it| it.litres).sum();
            let too_late = |it: &Waiting| {
                let later = chances.iter().skip(at + 1);
                !later.into_iter().any(|next| next.day > chance.day && next.day <= it.latest)
            };
            let worth = chance.shared
                || litres >= chance.capacity / WORTH
                || taken.iter().any(|it| too_late(it));
            let fuller = best.as_ref().is_none_or(|(best, _)| litres > best.litres);
            if !taken.is_empty() && worth && fuller {
                let pieces = taken.iter().map(|it| it.piece).collect();
                best = Some((Proposal { chance: at, kind: *kind, pieces, litres }, after));
            }
        }
        if let Some((proposal, after)) = best {
            left.retain(|it| !proposal.pieces.contains(&it.piece));
            room = after;
            proposals.push(proposal);
        }
    }
    proposals
}

/// What is free in each firing, and what visits kept.
#[derive(Debug, Clone)]
struct Room {
    free: Vec<i32>,
    kept: HashMap<SlotId, Vec<(usize, i32)>>,
}

impl Room {
    fn new(chances: &[Chance], kept: &[Kept]) -> Self {
        let mut by_slot: HashMap<SlotId, Vec<(usize, i32)>> = HashMap::new();
        for it in kept.iter().filter(|it| it.chance < chances.len()) {
            by_slot.entry(it.slot).or_default().push((it.chance, it.litres));
        }
        Self { free: chances.iter().map(|it| it.free).collect(), kept: by_slot }
    }

    /// Puts a piece into a firing if it has room for it.
    fn take(&mut self, at: usize, piece: &Waiting) -> bool {
        let own = self.kept.get(&piece.slot).into_iter().flatten();
        let own: i32 = own.filter(|(chance, _)| *chance == at).map(|(_, litres)| litres).sum();
        let Some(free) = self.free.get(at) else { return false };
        if free + own < piece.litres {
            return false;
        }
        for (chance, litres) in self.kept.remove(&piece.slot).unwrap_or_default() {
            if let Some(free) = self.free.get_mut(chance) {
                *free += litres;
            }
        }
        if let Some(free) = self.free.get_mut(at) {
            *free -= piece.litres;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use chrono::{Days, TimeDelta};
    use proptest::prelude::*;

    use super::*;

    fn day(n: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + Days::new(n)
    }

    fn piece(n: u64, kind: StepKind, litres: i32, ready: u64, latest: u64) -> Waiting {
        let at = DateTime::UNIX_EPOCH + TimeDelta::seconds(i64::try_from(n).unwrap());
        Waiting {
            piece: PieceId::new(at),
            kind,
            litres,
            ready_on: day(ready),
            latest: day(latest),
            slot: SlotId::from(uuid::Uuid::from_u128(u128::from(n % 4))),
        }
    }

    fn chance(n: u64, capacity: i32, free: i32) -> Chance {
        let at = DateTime::UNIX_EPOCH + TimeDelta::days(i64::try_from(n).unwrap());
        let kiln = ResourceId::from(uuid::Uuid::from_u128(7));
        Chance { kiln, starts_at: at, day: day(n), capacity, free, planned: None, shared: false }
    }

    const BISQUE: StepKind = StepKind::BisqueFiring;
    const GLAZE: StepKind = StepKind::GlazeFiring;

    #[test]
    fn a_kiln_is_not_lit_for_one_cup_unless_it_must() {
        let chances = [chance(3, 30, 30), chance(6, 30, 30)];
        let calm = piece(1, BISQUE, 2, 0, 9);
        let loads = propose(&[calm], &chances, &[]);
        assert_eq!(
            loads.iter().map(|load| load.chance).collect::<Vec<_>>(),
            [1],
            "the last chance"
        );
        let hurried = piece(1, BISQUE, 2, 0, 4);
        assert_eq!(propose(&[hurried], &chances, &[])[0].chance, 0);
        let many: Vec<Waiting> = (0..5).map(|n| piece(n, BISQUE, 2, 0, 9)).collect();
        assert_eq!(propose(&many, &chances, &[])[0].litres, 10);
        let shared = [Chance { shared: true, ..chances[0] }, chances[1]];
        assert_eq!(propose(&[calm], &shared, &[])[0].chance, 0);
    }

    #[test]
    fn bisque_and_glaze_are_fired_apart() {
        let waiting =
            [piece(1, BISQUE, 9, 0, 9), piece(2, GLAZE, 12, 0, 9), piece(3, BISQUE, 9, 5, 9)];
        let loads = propose(&waiting, &[chance(3, 30, 30), chance(6, 30, 30)], &[]);
        let kinds: Vec<_> = loads.iter().map(|load| (load.kind, load.litres)).collect();
        assert_eq!(kinds, [(GLAZE, 12), (BISQUE, 18)]);
    }

    #[test]
    fn what_a_visit_kept_is_for_its_pieces() {
        let chances = [chance(3, 20, 0)];
        let waiting = [piece(1, BISQUE, 4, 0, 3), piece(2, BISQUE, 4, 0, 3)];
        assert!(propose(&waiting, &chances, &[]).is_empty());
        let kept = [Kept { slot: waiting[0].slot, chance: 0, litres: 4 }];
        let loads = propose(&waiting, &chances, &kept);
        assert_eq!(loads[0].pieces, [waiting[0].piece]);
    }

    proptest! {
        #[test]
        fn proposals_are_never_too_large(
            pieces in prop::collection::vec((0_u64..50, any::<bool>(), 1_i32..12, 0_u64..20, 0_u64..30), 0..40),
            firings in prop::collection::btree_map(0_u64..30, (1_i32..60, any::<bool>(), 0_u8..4), 0..10),
            kept in prop::collection::vec((0_u64..4, 0_usize..10, 1_i32..9), 0..4),
        ) {
            let waiting: Vec<Waiting> = pieces.iter().enumerate().map(|(at, (n, bisque, litres, ready, late))| {
                let kind = if *bisque { BISQUE } else { GLAZE };
                Waiting { ..piece(n + 100 * u64::try_from(at).unwrap(), kind, *litres, *ready, *late) }
            }).collect();
            let chances: Vec<Chance> = firings.iter().map(|(n, (capacity, shared, planned))| {
                let planned = (*planned == 0).then_some(GLAZE);
                Chance { shared: *shared, planned, ..chance(*n, *capacity, *capacity / 2) }
            }).collect();
            // What is kept is of what is not free.
            let mut room: Vec<i32> = chances.iter().map(|it| it.capacity - it.free).collect();
            let kept: Vec<Kept> = kept.into_iter().filter_map(|(slot, chance, litres)| {
                let left = room.get_mut(chance).filter(|left| **left >= litres)?;
                *left -= litres;
                Some(Kept { slot: SlotId::from(uuid::Uuid::from_u128(u128::from(slot))), chance, litres })
            }).collect();
            let loads = propose(&waiting, &chances, &kept);
            let mut seen = HashSet::new();
            let mut taken = HashSet::new();
            for load in &loads {
                let chance = chances[load.chance];
                prop_assert!(chance.planned.is_none() && taken.insert(load.chance));
                prop_assert!(load.litres <= chance.capacity && !load.pieces.is_empty());
                let of = |id| waiting.iter().find(|it| it.piece == id).unwrap();
                prop_assert_eq!(load.litres, load.pieces.iter().map(|id| of(*id).litres).sum::<i32>());
                for id in &load.pieces {
                    let it = of(*id);
                    prop_assert!(seen.insert(*id) && it.kind == load.kind && it.ready_on <= chance.day);
                }
            }
        }
    }
}
