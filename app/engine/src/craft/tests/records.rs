//! What vouches for pieces: each one's record, whatever becomes of it.

use std::sync::Arc;

use super::*;
use crate::booking::testing::run;
use crate::both_dbs;
use crate::catalogue::photos::{self, Prepared};
use crate::params;
use crate::privacy::{AskLink, Erase, Erased, ask_link, erase};
use crate::provenance::verify::{Finding, check, own, read};
use crate::provenance::{Entry, EntryKind, Line, Record, keys};
use crate::{Locale, provenance};

impl House {
    async fn record(&self, piece: &Piece) -> Record {
        let mut conn = self.store().read().await.unwrap();
        provenance::by_id(&mut conn, piece.record_id.unwrap()).await.unwrap().unwrap()
    }

    async fn story(&self, piece: &Piece) -> Vec<Line> {
        let mut conn = self.store().read().await.unwrap();
        provenance::story(&mut conn, piece.record_id.unwrap()).await.unwrap()
    }

    async fn told(&self, piece: &Piece) -> Vec<EntryKind> {
        self.story(piece).await.iter().map(|line| line.entry.kind()).collect()
    }

    /// A piece's record as anybody gets it.
    async fn file(&self, piece: &Piece) -> String {
        let record = self.record(piece).await;
        let mut conn = self.store().read().await.unwrap();
        provenance::export(&mut conn, &record).await.unwrap().text().unwrap()
    }

    /// What is wrong with a file.
    async fn faults(&self, text: &str) -> Vec<Finding> {
        let keys = keys::all(&mut self.store().read().await.unwrap()).await.unwrap().keys;
        check(&read(text).unwrap(), &keys)
    }

    /// How often the key has signed.
    async fn signed(&self) -> i64 {
        let mut conn = self.store().read().await.unwrap();
        let sql = "SELECT signed FROM provenance_key WHERE retired_at IS NULL";
        conn.fetch_one::<(i64,)>(sql, vec![]).await.unwrap().0
    }
}

both_dbs! {
    async fn a_record_tells_of_each_step_and_of_the_crack(store) {
        use EntryKind::{Correction, HandedOver, Material, Opened, Photo, Step, Withdrawn};
        let house = House::new(&store, 100).await;
        let (_, pieces) = house.made(2).await;
        assert_ne!(pieces[0].record_id, pieces[1].record_id);
        assert_eq!(house.told(&pieces[0]).await, [Opened, Material, Step]);
        house.moves(&pieces, Deed::Next).await.unwrap();
        house.moves(&pieces[..1], Deed::Back).await.unwrap();
        house.moves(&pieces[..1], Deed::Next).await.unwrap();
        let story = house.story(&pieces[0]).await;
        assert_eq!(story[3].corrected_by, [5], "drying was not over, after all");
        let Entry::Opened(opened) = &story[0].entry else { panic!("{story:?}") };
        assert_eq!((opened.quantity, opened.replaces), (None, None));
        assert!(opened.title.vi.contains(&pieces[0].label), "{:?}", opened.title);

        // A load: one whole, one cracked. What is planned is not told; what is photographed is.
        let load = house.plans(&house.scene, &house.all(&pieces).await, StepKind::BisqueFiring, 4).await.unwrap();
        assert_eq!(house.told(&pieces[1]).await.len(), 4);
        house.fires(load.id, &[pieces[1].id]).await.unwrap();
        let copy = photos::Copy { width: 480, jpeg: vec![0xff, 0xd8] };
        let photo = Arc::new(Prepared { width: 480, height: 320, copies: vec![copy] });
        let note = AddNote {
            actor: house.scene.staff.clone(),
            piece: pieces[0].id,
            photo: Some(photo),
            note: "Bà Sáu khen".into(),
        };
        store.write("note", note, |tx, c| Box::pin(add_note(tx, c))).await.unwrap();
        let story = house.story(&pieces[0]).await;
        let Entry::Step(fired) = &story[6].entry else { panic!("{story:?}") };
        assert!(fired.words.vi.starts_with("Nung mộc trong "), "{:?}", fired.words);
        let picture = story[7].entry.picture().unwrap().sha256;
        let mut conn = store.read().await.unwrap();
        let (_, bytes) = provenance::photos::file(&mut conn, &picture).await.unwrap().unwrap();
        assert_eq!(bytes, [0xff, 0xd8]);
        drop(conn);

        let cracked = house.again(&pieces[1]).await;
        let record = house.record(&cracked).await;
        assert!(!record.is_live() && record.withdrawn_reason.vi.contains("nứt"));
        assert_eq!(house.told(&cracked).await, [Opened, Material, Step, Step, Withdrawn]);
        house.chooses(&cracked, Choice::New).await.unwrap();
        assert_eq!(house.record(&cracked).await, record, "a choice is none of its business");
        let mut conn = store.read().await.unwrap();
        let made = made_for(&mut conn, cracked.id).await.unwrap().unwrap();
        let found = by_record(&mut conn, made.record_id.unwrap()).await.unwrap().unwrap();
        assert_eq!(found.id, made.id);
        drop(conn);
        let story = house.story(&made).await;
        let Entry::Opened(opened) = &story[0].entry else { panic!("{story:?}") };
        let replaces = opened.replaces.unwrap();
        assert_eq!((replaces.record, Some(replaces.head)), (record.id, record.head_hash));
        let Entry::Step(first) = &story[2].entry else { panic!("{story:?}") };
        assert!(first.words.vi.contains(&cracked.label), "{:?}", first.words);

        // The whole one goes all the way, and home.
        house.moves(&pieces[..1], Deed::Next).await.unwrap();
        let load = house.plans(&house.scene, &house.all(&pieces[..1]).await, StepKind::GlazeFiring, 4).await.unwrap();
        house.fires(load.id, &[]).await.unwrap();
        house.moves(&pieces[..1], Deed::Collect).await.unwrap();
        assert_eq!(
            house.told(&pieces[0]).await,
            [Opened, Material, Step, Step, Correction, Step, Step, Photo, Step, Step, HandedOver]
        );
        for (piece, faults) in [(&pieces[0], vec![]), (&cracked, vec![Finding::Withdrawn]), (&made, vec![])] {
            let text = house.file(piece).await;
            assert_eq!(house.faults(&text).await, faults, "{}", piece.label);
            assert!(!text.contains("Bà Sáu") && !text.contains("Nguyễn Thị Hoa"), "{text}");
        }
    }

    async fn what_is_changed_in_a_record_is_found(store) {
        let house = House::new(&store, 100).await;
        let (_, pieces) = house.made(1).await;
        house.moves(&pieces, Deed::Next).await.unwrap();
        let text = house.file(&pieces[0]).await;
        assert_eq!(house.faults(&text).await, []);
        let changed = text.replace("Phơi khô", "Phơi nắng");
        assert_ne!(changed, text);
        assert_eq!(house.faults(&changed).await, [Finding::Hash { seq: 4 }]);
        let record = house.record(&pieces[0]).await;
        // Nor does it help to have the database's password.
        let sql = "UPDATE provenance_entry SET body = REPLACE(body, 'Phơi khô', 'Phơi nắng') WHERE record_id = $1";
        run(&store, sql, params![record.id]).await;
        let mut conn = store.read().await.unwrap();
        let found = own(&mut conn, &record).await.unwrap();
        assert_eq!(found, [Finding::Hash { seq: 4 }]);
    }

    async fn a_load_of_sixty_is_told_at_once(store) {
        let house = House::new(&store, 200).await;
        let booking = house.here(&house.scene, 2).await;
        let pieces = house.registers(&house.scene, &booking, 60).await;
        let before = house.signed().await;
        assert_eq!(house.moves(&pieces, Deed::Next).await.unwrap(), 60);
        let load = house.plans(&house.scene, &house.all(&pieces).await, StepKind::BisqueFiring, 4).await.unwrap();
        let broken = [pieces[7].id, pieces[41].id];
        house.fires(load.id, &broken).await.unwrap();
        assert_eq!(house.signed().await - before, 2, "once for all that dried, once for the load");
        for piece in &pieces {
            let faults = house.faults(&house.file(piece).await).await;
            let ends = if broken.contains(&piece.id) { vec![Finding::Withdrawn] } else { vec![] };
            assert_eq!(faults, ends, "{}", piece.label);
            assert_eq!(house.told(piece).await.len(), 5, "{}", piece.label);
        }
        assert_eq!(house.all(&pieces).await.iter().filter(|it| it.done == 2).count(), 58);
    }

    async fn what_goes_home_at_once_has_a_record(store) {
        use EntryKind::{HandedOver, Opened, Step};
        let house = House::new(&store, 100).await;
        house.makes(&house.scene, "at_once", vec![]).await.unwrap();
        let (_, pieces) = house.made(1).await;
        let told = house.told(&pieces[0]).await;
        assert_eq!([told[0], told[told.len() - 2], told[told.len() - 1]], [Opened, Step, HandedOver]);
        assert_eq!(house.faults(&house.file(&pieces[0]).await).await, []);
    }

    async fn forgetting_a_guest_leaves_the_record_true(store) {
        let house = House::new(&store, 100).await;
        let booking = house.here(&house.scene, 1).await;
        let register_it = Register {
            actor: house.scene.staff.clone(),
            booking: booking.id,
            pieces: vec![NewPiece { name: "Cốc của Zyxwia".into(), ..NewPiece::default() }],
            form_key: Uuid::now_v7().to_string(),
        };
        let pieces = store.write("register", register_it, |tx, c| Box::pin(register(tx, c))).await.unwrap();
        house.finishes(&pieces).await;
        house.moves(&pieces, Deed::Collect).await.unwrap();
        let before = house.file(&pieces[0]).await;
        assert!(!before.contains("Zyxwia"));
        store.clock().advance(TimeDelta::days(2));
        let ask = AskLink { email: "hoa@example.com".parse().unwrap(), locale: Locale::Vi };
        store.write("ask", ask, |tx, c| Box::pin(ask_link(tx, c))).await.unwrap();
        let mut conn = store.read().await.unwrap();
        let sql = "SELECT payload FROM outbox WHERE kind = $1";
        let (payload,): (String,) = conn.fetch_one(sql, params![Letter::MyData]).await.unwrap();
        drop(conn);
        let payload: serde_json::Value = serde_json::from_str(&payload).unwrap();
        let erase_it = Erase { token: payload["token"].as_str().unwrap().to_owned() };
        let done = store.write("erase", erase_it, |tx, c| Box::pin(erase(tx, c))).await.unwrap();
        assert_eq!(done, Erased { done: 1, kept: 0 });
        assert_eq!(house.again(&pieces[0]).await.name, "");
        assert_eq!(house.file(&pieces[0]).await, before);
        assert_eq!(house.faults(&before).await, []);
    }
}
