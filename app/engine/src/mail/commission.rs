//! Letters about what is made to order: to its customer, and to the workshop.

use serde_json::Value;

use super::about::id_in;
use super::draft::{Draft, Fact, Picture};
use super::render::{Desk, Queued, Rendered, finish, seller};
use super::words;
use crate::catalogue::Workshop;
use crate::clock::local_date;
use crate::commission::{
    self, By, Commission, EndedBy, Entry, News, Offer, Photo, Reckoning, State, StateKind,
};
use crate::craft::delivery::{self, Carrier};
use crate::payment;
use crate::store::{Conn, StoreError};
use crate::words::{commission as text, mail};
use crate::{CommissionEntryId, CommissionId, Dong, Locale};

/// What a letter tells of, as it is now.
struct Told<'a> {
    news: News,
    commission: Commission,
    workshop: &'a Workshop,
    entry: Option<Entry>,
    photos: Vec<Photo>,
    offer: Option<Offer>,
    money: Reckoning,
    /// Money that moved.
    amount: Dong,
}

impl<'a> Told<'a> {
    async fn load(
        conn: &mut Conn,
        desk: &Desk<'a>,
        payload: &Value,
    ) -> Result<Option<Told<'a>>, StoreError> {
        let Some(news) = payload["news"].as_str().and_then(News::parse) else { return Ok(None) };
        let Some(id) = id_in::<CommissionId>(payload, "commission_id") else { return Ok(None) };
        let Some(commission) = commission::by_id(conn, id).await? else { return Ok(None) };
        let Some(workshop) = desk.catalogue.workshop(commission.workshop_id) else {
            return Ok(None);
        };
        let (entry, photos) = match id_in::<CommissionEntryId>(payload, "entry_id") {
            Some(id) => {
                (commission::entry(conn, id).await?, commission::photos_of_entry(conn, id).await?)
            }
            None => (None, Vec::new()),
        };
        let (offer, money) = commission::money_of(conn, &commission).await?;
        let amount = Dong(payload["amount"].as_i64().unwrap_or(0));
        Ok(Some(Told { news, commission, workshop, entry, photos, offer, money, amount }))
    }

    /// Whether it is still news: nothing of it was overtaken.
    fn holds(&self) -> bool {
        let kind = self.commission.kind();
        match self.news {
            News::Offer => {
                let shown = self.entry.as_ref().and_then(|entry| entry.offer_id);
                kind == StateKind::Offered && shown == self.offer.as_ref().map(|offer| offer.id)
            }
            News::Accepted => matches!(kind, StateKind::Accepted | StateKind::Making),
            News::Reminder => kind == StateKind::Accepted && self.money.now > Dong::ZERO,
            News::Lapsed => kind == StateKind::Lapsed,
            News::Ready => kind == StateKind::Ready,
            News::Ended => kind == StateKind::Ended,
            News::Asked
            | News::Message
            | News::Paid
            | News::Milestone
            | News::Posted
            | News::Delivered
            | News::Returned => true,
        }
    }

    fn page(&self, desk: &Desk<'_>, l: Locale, sub: &str) -> String {
        let Commission { id, secret, .. } = &self.commission;
        desk.url(l, &format!("/commission/{id}/{secret}{sub}"))
    }

    /// The words of whoever wrote, as they stand.
    fn say(&self, draft: &mut Draft) {
        let words = self.entry.as_ref().map_or("", |entry| entry.words.trim());
        if !words.is_empty() {
            draft.paragraphs.push(words.to_owned());
        }
    }

    fn pictures(&self, desk: &Desk<'_>, draft: &mut Draft) {
        let l = draft.locale;
        for photo in &self.photos {
            let address = format!("{}/commission-photos/{}/960", desk.settings.base_url, photo.id);
            draft.pictures.push(Picture { address, says: text::picture(l).to_owned() });
        }
    }

    /// What was ordered; the offer's terms where there is one.
    fn facts(&self, draft: &mut Draft) {
        let l = draft.locale;
        draft.fact(text::what(l), self.commission.brief.what.clone());
        draft.fact(text::code(l), self.commission.code.to_string());
        let Some(offer) = &self.offer else { return };
        draft.fact(text::price(l), offer.price.display(l));
        if offer.deposit() > Dong::ZERO {
            draft.fact(text::deposit(l), offer.deposit().display(l));
        }
        draft.fact(text::ready_on(l), words::day(l, offer.ready_on));
    }
}

pub(super) async fn to_customer(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let told = Told::load(conn, desk, payload).await?;
    let Some(told) = told.filter(|told| told.holds() && !told.commission.is_forgotten()) else {
        return Ok(None);
    };
    let l = row.locale;
    let mut draft = head(row, &told);
    told.say(&mut draft);
    told.pictures(desk, &mut draft);
    if told.news != News::Message {
        told.facts(&mut draft);
    }
    match told.news {
        News::Offer => {
            if let Some(offer) = &told.offer {
                draft.fact(text::valid_until(l), words::day(l, offer.valid_until));
                draft.small.push(kept(l, offer));
            }
        }
        News::Posted => parcel(conn, &told, &mut draft).await?,
        _ => {}
    }
    draft.button = Some((button(l, told.news).to_owned(), told.page(desk, l, "")));
    if matches!(told.news, News::Accepted | News::Reminder | News::Ready) {
        pay(conn, desk, &told, &mut draft).await?;
    }
    draft.small.push(text::keep(l).to_owned());
    draft.small.push(seller(told.workshop, l));
    draft.foot = text::why(l);
    Ok(Some(finish(&draft, None, Some(told.workshop))))
}

/// Subject, title and lead.
fn head(row: &Queued, told: &Told<'_>) -> Draft {
    let l = row.locale;
    let (what, shop) = (told.commission.brief.what.as_str(), told.workshop.name.as_str());
    let amount = told.amount.display(l);
    let (subject, title, lead) = match told.news {
        News::Asked => {
            (text::asked_subject(l, what, shop), text::asked_title(l), text::asked_lead(l, shop))
        }
        News::Message => {
            (text::message_subject(l, what, shop), text::message_title(l), String::new())
        }
        News::Offer => {
            (text::offer_subject(l, what, shop), text::offer_title(l), text::offer_lead(l, shop))
        }
        News::Accepted if told.money.now > Dong::ZERO => (
            text::accepted_subject(l, what),
            text::accepted_title(l),
            text::accepted_lead(l, told.money.now.display(l), until(l, told)),
        ),
        News::Accepted => {
            (text::begun_subject(l, what), text::begun_title(l), text::begun_lead(l, shop))
        }
        News::Reminder => (
            text::reminder_subject(l, what),
            text::reminder_title(l),
            text::reminder_lead(l, told.money.now.display(l), until(l, told)),
        ),
        News::Lapsed => {
            (text::lapsed_subject(l, what), text::lapsed_title(l), text::lapsed_lead(l, shop))
        }
        News::Paid => (
            text::paid_subject(l, &amount, what),
            text::paid_title(l),
            text::paid_lead(l, &amount, shop),
        ),
        News::Milestone => {
            (text::milestone_subject(l, what), text::milestone_title(l), String::new())
        }
        News::Ready if told.money.now > Dong::ZERO => (
            text::ready_subject(l, what),
            text::ready_title(l),
            text::ready_lead_pay(l, told.money.now.display(l)),
        ),
        News::Ready => {
            (text::ready_subject(l, what), text::ready_title(l), text::ready_lead(l, shop))
        }
        News::Posted => {
            (text::posted_subject(l, what), text::posted_title(l), text::posted_lead(l, shop))
        }
        News::Delivered => (
            text::delivered_subject(l, what),
            text::delivered_title(l),
            text::delivered_lead(l, shop),
        ),
        News::Ended => (text::ended_subject(l, what), text::ended_title(l), ended(l, told, shop)),
        News::Returned => (
            text::returned_subject(l, &amount, what),
            text::returned_title(l),
            text::returned_lead(l, &amount, shop),
        ),
    };
    let mut draft = Desk::draft(row, subject, title.to_owned());
    if !lead.is_empty() {
        draft.paragraphs.push(lead);
    }
    draft
}

fn until(l: Locale, told: &Told<'_>) -> String {
    told.commission.state.until().map(|until| words::moment(l, until)).unwrap_or_default()
}

/// Who ended it, and what follows for the customer's money.
fn ended(l: Locale, told: &Told<'_>, shop: &str) -> String {
    let State::Ended { by, reason, .. } = &told.commission.state else { return String::new() };
    let mut lines = vec![match by {
        EndedBy::Customer => text::ended_by_customer(l).to_owned(),
        EndedBy::Workshop => text::ended_by_workshop(l, shop),
    }];
    if *by == EndedBy::Workshop && !reason.is_empty() {
        lines.push(reason.clone());
    }
    if told.money.due > Dong::ZERO {
        lines.push(text::ended_back(l, told.money.due.display(l)));
    }
    lines.join("\n")
}

/// What the offer says of an end after the deposit.
fn kept(l: Locale, offer: &Offer) -> String {
    match offer.kept_percent {
        0 => text::terms_nothing(l).to_owned(),
        100 => text::terms_all(l).to_owned(),
        percent => text::terms_part(l, percent),
    }
}

fn button(l: Locale, news: News) -> &'static str {
    match news {
        News::Offer => text::button_offer(l),
        News::Message => text::button_answer(l),
        _ => text::button(l),
    }
}

/// Where the money goes, while some is to be paid now.
async fn pay(
    conn: &mut Conn,
    desk: &Desk<'_>,
    told: &Told<'_>,
    draft: &mut Draft,
) -> Result<(), StoreError> {
    if told.money.now == Dong::ZERO {
        return Ok(());
    }
    let l = draft.locale;
    let account = match told.commission.account_id {
        Some(id) => payment::account_by_id(conn, id).await?,
        None => None,
    };
    let Some(account) = account else {
        draft.small.push(text::pay_there(l).to_owned());
        return Ok(());
    };
    draft.fact(mail::payment_amount(l), told.money.now.display(l));
    draft.fact(mail::payment_bank(l), account.bank.name());
    draft.fact(mail::payment_account(l), account.number.as_str());
    draft.fact(mail::payment_holder(l), account.holder.clone());
    draft.fact(mail::payment_text(l), told.commission.code.as_str());
    draft.button = Some((mail::payment_button(l).to_owned(), told.page(desk, l, "/pay")));
    draft.small.push(mail::payment_direct(l).to_owned());
    Ok(())
}

/// Who carries it under which number, and where to.
async fn parcel(conn: &mut Conn, told: &Told<'_>, draft: &mut Draft) -> Result<(), StoreError> {
    let Some(id) = told.commission.parcel_id else { return Ok(()) };
    let Some(parcel) = delivery::parcel(conn, id).await? else { return Ok(()) };
    let l = draft.locale;
    draft.fact(mail::piece_carrier(l), parcel.carrier.map_or("", Carrier::name));
    if !parcel.tracking.is_empty() {
        let link = parcel.track_url().map(|url| (mail::piece_track(l).to_owned(), url));
        let lines = vec![parcel.tracking.clone()];
        draft.facts.push(Fact { label: mail::piece_tracking(l).to_owned(), lines, link });
    }
    if let Some(address) = &parcel.address {
        let mut lines = vec![parcel.recipient.name.clone()];
        lines.extend(address.lines());
        draft.fact(mail::piece_address(l), lines.join("\n"));
    }
    Ok(())
}

/// For the workshop: what its customer did, or time.
pub(super) async fn to_host(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let told = Told::load(conn, desk, payload).await?;
    let Some(told) = told.filter(|told| told.holds() && !told.commission.is_forgotten()) else {
        return Ok(None);
    };
    let l = row.locale;
    let Commission { brief, name, .. } = &told.commission;
    let what = brief.what.as_str();
    let amount = told.amount.display(l);
    let (subject, title) = match told.news {
        News::Message => (text::host_message_subject(l, name, what), text::host_message_title(l)),
        News::Accepted => {
            (text::host_accepted_subject(l, name, what), text::host_accepted_title(l))
        }
        News::Paid => (text::host_paid_subject(l, &amount, what), text::host_paid_title(l)),
        News::Lapsed => (text::host_lapsed_subject(l, what), text::host_lapsed_title(l)),
        News::Ended => (text::host_ended_subject(l, name, what), text::host_ended_title(l)),
        _ => (text::host_asked_subject(l, name, what), text::host_asked_title(l)),
    };
    let mut draft = Desk::draft(row, subject, title.to_owned());
    let theirs = told.entry.as_ref().is_some_and(|entry| entry.by == By::Customer);
    if theirs {
        told.say(&mut draft);
    }
    told.pictures(desk, &mut draft);
    if let State::Ended { reason, .. } = &told.commission.state
        && told.news == News::Ended
        && !reason.is_empty()
    {
        draft.paragraphs.push(reason.clone());
    }
    if told.news == News::Ended && told.money.due > Dong::ZERO {
        draft.paragraphs.push(text::host_back(l, told.money.due.display(l)));
    }
    told.facts(&mut draft);
    if told.news == News::Asked {
        draft.fact(text::size(l), brief.size.clone());
        draft.fact(text::colours(l), brief.colours.clone());
        draft.fact(text::pieces(l), brief.pieces.to_string());
        draft.fact(text::wished(l), brief.wished_on.map_or(String::new(), |on| words::day(l, on)));
        draft.fact(text::budget(l), brief.budget.map_or(String::new(), |sum| sum.display(l)));
        draft.fact(text::details(l), brief.details.clone());
    }
    draft.fact(mail::guest(l), name.clone());
    draft.fact(mail::phone(l), crate::phone::readable(&told.commission.phone, l));
    draft.fact(mail::email(l), told.commission.email.clone());
    draft.fact(text::since(l), words::day(l, local_date(told.commission.created_at)));
    let path = format!("/host/{}/commissions/{}", told.workshop.slug, told.commission.id);
    draft.button = Some((text::host_open(l).to_owned(), desk.url(l, &path)));
    draft.foot = mail::why_host(l);
    Ok(Some(finish(&draft, None, None)))
}
