// Full-day passes: a guest books several workshops as one day, moves and cancels it; a host is asked
// to be a stop and agrees.
import { expect, type Page } from "@playwright/test";
import { accessible, signIn, submit } from "./steps";
import { test } from "./site";

const pass = "Một ngày gốm ven sông";

/** Each project has days of its own, and none that other journeys need. */
const day = (project: string) => ({ desktop: 12, phone: 14, nojs: 16 })[project] ?? 12;

/** The day's total in đồng; what it is depends on the day, which may be a festival's. */
async function total(page: Page) {
  const text = await page.locator(".price-total dd").last().innerText();
  return Number(text.replace(/\D/g, ""));
}

/** Nothing is wider than the window. */
async function fits(page: Page) {
  const width = page.viewportSize()!.width;
  const box = await page.locator("main").boundingBox();
  expect(box!.width).toBeLessThanOrEqual(width);
}

test("a guest books a day in two workshops, moves it and cancels it", async ({ page }, info) => {
  const email = `ngay.${info.project.name}@example.com`;
  await page.goto("/vi/passes");
  await accessible(page, info);
  await page.getByRole("link", { name: pass }).click();
  await expect(page.locator("h1")).toHaveText(pass);
  await expect(page.locator("main")).toContainText("Đường đi khoảng");
  await accessible(page, info);
  await fits(page);

  await page.locator("[name=adult]").fill("2");
  await page.locator("[name=child]").fill("1");
  await page.getByRole("button", { name: "Xem những ngày đi được" }).click();
  await page.locator(".day-chip").nth(day(info.project.name)).click();
  await expect(page.locator(".day-chip[aria-current]")).toHaveCount(1);
  await accessible(page, info);
  await page.getByRole("link", { name: "Đặt hành trình này" }).first().click();
  await expect(page).toHaveURL(/\/book\?adult=2&child=1&slot=/);
  await accessible(page, info);
  await fits(page);

  const promised = await total(page);
  expect(promised).toBeGreaterThan(0);

  // A form that lacks something comes back with all that was typed.
  await page.locator("[name=name]").fill("Nguyễn Thị Hoa");
  await submit(page).click();
  await expect(page.locator("[name=email]")).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator("[name=name]")).toHaveValue("Nguyễn Thị Hoa");
  await page.locator("[name=email]").fill(email);
  await submit(page).click();
  await expect(page).toHaveURL(/\/vi\/pass\/[A-Z0-9]{7}\/[\w-]{30,}\?done=1$/);
  await expect(page.locator("h1")).toHaveText("Đã đặt cả ngày!");
  await expect(page.locator(".itinerary-stop")).toHaveCount(2);
  expect(await total(page)).toBe(promised);
  await accessible(page, info);
  await fits(page);
  const home = new URL(page.url()).pathname;

  // One letter has the whole day, and the calendar an entry for each stop.
  const letters = page.getByRole("link").filter({ hasText: email });
  await expect(async () => {
    await page.goto("/mailbox");
    await expect(letters.first()).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 30_000 });
  await expect(letters).toHaveCount(1);
  await letters.first().click();
  await expect(page.locator("body")).toContainText(pass);
  const calendar = await (await page.request.get(`${home}/pass.ics`)).text();
  expect(calendar.match(/BEGIN:VEVENT/g)).toHaveLength(2);

  // A stop alone leads to the pass.
  await page.goto(home);
  await page.getByRole("link", { name: "Trang của chặng này" }).first().click();
  await expect(page.locator("main a[href$='/cancel']")).toHaveCount(0);
  await accessible(page, info);
  await page.getByRole("link", { name: "Mở vé trọn ngày" }).click();

  await page.getByRole("link", { name: "Dời sang ngày hoặc giờ khác" }).click();
  await accessible(page, info);
  await fits(page);
  await page.locator(".day-group").nth(day(info.project.name) + 1).locator("[name=slots]").first().check();
  await submit(page).click();
  await expect(page.locator(".notice")).toContainText("Đã dời hành trình");
  const moved = await total(page);

  await page.getByRole("link", { name: "Đổi đoàn" }).click();
  await accessible(page, info);
  await page.locator("[name=child]").fill("0");
  await submit(page).click();
  await expect(page.locator(".notice")).toContainText("Đã đổi đoàn");
  expect(await total(page)).toBeLessThan(moved);

  await page.getByRole("link", { name: "Hủy cả vé" }).click();
  await expect(page.locator(".notice")).toContainText("Xưởng gốm Minh Hải");
  await accessible(page, info);
  await page.getByRole("button", { name: "Hủy cả vé" }).click();
  await expect(page.locator(".itinerary-stop[data-state=cancelled]")).toHaveCount(2);
  await accessible(page, info);
});

test("a host writes a pass, another agrees, and guests find it", async ({ page }, info) => {
  const title = `Ngày thử ${info.project.name}`;
  await signIn(page, "minhhai@langnghe.example");
  await page.goto("/vi/host/gom-minh-hai/more");
  await page.getByRole("link", { name: "Vé trọn ngày", exact: true }).click();
  await accessible(page, info);
  await page.getByRole("link", { name: "Viết vé mới" }).click();
  await page.locator("[name=title_vi]").fill(title);
  await submit(page).click();
  await expect(page.locator("[name=summary_vi]")).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator("[name=title_vi]")).toHaveValue(title);
  await accessible(page, info);
  await fits(page);
  await page.locator("[name=summary_vi]").fill("Sáng xoay, chiều vẽ.");
  const stops = page.locator("[name=stop]");
  const option = (words: string) => stops.first().locator("option", { hasText: words }).first().getAttribute("value");
  await stops.nth(0).selectOption(await option("Xưởng gốm Minh Hải: Nặn gốm"));
  await stops.nth(1).selectOption(await option("Nhà gốm Cẩm Vân: "));
  await submit(page).click();
  await expect(page.locator(".notice")).toContainText("Đã lưu");
  const mine = page.locator("section.panel", { hasText: title }).filter({ has: page.getByRole("link", { name: "Sửa" }) });
  await mine.getByRole("button", { name: "Đăng bán" }).click();
  await expect(mine).toContainText("Nhà gốm Cẩm Vân chưa trả lời");
  await accessible(page, info);
  await page.goto("/vi/passes");
  await expect(page.locator("main")).not.toContainText(title);

  await page.context().clearCookies();
  await signIn(page, "camvan@langnghe.example");
  await page.goto("/vi/host/nha-gom-cam-van/passes");
  const asked = page.locator("section.panel", { hasText: title }).first();
  await accessible(page, info);
  await asked.getByRole("button", { name: "Đồng ý" }).click();
  await expect(page.locator(".notice")).toContainText("Đã đồng ý");
  await page.context().clearCookies();
  await page.goto("/vi/passes");
  await expect(page.locator("main")).toContainText(title);
});
