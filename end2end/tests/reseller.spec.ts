import { expect } from "@playwright/test";
import { test } from "./site";
import { accessible, signIn, submit } from "./steps";

const house = "/vi/host/huong-thao-que";

test("a workshop agrees with a travel company, which books, prints a voucher and cancels", async ({ page }, info) => {
  const company = `Lữ hành ${info.project.name}`;
  const email = `lu-hanh-${info.project.name}@langnghe.example`;

  await signIn(page, "thaoque@langnghe.example");
  await page.goto(`${house}/more`);
  await page.getByRole("link", { name: "Công ty lữ hành" }).click();
  await expect(page.locator("main")).toContainText("Du lịch Hà Thành");
  await accessible(page, info);
  await page.getByRole("link", { name: "Thêm công ty" }).click();
  await accessible(page, info);
  await page.locator("[name=name]").fill(company);
  await page.locator("[name=email]").fill("không phải thư");
  await submit(page).click();
  await expect(page.locator("[name=email]")).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator("[name=name]")).toHaveValue(company);
  await accessible(page, info);
  await page.locator("[name=email]").fill(email);
  await submit(page).click();
  await expect(page.locator("h1")).toHaveText(company);
  await accessible(page, info);

  await page.getByRole("button", { name: "Cấp khóa" }).click();
  const key = await page.locator(".key").innerText();
  expect(key).toMatch(/^langnghe_test_/);
  await accessible(page, info);
  const sold = await page.request.get("/octo/products", {
    headers: { Authorization: `Bearer ${key.trim()}`, "Octo-Capabilities": "octo/pricing" },
  });
  expect(sold.status()).toBe(200);
  expect((await sold.json()).length).toBeGreaterThan(0);
  await page.goto(page.url());
  await expect(page.locator(".key")).toHaveCount(0);

  // The demo's company, which has sold something already.
  await page.context().clearCookies();
  await page.goto("/vi/sign-in");
  await page.locator("[name=email]").fill("dat-tour@hathanh.example");
  await page.locator("[name=password]").fill("langnghe-demo");
  await submit(page).click();
  await expect(page).toHaveURL(/\/vi\/reseller\//);
  await expect(page.locator("h1")).toHaveText("Đơn đã bán");
  await accessible(page, info);
  await page.getByRole("link", { name: "Đặt chỗ" }).click();
  await accessible(page, info);
  await page.locator("main .entry-list a").last().click();
  await page.locator("main form [name^='unit.']").first().fill("1");
  await page.locator("[name=name]").fill("Claire Fontaine");
  await accessible(page, info);
  await submit(page).click();
  await expect(page.locator(".notice")).toContainText("Đã đặt");
  await accessible(page, info);
  await page.getByRole("link", { name: "Phiếu cho khách" }).click();
  await expect(page.locator(".voucher")).toContainText("Du lịch Hà Thành");
  await accessible(page, info);
  await page.goBack();
  await page.locator("summary", { hasText: "Hủy đơn" }).click();
  await page.getByRole("button", { name: "Hủy đơn" }).click();
  await expect(page.locator("main")).toContainText("Khách hủy");

  await page.goto("/octo/docs");
  await expect(page.locator("h1")).toBeVisible();
  await accessible(page, info);
});
