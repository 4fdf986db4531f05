//! The real binary is asked to end: what is under way is finished, and nothing panics.

#![expect(clippy::unwrap_used, reason = "a test stops where something is missing")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

/// A server on a free port; its address, and the process with nobody listening to it any more.
fn serve(name: &str) -> (String, Child) {
    let folder = folder(name);
    let mut process = Command::new(env!("CARGO_BIN_EXE_langnghe"))
        .arg("serve")
        .env("LANGNGHE_DATA", &folder)
        .env("LANGNGHE_LISTEN", "127.0.0.1:0")
        .env("LANGNGHE_METRICS_LISTEN", "127.0.0.1:0")
        .env_remove("DATABASE_URL")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The metrics speak first; what comes after is written to nobody.
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let address = loop {
        let line = lines.next().unwrap().unwrap();
        if let Some((_, address)) = line.split_once("is at http://") {
            break address.trim_end_matches('/').to_owned();
        }
    };
    (address, process)
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    folder
}

fn terminate(process: &Child) {
    Command::new("kill").args(["-TERM", &process.id().to_string()]).status().unwrap();
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_request_under_way_is_answered_before_the_end() {
    let (address, process) = serve("stopping-request");
    let body = "email=ada%40example.com";
    let (begun, rest) = body.split_at(5);
    let mut guest = TcpStream::connect(&address).unwrap();
    guest.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(
        guest,
        "POST /en/find HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{begun}",
        body.len()
    )
    .unwrap();
    // Until the server has the head of the request, there is nothing under way.
    std::thread::sleep(Duration::from_millis(500));
    terminate(&process);
    std::thread::sleep(Duration::from_millis(500));
    guest.write_all(rest.as_bytes()).unwrap();
    let mut answer = String::new();
    guest.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let ended = process.wait_with_output().unwrap();
    assert!(ended.status.success(), "{}", said(&ended));
}

/// `langnghe serve | head -1`: printing to nobody is no reason to end.
#[test]
fn nobody_need_listen_to_what_is_printed() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_langnghe"));
    let mut help = command
        .arg("check-config")
        .env("LANGNGHE_DATA", folder("stopping-silent"))
        .env_remove("DATABASE_URL")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(help.stdout.take());
    let ended = help.wait_with_output().unwrap();
    assert!(ended.status.success(), "{}", said(&ended));

    let (address, process) = serve("stopping-unheard");
    let mut guest = TcpStream::connect(&address).unwrap();
    write!(guest, "GET /health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    guest.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    terminate(&process);
    let ended = process.wait_with_output().unwrap();
    assert!(ended.status.success(), "{}", said(&ended));
}
