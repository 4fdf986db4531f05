//! The database: one SQL text for SQLite and PostgreSQL, native drivers underneath.
//!
//! Reads go through [`Store::read`], writes through [`Store::write`]: a named closure that is
//! retried as a whole when the database asks for it, runs detached from the request (a client
//! that hangs up does not leave half a transaction), and may therefore only touch the database.

mod columns;
mod connect;
mod param;
mod query;
mod value;

#[cfg(any(test, feature = "test-support"))]
pub mod testing;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use rand::RngExt;
use sqlx::{PgPool, SqlitePool};
use tokio::sync::Notify;

pub use columns::Columns;
pub use connect::{ConnectError, DatabaseUrl};
pub use param::{Bind, Param};
pub use query::{Conn, Row, Tx};
pub use value::{NotATime, TimeOfDay};

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
        read: SqlitePool,
        write: SqlitePool,
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
    /// Counts committed writes of this process.
    version: AtomicU64,
    /// Wakes the workers after a commit.
    committed: Notify,
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

    /// Resolves after the next committed write; a worker waits on it besides its timer.
    pub async fn committed(&self) {
        self.shared.committed.notified().await;
    }

    /// A connection that can only read.
    pub async fn read(&self) -> Result<Conn, StoreError> {
        match &self.pools {
            Pools::Sqlite { read, .. } => Ok(Conn::sqlite_reader(read.acquire().await?)),
            Pools::Postgres(pool) => Ok(Conn::postgres_reader(pool.acquire().await?)),
        }
    }

    /// Runs `verb` in one transaction and commits it when it answers `Ok`.
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
        let store = self.clone();
        let task = tokio::spawn(async move { store.write_here(name, command, verb).await });
        task.await.unwrap_or_else(|error| Err(StoreError::Abandoned(error.to_string()).into()))
    }

    async fn write_here<C, T, E>(
        &self,
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
            let mut tx = self.begin().await?;
            let answer = verb(&mut tx, command.clone()).await;
            if tx.met_conflict() {
                tx.rollback().await?;
            } else if answer.is_err() {
                tx.rollback().await?;
                return answer;
            } else {
                match tx.commit().await {
                    Ok(()) => {
                        self.shared.version.fetch_add(1, Ordering::AcqRel);
                        self.shared.committed.notify_waiters();
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
            let pause = rand::rng().random_range(1..=8 * u64::from(tries));
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
    }

    async fn begin(&self) -> Result<Tx, StoreError> {
        let conn = match &self.pools {
            Pools::Sqlite { write, .. } => {
                Conn::sqlite_writer(write.begin_with("BEGIN IMMEDIATE").await?)
            }
            // Every verb decides by conditional updates and unique keys, which READ COMMITTED
            // evaluates again after waiting for a row: no retry storm on a popular slot.
            Pools::Postgres(pool) => Conn::postgres_writer(pool.begin().await?),
        };
        Ok(Tx::new(conn, self.clock.now()))
    }

    /// Finishes what is under way and closes the files.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}
