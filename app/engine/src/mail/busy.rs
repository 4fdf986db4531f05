//! The letter about a calendar of others that can't be read any more.

use serde_json::Value;

use super::about::id_in;
use super::render::{Desk, Queued, Rendered, finish};
use super::words;
use crate::busy::{self, Subject};
use crate::store::{Conn, StoreError};
use crate::words::mail as text;
use crate::{CalendarId, guide};

pub(super) async fn render(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let Some(id) = id_in::<CalendarId>(payload, "calendar_id") else { return Ok(None) };
    let Some(calendar) = busy::find(conn, id).await? else { return Ok(None) };
    // Overtaken: it can be read again, or nobody wants to.
    if !calendar.is_stale(desk.now) {
        return Ok(None);
    }
    let l = row.locale;
    let name = &calendar.name;
    let subject = text::calendar_stale_subject(l, name);
    let mut draft = Desk::draft(row, subject, text::calendar_stale_title(l).to_owned());
    let since = words::moment(l, calendar.seen_at);
    draft.paragraphs.push(text::calendar_stale_lead(l, calendar.host(), name, since));
    draft.paragraphs.push(text::calendar_stale_hint(l).to_owned());
    let house = row.workshop_id.and_then(|id| desk.catalogue.workshop(id));
    let page = match (calendar.subject(), house) {
        (Some(Subject::Workshop(_)), Some(house)) => format!("/host/{}/calendars", house.slug),
        (Some(Subject::Resource(of)), Some(house)) => {
            format!("/host/{}/calendars/{of}", house.slug)
        }
        (Some(Subject::Resource(of)), None) => match guide::find(conn, of).await? {
            Some(guide) => format!("{}/calendars", guide::link_path(&guide.token)),
            None => return Ok(None),
        },
        _ => return Ok(None),
    };
    draft.button = Some((text::calendar_stale_open(l).to_owned(), desk.url(l, &page)));
    draft.foot = if house.is_some() { text::why_host(l) } else { text::why_guide(l) };
    Ok(Some(finish(&draft, None, None)))
}
