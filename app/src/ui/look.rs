//! How a calendar looks in somebody else's page: what its address says of colour, ground, corners.

use super::colour::Colour;
use crate::api::form::Form;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    /// None: the site's own accent.
    pub colour: Option<Colour>,
    pub background: Background,
    pub corners: Corners,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Background {
    /// As the reader's device has it.
    #[default]
    Auto,
    Light,
    Dark,
}

impl Background {
    pub const ALL: [Background; 3] = [Background::Auto, Background::Light, Background::Dark];

    pub const fn code(self) -> &'static str {
        match self {
            Background::Auto => "auto",
            Background::Light => "light",
            Background::Dark => "dark",
        }
    }

    /// For `data-theme`, where it is not left to the device.
    pub fn theme(self) -> Option<&'static str> {
        (self != Background::Auto).then(|| self.code())
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Corners {
    #[default]
    Round,
    Square,
}

impl Corners {
    pub const ALL: [Corners; 2] = [Corners::Round, Corners::Square];

    pub const fn code(self) -> &'static str {
        match self {
            Corners::Round => "round",
            Corners::Square => "square",
        }
    }
}

impl Look {
    /// Reads the address. What is not understood is as if it were not there: nobody's page breaks
    /// for a typing error.
    pub fn of(form: &Form) -> Look {
        let background = form.text("background");
        let corners = form.text("corners");
        Look {
            colour: Colour::parse(form.text("colour")),
            background: Background::ALL
                .into_iter()
                .find(|one| one.code() == background)
                .unwrap_or_default(),
            corners: Corners::ALL.into_iter().find(|one| one.code() == corners).unwrap_or_default(),
        }
    }

    /// What an address has to say for it: nothing of what is usual anyway.
    pub fn pairs(self) -> Vec<(&'static str, String)> {
        let colour = self.colour.map(|colour| ("colour", plain(colour)));
        let background = self.background.theme().map(|theme| ("background", theme.to_owned()));
        let corners = (self.corners != Corners::default())
            .then(|| ("corners", self.corners.code().to_owned()));
        colour.into_iter().chain(background).chain(corners).collect()
    }

    /// The address of the colour's style sheet: pages that are kept for many guests can't carry
    /// one by nonce.
    pub fn style_sheet(self) -> Option<String> {
        self.colour.map(|colour| format!("/embed/look.css?colour={}", plain(colour)))
    }
}

/// Without the `#`, which an address would have to escape.
fn plain(colour: Colour) -> String {
    colour.to_string().trim_start_matches('#').to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_not_understood_is_as_usual() {
        let look = |query| Look::of(&Form::of_query(query));
        assert_eq!(look("colour=red&background=pink&corners=none"), Look::default());
        assert_eq!(
            look("colour=%23B5482F&background=dark&corners=square"),
            Look {
                colour: Colour::parse("b5482f"),
                background: Background::Dark,
                corners: Corners::Square,
            }
        );
        assert_eq!(Look::default().pairs(), []);
        assert_eq!(Look::default().style_sheet(), None);
    }

    proptest! {
        #[test]
        fn an_address_says_the_whole_look(rgb in "[0-9a-f]{6}", light in 0usize..3, edge in 0usize..2) {
            let look = Look {
                colour: Colour::parse(&rgb),
                background: Background::ALL[light],
                corners: Corners::ALL[edge],
            };
            let query = serde_html_form::to_string(look.pairs()).unwrap();
            prop_assert_eq!(Look::of(&Form::of_query(&query)), look);
        }
    }
}
