//! The islands: compiled to wasm, with the script that loads them.

use std::path::{Path, PathBuf};
use std::process::Command;

use wasm_bindgen_cli_support::Bindgen;

use super::hash;
use crate::run::{AtPath, Failure, program, quietly, run, target};
use crate::tools;

const TARGET: &str = "wasm32-unknown-unknown";

/// What `wasm-bindgen` makes of the compiled islands.
#[derive(Debug)]
pub struct Islands {
    pub script: Vec<u8>,
    pub wasm: Vec<u8>,
    /// Small scripts of crates, which the script imports by these names.
    pub snippets: Vec<(String, Vec<u8>)>,
}

/// Compiles the islands; answers the path of the wasm.
pub fn compile() -> Result<PathBuf, Failure> {
    // A folder of its own: other features and another profile than the server's, which must not
    // push each other's results out.
    let folder = target().join("wasm");
    let mut cargo = cargo_for_wasm()?;
    cargo.env("CARGO_TARGET_DIR", &folder);
    cargo.args(["build", "--package", "app", "--lib", "--target", TARGET]);
    cargo.args(["--no-default-features", "--features", "hydrate", "--profile", "wasm-release"]);
    run(&mut cargo, "Correct the errors shown above; islands are in app/src/islands.")?;
    Ok(folder.join(TARGET).join("wasm-release").join("app.wasm"))
}

/// A cargo that can compile to wasm: rustup's, or else Debian's.
fn cargo_for_wasm() -> Result<Command, Failure> {
    if has_target() {
        return Ok(program("cargo", &[]));
    }
    println!("   This Rust has no standard library for {TARGET} yet: asking rustup for it.");
    let why = match program("rustup", &["target", "add", TARGET]).status() {
        Ok(status) if status.success() => {
            println!("   Building with rustup's {TARGET}.");
            return Ok(program("cargo", &[]));
        }
        Ok(_) => "rustup could not download it",
        Err(_) => "rustup is not installed",
    };
    println!("   {why}: building with Debian's packages {}.", tools::RUST_WEB.join(", "));
    debian(why)
}

/// Whether the Rust that runs here has the target's standard library.
fn has_target() -> bool {
    let Some(sysroot) = quietly(&mut program("rustc", &["--print", "sysroot"])) else {
        return false;
    };
    Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).join("lib").is_dir()
}

/// Debian ships the standard library as source, which cargo builds along (about a minute more).
fn debian(why: &str) -> Result<Command, Failure> {
    let there = Path::new("/usr/bin/cargo").exists()
        && quietly(Command::new("/usr/bin/wasm-ld-19").args(["--version"])).is_some()
        && tools::debian_has(&tools::RUST_WEB);
    if !there {
        tools::debian_install(&tools::RUST_WEB).map_err(|failure| {
            Failure::new(
                format!("no Rust for {TARGET}: {why}, and Debian's packages did not install"),
                format!("Run `rustup target add {TARGET}`. Or: {failure}"),
            )
        })?;
    }
    let mut cargo = program("/usr/bin/cargo", &[]);
    let path = std::env::var("PATH").unwrap_or_default();
    cargo
        .env("PATH", format!("/usr/bin:{path}"))
        .env_remove("RUSTC")
        .env_remove("CARGO")
        .env_remove("RUSTUP_TOOLCHAIN")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-19");
    Ok(cargo)
}

/// Makes the script that loads the wasm, unless this very wasm has its script already.
pub fn bind(wasm: &Path) -> Result<Islands, Failure> {
    let content = std::fs::read(wasm).at(wasm)?;
    let bound = target().join("xtask-cache").join(format!("islands-{}", hash::of(&[&content])));
    let done = bound.join("done");
    if !done.exists() {
        if bound.exists() {
            std::fs::remove_dir_all(&bound).at(&bound)?;
        }
        Bindgen::new()
            .input_path(wasm)
            .web(true)
            .and_then(|bindgen| {
                bindgen
                    .typescript(false)
                    .remove_name_section(true)
                    .remove_producers_section(true)
                    .generate(&bound)
            })
            .map_err(|error| {
                Failure::new(
                    format!("wasm-bindgen: {error:#}"),
                    "The crates wasm-bindgen and wasm-bindgen-cli-support must have the same \
                     version in Cargo.lock.",
                )
            })?;
        std::fs::write(&done, "").at(&done)?;
    }
    let file = |name: &str| std::fs::read(bound.join(name)).at(&bound.join(name));
    let folder = bound.join("snippets");
    let mut snippets = Vec::new();
    for path in super::below(&folder)? {
        snippets.push((super::relative(&bound, &path), std::fs::read(&path).at(&path)?));
    }
    Ok(Islands { script: file("app.js")?, wasm: file("app_bg.wasm")?, snippets })
}
