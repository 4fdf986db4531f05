//! Certificates: numbered, provable by a code that nobody can guess, withdrawn with a reason.
//!
//! The code is 16 characters of an alphabet of 31: 79 random bits, short enough to be typed from
//! paper. Whoever has it may see what the certificate says; without it nothing is found.

use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde_json::json;

use super::CourseError;
use super::read::{self, counts};
use crate::accounts::{Actor, audit};
use crate::booking::guests::Guest;
use crate::booking::{self, BookingError};
use crate::catalogue::Catalogue;
use crate::clock::local_date;
use crate::store::{Conn, StoreError, Tx};
use crate::{BookingId, CertificateId, GuestId, Localized, SlotId, WorkshopId, columns, params};

const CODE_LENGTH: usize = 16;
/// Longest reason kept, in characters.
const MAX_REASON: usize = 500;

/// What was certified, as it was then.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Certificate {
    pub id: CertificateId,
    /// Whoever has it can prove the certificate.
    pub code: String,
    pub workshop_id: WorkshopId,
    /// Numbers begin anew with each year and workshop.
    pub year: i32,
    pub number: i32,
    pub slot_id: SlotId,
    pub booking_id: BookingId,
    pub guest_id: GuestId,
    pub name: String,
    pub born: Option<i32>,
    pub course: Localized,
    pub skills: Localized,
    pub workshop: String,
    pub village: Localized,
    /// Sessions attended, of so many that took place.
    pub attended: i32,
    pub sessions: i32,
    /// Of the sessions attended.
    pub minutes: i32,
    /// Of the first and the last session attended.
    pub first_date: NaiveDate,
    pub last_date: NaiveDate,
    pub issued_on: NaiveDate,
    pub issued_at: DateTime<Utc>,
    /// Who signs.
    pub issued_by: String,
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// For the workshop and the holder; not shown to who checks the certificate.
    pub withdrawn_reason: String,
}

impl Certificate {
    /// "0007/2026".
    pub fn label(&self) -> String {
        format!("{:04}/{}", self.number, self.year)
    }

    /// The code in four groups, as it is printed.
    pub fn spoken_code(&self) -> String {
        let letters: Vec<char> = self.code.chars().collect();
        letters.chunks(4).map(|four| four.iter().collect()).collect::<Vec<String>>().join("-")
    }

    pub const fn is_valid(&self) -> bool {
        self.withdrawn_at.is_none()
    }
}

/// Certifies participants who attended enough.
#[derive(Debug, Clone)]
pub struct Issue {
    pub catalogue: Arc<Catalogue>,
    pub actor: Actor,
    pub run: SlotId,
    /// None is everybody who attended enough and has none.
    pub guest: Option<GuestId>,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Issued {
    pub certificates: Vec<Certificate>,
    /// People who lack sessions; empty for a single one, which is refused instead.
    pub not_yet: usize,
}

/// Issues certificates and writes to those who booked. Who has a valid one gets no other: it is
/// answered again. Only for owners.
pub async fn issue(tx: &mut Tx, command: Issue) -> Result<Issued, CourseError> {
    let Issue { catalogue, actor, run, guest } = command;
    let slot = crate::schedule::slots::find(tx, run).await?.ok_or(CourseError::Unknown)?;
    actor.must_own(slot.workshop_id)?;
    let (tour, workshop, village) = catalogue.place(slot.tour_id).ok_or(CourseError::Unknown)?;
    let course = tour.course.as_ref().ok_or(CourseError::Unknown)?;
    let roll = read::roll_of(tx, run).await?;
    let live = roll.live();
    let mut issued = Issued::default();
    for (booking, one) in roll.participants() {
        if guest.is_some_and(|only| only != one.guest.id) || !counts(booking.state.kind()) {
            continue;
        }
        if let Some(there) = valid_of(tx, one.guest.id).await? {
            if guest.is_some() {
                issued.certificates.push(there);
            }
            continue;
        }
        let attended = one.attended(&live);
        if attended < course.needed {
            if guest.is_some() {
                return Err(CourseError::NotEnough { attended, needed: course.needed });
            }
            issued.not_yet += 1;
            continue;
        }
        let been: Vec<_> =
            live.iter().filter(|session| one.marks.get(&session.id) == Some(&true)).collect();
        let (Some(first), Some(last)) = (been.first(), been.last()) else { continue };
        let minutes: i64 = been.iter().map(|session| session.minutes()).sum();
        let on = local_date(tx.now());
        let certificate = Certificate {
            id: CertificateId::new(tx.now()),
            code: tx.draw_code(CODE_LENGTH),
            workshop_id: workshop.id,
            year: on.year(),
            number: next_number(tx, workshop.id, on.year()).await?,
            slot_id: run,
            booking_id: booking.id,
            guest_id: one.guest.id,
            name: one.guest.name.clone(),
            born: one.guest.born,
            course: tour.title.clone(),
            skills: course.skills.clone(),
            workshop: workshop.name.clone(),
            village: village.name.clone(),
            attended,
            sessions: i32::try_from(live.len()).unwrap_or(i32::MAX),
            minutes: i32::try_from(minutes).unwrap_or(i32::MAX),
            first_date: first.local_date,
            last_date: last.local_date,
            issued_on: on,
            issued_at: tx.now(),
            issued_by: issuer(&actor, &slot.guide),
            withdrawn_at: None,
            withdrawn_reason: String::new(),
        };
        insert(tx, &certificate).await?;
        let payload = json!({ "certificate_id": certificate.id });
        booking::tell_of_certificate(tx, booking, &certificate.code, payload).await?;
        let detail = json!({ "name": certificate.name, "number": certificate.label() });
        let shop = Some(workshop.id);
        audit::record(tx, &actor, "certificate.issue", certificate.id, shop, detail).await?;
        issued.certificates.push(certificate);
    }
    if guest.is_some() && issued.certificates.is_empty() {
        return Err(CourseError::Unknown);
    }
    Ok(issued)
}

/// Who signs: the owner, or who taught where no person acts.
fn issuer(actor: &Actor, guide: &str) -> String {
    match actor {
        Actor::Person(person) => person.name.clone(),
        Actor::System | Actor::Reseller(_) | Actor::Guest => guide.to_owned(),
    }
}

async fn next_number(tx: &mut Tx, workshop: WorkshopId, year: i32) -> Result<i32, StoreError> {
    let (last,): (Option<i32>,) = tx
        .fetch_one(
            "SELECT MAX(number) AS n FROM certificate WHERE workshop_id = $1 AND year = $2",
            params![workshop, year],
        )
        .await?;
    Ok(last.unwrap_or(0) + 1)
}

/// Where another owner took the number, or certified the same participant, at this very moment,
/// the whole is tried again.
async fn insert(tx: &mut Tx, certificate: &Certificate) -> Result<(), CourseError> {
    let row = columns! {
        id: certificate.id,
        code: certificate.code,
        workshop_id: certificate.workshop_id,
        year: certificate.year,
        number: certificate.number,
        slot_id: certificate.slot_id,
        booking_id: certificate.booking_id,
        guest_id: certificate.guest_id,
        name: certificate.name,
        born: certificate.born,
        course: certificate.course,
        skills: certificate.skills,
        workshop: certificate.workshop,
        village: certificate.village,
        attended: certificate.attended,
        sessions: certificate.sessions,
        minutes: certificate.minutes,
        first_date: certificate.first_date,
        last_date: certificate.last_date,
        issued_on: certificate.issued_on,
        issued_at: certificate.issued_at,
        issued_by: certificate.issued_by,
        withdrawn_reason: certificate.withdrawn_reason,
    };
    if tx.insert_if_new("certificate", row).await? {
        return Ok(());
    }
    tx.try_again();
    Err(BookingError::Changed.into())
}

/// Takes a certificate back.
#[derive(Debug, Clone)]
pub struct Withdraw {
    pub actor: Actor,
    pub certificate: CertificateId,
    pub reason: String,
}

/// From now on its page says that it does not count. Twice keeps the first reason. Only for
/// owners.
pub async fn withdraw(tx: &mut Tx, command: Withdraw) -> Result<Certificate, CourseError> {
    let found: Option<Certificate> = tx
        .fetch_optional("SELECT * FROM certificate WHERE id = $1", params![command.certificate])
        .await?;
    let certificate = found.ok_or(CourseError::Unknown)?;
    command.actor.must_own(certificate.workshop_id)?;
    if !certificate.is_valid() {
        return Ok(certificate);
    }
    let reason: String = command.reason.trim().chars().take(MAX_REASON).collect();
    if reason.is_empty() {
        return Err(CourseError::Reason);
    }
    let now = tx.now();
    tx.execute_one(
        "UPDATE certificate SET withdrawn_at = $2, withdrawn_reason = $3 WHERE id = $1",
        params![certificate.id, now, reason.clone()],
    )
    .await?;
    let detail = json!({ "number": certificate.label(), "reason": reason });
    let workshop = Some(certificate.workshop_id);
    let verb = "certificate.withdraw";
    audit::record(tx, &command.actor, verb, certificate.id, workshop, detail).await?;
    Ok(Certificate { withdrawn_at: Some(now), withdrawn_reason: reason, ..certificate })
}

async fn valid_of(conn: &mut Conn, guest: GuestId) -> Result<Option<Certificate>, StoreError> {
    conn.fetch_optional(
        "SELECT * FROM certificate WHERE guest_id = $1 AND withdrawn_at IS NULL",
        params![guest],
    )
    .await
}

/// The code in what was typed from paper: "7k3q-9mxa 2bcd-efgh"; None for what can be none.
pub fn code_in(text: &str) -> Option<String> {
    let code: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let fits = code.len() == CODE_LENGTH && code.chars().all(|c| c.is_ascii_alphanumeric());
    fits.then(|| code.to_ascii_uppercase())
}

/// The certificate that a code proves.
pub async fn by_code(conn: &mut Conn, text: &str) -> Result<Option<Certificate>, StoreError> {
    let Some(code) = code_in(text) else { return Ok(None) };
    conn.fetch_optional("SELECT * FROM certificate WHERE code = $1", params![code]).await
}

/// All that were issued for a run, withdrawn ones too, by number.
pub async fn certificates_of_run(
    conn: &mut Conn,
    run: SlotId,
) -> Result<Vec<Certificate>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM certificate WHERE slot_id = $1 ORDER BY year, number",
        params![run],
    )
    .await
}

/// The same of one booking.
pub async fn certificates_of_booking(
    conn: &mut Conn,
    booking: BookingId,
) -> Result<Vec<Certificate>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM certificate WHERE booking_id = $1 ORDER BY year, number",
        params![booking],
    )
    .await
}

/// Whether something of the course is on record about a guest, who then stays on the list.
pub(crate) async fn on_record(conn: &mut Conn, guest: &Guest) -> Result<bool, StoreError> {
    let (marks,): (i64,) = conn
        .fetch_one(
            "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM attendance WHERE guest_id = $1",
            params![guest.id],
        )
        .await?;
    let (certificates,): (i64,) = conn
        .fetch_one(
            "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM certificate WHERE guest_id = $1",
            params![guest.id],
        )
        .await?;
    Ok(marks + certificates > 0)
}
