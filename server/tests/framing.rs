//! The real binary: which of its pages may stand in a frame of somebody else's page, and that those
//! neither set a cookie nor loosen anything else.

#![expect(clippy::unwrap_used, reason = "a test stops where something is missing")]

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use bench::server::{self, Server};

const BINARY: &str = env!("CARGO_BIN_EXE_langnghe");

/// Status and headers of a page, names in lower case.
fn ask(address: &str, path: &str, cookie: &str) -> (u16, BTreeMap<String, String>) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: text/html\r\n{cookie}Connection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let text = String::from_utf8_lossy(&answer);
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    (status, headers.collect())
}

#[test]
fn only_calendars_for_frames_may_be_framed() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("framing");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    let url = format!("sqlite:{}", folder.join("langnghe.db").display());
    server::seed(Path::new(BINARY), &folder, &url).unwrap();
    let server = Server::start(Path::new(BINARY), &folder, &url).unwrap();
    let address = &server.address;

    let embed = "/vi/embed/tours/nan-gom-ban-xoay?colour=b5482f";
    // The second answer comes from what was kept, the third is made for a browser with a cookie.
    let cookies = ["", "", "Cookie: langnghe=0123456789abcdef\r\n"];
    for cookie in cookies {
        let (status, headers) = ask(address, embed, cookie);
        assert_eq!(status, 200);
        let policy = &headers["content-security-policy"];
        assert!(policy.contains("frame-ancestors *;"), "{policy}");
        assert!(policy.contains("style-src 'self' 'nonce-"), "{policy}");
        assert!(!policy.contains("unsafe-inline"), "{policy}");
        assert!(!headers.contains_key("x-frame-options"), "{headers:?}");
        assert!(!headers.contains_key("set-cookie"), "{headers:?}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
    }
    let (status, headers) = ask(address, "/vi/embed/tours/nothing", "");
    assert_eq!(status, 404);
    assert!(headers["content-security-policy"].contains("frame-ancestors *;"));

    for path in [
        "/vi",
        "/vi/tours/nan-gom-ban-xoay",
        // Once more, from what was kept.
        "/vi/tours/nan-gom-ban-xoay",
        "/vi/workshops/gom-minh-hai",
        "/vi/sign-in",
        "/vi/host",
        "/vi/find",
        "/vi/embed",
        "/vi/embed/tours",
        "/vi/nothing",
        "/embed.js",
        "/sitemap.xml",
    ] {
        let (_, headers) = ask(address, path, "");
        let policy = &headers["content-security-policy"];
        assert!(policy.contains("frame-ancestors 'none';"), "{path}: {policy}");
        assert_eq!(headers["x-frame-options"], "DENY", "{path}");
    }
    let (_, script) = ask(address, "/embed.js", "");
    assert_eq!(script["cross-origin-resource-policy"], "cross-origin");
    assert_eq!(script["cache-control"], "public, max-age=86400");
    server.stop().unwrap();
}
