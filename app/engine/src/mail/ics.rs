//! Writes iCalendar (RFC 5545): invitations that ride on a mail (iTIP, RFC 5546) and the
//! calendar a host subscribes to.
//!
//! Times are written in UTC, so no message depends on a reader's idea of a time zone.

use std::borrow::Cow;
use std::fmt::Write;

use chrono::{DateTime, NaiveDate, Utc};

use crate::email::Email;

const PRODID: &str = "-//Lang Nghe//Booking//EN";
/// Octets in a line without its CRLF (RFC 5545 section 3.1).
const LINE_LENGTH: usize = 75;

/// Something that takes place: a guest's booking, or a departure in a host's calendar.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The same in every message and feed about this event, for ever: `booking-<id>@<domain>`.
    pub uid: String,
    /// Raised with every change that matters to the guest, or calendars ignore the message.
    pub sequence: u32,
    /// When this message was made.
    pub stamp: DateTime<Utc>,
    pub starts_at: DateTime<Utc>,
    /// Left out of the calendar unless later than the start.
    pub ends_at: DateTime<Utc>,
    pub summary: String,
    pub description: String,
    pub location: String,
    /// Latitude and longitude in degrees.
    pub geo: Option<(f64, f64)>,
    /// Page of the event; may be empty, like description and location.
    pub url: String,
    pub status: Status,
    /// Minutes before the start, and what the reminder says.
    pub alarm: Option<(u32, String)>,
    /// Asks shared calendars to hide the details.
    pub class_private: bool,
    pub last_modified: DateTime<Utc>,
}

impl Event {
    /// Of a calendar that people subscribe to: it takes place, its details are theirs alone, and it is as
    /// it was last changed.
    pub fn in_feed(
        uid: String,
        changed: DateTime<Utc>,
        (starts_at, ends_at): (DateTime<Utc>, DateTime<Utc>),
        summary: String,
    ) -> Event {
        Event {
            uid,
            sequence: 0,
            stamp: changed,
            starts_at,
            ends_at,
            summary,
            description: String::new(),
            location: String::new(),
            geo: None,
            url: String::new(),
            status: Status::Confirmed,
            alarm: None,
            class_private: true,
            last_modified: changed,
        }
    }
}

/// A person or workshop with a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    pub name: String,
    pub email: Email,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Tentative,
    Confirmed,
    Cancelled,
}

/// What an invitation asks of the calendar that receives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Enter the event, or change it.
    Request,
    /// Take it out.
    Cancel,
    /// Several events at once, each with a state of its own: RFC 5546 lets one message ask for
    /// one event only, so these are shown and not asked for.
    Publish,
}

impl Method {
    /// The word in the message, and in the `method` parameter of its media type.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Request => "REQUEST",
            Method::Cancel => "CANCEL",
            Method::Publish => "PUBLISH",
        }
    }
}

/// A calendar to subscribe to.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    pub name: String,
    pub events: Vec<Event>,
    pub days: Vec<AllDay>,
}

/// Whole days with a note, such as a closure. They do not block the reader's time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllDay {
    pub uid: String,
    pub first: NaiveDate,
    /// The last day itself, not the day after.
    pub last: NaiveDate,
    pub summary: String,
    pub last_modified: DateTime<Utc>,
}

/// An iTIP message to one guest, with what RFC 5546 sections 3.2.2 and 3.2.5 demand.
///
/// The organizer must be the sender of the mail and the attendee its recipient, or mail
/// programs show no card. A cancellation always has status CANCELLED and no alarm.
pub fn invite(method: Method, event: &Event, organizer: &Party, attendee: &Party) -> String {
    let mut lines = Lines::calendar();
    lines.line(&format!("METHOD:{}", method.as_str()));
    lines.line("BEGIN:VEVENT");
    let status = match (method, event.status) {
        (Method::Cancel, _) => Some(Status::Cancelled),
        // A REQUEST may not say CANCELLED; without a status it stays a valid message.
        (Method::Request, Status::Cancelled) => None,
        (Method::Request | Method::Publish, status) => Some(status),
    };
    lines.event(event, status, event.stamp);
    lines.line(&format!("ORGANIZER{}:{}", common_name(&organizer.name), mailto(&organizer.email)));
    // RSVP=FALSE spares us the replies of calendars: the booking is already agreed on.
    lines.line(&format!(
        "ATTENDEE{};CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:{}",
        common_name(&attendee.name),
        mailto(&attendee.email),
    ));
    if method == Method::Request {
        lines.alarm(event);
    }
    lines.line("END:VEVENT");
    lines.end()
}

/// A PUBLISH of several events (RFC 5546 section 3.2.1): the organizer is named in each, nobody is
/// asked. A cancelled event has no alarm.
pub fn publish(events: &[Event], organizer: &Party) -> String {
    let mut lines = Lines::calendar();
    lines.line("METHOD:PUBLISH");
    for event in events {
        lines.line("BEGIN:VEVENT");
        lines.event(event, Some(event.status), event.stamp);
        let name = common_name(&organizer.name);
        lines.line(&format!("ORGANIZER{name}:{}", mailto(&organizer.email)));
        if event.status != Status::Cancelled {
            lines.alarm(event);
        }
        lines.line("END:VEVENT");
    }
    lines.end()
}

/// The text of a feed. It depends on nothing but the feed, so that its hash can be an `ETag`.
///
/// Without METHOD, organizer and attendees: a reader subscribes, nobody is invited.
pub fn feed(feed: &Feed) -> String {
    let mut lines = Lines::calendar();
    // NAME and REFRESH-INTERVAL are RFC 7986; the X- names are what older programs read.
    lines.text_if_any("NAME", &feed.name);
    lines.text_if_any("X-WR-CALNAME", &feed.name);
    lines.line("X-WR-TIMEZONE:Asia/Ho_Chi_Minh");
    lines.line("REFRESH-INTERVAL;VALUE=DURATION:PT15M");
    lines.line("X-PUBLISHED-TTL:PT15M");
    // A calendar needs at least one component, and a feed may have no event yet.
    for line in [
        "BEGIN:VTIMEZONE",
        "TZID:Asia/Ho_Chi_Minh",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0700",
        "TZOFFSETTO:+0700",
        "TZNAME:+07",
        "END:STANDARD",
        "END:VTIMEZONE",
    ] {
        lines.line(line);
    }
    for event in &feed.events {
        lines.line("BEGIN:VEVENT");
        // Without METHOD, DTSTAMP is the last change of the data (RFC 5545 section 3.8.7.2).
        lines.event(event, Some(event.status), event.last_modified);
        if event.status != Status::Cancelled {
            lines.alarm(event);
        }
        lines.line("END:VEVENT");
    }
    for days in &feed.days {
        lines.all_day(days);
    }
    lines.end()
}

/// A calendar being written, line by line.
struct Lines(String);

impl Lines {
    fn calendar() -> Lines {
        let mut lines = Lines(String::new());
        lines.line("BEGIN:VCALENDAR");
        lines.line(&format!("PRODID:{PRODID}"));
        lines.line("VERSION:2.0");
        lines.line("CALSCALE:GREGORIAN");
        lines
    }

    fn end(mut self) -> String {
        self.line("END:VCALENDAR");
        self.0
    }

    /// Appends a content line, folded between characters at 75 octets.
    fn line(&mut self, line: &str) {
        let mut rest = line;
        let mut room = LINE_LENGTH;
        while rest.len() > room {
            let (part, after) = rest.split_at(rest.floor_char_boundary(room));
            self.0.push_str(part);
            self.0.push_str("\r\n ");
            rest = after;
            // The space that marks a continuation counts.
            room = LINE_LENGTH - 1;
        }
        self.0.push_str(rest);
        self.0.push_str("\r\n");
    }

    fn text(&mut self, name: &str, value: &str) {
        self.line(&format!("{name}:{}", escape_text(value)));
    }

    fn text_if_any(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.text(name, value);
        }
    }

    fn time(&mut self, name: &str, at: DateTime<Utc>) {
        self.line(&format!("{name}:{}", at.format("%Y%m%dT%H%M%SZ")));
    }

    /// The properties that invitations and feeds share, except the BEGIN and END.
    fn event(&mut self, event: &Event, status: Option<Status>, stamp: DateTime<Utc>) {
        self.text("UID", &event.uid);
        self.time("DTSTAMP", stamp);
        self.time("LAST-MODIFIED", event.last_modified);
        self.line(&format!("SEQUENCE:{}", event.sequence));
        match status {
            Some(Status::Tentative) => self.line("STATUS:TENTATIVE"),
            Some(Status::Confirmed) => self.line("STATUS:CONFIRMED"),
            Some(Status::Cancelled) => self.line("STATUS:CANCELLED"),
            None => {}
        }
        self.time("DTSTART", event.starts_at);
        if event.ends_at > event.starts_at {
            self.time("DTEND", event.ends_at);
        }
        self.text("SUMMARY", &event.summary);
        self.text_if_any("LOCATION", &event.location);
        if let Some((latitude, longitude)) = event.geo
            && latitude.abs() <= 90.0
            && longitude.abs() <= 180.0
        {
            self.line(&format!("GEO:{latitude:.6};{longitude:.6}"));
        }
        self.text_if_any("DESCRIPTION", &event.description);
        if !event.url.is_empty() {
            self.line(&format!("URL:{}", uri(&event.url)));
        }
        if event.class_private {
            self.line("CLASS:PRIVATE");
        }
        // Programs that do not know STATUS at least free the time.
        let cancelled = status == Some(Status::Cancelled);
        self.line(if cancelled { "TRANSP:TRANSPARENT" } else { "TRANSP:OPAQUE" });
    }

    fn alarm(&mut self, event: &Event) {
        let Some((minutes, text)) = &event.alarm else {
            return;
        };
        self.line("BEGIN:VALARM");
        self.line("ACTION:DISPLAY");
        self.line(&match minutes {
            0 => "TRIGGER:PT0M".to_owned(),
            _ if minutes % 1440 == 0 => format!("TRIGGER:-P{}D", minutes / 1440),
            _ if minutes % 60 == 0 => format!("TRIGGER:-PT{}H", minutes / 60),
            _ => format!("TRIGGER:-PT{minutes}M"),
        });
        self.text("DESCRIPTION", text);
        self.line("END:VALARM");
    }

    fn all_day(&mut self, days: &AllDay) {
        self.line("BEGIN:VEVENT");
        self.text("UID", &days.uid);
        self.time("DTSTAMP", days.last_modified);
        self.time("LAST-MODIFIED", days.last_modified);
        self.line(&format!("DTSTART;VALUE=DATE:{}", days.first.format("%Y%m%d")));
        // The end is the day after the last; one day alone needs none.
        if let Some(after) = days.last.succ_opt().filter(|_| days.last > days.first) {
            self.line(&format!("DTEND;VALUE=DATE:{}", after.format("%Y%m%d")));
        }
        self.text("SUMMARY", &days.summary);
        self.line("TRANSP:TRANSPARENT");
        self.line("END:VEVENT");
    }
}

/// TEXT as RFC 5545 section 3.3.11 has it. Line ends become `\n`; other control characters,
/// which a calendar cannot hold, are dropped.
fn escape_text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in unix_lines(text).chars() {
        match c {
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            '\t' => escaped.push(c),
            _ if c.is_control() => {}
            _ => escaped.push(c),
        }
    }
    escaped
}

/// The CN parameter, quoted and encoded as RFC 6868 has it; nothing for an empty name.
/// Not every reader decodes that, so the line ends a name should not have become spaces.
fn common_name(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    for c in unix_lines(name).chars() {
        match c {
            '^' => encoded.push_str("^^"),
            '"' => encoded.push_str("^'"),
            '\n' | '\t' => encoded.push(' '),
            _ if c.is_control() => {}
            _ => encoded.push(c),
        }
    }
    let encoded = encoded.trim();
    if encoded.is_empty() { String::new() } else { format!(";CN=\"{encoded}\"") }
}

fn unix_lines(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// A link as a URI value, which has no escapes: whatever a URI cannot hold is
/// percent-encoded.
fn uri(link: &str) -> String {
    percent_encoded(link, |byte| byte.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&byte))
}

/// An address as RFC 6068 writes it.
fn mailto(email: &Email) -> String {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"@.!$'*+-_~".contains(&byte);
    format!("mailto:{}", percent_encoded(email.as_str(), allowed))
}

fn percent_encoded(text: &str, allowed: impl Fn(u8) -> bool) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if allowed(byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests;
