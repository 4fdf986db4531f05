//! The server's binary.

use std::path::PathBuf;

use crate::run::{Failure, program, run, step, target};

/// Builds the server; answers the path of its binary.
pub fn build(release: bool) -> Result<PathBuf, Failure> {
    let profile = if release { "release" } else { "debug" };
    step(&format!("server ({profile})"), || {
        let mut cargo = program("cargo", &["build", "--package", "server"]);
        if release {
            cargo.arg("--release");
        }
        run(&mut cargo, "Correct the errors shown above.")
    })?;
    Ok(path(release))
}

pub fn path(release: bool) -> PathBuf {
    target().join(if release { "release" } else { "debug" }).join("langnghe")
}
