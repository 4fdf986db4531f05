//! How countries write their postcodes: `9` is a digit, `A` a letter, anything else stands for itself.
//! Of a country that is not here any code is taken, and none is taken too.

/// Country, its patterns (the first is shown as an example), in the order of codes.
const PATTERNS: &[(&str, &[&str])] = &[
    ("AT", &["9999"]),
    ("AU", &["9999"]),
    ("BE", &["9999"]),
    ("BG", &["9999"]),
    ("BR", &["99999-999"]),
    ("CA", &["A9A 9A9"]),
    ("CH", &["9999"]),
    ("CN", &["999999"]),
    ("CZ", &["999 99"]),
    ("DE", &["99999"]),
    ("DK", &["9999"]),
    ("EE", &["99999"]),
    ("ES", &["99999"]),
    ("FI", &["99999"]),
    ("FR", &["99999"]),
    ("GB", &["AA9 9AA", "A9 9AA", "A99 9AA", "A9A 9AA", "AA99 9AA", "AA9A 9AA"]),
    ("GR", &["999 99"]),
    ("HR", &["99999"]),
    ("HU", &["9999"]),
    ("ID", &["99999"]),
    ("IL", &["9999999"]),
    ("IN", &["999999"]),
    ("IT", &["99999"]),
    ("JP", &["999-9999"]),
    ("KR", &["99999"]),
    ("LT", &["99999"]),
    ("LU", &["9999"]),
    ("LV", &["LV-9999"]),
    ("MC", &["99999"]),
    ("MX", &["99999"]),
    ("MY", &["99999"]),
    ("NC", &["99999"]),
    ("NL", &["9999 AA"]),
    ("NO", &["9999"]),
    ("NZ", &["9999"]),
    ("PF", &["99999"]),
    ("PH", &["9999"]),
    ("PL", &["99-999"]),
    ("PT", &["9999-999"]),
    ("RE", &["99999"]),
    ("RO", &["999999"]),
    ("RU", &["999999"]),
    ("SE", &["999 99"]),
    ("SG", &["999999"]),
    ("SI", &["9999"]),
    ("SK", &["999 99"]),
    ("TH", &["99999"]),
    ("TR", &["99999"]),
    ("TW", &["999", "99999", "999999"]),
    ("UA", &["99999"]),
    ("US", &["99999", "99999-9999"]),
    ("ZA", &["9999"]),
];

/// Countries that have none.
const NONE: &[&str] = &["AE", "AO", "BS", "HK", "JM", "MO", "QA", "UG", "ZW"];
/// Longest code of a country that has no pattern here.
const MAX: usize = 12;

/// A postcode as its country writes it. Letters, spaces and dashes are put right; what does not
/// fit is answered with an example.
pub(super) fn read(country: &str, typed: &str) -> Result<String, &'static str> {
    let plain: String =
        typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    let Ok(at) = PATTERNS.binary_search_by_key(&country, |(code, _)| code) else {
        if NONE.contains(&country) || plain.is_empty() {
            return Ok(String::new());
        }
        let kept = typed.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase();
        return if kept.len() <= MAX { Ok(kept) } else { Err("9999") };
    };
    let patterns = PATTERNS.get(at).map_or(&[][..], |(_, patterns)| patterns);
    let first = patterns.first().copied().unwrap_or_default();
    patterns.iter().find_map(|pattern| fill(pattern, &plain)).ok_or(first)
}

/// Whether a postcode must be given.
pub(super) fn is_asked(country: &str) -> bool {
    PATTERNS.binary_search_by_key(&country, |(code, _)| code).is_ok()
}

/// The letters and digits in the places of a pattern, if they fit it.
fn fill(pattern: &str, plain: &str) -> Option<String> {
    let mut given = plain.chars();
    let mut code = String::new();
    for place in pattern.chars() {
        let fits = match place {
            '9' => given.next().filter(char::is_ascii_digit)?,
            'A' => given.next().filter(char::is_ascii_uppercase)?,
            // "LV-1010" is written as 1010 as well.
            letter if letter.is_ascii_alphabetic() => {
                if given.as_str().starts_with(letter) {
                    given.next();
                }
                letter
            }
            other => other,
        };
        code.push(fits);
    }
    given.next().is_none().then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        assert!(PATTERNS.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn codes_are_put_right() {
        for (country, typed, right) in [
            ("FR", " 75011 ", "75011"),
            ("CA", "h2x1y4", "H2X 1Y4"),
            ("GB", "sw1a2aa", "SW1A 2AA"),
            ("GB", "M1 1AE", "M1 1AE"),
            ("NL", "1012lg", "1012 LG"),
            ("JP", "1500001", "150-0001"),
            ("JP", "〒150-0001", "150-0001"),
            ("US", "02139-4307", "02139-4307"),
            ("PL", "00950", "00-950"),
            ("LV", "1010", "LV-1010"),
            ("LV", "lv-1010", "LV-1010"),
            ("HK", "999077", ""),
            ("KE", "00100", "00100"),
            ("KE", "", ""),
        ] {
            assert_eq!(read(country, typed).as_deref(), Ok(right), "{country} {typed}");
        }
        for (country, typed) in
            [("FR", "7501"), ("FR", ""), ("DE", "A2345"), ("US", "123456"), ("GB", "75011")]
        {
            assert!(read(country, typed).is_err(), "{country} {typed}");
        }
    }
}
