//! The calendar of a resource to subscribe to: who has it when. No guest is named: members of a
//! co-op see each other's visits.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;

use super::board::{self, VisitLine};
use super::model::{Purpose, Resource, Use};
use crate::catalogue::Catalogue;
use crate::feeds::{AHEAD, BEHIND};
use crate::mail::MailSettings;
use crate::mail::ics::{self, Event};
use crate::store::{Bind, Conn, StoreError, placeholders};
use crate::words::mail as text;
use crate::{Locale, SlotId, params};

/// The feed behind a token; None for a wrong one.
pub(crate) async fn of_token(
    conn: &mut Conn,
    catalogue: &Catalogue,
    settings: &MailSettings,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<String>, StoreError> {
    let resource: Option<Resource> = conn
        .fetch_optional("SELECT * FROM resource WHERE feed_token = $1", params![*token])
        .await?;
    let Some(resource) = resource else { return Ok(None) };
    let locale = match resource.workshop_id {
        Some(workshop) => {
            let (locale,): (Locale,) = conn
                .fetch_one("SELECT locale FROM workshop WHERE id = $1", params![workshop])
                .await?;
            locale
        }
        // A co-op has no language of its own.
        None => Locale::Vi,
    };
    let name = resource.name.text(locale).to_owned();
    let events = uses(conn, (catalogue, settings), locale, &[resource], now).await?;
    Ok(Some(ics::feed(&ics::Feed { name, events, days: Vec::new() })))
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    taken: Use,
    created_at: DateTime<Utc>,
}

/// What takes these resources in the time that feeds show.
pub(crate) async fn uses(
    conn: &mut Conn,
    (catalogue, settings): (&Catalogue, &MailSettings),
    locale: Locale,
    resources: &[Resource],
    now: DateTime<Utc>,
) -> Result<Vec<Event>, StoreError> {
    if resources.is_empty() {
        return Ok(Vec::new());
    }
    let list = placeholders(3, resources.len());
    let mut values = params![now - BEHIND, now + AHEAD];
    values.extend(resources.iter().map(|it| it.id.bind()));
    let sql = format!(
        "SELECT * FROM resource_use WHERE ends_at > $1 AND starts_at < $2 \
         AND resource_id IN ({list}) ORDER BY starts_at, id"
    );
    let rows: Vec<Row> = conn.fetch_all(AssertSqlSafe(sql), values).await?;
    let all: Vec<Use> = rows.iter().map(|row| row.taken.clone()).collect();
    let visits = board::visits_of(conn, &all).await?;
    let scene = Scene { catalogue, settings, locale, visits, named: resources.len() > 1 };
    Ok(rows
        .iter()
        .filter_map(|row| {
            let resource = resources.iter().find(|it| it.id == row.taken.resource_id)?;
            Some(scene.event(resource, row))
        })
        .collect())
}

struct Scene<'a> {
    catalogue: &'a Catalogue,
    settings: &'a MailSettings,
    locale: Locale,
    visits: HashMap<SlotId, VisitLine>,
    /// Several resources are in one calendar.
    named: bool,
}

impl Scene<'_> {
    fn event(&self, resource: &Resource, row: &Row) -> Event {
        let (locale, taken) = (self.locale, &row.taken);
        let shop = |id| self.catalogue.workshop(id).map_or("", |shop| shop.name.as_str());
        let visit = taken.slot_id.and_then(|slot| self.visits.get(&slot));
        let what = match (taken.purpose, visit) {
            (Purpose::Visit, Some(visit)) => {
                let tour = self.catalogue.tour(visit.tour_id);
                let title = tour.map_or("", |tour| tour.title.text(locale));
                text::feed_visit(locale, i64::from(visit.heads), title, shop(visit.workshop_id))
            }
            (Purpose::Own, _) => text::feed_own(locale, taken.workshop_id.map_or("", shop)),
            (Purpose::Visit | Purpose::Upkeep, _) => text::feed_upkeep(locale).to_owned(),
        };
        let name = resource.name.text(locale);
        let amount = (resource.quantity > 1).then(|| {
            text::feed_amount(locale, i64::from(taken.amount), i64::from(resource.quantity))
        });
        let note = (!taken.note.is_empty()).then(|| taken.note.clone());
        let lines: Vec<String> = amount.into_iter().chain(note).collect();
        let uid = format!("use-{}@{}", taken.id, self.settings.from.domain());
        let times = (taken.starts_at, taken.ends_at);
        let summary = if self.named { locale.writing().labelled(name, what) } else { what };
        Event {
            description: lines.join("\n"),
            ..Event::in_feed(uid, row.created_at, times, summary)
        }
    }
}
