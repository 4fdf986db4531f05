//! A letter's content before it is text or HTML: one source for both parts, so that they cannot
//! say different things, and one place where HTML is escaped.

use std::fmt::Write as _;

use crate::Locale;
use crate::words::mail as words;

/// One line of the letter's table.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    pub label: String,
    /// Lines of the value.
    pub lines: Vec<String>,
    pub link: Option<(String, String)>,
}

/// A picture that the letter shows where the reader's program loads any.
#[derive(Debug, Clone)]
pub(super) struct Picture {
    pub address: String,
    pub says: String,
}

#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub locale: Locale,
    pub subject: String,
    pub title: String,
    pub greeting: String,
    pub paragraphs: Vec<String>,
    pub pictures: Vec<Picture>,
    pub facts: Vec<Fact>,
    pub code: Option<String>,
    /// What the code is, where it is no booking's.
    pub code_name: Option<&'static str>,
    /// Words and address.
    pub button: Option<(String, String)>,
    pub small: Vec<String>,
    /// Why the person receives it.
    pub foot: &'static str,
}

impl Draft {
    pub(super) fn fact(&mut self, label: &str, value: impl Into<String>) {
        let value = value.into();
        if !value.trim().is_empty() {
            let lines = value.lines().map(str::to_owned).collect();
            self.facts.push(Fact { label: label.to_owned(), lines, link: None });
        }
    }

    pub(super) fn text(&self) -> String {
        let writing = self.locale.writing();
        let mut text = format!("{}\n\n{}\n\n", self.title, self.greeting);
        for paragraph in &self.paragraphs {
            let _ = write!(text, "{paragraph}\n\n");
        }
        for picture in &self.pictures {
            let _ = writeln!(text, "{}", writing.labelled(&picture.says, &picture.address));
        }
        if !self.pictures.is_empty() {
            text.push('\n');
        }
        if let Some(code) = &self.code {
            let name = self.code_name.unwrap_or_else(|| words::code(self.locale));
            let _ = writeln!(text, "{}", writing.labelled(name, code));
        }
        for fact in &self.facts {
            let _ = writeln!(text, "{}", writing.labelled(&fact.label, fact.lines.join("\n  ")));
            if let Some((words, address)) = &fact.link {
                let _ = writeln!(text, "  {}", writing.labelled(words, address));
            }
        }
        if let Some((words, address)) = &self.button {
            let _ = write!(text, "\n{words}{}\n{address}\n", writing.colon.trim_end());
        }
        if !self.small.is_empty() {
            let _ = write!(text, "\n{}\n", self.small.join("\n"));
        }
        // "-- " marks a signature (RFC 3676 section 4.3).
        let _ = write!(text, "\n-- \n{}\n{}\n", words::site(self.locale), self.foot);
        text
    }

    /// Tables and inline styles: what mail programs understand.
    pub(super) fn html(&self) -> String {
        let mut rows = String::new();
        for paragraph in &self.paragraphs {
            let _ = write!(
                rows,
                "<p class=\"ink\" style=\"margin:12px 0 0;font-size:16px;line-height:26px;color:#23262f;\">{}</p>",
                lines(paragraph.lines())
            );
        }
        for picture in &self.pictures {
            let _ = write!(
                rows,
                "<p style=\"margin:16px 0 0;\"><a class=\"link\" href=\"{0}\" style=\"color:#27457f;\"><img src=\"{0}\" alt=\"{1}\" width=\"448\" style=\"display:block;width:100%;max-width:448px;height:auto;border:0;border-radius:8px;\"></a></p>",
                escape(&picture.address),
                escape(&picture.says),
            );
        }
        let mut facts = String::new();
        for fact in &self.facts {
            let link = fact.link.as_ref().map_or_else(String::new, |(words, address)| {
                format!(
                    "<br><a class=\"link\" href=\"{}\" style=\"color:#27457f;\">{}</a>",
                    escape(address),
                    escape(words)
                )
            });
            let _ = write!(
                facts,
                "<tr><td class=\"soft line\" valign=\"top\" width=\"120\" style=\"padding:11px 12px 11px 0;border-top:1px solid #e4dac7;color:#585a63;font-size:14px;\">{}</td>\
                 <td class=\"ink line\" valign=\"top\" style=\"padding:11px 0;border-top:1px solid #e4dac7;color:#23262f;word-break:break-word;overflow-wrap:anywhere;\">{}{link}</td></tr>",
                escape(&fact.label),
                lines(fact.lines.iter().map(String::as_str)),
            );
        }
        let mut body = String::new();
        if !facts.is_empty() {
            let _ = write!(
                body,
                "<tr><td class=\"pad\" style=\"padding:20px 36px 0;\"><table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"font-size:16px;line-height:25px;\">{facts}</table></td></tr>"
            );
        }
        if let Some(code) = &self.code {
            let _ = write!(
                body,
                "<tr><td class=\"pad\" align=\"center\" style=\"padding:22px 36px 0;\"><table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr><td class=\"code\" style=\"padding:10px 22px;border-radius:8px;background:#e6ecf7;color:#1b3263;font-family:Menlo,Consolas,monospace;font-size:22px;line-height:30px;letter-spacing:2px;\">{}</td></tr></table></td></tr>",
                escape(code)
            );
        }
        if let Some((words, address)) = &self.button {
            let _ = write!(
                body,
                "<tr><td class=\"pad\" align=\"center\" style=\"padding:22px 36px 0;\"><table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr><td class=\"btn\" bgcolor=\"#27457f\" style=\"border-radius:999px;background:#27457f;\"><a href=\"{}\" style=\"display:inline-block;padding:14px 32px;font-size:16px;line-height:24px;font-weight:bold;color:#ffffff;text-decoration:none;\">{}</a></td></tr></table></td></tr>",
                escape(address),
                escape(words)
            );
        }
        let frame = match own_fonts(self.locale) {
            Some(fonts) => FRAME.replace(SERIF, fonts).replace(SANS, fonts),
            None => FRAME.to_owned(),
        };
        frame
            .replace("{lang}", self.locale.tag())
            .replace("{body}", &body)
            .replace("{rows}", &rows)
            .replace("{small}", &lines(self.small.iter().map(String::as_str)))
            .replace("{foot}", &escape(self.foot))
            .replace("{greeting}", &escape(&self.greeting))
            .replace("{title}", &escape(&self.title))
            .replace("{subject}", &escape(&self.subject))
            .replace("{site}", words::site(self.locale))
    }
}

fn lines<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.map(escape).collect::<Vec<_>>().join("<br>")
}

/// Braces too, so that what a guest wrote is never taken for a mark of the frame.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '{' => escaped.push_str("&#123;"),
            '}' => escaped.push_str("&#125;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

const FRAME: &str = include_str!("../../templates/frame.html");
/// As the frame names them.
const SERIF: &str = "Georgia,'Times New Roman',serif";
const SANS: &str = "'Be Vietnam Pro',-apple-system,'Segoe UI',Roboto,Arial,sans-serif";

/// Fonts of a language that the frame's have not: what mail programs take instead of a missing serif
/// is hardly legible.
const fn own_fonts(locale: Locale) -> Option<&'static str> {
    match locale {
        Locale::Vi | Locale::En | Locale::Fr => None,
        Locale::Ko => Some("'Apple SD Gothic Neo','Malgun Gothic','Noto Sans KR',sans-serif"),
        Locale::Zh => Some("'PingFang SC','Microsoft YaHei','Noto Sans SC',sans-serif"),
        Locale::Ja => Some(
            "'Hiragino Sans','Hiragino Kaku Gothic ProN','Yu Gothic','Noto Sans JP',sans-serif",
        ),
    }
}
