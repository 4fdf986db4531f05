// Calendars of others close departures here; our own are read by another program.
import { createServer, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { expect } from "@playwright/test";
import ICAL from "ical.js";
import { test } from "./site";
import { accessible, quietDay, signIn, submit } from "./steps";

const host = "/vi/host/gom-minh-hai";
const owner = "minhhai@langnghe.example";

/** Five weeks ahead and late, so that no other journey is there; each project has a day of its own. */
function day(project: string) {
  const after = { desktop: 36, phone: 37, nojs: 38 }[project] ?? 36;
  return quietDay(after).toISOString().slice(0, 10);
}

/** A calendar elsewhere: each day of three a visit from 20:00 to 21:30 in Hanoi, the second left out. */
function elsewhere(date: string) {
  const stamp = date.replaceAll("-", "");
  return [
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//elsewhere//EN",
    "BEGIN:VEVENT", "UID:stay@elsewhere.example", "DTSTAMP:20260101T000000Z", "SUMMARY:Khách đoàn",
    `DTSTART;TZID=Asia/Ho_Chi_Minh:${stamp}T200000`, "DURATION:PT1H30M", "RRULE:FREQ=WEEKLY;COUNT=2",
    "END:VEVENT", "END:VCALENDAR", "",
  ].join("\r\n");
}

let server: Server;
let url: string;
let body = "";

test.beforeAll(async () => {
  server = createServer((request, answer) => {
    if (request.headers["if-none-match"] === `"${body.length}"`) return answer.writeHead(304).end();
    answer.writeHead(200, { "content-type": "text/calendar", etag: `"${body.length}"` }).end(body);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/busy.ics`;
});

test.afterAll(() => { server.close(); });

test("a busy calendar closes a departure, and frees it when removed", async ({ page }, info) => {
  const date = day(info.project.name);
  body = elsewhere(date);
  // Another program expands the same times.
  const event = new ICAL.Event(new ICAL.Component(ICAL.parse(body)).getFirstSubcomponent("vevent")!);
  const times = event.iterator();
  expect([times.next(), times.next(), times.next()].map((time) => time?.toString().slice(11, 16))).toEqual(["20:00", "20:00", undefined]);

  await signIn(page, owner);
  await page.goto(`${host}/slots/new?date=${date}`);
  await page.locator("[name=option]").selectOption({ label: "Một ngày làm thợ gốm · Nửa ngày" });
  await page.locator("[name=time]").fill("20:30");
  await page.locator("[name=capacity]").fill("6");
  await submit(page).click();
  await expect(page).toHaveURL(/\/slots\/[0-9a-f-]{36}$/);
  const slot = page.url().split("/").at(-1)!;

  await page.goto(`${host}/more`);
  await page.getByRole("link", { name: "Lịch ngoài", exact: true }).click();
  await accessible(page, info);
  const name = `Thử ${info.project.name}`;
  await page.locator("[name=name]").fill(name);
  await page.locator("[name=url]").fill("https://127.0.0.1:1/nothing.ics");
  await submit(page).click();
  await expect(page.locator("[name=url]")).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator("[name=name]")).toHaveValue(name);
  await accessible(page, info);
  await page.locator("[name=url]").fill(url);
  await submit(page).click();
  await expect(page.locator(".notice")).toContainText("Đã thêm lịch");
  const card = page.locator("article", { hasText: name });
  await expect(card).toContainText("2 lần bận sắp tới");
  await expect(card).toContainText("20:00–21:30");
  await accessible(page, info);

  await page.goto(`${host}?date=${date}`);
  await expect(page.locator("#busy").locator("..")).toContainText("Khách đoàn");
  await expect(page.locator(".host-slot", { hasText: "20:30" })).toContainText("Trùng lịch ngoài");
  await accessible(page, info);
  await page.goto(`/vi/book/${slot}`);
  await expect(page.locator("main form input[type=number]")).toHaveCount(0);

  // It is let pass, hinders again, and goes.
  await page.goto(`${host}/calendars`);
  await card.getByRole("link", { name: "Thấy gì trong lịch này" }).click();
  await card.getByRole("button", { name: /^Không cản/ }).first().click();
  await page.goto(`/vi/book/${slot}`);
  await expect(page.locator("main form input[type=number]").first()).toBeVisible();
  await page.goto(`${host}/calendars`);
  await card.locator("summary").click();
  await card.getByRole("button", { name: "Xóa" }).click();
  await expect(page.locator(".notice")).toContainText("Đã xóa lịch");
  await expect(card).toHaveCount(0);
});

test("the co-op's and a machine's calendar are read by a calendar program", async ({ page }, info) => {
  await signIn(page, owner);
  await page.goto(`${host}/coop`);
  await page.getByRole("link", { name: "Lịch trên điện thoại" }).click();
  const panels = page.locator("main section.panel");
  for (const id of ["coop-of", await panels.last().getAttribute("id")]) {
    const panel = page.locator(`[id="${id}"]`);
    const make = panel.getByRole("button", { name: "Tạo địa chỉ lịch" });
    if (await make.count()) await make.click();
    const path = new URL(await panel.locator("input[readonly]").inputValue()).pathname;
    const answer = await page.request.get(path);
    expect(answer.headers()["content-type"]).toBe("text/calendar; charset=utf-8");
    const events = new ICAL.Component(ICAL.parse(await answer.text())).getAllSubcomponents("vevent");
    expect(events.every((each) => new ICAL.Event(each).startDate.compare(new ICAL.Event(each).endDate) < 0)).toBe(true);
  }
  await accessible(page, info);
});
