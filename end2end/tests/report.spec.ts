// The office's report: a year, another period, files, paper; and what a village sees of it.
import { readFileSync } from "node:fs";
import { expect } from "@playwright/test";
import { test } from "./site";
import { accessible, signIn, submit } from "./steps";

test("the office reads the year, changes the period, takes the figures home and prints", async ({ page }, info) => {
  await signIn(page, "admin@langnghe.example");
  await page.goto("/vi/office");
  await page.getByRole("link", { name: "Báo cáo" }).first().click();
  await expect(page.locator("h1")).toHaveText("Du lịch làng nghề Hà Nội");
  await expect(page.locator(".report-figure").first()).toContainText(/\d|\*/);
  await accessible(page, info);

  await page.locator("[name=period]").selectOption("last_year");
  await submit(page).click();
  await expect(page).toHaveURL(/period=last_year/);
  const year = new Date().getFullYear() - 1;
  await expect(page.locator(".report-head .lead")).toHaveText(`01/01/${year} – 31/12/${year}`);
  await expect(page.locator("#places tbody tr")).not.toHaveCount(0);
  await expect(page.locator(".village-map .map-circle").first()).toBeAttached();
  await accessible(page, info);

  // Wrong months are said beside their field, and stay.
  await page.locator("[name=period]").selectOption("between");
  await page.locator("[name=from]").fill(`${year}-06`);
  await page.locator("[name=to]").fill(`${year}-02`);
  await submit(page).click();
  await expect(page.locator(".error-summary")).toBeVisible();
  await expect(page.locator("[name=from]")).toHaveValue(`${year}-06`);
  await accessible(page, info);
  await page.locator("[name=to]").fill(`${year}-08`);
  await submit(page).click();
  await expect(page.locator("#months tbody tr")).toHaveCount(4);

  const [csv] = await Promise.all([page.waitForEvent("download"), page.locator("#places a[download]").click()]);
  const table = readFileSync(await csv.path(), "utf8");
  expect(table.startsWith("\ufeff\"Làng\",\"Xưởng\"")).toBe(true);
  const [book] = await Promise.all([page.waitForEvent("download"), page.locator("a[href*='report.xlsx']").click()]);
  expect(book.suggestedFilename()).toBe(`hanoi-${year}06-${year}08.xlsx`);
  expect(readFileSync(await book.path()).subarray(0, 2).toString()).toBe("PK");

  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".report-head .print-only")).toBeVisible();
  await expect(page.locator("form.no-print")).toBeHidden();
  await expect(page.locator(".subnav")).toBeHidden();
  await page.emulateMedia({ media: "screen" });
});

test("a village's administration reads its own report alone", async ({ page }, info) => {
  await page.goto("/vi/sign-in");
  await page.locator("[name=email]").fill("xa-bat-trang@langnghe.example");
  await page.locator("[name=password]").fill("langnghe-demo");
  await submit(page).click();
  await expect(page).toHaveURL(/\/vi\/village\/bat-trang\/report$/);
  await expect(page.locator("h1")).toContainText("Bát Tràng");
  await accessible(page, info);
  for (const elsewhere of ["/vi/office/report", "/vi/village/van-phuc/report", "/vi/host/gom-minh-hai"]) {
    expect((await page.goto(elsewhere))?.status(), elsewhere).toBe(404);
  }
});

test("fairs and village administrators are kept by the office, jobs told by owners", async ({ page }, info) => {
  const fair = `Hội chợ thử ${info.project.name}`;
  await signIn(page, "admin@langnghe.example");
  await page.goto("/vi/office/villages");
  await accessible(page, info);
  await page.goto("/vi/office/trade");
  await accessible(page, info);
  await page.getByRole("link", { name: "Viết sự kiện" }).click();
  await page.locator("[name=name_vi]").fill(fair);
  await submit(page).click();
  await expect(page.locator(".error-summary")).toBeVisible();
  await expect(page.locator("[name=name_vi]")).toHaveValue(fair);
  await accessible(page, info);
  const first = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
  await page.locator("[name=place_vi]").fill("Đông Anh");
  await page.locator("[name=first]").fill(first);
  await page.locator("[name=published]").check();
  await submit(page).click();
  await expect(page.locator(".notice")).toContainText("Đã lưu sự kiện");
  await accessible(page, info);

  await page.context().clearCookies();
  await signIn(page, "thaoque@langnghe.example");
  const house = "/vi/host/huong-thao-que";
  await page.goto(`${house}/trade`);
  await page.getByRole("button", { name: `Đăng ký tham gia ${fair}` }).click();
  await expect(page.locator(".notice")).toContainText("Đã đăng ký");
  await accessible(page, info);
  await page.goto(`${house}/figures`);
  await accessible(page, info);
  for (const [name, n] of [["workers", "9"], ["women", "12"], ["seasonal", "2"], ["artisans", "1"], ["apprentices", "1"]]) {
    await page.locator(`[name=${name}]`).fill(n);
  }
  await submit(page).click();
  await expect(page.locator("[name=women]")).toHaveAttribute("aria-invalid", "true");
  await page.locator("[name=women]").fill("6");
  await submit(page).click();
  await expect(page.locator(".notice")).toContainText("Đã lưu số liệu");
  await accessible(page, info);
});
