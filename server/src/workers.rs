//! What happens without a request: holds run out, mails go out.

use std::fmt::Display;
use std::future::Future;
use std::time::Duration;

use engine::booking::{self, BookingError};
use engine::store::Store;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Starts all workers; they end, each after what it is doing, when `stop` is cancelled.
pub fn start(store: &Store, stop: &CancellationToken) -> JoinSet<()> {
    let mut workers = JoinSet::new();
    workers.spawn(every(
        "expire holds",
        Duration::from_secs(5),
        store.clone(),
        stop.clone(),
        expire,
    ));
    workers
}

async fn expire(store: Store) -> Result<usize, BookingError> {
    // Most rounds have nothing to end; a read finds that out without taking the writer's turn.
    let mut conn = store.read().await?;
    let due = booking::next_expiry(&mut conn).await?.is_some_and(|next| next <= store.now());
    drop(conn);
    if !due {
        return Ok(0);
    }
    let freed = store
        .write("expire holds", (), |tx, ()| Box::pin(async move { booking::expire_due(tx).await }))
        .await?;
    Ok(freed.len())
}

/// Runs `work` after each interval, and sooner when something was committed; never twice at once.
/// `work` answers how much it did: as long as that is something, it is called again at once.
async fn every<W, F, E>(
    name: &'static str,
    interval: Duration,
    store: Store,
    stop: CancellationToken,
    work: W,
) where
    W: Fn(Store) -> F + Send,
    F: Future<Output = Result<usize, E>> + Send,
    E: Display + Send,
{
    loop {
        match work(store.clone()).await {
            Ok(0) => {}
            Ok(done) => {
                tracing::info!(worker = name, done);
                if !stop.is_cancelled() {
                    continue;
                }
            }
            Err(error) => tracing::error!(worker = name, %error, "failed; will try again"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(interval) => {}
            // A burst of commits wakes a worker once a second, not once each.
            () = async { store.committed().await; tokio::time::sleep(Duration::from_secs(1)).await } => {}
        }
    }
}
