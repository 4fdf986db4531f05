//! How the pieces of an option are finished: steps in order, from a closed list.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::error::{CraftError, Field, Wrong, number_of};
use super::material::{MaterialList, materials_of};
use crate::accounts::{Actor, audit};
use crate::store::{Conn, StoreError, Tx};
use crate::{Localized, OptionId, TourId, WorkshopId, columns, json_column, params, stored_enum};

stored_enum! {
    pub enum StepKind {
        Drying = "drying",
        Trimming = "trimming",
        BisqueFiring = "bisque_firing",
        Painting = "painting",
        Glazing = "glazing",
        GlazeFiring = "glaze_firing",
        /// Layers of ground under lacquer.
        Priming = "priming",
        Lacquering = "lacquering",
        Polishing = "polishing",
        Assembling = "assembling",
        /// Edges, feet, a last look.
        Finishing = "finishing",
    }
}

impl StepKind {
    /// Whether it is done in a kiln.
    pub const fn fires(self) -> bool {
        matches!(self, StepKind::BisqueFiring | StepKind::GlazeFiring)
    }

    /// Whether somebody works on it, so that closed days don't count.
    pub const fn by_hand(self) -> bool {
        !self.fires() && !matches!(self, StepKind::Drying)
    }
}

/// One step of a making.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub kind: StepKind,
    /// How long it takes; of a firing from lighting the kiln to taking the piece out.
    pub days: i32,
    /// It waits for a load of a kiln that is planned here.
    pub load: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StepList(pub Vec<Step>);

json_column!(StepList);

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Making {
    pub option_id: OptionId,
    pub at_once: bool,
    pub steps: StepList,
    pub litres: i32,
    pub grams: i32,
    pub updated_at: DateTime<Utc>,
    pub materials: MaterialList,
}

/// Steps of one making.
pub const MAX_STEPS: usize = 12;
pub(super) const LITRES: (i32, i32) = (1, 200);
pub(super) const GRAMS: (i32, i32) = (10, 20_000);
const DAYS: (i32, i32) = (0, 90);

/// A making as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MakingInput {
    /// "none", "at_once" or "steps".
    pub way: String,
    pub steps: Vec<StepInput>,
    pub litres: String,
    pub grams: String,
    /// Rows of name and origin.
    pub materials: Vec<(Localized, Localized)>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StepInput {
    pub kind: String,
    pub days: String,
    pub load: bool,
}

impl MakingInput {
    pub fn of(making: Option<&Making>) -> MakingInput {
        let Some(making) = making else {
            let (litres, grams) = ("2".to_owned(), "500".to_owned());
            let way = "none".to_owned();
            return MakingInput { way, litres, grams, ..MakingInput::default() };
        };
        let steps = making.steps.0.iter().map(|step| StepInput {
            kind: step.kind.to_string(),
            days: step.days.to_string(),
            load: step.load,
        });
        MakingInput {
            way: if making.at_once { "at_once" } else { "steps" }.into(),
            steps: steps.collect(),
            litres: making.litres.to_string(),
            grams: making.grams.to_string(),
            materials: making
                .materials
                .0
                .iter()
                .map(|it| (it.name.clone(), it.origin.clone()))
                .collect(),
        }
    }

    /// Reads it; None where nothing is made.
    pub fn parse(&self) -> Result<Option<MakingData>, CraftError> {
        if self.way == "none" {
            return Ok(None);
        }
        let mut wrongs = Vec::new();
        let at_once = self.way == "at_once";
        if !at_once && self.way != "steps" {
            wrongs.push((Field::Steps, Wrong::Choice));
        }
        let mut steps = Vec::new();
        for (row, input) in self.steps.iter().enumerate().filter(|_| !at_once) {
            let days = number_of(&input.days, Field::Days(row), DAYS, &mut wrongs);
            match StepKind::parse(&input.kind) {
                Some(kind) => {
                    steps.push(Step { kind, days, load: input.load && kind.fires() });
                }
                None => wrongs.push((Field::Kind(row), Wrong::Choice)),
            }
        }
        if !at_once && self.steps.is_empty() {
            wrongs.push((Field::Steps, Wrong::Missing));
        }
        if self.steps.len() > MAX_STEPS {
            wrongs.push((Field::Steps, Wrong::Order));
        }
        if let Some(row) = steps.windows(2).position(|two| two[0].kind == two[1].kind) {
            wrongs.push((Field::Kind(row + 1), Wrong::Order));
        }
        let litres = number_of(&self.litres, Field::Litres, LITRES, &mut wrongs);
        let grams = number_of(&self.grams, Field::Grams, GRAMS, &mut wrongs);
        let materials = materials_of(&self.materials, &mut wrongs);
        if !wrongs.is_empty() {
            return Err(CraftError::Fields(wrongs));
        }
        Ok(Some(MakingData { at_once, steps: StepList(steps), litres, grams, materials }))
    }
}

/// The same, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MakingData {
    pub at_once: bool,
    pub steps: StepList,
    pub litres: i32,
    pub grams: i32,
    pub materials: MaterialList,
}

#[derive(Debug, Clone)]
pub struct SaveMaking {
    pub actor: Actor,
    pub option: OptionId,
    /// None: nothing is made.
    pub making: Option<MakingData>,
    /// For the tour's other options as well.
    pub of_tour: bool,
}

/// Says how pieces are finished from now on; those that are made already keep their steps.
pub async fn save_making(tx: &mut Tx, command: SaveMaking) -> Result<(), CraftError> {
    let SaveMaking { actor, option, making, of_tour } = command;
    let (tour, workshop): (TourId, WorkshopId) = tx
        .fetch_optional(
            "SELECT tour.id, tour.workshop_id FROM tour_option \
             JOIN tour ON tour.id = tour_option.tour_id WHERE tour_option.id = $1",
            params![option],
        )
        .await?
        .ok_or(CraftError::Unknown)?;
    actor.must_own(workshop)?;
    let mut options = vec![option];
    if of_tour {
        let all: Vec<(OptionId,)> =
            tx.fetch_all("SELECT id FROM tour_option WHERE tour_id = $1", params![tour]).await?;
        options = all.into_iter().map(|(id,)| id).collect();
    }
    for option in options {
        tx.execute("DELETE FROM making WHERE option_id = $1", params![option]).await?;
        if let Some(making) = &making {
            let row = columns! {
                option_id: option,
                at_once: making.at_once,
                steps: making.steps,
                litres: making.litres,
                grams: making.grams,
                updated_at: tx.now(),
                materials: making.materials,
            };
            tx.insert("making", row).await?;
        }
    }
    let detail = json!({ "steps": making.map_or(0, |making| making.steps.0.len()) });
    audit::record(tx, &actor, "making.save", option, Some(workshop), detail).await?;
    Ok(())
}

pub async fn making_of(conn: &mut Conn, option: OptionId) -> Result<Option<Making>, StoreError> {
    conn.fetch_optional("SELECT * FROM making WHERE option_id = $1", params![option]).await
}

/// Those of a tour's options.
pub async fn makings_of(conn: &mut Conn, tour: TourId) -> Result<Vec<Making>, StoreError> {
    conn.fetch_all(
        "SELECT making.* FROM making JOIN tour_option ON tour_option.id = making.option_id \
         WHERE tour_option.tour_id = $1",
        params![tour],
    )
    .await
}
