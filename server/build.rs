//! The release binary carries the site's files: built again when they change.

use std::path::{Path, PathBuf};

fn main() {
    let Some(target) = target_folder() else { return };
    let site = target.join("site");
    let manifest = site.join("manifest.json");
    println!("cargo:rerun-if-changed={}", manifest.display());
    // Read by rust-embed, wherever the target folder is.
    println!("cargo:rustc-env=SITE_FOLDER={}", site.display());
    if !manifest.exists() {
        println!("cargo:warning=the site is not built yet: run `cargo xtask build`");
    }
}

/// Cargo marks it with a tag.
fn target_folder() -> Option<PathBuf> {
    let out = std::env::var_os("OUT_DIR")?;
    Path::new(&out)
        .ancestors()
        .find(|folder| folder.join("CACHEDIR.TAG").exists())
        .map(Path::to_owned)
}
