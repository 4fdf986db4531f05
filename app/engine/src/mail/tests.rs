//! Stories of letters, told on both databases.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::TimeDelta;
use mail_parser::{MessageParser, MimeHeaders};

use super::deliver::{Delivered, LetterState, Resend, ResendError};
use super::*;
use crate::accounts::Actor;
use crate::booking::{self, Answers, Booking, CancelByGuest, Confirm, Contact, FillIn, Hold};
use crate::catalogue::{Catalogue, CatalogueCache, QuestionScope};
use crate::store::Store;
use crate::{LetterId, Locale, SlotId, both_dbs, params};

mod coop;
mod course;
mod snapshots;

const NAME: &str = "Minh <b>{foot}</b> & \"Phượng\"";

struct Village {
    cache: CatalogueCache,
    catalogue: Arc<Catalogue>,
    slot: SlotId,
    settings: MailSettings,
    transport: Transport,
}

impl Village {
    async fn new(store: &Store) -> Self {
        store
            .write("seed", (), |tx, ()| {
                Box::pin(async move { crate::catalogue::demo::seed(tx, "hash").await })
            })
            .await
            .unwrap();
        let cache = CatalogueCache::new(store.clone());
        let catalogue = cache.get().await.unwrap();
        let tour = catalogue.tour_by_slug("nan-gom-ban-xoay").unwrap();
        let (option, tour_id, workshop) = (tour.options[0].id, tour.id, tour.workshop_id);
        let slot = store
            .write("slot", (), move |tx, ()| {
                Box::pin(async move {
                    let id = SlotId::new(tx.now());
                    // Letters tell of seats here, not of wheels.
                    tx.execute("UPDATE tour_option SET pool_id = NULL", vec![]).await?;
                    // 5 December 2026, 09:00 at the venue.
                    let start = tx.now() + TimeDelta::hours(4 * 24 + 1);
                    let date = crate::clock::local_date(start);
                    tx.execute_one(
                        "INSERT INTO slot (id, option_id, tour_id, workshop_id, starts_at, \
                         ends_at, closes_at, local_date, capacity, taken, overbooked, status, \
                         origin, guide, note, run_state) VALUES ($1, $2, $3, $4, $5, $6, $5, $7, \
                         8, 0, 0, 'open', 'host', '', '', 'undecided')",
                        params![
                            id,
                            option,
                            tour_id,
                            workshop,
                            start,
                            start + TimeDelta::minutes(60),
                            date
                        ],
                    )
                    .await?;
                    Ok::<_, crate::store::StoreError>(id)
                })
            })
            .await
            .unwrap();
        let folder =
            std::env::temp_dir().join("langnghe-tests").join(uuid::Uuid::now_v7().to_string());
        let settings = MailSettings {
            base_url: "https://langnghe.example".into(),
            from: "booking@langnghe.example".parse().unwrap(),
            from_name: "Làng Nghề".into(),
            route: Route::Files(folder),
        };
        let transport = Transport::new(&settings.route).unwrap();
        Self { cache, catalogue, slot, settings, transport }
    }

    async fn book(&self, store: &Store, locale: Locale, email: &str) -> Booking {
        let tour = self.catalogue.tour_by_slug("nan-gom-ban-xoay").unwrap();
        let catalogue = Arc::clone(&self.catalogue);
        let hold = Hold {
            catalogue: catalogue.clone(),
            slot: self.slot,
            wanted: vec![(tour.options[0].open_units().next().unwrap().id, 2)],
            locale,
            form_key: uuid::Uuid::now_v7().to_string(),
            minutes: 15,
        };
        let held = store.write("hold", hold, |tx, c| Box::pin(booking::hold(tx, c))).await.unwrap();
        let typed = BTreeMap::new();
        let fill = FillIn {
            catalogue: catalogue.clone(),
            booking: held.id,
            contact: Contact::parse(NAME, email, "", "").unwrap(),
            locale,
            answers: Answers::parse(tour, QuestionScope::Booking, &typed, true).unwrap(),
        };
        store.write("fill", fill, |tx, c| Box::pin(booking::fill_in(tx, c))).await.unwrap();
        let confirm = Confirm { catalogue, booking: held.id };
        store.write("confirm", confirm, |tx, c| Box::pin(booking::confirm(tx, c))).await.unwrap()
    }

    async fn cancel(&self, store: &Store, booking: &Booking) {
        let command = CancelByGuest { booking: booking.id, reason: String::new() };
        store
            .write("cancel", command, |tx, c| Box::pin(booking::cancel_by_guest(tx, c)))
            .await
            .unwrap();
    }

    async fn deliver(&self, store: &Store) -> Delivered {
        let send = deliver_due(store, &self.cache, &self.transport, &self.settings, || false);
        send.await.unwrap()
    }

    /// The letter of one kind about a booking, as it was written.
    async fn written(&self, store: &Store, booking: &Booking, kind: Letter) -> Vec<u8> {
        let posted = of_booking(&mut store.read().await.unwrap(), booking.id).await.unwrap();
        let id = posted.iter().find(|posted| posted.kind == kind).unwrap().id;
        mailbox::read(&self.folder(), id).await.unwrap()
    }

    fn folder(&self) -> PathBuf {
        match &self.settings.route {
            Route::Files(folder) => folder.clone(),
            Route::Smtp(_) => panic!("not in files mode"),
        }
    }
}

/// Reads a delivered letter with another program's eyes; answers text, HTML and invitation.
fn read(bytes: &[u8], method: &str) -> (String, String, String) {
    let message = MessageParser::default().parse(bytes).unwrap();
    let text = message.body_text(0).unwrap().into_owned();
    let html = message.body_html(0).unwrap().into_owned();
    let invites: Vec<_> = message
        .parts
        .iter()
        .filter(|part| {
            part.content_type()
                .is_some_and(|kind| matches!(kind.subtype(), Some("calendar" | "ics")))
        })
        .collect();
    assert_eq!(invites.len(), 2, "in the alternatives and attached");
    assert_eq!(invites[0].content_type().unwrap().attribute("method"), Some(method));
    assert_eq!(invites[1].attachment_name(), Some("invite.ics"));
    assert_eq!(invites[0].contents(), invites[1].contents(), "the same bytes");
    let ics = String::from_utf8(invites[0].contents().to_vec()).unwrap();
    calcard::icalendar::ICalendar::parse(&ics).unwrap();
    assert!(ics.contains(&format!("METHOD:{method}\r\n")));
    (text, html, ics)
}

fn property<'a>(ics: &'a str, name: &str) -> &'a str {
    ics.lines().find_map(|line| line.strip_prefix(name)).unwrap()
}

both_dbs! {
    async fn a_confirmation_arrives_and_a_cancellation_undoes_it(store) {
        let village = Village::new(&store).await;
        let booking = village.book(&store, Locale::Vi, "khach@example.com").await;
        let done = village.deliver(&store).await;
        assert_eq!(done, Delivered { sent: 2, ..Delivered::default() });
        assert_eq!(village.deliver(&store).await, Delivered::default(), "once");

        let bytes = village.written(&store, &booking, Letter::Confirmation).await;
        let message = MessageParser::default().parse(&bytes).unwrap();
        assert_eq!(message.to().unwrap().first().unwrap().address(), Some("khach@example.com"));
        assert_eq!(
            message.reply_to().unwrap().first().unwrap().address(),
            Some("minhhai@langnghe.example")
        );
        assert_eq!(message.header_raw("Auto-Submitted").unwrap().trim(), "auto-generated");
        let (text, html, request) = read(&bytes, "REQUEST");
        for part in [&text, &html] {
            assert!(part.contains(&booking.code) && part.contains(&booking.secret));
            assert!(part.contains("Thứ Bảy 5/12/2026, 09:00–10:00"), "{part}");
            assert!(part.contains("giờ Việt Nam, GMT+7"));
        }
        assert!(text.contains(NAME));
        assert!(!html.contains("<b>"), "what a guest typed is text");
        assert!(html.contains("Minh &lt;b&gt;&#123;foot&#125;"));

        village.cancel(&store, &booking).await;
        assert_eq!(village.deliver(&store).await.sent, 2);
        let bytes = village.written(&store, &booking, Letter::Cancellation).await;
        let (_, _, cancel) = read(&bytes, "CANCEL");
        assert_eq!(property(&request, "UID:"), property(&cancel, "UID:"));
        assert_eq!(property(&request, "SEQUENCE:"), "0");
        assert_eq!(property(&cancel, "SEQUENCE:"), "1");
        assert_eq!(property(&cancel, "STATUS:"), "CANCELLED");
        assert_eq!(mailbox::list(&village.folder()).await.unwrap().len(), 4);
    }

    async fn a_group_reads_its_offer(store) {
        use crate::booking::GroupPrice;
        use crate::booking::enquiry::{Ask, Offer, Terms, Wish, ask, offer, withdraw};
        let village = Village::new(&store).await;
        let tour = village.catalogue.tour_by_slug("nan-gom-ban-xoay").unwrap();
        let day = |text: &str| text.parse().unwrap();
        let command = Ask {
            catalogue: Arc::clone(&village.catalogue),
            tour: tour.id,
            option: None,
            wish: Wish::parse("25", "2026-12-10", "THCS", day("2026-12-01")).unwrap(),
            contact: Contact::parse(NAME, "lan@example.com", "", "Lớp 7A").unwrap(),
            locale: Locale::Vi,
            form_key: "1".into(),
        };
        let asked = store.write("ask", command, |tx, c| Box::pin(ask(tx, c))).await.unwrap();
        assert_eq!(village.deliver(&store).await.sent, 2, "to the guest and to the host");
        let terms = Terms {
            option: tour.options[0].id,
            date: day("2026-12-10"),
            time: "08:30".parse().unwrap(),
            people: 25,
            price: crate::Dong(120_000),
            by: GroupPrice::Each,
            until: day("2026-12-03"),
            words: "Mời các em đến chơi với đất.".into(),
            alone: false,
            over: false,
        };
        let make = |enquiry, terms| {
            let catalogue = Arc::clone(&village.catalogue);
            let command = Offer { catalogue, actor: Actor::System, enquiry, terms };
            store.write("offer", command, |tx, c| Box::pin(offer(tx, c)))
        };
        let (_, held) = make(asked.id, terms.clone()).await.unwrap();
        village.deliver(&store).await;
        let bytes = village.written(&store, &held, Letter::EnquiryOffer).await;
        let message = MessageParser::default().parse(&bytes).unwrap();
        let text = message.body_text(0).unwrap();
        let price = format!("đoàn 25 người × {}", crate::Dong(120_000).display(Locale::Vi));
        for said in [
            "Mời các em đến chơi với đất.",
            "Thứ Năm 10/12/2026, 08:30–09:30",
            "23:59, Thứ Năm 3/12/2026",
            price.as_str(),
            asked.secret.as_str(),
        ] {
            assert!(text.contains(said), "{said} is not in {text}");
        }
        assert!(!text.contains(&held.secret), "not booked yet");
        // An offer that another one replaced, and one taken back, are not sent.
        make(asked.id, terms.clone()).await.unwrap();
        make(asked.id, terms).await.unwrap();
        store.write("withdraw", asked.id, |tx, c| Box::pin(withdraw(tx, c))).await.unwrap();
        let done = village.deliver(&store).await;
        assert_eq!((done.sent, done.superseded), (1, 2), "the host hears of the withdrawal");
    }

    async fn a_letter_that_events_overtook_is_not_sent(store) {
        let village = Village::new(&store).await;
        let booking = village.book(&store, Locale::En, "guest@example.com").await;
        village.cancel(&store, &booking).await;
        let done = village.deliver(&store).await;
        assert_eq!(done, Delivered { sent: 2, superseded: 2, ..Delivered::default() });
        let posted = of_booking(&mut store.read().await.unwrap(), booking.id).await.unwrap();
        let state = |kind| posted.iter().find(|posted| posted.kind == kind).unwrap().state;
        assert_eq!(state(Letter::Confirmation), LetterState::Superseded);
        assert_eq!(state(Letter::Cancellation), LetterState::Sent);
    }

    async fn two_workers_send_each_letter_once(store) {
        let village = Village::new(&store).await;
        for n in 0..4 {
            village.book(&store, Locale::Vi, &format!("khach{n}@example.com")).await;
        }
        let (one, two) = tokio::join!(village.deliver(&store), village.deliver(&store));
        assert_eq!(one.sent + two.sent, 8);
        assert_eq!(mailbox::list(&village.folder()).await.unwrap().len(), 8);
    }

    async fn who_wants_to_end_waits_for_one_letter_only(store) {
        let village = Village::new(&store).await;
        village.book(&store, Locale::Vi, "ha@example.com").await;
        let asked = Cell::new(0);
        // The wish to end comes while the first letter is being sent.
        let stop = || asked.replace(asked.get() + 1) > 0;
        let done = deliver_due(&store, &village.cache, &village.transport, &village.settings, stop);
        assert_eq!(done.await.unwrap(), Delivered { sent: 1, ..Delivered::default() });
        assert_eq!(village.deliver(&store).await.sent, 1, "the workshop's letter waited");
    }

    async fn a_failure_is_tried_again_and_given_up_in_the_end(store) {
        let mut village = Village::new(&store).await;
        let booking = village.book(&store, Locale::Vi, "khach@example.com").await;
        let good = village.transport.clone();
        // A folder that cannot be made: its parent is a file.
        let file = std::env::temp_dir().join(format!("ln-{}", uuid::Uuid::now_v7()));
        std::fs::write(&file, "").unwrap();
        village.transport = Transport::Files(file.join("inside"));
        assert_eq!(village.deliver(&store).await.failed, 2);
        assert_eq!(village.deliver(&store).await, Delivered::default(), "not before its time");
        store.clock().advance(TimeDelta::minutes(1));
        village.transport = good.clone();
        assert_eq!(village.deliver(&store).await.sent, 2);

        let again = |actor| {
            let store = store.clone();
            async move {
                let posted = of_booking(&mut store.read().await.unwrap(), booking.id).await.unwrap();
                let command = Resend { actor, letter: posted[0].id };
                store.write("resend", command, |tx, c| Box::pin(resend(tx, c))).await
            }
        };
        assert!(matches!(again(Actor::Guest).await, Err(ResendError::Forbidden(_))));
        let id: LetterId = again(Actor::System).await.unwrap();
        village.transport = Transport::Files(file.join("inside"));
        for _ in 0..7 {
            assert_eq!(village.deliver(&store).await.failed, 1);
            store.clock().advance(TimeDelta::hours(12));
            store.clock().advance(TimeDelta::hours(12));
            // The visit would be over by then; the letter is about the failure, not the visit.
        }
        assert_eq!(village.deliver(&store).await.dead, 1);
        let dead = list(&mut store.read().await.unwrap(), Some(LetterState::Dead), 10).await.unwrap();
        assert_eq!(dead.len(), 1);
        assert_eq!((dead[0].id, dead[0].attempts), (id, 8));
        assert!(!dead[0].last_error.is_empty());
        assert_eq!(list(&mut store.read().await.unwrap(), None, 10).await.unwrap().len(), 3);

        let mut conn = store.read().await.unwrap();
        let today = store.now() - TimeDelta::days(30);
        let counted = deliver::counts(&mut conn, today).await.unwrap();
        assert_eq!(counted, deliver::Counts { queued: 0, dead: 1, sent: 2 });
        let page = deliver::page(&mut conn, &Actor::System, LetterState::Sent, None, 1).await.unwrap();
        assert_eq!(page[0].code.as_ref(), Some(&booking.code));
        let before = Some(page[0].letter.id);
        let rest = deliver::page(&mut conn, &Actor::System, LetterState::Sent, before, 5).await.unwrap();
        assert_eq!(rest.len(), 1);
        let stranger = deliver::page(&mut conn, &Actor::Guest, LetterState::Sent, None, 1).await;
        assert!(matches!(stranger, Err(ResendError::Forbidden(_))));
        drop(conn);
        let command = Resend { actor: Actor::System, letter: id };
        store.write("resend", command, |tx, c| Box::pin(resend(tx, c))).await.unwrap();
        let counted = deliver::counts(&mut store.read().await.unwrap(), today).await.unwrap();
        assert_eq!(counted, deliver::Counts { queued: 1, dead: 0, sent: 2 });
    }

    async fn the_workshop_subscribes_to_its_calendar(store) {
        let village = Village::new(&store).await;
        let booking = village.book(&store, Locale::Vi, "khach@example.com").await;
        let mut conn = store.read().await.unwrap();
        let (token,): (String,) = conn
            .fetch_one("SELECT feed_token FROM workshop WHERE id = $1", params![booking.workshop_id])
            .await
            .unwrap();
        let now = store.now();
        let (catalogue, settings) = (&village.catalogue, &village.settings);
        let wrong = feed::of_token(&mut conn, catalogue, settings, "wrong", now).await;
        assert_eq!(wrong.unwrap(), None);
        let feed = feed::of_token(&mut conn, catalogue, settings, &token, now).await;
        let feed = feed.unwrap().unwrap();
        calcard::icalendar::ICalendar::parse(&feed).unwrap();
        assert!(feed.contains("(2/8)") && feed.contains("Nghỉ Tết"), "{feed}");
        drop(conn);

        // The text changes when the data does, and only then.
        let read = |token: String| {
            let (store, catalogue) = (store.clone(), Arc::clone(catalogue));
            async move {
                let mut conn = store.read().await.unwrap();
                let now = store.now();
                feed::of_token(&mut conn, &catalogue, settings, &token, now).await.unwrap()
            }
        };
        store.clock().advance(TimeDelta::minutes(5));
        assert_eq!(read(token.clone()).await.unwrap(), feed);
        let note = crate::booking::desk::NoteBooking {
            actor: Actor::System, booking: booking.id, note: "x".into(),
        };
        store.write("note", note, |tx, c| Box::pin(crate::booking::desk::note_booking(tx, c))).await.unwrap();
        assert_ne!(read(token.clone()).await.unwrap(), feed);

        // A renewed address kills the old one.
        let renew = |actor| feed::Renew { actor, workshop: booking.workshop_id };
        let refused = store.write("renew", renew(Actor::Guest), |tx, c| Box::pin(feed::renew(tx, c))).await;
        assert!(matches!(refused, Err(feed::FeedError::Forbidden(_))));
        let fresh = store.write("renew", renew(Actor::System), |tx, c| Box::pin(feed::renew(tx, c))).await.unwrap();
        assert_eq!(read(token).await, None);
        assert!(read(fresh.clone()).await.is_some());
        let mut conn = store.read().await.unwrap();
        let shown = feed::token_of(&mut conn, &Actor::System, booking.workshop_id).await.unwrap();
        assert_eq!(shown, fresh);
        let hidden = feed::token_of(&mut conn, &Actor::Guest, booking.workshop_id).await;
        assert!(matches!(hidden, Err(feed::FeedError::Forbidden(_))));
    }

    async fn a_real_smtp_server_takes_a_letter(store) {
        let (Ok(url), Ok(folder)) =
            (std::env::var("TEST_SMTP_URL"), std::env::var("TEST_SMTP_FOLDER"))
        else {
            return;
        };
        let (host, port) = url.trim_start_matches("smtp://").rsplit_once(':').unwrap();
        let mut village = Village::new(&store).await;
        let smtp = SmtpSettings {
            host: host.into(),
            port: port.trim_end_matches('/').parse().unwrap(),
            tls: Tls::None,
            login: None,
        };
        village.transport = Transport::new(&Route::Smtp(smtp)).unwrap();
        let email = format!("{}@example.com", uuid::Uuid::now_v7());
        village.book(&store, Locale::En, &email).await;
        assert_eq!(village.deliver(&store).await.sent, 2);
        let arrived = std::fs::read_dir(folder).unwrap().find_map(|file| {
            let bytes = std::fs::read(file.unwrap().path()).ok()?;
            // The host's letter names the guest's address too: who it is for decides.
            let message = MessageParser::default().parse(&bytes)?;
            let ours = message.to()?.first()?.address() == Some(email.as_str());
            ours.then_some(bytes)
        });
        let (text, _, _) = read(&arrived.expect("the letter arrived"), "REQUEST");
        assert!(text.contains("Saturday 5 December 2026"), "{text}");
    }
}
