//! The demo's rules and ledger: what the co-op agreed, visits entered day by day, payouts on each
//! payday, one adjustment. Made by the verbs that people and the worker use.

use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use serde::Deserialize;

use super::{DemoError, bookings};
use crate::accounts::{self, Actor};
use crate::booking::StateKind;
use crate::catalogue::Catalogue;
use crate::clock::local_date;
use crate::coop;
use crate::ledger::{
    Adjust, Adjustment, Holder, Method, Month, PartyKind, PayOut, Payout, RuleDraft, RuleOf,
    SaveRule, Shares, adjust, by_party, enter_due, pay_out, save_rule,
};
use crate::schedule::{NoteSlot, note_slot, slots};
use crate::store::{StoreError, Tx};
use crate::{CoopId, Dong, WorkshopId};

const FILE: (&str, &str) = ("money.toml", include_str!("../../../demo/money.toml"));

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MoneyFile {
    guides: Vec<String>,
    payday: u32,
    payer: String,
    note: Notes,
    rules: Vec<RuleEntry>,
    adjustment: AdjustmentEntry,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Notes {
    cash: String,
    transfer: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleEntry {
    tour: Option<String>,
    coop: Option<String>,
    from_day: i64,
    shares: Shares,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AdjustmentEntry {
    workshop: String,
    day: i64,
    from: String,
    to: String,
    amount: i64,
    reason: String,
}

fn broken(reason: impl std::fmt::Display) -> DemoError {
    DemoError::File { file: FILE.0, reason: reason.to_string() }
}

/// Enters what the bookings of the demo brought in. They were made in the same transaction.
pub(super) async fn make(tx: &mut Tx, catalogue: &Arc<Catalogue>) -> Result<(), DemoError> {
    let file: MoneyFile = toml::from_str(FILE.1).map_err(broken)?;
    let now = tx.now();
    for rule in &file.rules {
        save(tx, catalogue, now, rule).await?;
    }
    super::visits::enter(tx, now).await?;
    for workshop in &catalogue.workshops {
        if coop::of_workshop(tx, workshop.id).await?.is_some() {
            name_guides(tx, now, workshop.id, &file.guides).await?;
        }
    }
    for day in (0..=bookings::LONG_PAST_DAYS).rev() {
        let at = now - TimeDelta::days(day);
        tx.turn(at);
        while enter_due(tx).await.map_err(broken)? > 0 {}
        if local_date(at).day() == file.payday {
            pay_all(tx, catalogue, &file, local_date(at)).await?;
        }
        if day == -file.adjustment.day {
            enter_adjustment(tx, catalogue, &file.adjustment).await?;
        }
    }
    tx.turn(now);
    Ok(())
}

/// Agreed on the day before it holds, at the latest now.
async fn save(
    tx: &mut Tx,
    catalogue: &Catalogue,
    now: DateTime<Utc>,
    rule: &RuleEntry,
) -> Result<(), DemoError> {
    let of = match (&rule.tour, &rule.coop) {
        (Some(slug), None) => {
            let tour = catalogue.tour_by_slug(slug);
            RuleOf::Tour(tour.ok_or_else(|| broken(format!("no tour {slug}")))?.id)
        }
        (None, Some(slug)) => {
            let coop = coop::by_slug(tx, slug).await?;
            RuleOf::Coop(coop.ok_or_else(|| broken(format!("no co-op {slug}")))?.id)
        }
        _ => return Err(broken("a rule is of a tour or of a co-op")),
    };
    tx.turn((now + TimeDelta::days(rule.from_day - 1)).min(now));
    let valid_from = local_date(now) + TimeDelta::days(rule.from_day);
    let draft = RuleDraft { shares: Some(rule.shares.clone()), valid_from };
    save_rule(tx, SaveRule { actor: Actor::System, of, draft }).await.map_err(broken)?;
    Ok(())
}

/// Says who led the visits that took place.
async fn name_guides(
    tx: &mut Tx,
    now: DateTime<Utc>,
    workshop: WorkshopId,
    guides: &[String],
) -> Result<(), DemoError> {
    let today = local_date(now);
    let first = today - TimeDelta::days(bookings::LONG_PAST_DAYS);
    let mut guides = guides.iter().cycle();
    for slot in slots::of_workshop(tx, workshop, first, today).await? {
        let bookings = crate::booking::query::of_slot(tx, slot.id).await?;
        let came = |booking: &crate::booking::Booking| booking.state.kind() == StateKind::CheckedIn;
        if !bookings.iter().any(came) {
            continue;
        }
        tx.turn((slot.starts_at - TimeDelta::days(1)).min(now));
        let guide = guides.next().cloned().unwrap_or_default();
        let note = NoteSlot { actor: Actor::System, slot: slot.id, note: slot.note, guide };
        note_slot(tx, note).await.map_err(broken)?;
    }
    Ok(())
}

/// Somebody who owns the workshop.
async fn owner(tx: &mut Tx, workshop: WorkshopId) -> Result<Actor, StoreError> {
    let owner = accounts::owner_of(tx, workshop).await?;
    Ok(owner.map_or(Actor::System, Actor::Person))
}

async fn pay_all(
    tx: &mut Tx,
    catalogue: &Catalogue,
    file: &MoneyFile,
    today: NaiveDate,
) -> Result<(), DemoError> {
    let payer = catalogue.workshop_by_slug(&file.payer);
    let payer = payer.ok_or_else(|| broken(format!("no workshop {}", file.payer)))?;
    let of_payer: Option<CoopId> = coop::of_workshop(tx, payer.id).await?.map(|coop| coop.id);
    for workshop in &catalogue.workshops {
        let coop = coop::of_workshop(tx, workshop.id).await?.map(|coop| coop.id);
        if coop.is_none() || coop != of_payer {
            continue;
        }
        let parties = by_party(tx, &Actor::System, workshop.id, Month::of(today)).await;
        for (party, totals) in parties.map_err(broken)? {
            let fund = party.kind == PartyKind::CoopFund;
            let paid = party.kind != PartyKind::Workshop && (fund || workshop.id == payer.id);
            if !paid || totals.closing() <= Dong::ZERO {
                continue;
            }
            let (method, note) = if party.kind == PartyKind::Guide {
                (Method::Cash, &file.note.cash)
            } else {
                (Method::Transfer, &file.note.transfer)
            };
            let command = PayOut {
                actor: owner(tx, workshop.id).await?,
                workshop: workshop.id,
                payout: Payout {
                    to: Holder::Party(party.id),
                    amount: totals.closing(),
                    on: today,
                    method,
                    note: note.clone(),
                },
                form_key: format!("demo-{}-{}-{today}", workshop.slug, party.id),
            };
            pay_out(tx, command).await.map_err(broken)?;
        }
    }
    Ok(())
}

async fn enter_adjustment(
    tx: &mut Tx,
    catalogue: &Catalogue,
    entry: &AdjustmentEntry,
) -> Result<(), DemoError> {
    let workshop = catalogue.workshop_by_slug(&entry.workshop);
    let workshop = workshop.ok_or_else(|| broken(format!("no workshop {}", entry.workshop)))?;
    let side = |word: &str| Holder::parse(word).ok_or_else(|| broken(format!("no side {word}")));
    let command = Adjust {
        actor: owner(tx, workshop.id).await?,
        workshop: workshop.id,
        adjustment: Adjustment {
            from: side(&entry.from)?,
            to: side(&entry.to)?,
            amount: Dong(entry.amount),
            reason: entry.reason.clone(),
        },
        form_key: "demo-adjustment".into(),
    };
    adjust(tx, command).await.map_err(broken)
}
