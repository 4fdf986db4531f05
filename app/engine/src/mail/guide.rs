//! Letters to guides: what they lead now, and what no more.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::about::id_in;
use super::render::{Desk, Queued, Rendered, finish, place};
use super::words;
use crate::guide;
use crate::schedule::{SlotStatus, slots};
use crate::store::{Conn, StoreError};
use crate::words::mail as text;
use crate::{ResourceId, SlotId};

pub(super) async fn render(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let ids = id_in::<ResourceId>(payload, "guide_id").zip(id_in::<SlotId>(payload, "slot_id"));
    let Some((guide, slot)) = ids else { return Ok(None) };
    let Some(guide) = guide::find(conn, guide).await? else { return Ok(None) };
    // Rules take back empty departures, and nobody waits for those.
    let Some(slot) = slots::find(conn, slot).await? else { return Ok(None) };
    let Some((tour, workshop, _)) = desk.catalogue.place(slot.tour_id) else { return Ok(None) };
    let leads = guide::leads(conn, guide.id(), slot.id).await?;
    let l = row.locale;
    let (title, day) = (tour.title.text(l), words::day(l, slot.local_date));
    let before: Option<DateTime<Utc>> = payload["from"].as_str().and_then(|it| it.parse().ok());
    let before = before.unwrap_or(slot.starts_at);
    let (subject, heading, lead) = match payload["event"].as_str().unwrap_or_default() {
        // Overtaken: taken off again meanwhile, or put back.
        "assigned" | "moved" if !leads => return Ok(None),
        "off" if leads => return Ok(None),
        "assigned" => (
            text::guide_assigned_subject(l, &day, title),
            text::guide_assigned_title(l),
            text::guide_assigned_lead(l, &workshop.name),
        ),
        "moved" => (
            text::guide_moved_subject(l, &day, title),
            text::guide_moved_title(l),
            text::guide_moved_lead(l, words::moment(l, before), &workshop.name),
        ),
        "off" if slot.status == SlotStatus::Cancelled => (
            text::guide_off_subject(l, words::moment(l, before), title),
            text::guide_off_title(l),
            text::guide_cancelled_lead(l, words::moment(l, before), &workshop.name),
        ),
        "off" => (
            text::guide_off_subject(l, words::moment(l, before), title),
            text::guide_off_title(l),
            text::guide_off_lead(l, words::moment(l, before), &workshop.name),
        ),
        _ => return Ok(None),
    };
    let mut draft = Desk::draft(row, subject, heading.to_owned());
    draft.paragraphs.push(lead);
    draft.fact(text::tour(l), title);
    if leads {
        draft.fact(text::when(l), words::hours(l, &slot));
        draft.fact(text::party(l), text::people(l, i64::from(slot.heads)));
        place(&mut draft, tour, workshop);
    }
    let url = desk.url(l, &guide::link_path(&guide.token));
    draft.button = Some((text::guide_open(l).to_owned(), url));
    draft.foot = text::why_guide(l);
    Ok(Some(finish(&draft, None, Some(workshop))))
}
