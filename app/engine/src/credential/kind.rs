//! Which credentials there are.

use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Type};

use crate::store::{Bind, Param};
use crate::stored_enum;

stored_enum! {
    pub enum MarkKind {
        /// Of an association's or co-op's members (nhãn hiệu tập thể).
        Collective = "collective_mark",
        /// Of whoever keeps to what its owner certifies (nhãn hiệu chứng nhận).
        Certification = "certification_mark",
        /// Of what comes from a place (chỉ dẫn địa lý).
        Indication = "geographical_indication",
    }
}

stored_enum! {
    pub enum TitleKind {
        Peoples = "peoples_artisan",
        Meritorious = "meritorious_artisan",
        Hanoi = "hanoi_artisan",
    }
}

stored_enum! {
    /// What the city recognises a village as.
    pub enum VillageKind {
        Traditional = "traditional_craft_village",
        Craft = "craft_village",
    }
}

stored_enum! {
    pub enum CheckKind {
        EnvironmentalPermit = "environmental_permit",
        EnvironmentalRegistration = "environmental_registration",
        Wastewater = "wastewater",
        CleanKiln = "clean_kiln",
        LabourSafety = "labour_safety",
        FireSafety = "fire_safety",
        FoodSafety = "food_safety",
    }
}

impl CheckKind {
    /// Whether it is about the environment, and not about people's safety.
    pub const fn is_environmental(self) -> bool {
        match self {
            CheckKind::EnvironmentalPermit
            | CheckKind::EnvironmentalRegistration
            | CheckKind::Wastewater
            | CheckKind::CleanKiln => true,
            CheckKind::LabourSafety | CheckKind::FireSafety | CheckKind::FoodSafety => false,
        }
    }
}

/// A kind of credential; one word in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Stars of a product, or of a tour as a service.
    Ocop,
    Mark(MarkKind),
    /// Leave to use a mark.
    Licence,
    Title(TitleKind),
    WorldCraftCity,
    Village(VillageKind),
    Check(CheckKind),
}

impl Kind {
    /// All of them, in the order in which they are shown.
    pub fn all() -> impl Iterator<Item = Kind> {
        [Kind::WorldCraftCity]
            .into_iter()
            .chain(VillageKind::ALL.iter().copied().map(Kind::Village))
            .chain([Kind::Ocop])
            .chain(TitleKind::ALL.iter().copied().map(Kind::Title))
            .chain(MarkKind::ALL.iter().copied().map(Kind::Mark))
            .chain([Kind::Licence])
            .chain(CheckKind::ALL.iter().copied().map(Kind::Check))
    }

    pub const fn word(self) -> &'static str {
        match self {
            Kind::Ocop => "ocop",
            Kind::Mark(mark) => mark.word(),
            Kind::Licence => "mark_licence",
            Kind::Title(title) => title.word(),
            Kind::WorldCraftCity => "world_craft_city",
            Kind::Village(village) => village.word(),
            Kind::Check(check) => check.word(),
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::all().find(|kind| kind.word() == word)
    }

    /// Its place among all.
    pub fn position(self) -> usize {
        Self::all().position(|kind| kind == self).unwrap_or(usize::MAX)
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

impl Bind for Kind {
    fn bind(&self) -> Param {
        Param::Text(Some(self.word().to_owned()))
    }
    fn null() -> Param {
        Param::Text(None)
    }
}

impl<DB: Database> Type<DB> for Kind
where
    String: Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        String::type_info()
    }
    fn compatible(kind: &DB::TypeInfo) -> bool {
        String::compatible(kind)
    }
}

impl<'r, DB: Database> Decode<'r, DB> for Kind
where
    String: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        let word = String::decode(value)?;
        Self::parse(&word).ok_or_else(|| format!("unknown Kind {word:?}").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_a_word_of_its_own() {
        let all: Vec<Kind> = Kind::all().collect();
        assert_eq!(all.len(), 18);
        for (at, kind) in all.iter().enumerate() {
            assert_eq!(Kind::parse(kind.word()), Some(*kind));
            assert_eq!(kind.position(), at);
        }
        assert_eq!(Kind::parse("six_stars"), None);
    }
}
