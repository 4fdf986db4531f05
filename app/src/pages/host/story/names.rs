//! Names of the fields of chapters and artisans, and what things are called.

use engine::catalogue::Craft;
use engine::story::{ChapterField, ChapterKind, Drawing, StepPart, TermPart};

use crate::Locale;
use crate::t::{drawing as td, edit as te, story as t};

/// The name (and id) of a field's control.
pub fn name_of(field: ChapterField) -> String {
    match field {
        ChapterField::Kind => "kind".into(),
        ChapterField::Heading(locale) => format!("heading_{locale}"),
        ChapterField::Body(locale) => format!("body_{locale}"),
        ChapterField::Steps => "steps".into(),
        ChapterField::Step(at, StepPart::Text(locale)) => format!("s{at}.text_{locale}"),
        ChapterField::Step(at, StepPart::Art) => format!("s{at}.art"),
        ChapterField::Terms => "terms".into(),
        ChapterField::Term(at, TermPart::Word) => format!("w{at}.word"),
        ChapterField::Term(at, TermPart::English) => format!("w{at}.english"),
        ChapterField::Term(at, TermPart::Meaning(locale)) => format!("w{at}.meaning_{locale}"),
        ChapterField::Name => "name".into(),
        ChapterField::Title(locale) => format!("title_{locale}"),
        ChapterField::Born => "born".into(),
        ChapterField::Since => "since".into(),
        ChapterField::LearnedFrom(locale) => format!("learned_from_{locale}"),
        ChapterField::Words(locale) => format!("words_{locale}"),
        ChapterField::Quote(locale) => format!("quote_{locale}"),
    }
}

/// What a field is called, where a list of errors must name it.
pub fn label_of(locale: Locale, field: ChapterField) -> Option<String> {
    let (label, language) = match field {
        ChapterField::Heading(language) => (t::heading(locale), language),
        ChapterField::Body(language) => (t::body(locale), language),
        ChapterField::Step(_, StepPart::Text(language)) => (t::step_text(locale), language),
        ChapterField::Term(_, TermPart::Meaning(language)) => (t::meaning(locale), language),
        ChapterField::Words(language) => (t::person_words(locale), language),
        ChapterField::Term(_, TermPart::Word) => return Some(t::term_word(locale).to_owned()),
        ChapterField::Name => return Some(t::person_name(locale).to_owned()),
        _ => return None,
    };
    Some(if language == Locale::Vi {
        te::in_vietnamese(locale, label)
    } else {
        te::in_english(locale, label)
    })
}

/// Which row of several, said before what is wrong with it.
pub fn row_of(locale: Locale, field: ChapterField) -> Option<String> {
    let number = |at: usize| i64::try_from(at + 1).unwrap_or(i64::MAX);
    match field {
        ChapterField::Step(at, _) => Some(t::step_number(locale, number(at))),
        ChapterField::Term(at, _) => Some(t::term_number(locale, number(at))),
        _ => None,
    }
}

pub fn kind_words(locale: Locale, kind: ChapterKind) -> &'static str {
    match kind {
        ChapterKind::History => t::kind_history(locale),
        ChapterKind::People => t::kind_people(locale),
        ChapterKind::Process => t::kind_process(locale),
        ChapterKind::GettingThere => t::kind_getting_there(locale),
        ChapterKind::Near => t::kind_near(locale),
        ChapterKind::Words => t::kind_words(locale),
    }
}

/// What a drawing of the site shows.
pub fn drawing_words(locale: Locale, drawing: Drawing) -> &'static str {
    match (drawing.craft(), drawing.number()) {
        (Craft::Pottery, 1) => td::pottery_1(locale),
        (Craft::Pottery, 2) => td::pottery_2(locale),
        (Craft::Pottery, 3) => td::pottery_3(locale),
        (Craft::Pottery, 4) => td::pottery_4(locale),
        (Craft::Pottery, 5) => td::pottery_5(locale),
        (Craft::Pottery, _) => td::pottery_6(locale),
        (Craft::Silk, 1) => td::silk_1(locale),
        (Craft::Silk, 2) => td::silk_2(locale),
        (Craft::Silk, 3) => td::silk_3(locale),
        (Craft::Silk, 4) => td::silk_4(locale),
        (Craft::Silk, 5) => td::silk_5(locale),
        (Craft::Silk, _) => td::silk_6(locale),
        (Craft::Rattan, 1) => td::rattan_1(locale),
        (Craft::Rattan, 2) => td::rattan_2(locale),
        (Craft::Rattan, 3) => td::rattan_3(locale),
        (Craft::Rattan, 4) => td::rattan_4(locale),
        (Craft::Rattan, _) => td::rattan_5(locale),
        (Craft::Lacquer, 1) => td::lacquer_1(locale),
        (Craft::Lacquer, 2) => td::lacquer_2(locale),
        (Craft::Lacquer, 3) => td::lacquer_3(locale),
        (Craft::Lacquer, 4) => td::lacquer_4(locale),
        (Craft::Lacquer, 5) => td::lacquer_5(locale),
        (Craft::Lacquer, _) => td::lacquer_6(locale),
        (Craft::Wood, 1) => td::wood_1(locale),
        (Craft::Wood, 2) => td::wood_2(locale),
        (Craft::Wood, 3) => td::wood_3(locale),
        (Craft::Wood, 4) => td::wood_4(locale),
        (Craft::Wood, _) => td::wood_5(locale),
        (Craft::Incense, 1) => td::incense_1(locale),
        (Craft::Incense, 2) => td::incense_2(locale),
        (Craft::Incense, 3) => td::incense_3(locale),
        (Craft::Incense, 4) => td::incense_4(locale),
        (Craft::Incense, _) => td::incense_5(locale),
        (Craft::Hat, 1) => td::hat_1(locale),
        (Craft::Hat, 2) => td::hat_2(locale),
        (Craft::Hat, 3) => td::hat_3(locale),
        (Craft::Hat, 4) => td::hat_4(locale),
        (Craft::Hat, _) => td::hat_5(locale),
        (Craft::Embroidery, 1) => td::embroidery_1(locale),
        (Craft::Embroidery, 2) => td::embroidery_2(locale),
        (Craft::Embroidery, 3) => td::embroidery_3(locale),
        (Craft::Embroidery, _) => td::embroidery_4(locale),
        (Craft::Inlay, 1) => td::inlay_1(locale),
        (Craft::Inlay, 2) => td::inlay_2(locale),
        (Craft::Inlay, 3) => td::inlay_3(locale),
        (Craft::Inlay, _) => td::inlay_4(locale),
        (_, 1) => td::dragonfly_1(locale),
        (_, 2) => td::dragonfly_2(locale),
        (_, 3) => td::dragonfly_3(locale),
        (_, _) => td::dragonfly_4(locale),
    }
}
