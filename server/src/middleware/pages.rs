//! Pages that all guests share, kept as they went over the wire.
//!
//! A page is as fresh as one made anew: what was kept is forgotten with the first commit that
//! changes what visitors see (before whoever made it is answered), and with each minute, because
//! departures close and days begin on whole minutes. On PostgreSQL another process may write too;
//! there a page is kept for a second.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use app::render::{Framable, Shared};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use engine::store::{Kind, Store};

/// Pages kept at most, and bytes of the largest.
const PAGES: usize = 1000;
const PAGE: usize = 1 << 20;
/// Longest address and list of encodings that are kept.
const KEY: usize = 400;

/// Address and accepted encodings.
type Key = (String, String);

/// When a page was made: two pages with the same stamp would be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Stamp {
    version: u64,
    time: i64,
}

#[derive(Debug, Clone)]
struct Kept {
    headers: HeaderMap,
    body: Bytes,
    framable: Option<Framable>,
}

#[derive(Debug, Default)]
struct Shelf {
    stamp: Stamp,
    pages: HashMap<Key, Kept>,
}

#[derive(Debug, Clone)]
pub struct Pages {
    store: Store,
    shelf: Arc<Mutex<Shelf>>,
}

impl Pages {
    pub fn new(store: Store) -> Self {
        Self { store, shelf: Arc::default() }
    }

    fn stamp(&self) -> Stamp {
        let seconds = match self.store.kind() {
            Kind::Sqlite => 60,
            Kind::Postgres => 1,
        };
        let time = self.store.now().timestamp().div_euclid(seconds);
        Stamp { version: self.store.shown_version(), time }
    }

    fn find(&self, stamp: Stamp, key: &Key) -> Option<Kept> {
        let shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        if shelf.stamp == stamp { shelf.pages.get(key).cloned() } else { None }
    }

    fn keep(&self, stamp: Stamp, key: Key, kept: Kept) {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        if shelf.stamp != stamp || shelf.pages.len() >= PAGES {
            *shelf = Shelf { stamp, pages: HashMap::new() };
        }
        shelf.pages.insert(key, kept);
    }
}

/// What a request may be answered from the shelf under; None when it may not: a form, a browser
/// that is or was signed in, an address of unusual length.
fn key(request: &Request) -> Option<Key> {
    let headers = request.headers();
    if request.method() != Method::GET || headers.contains_key(header::COOKIE) {
        return None;
    }
    let address = request.uri().path_and_query()?.as_str();
    let encodings =
        headers.get(header::ACCEPT_ENCODING).map_or(Ok(""), HeaderValue::to_str).ok()?;
    (address.len() + encodings.len() <= KEY).then(|| (address.to_owned(), encodings.to_owned()))
}

pub async fn shelf(State(pages): State<Pages>, request: Request, next: Next) -> Response {
    let Some(key) = key(&request) else {
        return next.run(request).await;
    };
    // Before the page is made: a commit meanwhile makes the page older than the next stamp.
    let stamp = pages.stamp();
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    if let Some(kept) = pages.find(stamp, &key) {
        return answer(kept, known.as_ref());
    }
    let response = next.run(request).await;
    let fit = response.status() == StatusCode::OK
        && response.extensions().get::<Shared>().is_some()
        && !response.headers().contains_key(header::SET_COOKIE);
    if !fit {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, PAGE).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut headers = parts.headers;
    // The length of what was compressed is known now, and hyper writes it.
    headers.remove(header::CONTENT_LENGTH);
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{:016x}\"", hasher.finish())) {
        headers.insert(header::ETAG, tag);
    }
    let kept = Kept { headers, body, framable: parts.extensions.get().copied() };
    pages.keep(stamp, key, kept.clone());
    answer(kept, known.as_ref())
}

fn answer(kept: Kept, known: Option<&HeaderValue>) -> Response {
    let same = known.is_some() && known == kept.headers.get(header::ETAG);
    let mut response = if same {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(kept.body).into_response()
    };
    response.headers_mut().extend(kept.headers);
    if let Some(framable) = kept.framable {
        response.extensions_mut().insert(framable);
    }
    if same {
        response.headers_mut().remove(header::CONTENT_ENCODING);
    }
    response
}
