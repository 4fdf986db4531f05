//! How often one address may ask. Each kind of request has its own bucket of tokens, filled
//! evenly; a bucket holds a minute's worth.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::client::Client;
use crate::config::Limits;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    SignIn,
    /// A product's code that is none: counted after the answer, so that who scans labels is free.
    Guess,
    Form,
    Any,
}

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

/// Buckets of tokens, one for each key.
#[derive(Debug)]
pub struct Tokens<K>(Arc<Mutex<HashMap<K, Bucket>>>);

impl<K> Default for Tokens<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K> Clone for Tokens<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

#[derive(Debug, Clone)]
pub struct Buckets {
    limits: Limits,
    tokens: Tokens<(Kind, IpAddr)>,
}

/// Beyond this many, full buckets (of addresses that were silent for a minute) are dropped.
const CROWD: usize = 10_000;

impl Buckets {
    pub fn new(limits: Limits) -> Self {
        Self { limits, tokens: Tokens::default() }
    }

    /// Takes a token; Err tells the seconds until there is one again.
    fn take(&self, kind: Kind, ip: IpAddr, now: Instant) -> Result<(), u64> {
        let limit = match kind {
            Kind::SignIn | Kind::Guess => self.limits.sign_in,
            Kind::Form => self.limits.forms,
            Kind::Any => self.limits.all,
        };
        self.tokens.take((kind, network(ip)), limit, now)
    }

    /// Whether there is a token left for whoever guesses; it is not taken.
    fn may_guess(&self, ip: IpAddr, now: Instant) -> Result<(), u64> {
        self.tokens.left((Kind::Guess, network(ip)), self.limits.sign_in, now)
    }
}

impl<K: Eq + Hash> Tokens<K> {
    /// Takes one of `limit` tokens a minute, where 0 sets no limit; Err tells the seconds until
    /// there is one again.
    pub fn take(&self, key: K, limit: u32, now: Instant) -> Result<(), u64> {
        self.ask(key, limit, now, true)
    }

    /// Whether there is one, which stays.
    pub fn left(&self, key: K, limit: u32, now: Instant) -> Result<(), u64> {
        self.ask(key, limit, now, false)
    }

    fn ask(&self, key: K, limit: u32, now: Instant, take: bool) -> Result<(), u64> {
        if limit == 0 {
            return Ok(());
        }
        let size = f64::from(limit);
        let a_second = size / 60.0;
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() > CROWD {
            buckets.retain(|_, bucket| (now - bucket.at).as_secs() < 60);
        }
        let bucket = buckets.entry(key).or_insert(Bucket { tokens: size, at: now });
        let gained = (now - bucket.at).as_secs_f64() * a_second;
        bucket.tokens = (bucket.tokens + gained).min(size);
        bucket.at = now;
        if bucket.tokens >= 1.0 {
            if take {
                bucket.tokens -= 1.0;
            }
            return Ok(());
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 60")]
        Err(((1.0 - bucket.tokens) / a_second).ceil() as u64)
    }
}

/// One household has a whole /64 of IPv6.
fn network(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

fn kind(method: &Method, path: &str) -> Kind {
    // Programs of travel companies are counted by their keys.
    if method != Method::POST || path.starts_with("/octo/") {
        return Kind::Any;
    }
    // A bank's service has few addresses and may tell of many transfers at once.
    if path.starts_with("/hooks/") {
        return Kind::Any;
    }
    // The language stands first: /vi/sign-in, /en/find.
    match path.split('/').nth(2) {
        // Whoever guesses: at passwords and addresses, at gift cards on the page for that, and where
        // a card pays a booking. And whoever applies: that is a letter to others, nobody sends many.
        Some("sign-in" | "find" | "gift" | "my-data" | "placements") => Kind::SignIn,
        Some("workshops") if path.ends_with("/study") => Kind::SignIn,
        Some("booking" | "order") if path.ends_with("/gift-card") => Kind::SignIn,
        _ => Kind::Form,
    }
}

/// Whether the address holds a product's code: `/p/…`, `/vi/p/…`, and the page that checks one.
fn names_a_product(path: &str) -> bool {
    let mut parts = path.split('/').skip(1);
    match parts.next() {
        Some("p") => true,
        Some(_) => matches!(parts.next(), Some("p" | "verify")),
        None => false,
    }
}

fn too_many(seconds: u64) -> Response {
    (
        StatusCode::TOO_MANY_REQUESTS,
        [(header::RETRY_AFTER, seconds.to_string())],
        "Quá nhiều yêu cầu, xin thử lại sau.\nToo many requests, please try again later.\n",
    )
        .into_response()
}

pub async fn limit(State(buckets): State<Buckets>, request: Request, next: Next) -> Response {
    let Some(Client(ip)) = request.extensions().get::<Client>().copied() else {
        return next.run(request).await;
    };
    let kind = kind(request.method(), request.uri().path());
    if let Err(seconds) = buckets.take(kind, ip, Instant::now()) {
        return too_many(seconds);
    }
    if !names_a_product(request.uri().path()) {
        return next.run(request).await;
    }
    if let Err(seconds) = buckets.may_guess(ip, Instant::now()) {
        return too_many(seconds);
    }
    let response = next.run(request).await;
    if response.status() == StatusCode::NOT_FOUND {
        let _ = buckets.take(Kind::Guess, ip, Instant::now());
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const UNLIMITED: Limits = Limits { sign_in: 0, forms: 0, all: 0, octo: 0 };

    #[test]
    fn a_bucket_runs_empty_and_fills_again() {
        let buckets = Buckets::new(Limits { sign_in: 2, ..UNLIMITED });
        let now = Instant::now();
        let ip = "2001:db8::1".parse().unwrap();
        let neighbour = "2001:db8::2".parse().unwrap();
        assert_eq!(buckets.take(Kind::SignIn, ip, now), Ok(()));
        assert_eq!(buckets.take(Kind::SignIn, neighbour, now), Ok(()));
        assert_eq!(buckets.take(Kind::SignIn, ip, now), Err(30));
        assert_eq!(buckets.take(Kind::SignIn, ip, now + Duration::from_secs(31)), Ok(()));
        assert_eq!(buckets.take(Kind::Form, ip, now), Ok(()));
    }

    #[test]
    fn only_codes_that_are_none_are_rationed() {
        let buckets = Buckets::new(Limits { sign_in: 2, ..UNLIMITED });
        let (now, ip) = (Instant::now(), "192.0.2.7".parse().unwrap());
        for _ in 0..9 {
            assert_eq!(buckets.may_guess(ip, now), Ok(()));
        }
        for _ in 0..2 {
            assert_eq!(buckets.take(Kind::Guess, ip, now), Ok(()));
        }
        assert_eq!(buckets.may_guess(ip, now), Err(30));
        assert_eq!(buckets.take(Kind::SignIn, ip, now), Ok(()));
        for path in ["/p/ABC", "/p/ABC.json", "/vi/p/ABC", "/en/verify"] {
            assert!(names_a_product(path), "{path}");
        }
        for path in ["/", "/vi", "/vi/passes", "/vi/host/p", "/photos/1/2"] {
            assert!(!names_a_product(path), "{path}");
        }
    }

    #[test]
    fn signing_in_is_counted_by_itself() {
        assert_eq!(kind(&Method::POST, "/vi/sign-in/link"), Kind::SignIn);
        assert_eq!(kind(&Method::GET, "/vi/sign-in"), Kind::Any);
        assert_eq!(kind(&Method::POST, "/en/gift"), Kind::SignIn);
        assert_eq!(kind(&Method::POST, "/vi/my-data"), Kind::SignIn);
        assert_eq!(kind(&Method::POST, "/en/booking/A/s/gift-card"), Kind::SignIn);
        assert_eq!(kind(&Method::POST, "/en/placements/1"), Kind::SignIn);
        assert_eq!(kind(&Method::POST, "/en/workshops/x/study"), Kind::SignIn);
        assert_eq!(kind(&Method::POST, "/en/workshops/x/gift"), Kind::Form);
        assert_eq!(kind(&Method::POST, "/en/order/A/s/gift-card"), Kind::SignIn);
        assert_eq!(kind(&Method::POST, "/en/book/1"), Kind::Form);
        assert_eq!(kind(&Method::POST, "/hooks/bank/x"), Kind::Any);
        assert_eq!(kind(&Method::POST, "/octo/bookings"), Kind::Any);
    }
}
