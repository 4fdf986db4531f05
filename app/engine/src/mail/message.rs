//! A rendered letter as a MIME message.

use lettre::message::header::{
    ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue,
};
use lettre::message::{Attachment, Body, Mailbox, Message, MultiPart, SinglePart};

use super::render::Rendered;
use super::transport::{MailSettings, TransportError};
use crate::LetterId;
use crate::email::Email;

/// RFC 3834: written by a program, so that no holiday notice answers it.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }
    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// A header has one line: what is no letter, digit or sign is dropped.
fn one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

fn mailbox(name: &str, email: &str) -> Result<Mailbox, TransportError> {
    let address = email
        .parse()
        .map_err(|error| TransportError::Permanent(format!("the address {email:?}: {error}")))?;
    let name = Some(one_line(name)).filter(|name| !name.is_empty());
    Ok(Mailbox::new(name, address))
}

fn broken(error: impl std::fmt::Display) -> TransportError {
    TransportError::Permanent(format!("the letter cannot be written: {error}"))
}

/// The Message-ID comes from the letter's id: a repeated delivery is recognisable.
pub(super) fn build(
    settings: &MailSettings,
    id: LetterId,
    to: (&str, &str),
    letter: &Rendered,
) -> Result<Message, TransportError> {
    let from = settings.from.to_string();
    let mut message = Message::builder()
        .from(mailbox(&settings.from_name, &from)?)
        .to(mailbox(to.0, to.1)?)
        .subject(one_line(&letter.subject))
        .message_id(Some(format!("<{id}@{}>", settings.from.domain())))
        .header(AutoSubmitted);
    if let Some((name, email)) = &letter.reply_to
        && email.parse::<Email>().is_ok()
    {
        message = message.reply_to(mailbox(name, email)?);
    }
    let mut parts = MultiPart::alternative()
        .singlepart(SinglePart::plain(letter.text.clone()))
        .singlepart(SinglePart::html(letter.html.clone()));
    let Some((method, ics)) = &letter.invite else {
        return message.multipart(parts).map_err(broken);
    };
    // Base64 keeps the calendar's CRLF and long lines as they are; the last part is preferred.
    let kind = format!("text/calendar; charset=UTF-8; method={}", method.as_str());
    let body = || {
        Body::new_with_encoding(ics.clone().into_bytes(), ContentTransferEncoding::Base64)
            .map_err(|_| broken("the invitation"))
    };
    parts = parts.singlepart(
        SinglePart::builder().header(ContentType::parse(&kind).map_err(broken)?).body(body()?),
    );
    let file = ContentType::parse("application/ics; name=\"invite.ics\"").map_err(broken)?;
    message
        .multipart(
            MultiPart::mixed()
                .multipart(parts)
                .singlepart(Attachment::new("invite.ics".to_owned()).body(body()?, file)),
        )
        .map_err(broken)
}
