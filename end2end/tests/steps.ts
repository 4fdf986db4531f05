// Steps that the journeys share.
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test, type Locator, type Page, type TestInfo } from "@playwright/test";

/** The main button of the main form. */
export const submit = (page: Page) => page.locator("main form button.btn-primary:not([type=button])").first();

/** Nothing serious for people who read with a screen reader; axe itself needs script. */
export async function accessible(page: Page, info: TestInfo) {
  if (info.project.name === "nojs") return;
  const found = await new AxeBuilder({ page }).analyze();
  const serious = found.violations.filter((v) => ["serious", "critical"].includes(v.impact ?? ""));
  expect(serious.map((v) => `${v.id}: ${v.nodes[0]?.html}`)).toEqual([]);
}

/** So many days ahead, or some weeks later on the same day of the week where that is around Tết, when
 * workshops are closed. */
export function quietDay(after: number) {
  const lunar = new Intl.DateTimeFormat("en-u-ca-chinese", { month: "numeric", day: "numeric", timeZone: "Asia/Ho_Chi_Minh" });
  for (let days = after; ; days += 28) {
    const date = new Date(Date.now() + days * 86_400_000);
    const part = (type: string) => parseInt(lunar.formatToParts(date).find((part) => part.type === type)!.value);
    const [month, day] = [part("month"), part("day")];
    if (!(month === 12 && day > 12) && !(month === 1 && day < 20)) return date;
  }
}

/** Chooses a radio button by its label, as people do: the button itself can't be seen. */
export const choose = (radio: Locator) => radio.locator("xpath=ancestor::label").click();

/** A letter with these words in the mailbox: letters come in seconds, newest first. */
export async function letter(page: Page, words: string | RegExp) {
  await expect(async () => {
    await page.goto("/mailbox");
    await expect(page.getByText(words).first()).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 30_000 });
}

/** The link in the newest letter to an address: `words` are in the letter's line, `fits` finds the path. */
export async function mailed(page: Page, email: string, words: string | RegExp, fits: RegExp): Promise<string> {
  await expect(async () => {
    await page.goto("/mailbox");
    const mails = page.getByRole("link").filter({ hasText: email }).filter({ hasText: words });
    await mails.first().click({ timeout: 1000 });
  }).toPass({ timeout: 30_000 });
  const found = (await page.content()).match(fits);
  expect(found, `${fits}`).not.toBeNull();
  return found![0];
}

/** Signs a demo account in. */
export async function signIn(page: Page, email: string) {
  await page.goto("/vi/sign-in");
  await page.locator("[name=email]").fill(email);
  await page.locator("[name=password]").fill("langnghe-demo");
  await submit(page).click();
  await expect(page).toHaveURL(/\/vi\/host/);
}

/** Date and time in Hanoi in so many minutes, on this very day: just before midnight the test waits
 * for the next day to begin. */
export async function laterToday(minutes: number): Promise<[date: string, time: string]> {
  const venue = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Ho_Chi_Minh", dateStyle: "short", timeStyle: "short" });
  const at = (minutes: number) => venue.format(new Date(Date.now() + minutes * 60_000)).split(" ") as [string, string];
  if (at(minutes)[0] !== at(0)[0]) test.setTimeout(test.info().timeout + (minutes + 1) * 60_000);
  while (at(minutes)[0] !== at(0)[0]) await new Promise((wake) => setTimeout(wake, 1000));
  return at(minutes);
}

/** Adds a departure of today in so many minutes, for which no machine is needed: wheels rest at night. */
export async function departureToday(page: Page, host: string, minutes: number, capacity: number) {
  const [date, time] = await laterToday(minutes);
  await page.goto(`${host}/slots/new?date=${date}`);
  await page.locator("[name=option]").selectOption({ label: "Một ngày làm thợ gốm · Nửa ngày" });
  await page.locator("[name=time]").fill(time);
  await page.locator("[name=capacity]").fill(`${capacity}`);
  await submit(page).click();
  await expect(page).toHaveURL(/\/slots\/[0-9a-f-]{36}$/);
}

/** Who comes, contact, review: from the party form to the booking that was made. */
export async function book(page: Page, party: number[], name: string, email: string) {
  const counts = page.locator("main form input[type=number]");
  for (const [at, count] of party.entries()) await counts.nth(at).fill(`${count}`);
  await submit(page).click();
  await expect(page).toHaveURL(/\/details$/);
  await page.locator("[name=name]").fill(name);
  await page.locator("[name=email]").fill(email);
  await page.locator("[name=phone]").fill("0912 345 678");
  await submit(page).click();
  await expect(page).toHaveURL(/\/review$/);
  await submit(page).click();
  await expect(page).toHaveURL(/\?done=1$/);
}
