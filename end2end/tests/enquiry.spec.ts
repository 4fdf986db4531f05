import { expect } from "@playwright/test";
import { accessible, signIn, submit } from "./steps";
import { test } from "./site";

/** The day so many days from now at the venue, as date fields want it. */
const day = (later: number) =>
  new Date(Date.now() + later * 86_400_000).toLocaleDateString("sv", { timeZone: "Asia/Ho_Chi_Minh" });

test("a class of 25 asks, the workshop offers, the class accepts", async ({ page }, info) => {
  const school = `THCS Trưng Vương ${info.project.name}`;
  // Each project has a day of its own: they share a database.
  const visit = day(20 + ["desktop", "phone", "nojs"].indexOf(info.project.name));

  await page.goto("/vi/tours/ve-tren-gom-moc");
  await page.locator("#book input[type=number]").first().fill("25");
  await page.locator("#book button.btn-small[type=submit]").click();
  await page.locator("#book .notice a").click();

  await expect(page).toHaveURL(/\/enquiry\?/);
  await accessible(page, info);
  await expect(page.locator("[name=people]")).toHaveValue("25");
  await page.locator("[name=date]").fill(visit);
  await page.locator("[name=organisation]").fill(school);
  await page.locator("[name=message]").fill("Lớp 7A, 23 học sinh và 2 giáo viên.");
  await page.locator("[name=name]").fill("Cô Lan");
  await page.locator("[name=email]").fill("lan@");
  await submit(page).click();
  await expect(page.locator("[name=email]")).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator("[name=organisation]")).toHaveValue(school);
  await accessible(page, info);
  await page.locator("[name=email]").fill("lan@example.com");
  await submit(page).click();

  await expect(page).toHaveURL(/\/vi\/enquiry\//);
  await expect(page.locator("h1")).toContainText("đã nhận yêu cầu");
  await accessible(page, info);
  const enquiry = page.url();

  await signIn(page, "camvan@langnghe.example");
  await page.goto("/vi/host/nha-gom-cam-van/enquiries");
  await expect(page.locator(".host-nav .count")).toBeVisible();
  await accessible(page, info);
  const entry = page.locator(".entry").filter({ hasText: school });
  await entry.locator("a.btn").click();
  await expect(page.locator("h1")).toContainText(`${school}, 25 người`);
  await accessible(page, info);
  await page.locator("[name=time]").fill("08:30");
  await page.locator("[name=price]").fill("hai triệu");
  await page.locator("[name=words]").fill("Mời các em đến chơi với đất.");
  await page.locator("form.panel button.btn-primary").click();
  await expect(page.locator("[name=price]")).toHaveAttribute("aria-invalid", "true");
  await page.locator("[name=price]").fill("120.000");
  await page.locator("form.panel button.btn-primary").click();
  await expect(page).toHaveURL(/sent=1/);
  await expect(page.locator(".notice")).toContainText("Đã gửi đề nghị");
  await accessible(page, info);

  await page.goto(enquiry);
  await expect(page.locator("h1")).toContainText("Đề nghị cho đoàn");
  await expect(page.locator(".price-total")).toContainText("3.000.000");
  await expect(page.locator("blockquote")).toContainText("chơi với đất");
  await accessible(page, info);
  await page.getByRole("button", { name: "Nhận lời, đặt chỗ" }).click();

  await expect(page).toHaveURL(/\/vi\/booking\/.*done=1$/);
  await expect(page.locator(".ticket")).toContainText(/đoàn 25 người/i);
  await accessible(page, info);

  await page.goto(`/vi/host/nha-gom-cam-van?date=${visit}`);
  const guest = page.locator(".guest").filter({ hasText: "Cô Lan" });
  await expect(guest).toContainText(/đoàn 25 người/i);
  await accessible(page, info);
});

test("a companion fills in their own part, and the workshop reads it", async ({ page }, info) => {
  const an = `An ${info.project.name}`;
  await page.goto("/vi/tours/tien-but-go");
  await page.locator("button.slot").first().click();
  await page.locator("main form input[type=number]").first().fill("2");
  await submit(page).click();
  await page.locator("[name=name]").fill("Trần Minh Phượng");
  await page.locator("[name=email]").fill("phuong@example.com");
  await page.locator("[name=waiver]").check();
  await submit(page).click();
  await expect(page).toHaveURL(/\/review$/);
  await submit(page).click();
  await expect(page).toHaveURL(/done=1$/);
  await expect(page.locator("main")).toContainText("0 trên 2 người đã điền");
  await accessible(page, info);
  const manage = page.url().replace("?done=1", "");
  const link = new URL(await page.locator("#companions").inputValue()).pathname;

  await page.goto(link);
  await expect(page.locator("main")).not.toContainText("Phượng");
  await accessible(page, info);
  await submit(page).click();
  await expect(page.locator("[name=name]")).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator("[name=waiver]")).toHaveAttribute("aria-invalid", "true");
  await page.locator("[name=name]").fill(an);
  await page.locator("[name='q.age']").fill("14");
  await page.locator("[name='q.handed']").selectOption("left");
  await page.locator("[name=waiver]").check();
  await submit(page).click();
  await expect(page.locator(".notice")).toContainText(`Cảm ơn, ${an}`);
  await accessible(page, info);

  await page.goto(`${manage}/guests`);
  await expect(page.locator(".entry")).toContainText(an);
  await accessible(page, info);
  await page.locator("[name=name]").fill("Bé Bi");
  await submit(page).click();
  await expect(page).toHaveURL(/saved=1/);
  await page.goto(manage);
  await expect(page.locator("main")).toContainText("2 trên 2 người đã điền");

  await signIn(page, "admin@langnghe.example");
  const code = manage.split("/").at(-2);
  await page.goto(`/vi/host/xuong-tien-quang-dui/bookings/${code}`);
  await expect(page.locator(".known")).toContainText(an);
  await expect(page.locator(".known")).toContainText("Tay trái");
  await accessible(page, info);
  await page.locator(".breadcrumb a").nth(1).click();
  await expect(page.locator("main")).toContainText(/\d Tay trái, \d chưa rõ/);
  await accessible(page, info);
});
