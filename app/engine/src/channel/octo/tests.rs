//! The mapping, without a database.

use serde_json::json;

use super::*;

#[test]
fn capabilities_are_echoed_as_they_were_asked_for() {
    let asked = Capabilities::parse("octo/pricing, content,octo/pickups,,");
    assert_eq!(asked.applied(), "octo/pricing, content");
    assert_eq!(Capabilities::parse("").applied(), "");
}

#[test]
fn a_start_is_known_by_any_spelling() {
    let hanoi = start_of("2026-12-01T09:00:00+07:00");
    assert!(hanoi.is_some());
    assert_eq!(hanoi, start_of("2026-12-01T02:00:00Z"));
    assert_eq!(start_of("2026-12-01"), None);
}

#[test]
fn null_and_absent_are_not_the_same_in_a_change() {
    let change: AskUpdate = serde_json::from_value(json!({ "notes": null })).unwrap();
    assert_eq!(change.notes, Some(None));
    assert_eq!(change.reseller_reference, None);
}

#[test]
fn the_same_body_has_the_same_print() {
    let (one, two) = (json!({ "a": 1, "b": [2] }), json!({ "a": 1, "b": [3] }));
    assert_eq!(fingerprint(&one), fingerprint(&one.clone()));
    assert_ne!(fingerprint(&one), fingerprint(&two));
}
