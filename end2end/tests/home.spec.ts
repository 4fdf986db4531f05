import AxeBuilder from "@axe-core/playwright";
import { expect } from "@playwright/test";
import { test } from "./site";

for (const locale of ["vi", "en"]) {
  test(`the home page in ${locale} shows itself without complaint`, async ({ page }, info) => {
    const complaints: string[] = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    const response = await page.goto(`/${locale}`);
    expect(response?.status()).toBe(200);
    await expect(page.locator("html")).toHaveAttribute("lang", locale);
    await expect(page.locator("h1")).toBeVisible();
    expect(complaints).toEqual([]);
    if (info.project.name !== "nojs") {
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter((found) => /serious|critical/.test(found.impact ?? ""));
      expect(serious.map((found) => `${found.id}: ${found.help}`)).toEqual([]);
    }
  });
}
