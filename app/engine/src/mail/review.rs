//! Letters about reviews: to the workshop, that somebody wrote; to the author, what the office decided.

use serde_json::Value;

use super::Letter;
use super::about::id_in;
use super::render::{Desk, Queued, Rendered, finish, seller};
use crate::ReviewId;
use crate::booking::query;
use crate::locale::Locale;
use crate::review::{self, Ground, ReviewState};
use crate::store::{Conn, StoreError};
use crate::words::mail as text;

pub(super) async fn render(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let Some(id) = id_in::<ReviewId>(payload, "review_id") else { return Ok(None) };
    let Some(review) = review::by_id(conn, id).await? else { return Ok(None) };
    let Some((tour, workshop, _)) = desk.catalogue.place(review.tour_id) else { return Ok(None) };
    let l = row.locale;
    let title = tour.title.text(l);
    if review.state == ReviewState::Withdrawn {
        return Ok(None);
    }
    if row.kind == Letter::HostReview {
        if review.state != ReviewState::Shown {
            return Ok(None);
        }
        let stars = text::stars(l, i64::from(review.stars));
        let subject = text::host_review_subject(l, &stars, title);
        let mut draft = Desk::draft(row, subject, text::host_review_title(l).to_owned());
        draft.paragraphs.push(text::host_review_lead(l).to_owned());
        draft.fact(text::tour(l), title);
        draft.fact(text::review_stars(l), stars);
        draft.fact(text::review_words(l), review.words);
        let page = desk.url(l, &format!("/host/{}/reviews", workshop.slug));
        draft.button = Some((text::host_review_button(l).to_owned(), page));
        draft.foot = text::why_host(l);
        return Ok(Some(finish(&draft, None, None)));
    }
    let Some(booking) = query::by_id(conn, review.booking_id).await? else { return Ok(None) };
    let (subject, heading, lead) = match (payload["event"].as_str(), review.hidden_for) {
        (Some("shown"), None) => (
            text::review_shown_subject(l, title),
            text::review_shown_title(l),
            text::review_shown_lead(l).to_owned(),
        ),
        (Some("stays"), Some(ground)) => (
            text::review_stays_subject(l, title),
            text::review_stays_title(l),
            text::review_stays_lead(l, ground_words(l, ground)),
        ),
        (Some("hidden"), Some(ground)) => (
            text::review_hidden_subject(l, title),
            text::review_hidden_title(l),
            text::review_hidden_lead(l, ground_words(l, ground)),
        ),
        // Decided otherwise since.
        _ => return Ok(None),
    };
    let mut draft = Desk::draft(row, subject, heading.to_owned());
    draft.paragraphs.push(lead);
    if review.hidden_for.is_some() {
        draft.paragraphs.push(text::review_ask_again(l).to_owned());
    }
    draft.fact(text::tour(l), title);
    draft.fact(text::review_words(l), review.words);
    let page = format!("/booking/{}/{}/rating", booking.code, booking.secret);
    draft.button = Some((text::review_open(l).to_owned(), desk.url(l, &page)));
    draft.small.push(text::review_rules(l, desk.url(l, "/reviews")));
    draft.small.push(seller(workshop, l));
    Ok(Some(finish(&draft, None, None)))
}

/// Why a review may be hidden, as it is said in a sentence.
fn ground_words(l: Locale, ground: Ground) -> &'static str {
    match ground {
        Ground::PersonalData => text::ground_personal_data(l),
        Ground::Insult => text::ground_insult(l),
        Ground::NotAboutVisit => text::ground_not_about_visit(l),
        Ground::Advertising => text::ground_advertising(l),
        Ground::Unlawful => text::ground_unlawful(l),
    }
}
