//! What is measured: a closed list, so that the same word means the same everywhere.

use crate::stored_enum;

stored_enum! {
    #[derive(PartialOrd, Ord)]
    pub enum Measure {
        /// Share of the clay that is mixed and used again.
        ClayReclaimed = "clay_reclaimed",
        /// Energy of the kilns for a piece.
        KilnEnergy = "kiln_energy",
        /// What the kiln is mostly fired with.
        KilnFuel = "kiln_fuel",
        /// Share of the electricity that comes from the workshop's own panels.
        SolarPower = "solar_power",
        /// Share of guests who came together or by public transport.
        SharedTransport = "shared_transport",
        /// Whether guests meet no single-use plastic.
        PlasticFree = "plastic_free",
        /// Share of the colour that plants, insects and earths give.
        NaturalDyes = "natural_dyes",
        /// Whether waste water is treated before it leaves.
        WasteWater = "waste_water",
        /// Share of the materials that come from near.
        LocalMaterials = "local_materials",
        /// Scraps that another workshop goes on with.
        ScrapsGiven = "scraps_given",
    }
}

/// In what a measure is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Percent,
    KwhPerPiece,
    KgPerMonth,
    /// One of [`Fuel`].
    Fuel,
    YesNo,
}

stored_enum! {
    pub enum Fuel { Electric = "electric", Gas = "gas", Wood = "wood", Coal = "coal" }
}

stored_enum! {
    /// How a figure is known.
    pub enum Known {
        Metered = "metered",
        Counted = "counted",
        Invoices = "invoices",
        Estimated = "estimated",
    }
}

impl Measure {
    pub const fn unit(self) -> Unit {
        match self {
            Measure::ClayReclaimed
            | Measure::SolarPower
            | Measure::SharedTransport
            | Measure::NaturalDyes
            | Measure::LocalMaterials => Unit::Percent,
            Measure::KilnEnergy => Unit::KwhPerPiece,
            Measure::ScrapsGiven => Unit::KgPerMonth,
            Measure::KilnFuel => Unit::Fuel,
            Measure::PlasticFree | Measure::WasteWater => Unit::YesNo,
        }
    }

    /// Whether it is a number, which is known once its time is over. The others tell what is done,
    /// from the day on which it is said.
    pub const fn is_number(self) -> bool {
        match self.unit() {
            Unit::Percent | Unit::KwhPerPiece | Unit::KgPerMonth => true,
            Unit::Fuel | Unit::YesNo => false,
        }
    }

    /// Whether it may be told of one tour; the others are of a workshop as a whole.
    pub const fn of_tours(self) -> bool {
        matches!(
            self,
            Measure::SharedTransport
                | Measure::PlasticFree
                | Measure::NaturalDyes
                | Measure::LocalMaterials
        )
    }

    /// Whether the program can reckon it from what it knows.
    pub const fn is_reckoned(self) -> bool {
        matches!(self, Measure::KilnEnergy | Measure::SharedTransport)
    }
}

impl Unit {
    /// The largest number of this unit; more is a slip of the finger.
    pub const fn most(self) -> i64 {
        match self {
            Unit::Percent => 100,
            Unit::KwhPerPiece => 1_000,
            Unit::KgPerMonth => 100_000,
            Unit::Fuel | Unit::YesNo => 0,
        }
    }
}
