//! What is free.

use axum::body::Bytes;
use axum::response::Response;
use chrono::NaiveDate;
use engine::channel::octo::{
    AskAvailability, AskCalendar, Availability, CalendarDay, OctoError, Why, start_of,
};
use engine::clock::local_date;
use engine::schedule::{Slot, slots};

use super::caller::{Caller, Desk, currency, parse, party, read};

/// Days that may be asked for at once.
const MOST_DAYS: i64 = 400;

fn range(from: NaiveDate, to: NaiveDate) -> Result<(NaiveDate, NaiveDate), OctoError> {
    let days = (to - from).num_days();
    if (0..MOST_DAYS).contains(&days) {
        Ok((from, to))
    } else {
        Err(OctoError::BadRequest(Why::Range))
    }
}

pub async fn calendar(caller: Caller, body: Bytes) -> Response {
    let found = days(&caller, &body).await;
    caller.manner.answer(found)
}

async fn days(caller: &Caller, body: &Bytes) -> Result<Vec<CalendarDay>, OctoError> {
    let (asked, _) = parse::<AskCalendar>(body)?;
    let bounds = asked.local_date_start.zip(asked.local_date_end);
    let desk = Desk::open(caller, bounds).await?;
    let (tour, option) = desk.option(asked.product_id.as_deref(), asked.option_id.as_deref())?;
    let (from, to) = bounds.ok_or(OctoError::BadRequest(Why::Dates))?;
    let (from, to) = range(from, to)?;
    currency(asked.currency.as_deref())?;
    let party = party(asked.units.as_deref(), option)?;
    let mut conn = read(caller).await?;
    let mut all = slots::of_tour(&mut conn, tour.id, from, to).await?;
    drop(conn);
    all.retain(|slot| slot.option_id == option.id);
    let view = desk.view(&caller.manner);
    let day = |date: NaiveDate| {
        let of_day: Vec<&Slot> = all.iter().filter(|slot| slot.local_date == date).collect();
        view.day(tour, option, date, &of_day, party.as_deref())
    };
    Ok(from.iter_days().take_while(|date| *date <= to).map(day).collect())
}

pub async fn list(caller: Caller, body: Bytes) -> Response {
    let found = departures(&caller, &body).await;
    caller.manner.answer(found)
}

async fn departures(caller: &Caller, body: &Bytes) -> Result<Vec<Availability>, OctoError> {
    let (asked, _) = parse::<AskAvailability>(body)?;
    let starts: Option<Vec<_>> = asked
        .availability_ids
        .as_ref()
        .map(|ids| ids.iter().filter_map(|id| start_of(id)).collect());
    let span = asked.local_date_start.zip(asked.local_date_end);
    let half = asked.local_date_start.is_some() != asked.local_date_end.is_some();
    let one = asked.local_date.map(|date| (date, date));
    let listed = starts.as_ref().map(|starts| {
        let dates = || starts.iter().map(|start| local_date(*start));
        dates().min().zip(dates().max())
    });
    // No day is asked for where no id is one.
    let (bounds, empty) = match (span, one, listed) {
        (Some(days), None, None) | (None, Some(days), None) => (Some(days), false),
        (None, None, Some(days)) => (days, days.is_none()),
        _ => (None, false),
    };
    let desk = Desk::open(caller, bounds).await?;
    let (tour, option) = desk.option(asked.product_id.as_deref(), asked.option_id.as_deref())?;
    if half || (bounds.is_none() && !empty) {
        return Err(OctoError::BadRequest(Why::Dates));
    }
    currency(asked.currency.as_deref())?;
    let party = party(asked.units.as_deref(), option)?;
    let Some((from, to)) = bounds else { return Ok(Vec::new()) };
    let (from, to) = range(from, to)?;
    let mut conn = read(caller).await?;
    let mut all = slots::of_tour(&mut conn, tour.id, from, to).await?;
    drop(conn);
    all.retain(|slot| slot.option_id == option.id && !slot.is_run());
    if let Some(starts) = &starts {
        all.retain(|slot| starts.contains(&slot.starts_at));
    }
    let view = desk.view(&caller.manner);
    Ok(all.iter().filter_map(|slot| view.availability(tour, slot, party.as_deref())).collect())
}
