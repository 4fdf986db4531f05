//! What a frame and the page around it load besides the frame: the line's script, a colour's sheet.

use std::sync::OnceLock;

use axum::extract::RawQuery;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::IntoResponse;
use engine::Locale;
use serde_json::{Map, Value, json};

use crate::api::form::Form;
use crate::t::embed as t;
use crate::ui::look::Look;

const SCRIPT: &str = include_str!("../../../../assets/embed.js");
/// Where the script has its words.
const WORDS: &str = "const WORDS = {};";

/// A day: a line that stands in hundreds of pages is not asked for anew by every reader, and a new
/// version is everywhere by tomorrow.
const DAY: (HeaderName, HeaderValue) =
    (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400"));
/// Pages that want to be isolated load nothing that does not say so.
const ANYWHERE: (HeaderName, HeaderValue) = (
    HeaderName::from_static("cross-origin-resource-policy"),
    HeaderValue::from_static("cross-origin"),
);

/// The script of the one line, with the words of all languages.
pub async fn line() -> impl IntoResponse {
    let kind = HeaderValue::from_static("text/javascript; charset=utf-8");
    ([(header::CONTENT_TYPE, kind), DAY, ANYWHERE], script())
}

fn script() -> &'static str {
    static WITH_WORDS: OnceLock<String> = OnceLock::new();
    WITH_WORDS.get_or_init(|| {
        let words = Locale::ALL.into_iter().map(|locale| {
            let words = json!({
                "title": t::frame_title(locale),
                "book": t::button(locale),
                "close": t::close(locale),
            });
            (locale.code().to_owned(), words)
        });
        let words = Value::Object(words.collect::<Map<String, Value>>());
        SCRIPT.replacen(WORDS, &format!("const WORDS = {words};"), 1)
    })
}

/// The style sheet of a colour; an empty one for what is none.
pub async fn look(RawQuery(query): RawQuery) -> impl IntoResponse {
    let look = Look::of(&Form::of_query(&query.unwrap_or_default()));
    let sheet = look.colour.map(|colour| colour.palette().style_sheet()).unwrap_or_default();
    let kind = HeaderValue::from_static("text/css; charset=utf-8");
    ([(header::CONTENT_TYPE, kind), DAY, ANYWHERE], sheet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::visitor::embed::Kind;

    #[test]
    fn the_script_speaks_all_languages_and_knows_all_kinds() {
        let script = script();
        assert!(!script.contains(WORDS));
        for locale in Locale::ALL {
            assert!(script.contains(&format!("\"{locale}\":{{")), "{locale}");
            assert!(script.contains(t::button(locale)));
        }
        for kind in Kind::ALL {
            let line = format!("{}: \"{}\"", kind.word(), kind.folder());
            assert!(script.contains(&line), "{line}");
        }
    }
}
