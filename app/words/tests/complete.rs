//! The site's own words: every language says everything.

use std::path::Path;

#[test]
fn no_language_lacks_a_message() {
    let app = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for dir in [app.join("locales"), app.join("engine/locales")] {
        let missing = words::missing(&dir, &words::LANGUAGES).unwrap();
        let named = missing.join("\n");
        assert!(missing.is_empty(), "{} messages are not translated:\n{named}", missing.len());
    }
}
