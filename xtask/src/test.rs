//! Everything that must hold: format, lints, tests on both databases, the site in a browser.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::run::{Failure, Flags, program, root, run, step, target};
use crate::{server, site, tools};

const PARTS: [&str; 4] = ["fmt", "lint", "rust", "e2e"];

#[derive(Debug, Default)]
struct Counts {
    passed: u32,
    failed: u32,
    /// What each Rust test that failed said, for the end: hundreds of lines follow where it happened.
    said: Vec<String>,
}

/// Runs all parts, or those named by `--only`; a part that fails does not keep the next from running.
pub fn test(arguments: &[String]) -> Result<(), Failure> {
    let flags = Flags::new(arguments, &[], &["--only"])?;
    let only = flags.value("--only");
    if let Some(part) = only
        && !PARTS.contains(&part)
    {
        return Err(Failure::new(
            format!("there is no part {part:?}"),
            format!("Name one of {}.", PARTS.join(", ")),
        ));
    }
    let mut counts = Counts::default();
    let mut failures = Vec::new();
    for part in PARTS.into_iter().filter(|part| only.is_none_or(|only| only == *part)) {
        println!("── test: {part}");
        let done = match part {
            "fmt" => format(&mut counts),
            "lint" => lint(&mut counts),
            "rust" => rust(&mut counts),
            _ => browser(&mut counts),
        };
        if let Err(failure) = done {
            eprintln!("{failure}");
            failures.push(part);
        }
    }
    for said in &counts.said {
        println!("{said}");
    }
    println!("{} passed, {} failed", counts.passed, counts.failed);
    if failures.is_empty() && counts.failed == 0 {
        return Ok(());
    }
    Err(Failure::new(
        format!("failed: {}", failures.join(", ")),
        "The output of each part is above; `cargo xtask test --only PART` runs one again.",
    ))
}

/// A check that passes or fails as a whole counts as one.
fn check(counts: &mut Counts, command: &mut Command, advice: &str) -> Result<(), Failure> {
    let done = run(command, advice);
    let count = if done.is_ok() { &mut counts.passed } else { &mut counts.failed };
    *count += 1;
    done
}

fn format(counts: &mut Counts) -> Result<(), Failure> {
    check(counts, &mut program("cargo", &["fmt", "--all", "--check"]), "Run `cargo fmt --all`.")
}

/// The server and what it is made of are linted and tested as one, so that each is compiled once: apart,
/// each would ask for other features of the rest. The app's other shape, `hydrate`, is never built along;
/// the wasm build checks it.
const SERVER: [&str; 6] = ["-p=engine", "-p=app", "-p=server", "-p=bench", "--features", "app/ssr"];

/// The tools have dependencies with features of their own.
const TOOLS: [&str; 2] = ["-p=words", "-p=xtask"];

fn lint(counts: &mut Counts) -> Result<(), Failure> {
    let mut last = Ok(());
    for packages in [&TOOLS[..], &SERVER] {
        let mut clippy = program("cargo", &["clippy", "--quiet", "--all-targets"]);
        clippy.args(packages).args(["--", "--deny", "warnings"]);
        last = last.and(check(counts, &mut clippy, "Correct what clippy shows."));
    }
    last
}

/// All Rust tests, with a PostgreSQL that lives as long as they run.
fn rust(counts: &mut Counts) -> Result<(), Failure> {
    // What can't be installed is said before minutes of building.
    tools::postgres()?;
    tested_server()?;
    let mails = SmtpServer::start()?;
    // All that need a database share one PostgreSQL.
    let mut with_postgres = tools::with_postgres(&[], "TEST_POSTGRES_URL")?;
    // Half of their time they wait for it.
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    with_postgres.env("RUST_TEST_THREADS", (2 * cores).to_string()).arg("cargo");
    let mut alone = program("cargo", &[]);
    let mut last = Ok(());
    for (suite, packages) in [(&mut alone, &TOOLS[..]), (&mut with_postgres, &SERVER)] {
        suite.args(["test", "--quiet", "--no-fail-fast"]).args(packages);
        suite.env("TEST_SMTP_URL", &mails.url).env("TEST_SMTP_FOLDER", &mails.folder);
        last = last.and(counted(counts, suite));
    }
    last
}

/// The site, the tests and the server's binary that goes with them; answers its path.
fn tested_server() -> Result<PathBuf, Failure> {
    site::build()?;
    step("server and tests (debug)", || {
        let mut cargo = program("cargo", &["test", "--no-run"]);
        run(cargo.args(SERVER), "Correct the errors shown above.")
    })?;
    Ok(server::path(false))
}

/// Runs a suite, shows its output, and adds what its `test result:` lines say.
fn counted(counts: &mut Counts, command: &mut Command) -> Result<(), Failure> {
    let advice = "Correct the tests that failed above.";
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Failure::new(format!("the tests did not start: {error}"), advice))?;
    let text = String::from_utf8_lossy(&output.stdout);
    print!("{text}");
    let failed_before = counts.failed;
    for line in text.lines().filter(|line| line.starts_with("test result:")) {
        counts.passed += number_before(line, " passed");
        counts.failed += number_before(line, " failed");
    }
    counts.said.extend(failures(&text));
    if output.status.success() {
        return Ok(());
    }
    // It did not compile, or died before it could count.
    if counts.failed == failed_before {
        counts.failed += 1;
    }
    Err(Failure::new(format!("tests failed ({})", output.status), advice))
}

/// The beginning of what each failed test said: its block under `---- name stdout ----`.
fn failures(text: &str) -> Vec<String> {
    const LINES: usize = 12;
    text.split("\n---- ")
        .skip(1)
        .map(|block| {
            let lines = block.lines().take_while(|line| *line != "failures:");
            format!("---- {}", lines.take(LINES).collect::<Vec<_>>().join("\n"))
        })
        .collect()
}

/// The number before a word: 12 in `12 passed`.
fn number_before(text: &str, word: &str) -> u32 {
    let Some((before, _)) = text.split_once(word) else { return 0 };
    before.rsplit(|c: char| !c.is_ascii_digit()).next().and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// Installs what end2end/package.json names; answers its folder.
fn npm_packages() -> Result<PathBuf, Failure> {
    let folder = root().join("end2end");
    if !folder.join("node_modules").exists() {
        let mut npm = program("npm", &["ci", "--no-audit", "--no-fund"]);
        npm.current_dir(&folder);
        run(&mut npm, "Node 20 and npm must be installed (Debian: apt-get install npm).")?;
    }
    Ok(folder)
}

/// An SMTP server that keeps what arrives in a folder, until it is dropped.
struct SmtpServer {
    process: Child,
    url: String,
    folder: PathBuf,
}

impl SmtpServer {
    fn start() -> Result<Self, Failure> {
        let scripts = npm_packages()?;
        let folder = target().join("test-mails");
        let _ = std::fs::remove_dir_all(&folder);
        let failed = |what: String| {
            Failure::new(format!("end2end/smtp.mjs: {what}"), "Node 20 must be installed.")
        };
        let mut process = program("node", &["smtp.mjs"])
            .arg(&folder)
            .current_dir(scripts)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| failed(error.to_string()))?;
        let mut line = String::new();
        if let Some(output) = process.stdout.take() {
            let _ = BufReader::new(output).read_line(&mut line);
        }
        let port = serde_json::from_str::<serde_json::Value>(&line).ok();
        let port = port.and_then(|line| line["port"].as_u64());
        let port = port.ok_or_else(|| failed("did not tell its port".to_owned()))?;
        Ok(Self { process, url: format!("smtp://127.0.0.1:{port}"), folder })
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The real binary in Chromium.
fn browser(counts: &mut Counts) -> Result<(), Failure> {
    tools::chromium()?;
    let folder = npm_packages()?;
    let binary = tested_server()?;
    let report = target().join("end2end.json");
    let mut playwright = program("npx", &["playwright", "test", "--reporter=list,json"]);
    playwright
        .current_dir(&folder)
        .env("SERVER_BINARY", binary)
        .env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report);
    let done = run(&mut playwright, "Correct what failed; traces are in end2end/test-results.");
    let stats = std::fs::read(&report)
        .ok()
        .and_then(|text| serde_json::from_slice::<serde_json::Value>(&text).ok());
    let count = |key: &str| {
        let number = stats.as_ref().and_then(|stats| stats["stats"][key].as_u64());
        number.and_then(|number| u32::try_from(number).ok()).unwrap_or(0)
    };
    counts.passed += count("expected") + count("flaky");
    counts.failed += count("unexpected").max(u32::from(done.is_err()));
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_read_from_cargos_line() {
        let line = "test result: ok. 12 passed; 3 failed; 0 ignored";
        assert_eq!((number_before(line, " passed"), number_before(line, " failed")), (12, 3));
    }
}
