//! What is said of a credential, typed and read: each kind with its own details and its own holder.

use chrono::{Datelike, NaiveDate};

use super::error::{Field, Wrong, Wrongs};
use super::kind::{CheckKind, Kind, MarkKind, TitleKind, VillageKind};
use super::model::{Credential, Level, Stars};
use super::rule::{Term, may_grant};
use crate::catalogue::edit::written;
use crate::{CoopId, CredentialId, TourId, VillageId, WorkshopId};

/// Longest name and longest number, in characters.
pub const MAX_SUBJECT: usize = 120;
pub const MAX_NUMBER: usize = 60;
/// Longest name of who issued it.
const MAX_ISSUER: usize = 160;
/// No paper is older.
const FIRST_YEAR: i32 = 1945;
pub(super) const MAX_RENEWALS: i32 = 5;

/// On whose page something is claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seat {
    Village(VillageId),
    Coop(CoopId),
    Workshop(WorkshopId),
}

/// What has stars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OcopOf {
    Product {
        workshop: WorkshopId,
        name: String,
    },
    /// A tour, under the name on its certificate.
    Tour {
        workshop: WorkshopId,
        tour: TourId,
        name: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MarkOwner {
    Coop(CoopId),
    /// One that is no co-op here.
    Association {
        village: VillageId,
        name: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    Ocop {
        of: OcopOf,
        stars: Stars,
        level: Level,
        number: String,
        decision: String,
        decided_on: NaiveDate,
        issuer: String,
    },
    Mark {
        kind: MarkKind,
        owner: MarkOwner,
        name: String,
        number: String,
        filed_on: NaiveDate,
        granted_on: NaiveDate,
        renewals: u32,
    },
    Licence {
        workshop: WorkshopId,
        mark: CredentialId,
        number: String,
        from: NaiveDate,
        until: NaiveDate,
    },
    Title {
        kind: TitleKind,
        workshop: WorkshopId,
        person: String,
        decision: String,
        year: i32,
    },
    WorldCraftCity {
        village: VillageId,
        year: i32,
    },
    Village {
        kind: VillageKind,
        village: VillageId,
        /// May be empty: old ones are known by their year alone.
        decision: String,
        year: i32,
    },
    Check {
        kind: CheckKind,
        workshop: WorkshopId,
        number: String,
        issuer: String,
        issued_on: NaiveDate,
        until: Option<NaiveDate>,
    },
}

/// The same as it was typed; which fields count depends on the kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClaimInput {
    /// Of stars: a tour's id, or empty for a product.
    pub of: String,
    pub subject: String,
    pub owner: String,
    pub mark: String,
    pub stars: String,
    pub level: String,
    pub number: String,
    pub decision: String,
    pub issuer: String,
    pub year: String,
    pub filed_on: String,
    pub issued_on: String,
    pub renewals: String,
    pub until: String,
}

impl ClaimInput {
    /// What the editor begins with.
    pub fn of(it: &Credential) -> Self {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let stated = matches!(it.kind.term(), Term::Stated { .. });
        Self {
            of: it.tour_id.map(|tour| tour.to_string()).unwrap_or_default(),
            subject: it.subject.clone(),
            owner: it.owner.clone(),
            mark: it.mark_id.map(|mark| mark.to_string()).unwrap_or_default(),
            stars: it.stars.map(|stars| stars.to_string()).unwrap_or_default(),
            level: it.level.map(|level| level.word().to_owned()).unwrap_or_default(),
            number: it.number.clone(),
            decision: it.decision.clone(),
            issuer: it.issuer.clone(),
            year: it.year.map(|year| year.to_string()).unwrap_or_default(),
            filed_on: day(it.filed_on),
            issued_on: day(it.issued_on),
            renewals: it.renewals.to_string(),
            until: if stated { day(it.valid_until) } else { String::new() },
        }
    }
}

/// Reads fields and keeps in mind what is wrong with them.
struct Reader {
    today: NaiveDate,
    wrongs: Wrongs,
}

impl Reader {
    fn wrong(&mut self, field: Field, wrong: Wrong) {
        self.wrongs.push((field, wrong));
    }

    fn line(&mut self, field: Field, text: &str, max: usize, must: bool) -> String {
        let text = written(text).split_whitespace().collect::<Vec<_>>().join(" ");
        if must && text.is_empty() {
            self.wrong(field, Wrong::Missing);
        } else if text.chars().count() > max {
            self.wrong(field, Wrong::TooLong { max });
        }
        text
    }

    /// A day, whenever it is.
    fn day(&mut self, field: Field, text: &str) -> Option<NaiveDate> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let day = ["%Y-%m-%d", "%d/%m/%Y"]
            .iter()
            .find_map(|form| NaiveDate::parse_from_str(text, form).ok())
            .filter(|day| (FIRST_YEAR..=self.today.year() + 50).contains(&day.year()));
        if day.is_none() {
            self.wrong(field, Wrong::Date);
        }
        day
    }

    /// A day that must be named and is not to come.
    fn past(&mut self, field: Field, text: &str) -> NaiveDate {
        match self.day(field, text) {
            Some(day) if day <= self.today => day,
            Some(_) => {
                self.wrong(field, Wrong::Date);
                self.today
            }
            None => {
                if text.trim().is_empty() {
                    self.wrong(field, Wrong::Missing);
                }
                self.today
            }
        }
    }

    fn year(&mut self, text: &str) -> i32 {
        let last = self.today.year();
        match text.trim().parse() {
            Ok(year) if (FIRST_YEAR..=last).contains(&year) => year,
            _ => {
                let missing = text.trim().is_empty();
                self.wrong(Field::Year, if missing { Wrong::Missing } else { Wrong::Year });
                last
            }
        }
    }

    fn finish(self, claim: Claim) -> Result<Claim, Wrongs> {
        if self.wrongs.is_empty() { Ok(claim) } else { Err(self.wrongs) }
    }
}

impl Claim {
    /// `today` at the venue: no paper is from tomorrow.
    pub fn parse(
        kind: Kind,
        seat: Seat,
        input: &ClaimInput,
        today: NaiveDate,
    ) -> Result<Claim, Wrongs> {
        let mut reader = Reader { today, wrongs: Vec::new() };
        let elsewhere = || vec![(Field::Seat, Wrong::Choice)];
        match (kind, seat) {
            (Kind::Ocop, Seat::Workshop(workshop)) => ocop(reader, workshop, input),
            (Kind::Mark(kind), Seat::Coop(coop)) => {
                mark(reader, kind, MarkOwner::Coop(coop), input)
            }
            (Kind::Mark(kind), Seat::Village(village)) => {
                let name = reader.line(Field::Owner, &input.owner, MAX_ISSUER, true);
                mark(reader, kind, MarkOwner::Association { village, name }, input)
            }
            (Kind::Licence, Seat::Workshop(workshop)) => licence(reader, workshop, input),
            (Kind::Title(kind), Seat::Workshop(workshop)) => {
                let person = reader.line(Field::Subject, &input.subject, MAX_SUBJECT, true);
                let decision = reader.line(Field::Decision, &input.decision, MAX_NUMBER, true);
                let year = reader.year(&input.year);
                reader.finish(Claim::Title { kind, workshop, person, decision, year })
            }
            (Kind::WorldCraftCity, Seat::Village(village)) => {
                let year = reader.year(&input.year);
                reader.finish(Claim::WorldCraftCity { village, year })
            }
            (Kind::Village(kind), Seat::Village(village)) => {
                let decision = reader.line(Field::Decision, &input.decision, MAX_NUMBER, false);
                let year = reader.year(&input.year);
                reader.finish(Claim::Village { kind, village, decision, year })
            }
            (Kind::Check(kind), Seat::Workshop(workshop)) => check(reader, kind, workshop, input),
            _ => Err(elsewhere()),
        }
    }

    pub const fn kind(&self) -> Kind {
        match self {
            Claim::Ocop { .. } => Kind::Ocop,
            Claim::Mark { kind, .. } => Kind::Mark(*kind),
            Claim::Licence { .. } => Kind::Licence,
            Claim::Title { kind, .. } => Kind::Title(*kind),
            Claim::WorldCraftCity { .. } => Kind::WorldCraftCity,
            Claim::Village { kind, .. } => Kind::Village(*kind),
            Claim::Check { kind, .. } => Kind::Check(*kind),
        }
    }

    pub const fn seat(&self) -> Seat {
        match self {
            Claim::Ocop { of: OcopOf::Product { workshop, .. }, .. }
            | Claim::Ocop { of: OcopOf::Tour { workshop, .. }, .. }
            | Claim::Licence { workshop, .. }
            | Claim::Title { workshop, .. }
            | Claim::Check { workshop, .. } => Seat::Workshop(*workshop),
            Claim::Mark { owner: MarkOwner::Coop(coop), .. } => Seat::Coop(*coop),
            Claim::Mark { owner: MarkOwner::Association { village, .. }, .. }
            | Claim::WorldCraftCity { village, .. }
            | Claim::Village { village, .. } => Seat::Village(*village),
        }
    }
}

fn ocop(mut reader: Reader, workshop: WorkshopId, input: &ClaimInput) -> Result<Claim, Wrongs> {
    let name = reader.line(Field::Subject, &input.subject, MAX_SUBJECT, true);
    let of = match input.of.trim() {
        "" => OcopOf::Product { workshop, name },
        tour => {
            if let Ok(tour) = tour.parse() {
                OcopOf::Tour { workshop, tour, name }
            } else {
                reader.wrong(Field::Of, Wrong::Choice);
                OcopOf::Product { workshop, name }
            }
        }
    };
    let stars = input.stars.parse().unwrap_or_else(|()| {
        reader.wrong(Field::Stars, Wrong::Choice);
        Stars::ALL[0]
    });
    let level = Level::parse(&input.level);
    if level.is_none() {
        reader.wrong(Field::Level, Wrong::Choice);
    }
    let level = level.unwrap_or(Level::Province);
    let issuer = reader.line(Field::Issuer, &input.issuer, MAX_ISSUER, true);
    let number = reader.line(Field::Number, &input.number, MAX_NUMBER, true);
    let decision = reader.line(Field::Decision, &input.decision, MAX_NUMBER, true);
    let decided_on = reader.past(Field::IssuedOn, &input.issued_on);
    if reader.wrongs.is_empty() && !may_grant(level, stars, decided_on) {
        reader.wrong(Field::Level, Wrong::Level);
    }
    reader.finish(Claim::Ocop { of, stars, level, number, decision, decided_on, issuer })
}

fn mark(
    mut reader: Reader,
    kind: MarkKind,
    owner: MarkOwner,
    input: &ClaimInput,
) -> Result<Claim, Wrongs> {
    let name = reader.line(Field::Subject, &input.subject, MAX_SUBJECT, true);
    let number = reader.line(Field::Number, &input.number, MAX_NUMBER, true);
    let filed_on = reader.past(Field::FiledOn, &input.filed_on);
    let granted_on = reader.past(Field::IssuedOn, &input.issued_on);
    if reader.wrongs.is_empty() && granted_on < filed_on {
        reader.wrong(Field::IssuedOn, Wrong::BeforeFiled);
    }
    let typed = input.renewals.trim();
    let renewals = if typed.is_empty() { Ok(0) } else { typed.parse() };
    let renewals = match renewals {
        Ok(count) if (0..=MAX_RENEWALS).contains(&count) => count.unsigned_abs(),
        _ => {
            let wrong = Wrong::Number { min: 0, max: MAX_RENEWALS };
            reader.wrong(Field::Renewals, wrong);
            0
        }
    };
    reader.finish(Claim::Mark { kind, owner, name, number, filed_on, granted_on, renewals })
}

/// From and until, in this order.
fn stated_until(reader: &mut Reader, from: NaiveDate, text: &str, must: bool) -> Option<NaiveDate> {
    let until = reader.day(Field::Until, text);
    match until {
        Some(until) if until < from => reader.wrong(Field::Until, Wrong::BeforeFrom),
        None if must && text.trim().is_empty() => reader.wrong(Field::Until, Wrong::Missing),
        _ => {}
    }
    until
}

fn licence(mut reader: Reader, workshop: WorkshopId, input: &ClaimInput) -> Result<Claim, Wrongs> {
    let mark = input.mark.trim().parse::<CredentialId>().ok();
    if mark.is_none() {
        reader.wrong(Field::Mark, Wrong::Choice);
    }
    let number = reader.line(Field::Number, &input.number, MAX_NUMBER, true);
    let from = reader.day(Field::IssuedOn, &input.issued_on);
    if from.is_none() && input.issued_on.trim().is_empty() {
        reader.wrong(Field::IssuedOn, Wrong::Missing);
    }
    let from = from.unwrap_or(reader.today);
    let until = stated_until(&mut reader, from, &input.until, true);
    match (mark, until) {
        (Some(mark), Some(until)) => {
            reader.finish(Claim::Licence { workshop, mark, number, from, until })
        }
        _ => Err(reader.wrongs),
    }
}

fn check(
    mut reader: Reader,
    kind: CheckKind,
    workshop: WorkshopId,
    input: &ClaimInput,
) -> Result<Claim, Wrongs> {
    let issuer = reader.line(Field::Issuer, &input.issuer, MAX_ISSUER, true);
    let number = reader.line(Field::Number, &input.number, MAX_NUMBER, false);
    let issued_on = reader.past(Field::IssuedOn, &input.issued_on);
    let must = Kind::Check(kind).term() == Term::Stated { required: true };
    let until = stated_until(&mut reader, issued_on, &input.until, must);
    reader.finish(Claim::Check { kind, workshop, number, issuer, issued_on, until })
}
