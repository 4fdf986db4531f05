use super::runtime::{Plural, Texts, count, fill, say};
use super::*;

const VI: Language = LANGUAGES[0];
const EN: Language = LANGUAGES[1];
const KO: Language = LANGUAGES[2];

fn all(of: &[(Language, &str)]) -> Result<Vec<InLanguage>, String> {
    of.iter().map(|(language, text)| Ok((*language, parse(text, language.plural)?))).collect()
}

fn area(of: &[(Language, &str)]) -> Result<Generated, String> {
    let by_language = all(of)?;
    compare("booking", &by_language)?;
    let languages: Vec<Language> = of.iter().map(|(language, _)| *language).collect();
    let mut module = Module::new(&languages);
    module.add("booking", &by_language);
    Ok(module.finish())
}

#[test]
fn a_message_becomes_a_function_with_its_placeholders() {
    let made = area(&[(VI, "hi = \"Chào {name}\""), (EN, "hi = \"Hello {name}\"")]).unwrap();
    let head = "pub fn hi(locale: Locale, name: impl std::fmt::Display) -> String";
    assert!(made.source.contains(head), "{}", made.source);
    assert!(made.source.contains("super::fill(super::say(locale, 0), &[(\"name\", &name)])"));
    assert_eq!(made.texts[1], ("words.en.txt".to_owned(), "Hello {name}".to_owned()));
}

#[test]
fn what_vietnamese_or_english_lacks_is_refused_by_name() {
    let refused = |vi, en| area(&[(VI, vi), (EN, en)]).unwrap_err();
    assert_eq!(refused("a = \"x\"", ""), "en/booking.toml lacks \"a\"");
    assert_eq!(refused("", "a = \"x\""), "vi/booking.toml lacks \"a\", which en has");
}

#[test]
fn what_another_language_lacks_is_said_in_english_and_named() {
    let (vi, en) = ("a = \"một\"\nb = \"hai\"", "a = \"one\"\nb = \"two\"");
    let of = [(VI, vi), (EN, en), (KO, "b = \"둘\"")];
    let made = area(&of).unwrap();
    assert_eq!(made.texts[2].1, "둘");
    let by_language = all(&of).unwrap();
    assert_eq!(lacks("booking", &by_language, &by_language[2]), ["ko/booking.toml lacks \"a\""]);
    let extra = area(&[(VI, vi), (EN, en), (KO, "c = \"셋\"")]).unwrap_err();
    assert_eq!(extra, "vi/booking.toml lacks \"c\", which ko has");
}

#[test]
fn placeholders_must_agree() {
    let error = area(&[(VI, "a = \"{n} chỗ\""), (EN, "a = \"places\"")]).unwrap_err();
    assert!(error.contains("booking.a"), "{error}");
    let texts = [(VI, "a = \"{who}\""), (EN, "a = \"{who}\""), (KO, "a = \"{whom}\"")];
    assert!(area(&texts).unwrap_err().contains("between vi and ko"));
}

#[test]
fn plurals_take_a_number_and_the_forms_of_their_language() {
    let forms = "a = { one = \"{n} place\", other = \"{n} places\" }";
    let other = "a = { other = \"{n}석\" }";
    let made = area(&[(VI, forms), (EN, forms), (KO, other)]).unwrap();
    assert!(made.source.contains("pub fn a(locale: Locale, n: i64) -> String"));
    assert!(made.source.contains("super::count(locale, 0, n)"));
    let refused = |vi, ko| area(&[(VI, vi), (EN, forms), (KO, ko)]).unwrap_err();
    assert_eq!(refused("a = { one = \"1\" }", other), "a lacks the form \"other\"");
    assert_eq!(refused(other, other), "a lacks the form \"one\"");
    assert_eq!(refused(forms, forms), "a has the form \"one\", which the language has not");
    assert_eq!(refused("a = \"\"", other), "a is empty");
}

#[test]
fn each_language_counts_by_its_own_rule() {
    let ones = |plural: Plural| [-1, 0, 1, 2, 11].map(|n| plural.is_one(n));
    assert_eq!(ones(Plural::Never), [false; 5]);
    assert_eq!(ones(Plural::One), [false, false, true, false, false]);
    assert_eq!(ones(Plural::ZeroAndOne), [false, true, true, false, false]);
    let rule = |folder| LANGUAGES.iter().find(|one| one.folder == folder).unwrap().plural;
    assert_eq!(["vi", "en"].map(rule), [Plural::One; 2]);
    assert_eq!(["ko", "zh", "ja"].map(rule), [Plural::Never; 3]);
    assert_eq!(rule("fr"), Plural::ZeroAndOne);
}

#[test]
fn the_place_of_a_message_is_the_same_in_each_language() {
    // "place", "places", "book".
    let english = Texts { text: "placeplacesbook", ends: &[5, 11, 15], plural: Plural::One };
    let korean = Texts { text: "석예약", ends: &[0, 3, 9], plural: Plural::Never };
    assert_eq!(say(&english, &english, 2), "book");
    assert_eq!(say(&korean, &english, 2), "예약");
    assert_eq!([1, 2].map(|n| count(&english, &english, 0, n)), ["place", "places"]);
    assert_eq!([1, 2].map(|n| count(&korean, &english, 0, n)), ["석"; 2]);
    // Nothing is translated: English, and English counts.
    let nothing = Texts { text: "", ends: &[0, 0, 0], plural: Plural::Never };
    assert_eq!(say(&nothing, &english, 2), "book");
    assert_eq!([1, 2].map(|n| count(&nothing, &english, 0, n)), ["place", "places"]);
}

#[test]
fn values_stand_where_they_are_named() {
    assert_eq!(fill("{b}, {a} and {b}", &[("a", &1), ("b", &"two")]), "two, 1 and two");
    assert_eq!(fill("không có gì", &[]), "không có gì");
    // What a value holds is no placeholder.
    assert_eq!(fill("{a}", &[("a", &"{b}"), ("b", &"x")]), "{b}");
}
