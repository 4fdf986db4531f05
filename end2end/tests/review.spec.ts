// A guest who came writes a review; the workshop answers and reports; the office hides, the guest asks again.
import { expect } from "@playwright/test";
import { test } from "./site";
import { accessible, choose, departureToday, letter, mailed, signIn, submit } from "./steps";

const SHOP = "gom-minh-hai";
const HOST = `/vi/host/${SHOP}`;
const TOUR = "mot-ngay-lam-tho-gom";

test("a review is written, answered, reported, hidden and shown again", async ({ page, browser, baseURL }, info) => {
  test.slow();
  const { viewport, javaScriptEnabled } = info.project.use;
  const window = async () => (await browser.newContext({ baseURL, viewport, javaScriptEnabled })).newPage();
  const name = `Phan Thị Quế ${info.project.name}`;
  const said = `Một buổi thật đáng nhớ (${info.project.name}).`;

  // The demo's: an average, a chart, filters by address alone.
  await page.goto("/vi/tours/nan-gom-ban-xoay");
  await expect(page.locator(".said-average")).toBeVisible();
  expect(await page.locator(".said-list > li").count()).toBeGreaterThan(2);
  await accessible(page, info);
  await page.goto("/vi/tours/nan-gom-ban-xoay/reviews?language=ko");
  await expect(page.locator(".said-words[lang=ko]").first()).toBeVisible();
  await accessible(page, info);
  await page.goto("/vi/reviews");
  await expect(page.locator("h1")).toHaveText("Quy tắc đánh giá");

  // A departure of today, booked by telephone; the letter leads to the booking.
  const email = `que.${info.project.name}@example.com`;
  const desk = await window();
  await signIn(desk, "minhhai@langnghe.example");
  await departureToday(desk, HOST, info.project.name === "phone" ? 9 : 11, 6);
  const call = desk.locator("#add");
  await call.locator("summary").click();
  await call.locator("[name=name]").fill(name);
  await call.locator("[name=email]").fill(email);
  await call.locator("[name^='unit.']").first().fill("2");
  await call.locator("button[type=submit]").click();
  const home = await mailed(page, email, /Đã đặt chỗ/, /\/vi\/booking\/[A-Z0-9-]+\/[\w-]{20,}/);
  await page.goto(`${home}/rating`);
  await expect(page.locator("main form")).toHaveCount(0);
  await desk.locator(".guest", { hasText: name }).locator("button.checkin").click();
  await expect(desk.locator(".guest[data-state=arrived]", { hasText: name })).toBeVisible();

  // The form keeps what was typed.
  await page.goto(home);
  await page.locator(`a[href$='/rating']`).click();
  await accessible(page, info);
  await page.locator("[name=words]").fill(said);
  await submit(page).click();
  await expect(page.locator(".error-summary")).toBeVisible();
  await expect(page.locator("[name=words]")).toHaveValue(said);
  await choose(page.locator("[name=stars][value='4']"));
  await choose(page.locator("[name=signed][value=initial]"));
  await submit(page).click();
  await expect(page.locator(".notice")).toContainText("Cảm ơn");
  await accessible(page, info);
  await page.goto(`/vi/tours/${TOUR}/reviews`);
  await expect(page.locator(".said-list")).toContainText(said);

  // The workshop answers, and reports it.
  await desk.goto(`${HOST}/reviews`);
  await accessible(desk, info);
  const mine = desk.locator(".said-list > li", { hasText: said });
  await mine.locator("summary").first().click();
  await mine.locator("[name=reply]").fill("Cảm ơn chị Quế!");
  await mine.locator("button[value=answer]").click();
  await expect(desk.locator(".notice")).toContainText("Đã lưu");
  await mine.locator("summary").nth(1).click();
  await mine.locator("[name=ground]").selectOption("not_about_visit");
  await mine.locator("[name=why]").fill("Nói về chuyện khác.");
  await mine.locator("button[value=report]").click();
  await expect(mine).toContainText("Đã báo với văn phòng");
  await page.reload();
  await expect(page.locator(".said-list")).toContainText("Cảm ơn chị Quế!");

  // The office hides it; its author is told, changes it, and it is shown again.
  const office = await window();
  await office.goto("/vi/sign-in");
  await office.locator("[name=email]").fill("admin@langnghe.example");
  await office.locator("[name=password]").fill("langnghe-demo");
  await submit(office).click();
  await office.goto("/vi/office/reviews");
  await accessible(office, info);
  const asked = office.locator("main li", { hasText: said }).first();
  await asked.locator("button[value=hide]").click();
  await page.reload();
  await expect(page.locator("main")).not.toContainText(said);
  await letter(office, /Đánh giá của bạn không còn hiển thị/);
  await page.goto(`${home}/rating`);
  await expect(page.locator(".notice")).toContainText("đang bị ẩn");
  await page.locator("[name=words]").fill(`${said} Chú thợ rất kiên nhẫn.`);
  await submit(page).click();
  await office.goto("/vi/office/reviews");
  await office.locator("main li", { hasText: said }).first().locator("button[value=show]").click();
  await page.goto(`/vi/tours/${TOUR}/reviews`);
  await expect(page.locator(".said-list")).toContainText("kiên nhẫn");

  // Taken back for good.
  await page.goto(`${home}/rating`);
  await page.locator("main details summary").click();
  await page.locator("main details button").click();
  await expect(page.locator(".notice")).toContainText("đã rút");
  await page.goto(`/vi/tours/${TOUR}/reviews`);
  await expect(page.locator("main")).not.toContainText("kiên nhẫn");
});
