//! SQLite's one writer. Verbs queue for it; those that wait at the same time share a
//! transaction, each in a savepoint of its own, so that one fsync makes all of them durable. A
//! verb that fails takes back only what it did itself. Nobody is answered before the commit.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use tokio::sync::{Mutex, mpsc, oneshot};

use super::query::{Conn, Tx};
use super::{Shared, StoreError, TRIES, pause};
use crate::clock::Clock;

/// Verbs that may wait for the writer; further ones wait to be let into the queue.
const QUEUE: usize = 1024;
/// Most verbs that share a transaction.
const BATCH: usize = 128;
/// A transaction takes in no further verb after this.
const BATCH_TIME: Duration = Duration::from_millis(20);

/// A queued verb with its command, types forgotten.
pub(super) trait Job: Send {
    /// Runs the verb once.
    fn run<'j>(&'j mut self, tx: &'j mut Tx) -> BoxFuture<'j, Outcome>;
    /// Gives the verb's answer to whoever waits for it, or says why it came to nothing.
    fn answer(self: Box<Self>, failed: Option<StoreError>);
    fn name(&self) -> &'static str;
    /// Counts the times that the verb met a conflict.
    fn tries(&mut self) -> &mut u32;
}

/// What is to happen with what the verb wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Keep,
    Undo,
    /// It lost a race: undo, and run it again.
    Again,
}

/// A verb in the queue.
pub(super) struct Queued<C, T, E, V> {
    pub name: &'static str,
    pub command: C,
    pub verb: V,
    pub tries: u32,
    pub answer: Option<Result<T, E>>,
    pub to: oneshot::Sender<Result<T, E>>,
}

impl<C, T, E, V> Job for Queued<C, T, E, V>
where
    C: Clone + Send + Sync,
    T: Send,
    E: From<StoreError> + Send,
    V: for<'t> Fn(&'t mut Tx, C) -> BoxFuture<'t, Result<T, E>> + Send + Sync,
{
    fn run<'j>(&'j mut self, tx: &'j mut Tx) -> BoxFuture<'j, Outcome> {
        Box::pin(async move {
            let command = self.command.clone();
            let verb = AssertUnwindSafe(async { (self.verb)(tx, command).await });
            let answer = verb.catch_unwind().await.unwrap_or_else(|_| {
                // Whoever waits sees an error, as if the verb had a task of its own.
                Err(StoreError::Abandoned(format!("{} panicked", self.name)).into())
            });
            let kept = answer.is_ok();
            self.answer = Some(answer);
            match (tx.met_conflict(), kept) {
                (true, _) => Outcome::Again,
                (false, true) => Outcome::Keep,
                (false, false) => Outcome::Undo,
            }
        })
    }

    fn answer(self: Box<Self>, failed: Option<StoreError>) {
        let answer = match (failed, self.answer) {
            (None, Some(answer)) => answer,
            (Some(error), _) => Err(error.into()),
            (None, None) => Err(StoreError::Abandoned(self.name.to_owned()).into()),
        };
        // Nobody waits any more when the client hung up.
        let _ = self.to.send(answer);
    }

    fn name(&self) -> &'static str {
        self.name
    }

    fn tries(&mut self) -> &mut u32 {
        &mut self.tries
    }
}

/// The connection, absent once it is closed.
type Place = Arc<Mutex<Option<SqliteConnection>>>;

#[derive(Debug)]
pub(super) struct Writer {
    conn: Place,
    queue: mpsc::Sender<Box<dyn Job>>,
}

impl Writer {
    /// Begins to serve the queue, until the last handle on the store is dropped.
    pub(super) fn start(conn: SqliteConnection, clock: Clock, shared: Arc<Shared>) -> Self {
        let conn = Arc::new(Mutex::new(Some(conn)));
        let (queue, jobs) = mpsc::channel(QUEUE);
        let desk = Desk { conn: Arc::clone(&conn), clock, shared };
        tokio::spawn(desk.serve(jobs));
        Self { conn, queue }
    }

    pub(super) async fn submit(&self, job: Box<dyn Job>) {
        if let Err(refused) = self.queue.send(job).await {
            refused.0.answer(Some(closed()));
        }
    }

    /// The connection itself, between two transactions: for migrations and backups.
    pub(super) async fn alone<T>(
        &self,
        work: impl AsyncFnOnce(&mut SqliteConnection) -> T,
    ) -> Result<T, sqlx::Error> {
        let mut place = self.conn.lock().await;
        match place.as_mut() {
            Some(conn) => Ok(work(conn).await),
            None => Err(sqlx::Error::PoolClosed),
        }
    }

    /// Finishes the transaction under way and closes the file.
    pub(super) async fn close(&self) {
        let conn = self.conn.lock().await.take();
        if let Some(conn) = conn
            && let Err(error) = conn.close().await
        {
            tracing::warn!(%error, "the database file was not closed cleanly");
        }
    }
}

fn closed() -> StoreError {
    StoreError::Sql(sqlx::Error::PoolClosed)
}

/// What the writer's task works with.
struct Desk {
    conn: Place,
    clock: Clock,
    shared: Arc<Shared>,
}

impl Desk {
    async fn serve(self, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
        let mut again: Vec<Box<dyn Job>> = Vec::new();
        loop {
            let first = match again.pop() {
                Some(job) => job,
                None => match jobs.recv().await {
                    Some(job) => job,
                    None => return,
                },
            };
            let mut place = self.conn.lock().await;
            let Some(conn) = place.take() else {
                first.answer(Some(closed()));
                continue;
            };
            let mut tx = Tx::new(Conn::sqlite_writer(conn), self.clock.now());
            let lost = self.transaction(&mut tx, first, &mut jobs).await;
            *place = tx.into_sqlite();
            drop(place);
            for mut job in lost {
                let tries = job.tries();
                *tries += 1;
                let tries = *tries;
                if tries == TRIES {
                    let error = format!("{}: {TRIES} conflicts", job.name());
                    job.answer(Some(StoreError::Abandoned(error)));
                    continue;
                }
                tracing::debug!(transaction = job.name(), tries, "conflict, trying again");
                again.push(job);
            }
            if !again.is_empty() {
                pause(1).await;
            }
        }
    }

    /// One transaction: the first job and whatever else waits. Answers those who are finished;
    /// gives back those that met a conflict.
    async fn transaction(
        &self,
        tx: &mut Tx,
        first: Box<dyn Job>,
        jobs: &mut mpsc::Receiver<Box<dyn Job>>,
    ) -> Vec<Box<dyn Job>> {
        if let Err(error) = tx.control("BEGIN IMMEDIATE; SAVEPOINT verb").await {
            // Another process writes (an administrator's command): our turn comes.
            if error.is_conflict() {
                return vec![first];
            }
            first.answer(Some(error));
            return Vec::new();
        }
        let begun = Instant::now();
        let (mut done, mut lost) = (Vec::new(), Vec::new());
        let mut kept = false;
        let mut next = Some(first);
        let mut failed = None;
        while let Some(mut job) = next.take() {
            tx.turn(self.clock.now());
            let outcome = job.run(tx).await;
            kept |= outcome == Outcome::Keep;
            let waiting = done.len() + lost.len() + 1 < BATCH && begun.elapsed() < BATCH_TIME;
            next = if waiting { jobs.try_recv().ok() } else { None };
            let settled = match (outcome, next.is_some()) {
                (Outcome::Keep, true) => tx.control("RELEASE verb; SAVEPOINT verb").await,
                (Outcome::Keep, false) => Ok(()),
                (Outcome::Undo | Outcome::Again, _) => tx.control("ROLLBACK TO verb").await,
            };
            if outcome == Outcome::Again {
                lost.push(job);
            } else {
                done.push(job);
            }
            if let Err(error) = settled {
                // The file system refused; SQLite may have rolled everything back by itself.
                failed = Some(error);
                break;
            }
        }
        // What had come in already when the transaction broke is tried in a new one.
        lost.extend(next);
        let ended = match failed {
            Some(error) => {
                let _ = tx.control("ROLLBACK").await;
                Err(error)
            }
            None if kept => tx.control("COMMIT").await,
            None => tx.control("ROLLBACK").await,
        };
        match ended {
            Ok(()) => {
                if kept {
                    self.shared.committed(tx.touched());
                }
                for job in done {
                    job.answer(None);
                }
            }
            Err(error) => {
                let _ = tx.control("ROLLBACK").await;
                if error.is_conflict() {
                    lost.extend(done);
                    return lost;
                }
                let why = error.to_string();
                tracing::error!(?error, "a transaction was lost");
                for job in done {
                    job.answer(Some(StoreError::Abandoned(why.clone())));
                }
            }
        }
        lost
    }
}
