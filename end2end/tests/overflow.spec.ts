// A full departure: the guest books next door, the host passes a group on, and their calendar follows.
import { expect } from "@playwright/test";
import { invite, letter, link } from "./post";
import { accessible, book, quietDay, signIn, submit } from "./steps";
import { post, test } from "./site";

test.use({ baseURL: `http://${post.address}` });

const host = "/vi/host/gom-minh-hai";
/** Each project fills up a day of its own, as they share the server, on which the sister works too. */
const weekday = { desktop: 4, phone: 0, nojs: 6 };

test("a full departure leads next door, and a group is passed on", async ({ page }, info) => {
  test.setTimeout(120_000);
  const day = quietDay(24);
  while (day.getUTCDay() !== weekday[info.project.name as keyof typeof weekday]) day.setUTCDate(day.getUTCDate() + 1);
  const tour = `/en/tours/nan-gom-ban-xoay?option=ban-xoay-90&date=${day.toISOString().slice(0, 10)}`;
  const group = `sen.${info.project.name}@example.com`;

  // A group takes every wheel.
  await page.goto(tour);
  await expect(page.locator(".slot-sister")).toHaveCount(0);
  await page.locator("button.slot").first().click();
  await book(page, [6, 0], "Đoàn Hoa Sen", group);
  const code = page.url().match(/booking\/([A-Z0-9]{6})/)![1]!;
  const request = invite(await letter(group, 1));

  // The next guest sees what the sisters have, and is there with one tap.
  await page.goto(tour);
  const sister = page.locator(".slot-sister").first();
  await expect(sister).toContainText("minutes' walk");
  await accessible(page, info);
  await sister.click();
  await expect(page).toHaveURL(/\/book\/[0-9a-f-]+\?from=/);
  await expect(page.locator("main form input[type=number]").first()).toHaveValue("2");
  await accessible(page, info);

  // The host asks the group to go to a sister.
  await signIn(page, "minhhai@langnghe.example");
  await page.goto(`${host}/bookings/${code}`);
  await page.locator("a[href$='/pass']").click();
  await accessible(page, info);
  const choice = page.locator("label.slot", { hasText: "Xưởng men rạn Đức Thuận" }).first();
  await choice.locator("input").check();
  await page.locator("[name=words]").fill("Bàn xoay hỏng, mời cả đoàn sang nhà bác Thuận.");
  await submit(page).click();
  await expect(page.locator("main")).toContainText("Đang hỏi khách");
  await accessible(page, info);

  // They read it in their letter, and accept: the same booking, elsewhere.
  const asked = await letter(group, 2);
  expect(asked.text).toContain("mời cả đoàn sang nhà bác Thuận");
  await page.context().clearCookies();
  await page.goto(link(asked, /\/passed\//));
  await expect(page.locator("main")).toContainText("Xưởng men rạn Đức Thuận");
  await accessible(page, info);
  if (await page.locator("[name=waiver]").count()) await page.locator("[name=waiver]").check();
  for (const select of await page.locator("select[name^='q.']").all()) await select.selectOption({ index: 1 });
  await submit(page).click();
  await expect(page).toHaveURL(new RegExp(`/booking/${code}/.*done=1`));
  const moved = invite(await letter(group, 3));
  expect(moved).toMatchObject({ method: "REQUEST", uid: request.uid, status: "CONFIRMED" });
  expect(moved.sequence).toBeGreaterThan(request.sequence);
  expect(moved.location).not.toBe(request.location);

  // The co-op's page counts them, and there is room again.
  await page.goto(tour);
  await expect(page.locator(".slot-sister")).toHaveCount(0);
  await signIn(page, "minhhai@langnghe.example");
  await page.goto(`${host}/coop/overflow`);
  await accessible(page, info);
  const got = page.locator("table tr", { hasText: "Xưởng men rạn Đức Thuận" }).locator("td").last();
  expect(Number(await got.innerText())).toBeGreaterThanOrEqual(6);
});
