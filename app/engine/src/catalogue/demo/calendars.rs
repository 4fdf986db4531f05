//! A calendar elsewhere, as a workshop may name it. It is paused: the demo calls nobody.

use chrono::{Days, NaiveTime, TimeDelta};

use super::DemoError;
use crate::WorkshopId;
use crate::accounts::Actor;
use crate::busy::read::{Busy, Reading};
use crate::busy::{self, AddCalendar, BusyError, Change, ChangeCalendar, News, Subject, Who};
use crate::clock::{local_date, venue_instant};
use crate::outside::Known;
use crate::params;
use crate::store::Tx;

/// The workshop whose calendar it is.
const SHOP: &str = "gom-minh-hai";

pub(super) async fn insert(tx: &mut Tx) -> Result<(), DemoError> {
    let shop: Option<(WorkshopId,)> =
        tx.fetch_optional("SELECT id FROM workshop WHERE slug = $1", params![*SHOP]).await?;
    let Some((shop,)) = shop else { return Ok(()) };
    let today = local_date(tx.now());
    let times =
        [(5, 14), (12, 14), (20, 9)].into_iter().enumerate().filter_map(|(at, (days, hour))| {
            let date = today.checked_add_days(Days::new(days))?;
            let starts_at = venue_instant(date, NaiveTime::from_hms_opt(hour, 0, 0)?)?;
            Some(Busy {
                starts_at,
                ends_at: starts_at + TimeDelta::hours(2),
                uid: format!("demo-{at}@airbnb.com"),
                all_day: false,
                summary: "Reserved".to_owned(),
            })
        });
    let reading = Reading { busy: times.collect(), own: 0, unread: 0 };
    let who = Who::Actor(Actor::System);
    let command = AddCalendar {
        who: who.clone(),
        subject: Subject::Workshop(shop),
        tour: None,
        name: "Airbnb".to_owned(),
        url: "https://www.airbnb.com/calendar/ical/demo.ics".to_owned(),
        news: News::Read(reading, Known::default()),
    };
    let made = busy::add(tx, command).await.map_err(of_busy)?;
    let pause = ChangeCalendar { who, calendar: made.id, change: Change::Pause };
    busy::change(tx, pause).await.map_err(of_busy)
}

fn of_busy(error: BusyError) -> DemoError {
    match error {
        BusyError::Store(error) => error.into(),
        other => DemoError::File { file: "calendars", reason: other.to_string() },
    }
}
