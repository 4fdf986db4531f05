//! Things to have with a visit: an apron, more clay, the firing, lunch, posting, a pick-up.

use serde::{Deserialize, Serialize};

use crate::{Dong, ExtraId, Locale, Localized, json_column, stored_enum};

stored_enum! {
    /// What it is; also the key of its icon.
    pub enum ExtraKind {
        Apron = "apron",
        Material = "material",
        Firing = "firing",
        Posting = "posting",
        Meal = "meal",
        PickUp = "pick_up",
        Other = "other",
    }
}

stored_enum! {
    /// What one of it is for. A person takes at most one, a booking at most one, of pieces any number.
    pub enum Per { Person = "person", Booking = "booking", Piece = "piece" }
}

/// One thing that a tour offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extra {
    pub id: ExtraId,
    pub kind: ExtraKind,
    pub title: Localized,
    pub price: Dong,
    pub per: Per,
    /// Most of it that one booking may have, of pieces.
    pub most: u32,
}

impl Extra {
    /// Most of it that a party may have.
    pub fn most_for(&self, people: i32) -> u32 {
        match self.per {
            Per::Person => u32::try_from(people).unwrap_or(0),
            Per::Booking => 1,
            Per::Piece => self.most,
        }
    }
}

/// What a tour offers, in the host's order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Extras(pub Vec<Extra>);

/// So many of one thing, at the price of the day it was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtraLine {
    pub id: ExtraId,
    pub kind: ExtraKind,
    pub title: Localized,
    pub price: Dong,
    pub quantity: u32,
}

impl ExtraLine {
    pub fn amount(&self) -> Dong {
        self.price.times(self.quantity).unwrap_or(Dong(i64::MAX))
    }

    /// "Cơm trưa × 3".
    pub fn words(&self, locale: Locale) -> String {
        format!("{} × {}", self.title.text(locale), self.quantity)
    }
}

/// What a booking takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Taken(Vec<ExtraLine>);

json_column!(Extras, Taken);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExtraError {
    #[error("the tour does not offer it")]
    Unknown(ExtraId),
    #[error("at most {most} of it can be had")]
    TooMany { id: ExtraId, most: u32 },
}

impl Taken {
    /// Checks a wish against what the tour offers and the size of the party. What was taken before
    /// keeps its price unless it has become cheaper, and stays to be had, as much as there was, when
    /// the tour offers it no more.
    pub fn choose(
        offered: &Extras,
        before: &Taken,
        wanted: &[(ExtraId, u32)],
        people: i32,
    ) -> Result<Taken, ExtraError> {
        let mut lines = Vec::new();
        for &(id, quantity) in wanted.iter().filter(|(_, quantity)| *quantity > 0) {
            let had = before.0.iter().find(|line| line.id == id);
            let extra = offered.0.iter().find(|extra| extra.id == id);
            let most = match (extra, had) {
                (Some(extra), _) => extra.most_for(people),
                (None, Some(had)) => had.quantity,
                (None, None) => return Err(ExtraError::Unknown(id)),
            };
            if quantity > most {
                return Err(ExtraError::TooMany { id, most });
            }
            let fresh = extra.map(|extra| ExtraLine {
                id,
                kind: extra.kind,
                title: extra.title.clone(),
                price: extra.price,
                quantity,
            });
            let kept = had.map(|had| ExtraLine { quantity, ..had.clone() });
            let line = [kept, fresh].into_iter().flatten().min_by_key(|line| line.price);
            lines.extend(line);
        }
        Ok(Taken(lines))
    }

    /// The same for a party that has become smaller: nobody eats two lunches.
    #[must_use]
    pub fn for_people(mut self, offered: &Extras, people: i32) -> Taken {
        for line in &mut self.0 {
            let extra = offered.0.iter().find(|extra| extra.id == line.id);
            if let Some(extra) = extra.filter(|extra| extra.per == Per::Person) {
                line.quantity = line.quantity.min(extra.most_for(people));
            }
        }
        self.0.retain(|line| line.quantity > 0);
        self
    }

    pub fn lines(&self) -> &[ExtraLine] {
        &self.0
    }

    pub fn quantity(&self, id: ExtraId) -> u32 {
        self.0.iter().find(|line| line.id == id).map_or(0, |line| line.quantity)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn total(&self) -> Dong {
        self.0.iter().map(ExtraLine::amount).sum()
    }

    /// "Cơm trưa × 3, Tạp dề × 1".
    pub fn words(&self, locale: Locale) -> String {
        let lines: Vec<String> = self.0.iter().map(|line| line.words(locale)).collect();
        locale.writing().commas(&lines)
    }
}
