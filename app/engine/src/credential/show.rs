//! What others see of credentials: one pure function of the rows and the day.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::holder::Holder;
use super::kind::Kind;
use super::model::{Credential, Stars};
use super::read::of_holder;
use super::words;
use crate::store::{Conn, StoreError};
use crate::text::fold;
use crate::{CoopId, CredentialId, InEach, TourId, VillageId, WorkshopId};

/// A credential as everybody may see it, with its words in every language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub id: CredentialId,
    pub kind: Kind,
    pub holder: Holder,
    pub stars: Option<Stars>,
    /// The product, the person or the mark by its name; may be empty.
    pub subject: String,
    /// "OCOP 4 sao": what stands on a badge.
    pub badge: InEach,
    /// "OCOP 4 sao: Bộ ấm chén men lam".
    pub title: InEach,
    /// What it means, in a sentence or two.
    pub meaning: InEach,
    pub issuer: InEach,
    /// Of the certificate, the licence or the permit; may be empty.
    pub number: String,
    pub decision: String,
    pub issued_on: Option<NaiveDate>,
    /// Where only a year is known.
    pub year: Option<i32>,
    /// Its last day; None for what does not expire.
    pub until: Option<NaiveDate>,
    /// Who issued it, number, decision, from when, until when: labels and values.
    pub facts: Vec<(InEach, InEach)>,
}

/// What visitors see of a holder on a day.
///
/// A workshop has its own and what its people and products have, but not the stars of its tours; what
/// is expired, withdrawn or not verified is never in it.
pub async fn shown(
    conn: &mut Conn,
    holder: &Holder,
    today: NaiveDate,
) -> Result<Vec<Shown>, StoreError> {
    Ok(shown_of(&of_holder(conn, holder).await?, today))
}

/// One thing has one credential of a kind: a product its stars, a workshop its permit. Where there are
/// several, as around a renewal, the newest counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Thing {
    kind: Kind,
    places: (Option<VillageId>, Option<CoopId>, Option<WorkshopId>),
    of: (Option<TourId>, Option<CredentialId>),
    subject: String,
}

impl Credential {
    pub(super) fn thing(&self) -> Thing {
        Thing {
            kind: self.kind,
            places: (self.village_id, self.coop_id, self.workshop_id),
            of: (self.tour_id, self.mark_id),
            subject: if self.tour_id.is_some() { String::new() } else { fold(&self.subject) },
        }
    }

    /// Which of two of the same thing is the newer.
    pub(super) fn age(&self) -> (Option<NaiveDate>, NaiveDate, CredentialId) {
        (self.issued_on, self.until().unwrap_or(NaiveDate::MAX), self.id)
    }
}

/// Of these what is shown on a day: of each thing the newest.
pub(super) fn newest_of<'a>(
    all: impl IntoIterator<Item = &'a Credential>,
    today: NaiveDate,
) -> impl Iterator<Item = &'a Credential> {
    let mut newest: HashMap<Thing, &Credential> = HashMap::new();
    for it in all.into_iter().filter(|it| it.shows(today)) {
        let known = newest.entry(it.thing()).or_insert(it);
        if it.age() > known.age() {
            *known = it;
        }
    }
    newest.into_values()
}

/// The same with its words, in the order in which it is shown.
pub fn shown_of<'a>(all: impl IntoIterator<Item = &'a Credential>, today: NaiveDate) -> Vec<Shown> {
    let mut shown: Vec<Shown> = newest_of(all, today).filter_map(Shown::of).collect();
    shown.sort_by_cached_key(|it| {
        (it.kind.position(), std::cmp::Reverse(it.stars), fold(&it.subject), it.id)
    });
    shown
}

impl Shown {
    fn of(it: &Credential) -> Option<Shown> {
        let subject = match it.kind {
            Kind::Licence => it.mark_name.clone().unwrap_or_default(),
            _ => it.subject.clone(),
        };
        let stars = it.stars();
        let badge = InEach::of(|l| words::badge(l, it.kind, stars));
        let title = InEach::of(|l| words::titled(badge.text(l), &subject));
        let issuer = InEach::of(|l| words::issuer(l, it));
        Some(Shown {
            id: it.id,
            kind: it.kind,
            holder: it.holder()?,
            stars,
            subject,
            badge,
            title,
            meaning: InEach::of(|l| words::meaning(l, it.kind).to_owned()),
            facts: words::facts(it),
            issuer,
            number: it.number.clone(),
            decision: it.decision.clone(),
            issued_on: it.issued_on,
            year: it.year,
            until: it.until(),
        })
    }
}
