//! Letters about a workshop's place in a co-op: to who is asked, and to who asked.

use serde_json::Value;

use super::Letter;
use super::about::id_in;
use super::render::{Desk, Queued, Rendered, finish};
use crate::MemberId;
use crate::coop::{self, Asked, CoopForm, MemberState};
use crate::store::{Conn, StoreError};
use crate::words::mail as text;

pub(super) async fn render(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let Some(id) = id_in::<MemberId>(payload, "member_id") else { return Ok(None) };
    let Some(Asked { member, coop }) = coop::invitation(conn, id).await? else { return Ok(None) };
    let asked = desk.catalogue.workshop(member.workshop_id);
    let house = row.workshop_id.and_then(|id| desk.catalogue.workshop(id));
    let (Some(asked), Some(house)) = (asked, house) else { return Ok(None) };
    let l = row.locale;
    let name = &coop.name;
    let news = payload["event"].as_str().unwrap_or_default();
    let (subject, title, lead) = match (row.kind, news) {
        // Answered or taken back meanwhile.
        (Letter::CoopInvitation, _) if member.state != MemberState::Invited => return Ok(None),
        (Letter::CoopInvitation, _) => (
            text::coop_invitation_subject(l, name, &asked.name),
            text::coop_invitation_title(l).to_owned(),
            text::coop_invitation_lead(l, name, &asked.name),
        ),
        (_, "accepted") => (
            text::coop_accepted_subject(l, name, &asked.name),
            text::coop_accepted_title(l).to_owned(),
            text::coop_accepted_lead(l, name, &asked.name),
        ),
        (_, "declined") => (
            text::coop_declined_subject(l, name, &asked.name),
            text::coop_declined_title(l).to_owned(),
            text::coop_declined_lead(l, name, &asked.name),
        ),
        (_, "left") => (
            text::coop_left_subject(l, name, &asked.name),
            text::coop_left_title(l).to_owned(),
            text::coop_left_lead(l, name, &asked.name),
        ),
        (_, "removed") => (
            text::coop_removed_subject(l, name, &asked.name),
            text::coop_removed_title(l).to_owned(),
            text::coop_removed_lead(l, name, &asked.name),
        ),
        _ => return Ok(None),
    };
    let mut draft = Desk::draft(row, subject, title);
    draft.paragraphs.push(lead);
    if row.kind == Letter::CoopInvitation {
        let form = match coop.form {
            CoopForm::Group => text::coop_group(l),
            CoopForm::Cooperative => text::coop_cooperative(l),
        };
        draft.fact(form, name.clone());
        let members = coop::members(conn, coop.id).await?;
        let names: Vec<&str> = members
            .iter()
            .filter_map(|member| desk.catalogue.workshop(member.workshop_id))
            .map(|shop| shop.name.as_str())
            .collect();
        draft.fact(text::coop_members(l), names.join("\n"));
        draft.fact(text::coop_about(l), coop.summary.text(l));
        draft.small.push(text::coop_invitation_small(l).to_owned());
    }
    let words =
        if row.kind == Letter::CoopInvitation { text::coop_answer(l) } else { text::coop_open(l) };
    let url = desk.url(l, &format!("/host/{}/coop", house.slug));
    draft.button = Some((words.to_owned(), url));
    draft.foot = text::why_host(l);
    Ok(Some(finish(&draft, None, None)))
}
