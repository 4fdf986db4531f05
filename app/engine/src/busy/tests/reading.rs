//! What calendars mean.

use chrono::{DateTime, TimeDelta, Utc};

use crate::busy::read::{Reading, read};
use crate::resource::Stretch;

const DOMAIN: &str = "langnghe.example";

/// From 1 November 2026, for half a year.
fn window() -> Stretch {
    let from: DateTime<Utc> = "2026-11-01T00:00:00Z".parse().unwrap();
    Stretch { from, to: from + TimeDelta::days(187) }
}

fn reading(events: &str) -> Reading {
    let text = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{events}END:VCALENDAR\r\n");
    read(&text, DOMAIN, window()).unwrap()
}

/// Times as "month-day hour:minute" of Hanoi, from and to.
fn times(reading: &Reading) -> Vec<String> {
    let local = |at: DateTime<Utc>| at.with_timezone(&crate::clock::VENUE_ZONE);
    let one = |at| local(at).format("%m-%d %H:%M").to_string();
    reading.busy.iter().map(|it| format!("{} {}", one(it.starts_at), one(it.ends_at))).collect()
}

fn event(lines: &str) -> Vec<String> {
    times(&reading(&format!("BEGIN:VEVENT\r\nUID:a\r\n{lines}\r\nEND:VEVENT\r\n")))
}

#[test]
fn times_are_of_their_zone() {
    let hanoi = ["12-01 09:00 12-01 10:00"];
    assert_eq!(event("DTSTART:20261201T020000Z\r\nDTEND:20261201T030000Z"), hanoi);
    assert_eq!(event("DTSTART:20261201T090000\r\nDURATION:PT1H"), hanoi, "the venue's");
    let zone = |name| {
        event(&format!("DTSTART;TZID={name}:20261201T110000\r\nDTEND;TZID={name}:20261201T120000"))
    };
    assert_eq!(zone("Asia/Tokyo"), hanoi);
    assert_eq!(zone("Tokyo Standard Time"), hanoi, "as Outlook names it");
    assert_eq!(zone("Nowhere/Town"), ["12-01 11:00 12-01 12:00"], "unknown: the venue's");
    let own = "BEGIN:VTIMEZONE\r\nTZID:Ours\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n\
               TZOFFSETFROM:+0900\r\nTZOFFSETTO:+0900\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n\
               BEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=Ours:20261201T110000\r\n\
               DTEND;TZID=Ours:20261201T120000\r\nEND:VEVENT\r\n";
    assert_eq!(times(&reading(own)), hanoi, "explained in the calendar itself");
}

#[test]
fn days_are_the_venues() {
    let days = event("DTSTART;VALUE=DATE:20261201\r\nDTEND;VALUE=DATE:20261203");
    assert_eq!(days, ["12-01 00:00 12-03 00:00"]);
    let one = event("DTSTART;VALUE=DATE:20261201");
    assert_eq!(one, ["12-01 00:00 12-02 00:00"], "without an end it lasts a day");
}

#[test]
fn what_takes_no_time_is_not_busy() {
    let time = "DTSTART:20261201T020000Z\r\nDTEND:20261201T030000Z";
    assert!(event(&format!("{time}\r\nTRANSP:TRANSPARENT")).is_empty());
    assert!(event(&format!("{time}\r\nSTATUS:CANCELLED")).is_empty());
    assert!(event("DTSTART:20261201T020000Z").is_empty(), "it only begins");
    assert!(event("DTSTART:20261201T020000Z\r\nDTEND:20261201T020000Z").is_empty());
    assert_eq!(event(&format!("{time}\r\nSTATUS:TENTATIVE")).len(), 1);
}

/// Each Monday four times, one left out, one moved. `icalendar` with `recurring-ical-events` and
/// `ical.js` read the same.
#[test]
fn repetitions_are_written_out_with_their_exceptions() {
    let weekly = "BEGIN:VEVENT\r\nUID:w\r\nSEQUENCE:0\r\n\
                  DTSTART;TZID=Asia/Ho_Chi_Minh:20261130T080000\r\n\
                  DTEND;TZID=Asia/Ho_Chi_Minh:20261130T090000\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\n\
                  EXDATE;TZID=Asia/Ho_Chi_Minh:20261207T080000\r\nEND:VEVENT\r\n";
    let moved = "BEGIN:VEVENT\r\nUID:w\r\nSEQUENCE:2\r\n\
                 RECURRENCE-ID;TZID=Asia/Ho_Chi_Minh:20261214T080000\r\n\
                 DTSTART;TZID=Asia/Ho_Chi_Minh:20261214T100000\r\n\
                 DTEND;TZID=Asia/Ho_Chi_Minh:20261214T110000\r\nEND:VEVENT\r\n";
    // Another event at the same time must not be taken for it.
    let other = "BEGIN:VEVENT\r\nUID:o\r\nDTSTART;TZID=Asia/Ho_Chi_Minh:20261214T080000\r\n\
                 DURATION:PT30M\r\nRRULE:FREQ=DAILY;COUNT=1\r\nEND:VEVENT\r\n";
    let read = reading(&format!("{weekly}{moved}{other}"));
    assert_eq!(
        times(&read),
        [
            "11-30 08:00 11-30 09:00",
            "12-14 08:00 12-14 08:30",
            "12-14 10:00 12-14 11:00",
            "12-21 08:00 12-21 09:00",
        ]
    );
    assert_eq!(read.unread, 0);
    let cancelled = moved.replace("END:VEVENT", "STATUS:CANCELLED\r\nEND:VEVENT");
    let read = reading(&format!("{weekly}{cancelled}"));
    assert_eq!(times(&read), ["11-30 08:00 11-30 09:00", "12-21 08:00 12-21 09:00"]);
}

#[test]
fn what_repeats_for_ever_ends_with_the_window() {
    let daily = "DTSTART:20100101T020000Z\r\nDTEND:20100101T030000Z\r\nRRULE:FREQ=DAILY";
    let all = event(daily);
    assert_eq!(all.len(), 187);
    assert_eq!(all[0], "11-01 09:00 11-01 10:00");
    // A calendar that would keep the machine busy is cut off, and this is told.
    let second = "BEGIN:VEVENT\r\nUID:s\r\nDTSTART:20100101T000000Z\r\nDURATION:PT1S\r\n\
                  RRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\n";
    let read = reading(second);
    assert!(read.busy.is_empty() && read.unread > 0);
}

#[test]
fn our_own_events_come_back_unheard() {
    let mine = "BEGIN:VEVENT\r\nUID:slot-1@LangNghe.example\r\nDTSTART:20261201T020000Z\r\n\
                DTEND:20261201T030000Z\r\nEND:VEVENT\r\n";
    let read = reading(mine);
    assert_eq!((read.own, read.busy.len()), (1, 0));
    let others = mine.replace("LangNghe.example", "x.langnghe.example");
    assert_eq!(reading(&others).busy.len(), 1);
}

#[test]
fn periods_of_free_busy_count_too() {
    let free_busy = "BEGIN:VFREEBUSY\r\nUID:f\r\nDTSTAMP:20261101T000000Z\r\n\
                     FREEBUSY:20261201T020000Z/20261201T030000Z,20261202T020000Z/PT3H\r\n\
                     FREEBUSY;FBTYPE=FREE:20261203T020000Z/PT1H\r\nEND:VFREEBUSY\r\n";
    let all = times(&reading(free_busy));
    assert_eq!(all, ["12-01 09:00 12-01 10:00", "12-02 09:00 12-02 12:00"]);
}

#[test]
fn calendars_are_read_leniently() {
    let sloppy = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:No uid,\n  folded \u{7} text\n\
                  X-MADE-UP;Y=z:1\nDTSTART:20261201T020000Z\nDTEND:20261201T030000Z\nEND:VEVENT\n\
                  BEGIN:VEVENT\nUID:broken\nDTSTART:yesterday\nEND:VEVENT\nEND:VCALENDAR\n";
    let read = read(sloppy, DOMAIN, window()).unwrap();
    assert_eq!((read.busy.len(), read.unread), (1, 1));
    assert_eq!(read.busy[0].summary, "No uid, folded text");
    assert_eq!(super::super::read::read("<!doctype html><title>x</title>", DOMAIN, window()), None);
    assert_eq!(super::super::read::read("", DOMAIN, window()), None);
}
