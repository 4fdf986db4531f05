import { expect } from "@playwright/test";
import { accessible, letter, signIn, submit } from "./steps";
import { test } from "./site";

test("a family finds a pottery tour, books it and cancels it", async ({ page }, info) => {
  const email = `phuong.${info.project.name}@example.com`;

  await page.goto("/vi/tours?q=bat+trang");
  await expect(page.locator("main")).toContainText("Bát Tràng");
  await accessible(page, info);

  await page.goto("/vi/tours/nan-gom-ban-xoay");
  await accessible(page, info);
  await page.locator("button.slot").nth(4).click();

  await expect(page).toHaveURL(/\/vi\/book\//);
  await accessible(page, info);
  const counts = page.locator("main form input[type=number]");
  await counts.nth(0).fill("2");
  await counts.nth(1).fill("1");
  await submit(page).click();

  await expect(page).toHaveURL(/\/details$/);
  await accessible(page, info);
  await page.locator("[name=name]").fill("Trần Thị Minh Phượng");
  await page.locator("[name=email]").fill("không phải email");
  await submit(page).click();
  await expect(page.locator("[name=email]")).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator("[name=name]")).toHaveValue("Trần Thị Minh Phượng");
  await page.locator("[name=email]").fill(email);
  await page.locator("[name=phone]").fill("0912 345 678");
  await submit(page).click();

  await expect(page).toHaveURL(/\/review$/);
  await expect(page.locator("main")).toContainText("Trần Thị Minh Phượng");
  await accessible(page, info);
  await submit(page).click();

  await expect(page).toHaveURL(/\?done=1$/);
  await accessible(page, info);
  const manage = page.url().replace("?done=1", "");
  await letter(page, email);

  await page.goto(`${manage}/voucher`);
  await expect(page.locator("svg").first()).toBeVisible();
  await accessible(page, info);

  await page.goto(`${manage}/move`);
  await accessible(page, info);
  await page.goto(`${manage}/cancel`);
  await accessible(page, info);
  await page.locator("main button.btn-danger").click();
  await expect(page).toHaveURL(/cancelled=1/);
  await expect(page.locator("main")).toContainText(/hủy|huỷ/i);
});

test("a wrong secret opens nothing", async ({ page }) => {
  const answer = await page.goto("/vi/booking/ABC234/not-the-secret");
  expect(answer?.status()).toBe(404);
});

test("a host signs in and sees the day, the week and the month", async ({ page }, info) => {
  await page.goto("/vi/sign-in");
  await accessible(page, info);
  await signIn(page, "minhhai@langnghe.example");
  await page.goto("/vi/host/gom-minh-hai");
  await expect(page.locator("h1")).toBeVisible();
  await accessible(page, info);
  for (const view of ["week", "month", "scan", "slots/new"]) {
    await page.goto(`/vi/host/gom-minh-hai/${view}`);
    await expect(page.locator("h1")).toBeVisible();
    await accessible(page, info);
  }
  const other = await page.goto("/vi/host/nha-gom-cam-van");
  expect(other?.status()).toBe(404);
});

test("a lost link is asked for without telling who has booked", async ({ page }) => {
  await page.goto("/en/find");
  await page.locator("[name=email]").fill("nobody@example.com");
  await submit(page).click();
  await expect(page).toHaveURL(/sent=1/);
  await expect(page.locator("main")).toContainText("An email is on its way");
});
