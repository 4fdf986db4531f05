//! Names of the site's files. The build gives each a name with its content's hash and writes
//! `manifest.json`; a file that the manifest does not know keeps its plain name.

use std::collections::BTreeMap;
use std::sync::OnceLock;

static MANIFEST: OnceLock<BTreeMap<String, String>> = OnceLock::new();

/// Tells the hashed names, once, at start: plain path under `/pkg` to hashed path.
pub fn set_manifest(manifest: BTreeMap<String, String>) {
    let _ = MANIFEST.set(manifest);
}

/// The address of a file of the site: `url("illustrations/silk-1.svg")`.
pub fn url(path: &str) -> String {
    let name = MANIFEST.get().and_then(|manifest| manifest.get(path));
    format!("/pkg/{}", name.map_or(path, String::as_str))
}

/// `output_name` of the wasm build, hash included.
pub fn wasm_name() -> String {
    let name = MANIFEST.get().and_then(|manifest| manifest.get("app.js"));
    name.and_then(|name| name.strip_suffix(".js")).unwrap_or("app").to_owned()
}
