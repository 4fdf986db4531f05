//! Opening the database that a URL names, and bringing its tables up to date.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};

use super::readers::Readers;
use super::writer::Writer;
use super::{Pools, Shared, Store};
use crate::clock::Clock;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Where the database is: `sqlite:PATH` or `postgres://…`.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    Sqlite(PathBuf),
    Postgres(String),
}

/// The password in a URL must not reach a log.
impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DatabaseUrl::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            DatabaseUrl::Postgres(_) => f.write_str("postgres://…"),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("the database URL must begin with sqlite: or postgres:, not {0:?}")]
    UnknownScheme(String),
    #[error("the folder {0} of the SQLite file cannot be made")]
    Folder(PathBuf, #[source] std::io::Error),
    #[error("the database cannot be opened")]
    Open(#[from] sqlx::Error),
    #[error("the tables cannot be brought up to date")]
    Migrate(#[from] sqlx::migrate::MigrateError),
}

impl FromStr for DatabaseUrl {
    type Err = ConnectError;

    fn from_str(url: &str) -> Result<Self, ConnectError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return Ok(DatabaseUrl::Sqlite(PathBuf::from(path)));
        }
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            return Ok(DatabaseUrl::Postgres(url.to_owned()));
        }
        let scheme = url.split(':').next().unwrap_or_default();
        Err(ConnectError::UnknownScheme(scheme.to_owned()))
    }
}

/// How SQLite is opened.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sqlite {
    /// Connections to read from.
    pub readers: usize,
    /// What a commit waits for.
    pub synchronous: SqliteSynchronous,
}

impl Store {
    /// Opens the database without touching its tables.
    pub async fn open(url: &DatabaseUrl, clock: Clock) -> Result<Self, ConnectError> {
        let cores = std::thread::available_parallelism().map_or(4, std::num::NonZero::get);
        // A confirmed booking survives a power cut.
        let how = Sqlite { readers: cores.clamp(4, 16), synchronous: SqliteSynchronous::Full };
        Self::open_with(url, clock, how).await
    }

    pub(super) async fn open_with(
        url: &DatabaseUrl,
        clock: Clock,
        how: Sqlite,
    ) -> Result<Self, ConnectError> {
        let shared = Arc::default();
        let pools = match url {
            DatabaseUrl::Sqlite(path) => open_sqlite(path, how, &clock, &shared).await?,
            DatabaseUrl::Postgres(url) => open_postgres(url).await?,
        };
        Ok(Self { pools, clock, shared })
    }

    /// Brings the tables up to date.
    pub async fn migrate(&self) -> Result<(), ConnectError> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => {
                writer.alone(async |conn| MIGRATIONS.run(conn).await).await??;
            }
            Pools::Postgres(pool) => MIGRATIONS.run(pool).await?,
        }
        Ok(())
    }

    /// Writes a consistent copy of a SQLite database to a new file. PostgreSQL has `pg_dump`.
    pub async fn backup_sqlite(&self, to: &Path) -> Result<bool, sqlx::Error> {
        let Pools::Sqlite { writer, .. } = &self.pools else {
            return Ok(false);
        };
        let to = to.to_string_lossy().into_owned();
        writer
            .alone(async |conn| sqlx::query("VACUUM INTO $1").bind(to).execute(conn).await)
            .await??;
        Ok(true)
    }
}

async fn open_sqlite(
    path: &Path,
    how: Sqlite,
    clock: &Clock,
    shared: &Arc<Shared>,
) -> Result<Pools, ConnectError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)
            .map_err(|error| ConnectError::Folder(folder.to_owned(), error))?;
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(how.synchronous)
        .busy_timeout(Duration::from_secs(5))
        .foreign_keys(true)
        .pragma("temp_store", "MEMORY")
        .pragma("cache_size", "-65536")
        .pragma("mmap_size", "268435456")
        .pragma("journal_size_limit", "67108864");
    let write = options.connect().await?;
    let options = options.pragma("query_only", "ON");
    let mut read: Vec<SqliteConnection> = Vec::with_capacity(how.readers);
    for _ in 0..how.readers {
        read.push(options.connect().await?);
    }
    Ok(Pools::Sqlite {
        readers: Readers::new(read),
        writer: Arc::new(Writer::start(write, clock.clone(), Arc::clone(shared))),
    })
}

/// A connection that lay idle longer than this is tried before it is used.
const IDLE: Duration = Duration::from_secs(5);

async fn open_postgres(url: &str) -> Result<Pools, ConnectError> {
    let options = PgConnectOptions::from_str(url)?
        .application_name("langnghe")
        .options([("statement_timeout", "15s"), ("idle_in_transaction_session_timeout", "30s")]);
    // The pool goes on trying for as long as one may wait for a connection, and then says only
    // that it took too long; a single connection says at once what is wrong.
    PgConnection::connect_with(&options).await?.close().await?;
    let pool = PgPoolOptions::new()
        .max_connections(20)
        .max_lifetime(Duration::from_mins(10))
        .acquire_timeout(Duration::from_secs(30))
        // A round trip before each statement would cost more than most statements.
        .test_before_acquire(false)
        .before_acquire(|conn, about| {
            Box::pin(async move {
                if about.idle_for > IDLE {
                    conn.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(options)
        .await?;
    Ok(Pools::Postgres(pool))
}
