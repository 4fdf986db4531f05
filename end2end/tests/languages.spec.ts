// The way of a guest in each further language: from the home page to the review of a booking, and the
// same page in another language from there.
import { expect, type Page } from "@playwright/test";
import { accessible, quietDay, submit } from "./steps";
import { test } from "./site";

const LANGUAGES = [
  { code: "ko", tag: "ko", then: "ja", name: "김민지" },
  { code: "zh", tag: "zh-Hans", then: "ko", name: "王小明" },
  { code: "ja", tag: "ja", then: "fr", name: "佐藤花子" },
  { code: "fr", tag: "fr", then: "zh", name: "Camille Aubert" },
];

/** A Saturday that no other spec books, another one for each. */
function saturday(week: number) {
  const ahead = 49 + 7 * week + 6 - new Date().getUTCDay();
  return quietDay(ahead).toISOString().slice(0, 10);
}

/** Nothing is wider than the phone. */
async function narrow(page: Page) {
  const [wide, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  expect(wide).toBeLessThanOrEqual(seen);
}

for (const [at, { code, tag, then, name }] of LANGUAGES.entries()) {
  test(`a guest who reads ${code} finds a tour and books it`, async ({ page }, info) => {
    const sound = async () => {
      await expect(page.locator("html")).toHaveAttribute("lang", tag);
      await narrow(page);
      await accessible(page, info);
    };
    await page.goto("/en");
    await page.locator(".languages summary").click();
    await accessible(page, info);
    await page.locator(`.languages a[hreflang="${tag}"]`).click();
    await expect(page).toHaveURL(new RegExp(`/${code}$`));
    await sound();

    await page.goto(`/${code}/tours/nan-gom-ban-xoay?date=${saturday(at)}`);
    await sound();
    await page.locator("button.slot").first().click();
    await expect(page).toHaveURL(new RegExp(`/${code}/book/`));
    await sound();
    await page.locator("main form input[type=number]").first().fill("2");
    await submit(page).click();
    await expect(page).toHaveURL(/\/details$/);
    await sound();
    await page.locator("[name=name]").fill(name);
    await page.locator("[name=email]").fill(`languages.${code}@example.com`);
    await submit(page).click();
    await expect(page).toHaveURL(/\/review$/);
    await expect(page.locator("main")).toContainText(name);
    await sound();

    // The same booking in another language.
    await page.locator(".languages summary").click();
    await page.locator(`.languages a[href^="/${then}/"]`).click();
    await expect(page).toHaveURL(new RegExp(`/${then}/booking/.*/review$`));
    await expect(page.locator("main")).toContainText(name);
    await narrow(page);
  });
}
