//! Whatever is changed in a file is found.

use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::store::Kind;
use crate::store::testing::fresh;

/// A shelf whose lot stands in a checkpoint beside others, and has grown since.
async fn grown() -> Shelf {
    let store = fresh(Kind::Sqlite).await.unwrap();
    let shelf = Shelf::new(&store).await;
    for _ in 0..4 {
        Shelf::new(&store).await;
    }
    shelf.step("Nặn và sửa xương").await;
    assert_eq!(shelf.checkpoint().await, 1);
    store.clock().advance(TimeDelta::days(1));
    shelf.rotates().await;
    store.clock().advance(TimeDelta::hours(1));
    shelf.step("Tráng men, nung ở 1.280 °C").await;
    assert_eq!(shelf.checkpoint().await, 1);
    shelf.step("Ra lò").await;
    shelf
}

/// Whether a file with one byte changed is refused.
fn found(original: &Export, text: &[u8], at: usize, turn: u8, keys: &[keys::PublicKey]) -> bool {
    let mut bytes = text.to_vec();
    bytes[at] ^= turn;
    let Ok(text) = String::from_utf8(bytes) else { return true };
    match read(&text) {
        Err(_) => true,
        Ok(export) => export != *original && !check(&export, keys).is_empty(),
    }
}

#[tokio::test]
async fn any_byte_that_is_changed_is_found() {
    let shelf = grown().await;
    let (export, keys) = (shelf.export().await, shelf.keys().await);
    assert_eq!(check(&export, &keys), []);
    assert_eq!((export.names.len(), keys.len()), (2, 2));
    assert!(export.checkpoint.as_ref().is_some_and(|it| it.size == 5 && it.path.len() > 1));
    let text = export.text().unwrap().into_bytes();
    let mut runner =
        TestRunner::new(Config { cases: 600, failure_persistence: None, ..Config::default() });
    let any = (any::<prop::sample::Index>(), 1_u8..);
    runner
        .run(&any, |(at, turn)| {
            let at = at.index(text.len());
            prop_assert!(found(&export, &text, at, turn, &keys), "byte {} by {}", at, turn);
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn each_byte_of_a_short_file_is_covered() {
    let shelf = grown().await;
    let mut export = shelf.export().await;
    // A file may be cut off: that is found by comparing, not by itself.
    export.entries.truncate(2);
    export.names.clear();
    let keys = shelf.keys().await;
    let inclusion = export.checkpoint.take().unwrap();
    assert_eq!(check(&export, &keys), []);
    let text = export.text().unwrap().into_bytes();
    for at in 0..text.len() {
        assert!(found(&export, &text, at, 1, &keys), "byte {at}");
    }
    export.checkpoint = Some(inclusion);
    let seq = export.checkpoint.as_ref().unwrap().seq;
    assert_eq!(check(&export, &keys), [Finding::CheckpointEntry { seq }]);
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let shelf = grown().await;
    let (good, keys) = (shelf.export().await, shelf.keys().await);
    let tried = |change: &dyn Fn(&mut Export)| {
        let mut export = good.clone();
        change(&mut export);
        check(&export, &keys)
    };
    let (other, last) = (good.entries[2].hash, good.entries.len());
    let end = u32::try_from(last).unwrap();
    assert_eq!(tried(&|it| it.entries[1].body["more"] = 1.into()), [Finding::Hash { seq: 2 }]);
    assert_eq!(tried(&|it| it.entries[3].signature.0[9] ^= 1), [Finding::Signature { seq: 4 }]);
    assert_eq!(
        tried(&|it| it.entries[3].hash = other),
        [Finding::Hash { seq: 4 }, Finding::Signature { seq: 4 }, Finding::Link { seq: 5 }]
    );
    assert_eq!(tried(&|it| it.entries[3].key = "0".repeat(16)), [Finding::Key { seq: 4 }]);
    let old = good.entries[0].key.clone();
    assert_eq!(
        tried(&|it| it.entries[last - 1].key = old.clone()),
        [Finding::KeyTime { seq: end }]
    );
    let removed = tried(&|it| drop(it.entries.remove(3)));
    assert_eq!(
        removed,
        [Finding::Number { seq: 5 }, Finding::Link { seq: 5 }, Finding::Name { seq: 4 }]
    );
    let swapped = tried(&|it| it.entries.swap(2, 3));
    assert!(swapped.contains(&Finding::Number { seq: 4 }), "{swapped:?}");
    assert_eq!(tried(&|it| it.names[0].name.push('h')), [Finding::Name { seq: 3 }]);
    assert_eq!(tried(&|it| it.names.clear()), [], "an erased name is no fault");
    assert_eq!(tried(&|it| it.code = "2".repeat(16)), [Finding::Opening]);
    assert_eq!(tried(&|it| it.checkpoint = None), []);
    let point =
        |change: &dyn Fn(&mut Inclusion)| tried(&|it| change(it.checkpoint.as_mut().unwrap()));
    assert_eq!(point(&|it| it.path[0].0[0] ^= 1), [Finding::CheckpointProof]);
    assert_eq!(point(&|it| it.index += 1), [Finding::CheckpointProof]);
    assert_eq!(point(&|it| it.day = "2026-12-24".into()), [Finding::CheckpointHash]);
    assert_eq!(point(&|it| it.key = "none".into()), [Finding::CheckpointKey]);
    assert_eq!(point(&|it| it.signature.0[0] ^= 1), [Finding::CheckpointSignature]);
    // A signature of an entry is none of a checkpoint.
    let mark = good.entries[0].signature;
    assert_eq!(point(&|it| it.signature = mark), [Finding::CheckpointSignature]);
    for text in ["", "[]", "{}", "Bát Tràng"] {
        assert_eq!(read(text), Err(Finding::Unreadable), "{text}");
    }
    let text = good.text().unwrap();
    assert_eq!(read(&text.replace("provenance/1", "provenance/9")), Err(Finding::Format));
    // People copy files with line breaks: that changes nothing.
    let pretty = serde_json::to_string_pretty(&good).unwrap();
    assert_eq!(read(&pretty), Ok(good));
}
