//! The letter about a webhook that nobody could reach for days.

use serde_json::Value;

use super::about::id_in;
use super::render::{Desk, Queued, Rendered, finish};
use crate::WebhookId;
use crate::store::{Conn, StoreError};
use crate::webhook::{self, WebhookState};
use crate::words::mail as text;

pub(super) async fn render(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let Some(id) = id_in::<WebhookId>(payload, "webhook_id") else { return Ok(None) };
    let Some(webhook) = webhook::any(conn, id).await? else { return Ok(None) };
    // Overtaken: somebody has seen to it.
    if webhook.state != WebhookState::Failing {
        return Ok(None);
    }
    let Some(house) = desk.catalogue.workshop(webhook.workshop_id) else { return Ok(None) };
    let l = row.locale;
    let host = webhook.host();
    let subject = text::webhook_failing_subject(l, &host);
    let mut draft = Desk::draft(row, subject, text::webhook_failing_title(l).to_owned());
    draft.paragraphs.push(text::webhook_failing_lead(l, &host, &house.name));
    let (hint, open, page) = if webhook.contract_id.is_some() {
        (text::webhook_failing_octo(l), text::webhook_failing_docs(l), "/octo".to_owned())
    } else {
        let page = format!("/host/{}/webhooks/{id}", house.slug);
        (text::webhook_failing_hint(l), text::webhook_failing_open(l), page)
    };
    draft.paragraphs.push(hint.to_owned());
    draft.button = Some((open.to_owned(), desk.url(l, &page)));
    draft.foot =
        if webhook.contract_id.is_some() { text::why_reseller(l) } else { text::why_host(l) };
    Ok(Some(finish(&draft, None, None)))
}
