//! The real binary under load, and killed in the middle of it.

#![expect(clippy::unwrap_used, reason = "a test stops where something is missing")]

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bench::bookings::{book, one_slot, several_slots};
use bench::client::Client;
use bench::scene::Scene;
use bench::server::{self, Server};
use engine::booking::{StateKind, query};
use engine::params;
use engine::store::Kind;
use engine::store::testing::fresh_url;

const BINARY: &str = env!("CARGO_BIN_EXE_langnghe");

/// Longer than anything takes on a machine that works.
const STUCK: Duration = Duration::from_mins(5);

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    folder
}

/// 200 guests want a slot of 12 at the same instant: 12 get it, 188 are told that it is full.
async fn sells_twelve(kind: Kind) {
    let Some(url) = fresh_url(kind).await else { return };
    let folder = folder(&format!("twelve-{kind:?}"));
    server::seed(Path::new(BINARY), &folder, &url).unwrap();
    let scene = Scene::open(&url, 12).await.unwrap();
    let server = Server::start(Path::new(BINARY), &folder, &url).unwrap();
    let sold = one_slot(&server.address, &scene, 200).await.unwrap();
    assert_eq!(sold.count, 12);
    scene.check(12, 12).await.unwrap();
    server.stop().unwrap();
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_clients_buy_twelve_seats_on_sqlite() {
    sells_twelve(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_clients_buy_twelve_seats_on_postgres() {
    sells_twelve(Kind::Postgres).await;
}

/// 100 guests want departures of one day that share wheels and kilns: they are sold as far as the
/// resources reach and not beyond.
async fn shares_the_wheels(kind: Kind) {
    let Some(url) = fresh_url(kind).await else { return };
    let folder = folder(&format!("wheels-{kind:?}"));
    server::seed(Path::new(BINARY), &folder, &url).unwrap();
    let scene = Scene::open(&url, 12).await.unwrap();
    let server = Server::start(Path::new(BINARY), &folder, &url).unwrap();
    let sold = several_slots(&server.address, &scene.shared, 100).await.unwrap();
    assert!(sold.count > 0);
    scene.check_seats().await.unwrap();
    scene.check_resources().await.unwrap();
    server.stop().unwrap();
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_clients_share_wheels_and_kilns_on_sqlite() {
    shares_the_wheels(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_clients_share_wheels_and_kilns_on_postgres() {
    shares_the_wheels(Kind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_confirmed_is_lost_when_the_server_is_killed() {
    let url = fresh_url(Kind::Sqlite).await.unwrap();
    let folder = folder("killed");
    server::seed(Path::new(BINARY), &folder, &url).unwrap();
    let scene = Scene::open(&url, 5000).await.unwrap();
    let server = Server::start(Path::new(BINARY), &folder, &url).unwrap();

    // Guests book until their connection breaks; each notes what was answered as confirmed.
    let confirmed = Arc::new(Mutex::new(Vec::new()));
    let mut guests = tokio::task::JoinSet::new();
    for at in 0..32 {
        let mut client = Client::connect(&server.address).await.unwrap();
        let (offers, confirmed) = (scene.offers.clone(), Arc::clone(&confirmed));
        guests.spawn(async move {
            for offer in offers.iter().skip(at).step_by(32) {
                match book(&mut client, offer, 2).await {
                    Ok(Some(address)) => confirmed.lock().unwrap().push(address),
                    Ok(None) => {}
                    Err(_) => return,
                }
            }
        });
    }
    let begun = Instant::now();
    while confirmed.lock().unwrap().len() < 100 {
        assert!(begun.elapsed() < STUCK, "nobody can book");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    server.kill().unwrap();
    while guests.join_next().await.is_some() {}
    let confirmed = std::mem::take(&mut *confirmed.lock().unwrap());

    // Holds that the guests left behind run out soon, some while no server is there.
    let until = scene.store.now() + chrono::TimeDelta::seconds(3);
    scene
        .store
        .write("shorten", until, |tx, until| {
            Box::pin(async move {
                let sql = "UPDATE booking SET until = $1 WHERE state = 'held'";
                tx.execute(sql, params![until]).await
            })
        })
        .await
        .unwrap();

    let server = Server::start(Path::new(BINARY), &folder, &url).unwrap();
    let mut conn = scene.store.read().await.unwrap();
    for address in &confirmed {
        let code = address.split('/').nth(3).unwrap();
        let booking = query::by_code(&mut conn, code).await.unwrap();
        let state = booking.map(|booking| booking.state.kind());
        assert_eq!(state, Some(StateKind::Confirmed), "{code}");
    }
    scene.check_seats().await.unwrap();

    // The worker looks every few seconds, once a machine that is busy lets it.
    let (begun, mut held) = (Instant::now(), i64::MAX);
    while held > 0 && begun.elapsed() < STUCK {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let sql = "SELECT COUNT(*) FROM booking WHERE state = 'held' AND until <= $1";
        (held,) = conn.fetch_one::<(i64,)>(sql, params![until]).await.unwrap();
    }
    assert_eq!(held, 0, "seats are still kept");
    scene.check_seats().await.unwrap();
    drop(conn);
    // A page still sells what is left.
    let mut client = Client::connect(&server.address).await.unwrap();
    assert!(book(&mut client, &scene.one, 1).await.unwrap().is_some());
    server.stop().unwrap();
    scene.close().await;
}
