//! The rules, without a database.

use chrono::{DateTime, NaiveDate, TimeDelta};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::rule::*;
use super::*;
use crate::SlotId;
use crate::booking::StateKind;
use crate::payment::Secret;

#[test]
fn a_signature_is_as_others_make_it() {
    // printf '%s' '1764555300.{"id":"1"}' | openssl dgst -sha256 -hmac langnghe_whsec_test
    let at = DateTime::from_timestamp(1_764_555_300, 0).unwrap();
    let secret = Secret::new("langnghe_whsec_test");
    assert_eq!(
        signature(&secret, at, br#"{"id":"1"}"#),
        "t=1764555300,v1=a343379dd15df722b1e527690694c128c629045e5820b7018b99ee717891e462"
    );
    // Another key, text or time is another signature.
    let other = signature(&Secret::new("Jefe"), at, b"what do ya want for nothing?");
    assert_ne!(other, signature(&Secret::new("Jefg"), at, b"what do ya want for nothing?"));
    assert_ne!(other, signature(&Secret::new("Jefe"), at, b"what do ya want for nothing!"));
    let later = at + TimeDelta::seconds(1);
    assert_ne!(other, signature(&Secret::new("Jefe"), later, b"what do ya want for nothing?"));
}

#[test]
fn pauses_grow_and_end_within_a_day() {
    let seconds = |failed| pause(failed, 0).map(|pause| pause.num_seconds());
    let all: Vec<_> = (1..=MAX_ATTEMPTS).map(seconds).collect();
    let hours = |n: i64| Some(n * 3600);
    assert_eq!(
        all,
        [Some(30), Some(120), Some(600), hours(1), hours(3), hours(6), hours(12), None]
    );
    let whole: i64 = (1..MAX_ATTEMPTS).filter_map(seconds).sum();
    assert!((20 * 3600..24 * 3600).contains(&whole));
}

proptest! {
    #[test]
    fn jitter_lengthens_a_pause_a_little(failed in 0..20_i32, jitter in -5..2_000_i32) {
        match (pause(failed, 0), pause(failed, jitter)) {
            (Some(plain), Some(longer)) => {
                prop_assert!(failed < MAX_ATTEMPTS);
                prop_assert!(plain <= longer && longer <= plain * 6 / 5);
                // However the dice fall, the next pause is longer.
                if let Some(next) = pause(failed.max(1) + 1, 0) {
                    prop_assert!(longer < next);
                }
            }
            (None, None) => prop_assert!(failed >= MAX_ATTEMPTS),
            other => prop_assert!(false, "{other:?}"),
        }
    }

    /// Whatever happens to a booking between looks: the workshop hears of it first as confirmed (or
    /// already checked in), nothing is told of what never counted, and an end is told once.
    #[test]
    fn what_is_told_of_a_booking_makes_sense(states in prop::collection::vec(0..StateKind::ALL.len(), 1..12)) {
        let mut before = None;
        let (mut counts, mut confirmed) = (false, false);
        for now in states.into_iter().map(|at| StateKind::ALL[at]) {
            use StateKind as S;
            let counted = matches!(now, S::Confirmed | S::CheckedIn | S::NoShow);
            confirmed |= counted;
            match event_of(before, now, confirmed) {
                Some(Event::BookingConfirmed) => prop_assert!(now == S::Confirmed && !counts),
                Some(Event::BookingCheckedIn) => prop_assert_eq!(now, S::CheckedIn),
                Some(Event::BookingCancelled) => {
                    prop_assert!(confirmed && matches!(now, S::Cancelled | S::Expired));
                    prop_assert!(before != Some(now));
                }
                Some(Event::BookingChanged) => prop_assert!(counted || counts),
                Some(other) => prop_assert!(false, "{other}"),
                None => prop_assert!(!counted),
            }
            counts = counted;
            before = Some(now);
        }
    }
}

#[test]
fn a_change_of_state_is_one_event() {
    use StateKind as S;
    let of = |before, now| event_of(before, now, true);
    assert_eq!(of(None, S::Confirmed), Some(Event::BookingConfirmed));
    assert_eq!(of(Some(S::Held), S::Confirmed), Some(Event::BookingConfirmed));
    assert_eq!(of(Some(S::Cancelled), S::Confirmed), Some(Event::BookingConfirmed));
    assert_eq!(of(Some(S::Confirmed), S::Confirmed), Some(Event::BookingChanged));
    assert_eq!(of(Some(S::Confirmed), S::CheckedIn), Some(Event::BookingCheckedIn));
    assert_eq!(of(Some(S::CheckedIn), S::Confirmed), Some(Event::BookingChanged));
    assert_eq!(of(Some(S::Confirmed), S::NoShow), Some(Event::BookingChanged));
    assert_eq!(of(Some(S::Confirmed), S::Cancelled), Some(Event::BookingCancelled));
    assert_eq!(of(Some(S::Cancelled), S::Cancelled), None);
    assert_eq!(event_of(None, S::Held, false), None);
    assert_eq!(event_of(Some(S::Held), S::Expired, false), None);
    assert_eq!(event_of(Some(S::Held), S::Cancelled, false), None);
    // What waits and what is newer.
    let both = |waiting, newer| merged(waiting, newer);
    assert_eq!(both(Event::BookingConfirmed, Event::BookingChanged), Event::BookingConfirmed);
    assert_eq!(both(Event::BookingConfirmed, Event::BookingCancelled), Event::BookingCancelled);
    assert_eq!(both(Event::BookingChanged, Event::BookingCheckedIn), Event::BookingCheckedIn);
}

#[test]
fn days_join_and_are_cut() {
    let day = |day| NaiveDate::from_ymd_opt(2026, 12, day).unwrap();
    let slot = SlotId::new(DateTime::UNIX_EPOCH);
    let one = Days::of(day(3), slot);
    assert_eq!(one.and(one), one);
    let moved = one.and(Days::of(day(5), slot));
    assert_eq!((moved.first, moved.last, moved.slot), (day(3), day(5), Some(slot)));
    let two = one.and(Days::of(day(1), SlotId::new(DateTime::UNIX_EPOCH)));
    assert_eq!((two.first, two.last, two.slot), (day(1), day(3), None));
    assert_eq!(moved.and(two).slot, None);
    let cut = moved.within(day(4), None).unwrap();
    assert_eq!((cut.first, cut.last), (day(4), day(5)));
    assert_eq!(moved.within(day(6), None), None);
    assert_eq!(moved.within(day(1), Some(day(2))), None);
}

#[test]
fn bodies_are_thin_and_as_documented() {
    let at = DateTime::from_timestamp(1_764_555_300, 0).unwrap();
    let day = NaiveDate::from_ymd_opt(2026, 12, 3).unwrap();
    let message = |event, days, data| Message {
        id: "m",
        event,
        created_at: at,
        workshop: ("w", "lo-bau"),
        webhook: "s",
        days,
        data,
    };
    let data = json!({ "booking": { "code": "ABC234" }, "links": { "booking": "/vi/host/x" } });
    let told = body(message(Event::BookingConfirmed, None, data), SITE);
    assert_eq!(
        told,
        json!({
            "id": "m", "event": "booking.confirmed", "createdAt": "2025-12-01T02:15:00Z",
            "workshop": { "id": "w", "slug": "lo-bau" },
            "data": { "booking": { "code": "ABC234" },
                "links": { "booking": "https://langnghe.example/vi/host/x" } },
        })
    );
    let days = Days { first: day, last: day, slot: None };
    let told = body(message(Event::DepartureChanged, Some(days), json!({ "tour": "t" })), SITE);
    assert_eq!(
        told["data"],
        json!({ "tour": "t", "from": "2026-12-03", "to": "2026-12-03", "departure": null })
    );
    let data = json!({ "productId": "t", "optionId": "o" });
    let told = body(message(Event::AvailabilityUpdate, Some(days), data), SITE);
    assert_eq!(
        told,
        json!({
            "id": "m", "subscriptionId": "s", "notificationType": "AVAILABILITY_UPDATE",
            "utcCreatedAt": "2025-12-01T02:15:00Z",
            "data": { "productId": "t", "optionId": "o", "localDateStart": "2026-12-03",
                "localDateEnd": "2026-12-03" },
        })
    );
}

#[test]
fn headers_of_the_connection_are_not_the_subscribers() {
    let asked = |value: Value| headers(value.as_object().unwrap());
    let good = asked(json!({ "Authorization": "Bearer x", "X-Tenant": "7" })).unwrap();
    assert_eq!(good.0.get("authorization").map(String::as_str), Some("Bearer x"));
    assert!(!format!("{good:?}").contains("Bearer"), "no log tells the value");
    for wrong in [
        json!({ "Host": "internal" }),
        json!({ "content-length": "3" }),
        json!({ "Transfer-Encoding": "chunked" }),
        json!({ "Connection": "close" }),
        json!({ "Proxy-Authorization": "x" }),
        json!({ "Langnghe-Signature": "t=1" }),
        json!({ "Content-Type": "text/html" }),
        json!({ "X-A": "one\r\nHost: two" }),
        json!({ "X A": "space" }),
        json!({ "": "nothing" }),
        json!({ "X-A": 7 }),
        json!({ "X-A": "a", "x-a": "b" }),
        json!({ "X-A": "é" }),
    ] {
        assert_eq!(asked(wrong.clone()), None, "{wrong}");
    }
    let many: serde_json::Map<String, Value> =
        (0..21).map(|n| (format!("x-{n}"), json!("v"))).collect();
    assert_eq!(headers(&many), None);
}
