// Stories: a village read on a phone, a chapter that a host writes and a guest reads.
import { expect } from "@playwright/test";
import { accessible, signIn, submit } from "./steps";
import { test } from "./site";

const host = "/vi/host/cham-go-hien-tam";
const house = "/vi/workshops/cham-go-hien-tam";

test("a village is read on the phone", async ({ page }, info) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/vi/villages/lang-chuong");
  await expect(page.locator("h1")).toHaveText("Làng Chuông");
  await accessible(page, info);
  // Nothing is wider than the phone but the strip, which scrolls by itself.
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (info.project.name !== "nojs") expect(await wide()).toBeLessThanOrEqual(0);
  await page.locator(".story-toc a").nth(1).click();
  await expect(page).toHaveURL(/#chapter-1$/);
  const strip = page.locator(".process").first();
  await expect(strip.locator(".process-step")).toHaveCount(5);
  if (info.project.name !== "nojs") {
    const scrolls = await strip.evaluate((it) => it.scrollWidth > it.clientWidth);
    expect(scrolls).toBe(true);
  }
  await expect(page.locator(".story-terms dt").first()).toContainText("nón");
  // From the story to a person, and from there to a departure.
  await page.locator(".artisan-card a").first().click();
  await expect(page.locator("h1")).toHaveText("Phạm Thị Thoa");
  await expect(page.locator(".artisan-facts")).toContainText("1964");
  await accessible(page, info);
  await page.locator(".next-tour a").first().click();
  await expect(page).toHaveURL(/\/vi\/tours\/.+date=/);
  await page.goto("/en/villages/lang-chuong/artisans");
  await expect(page.locator(".artisan-card")).toHaveCount(1);
  await accessible(page, info);
});

test("a host writes a chapter and guests read it", async ({ page, browser }, info) => {
  test.setTimeout(90_000);
  const guest = await (await browser.newContext()).newPage();
  const heading = `Gỗ nhà tôi ${info.project.name}`;
  await signIn(page, "hientam@langnghe.example");
  await page.goto(`${host}/more`);
  await page.getByRole("link", { name: "Câu chuyện của xưởng", exact: true }).click();
  await accessible(page, info);
  await page.getByRole("link", { name: "Quy trình bằng hình" }).click();
  await accessible(page, info);

  // Something is missing: it is said, and nothing typed is lost.
  await page.locator("[name='s0.text_vi']").fill("Chọn khúc gỗ khô.");
  await page.locator("[name='s0.art']").selectOption("wood-1");
  await page.locator(".save-bar .btn-primary").click();
  await expect(page.locator("[name=heading_vi]")).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator("[name='s0.text_vi']")).toHaveValue("Chọn khúc gỗ khô.");
  await expect(page.locator("[name='s0.art']")).toHaveValue("wood-1");
  await accessible(page, info);
  await page.locator("[name=heading_vi]").fill(heading);
  await page.locator("button[value=steps-add]").click();
  await expect(page.locator("[name=heading_vi]")).toHaveValue(heading);
  await page.locator("[name='s1.text_vi']").fill("Vẽ chiếc lá lên mặt gỗ.");

  // The preview is the visitor's page, in a tab of its own.
  const [preview] = await Promise.all([
    page.context().waitForEvent("page"),
    page.locator("button[value=preview-vi]").click(),
  ]);
  await expect(preview.locator("main")).toContainText("Bản xem trước, chưa lưu");
  await expect(preview.locator("main")).toContainText(heading);
  await accessible(preview, info);
  await preview.close();
  await page.locator(".save-bar .btn-primary").click();
  await expect(page.locator(".notice").first()).toContainText("Đã lưu");
  await guest.goto(house);
  await expect(guest.locator("main")).not.toContainText(heading);
  await page.locator("button[value=publish]").click();
  await expect(page.locator(".notice").first()).toContainText("Đã đăng");
  await accessible(page, info);
  await guest.goto(house);
  await expect(guest.locator("main")).toContainText(heading);
  await expect(guest.locator(".process-step", { hasText: "Chọn khúc gỗ khô." }).locator("svg use")).toHaveAttribute(
    "href",
    /process\/wood\..*#s-1$/,
  );

  // It is taken away again, so that the next journey finds the house as it was.
  await page.locator(".danger-zone summary").click();
  await page.locator("button[value=delete]").click();
  await expect(page.locator(".notice").first()).toContainText("Đã xóa");
  await guest.goto(house);
  await expect(guest.locator("main")).not.toContainText(heading);
});

test("a person is shown once they agreed", async ({ page }, info) => {
  const name = `Lương Văn Thử ${info.project.name}`;
  await signIn(page, "hientam@langnghe.example");
  await page.goto(`${host}/artisans`);
  await accessible(page, info);
  await page.getByRole("link", { name: "Giới thiệu một người" }).click();
  await page.locator("[name=name]").fill(name);
  await page.locator("[name=words_vi]").fill("Anh chạm lá và chạm hoa.");
  await submit(page).click();
  await expect(page.locator(".notice").first()).toContainText("Đã lưu");
  await page.locator("button[value=publish]").click();
  await expect(page.locator(".notice").first()).toContainText("chưa đồng ý");
  await page.locator("[name=consent]").check();
  await page.locator(".save-bar .btn-primary").click();
  await page.locator("button[value=publish]").click();
  await expect(page.locator(".notice").first()).toContainText("Khách thấy người này rồi");
  await accessible(page, info);
  await page.locator("a[href^='/vi/artisans/']").first().click();
  await expect(page.locator("h1")).toHaveText(name);
  await page.goto(`${host}/artisans`);
  await page.getByRole("link", { name }).click();
  await page.locator(".danger-zone summary").click();
  await page.locator("button[value=delete]").click();
  await expect(page.locator(".notice").first()).toContainText("Đã xóa");
});
