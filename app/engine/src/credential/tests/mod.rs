//! Credentials: what the rules say, and what the verbs do on both databases.

mod search;
mod stories;
mod validity;

use chrono::NaiveDate;

use super::*;
use crate::accounts::{Actor, Person, Role};
use crate::booking::testing::{Scene, run};
use crate::store::Store;
use crate::{CoopId, CredentialId, Locale, MemberId, PersonId, VillageId, params};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A PDF, as far as anybody looks.
fn paper() -> Upload {
    Upload::new("giay.pdf", b"%PDF-1.4\nx".to_vec()).unwrap()
}

fn ocop(stars: &str, decided: &str) -> ClaimInput {
    ClaimInput {
        subject: "Bộ ấm chén".into(),
        stars: stars.into(),
        level: "province".into(),
        number: "04/OCOP".into(),
        decision: "218/QĐ-UBND".into(),
        issuer: "UBND thành phố Hà Nội".into(),
        issued_on: decided.into(),
        ..ClaimInput::default()
    }
}

/// A workshop, its village, and the office. Today is 1 December 2026.
struct House {
    scene: Scene,
    village: VillageId,
    office: Actor,
}

impl House {
    async fn new(store: &Store) -> House {
        let scene = Scene::new(store).await;
        let village = scene.catalogue.workshop(scene.workshop).unwrap().village_id;
        let office = Actor::Person(Person {
            id: PersonId::new(store.now()),
            email: "office@example.com".into(),
            name: "Phòng Kinh tế".into(),
            locale: Locale::Vi,
            admin: true,
            memberships: vec![],
        });
        for (person, workshop) in [(&scene.owner, Some(scene.workshop)), (&office, None)] {
            let Actor::Person(person) = person else { panic!("a person") };
            run(
                store,
                "INSERT INTO person (id, email, name, locale, admin, created_at) \
                 VALUES ($1, $2, 'Ông Lâm', 'vi', $3, $4)",
                params![person.id, person.id.to_string(), person.admin, store.now()],
            )
            .await;
            if let Some(workshop) = workshop {
                run(
                    store,
                    "INSERT INTO membership (person_id, workshop_id, role) VALUES ($1, $2, $3)",
                    params![person.id, workshop, Role::Owner],
                )
                .await;
            }
        }
        House { scene, village, office }
    }

    fn store(&self) -> &Store {
        &self.scene.store
    }

    fn seat(&self) -> Seat {
        Seat::Workshop(self.scene.workshop)
    }

    fn claim(&self, kind: Kind, seat: Seat, input: &ClaimInput) -> Claim {
        let today = crate::clock::local_date(self.store().now());
        Claim::parse(kind, seat, input, today).unwrap()
    }

    async fn enters(&self, actor: &Actor, claim: Claim) -> Result<CredentialId, CredentialError> {
        let command = Enter {
            actor: actor.clone(),
            claim,
            papers: vec![paper()],
            form_key: uuid::Uuid::now_v7().to_string(),
        };
        self.store().write("enter", command, |tx, c| Box::pin(enter(tx, c))).await
    }

    async fn decides(
        &self,
        actor: &Actor,
        credential: CredentialId,
        decision: Decision,
    ) -> Result<(), CredentialError> {
        let version = self.again(credential).await.version;
        let command = Decide { actor: actor.clone(), credential, version, decision };
        self.store().write("decide", command, |tx, c| Box::pin(decide(tx, c))).await
    }

    /// Entered by the owner, verified by the office.
    async fn has(&self, kind: Kind, seat: Seat, input: &ClaimInput) -> CredentialId {
        let claim = self.claim(kind, seat, input);
        let actor = match seat {
            Seat::Village(_) => &self.office,
            Seat::Coop(_) | Seat::Workshop(_) => &self.scene.owner,
        };
        let id = self.enters(actor, claim).await.unwrap();
        self.decides(&self.office, id, Decision::Verify).await.unwrap();
        id
    }

    async fn changes(
        &self,
        actor: &Actor,
        credential: CredentialId,
        claim: Claim,
    ) -> Result<(), CredentialError> {
        let command = Change { actor: actor.clone(), credential, claim };
        self.store().write("change", command, |tx, c| Box::pin(change(tx, c))).await
    }

    async fn again(&self, id: CredentialId) -> Credential {
        find(&mut self.store().read().await.unwrap(), &Actor::System, id).await.unwrap()
    }

    /// Titles of what visitors see of the workshop on a day.
    async fn seen(&self, today: &str) -> Vec<String> {
        let holder = Holder::Workshop(self.scene.workshop);
        let mut conn = self.store().read().await.unwrap();
        let shown = shown(&mut conn, &holder, day(today)).await.unwrap();
        shown.into_iter().map(|it| it.title.text(Locale::Vi).to_owned()).collect()
    }

    async fn count(&self, sql: &'static str) -> i64 {
        let mut conn = self.store().read().await.unwrap();
        conn.fetch_one::<(i64,)>(sql, vec![]).await.unwrap().0
    }

    /// A co-op that the workshop manages.
    async fn coop(&self) -> CoopId {
        let coop = CoopId::new(self.store().now());
        run(
            self.store(),
            "INSERT INTO coop (id, slug, village_id, form, name, summary, story, phone, email, \
             created_at) VALUES ($1, $2, $3, 'group', 'Ven Sông', $4, $4, '', '', $5)",
            params![
                coop,
                coop.to_string(),
                self.village,
                *r#"{"vi":"","en":""}"#,
                self.store().now()
            ],
        )
        .await;
        self.joins(coop, self.scene.workshop, "manager").await;
        coop
    }

    async fn joins(&self, coop: CoopId, workshop: crate::WorkshopId, role: &'static str) {
        run(
            self.store(),
            "INSERT INTO coop_member (id, coop_id, workshop_id, role, state, invited_at, \
             joined_at) VALUES ($1, $2, $3, $4, 'active', $5, $5)",
            params![MemberId::new(self.store().now()), coop, workshop, *role, self.store().now()],
        )
        .await;
    }
}

fn mark() -> ClaimInput {
    ClaimInput {
        subject: "Gốm Ven Sông".into(),
        number: "4-0001".into(),
        filed_on: "2024-03-01".into(),
        issued_on: "2025-06-01".into(),
        ..ClaimInput::default()
    }
}

fn licence(mark: CredentialId) -> ClaimInput {
    ClaimInput {
        mark: mark.to_string(),
        number: "01/2026".into(),
        issued_on: "2026-01-01".into(),
        until: "2027-12-31".into(),
        ..ClaimInput::default()
    }
}
