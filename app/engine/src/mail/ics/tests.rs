use super::*;

mod reader;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn party(name: &str, email: &str) -> Party {
    Party { name: name.to_owned(), email: email.parse().unwrap() }
}

fn organizer() -> Party {
    party("Làng Nghề", "booking@langnghe.example")
}

fn guest() -> Party {
    party("Nguyễn Văn A", "a@example.com")
}

fn event() -> Event {
    Event {
        uid: "booking-918@langnghe.example".to_owned(),
        sequence: 0,
        stamp: at("2026-11-24T02:00:00Z"),
        starts_at: at("2026-12-01T02:00:00Z"),
        ends_at: at("2026-12-01T04:30:00Z"),
        summary: "Làm gốm Bát Tràng; 2 người lớn, 1 trẻ em".to_owned(),
        description: "Mã đặt chỗ: CV7K2P\nXem hoặc huỷ: https://langnghe.example/b/CV7K2P"
            .to_owned(),
        location: "Xưởng gốm Minh Hải, Bát Tràng, Gia Lâm, Hà Nội".to_owned(),
        geo: Some((20.9766, 105.9122)),
        url: "https://langnghe.example/b/CV7K2P".to_owned(),
        status: Status::Confirmed,
        alarm: Some((24 * 60, "Ngày mai: làm gốm".to_owned())),
        class_private: false,
        last_modified: at("2026-11-24T01:59:00Z"),
    }
}

fn unfold(ics: &str) -> Vec<String> {
    assert!(ics.ends_with("\r\n") && !ics.replace("\r\n", "").contains(['\r', '\n']));
    ics.replace("\r\n ", "").lines().map(str::to_owned).collect()
}

#[test]
fn a_request_is_written_like_this() {
    let lines = unfold(&invite(Method::Request, &event(), &organizer(), &guest()));
    assert_eq!(
        lines.join("\n"),
        r#"BEGIN:VCALENDAR
PRODID:-//Lang Nghe//Booking//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:REQUEST
BEGIN:VEVENT
UID:booking-918@langnghe.example
DTSTAMP:20261124T020000Z
LAST-MODIFIED:20261124T015900Z
SEQUENCE:0
STATUS:CONFIRMED
DTSTART:20261201T020000Z
DTEND:20261201T043000Z
SUMMARY:Làm gốm Bát Tràng\; 2 người lớn\, 1 trẻ em
LOCATION:Xưởng gốm Minh Hải\, Bát Tràng\, Gia Lâm\, Hà Nội
GEO:20.976600;105.912200
DESCRIPTION:Mã đặt chỗ: CV7K2P\nXem hoặc huỷ: https://langnghe.example/b/CV7K2P
URL:https://langnghe.example/b/CV7K2P
TRANSP:OPAQUE
ORGANIZER;CN="Làng Nghề":mailto:booking@langnghe.example
ATTENDEE;CN="Nguyễn Văn A";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:a@example.com
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-P1D
DESCRIPTION:Ngày mai: làm gốm
END:VALARM
END:VEVENT
END:VCALENDAR"#
    );
}

/// RFC 5546 sections 3.2.2 and 3.2.5: how often a property may stand in the event.
#[test]
fn messages_keep_to_the_tables_of_itip() {
    for (method, status) in [
        (Method::Request, Status::Confirmed),
        (Method::Request, Status::Tentative),
        (Method::Request, Status::Cancelled),
        (Method::Cancel, Status::Confirmed),
        (Method::Cancel, Status::Cancelled),
    ] {
        let event = Event { status, sequence: 3, summary: String::new(), ..event() };
        let ics = invite(method, &event, &organizer(), &guest());
        let lines = unfold(&ics);
        let count = |name: &str| {
            lines.iter().filter(|line| line.split([':', ';']).next() == Some(name)).count()
        };
        for once in
            ["METHOD", "UID", "DTSTAMP", "ORGANIZER", "ATTENDEE", "SEQUENCE", "DTSTART", "SUMMARY"]
        {
            assert_eq!(count(once), 1, "{once} in {method:?}");
        }
        assert!(lines.contains(&format!("METHOD:{}", method.as_str())));
        assert!(lines.contains(&"SEQUENCE:3".to_owned()));
        let written: Vec<&str> =
            lines.iter().filter_map(|line| line.strip_prefix("STATUS:")).collect();
        match (method, status) {
            (Method::Cancel, _) => assert_eq!(written, ["CANCELLED"]),
            (_, Status::Confirmed) => assert_eq!(written, ["CONFIRMED"]),
            (_, Status::Tentative) => assert_eq!(written, ["TENTATIVE"]),
            (_, Status::Cancelled) => assert!(written.is_empty()),
        }
        let alarms = lines.iter().filter(|line| *line == "BEGIN:VALARM").count();
        assert_eq!(alarms, usize::from(method == Method::Request));
    }
}

#[test]
fn what_is_not_given_is_left_out() {
    let bare = Event {
        description: String::new(),
        location: String::new(),
        url: String::new(),
        geo: Some((f64::NAN, 0.0)),
        alarm: None,
        class_private: true,
        ends_at: event().starts_at,
        ..event()
    };
    let ics = invite(Method::Request, &bare, &party("", "b@example.com"), &guest());
    for absent in ["DESCRIPTION", "LOCATION", "URL", "GEO", "VALARM", "DTEND"] {
        assert!(!ics.contains(absent), "{absent}");
    }
    assert!(ics.contains("\r\nORGANIZER:mailto:b@example.com\r\n"));
    assert!(ics.contains("\r\nCLASS:PRIVATE\r\n"));
}

#[test]
fn addresses_are_written_as_links() {
    assert_eq!(mailto(&"a+b.c_d@example.com".parse().unwrap()), "mailto:a+b.c_d@example.com");
    assert_eq!(common_name(" \n"), "");
    assert_eq!(
        mailto(&"a%b&c?d#e@example.com".parse().unwrap()),
        "mailto:a%25b%26c%3Fd%23e@example.com"
    );
}

#[test]
fn reminders_come_before_the_start() {
    for (minutes, trigger) in [
        (0, "PT0M"),
        (45, "-PT45M"),
        (120, "-PT2H"),
        (1440, "-P1D"),
        (2880, "-P2D"),
        (1500, "-PT25H"),
    ] {
        let event = Event { alarm: Some((minutes, "x".to_owned())), ..event() };
        let ics = invite(Method::Request, &event, &organizer(), &guest());
        assert!(ics.contains(&format!("\r\nTRIGGER:{trigger}\r\n")), "{minutes}");
    }
}

fn sample_feed() -> Feed {
    Feed {
        name: "Gốm Minh Hải, Bát Tràng".to_owned(),
        events: vec![
            event(),
            Event {
                uid: "slot-2@langnghe.example".to_owned(),
                status: Status::Cancelled,
                sequence: 2,
                ..event()
            },
        ],
        days: vec![AllDay {
            uid: "closed-1@langnghe.example".to_owned(),
            first: "2027-01-31".parse().unwrap(),
            last: "2027-02-09".parse().unwrap(),
            summary: "Nghỉ Tết".to_owned(),
            last_modified: at("2026-11-01T00:00:00Z"),
        }],
    }
}

#[test]
fn a_feed_is_written_like_this() {
    let lines = unfold(&feed(&sample_feed()));
    assert_eq!(
        lines[..10].join("\n"),
        "BEGIN:VCALENDAR\nPRODID:-//Lang Nghe//Booking//EN\nVERSION:2.0\nCALSCALE:GREGORIAN\n\
         NAME:Gốm Minh Hải\\, Bát Tràng\nX-WR-CALNAME:Gốm Minh Hải\\, Bát Tràng\n\
         X-WR-TIMEZONE:Asia/Ho_Chi_Minh\nREFRESH-INTERVAL;VALUE=DURATION:PT15M\n\
         X-PUBLISHED-TTL:PT15M\nBEGIN:VTIMEZONE"
    );
    assert_eq!(
        lines[lines.len() - 10..].join("\n"),
        "BEGIN:VEVENT\nUID:closed-1@langnghe.example\nDTSTAMP:20261101T000000Z\n\
         LAST-MODIFIED:20261101T000000Z\nDTSTART;VALUE=DATE:20270131\n\
         DTEND;VALUE=DATE:20270210\nSUMMARY:Nghỉ Tết\nTRANSP:TRANSPARENT\nEND:VEVENT\n\
         END:VCALENDAR"
    );
    for absent in ["METHOD", "ORGANIZER", "ATTENDEE"] {
        assert!(!lines.iter().any(|line| line.starts_with(absent)), "{absent}");
    }
}

#[test]
fn one_closed_day_has_no_end_and_a_wrong_one_neither() {
    let mut closed = sample_feed();
    for last in ["2027-01-31", "2027-01-30"] {
        closed.days[0].last = last.parse().unwrap();
        assert!(!feed(&closed).contains("DTEND;VALUE=DATE"));
    }
}
