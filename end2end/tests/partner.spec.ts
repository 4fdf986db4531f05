// A school confirms that it is a partner, a student applies and is accepted, and a designer's royalty stands in
// the month's statement.
import { expect } from "@playwright/test";
import { test } from "./site";
import { accessible, choose, signIn, submit } from "./steps";

const HOST = "/vi/host/gom-minh-hai";

test("a school confirms, a student is accepted, a designer has a royalty", async ({ page }, info) => {
  const school = `Trường Mỹ thuật ${info.project.name}`;
  await signIn(page, "minhhai@langnghe.example");
  await page.goto(`${HOST}/partners`);
  await accessible(page, info);
  await page.getByRole("link", { name: "Thêm đối tác" }).click();
  await accessible(page, info);
  await choose(page.locator("[name=kind][value=school]"));
  await page.locator("[name=name]").fill(school);
  await submit(page).click();
  await expect(page.locator(".error-summary")).toBeVisible();
  await expect(page.locator("[name=name]")).toHaveValue(school);
  await accessible(page, info);
  await page.locator("[name=city]").fill("Huế");
  await page.locator("[name=since]").fill("2024-01-01");
  await page.locator("[name=contact]").fill("Cô Hạnh");
  await page.locator("[name=email]").fill(`hanh.${info.project.name}@example.com`);
  await submit(page).click();
  await expect(page.locator(".notice")).toContainText("Thư hỏi đang trên đường");

  // The letter's link, and the answer.
  await expect(async () => {
    await page.goto("/mailbox");
    await page.getByText(`${school} là đối tác`).first().click({ timeout: 500 });
  }).toPass({ timeout: 30_000 });
  await expect(page.locator(".mail-source")).toContainText("/vi/partner/");
  const letter = (await page.locator(".mail-source").textContent()) ?? "";
  const link = letter.match(/\/vi\/partner\/[0-9a-f-]+\/[\w-]+/)![0];
  await page.goto(link);
  await accessible(page, info);
  await page.getByRole("button", { name: "Đồng ý" }).click();
  await expect(page.locator("main")).toContainText("Quý vị là đối tác của");
  await page.goto("/vi/workshops/gom-minh-hai");
  await expect(page.locator(".partners")).toContainText(school);
  await accessible(page, info);

  // A place for students of our own, and one who applies.
  const title = `Thực tập tráng men ${info.project.name}`;
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  await page.goto(`${HOST}/placements/new`);
  await accessible(page, info);
  await page.locator("[name=title_vi]").fill(title);
  await page.locator("[name=about_vi]").fill("Pha men, tráng men, xếp lò.");
  await page.locator("[name=first]").fill(day(10));
  await page.locator("[name=last]").fill(day(60));
  await submit(page).click();
  await expect(page.locator(".notice")).toContainText("Đã lưu");
  await page.goto("/vi/placements");
  await accessible(page, info);
  await page.getByRole("link", { name: title }).click();
  await page.locator("[name=name]").fill("Lê Mai");
  await page.locator("[name=organisation]").fill(school);
  await page.locator("[name=email]").fill(`mai.${info.project.name}@example.com`);
  await page.locator("[name=words]").fill("Em muốn học tráng men.");
  await accessible(page, info);
  await submit(page).click();
  await expect(page.locator("main")).toContainText("Chờ trả lời");
  const mine = new URL(page.url()).pathname;
  await page.goto(`${HOST}/placements`);
  await page.getByRole("link", { name: title }).click();
  await accessible(page, info);
  await page.getByRole("link", { name: "Lê Mai" }).click();
  await choose(page.locator("[name=decision][value=accepted]"));
  await page.locator("[name=words]").fill("Thứ Hai em đến nhé.");
  await accessible(page, info);
  await submit(page).click();
  await expect(page.locator(".notice")).toContainText("Đã gửi câu trả lời");
  await page.goto(mine);
  await expect(page.locator("main")).toContainText("Thứ Hai em đến nhé.");
  await accessible(page, info);

  // The designs, and what one of them brings: the demo's visits lie in these months.
  await page.goto(`${HOST}/designs`);
  await accessible(page, info);
  await page.getByRole("link", { name: "Ấm sen men lam" }).click();
  await accessible(page, info);
  await page.goto("/vi/tours/mot-ngay-lam-tho-gom");
  await expect(page.locator(".design")).toContainText("Nguyễn Hà Linh");
  await page.goto(`${HOST}/money/statement`);
  const party = await page.locator("[name=party] option", { hasText: "Nguyễn Hà Linh" }).getAttribute("value");
  let lines = 0;
  for (let back = 0; back < 5 && lines === 0; back++) {
    const first = new Date();
    first.setUTCDate(1);
    first.setUTCMonth(first.getUTCMonth() - back);
    await page.goto(`${HOST}/money/statement?month=${first.toISOString().slice(0, 7)}&party=${party}`);
    await expect(page.locator("main")).toContainText("Nguyễn Hà Linh");
    lines = await page.locator(".statement-lines tbody tr").count();
  }
  expect(lines).toBeGreaterThan(0);
  await accessible(page, info);
});
