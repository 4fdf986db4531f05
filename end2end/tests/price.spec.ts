import { expect } from "@playwright/test";
import { test } from "./site";
import { accessible, letter, quietDay, signIn, submit } from "./steps";

const house = "/vi/host/nha-det-khanh-to";

/** Whole đồng of a text such as "450.000 ₫". */
const dong = (text: string) => Number(text.replace(/[^\d−]/g, "").replace("−", "-"));

/** The lines of the bill beside the form add up to its total. */
async function addsUp(page: import("@playwright/test").Page, where = ".booking-aside") {
  const lines = await page.locator(`${where} .price-lines > div:not(.price-total) dd`).allInnerTexts();
  const total = await page.locator(`${where} .price-total dd`).innerText();
  expect(lines.map(dong).reduce((sum, one) => sum + one, 0)).toBe(dong(total));
  return dong(total);
}

test("a guest reads why it costs what it costs, takes tea and uses a code", async ({ page }, info) => {
  const email = `lan.${info.project.name}@example.com`;
  await page.goto("/vi/tours/dao-lang-lua");
  await expect(page.locator("#price-rules")).toBeVisible();
  await expect(page.locator("main")).toContainText(/Cuối tuần: thứ Bảy.*Chủ nhật/);
  await accessible(page, info);
  // Nine people in a departure two weeks and more ahead: early, and a group.
  const ahead = quietDay(16).toISOString().slice(0, 10);
  await page.goto(`/vi/tours/dao-lang-lua?after=${ahead}`);
  await page.locator("button.slot[data-state=open]").first().click();
  await expect(page.locator("main")).toContainText("Đặt trước 14 ngày −5%");
  await accessible(page, info);
  await page.locator("main form input[type=number]").first().fill("2");
  const resident = page.locator("[name=residents]");
  const live = page.locator(".booking-main .price-total dd");
  const before = info.project.name === "nojs" ? "" : await live.innerText();
  await resident.check();
  if (info.project.name !== "nojs") await expect(live).not.toHaveText(before);
  const promised = info.project.name === "nojs" ? "" : await live.innerText();
  await submit(page).click();

  await expect(page).toHaveURL(/\/details$/);
  await accessible(page, info);
  const bare = await addsUp(page);
  if (promised) expect(bare).toBe(dong(promised));
  await expect(page.locator(".booking-aside")).toContainText("Người sống ở Việt Nam −15%");
  await page.locator("[name=name]").fill("Lê Thị Lan");
  await page.locator("[name=email]").fill(email);
  const tea = page.locator(".extras input[type=number]").first();
  await tea.fill("7");
  await submit(page).click();
  await expect(tea).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator("[name=name]")).toHaveValue("Lê Thị Lan");
  await accessible(page, info);
  await tea.fill("2");
  await submit(page).click();

  await expect(page).toHaveURL(/\/review$/);
  expect(await addsUp(page)).toBe(bare + 90_000);
  await accessible(page, info);
  await page.locator("#promo summary").click();
  await page.locator("[name=code]").fill("nosuchcode");
  await page.locator("#promo button").click();
  await expect(page.locator("[name=code]")).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator("[name=code]")).toHaveValue("nosuchcode");
  await accessible(page, info);
  await page.locator("[name=code]").fill("lua van phuc");
  await page.locator("#promo button").click();
  await expect(page.locator("#promo")).toContainText("LUAVANPHUC");
  const total = await addsUp(page);
  expect(total).toBeLessThan(bare + 90_000);
  await accessible(page, info);
  await page.locator("main form button.btn-primary").click();

  await expect(page).toHaveURL(/\?done=1$/);
  const manage = page.url().replace("?done=1", "");
  await page.locator(".price-why summary").click();
  expect(await addsUp(page, ".ticket")).toBe(total);
  await accessible(page, info);
  await letter(page, email);

  // A third cup is for nobody; the kerchief is for whoever wants one.
  await page.goto(`${manage}/extras`);
  await accessible(page, info);
  await page.locator(".extras input[type=number]").nth(1).fill("1");
  await submit(page).click();
  await expect(page).toHaveURL(/changed=1/);
  await expect(page.locator(".ticket")).toContainText("Khăn lụa tơ tằm");
  await page.locator(".price-why summary").click();
  expect(await addsUp(page, ".ticket")).toBe(total + 220_000);
});

test("a host writes rules, extras and a code, and looks at what they make", async ({ page }, info) => {
  await signIn(page, "khanhto@langnghe.example");
  await page.goto(`${house}/tours/ben-khung-cui/rules`);
  await accessible(page, info);
  await page.locator("[name=new_kind]").selectOption("weekdays");
  await page.locator("button[value=add]").click();
  await page.locator("[name='r0.much']").fill("nhiều");
  await submit(page).click();
  await expect(page.locator("[name='r0.much']")).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator("[name='r0.much']")).toHaveValue("nhiều");
  await accessible(page, info);
  await page.locator("[name='r0.much']").fill("20");
  await submit(page).click();
  await expect(page.locator(".notice")).toBeVisible();
  await page.getByText("Giá người lớn 14 ngày tới").click();
  await expect(page.locator("table")).toContainText("Cuối tuần +20%");
  await accessible(page, info);

  await page.goto(`${house}/tours/ben-khung-cui/extras`);
  await page.locator("button[value=add]").click();
  await page.locator("[name='x0.title_vi']").fill("Cơm trưa nhà dệt");
  await page.locator("[name='x0.price']").fill("80.000");
  await accessible(page, info);
  await submit(page).click();
  await expect(page.locator(".notice")).toBeVisible();
  await page.goto("/vi/tours/ben-khung-cui");
  await expect(page.locator("main")).toContainText("Cơm trưa nhà dệt");

  const code = `THU${info.project.name.toUpperCase()}`;
  await page.goto(`${house}/money/codes`);
  await expect(page.locator("main")).toContainText("LUAVANPHUC");
  await accessible(page, info);
  await page.locator("#editor summary").click();
  await page.locator("[name=code]").fill("x");
  await page.locator("[name=cut]").fill("15");
  await page.locator("#editor button.btn-primary").click();
  await expect(page.locator("[name=code]")).toHaveAttribute("aria-invalid", "true");
  await page.locator("[name=code]").fill(code);
  await page.locator("#editor button.btn-primary").click();
  await expect(page.locator("main")).toContainText(code);
  await accessible(page, info);
  await page.locator(".entry", { hasText: code }).locator("button.btn-danger").click();
  await expect(page.locator(".entry", { hasText: code })).toContainText("Đã hết");
});
