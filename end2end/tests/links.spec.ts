// Every link that a guest, staff, an owner or an admin can come upon leads somewhere, in both
// languages; no page says anything to the console, and none is wider than a phone.
import { expect, type Page } from "@playwright/test";
import { book, signIn, submit } from "./steps";
import { test } from "./site";

const host = "gom-minh-hai";
/** Pages of one kind (any tour, any slot, any day) that are followed. */
const ALIKE = 2;

/** What kind of page an address leads to: names, days and numbers of it left out. */
function kind(url: URL): string {
  const path = url.pathname
    // The further languages have the same pages.
    .replace(/^\/(ko|zh|ja|fr)(?=\/|$)/, "/more")
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID")
    .replace(/\/ID\/\d+$/, "/ID/N")
    .replace(/\/(tours|villages|workshops|artisans|coops|events|shop|p|host|photos|companions|booking|passes|pass)\/(?!new$)[^/]+/g, "/$1/X")
    .replace(/\/bookings\/[^/]+/, "/bookings/X")
    .replace(/\/X\/[\w-]{30,}/, "/X/SECRET")
    .replace(/\/pkg\/.*/, "/pkg");
  return `${path}?${[...new Set(url.searchParams.keys())].sort().join("&")}`;
}

/** Addresses in a page's text, and the ids that its own links point at but that it lacks. */
function links(html: string, from: URL): { to: URL[]; dangling: string[] } {
  const tags = html.match(/<[a-z][^>]*>/g) ?? [];
  const found = tags.flatMap((tag) => {
    const form = /^<form\b/.test(tag) && !/method="get"/.test(tag);
    const names = form ? [] : [...tag.matchAll(/\s(?:href|src|action)="([^"]*)"/g)];
    return names.map((name) => name[1]!.replaceAll("&amp;", "&"));
  });
  const to = found.filter((a) => !/^(mailto|tel|data|sms|geo):/.test(a)).map((a) => new URL(a, from));
  const here = to.filter((url) => url.hash.length > 1 && url.href.split("#")[0] === from.href.split("#")[0]);
  const dangling = here.filter((url) => !html.includes(`id="${decodeURIComponent(url.hash.slice(1))}"`));
  return { to, dangling: dangling.map((url) => `${from.pathname}: no ${url.hash}`) };
}

/** Pages that only those see who signed in; the mailbox goes with them. */
const INSIDE = /^\/(vi|en)\/(host|office|account|coop)\b|^\/mailbox/;

/** Follows all links from some pages on; answers what is wrong, and a page of each kind. Who is
 * signed in need not walk through the guests' pages once more. */
async function follow(page: Page, starts: string[], base: string, guest: boolean) {
  const wrong: string[] = [];
  const kinds = new Map<string, string>();
  const followed = new Map<string, number>();
  const seen = new Set<string>();
  const queue = starts.map((start) => ({ url: new URL(start, base), from: "the start" }));
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { url, from } = next;
    const address = url.pathname + url.search;
    const like = kind(url);
    if (url.origin !== new URL(base).origin || seen.has(address)) continue;
    // A link of a letter to sign in works once, and was used.
    if ((followed.get(like) ?? 0) >= ALIKE || /\/sign-in\/./.test(address)) continue;
    seen.add(address);
    followed.set(like, (followed.get(like) ?? 0) + 1);
    const answer = await page.request.get(address);
    if (!answer.ok()) {
      wrong.push(`${address} (from ${from}): ${answer.status()}`);
      continue;
    }
    if (!answer.headers()["content-type"]?.startsWith("text/html")) continue;
    if (!guest && !INSIDE.test(address)) continue;
    kinds.set(like, kinds.get(like) ?? address);
    const { to, dangling } = links(await answer.text(), new URL(answer.url()));
    wrong.push(...dangling);
    queue.push(...to.map((url) => ({ url, from: address })));
  }
  return { wrong, kinds };
}

/** Opens a page of each kind and listens. */
async function open(page: Page, addresses: Iterable<string>) {
  const wrong: string[] = [];
  let at = "";
  page.on("console", (said) => {
    if (["error", "warning"].includes(said.type())) wrong.push(`${at}: ${said.text()}`);
  });
  page.on("pageerror", (error) => wrong.push(`${at}: ${error.message}`));
  for (at of addresses) {
    await page.goto(at);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) wrong.push(`${at}: ${wide} px too wide`);
  }
  return wrong;
}

/** The owner asks somebody to the workshop, who comes by the letter's link. */
async function asStaff(page: Page, project: string) {
  const email = `links.${project}@example.com`;
  await signIn(page, "minhhai@langnghe.example");
  await page.goto(`/vi/host/${host}/people`);
  await page.locator("[name=name]").fill("Nguyễn Lan");
  await page.locator("[name=email]").fill(email);
  await page.getByRole("button", { name: "Gửi lời mời" }).click();
  await expect(page).toHaveURL(/done=invited/);
  await page.context().clearCookies();
  await expect(async () => {
    await page.goto("/mailbox");
    await page.getByRole("link").filter({ hasText: email }).first().click({ timeout: 1000 });
  }).toPass({ timeout: 20_000 });
  const link = await page.content();
  await page.goto(link.match(/\/vi\/sign-in\/[\w-]{30,}/)![0]);
  await submit(page).click();
  await expect(page).toHaveURL(/\/vi\/host/);
}

for (const [who, email] of [
  ["guest", null],
  ["staff", "staff"],
  ["owner", "minhhai@langnghe.example"],
  ["admin", "admin@langnghe.example"],
] as const) {
  test(`no link that a ${who} sees leads nowhere`, async ({ page, baseURL }, info) => {
    test.skip(info.project.name !== "phone", "the same pages");
    test.setTimeout(300_000);
    const starts = ["/vi", "/en"];
    if (email === null) {
      await page.goto("/en/tours/nan-gom-ban-xoay");
      await page.locator("button.slot").first().click();
      await book(page, [2, 0], "Link Walker", `links-${info.project.name}@example.com`);
      starts.push(page.url(), page.url().replace("/en/", "/vi/"));
    } else {
      if (email === "staff") await asStaff(page, info.project.name);
      else await signIn(page, email);
      for (const language of ["vi", "en"]) {
        starts.push(`/${language}/host`, `/${language}/host/${host}`, `/${language}/account`);
        if (who === "admin") starts.push(`/${language}/office`);
      }
    }
    const { wrong, kinds } = await follow(page, starts, baseURL!, email === null);
    expect(wrong).toEqual([]);
    expect(kinds.size).toBeGreaterThan(20);
    // One language on the phone, the other on the desktop.
    const of = (language: string) => [...kinds.values()].filter((address) => address.startsWith(language));
    expect(await open(page, of("/vi"))).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 800 });
    expect(await open(page, of("/en"))).toEqual([]);
  });
}
