//! The site's files: wasm and its script, the style sheet, fonts and pictures. Each gets the hash
//! of its content in its name, so that browsers may keep it forever, and compressed siblings.
//!
//! Result: `target/site/pkg/*` and `target/site/manifest.json` (plain name → hashed name).

mod compress;
mod css;
mod hash;
mod wasm;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::run::{AtPath, Failure, root, step, target};

/// A file of the site: its plain name (`fonts/x.woff2`) and its content.
#[derive(Debug)]
struct File {
    name: String,
    content: Vec<u8>,
    /// A name that carries a hash already, or must stay as another file spells it.
    fixed: bool,
}

pub fn folder() -> PathBuf {
    target().join("site")
}

/// Builds all files that changed.
pub fn build() -> Result<(), Failure> {
    step("wasm", || {
        let wasm = wasm::compile()?;
        wasm::bind(&wasm)
    })
    .and_then(|islands| step("site", || assemble(islands)))
}

fn assemble(islands: wasm::Islands) -> Result<(), Failure> {
    let mut manifest = BTreeMap::new();
    let mut files = Vec::new();
    for file in assets()? {
        let hashed = hash::named(&file.name, &file.content);
        manifest.insert(file.name, hashed.clone());
        files.push(File { name: hashed, content: file.content, fixed: false });
    }
    let sheet = css::bundle(&root().join("style/index.css"), &manifest)?.into_bytes();
    let hashed = hash::named("site.css", &sheet);
    manifest.insert("site.css".to_owned(), hashed.clone());
    files.push(File { name: hashed, content: sheet, fixed: false });

    // Leptos derives both names from one, so both share one hash.
    let hash = hash::of(&[&islands.script, &islands.wasm]);
    for (plain, content) in [("app.js", islands.script), ("app_bg.wasm", islands.wasm)] {
        let hashed = plain.replacen("app", &format!("app.{hash}"), 1);
        manifest.insert(plain.to_owned(), hashed.clone());
        files.push(File { name: hashed, content, fixed: false });
    }
    for (name, content) in islands.snippets {
        files.push(File { name, content, fixed: true });
    }
    write(&files, &manifest)
}

/// Everything below app/assets, except notes and licences' sources for people who read the code.
fn assets() -> Result<Vec<File>, Failure> {
    let folder = root().join("app/assets");
    let mut files = Vec::new();
    for path in below(&folder)? {
        let name = relative(&folder, &path);
        let hidden = name.split('/').any(|part| part.starts_with('.'));
        let note = Path::new(&name).extension().is_some_and(|end| end == "md" || end == "txt");
        if hidden || note {
            continue;
        }
        let content = std::fs::read(&path).at(&path)?;
        files.push(File { name, content, fixed: false });
    }
    Ok(files)
}

fn write(files: &[File], manifest: &BTreeMap<String, String>) -> Result<(), Failure> {
    let pkg = folder().join("pkg");
    let mut wanted = Vec::new();
    let mut raw = 0;
    let mut small = 0;
    for file in files {
        let path = pkg.join(&file.name);
        put(&path, &file.content)?;
        raw += file.content.len();
        let mut best = file.content.len();
        if compress::worthwhile(&file.name) {
            for (end, content) in compress::siblings(&file.content)? {
                let sibling = pkg.join(format!("{}.{end}", file.name));
                put(&sibling, &content)?;
                best = best.min(content.len());
                wanted.push(sibling);
            }
        }
        small += best;
        if file.fixed || file.name.starts_with("app.") || file.name.starts_with("site.") {
            println!("   {:<40} {:>8} B, {best:>7} B compressed", file.name, file.content.len());
        }
        wanted.push(path);
    }
    println!("   {} files, {} KB, {} KB compressed", files.len(), raw / 1000, small / 1000);
    for path in below(&pkg)? {
        if !wanted.contains(&path) {
            std::fs::remove_file(&path).at(&path)?;
        }
    }
    let text = serde_json::to_string_pretty(manifest).unwrap_or_default();
    put(&folder().join("manifest.json"), text.as_bytes())
}

/// Writes a file unless it has this content already: what did not change keeps its date, so that
/// cargo does not build the server again.
fn put(path: &Path, content: &[u8]) -> Result<(), Failure> {
    if std::fs::read(path).is_ok_and(|there| there == content) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).at(folder)?;
    }
    std::fs::write(path, content).at(path)
}

/// All files below a folder, in order of their names.
fn below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        if !folder.exists() {
            continue;
        }
        for entry in std::fs::read_dir(&folder).at(&folder)? {
            let path = entry.at(&folder)?.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}

fn relative(folder: &Path, path: &Path) -> String {
    let path = path.strip_prefix(folder).unwrap_or(path);
    path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}
