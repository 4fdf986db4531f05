//! Letters about partners, and about who applies for a placement or a study.

use serde_json::Value;

use super::about::id_in;
use super::draft::Draft;
use super::render::{Desk, Queued, Rendered, finish, seller};
use super::{Letter, words};
use crate::catalogue::Workshop;
use crate::partner::{
    Applicant, ApplicantKind, ApplicantState, Keeper, Partner, PartnerKind, PartnerState, Placement,
};
use crate::store::{Conn, StoreError};
use crate::words::mail as text;
use crate::{ApplicantId, Locale, PartnerId, coop, partner};

/// To a partner, whether it agrees; to the house, what it answered.
pub(super) async fn render(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let Some(id) = id_in::<PartnerId>(payload, "partner_id") else { return Ok(None) };
    let Some(it) = partner::partner_by_id(conn, id).await? else { return Ok(None) };
    if row.kind == Letter::HostPartner {
        return Ok(to_house(desk, row, payload, &it));
    }
    // Answered, or parted again, meanwhile.
    if it.state != PartnerState::Asked {
        return Ok(None);
    }
    let house = row.workshop_id.and_then(|id| desk.catalogue.workshop(id));
    let named = match it.keeper() {
        Ok(Keeper::Coop(id)) => coop::by_id(conn, id).await?.map(|coop| coop.name),
        Ok(Keeper::Workshop(_)) => house.map(|house| house.name.clone()),
        Err(_) => None,
    };
    let (Some(house), Some(named)) = (house, named) else { return Ok(None) };
    let l = row.locale;
    let subject = text::partner_asked_subject(l, &named, &it.name);
    let mut draft = Desk::draft(row, subject, text::partner_asked_title(l).to_owned());
    draft.paragraphs.push(text::partner_asked_lead(l, &named, &it.name));
    draft.fact(kind_of(l, it.kind), it.name.clone());
    draft.fact(text::partner_city(l), it.city.clone());
    draft.fact(text::partner_web(l), it.web.clone());
    draft.fact(text::partner_since(l), words::day(l, it.since));
    let page = format!("/partner/{}/{}", it.id, it.secret);
    draft.button = Some((text::partner_asked_button(l).to_owned(), desk.url(l, &page)));
    draft.small.push(text::partner_asked_small(l).to_owned());
    draft.small.push(seller(house, l));
    draft.foot = text::why_partner(l);
    Ok(Some(finish(&draft, None, Some(house))))
}

fn kind_of(l: Locale, kind: PartnerKind) -> &'static str {
    match kind {
        PartnerKind::School => text::partner_school(l),
        PartnerKind::Designer => text::partner_designer(l),
        PartnerKind::Institute => text::partner_institute(l),
    }
}

fn to_house(desk: &Desk<'_>, row: &Queued, payload: &Value, it: &Partner) -> Option<Rendered> {
    let house = row.workshop_id.and_then(|id| desk.catalogue.workshop(id))?;
    // It answered otherwise, or was asked anew, since.
    if payload["state"].as_str() != Some(it.state.word()) {
        return None;
    }
    let l = row.locale;
    let (subject, title, lead) = match it.state {
        PartnerState::Asked => return None,
        PartnerState::Agreed => (
            text::host_partner_agreed_subject(l, &it.name),
            text::host_partner_agreed_title(l),
            text::host_partner_agreed_lead(l),
        ),
        PartnerState::Declined => (
            text::host_partner_declined_subject(l, &it.name),
            text::host_partner_declined_title(l),
            text::host_partner_declined_lead(l),
        ),
        PartnerState::Ended => (
            text::host_partner_ended_subject(l, &it.name),
            text::host_partner_ended_title(l),
            text::host_partner_ended_lead(l),
        ),
    };
    let mut draft = Desk::draft(row, subject, title.to_owned());
    draft.paragraphs.push(lead.to_owned());
    draft.fact(kind_of(l, it.kind), format!("{}\n{}", it.name, it.city));
    let page = desk.url(l, &format!("/host/{}/partners", house.slug));
    draft.button = Some((text::host_partner_button(l).to_owned(), page));
    draft.foot = text::why_host(l);
    Some(finish(&draft, None, None))
}

/// To who applied, and to the workshop.
pub(super) async fn application(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let Some(id) = id_in::<ApplicantId>(payload, "applicant_id") else { return Ok(None) };
    let Some(it) = partner::applicant_by_id(conn, id).await? else { return Ok(None) };
    let Some(house) = desk.catalogue.workshop(it.workshop_id) else { return Ok(None) };
    // Something else became of it since.
    if payload["state"].as_str() != Some(it.state.word()) {
        return Ok(None);
    }
    let placement = match it.placement_id {
        Some(id) => partner::placement(conn, id).await?,
        None => None,
    };
    let about = About { it: &it, house, placement: placement.as_ref() };
    Ok(match row.kind {
        Letter::HostApplication => Some(about.to_house(desk, row)),
        Letter::ApplicationAnswered => about.answered(desk, row),
        _ => Some(about.received(desk, row)),
    })
}

/// An application with what it is for.
struct About<'a> {
    it: &'a Applicant,
    house: &'a Workshop,
    placement: Option<&'a Placement>,
}

impl About<'_> {
    /// The placement's title, or what the study is about.
    fn what(&self, l: Locale) -> &str {
        self.placement.map_or(self.it.topic.as_str(), |placement| placement.title.text(l))
    }

    fn facts(&self, draft: &mut Draft) {
        let l = draft.locale;
        let label = match self.it.kind {
            ApplicantKind::Placement => text::application_placement(l),
            ApplicantKind::Study => text::application_study(l),
        };
        draft.fact(label, self.what(l));
        if let Some(placement) = self.placement {
            let (from, to) =
                (words::day(l, placement.first_date), words::day(l, placement.last_date));
            draft.fact(text::application_days(l), text::reseller_from_to(l, from, to));
            draft.fact(text::application_allowance(l), placement.allowance.text(l));
        }
        draft.fact(text::application_school(l), self.it.organisation.clone());
    }

    fn link(&self, desk: &Desk<'_>, draft: &mut Draft) {
        let page = format!("/application/{}/{}", self.it.id, self.it.secret);
        let page = desk.url(draft.locale, &page);
        draft.button = Some((text::application_open(draft.locale).to_owned(), page));
        draft.small.push(text::answer_host(draft.locale).to_owned());
        draft.small.push(seller(self.house, draft.locale));
        draft.foot = text::why_applicant(draft.locale);
    }

    fn received(&self, desk: &Desk<'_>, row: &Queued) -> Rendered {
        let l = row.locale;
        let subject = text::application_received_subject(l, self.what(l));
        let title = text::application_received_title(l).to_owned();
        let mut draft = Desk::draft(row, subject, title);
        draft.paragraphs.push(text::application_received_lead(l, &self.house.name));
        self.facts(&mut draft);
        draft.fact(text::application_words(l), self.it.words.clone());
        self.link(desk, &mut draft);
        finish(&draft, None, Some(self.house))
    }

    fn answered(&self, desk: &Desk<'_>, row: &Queued) -> Option<Rendered> {
        let l = row.locale;
        let (what, house) = (self.what(l), &self.house.name);
        let (subject, title, lead) = match self.it.state {
            ApplicantState::Invited => (
                text::application_invited_subject(l, what),
                text::application_invited_title(l),
                text::application_invited_lead(l, house),
            ),
            ApplicantState::Accepted => (
                text::application_accepted_subject(l, what),
                text::application_accepted_title(l),
                text::application_accepted_lead(l, house),
            ),
            ApplicantState::Declined => (
                text::application_declined_subject(l, what),
                text::application_declined_title(l),
                text::application_declined_lead(l, house),
            ),
            ApplicantState::New | ApplicantState::Withdrawn => return None,
        };
        let mut draft = Desk::draft(row, subject, title.to_owned());
        draft.paragraphs.push(lead);
        if !self.it.reply.is_empty() {
            draft.paragraphs.push(self.it.reply.clone());
        }
        self.facts(&mut draft);
        self.link(desk, &mut draft);
        Some(finish(&draft, None, Some(self.house)))
    }

    fn to_house(&self, desk: &Desk<'_>, row: &Queued) -> Rendered {
        let l = row.locale;
        let what = self.what(l);
        let gone = self.it.state == ApplicantState::Withdrawn;
        let (subject, title, lead) = if gone {
            (
                text::host_application_withdrawn_subject(l, &self.it.name, what),
                text::host_application_withdrawn_title(l),
                text::host_application_withdrawn_lead(l).to_owned(),
            )
        } else {
            (
                text::host_application_subject(l, &self.it.name, what),
                text::host_application_title(l),
                self.it.words.clone(),
            )
        };
        let mut draft = Desk::draft(row, subject, title.to_owned());
        if !lead.is_empty() {
            draft.paragraphs.push(lead);
        }
        self.facts(&mut draft);
        draft.fact(text::application_name(l), self.it.name.clone());
        draft.fact(text::email(l), self.it.email.clone());
        let page = format!("/host/{}/applications/{}", self.house.slug, self.it.id);
        draft.button = Some((text::host_application_button(l).to_owned(), desk.url(l, &page)));
        draft.foot = text::why_host(l);
        finish(&draft, None, None)
    }
}
