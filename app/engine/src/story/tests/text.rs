//! The subset of Markdown, and how long a text is.

use proptest::prelude::*;

use crate::Locale;
use crate::story::markdown::{Block, Href, Inline, bad_links, plain, read};
use crate::story::{Art, Drawing, minutes};

fn text(words: &str) -> Inline {
    Inline::Text(words.into())
}

#[test]
fn the_subset_is_read() {
    let tree = read("Đất *ngủ* một **đêm**.\nRồi mới nhào.\n\n- một\n- hai\n\n> Lửa nói sau cùng.");
    assert_eq!(
        tree,
        [
            Block::Paragraph(vec![
                text("Đất "),
                Inline::Emphasis(vec![text("ngủ")]),
                text(" một "),
                Inline::Strong(vec![text("đêm")]),
                text(". Rồi mới nhào."),
            ]),
            Block::List {
                ordered: false,
                items: vec![
                    vec![Block::Paragraph(vec![text("một")])],
                    vec![Block::Paragraph(vec![text("hai")])],
                ],
            },
            Block::Quote(vec![Block::Paragraph(vec![text("Lửa nói sau cùng.")])]),
        ]
    );
    assert_eq!(plain(&tree), "Đất ngủ một đêm. Rồi mới nhào. một hai  Lửa nói sau cùng.");
}

#[test]
fn what_is_not_in_the_subset_is_text() {
    for (typed, shown) in [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("a <b onclick=x>b</b> c", "a <b onclick=x>b</b> c"),
        ("# Tiêu đề", "Tiêu đề"),
        ("`mã`", "mã"),
        ("![ảnh](https://example.com/x.png)", "ảnh"),
    ] {
        assert_eq!(read(typed), [Block::Paragraph(vec![text(shown)])], "{typed}");
    }
}

#[test]
fn links_stay_here_or_go_by_https() {
    let own = |path: &str| Some(Href::Own(path.into()));
    assert_eq!(Href::parse("/villages/bat-trang"), own("/villages/bat-trang"));
    assert_eq!(Href::parse("/en/villages/bat-trang?x=1#y"), own("/villages/bat-trang?x=1#y"));
    assert_eq!(Href::parse("/vi"), own(""));
    assert_eq!(Href::parse("/vi//evil.example"), own("/evil.example"));
    let outside = Href::Outside("https://example.com/a".into());
    assert_eq!(Href::parse("https://example.com/a"), Some(outside));
    for bad in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "http://example.com",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "https://user:pass@example.com",
        "https://",
        "mailto:a@example.com",
        "villages/bat-trang",
        "",
    ] {
        assert_eq!(Href::parse(bad), None, "{bad}");
    }
    let typed = "[một](/villages) [hai](javascript:x) <https://example.com> [ba](http://x.vn)";
    assert_eq!(bad_links(typed), ["javascript:x", "http://x.vn"]);
    // Its words stay.
    assert_eq!(read("[hai](javascript:x)"), [Block::Paragraph(vec![text("hai")])]);
}

#[test]
fn deep_texts_do_no_harm() {
    for typed in [">".repeat(12_000), "- ".repeat(6_000), "*a".repeat(6_000), "[".repeat(12_000)] {
        assert!(depth(&read(&typed)) <= 12);
    }
}

fn depth(blocks: &[Block]) -> usize {
    let inner = |block: &Block| match block {
        Block::Paragraph(line) => line_depth(line),
        Block::Quote(blocks) => depth(blocks),
        Block::List { items, .. } => items.iter().map(|item| depth(item)).max().unwrap_or(0),
    };
    1 + blocks.iter().map(inner).max().unwrap_or(0)
}

fn line_depth(line: &[Inline]) -> usize {
    let inner = |inline: &Inline| match inline {
        Inline::Text(_) | Inline::Break => 0,
        Inline::Emphasis(line) | Inline::Strong(line) | Inline::Link(_, line) => line_depth(line),
    };
    1 + line.iter().map(inner).max().unwrap_or(0)
}

fn links(blocks: &[Block], found: &mut Vec<Href>) {
    for block in blocks {
        match block {
            Block::Paragraph(line) => links_of_line(line, found),
            Block::Quote(blocks) => links(blocks, found),
            Block::List { items, .. } => items.iter().for_each(|item| links(item, found)),
        }
    }
}

fn links_of_line(line: &[Inline], found: &mut Vec<Href>) {
    for inline in line {
        match inline {
            Inline::Text(_) | Inline::Break => {}
            Inline::Emphasis(line) | Inline::Strong(line) => links_of_line(line, found),
            Inline::Link(href, line) => {
                found.push(href.clone());
                links_of_line(line, found);
            }
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read_and_its_links_are_harmless(
        typed in r"(\PC|\n|[*_>\[\]()<>/#`!-]|javascript:|https://|http:|/vi/|<a href=){0,60}"
    ) {
        let tree = read(&typed);
        prop_assert!(depth(&tree) <= 12);
        let mut found = Vec::new();
        links(&tree, &mut found);
        for href in found {
            match href {
                Href::Own(path) => {
                    let local = path.is_empty() || path.starts_with('/') && !path.starts_with("//");
                    prop_assert!(local && !path.contains('\\'), "{path}");
                }
                Href::Outside(url) => prop_assert!(url.starts_with("https://"), "{url}"),
            }
        }
    }

    /// Words without any mark come out as they went in.
    #[test]
    fn plain_words_stay(words in "[a-zđêôơư]{1,8}( [a-zđêôơư]{1,8}){0,9}") {
        prop_assert_eq!(read(&words), [Block::Paragraph(vec![text(&words)])]);
    }
}

#[test]
fn drawings_and_pictures_are_told_apart() {
    assert_eq!(Art::parse(""), Some(Art::None));
    let drawn = Drawing::parse("pottery-6").unwrap();
    assert_eq!(Art::parse("pottery-6"), Some(Art::Drawing(drawn)));
    for nothing in ["pottery-7", "pottery-0", "puppet-1", "pottery", "x", "-1"] {
        assert_eq!(Art::parse(nothing), None, "{nothing}");
    }
    let picture = crate::StoryPictureId::new(chrono::DateTime::UNIX_EPOCH);
    let art = Art::Picture(picture);
    assert_eq!(Art::parse(&String::from(art)), Some(art));
}

#[test]
fn reading_takes_a_minute_at_least() {
    assert_eq!(minutes(0, Locale::Vi), 1);
    assert_eq!(minutes(211, Locale::En), 2);
    assert_eq!(minutes(520, Locale::Vi), 2);
}
