//! A fresh database for each test, on each of the two databases.
//!
//! SQLite is a file in a folder of its own, PostgreSQL a database of its own on the server that
//! `TEST_POSTGRES_URL` names; without it those tests say that they were skipped. Both are copies of one
//! that was migrated once: the migrations take longer than most tests.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteSynchronous;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use tokio::sync::OnceCell;

use super::connect::Sqlite;
use super::{Kind, Store};
use crate::clock::Clock;

/// The clock of a test starts here: Tuesday 1 December 2026, 08:00 in Hanoi.
pub fn test_start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_796_086_800, 0).unwrap_or_default()
}

/// The address of an empty database; None when this machine has no PostgreSQL to test with.
///
/// # Panics
/// When the database can't be made: a test can't go on without it.
pub async fn fresh_url(kind: Kind) -> Option<String> {
    match kind {
        Kind::Sqlite => Some(sqlite_url(&sqlite_file())),
        Kind::Postgres => {
            let server = Server::named()?;
            let name = name();
            server.run(format!("CREATE DATABASE {name}")).await;
            Some(server.url(&name))
        }
    }
}

/// The PostgreSQL to test with.
struct Server(PgConnectOptions);

#[expect(clippy::expect_used, clippy::print_stderr, reason = "a test harness")]
impl Server {
    fn named() -> Option<Server> {
        let Ok(url) = std::env::var("TEST_POSTGRES_URL") else {
            eprintln!("skipped on PostgreSQL: TEST_POSTGRES_URL is not set");
            return None;
        };
        Some(Server(url.parse().expect("TEST_POSTGRES_URL is a URL of PostgreSQL")))
    }

    fn url(&self, database: &str) -> String {
        self.0.clone().database(database).to_url_lossy().into()
    }

    async fn run(&self, sql: String) {
        let mut conn = PgConnection::connect_with(&self.0).await.expect("connect to PostgreSQL");
        sqlx::query(AssertSqlSafe(sql.clone())).execute(&mut conn).await.expect(&sql);
        conn.close().await.expect("leave PostgreSQL");
    }

    /// A database that is migrated already.
    async fn migrated(&self) -> String {
        static ORIGINAL: OnceCell<String> = OnceCell::const_new();
        let original = ORIGINAL.get_or_init(|| async {
            let original = name();
            self.run(format!("CREATE DATABASE {original}")).await;
            let store = opened(&self.url(&original)).await;
            store.migrate().await.expect("migrate");
            // PostgreSQL copies no database that somebody is connected to.
            store.close().await;
            original
        });
        let (original, name) = (original.await, name());
        self.run(format!("CREATE DATABASE {name} TEMPLATE {original} STRATEGY FILE_COPY")).await;
        self.url(&name)
    }
}

fn name() -> String {
    format!("t_{}", uuid::Uuid::now_v7().simple())
}

fn sqlite_file() -> PathBuf {
    std::env::temp_dir().join("langnghe-tests").join(name()).join("test.db")
}

fn sqlite_url(file: &Path) -> String {
    format!("sqlite:{}", file.display())
}

/// A SQLite database that the first test of a process prepares, and of which each has a copy.
#[derive(Debug, Default)]
pub struct Prepared(OnceCell<PathBuf>);

impl Prepared {
    pub const fn new() -> Self {
        Self(OnceCell::const_new())
    }

    /// A copy, with a clock that stands; `prepare` is given the migrated original, once.
    ///
    /// # Panics
    /// As [`fresh_url`].
    #[expect(clippy::expect_used, reason = "a test harness")]
    pub async fn copy(&self, prepare: impl AsyncFnOnce(&Store)) -> Store {
        let original = self.0.get_or_init(|| async move {
            let file = sqlite_file();
            let store = opened(&sqlite_url(&file)).await;
            store.migrate().await.expect("migrate");
            prepare(&store).await;
            // Closing brings all of it from the log into the file.
            store.close().await;
            file
        });
        let (original, file) = (original.await, sqlite_file());
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("make the folder");
        std::fs::copy(original, &file).expect("copy the database");
        opened(&sqlite_url(&file)).await
    }
}

/// With a single reader, code that asks for a second connection while it holds one fails. No test cuts the
/// power, and a commit that waits for the disk waits for all that the tests beside it wrote.
#[expect(clippy::expect_used, reason = "a test harness")]
async fn opened(url: &str) -> Store {
    let url = url.parse().expect("a database URL");
    let how = Sqlite { readers: 1, synchronous: SqliteSynchronous::Off };
    Store::open_with(&url, Clock::fixed(test_start()), how).await.expect("open")
}

/// An empty, migrated store with a clock that stands; None as for [`fresh_url`].
///
/// # Panics
/// As [`fresh_url`].
pub async fn fresh(kind: Kind) -> Option<Store> {
    static EMPTY: Prepared = Prepared::new();
    if kind == Kind::Sqlite {
        return Some(EMPTY.copy(async |_| {}).await);
    }
    Some(opened(&Server::named()?.migrated().await).await)
}

/// Removes a test's database: hundreds of them fill a disk.
///
/// # Panics
/// When PostgreSQL refuses.
#[expect(clippy::expect_used, reason = "a test harness")]
pub async fn removed(store: Store) {
    let mut conn = store.read().await.expect("a connection");
    let sql = "SELECT CAST(current_database() AS TEXT) AS name";
    let (name,): (String,) = conn.fetch_one(sql, vec![]).await.expect("the database's name");
    if let Some(server) = Server::named() {
        server.run(format!("DROP DATABASE {name} WITH (FORCE)")).await;
    }
}

/// Writes a test for each database: `both_dbs! { async fn name(store) { … } }`.
#[macro_export]
macro_rules! both_dbs {
    ($($(#[$meta:meta])* async fn $name:ident($store:ident) $body:block)+) => {$(
        mod $name {
            #[allow(clippy::allow_attributes, unused_imports, reason = "not each story needs all")]
            use super::*;

            async fn story($store: $crate::store::Store) $body

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                let store = $crate::store::testing::fresh($crate::store::Kind::Sqlite).await;
                story(store.expect("SQLite is always there")).await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if let Some(store) = $crate::store::testing::fresh($crate::store::Kind::Postgres).await {
                    story(store.clone()).await;
                    $crate::store::testing::removed(store).await;
                }
            }
        }
    )+};
}

#[cfg(test)]
mod tests {
    use crate::params;

    both_dbs! {
        async fn the_demo_catalogue_is_seeded_once(store) {
            let seed = |store: crate::store::Store| async move {
                store
                    .write("seed", (), |tx, ()| Box::pin(async move { crate::catalogue::demo::seed(tx, "hash").await }))
                    .await
            };
            seed(store.clone()).await.unwrap();
            assert!(seed(store.clone()).await.is_err());
            let catalogue = crate::catalogue::CatalogueCache::new(store.clone()).get().await.unwrap();
            assert!(catalogue.villages.len() >= 8);
            assert!(catalogue.workshops.len() >= 16);
            assert!(catalogue.tours.len() >= 30);
            assert!(catalogue.tours.iter().all(|tour| tour.price_from().is_some()));
            let mut conn = store.read().await.unwrap();
            let (people,): (i64,) = conn
                .fetch_one("SELECT CAST(COUNT(*) AS BIGINT) FROM person WHERE admin = $1", params![false])
                .await
                .unwrap();
            assert!(people >= 16);
            let coops = crate::coop::active(&mut conn).await.unwrap();
            assert_eq!(coops.iter().map(|coop| coop.slug.as_str()).collect::<Vec<_>>(), ["gom-ven-song", "soi-nhue"]);
            let mut all = vec![];
            for coop in &coops {
                let now = crate::coop::members(&mut conn, coop.id).await.unwrap().len();
                let past = crate::coop::former_members(&mut conn, coop.id).await.unwrap().len();
                let asked = crate::coop::invitations(&mut conn, &crate::accounts::Actor::System, coop.id).await.unwrap();
                all.push((now, past, asked.len()));
            }
            assert_eq!(all, [(3, 0, 0), (2, 1, 1)]);
        }

        async fn the_demo_books_without_writing_to_anybody(store) {
            crate::catalogue::demo::fill(&store, "hash").await.unwrap();
            crate::catalogue::demo::book(&store).await.unwrap();
            let mut conn = store.read().await.unwrap();
            let states: Vec<(String, i64)> = conn
                .fetch_all(
                    "SELECT state, CAST(COUNT(*) AS BIGINT) AS n FROM booking \
                     WHERE form_key NOT LIKE 'demo-past-%' GROUP BY state",
                    vec![],
                )
                .await
                .unwrap();
            let of = |wanted| states.iter().find(|(state, _)| state == wanted).map_or(0, |(_, n)| *n);
            let all: i64 = states.iter().map(|(_, n)| n).sum();
            assert!((150..=310).contains(&all), "{states:?}");
            assert!(of("confirmed") > 50 && of("checked_in") > 10, "{states:?}");
            assert!(of("cancelled") > 2 && of("no_show") > 0 && of("held") == 0, "{states:?}");
            let mut count = async |sql: &'static str| {
                conn.fetch_one::<(i64,)>(sql, vec![]).await.unwrap().0
            };
            assert_eq!(count("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM outbox").await, 0);
            let waiting = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM waitlist WHERE state = 'waiting'";
            assert_eq!(count(waiting).await, 2);
            assert_eq!(count("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM enquiry").await, 1);
            let full = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM slot WHERE taken = capacity";
            assert!(count(full).await >= 1);
            let odd = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM slot WHERE taken <> \
                       (SELECT COALESCE(SUM(seats), 0) FROM booking WHERE slot_id = slot.id \
                       AND state NOT IN ('cancelled', 'expired'))";
            assert_eq!(count(odd).await, 0);
            // Money: everybody who came is in the ledger, which balances, and some was paid.
            let came = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM booking JOIN slot \
                        ON slot.id = booking.slot_id WHERE booking.state = 'checked_in' \
                        AND slot.ends_at < '2026-12-01'";
            let visits = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM ledger_entry \
                          WHERE kind = 'visit' AND on_date < '2026-12-01'";
            assert_eq!(count(came).await, count(visits).await);
            let paid = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM ledger_entry \
                        WHERE kind IN ('payout', 'adjustment')";
            assert!(count(paid).await > 10);
            assert_eq!(count("SELECT CAST(SUM(amount) AS BIGINT) AS n FROM ledger_line").await, 0);
            // A year behind it, for the reports.
            let past = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM booking \
                        WHERE form_key LIKE 'demo-past-%' AND state = 'checked_in'";
            let past = count(past).await;
            assert!((600..2_000).contains(&past), "{past}");
            let uncounted = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM booking WHERE children IS NULL";
            assert_eq!(count(uncounted).await, 0);
        }
    }
}
