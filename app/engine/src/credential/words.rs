//! Credentials in words, wherever they are named.

use chrono::NaiveDate;

use super::kind::{CheckKind, Kind, MarkKind, TitleKind, VillageKind};
use super::model::{Credential, CredentialState, Level, Stars};
use crate::words::credential as text;
use crate::{InEach, Locale};

pub fn kind(l: Locale, kind: Kind) -> &'static str {
    match kind {
        Kind::Ocop => text::kind_ocop(l),
        Kind::Mark(MarkKind::Collective) => text::kind_collective_mark(l),
        Kind::Mark(MarkKind::Certification) => text::kind_certification_mark(l),
        Kind::Mark(MarkKind::Indication) => text::kind_geographical_indication(l),
        Kind::Licence => text::kind_licence(l),
        Kind::Title(TitleKind::Peoples) => text::kind_peoples_artisan(l),
        Kind::Title(TitleKind::Meritorious) => text::kind_meritorious_artisan(l),
        Kind::Title(TitleKind::Hanoi) => text::kind_hanoi_artisan(l),
        Kind::WorldCraftCity => text::kind_world_craft_city(l),
        Kind::Village(VillageKind::Traditional) => text::kind_traditional_village(l),
        Kind::Village(VillageKind::Craft) => text::kind_craft_village(l),
        Kind::Check(CheckKind::EnvironmentalPermit) => text::kind_environmental_permit(l),
        Kind::Check(CheckKind::EnvironmentalRegistration) => {
            text::kind_environmental_registration(l)
        }
        Kind::Check(CheckKind::Wastewater) => text::kind_wastewater(l),
        Kind::Check(CheckKind::CleanKiln) => text::kind_clean_kiln(l),
        Kind::Check(CheckKind::LabourSafety) => text::kind_labour_safety(l),
        Kind::Check(CheckKind::FireSafety) => text::kind_fire_safety(l),
        Kind::Check(CheckKind::FoodSafety) => text::kind_food_safety(l),
    }
}

/// What a kind means to somebody who never heard of it.
pub fn meaning(l: Locale, kind: Kind) -> &'static str {
    match kind {
        Kind::Ocop => text::means_ocop(l),
        Kind::Mark(MarkKind::Collective) => text::means_collective_mark(l),
        Kind::Mark(MarkKind::Certification) => text::means_certification_mark(l),
        Kind::Mark(MarkKind::Indication) => text::means_geographical_indication(l),
        Kind::Licence => text::means_licence(l),
        Kind::Title(TitleKind::Peoples) => text::means_peoples_artisan(l),
        Kind::Title(TitleKind::Meritorious) => text::means_meritorious_artisan(l),
        Kind::Title(TitleKind::Hanoi) => text::means_hanoi_artisan(l),
        Kind::WorldCraftCity => text::means_world_craft_city(l),
        Kind::Village(VillageKind::Traditional) => text::means_traditional_village(l),
        Kind::Village(VillageKind::Craft) => text::means_craft_village(l),
        Kind::Check(CheckKind::EnvironmentalPermit) => text::means_environmental_permit(l),
        Kind::Check(CheckKind::EnvironmentalRegistration) => {
            text::means_environmental_registration(l)
        }
        Kind::Check(CheckKind::Wastewater) => text::means_wastewater(l),
        Kind::Check(CheckKind::CleanKiln) => text::means_clean_kiln(l),
        Kind::Check(CheckKind::LabourSafety) => text::means_labour_safety(l),
        Kind::Check(CheckKind::FireSafety) => text::means_fire_safety(l),
        Kind::Check(CheckKind::FoodSafety) => text::means_food_safety(l),
    }
}

pub fn level(l: Locale, level: Level) -> &'static str {
    match level {
        Level::Central => text::level_central(l),
        Level::Province => text::level_province(l),
        Level::District => text::level_district(l),
        Level::Commune => text::level_commune(l),
    }
}

pub fn state(l: Locale, state: CredentialState) -> &'static str {
    match state {
        CredentialState::Claimed => text::state_claimed(l),
        CredentialState::Verified => text::state_verified(l),
        CredentialState::Refused => text::state_refused(l),
        CredentialState::Withdrawn => text::state_withdrawn(l),
    }
}

/// "OCOP 4 sao"; the name of the kind where there are no stars.
pub fn badge(l: Locale, of: Kind, stars: Option<Stars>) -> String {
    match stars {
        Some(stars) => text::badge_ocop(l, i64::from(stars.count())),
        None => kind(l, of).to_owned(),
    }
}

pub(super) fn titled(badge: &str, subject: &str) -> String {
    if subject.is_empty() { badge.to_owned() } else { format!("{badge}: {subject}") }
}

/// Its name in a list: what it is, and of what or whom.
pub fn title(l: Locale, it: &Credential) -> String {
    let subject = match it.kind {
        Kind::Licence => it.mark_name.as_deref().unwrap_or_default(),
        _ => &it.subject,
    };
    titled(&badge(l, it.kind, it.stars()), subject)
}

/// "20/3/2024"; "20 March 2024".
pub fn day(l: Locale, day: NaiveDate) -> String {
    (l.writing().plain_date)(day)
}

/// Who issued it: a name as the paper has it, or an authority that has one in every language.
pub(super) fn issuer(l: Locale, it: &Credential) -> String {
    match it.kind {
        Kind::Licence => it.mark_owner().to_owned(),
        Kind::Mark(_) => text::issuer_ip_office(l).to_owned(),
        Kind::Title(TitleKind::Peoples | TitleKind::Meritorious) => {
            text::issuer_president(l).to_owned()
        }
        Kind::Title(TitleKind::Hanoi) | Kind::Village(_) => text::issuer_city(l).to_owned(),
        Kind::WorldCraftCity => text::issuer_wcc(l).to_owned(),
        Kind::Ocop | Kind::Check(_) => it.issuer.clone(),
    }
}

/// All that is known of it, as labels and values: who issued it, number, decision, from when, until when.
pub fn facts(it: &Credential) -> Vec<(InEach, InEach)> {
    let mut facts = Vec::new();
    let mut add = |label: fn(Locale) -> &'static str, value: InEach| {
        if !value.text(Locale::Vi).is_empty() {
            facts.push((InEach::of(|l| label(l).to_owned()), value));
        }
    };
    let plain = |words: &str| InEach::of(|_| words.to_owned());
    let date = |of: Option<NaiveDate>| InEach::of(|l| of.map(|of| day(l, of)).unwrap_or_default());
    if let Kind::Mark(_) = it.kind {
        add(text::fact_owner, plain(it.mark_owner()));
    }
    add(text::fact_issuer, InEach::of(|l| issuer(l, it)));
    if let Some(granted) = it.level {
        add(text::fact_level, InEach::of(|l| level(l, granted).to_owned()));
    }
    if it.kind == Kind::Licence {
        add(text::fact_mark_number, plain(it.mark_number.as_deref().unwrap_or_default()));
    }
    add(text::fact_number, plain(&it.number));
    add(text::fact_decision, plain(&it.decision));
    add(text::fact_filed, date(it.filed_on));
    add(text::fact_issued, date(it.issued_on));
    add(text::fact_year, InEach::of(|_| it.year.map(|year| year.to_string()).unwrap_or_default()));
    let until = |l| it.until().map_or_else(|| text::for_good(l).to_owned(), |until| day(l, until));
    add(text::fact_until, InEach::of(until));
    facts
}
