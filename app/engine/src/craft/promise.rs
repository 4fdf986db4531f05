//! The promised day: one pure function of the steps that are left, the kiln's firings, the days on
//! which the workshop is closed, and a margin.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

/// A step that is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToGo {
    pub days: i32,
    /// Worked on by somebody: closed days don't count.
    pub by_hand: bool,
    /// It waits for a firing with so many litres of room.
    pub fires: Option<i32>,
    /// The day of the load that it is in already.
    pub planned: Option<NaiveDate>,
}

/// What stands in the calendar.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outlook {
    /// Days on which a kiln is lit, in order, with the litres that are free.
    pub firings: Vec<(NaiveDate, i32)>,
    /// How far that reaches: where no firing has room, none is counted on before.
    pub until: Option<NaiveDate>,
    pub closed: BTreeSet<NaiveDate>,
}

impl Outlook {
    /// The first firing with room from a day on.
    fn firing(&self, from: NaiveDate, litres: i32) -> NaiveDate {
        let found = self.firings.iter().find(|(day, free)| *day >= from && *free >= litres);
        found.map_or_else(|| self.until.map_or(from, |until| until.max(from)), |(day, _)| *day)
    }

    /// The same days with a kiln whenever one is wanted.
    pub fn without_kilns(&self) -> Outlook {
        Outlook { firings: Vec::new(), until: None, closed: self.closed.clone() }
    }

    /// The first day that is not closed, from that one on.
    fn open_from(&self, day: NaiveDate) -> NaiveDate {
        // The set is finite, so that there is one.
        day.iter_days().find(|day| !self.closed.contains(day)).unwrap_or(day)
    }

    /// The day after so many open ones.
    fn after_open(&self, from: NaiveDate, days: i32) -> NaiveDate {
        (0..days.max(0)).fold(from, |day, _| later(self.open_from(day), 1))
    }
}

fn later(day: NaiveDate, days: i32) -> NaiveDate {
    day.checked_add_days(Days::new(u64::try_from(days).unwrap_or(0))).unwrap_or(day)
}

/// The day on which a piece is likely to be done whose next step began on `since`, looked at today.
pub fn likely(steps: &[ToGo], since: NaiveDate, today: NaiveDate, outlook: &Outlook) -> NaiveDate {
    let mut day = since;
    for (at, step) in steps.iter().enumerate() {
        if let Some(litres) = step.fires {
            // A firing that is over did not have this piece in it.
            let from = day.max(today);
            let lit = step.planned.unwrap_or_else(|| outlook.firing(from, litres));
            day = later(lit.max(day), step.days);
        } else if step.by_hand {
            day = outlook.after_open(day, step.days);
        } else {
            day = later(day, step.days);
        }
        // What should be over by now is over today at the soonest.
        if at == 0 {
            day = day.max(today);
        }
    }
    day
}

/// What is promised: the likely day and a margin, on a day when the workshop is open.
pub fn promise(
    steps: &[ToGo],
    since: NaiveDate,
    today: NaiveDate,
    outlook: &Outlook,
    margin: i32,
) -> NaiveDate {
    outlook.open_from(later(likely(steps, since, today, outlook), margin))
}

/// Days that a promise which could not be kept gets besides, so that it does not move again
/// tomorrow.
pub const GRACE: i32 = 3;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(n: i32) -> NaiveDate {
        later(NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(), n)
    }

    fn steps() -> impl Strategy<Value = Vec<ToGo>> {
        let step =
            (0_i32..12, any::<bool>(), prop::option::of(1_i32..20), prop::option::of(0_i32..60));
        let step = step.prop_map(|(days, by_hand, fires, planned)| ToGo {
            days,
            by_hand,
            fires,
            planned: fires.and(planned).map(day),
        });
        prop::collection::vec(step, 1..8)
    }

    fn outlook() -> impl Strategy<Value = Outlook> {
        let firings = prop::collection::btree_map(0_i32..90, 0_i32..40, 0..20);
        let closed = prop::collection::btree_set(0_i32..200, 0..60);
        (firings, closed).prop_map(|(firings, closed)| Outlook {
            firings: firings.into_iter().map(|(at, free)| (day(at), free)).collect(),
            until: Some(day(90)),
            closed: closed.into_iter().map(day).collect(),
        })
    }

    proptest! {
        #[test]
        fn never_before_the_sum_of_the_steps(
            steps in steps(), outlook in outlook(), since in 0_i32..40, now in 0_i32..40, margin in 0_i32..20,
        ) {
            let (since, today) = (day(since), day(now));
            let promised = promise(&steps, since, today, &outlook, margin);
            let sum: i32 = steps.iter().map(|step| step.days).sum();
            prop_assert!(promised >= later(since, sum + margin));
            let rest: i32 = steps.iter().skip(1).map(|step| step.days).sum();
            prop_assert!(promised >= later(today, rest + margin));
            prop_assert!(!outlook.closed.contains(&promised));
        }

        #[test]
        fn more_of_anything_is_never_sooner(
            steps in steps(), outlook in outlook(), since in 0_i32..40, now in 0_i32..40,
            margin in 0_i32..20, at in 0_usize..8, more in 0_i32..9, gone in 0_usize..20, shut in 0_i32..200,
        ) {
            let (from, today) = (day(since), day(now));
            let promised = promise(&steps, from, today, &outlook, margin);
            prop_assert!(promise(&steps, day(since + more), today, &outlook, margin) >= promised);
            prop_assert!(promise(&steps, from, day(now + more), &outlook, margin) >= promised);
            prop_assert!(promise(&steps, from, today, &outlook, margin + more) >= promised);
            let mut longer = steps.clone();
            if let Some(step) = longer.get_mut(at) {
                step.days += more;
            }
            prop_assert!(promise(&longer, from, today, &outlook, margin) >= promised);
            let mut fewer = outlook.clone();
            if gone < fewer.firings.len() {
                fewer.firings.remove(gone);
            }
            prop_assert!(promise(&steps, from, today, &fewer, margin) >= promised);
            let mut closed = outlook;
            closed.closed.insert(day(shut));
            prop_assert!(promise(&steps, from, today, &closed, margin) >= promised);
        }
    }

    #[test]
    fn a_cup_waits_for_its_kilns() {
        let step = |days, by_hand, fires| ToGo { days, by_hand, fires, planned: None };
        let cup = [
            step(5, false, None),
            step(2, false, Some(2)),
            step(1, true, None),
            step(2, false, Some(2)),
        ];
        let outlook = Outlook {
            firings: vec![(day(4), 9), (day(6), 1), (day(8), 9), (day(15), 9)],
            until: Some(day(60)),
            closed: [day(10), day(11)].into(),
        };
        // Dry on the 5th, in the kiln on the 8th, out on the 10th, glazed on the 12th, lit on the 15th.
        assert_eq!(likely(&cup, day(0), day(0), &outlook), day(17));
        assert_eq!(promise(&cup, day(0), day(0), &outlook, 3), day(20));
        let mut planned = cup;
        planned[1].planned = Some(day(20));
        assert_eq!(likely(&planned, day(0), day(0), &outlook), day(62), "too late for the 15th");
    }
}
