// Paying by bank transfer: a simulated bank tells of money in SePay's real format.
import { createRequire } from "node:module";
import { expect, type Browser, type Page, type TestInfo } from "@playwright/test";
import { NUMBER, hook, tell, transfer } from "./bank";
import { test } from "./site";
import { accessible, letter, signIn, submit } from "./steps";

const { QRPay } = createRequire(import.meta.url)("vietnam-qr-pay");
const jsQR = createRequire(import.meta.url)("jsqr").default ?? createRequire(import.meta.url)("jsqr");

const HOST = "/vi/host/htx-may-tre-hoa-trang";
const EMAIL = "hoatrang@langnghe.example";

/** A host's window of its own, beside the guest's. */
async function host(browser: Browser, baseURL: string | undefined, info: TestInfo): Promise<Page> {
  const { viewport, javaScriptEnabled } = info.project.use;
  const page = await (await browser.newContext({ baseURL, viewport, javaScriptEnabled })).newPage();
  await signIn(page, EMAIL);
  return page;
}

/** From the tour to the payment page. */
async function bookAndPay(page: Page, tour: string, people: number, name: string, email: string) {
  await page.goto(`/vi/tours/${tour}`);
  await page.locator("button.slot").nth(3).click();
  await page.locator("main form input[type=number]").first().fill(`${people}`);
  await submit(page).click();
  await expect(page).toHaveURL(/\/details$/);
  await page.locator("[name=name]").fill(name);
  await page.locator("[name=email]").fill(email);
  await submit(page).click();
  await expect(page).toHaveURL(/\/review$/);
  await expect(page.locator("main")).toContainText("Đặt cọc");
  await submit(page).click();
  await expect(page).toHaveURL(/\/pay$/);
}

/** What a phone's camera reads in the picture on the page. */
async function scanned(page: Page): Promise<string> {
  const svg = await page.locator(".pay-scan svg").evaluate((node) => node.outerHTML).catch(() => "");
  const html = svg || (await page.locator(".pay-scan .qr").innerHTML());
  const side = Number(/viewBox="0 0 (\d+)/.exec(html)![1]);
  const scale = 4;
  const width = side * scale;
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255);
  for (const [, x, y, run] of html.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let dy = 0; dy < scale; dy++)
      for (let dx = 0; dx < Number(run) * scale; dx++) {
        const at = ((Number(y) * scale + dy) * width + Number(x) * scale + dx) * 4;
        pixels[at] = pixels[at + 1] = pixels[at + 2] = 0;
      }
  }
  return jsQR(pixels, width, width)!.data;
}

test("a deposit comes in parts, mangled and twice, and the page follows", async ({ page, browser, request, baseURL }, info) => {
  const email = `lan.${info.project.name}@example.com`;
  const desk = await host(browser, baseURL, info);
  const path = await hook(desk);
  await accessible(desk, info);

  await bookAndPay(page, "dan-lot-coc-va-gio", 2, "Hoàng Thị Lan", email);
  await accessible(page, info);
  const code = await page.locator("#pay-text").inputValue();
  const asked = Number(await page.locator("#pay-amount").inputValue());
  expect(code).toMatch(/^LN[2-9A-Z]{7}$/);
  // An independent library reads what a camera sees.
  const qr = new QRPay(await scanned(page));
  expect(qr.isValid).toBe(true);
  expect(qr.consumer).toMatchObject({ bankBin: "970436", bankNumber: NUMBER });
  expect(qr.amount).toBe(`${asked}`);
  expect(qr.additionalData.purpose).toBe(code);

  // Not the service, not this account's money, nothing that came in.
  const half = transfer(asked / 2, `MBVCB.3278.${code.slice(0, 4)} ${code.slice(4)}.CT tu 0011`.toLowerCase());
  expect(await tell(request, path, half, "another-secret")).toBe(401);
  expect(await tell(request, "/hooks/bank/nobody", half)).toBe(404);
  expect(await tell(request, path, "{}")).toBe(400);
  expect(await tell(request, path, transfer(asked, code, { transferType: "out" }))).toBe(200);

  // Half of it, told twice: the page says so by itself, and asks for the other half.
  expect(await tell(request, path, half)).toBe(200);
  expect(await tell(request, path, half)).toBe(200);
  await expect(page.locator(".notice")).toContainText("Đã nhận", { timeout: 45_000 });
  expect(Number(await page.locator("#pay-amount").inputValue())).toBe(asked - asked / 2);
  await accessible(page, info);

  expect(await tell(request, path, transfer(asked - asked / 2, `CT DEN:${code} thanh toan`))).toBe(200);
  await expect(page).toHaveURL(/\?done=1$/, { timeout: 45_000 });
  await expect(page.locator("main")).toContainText("Thanh toán");
  await accessible(page, info);
  const home = page.url().replace("?done=1", "");

  await letter(page, /Biên nhận/);
  await page.goto(`${home}/money`);
  await accessible(page, info);
  await page.locator("[name=company]").fill("Công ty Mây Tre");
  await page.locator("[name=tax_code]").fill("12");
  await page.getByRole("button", { name: "Lưu thông tin hóa đơn" }).click();
  await expect(page.locator("[name=tax_code]")).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator("[name=company]")).toHaveValue("Công ty Mây Tre");
  await page.locator("[name=tax_code]").fill("0101234567");
  await page.locator("[name=address]").fill("1 Tràng Tiền, Hà Nội");
  await page.getByRole("button", { name: "Lưu thông tin hóa đơn" }).click();
  await expect(page).toHaveURL(/done=invoice/);

  // Cancelled in time: the host sees what is to be paid back, where to, and marks it.
  await page.goto(`${home}/cancel`);
  await expect(page.locator(".notice").first()).toContainText("hoàn");
  await page.locator("main button.btn-danger").click();
  await page.goto(`${home}/money`);
  await page.locator("[name=bank]").selectOption("970415");
  await page.locator("[name=number]").fill("8888 7777");
  await page.locator("[name=holder]").fill("HOANG THI LAN");
  await page.getByRole("button", { name: "Lưu tài khoản nhận hoàn" }).click();
  await expect(page).toHaveURL(/done=account/);

  await desk.goto(`${HOST}/money/refunds`);
  await accessible(desk, info);
  const booking = new URL(home).pathname.split("/")[3];
  const row = desk.locator("section.panel", { hasText: booking });
  await expect(row).toContainText("VietinBank");
  await row.getByRole("button", { name: "Đã hoàn" }).click();
  await expect(desk).toHaveURL(/done=1/);
  await expect(desk.locator("section.panel", { hasText: booking })).toHaveCount(0);
  await letter(page, /Đã hoàn/);
});

test("money of nobody knows whom finds its booking with one tap", async ({ page, browser, request, baseURL }, info) => {
  const desk = await host(browser, baseURL, info);
  const path = await hook(desk);
  // A number of people that makes the amount its own in each project.
  const people = { desktop: 5, phone: 7, nojs: 9 }[info.project.name] ?? 3;
  const name = `Đinh Văn ${info.project.name}`;
  await bookAndPay(page, "dan-lot-coc-va-gio", people, name, `dinh.${info.project.name}@example.com`);
  const asked = Number(await page.locator("#pay-amount").inputValue());
  expect(await tell(request, path, transfer(asked, "chuyen tien"))).toBe(200);

  await desk.goto(`${HOST}/money/transfers`);
  await accessible(desk, info);
  const row = desk.locator("section.transfer", { hasText: "chuyen tien" }).filter({ hasText: name }).first();
  await row.getByRole("button", { name: "Là của đặt chỗ này" }).click();
  await expect(desk).toHaveURL(/done=assigned/);
  await expect(page).toHaveURL(/\?done=1$/, { timeout: 45_000 });

  const booking = new URL(page.url()).pathname.split("/")[3];
  await desk.goto(`${HOST}/money/bookings/${booking}`);
  await accessible(desk, info);
  await desk.locator("[name=note]").fill("");
  await submit(desk).click();
  await expect(desk.locator("[name=note]")).toHaveAttribute("aria-invalid", "true");
});

test("a bank's statement brings what no service told of", async ({ page, browser, baseURL }, info) => {
  const desk = await host(browser, baseURL, info);
  await bookAndPay(page, "dan-lot-coc-va-gio", 2, "Bùi Thị Sao", `sao.${info.project.name}@example.com`);
  const code = await page.locator("#pay-text").inputValue();
  const asked = await page.locator("#pay-amount").inputValue();

  await desk.goto(`${HOST}/money/transfers`);
  const importing = desk.locator("details", { hasText: "Nhập sao kê" });
  await importing.locator("summary").click();
  await importing.locator("[name=text]").fill("đây không phải sao kê");
  await importing.getByRole("button", { name: "Nhập" }).click();
  await expect(importing.locator("#statement")).toHaveAttribute("aria-invalid", "true");
  await expect(importing.locator("[name=text]")).toHaveValue("đây không phải sao kê");
  await accessible(desk, info);

  // As a spreadsheet saves "Unicode text": UTF-16, tabs between the columns.
  const today = new Date(Date.now() + 7 * 3600_000).toISOString().slice(0, 10).split("-").reverse().join("/");
  const rows = [
    ["SAO KÊ TÀI KHOẢN", "", "", "", ""],
    ["Ngày giao dịch", "Số tham chiếu", "Ghi nợ", "Ghi có", "Nội dung"],
    [today, `FT${code}`, "", asked, `NGUYEN VAN A CK ${code}`],
    [today, "FT0000", "50000", "", "phi dich vu"],
  ];
  const text = `\ufeff${rows.map((row) => row.join("\t")).join("\r\n")}\r\n`;
  await importing.locator("#statement").setInputFiles({
    name: "sao-ke.txt",
    mimeType: "text/plain",
    buffer: Buffer.from(text, "utf16le"),
  });
  await importing.getByRole("button", { name: "Nhập" }).click();
  await expect(desk.locator(".notice").first()).toContainText("Mới khớp 1");
  await expect(page).toHaveURL(/\?done=1$/, { timeout: 45_000 });
});
