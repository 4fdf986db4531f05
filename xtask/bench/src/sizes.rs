//! Bytes over the wire of a first visit.

use std::collections::BTreeSet;

use crate::Result;
use crate::client::Client;
use crate::scene::Scene;

/// What a browser loads for a page, by kind, compressed as it comes over the wire.
#[derive(Debug, Default)]
struct Sizes {
    html: usize,
    css: usize,
    script: usize,
    wasm: usize,
    fonts: usize,
    pictures: usize,
    /// Pictures that load when they are scrolled to.
    later: usize,
}

impl Sizes {
    const fn first(&self) -> usize {
        self.html + self.css + self.script + self.wasm + self.fonts + self.pictures
    }
}

pub async fn print(address: &str, scene: &Scene) -> Result<()> {
    println!(
        "  {:<32} {:>6} {:>6} {:>6} {:>6} {:>6} {:>8} {:>6} {:>6}",
        "KB over the wire, brotli",
        "HTML",
        "CSS",
        "JS",
        "wasm",
        "fonts",
        "pictures",
        "all",
        "later"
    );
    let mut pages = scene.pages();
    pages.push(("party form (with islands)", format!("/en/book/{}", scene.one.slot)));
    for (name, path) in pages {
        let sizes = of(address, &path).await?;
        let kb = |bytes: usize| format!("{}.{}", bytes / 1000, bytes % 1000 / 100);
        println!(
            "  {name:<32} {:>6} {:>6} {:>6} {:>6} {:>6} {:>8} {:>6} {:>6}",
            kb(sizes.html),
            kb(sizes.css),
            kb(sizes.script),
            kb(sizes.wasm),
            kb(sizes.fonts),
            kb(sizes.pictures),
            kb(sizes.first()),
            kb(sizes.later),
        );
    }
    Ok(())
}

async fn of(address: &str, path: &str) -> Result<Sizes> {
    let mut client = Client::connect(address).await?;
    let plain = String::from_utf8(client.get(path, "", None).await?.body.to_vec())?;
    let mut sizes =
        Sizes { html: client.get(path, "br", None).await?.body.len(), ..Sizes::default() };
    let mut files = BTreeSet::new();
    let mut lazy = BTreeSet::new();
    for tag in plain.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        // Shared pictures and icons of the device are not loaded with the page.
        if tag.starts_with("meta") || tag.contains("apple-touch-icon") {
            continue;
        }
        let into = if tag.contains("loading=\"lazy\"") { &mut lazy } else { &mut files };
        into.extend(addresses(tag));
    }
    // The islands' script names its wasm in text between tags.
    files.extend(addresses(&plain).into_iter().filter(|file| has_end(file, "wasm")));
    for sheet in files.clone().iter().filter(|file| has_end(file, "css")) {
        let text = client.get(sheet, "", None).await?.body;
        let text = String::from_utf8_lossy(&text);
        files.extend(addresses(&text).into_iter().filter(|file| has_end(file, "woff2")));
    }
    for file in &files {
        let size = client.get(file, "br", None).await?.body.len();
        let kind = match file.rsplit('.').next() {
            Some("css") => &mut sizes.css,
            Some("js") => &mut sizes.script,
            Some("wasm") => &mut sizes.wasm,
            Some("woff2") => &mut sizes.fonts,
            _ => &mut sizes.pictures,
        };
        *kind += size;
    }
    for file in lazy.difference(&files) {
        sizes.later += client.get(file, "br", None).await?.body.len();
    }
    Ok(sizes)
}

fn has_end(file: &str, end: &str) -> bool {
    file.rsplit_once('.').is_some_and(|(_, found)| found == end)
}

/// Files of the site that a text names.
fn addresses(text: &str) -> BTreeSet<String> {
    let ends = |c: char| matches!(c, '"' | '\'' | ')' | '#' | '?' | ' ' | ',' | ';' | '&');
    text.split("/pkg/")
        .skip(1)
        .filter_map(|rest| rest.split(ends).next())
        .filter(|name| name.contains('.'))
        .map(|name| format!("/pkg/{name}"))
        .collect()
}
