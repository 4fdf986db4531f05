//! Letters to travel companies that are about no booking.

use serde_json::Value;

use super::about::id_in;
use super::render::{Desk, Queued, Rendered, finish};
use super::words::day;
use crate::reseller::{self, Terms};
use crate::store::{Conn, StoreError};
use crate::words::mail as text;
use crate::{ContractId, Locale};

/// A workshop has agreed a contract: what it says, and where the company sells.
pub(super) async fn render(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let Some(id) = id_in::<ContractId>(payload, "contract_id") else { return Ok(None) };
    let terms = reseller::terms(conn, id).await?;
    // Ended meanwhile.
    if !terms.contract.holds() {
        return Ok(None);
    }
    let Some(workshop) = desk.catalogue.workshop(terms.contract.workshop_id) else {
        return Ok(None);
    };
    let l = row.locale;
    let subject = text::reseller_invited_subject(l, &workshop.name);
    let mut draft = Desk::draft(row, subject, text::reseller_invited_title(l).to_owned());
    draft.paragraphs.push(text::reseller_invited_lead(l, &workshop.name));
    draft.fact(text::reseller_price(l), text::reseller_off(l, terms.contract.percent_off));
    if !terms.tours.is_empty() {
        let tours = terms.tours.iter().filter_map(|id| desk.catalogue.tour(*id));
        let titles: Vec<&str> = tours.map(|tour| tour.title.text(l)).collect();
        draft.fact(text::reseller_tours(l), titles.join("\n"));
    }
    draft.fact(text::reseller_days(l), days(l, &terms));
    if let Some(limit) = terms.contract.credit_limit {
        draft.fact(text::reseller_credit(l), limit.display(l));
    }
    let url = desk.url(l, &format!("/reseller/{id}"));
    draft.button = Some((text::reseller_open(l).to_owned(), url));
    draft.small.push(text::reseller_small(l, &row.recipient));
    draft.foot = text::why_reseller(l);
    Ok(Some(finish(&draft, None, Some(workshop))))
}

/// The days of visits that may be sold.
fn days(l: Locale, terms: &Terms) -> String {
    let from = day(l, terms.contract.valid_from);
    match terms.contract.valid_to {
        Some(to) => text::reseller_from_to(l, from, day(l, to)),
        None => text::reseller_from(l, from),
    }
}
