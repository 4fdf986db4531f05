// The linked village: three workshops of a co-op share two kilns and six wheels. A Saturday fills up,
// guests overflow next door, one kiln breaks and the other takes its load, the other breaks too and the
// guests choose anew by link; and the month's statements add up.
import { expect, type Page } from "@playwright/test";
import { invite, letter, link } from "./post";
import { accessible, book, signIn, submit } from "./steps";
import { post, test } from "./site";

test.use({ baseURL: `http://${post.address}` });

const host = "/vi/host/gom-minh-hai";
const iso = (day: Date) => day.toISOString().slice(0, 10);
const later = (day: Date, days: number) => new Date(day.getTime() + days * 86_400_000);

const tourOn = (day: Date) => `/en/tours/nan-gom-ban-xoay?option=ban-xoay-60&date=${iso(day)}`;
const free = (page: Page) => page.locator("button.slot:not(.slot-sister)");

/** A Saturday far from what other journeys book, on which the workshop does not rest (Tết). */
async function saturday(page: Page) {
  let day = later(new Date(), 45);
  while (day.getUTCDay() !== 6) day = later(day, 1);
  for (const last = later(day, 35); day <= last; day = later(day, 7)) {
    await page.goto(tourOn(day));
    if (await free(page).count()) return day;
  }
  throw new Error("no Saturday has a departure");
}

const row = (page: Page, name: string) => page.locator(".board-row", { hasText: name });

/** Says that a kiln is broken for the twelve days after the Saturday. */
async function breaks(page: Page, kiln: string, saturday: Date) {
  await page.goto(`${host}/resources?date=${iso(saturday)}`);
  await row(page, kiln).locator("a[href$='/take?for=upkeep']").click();
  await page.locator("[name=from_date]").fill(iso(later(saturday, 1)));
  await page.locator("[name=from_time]").fill("00:00");
  await page.locator("[name=to_date]").fill(iso(later(saturday, 13)));
  await page.locator("[name=to_time]").fill("12:00");
  await page.locator("[name=note]").fill("Nứt vòm lò");
  await submit(page).click();
}

/** Lines of what uses a kiln in the two weeks after the Saturday. */
async function firings(page: Page, kiln: string, saturday: Date) {
  const lines: string[] = [];
  for (const week of [3, 10]) {
    await page.goto(`${host}/resources?date=${iso(later(saturday, week))}`);
    lines.push(...(await row(page, kiln).locator(".board-use").allTextContents()));
  }
  return lines.filter((line) => line.includes("Nặn gốm trên bàn xoay"));
}

test("a Saturday fills up, guests overflow, kilns break and everything is planned anew", async ({ page }, info) => {
  test.setTimeout(240_000);
  const project = info.project.name;
  const day = await saturday(page);
  const tour = tourOn(day);
  const [morning, afternoon, third] = ["sang", "chieu", "ben-canh"].map((name) => `${name}.${project}@example.com`) as [string, string, string];

  // Two groups take every wheel, in the morning and in the afternoon.
  for (const [email, name] of [[morning, "Nhóm Sáng"], [afternoon, "Nhóm Chiều"]] as const) {
    await page.goto(tour);
    await free(page).first().click();
    await book(page, [6, 0], name, email);
  }
  const before = invite(await letter(morning, 1));

  // Whoever comes now is there next door.
  await page.goto(tour);
  await expect(free(page)).toHaveCount(0);
  await page.locator(".slot-sister").first().click();
  await expect(page).toHaveURL(/from=/);
  await submit(page).click();
  await expect(page).toHaveURL(/\/details$/);
  await page.locator("[name=name]").fill("Khách Bên Cạnh");
  await page.locator("[name=email]").fill(third);
  await page.locator("[name=phone]").fill("0912 345 678");
  for (const select of await page.locator("select[name^='q.']").all()) await select.selectOption({ index: 1 });
  if (await page.locator("[name=waiver]").count()) await page.locator("[name=waiver]").check();
  await submit(page).click();
  await submit(page).click();
  await expect(page).toHaveURL(/\?done=1$/);
  expect(invite(await letter(third, 1)).location).not.toBe(before.location);

  // The board of the three: six wheels, two kilns, and the pieces wait for the large one.
  await signIn(page, "minhhai@langnghe.example");
  await page.goto(`${host}/resources?date=${iso(day)}`);
  await expect(row(page, "Dãy bàn xoay nhà ông Hải")).toContainText("6");
  await accessible(page, info);
  expect(await firings(page, "Lò gas lớn", day)).toHaveLength(2);

  // It breaks: nobody is bothered, the small one takes them.
  await breaks(page, "Lò gas lớn", day);
  await expect(page).toHaveURL(/done=saved/);
  expect(await firings(page, "Lò gas lớn", day)).toHaveLength(0);
  expect(await firings(page, "Lò gas nhỏ", day)).toHaveLength(2);

  // The small one breaks too: the host is asked first, then asks the guests.
  await breaks(page, "Lò gas nhỏ", day);
  await expect(page.locator(".notice[data-tone=warn]")).toContainText("Nặn gốm trên bàn xoay");
  await accessible(page, info);
  await page.locator("button[name=force]").click();
  await expect(page).toHaveURL(/done=saved/);
  await page.locator("a[href$='/bad-day?cause=broken']").click();
  await page.locator("[name=words]").fill("Lò nứt vòm, thợ đang vá.");
  await page.locator("button[value=look]").click();
  const hits = page.locator("#hits-panel");
  await expect(hits).toContainText("Nhóm Sáng");
  await expect(hits).toContainText("Nhóm Chiều");
  await accessible(page, info);
  await page.locator("button[value=tell]").click();
  await expect(page).toHaveURL(/\/bad-day\/[0-9a-f-]{36}$/);
  await accessible(page, info);
  const badDay = new URL(page.url()).pathname;

  // One group moves by its link, the other takes the money back.
  await page.context().clearCookies();
  const asked = await letter(morning, 2);
  expect(asked.text).toContain("Lò nứt vòm");
  await page.goto(link(asked, /\/choose/));
  await accessible(page, info);
  await page.locator("[name=choice]").first().check();
  await submit(page).click();
  await expect(page).toHaveURL(/moved=1/);
  const after = invite(await letter(morning, 3));
  expect(after).toMatchObject({ method: "REQUEST", uid: before.uid, status: "CONFIRMED" });
  expect(after.sequence).toBeGreaterThan(before.sequence);
  expect(after.start.getTime()).not.toBe(before.start.getTime());
  await page.goto(link(await letter(afternoon, 2), /\/choose/));
  await page.locator("[name=choice][value=refund]").check();
  await submit(page).click();
  await expect(page).toHaveURL(/cancelled=1/);
  expect(invite(await letter(afternoon, 3))).toMatchObject({ method: "CANCEL", status: "CANCELLED" });

  // The host sees what became of both, and the kilns are mended.
  await signIn(page, "minhhai@langnghe.example");
  await page.goto(badDay);
  await expect(page.locator("#main")).toContainText("đã chuyển");
  await expect(page.locator("#main")).toContainText("nhận lại tiền");
  for (const kiln of ["Lò gas lớn", "Lò gas nhỏ"]) {
    await page.goto(`${host}/resources?date=${iso(later(day, 3))}`);
    const uses = row(page, kiln);
    await uses.locator("summary").click();
    await uses.locator(".board-use", { hasText: "Nứt vòm lò" }).locator("button").click();
    await expect(page.locator("#main")).toContainText("Đã ghi là chạy lại");
  }
  await expect(page.locator("a[href$='/bad-day?cause=broken']")).toHaveCount(0);
});

test("the month's statements add up", async ({ page }, info) => {
  await signIn(page, "minhhai@langnghe.example");
  const now = new Date();
  const month = iso(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 15))).slice(0, 7);
  await page.goto(`${host}/money/statement?month=${month}`);
  await accessible(page, info);
  const amount = (text: string) => Number(text.replace(/[^\d−-]/g, "").replace("−", "-"));
  const sums = async () => (await page.locator(".statement-sums dd").allInnerTexts()).map(amount);
  // What the workshop passes on is what it had, what guests paid, less its own share and what it paid.
  const [opening, takings, share, adjusted, paid, closing] = (await sums()) as [number, number, number, number, number, number];
  expect(takings).toBeGreaterThan(0);
  expect(opening + takings - share - adjusted - paid).toBe(closing);
  // And that is what all the others are to get.
  const parties = page.locator("select[name=party] option");
  const ids = await parties.evaluateAll((all) => all.filter((one) => !(one as HTMLOptionElement).selected).map((one) => (one as HTMLOptionElement).value));
  expect(ids.length).toBeGreaterThan(1);
  let due = 0;
  for (const id of ids) {
    await page.goto(`${host}/money/statement?month=${month}&party=${id}`);
    const [before, gets, by, out, after] = (await sums()) as [number, number, number, number, number];
    expect(before + gets + by - out).toBe(after);
    due += after;
  }
  expect(due).toBe(closing);
});
