//! The subset of Markdown that stories are written in: paragraphs, emphasis, lists, quotations and
//! links to pages of the site or to `https` addresses.
//!
//! A text is read into a tree of a few kinds of nodes and nothing else. HTML that somebody types is
//! text like any other: there is no node that could carry it.

use pulldown_cmark::{Event, Options, Parser, Tag};

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    Paragraph(Vec<Inline>),
    Quote(Vec<Block>),
    List { ordered: bool, items: Vec<Vec<Block>> },
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    Text(String),
    Emphasis(Vec<Inline>),
    Strong(Vec<Inline>),
    Link(Href, Vec<Inline>),
    Break,
}

/// Where a link may lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Href {
    /// A page of this site: its path without the language, so that each reader stays in theirs.
    Own(String),
    /// Anything else, by https alone.
    Outside(String),
}

impl Href {
    pub fn parse(text: &str) -> Option<Href> {
        let strange = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
        if text.contains(strange) {
            return None;
        }
        if let Some(path) = text.strip_prefix('/') {
            // "//host/…" leads elsewhere.
            if path.starts_with('/') {
                return None;
            }
            let (first, rest) = path.split_once('/').unwrap_or((path, ""));
            return Some(Href::Own(match crate::Locale::parse(first) {
                Some(_) if rest.is_empty() => String::new(),
                Some(_) => format!("/{}", rest.trim_start_matches('/')),
                None => text.to_owned(),
            }));
        }
        let url = url::Url::parse(text).ok()?;
        let plain = url.username().is_empty() && url.password().is_none();
        (url.scheme() == "https" && url.has_host() && plain).then(|| Href::Outside(url.into()))
    }
}

/// Containers within each other; what is deeper is shown without its own.
const DEEPEST: usize = 10;

/// What a frame becomes when it ends.
#[derive(Debug)]
enum Wrap {
    Paragraph,
    Quote,
    List(bool, Vec<Vec<Block>>),
    Item,
    Emphasis,
    Strong,
    /// None for one that may not lead there: its words stay.
    Link(Option<Href>),
}

#[derive(Debug, Default)]
struct Content {
    blocks: Vec<Block>,
    /// A line that no paragraph holds yet, as in the items of a tight list.
    line: Vec<Inline>,
}

impl Content {
    fn push(&mut self, block: Block) {
        self.end_line();
        self.blocks.push(block);
    }

    fn end_line(&mut self) {
        if !self.line.is_empty() {
            self.blocks.push(Block::Paragraph(std::mem::take(&mut self.line)));
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(Inline::Text(last)) = self.line.last_mut() {
            last.push_str(text);
        } else {
            self.line.push(Inline::Text(text.to_owned()));
        }
    }

    fn whole(mut self) -> Vec<Block> {
        self.end_line();
        self.blocks
    }
}

/// Reads a text. Whatever is typed gives some tree.
pub fn read(text: &str) -> Vec<Block> {
    let mut root = Content::default();
    let mut open: Vec<(Wrap, Content)> = Vec::new();
    // For each container that began, whether it has a frame.
    let mut framed = Vec::new();
    for event in Parser::new_ext(text, Options::empty()) {
        match event {
            Event::Start(tag) => {
                let wrap = wrap_of(&tag).filter(|_| open.len() < DEEPEST);
                framed.push(wrap.is_some());
                match wrap {
                    Some(wrap) => open.push((wrap, Content::default())),
                    None => end_line(open.last_mut().map_or(&mut root, |(_, top)| top), &tag),
                }
            }
            Event::End(_) => {
                if framed.pop() == Some(true)
                    && let Some((wrap, content)) = open.pop()
                {
                    let under = open.last_mut();
                    close(wrap, content, under, &mut root);
                }
            }
            event => {
                let top = open.last_mut().map_or(&mut root, |(_, top)| top);
                match event {
                    Event::Text(text)
                    | Event::Code(text)
                    | Event::Html(text)
                    | Event::InlineHtml(text)
                    | Event::InlineMath(text)
                    | Event::DisplayMath(text)
                    | Event::FootnoteReference(text) => top.text(&text),
                    Event::SoftBreak => top.text(" "),
                    Event::HardBreak => top.line.push(Inline::Break),
                    Event::Rule | Event::TaskListMarker(_) | Event::Start(_) | Event::End(_) => {}
                }
            }
        }
    }
    while let Some((wrap, content)) = open.pop() {
        let under = open.last_mut();
        close(wrap, content, under, &mut root);
    }
    root.whole()
}

/// A block without a frame of its own still begins a new line.
fn end_line(content: &mut Content, tag: &Tag<'_>) {
    if !matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Link { .. } | Tag::Image { .. }) {
        content.end_line();
    }
}

fn wrap_of(tag: &Tag<'_>) -> Option<Wrap> {
    match tag {
        Tag::Paragraph | Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::HtmlBlock => {
            Some(Wrap::Paragraph)
        }
        Tag::BlockQuote(_) => Some(Wrap::Quote),
        Tag::List(first) => Some(Wrap::List(first.is_some(), Vec::new())),
        Tag::Item => Some(Wrap::Item),
        Tag::Emphasis => Some(Wrap::Emphasis),
        Tag::Strong => Some(Wrap::Strong),
        Tag::Link { dest_url, .. } => Some(Wrap::Link(Href::parse(dest_url))),
        // Pictures have a place of their own in the editor; here their words stay.
        Tag::Image { .. } => Some(Wrap::Link(None)),
        _ => None,
    }
}

fn close(
    wrap: Wrap,
    mut content: Content,
    under: Option<&mut (Wrap, Content)>,
    root: &mut Content,
) {
    let (below, list) = match under {
        Some((Wrap::List(_, items), top)) => (top, Some(items)),
        Some((_, top)) => (top, None),
        None => (root, None),
    };
    match wrap {
        Wrap::Paragraph => {
            for block in content.whole() {
                below.push(block);
            }
        }
        Wrap::Quote => below.push(Block::Quote(content.whole())),
        Wrap::List(ordered, items) => {
            below.push(Block::List { ordered, items });
            // What stood in the list and in no item.
            for block in content.whole() {
                below.push(block);
            }
        }
        Wrap::Item => match list {
            Some(items) => items.push(content.whole()),
            None => {
                for block in content.whole() {
                    below.push(block);
                }
            }
        },
        Wrap::Emphasis => below.line.push(Inline::Emphasis(content.line)),
        Wrap::Strong => below.line.push(Inline::Strong(content.line)),
        Wrap::Link(Some(href)) => below.line.push(Inline::Link(href, content.line)),
        Wrap::Link(None) => below.line.append(&mut content.line),
    }
}

/// Addresses of links that lead nowhere they may.
pub fn bad_links(text: &str) -> Vec<String> {
    Parser::new_ext(text, Options::empty())
        .filter_map(|event| match event {
            Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.into_string()),
            _ => None,
        })
        .filter(|link| Href::parse(link).is_none())
        .collect()
}

/// The text alone, a blank between blocks.
pub fn plain(blocks: &[Block]) -> String {
    let mut text = String::new();
    plain_blocks(blocks, &mut text);
    text.trim().to_owned()
}

fn plain_blocks(blocks: &[Block], text: &mut String) {
    for block in blocks {
        match block {
            Block::Paragraph(line) => plain_line(line, text),
            Block::Quote(blocks) => plain_blocks(blocks, text),
            Block::List { items, .. } => items.iter().for_each(|item| plain_blocks(item, text)),
        }
        text.push(' ');
    }
}

fn plain_line(line: &[Inline], text: &mut String) {
    for inline in line {
        match inline {
            Inline::Text(words) => text.push_str(words),
            Inline::Emphasis(line) | Inline::Strong(line) | Inline::Link(_, line) => {
                plain_line(line, text);
            }
            Inline::Break => text.push(' '),
        }
    }
}
