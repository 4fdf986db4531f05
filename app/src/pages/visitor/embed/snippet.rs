//! What a host copies into a page of its own: the one line, or mark-up where no script may run.

use std::fmt::Write as _;

use engine::Locale;

use super::Subject;
use crate::t::embed as t;
use crate::ui::escape::escape;
use crate::ui::look::Look;

/// What stands in the other page.
#[derive(Debug, Clone)]
pub struct Snippet {
    pub locale: Locale,
    pub subject: Subject,
    /// As people know it: the tour's title, the workshop's name.
    pub name: String,
    pub look: Look,
    /// A button that opens the calendar, in place of the calendar.
    pub button: bool,
}

impl Snippet {
    /// The line with the script; `base` is the site's address, or empty within the site.
    pub fn line(&self, base: &str) -> String {
        let mut attributes = vec![(self.subject.kind.word(), self.subject.slug.clone())];
        attributes.extend(self.look.pairs());
        attributes.push(("language", self.locale.code().to_owned()));
        let attributes = attributes.iter().fold(String::new(), |mut all, (name, value)| {
            // Writing to a String cannot fail.
            let _ = write!(all, " data-{name}=\"{}\"", escape(value));
            all
        });
        let button = if self.button { " data-button" } else { "" };
        format!("<script async src=\"{}/embed.js\"{attributes}{button}></script>", escape(base))
    }

    /// Address of the page for frames.
    pub fn address(&self, base: &str) -> String {
        let query = serde_html_form::to_string(self.look.pairs()).unwrap_or_default();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{base}/{}{}{mark}{query}", self.locale, self.subject.frame())
    }

    /// A frame of fixed height.
    pub fn frame(&self, base: &str) -> String {
        format!(
            "<iframe src=\"{}\" title=\"{}\" width=\"100%\" height=\"900\" loading=\"lazy\" \
             style=\"border:0\"></iframe>",
            escape(&self.address(base)),
            escape(&t::calendar(self.locale, &self.name)),
        )
    }

    /// A plain link to the page itself.
    pub fn link(&self, base: &str) -> String {
        let page = format!("{base}/{}{}", self.locale, self.subject.page());
        let words = t::book_name(self.locale, &self.name);
        format!("<a href=\"{}\">{}</a>", escape(&page), escape(&words))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::form::Form;
    use crate::pages::visitor::embed::Kind;

    fn snippet(query: &str, button: bool) -> Snippet {
        Snippet {
            locale: Locale::Vi,
            subject: Subject::new(Kind::Tour, "nan-gom-ban-xoay"),
            name: "Nặn <gốm> & \"xoay\"".into(),
            look: Look::of(&Form::of_query(query)),
            button,
        }
    }

    #[test]
    fn the_line_says_what_was_chosen_and_no_more() {
        let base = "https://langnghe.example";
        assert_eq!(
            snippet("colour=%23b5482f", false).line(base),
            "<script async src=\"https://langnghe.example/embed.js\" data-tour=\"nan-gom-ban-xoay\" \
             data-colour=\"b5482f\" data-language=\"vi\"></script>"
        );
        assert_eq!(
            snippet("background=dark&corners=square", true).line(""),
            "<script async src=\"/embed.js\" data-tour=\"nan-gom-ban-xoay\" \
             data-background=\"dark\" data-corners=\"square\" data-language=\"vi\" data-button></script>"
        );
    }

    #[test]
    fn names_are_text_in_it() {
        let frame = snippet("colour=b5482f&corners=square", false).frame("https://a.example");
        assert!(frame.contains(
            "src=\"https://a.example/vi/embed/tours/nan-gom-ban-xoay?colour=b5482f&amp;corners=square\""
        ));
        assert!(frame.contains("Nặn &lt;gốm&gt; &amp; &quot;xoay&quot;"), "{frame}");
        let link = snippet("", false).link("https://a.example");
        assert!(link.starts_with("<a href=\"https://a.example/vi/tours/nan-gom-ban-xoay\">"));
        assert!(!link.contains("<gốm>"), "{link}");
    }
}
