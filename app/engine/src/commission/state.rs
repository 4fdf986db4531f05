//! Where a commission stands, and the whole machine in one table.

use chrono::{DateTime, Utc};

use crate::store::{Columns, StoreError};
use crate::{Dong, columns, stored_enum};

stored_enum! {
    /// The state's word in the database; [`State`] is the state with its data.
    pub enum StateKind {
        /// The workshop has to answer.
        Asked = "asked",
        Offered = "offered",
        /// The deposit is waited for.
        Accepted = "accepted",
        Making = "making",
        /// Made: the rest is to be paid, then it leaves the house.
        Ready = "ready",
        Posted = "posted",
        /// With its customer, by post or collected.
        Delivered = "delivered",
        /// The offer, or the time for the deposit, ran out.
        Lapsed = "lapsed",
        Ended = "ended",
    }
}

stored_enum! {
    pub enum EndedBy { Customer = "customer", Workshop = "workshop" }
}

/// The state of a commission, with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Asked,
    /// The offer can be accepted until then.
    Offered {
        until: DateTime<Utc>,
    },
    /// The deposit is due by then.
    Accepted {
        until: DateTime<Utc>,
    },
    Making,
    Ready,
    Posted,
    Delivered,
    Lapsed,
    Ended {
        by: EndedBy,
        /// What stays of the customer's money.
        kept: Dong,
        reason: String,
    },
}

/// What can happen to a commission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The workshop offers; a further offer takes the place of an open one.
    Offer,
    Accept,
    /// The deposit is there, or none was asked.
    Begin,
    Finish,
    Post,
    /// Collected at the workshop.
    HandOver,
    Arrive,
    /// Time is over.
    Lapse,
    End,
}

impl StateKind {
    /// Where the step leads; None where it can't be taken.
    pub const fn after(self, step: Step) -> Option<StateKind> {
        use StateKind as S;
        match (self, step) {
            (S::Asked | S::Offered | S::Lapsed, Step::Offer) => Some(S::Offered),
            (S::Offered, Step::Accept) => Some(S::Accepted),
            (S::Accepted, Step::Begin) => Some(S::Making),
            (S::Making, Step::Finish) => Some(S::Ready),
            (S::Ready, Step::Post) => Some(S::Posted),
            (S::Ready, Step::HandOver) | (S::Posted, Step::Arrive) => Some(S::Delivered),
            (S::Offered | S::Accepted, Step::Lapse) => Some(S::Lapsed),
            (S::Asked | S::Offered | S::Lapsed | S::Accepted | S::Making | S::Ready, Step::End) => {
                Some(S::Ended)
            }
            _ => None,
        }
    }

    pub const fn allows(self, step: Step) -> bool {
        self.after(step).is_some()
    }

    /// Whether the workshop is bound to make it, or has.
    pub const fn under_way(self) -> bool {
        matches!(
            self,
            StateKind::Accepted | StateKind::Making | StateKind::Ready | StateKind::Posted
        )
    }

    /// Whether the deposit was paid, so that the terms of the offer hold.
    pub const fn begun(self) -> bool {
        matches!(self, StateKind::Making | StateKind::Ready)
    }
}

impl State {
    pub const fn kind(&self) -> StateKind {
        match self {
            State::Asked => StateKind::Asked,
            State::Offered { .. } => StateKind::Offered,
            State::Accepted { .. } => StateKind::Accepted,
            State::Making => StateKind::Making,
            State::Ready => StateKind::Ready,
            State::Posted => StateKind::Posted,
            State::Delivered => StateKind::Delivered,
            State::Lapsed => StateKind::Lapsed,
            State::Ended { .. } => StateKind::Ended,
        }
    }

    /// Until when something is waited for.
    pub const fn until(&self) -> Option<DateTime<Utc>> {
        match self {
            State::Offered { until } | State::Accepted { until } => Some(*until),
            _ => None,
        }
    }

    /// The columns that hold it.
    pub(super) fn columns(&self) -> Columns {
        let (by, kept, reason) = match self {
            State::Ended { by, kept, reason } => (Some(*by), Some(*kept), reason.as_str()),
            _ => (None, None, ""),
        };
        columns! {
            state: self.kind(),
            until: self.until(),
            ended_by: by,
            kept: kept,
            reason: *reason,
        }
    }
}

/// The columns of a state as they are read.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct StateRow {
    state: StateKind,
    until: Option<DateTime<Utc>>,
    ended_by: Option<EndedBy>,
    kept: Option<Dong>,
    reason: String,
}

impl TryFrom<StateRow> for State {
    type Error = StoreError;

    /// A row whose columns contradict its state is an error, not a guess.
    fn try_from(row: StateRow) -> Result<State, StoreError> {
        let StateRow { state, until, ended_by, kept, reason } = row;
        let broken = || StoreError::Inconsistent {
            table: "commission",
            what: format!("the columns of a commission that is {state} do not fit"),
        };
        Ok(match state {
            StateKind::Asked => State::Asked,
            StateKind::Offered => State::Offered { until: until.ok_or_else(broken)? },
            StateKind::Accepted => State::Accepted { until: until.ok_or_else(broken)? },
            StateKind::Making => State::Making,
            StateKind::Ready => State::Ready,
            StateKind::Posted => State::Posted,
            StateKind::Delivered => State::Delivered,
            StateKind::Lapsed => State::Lapsed,
            StateKind::Ended => {
                let (by, kept) = ended_by.zip(kept).ok_or_else(broken)?;
                State::Ended { by, kept, reason }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STEPS: [Step; 9] = [
        Step::Offer,
        Step::Accept,
        Step::Begin,
        Step::Finish,
        Step::Post,
        Step::HandOver,
        Step::Arrive,
        Step::Lapse,
        Step::End,
    ];

    #[test]
    fn the_way_from_a_brief_to_the_door() {
        let walk = |steps: &[Step]| {
            steps.iter().try_fold(StateKind::Asked, |state, step| state.after(*step))
        };
        let made = [Step::Offer, Step::Accept, Step::Begin, Step::Finish];
        assert_eq!(walk(&made), Some(StateKind::Ready));
        assert_eq!(walk(&[&made[..], &[Step::HandOver]].concat()), Some(StateKind::Delivered));
        let posted = [&made[..], &[Step::Post, Step::Arrive]].concat();
        assert_eq!(walk(&posted), Some(StateKind::Delivered));
        assert_eq!(walk(&[Step::Offer, Step::Lapse, Step::Offer]), Some(StateKind::Offered));
        assert_eq!(walk(&[Step::Accept]), None);
        assert_eq!(walk(&[Step::Offer, Step::Accept, Step::Offer]), None, "it was agreed");
    }

    #[test]
    fn what_left_the_house_is_not_ended_any_more() {
        for state in StateKind::ALL {
            let gone = matches!(state, StateKind::Posted | StateKind::Delivered | StateKind::Ended);
            assert_eq!(state.allows(Step::End), !gone, "{state}");
        }
    }

    proptest! {
        #[test]
        fn nothing_leads_out_of_the_end(steps in prop::collection::vec(0_usize..STEPS.len(), 0..12)) {
            let mut state = StateKind::Asked;
            for step in steps {
                if let Some(next) = state.after(STEPS[step]) {
                    prop_assert!(!matches!(state, StateKind::Ended | StateKind::Delivered));
                    state = next;
                }
            }
        }
    }
}
