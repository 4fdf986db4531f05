//! The demo's co-ops: who works with whom, since when, and who is asked.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::Deserialize;

use super::DemoError;
use crate::booking::overflow::Ordering;
use crate::clock::venue_instant;
use crate::coop::{self, Author, CoopForm, MemberRole, MemberState};
use crate::store::Tx;
use crate::{CoopId, Localized, MemberId, VillageId, WorkshopId, columns, params};

const FILE: (&str, &str) = ("coops.toml", include_str!("../../../demo/coops.toml"));

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CoopFile {
    coops: Vec<CoopEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CoopEntry {
    slug: String,
    village: String,
    form: CoopForm,
    name: String,
    summary: Localized,
    story: Localized,
    founded_on: Option<NaiveDate>,
    phone: String,
    email: String,
    members: Vec<MemberEntry>,
}

/// Asked and not answered without `joined_on`; gone since with `left_on`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MemberEntry {
    workshop: String,
    role: MemberRole,
    joined_on: Option<NaiveDate>,
    left_on: Option<NaiveDate>,
    invited_days_ago: Option<i64>,
}

/// A co-op by its address, or the office.
pub(super) async fn author(tx: &mut Tx, coop: Option<&str>) -> Result<Author, DemoError> {
    let Some(slug) = coop else { return Ok(Author::Office) };
    let found = coop::by_slug(tx, slug).await?;
    Ok(Author::Coop(found.ok_or_else(|| broken(format!("no co-op {slug}")))?.id))
}

/// Writes the co-ops of a catalogue that has just been seeded.
pub(super) async fn insert(tx: &mut Tx) -> Result<(), DemoError> {
    let file: CoopFile = toml::from_str(FILE.1).map_err(|error| broken(error.to_string()))?;
    for entry in file.coops {
        let village: Option<(VillageId,)> = tx
            .fetch_optional("SELECT id FROM village WHERE slug = $1", params![entry.village])
            .await?;
        let (village,) = village.ok_or_else(|| broken(format!("no village {}", entry.village)))?;
        let id = CoopId::new(tx.now());
        let coop = columns! {
            id: id,
            slug: entry.slug,
            village_id: village,
            form: entry.form,
            name: entry.name,
            summary: entry.summary,
            story: entry.story,
            founded_on: entry.founded_on,
            phone: entry.phone,
            email: entry.email,
            created_at: tx.now(),
        };
        tx.insert("coop", coop).await?;
        for member in &entry.members {
            insert_member(tx, id, member).await?;
        }
        let overflow = columns! {
            coop_id: id,
            active: true,
            window_minutes: 90,
            ordering: Ordering::Rotation,
            equal_price: false,
            updated_at: tx.now(),
        };
        tx.insert("overflow_rule", overflow).await?;
    }
    Ok(())
}

async fn insert_member(tx: &mut Tx, coop: CoopId, entry: &MemberEntry) -> Result<(), DemoError> {
    let workshop: Option<(WorkshopId,)> = tx
        .fetch_optional("SELECT id FROM workshop WHERE slug = $1", params![entry.workshop])
        .await?;
    let (workshop,) = workshop.ok_or_else(|| broken(format!("no workshop {}", entry.workshop)))?;
    let (joined, left) = (entry.joined_on.map(morning), entry.left_on.map(morning));
    let asked = tx.now() - TimeDelta::days(entry.invited_days_ago.unwrap_or_default());
    let state = match (joined, left) {
        (None, _) => MemberState::Invited,
        (Some(_), None) => MemberState::Active,
        (Some(_), Some(_)) => MemberState::Left,
    };
    let member = columns! {
        id: MemberId::new(tx.now()),
        coop_id: coop,
        workshop_id: workshop,
        role: entry.role,
        state: state,
        invited_at: joined.unwrap_or(asked),
        joined_at: joined,
        ended_at: left,
    };
    tx.insert("coop_member", member).await?;
    if state == MemberState::Active {
        crate::resource::membership_changed(tx, workshop).await?;
    }
    Ok(())
}

fn morning(date: NaiveDate) -> DateTime<Utc> {
    let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default();
    venue_instant(date, nine).unwrap_or_default()
}

fn broken(reason: String) -> DemoError {
    DemoError::File { file: FILE.0, reason }
}
