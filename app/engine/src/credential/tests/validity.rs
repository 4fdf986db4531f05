//! How long credentials are valid, and what can be claimed at all.

use chrono::{Datelike, Days, TimeDelta, Utc};
use proptest::prelude::*;

use super::*;
use crate::credential::remind::due;
use crate::credential::rule::{Dates, Until, may_grant, until};
use crate::{CredentialId, WorkshopId};

fn shop() -> WorkshopId {
    WorkshopId::new(Utc::now())
}

fn ocop_until(decided: &str) -> Until {
    let dates = Dates { issued_on: Some(day(decided)), ..Dates::default() };
    until(Kind::Ocop, &dates)
}

#[test]
fn stars_last_36_months_to_the_day() {
    for (decided, last) in [
        ("2023-12-25", "2026-12-25"),
        ("2024-02-28", "2027-02-28"),
        // There is no 29th that year: the month's last day.
        ("2024-02-29", "2027-02-28"),
        // A leap day lies between, and one is the last.
        ("2021-02-28", "2024-02-28"),
        ("2023-08-31", "2026-08-31"),
    ] {
        assert_eq!(ocop_until(decided), Until::Day(day(last)), "{decided}");
    }
    assert_eq!(until(Kind::Ocop, &Dates::default()), Until::Unknown);
}

#[test]
fn marks_last_ten_years_from_their_filing_as_often_as_they_are_renewed() {
    let of = |kind, filed, renewals| {
        let dates = Dates { filed_on: Some(day(filed)), renewals, ..Dates::default() };
        until(Kind::Mark(kind), &dates)
    };
    assert_eq!(of(MarkKind::Collective, "2024-02-29", 0), Until::Day(day("2034-02-28")));
    assert_eq!(of(MarkKind::Certification, "2004-02-29", 1), Until::Day(day("2024-02-29")));
    assert_eq!(of(MarkKind::Collective, "2004-05-01", 2), Until::Day(day("2034-05-01")));
    assert_eq!(of(MarkKind::Indication, "2004-05-01", 0), Until::ForGood);
    assert_eq!(until(Kind::Mark(MarkKind::Collective), &Dates::default()), Until::Unknown);
}

#[test]
fn checks_end_when_their_paper_says_and_a_registration_need_not() {
    let stated = Dates { stated: Some(day("2027-01-31")), ..Dates::default() };
    let check = |kind| Kind::Check(kind);
    assert_eq!(until(check(CheckKind::FireSafety), &stated), Until::Day(day("2027-01-31")));
    assert_eq!(until(check(CheckKind::FireSafety), &Dates::default()), Until::Unknown);
    let registration = check(CheckKind::EnvironmentalRegistration);
    assert_eq!(until(registration, &Dates::default()), Until::ForGood);
    for kind in [Kind::Title(TitleKind::Hanoi), Kind::WorldCraftCity] {
        assert_eq!(until(kind, &Dates::default()), Until::ForGood);
    }
}

#[test]
fn each_level_grants_its_stars() {
    let stars = |n| Stars::new(n).unwrap();
    let (before, after) = (day("2025-06-30"), day("2025-07-01"));
    assert!(may_grant(Level::Central, stars(5), after));
    assert!(!may_grant(Level::Province, stars(5), after));
    assert!(may_grant(Level::Province, stars(4), before));
    assert!(!may_grant(Level::District, stars(4), before));
    assert!(may_grant(Level::District, stars(3), before));
    assert!(!may_grant(Level::District, stars(3), after));
    assert!(may_grant(Level::Commune, stars(3), after));
    assert!(!may_grant(Level::Commune, stars(3), before));
    assert_eq!((Stars::new(2), Stars::new(6)), (None, None));
}

#[test]
fn what_was_typed_is_read_with_all_that_is_wrong() {
    let today = day("2026-12-01");
    let wrongs =
        |kind, seat, input: &ClaimInput| Claim::parse(kind, seat, input, today).unwrap_err();
    let seat = Seat::Workshop(shop());
    let bad =
        ClaimInput { stars: "6".into(), issued_on: "2026-12-02".into(), ..Default::default() };
    assert_eq!(
        wrongs(Kind::Ocop, seat, &bad),
        [
            (Field::Subject, Wrong::Missing),
            (Field::Stars, Wrong::Choice),
            (Field::Level, Wrong::Choice),
            (Field::Issuer, Wrong::Missing),
            (Field::Number, Wrong::Missing),
            (Field::Decision, Wrong::Missing),
            (Field::IssuedOn, Wrong::Date),
        ]
    );
    let five = ocop("5", "2026-11-01");
    assert_eq!(wrongs(Kind::Ocop, seat, &five), [(Field::Level, Wrong::Level)]);
    assert!(Claim::parse(Kind::Ocop, seat, &ocop("4", "1/11/2026"), today).is_ok());

    // A kind stands on the page of its holder and on no other.
    let village = Seat::Village(VillageId::new(Utc::now()));
    for (kind, seat) in [
        (Kind::Ocop, village),
        (Kind::WorldCraftCity, seat),
        (Kind::Mark(MarkKind::Collective), seat),
        (Kind::Title(TitleKind::Peoples), village),
    ] {
        assert_eq!(wrongs(kind, seat, &five), [(Field::Seat, Wrong::Choice)]);
    }

    let kind = Kind::Check(CheckKind::FireSafety);
    let mut check = ClaimInput {
        issuer: "Công an xã".into(),
        issued_on: "2026-11-01".into(),
        ..Default::default()
    };
    assert_eq!(wrongs(kind, seat, &check), [(Field::Until, Wrong::Missing)]);
    check.until = "2026-10-31".into();
    assert_eq!(wrongs(kind, seat, &check), [(Field::Until, Wrong::BeforeFrom)]);
    check.until = "sang năm".into();
    assert_eq!(wrongs(kind, seat, &check), [(Field::Until, Wrong::Date)]);
    check.until.clear();
    let registration = Kind::Check(CheckKind::EnvironmentalRegistration);
    assert!(Claim::parse(registration, seat, &check, today).is_ok());

    let coop = Seat::Coop(CoopId::new(Utc::now()));
    let mark = Kind::Mark(MarkKind::Collective);
    let early = ClaimInput { issued_on: "2024-02-28".into(), ..super::mark() };
    assert_eq!(wrongs(mark, coop, &early), [(Field::IssuedOn, Wrong::BeforeFiled)]);
    let often = ClaimInput { renewals: "9".into(), ..super::mark() };
    assert_eq!(wrongs(mark, coop, &often).len(), 1);
    let title = ClaimInput { subject: "Bà Tơ".into(), year: "2027".into(), ..Default::default() };
    assert_eq!(
        wrongs(Kind::Title(TitleKind::Hanoi), seat, &title),
        [(Field::Decision, Wrong::Missing), (Field::Year, Wrong::Year)]
    );
}

#[test]
fn a_paper_is_what_it_contains() {
    let kept = |name: &str, content: &[u8]| Upload::new(name, content.to_vec());
    assert!(kept("a.pdf", b"%PDF-1.7\n").is_ok());
    assert!(kept("a.exe", b"\xFF\xD8\xFF\xE0").is_ok());
    assert!(kept("a", b"\x89PNG\r\n\x1a\n").is_ok());
    for content in [&b""[..], b"<html>", b"MZ", b"GIF89a", b"PK\x03\x04", b" %PDF-1.4", b"%PDF-x"] {
        assert_eq!(kept("a.pdf", content), Err(PaperError::NotAPaper));
    }
    let big = vec![0; MAX_BYTES + 1];
    assert_eq!(Upload::new("a.pdf", big), Err(PaperError::TooBig));
}

#[test]
fn reminders_go_out_once_each() {
    assert_eq!(due(91, None), None);
    assert_eq!(due(90, None), Some(90));
    assert_eq!(due(60, Some(90)), None);
    assert_eq!(due(30, Some(90)), Some(30));
    assert_eq!(due(7, Some(30)), Some(7));
    assert_eq!(due(0, Some(7)), None);
    // Verified shortly before the end: one letter, not three.
    assert_eq!(due(5, None), Some(7));
    assert_eq!(due(-1, None), None);
}

/// Verified stars, with these days.
pub(super) fn stars_of(decided: NaiveDate) -> Credential {
    let now = Utc::now();
    let Until::Day(last) =
        until(Kind::Ocop, &Dates { issued_on: Some(decided), ..Dates::default() })
    else {
        panic!("stars end")
    };
    Credential {
        id: CredentialId::new(now),
        kind: Kind::Ocop,
        village_id: None,
        coop_id: None,
        workshop_id: Some(shop()),
        tour_id: None,
        mark_id: None,
        subject: "Ấm".into(),
        owner: String::new(),
        stars: Some(4),
        level: Some(Level::Province),
        number: "1".into(),
        decision: "1".into(),
        issuer: "UBND".into(),
        year: None,
        filed_on: None,
        renewals: 0,
        issued_on: Some(decided),
        valid_until: Some(last),
        state: CredentialState::Verified,
        reason: String::new(),
        reminded: None,
        version: 0,
        created_at: now,
        claimed_at: now,
        decided_at: Some(now),
        mark_kind: None,
        mark_name: None,
        mark_number: None,
        mark_state: None,
        mark_from: None,
        mark_until: None,
        mark_coop_id: None,
        mark_owner: None,
        coop_name: None,
    }
}

#[test]
fn a_credential_shows_through_its_last_day_and_not_a_day_longer() {
    let it = stars_of(day("2024-02-29"));
    for (today, shows) in [
        ("2024-02-28", false),
        ("2024-02-29", true),
        ("2027-02-27", true),
        ("2027-02-28", true),
        ("2027-03-01", false),
    ] {
        assert_eq!(it.shows(day(today)), shows, "{today}");
        assert_eq!(shown_of([&it], day(today)).len(), usize::from(shows), "{today}");
    }
    for state in [CredentialState::Claimed, CredentialState::Refused, CredentialState::Withdrawn] {
        let it = Credential { state, ..it.clone() };
        assert!(!it.shows(day("2025-01-01")), "{state}");
    }
    // A licence goes by its mark as well.
    let licence = Credential {
        kind: Kind::Licence,
        stars: None,
        mark_state: Some(CredentialState::Verified),
        mark_until: Some(day("2026-01-01")),
        ..it
    };
    assert!(licence.shows(day("2026-01-01")) && !licence.shows(day("2026-01-02")));
    let unseen = Credential { mark_state: Some(CredentialState::Claimed), ..licence };
    assert!(!unseen.shows(day("2025-01-01")));
}

#[test]
fn of_one_thing_the_newest_decision_counts() {
    let old = stars_of(day("2025-01-01"));
    let new = Credential {
        stars: Some(3),
        workshop_id: old.workshop_id,
        subject: "ẤM ".into(),
        ..stars_of(day("2026-06-01"))
    };
    let other = Credential { subject: "Chén".into(), ..old.clone() };
    let shown = shown_of([&old, &new, &other], day("2026-12-01"));
    let stars: Vec<_> = shown.iter().map(|it| it.stars.unwrap().count()).collect();
    assert_eq!(stars, [4, 3], "the other product's, then the newest of the same");
    // Before it was decided, the older one counts.
    assert_eq!(shown_of([&old, &new], day("2026-05-31"))[0].stars, Stars::new(4));
}

proptest! {
    #[test]
    fn any_stars_are_shown_on_the_last_day_and_not_on_the_next(days in 0_i64..40_000) {
        let decided = day("1990-01-01") + TimeDelta::days(days);
        let it = stars_of(decided);
        let last = it.until().unwrap();
        prop_assert!(it.shows(decided) && it.shows(last));
        prop_assert!(!it.shows(last + Days::new(1)) && !it.shows(decided - Days::new(1)));
        // The same day of the month three years later, or the month's last.
        prop_assert_eq!((last.year(), last.month()), (decided.year() + 3, decided.month()));
        let same = last.day() == decided.day();
        prop_assert!(same || (last + Days::new(1)).month() != last.month());
        prop_assert!((1_094..=1_096).contains(&(last - decided).num_days()));
    }

    #[test]
    fn anything_can_be_typed(text in "\\PC{0,40}", at in 0_usize..18) {
        let kind = Kind::all().nth(at).unwrap();
        let input = ClaimInput {
            of: text.clone(),
            subject: text.clone(),
            owner: text.clone(),
            mark: text.clone(),
            stars: text.clone(),
            level: text.clone(),
            number: text.clone(),
            decision: text.clone(),
            issuer: text.clone(),
            year: text.clone(),
            filed_on: text.clone(),
            issued_on: text.clone(),
            renewals: text.clone(),
            until: text,
        };
        for seat in [
            Seat::Workshop(shop()),
            Seat::Coop(CoopId::new(Utc::now())),
            Seat::Village(VillageId::new(Utc::now())),
        ] {
            let _ = Claim::parse(kind, seat, &input, day("2026-12-01"));
        }
    }
}
