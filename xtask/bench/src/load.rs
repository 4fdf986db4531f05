//! Clients that ask again as soon as they are answered.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::Result;
use crate::client::Client;

#[derive(Debug, Default)]
pub struct Measured {
    pub count: u64,
    pub took: Duration,
    /// How long each answer took, sorted.
    pub latencies: Vec<Duration>,
}

impl Measured {
    pub fn of(mut latencies: Vec<Duration>, took: Duration) -> Self {
        latencies.sort_unstable();
        Self { count: latencies.len() as u64, took, latencies }
    }

    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    pub fn a_second(&self) -> f64 {
        self.count as f64 / self.took.as_secs_f64()
    }

    /// Milliseconds within which this share of the answers came.
    pub fn percentile(&self, percent: usize) -> f64 {
        let at = (self.latencies.len() * percent / 100).min(self.latencies.len().saturating_sub(1));
        self.latencies.get(at).map_or(0.0, |latency| latency.as_secs_f64() * 1000.0)
    }
}

/// Asks for one page, after a second to warm up.
pub async fn page(
    address: &str,
    path: &str,
    cookie: Option<&str>,
    clients: usize,
    time: Duration,
) -> Result<Measured> {
    let begin = Instant::now() + Duration::from_secs(1);
    let end = begin + time;
    let mut tasks = JoinSet::new();
    for _ in 0..clients {
        let mut client = Client::connect(address).await?;
        let (path, cookie) = (path.to_owned(), cookie.map(str::to_owned));
        tasks.spawn(async move {
            let mut latencies = Vec::new();
            loop {
                let asked = Instant::now();
                if asked >= end {
                    return Result::Ok(latencies);
                }
                let answer = client.get(&path, "br", cookie.as_deref()).await?;
                if !answer.status.is_success() {
                    return Err(format!("{path} answered {}", answer.status).into());
                }
                if asked >= begin {
                    latencies.push(asked.elapsed());
                }
            }
        });
    }
    let mut latencies = Vec::new();
    while let Some(done) = tasks.join_next().await {
        latencies.extend(done??);
    }
    Ok(Measured::of(latencies, time))
}
