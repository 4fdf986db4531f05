//! Letters of a course, whole, in both languages, and the calendar entries that ride on them.

use super::*;
use crate::booking::reminders::remind_due;
use crate::course::{
    AddNames, CancelSession, Issue, MarkAttendance, MoveSession, PlanRun, add_names,
    cancel_session, issue, mark_attendance, move_session, parse_names, plan_run, read_lines,
    roll_of, sessions_of,
};
use crate::mail::ics::Method;
use crate::mail::render::{Desk, Queued, Rendered, render};
use crate::schedule::Slot;
use crate::store::Kind;
use crate::store::testing::fresh;

const DAYS: &str = "05/12/2026 08:30\n12/12/2026 08:30\n19/12/2026 08:30";

async fn run(village: &Village, store: &Store) -> Slot {
    let tour = village.catalogue.tour_by_slug("khoa-xoay-gom-sau-sang-thu-bay").unwrap();
    let command = PlanRun {
        catalogue: Arc::clone(&village.catalogue),
        actor: Actor::System,
        option: tour.options[0].id,
        sessions: read_lines(DAYS, 180).unwrap(),
        capacity: 8,
        guide: String::new(),
    };
    store.write("plan", command, |tx, c| Box::pin(plan_run(tx, c))).await.unwrap()
}

async fn enrolled(village: &Village, store: &Store, run: &Slot, locale: Locale) -> Booking {
    let (tour, option) = village.catalogue.option(run.option_id).unwrap();
    let catalogue = Arc::clone(&village.catalogue);
    let hold = Hold {
        residents: false,
        catalogue: catalogue.clone(),
        slot: run.id,
        wanted: vec![(option.open_units().next().unwrap().id, 2)],
        locale,
        form_key: uuid::Uuid::now_v7().to_string(),
        minutes: 15,
    };
    let held = store.write("hold", hold, |tx, c| Box::pin(booking::hold(tx, c))).await.unwrap();
    let fill = FillIn {
        catalogue: catalogue.clone(),
        booking: held.id,
        contact: Contact::parse("Cô Trang", "trang@example.com", "", "").unwrap(),
        locale,
        answers: Answers::parse(tour, QuestionScope::Booking, &BTreeMap::new(), true).unwrap(),
    };
    store.write("fill", fill, |tx, c| Box::pin(booking::fill_in(tx, c))).await.unwrap();
    let confirm = Confirm { catalogue, booking: held.id };
    store.write("confirm", confirm, |tx, c| Box::pin(booking::confirm(tx, c))).await.unwrap()
}

/// The last letter of a kind in the outbox, as it would be sent now.
async fn last(village: &Village, store: &Store, kind: Letter) -> Rendered {
    let mut conn = store.read().await.unwrap();
    let row: Queued = conn
        .fetch_one(
            "SELECT kind, recipient, recipient_name, locale, payload, booking_id, workshop_id, \
             attempts FROM outbox WHERE kind = $1 ORDER BY created_at DESC, id DESC LIMIT 1",
            params![kind],
        )
        .await
        .unwrap();
    let desk =
        Desk { catalogue: &village.catalogue, settings: &village.settings, now: store.now() };
    render(&mut conn, &desk, &row).await.unwrap().unwrap()
}

/// UID, SEQUENCE, STATUS and DTSTART of each event.
fn entries(letter: &Rendered) -> Vec<[String; 4]> {
    let (method, ics) = letter.invite.as_ref().unwrap();
    assert_eq!(*method, Method::Publish);
    assert!(ics.contains("METHOD:PUBLISH\r\n") && !ics.contains("ATTENDEE"));
    let unfolded = ics.replace("\r\n ", "");
    let events = unfolded.split("BEGIN:VEVENT").skip(1);
    events
        .map(|event| {
            assert!(event.contains("ORGANIZER;CN=\"Làng Nghề\":mailto:booking@langnghe.example"));
            ["UID:", "SEQUENCE:", "STATUS:", "DTSTART:"].map(|name| {
                let line = event.lines().find(|line| line.starts_with(name)).unwrap();
                line[name.len()..].to_owned()
            })
        })
        .collect()
}

async fn letters_in(locale: Locale) {
    let store = fresh(Kind::Sqlite).await.unwrap();
    let village = Village::new(&store).await;
    let run = run(&village, &store).await;
    let booking = enrolled(&village, &store, &run, locale).await;
    let steady = |text: &str| {
        text.replace(&booking::guests::token(&booking), "TOKEN")
            .replace(&booking.code, "CODE")
            .replace(&booking.secret, "SECRET")
    };
    let mut all = Vec::new();
    let mut keep = |letter: &Rendered| {
        all.push(format!("════ Subject: {}\n\n{}", letter.subject, steady(&letter.text)));
    };
    let confirmed = last(&village, &store, Letter::Confirmation).await;
    keep(&confirmed);
    let uid = |position: usize| format!("booking-{}-{position}@langnghe.example", booking.id);
    let first = entries(&confirmed);
    let starts = ["20261205T013000Z", "20261212T013000Z", "20261219T013000Z"];
    for (at, entry) in first.iter().enumerate() {
        assert_eq!(*entry, [uid(at + 1), "0".into(), "CONFIRMED".into(), starts[at].into()]);
    }
    assert_eq!(first.len(), 3);
    keep(&last(&village, &store, Letter::HostNew).await);
    let html = steady(&last(&village, &store, Letter::Confirmation).await.html);
    insta::assert_snapshot!(format!("course-html-{locale}"), html);

    let sessions = sessions_of(&mut store.read().await.unwrap(), run.id).await.unwrap();
    let moved = MoveSession {
        actor: Actor::System,
        session: sessions[1].id,
        date: chrono::NaiveDate::from_ymd_opt(2026, 12, 13).unwrap(),
        time: "14:00".parse().unwrap(),
        minutes: None,
    };
    store.write("move", moved, |tx, c| Box::pin(move_session(tx, c))).await.unwrap();
    let letter = last(&village, &store, Letter::SessionChange).await;
    keep(&letter);
    let second = entries(&letter);
    assert_eq!(second[1], [uid(2), "1".into(), "CONFIRMED".into(), "20261213T070000Z".into()]);
    store.clock().advance(TimeDelta::minutes(1));
    let stopped = CancelSession {
        actor: Actor::System,
        session: sessions[2].id,
        reason: "Lò đang sửa".into(),
    };
    store.write("cancel", stopped, |tx, c| Box::pin(cancel_session(tx, c))).await.unwrap();
    let letter = last(&village, &store, Letter::SessionChange).await;
    keep(&letter);
    let third = entries(&letter);
    assert_eq!(third[2], [uid(3), "2".into(), "CANCELLED".into(), starts[2].into()]);

    let command = AddNames {
        actor: Actor::Guest,
        booking: booking.id,
        names: parse_names("Lê Gia Hân, 2012\nPhạm Minh").unwrap(),
    };
    store.write("names", command, |tx, c| Box::pin(add_names(tx, c))).await.unwrap();
    // The first session, then the evening before the second, of a booking that is checked in.
    let attend = async |at: usize| {
        let roll = roll_of(&mut store.read().await.unwrap(), run.id).await.unwrap();
        let marks = roll.participants().map(|(_, one)| (one.guest.id, Some(true))).collect();
        let command =
            MarkAttendance { actor: Actor::System, session: sessions[at].id, marks, at: None };
        store.write("mark", command, |tx, c| Box::pin(mark_attendance(tx, c))).await.unwrap();
    };
    store.clock().advance(TimeDelta::days(4));
    attend(0).await;
    store.clock().advance(TimeDelta::hours(7 * 24 + 11));
    store.write("remind", (), |tx, ()| Box::pin(remind_due(tx))).await.unwrap();
    keep(&last(&village, &store, Letter::Reminder).await);
    store.clock().advance(TimeDelta::days(1));
    attend(1).await;

    let tour = run.tour_id;
    store
        .write("terms", tour, |tx, tour| {
            Box::pin(async move {
                tx.execute_one("UPDATE course SET needed = 2 WHERE tour_id = $1", params![tour])
                    .await?;
                tx.execute_one("UPDATE catalogue_version SET version = version + 1", vec![]).await
            })
        })
        .await
        .unwrap_or_else(|error: crate::store::StoreError| panic!("{error}"));
    let catalogue = CatalogueCache::new(store.clone()).get().await.unwrap();
    let command = Issue { catalogue, actor: Actor::System, run: run.id, guest: None };
    let issued = store.write("issue", command, |tx, c| Box::pin(issue(tx, c))).await.unwrap();
    let letter = last(&village, &store, Letter::Certificate).await;
    let paper = issued.certificates.last().unwrap();
    let text = letter.text.replace(&paper.code, "CERTIFICATE");
    let text = text.replace(&paper.spoken_code(), "CERT-IFIC-ATE");
    all.push(format!("════ Subject: {}\n\n{text}", letter.subject));
    insta::assert_snapshot!(format!("course-{locale}"), all.join("\n"));
}

#[tokio::test]
async fn letters_of_a_course_in_vietnamese_read_as_they_should() {
    letters_in(Locale::Vi).await;
}

#[tokio::test]
async fn letters_of_a_course_in_english_read_as_they_should() {
    letters_in(Locale::En).await;
}
