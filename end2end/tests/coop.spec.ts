import { expect } from "@playwright/test";
import { accessible, signIn, submit } from "./steps";
import { test } from "./site";

/** Each project has workshops of its own: they share a database. */
const houses = {
  desktop: [
    { slug: "son-mai-tung-lam", email: "tunglam@langnghe.example", name: "Xưởng sơn mài Tùng Lâm" },
    { slug: "nha-son-thu-an", email: "thu.an@langnghe.example", name: "Nhà sơn Thu An" },
  ],
  phone: [
    { slug: "htx-may-tre-hoa-trang", email: "hoatrang@langnghe.example", name: "Hợp tác xã mây tre Hoa Trang" },
    { slug: "xuong-dan-ong-tuy", email: "ongtuy@langnghe.example", name: "Xưởng đan ông Tụy" },
  ],
  nojs: [
    { slug: "htx-kham-ngoc-luu", email: "ngocluu@langnghe.example", name: "Hợp tác xã khảm Ngọc Lưu" },
    { slug: "kham-nha-hai-bang", email: "haibang@langnghe.example", name: "Nhà khảm Hải Bằng" },
  ],
};

test("two workshops work as one: founded, asked, joined, shown, left", async ({ page }, info) => {
  const [first, second] = houses[info.project.name as keyof typeof houses];
  const coop = `Hội Thử Nghề ${info.project.name}`;

  await signIn(page, first.email);
  await page.goto(`/vi/host/${first.slug}/more`);
  await page.getByRole("link", { name: "Tổ hợp tác, hợp tác xã" }).click();
  await accessible(page, info);
  await page.getByRole("link", { name: "Lập tổ hợp tác hay hợp tác xã" }).click();
  await page.locator("[name=name]").fill(coop);
  await page.locator("[name=summary_vi]").fill("Hai nhà, một nghề.");
  await submit(page).click();
  await expect(page.locator("[name=story_vi]")).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator("[name=name]")).toHaveValue(coop);
  await accessible(page, info);
  await page.locator("[name=story_vi]").fill("Gặp nhau ở chợ, rồi làm chung.");
  await submit(page).click();
  await expect(page.locator(".notice")).toContainText("Đã lập");
  await expect(page.locator("h1")).toHaveText(coop);

  await page.getByRole("link", { name: "Mời một xưởng" }).click();
  await accessible(page, info);
  await page.getByRole("button", { name: `Mời ${second.name}` }).click();
  await expect(page.locator(".notice")).toContainText(`Đã gửi lời mời tới ${second.name}`);
  await accessible(page, info);

  await page.context().clearCookies();
  await signIn(page, second.email);
  await page.goto(`/vi/host/${second.slug}/coop`);
  await expect(page.locator(".panel")).toContainText(`${coop} mời xưởng làm thành viên`);
  await accessible(page, info);
  await page.getByRole("button", { name: "Nhận lời", exact: true }).click();
  await expect(page.locator(".notice")).toContainText("Chào mừng");
  await expect(page.locator("main")).toContainText(first.name);
  await accessible(page, info);

  await page.getByRole("link", { name: "Vòng liên kết" }).click();
  await expect(page.locator("svg.ring")).toBeVisible();
  await accessible(page, info);
  await page.getByRole("link", { name: coop }).click();

  await page.getByRole("link", { name: "Xem như khách" }).click();
  await expect(page.locator("h1")).toHaveText(coop);
  await expect(page.locator("main a").filter({ hasText: second.name })).toBeVisible();
  await accessible(page, info);

  await page.goto(`/vi/host/${second.slug}/coop`);
  await page.getByRole("link", { name: `Rời ${coop}` }).click();
  await accessible(page, info);
  await page.getByRole("button", { name: `Rời ${coop}` }).click();
  await expect(page.locator(".notice")).toContainText(`Xưởng đã rời ${coop}`);

  await page.context().clearCookies();
  await signIn(page, first.email);
  await page.goto(`/vi/host/${first.slug}/coop`);
  await expect(page.locator("main")).toContainText("Từng là thành viên");
  await page.getByRole("link", { name: `Rời ${coop}` }).click();
  await expect(page.locator("main")).toContainText("thành viên cuối cùng");
  await page.getByRole("button", { name: `Rời ${coop}` }).click();
  await expect(page.getByRole("link", { name: "Lập tổ hợp tác hay hợp tác xã" })).toBeVisible();
});
