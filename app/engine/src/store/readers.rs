//! SQLite's readers: a few connections that only read. Lent without the checks of a network's
//! pool, which would cost more than most statements do: a file does not hang up.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Longer is nobody kept waiting. Whoever waits so long asks for a second connection while
/// holding the first: with many such requests at once none goes on.
const WAIT: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(super) struct Readers {
    idle: Mutex<Vec<SqliteConnection>>,
    free: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn new(conns: Vec<SqliteConnection>) -> Arc<Self> {
        let free = Arc::new(Semaphore::new(conns.len()));
        Arc::new(Self { idle: Mutex::new(conns), free })
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<SqliteConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a connection that nobody uses.
    pub(super) async fn lend(self: &Arc<Self>) -> Result<Reader, sqlx::Error> {
        let permit = tokio::time::timeout(WAIT, Arc::clone(&self.free).acquire_owned())
            .await
            .map_err(|_| sqlx::Error::PoolTimedOut)?
            .map_err(|_| sqlx::Error::PoolClosed)?;
        let conn = self.idle().pop().ok_or(sqlx::Error::PoolClosed)?;
        Ok(Reader { conn: Some(conn), home: Arc::clone(self), _permit: permit })
    }

    pub(super) async fn close(&self) {
        self.free.close();
        let conns = std::mem::take(&mut *self.idle());
        for conn in conns {
            if let Err(error) = conn.close().await {
                tracing::warn!(%error, "a reader was not closed cleanly");
            }
        }
    }
}

/// A lent connection; goes back when it is dropped, also when a statement was cut short: the
/// driver resets a statement whose rows nobody takes any more.
#[derive(Debug)]
pub(super) struct Reader {
    conn: Option<SqliteConnection>,
    home: Arc<Readers>,
    _permit: OwnedSemaphorePermit,
}

impl Reader {
    pub(super) fn conn(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        self.conn.as_mut().ok_or(sqlx::Error::PoolClosed)
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let Some(conn) = self.conn.take()
            && !self.home.free.is_closed()
        {
            self.home.idle().push(conn);
        }
    }
}
