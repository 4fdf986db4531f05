//! Messages arrive once, with a signature; those that do not are tried again, and given up.

use chrono::TimeDelta;
use futures::future::join_all;
use serde_json::json;

use super::*;
use crate::both_dbs;
use crate::mail::Letter;
use crate::outside::Failure;
use crate::outside::tests::{answer, server};

async fn tried(scene: &Scene, webhook: WebhookId) -> crate::DeliveryId {
    let command = Try { actor: scene.owner.clone(), webhook };
    scene.store.write("try", command, |tx, c| Box::pin(send_test(tx, c))).await.unwrap()
}

fn header(request: &str, name: &str) -> String {
    let line = request.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
    line.unwrap_or_default().to_owned()
}

both_dbs! {
    async fn a_message_arrives_signed(store) {
        let scene = Scene::new(&store).await;
        let (base, asked) = server(vec![answer("204 No Content", "", b"")]).await;
        let made = added(&scene, &base, &[Event::BookingConfirmed]).await;
        let booking = scene.booked(scene.slot, 2).await.unwrap();
        let done = round(&store, &outside(), SITE, || false).await.unwrap();
        assert!(done > 0);
        let request = asked.lock().unwrap()[0].clone();
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("POST / HTTP/1.1"));
        assert_eq!(header(head, "langnghe-event"), "booking.confirmed");
        assert_eq!(header(head, "content-type"), "application/json");
        let signed = rule::signature(&made.secret, store.now(), body.as_bytes());
        assert_eq!(header(head, "langnghe-signature"), signed);
        let told: Value = serde_json::from_str(body).unwrap();
        assert_eq!(told["id"], header(head, "langnghe-delivery"));
        assert_eq!(told["data"]["booking"]["code"], booking.code);
        assert_eq!(told["workshop"]["id"], json!(scene.workshop));
        let line = lines(&store, made.id).await.remove(0);
        assert_eq!((line.state, line.status, line.attempts), (DeliveryState::Delivered, Some(204), 1));
        assert_eq!(sent(&store).await, 0);
    }

    async fn what_fails_is_tried_again_and_given_up(store) {
        let scene = Scene::new(&store).await;
        let refuse = || answer("500 Internal Server Error", "", "lỗi\0".as_bytes());
        let (base, asked) = server((0..9).map(|_| refuse()).collect()).await;
        let webhook = added(&scene, &base, &Event::OWN).await.id;
        let id = tried(&scene, webhook).await;
        for attempt in 1..=rule::MAX_ATTEMPTS {
            assert_eq!(sent(&store).await, 1, "attempt {attempt}");
            let line = lines(&store, webhook).await.remove(0);
            assert_eq!((line.attempts, line.status), (attempt, Some(500)));
            assert_eq!(line.answer, "lỗi");
            if attempt == rule::MAX_ATTEMPTS {
                assert_eq!(line.state, DeliveryState::Dead);
            } else {
                assert_eq!(line.state, DeliveryState::Queued);
                let pause = rule::pause(attempt, 0).unwrap();
                let wait = line.due_at - store.now();
                assert!(pause <= wait && wait <= pause * 6 / 5, "{wait}");
                assert_eq!(sent(&store).await, 0, "not before");
                store.clock().advance(wait);
            }
        }
        assert_eq!(hook(&store, webhook).await.state, WebhookState::Active);
        // The same message all along.
        let asked: Vec<String> = asked.lock().unwrap().clone();
        assert!(asked.iter().all(|request| header(request, "langnghe-delivery") == id.to_string()));
        // Somebody wants it once more: the same id, and as many tries as at first.
        let again = Resend { actor: scene.owner.clone(), delivery: id };
        store.write("again", again, |tx, c| Box::pin(resend(tx, c))).await.unwrap();
        assert_eq!(sent(&store).await, 1);
        let line = lines(&store, webhook).await.remove(0);
        assert_eq!((line.state, line.attempts), (DeliveryState::Queued, 9));
        let stranger = Resend { actor: scene.stranger.clone(), delivery: id };
        let refused = store.write("again", stranger, |tx, c| Box::pin(resend(tx, c))).await;
        assert!(matches!(refused, Err(WebhookError::Forbidden(_))));
    }

    async fn something_newer_goes_instead(store) {
        let scene = Scene::new(&store).await;
        let (base, _) = server(vec![
            answer("503 Service Unavailable", "", b""),
            answer("200 OK", "", b""),
        ]).await;
        let webhook = added(&scene, &base, &Event::OWN).await.id;
        let first = tried(&scene, webhook).await;
        assert_eq!(sent(&store).await, 1);
        assert!(hook(&store, webhook).await.failing_since.is_some());
        let second = tried(&scene, webhook).await;
        assert_ne!(first, second, "who has the first does not pass the second over");
        assert_eq!(sent(&store).await, 1);
        let log = lines(&store, webhook).await;
        // Both were made at the same instant: their order in the log says nothing.
        let state = |id| log.iter().find(|line| line.id == id).map(|line| line.state);
        assert_eq!(state(first), Some(DeliveryState::Merged));
        assert_eq!((log.len(), state(second)), (2, Some(DeliveryState::Delivered)));
        assert_eq!(hook(&store, webhook).await.failing_since, None);
    }

    async fn one_that_fails_for_days_is_paused_and_its_owner_told(store) {
        let scene = Scene::new(&store).await;
        // Nobody listens there.
        let webhook = added(&scene, "http://127.0.0.1:9/", &Event::OWN).await.id;
        for day in 0..=3 {
            tried(&scene, webhook).await;
            assert_eq!(sent(&store).await, 1, "day {day}");
            let line = lines(&store, webhook).await.remove(0);
            assert_eq!((line.status, line.failure), (None, Some(Failure::Unreachable)));
            store.clock().advance(TimeDelta::days(1));
        }
        assert_eq!(hook(&store, webhook).await.state, WebhookState::Failing);
        assert_eq!(lines(&store, webhook).await[0].state, DeliveryState::Dropped);
        assert_eq!(scene.letters(Letter::WebhookFailing).await, 1);
        let refused = Try { actor: scene.owner.clone(), webhook };
        let refused = store.write("try", refused, |tx, c| Box::pin(send_test(tx, c))).await;
        assert!(matches!(refused, Err(WebhookError::Paused)));
        let actor = scene.owner.clone();
        let resume = ChangeWebhook { actor, webhook, change: Change::Resume };
        store.write("resume", resume, |tx, c| Box::pin(change(tx, c))).await.unwrap();
        tried(&scene, webhook).await;
        sent(&store).await;
        assert_eq!(hook(&store, webhook).await.state, WebhookState::Active, "a new start");
    }

    async fn two_workers_send_a_message_once(store) {
        let scene = Scene::new(&store).await;
        let many = 6;
        let (base, asked) = server((0..2 * many).map(|_| answer("200 OK", "", b"")).collect()).await;
        let webhook = added(&scene, &base, &[Event::BookingConfirmed]).await.id;
        for _ in 0..many {
            scene.booked(scene.slot, 1).await.unwrap();
        }
        looked(&store).await;
        let worker = || {
            let store = store.clone();
            tokio::spawn(async move { sent(&store).await })
        };
        let done = join_all([worker(), worker(), worker()]).await;
        let done: usize = done.into_iter().map(Result::unwrap).sum();
        assert_eq!(done, many);
        let mut ids: Vec<String> =
            asked.lock().unwrap().iter().map(|request| header(request, "langnghe-delivery")).collect();
        ids.sort();
        ids.dedup();
        assert_eq!((ids.len(), asked.lock().unwrap().len()), (many, many));
        assert_eq!(lines(&store, webhook).await.len(), many);
    }

    async fn a_message_of_a_process_that_died_is_sent_again(store) {
        let scene = Scene::new(&store).await;
        let (base, asked) = server(vec![answer("200 OK", "", b"")]).await;
        let webhook = added(&scene, &base, &Event::OWN).await.id;
        let id = tried(&scene, webhook).await;
        let until = store.now() + TimeDelta::minutes(1);
        run(&store, "UPDATE webhook_delivery SET attempts = 1, leased_until = $1", params![until]).await;
        assert_eq!(sent(&store).await, 0);
        store.clock().advance(TimeDelta::minutes(1));
        assert_eq!(sent(&store).await, 1);
        assert!(asked.lock().unwrap()[0].contains(&id.to_string()));
        assert_eq!(lines(&store, webhook).await[0].attempts, 2);
    }

    async fn private_addresses_are_never_called(store) {
        let scene = Scene::new(&store).await;
        let (base, asked) = server(vec![answer("200 OK", "", b"")]).await;
        let public = Outside::new(false, "test").unwrap();
        for url in [base.as_str(), "https://127.0.0.1:9/", "https://localhost:9/", "https://[::1]:9/"] {
            assert!(public.address(url).is_err() || url.contains("localhost"), "{url}");
            // Written before the rule was, or resolving to another address since.
            let webhook = added(&scene, url, &Event::OWN).await.id;
            tried(&scene, webhook).await;
            assert_eq!(deliver_due(&store, &public, SITE, || false).await.unwrap(), 1);
            let line = lines(&store, webhook).await.remove(0);
            let why = line.failure;
            assert!(matches!(why, Some(Failure::Private | Failure::NotHttps)), "{url}: {why:?}");
        }
        assert!(asked.lock().unwrap().is_empty());
    }

    async fn redirects_are_not_followed(store) {
        let scene = Scene::new(&store).await;
        let (inside, asked) = server(vec![answer("200 OK", "", b"")]).await;
        let there = answer("307 Temporary Redirect", &format!("location: {inside}\r\n"), b"");
        let (base, _) = server(vec![there]).await;
        let webhook = added(&scene, &base, &Event::OWN).await.id;
        tried(&scene, webhook).await;
        assert_eq!(sent(&store).await, 1);
        let line = lines(&store, webhook).await.remove(0);
        assert_eq!((line.state, line.status), (DeliveryState::Queued, Some(307)));
        assert!(asked.lock().unwrap().is_empty());
    }

    async fn the_log_forgets_after_a_month(store) {
        let scene = Scene::new(&store).await;
        let (base, _) = server(vec![answer("200 OK", "", b"")]).await;
        let webhook = added(&scene, &base, &Event::OWN).await.id;
        tried(&scene, webhook).await;
        sent(&store).await;
        assert_eq!(clean_due(&store).await.unwrap(), 0);
        store.clock().advance(TimeDelta::days(LOG_DAYS) + TimeDelta::minutes(1));
        assert_eq!(clean_due(&store).await.unwrap(), 1);
        assert!(lines(&store, webhook).await.is_empty());
        let sql = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM webhook_slot";
        assert_eq!(count(&store, sql).await, 0, "the visit is over");
        assert_eq!(clean_due(&store).await.unwrap(), 0);
    }
}
