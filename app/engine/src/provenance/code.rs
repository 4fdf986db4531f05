//! The code that is printed on a product: 16 characters of an alphabet of 31, so 79 random bits.

use crate::store::Tx;

const LENGTH: usize = 16;

pub(super) fn draw(tx: &mut Tx) -> String {
    tx.draw_code(LENGTH)
}

/// The code in what was typed or scanned: small letters, blanks and dashes anywhere, also a whole
/// address with the code at its end; None for what can be none.
pub fn code_in(text: &str) -> Option<String> {
    let path = text.trim().split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    let last = last.strip_suffix(".json").unwrap_or(last);
    let code: String = last.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let fits = code.len() == LENGTH && code.chars().all(|c| c.is_ascii_alphanumeric());
    fits.then(|| code.to_ascii_uppercase())
}

/// In four groups, as it is printed and read aloud.
pub fn spoken(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect()).collect::<Vec<String>>().join("-")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_is_read_from_paper_and_from_addresses() {
        let code = "7K2PABCDEFGHJKMN";
        assert_eq!(spoken(code), "7K2P-ABCD-EFGH-JKMN");
        for typed in [
            "7k2p abcd efgh jkmn",
            "7K2P-ABCD-EFGH-JKMN",
            "https://langnghe.example/p/7K2PABCDEFGHJKMN",
            "https://langnghe.example/vi/p/7K2PABCDEFGHJKMN/?a=b",
            "/p/7K2PABCDEFGHJKMN.json",
        ] {
            assert_eq!(code_in(typed).as_deref(), Some(code), "{typed}");
        }
        for typed in ["", "7K2P", "7K2PABCDEFGHJKMN2", "ỮỮỮỮỮỮỮỮỮỮỮỮỮỮỮỮ"]
        {
            assert_eq!(code_in(typed), None, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn anything_can_be_typed(text in "\\PC{0,60}") {
            let _ = code_in(&text);
        }
    }
}
