import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, type TestInfo } from "@playwright/test";
import { test } from "./site";

const host = "/vi/host/nha-gom-cam-van";

/** Nothing serious for people who read with a screen reader; axe itself needs script. */
async function accessible(page: Page, info: TestInfo) {
  if (info.project.name === "nojs") return;
  const found = await new AxeBuilder({ page }).analyze();
  const serious = found.violations.filter((v) => ["serious", "critical"].includes(v.impact ?? ""));
  expect(serious.map((v) => `${v.id}: ${v.nodes[0]?.html}`)).toEqual([]);
}

async function signIn(page: Page) {
  await page.goto("/vi/sign-in");
  await page.locator("[name=email]").fill("camvan@langnghe.example");
  await page.locator("[name=password]").fill("langnghe-demo");
  await page.locator("main form button.btn-primary").first().click();
  await expect(page).toHaveURL(/\/vi\/host/);
}

const save = (page: Page) => page.locator(".save-bar .btn-primary");

/** A picture of 1,200 × 900 pixels, drawn by the browser's own encoder. */
async function photograph(page: Page) {
  await page.goto("/vi");
  await page.setViewportSize({ width: 1200, height: 900 });
  return page.screenshot({ type: "jpeg" });
}

async function book(page: Page, tour: string, name: string) {
  await page.goto(`/vi/tours/${tour}`);
  await page.locator("button.slot").nth(6).click();
  await page.locator("main form input[type=number]").first().fill("1");
  await page.locator("main form button.btn-primary[type=submit]").first().click();
  await page.locator("[name=name]").fill(name);
  await page.locator("[name=email]").fill("khach@example.com");
  await page.locator("[name=phone]").fill("0912 345 678");
  await page.locator("main form button.btn-primary[type=submit]").first().click();
  await expect(page).toHaveURL(/\/review$/);
  await page.locator("main form button.btn-primary[type=submit]").first().click();
  await expect(page).toHaveURL(/\?done=1$/);
  return page.url().replace("?done=1", "");
}

test("an owner edits a tour, and a guest who booked before keeps the price", async ({ page, browser }, info) => {
  // A long way, with axe at each step.
  test.setTimeout(150_000);
  const guest = await (await browser.newContext({ javaScriptEnabled: info.project.name !== "nojs" })).newPage();
  await signIn(page);
  await page.goto(`${host}/tours`);
  await accessible(page, info);
  const first = page.locator("li.entry h2 a").first();
  const slug = (await first.getAttribute("href"))!.split("/").pop()!;
  const tour = `${host}/tours/${slug}`;

  await page.goto(`${tour}/prices`);
  await accessible(page, info);
  const price = page.locator("[name='o0.u0.price']");
  const before = await price.inputValue();
  const manage = await book(guest, slug, "Trần Thị Minh Phượng");
  await guest.goto(manage);
  await expect(guest.locator("main")).toContainText(`${before}\u00a0₫`);

  // Another price, and an option more: a new row comes without losing what was typed.
  const dearer = (Number(before.replaceAll(".", "")) + 17_000).toString();
  await price.fill(dearer);
  await page.locator("button[value=add-option]").click();
  await expect(price).toHaveValue(dearer);
  await accessible(page, info);
  const at = (await page.locator("fieldset.option-edit").count()) - 1;
  const field = (name: string) => page.locator(`[name='o${at}.${name}']`);
  await field("title_vi").fill(`Vẽ cả nhà (${info.project.name})`);
  await field("minutes").fill("không");
  await field("capacity").fill("10");
  await field("u0.price").fill("99k");
  await save(page).click();
  await expect(field("minutes")).toHaveAttribute("aria-invalid", "true");
  await expect(price).toHaveValue(dearer);
  await accessible(page, info);
  await field("minutes").fill("45");

  // The preview shows what is not saved yet, in a tab of its own.
  const [preview] = await Promise.all([
    page.context().waitForEvent("page"),
    page.locator("button[value=preview-en]").click(),
  ]);
  await expect(preview.locator("html")).toHaveAttribute("lang", "en");
  await expect(preview.locator("main")).toContainText("Preview, not saved yet");
  await expect(preview.locator("main")).toContainText(`Vẽ cả nhà (${info.project.name})`);
  await accessible(preview, info);
  await preview.close();
  await guest.goto(`/vi/tours/${slug}`);
  await expect(guest.locator("main")).not.toContainText(`Vẽ cả nhà (${info.project.name})`);
  await save(page).click();
  await expect(page).toHaveURL(/saved=1/);

  // Another title; the address stays.
  await page.goto(tour);
  await accessible(page, info);
  const title = `Gốm nhà Vân, ${info.project.name}`;
  await page.locator("[name=title_vi]").fill(title);
  await save(page).click();
  await expect(page.locator("h1")).toHaveText(title);

  // A photograph with its description.
  const photo = await photograph(guest);
  await page.goto(`${tour}/photos`);
  await accessible(page, info);
  await page.locator("[name=photo]").setInputFiles([
    { name: "xuong.jpg", mimeType: "image/jpeg", buffer: photo },
    { name: "thu.jpg", mimeType: "image/jpeg", buffer: Buffer.from("không phải ảnh") },
  ]);
  await page.locator(".drop button").click();
  await expect(page.locator(".error-summary")).toContainText("thu.jpg: tệp này không phải ảnh");
  const last = page.locator(".photo").last();
  await last.locator("[name$=_vi]").fill(`Sân xưởng, ${info.project.name}`);
  await last.locator("button", { hasText: "Lưu" }).click();
  await expect(page).toHaveURL(/saved=1/);
  await accessible(page, info);

  // Guests see all of it; the booking keeps what was promised.
  await guest.goto(`/vi/tours/${slug}`);
  await expect(guest.locator("h1")).toHaveText(title);
  await expect(guest.locator("main")).toContainText(`Vẽ cả nhà (${info.project.name})`);
  const shown = guest.locator(`.gallery img[alt='Sân xưởng, ${info.project.name}']`);
  await shown.scrollIntoViewIfNeeded();
  await expect.poll(() => shown.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
  await accessible(guest, info);
  await guest.goto(manage);
  await expect(guest.locator("main")).toContainText(`${before}\u00a0₫`);
});

test("a new tour is a draft until its owner publishes it", async ({ page, browser }, info) => {
  const guest = await (await browser.newContext()).newPage();
  await signIn(page);
  await page.goto(`${host}/tours/new`);
  await accessible(page, info);
  await page.locator("[name=title_vi]").fill(`Nặn tò he bằng đất ${info.project.name}`);
  await save(page).click();
  await expect(page.locator("[name=summary_vi]")).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator("[name=title_vi]")).toHaveValue(/Nặn tò he/);
  await page.locator("[name=summary_vi]").fill("Mỗi người một con giống.");
  await page.locator("[name=description_vi]").fill("Nặn, vẽ, phơi.");
  await save(page).click();
  await expect(page).toHaveURL(/prices\?created=1$/);
  const slug = page.url().split("/").at(-2)!;

  await page.locator("button[value=publish]").click();
  await expect(page.locator("main")).toContainText("ít nhất một lựa chọn có giá");
  await page.locator("[name='o0.title_vi']").fill("Một con giống");
  await page.locator("[name='o0.minutes']").fill("45");
  await page.locator("[name='o0.capacity']").fill("8");
  await page.locator("[name='o0.u0.price']").fill("90.000");
  await page.locator("[name='o0.u0.price']").press("Enter");
  await expect(page).toHaveURL(/saved=1/);

  await page.goto(`/en/tours/${slug}`);
  await expect(page.locator("main")).toContainText("Draft");
  await accessible(page, info);
  expect((await guest.goto(`/vi/tours/${slug}`))?.status()).toBe(404);

  await page.goto(`${host}/tours/${slug}/terms`);
  await accessible(page, info);
  await page.locator("button[value=add-question]").click();
  await page.locator("[name='q0.label_vi']").fill("Bạn thích con gì?");
  await save(page).click();
  await expect(page).toHaveURL(/saved=1/);
  await page.locator("button[value=publish]").click();
  await expect(page).toHaveURL(/published=1/);
  expect((await guest.goto(`/vi/tours/${slug}`))?.status()).toBe(200);
});

test("the workshop's data and the further pages", async ({ page }, info) => {
  await signIn(page);
  for (const sub of ["more", "photos", "settings"]) {
    await page.goto(`${host}/${sub}`);
    await expect(page.locator("h1")).toBeVisible();
    await accessible(page, info);
  }
  await page.locator("[name=phone]").fill("không có");
  await save(page).click();
  await expect(page.locator("[name=phone]")).toHaveAttribute("aria-invalid", "true");
  await accessible(page, info);
  await page.locator("[name=phone]").fill("0912 345 999");
  await save(page).click();
  await expect(page).toHaveURL(/saved=1/);
  await page.goto("/vi/workshops/nha-gom-cam-van");
  await expect(page.locator("main")).toContainText(/5\s?999/);
});
