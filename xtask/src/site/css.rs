//! One style sheet out of `style/index.css` and what it imports.

use std::collections::BTreeMap;
use std::path::Path;

use lightningcss::printer::PrinterOptions;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, StyleSheet};

use crate::run::{AtPath, Failure};

const PKG: &str = "/pkg/";

/// The sheet, checked, minified, and with the hashed names of the files it uses.
pub fn bundle(index: &Path, manifest: &BTreeMap<String, String>) -> Result<String, Failure> {
    let text = inline(index)?;
    rename(&minify(&text)?, manifest)
}

/// Replaces each `@import "./part.css";` by that file. All imports of the index stand at its top
/// and name no layer or media, so this is what the browser would do.
fn inline(index: &Path) -> Result<String, Failure> {
    let folder = index.parent().unwrap_or(index);
    let mut sheet = String::new();
    for line in std::fs::read_to_string(index).at(index)?.lines() {
        let part = line.trim().strip_prefix("@import \"./").and_then(|l| l.strip_suffix("\";"));
        if let Some(part) = part {
            let path = folder.join(part);
            let text = std::fs::read_to_string(&path).at(&path)?;
            // Parsed alone first, so that an error names its own file and line.
            parse(&text, part)?;
            sheet.push_str(&text);
        } else {
            sheet.push_str(line);
        }
        sheet.push('\n');
    }
    Ok(sheet)
}

fn parse<'t>(text: &'t str, name: &str) -> Result<StyleSheet<'t>, Failure> {
    StyleSheet::parse(text, ParserOptions::default()).map_err(|error| {
        let at = error.loc.map_or_else(String::new, |loc| format!(":{}", loc.line + 1));
        Failure::new(format!("style/{name}{at}: {}", error.kind), "Correct the style sheet.")
    })
}

fn minify(text: &str) -> Result<String, Failure> {
    let refused = |error: String| Failure::new(format!("style: {error}"), "Correct the style.");
    let mut sheet = parse(text, "index.css")?;
    sheet.minify(MinifyOptions::default()).map_err(|error| refused(error.to_string()))?;
    let options = PrinterOptions { minify: true, ..PrinterOptions::default() };
    Ok(sheet.to_css(options).map_err(|error| refused(error.to_string()))?.code)
}

/// Gives each `/pkg/NAME` its hashed name; one that the site does not have fails the build.
fn rename(sheet: &str, manifest: &BTreeMap<String, String>) -> Result<String, Failure> {
    let mut pieces = sheet.split(PKG);
    let mut renamed = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece
            .find(|c: char| matches!(c, ')' | '"' | '\'' | '#' | '?') || c.is_whitespace())
            .unwrap_or(piece.len());
        let (name, rest) = piece.split_at(end);
        let Some(hashed) = manifest.get(name) else {
            return Err(Failure::new(
                format!("the style sheet names {PKG}{name}, which app/assets does not have"),
                "Add the file or correct the name.",
            ));
        };
        renamed.push_str(PKG);
        renamed.push_str(hashed);
        renamed.push_str(rest);
    }
    Ok(renamed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_get_hashed_names_and_unknown_ones_fail() {
        let manifest = BTreeMap::from([("a.svg".to_owned(), "a.1.svg".to_owned())]);
        let sheet = "a{background:url(/pkg/a.svg#x)}b{background:url(\"/pkg/a.svg\")}";
        let renamed = rename(sheet, &manifest).unwrap();
        assert_eq!(renamed, "a{background:url(/pkg/a.1.svg#x)}b{background:url(\"/pkg/a.1.svg\")}");
        assert!(rename("a{background:url(/pkg/b.svg)}", &manifest).is_err());
    }
}
