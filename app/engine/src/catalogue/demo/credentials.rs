//! The demo's credentials, claimed and decided by the verbs that hosts and the office use.

use chrono::{Months, NaiveDate, TimeDelta};
use serde::Deserialize;

use super::DemoError;
use crate::accounts::Actor;
use crate::catalogue::Catalogue;
use crate::clock::local_date;
use crate::coop;
use crate::credential::rule::OCOP_MONTHS;
use crate::credential::{
    self, Claim, ClaimInput, CredentialState, Decide, Decision, Enter, Kind, Seat, Upload,
};
use crate::store::Tx;

const FILE: (&str, &str) = ("credentials.toml", include_str!("../../../demo/credentials.toml"));
/// A paper that says of itself that it is none.
const SPECIMEN: &[u8] = include_bytes!("../../../demo/specimen.pdf");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CredentialsFile {
    credentials: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    kind: String,
    village: Option<String>,
    coop: Option<String>,
    workshop: Option<String>,
    tour: Option<String>,
    mark: Option<String>,
    #[serde(default)]
    subject: String,
    stars: Option<u8>,
    #[serde(default)]
    level: String,
    #[serde(default)]
    issuer: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    decision: String,
    year: Option<i32>,
    filed_ago: Option<i64>,
    issued_ago: Option<i64>,
    until_in: Option<i64>,
    /// Of stars, in place of the day of the decision: in how many days they end.
    ends_in: Option<i64>,
    ago: i64,
    #[serde(default = "verified")]
    state: CredentialState,
    #[serde(default)]
    reason: String,
}

const fn verified() -> CredentialState {
    CredentialState::Verified
}

fn broken(reason: impl std::fmt::Display) -> DemoError {
    DemoError::File { file: FILE.0, reason: reason.to_string() }
}

pub(super) async fn insert(tx: &mut Tx, catalogue: &Catalogue) -> Result<(), DemoError> {
    let file: CredentialsFile = toml::from_str(FILE.1).map_err(broken)?;
    let now = tx.now();
    for (at, entry) in file.credentials.iter().enumerate() {
        enter(tx, catalogue, at, entry).await?;
        tx.turn(now);
    }
    // Nobody is written to who does not exist.
    tx.execute("DELETE FROM outbox WHERE kind = 'credential_decided'", vec![]).await?;
    Ok(())
}

async fn enter(
    tx: &mut Tx,
    catalogue: &Catalogue,
    at: usize,
    entry: &Entry,
) -> Result<(), DemoError> {
    let unknown = |what: &str| broken(format!("entry {at}: no {what}"));
    let now = tx.now();
    let kind = Kind::parse(&entry.kind).ok_or_else(|| unknown("such kind"))?;
    let seat = seat(tx, catalogue, entry).await?.ok_or_else(|| unknown("such holder"))?;
    let mut input = input(entry, local_date(now));
    if let Some(slug) = &entry.tour {
        let tour = catalogue.tour_by_slug(slug).ok_or_else(|| unknown("such tour"))?;
        input.of = tour.id.to_string();
    }
    if let Some(name) = &entry.mark {
        let marks = credential::marks(tx).await?;
        let mark = marks.iter().find(|mark| mark.subject == *name);
        input.mark = mark.ok_or_else(|| unknown("such mark"))?.id.to_string();
    }
    let papers = match seat {
        Seat::Village(_) => Vec::new(),
        Seat::Coop(_) | Seat::Workshop(_) => {
            vec![Upload::new("ban-mau.pdf", SPECIMEN.to_vec()).map_err(broken)?]
        }
    };
    tx.turn(now - TimeDelta::days(entry.ago));
    let claim = Claim::parse(kind, seat, &input, local_date(tx.now()))
        .map_err(|wrongs| broken(format!("entry {at}: {wrongs:?}")))?;
    let form_key = format!("demo-credential-{at}");
    let command = Enter { actor: Actor::System, claim, papers, form_key };
    let id = credential::enter(tx, command).await.map_err(broken)?;
    let decision = match entry.state {
        CredentialState::Claimed => return Ok(()),
        CredentialState::Verified => Decision::Verify,
        CredentialState::Refused => Decision::Refuse(entry.reason.clone()),
        CredentialState::Withdrawn => Decision::Withdraw(entry.reason.clone()),
    };
    tx.turn(now - TimeDelta::days(entry.ago - 1));
    let command = Decide { actor: Actor::System, credential: id, version: 0, decision };
    credential::decide(tx, command).await.map_err(broken)
}

async fn seat(
    tx: &mut Tx,
    catalogue: &Catalogue,
    entry: &Entry,
) -> Result<Option<Seat>, DemoError> {
    if let Some(slug) = &entry.coop {
        return Ok(coop::by_slug(tx, slug).await?.map(|coop| Seat::Coop(coop.id)));
    }
    if let Some(slug) = &entry.workshop {
        return Ok(catalogue.workshop_by_slug(slug).map(|shop| Seat::Workshop(shop.id)));
    }
    let village = entry.village.as_ref().and_then(|slug| catalogue.village_by_slug(slug));
    Ok(village.map(|village| Seat::Village(village.id)))
}

fn input(entry: &Entry, today: NaiveDate) -> ClaimInput {
    let before = |days: Option<i64>| days.map(|days| (today - TimeDelta::days(days)).to_string());
    let ends = entry.ends_in.and_then(|days| {
        let last = today + TimeDelta::days(days);
        Some(last.checked_sub_months(Months::new(OCOP_MONTHS))?.to_string())
    });
    let until = entry.until_in.map(|days| (today + TimeDelta::days(days)).to_string());
    ClaimInput {
        subject: entry.subject.clone(),
        stars: entry.stars.map(|stars| stars.to_string()).unwrap_or_default(),
        level: entry.level.clone(),
        number: entry.number.clone(),
        decision: entry.decision.clone(),
        issuer: entry.issuer.clone(),
        year: entry.year.map(|year| year.to_string()).unwrap_or_default(),
        filed_on: before(entry.filed_ago).unwrap_or_default(),
        issued_on: ends.or_else(|| before(entry.issued_ago)).unwrap_or_default(),
        until: until.unwrap_or_default(),
        ..ClaimInput::default()
    }
}
