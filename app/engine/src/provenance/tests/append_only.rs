//! The chain grows and does nothing else: read from the program's own source.

use std::path::Path;

const TABLES: [&str; 3] =
    ["provenance_entry", "provenance_checkpoint", "provenance_checkpoint_head"];

fn each_source(folder: &Path, look: &mut impl FnMut(&str, &str)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_none_or(|name| name != "tests") {
                each_source(&path, look);
            }
        } else if path.extension().is_some_and(|end| end == "rs") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            // Statements may be broken over lines.
            let source = std::fs::read_to_string(&path).unwrap().replace("\\\n", " ");
            let words: Vec<&str> = source.split_whitespace().collect();
            look(&name, &words.join(" "));
        }
    }
}

#[test]
fn nothing_changes_or_deletes_what_the_chain_holds() {
    let mut inserts = Vec::new();
    let mut heads = Vec::new();
    let mut read = 0;
    each_source(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut |file, source| {
        for table in TABLES {
            read += source.matches(&format!("FROM {table}")).count();
            for verb in [
                "UPDATE ",
                "DELETE FROM ",
                "INSERT INTO ",
                "update( \"",
                "update(\"",
                "update_one(\"",
                "update_all(\"",
            ] {
                assert!(!source.contains(&format!("{verb}{table}")), "{file}: {verb}{table}");
            }
            for verb in ["insert", "insert_if_new", "insert_all", "insert_all_if_new"] {
                let count = source.matches(&format!("{verb}(\"{table}\"")).count();
                inserts.extend(std::iter::repeat_n((file.to_owned(), table), count));
            }
        }
        // A record is locked, its head moved, and ended by whoever appends, and by nobody else.
        for verb in [
            "UPDATE provenance_record",
            "update_one(\"provenance_record\"",
            "update_all(\"provenance_record\"",
        ] {
            heads.extend(std::iter::repeat_n(file.to_owned(), source.matches(verb).count()));
        }
        for gone in ["DELETE FROM provenance_record", "DELETE FROM provenance_key"] {
            assert!(!source.contains(gone), "{file}: {gone}");
        }
    });
    inserts.sort();
    let expected = [
        ("book.rs", "provenance_entry"),
        ("checkpoint.rs", "provenance_checkpoint"),
        ("checkpoint.rs", "provenance_checkpoint_head"),
    ];
    assert_eq!(inserts, expected.map(|(file, table)| (file.to_owned(), table)));
    assert_eq!(heads, ["book.rs", "book.rs", "book.rs"]);
    assert!(read > 5, "the sources are not understood any more");
}
