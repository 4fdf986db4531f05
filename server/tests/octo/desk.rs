//! A running server, a workshop with a contract, and a client with its keys.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bench::client::Client;
use bench::server::{self, Server};
use chrono::{Duration, NaiveDate};
use engine::accounts::Actor;
use engine::catalogue::{Catalogue, CatalogueCache, Policy, Sharing, UnitKind};
use engine::clock::{Clock, local_date};
use engine::reseller::{
    ContractData, ContractInput, Invite, KeyMode, MakeKey, ResellerData, ResellerInput, invite,
    make_key,
};
use engine::schedule::{Slot, slots};
use engine::store::testing::fresh_url;
use engine::store::{Kind, Store};
use engine::{ContractId, Locale, WorkshopId, params};
use serde_json::Value;

pub const BINARY: &str = env!("CARGO_BIN_EXE_langnghe");

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    folder
}

/// What there is to sell: a shared tour with adults and children, and empty departures of one option.
pub struct Desk {
    pub server: Server,
    pub store: Store,
    pub catalogue: Arc<Catalogue>,
    pub workshop: WorkshopId,
    pub product: String,
    pub option: String,
    /// Empty, far enough ahead, of the same option.
    pub slots: Vec<Slot>,
}

impl Desk {
    pub async fn open(name: &str, kind: Kind) -> Option<Self> {
        let url = fresh_url(kind).await?;
        let folder = folder(&format!("octo-{name}-{kind:?}"));
        server::seed(Path::new(BINARY), &folder, &url).unwrap();
        let server = Server::start(Path::new(BINARY), &folder, &url).unwrap();
        let store = Store::open(&url.parse().unwrap(), Clock::System).await.unwrap();
        let catalogue = CatalogueCache::new(store.clone()).get().await.unwrap();
        let today = local_date(store.now());
        let (first, last) = (today + Duration::days(12), today + Duration::days(80));
        let mut conn = store.read().await.unwrap();
        let mut found = None;
        for tour in catalogue.published() {
            let fits = tour.sharing == Sharing::Shared
                && tour.course.is_none()
                && tour.min_party == 1
                && tour.policy != Policy::Strict
                && tour.max_party >= 4;
            if !fits {
                continue;
            }
            for option in tour.open_options() {
                let has = |kind| option.open_units().any(|unit| unit.kind == kind);
                if !has(UnitKind::Adult) || !has(UnitKind::Child) {
                    continue;
                }
                let mut all = slots::of_tour(&mut conn, tour.id, first, last).await.unwrap();
                all.retain(|slot| {
                    slot.option_id == option.id
                        && slot.taken == 0
                        && slot.room.is_none()
                        && slot.capacity >= 6
                });
                if all.len() >= 3 {
                    found = Some((tour, option.slug.clone(), all));
                    break;
                }
            }
            if found.is_some() {
                break;
            }
        }
        drop(conn);
        let (tour, option, slots) = found.unwrap();
        let (workshop, product) = (tour.workshop_id, tour.slug.clone());
        Some(Self { server, store, catalogue, workshop, product, option, slots })
    }

    pub async fn contract(&self, name: &str) -> ContractId {
        let input = ContractInput { percent_off: "20".into(), ..ContractInput::default() };
        let today = local_date(self.store.now());
        let company = ResellerInput {
            name: name.into(),
            email: format!("{}@example.com", name.to_lowercase()),
            ..ResellerInput::default()
        };
        let command = Invite {
            actor: Actor::System,
            workshop: self.workshop,
            company: ResellerData::parse(&company).unwrap(),
            contract: ContractData::parse(&input, &self.catalogue, self.workshop, today).unwrap(),
            locale: Locale::Vi,
        };
        self.store.write("invite", command, |tx, c| Box::pin(invite(tx, c))).await.unwrap()
    }

    pub async fn key(&self, contract: ContractId, mode: KeyMode) -> String {
        let command = MakeKey { actor: Actor::System, contract, mode, label: String::new() };
        self.store.write("key", command, |tx, c| Box::pin(make_key(tx, c))).await.unwrap().key
    }

    pub async fn client(&self, key: &str) -> Octo {
        let http = Client::connect(&self.server.address).await.unwrap();
        Octo { http, key: key.to_owned(), headers: Vec::new() }
    }

    /// Holds run out now.
    pub async fn run_out(&self) {
        let past = self.store.now() - Duration::seconds(1);
        self.store
            .write("shorten", past, |tx, past| {
                Box::pin(async move {
                    let sql = "UPDATE booking SET until = $1 WHERE state = 'held'";
                    tx.execute(sql, params![past]).await
                })
            })
            .await
            .unwrap();
    }

    /// What the worker does each minute, now: its own hour would fall between two counts of seats.
    pub async fn sweep(&self) {
        self.store
            .write("sweep", (), |tx, ()| Box::pin(engine::booking::expire_due(tx)))
            .await
            .unwrap();
    }

    pub async fn seats(&self, slot: &Slot) -> i32 {
        let mut conn = self.store.read().await.unwrap();
        slots::find(&mut conn, slot.id).await.unwrap().unwrap().taken
    }

    pub fn day(&self, at: usize) -> NaiveDate {
        self.slots[at].local_date
    }

    pub async fn close(self) {
        self.server.stop().unwrap();
        self.store.close().await;
    }
}

/// The client of a company.
pub struct Octo {
    http: Client,
    pub key: String,
    pub headers: Vec<(&'static str, &'static str)>,
}

/// An answer as a client sees it.
pub struct Answer {
    pub status: u16,
    pub body: Value,
    pub capabilities: Option<String>,
    pub language: Option<String>,
}

impl Octo {
    pub async fn call(&mut self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let method = method.parse().unwrap();
        let json = body.map(ToString::to_string);
        self.send(method, path, json).await
    }

    pub async fn send(
        &mut self,
        method: hyper::Method,
        path: &str,
        json: Option<String>,
    ) -> Answer {
        let answer = self.http.call(method, path, &self.headers, &self.key, json).await.unwrap();
        let header = |name: &str| {
            answer.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        Answer {
            status: answer.status.as_u16(),
            body: serde_json::from_slice(&answer.body).unwrap_or_default(),
            capabilities: header("octo-capabilities"),
            language: header("content-language"),
        }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.call("GET", path, None).await
    }

    pub async fn post(&mut self, path: &str, body: Value) -> Answer {
        self.call("POST", path, Some(&body)).await
    }

    /// What must go well.
    pub async fn made(&mut self, path: &str, body: Value) -> Value {
        let answer = self.post(path, body).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.body
    }

    /// What must be refused, by this code.
    pub async fn refused(&mut self, path: &str, body: Value, code: &str) -> Value {
        let answer = self.post(path, body).await;
        assert_eq!(answer.status, 400, "{path}: {}", answer.body);
        assert_eq!(answer.body["error"], code, "{path}: {}", answer.body);
        assert!(answer.body["errorMessage"].as_str().is_some_and(|words| !words.is_empty()));
        answer.body
    }
}
