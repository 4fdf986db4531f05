//! The world outside: HTTP to addresses that people typed, such as calendars and webhooks.
//!
//! Whoever types an address makes the server call it, so it calls public addresses alone. A name is
//! resolved here, what is not public is left out, and the connection goes to what is left: asking
//! the name service twice could give two answers. Redirects are followed by hand and looked at
//! like the first address. Proxies from the environment are not used: they would resolve names
//! themselves.

mod address;
#[cfg(test)]
pub(crate) mod tests;

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

pub use address::is_public;
use chrono::TimeDelta;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response, StatusCode, redirect};
use url::Url;

use crate::stored_enum;

/// For all of one call, redirects included.
const PATIENCE: Duration = Duration::from_secs(10);
const MAX_REDIRECTS: usize = 3;
/// Of what a webhook answers, so much is kept for its log, in bytes.
const MAX_ANSWER: usize = 2_000;

stored_enum! {
    /// Why a call came to nothing.
    pub enum Failure {
        /// It is no web address.
        NoAddress = "no_address",
        NotHttps = "not_https",
        /// It leads to an address that is not public.
        Private = "private",
        /// No such name, or nobody listens there.
        Unreachable = "unreachable",
        Slow = "slow",
        /// More than is taken.
        TooLarge = "too_large",
        Redirects = "redirects",
        /// The server does not give it away: 401, 403.
        Denied = "denied",
        /// There is nothing there: 404, 410.
        Gone = "gone",
        /// Called too often: 429.
        TooOften = "too_often",
        /// The server refused otherwise, or failed.
        Status = "status",
        /// What came is not what was expected.
        Unreadable = "unreadable",
    }
}

/// What is known of a document since the last call.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Known {
    /// `ETag`; empty for none.
    pub etag: String,
    /// `Last-Modified`, as the server wrote it; empty for none.
    pub modified: String,
}

/// What a document's server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    Unchanged,
    Document { body: Vec<u8>, known: Known },
}

/// A call that came to nothing, and when the server wants to be asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    pub failure: Failure,
    pub after: Option<TimeDelta>,
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self { failure, after: None }
    }
}

/// Calls to the world outside; cheap to clone.
#[derive(Debug, Clone)]
pub struct Outside {
    client: Client,
    local: bool,
}

impl Outside {
    /// `local` also allows http and addresses that are not public: for tests, and for a village
    /// whose machines stand in one house. `agent` tells others who calls.
    pub fn new(local: bool, agent: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .dns_resolver(Public { local })
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .pool_max_idle_per_host(0)
            .user_agent(agent)
            .timeout(PATIENCE)
            .build()?;
        Ok(Self { client, local })
    }

    /// Reads an address as somebody typed it.
    pub fn address(&self, text: &str) -> Result<Url, Failure> {
        address::parse(text, self.local)
    }

    /// Fetches a document of at most `max` bytes, unpacked. Where the server says that it is what
    /// is known already, nothing travels.
    pub async fn get(&self, url: &str, known: &Known, max: usize) -> Result<Fetched, Refusal> {
        let call = self.follow(url, known, max);
        tokio::time::timeout(PATIENCE, call).await.unwrap_or(Err(Failure::Slow.into()))
    }

    async fn follow(&self, url: &str, known: &Known, max: usize) -> Result<Fetched, Refusal> {
        let mut url = self.address(url)?;
        for _ in 0..=MAX_REDIRECTS {
            let mut request = self
                .client
                .get(url.clone())
                .header(header::ACCEPT, "text/calendar, text/plain;q=0.5, */*;q=0.1");
            for (name, value) in
                [(header::IF_NONE_MATCH, &known.etag), (header::IF_MODIFIED_SINCE, &known.modified)]
            {
                if let Some(value) = HeaderValue::from_str(value).ok().filter(|it| !it.is_empty()) {
                    request = request.header(name, value);
                }
            }
            let answer = request.send().await.map_err(|error| failure(&error))?;
            match answer.status() {
                StatusCode::NOT_MODIFIED => return Ok(Fetched::Unchanged),
                status if status.is_redirection() => {
                    let to = text(answer.headers(), &header::LOCATION);
                    url = url.join(&to).map_err(|_| Failure::Redirects)?;
                    address::check(&url, self.local)?;
                }
                status if status.is_success() => {
                    let known = Known {
                        etag: text(answer.headers(), &header::ETAG),
                        modified: text(answer.headers(), &header::LAST_MODIFIED),
                    };
                    let body = body(answer, max).await?;
                    return Ok(Fetched::Document { body, known });
                }
                status => return Err(refusal(status, answer.headers())),
            }
        }
        Err(Failure::Redirects.into())
    }

    /// Sends JSON; answers the status and the beginning of what came back. Redirects are answers:
    /// what was signed for one address goes to no other.
    pub async fn post(
        &self,
        url: &str,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<(u16, String), Failure> {
        let url = self.address(url)?;
        let json = HeaderValue::from_static("application/json");
        let request =
            self.client.post(url).headers(headers).header(header::CONTENT_TYPE, json).body(body);
        let mut answer = request.send().await.map_err(|error| failure(&error))?;
        let status = answer.status().as_u16();
        let mut said = Vec::new();
        while said.len() < MAX_ANSWER
            && let Ok(Some(part)) = answer.chunk().await
        {
            said.extend_from_slice(&part);
        }
        said.truncate(MAX_ANSWER);
        // A zero byte is no text to PostgreSQL.
        Ok((status, String::from_utf8_lossy(&said).replace('\0', "")))
    }
}

/// A header's text; empty when it is missing, or too long to be kept.
fn text(headers: &HeaderMap, name: &HeaderName) -> String {
    let text = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if text.len() <= 2_000 { text.to_owned() } else { String::new() }
}

/// The unpacked body. It is counted while it arrives: a few bytes can unpack to gigabytes.
async fn body(mut answer: Response, max: usize) -> Result<Vec<u8>, Refusal> {
    let mut all = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(|error| failure(&error))? {
        if all.len() + part.len() > max {
            return Err(Failure::TooLarge.into());
        }
        all.extend_from_slice(&part);
    }
    Ok(all)
}

fn refusal(status: StatusCode, headers: &HeaderMap) -> Refusal {
    let failure = match status.as_u16() {
        401 | 403 => Failure::Denied,
        404 | 410 => Failure::Gone,
        429 => Failure::TooOften,
        _ => Failure::Status,
    };
    let after = text(headers, &header::RETRY_AFTER).parse().ok().and_then(TimeDelta::try_seconds);
    Refusal { failure, after }
}

fn failure(error: &reqwest::Error) -> Failure {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(this) = cause {
        if this.is::<NotPublic>() {
            return Failure::Private;
        }
        cause = this.source();
    }
    match () {
        () if error.is_timeout() => Failure::Slow,
        () if error.is_decode() => Failure::Unreadable,
        () => Failure::Unreachable,
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the name leads to no public address")]
struct NotPublic;

/// Resolves names to public addresses alone.
#[derive(Debug)]
struct Public {
    local: bool,
}

impl Resolve for Public {
    fn resolve(&self, name: Name) -> Resolving {
        let local = self.local;
        Box::pin(async move {
            let all: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let found = !all.is_empty();
            let public: Vec<SocketAddr> =
                all.into_iter().filter(|it| local || is_public(it.ip())).collect();
            if found && public.is_empty() {
                return Err(NotPublic.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}
