//! What happens without a request: holds run out, mails go out.

use std::fmt::Display;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use app::workers::Workers;
use engine::booking;
use engine::busy;
use engine::catalogue::CatalogueCache;
use engine::commission;
use engine::giftcard;
use engine::ledger;
use engine::mail::{self, MailSettings, Transport, TransportError};
use engine::outside::Outside;
use engine::privacy::{self, Retention};
use engine::provenance::{self, ProvenanceError};
use engine::reseller::allotment;
use engine::schedule;
use engine::store::{Store, StoreError};
use engine::webhook;
use engine::{craft, credential, shop};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::metrics;

/// Starts all workers; they end, each after what it is doing, when `stop` is cancelled.
pub fn start(
    store: &Store,
    (mail, outside): (MailSettings, Outside),
    policy: Retention,
    stop: &CancellationToken,
    log: &Workers,
) -> Result<JoinSet<()>, TransportError> {
    let seconds = Duration::from_secs;
    let catalogue = CatalogueCache::new(store.clone());
    let mut workers = JoinSet::new();
    let rhythm = |name, interval, on_commit| Rhythm {
        name,
        interval,
        on_commit,
        store: store.clone(),
        stop: stop.clone(),
        log: log.clone(),
    };
    workers.spawn(every(rhythm("expire holds", seconds(5), true), expire));
    // Whatever frees seats offers them at once; this serves offers that nobody took in time.
    workers.spawn(every(rhythm("waiting list", seconds(60), false), |store: Store| async move {
        store
            .write("offer due", (), |tx, ()| {
                Box::pin(async move { booking::waitlist::offer_due(tx).await })
            })
            .await
    }));
    workers.spawn(every(rhythm("reminders", seconds(60), false), remind));
    workers.spawn(every(rhythm("bad days", seconds(60), false), give_back));
    workers.spawn(every(rhythm("kept seats", seconds(60), false), release));
    workers.spawn(every(rhythm("gift cards", seconds(300), false), end_cards));
    workers.spawn(every(rhythm("commissions", seconds(300), false), look_after_commissions));
    workers.spawn(every(rhythm("orders", seconds(60), false), end_orders));
    workers.spawn(every(rhythm("credentials", seconds(3600), false), remind_of_ends));
    workers.spawn(every(rhythm("checkpoints", seconds(300), false), checkpoint));
    workers.spawn(every(rhythm("pieces", seconds(300), false), look_after_pieces));
    workers.spawn(every(
        rhythm("retention", seconds(6 * 3600), false),
        move |store: Store| async move {
            store
                .write("retention", policy, |tx, policy| {
                    Box::pin(async move { privacy::retain(tx, policy).await })
                })
                .await
        },
    ));
    workers.spawn(every(rhythm("enter visits", seconds(60), false), enter_visits));
    // Bookings of before the columns that reports add up; nothing is left after some rounds.
    workers.spawn(every(rhythm("count parties", seconds(300), false), |store: Store| async move {
        store
            .write("count parties", (), |tx, ()| {
                Box::pin(async move { booking::count_old(tx).await })
            })
            .await
    }));
    let calls = Arc::new((outside.clone(), mail.from.domain().to_owned()));
    let stopping = stop.clone();
    workers.spawn(every(rhythm("read calendars", seconds(30), false), move |store| {
        let (calls, stopping) = (Arc::clone(&calls), stopping.clone());
        async move {
            let (outside, domain) = calls.as_ref();
            busy::fetch_due(&store, outside, domain, || stopping.is_cancelled()).await
        }
    }));
    let calls = Arc::new((outside, mail.base_url.clone()));
    let stopping = stop.clone();
    workers.spawn(every(rhythm("webhooks", seconds(5), false), move |store| {
        let (calls, stopping) = (Arc::clone(&calls), stopping.clone());
        async move {
            let (outside, base_url) = calls.as_ref();
            webhook::round(&store, outside, base_url, || stopping.is_cancelled()).await
        }
    }));
    let desk = Arc::new((Transport::new(&mail.route)?, mail, catalogue.clone()));
    let stopping = stop.clone();
    workers.spawn(every(rhythm("deliver mails", seconds(5), true), move |store| {
        let desk = Arc::clone(&desk);
        let stopping = stopping.clone();
        async move {
            let (transport, settings, catalogue) = desk.as_ref();
            let stop = || stopping.is_cancelled();
            let done = mail::deliver_due(&store, catalogue, transport, settings, stop).await?;
            Ok::<_, StoreError>(usize::try_from(done.sent + done.superseded).unwrap_or(0))
        }
    }));
    let cache = catalogue.clone();
    // The horizon moves by a day each day; more often only so that a restart is not needed when
    // a round failed.
    workers.spawn(every(rhythm("generate slots", seconds(6 * 3600), false), move |store| {
        let cache = cache.clone();
        async move {
            let done = schedule::generate_daily(&store, &cache.get().await?).await?;
            tracing::info!(done.added, done.changed, done.removed, "slots follow their rules");
            // New departures keep seats for travel companies as the others do.
            store
                .write("keep seats", (), |tx, ()| {
                    Box::pin(async move { allotment::keep_due(tx).await })
                })
                .await?;
            Ok::<_, StoreError>(0)
        }
    }));
    workers.spawn(every(rhythm("minimum to run", seconds(300), false), move |store| {
        let cache = catalogue.clone();
        async move {
            let catalogue = cache.get().await?;
            let asked = store
                .write("decide due", catalogue, |tx, catalogue| {
                    Box::pin(async move { schedule::decide_due(tx, &catalogue).await })
                })
                .await?;
            tracing::debug!(asked = asked.len(), "hosts asked about slots below their minimum");
            Ok::<_, StoreError>(0)
        }
    }));
    Ok(workers)
}

async fn expire(store: Store) -> Result<usize, StoreError> {
    // Most rounds have nothing to end; a read finds that out without taking the writer's turn.
    let mut conn = store.read().await?;
    let due = booking::next_expiry(&mut conn).await?.is_some_and(|next| next <= store.now());
    drop(conn);
    if !due {
        return Ok(0);
    }
    store
        .write("expire holds", (), |tx, ()| Box::pin(async move { booking::expire_due(tx).await }))
        .await
}

/// Letters that are due by the clock alone: the visit is tomorrow, or was yesterday.
async fn remind(store: Store) -> Result<usize, StoreError> {
    use booking::reminders::{list_due, remind_due, thank_due};
    store
        .write("reminders", (), |tx, ()| {
            Box::pin(async move {
                let unpaid = engine::payment::remind_due(tx).await?;
                Ok(unpaid + remind_due(tx).await? + list_due(tx).await? + thank_due(tx).await?)
            })
        })
        .await
}

/// Money back to those who did not choose in time after a bad day.
async fn give_back(store: Store) -> Result<usize, booking::BookingError> {
    use booking::disruption::{is_due, lapse_due};
    let mut conn = store.read().await?;
    let due = is_due(&mut conn, store.now()).await?;
    drop(conn);
    if !due {
        return Ok(0);
    }
    store.write("bad days", (), |tx, ()| Box::pin(async move { lapse_due(tx).await })).await
}

/// Seats that travel companies did not sell in time, to whoever wants them.
async fn release(store: Store) -> Result<usize, StoreError> {
    let mut conn = store.read().await?;
    let due = allotment::is_due(&mut conn, store.now()).await?;
    drop(conn);
    if !due {
        return Ok(0);
    }
    store
        .write("release seats", (), |tx, ()| {
            Box::pin(async move { allotment::release_due(tx).await })
        })
        .await
}

/// Orders of the shop that nobody paid or collected, parcels that must have arrived, old baskets.
async fn end_orders(store: Store) -> Result<usize, shop::ShopError> {
    let mut conn = store.read().await?;
    let due = shop::is_due(&mut conn, store.now()).await?;
    drop(conn);
    if !due {
        return Ok(0);
    }
    store.write("end orders", (), |tx, ()| Box::pin(async move { shop::work(tx).await })).await
}

/// Gift cards that nobody paid, and those whose last day is over.
async fn end_cards(store: Store) -> Result<usize, giftcard::CardError> {
    let mut conn = store.read().await?;
    let due = giftcard::is_due(&mut conn, store.now()).await?;
    drop(conn);
    if !due {
        return Ok(0);
    }
    store
        .write("end gift cards", (), |tx, ()| {
            Box::pin(async move { giftcard::expire_due(tx).await })
        })
        .await
}

/// Offers and deposits whose time is over, and parcels that have arrived.
async fn look_after_commissions(store: Store) -> Result<usize, commission::CommissionError> {
    let mut conn = store.read().await?;
    let due = commission::is_due(&mut conn, store.now()).await?;
    drop(conn);
    if !due {
        return Ok(0);
    }
    store
        .write("commissions", (), |tx, ()| Box::pin(async move { commission::follow(tx).await }))
        .await
}

/// Letters about credentials that end soon.
async fn remind_of_ends(store: Store) -> Result<usize, StoreError> {
    let mut conn = store.read().await?;
    let due = credential::is_due(&mut conn, store.now()).await?;
    drop(conn);
    if !due {
        return Ok(0);
    }
    store
        .write("remind of ends", (), |tx, ()| {
            Box::pin(async move { credential::remind_due(tx).await })
        })
        .await
}

/// Once a day a signed root over where all products come from.
async fn checkpoint(store: Store) -> Result<usize, ProvenanceError> {
    let mut conn = store.read().await?;
    let due = provenance::checkpoint::is_due(&mut conn, store.now()).await?;
    drop(conn);
    if !due {
        return Ok(0);
    }
    store
        .write("checkpoint", (), |tx, ()| {
            Box::pin(async move { provenance::checkpoint::write_due(tx).await })
        })
        .await
}

/// Promises that can't be kept, guests who did not choose, addresses that nobody needs any more.
async fn look_after_pieces(store: Store) -> Result<usize, craft::CraftError> {
    let mut conn = store.read().await?;
    let due = craft::is_due(&mut conn, store.now()).await?;
    drop(conn);
    if !due {
        return Ok(0);
    }
    store.write("pieces", (), |tx, ()| Box::pin(async move { craft::work(tx).await })).await
}

/// Visits that are over, into the ledger.
async fn enter_visits(store: Store) -> Result<usize, ledger::LedgerError> {
    let mut conn = store.read().await?;
    let due = ledger::is_due(&mut conn, store.now()).await?;
    drop(conn);
    if !due {
        return Ok(0);
    }
    store
        .write("enter visits", (), |tx, ()| Box::pin(async move { ledger::enter_due(tx).await }))
        .await
}

/// When a worker works.
struct Rhythm {
    name: &'static str,
    interval: Duration,
    /// Also after a commit of this process, at most once a second.
    on_commit: bool,
    store: Store,
    stop: CancellationToken,
    /// Where each round is written down.
    log: Workers,
}

/// Runs `work` now and after each interval; never twice at once. `work` answers how much it did:
/// as long as that is something, it is called again at once. An error waits for the next turn.
async fn every<W, F, E>(rhythm: Rhythm, work: W)
where
    W: Fn(Store) -> F + Send,
    F: Future<Output = Result<usize, E>> + Send,
    E: Display + Send,
{
    let Rhythm { name, interval, on_commit, store, stop, log } = rhythm;
    while !stop.is_cancelled() {
        let outcome = work(store.clone()).await;
        let result = outcome.as_ref().map(|done| *done).map_err(ToString::to_string);
        metrics::worked(name, store.now().timestamp(), result.is_ok());
        log.record(name, store.now(), result);
        match outcome {
            Ok(0) => {}
            Ok(done) => {
                tracing::info!(worker = name, done);
                continue;
            }
            Err(error) => tracing::error!(worker = name, %error, "failed; will try again"),
        }
        let commit = async {
            if !on_commit {
                std::future::pending::<()>().await;
            }
            store.committed().await;
            tokio::time::sleep(Duration::from_secs(1)).await;
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(interval) => {}
            () = commit => {}
        }
    }
}
