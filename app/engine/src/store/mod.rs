//! The database: one SQL text for SQLite and PostgreSQL, native drivers underneath.
//!
//! Reads go through [`Store::read`], writes through [`Store::write`]: a named closure that is
//! retried as a whole when the database asks for it, runs detached from the request (a client
//! that hangs up does not leave half a transaction), and may therefore only touch the database.

mod columns;
mod connect;
mod param;
mod query;
mod readers;
mod touched;
mod value;
mod writer;

#[cfg(any(test, feature = "test-support"))]
pub mod testing;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use rand::RngExt;
use sqlx::PgPool;
use tokio::sync::{Notify, oneshot};

pub use columns::Columns;
pub use connect::{ConnectError, DatabaseUrl};
pub use param::{Bind, Param};
pub(crate) use query::placeholders;
pub use query::{Conn, Row, Tx};
pub use value::{NotATime, TimeOfDay};

use self::readers::Readers;
use self::touched::Touched;
use self::writer::{Queued, Writer};
use crate::clock::Clock;

/// What the database can answer besides rows.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database refused a statement")]
    Sql(#[source] sqlx::Error),
    #[error("a write of {expected} row(s) changed {actual}")]
    RowsAffected { expected: u64, actual: u64 },
    #[error("the row of {table} holds what it never should: {what}")]
    Inconsistent { table: &'static str, what: String },
    #[error("the write was abandoned: {0}")]
    Abandoned(String),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        StoreError::Sql(error)
    }
}

impl StoreError {
    /// The name of the constraint that a statement broke, where the database tells it.
    pub fn broke_unique(&self) -> bool {
        matches!(self, StoreError::Sql(sqlx::Error::Database(error)) if error.is_unique_violation())
    }

    /// Serialisation failures and lock conflicts: the whole transaction may be tried again.
    fn is_conflict(&self) -> bool {
        let StoreError::Sql(sqlx::Error::Database(error)) = self else {
            return false;
        };
        // PostgreSQL: serialization_failure, deadlock_detected. SQLite: BUSY and its
        // extended codes BUSY_RECOVERY (261), BUSY_SNAPSHOT (517), BUSY_TIMEOUT (773).
        matches!(error.code().as_deref(), Some("40001" | "40P01" | "5" | "261" | "517" | "773"))
    }
}

#[derive(Debug, Clone)]
enum Pools {
    /// SQLite takes one writer at a time, so one connection writes and the others only read.
    Sqlite {
        readers: Arc<Readers>,
        writer: Arc<Writer>,
    },
    Postgres(PgPool),
}

/// Which database runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// A handle on the database; cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pools: Pools,
    clock: Clock,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    /// Counts commits of this process.
    version: AtomicU64,
    /// Counts those of them that changed the catalogue.
    catalogue: AtomicU64,
    /// Counts those of them that changed what visitors see.
    shown: AtomicU64,
    /// Wakes the workers after a commit.
    committed: Notify,
}

impl Shared {
    fn committed(&self, touched: Touched) {
        // Before anybody learns of the commit: whoever was answered finds no older copy.
        if touched.catalogue {
            self.catalogue.fetch_add(1, Ordering::AcqRel);
        }
        if touched.shown {
            self.shown.fetch_add(1, Ordering::AcqRel);
        }
        self.version.fetch_add(1, Ordering::AcqRel);
        self.committed.notify_waiters();
    }
}

const TRIES: u32 = 12;

impl Store {
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub const fn kind(&self) -> Kind {
        match self.pools {
            Pools::Sqlite { .. } => Kind::Sqlite,
            Pools::Postgres(_) => Kind::Postgres,
        }
    }

    /// Grows with each committed write of this process; what was computed from the database
    /// at an older version may be stale.
    pub fn version(&self) -> u64 {
        self.shared.version.load(Ordering::Acquire)
    }

    /// Grows with each committed write of this process to the catalogue.
    pub fn catalogue_version(&self) -> u64 {
        self.shared.catalogue.load(Ordering::Acquire)
    }

    /// Grows with each committed write of this process that changed what visitors see: the
    /// catalogue, a slot's seats. Read it before the database: a copy that was made from an
    /// older version is stale.
    pub fn shown_version(&self) -> u64 {
        self.shared.shown.load(Ordering::Acquire)
    }

    /// Resolves after the next committed write; a worker waits on it besides its timer.
    pub async fn committed(&self) {
        self.shared.committed.notified().await;
    }

    /// A connection that can only read.
    pub async fn read(&self) -> Result<Conn, StoreError> {
        match &self.pools {
            Pools::Sqlite { readers, .. } => Ok(Conn::sqlite_reader(readers.lend().await?)),
            Pools::Postgres(pool) => Ok(Conn::postgres_reader(pool.acquire().await?)),
        }
    }

    /// Runs `verb` in a transaction and answers once it is committed; an error takes back all
    /// that the verb wrote. On SQLite verbs that wait at the same time share a commit.
    ///
    /// `name` appears in logs. The command is cloned for each try.
    pub async fn write<C, T, E>(
        &self,
        name: &'static str,
        command: C,
        verb: impl for<'t> Fn(&'t mut Tx, C) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
    ) -> Result<T, E>
    where
        C: Clone + Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let abandoned = |why: String| Err(StoreError::Abandoned(why).into());
        match &self.pools {
            Pools::Sqlite { writer, .. } => {
                let (to, answer) = oneshot::channel();
                let job = Queued { name, command, verb, tries: 0, answer: None, to };
                writer.submit(Box::new(job)).await;
                answer.await.unwrap_or_else(|_| abandoned(format!("{name}: the writer is gone")))
            }
            Pools::Postgres(pool) => {
                let (store, pool) = (self.clone(), pool.clone());
                let task =
                    tokio::spawn(async move { store.write_to(&pool, name, command, verb).await });
                task.await.unwrap_or_else(|error| abandoned(error.to_string()))
            }
        }
    }

    async fn write_to<C, T, E>(
        &self,
        pool: &PgPool,
        name: &'static str,
        command: C,
        verb: impl for<'t> Fn(&'t mut Tx, C) -> BoxFuture<'t, Result<T, E>> + Send + Sync,
    ) -> Result<T, E>
    where
        C: Clone,
        E: From<StoreError>,
    {
        let mut tries = 0;
        loop {
            // Every verb decides by conditional updates and unique keys, which READ COMMITTED
            // evaluates again after waiting for a row: no retry storm on a popular slot.
            let begun = pool.begin().await.map_err(StoreError::from)?;
            let mut tx = Tx::new(Conn::postgres_writer(begun), self.clock.now());
            let answer = verb(&mut tx, command.clone()).await;
            let touched = tx.touched();
            if tx.met_conflict() {
                tx.rollback().await?;
            } else if answer.is_err() {
                tx.rollback().await?;
                return answer;
            } else {
                match tx.commit().await {
                    Ok(()) => {
                        self.shared.committed(touched);
                        return answer;
                    }
                    Err(error) if error.is_conflict() => {}
                    Err(error) => return Err(error.into()),
                }
            }
            tries += 1;
            if tries == TRIES {
                return Err(StoreError::Abandoned(format!("{name}: {TRIES} conflicts")).into());
            }
            tracing::debug!(transaction = name, tries, "conflict, trying again");
            pause(tries).await;
        }
    }

    /// Finishes what is under way and closes the files.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { readers, writer } => {
                // Writes stand in a line: when this one is through, so are all before it.
                let _ = self
                    .write("close", (), |_, ()| Box::pin(async { Ok::<_, StoreError>(()) }))
                    .await;
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

/// Waits a moment of random length before a conflict is tried again.
async fn pause(tries: u32) {
    let pause = rand::rng().random_range(1..=8 * u64::from(tries));
    tokio::time::sleep(Duration::from_millis(pause)).await;
}
