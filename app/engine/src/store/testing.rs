//! A fresh database for each test, on each of the two databases.
//!
//! SQLite is a file in a folder of its own. PostgreSQL is a schema of its own in the database that
//! `TEST_POSTGRES_URL` names; without it those tests say that they were skipped.

use chrono::{DateTime, Utc};
use sqlx::{Connection, PgConnection};

use super::{Kind, Store};
use crate::clock::Clock;

/// The clock of a test starts here: Tuesday 1 December 2026, 08:00 in Hanoi.
pub fn test_start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_796_086_800, 0).unwrap_or_default()
}

/// An empty, migrated store; None when this machine has no PostgreSQL to test with.
///
/// # Panics
/// When the database can't be made: a test can't go on without it.
#[expect(clippy::expect_used, clippy::print_stderr, reason = "a test harness")]
pub async fn fresh(kind: Kind) -> Option<Store> {
    let name = format!("t_{}", uuid::Uuid::now_v7().simple());
    let url = match kind {
        Kind::Sqlite => {
            let folder = std::env::temp_dir().join("langnghe-tests");
            format!("sqlite:{}", folder.join(name).join("test.db").display())
        }
        Kind::Postgres => {
            let Ok(server) = std::env::var("TEST_POSTGRES_URL") else {
                eprintln!("skipped on PostgreSQL: TEST_POSTGRES_URL is not set");
                return None;
            };
            let mut conn = PgConnection::connect(&server).await.expect("connect to PostgreSQL");
            sqlx::query(sqlx::AssertSqlSafe(format!("CREATE SCHEMA {name}")))
                .execute(&mut conn)
                .await
                .expect("create a schema");
            let join = if server.contains('?') { '&' } else { '?' };
            format!("{server}{join}options=-c%20search_path%3D{name}")
        }
    };
    let clock = Clock::fixed(test_start());
    let store = Store::open(&url.parse().expect("a database URL"), clock).await.expect("open");
    store.migrate().await.expect("migrate");
    Some(store)
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
                    story(store).await;
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
        }
    }
}
