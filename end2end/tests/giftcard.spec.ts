// A gift card: bought, paid at a simulated bank, spent by somebody else, and back when they cancel.
import { expect, type Page } from "@playwright/test";
import { hook, pays } from "./bank";
import { test } from "./site";
import { accessible, choose, letter, signIn, submit } from "./steps";

const SHOP = "htx-may-tre-hoa-trang";
const HOST = `/vi/host/${SHOP}`;
const TOUR = "dan-lot-coc-va-gio";

/** Amounts as pages write them: "500.000 ₫", whatever the space. */
const dong = (text: string) => Number(text.replace(/[^\d]/g, ""));

/** From the tour to the review. */
async function review(page: Page, nth: number, people: number, name: string, email: string) {
  await page.goto(`/vi/tours/${TOUR}`);
  await page.locator("button.slot").nth(nth).click();
  await page.locator("main form input[type=number]").first().fill(`${people}`);
  await submit(page).click();
  await expect(page).toHaveURL(/\/details$/);
  await page.locator("[name=name]").fill(name);
  await page.locator("[name=email]").fill(email);
  await submit(page).click();
  await expect(page).toHaveURL(/\/review$/);
}

test("a gift card is bought, spent by another, and has its money back", async ({ page, browser, request, baseURL }, info) => {
  const { viewport, javaScriptEnabled } = info.project.use;
  const window = async () => (await browser.newContext({ baseURL, viewport, javaScriptEnabled })).newPage();
  const desk = await window();
  await signIn(desk, "hoatrang@langnghe.example");
  const bank = await hook(desk);

  // The buyer: a quiet link on the workshop's page, a form that loses nothing, a page that waits.
  const buyer = `mai.${info.project.name}@example.com`;
  await page.goto(`/vi/workshops/${SHOP}`);
  await page.locator(".gift-link a").click();
  await expect(page).toHaveURL(/\/gift$/);
  await accessible(page, info);
  await page.locator("[name=words]").fill("Chúc mừng sinh nhật!");
  await submit(page).click();
  await expect(page.locator(".error-summary")).toBeVisible();
  await expect(page.locator("[name=words]")).toHaveValue("Chúc mừng sinh nhật!");
  await accessible(page, info);
  await choose(page.locator("[name=value][value='500000']"));
  await page.locator("[name=name]").fill("Lê Thị Mai");
  await page.locator("[name=email]").fill(buyer);
  await page.locator("[name=recipient_name]").fill("Bà Ngoại");
  await submit(page).click();
  await expect(page).toHaveURL(/\/gift\/[^/]+\/[^/]+\/pay$/);
  await accessible(page, info);
  expect(await page.locator("#pay-amount").inputValue()).toBe("500000");
  const payCode = await page.locator("#pay-text").inputValue();
  expect(payCode).toMatch(/^LQ[2-9A-Z]{7}$/);
  const card = new URL(page.url()).pathname.replace(/\/pay$/, "");

  await pays(request, bank, 500_000, `MBVCB.99.${payCode.toLowerCase()}.CT qua tang`);
  await expect(page.locator(".gift")).toBeVisible({ timeout: 45_000 });
  await expect(page).toHaveURL(new RegExp(`${card}$`));
  await accessible(page, info);
  await expect(page.locator(".gift")).toContainText("Bà Ngoại");
  await expect(page.locator(".gift-qr svg")).toBeVisible();
  const code = (await page.locator(".gift-code").innerText()).trim();
  expect(code).toMatch(/^([2-9A-HJKMNP-Z]{4}-){3}[2-9A-HJKMNP-Z]{4}$/);
  await letter(page, /Biên nhận và thẻ quà tặng/);

  // What is left of it, by its code alone; a slip of the finger is noticed.
  await page.goto("/vi/gift");
  const slip = `${code.slice(0, -1)}${code.endsWith("2") ? "3" : "2"}`;
  await page.locator("[name=gift_code]").fill(slip);
  await submit(page).click();
  await expect(page.locator("#gift_code-error, .field-error").first()).toBeVisible();
  await page.locator("[name=gift_code]").fill(code.toLowerCase());
  await submit(page).click();
  expect(dong(await page.locator("dl.pairs dd strong").first().innerText())).toBe(500_000);
  await accessible(page, info);

  // Somebody else books with it: seen first, then spent.
  const guest = await window();
  await review(guest, 5, 2, "Bà Ngoại", `ngoai.${info.project.name}@example.com`);
  await guest.getByText("Bạn có thẻ quà tặng?").click();
  await guest.locator("[name=gift_code]").fill("nothing");
  await guest.locator("button[formaction$='/gift-card']").click();
  await expect(guest.locator(".error-summary")).toBeVisible();
  await expect(guest.locator("[name=gift_code]")).toHaveValue("nothing");
  await guest.locator("[name=gift_code]").fill(code);
  await guest.locator("button[formaction$='/gift-card']").click();
  await expect(guest.locator("main .notice").first()).toContainText("Thẻ trả");
  await accessible(guest, info);
  await submit(guest).click();
  await expect(guest).toHaveURL(/\?done=1$/);
  const home = new URL(guest.url()).pathname;
  await guest.goto(`${home}/money`);
  await expect(guest.locator("ol.log")).toContainText("thẻ quà tặng");
  const paid = dong(await guest.locator("ol.log strong").first().innerText());
  expect(paid).toBeGreaterThan(0);
  await page.goto(card);
  expect(dong(await page.locator("#gift-left").innerText())).toBe(500_000 - paid);

  // The host sees it; cancelled in time it is all there again.
  await desk.goto(`${HOST}/money/gift-cards`);
  await expect(desk.locator("table")).toContainText(`…${code.slice(-4)}`);
  await accessible(desk, info);
  await guest.goto(`${home}/cancel`);
  await expect(guest.locator("main")).toContainText("về lại thẻ quà tặng");
  await guest.locator("main form button.btn-danger").click();
  await expect(guest).toHaveURL(/cancelled=1$/);
  await page.goto(card);
  expect(dong(await page.locator("#gift-left").innerText())).toBe(500_000);
  await expect(page.locator("ol.log li")).toHaveCount(2);

  // Blocked, it pays nothing.
  await desk.goto(`${HOST}/money/gift-cards`);
  await desk.getByRole("link", { name: `…${code.slice(-4)}` }).click();
  await accessible(desk, info);
  await desk.locator("[name=reason]").fill("mất thẻ");
  await desk.locator("button[value=block]").click();
  await expect(desk.locator(".notice")).toContainText("Đã khóa");
  await page.goto(card);
  await expect(page.locator(".gift")).toHaveCount(0);
});

test("a host gives a voucher, which is sent and printed", async ({ page }, info) => {
  await signIn(page, "hoatrang@langnghe.example");
  await page.goto(`${HOST}/money/gift-cards/give`);
  await accessible(page, info);
  await page.locator("[name=value]").fill("200.000");
  await page.locator("[name=reason]").fill("Giỏ bị mọt");
  await page.locator("[name=recipient_name]").fill("Emma");
  await page.locator("[name=recipient_email]").fill(`emma.${info.project.name}@example.com`);
  await submit(page).click();
  await expect(page.locator(".notice")).toContainText("Đã tạo phiếu tặng");
  await page.locator("main a.btn[href*='/gift/']").click();
  await expect(page.locator(".gift")).toContainText("Phiếu tặng");
  await expect(page.locator(".gift-value")).toContainText("200.000");
  await accessible(page, info);
  await letter(page, /phiếu tặng 200\.000/);
});
