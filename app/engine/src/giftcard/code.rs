//! The code that spends a card: fifteen drawn characters without look-alikes and a check character,
//! read aloud in four groups of four. A slip of one character, or two neighbours in the wrong order, is
//! noticed before anybody looks a card up.

use crate::payment::check_character;
use crate::store::{Bind, Param, Tx};

const DRAWN: usize = 15;
const LENGTH: usize = DRAWN + 1;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, sqlx::Type)]
#[sqlx(transparent)]
pub struct CardCode(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a gift card's code")]
pub struct NotACardCode;

impl CardCode {
    pub(super) fn draw(tx: &mut Tx) -> Self {
        Self::of(&tx.draw_code(DRAWN))
    }

    fn of(drawn: &str) -> Self {
        let last = check_character(drawn.as_bytes()).unwrap_or(b'2');
        Self(format!("{drawn}{}", char::from(last)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// "7K2P-ABCD-EFGH-JKMN", as it is printed and read aloud.
    pub fn spoken(&self) -> String {
        let letters: Vec<char> = self.0.chars().collect();
        let groups = letters.chunks(4).map(|four| four.iter().collect::<String>());
        groups.collect::<Vec<_>>().join("-")
    }

    /// Its end, enough to know a card by and too little to spend it.
    pub fn hint(&self) -> String {
        format!("…{}", self.0.get(LENGTH - 4..).unwrap_or_default())
    }
}

impl std::str::FromStr for CardCode {
    type Err = NotACardCode;

    /// As people type it: small letters, spaces and dashes anywhere.
    fn from_str(text: &str) -> Result<Self, NotACardCode> {
        let kept = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '.'));
        let code: String = kept.take(LENGTH + 1).map(|c| c.to_ascii_uppercase()).collect();
        let (drawn, last) = code.split_at_checked(DRAWN).ok_or(NotACardCode)?;
        match check_character(drawn.as_bytes()) {
            Some(check) if last.as_bytes() == [check] => Ok(Self(code)),
            _ => Err(NotACardCode),
        }
    }
}

impl Bind for CardCode {
    fn bind(&self) -> Param {
        Param::Text(Some(self.0.clone()))
    }
    fn null() -> Param {
        Param::Text(None)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = CardCode::of("7K2PABCDEFGHJKM");
        let spoken = code.spoken();
        assert_eq!(spoken.len(), 19);
        for typed in [
            spoken.clone(),
            spoken.to_lowercase(),
            format!("  {} ", spoken.replace('-', " ")),
            code.as_str().to_owned(),
        ] {
            assert_eq!(typed.parse(), Ok(code.clone()), "{typed}");
        }
        for typed in
            ["", "7K2P", "7K2P-ABCD-EFGH-JKM0", &format!("{spoken}2"), "ữ".repeat(16).as_str()]
        {
            assert_eq!(typed.parse::<CardCode>(), Err(NotACardCode), "{typed}");
        }
        assert_eq!(code.hint().chars().count(), 5);
    }

    proptest! {
        #[test]
        fn a_slip_is_noticed(
            drawn in "[2-9A-HJKMNP-Z]{15}", at in 0_usize..16, other in "[2-9A-HJKMNP-Z]",
        ) {
            let code = CardCode::of(&drawn);
            let mut slip = code.0.clone();
            slip.replace_range(at..=at, &other);
            prop_assert_eq!(slip.parse::<CardCode>().is_ok(), slip == code.0);
            if at + 1 < DRAWN {
                let mut swapped = code.0.into_bytes();
                swapped.swap(at, at + 1);
                let same = swapped[at] == swapped[at + 1];
                let swapped = String::from_utf8(swapped).unwrap();
                prop_assert_eq!(swapped.parse::<CardCode>().is_ok(), same);
            }
        }

        #[test]
        fn anything_can_be_typed(text in "\\PC{0,60}") {
            let _ = text.parse::<CardCode>();
        }
    }
}
