//! The letter about a calendar of others that can't be read any more.

use super::*;
use crate::accounts::Actor;
use crate::busy::read::Reading;
use crate::busy::{self, AddCalendar, News, Subject, Who};
use crate::outside::{Failure, Known, Refusal};
use crate::store::Kind;
use crate::store::testing::fresh;

#[tokio::test]
async fn who_owns_a_silent_calendar_is_told_where_it_is() {
    let store = fresh(Kind::Sqlite).await.unwrap();
    let village = Village::new(&store).await;
    let house = village.catalogue.workshop_by_slug("gom-minh-hai").unwrap();
    let command = AddCalendar {
        who: Who::Actor(Actor::System),
        subject: Subject::Workshop(house.id),
        tour: None,
        name: "Airbnb".into(),
        url: "https://www.airbnb.com/calendar/ical/1.ics?s=secret".into(),
        news: News::Read(Reading::default(), Known::default()),
    };
    let made = store.write("add", command, |tx, c| Box::pin(busy::add(tx, c))).await.unwrap();
    store.clock().advance(TimeDelta::hours(25));
    let failed = (made.id, Err(Refusal::from(Failure::Gone)));
    store.write("take", failed, |tx, c| Box::pin(busy::take(tx, c))).await.unwrap();
    let letter = async |locale| {
        let mut conn = store.read().await.unwrap();
        let (payload,): (String,) = conn
            .fetch_one("SELECT payload FROM outbox WHERE kind = 'calendar_stale'", vec![])
            .await
            .unwrap();
        drop(conn);
        let to = (house.email.as_str(), house.name.as_str());
        let row = queued(Letter::CalendarStale, to, locale, payload, Some(house.id));
        village.rendered(&store, &row).await
    };
    for locale in [Locale::Vi, Locale::En] {
        let letter = letter(locale).await.unwrap();
        assert!(letter.subject.contains("Airbnb"));
        assert!(letter.text.contains("www.airbnb.com") && !letter.text.contains("secret"));
        assert!(letter.text.contains("/host/gom-minh-hai/calendars"), "{}", letter.text);
    }
    // Heard of again before the letter left.
    let heard = (made.id, Ok(News::Unchanged));
    store.write("take", heard, |tx, c| Box::pin(busy::take(tx, c))).await.unwrap();
    assert!(letter(Locale::Vi).await.is_none());
}
