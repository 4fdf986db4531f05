//! Letters about what guests made: one for a party and a moment, whatever happened to how many pieces.

use std::collections::HashMap;

use serde_json::Value;

use super::draft::{Draft, Fact};
use super::render::{Desk, Queued, Rendered, finish, seller};
use super::{Letter, words};
use crate::booking::query;
use crate::catalogue::Workshop;
use crate::clock::local_date;
use crate::craft::delivery::{self, Carrier, Parcel, ParcelState, Way};
use crate::craft::{self, Loss, Piece, PieceNews, PieceParty, PieceState, StepKind, What};
use crate::provenance::Record;
use crate::store::{Conn, StoreError};
use crate::words::mail as text;
use crate::{Dong, Locale, PieceId};

/// What a letter tells of, as it is now.
struct News {
    party: PieceParty,
    fired: Option<StepKind>,
    pieces: Vec<(What, Piece)>,
    records: HashMap<PieceId, Record>,
    parcel: Option<Parcel>,
}

impl News {
    async fn load(conn: &mut Conn, row: &Queued) -> Result<Option<News>, StoreError> {
        let Ok(told) = serde_json::from_str::<PieceNews>(&row.payload) else { return Ok(None) };
        let Some(party) = craft::party_of(conn, told.party_id).await? else { return Ok(None) };
        let all = craft::pieces_of(conn, party.id).await?;
        let losses = craft::losses_of(conn, party.id).await?;
        let of = |id: PieceId| all.iter().find(|piece| piece.id == id).cloned();
        let pieces: Vec<(What, Piece)> = told
            .pieces
            .into_iter()
            .filter_map(|(what, id)| of(id).map(|piece| (what, piece)))
            .filter(|(what, piece)| holds(*what, piece, &losses))
            .collect();
        let parcel = match pieces.iter().find_map(|(_, piece)| piece.parcel_id) {
            Some(id) => delivery::parcel(conn, id).await?,
            None => None,
        };
        let records = craft::records_of(conn, &all).await?;
        Ok(Some(News { party, fired: told.fired, pieces, records, parcel }))
    }

    fn of(&self, wanted: What) -> Vec<&Piece> {
        let some = self.pieces.iter().filter(|(what, _)| *what == wanted);
        some.map(|(_, piece)| piece).collect()
    }

    /// Numbers of the pieces of these kinds, each once.
    fn labels(&self, wanted: &[What]) -> String {
        let some = self.pieces.iter().filter(|(what, _)| wanted.contains(what));
        let mut labels: Vec<&Piece> = some.map(|(_, piece)| piece).collect();
        labels.sort_by_key(|piece| piece.number);
        labels.dedup_by_key(|piece| piece.number);
        labels.iter().map(|piece| piece.label.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// Whether it is still news: nothing of it was overtaken.
fn holds(what: What, piece: &Piece, losses: &[Loss]) -> bool {
    match what {
        What::Cracked | What::Lost => {
            losses.iter().any(|loss| loss.piece_id == piece.id && loss.choice.is_none())
        }
        What::Late => piece.state == PieceState::Making,
        What::Ready => piece.state == PieceState::Ready,
        What::Posted => matches!(piece.state, PieceState::Posted | PieceState::Handed),
        What::Fired | What::Registered => !piece.state.is_broken(),
    }
}

pub(super) async fn to_guest(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
) -> Result<Option<Rendered>, StoreError> {
    let Some(news) = News::load(conn, row).await? else { return Ok(None) };
    let Some(workshop) = desk.catalogue.workshop(news.party.workshop_id) else { return Ok(None) };
    let l = row.locale;
    let Some(mut draft) = draft(desk, row, &news, workshop) else { return Ok(None) };
    let page = desk.url(l, &format!("/pieces/{}", news.party.secret));
    let asks = row.kind == Letter::PieceReady && news.parcel.is_none();
    let button = match row.kind {
        Letter::PieceCracked => text::piece_button_choose(l),
        _ if asks => text::piece_button_address(l),
        _ => text::piece_button(l),
    };
    draft.button = Some((button.to_owned(), page));
    draft.small.push(text::piece_keep(l).to_owned());
    draft.small.push(seller(workshop, l));
    draft.foot = text::why_piece(l);
    Ok(Some(finish(&draft, None, Some(workshop))))
}

fn draft(desk: &Desk<'_>, row: &Queued, news: &News, workshop: &Workshop) -> Option<Draft> {
    let l = row.locale;
    let shop = workshop.name.as_str();
    let count = |what| i64::try_from(news.of(what).len()).unwrap_or(i64::MAX);
    match row.kind {
        Letter::PieceRegistered => {
            let labels = news.labels(&[What::Registered]);
            let n = count(What::Registered);
            let subject = text::piece_registered_subject(l, &labels, shop);
            let mut draft = Desk::draft(row, subject, text::piece_registered_title(l, n));
            draft.paragraphs.push(text::piece_registered_lead(l, n, shop));
            draft.fact(text::piece_numbers(l), labels);
            promised(&mut draft, news, What::Registered);
            (n > 0).then_some(draft)
        }
        Letter::PieceFired => {
            let labels = news.labels(&[What::Fired]);
            let subject = text::piece_fired_subject(l, &labels);
            let mut draft = Desk::draft(row, subject, text::piece_fired_title(l).to_owned());
            draft.paragraphs.push(fired(l, news, &labels));
            photos(desk, &mut draft, &news.of(What::Fired));
            promised(&mut draft, news, What::Fired);
            (count(What::Fired) > 0).then_some(draft)
        }
        Letter::PieceCracked => cracked(desk, row, news),
        Letter::PieceReady => ready(desk, row, news, shop),
        Letter::PiecePosted => posted(desk, row, news, shop),
        _ => {
            let labels = news.labels(&[What::Late]);
            let subject = text::piece_late_subject(l, &labels);
            let mut draft = Desk::draft(row, subject, text::piece_late_title(l).to_owned());
            draft.paragraphs.push(text::piece_late_lead(l, &labels));
            well(&mut draft, news, &[What::Fired, What::Ready]);
            promised(&mut draft, news, What::Late);
            (count(What::Late) > 0).then_some(draft)
        }
    }
}

fn fired(l: Locale, news: &News, labels: &str) -> String {
    if news.fired == Some(StepKind::GlazeFiring) {
        text::piece_fired_glaze(l, labels)
    } else {
        text::piece_fired_bisque(l, labels)
    }
}

/// The promised day, once; each piece's own where they differ.
fn promised(draft: &mut Draft, news: &News, what: What) {
    let l = draft.locale;
    let mut days: Vec<_> = news
        .of(what)
        .into_iter()
        .filter(|piece| piece.state == PieceState::Making)
        .filter_map(|piece| piece.promised_on.map(|day| (day, piece.label.as_str())))
        .collect();
    days.sort_unstable();
    let lines: Vec<String> = days
        .chunk_by(|a, b| a.0 == b.0)
        .filter_map(|some| {
            let (day, _) = some.first()?;
            let labels: Vec<&str> = some.iter().map(|(_, label)| *label).collect();
            Some(format!("{}: {}", words::day(l, *day), labels.join(", ")))
        })
        .collect();
    let lines = match (lines.as_slice(), days.first()) {
        ([_], Some((day, _))) => words::day(l, *day),
        _ => lines.join("\n"),
    };
    draft.fact(text::piece_promised(l), lines);
}

/// A line with a link for each piece that has a photograph.
fn photos(desk: &Desk<'_>, draft: &mut Draft, pieces: &[&Piece]) {
    let l = draft.locale;
    for piece in pieces {
        let lines = match piece.state {
            PieceState::Cracked => vec![text::piece_cracked_words(l).to_owned()],
            PieceState::Lost => vec![text::piece_lost_words(l).to_owned()],
            _ if piece.photo_id.is_none() => continue,
            _ => vec![piece.name.clone()],
        };
        let link = piece.photo_id.map(|photo| {
            let url = format!("{}/piece-photos/{photo}/960", desk.settings.base_url);
            (text::piece_photo(l).to_owned(), url)
        });
        draft.facts.push(Fact { label: piece.label.clone(), lines, link });
    }
}

/// A line for each piece that leads to where it comes from.
fn origins(desk: &Desk<'_>, draft: &mut Draft, news: &News, pieces: &[&Piece]) {
    let l = draft.locale;
    for piece in pieces {
        let Some(record) = news.records.get(&piece.id) else { continue };
        let url = desk.url(l, &format!("/p/{}", record.code));
        let link = Some((text::piece_origin_see(l).to_owned(), url));
        let label = text::piece_origin(l).to_owned();
        draft.facts.push(Fact { label, lines: vec![piece.label.clone()], link });
    }
}

fn well(draft: &mut Draft, news: &News, kinds: &[What]) {
    let labels = news.labels(kinds);
    if !labels.is_empty() {
        draft.paragraphs.push(text::piece_others_well(draft.locale, labels));
    }
}

fn cracked(desk: &Desk<'_>, row: &Queued, news: &News) -> Option<Draft> {
    let l = row.locale;
    let (cracked, lost) = (news.of(What::Cracked), news.of(What::Lost));
    if cracked.is_empty() && lost.is_empty() {
        return None;
    }
    let subject = text::piece_cracked_subject(l, news.labels(&[What::Cracked, What::Lost]));
    let mut draft = Desk::draft(row, subject, text::piece_cracked_title(l).to_owned());
    if !cracked.is_empty() {
        draft.paragraphs.push(text::piece_cracked_lead(l, news.labels(&[What::Cracked])));
    }
    if !lost.is_empty() {
        draft.paragraphs.push(text::piece_lost_lead(l, news.labels(&[What::Lost])));
    }
    draft.paragraphs.push(text::piece_cracked_choose(l).to_owned());
    well(&mut draft, news, &[What::Fired, What::Ready]);
    photos(desk, &mut draft, &cracked);
    photos(desk, &mut draft, &lost);
    promised(&mut draft, news, What::Late);
    Some(draft)
}

fn ready(desk: &Desk<'_>, row: &Queued, news: &News, shop: &str) -> Option<Draft> {
    let l = row.locale;
    let pieces = news.of(What::Ready);
    let n = i64::try_from(pieces.len()).unwrap_or(i64::MAX);
    let labels = news.labels(&[What::Ready]);
    let subject = text::piece_ready_subject(l, &labels);
    let mut draft = Desk::draft(row, subject, text::piece_ready_title(l, n));
    draft.paragraphs.push(if n == 1 {
        text::piece_ready_lead_one(l, &labels, shop)
    } else {
        text::piece_ready_lead(l, &labels, shop)
    });
    let parcel = news.parcel.as_ref().filter(|it| it.state != ParcelState::Cancelled);
    draft.paragraphs.push(match parcel {
        None => text::piece_ready_ask(l).to_owned(),
        Some(parcel) if parcel.way == Way::Collect => text::piece_ready_collect(l).to_owned(),
        Some(_) => text::piece_ready_post(l).to_owned(),
    });
    if let Some(open) = parcel.map(Parcel::open).filter(|open| *open > Dong::ZERO) {
        draft.paragraphs.push(text::piece_ready_pay(l, open.display(l)));
    }
    draft.fact(text::piece_numbers(l), labels);
    photos(desk, &mut draft, &pieces);
    origins(desk, &mut draft, news, &pieces);
    (n > 0).then_some(draft)
}

fn posted(desk: &Desk<'_>, row: &Queued, news: &News, shop: &str) -> Option<Draft> {
    let l = row.locale;
    let parcel = news.parcel.as_ref()?;
    let labels = news.labels(&[What::Posted]);
    if labels.is_empty() {
        return None;
    }
    let subject = text::piece_posted_subject(l, &labels);
    let mut draft = Desk::draft(row, subject, text::piece_posted_title(l).to_owned());
    draft.paragraphs.push(text::piece_posted_lead(l, &labels, shop));
    draft.fact(text::piece_carrier(l), parcel.carrier.map_or("", Carrier::name));
    if !parcel.tracking.is_empty() {
        let link = parcel.track_url().map(|url| (text::piece_track(l).to_owned(), url));
        let lines = vec![parcel.tracking.clone()];
        draft.facts.push(Fact { label: text::piece_tracking(l).to_owned(), lines, link });
    }
    if let Some(address) = &parcel.address {
        let mut lines = vec![parcel.recipient.name.clone()];
        lines.extend(address.lines());
        draft.fact(text::piece_address(l), lines.join("\n"));
    }
    origins(desk, &mut draft, news, &news.of(What::Posted));
    Some(draft)
}

/// Guests who have not chosen, for their workshop.
pub(super) async fn to_host(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let Some(workshop) = row.workshop_id.and_then(|id| desk.catalogue.workshop(id)) else {
        return Ok(None);
    };
    let ids: Vec<PieceId> = serde_json::from_value(payload["pieces"].clone()).unwrap_or_default();
    let l = row.locale;
    let mut lines = Vec::new();
    for piece in craft::by_ids(conn, &ids).await? {
        let losses = craft::losses_of(conn, piece.party_id).await?;
        let Some(loss) = losses.iter().find(|it| it.piece_id == piece.id) else { continue };
        let Some(party) = craft::party_of(conn, piece.party_id).await? else { continue };
        let Some(booking) = query::by_id(conn, party.booking_id).await? else { continue };
        if loss.choice.is_some() {
            continue;
        }
        let phone = crate::phone::readable(&booking.phone, l);
        let asked = words::day(l, local_date(loss.asked_at));
        let parts = [booking.name, phone, asked];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        lines.push((piece.label, parts.join(" · ")));
    }
    if lines.is_empty() {
        return Ok(None);
    }
    let n = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    let subject = text::host_piece_choice_subject(l, n);
    let mut draft = Desk::draft(row, subject, text::host_piece_choice_title(l).to_owned());
    draft.paragraphs.push(text::host_piece_choice_lead(l).to_owned());
    for (label, line) in lines {
        draft.fact(&label, line);
    }
    let url = desk.url(l, &format!("/host/{}/pieces", workshop.slug));
    draft.button = Some((text::host_piece_open(l).to_owned(), url));
    draft.foot = text::why_host(l);
    Ok(Some(finish(&draft, None, None)))
}
