//! Letters on their way: each once, tried again, given up in the end.

use std::cell::Cell;

use super::*;
use crate::LetterId;
use crate::mail::deliver::{Delivered, LetterState, Resend, ResendError};

both_dbs! {
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
