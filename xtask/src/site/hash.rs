//! Names that change with the content.

use sha2::{Digest, Sha256};

/// Twelve hex digits of the SHA-256 of all parts.
pub fn of(parts: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part);
    }
    let start =
        digest.finalize().iter().take(6).fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
    format!("{start:012x}")
}

/// `fonts/x.woff2` becomes `fonts/x.HASH.woff2`.
pub fn named(name: &str, content: &[u8]) -> String {
    let hash = of(&[content]);
    match name.rsplit_once('.') {
        Some((stem, end)) => format!("{stem}.{hash}.{end}"),
        None => format!("{name}.{hash}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_stands_before_the_ending_and_follows_the_content() {
        assert_eq!(named("fonts/x.woff2", b"abc"), "fonts/x.ba7816bf8f01.woff2");
        assert_ne!(named("a.css", b"1"), named("a.css", b"2"));
    }
}
