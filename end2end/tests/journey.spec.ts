// The whole way of a booking, with its letters read from the SMTP server that took them: found,
// booked, moved, cancelled; the seats that come free are offered to who waits; the host sees it all.
import { expect, type Page } from "@playwright/test";
import { invite, letter, link } from "./post";
import { accessible, book, choose, departureToday, signIn, submit } from "./steps";
import { post, test } from "./site";

test.use({ baseURL: `http://${post.address}` });

const host = "/vi/host/gom-minh-hai";
/** Thursday to Saturday: each project books a day of its own, as they share the server. */
const weekday = { desktop: 4, phone: 5, nojs: 6 };

/** Addresses of the departures with all six wheels free, of the next such day that has two. */
async function departures(page: Page, weekday: number) {
  const day = new Date(Date.now() + 4 * 86_400_000);
  while (day.getUTCDay() !== weekday) day.setUTCDate(day.getUTCDate() + 1);
  for (let week = 0; week < 8; week++) {
    await page.goto(`/vi/tours/nan-gom-ban-xoay?date=${day.toISOString().slice(0, 10)}`);
    const free = page.locator("button.slot", { hasText: "còn 6 chỗ" });
    const addresses = await free.evaluateAll((slots) => slots.map((slot) => slot.getAttribute("formaction")!));
    if (addresses.length > 1) return addresses;
    day.setUTCDate(day.getUTCDate() + 7);
  }
  throw new Error("no day has two departures with all wheels free");
}

const slotOf = (address: string) => address.split("/").at(-1)!;

test("a booking from search to cancellation, and the guest who waited", async ({ page, browser }, info) => {
  test.setTimeout(120_000);
  const project = info.project.name as keyof typeof weekday;
  const [family, waiting] = [`nha.${project}@example.com`, `soo-jin.${project}@example.com`];

  // Found by searching without diacritics.
  await page.goto("/vi/tours?q=bat+trang");
  await page.locator("main a[href*='/tours/nan-gom-ban-xoay']").first().click();
  await expect(page.locator("h1")).toHaveText("Nặn gốm trên bàn xoay");
  const [address, another] = (await departures(page, weekday[project])) as [string, string];
  await page.locator(`button.slot[formaction="${address}"]`).click();
  await book(page, [2, 1], "Lê Thanh Nhã", family);

  const confirmed = await letter(family, 1);
  expect(confirmed.html).toContain("Lê Thanh Nhã");
  const request = invite(confirmed);
  expect(request).toMatchObject({ method: "REQUEST", sequence: 0, status: "CONFIRMED" });
  expect(request.attendee.toLowerCase()).toBe(`mailto:${family}`);
  expect(request.end.getTime() - request.start.getTime()).toBe(60 * 60 * 1000);
  const manage = link(confirmed, /\/booking\//);

  // The host sees them, and takes three more by phone: all six wheels are taken.
  const hostPage = await (await browser.newContext({ ...info.project.use, baseURL: `http://${post.address}` })).newPage();
  await signIn(hostPage, "minhhai@langnghe.example");
  await hostPage.goto(`${host}/slots/${slotOf(address)}`);
  await expect(hostPage.locator("main")).toContainText("Lê Thanh Nhã");
  await hostPage.locator("#add > summary").click();
  const call = hostPage.locator("form", { has: hostPage.locator("input[name=act][value=call]") });
  await call.locator("[name=name]").fill("Đoàn cô Hạnh");
  await call.locator("input[type=number]").first().fill("3");
  await call.locator("button.btn-primary").click();
  await expect(hostPage.locator("main")).toContainText("Đoàn cô Hạnh");
  await accessible(hostPage, info);

  // Full: the next guest joins the line.
  await page.goto(`/en/waitlist/${slotOf(address)}`);
  await accessible(page, info);
  await page.locator("main form input[type=number]").first().fill("2");
  await page.locator("[name=name]").fill("Park Soo-jin");
  await page.locator("[name=email]").fill(waiting);
  await submit(page).click();
  await expect(page).toHaveURL(/\/waitlist\/entry\//);
  expect((await letter(waiting, 1)).text).toContain("Park Soo-jin");
  await hostPage.reload();
  await expect(hostPage.locator("main")).toContainText("Park Soo-jin");

  // The family moves: the invite is updated, their seats are offered to who waits.
  const other = slotOf(another);
  await page.goto(manage);
  await accessible(page, info);
  await page.goto(`${manage}/move`);
  await choose(page.locator(`[name=slot][value="${other}"]`));
  await submit(page).click();
  await expect(page).toHaveURL(/moved=1/);
  const moved = invite(await letter(family, 2));
  expect(moved).toMatchObject({ method: "REQUEST", uid: request.uid });
  expect(moved.sequence).toBeGreaterThan(request.sequence);
  expect(moved.start.getTime()).not.toBe(request.start.getTime());

  const offer = await letter(waiting, 2);
  await page.goto(link(offer, /\/waitlist\/entry\//));
  await accessible(page, info);
  await page.locator("button[name=do][value=accept]").click();
  await expect(page.locator("main")).toContainText(/booking/i);
  expect(invite(await letter(waiting, 3))).toMatchObject({ method: "REQUEST", sequence: 0 });
  await hostPage.goto(`${host}/slots/${slotOf(address)}`);
  await expect(hostPage.locator(".guests")).toContainText("Park Soo-jin");
  await expect(hostPage.locator(".guests")).not.toContainText("Lê Thanh Nhã");

  // The family cancels: out of their calendar, out of the host's.
  await hostPage.goto(`${host}/slots/${other}`);
  await expect(hostPage.locator(".guests")).toContainText("Lê Thanh Nhã");
  await page.goto(`${manage}/cancel`);
  await page.locator("main button.btn-danger").click();
  await expect(page).toHaveURL(/cancelled=1/);
  const cancelled = invite(await letter(family, 3));
  expect(cancelled).toMatchObject({ method: "CANCEL", uid: request.uid, status: "CANCELLED" });
  expect(cancelled.sequence).toBeGreaterThan(moved.sequence);
  await hostPage.reload();
  // No check-in for who does not come.
  await expect(hostPage.locator(".guest", { hasText: "Lê Thanh Nhã" }).locator("button")).toHaveCount(0);
});

test("a guest who called comes today and is checked in", async ({ page }, info) => {
  // A few minutes ahead, so that the departure is still today's; each project has its own minute.
  const minutes = { desktop: 6, phone: 7, nojs: 8 }[info.project.name as keyof typeof weekday];
  await signIn(page, "minhhai@langnghe.example");
  await departureToday(page, host, minutes, 4);
  await page.locator("#add > summary").click();
  const call = page.locator("form", { has: page.locator("input[name=act][value=call]") });
  await call.locator("[name=name]").fill("Bác Tám Thợ Ngói");
  await call.locator("input[type=number]").first().fill("2");
  await call.locator("button.btn-primary").click();

  await page.goto(host);
  const guest = page.locator(".guest", { hasText: "Bác Tám Thợ Ngói" });
  await guest.locator("button").first().click();
  await expect(page.locator(".guest[data-state=arrived]", { hasText: "Bác Tám Thợ Ngói" })).toBeVisible();
  await page.reload();
  await expect(page.locator(".guest[data-state=arrived]", { hasText: "Bác Tám Thợ Ngói" })).toBeVisible();
  await accessible(page, info);
});
