//! Stories of letters, told on both databases.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::TimeDelta;
use mail_parser::{MessageParser, MimeHeaders};

use super::deliver::Delivered;
use super::render::{Desk, Queued, Rendered, render};
use super::*;
use crate::accounts::Actor;
use crate::booking::{self, Answers, Booking, CancelByGuest, Confirm, Contact, FillIn, Hold};
use crate::catalogue::{Catalogue, CatalogueCache, QuestionScope};
use crate::feeds;
use crate::store::Store;
use crate::{Locale, SlotId, WorkshopId, both_dbs, params};

mod busy;
mod commission;
mod coop;
mod course;
mod credential;
mod delivery;
mod enquiry;
mod event;
mod giftcard;
mod guide;
mod partner;
mod pass;
mod payment;
mod piece;
mod reseller;
mod snapshots;
mod webhook;

const NAME: &str = "Minh <b>{foot}</b> & \"Phượng\"";

struct Village {
    cache: CatalogueCache,
    catalogue: Arc<Catalogue>,
    slot: SlotId,
    settings: MailSettings,
    transport: Transport,
}

/// A letter in the outbox without a booking, as far as its rendering goes.
fn queued(
    kind: Letter,
    to: (&str, &str),
    locale: Locale,
    payload: String,
    workshop_id: Option<WorkshopId>,
) -> Queued {
    Queued {
        kind,
        recipient: to.0.to_owned(),
        recipient_name: to.1.to_owned(),
        locale,
        payload,
        booking_id: None,
        workshop_id,
        attempts: 0,
    }
}

impl Village {
    /// The letter as it would leave now; None where events have overtaken it.
    async fn rendered(&self, store: &Store, row: &Queued) -> Option<Rendered> {
        let desk = Desk { catalogue: &self.catalogue, settings: &self.settings, now: store.now() };
        render(&mut store.read().await.unwrap(), &desk, row).await.unwrap()
    }

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
            residents: false,
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
        let renew = |actor| feeds::Renew { actor, of: feeds::Of::Workshop(booking.workshop_id) };
        let refused = store.write("renew", renew(Actor::Guest), |tx, c| Box::pin(feeds::renew(tx, c))).await;
        assert!(matches!(refused, Err(feeds::FeedError::Forbidden(_))));
        let fresh = store.write("renew", renew(Actor::System), |tx, c| Box::pin(feeds::renew(tx, c))).await.unwrap();
        assert_eq!(read(token).await, None);
        assert!(read(fresh.clone()).await.is_some());
        let mut conn = store.read().await.unwrap();
        let shown = feeds::token_of(&mut conn, &Actor::System, feeds::Of::Workshop(booking.workshop_id)).await.unwrap();
        assert_eq!(shown, Some(fresh));
        let hidden = feeds::token_of(&mut conn, &Actor::Guest, feeds::Of::Workshop(booking.workshop_id)).await;
        assert!(matches!(hidden, Err(feeds::FeedError::Forbidden(_))));
    }
}
