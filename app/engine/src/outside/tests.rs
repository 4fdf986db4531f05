//! Calls to a server of the test's own.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

/// A server that gives these answers, one a connection, and keeps what it was asked.
pub(crate) async fn server(answers: Vec<Vec<u8>>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    tokio::spawn(async move {
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            let mut part = [0; 4096];
            loop {
                let read = stream.read(&mut part).await.unwrap();
                request.extend_from_slice(&part[..read]);
                let text = String::from_utf8_lossy(&request);
                let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
                    let length = head.lines().find_map(|line| {
                        line.to_lowercase().strip_prefix("content-length: ")?.parse().ok()
                    });
                    body.len() >= length.unwrap_or(0)
                });
                if read == 0 || whole {
                    break;
                }
            }
            log.lock().unwrap().push(String::from_utf8_lossy(&request).into_owned());
            // Whoever has read enough hangs up.
            let _ = stream.write_all(&answer).await;
            let _ = stream.shutdown().await;
        }
    });
    (base, asked)
}

pub(crate) fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn local() -> Outside {
    Outside::new(true, "test").unwrap()
}

fn document(fetched: Fetched) -> (Vec<u8>, Known) {
    match fetched {
        Fetched::Document { body, known } => (body, known),
        Fetched::Unchanged => panic!("unchanged"),
    }
}

#[tokio::test]
async fn what_is_known_does_not_travel_again() {
    let (base, asked) = server(vec![
        answer("200 OK", "etag: \"a\"\r\nlast-modified: Tue, 01 Dec 2026 01:00:00 GMT\r\n", b"x"),
        answer("304 Not Modified", "", b""),
    ])
    .await;
    let (body, known) = document(local().get(&base, &Known::default(), 9).await.unwrap());
    assert_eq!((body.as_slice(), known.etag.as_str()), (&b"x"[..], "\"a\""));
    assert_eq!(local().get(&base, &known, 9).await, Ok(Fetched::Unchanged));
    let asked = asked.lock().unwrap();
    assert!(!asked[0].contains("if-none-match"));
    assert!(asked[1].contains("if-none-match: \"a\""), "{}", asked[1]);
    assert!(asked[1].contains("if-modified-since: Tue, 01 Dec 2026 01:00:00 GMT"));
}

#[tokio::test]
async fn redirects_are_followed_a_few_times_and_looked_at() {
    let there = answer("302 Found", "location: /there\r\n", b"");
    let (base, asked) = server(vec![there.clone(), answer("200 OK", "", b"x")]).await;
    assert!(local().get(&base, &Known::default(), 9).await.is_ok());
    assert!(asked.lock().unwrap()[1].starts_with("GET /there "));
    let (base, _) = server(vec![there; 5]).await;
    let error = local().get(&base, &Known::default(), 9).await.unwrap_err();
    assert_eq!(error.failure, Failure::Redirects);
    let (base, _) =
        server(vec![answer("302 Found", "location: file:///etc/passwd\r\n", b"")]).await;
    let error = local().get(&base, &Known::default(), 9).await.unwrap_err();
    assert_eq!(error.failure, Failure::NoAddress);
}

#[tokio::test]
async fn what_is_too_large_is_not_taken_packed_or_not() {
    let (base, _) = server(vec![answer("200 OK", "", &[b'x'; 100])]).await;
    let error = local().get(&base, &Known::default(), 99).await.unwrap_err();
    assert_eq!(error.failure, Failure::TooLarge);
    // 100 000 zeros, packed by gzip into 132 bytes.
    let bomb = include_bytes!("tests/bomb.gz");
    let packed = answer("200 OK", "content-encoding: gzip\r\n", bomb);
    let (base, _) = server(vec![packed.clone(), packed]).await;
    let error = local().get(&base, &Known::default(), 5_000).await.unwrap_err();
    assert_eq!(error.failure, Failure::TooLarge);
    let (body, _) = document(local().get(&base, &Known::default(), 100_000).await.unwrap());
    assert_eq!(body, vec![0; 100_000]);
}

#[tokio::test]
async fn what_servers_refuse_is_named() {
    let (base, _) = server(vec![
        answer("404 Not Found", "", b""),
        answer("403 Forbidden", "", b""),
        answer("503 Service Unavailable", "retry-after: 3600\r\n", b""),
    ])
    .await;
    for (failure, after) in [
        (Failure::Gone, None),
        (Failure::Denied, None),
        (Failure::Status, Some(TimeDelta::hours(1))),
    ] {
        let error = local().get(&base, &Known::default(), 9).await.unwrap_err();
        assert_eq!(error, Refusal { failure, after });
    }
}

#[tokio::test]
async fn names_that_lead_into_the_house_are_refused() {
    // Resolves to the loopback, on whichever port.
    let public = Outside::new(false, "test").unwrap();
    let error = public.get("https://localhost:9443/", &Known::default(), 9).await.unwrap_err();
    assert_eq!(error.failure, Failure::Private);
    assert_eq!(
        public.post("https://localhost:9443/", HeaderMap::new(), vec![]).await,
        Err(Failure::Private)
    );
}

#[tokio::test]
async fn what_is_sent_arrives_with_its_headers() {
    let (base, asked) = server(vec![answer("202 Accepted", "", b"thanks")]).await;
    let name = HeaderName::from_static("webhook-id");
    let headers = HeaderMap::from_iter([(name, HeaderValue::from_static("msg_1"))]);
    let sent = local().post(&base, headers, b"{}".to_vec()).await;
    assert_eq!(sent, Ok((202, "thanks".to_owned())));
    let asked = asked.lock().unwrap();
    assert!(asked[0].contains("webhook-id: msg_1") && asked[0].ends_with("\r\n\r\n{}"));
}
