// An owner's software is told of a booking, by a message whose signature it can check.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { expect } from "@playwright/test";
import { test } from "./site";
import { accessible, book, quietDay, signIn, submit } from "./steps";

const host = "/vi/host/gom-minh-hai";

let server: Server;
let base: string;
const heard: { path: string; headers: IncomingHttpHeaders; body: Buffer }[] = [];

test.beforeAll(async () => {
  server = createServer((request, answer) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      heard.push({ path: request.url ?? "", headers: request.headers, body: Buffer.concat(parts) });
      answer.writeHead(204).end();
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

test.afterAll(() => { server.close(); });

/** As the page for programmers says it is done. */
function genuine(secret: string, header: string, body: Buffer) {
  const parts = Object.fromEntries(header.split(",").map((part) => part.split("=") as [string, string]));
  const expected = createHmac("sha256", secret).update(`${parts.t}.`).update(body).digest();
  const given = Buffer.from(parts.v1 ?? "", "hex");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

test("an owner's software hears of a booking", async ({ page }, info) => {
  const path = `/${info.project.name}`;
  const told = () => heard.filter((one) => one.path === path);
  // The ninth week is no other journey's; each project has a day of its own.
  const after = { desktop: 57, phone: 58, nojs: 59 }[info.project.name] ?? 57;
  const date = quietDay(after).toISOString().slice(0, 10);

  await signIn(page, "minhhai@langnghe.example");
  await page.goto(`${host}/slots/new?date=${date}`);
  await page.locator("[name=option]").selectOption({ label: "Một ngày làm thợ gốm · Nửa ngày" });
  await page.locator("[name=time]").fill("20:10");
  await page.locator("[name=capacity]").fill("6");
  await submit(page).click();
  await expect(page).toHaveURL(/\/slots\/[0-9a-f-]{36}$/);
  const slot = page.url().split("/").at(-1)!;

  await page.goto(`${host}/more`);
  await page.getByRole("link", { name: "Webhook", exact: true }).click();
  await accessible(page, info);
  await page.locator("[name=url]").fill("ftp://127.0.0.1/");
  await submit(page).click();
  await expect(page.locator("[name=url]")).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator("[name=url]")).toHaveValue("ftp://127.0.0.1/");
  await accessible(page, info);
  await page.locator("[name=url]").fill(base + path);
  await page.locator("[name=events][value='departure.changed']").uncheck();
  await submit(page).click();
  const secret = (await page.locator(".key").innerText()).trim();
  expect(secret).toMatch(/^langnghe_whsec_/);
  await accessible(page, info);
  const action = await page.locator("#edit form").getAttribute("action");
  const here = action!.replace("#edit", "");

  await page.getByRole("button", { name: "Gửi tin thử" }).click();
  await expect(page.locator(".notice").first()).toContainText("Tin đã tới nơi");
  await expect(page.locator(".key")).toHaveCount(0);
  expect(told().map((one) => one.headers["langnghe-event"])).toEqual(["test"]);

  // A guest books; the message follows in seconds.
  await page.context().clearCookies();
  await page.goto(`/vi/book/${slot}`);
  await book(page, [2], "Đỗ Minh Webhook", `webhook.${info.project.name}@example.com`);
  const code = page.url().match(/\/booking\/([^/]+)\//)![1];
  await expect(() => expect(told().length).toBeGreaterThan(1)).toPass({ timeout: 30_000 });
  const message = told().find((one) => one.headers["langnghe-event"] === "booking.confirmed")!;
  expect(genuine(secret, `${message.headers["langnghe-signature"]}`, message.body)).toBe(true);
  expect(genuine("another", `${message.headers["langnghe-signature"]}`, message.body)).toBe(false);
  const text = message.body.toString("utf8");
  const body = JSON.parse(text);
  expect(body.id).toBe(message.headers["langnghe-delivery"]);
  expect(body.data.booking).toMatchObject({ code, state: "confirmed", people: 2 });
  expect(text).not.toContain("Webhook");
  expect(text).not.toContain("@");

  await signIn(page, "minhhai@langnghe.example");
  await page.goto(here);
  const line = page.locator("li.entry", { hasText: "Đặt chỗ được xác nhận" });
  await expect(line).toContainText("Đã nhận");
  await expect(line).toContainText("mã 204");
  await accessible(page, info);
  await line.getByRole("button", { name: /^Gửi lại/ }).click();
  await expect(page.locator(".notice").first()).toContainText("Tin đã tới nơi");
  const again = told().filter((one) => one.headers["langnghe-delivery"] === body.id);
  expect(again.length).toBe(2);

  await page.getByRole("link", { name: "Webhook", exact: true }).first().click();
  await page.getByRole("link", { name: "Tài liệu cho người lập trình" }).click();
  await expect(page.locator("h1")).toHaveText("Webhook cho người lập trình");
  await accessible(page, info);

  // The other journeys' bookings are none of it.
  await page.goto(here);
  await page.locator("summary", { hasText: "Xóa webhook" }).click();
  await page.getByRole("button", { name: "Xóa", exact: true }).click();
  await expect(page.locator(".notice").first()).toContainText("Đã xóa webhook");
});
