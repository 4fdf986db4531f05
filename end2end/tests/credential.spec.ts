// Credentials: a host enters OCOP stars with a paper, the office verifies, visitors see the badge and find
// the tour by it; what the office refuses says why.
import { expect, type Page } from "@playwright/test";
import { accessible, signIn, submit } from "./steps";
import { test } from "./site";

const host = "/vi/host/son-mai-tung-lam/credentials";
const shop = "/vi/workshops/son-mai-tung-lam";
const found = "/vi/tours?ocop=4&q=H%E1%BA%A1+Th%C3%A1i";

const decided = new Date(Date.now() - 100 * 86_400_000).toISOString().slice(0, 10);
const paper = { name: "giay-chung-nhan.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4\nOCOP") };

/** Nothing is wider than the window. */
async function fits(page: Page) {
  const box = await page.locator("main").boundingBox();
  expect(box!.width).toBeLessThanOrEqual(page.viewportSize()!.width);
}

async function as(page: Page, email: string) {
  await page.context().clearCookies();
  await signIn(page, email);
}

test("stars are entered, verified, shown and found", async ({ page }, info) => {
  const product = `Hộp sơn thử ${info.project.name}`;
  await page.goto(found);
  await expect(page.locator(".results-count")).toHaveText("0 tour");

  await signIn(page, "tunglam@langnghe.example");
  await page.goto("/vi/host/son-mai-tung-lam/more");
  await page.getByRole("link", { name: "Chứng nhận và danh hiệu", exact: true }).click();
  await expect(page.locator("main")).toContainText("Đỗ Tùng Lâm");
  await accessible(page, info);
  await page.getByRole("link", { name: "Thêm chứng nhận" }).click();
  await accessible(page, info);
  await page.getByRole("link", { name: "Sao OCOP" }).click();
  await accessible(page, info);
  await fits(page);
  await page.locator("[name=subject]").fill(product);
  await page.locator("[name=stars]").selectOption("4");
  await page.locator("[name=level]").selectOption("province");
  await page.locator("[name=issuer]").fill("UBND thành phố Hà Nội");
  await page.locator("[name=number]").fill("MẪU 99/OCOP");
  await page.locator("[name=issued_on]").fill(decided);
  await page.locator("[name=papers]").setInputFiles(paper);
  await submit(page).click();
  // The decision's number is missing.
  await expect(page.locator("[name=decision]")).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator("[name=subject]")).toHaveValue(product);
  await accessible(page, info);
  await page.locator("[name=decision]").fill("MẪU 99/QĐ-UBND");
  await page.locator("[name=papers]").setInputFiles(paper);
  await submit(page).click();
  await expect(page.locator(".notice").first()).toContainText("Đã gửi");
  await expect(page.locator("#state")).toContainText("Chờ xác minh");
  await accessible(page, info);
  const mine = new URL(page.url()).pathname;

  await as(page, "admin@langnghe.example");
  await page.goto("/vi/office/credentials?state=claimed");
  await accessible(page, info);
  await fits(page);
  await page.getByRole("link", { name: product }).click();
  await expect(page.locator("main")).toContainText(paper.name);
  await accessible(page, info);
  await page.getByRole("button", { name: "Xác minh", exact: true }).click();
  await expect(page.locator(".notice").first()).toContainText("Đã xác minh");

  await page.context().clearCookies();
  await page.goto(shop);
  await expect(page.locator(".page-head .badges")).toContainText("OCOP 4 sao");
  await page.locator("#credentials summary", { hasText: product }).click();
  await expect(page.locator("#credentials")).toContainText("MẪU 99/OCOP");
  await accessible(page, info);
  await page.goto(found);
  await expect(page.locator(".card .badges").first()).toContainText("OCOP 4 sao");
  await accessible(page, info);
  await fits(page);

  // Taken off, nobody finds it any more.
  await as(page, "tunglam@langnghe.example");
  await page.goto(mine);
  await page.locator("details summary", { hasText: "Gỡ xuống" }).click();
  await page.locator("[name=reason]").fill("Không làm nữa.");
  await page.getByRole("button", { name: "Gỡ xuống" }).click();
  await expect(page.locator("#state")).toContainText("Đã gỡ");
  await page.goto(found);
  await expect(page.locator(".results-count")).toHaveText("0 tour");
});

test("what is refused says why", async ({ page }, info) => {
  const name = `Thợ thử ${info.project.name}`;
  await signIn(page, "tunglam@langnghe.example");
  await page.goto(`${host}/new?kind=hanoi_artisan`);
  await page.locator("[name=subject]").fill(name);
  await page.locator("[name=decision]").fill("MẪU 7/QĐ");
  await page.locator("[name=year]").fill("2021");
  await page.locator("[name=papers]").setInputFiles(paper);
  await submit(page).click();
  await expect(page.locator("#state")).toContainText("Chờ xác minh");
  const mine = page.url().split("?")[0];

  await as(page, "admin@langnghe.example");
  await page.goto("/vi/office/credentials?state=claimed");
  await page.getByRole("link", { name }).click();
  await page.getByRole("button", { name: "Từ chối" }).click();
  await expect(page.locator("[name=reason]")).toHaveAttribute("aria-invalid", "true");
  await accessible(page, info);
  await page.locator("[name=reason]").fill("Tên trên quyết định là người khác.");
  await page.getByRole("button", { name: "Từ chối" }).click();
  await expect(page.locator(".notice").first()).toContainText("Đã từ chối");

  await as(page, "tunglam@langnghe.example");
  await page.goto(mine);
  await expect(page.locator(".notice")).toContainText("Tên trên quyết định là người khác.");
  await accessible(page, info);
  await page.context().clearCookies();
  await page.goto(shop);
  await expect(page.locator("main")).not.toContainText(name);
});
