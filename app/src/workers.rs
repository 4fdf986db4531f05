//! What the workers of this process did last, for the office and for monitoring. Kept in memory:
//! it tells of the running process alone.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};

/// The last round of a worker, and how many went wrong so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub at: DateTime<Utc>,
    /// How much it did, or what stopped it.
    pub result: Result<usize, String>,
    pub rounds: u64,
    pub failures: u64,
    /// The last round that did something: a quiet one after it would hide it.
    pub last_work: Option<(DateTime<Utc>, usize)>,
}

/// Shared between the workers, who write, and the office, which reads.
#[derive(Debug, Clone, Default)]
pub struct Workers(Arc<Mutex<BTreeMap<&'static str, Run>>>);

impl Workers {
    pub fn record(&self, name: &'static str, at: DateTime<Utc>, result: Result<usize, String>) {
        let mut runs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = runs.get(name);
        let failed = u64::from(result.is_err());
        let work = result.as_ref().ok().filter(|done| **done > 0).map(|done| (at, *done));
        let run = Run {
            at,
            rounds: before.map_or(0, |run| run.rounds) + 1,
            failures: before.map_or(0, |run| run.failures) + failed,
            last_work: work.or_else(|| before.and_then(|run| run.last_work)),
            result,
        };
        runs.insert(name, run);
    }

    /// All that ran since the start, by name.
    pub fn all(&self) -> Vec<(&'static str, Run)> {
        let runs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        runs.iter().map(|(name, run)| (*name, run.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quiet_round_does_not_hide_the_last_work() {
        let workers = Workers::default();
        let at = DateTime::UNIX_EPOCH;
        workers.record("mail", at, Ok(3));
        workers.record("mail", at, Err("no route".into()));
        workers.record("mail", at, Ok(0));
        let (name, run) = workers.all().remove(0);
        assert_eq!((name, run.rounds, run.failures), ("mail", 3, 1));
        assert_eq!((run.result, run.last_work), (Ok(0), Some((at, 3))));
    }
}
