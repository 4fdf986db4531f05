// Guides: added by the host, assigned to one departure at a time, with the day on their own phone.
import { expect, type Page } from "@playwright/test";
import ICAL from "ical.js";
import { accessible, quietDay, signIn, submit } from "./steps";
import { test } from "./site";

const host = "/vi/host/gom-minh-hai";

/** Three weeks ahead and early, so that no other journey is there; each project has a day of its own. */
function day(project: string) {
  const after = { desktop: 22, phone: 23, nojs: 24 }[project] ?? 22;
  return quietDay(after).toISOString().slice(0, 10);
}

async function departure(page: Page, date: string, time: string) {
  await page.goto(`${host}/slots/new?date=${date}`);
  await page.locator("[name=option]").selectOption({ label: "Một ngày làm thợ gốm · Nửa ngày" });
  await page.locator("[name=time]").fill(time);
  await page.locator("[name=capacity]").fill("6");
  await submit(page).click();
  await expect(page).toHaveURL(/\/slots\/[0-9a-f-]{36}$/);
  return page.url().split("/").at(-1)!;
}

test("a guide leads one departure at a time and has the day on the phone", async ({ page }, info) => {
  const name = `Hà Thử ${info.project.name}`;
  const date = day(info.project.name);
  await signIn(page, "minhhai@langnghe.example");
  await page.goto(`${host}/more`);
  await page.getByRole("link", { name: "Người hướng dẫn", exact: true }).click();
  await expect(page.locator("main")).toContainText("Lê Thị Mai");
  await accessible(page, info);
  await page.getByRole("link", { name: "Thêm người của xưởng" }).click();
  await accessible(page, info);
  await page.locator("[name=phone]").fill("0912 345 679");
  await submit(page).click();
  await expect(page.locator("[name=name]")).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator("[name=phone]")).toHaveValue("0912 345 679");
  await page.locator("[name=name]").fill(name);
  await submit(page).click();
  await expect(page.locator(".notice")).toContainText("Đã lưu");
  await accessible(page, info);
  const link = (await page.getByRole("link", { name: "Mở trang riêng" }).getAttribute("href"))!;

  const first = await departure(page, date, "05:10");
  await expect(page.locator("#guide-of")).toContainText("Chưa có ai");
  await accessible(page, info);
  await page.getByRole("button", { name: `Xếp ${name}` }).click();
  await expect(page.locator("#guide-of")).toContainText(name);
  await expect(page.getByRole("button", { name: "Thôi xếp" })).toBeVisible();

  // Half an hour later the same guide is busy, and the page says with what.
  await departure(page, date, "05:40");
  await expect(page.locator("#guide-of")).toContainText(`${name} – dẫn buổi khác`);
  await expect(page.getByRole("button", { name: `Xếp ${name}` })).toHaveCount(0);
  await page.goto(`${host}/guides?date=${date}`);
  await expect(page.locator(".guide-row", { hasText: name })).toContainText("05:10");
  await accessible(page, info);

  // The guide's own page needs no account.
  await page.context().clearCookies();
  await page.goto(new URL(link).pathname);
  await expect(page.locator("h1")).toContainText(name);
  await expect(page.locator(".guide-duty")).toHaveCount(1);
  await expect(page.locator(".guide-duty")).toContainText("05:10");
  await accessible(page, info);
  await page.locator("[name=from]").fill(date);
  await page.locator("[name=why]").fill("Việc nhà");
  await page.getByRole("button", { name: "Gửi xin nghỉ" }).click();
  await expect(page.locator("#leave")).toContainText("chờ trả lời");

  const address = new URL(await page.locator("#feed").inputValue()).pathname;
  const read = await page.request.get(address);
  expect(read.headers()["content-type"]).toContain("text/calendar");
  const calendar = new ICAL.Component(ICAL.parse(await read.text()));
  const events = calendar.getAllSubcomponents("vevent").map((event) => event.getFirstPropertyValue("uid"));
  expect(events.map(String).some((uid) => uid.startsWith(`lead-${first}@`))).toBe(true);
  const again = await page.request.get(address, { headers: { "if-none-match": read.headers()["etag"] } });
  expect(again.status()).toBe(304);

  await signIn(page, "minhhai@langnghe.example");
  await page.goto(`${host}/guides`);
  await page.getByRole("link", { name }).click();
  await page.getByRole("button", { name: "Đồng ý" }).click();
  await expect(page.locator(".notice")).toContainText("1 buổi sẽ không còn người hướng dẫn");
  await page.getByRole("button", { name: "Vẫn lưu" }).click();
  await expect(page.locator(".notice")).toContainText("Đã đồng ý cho nghỉ");
  await page.goto(`${host}/slots/${first}`);
  await expect(page.locator("#guide-of")).toContainText(`${name} – nghỉ`);
});
