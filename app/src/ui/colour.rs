//! A colour that a host chose, and what has to be done so that words in it and on it can be read.

use std::fmt;

/// sRGB, eight bits a channel. Written as `b5482f`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Colour(u8, u8, u8);

/// Contrast that WCAG 2 asks of text (1.4.3, level AA).
pub const READABLE: f64 = 4.5;

/// What text stands on by day and by night: `--paper`, `--surface`, `--raised` and `--sunk` of
/// `style/tokens.css`.
const BY_DAY: [Colour; 4] = [
    Colour(0xfa, 0xf6, 0xee),
    Colour(0xff, 0xfd, 0xf9),
    Colour(0xff, 0xff, 0xff),
    Colour(0xf2, 0xeb, 0xde),
];
const BY_NIGHT: [Colour; 4] = [
    Colour(0x13, 0x16, 0x1e),
    Colour(0x1b, 0x1f, 0x2a),
    Colour(0x23, 0x28, 0x36),
    Colour(0x0f, 0x12, 0x19),
];

impl Colour {
    pub const BLACK: Colour = Colour(0, 0, 0);
    pub const WHITE: Colour = Colour(255, 255, 255);
    /// The site's own accent.
    pub const INDIGO: Colour = Colour(0x27, 0x45, 0x7f);

    /// Reads `RRGGBB`, also after a `#`, as colour fields send it.
    pub fn parse(text: &str) -> Option<Colour> {
        let digits = text.strip_prefix('#').unwrap_or(text);
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let [_, r, g, b] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Colour(r, g, b))
    }

    /// Relative luminance as WCAG defines it: 0 for black, 1 for white.
    pub fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let part = f64::from(channel) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// WCAG's contrast of two colours: 1 to 21.
    pub fn contrast(self, other: Colour) -> f64 {
        let (one, two) = (self.luminance() + 0.05, other.luminance() + 0.05);
        one.max(two) / one.min(two)
    }

    /// Black or white, whichever reads better on it. One of the two always reaches 4.58.
    pub fn ink(self) -> Colour {
        if self.contrast(Colour::WHITE) >= self.contrast(Colour::BLACK) {
            Colour::WHITE
        } else {
            Colour::BLACK
        }
    }

    /// `percent` of the way to another colour, channel by channel.
    pub fn towards(self, other: Colour, percent: u8) -> Colour {
        let percent = u16::from(percent.min(100));
        let mix = |from: u8, to: u8| {
            let sum = u16::from(from) * (100 - percent) + u16::from(to) * percent;
            u8::try_from((sum + 50) / 100).unwrap_or(u8::MAX)
        };
        Colour(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }

    /// The nearest on the way to `end` that reads on all `grounds`; `end` itself at the last.
    fn readable(self, grounds: &[Colour], end: Colour) -> Colour {
        let reads = |colour: &Colour| grounds.iter().all(|it| it.contrast(*colour) >= READABLE);
        (0..=100).map(|percent| self.towards(end, percent)).find(reads).unwrap_or(end)
    }

    pub fn palette(self) -> Palette {
        let ink = self.ink();
        Palette {
            fill: self,
            fill_strong: self
                .towards(if ink == Colour::WHITE { Colour::BLACK } else { Colour::WHITE }, 16),
            ink,
            by_day: Shades::of(self, BY_DAY, Colour::BLACK, 10),
            by_night: Shades::of(self, BY_NIGHT, Colour::WHITE, 18),
        }
    }
}

/// As in a style sheet: `#b5482f`.
impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// The accent in one of the two lights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shades {
    /// Words and lines.
    accent: Colour,
    /// Words that are pointed at.
    strong: Colour,
    /// The ground of what is chosen.
    tint: Colour,
}

impl Shades {
    fn of(colour: Colour, grounds: [Colour; 4], end: Colour, tint: u8) -> Self {
        let [paper, surface, raised, sunk] = grounds;
        let tint = surface.towards(colour, tint);
        let accent = colour.readable(&[paper, surface, raised, sunk, tint], end);
        Shades { accent, strong: accent.towards(end, 25), tint }
    }
}

/// What a chosen colour becomes: itself where it fills, shades of it where it is words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// The colour as it was chosen, under words in `ink`.
    fill: Colour,
    /// The same while it is pointed at; further from `ink`.
    fill_strong: Colour,
    ink: Colour,
    by_day: Shades,
    by_night: Shades,
}

impl Palette {
    /// Custom properties over those of the site's own sheet; `:host` is the root of a part that
    /// stands in another's page.
    pub fn style_sheet(&self) -> String {
        let Palette { fill, fill_strong, ink, by_day, by_night } = self;
        let both = |name: &str, of: fn(&Shades) -> Colour| {
            format!("  --{name}: light-dark({}, {});\n", of(by_day), of(by_night))
        };
        format!(
            ":root,\n:host {{\n  --fill: {fill};\n  --fill-strong: {fill_strong};\n  --fill-ink: {ink};\n\
             {}{}{}}}\n",
            both("accent", |shades| shades.accent),
            both("accent-strong", |shades| shades.strong),
            both("accent-tint", |shades| shades.tint),
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn six_hex_digits_are_a_colour() {
        assert_eq!(Colour::parse("b5482f"), Some(Colour(0xb5, 0x48, 0x2f)));
        assert_eq!(Colour::parse("#B5482F"), Colour::parse("b5482f"));
        for wrong in ["", "#", "b5482", "b5482ff", "b5482g", "##5482f", "+5482f", "đỏ", "red;}"]
        {
            assert_eq!(Colour::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Colour(1, 2, 0xab).to_string(), "#0102ab");
    }

    #[test]
    fn contrast_is_as_others_count_it() {
        let near = |one: f64, two: f64| (one - two).abs() < 0.01;
        assert!(near(Colour::WHITE.contrast(Colour::BLACK), 21.0));
        assert!(near(Colour::WHITE.contrast(Colour::WHITE), 1.0));
        // Known from WCAG's own examples: the lightest grey that passes on white.
        assert!(near(Colour(0x76, 0x76, 0x76).contrast(Colour::WHITE), 4.54));
        assert!(near(Colour(0xff, 0, 0).contrast(Colour::WHITE), 4.0));
    }

    #[test]
    fn words_on_a_bright_colour_are_black_and_on_a_dark_one_white() {
        assert_eq!(Colour::parse("ffd700").map(Colour::ink), Some(Colour::BLACK));
        assert_eq!(Colour::parse("b5482f").map(Colour::ink), Some(Colour::WHITE));
    }

    /// The grounds above are those of the style sheet.
    #[test]
    fn the_grounds_are_those_of_the_style_sheet() {
        let sheet = include_str!("../../../style/tokens.css");
        for (at, name) in ["paper", "surface", "raised", "sunk"].iter().enumerate() {
            let line = format!("--{name}: light-dark({}, {});", BY_DAY[at], BY_NIGHT[at]);
            assert!(sheet.contains(&line), "{line}");
        }
        let (_, accent) = sheet.split_once("--indigo: light-dark(").unwrap();
        assert!(accent.starts_with(&Colour::INDIGO.to_string()));
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_again(r: u8, g: u8, b: u8) {
            prop_assert_eq!(Colour::parse(&Colour(r, g, b).to_string()), Some(Colour(r, g, b)));
        }

        #[test]
        fn nothing_that_is_typed_breaks_it(text in ".{0,12}") {
            let _ = Colour::parse(&text);
        }

        #[test]
        fn contrast_has_no_sides_and_bounds(a: (u8, u8, u8), b: (u8, u8, u8)) {
            let (a, b) = (Colour(a.0, a.1, a.2), Colour(b.0, b.1, b.2));
            prop_assert!((a.contrast(b) - b.contrast(a)).abs() < 1e-12);
            prop_assert!((1.0..=21.0001).contains(&a.contrast(b)));
        }

        #[test]
        fn every_colour_can_be_read_by_day_and_by_night(r: u8, g: u8, b: u8) {
            let chosen = Colour(r, g, b);
            let palette = chosen.palette();
            prop_assert_eq!(palette.fill, chosen);
            prop_assert!(palette.fill.contrast(palette.ink) >= READABLE);
            prop_assert!(palette.fill_strong.contrast(palette.ink) >= READABLE);
            for (shades, grounds) in [(palette.by_day, BY_DAY), (palette.by_night, BY_NIGHT)] {
                for ground in grounds.into_iter().chain([shades.tint]) {
                    for words in [shades.accent, shades.strong] {
                        prop_assert!(
                            ground.contrast(words) >= READABLE,
                            "{} on {}: {}", words, ground, ground.contrast(words)
                        );
                    }
                }
            }
        }

        #[test]
        fn a_colour_that_reads_already_stays_as_it_is(r in 0u8..70, g in 0u8..70, b in 0u8..70) {
            prop_assert_eq!(Colour(r, g, b).palette().by_day.accent, Colour(r, g, b));
        }
    }
}
