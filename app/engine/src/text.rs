//! Text as Vietnamese readers search, sort and link it.

use std::fmt::Write;

use unicode_normalization::UnicodeNormalization;

/// Longest slug, in characters.
const SLUG_LENGTH: usize = 80;

/// A text made ready for searching: lower case, without diacritics, single spaces.
///
/// "Bát Tràng" and "BAT  TRANG" both become "bat trang", typed precomposed or not.
/// Letters that decomposition leaves alone (đ, ø, ł, ß …) are replaced as well; other
/// scripts keep their marks.
pub fn fold(text: &str) -> String {
    let plain: String = text
        .nfkd()
        .flat_map(char::to_lowercase)
        .filter(|&c| !is_mark(c) && !is_invisible(c))
        .flat_map(|c| {
            let (first, second) = plain_letters(c);
            [Some(first), second].into_iter().flatten()
        })
        .nfc()
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether every word of a query occurs in a text that was folded before.
/// A query without words matches everything.
pub fn matches(haystack_folded: &str, query: &str) -> bool {
    fold(query).split(' ').all(|word| haystack_folded.contains(word))
}

/// A text as a part of an address: "Làng gốm Bát Tràng" becomes "lang-gom-bat-trang".
///
/// Only a–z, 0–9 and single hyphens, at most 80 characters, cut between words. Empty when
/// nothing of the text is left (a name in Korean, say): the caller needs a second choice.
pub fn slug(text: &str) -> String {
    let folded = fold(text);
    // An apostrophe joins (l'art, o'brien), anything else parts.
    let joined = folded.replace(['\'', '’', 'ʼ'], "");
    let mut slug = String::new();
    for word in joined.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()) {
        if slug.is_empty() {
            slug.push_str(&word[..word.len().min(SLUG_LENGTH)]);
        } else if slug.len() + 1 + word.len() <= SLUG_LENGTH {
            slug.push('-');
            slug.push_str(word);
        } else {
            break;
        }
    }
    slug
}

/// The same, or a word for what has no letters in its name.
pub fn slug_or(name: &str, otherwise: &str) -> String {
    match slug(name) {
        slug if slug.is_empty() => otherwise.to_owned(),
        slug => slug,
    }
}

/// The name a Vietnamese person is called by: the last word of the full name.
pub fn given_name(full_name: &str) -> &str {
    full_name.split_whitespace().next_back().unwrap_or_default()
}

/// A key that sorts full names as a Vietnamese list does: by given name, then family
/// name, then the names between.
///
/// Words are compared letter by letter (a ă â b c d đ e ê … o ô ơ … u ư …), and words of
/// the same letters by tone (ngang, huyền, hỏi, ngã, sắc, nặng). The key holds nothing but
/// a–z and 0–9, so that a database orders it alike under any collation. "Hoà" and "Hòa"
/// get the same key.
pub fn name_sort_key(full_name: &str) -> String {
    let mut words: Vec<&str> = full_name.split_whitespace().collect();
    let given = words.pop();
    given.into_iter().chain(words).map(word_key).collect()
}

/// Two or more characters a letter, `0` to end the letters, a digit for the tone.
/// A digit sorts before a letter, so the shorter of two words comes first.
fn word_key(word: &str) -> String {
    let mut key = String::new();
    let mut tone = '1';
    for c in word.nfkd().flat_map(char::to_lowercase) {
        match c {
            '\u{300}' => tone = '2',
            '\u{309}' => tone = '3',
            '\u{303}' => tone = '4',
            '\u{301}' => tone = '5',
            '\u{323}' => tone = '6',
            // Breve, circumflex and horn make a letter of their own; they follow the base
            // letter, perhaps with a dot below between.
            '\u{302}' if key.ends_with("a0") => mark_letter(&mut key, '2'),
            '\u{31b}' if key.ends_with("o0") => mark_letter(&mut key, '2'),
            '\u{306}' | '\u{302}' | '\u{31b}' => mark_letter(&mut key, '1'),
            'đ' => key.push_str("d1"),
            '0'..='9' => key.extend(['1', c]),
            _ if is_mark(c) || is_invisible(c) => {}
            _ => {
                let (first, second) = plain_letters(c);
                for letter in [Some(first), second].into_iter().flatten() {
                    if letter.is_ascii_lowercase() {
                        key.extend([letter, '0']);
                    } else if letter.is_alphanumeric() {
                        // Other scripts after z, in the order of Unicode.
                        // Writing to a String cannot fail.
                        let _ = write!(key, "z9{:06x}", u32::from(letter));
                    }
                }
            }
        }
    }
    key.extend(['0', tone]);
    key
}

/// Turns the letter just written, if it is unmarked, into one that follows it.
fn mark_letter(key: &mut String, variant: char) {
    let letter = key.as_bytes();
    if let [.., base, b'0'] = letter
        && base.is_ascii_lowercase()
    {
        key.pop();
        key.push(variant);
    }
}

/// Diacritics of the Latin letters, in their decomposed form.
fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// Characters that come along with pasted text and show nothing.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

/// The plain letters of a lower-case letter that does not decompose.
fn plain_letters(c: char) -> (char, Option<char>) {
    match c {
        'đ' | 'ð' => ('d', None),
        'ø' => ('o', None),
        'ł' => ('l', None),
        'ı' => ('i', None),
        'ß' => ('s', Some('s')),
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'þ' => ('t', Some('h')),
        _ => (c, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folding_takes_away_what_readers_do_not_type() {
        for (text, folded) in [
            ("Bát Tràng", "bat trang"),
            ("BÁT  TRÀNG\u{a0}", "bat trang"),
            ("Đình làng Chuông ở đâu?", "dinh lang chuong o dau?"),
            ("Nghệ nhân ưu tú Phùng Thị Hậu", "nghe nhan uu tu phung thi hau"),
            ("đĐ ăĂ âÂ êÊ ôÔ ơƠ ưƯ", "dd aa aa ee oo oo uu"),
            ("Ｂａｔ\u{200b} Tràng", "bat trang"),
            ("Straße Łódź Ærø İzmir", "strasse lodz aero izmir"),
            ("도자기 ガラス", "도자기 ガラス"),
            ("  ", ""),
        ] {
            assert_eq!(fold(text), folded);
            assert_eq!(fold(&text.nfd().collect::<String>()), folded, "decomposed {text}");
            assert_eq!(fold(&text.nfc().collect::<String>()), folded, "composed {text}");
        }
    }

    #[test]
    fn every_letter_of_the_vietnamese_alphabet_folds_to_ascii() {
        let tones = ["", "\u{300}", "\u{309}", "\u{303}", "\u{301}", "\u{323}"];
        for vowel in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY".chars() {
            for tone in tones {
                let letter: String = format!("{vowel}{tone}").nfc().collect();
                let folded = fold(&letter);
                assert!(folded.len() == 1 && folded.is_ascii(), "{letter} gave {folded}");
            }
        }
    }

    #[test]
    fn a_query_matches_by_all_its_words() {
        let village = fold("Làng gốm Bát Tràng, Hà Nội");
        for query in ["bat trang", "Trang BAT", "gốm", "gom noi", "tran", "", "  "] {
            assert!(matches(&village, query), "{query}");
        }
        for query in ["bat chuong", "lụa", "battrang"] {
            assert!(!matches(&village, query), "{query}");
        }
    }

    #[test]
    fn slugs_are_plain_addresses() {
        for (text, expected) in [
            ("Làng gốm Bát Tràng", "lang-gom-bat-trang"),
            (" Vẽ tranh (2 giờ) – trẻ em! ", "ve-tranh-2-gio-tre-em"),
            ("L'art de la laque", "lart-de-la-laque"),
            ("Đan/mây_tre", "dan-may-tre"),
            ("도자기", ""),
            ("", ""),
        ] {
            assert_eq!(slug(text), expected);
        }
        let long = slug(&"nghề ".repeat(40));
        assert!(long.len() <= SLUG_LENGTH && long.ends_with("-nghe"), "{long}");
        assert_eq!(slug(&"a".repeat(200)).len(), SLUG_LENGTH);
    }

    #[test]
    fn people_are_called_by_the_last_word() {
        assert_eq!(given_name("Nguyễn Thị Minh Châu"), "Châu");
        assert_eq!(given_name(" Hải "), "Hải");
        assert_eq!(given_name(""), "");
    }

    fn assert_sorted(names: &[&str]) {
        for pair in names.windows(2) {
            assert!(name_sort_key(pair[0]) < name_sort_key(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn letters_sort_in_the_vietnamese_order() {
        assert_sorted(&[
            "A", "Ă", "Â", "B", "C", "D", "Đ", "E", "Ê", "G", "H", "I", "K", "L", "M", "N", "O",
            "Ô", "Ơ", "P", "Q", "R", "S", "T", "U", "Ư", "V", "X", "Y", "Z", "김",
        ]);
        assert_sorted(&["Ma", "Mà", "Mả", "Mã", "Má", "Mạ", "Mai", "Măng", "Mân", "Mận"]);
    }

    #[test]
    fn names_sort_by_given_name_then_family_then_middle() {
        assert_sorted(&[
            "Nguyễn Văn An",
            "Trần An",
            "Lê Thị Ánh",
            "Bùi Ân",
            "Đặng Dung",
            "Đỗ Dung",
            "Phạm Đạt",
            "Vũ Hà",
            "Bùi Hạ",
            "Lê Minh Hạ",
            "Lê Quang Hạ",
            "Kim",
        ]);
        assert_sorted(&["Đoàn 1", "Đoàn 12", "Đoàn 2", "Đoàn A"]);
    }

    #[test]
    fn spelling_variants_share_a_key() {
        assert_eq!(name_sort_key("Lê Hoà"), name_sort_key(" LÊ  hòa"));
        let decomposed: String = "Lê Thị Mỵ Ậm".nfd().collect();
        assert_eq!(name_sort_key(&decomposed), name_sort_key("Lê Thị Mỵ Ậm"));
        assert_eq!(name_sort_key("O'Brien"), name_sort_key("OBrien"));
        assert_eq!(name_sort_key(""), "");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text: String) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn a_text_matches_each_of_its_own_words(text in "[\\PC ]{0,40}") {
            let folded = fold(&text);
            prop_assert!(text.split_whitespace().all(|word| matches(&folded, word)));
        }

        #[test]
        fn slugs_and_keys_are_plain(text: String) {
            let slug = slug(&text);
            prop_assert!(slug.len() <= SLUG_LENGTH && !slug.contains("--"));
            prop_assert!(!slug.starts_with('-') && !slug.ends_with('-'));
            prop_assert!(slug.bytes().all(|b| b == b'-' || b.is_ascii_digit() || b.is_ascii_lowercase()));
            let key = name_sort_key(&text);
            prop_assert!(key.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase()));
        }
    }
}
