//! Planning, moving and cancelling; names and attendance.

use super::*;
use crate::booking::checkin::{CheckIn, CheckInError, check_in};
use crate::booking::guests::{self, GuestError, RemoveGuest, remove_guest};
use crate::booking::reminders::{remind_due, thank_due};
use crate::booking::{
    BookingError, CancelByGuest, Move, State, StateKind, cancel_by_guest, reschedule,
};
use crate::clock::local_time;
use crate::schedule::{
    AddSlot, CancelSlot, DayRule, HORIZON_DAYS, MoveSlot, ScheduleError, add_slot, cancel_slot,
    closures_of, generate_workshop, insert_closure, move_slot,
};

async fn move_to(
    scene: &Scene,
    actor: &Actor,
    session: &Session,
    date: u32,
    time: &str,
) -> Result<Session, CourseError> {
    let command = MoveSession {
        actor: actor.clone(),
        session: session.id,
        date: day(date),
        time: time.parse().unwrap(),
        minutes: None,
    };
    scene.store.write("move", command, |tx, c| Box::pin(move_session(tx, c))).await
}

async fn cancel(
    scene: &Scene,
    actor: &Actor,
    session: &Session,
    reason: &str,
) -> Result<Session, CourseError> {
    let command =
        CancelSession { actor: actor.clone(), session: session.id, reason: reason.into() };
    scene.store.write("cancel", command, |tx, c| Box::pin(cancel_session(tx, c))).await
}

both_dbs! {
    async fn a_run_is_one_slot_with_its_sessions(store) {
        let scene = school(&store, false).await;
        let run = saturdays(&scene).await;
        assert_eq!((run.local_date, run.last_date), (day(5), Some(day(19))));
        assert_eq!(local_time(run.ends_at).format("%H:%M").to_string(), "11:30");
        assert_eq!(run.starts_at - run.closes_at, TimeDelta::hours(2));
        assert_eq!((run.guide.as_str(), run.capacity), ("Anh Hải", 8));
        let all = sessions(&scene, run.id).await;
        let places: Vec<_> = all.iter().map(|one| (one.position, one.local_date)).collect();
        assert_eq!(places, [(1, day(5)), (2, day(12)), (3, day(19))]);

        // Enrolling is booking: seats, letters, the waiting list are those of every slot.
        let booking = scene.booked(run.id, 1).await.unwrap();
        assert_eq!(scene.seats(run.id).await, (1, 0));
        let roll = roll(&scene, run.id).await;
        let names: Vec<_> = roll.participants().map(|(_, one)| one.guest.name.clone()).collect();
        assert_eq!(names, ["Nguyễn Thị Hoa"], "who books for one is the participant");
        assert_eq!(roll.parties[0].0.id, booking.id);

        // Rules leave it alone.
        let command = Arc::clone(&scene.catalogue);
        let workshop = scene.workshop;
        store.write("generate", command, move |tx, catalogue| Box::pin(async move {
            generate_workshop(tx, &catalogue, workshop, HORIZON_DAYS).await
        })).await.unwrap();
        assert_eq!(now(&scene, run.id).await, Slot { taken: 1, heads: 1, ..run.clone() });
        // A departure without sessions is none of a course.
        let add = AddSlot {
            catalogue: Arc::clone(&scene.catalogue), actor: scene.owner.clone(),
            option: scene.option, date: day(9), time: "09:00".parse().unwrap(), capacity: 4,
            guide: String::new(),
        };
        let added = store.write("add", add, |tx, c| Box::pin(add_slot(tx, c))).await;
        assert!(matches!(added, Err(ScheduleError::Unknown)));
        let open = runs_of_tour(&mut store.read().await.unwrap(), scene.tour, store.now()).await;
        assert_eq!(open.unwrap().len(), 1);
    }

    async fn what_is_wrong_with_a_plan_is_named(store) {
        let scene = school(&store, false).await;
        for actor in [&scene.staff, &scene.stranger, &Actor::Guest] {
            let tried = plan(&scene, actor, vec![at(5, "08:30")]).await;
            assert!(matches!(tried, Err(CourseError::Forbidden(_))));
        }
        let wrong = async |sessions| match plan(&scene, &scene.owner, sessions).await {
            Err(CourseError::Plan(fields)) => fields,
            other => panic!("{other:?}"),
        };
        assert_eq!(wrong(vec![]).await, [RunField::Sessions]);
        assert_eq!(wrong(vec![at(1, "07:00")]).await, [RunField::Session(0)], "past");
        let short = Planned { minutes: 5, ..at(5, "08:30") };
        assert_eq!(wrong(vec![short]).await, [RunField::Session(0)]);
        let overlap = vec![at(5, "08:30"), at(5, "11:00")];
        assert_eq!(wrong(overlap).await, [RunField::Overlap(1)]);
        saturdays(&scene).await;
        let again = plan(&scene, &scene.owner, vec![at(5, "08:30")]).await;
        assert!(matches!(again, Err(CourseError::Occupied)));
        let visit = Scene::new(&store).await;
        let none = plan(&visit, &visit.owner, vec![at(5, "08:30")]).await;
        assert!(matches!(none, Err(CourseError::Unknown)), "no course");
    }

    async fn weeks_leave_closed_days_out(store) {
        let scene = school(&store, false).await;
        let command = (scene.workshop, DayRule::Dates { from: day(10), to: day(13) });
        store.write("close", command, |tx, (workshop, rule)| Box::pin(async move {
            insert_closure(tx, workshop, None, &Localized::default(), &rule, None).await
        })).await.unwrap();
        let closures = closures_of(&mut store.read().await.unwrap(), scene.workshop).await.unwrap();
        let weekly = Weekly {
            first: day(5), weekdays: crate::schedule::Weekdays::default(),
            time: "08:30".parse().unwrap(), minutes: 180, count: 3,
        };
        let (planned, left_out) = weekly.dates(scene.tour, &closures);
        assert_eq!(planned, [at(5, "08:30"), at(19, "08:30"), at(26, "08:30")]);
        assert_eq!(left_out, [day(12)]);
    }

    async fn a_session_moves_and_everybody_hears_of_it(store) {
        let scene = school(&store, false).await;
        let run = saturdays(&scene).await;
        let booking = scene.booked(run.id, 2).await.unwrap();
        let all = sessions(&scene, run.id).await;
        assert!(matches!(move_to(&scene, &scene.stranger, &all[0], 6, "08:30").await,
            Err(CourseError::Forbidden(_))));
        assert!(matches!(move_to(&scene, &scene.staff, &all[0], 12, "10:00").await,
            Err(CourseError::Plan(wrong)) if wrong == [RunField::Overlap(0)]));
        assert!(matches!(move_to(&scene, &scene.staff, &all[0], 1, "07:00").await,
            Err(CourseError::Plan(_))));

        move_to(&scene, &scene.staff, &all[0], 6, "14:00").await.unwrap();
        let slot = now(&scene, run.id).await;
        assert_eq!((slot.local_date, slot.last_date), (day(6), Some(day(19))));
        assert_eq!(slot.starts_at - slot.closes_at, TimeDelta::hours(2), "the notice stays");
        let after = scene.again(&booking).await;
        assert_eq!(after.sequence, booking.sequence + 1);
        assert_eq!(scene.letters(Letter::SessionChange).await, 1);
        move_to(&scene, &scene.staff, &all[0], 6, "14:00").await.unwrap();
        assert_eq!(scene.letters(Letter::SessionChange).await, 1, "nothing changed");

        // The last one is cancelled: the run ends earlier.
        assert!(matches!(cancel(&scene, &scene.staff, &all[2], " ").await,
            Err(CourseError::Reason)));
        cancel(&scene, &scene.staff, &all[2], "Lò hỏng").await.unwrap();
        assert_eq!(now(&scene, run.id).await.last_date, Some(day(12)));
        assert_eq!(scene.letters(Letter::SessionChange).await, 2);
        assert!(matches!(cancel(&scene, &scene.staff, &all[2], "Lò hỏng").await,
            Err(CourseError::Final)));
        assert!(matches!(move_to(&scene, &scene.staff, &all[2], 20, "08:30").await,
            Err(CourseError::Final)));
        cancel(&scene, &scene.staff, &all[0], "Ốm").await.unwrap();
        assert!(matches!(cancel(&scene, &scene.staff, &all[1], "Ốm").await,
            Err(CourseError::LastSession)));
    }

    async fn a_run_moves_as_a_whole_until_it_has_begun(store) {
        let scene = school(&store, false).await;
        let run = saturdays(&scene).await;
        scene.booked(run.id, 1).await.unwrap();
        let shift = |date, time: &str| MoveSlot {
            catalogue: Arc::clone(&scene.catalogue), actor: scene.owner.clone(), slot: run.id,
            date, time: time.parse().unwrap(),
        };
        let moved = store.write("move", shift(day(6), "09:00"), |tx, c| Box::pin(move_slot(tx, c)));
        moved.await.unwrap();
        let dates: Vec<_> = sessions(&scene, run.id).await.iter()
            .map(|one| (one.local_date, local_time(one.starts_at).format("%H:%M").to_string()))
            .collect();
        let nine = || "09:00".to_owned();
        assert_eq!(dates, [(day(6), nine()), (day(13), nine()), (day(20), nine())]);
        assert_eq!(now(&scene, run.id).await.last_date, Some(day(20)));
        assert_eq!(scene.letters(Letter::Change).await, 1);
        let left = slots::of_tour(&mut store.read().await.unwrap(), scene.tour, day(5), day(5)).await;
        assert_eq!(left.unwrap(), [], "no empty slot is left where no rule names one");
        store.clock().advance(TimeDelta::days(6));
        let late = store.write("move", shift(day(20), "09:00"), |tx, c| Box::pin(move_slot(tx, c)));
        assert!(matches!(late.await, Err(ScheduleError::Final)));
        let stop = CancelSlot {
            actor: scene.owner.clone(), slot: run.id, reason: "Ốm".into(),
        };
        let stopped = store.write("cancel", stop, |tx, c| Box::pin(cancel_slot(tx, c))).await;
        assert!(matches!(stopped, Err(ScheduleError::Final)), "its sessions are cancelled singly");
    }

    async fn a_booking_moves_to_another_run_or_is_cancelled(store) {
        let scene = school(&store, false).await;
        let run = saturdays(&scene).await;
        let other = plan(&scene, &scene.owner, vec![at(6, "08:30"), at(13, "08:30")]).await.unwrap();
        let booking = scene.booked(run.id, 2).await.unwrap();
        let command = Move {
            catalogue: Arc::clone(&scene.catalogue), actor: Actor::Guest, booking: booking.id,
            to: other.id, over: false,
        };
        store.write("move", command, |tx, c| Box::pin(reschedule(tx, c))).await.unwrap();
        assert_eq!((scene.seats(run.id).await, scene.seats(other.id).await), ((0, 0), (2, 0)));
        let command = CancelByGuest { booking: booking.id, reason: String::new() };
        let ended = store.write("cancel", command, |tx, c| Box::pin(cancel_by_guest(tx, c))).await;
        assert_eq!(ended.unwrap().state.kind(), StateKind::Cancelled);
        assert_eq!(scene.seats(other.id).await, (0, 0));
    }

    async fn places_by_application_are_not_booked(store) {
        let scene = school(&store, true).await;
        let run = saturdays(&scene).await;
        assert!(matches!(scene.hold(run.id, 1).await, Err(BookingError::NotOnSale)));
    }

    async fn a_teacher_pastes_the_list(store) {
        let scene = school(&store, false).await;
        let run = saturdays(&scene).await;
        let booking = scene.booked(run.id, 4).await.unwrap();
        let list = "1. Lê Gia Hân, 2012\n2. Phạm Nhật Minh\t05/03/2012\n\n3) Vũ Bảo Ngọc";
        assert_eq!(named(&scene, &booking, list).await.unwrap(), 3);
        assert_eq!(named(&scene, &booking, list).await.unwrap(), 0, "pasted again");
        let more = "Lê Gia Hân, 2013\nĐỗ An";
        assert!(matches!(named(&scene, &booking, more).await, Err(CourseError::Full { left: 1 })));
        let roll = roll(&scene, run.id).await;
        let known: Vec<_> =
            roll.participants().map(|(_, one)| (one.guest.name.as_str(), one.guest.born)).collect();
        assert_eq!(known, [
            ("Lê Gia Hân", Some(2012)), ("Phạm Nhật Minh", Some(2012)), ("Vũ Bảo Ngọc", None),
        ]);
        let guest = roll.parties[0].1[2].guest.id;
        let put_right = |actor: &Actor, name: &str| {
            let command = Rename { actor: actor.clone(), guest, name: name.into(), born: Some(2013) };
            store.write("rename", command, |tx, c| Box::pin(rename(tx, c)))
        };
        assert!(matches!(put_right(&scene.stranger, "X").await, Err(CourseError::Forbidden(_))));
        assert!(matches!(put_right(&scene.staff, " ").await, Err(CourseError::Name)));
        put_right(&scene.staff, "Vũ Bảo  Ngọc Anh").await.unwrap();
        let group = Group::parse(" THCS  Bát Tràng ", "Cô Trang");
        let command = (booking.id, group.clone());
        store.write("group", command, |tx, (booking, group)| Box::pin(async move {
            name_group(tx, booking, &group).await
        })).await.unwrap();
        let mut conn = store.read().await.unwrap();
        assert_eq!(group_of(&mut conn, booking.id).await.unwrap().words(), "THCS Bát Tràng, Cô Trang");
        assert_eq!(groups_of(&mut conn, &[booking.id]).await.unwrap()[&booking.id], group);
    }

    async fn attendance_is_marked_twice_late_and_put_right(store) {
        let scene = school(&store, false).await;
        let run = saturdays(&scene).await;
        let booking = scene.booked(run.id, 2).await.unwrap();
        named(&scene, &booking, "An\nBình").await.unwrap();
        let all = sessions(&scene, run.id).await;
        let both = [("An", Some(true)), ("Bình", Some(false))];
        assert!(matches!(mark(&scene, &scene.staff, &all[0], &both).await,
            Err(CourseError::NotBegun)));
        store.clock().advance(TimeDelta::days(4));
        assert!(matches!(mark(&scene, &scene.stranger, &all[0], &both).await,
            Err(CourseError::Forbidden(_))));
        assert_eq!(mark(&scene, &scene.staff, &all[0], &both).await.unwrap(), 2);
        assert_eq!(mark(&scene, &scene.staff, &all[0], &both).await.unwrap(), 0, "sent twice");
        assert!(matches!(scene.again(&booking).await.state, State::CheckedIn { arrived: 1, .. }));

        // An older mark of a phone without a network changes nothing.
        let roll_now = roll(&scene, run.id).await;
        let an = roll_now.participants().next().unwrap().1.guest.id;
        let early = MarkAttendance {
            actor: scene.staff.clone(), session: all[0].id, marks: vec![(an, Some(false))],
            at: Some(store.now() - TimeDelta::hours(1)),
        };
        let done = store.write("mark", early, |tx, c| Box::pin(mark_attendance(tx, c))).await;
        assert_eq!(done.unwrap(), 0);
        // A slip is put right: nobody was there, so the booking is not checked in.
        store.clock().advance(TimeDelta::minutes(5));
        mark(&scene, &scene.staff, &all[0], &[("An", None)]).await.unwrap();
        assert_eq!(scene.again(&booking).await.state.kind(), StateKind::Confirmed);
        mark(&scene, &scene.staff, &all[0], &[("An", Some(true))]).await.unwrap();

        // What is on record keeps its name on the list.
        let remove = RemoveGuest { booking: booking.id, guest: an };
        let removed = store.write("remove", remove, |tx, c| Box::pin(remove_guest(tx, c))).await;
        assert!(matches!(removed, Err(GuestError::Attended)));
        // Somebody of another run is nobody here.
        let other = plan(&scene, &scene.owner, vec![at(6, "08:30")]).await.unwrap();
        let theirs = scene.booked(other.id, 1).await.unwrap();
        let mut conn = store.read().await.unwrap();
        let stranger = guests::of_booking(&mut conn, theirs.id).await.unwrap()[0].id;
        drop(conn);
        let wrong = MarkAttendance {
            actor: scene.staff.clone(), session: all[0].id, marks: vec![(stranger, Some(true))],
            at: None,
        };
        let done = store.write("mark", wrong, |tx, c| Box::pin(mark_attendance(tx, c))).await;
        assert!(matches!(done, Err(CourseError::Unknown)));

        // The voucher at the door of the second session, and on a day without one.
        let arrive = || {
            let command = CheckIn {
                actor: scene.staff.clone(), booking: booking.id, arrived: 2, at: None,
            };
            store.write("check in", command, |tx, c| Box::pin(check_in(tx, c)))
        };
        store.clock().advance(TimeDelta::days(1));
        assert!(matches!(arrive().await, Err(CheckInError::OtherDay(_))));
        store.clock().advance(TimeDelta::days(6));
        arrive().await.unwrap();
        let there = roll(&scene, run.id).await;
        assert!(there.participants().all(|(_, one)| one.marks[&all[1].id]));
    }

    async fn reminders_before_each_session_and_thanks_after_the_last(store) {
        let scene = school(&store, false).await;
        let run = saturdays(&scene).await;
        let booking = scene.booked(run.id, 1).await.unwrap();
        let remind = async || {
            store.write("remind", (), |tx, ()| Box::pin(remind_due(tx))).await.unwrap();
            scene.letters(Letter::Reminder).await
        };
        // Friday evening before each of the three Saturdays, twice.
        store.clock().advance(TimeDelta::hours(3 * 24 + 11));
        assert_eq!((remind().await, remind().await), (1, 1));
        store.clock().advance(TimeDelta::hours(15));
        let all = sessions(&scene, run.id).await;
        mark(&scene, &scene.staff, &all[0], &[("Nguyễn Thị Hoa", Some(true))]).await.unwrap();
        assert_eq!(scene.again(&booking).await.state.kind(), StateKind::CheckedIn);
        let thank = async || {
            store.write("thank", (), |tx, ()| Box::pin(thank_due(tx))).await.unwrap()
        };
        store.clock().advance(TimeDelta::days(1));
        assert_eq!(thank().await, 0, "the course goes on");
        store.clock().advance(TimeDelta::hours(5 * 24 + 9));
        assert_eq!((remind().await, remind().await), (2, 2));
        store.clock().advance(TimeDelta::days(7));
        assert_eq!((remind().await, remind().await), (3, 3));
        store.clock().advance(TimeDelta::days(2));
        assert_eq!((thank().await, thank().await), (1, 0));
    }
}

#[test]
fn lists_of_sessions_are_read_as_people_write_them() {
    let read = |text: &str| read_lines(text, 180);
    let first = at(5, "08:30");
    assert_eq!(read("05/12/2026 08:30"), Ok(vec![first]));
    assert_eq!(read("2026-12-05, 8:30\n"), Ok(vec![first]));
    assert_eq!(read("Thứ Bảy 5/12/2026 8h30 – 11h30"), Ok(vec![first]));
    assert_eq!(read("5/12/2026 8h-10h"), Ok(vec![Planned { minutes: 120, ..at(5, "08:00") }]));
    assert_eq!(
        read(&format!("{}\n{}", line_of(&at(12, "08:30")), line_of(&first))),
        Ok(vec![first, at(12, "08:30")])
    );
    assert_eq!(read("05/12/2026 08:30\nthứ bảy sau\n31/11/2026 08:30"), Err(vec![2, 3]));
}

#[test]
fn names_are_read_from_lists() {
    let one = |text: &str| {
        let mut names = parse_names(text).unwrap();
        names.pop().map(|new| (new.name, new.born)).unwrap()
    };
    assert_eq!(one("Nguyễn Văn An"), ("Nguyễn Văn An".into(), None));
    assert_eq!(one(" 12)  Nguyễn  Văn An ; 2012 "), ("Nguyễn Văn An".into(), Some(2012)));
    assert_eq!(one("3\tTrần Bình\t12/05/2011"), ("Trần Bình".into(), Some(2011)));
    assert_eq!(one("Lê Gia Hân (2012)"), ("Lê Gia Hân".into(), Some(2012)));
    assert_eq!(one("Lê Gia Hân - 2012"), ("Lê Gia Hân".into(), Some(2012)));
    assert_eq!(parse_names("An\n1.\n\n2012"), Err(vec![2, 4]));
    assert_eq!(parse_names(&"x".repeat(121)), Err(vec![1]));
}
