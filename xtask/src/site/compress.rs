//! Compressed siblings of a file, kept by the hash of its content: brotli at its best takes
//! seconds for the wasm, so it runs once for each content.

use std::io::Write as _;
use std::path::Path;

use super::hash;
use crate::run::{AtPath, Failure, target};

/// Fonts and photos are compressed already.
pub fn worthwhile(name: &str) -> bool {
    let end = Path::new(name).extension().and_then(|end| end.to_str());
    matches!(end, Some("css" | "js" | "svg" | "wasm" | "json" | "webmanifest" | "ico" | "html"))
}

/// Brotli and gzip, with the ending of each.
pub fn siblings(content: &[u8]) -> Result<[(&'static str, Vec<u8>); 2], Failure> {
    Ok([
        (
            "br",
            kept(content, "br", |content| {
                let mut out = Vec::new();
                let params = brotli::enc::BrotliEncoderParams {
                    quality: 11,
                    lgwin: 22,
                    ..Default::default()
                };
                brotli::BrotliCompress(&mut &*content, &mut out, &params)?;
                Ok(out)
            })?,
        ),
        (
            "gz",
            kept(content, "gz", |content| {
                let mut gzip =
                    flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
                gzip.write_all(content)?;
                gzip.finish()
            })?,
        ),
    ])
}

fn kept(
    content: &[u8],
    end: &str,
    compress: impl Fn(&[u8]) -> std::io::Result<Vec<u8>>,
) -> Result<Vec<u8>, Failure> {
    let folder = target().join("xtask-cache");
    let path = folder.join(format!("{}.{end}", hash::of(&[content])));
    if let Ok(compressed) = std::fs::read(&path) {
        return Ok(compressed);
    }
    std::fs::create_dir_all(&folder).at(&folder)?;
    let compressed = compress(content).at(&path)?;
    // Written beside and renamed: a build that is interrupted leaves no half file behind.
    let half = path.with_extension(format!("{end}.half"));
    std::fs::write(&half, &compressed).at(&half)?;
    std::fs::rename(&half, &path).at(&path)?;
    Ok(compressed)
}
