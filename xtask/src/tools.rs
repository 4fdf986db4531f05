//! Programs from outside, installed when they are missing and it is allowed.

use std::net::TcpListener;
use std::process::Command;

use crate::run::{Failure, program, quietly, run};

/// Rust for wasm where rustup can't download: compiler, cargo, the library's source, linker.
pub const RUST_WEB: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-19"];

/// Makes sure that throw-away PostgreSQL servers can be had.
pub fn postgres() -> Result<(), Failure> {
    if quietly(Command::new("sh").args(["-c", "command -v pg_virtualenv"])).is_some() {
        return Ok(());
    }
    debian_install(&["postgresql", "postgresql-common"])
}

/// A PostgreSQL that lives as long as the command that is added to the answer; it needs [`postgres`].
/// The command finds its URL in the variable named.
///
/// In a folder and at a port of its own: root's would have one name for all, so that one which was killed
/// would keep every later one from starting.
pub fn with_postgres(options: &[&str], variable: &str) -> Result<Command, Failure> {
    let port =
        TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).map_err(|error| {
            Failure::new(
                format!("no free port: {error}"),
                "Is networking on this machine switched off?",
            )
        })?;
    let url = "postgres://$PGUSER:$PGPASSWORD@localhost:$PGPORT/postgres";
    let script = format!("{variable}={url} exec \"$0\" \"$@\"");
    let mut command = program("pg_virtualenv", &["-t"]);
    command.args(options).args(["sh", "-c", &script]).env("PGPORT", port.port().to_string());
    Ok(command)
}

/// The browser of the tests: Chromium's headless shell, or where that can't be had the Chromium that
/// is there (`end2end/playwright.config.ts` takes them in this order).
pub fn chromium() -> Result<(), Failure> {
    let there = |program: &str| std::path::Path::new("/usr/bin").join(program).exists();
    if there("chromium-headless-shell") {
        return Ok(());
    }
    let done = debian_install(&["chromium-headless-shell"]);
    if done.is_err() && there("chromium") { Ok(()) } else { done }
}

/// Whether Debian's packages are all installed.
pub fn debian_has(packages: &[&str]) -> bool {
    packages.iter().all(|package| {
        quietly(&mut program("dpkg-query", &["-W", "-f=${Status}", package]))
            .is_some_and(|status| status.contains("install ok installed"))
    })
}

/// Installs Debian's packages, as root or by a sudo that asks for no password.
pub fn debian_install(packages: &[&str]) -> Result<(), Failure> {
    let advice = format!("Install them by hand: apt-get install {}", packages.join(" "));
    if quietly(&mut program("apt-get", &["--version"])).is_none() {
        return Err(Failure::new(format!("{} are not installed", packages.join(", ")), advice));
    }
    let before: &[&str] = if is_root() { &[] } else { &["sudo", "-n"] };
    let apt = |arguments: &[&str]| {
        let words: Vec<&str> = [before, &["apt-get"], arguments].concat();
        let mut command: Command = program(words[0], &words[1..]);
        command.env("DEBIAN_FRONTEND", "noninteractive");
        run(&mut command, &advice)
    };
    println!("   Installing {}.", packages.join(", "));
    // The list of packages may be old or missing; a failure to renew it shows in the next step.
    let _ = apt(&["update", "--quiet", "--quiet"]);
    apt(&[&["install", "--quiet", "--yes", "--no-install-recommends"], packages].concat())
}

pub fn is_root() -> bool {
    quietly(&mut program("id", &["-u"])).is_some_and(|id| id.trim() == "0")
}
