//! Words as people search for them.
use unicode_normalization::UnicodeNormalization as _;
/// Lower case, no diacritics, single spaces.
pub fn fold(text: &str) -> String {
    let plain: String =
        text.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect();
    plain.to_lowercase().replace('đ', "d").split_whitespace().collect::<Vec<_>>().join(" ")
}
