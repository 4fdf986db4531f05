//! Letters about credentials: what the office decided, and what ends soon.

use chrono::NaiveDate;
use serde_json::Value;

use super::about::id_in;
use super::render::{Desk, Queued, Rendered, finish};
use super::{Letter, words};
use crate::CredentialId;
use crate::credential::{self, CredentialState, words as named};
use crate::store::{Conn, StoreError};
use crate::words::mail as text;

pub(super) async fn render(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let Some(id) = id_in::<CredentialId>(payload, "credential_id") else { return Ok(None) };
    let Some(it) = credential::by_id(conn, id).await? else { return Ok(None) };
    let l = row.locale;
    let title = named::title(l, &it);
    let mut draft = if row.kind == Letter::CredentialExpiring {
        let until = id_in::<NaiveDate>(payload, "until");
        // Overtaken: it is withdrawn, or has other dates by now.
        let Some(until) = until.filter(|_| it.state == CredentialState::Verified) else {
            return Ok(None);
        };
        if it.valid_until != Some(until) || crate::clock::local_date(desk.now) > until {
            return Ok(None);
        }
        let day = words::day(l, until);
        let subject = text::credential_expiring_subject(l, &day, &title);
        let mut draft = Desk::draft(row, subject, text::credential_expiring_title(l).to_owned());
        draft.paragraphs.push(text::credential_expiring_lead(l, &day, &title));
        draft.paragraphs.push(text::credential_expiring_hint(l).to_owned());
        draft
    } else {
        // Overtaken: it was changed, or decided about again.
        if payload["state"] != it.state.word() {
            return Ok(None);
        }
        let (subject, lead) = match it.state {
            CredentialState::Verified => {
                (text::credential_verified_subject(l, &title), text::credential_verified_lead(l))
            }
            CredentialState::Refused => {
                (text::credential_refused_subject(l, &title), text::credential_refused_lead(l))
            }
            CredentialState::Withdrawn => {
                (text::credential_withdrawn_subject(l, &title), text::credential_withdrawn_lead(l))
            }
            CredentialState::Claimed => return Ok(None),
        };
        let mut draft = Desk::draft(row, subject, title.clone());
        draft.paragraphs.push(lead.to_owned());
        draft.fact(text::credential_reason(l), it.reason.as_str());
        if let Some(until) = it.until().filter(|_| it.state == CredentialState::Verified) {
            draft.fact(text::credential_until(l), words::day(l, until));
        }
        draft
    };
    let house = row.workshop_id.and_then(|id| desk.catalogue.workshop(id));
    let page = house.map_or_else(
        || format!("/office/credentials/{id}"),
        |house| format!("/host/{}/credentials/{id}", house.slug),
    );
    draft.button = Some((text::credential_open(l).to_owned(), desk.url(l, &page)));
    draft.foot = if house.is_some() { text::why_host(l) } else { text::why_person(l) };
    Ok(Some(finish(&draft, None, None)))
}
