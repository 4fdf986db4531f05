//! What a write promises, on both databases.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use futures::future::join_all;

use super::{Store, StoreError, Tx};
use crate::{AuditId, both_dbs, params};

async fn note(tx: &mut Tx, verb: &str) -> Result<(), StoreError> {
    tx.execute_one(
        "INSERT INTO audit (id, at, actor, verb, subject, detail) VALUES ($1, $2, '', $3, '', '')",
        params![AuditId::new(tx.now()), tx.now(), *verb],
    )
    .await
}

/// Notes two lines; between them the verb may fail.
async fn twice(store: &Store, fails: bool) -> Result<(), StoreError> {
    store
        .write("twice", fails, |tx, fails| {
            Box::pin(async move {
                note(tx, "first").await?;
                if fails {
                    return Err(StoreError::Abandoned("on purpose".to_owned()));
                }
                note(tx, "second").await
            })
        })
        .await
}

async fn lines(store: &Store, verb: &str) -> i64 {
    let mut conn = store.read().await.unwrap();
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM audit WHERE verb = $1";
    conn.fetch_one::<(i64,)>(sql, params![*verb]).await.unwrap().0
}

both_dbs! {
    async fn a_verb_that_fails_takes_back_only_its_own(store) {
        let all = (0..90).map(|at| {
            let store = store.clone();
            async move { twice(&store, at % 3 == 0).await }
        });
        let answers = join_all(all).await;
        for (at, answer) in answers.iter().enumerate() {
            assert_eq!(answer.is_err(), at % 3 == 0, "{at}: {answer:?}");
        }
        assert_eq!((lines(&store, "first").await, lines(&store, "second").await), (60, 60));
    }

    async fn what_is_answered_is_there_for_every_reader(store) {
        let all = (0..40).map(|at| {
            let store = store.clone();
            async move {
                let verb = format!("number {at}");
                let command = verb.clone();
                store
                    .write("number", command, |tx, verb| {
                        Box::pin(async move { note(tx, &verb).await })
                    })
                    .await
                    .unwrap();
                lines(&store, &verb).await
            }
        });
        assert!(join_all(all).await.into_iter().all(|found| found == 1));
    }

    async fn a_verb_that_panics_harms_nobody_else(store) {
        let panics = store.write("panics", (), |tx, ()| {
            Box::pin(async move {
                note(tx, "panics").await?;
                assert!(tx.now().timestamp() == 0, "on purpose");
                Ok::<_, StoreError>(())
            })
        });
        let (panicked, well) = futures::join!(panics, twice(&store, false));
        assert!(matches!(panicked, Err(StoreError::Abandoned(_))), "{panicked:?}");
        well.unwrap();
        twice(&store, false).await.unwrap();
        assert_eq!((lines(&store, "panics").await, lines(&store, "second").await), (0, 2));
    }

    async fn a_lost_race_is_run_again(store) {
        let tries = Arc::new(AtomicU32::new(0));
        let racing = store.write("races", Arc::clone(&tries), |tx, tries| {
            Box::pin(async move {
                note(tx, "races").await?;
                if tries.fetch_add(1, Ordering::SeqCst) < 3 {
                    tx.try_again();
                }
                Ok::<_, StoreError>(())
            })
        });
        let (raced, well) = futures::join!(racing, twice(&store, false));
        raced.unwrap();
        well.unwrap();
        assert_eq!(tries.load(Ordering::SeqCst), 4);
        assert_eq!((lines(&store, "races").await, lines(&store, "second").await), (1, 1));
    }

    async fn copies_are_stale_only_after_what_they_show_changed(store) {
        let scene = crate::booking::testing::Scene::new(&store).await;
        let (shown, catalogue) = (store.shown_version(), store.catalogue_version());
        twice(&store, false).await.unwrap();
        assert_eq!(store.shown_version(), shown);
        let held = scene.hold(scene.slot, 2).await.unwrap();
        assert!(store.shown_version() > shown);
        let shown = store.shown_version();
        scene.fill_in(&held, "hoa@example.com").await.unwrap();
        scene.confirm(&held).await.unwrap();
        assert_eq!(store.shown_version(), shown, "the seats were taken by the hold");
        assert_eq!(store.catalogue_version(), catalogue);
    }
}
