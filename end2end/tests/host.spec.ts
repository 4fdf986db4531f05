// The owner's pages: opening times and closures that meet bookings, people, the calendar's address,
// and the office of those who run the platform.
import { expect, type Page } from "@playwright/test";
import ICAL from "ical.js";
import { accessible, book, quietDay, signIn, submit } from "./steps";
import { test } from "./site";

const owner = "minhhai@langnghe.example";
const host = "/vi/host/gom-minh-hai";

/** Two weeks ahead, so that no other journey books there; each project has a day of its own. */
function day(project: string) {
  const weekday = { desktop: 4, phone: 5, nojs: 6 }[project] ?? 4;
  const date = quietDay(14);
  while (date.getUTCDay() !== weekday) date.setUTCDate(date.getUTCDate() + 1);
  return date.toISOString().slice(0, 10);
}

/** A guest books the n-th departure of a day; answers the address of its slot. */
async function booked(page: Page, date: string, nth: number, name: string) {
  await page.goto(`/vi/tours/nan-gom-ban-xoay?date=${date}`);
  const slot = page.locator("button.slot").nth(nth);
  const address = (await slot.getAttribute("formaction"))!;
  await slot.click();
  await book(page, [2, 0], name, "khach@example.com");
  return `${host}/slots/${address.split("/").at(-1)}`;
}

test("a closure that hits a booking asks first; its guests are kept or told", async ({ page }, info) => {
  test.setTimeout(90_000);
  const date = day(info.project.name);
  const slot = await booked(page, date, 0, "Phạm Thu Trang");
  const second = await booked(page, date, 1, "Đỗ Mạnh Cường");
  await signIn(page, owner);
  await page.goto(`${host}/schedule`);
  await expect(page.locator("main")).toContainText("28 tháng Chạp đến mồng 6 tháng Giêng");
  await accessible(page, info);

  // The morning alone: one of the two is hit, and shown by name.
  await page.getByRole("link", { name: "Thêm ngày nghỉ" }).click();
  await accessible(page, info);
  await page.locator("[name=from]").fill(date);
  await page.locator("[name=time_from]").fill("06:00");
  await page.locator("[name=time_to]").fill("12:00");
  await page.locator("[name=reason_vi]").fill("Họp làng");
  await page.locator("button[name=preview]").click();
  await expect(page.locator("#outlook")).toContainText("chạm 1 buổi");
  await expect(page.locator("#outlook")).toContainText("Phạm Thu Trang");
  await expect(page.locator("#outlook")).not.toContainText("Đỗ Mạnh Cường");
  await expect(page.locator("[name=reason_vi]")).toHaveValue("Họp làng");
  await page.locator("button[name=save]").click();
  await accessible(page, info);
  await page.getByRole("button", { name: /Giữ 1 buổi này/ }).click();
  await expect(page).toHaveURL(/done=saved/);
  await expect(page.locator("main")).toContainText("Họp làng");
  await page.goto(slot);
  await expect(page.locator("main")).toContainText("Phạm Thu Trang");
  await expect(page.locator("main")).toContainText("Đã đóng");

  // The whole day: the other one is cancelled, with words for its guests.
  await page.goto(`${host}/schedule/closure?kind=dates`);
  await page.locator("[name=from]").fill(date);
  await page.locator("[name=reason_vi]").fill("Lò hỏng");
  await page.locator("button[name=save]").click();
  await expect(page.locator("#outlook")).toContainText("Đỗ Mạnh Cường");
  await page.locator("#outlook summary").click();
  await page.locator("#outlook [name=reason]").fill("Lò hỏng, xưởng xin lỗi");
  await page.getByRole("button", { name: "Lưu và hủy các buổi này" }).click();
  await expect(page).toHaveURL(/done=saved/);
  await page.goto(second);
  await expect(page.locator(".guest[data-state=cancelled]")).toContainText("Đỗ Mạnh Cường");
  await accessible(page, info);

  // Both closures end again: the day opens as before.
  for (const reason of ["Lò hỏng", "Họp làng"]) {
    await page.goto(`${host}/schedule`);
    await page.locator("li.rule", { hasText: reason }).getByRole("link").first().click();
    await page.locator("details.fold-danger > summary").last().click();
    await page.locator("details.fold-danger button").last().click();
    await expect(page).toHaveURL(/done=ended/);
  }
});

test("an opening rule is written, understood and ended", async ({ page }, info) => {
  await signIn(page, owner);
  await page.goto(`${host}/schedule`);
  await page.getByRole("link", { name: "Thêm lịch mở" }).first().click();
  await accessible(page, info);
  const guide = `chị Thu ${info.project.name}`;
  await page.locator("[name=times]").fill("sáng sớm");
  await page.locator("button[name=save]").click();
  await expect(page.locator("#times-error")).toBeVisible();
  await expect(page.locator("#days-error")).toHaveCount(0);
  await expect(page.locator("[name=times]")).toHaveValue("sáng sớm");
  await accessible(page, info);
  await page.locator("[name=times]").fill("6h15");
  await page.locator("[name=lunar]").fill("4, 14, 24");
  await page.locator("[name=guide]").fill(guide);
  await page.locator("button[name=preview]").click();
  await expect(page.locator("#meaning")).toHaveText("Ngày 4, 14 và 24 âm lịch, 06:15");
  await page.locator("button[name=save]").click();
  await expect(page).toHaveURL(/done=saved/);
  await page.locator("li.rule", { hasText: guide }).getByRole("link").click();
  await expect(page.locator("[name=lunar]")).toHaveValue("4, 14, 24");
  await page.locator("details.fold-danger > summary").click();
  await page.locator("details.fold-danger button").click();
  await expect(page).toHaveURL(/done=ended/);
});

test("people are asked to a workshop, and an owner stays", async ({ page }, info) => {
  await signIn(page, owner);
  await page.goto(`${host}/people`);
  await accessible(page, info);
  const email = `lan.${info.project.name}@example.com`;
  await page.locator("[name=name]").fill("Nguyễn Lan");
  await page.locator("[name=email]").fill(email);
  await page.getByRole("button", { name: "Gửi lời mời" }).click();
  await expect(page).toHaveURL(/done=invited/);
  const row = page.locator("li.entry", { hasText: email });
  await expect(row).toContainText("Nhân viên");
  await row.getByRole("button", { name: /Cho ra/ }).click();
  await expect(page).toHaveURL(/done=removed/);
  await expect(row).toHaveCount(0);
  await page.getByRole("button", { name: "Chuyển thành nhân viên" }).click();
  await expect(page.locator("main")).toContainText("ít nhất một chủ");
  await accessible(page, info);
});

test("the workshop's calendar is read by a calendar program", async ({ page }, info) => {
  await signIn(page, owner);
  await page.goto(`${host}/feed`);
  await accessible(page, info);
  const url = await page.locator("#feed").inputValue();
  const path = new URL(url).pathname;
  const answer = await page.request.get(path);
  expect(answer.headers()["content-type"]).toBe("text/calendar; charset=utf-8");
  const calendar = new ICAL.Component(ICAL.parse(await answer.text()));
  const events = calendar.getAllSubcomponents("vevent").map((each) => new ICAL.Event(each));
  expect(events.length).toBeGreaterThan(0);
  expect(events.every((event) => event.uid && event.summary && event.startDate.compare(event.endDate) < 0)).toBe(true);
  const tet = events.filter((event) => event.summary === "Nghỉ Tết");
  expect(tet.length).toBeGreaterThan(0);
  expect(tet.every((event) => event.startDate.isDate)).toBe(true);
  const again = await page.request.get(path, { headers: { "if-none-match": answer.headers().etag! } });
  expect(again.status()).toBe(304);
  const own = page.locator("#feed-of");
  await own.locator("summary").click();
  await own.getByRole("button", { name: "Đổi địa chỉ" }).click();
  await expect(page).toHaveURL(/renewed=1/);
  expect((await page.request.get(path)).status()).toBe(404);
  expect(await page.locator("#feed").inputValue()).not.toBe(url);
});

test("the office shows letters, background work and the audit", async ({ page }, info) => {
  await signIn(page, "admin@langnghe.example");
  await page.goto("/vi/office");
  await expect(page.locator("main")).toContainText("Gửi thư");
  await accessible(page, info);
  await page.goto("/vi/office/outbox?state=sent");
  await accessible(page, info);
  await page.getByRole("button", { name: "Gửi lại" }).first().click();
  await expect(page).toHaveURL(/again=1/);
  await page.goto("/vi/office/audit?area=account");
  await expect(page.locator("tbody")).toContainText("Đăng nhập");
  await accessible(page, info);
  await page.goto(host);
  await expect(page.locator("header").getByRole("link", { name: "Quản trị" })).toBeVisible();
  await expect(page.locator("header").getByRole("link", { name: "Đổi xưởng" })).toBeVisible();
});

test("every page of the day is readable by everybody", async ({ page }, info) => {
  const date = day(info.project.name);
  await signIn(page, owner);
  for (const sub of ["/more", "/week", "/month", `/slots/new?date=${date}`, `/sheet?date=${date}`, "/scan"]) {
    await page.goto(`${host}${sub}`);
    await expect(page.locator("h1")).toBeVisible();
    await accessible(page, info);
    const beside = await page.locator("html").evaluate((html) => html.scrollWidth - innerWidth).catch(() => 0);
    expect(beside).toBeLessThanOrEqual(0);
  }
});
