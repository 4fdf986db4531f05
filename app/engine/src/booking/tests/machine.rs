//! The state machine as a table.

use crate::booking::{Event, StateKind};

#[test]
fn every_event_in_every_state() {
    use StateKind as S;
    // Columns: confirm, change, cancel, check in, no-show, undo, expire.
    let table = [
        (S::Held, "yyy---y"),
        (S::AwaitingPayment, "yyy---y"),
        (S::Confirmed, "-yyyy--"),
        (S::CheckedIn, "---y-y-"),
        (S::NoShow, "---y-y-"),
        (S::Cancelled, "-------"),
        (S::Expired, "y------"),
    ];
    let events = [
        Event::Confirm,
        Event::Change,
        Event::Cancel,
        Event::CheckIn,
        Event::MarkNoShow,
        Event::UndoAttendance,
        Event::Expire,
    ];
    assert_eq!(table.len(), StateKind::ALL.len());
    for (state, row) in table {
        for (event, mark) in events.into_iter().zip(row.chars()) {
            assert_eq!(state.allows(event), mark == 'y', "{event:?} in {state}");
        }
        assert_eq!(state.holds_seats(), !matches!(state, S::Cancelled | S::Expired));
    }
}
