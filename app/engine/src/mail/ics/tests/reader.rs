//! What another implementation reads out of the calendars.

use super::*;
use calcard::common::IanaString;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarParameterName,
    ICalendarProperty, ICalendarValue, Uri,
};
use chrono::TimeDelta;
use proptest::prelude::*;

fn parsed(ics: &str) -> ICalendar {
    ICalendar::parse(ics).unwrap_or_else(|entry| panic!("{entry:?} in {ics}"))
}

fn only_event(calendar: &ICalendar) -> &ICalendarComponent {
    let mut events = calendar.components.iter().filter(|c| c.component_type.is_event());
    let event = events.next().unwrap();
    assert!(events.next().is_none(), "one event");
    event
}

fn text<'a>(component: &'a ICalendarComponent, name: &ICalendarProperty) -> &'a str {
    // The reader has no value for a text that is empty.
    component.property(name).unwrap().values.first().map_or("", |value| value.as_text().unwrap())
}

fn time(component: &ICalendarComponent, name: &ICalendarProperty) -> DateTime<Utc> {
    let value = component.property(name).unwrap().values[0].as_partial_date_time().unwrap();
    assert_eq!((value.tz_hour, value.tz_minute), (Some(0), Some(0)), "in UTC");
    value.to_date_time().unwrap().date_time.and_utc()
}

#[test]
fn a_reader_understands_a_request() {
    let event = event();
    let calendar = parsed(&invite(Method::Request, &event, &organizer(), &guest()));
    let read = only_event(&calendar);
    assert_eq!(read.uid(), Some(event.uid.as_str()));
    assert_eq!(text(read, &ICalendarProperty::Summary), event.summary);
    assert_eq!(text(read, &ICalendarProperty::Description), event.description);
    assert_eq!(text(read, &ICalendarProperty::Location), event.location);
    assert_eq!(time(read, &ICalendarProperty::Dtstamp), event.stamp);
    assert_eq!(time(read, &ICalendarProperty::Dtstart), event.starts_at);
    assert_eq!(time(read, &ICalendarProperty::Dtend), event.ends_at);
    let geo = &read.property(&ICalendarProperty::Geo).unwrap().values;
    assert_eq!(geo[..], [ICalendarValue::Float(20.9766), ICalendarValue::Float(105.9122)]);
    let attendee = read.property(&ICalendarProperty::Attendee).unwrap();
    assert_eq!(attendee.calendar_address(), Some("a@example.com"));
    assert_eq!(calendar.alarms_for_id(1).count(), 1);
}

#[test]
fn a_name_cannot_add_lines_or_parameters() {
    let evil = "A\";ROLE=CHAIR:x\r\nATTENDEE:mailto:spy@example.com\0\u{85}^n, B";
    let event = Event {
        summary: evil.to_owned(),
        uid: "1\r\nX:1".to_owned(),
        url: "https://langnghe.example/\r\nX-EVIL:1 \"ă".to_owned(),
        ..event()
    };
    let ics = invite(Method::Request, &event, &party(evil, "b@example.com"), &guest());
    let lines = unfold(&ics);
    assert!(!lines.iter().any(|line| line.starts_with('X') || line.contains('\0')));
    assert_eq!(lines.iter().filter(|line| line.starts_with("ATTENDEE")).count(), 1);
    assert!(lines.contains(&"URL:https://langnghe.example/%0D%0AX-EVIL:1%20%22%C4%83".to_owned()));
    let calendar = parsed(&ics);
    let read = only_event(&calendar);
    let expected = "A\";ROLE=CHAIR:x\nATTENDEE:mailto:spy@example.com^n, B";
    assert_eq!(text(read, &ICalendarProperty::Summary), expected);
    let organizer = read.property(&ICalendarProperty::Organizer).unwrap();
    assert_eq!(organizer.params.len(), 1);
    // calcard leaves the encoding of RFC 6868 as it stands.
    assert_eq!(
        organizer.parameter(&ICalendarParameterName::Cn).unwrap().as_text(),
        Some("A^';ROLE=CHAIR:x ATTENDEE:mailto:spy@example.com^^n, B")
    );
    assert_eq!(organizer.calendar_address(), Some("b@example.com"));
}

#[test]
fn a_reader_understands_a_feed() {
    let calendar = parsed(&feed(&sample_feed()));
    let events: Vec<_> =
        calendar.components.iter().filter(|c| c.component_type.is_event()).collect();
    let uids: Vec<_> = events.iter().filter_map(|event| event.uid()).collect();
    assert_eq!(
        uids,
        ["booking-918@langnghe.example", "slot-2@langnghe.example", "closed-1@langnghe.example"]
    );
    assert_eq!(time(events[0], &ICalendarProperty::Dtstamp), event().last_modified);
    let shown = |component: &ICalendarComponent| {
        (
            component.status().map(IanaString::as_str),
            component.transparency().map(IanaString::as_str),
        )
    };
    assert_eq!(shown(events[0]), (Some("CONFIRMED"), Some("OPAQUE")));
    assert_eq!(shown(events[1]), (Some("CANCELLED"), Some("TRANSPARENT")));
    let alarms = calendar.components.iter();
    let alarms = alarms.filter(|c| c.component_type == ICalendarComponentType::VAlarm);
    assert_eq!(alarms.count(), 1, "a cancelled event does not ring");
}

#[test]
fn an_empty_feed_is_still_a_calendar() {
    let empty = Feed { name: String::new(), events: vec![], days: vec![] };
    let calendar = parsed(&feed(&empty));
    assert!(
        calendar.components.iter().any(|c| c.component_type == ICalendarComponentType::VTimezone)
    );
}

/// What a calendar can hold of a text, said another way than the writer does.
fn kept(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

fn unescape(value: &str) -> String {
    let mut chars = value.chars();
    let mut text = String::new();
    while let Some(c) = chars.next() {
        if c != '\\' {
            assert!(!matches!(c, ';' | ','), "bare {c:?}");
            text.push(c);
            continue;
        }
        let escaped = chars.next().unwrap();
        assert!(matches!(escaped, 'n' | '\\' | ';' | ','), "{escaped:?}");
        text.push(if escaped == 'n' { '\n' } else { escaped });
    }
    text
}

proptest! {
    #[test]
    fn any_text_comes_back(value in "(\\PC|[ạảđường\\\\;,:\"^\n\r\t\0 ]){0,120}") {
        let event = Event { summary: value.clone(), description: value.clone(), ..event() };
        let ics = invite(Method::Request, &event, &organizer(), &party(&value, "a@example.com"));
        prop_assert!(ics.split("\r\n").all(|line| line.len() <= 75));
        let lines = unfold(&ics);
        let summary = lines.iter().find_map(|line| line.strip_prefix("SUMMARY:")).unwrap();
        prop_assert_eq!(unescape(summary), kept(&value));
        let attendee = lines.iter().find(|line| line.starts_with("ATTENDEE")).unwrap();
        prop_assert!(attendee.ends_with("RSVP=FALSE:mailto:a@example.com"));

        // Readers trim some white space at the ends, so that is no part of the comparison.
        let calendar = parsed(&ics);
        let read = only_event(&calendar);
        if !value.trim().is_empty() {
            let read = text(read, &ICalendarProperty::Summary).trim().to_owned();
            prop_assert_eq!(read, kept(&value).trim().to_owned());
        }
        prop_assert_eq!(read.properties(&ICalendarProperty::Attendee).count(), 1);
    }

    #[test]
    fn lines_fold_between_characters(value in "[aạ🙂]{0,400}") {
        let mut lines = Lines(String::new());
        lines.line(&value);
        let folded: Vec<&str> = lines.0.trim_end_matches("\r\n").split("\r\n").collect();
        prop_assert!(folded.iter().all(|line| line.len() <= 75));
        // No line is shorter than need be: a character has at most four octets.
        prop_assert!(folded.iter().rev().skip(1).all(|line| line.len() > 75 - 4));
        prop_assert_eq!(unfold(&lines.0).concat(), value);
    }

    #[test]
    fn any_times_come_back(start in 0i64..4_000_000_000, minutes in 1i64..100_000) {
        let starts_at = DateTime::from_timestamp(start, 0).unwrap();
        let ends_at = starts_at + TimeDelta::minutes(minutes);
        let event = Event { starts_at, ends_at, ..event() };
        let calendar = parsed(&invite(Method::Cancel, &event, &organizer(), &guest()));
        let read = only_event(&calendar);
        prop_assert_eq!(time(read, &ICalendarProperty::Dtstart), starts_at);
        prop_assert_eq!(time(read, &ICalendarProperty::Dtend), ends_at);
        prop_assert_eq!(
            read.property(&ICalendarProperty::Url).unwrap().values.first(),
            Some(&ICalendarValue::Uri(Uri::Location(event.url)))
        );
    }
}
