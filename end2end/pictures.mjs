// Takes the README's pictures from a running demo: `node pictures.mjs [http://127.0.0.1:3000]`.
import { mkdirSync } from "node:fs";
import { chromium } from "@playwright/test";

const base = process.argv[2] ?? "http://127.0.0.1:3000";
const folder = new URL("pictures/", import.meta.url).pathname;
mkdirSync(folder, { recursive: true });

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
const wide = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };

async function open(size, more = {}) {
  const context = await browser.newContext({ ...size, ...more, baseURL: base });
  return context.newPage();
}

async function picture(page, name) {
  await page.waitForLoadState("networkidle");
  await page.screenshot({ path: `${folder}${name}.jpg`, type: "jpeg", quality: 82 });
}

const submit = (page) => page.locator("main form button.btn-primary:not([type=button])").first().click();

let page = await open(wide);
await page.goto("/en");
await picture(page, "home");
await page.goto("/en/villages");
await picture(page, "villages");

page = await open(phone);
await page.goto("/en/tours/nan-gom-ban-xoay?month=2026-12#book");
await page.locator(".cal").scrollIntoViewIfNeeded();
await picture(page, "calendar");
await page.locator("button.slot").first().click();
const counts = page.locator("main form input[type=number]");
await counts.nth(0).fill("2");
await counts.nth(1).fill("1");
await submit(page);
await page.locator("[name=name]").fill("Camille Moreau");
await page.locator("[name=email]").fill("camille@example.com");
await submit(page);
await submit(page);
await page.waitForURL(/done=1/);
await picture(page, "booked");

page = await open(phone, { colorScheme: "dark" });
await page.goto("/vi/sign-in");
await page.locator("[name=email]").fill("minhhai@langnghe.example");
await page.locator("[name=password]").fill("langnghe-demo");
await submit(page);
await page.waitForURL(/\/host/);
await page.goto("/vi/host/gom-minh-hai");
await picture(page, "host-day");

await browser.close();
