//! Records, told as stories and tried with mutations.

mod append_only;
mod mutations;
mod stories;

use uuid::Uuid;

use super::verify::{Finding, check, read};
use super::*;
use crate::accounts::Actor;
use crate::booking::testing::{Scene, run};
use crate::clock::local_date;
use crate::store::Store;
use crate::{CredentialId, Localized, RecordId, WorkshopId, params};

fn vi(text: &str) -> Localized {
    Localized { vi: text.into(), en: String::new() }
}

/// Stars of a product that the office has verified, with their last day.
async fn stars(store: &Store, workshop: WorkshopId, until: &str) -> CredentialId {
    let id = CredentialId::new(store.now());
    let until: chrono::NaiveDate = until.parse().unwrap();
    run(
        store,
        "INSERT INTO credential (id, form_key, kind, workshop_id, subject, owner, stars, level, \
         number, decision, issuer, renewals, issued_on, valid_until, state, reason, version, \
         created_at, claimed_at) VALUES ($1, $2, 'ocop', $3, 'Bát men ngọc', '', 4, 'province', \
         '04-218/OCOP', '12/QĐ-UBND', 'UBND thành phố Hà Nội', 0, $4, $5, 'verified', '', 1, $6, $6)",
        params![
            id,
            id.to_string(),
            workshop,
            until - chrono::TimeDelta::days(1095),
            until,
            store.now()
        ],
    )
    .await;
    id
}

fn lot() -> LotInput {
    LotInput {
        title: Localized { vi: "Bát men ngọc".into(), en: "Celadon bowls".into() },
        quantity: "120".into(),
        unit: Localized { vi: "chiếc".into(), en: "pieces".into() },
        made_from: "2026-11-02".into(),
        made_to: "2026-11-20".into(),
        materials: vec![(vi("Cao lanh"), vi("Trúc Thôn, Hải Dương"))],
        makers: "Nguyễn Thị Vân\nLê Văn Hải".into(),
        consent: true,
        certificate: String::new(),
    }
}

/// A workshop with a lot.
struct Shelf {
    scene: Scene,
    record: Record,
    /// Of the lot.
    stars: CredentialId,
}

impl Shelf {
    async fn new(store: &Store) -> Shelf {
        let scene = Scene::new(store).await;
        let stars = stars(store, scene.workshop, "2028-03-20").await;
        let input = LotInput { certificate: stars.to_string(), ..lot() };
        let data = LotData::parse(&input, local_date(store.now())).unwrap();
        let open = OpenLot {
            actor: scene.owner.clone(),
            workshop: scene.workshop,
            data,
            form_key: Uuid::now_v7().to_string(),
        };
        let again = open.clone();
        let record = store.write("open", open, |tx, c| Box::pin(open_lot(tx, c))).await.unwrap();
        let same = store.write("open", again, |tx, c| Box::pin(open_lot(tx, c))).await.unwrap();
        assert_eq!(record, same, "the same form is the same lot");
        Shelf { scene, record, stars }
    }

    fn store(&self) -> &Store {
        &self.scene.store
    }

    async fn adds(
        &self,
        actor: &Actor,
        kind: AddKind,
        words: &str,
    ) -> Result<u32, ProvenanceError> {
        let today = local_date(self.store().now());
        let input = AddInput {
            words: vi(words),
            origin: vi("Hà Nội"),
            date: today.to_string(),
            of: "2".into(),
            name: words.into(),
            consent: true,
            certificate: self.stars.to_string(),
        };
        let add_it = Add {
            actor: actor.clone(),
            record: self.record.id,
            kind,
            data: AddData::parse(kind, &input, today).unwrap(),
            photo: None,
            form_key: Uuid::now_v7().to_string(),
        };
        self.store().write("add", add_it, |tx, c| Box::pin(add(tx, c))).await
    }

    async fn step(&self, words: &str) -> u32 {
        self.adds(&self.scene.staff, AddKind::Step, words).await.unwrap()
    }

    async fn withdraws(&self, actor: &Actor, reason: &str) -> Result<Record, ProvenanceError> {
        let command = Withdraw { actor: actor.clone(), record: self.record.id, reason: vi(reason) };
        self.store().write("withdraw", command, |tx, c| Box::pin(withdraw(tx, c))).await
    }

    async fn export(&self) -> Export {
        let mut conn = self.store().read().await.unwrap();
        let record = by_id(&mut conn, self.record.id).await.unwrap().unwrap();
        export(&mut conn, &record).await.unwrap()
    }

    async fn keys(&self) -> Vec<keys::PublicKey> {
        keys::all(&mut self.store().read().await.unwrap()).await.unwrap().keys
    }

    /// What is wrong with our own file, now.
    async fn check(&self) -> Vec<Finding> {
        let text = self.export().await.text().unwrap();
        check(&read(&text).unwrap(), &self.keys().await)
    }

    async fn examine(&self, text: &str) -> verify::Report {
        let mut conn = self.store().read().await.unwrap();
        verify::examine(&mut conn, text).await.unwrap()
    }

    async fn checkpoint(&self) -> usize {
        let write = self.store().write("checkpoint", (), |tx, ()| {
            Box::pin(async move { checkpoint::write_due(tx).await })
        });
        write.await.unwrap()
    }

    async fn rotates(&self) -> String {
        let rotate = self
            .store()
            .write("rotate", (), |tx, ()| Box::pin(async move { keys::rotate(tx, None).await }));
        rotate.await.unwrap()
    }

    async fn story(&self) -> Vec<Line> {
        story(&mut self.store().read().await.unwrap(), self.record.id).await.unwrap()
    }
}
