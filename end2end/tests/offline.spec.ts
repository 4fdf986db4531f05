// The day list without a network: check in, come back, and it counts once.
import { expect } from "@playwright/test";
import { departureToday, signIn } from "./steps";
import { test } from "./site";

const host = "/vi/host/gom-minh-hai";

test("a guest is checked in offline and counted once when the network is back", async ({ page, context }, info) => {
  test.skip(info.project.name === "nojs", "keeping marks needs script");
  test.setTimeout(60_000);
  await signIn(page, "minhhai@langnghe.example");
  // A departure of today with a guest who called; the phone, whose turn is later, also asks for a later one.
  await departureToday(page, host, info.project.name === "phone" ? 5 : 3, 8);
  const name = `Ông Sáu ${info.project.name}`;
  await page.locator("#add > summary").click();
  const call = page.locator("form", { has: page.locator("input[name=act][value=call]") });
  await call.locator("[name=name]").fill(name);
  await call.locator("input[type=number]").first().fill("2");
  await call.locator("button.btn-primary").click();
  await expect(page).toHaveURL(/booked=/);
  const code = new URL(page.url()).searchParams.get("booked")!;

  // The page is kept once the worker has it.
  await page.goto(host);
  await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state);
  await expect.poll(() => page.evaluate(async () => (await (await caches.open("host-pages-1")).keys()).length)).toBeGreaterThan(0);

  await context.setOffline(true);
  await page.reload();
  const row = page.locator(`[data-code="${code}"]`);
  await expect(row).toContainText(name);
  await expect(page.locator("[data-offline-bar]")).toBeVisible();
  await row.locator(".checkin").click();
  await expect(row).toHaveAttribute("data-state", "arrived");
  await expect(row.locator(".checkin")).toHaveAttribute("data-sync", "waiting");
  // Leaving and coming back loses nothing.
  await page.reload();
  await expect(row).toHaveAttribute("data-state", "arrived");
  await expect(page.locator("[data-offline-bar]")).toContainText("1");

  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST") sent.push(request.url());
  });
  await context.setOffline(false);
  await expect(page.locator("[data-offline-bar]")).toBeHidden({ timeout: 30_000 });
  expect(await page.evaluate(() => localStorage.getItem("langnghe-marks"))).toBe("[]");
  expect(sent.filter((url) => url.includes(code))).toHaveLength(1);

  // Once, in the workshop's own log.
  await page.goto(`${host}/bookings/${code}`);
  await expect(page.locator("main")).toContainText("Đã đến");
  await expect(page.locator(".log li", { hasText: "Điểm danh" })).toHaveCount(1);
});
