// A guest asks for their data by mail, downloads it, deletes it; the link is dead afterwards.
import { expect } from "@playwright/test";
import { test } from "./site";
import { accessible, mailed, signIn, submit } from "./steps";

const SHOP = "nha-det-khanh-to";

test("data are asked for by mail, downloaded and deleted", async ({ page }, info) => {
  const email = `my-data.${info.project.name}@example.com`;
  const name = `Trương Bảo Ngân ${info.project.name}`;

  // Something to hold: a group asks.
  await page.goto("/vi/tours/ben-khung-cui/enquiry");
  await expect(page.locator("main form a[href$='/privacy']")).toBeVisible();
  await page.locator("[name=people]").fill("24");
  const day = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  await page.locator("main [type=date]").first().fill(day);
  await page.locator("[name=name]").fill(name);
  await page.locator("[name=email]").fill(email);
  await submit(page).click();
  await expect(page).toHaveURL(/\/enquiry\/[^/]+\/[^/]+/);

  // The page tells nobody who is known.
  await page.goto("/vi/my-data");
  await accessible(page, info);
  await page.locator("[name=email]").fill("không phải thư");
  await submit(page).click();
  await expect(page.locator("[name=email]")).toHaveAttribute("aria-invalid", "true");
  await page.locator("[name=email]").fill("nobody@example.com");
  await submit(page).click();
  await expect(page.locator(".notice")).toContainText("Thư đang trên đường");
  await page.locator("[name=email]").fill(email);
  await submit(page).click();
  await expect(page.locator(".notice")).toContainText("Thư đang trên đường");

  const link = await mailed(page, email, /Đường dẫn tới dữ liệu/, /\/vi\/my-data\/[\w-]{30,}/);
  await page.goto(link);
  await expect(page.locator("h1")).toContainText(email);
  await expect(page.locator(".entry-list")).toContainText("Hỏi cho đoàn");
  await accessible(page, info);

  const file = await page.request.get(`${link}/export.json`);
  expect(file.headers()["content-disposition"]).toContain("attachment");
  const data = await file.json();
  expect(data.format).toBe("langnghe-personal-data");
  expect(data.records.enquiry[0].name).toBe(name);
  expect(data.consents.map((one: { kind: string }) => one.kind)).toContain("privacy");

  await page.locator("button.btn-danger").click();
  await expect(page.locator(".error-summary")).toBeVisible();
  await page.locator("[name=sure]").check();
  await page.locator("button.btn-danger").click();
  await expect(page.locator(".notice")).toContainText("đã được xóa");
  expect((await page.goto(link))?.status()).toBe(410);
  expect((await page.request.get(`${link}/export.json`)).status()).toBe(410);
});

test("owners see who opened guests' data, the office what is kept how long", async ({ page }, info) => {
  await signIn(page, "khanhto@langnghe.example");
  await page.goto(`/vi/host/${SHOP}/sheet`);
  await page.goto(`/vi/host/${SHOP}/views`);
  await expect(page.locator("table")).toContainText("chủ xưởng");
  await accessible(page, info);
  await page.context().clearCookies();
  await signIn(page, "admin@langnghe.example");
  await page.goto("/vi/office/privacy");
  await expect(page.locator("main")).toContainText("booking");
  await accessible(page, info);
  await page.goto("/vi/privacy");
  await expect(page.locator("main table")).toContainText("2 năm");
  await accessible(page, info);
});
