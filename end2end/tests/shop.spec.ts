// The shop: a piece picked with a visit and handed over there; the last one is sold once.
import { expect } from "@playwright/test";
import { test } from "./site";
import { accessible, book, choose, letter, signIn, submit } from "./steps";

const SHOP = "gom-minh-hai";
const HOST = `/vi/host/${SHOP}`;

test("a piece is ordered with a visit, and what is sold is gone", async ({ page, browser, baseURL }, info) => {
  test.slow();
  const { viewport, javaScriptEnabled } = info.project.use;
  const window = async () => (await browser.newContext({ baseURL, viewport, javaScriptEnabled })).newPage();

  // The host: what is wrong is told and nothing is lost; then one vase, that guests see.
  const title = `Bình vuốt tay ${info.project.name}`;
  const desk = await window();
  await signIn(desk, "minhhai@langnghe.example");
  await desk.goto(`${HOST}/shop/new`);
  await accessible(desk, info);
  await desk.locator("[name=title_vi]").fill(title);
  await submit(desk).click();
  await expect(desk.locator(".error-summary")).toBeVisible();
  await expect(desk.locator("[name=title_vi]")).toHaveValue(title);
  await desk.locator("[name=about_vi]").fill("Vuốt tay, men tro, nung một lần.");
  await desk.locator("[name=materials_vi]").fill("Đất sét, men tro");
  await desk.locator("[name=price]").fill("420.000");
  await desk.locator("[name=grams]").fill("900");
  await desk.locator("[name=stock]").fill("1");
  await submit(desk).click();
  await expect(desk).toHaveURL(/\/shop\/[0-9a-f-]{36}\?done=1$/);
  await accessible(desk, info);
  const id = new URL(desk.url()).pathname.split("/").pop()!;
  await desk.goto(`${HOST}/shop`);
  await accessible(desk, info);
  await desk.locator(`form:has([name=act][value=publish]):has([name=product][value='${id}']) button`).click();
  await expect(desk).toHaveURL(/\?done=1$/);

  // Two guests find it: one who has booked a visit, and one who has not.
  const name = `Mai ${info.project.name}`;
  await page.goto("/vi/tours/nan-gom-ban-xoay");
  await page.locator("button.slot").nth(5).click();
  await book(page, [2, 0], name, `mai.shop.${info.project.name}@example.com`);
  await page.locator("form[action$='/shop'] button").click();
  await expect(page).toHaveURL(new RegExp(`/workshops/${SHOP}/shop$`));
  await accessible(page, info);
  const other = await window();
  await other.goto("/vi/shop");
  await accessible(other, info);
  await other.locator("#q").fill(title);
  await other.locator(".shop-filters button").click();
  for (const guest of [page, other]) {
    await guest.getByRole("link", { name: title }).first().click();
    await accessible(guest, info);
    await guest.locator("form[action='/vi/basket'] button").click();
    await expect(guest).toHaveURL(/\/vi\/basket$/);
    await accessible(guest, info);
    await guest.locator("a.btn-primary[href*='/basket/']").click();
    await accessible(guest, info);
  }

  // The first takes it along at the visit; the second hears that it is gone, and has not typed in vain.
  await expect(page.locator("[name=name]")).toHaveValue(name);
  await expect(page.locator("[name=way][value=visit]")).toBeChecked();
  await submit(page).click();
  await expect(page).toHaveURL(/\/vi\/order\/[^/]+\/[^/]+\?done=placed$/);
  await accessible(page, info);
  const home = new URL(page.url()).pathname;
  const code = (await page.locator("h1").innerText()).trim().split(/\s+/).pop()!;
  await letter(page, new RegExp(code));
  await other.locator("[name=name]").fill("Tom");
  await other.locator("[name=email]").fill("tom@example.com");
  await choose(other.locator("[name=way][value=collect]"));
  await submit(other).click();
  await expect(other.locator(".error-summary")).toBeVisible();
  await expect(other.locator("[name=name]")).toHaveValue("Tom");
  await accessible(other, info);

  // At the visit it is paid and handed over.
  await desk.goto(`${HOST}/orders`);
  await accessible(desk, info);
  await desk.goto(`${HOST}/orders/${code}`);
  await accessible(desk, info);
  await choose(desk.locator("[name=method][value=cash]"));
  await desk.locator("form:has([name=act][value=hand_over]) button").click();
  await expect(desk).toHaveURL(/\?done=1$/);
  await page.goto(home);
  await expect(page.locator("main .badge").first()).toContainText("Đã nhận");
});
