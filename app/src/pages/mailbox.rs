//! Letters that were written to files because no SMTP server is set. Without that folder these
//! pages do not exist.

use std::path::Path as FilePath;

use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use engine::mail::mailbox;
use engine::{LetterId, Locale};
use leptos::prelude::*;
use mail_parser::{Message, MessageParser, MimeHeaders};

use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;

/// Letters listed; older ones stay in the folder.
const LISTED: usize = 100;

fn folder(app: &App) -> Result<&FilePath, PageError> {
    app.settings.mailbox.as_deref().ok_or(PageError::NotFound)
}

async fn letter(app: &App, id: &str) -> Result<(LetterId, Vec<u8>), PageError> {
    let id: LetterId = id.parse().map_err(|_| PageError::NotFound)?;
    let bytes = mailbox::read(folder(app)?, id).await.map_err(|_| PageError::NotFound)?;
    Ok((id, bytes))
}

fn parse(bytes: &[u8]) -> Result<Message<'_>, PageError> {
    MessageParser::default().parse(bytes).ok_or(PageError::NotFound)
}

fn recipient(message: &Message<'_>) -> String {
    let address = message.to().and_then(|to| to.first()).and_then(|to| to.address());
    address.unwrap_or_default().to_owned()
}

/// A line of the list.
struct Line {
    id: LetterId,
    subject: String,
    to: String,
    written_at: chrono::DateTime<chrono::Utc>,
}

/// The letter that is open.
struct Open {
    id: LetterId,
    subject: String,
    to: String,
    text: String,
    has_html: bool,
    attachments: Vec<(usize, String)>,
}

pub async fn list(app: State<App>, visit: Visit) -> Result<Response, PageError> {
    answer(&app, visit, None).await
}

pub async fn open(
    app: State<App>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let (id, bytes) = letter(&app, &id).await?;
    let message = parse(&bytes)?;
    let open = Open {
        id,
        subject: message.subject().unwrap_or_default().to_owned(),
        to: recipient(&message),
        text: message.body_text(0).map(std::borrow::Cow::into_owned).unwrap_or_default(),
        has_html: message.html_body_count() > 0,
        attachments: message
            .attachments()
            .enumerate()
            .map(|(at, part)| (at, part.attachment_name().unwrap_or("invite.ics").to_owned()))
            .collect(),
    };
    answer(&app, visit, Some(open)).await
}

async fn answer(app: &App, visit: Visit, open: Option<Open>) -> Result<Response, PageError> {
    let folder = folder(app)?;
    let entries = mailbox::list(folder).await.map_err(|error| {
        tracing::error!(?error, "the mailbox folder cannot be read");
        PageError::NotFound
    })?;
    let mut lines = Vec::new();
    for entry in entries.into_iter().take(LISTED) {
        // A letter that vanished meanwhile is not listed.
        let Ok(bytes) = mailbox::read(folder, entry.id).await else { continue };
        let Ok(message) = parse(&bytes) else { continue };
        lines.push(Line {
            id: entry.id,
            subject: message.subject().unwrap_or_default().to_owned(),
            to: recipient(&message),
            written_at: entry.written_at,
        });
    }
    let locale = visit.locale;
    let title = t::office::mailbox(locale);
    Ok(Page::new(Head::private(title)).render(&visit, move || {
        let current = open.as_ref().map(|open| open.id);
        let none = lines.is_empty().then(|| view! { <p>{t::office::mailbox_empty(locale)}</p> });
        let items: Vec<_> = lines
            .into_iter()
            .map(|line| {
                let here = (current == Some(line.id)).then_some("true");
                let when = format::date_time(locale, line.written_at);
                view! {
                    <li>
                        <a class="mail-item" href=format!("/mailbox/{}", line.id) aria-current=here>
                            <span class="mail-subject">{line.subject}</span>
                            <span class="mail-meta">{line.to}</span>
                            <time class="mail-meta" datetime=line.written_at.to_rfc3339()>{when}</time>
                        </a>
                    </li>
                }
            })
            .collect();
        view! {
            <div class="wrap section-tight stack">
                <h1>{title}</h1>
                <div class="notice" data-tone="info">
                    {icon("info")} <p>{t::office::mailbox_why(locale)}</p>
                </div>
                {none}
                <div class="mailbox">
                    {open.map(|open| opened(locale, open))}
                    <ol class="mail-list">{items}</ol>
                </div>
            </div>
        }
    }))
}

fn opened(locale: Locale, open: Open) -> impl IntoView {
    let id = open.id;
    let attachments: Vec<_> = open
        .attachments
        .into_iter()
        .map(|(at, name)| view! { <a href=format!("/mailbox/{id}/{at}") download=name.clone()>{name.clone()}</a> " " })
        .collect();
    let attached = (!attachments.is_empty()).then(|| {
        view! { <div><dt>{t::office::attached(locale)}</dt><dd>{attachments}</dd></div> }
    });
    let frame = open.has_html.then(|| {
        view! {
            <iframe class="mail-frame" src=format!("/mailbox/{id}/html")
                sandbox="allow-popups allow-popups-to-escape-sandbox"
                title=t::office::letter(locale)></iframe>
        }
    });
    view! {
        <section class="panel" aria-labelledby="letter">
            <h2 class="panel-title" id="letter">{open.subject}</h2>
            <dl class="pairs">
                <div><dt>{t::office::to(locale)}</dt><dd>{open.to}</dd></div>
                {attached}
            </dl>
            {frame}
            <h3>{t::office::as_text(locale)}</h3>
            <pre class="mail-source">{linked(&open.text)}</pre>
            <a class="btn" href=format!("/mailbox/{id}/eml") download>
                {icon("download")} {t::office::download(locale)}
            </a>
        </section>
    }
}

/// The text with its web addresses as links.
fn linked(text: &str) -> Vec<AnyView> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(start) = ["http://", "https://"].iter().filter_map(|p| rest.find(p)).min() {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c: char| c.is_whitespace() || "<>\")".contains(c));
        let (address, after) = from.split_at(end.unwrap_or(from.len()));
        let stop = address.trim_end_matches(['.', ',', ';']);
        let tail = address[stop.len()..].to_owned();
        parts.push(before.to_owned().into_any());
        parts.push(view! { <a href=stop.to_owned()>{stop.to_owned()}</a> }.into_any());
        parts.push(tail.into_any());
        rest = after;
    }
    parts.push(rest.to_owned().into_any());
    parts
}

/// The letter's HTML alone, for the frame: it may run nothing and load nothing but pictures.
pub async fn html(State(app): State<App>, Path(id): Path<String>) -> Result<Response, PageError> {
    let (_, bytes) = letter(&app, &id).await?;
    let message = parse(&bytes)?;
    let html = message.body_html(0).ok_or(PageError::NotFound)?.into_owned();
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data: 'self'; \
                  frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";
    // Links in a letter must not open inside the frame.
    let html = html.replacen("<head>", "<head><base target=\"_blank\">", 1);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)),
        (HeaderName::from_static("x-frame-options"), HeaderValue::from_static("SAMEORIGIN")),
    ];
    Ok((headers, html).into_response())
}

pub async fn eml(State(app): State<App>, Path(id): Path<String>) -> Result<Response, PageError> {
    let (_, bytes) = letter(&app, &id).await?;
    Ok(([(header::CONTENT_TYPE, "message/rfc822")], bytes).into_response())
}

pub async fn attachment(
    State(app): State<App>,
    Path((id, at)): Path<(String, usize)>,
) -> Result<Response, PageError> {
    let (_, bytes) = letter(&app, &id).await?;
    let message = parse(&bytes)?;
    let part = message.attachments().nth(at).ok_or(PageError::NotFound)?;
    let calendar = part.content_type().is_some_and(|kind| kind.subtype() == Some("calendar"));
    let kind = if calendar { "text/calendar; charset=utf-8" } else { "application/octet-stream" };
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, "attachment")];
    Ok((headers, part.contents().to_vec()).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::to_html;

    #[test]
    fn addresses_in_a_text_become_links() {
        let html = to_html(|| view! { <pre>{linked("See https://a.example/x?y=1. <b>")}</pre> });
        assert!(html.contains("<a href=\"https://a.example/x?y=1\">"), "{html}");
        assert!(!html.contains("<b>"), "{html}");
    }
}
