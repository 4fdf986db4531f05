//! Records on both databases.

use chrono::TimeDelta;

use super::verify::Verdict;
use super::*;
use crate::both_dbs;

both_dbs! {
    async fn a_lot_tells_what_was_known_then(store) {
        use EntryKind::{Correction, Credential, Maker, Material, Opened, Step};
        let shelf = Shelf::new(&store).await;
        shelf.step("Nặn và sửa xương").await;
        let wrong = shelf.adds(&shelf.scene.staff, AddKind::Correction, "Đất Trúc Thôn").await;
        assert_eq!(wrong.unwrap(), 7);
        let line = shelf.story().await;
        let kinds: Vec<EntryKind> = line.iter().map(|line| line.entry.kind()).collect();
        assert_eq!(kinds, [Opened, Material, Maker, Maker, Credential, Step, Correction]);
        assert_eq!(line[1].corrected_by, [7]);
        assert_eq!(line[2].name.as_deref(), Some("Nguyễn Thị Vân"));
        let Entry::Opened(opened) = &line[0].entry else { panic!("{line:?}") };
        assert_eq!((opened.workshop.name.vi.as_str(), opened.quantity), ("Lò Bầu", Some(120)));
        assert_eq!(opened.village.name.en, "Pottery");
        assert_eq!(opened.code, shelf.record.code);

        // Later edits elsewhere change nothing.
        let before = shelf.export().await;
        run(&store, "UPDATE workshop SET name = 'Lò Mới'", params![]).await;
        assert_eq!(shelf.export().await, before);
        assert_eq!(shelf.check().await, []);
        let text = before.text().unwrap();
        assert!(text.contains("Nguyễn Thị Vân") && !text.contains("\"form_key\""));
        let report = shelf.examine(&text).await;
        assert_eq!((report.verdict(), report.entries, report.names), (Verdict::Genuine, 7, 2));
    }

    async fn stars_come_from_their_certificate_and_end_with_it(store) {
        let shelf = Shelf::new(&store).await;
        let story = shelf.story().await;
        let Entry::Credential(named) = &story[4].entry else { panic!("{story:?}") };
        assert_eq!((named.ocop_stars, named.number.as_str()), (Some(4), "04-218/OCOP"));
        assert!(named.words.vi.contains("Bát men ngọc"), "{:?}", named.words);
        let until: chrono::NaiveDate = "2028-03-20".parse().unwrap();
        let mut conn = store.read().await.unwrap();
        for (day, stands) in [
            (local_date(store.now()), InForce::Yes(Some(until))),
            (until, InForce::Yes(Some(until))),
            (until + TimeDelta::days(1), InForce::Expired(until)),
        ] {
            assert_eq!(in_force(&mut conn, &story, day).await.unwrap()[&5], stands, "{day}");
        }
        drop(conn);
        // Neither what has ended nor what is another's is taken.
        let scene = &shelf.scene;
        let ended = stars(&store, scene.workshop, "2026-01-31").await;
        let theirs = Shelf::new(&store).await.stars;
        for id in [ended, theirs] {
            let input = LotInput { certificate: id.to_string(), ..lot() };
            let open = OpenLot {
                actor: scene.owner.clone(),
                workshop: scene.workshop,
                data: LotData::parse(&input, local_date(store.now())).unwrap(),
                form_key: id.to_string(),
            };
            let refused = store.write("open", open, |tx, c| Box::pin(open_lot(tx, c))).await;
            let wrongs = match refused {
                Err(ProvenanceError::Fields(wrongs)) => wrongs,
                other => panic!("{other:?}"),
            };
            assert_eq!(wrongs, [(Field::Certificate, Wrong::Choice)]);
        }
        // Taken back by the office.
        let sql = "UPDATE credential SET state = 'withdrawn' WHERE id = $1";
        run(&store, sql, params![shelf.stars]).await;
        let mut conn = store.read().await.unwrap();
        let now = in_force(&mut conn, &story, local_date(store.now())).await.unwrap();
        assert_eq!(now[&5], InForce::No);
        drop(conn);
        assert_eq!(shelf.check().await, []);
    }

    async fn each_does_what_is_theirs(store) {
        let shelf = Shelf::new(&store).await;
        let scene = &shelf.scene;
        let (staff, stranger) = (&scene.staff, &scene.stranger);
        assert!(matches!(
            shelf.adds(stranger, AddKind::Step, "x").await,
            Err(ProvenanceError::Forbidden(_))
        ));
        for kind in [AddKind::Maker, AddKind::Credential] {
            let refused = shelf.adds(staff, kind, "x").await;
            assert!(matches!(refused, Err(ProvenanceError::Forbidden(_))), "{kind:?}");
            shelf.adds(&scene.owner, kind, "x").await.unwrap();
        }
        for kind in [AddKind::Remark, AddKind::Material, AddKind::HandedOver] {
            shelf.adds(staff, kind, "x").await.unwrap();
        }
        assert!(matches!(
            shelf.withdraws(staff, "x").await,
            Err(ProvenanceError::Forbidden(_))
        ));
        let data = LotData::parse(&lot(), local_date(store.now())).unwrap();
        let open = OpenLot {
            actor: staff.clone(),
            workshop: scene.workshop,
            data,
            form_key: "staff".into(),
        };
        let refused = store.write("open", open, |tx, c| Box::pin(open_lot(tx, c))).await;
        assert!(matches!(refused, Err(ProvenanceError::Forbidden(_))));
        assert_eq!(shelf.check().await, []);
    }

    async fn a_withdrawn_record_says_so_and_takes_nothing_more(store) {
        let shelf = Shelf::new(&store).await;
        let old = shelf.export().await.text().unwrap();
        let owner = shelf.scene.owner.clone();
        assert!(matches!(
            shelf.withdraws(&owner, " ").await,
            Err(ProvenanceError::Fields(_))
        ));
        let record = shelf.withdraws(&owner, "Men thôi chì quá mức").await.unwrap();
        assert!(!record.is_live());
        assert_eq!(record.withdrawn_reason.vi, "Men thôi chì quá mức");
        let again = shelf.withdraws(&owner, "Lý do khác").await.unwrap();
        assert_eq!(again, record, "the first reason stays");
        let more = shelf.adds(&owner, AddKind::Step, "x").await;
        assert!(matches!(more, Err(ProvenanceError::Withdrawn)));
        assert_eq!(shelf.check().await, [Finding::Withdrawn]);
        // An old file is signed, and cut off.
        let report = shelf.examine(&old).await;
        let lacks = Finding::Shortened { has: 5, of: 6 };
        assert_eq!(report.findings, [lacks, Finding::Withdrawn]);
        assert_eq!(report.verdict(), Verdict::Withdrawn);
    }

    async fn an_erased_name_leaves_the_chain_whole(store) {
        let shelf = Shelf::new(&store).await;
        let erase_it = Erase {
            actor: shelf.scene.owner.clone(),
            record: shelf.record.id,
            what: Erased::Name(3),
        };
        let theirs = Erase { actor: shelf.scene.stranger.clone(), ..erase_it.clone() };
        let refused = store.write("erase", theirs, |tx, c| Box::pin(erase(tx, c))).await;
        assert!(matches!(refused, Err(ProvenanceError::Forbidden(_))));
        store.write("erase", erase_it, |tx, c| Box::pin(erase(tx, c))).await.unwrap();
        assert_eq!(shelf.check().await, []);
        let export = shelf.export().await;
        assert!(!export.text().unwrap().contains("Nguyễn Thị Vân"));
        assert_eq!(export.names.len(), 1);
        let mut conn = store.read().await.unwrap();
        // Nowhere: not in the audit either.
        for sql in [
            "SELECT CAST(COUNT(*) AS BIGINT) FROM audit WHERE detail LIKE '%Nguyễn Thị Vân%'",
            "SELECT CAST(COUNT(*) AS BIGINT) FROM provenance_entry WHERE body LIKE '%Vân%'",
        ] {
            let (n,): (i64,) = conn.fetch_one(sql, params![]).await.unwrap();
            assert_eq!(n, 0, "{sql}");
        }
    }

    async fn writers_at_once_never_fork_the_chain(store) {
        let shelf = Shelf::new(&store).await;
        let shelf = std::sync::Arc::new(shelf);
        let mut tasks = tokio::task::JoinSet::new();
        for writer in 0..8 {
            let shelf = std::sync::Arc::clone(&shelf);
            tasks.spawn(async move {
                for step in 0..4 {
                    shelf.step(&format!("{writer}, {step}")).await;
                }
                if writer == 3 {
                    shelf.rotates().await;
                }
                if writer == 5 {
                    shelf.checkpoint().await;
                }
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap();
        }
        assert_eq!(shelf.check().await, []);
        let export = shelf.export().await;
        assert_eq!(export.entries.len(), 5 + 32);
        assert_eq!(shelf.keys().await.len(), 2);
        let record = by_id(&mut store.read().await.unwrap(), shelf.record.id).await.unwrap();
        assert_eq!(record.unwrap().head_hash, export.entries.last().map(|entry| entry.hash));
    }

    async fn the_same_form_is_one_entry(store) {
        let shelf = Shelf::new(&store).await;
        let input = AddInput { words: vi("x"), ..AddInput::default() };
        let today = local_date(store.now());
        for kind in [AddKind::Remark, AddKind::Maker] {
            let input = AddInput { name: "Hoa".into(), consent: true, ..input.clone() };
            let add_it = Add {
                actor: shelf.scene.owner.clone(),
                record: shelf.record.id,
                kind,
                data: AddData::parse(kind, &input, today).unwrap(),
                photo: None,
                form_key: format!("{kind:?}"),
            };
            let mut seqs = Vec::new();
            for _ in 0..2 {
                let command = add_it.clone();
                seqs.push(store.write("add", command, |tx, c| Box::pin(add(tx, c))).await.unwrap());
            }
            assert_eq!(seqs[0], seqs[1]);
        }
        assert_eq!(shelf.export().await.entries.len(), 7);
        assert_eq!(shelf.check().await, []);
    }

    async fn keys_are_replaced_and_what_they_signed_stays_true(store) {
        let shelf = Shelf::new(&store).await;
        let first = shelf.keys().await;
        assert_eq!(first.len(), 1);
        store.clock().advance(TimeDelta::hours(1));
        let new = shelf.rotates().await;
        shelf.step("Sau khi thay khóa").await;
        let keys = shelf.keys().await;
        assert_eq!(keys.len(), 2);
        assert_eq!((keys[0].retired_at, keys[1].retired_at), (Some(keys[1].valid_from), None));
        let export = shelf.export().await;
        assert_eq!(export.entries[0].key, first[0].id);
        assert_eq!(export.entries.last().unwrap().key, new);
        assert_eq!(shelf.check().await, []);

        // The configuration's key takes over; without it nothing is signed by another.
        let seed: keys::Seed = "5e".repeat(32).parse().unwrap();
        let rotate = |seed| {
            let store = store.clone();
            async move {
                store
                    .write("rotate", seed, |tx, seed| {
                        Box::pin(async move { keys::rotate(tx, seed).await })
                    })
                    .await
            }
        };
        assert_eq!(rotate(Some(seed)).await.unwrap(), seed.id());
        assert!(matches!(rotate(Some(seed)).await, Err(ProvenanceError::SameKey(_))));
        let alone = shelf.adds(&shelf.scene.owner, AddKind::Remark, "x").await;
        assert!(matches!(alone, Err(ProvenanceError::KeyElsewhere(_))));
        rotate(None).await.unwrap();
        assert!(matches!(rotate(Some(seed)).await, Err(ProvenanceError::KeyRetired(_))));
        shelf.step("Lại khóa trong cơ sở dữ liệu").await;
        assert_eq!(shelf.check().await, []);
        // Whose secret half stood in the configuration has none here.
        let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM provenance_key WHERE secret_key IS NULL";
        let (n,): (i64,) = store.read().await.unwrap().fetch_one(sql, params![]).await.unwrap();
        assert_eq!(n, 1);
    }

    async fn each_day_has_one_checkpoint_chained_to_the_one_before(store) {
        let shelf = Shelf::new(&store).await;
        let other = Shelf::new(&store).await;
        assert_eq!(shelf.export().await.checkpoint, None);
        assert_eq!((shelf.checkpoint().await, shelf.checkpoint().await), (1, 0));
        let day = local_date(store.now());
        let first = shelf.export().await;
        store.clock().advance(TimeDelta::days(2));
        let late = Shelf::new(&store).await;
        shelf.step("Nung").await;
        assert_eq!(shelf.checkpoint().await, 1);
        let mut conn = store.read().await.unwrap();
        let one = checkpoint::of_day(&mut conn, day).await.unwrap().unwrap();
        let two = checkpoint::of_day(&mut conn, day + TimeDelta::days(2)).await.unwrap().unwrap();
        let none = checkpoint::of_day(&mut conn, day + TimeDelta::days(1)).await.unwrap();
        assert_eq!((none, one.size, two.size), (None, 2, 3));
        assert_eq!(two.previous, Some(one.hash));
        assert_eq!(two.previous_day, Some(day.to_string()));
        let newest = checkpoint::newest(&mut conn).await.unwrap();
        assert_eq!(newest.map(|day| day.to_string()), Some(two.day.clone()));
        drop(conn);
        let of = |point: &checkpoint::Checkpoint, shelf: &Shelf| {
            let id = shelf.record.id.to_string();
            point.heads.iter().find(|head| head.record == id).map(|head| head.seq)
        };
        assert_eq!((of(&one, &shelf), of(&two, &shelf)), (Some(5), Some(6)));
        assert_eq!((of(&one, &other), of(&two, &other)), (Some(5), Some(5)));
        assert_eq!((of(&one, &late), of(&two, &late)), (None, Some(5)));
        for shelf in [&shelf, &other, &late] {
            assert_eq!(shelf.check().await, []);
            let inclusion = shelf.export().await.checkpoint.unwrap();
            assert_eq!((inclusion.root, inclusion.hash), (two.root, two.hash));
        }
        // A file of the first day is true, and lacks what came later.
        let report = shelf.examine(&first.text().unwrap()).await;
        assert_eq!(report.findings, [Finding::Shortened { has: 5, of: 6 }]);
        assert_eq!(report.verdict(), Verdict::Outdated);
    }

    async fn even_the_platform_cannot_rewrite_quietly(store) {
        let shelf = Shelf::new(&store).await;
        shelf.step("Nung").await;
        shelf.checkpoint().await;
        let kept = shelf.export().await.text().unwrap();
        // Somebody with the database's password takes the last entry out …
        let id = shelf.record.id;
        run(&store, "DELETE FROM provenance_entry WHERE record_id = $1 AND seq = 6", params![id])
            .await;
        assert_eq!(shelf.check().await, [Finding::CheckpointEntry { seq: 6 }]);
        let report = shelf.examine(&kept).await;
        assert_eq!(report.findings, [Finding::Surplus { seq: 6 }]);
        // … or changes what one says.
        let body = "UPDATE provenance_entry SET body = REPLACE(body, '120', '999') WHERE seq = 1";
        run(&store, body, params![]).await;
        assert!(shelf.check().await.contains(&Finding::Hash { seq: 1 }));
        // A file of a record that we never had.
        let foreign = kept.replace(&shelf.record.code, "2222222222222222");
        let report = shelf.examine(&foreign).await;
        assert!(report.findings.contains(&Finding::Unknown), "{report:?}");
        assert_eq!(report.verdict(), Verdict::Broken);
    }

    async fn scans_are_counted_by_day(store) {
        let shelf = Shelf::new(&store).await;
        let scan = || {
            let (store, id) = (store.clone(), shelf.record.id);
            async move {
                store
                    .write("scan", id, |tx, id| {
                        Box::pin(async move { scans::count(tx, id).await })
                    })
                    .await
            }
        };
        scan().await.unwrap();
        scan().await.unwrap();
        store.clock().advance(TimeDelta::days(1));
        scan().await.unwrap();
        let today = local_date(store.now());
        let mut conn = store.read().await.unwrap();
        let (days, total) = scans::of_record(&mut conn, shelf.record.id, today, 3).await.unwrap();
        let counts: Vec<i32> = days.iter().map(|(_, scans)| *scans).collect();
        assert_eq!((counts, total), (vec![0, 2, 1], 3));
        let all = scans::of_workshop(&mut conn, shelf.scene.workshop).await.unwrap();
        assert_eq!(all.get(&shelf.record.id), Some(&3));
    }

    async fn other_modules_keep_records_of_their_own_things(store) {
        let scene = Scene::new(&store).await;
        let (workshop, today) = (scene.workshop, local_date(store.now()));
        let id = store
            .write("piece", (workshop, today), |tx, (workshop, today)| {
                Box::pin(async move {
                    let record = open(tx, NewRecord {
                        workshop,
                        kind: RecordKind::Piece,
                        title: vi("Chén của một vị khách"),
                        quantity: None,
                        unit: Localized::default(),
                        made_from: Some(today),
                        made_to: None,
                        materials: vec![],
                        makers: vec![],
                        credentials: vec![],
                        replaces: None,
                        form_key: "piece:1".into(),
                    })
                    .await?;
                    let given = HandedOver { words: vi("Trao cho người làm ra"), on: today };
                    let there = append(tx, record.id, Entry::HandedOver(given)).await?;
                    assert_eq!(there.seq, 2);
                    Ok::<RecordId, ProvenanceError>(record.id)
                })
            })
            .await
            .unwrap();
        let mut conn = store.read().await.unwrap();
        let pieces = of_workshop(&mut conn, workshop, RecordKind::Piece).await.unwrap();
        assert_eq!(pieces.iter().map(|record| record.id).collect::<Vec<_>>(), [id]);
        let found = by_code(&mut conn, &pieces[0].code).await.unwrap();
        assert_eq!(found.unwrap().id, id);
        drop(conn);
        let nobody = RecordId::new(store.now());
        let lost = store
            .write("lost", (nobody, today), |tx, (nobody, on)| {
                Box::pin(async move {
                    let entry = Entry::HandedOver(HandedOver { words: vi("x"), on });
                    append(tx, nobody, entry).await
                })
            })
            .await;
        assert!(matches!(lost, Err(ProvenanceError::Unknown)));
    }
}
