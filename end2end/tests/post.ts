// The site that sends by SMTP, and the letters that arrived.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import ICAL from "ical.js";
import { simpleParser, type ParsedMail } from "mailparser";
import { post } from "./site";

/** All letters to an address, oldest first. */
async function letters(to: string): Promise<ParsedMail[]> {
  const files = readdirSync(post.folder).filter((name) => name.endsWith(".eml")).sort();
  const all = await Promise.all(files.map((name) => simpleParser(readFileSync(join(post.folder, name)))));
  return all.filter((mail) => [mail.to].flat().some((list) => list?.value.some((a) => a.address === to)));
}

/** Waits for the `n`th letter to an address; letters leave within seconds of their booking. */
export async function letter(to: string, n: number): Promise<ParsedMail> {
  let found: ParsedMail[] = [];
  await expect(async () => {
    found = await letters(to);
    expect(found.length).toBeGreaterThanOrEqual(n);
  }).toPass({ timeout: 30_000 });
  return found[n - 1]!;
}

/** The first link of a letter whose address fits. */
export function link(mail: ParsedMail, fits: RegExp): string {
  const found = mail.text?.match(/https?:\/\/\S+/g)?.find((address) => fits.test(address));
  expect(found, mail.text).toBeDefined();
  return new URL(found!).pathname;
}

/** The calendar in a letter, read by an independent parser (RFC 5545, 5546, 6047). */
function calendarIn(mail: ParsedMail) {
  const part = mail.attachments.find((part) => part.contentType === "text/calendar");
  expect(part, mail.subject).toBeDefined();
  return new ICAL.Component(ICAL.parse(part!.content.toString("utf8")));
}

/** The sessions of a course that a letter brings. */
export function sessions(mail: ParsedMail) {
  const calendar = calendarIn(mail);
  expect(calendar.getFirstPropertyValue("method")).toBe("PUBLISH");
  return calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    const status = component.getFirstPropertyValue("status");
    return { uid: event.uid, sequence: event.sequence, start: event.startDate.toJSDate(), status };
  });
}

/** What the invite in a letter says. */
export function invite(mail: ParsedMail) {
  const calendar = calendarIn(mail);
  const events = calendar.getAllSubcomponents("vevent");
  expect(events).toHaveLength(1);
  const event = new ICAL.Event(events[0]!);
  return {
    method: calendar.getFirstPropertyValue("method"),
    uid: event.uid,
    sequence: event.sequence,
    start: event.startDate.toJSDate(),
    end: event.endDate.toJSDate(),
    location: event.location,
    attendee: event.attendees[0]?.getFirstValue() as string,
    organizer: event.organizer,
    status: events[0]!.getFirstPropertyValue("status"),
  };
}
