//! Guests who book by HTTP: seats held, details filled in, confirmed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hyper::StatusCode;
use tokio::task::JoinSet;

use crate::Result;
use crate::client::Client;
use crate::load::Measured;
use crate::scene::{Offer, Scene};

/// Books the whole way; answers the address of the confirmed booking, or None when the slot is full.
pub async fn book(client: &mut Client, offer: &Offer, people: u32) -> Result<Option<String>> {
    let key = uuid::Uuid::from_u128(random());
    let form = format!("{}={people}&form_key={key}", offer.adult);
    let held = client.post(&format!("/en/book/{}", offer.slot), form).await?;
    if held.status == StatusCode::UNPROCESSABLE_ENTITY {
        return Ok(None);
    }
    expect(&held, "/details", "hold")?;
    let details = format!(
        "name=Nguy%E1%BB%85n+Th%E1%BB%8B+Hoa&email=hoa-{}%40example.com&phone=&notes={}",
        key.simple(),
        offer.answers
    );
    let filled = client.post(&held.location, details).await?;
    expect(&filled, "/review", "details")?;
    let done = client.post(&filled.location, String::new()).await?;
    expect(&done, "?done=1", "confirm")?;
    Ok(Some(done.location))
}

fn expect(answer: &crate::client::Answer, end: &str, step: &str) -> Result<()> {
    if answer.status == StatusCode::SEE_OTHER && answer.location.ends_with(end) {
        return Ok(());
    }
    Err(format!("{step} answered {} {:?}", answer.status, answer.location).into())
}

/// Form keys need to differ, not to be secret here.
fn random() -> u128 {
    uuid::Uuid::now_v7().as_u128().rotate_left(64) ^ uuid::Uuid::now_v7().as_u128()
}

/// Parties of two in slots all over the catalogue, until time is up.
pub async fn many_slots(
    address: &str,
    scene: &Scene,
    clients: usize,
    time: Duration,
) -> Result<Measured> {
    let offers: Arc<[Offer]> = scene.offers.clone().into();
    let next = Arc::new(AtomicUsize::new(0));
    let begun = Instant::now();
    let end = begun + time;
    let latencies = all(address, clients, move |mut client| {
        let (offers, next) = (Arc::clone(&offers), Arc::clone(&next));
        async move {
            let mut latencies = Vec::new();
            while Instant::now() < end {
                let Some(offer) = offers.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
                let begun = Instant::now();
                if book(&mut client, offer, 2).await?.is_some() {
                    latencies.push(begun.elapsed());
                }
            }
            Ok(latencies)
        }
    })
    .await?;
    Ok(Measured::of(latencies, begun.elapsed()))
}

/// Everybody wants the same slot, until it is full.
pub async fn one_slot(address: &str, scene: &Scene, clients: usize) -> Result<Measured> {
    let begun = Instant::now();
    let one = scene.one.clone();
    let latencies = all(address, clients, move |mut client| {
        let one = one.clone();
        async move {
            let mut latencies = Vec::new();
            loop {
                let begun = Instant::now();
                if book(&mut client, &one, 1).await?.is_none() {
                    return Ok(latencies);
                }
                latencies.push(begun.elapsed());
            }
        }
    })
    .await?;
    Ok(Measured::of(latencies, begun.elapsed()))
}

/// Everybody wants one of several slots, until none takes anybody any more.
pub async fn several_slots(address: &str, offers: &[Offer], clients: usize) -> Result<Measured> {
    let begun = Instant::now();
    let offers: Arc<[Offer]> = offers.into();
    let latencies = all(address, clients, move |mut client| {
        let offers = Arc::clone(&offers);
        async move {
            let mut latencies = Vec::new();
            let mut refused = 0;
            for offer in offers.iter().cycle() {
                if refused == offers.len() {
                    break;
                }
                let begun = Instant::now();
                if book(&mut client, offer, 1).await?.is_some() {
                    latencies.push(begun.elapsed());
                    refused = 0;
                } else {
                    refused += 1;
                }
            }
            Ok(latencies)
        }
    })
    .await?;
    Ok(Measured::of(latencies, begun.elapsed()))
}

async fn all<F>(address: &str, clients: usize, work: impl Fn(Client) -> F) -> Result<Vec<Duration>>
where
    F: Future<Output = Result<Vec<Duration>>> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for _ in 0..clients {
        tasks.spawn(work(Client::connect(address).await?));
    }
    let mut latencies = Vec::new();
    while let Some(done) = tasks.join_next().await {
        latencies.extend(done??);
    }
    Ok(latencies)
}
