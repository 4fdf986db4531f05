import { expect } from "@playwright/test";
import { letter, link, sessions } from "./post";
import { accessible, book, laterToday, signIn } from "./steps";
import { post, test } from "./site";

test.use({ baseURL: `http://${post.address}` });

const COURSE = "khoa-xoay-gom-sau-sang-thu-bay";
const HOST = "/vi/host/gom-minh-hai";

/** The day so many days from now at the venue: "05/12/2026". */
const day = (later: number) =>
  new Date(Date.now() + later * 86_400_000).toLocaleDateString("en-GB", { timeZone: "Asia/Ho_Chi_Minh" });

test("a course of three sessions, from the plan to the certificate", async ({ page }, info) => {
  test.setTimeout(180_000);
  const project = ["desktop", "phone", "nojs"].indexOf(info.project.name);
  const email = `lop-${info.project.name}@example.com`;
  // Each project has a time of its own: they share a database.
  const time = `1${project}:15`;
  const days = [60, 67, 74].map(day);

  await signIn(page, "minhhai@langnghe.example");
  await page.goto(`${HOST}/courses/new`);
  await page.locator("[name=sessions]").fill("thứ bảy tới");
  await page.locator("button[value=save]").click();
  await expect(page.locator("[name=sessions]")).toHaveAttribute("aria-invalid", "true");
  await accessible(page, info);
  await page.locator("[name=sessions]").fill(days.map((day) => `${day} ${time}`).join("\n"));
  await page.locator("button[value=save]").click();
  await expect(page).toHaveURL(/planned=1/);
  await accessible(page, info);
  const run = page.url().split("?")[0]!;

  await page.goto(`/vi/tours/${COURSE}`);
  const card = page.locator(".run").filter({ hasText: days[0]! }).filter({ hasText: time });
  await expect(card.locator(".session")).toHaveCount(3);
  await accessible(page, info);
  await card.getByRole("link", { name: "Ghi danh" }).click();
  await expect(page.locator(".summary .session")).toHaveCount(3);
  await accessible(page, info);
  await book(page, [2], "Cô Trang", email);
  await expect(page.locator(".ticket .session")).toHaveCount(3);
  await accessible(page, info);
  const manage = page.url().split("?")[0]!;

  const enrolled = await letter(email, 1);
  expect(enrolled.subject).toContain("Đã ghi danh");
  for (const day of days) expect(enrolled.text).toContain(day.replace(/\b0/g, ""));
  const entries = sessions(enrolled);
  expect(entries).toHaveLength(3);
  expect(new Set(entries.map((entry) => entry.uid)).size).toBe(3);
  expect(entries.every((entry) => entry.sequence === 0 && entry.status === "CONFIRMED")).toBe(true);

  await page.goto(`${manage}/guests`);
  await page.locator("[name=names]").fill("1. Lê Gia Hân, 2012\n2. Phạm Nhật Minh");
  await page.getByRole("button", { name: "Lưu danh sách" }).click();
  await expect(page.locator(".entry")).toHaveCount(2);
  await accessible(page, info);

  // The first session is brought forward to today; everybody's calendar follows.
  await page.goto(run);
  const first = page.locator("#sessions .session").filter({ hasText: days[0]! });
  await first.locator("summary").click();
  // No two runs of a course begin in the same minute.
  const [date, soon] = await laterToday(10 + 5 * project);
  await first.locator("[name=date]").fill(date);
  await first.locator("[name=time]").fill(soon);
  await first.getByRole("button", { name: "Dời buổi" }).click();
  await expect(page).toHaveURL(/moved=1/);
  const moved = await letter(email, 2);
  expect(moved.subject).toContain("Lịch học đã đổi");
  const after = sessions(moved);
  const one = after.find((entry) => entry.uid === entries[0]!.uid)!;
  expect(one.sequence).toBe(1);
  expect(one.start).toEqual(new Date(`${date}T${soon}:00+07:00`));

  await page.goto(`${run}/attendance`);
  await expect(page.locator(".roll-call")).toHaveCount(2);
  await accessible(page, info);
  await page.getByRole("button", { name: "Tất cả có mặt" }).click();
  await expect(page.locator("input[value=present]:checked")).toHaveCount(2);
  const minh = page.locator(".roll-call").filter({ hasText: "Phạm Nhật Minh" });
  await minh.locator("input[value=missing]").check();
  await page.getByRole("button", { name: "Lưu", exact: true }).click();
  await expect(page).toHaveURL(/saved=1/);
  await expect(minh.locator("input[value=missing]")).toBeChecked();

  await page.goto(`${HOST}/tours/${COURSE}/course`);
  await page.locator("[name=needed]").fill("1");
  await accessible(page, info);
  await page.locator(".save-bar .btn-primary").click();
  await expect(page).toHaveURL(/saved=1/);
  await page.goto(run);
  await page.getByRole("button", { name: /Cấp cho 1 người/ }).click();
  await expect(page).toHaveURL(/issued=1/);
  await accessible(page, info);
  await page.goto(`${run}/certificates`);
  await expect(page.locator(".leaf")).toHaveCount(1);
  await expect(page.locator(".leaf-name")).toHaveText("Lê Gia Hân");
  const paper = await page.pdf({ preferCSSPageSize: true });
  expect(paper.toString("latin1").match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  await accessible(page, info);

  const congratulation = await letter(email, 3);
  const proof = link(congratulation, /certificates/);
  await page.context().clearCookies();
  await page.goto(proof);
  await expect(page.locator(".verdict")).toContainText("Có giá trị");
  await accessible(page, info);
  await page.goto(`${proof}/print`);
  await expect(page.locator(".leaf-qr svg")).toBeVisible();
  await accessible(page, info);
  await page.goto("/vi/certificates?code=AAAA-BBBB-CCCC-DDDD");
  await expect(page.locator(".verdict")).toContainText("Không có giấy chứng nhận này");
  await accessible(page, info);
});
