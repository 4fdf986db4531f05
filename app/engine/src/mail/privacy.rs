//! The letter with the link to what is held under an address.

use serde_json::Value;

use super::render::{Desk, Queued, Rendered, finish};
use crate::privacy;
use crate::store::{Conn, StoreError};
use crate::words::mail as text;

/// The link, while it opens anything.
pub(super) async fn render(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let token = payload["token"].as_str().unwrap_or_default();
    if privacy::address_of(conn, token, desk.now).await?.is_none() {
        return Ok(None);
    }
    let l = row.locale;
    let subject = text::my_data_subject(l).to_owned();
    let mut draft = Desk::draft(row, subject, text::my_data_title(l).to_owned());
    draft.paragraphs.push(text::my_data_lead(l, privacy::LINK_LIFE.num_minutes()));
    let page = desk.url(l, &format!("/my-data/{token}"));
    draft.button = Some((text::my_data_button(l).to_owned(), page));
    draft.foot = text::why_my_data(l);
    Ok(Some(finish(&draft, None, None)))
}
