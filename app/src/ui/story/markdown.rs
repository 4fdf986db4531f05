//! The tree of a text as elements: each node has its own, and nothing is HTML but what stands here.

use engine::Localized;
use engine::story::markdown::{Block, Href, Inline, read};
use leptos::prelude::*;

use crate::context::Visit;

/// A text in the language in which the visitor reads it.
pub fn text(visit: &Visit, text: &Localized) -> Vec<AnyView> {
    blocks(visit, &read(text.text(visit.locale)), true)
}

/// `outer`: a quotation stands on its own in the page, large.
fn blocks(visit: &Visit, tree: &[Block], outer: bool) -> Vec<AnyView> {
    tree.iter()
        .map(|block| match block {
            Block::Paragraph(words) => view! { <p>{line(visit, words)}</p> }.into_any(),
            Block::Quote(inner) => {
                let class = outer.then_some("pull-quote");
                view! { <blockquote class=class>{blocks(visit, inner, false)}</blockquote> }
                    .into_any()
            }
            Block::List { ordered, items } => {
                let items: Vec<_> = items.iter().map(|each| item(visit, each)).collect();
                if *ordered {
                    view! { <ol>{items}</ol> }.into_any()
                } else {
                    view! { <ul>{items}</ul> }.into_any()
                }
            }
        })
        .collect()
}

/// An item of one line needs no paragraph.
fn item(visit: &Visit, tree: &[Block]) -> AnyView {
    match tree {
        [Block::Paragraph(words)] => view! { <li>{line(visit, words)}</li> }.into_any(),
        tree => view! { <li>{blocks(visit, tree, false)}</li> }.into_any(),
    }
}

fn line(visit: &Visit, words: &[Inline]) -> Vec<AnyView> {
    words
        .iter()
        .map(|inline| match inline {
            Inline::Text(text) => text.clone().into_any(),
            Inline::Emphasis(words) => view! { <em>{line(visit, words)}</em> }.into_any(),
            Inline::Strong(words) => view! { <strong>{line(visit, words)}</strong> }.into_any(),
            Inline::Link(Href::Own(path), words) => {
                view! { <a href=visit.link(path)>{line(visit, words)}</a> }.into_any()
            }
            Inline::Link(Href::Outside(url), words) => view! {
                <a href=url.clone() rel="external noopener nofollow ugc">{line(visit, words)}</a>
            }
            .into_any(),
            Inline::Break => view! { <br/> }.into_any(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Locale;
    use crate::render::to_html;

    fn html(typed: &str) -> String {
        let visit = Visit {
            locale: Locale::En,
            path: String::new(),
            localised: true,
            query: String::new(),
            nonce: String::new(),
            actor: engine::accounts::Actor::Guest,
            base_url: String::new(),
            waiting: std::sync::Arc::default(),
        };
        let typed = Localized { vi: typed.to_owned(), en: typed.to_owned() };
        to_html(move || text(&visit, &typed))
    }

    #[test]
    fn links_stay_in_the_readers_language() {
        let shown = html("[làng](/vi/villages/bat-trang) [ngoài](https://example.com/)");
        assert!(shown.contains("href=\"/en/villages/bat-trang\""), "{shown}");
        assert!(shown.contains("rel=\"external noopener nofollow ugc\""), "{shown}");
        assert!(!html("[x](javascript:alert(1))").contains("href"));
    }

    proptest! {
        /// Whatever is typed: no element and no attribute but those of the subset.
        #[test]
        fn no_html_of_a_host_is_shown(
            typed in r"(\PC|\n|[*_>\[\]()<>/#`!-]|<script>|<img src=x onerror=y>|javascript:|&lt;){0,40}"
        ) {
            let page = scraper::Html::parse_fragment(&html(&typed));
            for node in page.tree.nodes() {
                let Some(element) = node.value().as_element() else { continue };
                // "html" and "body" are the parser's own frame.
                let known = ["html", "body", "p", "em", "strong", "ul", "ol", "li", "blockquote", "a", "br"];
                prop_assert!(known.contains(&element.name()), "{}", element.name());
                for (name, value) in element.attrs() {
                    match name {
                        "href" => prop_assert!(
                            value.starts_with("/en") || value.starts_with("https://"), "{value}"
                        ),
                        "rel" | "class" => {}
                        other => prop_assert!(false, "{other}"),
                    }
                }
            }
        }
    }
}
