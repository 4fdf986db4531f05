// Festivals: announced by a co-op, met by a visitor who pays the day's price, left by a workshop.
import { expect } from "@playwright/test";
import { accessible, quietDay, signIn, submit } from "./steps";
import { test } from "./site";

const host = "/vi/host/gom-minh-hai";

/** Six weeks ahead, where no other journey is; each project has a week of its own. */
function day(project: string) {
  const after = { desktop: 42, phone: 49, nojs: 56 }[project] ?? 42;
  return quietDay(after).toISOString().slice(0, 10);
}

test("a co-op announces a festival, visitors see it and pay its price", async ({ page }, info) => {
  const name = `Hội thử ${info.project.name}`;
  const date = day(info.project.name);
  await signIn(page, "minhhai@langnghe.example");
  await page.goto(`${host}/more`);
  await page.getByRole("link", { name: "Sự kiện của làng", exact: true }).click();
  await expect(page.locator("main")).toContainText("Hội đình Bát Tràng");
  await accessible(page, info);
  await page.getByRole("link", { name: "Thêm sự kiện" }).click();
  await accessible(page, info);

  // Something is wrong: it is said beside the field, and nothing typed is lost.
  await page.locator("[name=title_vi]").fill(name);
  await page.locator("[name=summary_vi]").fill("Cả làng mở lò một ngày.");
  await page.locator("[name=from]").fill("2020-01-01");
  await page.locator("[name=price_percent]").fill("120");
  await submit(page).click();
  await expect(page.locator(".notice, [role=alert]").first()).toContainText("sắp tới");
  await expect(page.locator("[name=title_vi]")).toHaveValue(name);
  await page.locator("[name=from]").fill(date);
  await page.locator("[name=opening][value=daily]").check();
  await submit(page).click();
  await expect(page.locator(".notice")).toContainText("Đã lưu");
  await expect(page.locator("main")).toContainText("3 xưởng tham gia");
  await accessible(page, info);
  await page.getByRole("button", { name: "Công bố" }).click();
  await expect(page.locator(".notice")).toContainText("Đã công bố");
  await page.getByRole("link", { name: "Xem trang công khai" }).click();
  await expect(page.locator("h1")).toHaveText(name);
  const address = page.url();

  // A visitor finds it in the list, and a tour with the price of the day.
  await page.context().clearCookies();
  await page.goto("/vi/events");
  await accessible(page, info);
  await page.getByRole("link", { name }).click();
  await expect(page).toHaveURL(address);
  await expect(page.locator("main")).toContainText("Giá cao hơn ngày thường 20%");
  await accessible(page, info);
  await page.locator(".card-link").first().click();
  await expect(page).toHaveURL(new RegExp(`date=${date}`));
  const note = page.locator("button.slot .slot-note", { hasText: "hôm đó" }).first();
  const price = (await note.innerText()).match(/[\d.]+/)![0];
  await accessible(page, info);
  await page.locator("button.slot", { hasText: "hôm đó" }).first().click();
  await expect(page).toHaveURL(/\/book\//);
  await expect(page.locator("form")).toContainText(price);

  // One workshop stays out; then the whole is withdrawn.
  await signIn(page, "minhhai@langnghe.example");
  await page.goto(`${host}/events`);
  const entry = page.locator(".entry", { hasText: name }).first();
  await entry.getByRole("button", { name: "Không tham gia" }).click();
  await expect(page.locator(".notice")).toContainText("không tham gia");
  await page.locator("#ours ~ ul").getByRole("link", { name }).click();
  await expect(page.locator("main")).toContainText("1 xưởng không tham gia");
  await page.getByRole("button", { name: "Rút lại" }).click();
  await expect(page.locator(".notice")).toContainText("Đã rút");
  expect((await page.request.get(address)).status()).toBe(404);
});
