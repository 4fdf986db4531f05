//! Running other programs, telling what is being done, and failing with advice.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Something went wrong, and what the person at the keyboard can do about it.
#[derive(Debug)]
pub struct Failure {
    what: String,
    advice: String,
}

impl Failure {
    pub fn new(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { what: what.into(), advice: advice.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "xtask: {}\n  → {}", self.what, self.advice)
    }
}

/// Files that can't be read or written need no other advice than their name.
pub trait AtPath<T> {
    fn at(self, path: &Path) -> Result<T, Failure>;
}

impl<T> AtPath<T> for std::io::Result<T> {
    fn at(self, path: &Path) -> Result<T, Failure> {
        self.map_err(|error| {
            Failure::new(
                format!("{}: {error}", path.display()),
                "Check that the file is there, that you may write it, and that the disk has room.",
            )
        })
    }
}

/// The folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

/// Where cargo puts what it builds: where it put this very program. Cargo marks the folder.
pub fn target() -> PathBuf {
    if let Some(folder) = std::env::var_os("CARGO_TARGET_DIR") {
        return root().join(folder);
    }
    let here = std::env::current_exe().unwrap_or_default();
    let marked = here.ancestors().find(|folder| folder.join("CACHEDIR.TAG").exists());
    marked.map_or_else(|| root().join("target"), Path::to_path_buf)
}

/// Prints the name of a step, runs it, prints how long it took.
pub fn step<T>(name: &str, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    println!("── {name}");
    let begun = Instant::now();
    let answer = work()?;
    println!("   {name}: done in {:.1} s", begun.elapsed().as_secs_f32());
    Ok(answer)
}

/// A command that runs in the workspace's folder.
pub fn program(name: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(name);
    command.args(arguments).current_dir(root());
    // What cargo told this xtask must not reach the builds that it starts: some build scripts
    // run again when these change.
    for (key, _) in std::env::vars_os() {
        let name = key.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&key);
        }
    }
    command
}

/// Runs a command to its end with its output shown.
pub fn run(command: &mut Command, advice: &str) -> Result<(), Failure> {
    let shown = shown(command);
    let status = command
        .status()
        .map_err(|error| Failure::new(format!("{shown} did not start: {error}"), advice))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("{shown} failed ({status})"), advice))
    }
}

/// Runs a command silently: its standard output, or None when it failed or is not there.
pub fn quietly(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

pub fn shown(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    format!("`{text}`")
}

/// Flags after a command: switches (`--release`) and options with a value (`--listen ADDRESS`).
#[derive(Debug)]
pub struct Flags {
    switches: Vec<String>,
    options: Vec<(String, String)>,
}

impl Flags {
    pub fn new(arguments: &[String], switches: &[&str], options: &[&str]) -> Result<Self, Failure> {
        let mut flags = Self { switches: Vec::new(), options: Vec::new() };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            if switches.contains(&argument.as_str()) {
                flags.switches.push(argument.clone());
            } else if options.contains(&argument.as_str())
                && let Some(value) = arguments.next()
            {
                flags.options.push((argument.clone(), value.clone()));
            } else {
                return Err(Failure::new(
                    format!("{argument:?} is not understood here"),
                    "Run `cargo xtask help` to see the flags.",
                ));
            }
        }
        Ok(flags)
    }

    pub fn has(&self, switch: &str) -> bool {
        self.switches.iter().any(|given| given == switch)
    }

    pub fn value(&self, option: &str) -> Option<&str> {
        self.options.iter().rev().find(|(name, _)| name == option).map(|(_, value)| value.as_str())
    }
}
