// A workshop's own web site, of another origin, with our calendar in it by one line.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, type FrameLocator, type Page } from "@playwright/test";
import config from "../playwright.config";
import { test } from "./site";
import { accessible, signIn, submit } from "./steps";

const launch = config.use?.launchOptions ?? {};
// The browser keeps no cookie of a site in a frame of another's page.
test.use({ launchOptions: { ...launch, args: [...(launch.args ?? []), "--test-third-party-cookie-phaseout"] } });

const tour = "nan-gom-ban-xoay";
const colour = "rgb(181, 72, 47)";

let site: Server;
let body = "";
/** Another site for the browser: our own is 127.0.0.1. */
let foreign = "";

test.beforeAll(async () => {
  site = createServer((_, answer) => {
    answer.setHeader("Content-Type", "text/html; charset=utf-8");
    answer.end(`<!doctype html><html lang="vi"><title>Gốm Minh Hải</title><h1>Xưởng của tôi</h1>${body}<p>Hết</p>`);
  });
  await new Promise<void>((ready) => site.listen(0, "127.0.0.1", ready));
  foreign = `http://localhost:${(site.address() as AddressInfo).port}/`;
});
test.afterAll(() => new Promise((closed) => site.close(closed)));

const line = (home: string, more = "") =>
  `<script async src="${home}/embed.js" data-tour="${tour}" data-colour="b5482f" data-background="light" data-language="vi" ${more}></script>`;
const plain = (home: string) =>
  `<iframe src="${home}/vi/embed/tours/${tour}?colour=b5482f&amp;background=light" title="Lịch" width="100%" height="1400"></iframe>`;

/** Chooses a day in the frame and leaves it for the booking, in a tab of its own. */
async function leave(page: Page, frame: FrameLocator) {
  const day = frame.locator("a.cal-day:is([data-state=open], [data-state=few])").last();
  const href = await day.getAttribute("href");
  const date = /date=([\d-]{10})/.exec(href ?? "")?.[1] ?? "";
  await day.click();
  await expect(frame.locator("#day time")).toHaveAttribute("datetime", date);
  const opened = page.context().waitForEvent("page");
  await frame.locator("a.slot:has(.slot-book)").first().click();
  const booking = await opened;
  await expect(booking).toHaveURL(/\/vi\/book\/[0-9a-f-]{36}\?/);
  return booking;
}

test("a line puts a calendar into another site, and its guests book in a tab of ours", async ({ page, baseURL }, info) => {
  const home = baseURL ?? "";
  const script = info.project.name !== "nojs";
  body = script ? line(home) : plain(home);
  const sent: string[] = [];
  const set: string[] = [];
  page.on("request", (request) => {
    if (request.url().startsWith("http")) sent.push(new URL(request.url()).origin);
  });
  page.on("response", async (response) => {
    if (await response.headerValue("set-cookie")) set.push(response.url());
  });
  await page.goto(foreign);
  const frame = page.frameLocator("iframe");
  await expect(frame.locator("h1")).toBeVisible();

  // In its colour, and as high as it is.
  const chosen = frame.locator("a.cal-day[aria-current]");
  await expect(chosen).toHaveCSS("background-color", colour);
  await expect(frame.locator(".slot-book").first()).toHaveCSS("background-color", colour);
  if (script) {
    await expect(page.locator("iframe")).toHaveAttribute("title", "Lịch đặt chỗ");
    await expect(async () => {
      const inner = await frame.locator("html").evaluate((root) => Math.ceil(root.getBoundingClientRect().height));
      expect(await page.locator("iframe").evaluate((outer) => outer.clientHeight)).toBe(inner);
    }).toPass();
    await accessible(page, info);
  }

  const booking = await leave(page, frame);
  expect(new Set(sent)).toEqual(new Set([new URL(foreign).origin, home]));
  expect(set).toEqual([]);
  expect(await page.context().cookies(home)).toEqual([]);
  expect(await booking.evaluate(() => window.opener).catch(() => null)).toBeNull();

  await booking.locator("main form input[type=number]").first().fill("2");
  await submit(booking).click();
  await expect(booking).toHaveURL(/\/details$/);
  await booking.locator("[name=name]").fill("Nguyễn Thị Khung");
  await booking.locator("[name=email]").fill(`khung.${info.project.name}@example.com`);
  await booking.locator("[name=phone]").fill("0912 345 678");
  await submit(booking).click();
  await expect(booking).toHaveURL(/\/review$/);
  await submit(booking).click();
  await expect(booking).toHaveURL(/\?done=1$/);
});

test("a button opens the calendar in a dialog", async ({ page, baseURL }, info) => {
  test.skip(info.project.name === "nojs", "without script there is a plain link");
  body = line(baseURL ?? "", 'data-button="Giữ chỗ"');
  await page.goto(foreign);
  const button = page.getByRole("button", { name: "Giữ chỗ" });
  await expect(button).toHaveCSS("background-color", colour);
  await expect(button).toHaveCSS("color", "rgb(255, 255, 255)");
  await expect(page.locator("iframe")).toHaveCount(0);
  await button.click();
  const dialog = page.getByRole("dialog", { name: "Lịch đặt chỗ" });
  const frame = page.frameLocator("iframe");
  await expect(frame.locator("a.cal-day").first()).toBeVisible();
  await accessible(page, info);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();

  // A frame has the keys while the focus is in it.
  await page.keyboard.press("Enter");
  await expect(dialog).toBeVisible();
  await frame.locator("summary").first().focus();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();

  await button.click();
  await leave(page, frame).then((booking) => booking.close());
  await page.getByRole("button", { name: "Đóng" }).click();
  await expect(dialog).toBeHidden();
});

test("pages for frames can be read by all, in any colour, by day and by night", async ({ page }, info) => {
  for (const look of ["", "?colour=ffd700&background=light", "?colour=ffd700&background=dark", "?colour=101010&background=dark&corners=square"]) {
    await page.goto(`/vi/embed/tours/${tour}${look}`);
    await expect(page.locator("h1")).toHaveCount(1);
    await accessible(page, info);
  }
  await page.goto("/vi/embed/workshops/gom-minh-hai?colour=2d6a54");
  await accessible(page, info);
  await page.locator(".card-link").first().click();
  await expect(page).toHaveURL(/\/vi\/embed\/tours\/.*colour=2d6a54/);
  await page.getByRole("link", { name: "Tất cả tour" }).click();
  await expect(page).toHaveURL(/\/vi\/embed\/workshops\/gom-minh-hai\?colour=2d6a54$/);
});

test("no other page lets itself be framed", async ({ page, baseURL, request }) => {
  for (const path of [`/vi/tours/${tour}`, "/vi/sign-in", "/vi"]) {
    const answer = await request.get(path);
    expect(answer.headers()["x-frame-options"]).toBe("DENY");
    expect(answer.headers()["content-security-policy"]).toContain("frame-ancestors 'none'");
    body = `<iframe src="${baseURL}${path}" title="Trang" width="600" height="400"></iframe>`;
    await page.goto(foreign);
    await expect(page.locator("p", { hasText: "Hết" })).toBeVisible();
    await expect(page.frameLocator("iframe").locator("h1")).toHaveCount(0);
  }
});

test("a host takes the line from a page, with what it shows", async ({ page }, info) => {
  await signIn(page, "minhhai@langnghe.example");
  await page.goto("/vi/host/gom-minh-hai/more");
  await page.getByRole("link", { name: "Đặt lên trang web của bạn" }).click();
  await accessible(page, info);
  await page.locator("[name=show]").selectOption(`tour-${tour}`);
  await page.locator("[name=colour]").fill("#b5482f");
  await submit(page).click();
  await expect(page.locator("#line")).toHaveValue(new RegExp(`data-tour="${tour}" data-colour="b5482f" data-language="vi"`));
  const frame = page.frameLocator("iframe");
  await expect(frame.locator("a.cal-day[aria-current]")).toHaveCSS("background-color", colour);
  await page.locator("label", { hasText: "Nút mở lịch" }).click();
  await submit(page).click();
  await expect(page.locator("#line")).toHaveValue(/data-button><\/script>$/);
  if (info.project.name === "nojs") return;
  await page.getByRole("button", { name: "Đặt chỗ", exact: true }).click();
  await expect(page.getByRole("dialog").locator("iframe")).toBeVisible();
});
