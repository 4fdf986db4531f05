// A piece made to order: a brief, an offer with a sketch, the deposit at a simulated bank, a milestone.
import { expect, type Page } from "@playwright/test";
import { hook, pays } from "./bank";
import { test } from "./site";
import { accessible, letter, signIn, submit } from "./steps";

const SHOP = "htx-may-tre-hoa-trang";
const HOST = `/vi/host/${SHOP}`;
const SKETCH = "../app/engine/demo/sketch-lamp.jpg";
const MILESTONE = "../app/engine/demo/milestone-lamp.jpg";

/** A day so many days ahead, as fields take it. */
const day = (ahead: number) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);

/** The form of the page that does something. */
const form = (page: Page, act: string) => page.locator("main form").filter({ has: page.locator(`[name=act][value=${act}]`) });

test("a lampshade is ordered, its deposit comes, and its customer sees it grow", async ({ page, browser, request, baseURL }, info) => {
  const { viewport, javaScriptEnabled } = info.project.use;
  const what = `Chao đèn ${info.project.name}`;
  const desk = await (await browser.newContext({ baseURL, viewport, javaScriptEnabled })).newPage();
  await signIn(desk, "hoatrang@langnghe.example");
  const bank = await hook(desk);

  // The brief loses nothing.
  await page.goto(`/vi/workshops/${SHOP}`);
  await page.locator(".commission-link a").click();
  await expect(page).toHaveURL(/\/commission$/);
  await accessible(page, info);
  await page.locator("[name=details]").fill("Treo trên bàn ăn.");
  await submit(page).click();
  await expect(page.locator(".error-summary")).toBeVisible();
  await expect(page.locator("[name=details]")).toHaveValue("Treo trên bàn ăn.");
  await accessible(page, info);
  await page.locator("[name=what]").fill(what);
  await page.locator("[name=photo1]").setInputFiles(SKETCH);
  await page.locator("[name=name]").fill("Lê Thị Mai");
  await page.locator("[name=email]").fill(`mai.${info.project.name}@example.com`);
  await submit(page).click();
  await expect(page).toHaveURL(/\?done=asked$/);
  await expect(page.locator(".commission-photos img")).toHaveCount(1);
  await accessible(page, info);
  const home = new URL(page.url()).pathname;

  // The workshop offers, with a sketch.
  await desk.goto(`${HOST}/commissions`);
  await accessible(desk, info);
  await desk.getByRole("link", { name: what }).click();
  await expect(desk.locator("h1")).toContainText(what);
  await accessible(desk, info);
  await desk.locator("[name=price]").fill("1.000.000");
  await desk.locator("[name=deposit]").fill("40");
  await desk.locator("[name=ready_on]").fill(day(40));
  await desk.locator("[name=valid_until]").fill(day(10));
  await desk.locator("[name=grams]").fill("1500");
  await desk.locator("[name=words]").fill("Nan đôi, miệng bọc vải.");
  await desk.locator("[name=photo1]").setInputFiles(SKETCH);
  await form(desk, "offer").locator("button.btn-primary").click();
  await expect(desk).toHaveURL(/\?done=offer$/);

  // Accepted, it waits for the deposit, which the bank tells of.
  await page.goto(home);
  await expect(page.locator("section[aria-labelledby=offer] img")).toHaveCount(1);
  await accessible(page, info);
  await form(page, "accept").locator("button").click();
  await expect(page).toHaveURL(/\/pay$/);
  await accessible(page, info);
  expect(await page.locator("#pay-amount").inputValue()).toBe("400000");
  const code = await page.locator("#pay-text").inputValue();
  expect(code).toMatch(/^LD[2-9A-Z]{7}$/);
  await pays(request, bank, 400_000, `MBVCB.99.${code.toLowerCase()}.CT dat lam`);
  await expect(page).toHaveURL(new RegExp(`${home}$`), { timeout: 45_000 });
  await expect(page.locator(".page-head .badge")).toHaveText("Đang làm");

  // A milestone is seen, on the page and in a letter.
  await desk.reload();
  await desk.locator("[name=words]").fill("Đã đan nửa thân.");
  await desk.locator("[name=photo1]").setInputFiles(MILESTONE);
  await desk.locator("button[value=milestone]").click();
  await expect(desk).toHaveURL(/\?done=milestone$/);
  await accessible(desk, info);
  await page.goto(home);
  const milestone = page.locator(".commission-entry[data-mark=milestone]");
  await expect(milestone).toContainText("Đã đan nửa thân.");
  await expect(milestone.locator("img")).toHaveCount(1);
  await accessible(page, info);
  await letter(page, new RegExp(`Món đồ của bạn đang thành hình: ${what}`));
});
