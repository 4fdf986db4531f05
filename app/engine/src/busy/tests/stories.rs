//! What calendars do to departures, guides and machines.

use chrono::{DateTime, TimeDelta, Utc};

use crate::accounts::Actor;
use crate::booking::testing::{Scene, Setup};
use crate::booking::{BookingError, desk};
use crate::busy::read::{Busy, Reading};
use crate::busy::{self, *};
use crate::catalogue::Spoken;
use crate::guide::{self, AddGuide, Assign, GuideError, GuideTexts, Hindrance};
use crate::mail::Letter;
use crate::outside::{Failure, Known, Refusal};
use crate::resource::tests::stories::Village;
use crate::resource::{Owner, Stretch, WeekHours};
use crate::schedule::{NoSeats, Slot, slots};
use crate::store::Store;
use crate::{CalendarId, Locale, SlotId, both_dbs, params};

fn busy_at(uid: &str, from: DateTime<Utc>, minutes: i64) -> Busy {
    let ends_at = from + TimeDelta::minutes(minutes);
    let summary = "Khách Airbnb".to_owned();
    Busy { starts_at: from, ends_at, uid: uid.to_owned(), all_day: false, summary }
}

fn says(busy: Vec<Busy>) -> News {
    let known = Known { etag: "\"1\"".into(), modified: String::new() };
    News::Read(Reading { busy, own: 0, unread: 0 }, known)
}

fn adding(who: Who, subject: Subject, busy: Vec<Busy>) -> AddCalendar {
    let (name, url) = ("  Airbnb  ".to_owned(), "https://example.com/a.ics".to_owned());
    AddCalendar { who, subject, tour: None, name, url, news: says(busy) }
}

async fn add(store: &Store, command: AddCalendar) -> Result<BusyCalendar, BusyError> {
    store.write("add", command, |tx, c| Box::pin(busy::add(tx, c))).await
}

async fn take(store: &Store, id: CalendarId, news: Result<News, Refusal>) {
    store.write("take", (id, news), |tx, c| Box::pin(busy::take(tx, c))).await.unwrap();
}

async fn change(store: &Store, who: &Who, calendar: CalendarId, change: Change) {
    let command = ChangeCalendar { who: who.clone(), calendar, change };
    store.write("change", command, |tx, c| Box::pin(busy::change(tx, c))).await.unwrap();
}

async fn slot(store: &Store, id: SlotId) -> Slot {
    let mut conn = store.read().await.unwrap();
    slots::find(&mut conn, id).await.unwrap().unwrap()
}

async fn now(store: &Store, id: CalendarId) -> BusyCalendar {
    let mut conn = store.read().await.unwrap();
    busy::find(&mut conn, id).await.unwrap().unwrap()
}

both_dbs! {
    async fn a_busy_time_closes_what_it_overlaps_and_frees_it_again(store) {
        let scene = Scene::new(&store).await;
        let beside = scene.add_slot(TimeDelta::days(3) + TimeDelta::minutes(90)).await;
        let start = slot(&store, scene.slot).await.starts_at;
        let who = Who::Actor(scene.owner.clone());
        let of = Subject::Workshop(scene.workshop);
        // Up to the minute at which the next one begins.
        let busy = vec![busy_at("a", start + TimeDelta::minutes(60), 30)];
        let made = add(&store, adding(who.clone(), of, busy)).await.unwrap();
        assert_eq!((made.name.as_str(), made.known.etag.as_str()), ("Airbnb", "\"1\""));
        let hit = slot(&store, scene.slot).await;
        assert!(hit.busy && hit.left(store.now()) == 0, "not sold");
        assert!(!slot(&store, beside).await.busy, "ends when it begins");
        let refused = scene.hold(scene.slot, 2).await;
        assert!(matches!(refused, Err(BookingError::Seats(NoSeats::Closed))), "{refused:?}");

        // The host may note who calls, and is shown whom it hits.
        let mut conn = store.read().await.unwrap();
        assert!(busy::hits(&mut conn, of, store.now()).await.unwrap().is_empty());
        drop(conn);
        let call = desk::TakeCall {
            catalogue: scene.catalogue.clone(),
            actor: scene.staff.clone(),
            slot: scene.slot,
            wanted: vec![(scene.adult, 2)],
            caller: desk::Caller::parse("Hoa", "0912345678", "", "").unwrap(),
            locale: Locale::Vi,
            over: false,
            form_key: "k".into(),
        };
        store.write("call", call, |tx, c| Box::pin(desk::take_call(tx, c))).await.unwrap();
        let mut conn = store.read().await.unwrap();
        let hits = busy::hits(&mut conn, of, store.now()).await.unwrap();
        assert_eq!(hits.iter().map(|it| it.id).collect::<Vec<_>>(), [scene.slot]);
        let date = hit.local_date;
        let seen = busy::of_days(&mut conn, scene.workshop, date, date).await.unwrap();
        assert_eq!((seen.len(), seen[0].calendar.as_str()), (1, "Airbnb"));
        drop(conn);

        // A calendar that can't be read frees nothing; one that no longer says so does.
        take(&store, made.id, Err(Failure::Gone.into())).await;
        assert!(slot(&store, scene.slot).await.busy);
        take(&store, made.id, Ok(News::Unchanged)).await;
        assert!(slot(&store, scene.slot).await.busy);
        take(&store, made.id, Ok(says(vec![]))).await;
        assert!(!slot(&store, scene.slot).await.busy);
        assert!(scene.hold(scene.slot, 2).await.is_ok());
    }

    async fn pausing_removing_and_letting_pass_free_the_time(store) {
        let scene = Scene::new(&store).await;
        let start = slot(&store, scene.slot).await.starts_at;
        let who = Who::Actor(scene.owner.clone());
        let of = Subject::Workshop(scene.workshop);
        let made = add(&store, adding(who.clone(), of, vec![busy_at("a", start, 30)])).await.unwrap();
        let is_busy = async || slot(&store, scene.slot).await.busy;
        change(&store, &who, made.id, Change::Pause).await;
        assert!(!is_busy().await);
        change(&store, &who, made.id, Change::Resume).await;
        assert!(is_busy().await, "what is known counts again at once");
        let pass = |passes| {
            let command =
                LetPass { who: who.clone(), calendar: made.id, uid: "a".into(), passes };
            store.write("pass", command, |tx, c| Box::pin(busy::let_pass(tx, c)))
        };
        pass(true).await.unwrap();
        assert!(!is_busy().await);
        // Also when the calendar is read again; another event does hinder.
        take(&store, made.id, Ok(says(vec![busy_at("a", start, 45)]))).await;
        assert!(!is_busy().await);
        let two = vec![busy_at("a", start, 45), busy_at("b", start, 15)];
        take(&store, made.id, Ok(says(two))).await;
        assert!(is_busy().await);
        change(&store, &who, made.id, Change::Remove).await;
        assert!(!is_busy().await);
    }

    async fn only_owners_name_calendars_and_each_once(store) {
        let scene = Scene::new(&store).await;
        let of = Subject::Workshop(scene.workshop);
        for stranger in [&scene.staff, &scene.stranger, &Actor::Guest] {
            let refused = add(&store, adding(Who::Actor(stranger.clone()), of, vec![])).await;
            assert!(matches!(refused, Err(BusyError::Forbidden(_))));
        }
        let refused = add(&store, adding(Who::Guide("x".into()), of, vec![])).await;
        assert!(matches!(refused, Err(BusyError::Forbidden(_))));
        let who = Who::Actor(scene.owner.clone());
        let mut named = adding(who.clone(), of, vec![]);
        named.name = " ".into();
        assert!(matches!(add(&store, named).await, Err(BusyError::Fields(_))));
        add(&store, adding(who.clone(), of, vec![])).await.unwrap();
        let twice = add(&store, adding(who, of, vec![])).await;
        assert!(matches!(twice, Err(BusyError::Twice)));
    }

    async fn a_silent_calendar_is_asked_less_often_and_told_once(store) {
        let scene = Scene::new(&store).await;
        let (who, of) = (Who::Actor(scene.owner.clone()), Subject::Workshop(scene.workshop));
        let made = add(&store, adding(who, of, vec![])).await.unwrap();
        for _ in 0..3 {
            take(&store, made.id, Err(Failure::Unreachable.into())).await;
        }
        let silent = now(&store, made.id).await;
        assert_eq!((silent.failures, silent.failure), (3, Some(Failure::Unreachable)));
        assert_eq!(silent.next_at - store.now(), TimeDelta::hours(1));
        assert_eq!(scene.letters(Letter::CalendarStale).await, 0);
        store.clock().advance(TimeDelta::hours(25));
        for _ in 0..2 {
            take(&store, made.id, Err(Failure::Slow.into())).await;
        }
        assert_eq!(scene.letters(Letter::CalendarStale).await, 1);
        let mut conn = store.read().await.unwrap();
        let stale = busy::stale_of_workshop(&mut conn, scene.workshop, store.now()).await.unwrap();
        assert_eq!(stale.len(), 1);
        drop(conn);
        // Heard again, and silent again: another letter.
        take(&store, made.id, Ok(News::Unchanged)).await;
        assert_eq!(now(&store, made.id).await.failures, 0);
        store.clock().advance(TimeDelta::hours(25));
        take(&store, made.id, Err(Failure::Slow.into())).await;
        assert_eq!(scene.letters(Letter::CalendarStale).await, 2);
    }

    async fn a_busy_guide_is_not_given_more_and_keeps_what_is_given(store) {
        let village = Village::new(&store, Setup::default()).await;
        let texts = GuideTexts {
            name: "Lê Thị Mai".into(), languages: vec![Spoken::Vi], phone: "0987654321".into(),
            email: String::new(), locale: Locale::Vi, travel_minutes: 0, may_check_in: true,
            hours: WeekHours::default(), note: String::new(), active: true,
        };
        let owner = Owner::Coop(village.coop);
        let command = AddGuide { actor: Actor::System, owner, texts };
        let mai = store.write("add", command, |tx, c| Box::pin(guide::add_guide(tx, c))).await.unwrap();
        let first = village.one.slot;
        let start = slot(&store, first).await.starts_at;
        let assign = |slot| {
            let command = Assign { actor: Actor::System, slot, guide: mai.id() };
            store.write("assign", command, |tx, c| Box::pin(guide::assign(tx, c)))
        };
        village.one.booked(first, 2).await.unwrap();
        assign(first).await.unwrap();
        let (who, of) = (Who::Guide(mai.token.clone()), Subject::Resource(mai.id()));
        let busy = vec![busy_at("a", start, 30), busy_at("b", start + TimeDelta::minutes(20), 40)];
        add(&store, adding(who, of, busy)).await.unwrap();
        // She leads it still, and it is told.
        let mut conn = store.read().await.unwrap();
        assert!(guide::leads(&mut conn, mai.id(), first).await.unwrap());
        let hits = busy::hits(&mut conn, of, store.now()).await.unwrap();
        assert_eq!(hits.len(), 1);
        // Two events that overlap are one time.
        let uses: Vec<(DateTime<Utc>, DateTime<Utc>)> = conn
            .fetch_all(
                "SELECT starts_at, ends_at FROM resource_use WHERE resource_id = $1 \
                 AND calendar_id IS NOT NULL",
                params![mai.id()],
            )
            .await
            .unwrap();
        assert_eq!(uses, [(start, start + TimeDelta::minutes(60))]);
        drop(conn);
        let refused = assign(village.two.slot).await;
        assert!(
            matches!(
                refused,
                Err(GuideError::Hindered(Hindrance::DayOff(_) | Hindrance::Leads(_)))
            ),
            "{refused:?}"
        );
    }

    async fn a_busy_machine_is_taken_whole_and_given_back(store) {
        let (village, wheels) = Village::with_wheels(&store, 4, Setup::default()).await;
        let start = slot(&store, village.one.slot).await.starts_at;
        assert_eq!(village.room(village.one.slot).await, Some(4));
        let (who, of) = (Who::Actor(Actor::System), Subject::Resource(wheels.id));
        let made = add(&store, adding(who.clone(), of, vec![busy_at("a", start, 30)])).await.unwrap();
        assert_eq!(village.room(village.one.slot).await, Some(0));
        let uses = village.uses().await;
        assert_eq!((uses.len(), uses[0].amount, uses[0].calendar_id), (1, 4, Some(made.id)));
        let stretch = Stretch { from: start, to: start + TimeDelta::minutes(30) };
        assert_eq!(uses[0].stretch(), stretch);
        // Nobody ends by hand what the calendar says.
        let id = uses[0].id;
        let refused = store
            .write("unblock", id, |tx, id| {
                Box::pin(async move { crate::resource::unblock(tx, &Actor::System, id).await })
            })
            .await;
        assert!(refused.is_err());
        change(&store, &who, made.id, Change::Remove).await;
        assert_eq!(village.room(village.one.slot).await, Some(4));
        assert!(village.uses().await.is_empty());
    }
}

/// What another implementation reads out of a feed: how many events, and all its text.
fn events_of(feed: &str) -> (usize, String) {
    let calendar = calcard::icalendar::ICalendar::parse(feed).unwrap();
    let events = calendar.components.iter().filter(|it| it.component_type.is_event()).count();
    (events, feed.replace("\r\n ", ""))
}

both_dbs! {
    async fn feeds_of_machines_and_coops_name_no_guest(store) {
        use crate::feeds::{self, Feed, FeedError, Of};
        let (village, wheels) = Village::with_wheels(&store, 4, Setup::default()).await;
        village.one.booked(village.one.slot, 2).await.unwrap();
        village.two.booked(village.two.slot, 1).await.unwrap();
        let settings = crate::mail::MailSettings {
            base_url: "https://langnghe.example".into(),
            from: "booking@langnghe.example".parse().unwrap(),
            from_name: "Làng Nghề".into(),
            route: crate::mail::Route::Files(std::env::temp_dir()),
        };
        let renew = |of| feeds::Renew { actor: Actor::System, of };
        let read = async |feed: Feed, token: &str| {
            let cache = crate::catalogue::CatalogueCache::new(store.clone());
            let catalogue = cache.get().await.unwrap();
            let mut conn = store.read().await.unwrap();
            feed.read(&mut conn, &catalogue, &settings, token, store.now()).await.unwrap()
        };
        for (of, count) in [(Of::Resource(wheels.id), 2), (Of::Coop(village.coop), 4)] {
            let refused = store
                .write("renew", feeds::Renew { actor: village.one.stranger.clone(), of }, |tx, c| {
                    Box::pin(feeds::renew(tx, c))
                })
                .await;
            // To a stranger a co-op's machine does not exist.
            assert!(
                matches!(refused, Err(FeedError::Forbidden(_) | FeedError::Unknown)),
                "{refused:?}"
            );
            let first = store.write("renew", renew(of), |tx, c| Box::pin(feeds::renew(tx, c))).await.unwrap();
            let feed = read(of.feed(), &first).await.unwrap();
            let (events, text) = events_of(&feed);
            assert_eq!(events, count, "{text}");
            assert!(!text.contains("Hoa") && text.contains("Lò Bầu"), "{text}");
            assert_eq!(read(of.feed(), &first).await.unwrap(), feed, "its hash is the tag");
            // Read back as a calendar of others it says nothing.
            let window = crate::busy::read::window(store.now());
            let back = crate::busy::read::read(&feed, "langnghe.example", window).unwrap();
            assert_eq!((back.busy.len(), back.own), (0, count));
            let second = store.write("renew", renew(of), |tx, c| Box::pin(feeds::renew(tx, c))).await.unwrap();
            assert_eq!(read(of.feed(), &first).await, None);
            assert!(read(of.feed(), &second).await.is_some());
        }
    }

    async fn what_is_due_is_fetched_once_and_asked_politely(store) {
        use crate::outside::Outside;
        use crate::outside::tests::{answer, server};
        let scene = Scene::new(&store).await;
        let start = slot(&store, scene.slot).await.starts_at;
        let ics = format!(
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:{}\r\nDURATION:PT1H\r\nEND:VEVENT\r\n\
             END:VCALENDAR\r\n",
            start.format("%Y%m%dT%H%M%SZ")
        );
        let (base, asked) = server(vec![
            answer("200 OK", "etag: \"7\"\r\n", ics.as_bytes()),
            answer("304 Not Modified", "", b""),
            answer("200 OK", "", ics.as_bytes()),
        ])
        .await;
        let outside = Outside::new(true, "test").unwrap();
        let mut command =
            adding(Who::Actor(scene.owner.clone()), Subject::Workshop(scene.workshop), vec![]);
        command.url = base;
        add(&store, command).await.unwrap();
        let fetch = async || {
            busy::fetch_due(&store, &outside, "langnghe.example", || false).await.unwrap()
        };
        assert_eq!(fetch().await, 0, "it was read when it was added");
        // What came when it was added is known by its tag; a day later all is read again.
        store.clock().advance(TimeDelta::hours(21));
        assert_eq!(fetch().await, 1);
        assert!(slot(&store, scene.slot).await.busy);
        store.clock().advance(TimeDelta::minutes(15));
        assert_eq!((fetch().await, fetch().await), (1, 0));
        assert!(slot(&store, scene.slot).await.busy, "unchanged");
        store.clock().advance(TimeDelta::hours(21));
        assert_eq!(fetch().await, 1);
        let asked = asked.lock().unwrap();
        let known = |at: usize| asked[at].contains("if-none-match: \"7\"");
        assert_eq!((known(0), known(1), known(2)), (false, true, false));
    }
}
