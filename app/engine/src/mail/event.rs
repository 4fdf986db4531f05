//! Letters to workshops about an event of their village.

use serde_json::Value;

use super::about::id_in;
use super::render::{Desk, Queued, Rendered, finish};
use super::words;
use crate::EventId;
use crate::clock::local_date;
use crate::event::{self, EventOpening, News};
use crate::store::{Conn, StoreError};
use crate::words::mail as text;

pub(super) async fn render(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let Some(id) = id_in::<EventId>(payload, "event_id") else { return Ok(None) };
    let Some(event) = event::by_id(conn, id).await? else { return Ok(None) };
    let house = row.workshop_id.and_then(|id| desk.catalogue.workshop(id));
    let news = payload["event"].as_str().and_then(News::parse);
    let (Some(house), Some(news)) = (house, news) else { return Ok(None) };
    // Overtaken: withdrawn meanwhile, or announced again.
    if event.published == (news == News::Withdrawn) {
        return Ok(None);
    }
    let l = row.locale;
    let name = event.name.text(l);
    let next = event.days.next(local_date(desk.now));
    let when = match next {
        Some((from, to)) if from == to => words::day(l, from),
        Some((from, to)) => {
            let [from, to] = [from, to].map(|day| words::day(l, day));
            l.writing().stretch(from, to)
        }
        None => return Ok(None),
    };
    let (subject, title, lead) = match news {
        News::Published => (
            text::event_published_subject(l, name, &when),
            text::event_published_title(l),
            text::event_published_lead(l, name),
        ),
        News::Changed => (
            text::event_changed_subject(l, name),
            text::event_changed_title(l),
            text::event_changed_lead(l, name),
        ),
        News::Withdrawn => (
            text::event_withdrawn_subject(l, name),
            text::event_withdrawn_title(l),
            text::event_withdrawn_lead(l, name),
        ),
    };
    let mut draft = Desk::draft(row, subject, title.to_owned());
    draft.paragraphs.push(lead);
    draft.fact(text::event_days(l), when);
    if news != News::Withdrawn {
        let effect = event.effect;
        let percent = |n: i32| text::event_percent(l, i64::from(n));
        match effect.opening {
            EventOpening::Usual => {}
            EventOpening::Daily => draft.fact(text::event_opening(l), text::event_daily(l)),
            EventOpening::Closed => draft.fact(text::event_opening(l), text::event_closed(l)),
        }
        if !effect.price.is_usual() {
            draft.fact(text::event_prices(l), percent(effect.price.percent()));
        }
        if effect.capacity_percent != 100 {
            draft.fact(text::event_seats(l), percent(effect.capacity_percent));
        }
        draft.paragraphs.push(event.summary.text(l).to_owned());
        draft.small.push(text::event_stay_out(l).to_owned());
    }
    let url = desk.url(l, &format!("/host/{}/events", house.slug));
    draft.button = Some((text::event_open(l).to_owned(), url));
    draft.foot = text::why_host(l);
    Ok(Some(finish(&draft, None, None)))
}
