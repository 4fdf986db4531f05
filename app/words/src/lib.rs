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
//! `booking::seats_left(locale, n) -> String`. What fails the build, with its name: a message that
//! Vietnamese or English lacks, one that only another language has, placeholders that differ,
//! a plural with other forms than its language has. Where one of the other languages lacks a message,
//! its function answers in English; [`missing`] names these, and a test wants none.
//!
//! The functions hold no text: all messages of a language are one string, in which each has its
//! place. So a message costs the compiler a call, in however many languages it is.

pub mod runtime;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use runtime::Plural;

/// A language of the interface, as `engine::Locale` has it.
#[derive(Debug, Clone, Copy)]
pub struct Language {
    /// Its folder in `locales/`.
    pub folder: &'static str,
    /// The variant of `Locale`.
    pub variant: &'static str,
    pub plural: Plural,
    /// A message that it lacks fails the build.
    pub required: bool,
}

const fn language(
    folder: &'static str,
    variant: &'static str,
    plural: Plural,
    required: bool,
) -> Language {
    Language { folder, variant, plural, required }
}

/// All languages; the first one is the reference that the others are compared with.
pub const LANGUAGES: [Language; 6] = [
    language("vi", "Vi", Plural::One, true),
    language("en", "En", Plural::One, true),
    language("ko", "Ko", Plural::Never, false),
    language("zh", "Zh", Plural::Never, false),
    language("ja", "Ja", Plural::Never, false),
    language("fr", "Fr", Plural::ZeroAndOne, false),
];

/// Answers where another language lacks a message.
const ENGLISH: &str = "en";

/// A message in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Text {
    Plain(String),
    /// What is said of numbers that count as one, and of all others. Where nothing counts as one,
    /// `one` is empty.
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

/// The messages of an area in a language.
type InLanguage = (Language, Messages);

/// What [`generate`] writes: a Rust module and, beside it, the text of each language.
#[derive(Debug)]
pub struct Generated {
    pub source: String,
    /// Name of the file and what is in it.
    pub texts: Vec<(String, String)>,
}

/// Reads every `<dir>/<language>/*.toml`.
///
/// # Errors
/// A readable sentence for the first file or message that is missing or malformed.
pub fn generate(dir: &Path, languages: &[Language]) -> Result<Generated, String> {
    let mut module = Module::new(languages);
    for area in areas(dir, languages)? {
        let by_language = read_area(dir, &area, languages)?;
        compare(&area, &by_language)?;
        module.add(&area, &by_language);
    }
    Ok(module.finish())
}

/// What the languages lack that may lack something, as "ko/booking.toml lacks "title"".
///
/// # Errors
/// As [`generate`].
pub fn missing(dir: &Path, languages: &[Language]) -> Result<Vec<String>, String> {
    let mut missing = Vec::new();
    for area in areas(dir, languages)? {
        let by_language = read_area(dir, &area, languages)?;
        compare(&area, &by_language)?;
        missing.extend(by_language.iter().flat_map(|one| lacks(&area, &by_language, one)));
    }
    missing.sort();
    Ok(missing)
}

/// All messages of a language that are said as they stand, without a number or a value.
///
/// # Errors
/// As [`generate`].
pub fn plain(dir: &Path, language: Language) -> Result<BTreeSet<String>, String> {
    let mut plain = BTreeSet::new();
    for area in areas(dir, &[language])? {
        for (_, messages) in read_area(dir, &area, &[language])? {
            plain.extend(messages.into_values().filter_map(|text| match text {
                Text::Plain(text) if placeholders(&text).is_empty() => Some(text),
                Text::Plain(_) | Text::Plural { .. } => None,
            }));
        }
    }
    Ok(plain)
}

fn areas(dir: &Path, languages: &[Language]) -> Result<Vec<String>, String> {
    let mut names = BTreeSet::new();
    for language in languages {
        let folder = dir.join(language.folder);
        match std::fs::read_dir(&folder) {
            Ok(entries) => names.extend(entries.filter_map(|entry| {
                Some(entry.ok()?.file_name().to_str()?.strip_suffix(".toml")?.to_owned())
            })),
            Err(error) if language.required => {
                return Err(format!("{}: {error}", folder.display()));
            }
            Err(_) => {}
        }
    }
    Ok(names.into_iter().collect())
}

fn read_area(dir: &Path, area: &str, languages: &[Language]) -> Result<Vec<InLanguage>, String> {
    let read = |language: &Language| {
        let path = dir.join(language.folder).join(format!("{area}.toml"));
        let messages = match std::fs::read_to_string(&path) {
            Ok(text) => parse(&text, language.plural),
            Err(_) if !language.required => Ok(Messages::new()),
            Err(error) => Err(error.to_string()),
        };
        let messages = messages.map_err(|error| format!("{}: {error}", path.display()))?;
        Ok((*language, messages))
    };
    languages.iter().map(read).collect()
}

fn parse(text: &str, plural: Plural) -> Result<Messages, String> {
    let table: toml::Table = text.parse().map_err(|error| format!("{error}"))?;
    let mut messages = Messages::new();
    for (key, value) in table {
        let text = match value {
            toml::Value::String(text) if text.is_empty() => return Err(format!("{key} is empty")),
            toml::Value::String(text) => Text::Plain(text),
            toml::Value::Table(forms) => forms_of(&key, &forms, plural)?,
            _ => return Err(format!("{key} is neither a text nor {{ one, other }}")),
        };
        messages.insert(key, text);
    }
    Ok(messages)
}

fn forms_of(key: &str, forms: &toml::Table, plural: Plural) -> Result<Text, String> {
    let names: &[&str] = if plural == Plural::Never { &["other"] } else { &["one", "other"] };
    if let Some(name) = forms.keys().find(|name| !names.contains(&name.as_str())) {
        return Err(format!("{key} has the form \"{name}\", which the language has not"));
    }
    let form = |name: &str| {
        if !names.contains(&name) {
            return Ok(String::new());
        }
        let text = forms.get(name).and_then(toml::Value::as_str).filter(|text| !text.is_empty());
        text.map(str::to_owned).ok_or_else(|| format!("{key} lacks the form \"{name}\""))
    };
    Ok(Text::Plural { one: form("one")?, other: form("other")? })
}

fn lacks(area: &str, by_language: &[InLanguage], (language, messages): &InLanguage) -> Vec<String> {
    let reference = by_language.first().map(|(_, reference)| reference.keys());
    let lacking = reference.into_iter().flatten().filter(|key| !messages.contains_key(*key));
    lacking.map(|key| format!("{}/{area}.toml lacks \"{key}\"", language.folder)).collect()
}

fn compare(area: &str, by_language: &[InLanguage]) -> Result<(), String> {
    let Some((first, reference)) = by_language.first() else {
        return Ok(());
    };
    for one in by_language {
        let (language, messages) = one;
        if language.required
            && let Some(lacking) = lacks(area, by_language, one).into_iter().next()
        {
            return Err(lacking);
        }
        for (key, text) in messages {
            let Some(known) = reference.get(key) else {
                return Err(format!(
                    "{}/{area}.toml lacks \"{key}\", which {} has",
                    first.folder, language.folder
                ));
            };
            if text.placeholders() != known.placeholders() {
                return Err(format!(
                    "{area}.{key}: the placeholders differ between {} and {}",
                    first.folder, language.folder
                ));
            }
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

/// The module as it is written, and the text of each language with where its messages end.
struct Module {
    languages: Vec<Language>,
    functions: String,
    texts: Vec<(String, Vec<usize>)>,
    /// Places that are taken, the same in each language.
    taken: usize,
}

impl Module {
    fn new(languages: &[Language]) -> Self {
        Self {
            languages: languages.to_vec(),
            functions: String::new(),
            texts: vec![(String::new(), Vec::new()); languages.len()],
            taken: 0,
        }
    }

    fn add(&mut self, area: &str, by_language: &[InLanguage]) {
        let Some((_, reference)) = by_language.first() else {
            return;
        };
        let _ = writeln!(self.functions, "pub mod {area} {{\n    use crate::Locale;");
        for (key, text) in reference {
            let all = |(_, messages): &InLanguage| messages.get(key).cloned();
            self.message(key, &text.placeholders(), by_language.iter().map(all).collect());
        }
        let _ = writeln!(self.functions, "}}");
    }

    fn message(&mut self, key: &str, arguments: &BTreeSet<String>, texts: Vec<Option<Text>>) {
        let plural = texts.iter().flatten().any(|text| matches!(text, Text::Plural { .. }));
        let place = self.taken;
        for ((text, ends), message) in self.texts.iter_mut().zip(texts) {
            let (one, other) = match message {
                None => (String::new(), String::new()),
                Some(Text::Plain(text)) => (text.clone(), text),
                Some(Text::Plural { one, other }) => (one, other),
            };
            if plural {
                text.push_str(&one);
                ends.push(text.len());
            }
            text.push_str(&other);
            ends.push(text.len());
        }
        self.taken += if plural { 2 } else { 1 };

        let signature = arguments.iter().fold(String::new(), |mut list, name| {
            let kind = if name == "n" { "i64" } else { "impl std::fmt::Display" };
            let _ = write!(list, ", {name}: {kind}");
            list
        });
        let words = if plural {
            format!("super::count(locale, {place}, n)")
        } else {
            format!("super::say(locale, {place})")
        };
        let (answer, body) = if arguments.is_empty() {
            ("&'static str", words)
        } else {
            let values: Vec<String> =
                arguments.iter().map(|name| format!("({name:?}, &{name})")).collect();
            ("String", format!("super::fill({words}, &[{}])", values.join(", ")))
        };
        let _ = writeln!(
            self.functions,
            "    pub fn {key}(locale: Locale{signature}) -> {answer} {{\n        {body}\n    }}"
        );
    }

    fn finish(self) -> Generated {
        let mut source = String::from("// Generated from locales/ by build.rs.\n");
        let runtime = include_str!("runtime.rs");
        let _ =
            writeln!(source, "mod runtime {{\n{runtime}}}\nuse runtime::{{Plural, Texts, fill}};");
        let _ = writeln!(source, "static TEXTS: [Texts; {}] = [", self.languages.len());
        let mut texts = Vec::new();
        for (language, (text, ends)) in self.languages.iter().zip(self.texts) {
            let file = format!("words.{}.txt", language.folder);
            let ends: Vec<String> = ends.iter().map(ToString::to_string).collect();
            let _ = writeln!(
                source,
                "    Texts {{ text: include_str!(concat!(env!(\"OUT_DIR\"), \"/{file}\")), \
                 plural: Plural::{:?}, ends: &[{}] }},",
                language.plural,
                ends.join(",")
            );
            texts.push((file, text));
        }
        let at = |(at, language): (usize, &Language)| {
            format!("crate::Locale::{} => &TEXTS[{at}]", language.variant)
        };
        let arms: Vec<String> = self.languages.iter().enumerate().map(at).collect();
        let english = self.languages.iter().position(|one| one.folder == ENGLISH).unwrap_or(0);
        let _ = writeln!(
            source,
            "];
fn texts(locale: crate::Locale) -> &'static Texts {{
    match locale {{ {} }}
}}
fn say(locale: crate::Locale, at: usize) -> &'static str {{
    runtime::say(texts(locale), &TEXTS[{english}], at)
}}
fn count(locale: crate::Locale, at: usize, n: i64) -> &'static str {{
    runtime::count(texts(locale), &TEXTS[{english}], at, n)
}}",
            arms.join(", ")
        );
        source.push_str(&self.functions);
        Generated { source, texts }
    }
}

/// Runs [`generate`] for the crate being built and writes `$OUT_DIR/words.rs`; for `build.rs`.
///
/// # Errors
/// What [`generate`] says, or why a file could not be written.
pub fn build() -> Result<(), String> {
    println!("cargo::rerun-if-changed=locales");
    let generated = generate(Path::new("locales"), &LANGUAGES)?;
    let out = std::env::var("OUT_DIR").map_err(|error| error.to_string())?;
    let write = |name: &str, text: &str| {
        std::fs::write(Path::new(&out).join(name), text).map_err(|error| error.to_string())
    };
    for (name, text) in &generated.texts {
        write(name, text)?;
    }
    write("words.rs", &generated.source)
}

#[cfg(test)]
mod tests;
