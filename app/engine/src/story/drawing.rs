//! The site's own drawings of the steps of a craft: they stand where a host has no picture yet.

use std::fmt;

use crate::catalogue::Craft;

/// How many steps of a craft are drawn; see `app/assets/process/`.
const SETS: &[(Craft, u8)] = &[
    (Craft::Pottery, 6),
    (Craft::Silk, 6),
    (Craft::Rattan, 5),
    (Craft::Lacquer, 6),
    (Craft::Wood, 5),
    (Craft::Incense, 5),
    (Craft::Hat, 5),
    (Craft::Embroidery, 4),
    (Craft::Inlay, 4),
    (Craft::Dragonfly, 4),
];

/// One drawing: "pottery-3".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drawing {
    craft: Craft,
    number: u8,
}

impl Drawing {
    /// All of a craft, in the order of the work; none where nobody has drawn it.
    pub fn of(craft: Craft) -> impl Iterator<Item = Drawing> {
        let count = SETS.iter().find(|(drawn, _)| *drawn == craft).map_or(0, |(_, count)| *count);
        (1..=count).map(move |number| Drawing { craft, number })
    }

    pub fn parse(word: &str) -> Option<Drawing> {
        let (craft, number) = word.rsplit_once('-')?;
        let (craft, number) = (Craft::parse(craft)?, number.parse::<u8>().ok()?);
        Self::of(craft).find(|drawing| drawing.number == number)
    }

    pub const fn craft(self) -> Craft {
        self.craft
    }

    pub const fn number(self) -> u8 {
        self.number
    }
}

impl fmt::Display for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.craft, self.number)
    }
}
