//! What pages about products' origins share: the sign at the top, the story, words for what a check found.

use engine::provenance::verify::{Finding, Verdict};
use engine::provenance::{Entry, EntryKind, Field, Line, Print, ProvenanceError, Wrong};
use engine::{Locale, Localized};
use leptos::prelude::*;

use super::icon::icon;
use super::prose::foreign;
use crate::api::form::Problems;
use crate::error::PageError;
use crate::t::provenance as t;

/// How a product stands, by colour, icon and word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    Good,
    /// True, with something to know.
    Note,
    Bad,
}

/// The sign that is read at once.
pub fn sign(of: Sign, title: &'static str, more: String) -> impl IntoView {
    let (state, drawn) = match of {
        Sign::Good => ("valid", "check"),
        Sign::Note => ("note", "info"),
        Sign::Bad => ("withdrawn", "warning"),
    };
    view! {
        <div class="verdict" data-state=state role="status">
            {icon(drawn)}
            <div><p class="verdict-title">{title}</p><p>{more}</p></div>
        </div>
    }
}

pub fn kind(locale: Locale, kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Opened => t::k_opened(locale),
        EntryKind::Material => t::k_material(locale),
        EntryKind::Maker => t::k_maker(locale),
        EntryKind::Step => t::k_step(locale),
        EntryKind::Photo => t::k_photo(locale),
        EntryKind::Credential => t::k_credential(locale),
        EntryKind::Remark => t::k_remark(locale),
        EntryKind::Correction => t::k_correction(locale),
        EntryKind::HandedOver => t::k_handed_over(locale),
        EntryKind::Withdrawn => t::k_withdrawn(locale),
    }
}

/// What an entry says, in the reader's language where it was written in it.
pub const fn words(entry: &Entry) -> Option<&Localized> {
    match entry {
        Entry::Step(step) => Some(&step.words),
        Entry::Photo(photo) => Some(&photo.words),
        Entry::Remark(remark) => Some(&remark.words),
        Entry::Correction(correction) => Some(&correction.words),
        Entry::HandedOver(given) => Some(&given.words),
        Entry::Withdrawn(withdrawn) => Some(&withdrawn.reason),
        Entry::Credential(credential) => Some(&credential.words),
        Entry::Opened(opened) => Some(&opened.title),
        Entry::Material(material) => Some(&material.name),
        Entry::Maker(_) => None,
    }
}

/// "Cao lanh: Trúc Thôn", "OCOP 4 sao, số …": an entry in one line.
pub fn in_short(locale: Locale, line: &Line) -> String {
    match &line.entry {
        Entry::Material(it) => {
            t::material_from(locale, it.name.text(locale), it.origin.text(locale))
        }
        Entry::Credential(it) if !it.number.is_empty() => {
            t::with_number(locale, &it.number, it.words.text(locale))
        }
        Entry::Maker(_) => match &line.name {
            Some(name) => t::name_is(locale, name),
            None => t::name_erased(locale).to_owned(),
        },
        entry => words(entry).map(|words| words.text(locale).to_owned()).unwrap_or_default(),
    }
}

/// A text with its language, where it is not the page's.
pub fn said(locale: Locale, text: &Localized) -> impl IntoView + use<> {
    view! { <span lang=foreign(text, locale)>{text.text(locale).to_owned()}</span> }
}

/// Links to the entries that put one right; nothing where none does.
pub fn corrected(locale: Locale, line: &Line) -> impl IntoView + use<> {
    let links: Vec<_> = line
        .corrected_by
        .iter()
        .map(|seq| {
            let href = format!("#entry-{seq}");
            view! { <a class="small corrected" href=href>{icon("info")}{t::corrected(locale, seq)}</a> }
        })
        .collect();
    (!links.is_empty()).then_some(links)
}

/// Where the bytes of a picture are.
pub fn picture_url(hash: &Print) -> String {
    format!("/provenance/photos/{hash}")
}

/// The day on which something was done, or written down.
pub fn day_of(line: &Line) -> chrono::NaiveDate {
    match &line.entry {
        Entry::Step(step) => step.on,
        Entry::HandedOver(given) => given.on,
        _ => engine::clock::local_date(line.at),
    }
}

pub fn finding(locale: Locale, finding: Finding) -> String {
    match finding {
        Finding::Unreadable => t::f_unreadable(locale).to_owned(),
        Finding::Format => t::f_format(locale).to_owned(),
        Finding::NoEntries => t::f_no_entries(locale).to_owned(),
        Finding::Opening => t::f_opening(locale).to_owned(),
        Finding::Number { seq } => t::f_number(locale, seq),
        Finding::Link { seq } => t::f_link(locale, seq),
        Finding::Hash { seq } => t::f_hash(locale, seq),
        Finding::Time { seq } => t::f_time(locale, seq),
        Finding::Key { seq } => t::f_key(locale, seq),
        Finding::KeyTime { seq } => t::f_key_time(locale, seq),
        Finding::Signature { seq } => t::f_signature(locale, seq),
        Finding::Name { seq } => t::f_name(locale, seq),
        Finding::CheckpointProof => t::f_checkpoint_proof(locale).to_owned(),
        Finding::CheckpointEntry { seq } => t::f_checkpoint_entry(locale, seq),
        Finding::CheckpointHash => t::f_checkpoint_hash(locale).to_owned(),
        Finding::CheckpointKey => t::f_checkpoint_key(locale).to_owned(),
        Finding::CheckpointSignature => t::f_checkpoint_signature(locale).to_owned(),
        Finding::CheckpointDiffers => t::f_checkpoint_differs(locale).to_owned(),
        Finding::Unknown => t::f_unknown(locale).to_owned(),
        Finding::Differs { seq } => t::f_differs(locale, seq),
        Finding::Surplus { seq } => t::f_surplus(locale, seq),
        Finding::Shortened { has, of } => t::f_shortened(locale, has, of),
        Finding::Withdrawn => t::f_withdrawn(locale).to_owned(),
    }
}

/// Sign, title and words of a check's outcome.
pub fn verdict(locale: Locale, verdict: Verdict) -> (Sign, &'static str, &'static str) {
    match verdict {
        Verdict::Genuine => (Sign::Good, t::v_genuine(locale), t::v_genuine_more(locale)),
        Verdict::Outdated => (Sign::Note, t::v_outdated(locale), t::v_outdated_more(locale)),
        Verdict::Withdrawn => (Sign::Bad, t::v_withdrawn(locale), t::v_withdrawn_more(locale)),
        Verdict::Unknown => (Sign::Bad, t::v_unknown(locale), t::v_unknown_more(locale)),
        Verdict::Broken => (Sign::Bad, t::v_broken(locale), t::v_broken_more(locale)),
    }
}

/// The name (and id) of a field's control.
fn control(field: Field) -> String {
    match field {
        Field::Title => "title_vi".to_owned(),
        Field::Quantity => "quantity".to_owned(),
        Field::Unit => "unit_vi".to_owned(),
        Field::MadeFrom => "made_from".to_owned(),
        Field::MadeTo => "made_to".to_owned(),
        Field::Material(at) => format!("m{at}.name_vi"),
        Field::Origin(at) => format!("m{at}.origin_vi"),
        Field::Makers => "makers".to_owned(),
        Field::Consent => "consent".to_owned(),
        Field::Certificate => "certificate".to_owned(),
        Field::Words => "words_vi".to_owned(),
        Field::Date => "date".to_owned(),
        Field::Of => "of".to_owned(),
        Field::Name => "name".to_owned(),
        Field::Reason => "reason_vi".to_owned(),
    }
}

fn why(locale: Locale, field: Field, wrong: Wrong) -> String {
    match (wrong, field) {
        (Wrong::Missing, Field::Name) => t::wrong_missing_name(locale).to_owned(),
        (Wrong::Missing, Field::Date) => t::wrong_missing_day(locale).to_owned(),
        (Wrong::Missing, _) => t::wrong_missing(locale).to_owned(),
        (Wrong::TooLong { max }, _) => t::wrong_long(locale, max),
        (Wrong::TooMany { max }, _) => t::wrong_many(locale, max),
        (Wrong::Number, _) => t::wrong_number(locale).to_owned(),
        (Wrong::Date, _) => t::wrong_date(locale).to_owned(),
        (Wrong::Future, _) => t::wrong_future(locale).to_owned(),
        (Wrong::Before, _) => t::wrong_before(locale).to_owned(),
        (Wrong::Choice, Field::Of) => t::wrong_of(locale).to_owned(),
        (Wrong::Choice, Field::Certificate) => t::wrong_certificate(locale).to_owned(),
        (Wrong::Choice, _) => t::wrong_choice(locale).to_owned(),
        (Wrong::Consent, _) => t::wrong_consent(locale).to_owned(),
    }
}

/// What is wrong with a form; what is no matter of a form ends the request.
pub fn problems(locale: Locale, error: ProvenanceError) -> Result<Problems, PageError> {
    let mut problems = Problems::default();
    match error {
        ProvenanceError::Fields(wrongs) => {
            for (field, wrong) in wrongs {
                problems.add(control(field), why(locale, field, wrong));
            }
        }
        ProvenanceError::Withdrawn => problems.add("main", t::was_withdrawn_meanwhile(locale)),
        other => return Err(refused(other)),
    }
    Ok(problems)
}

/// What somebody may not see does not exist; what failed is logged.
pub fn refused(error: ProvenanceError) -> PageError {
    match error {
        ProvenanceError::Store(error) => error.into(),
        ProvenanceError::Forbidden(_) | ProvenanceError::Unknown => PageError::NotFound,
        other => {
            let what = other.to_string();
            PageError::Store(engine::store::StoreError::Abandoned(what))
        }
    }
}

/// "1.200 chiếc": how many, with their unit.
pub fn quantity(locale: Locale, count: u32, unit: &Localized) -> String {
    let grouped = locale.writing().number(i64::from(count));
    format!("{grouped} {}", unit.text(locale)).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_has_its_unit() {
        let unit = Localized { vi: "chiếc".into(), en: "bowls".into() };
        assert_eq!(quantity(Locale::Vi, 120, &unit), "120 chiếc");
        assert_eq!(quantity(Locale::Vi, 12_000, &unit), "12.000 chiếc");
        assert_eq!(quantity(Locale::En, 100_000, &Localized::default()), "100,000");
    }
}
