//! Words of the interface, checked when the program is built.
//!
//! `locales/<language>/<area>.toml` holds the messages of one area in one language:
//!
//! ```toml
//! title = "Book"
//! greeting = "Hello {name}"
//! seats_left = { one = "{n} place left", other = "{n} places left" }
//! ```
//!
//! [`generate`] writes a Rust module with a function for each message:
//! `booking::title(locale) -> &'static str`, `booking::greeting(locale, name) -> String`,
//! `booking::seats_left(locale, n) -> String`. A message that a language lacks, or whose
//! placeholders differ between languages, fails the build with its name.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

/// A message in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Text {
    Plain(String),
    /// English-like plural: `one` for n = 1, `other` for all else; languages without
    /// plurals write the same text in both.
    Plural {
        one: String,
        other: String,
    },
}

impl Text {
    fn placeholders(&self) -> BTreeSet<String> {
        match self {
            Text::Plain(text) => placeholders(text),
            Text::Plural { one, other } => {
                let mut all = placeholders(one);
                all.extend(placeholders(other));
                all.insert("n".into());
                all
            }
        }
    }
}

type Messages = BTreeMap<String, Text>;

/// Reads every `<dir>/<language>/*.toml` and returns the source of the module.
/// `languages` pairs a folder name with the variant of `Locale` it stands for;
/// the first one is the reference that the others are compared with.
///
/// # Errors
/// A readable sentence for the first file or message that is missing or malformed.
pub fn generate(dir: &Path, languages: &[(&str, &str)]) -> Result<String, String> {
    let mut source = String::from("// Generated from locales/ by build.rs.\n");
    let Some((reference, _)) = languages.first() else {
        return Err("no language given".into());
    };
    for area in areas(&dir.join(reference))? {
        let mut by_language = Vec::new();
        for (folder, variant) in languages {
            let path = dir.join(folder).join(format!("{area}.toml"));
            let text = std::fs::read_to_string(&path)
                .map_err(|error| format!("{}: {error}", path.display()))?;
            let messages = parse(&text).map_err(|error| format!("{}: {error}", path.display()))?;
            by_language.push((*folder, *variant, messages));
        }
        compare(&area, &by_language)?;
        write_area(&mut source, &area, &by_language);
    }
    Ok(source)
}

fn areas(folder: &Path) -> Result<Vec<String>, String> {
    let entries =
        std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.strip_suffix(".toml")?.into()))
        .collect();
    names.sort();
    Ok(names)
}

fn parse(text: &str) -> Result<Messages, String> {
    let table: toml::Table = text.parse().map_err(|error| format!("{error}"))?;
    let mut messages = Messages::new();
    for (key, value) in table {
        let text = match value {
            toml::Value::String(text) => Text::Plain(text),
            toml::Value::Table(forms) => {
                let form = |name: &str| {
                    forms
                        .get(name)
                        .and_then(toml::Value::as_str)
                        .map(str::to_owned)
                        .ok_or_else(|| format!("{key} lacks the form \"{name}\""))
                };
                Text::Plural { one: form("one")?, other: form("other")? }
            }
            _ => return Err(format!("{key} is neither a text nor {{ one, other }}")),
        };
        messages.insert(key, text);
    }
    Ok(messages)
}

fn compare(area: &str, by_language: &[(&str, &str, Messages)]) -> Result<(), String> {
    let Some((first, _, reference)) = by_language.first() else {
        return Ok(());
    };
    for (language, _, messages) in by_language {
        for (key, text) in reference {
            let Some(other) = messages.get(key) else {
                return Err(format!("{language}/{area}.toml lacks \"{key}\""));
            };
            if text.placeholders() != other.placeholders() {
                return Err(format!(
                    "{area}.{key}: the placeholders differ between {first} and {language}"
                ));
            }
        }
        if let Some(key) = messages.keys().find(|key| !reference.contains_key(*key)) {
            return Err(format!("{first}/{area}.toml lacks \"{key}\", which {language} has"));
        }
    }
    Ok(())
}

fn placeholders(text: &str) -> BTreeSet<String> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name.to_owned())
        .collect()
}

fn write_area(source: &mut String, area: &str, by_language: &[(&str, &str, Messages)]) {
    let Some((_, _, reference)) = by_language.first() else {
        return;
    };
    let _ = writeln!(source, "pub mod {area} {{\n    use crate::Locale;");
    for (key, text) in reference {
        let arguments = text.placeholders();
        let signature = arguments.iter().fold(String::new(), |mut list, name| {
            let kind = if name == "n" { "i64" } else { "impl std::fmt::Display" };
            let _ = write!(list, ", {name}: {kind}");
            list
        });
        let answer = if arguments.is_empty() { "&'static str" } else { "String" };
        let _ = writeln!(source, "    pub fn {key}(locale: Locale{signature}) -> {answer} {{");
        let arms: Vec<(&str, String)> = by_language
            .iter()
            .filter_map(|(_, variant, messages)| Some((*variant, expression(messages.get(key)?))))
            .collect();
        match arms.as_slice() {
            // A name or a number reads the same everywhere.
            [(_, first), rest @ ..] if rest.iter().all(|(_, other)| other == first) => {
                let _ = writeln!(source, "        let _ = locale;\n        {first}");
            }
            _ => {
                let _ = writeln!(source, "        match locale {{");
                for (variant, words) in &arms {
                    let _ = writeln!(source, "            Locale::{variant} => {words},");
                }
                let _ = writeln!(source, "        }}");
            }
        }
        let _ = writeln!(source, "    }}");
    }
    let _ = writeln!(source, "}}");
}

fn expression(text: &Text) -> String {
    match text {
        Text::Plain(text) if placeholders(text).is_empty() => format!("{text:?}"),
        Text::Plain(text) => format!("format!({text:?})"),
        Text::Plural { one, other } if one == other => owned(one),
        Text::Plural { one, other } => {
            format!("if n == 1 {{ {} }} else {{ {} }}", owned(one), owned(other))
        }
    }
}

/// An expression that makes a String of the words.
fn owned(words: &str) -> String {
    if placeholders(words).is_empty() {
        format!("{words:?}.to_owned()")
    } else {
        format!("format!({words:?})")
    }
}

/// Runs [`generate`] for the crate being built and writes `$OUT_DIR/words.rs`; for `build.rs`.
///
/// # Errors
/// What [`generate`] says, or why the file could not be written.
pub fn build(languages: &[(&str, &str)]) -> Result<(), String> {
    println!("cargo::rerun-if-changed=locales");
    let source = generate(Path::new("locales"), languages)?;
    let out = std::env::var("OUT_DIR").map_err(|error| error.to_string())?;
    std::fs::write(Path::new(&out).join("words.rs"), source).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(vi: &str, en: &str) -> Result<String, String> {
        let languages = [("vi", "Vi", parse(vi)?), ("en", "En", parse(en)?)];
        compare("booking", &languages)?;
        let mut source = String::new();
        write_area(&mut source, "booking", &languages);
        Ok(source)
    }

    #[test]
    fn a_message_becomes_a_function_with_its_placeholders() {
        let source = area("hi = \"Chào {name}\"", "hi = \"Hello {name}\"").unwrap();
        assert!(
            source.contains("pub fn hi(locale: Locale, name: impl std::fmt::Display) -> String")
        );
        assert!(source.contains("Locale::Vi => format!(\"Chào {name}\")"));
    }

    #[test]
    fn a_missing_translation_is_named() {
        assert_eq!(area("a = \"x\"", "").unwrap_err(), "en/booking.toml lacks \"a\"");
        assert_eq!(area("", "a = \"x\"").unwrap_err(), "vi/booking.toml lacks \"a\", which en has");
    }

    #[test]
    fn placeholders_must_agree() {
        let error = area("a = \"{n} chỗ\"", "a = \"places\"").unwrap_err();
        assert!(error.contains("booking.a"), "{error}");
    }

    #[test]
    fn plurals_take_a_number() {
        let forms = "a = { one = \"{n} place\", other = \"{n} places\" }";
        let source = area(forms, forms).unwrap();
        assert!(source.contains("pub fn a(locale: Locale, n: i64) -> String"));
        assert!(area("a = { one = \"1\" }", forms).unwrap_err().contains("other"));
    }
}
