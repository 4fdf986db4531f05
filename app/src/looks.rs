//! What this process has noted today of who opened guests' data, so that a page that is opened again
//! and again writes once. Another process notes it once more, which the database merges.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use engine::clock::local_date;
use engine::privacy::Look;

/// More than this in a day is forgotten and noted again: memory has a bound.
const MOST: usize = 20_000;

#[derive(Debug, Clone, Default)]
pub struct Looks(Arc<Mutex<Today>>);

#[derive(Debug, Default)]
struct Today {
    on: NaiveDate,
    noted: HashSet<String>,
}

/// Who, what, of whom.
fn key(look: &Look) -> String {
    let guide = look.guide.map(|guide| guide.to_string()).unwrap_or_default();
    let actor = look.actor.label();
    format!("{actor} {guide} {} {} {}", look.workshop, look.what, look.subject)
}

impl Looks {
    pub fn is_new(&self, look: &Look, now: DateTime<Utc>) -> bool {
        let today = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        today.on != local_date(now) || !today.noted.contains(&key(look))
    }

    pub fn noted(&self, look: &Look, now: DateTime<Utc>) {
        let mut today = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if today.on != local_date(now) || today.noted.len() >= MOST {
            today.on = local_date(now);
            today.noted.clear();
        }
        today.noted.insert(key(look));
    }
}
