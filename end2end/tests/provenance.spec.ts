// Where a product comes from: a lot is opened and labelled, its label scanned, its record checked by the page
// and by the program that shares nothing with the platform.
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, type Page } from "@playwright/test";
import { test } from "./site";
import { accessible, signIn, submit } from "./steps";

const SHOP = "xuong-dan-ong-tuy";
const HOST = `/vi/host/${SHOP}/lots`;
const KEYS = "/.well-known/langnghe-provenance.json";

/** The program's exit code and words. */
async function program(...args: string[]) {
  const run = promisify(execFile)("node", ["verify-provenance.mjs", ...args]);
  return run.then(
    ({ stdout }) => ({ code: 0, words: stdout }),
    (error) => ({ code: error.code as number, words: `${error.stdout}${error.stderr}` }),
  );
}

/** Pastes a record into the page that verifies. */
async function pastes(page: Page, text: string) {
  await page.goto("/vi/verify");
  await page.locator("[name=record]").fill(text);
  await page.locator("form[enctype] button.btn-primary").click();
}

test("a lot is labelled, scanned, verified and withdrawn", async ({ page, browser, request, baseURL }, info) => {
  const { viewport, javaScriptEnabled } = info.project.use;
  const window = async () => (await browser.newContext({ baseURL, viewport, javaScriptEnabled })).newPage();
  const desk = await window();
  await signIn(desk, "ongtuy@langnghe.example");
  await desk.goto(HOST);
  await accessible(desk, info);
  await desk.locator("a[href$='/lots/new']").click();
  const title = `Chân dung mây ${info.project.name}`;
  await desk.locator("[name=title_vi]").fill(title);
  await submit(desk).last().click();
  await expect(desk.locator(".error-summary")).toBeVisible();
  await expect(desk.locator("[name=title_vi]")).toHaveValue(title);
  await accessible(desk, info);
  await desk.locator("[name=quantity]").fill("6");
  await desk.locator("[name='m0.name_vi']").fill("Mây nếp");
  await desk.locator("[name='m0.origin_vi']").fill("Quỳ Châu, Nghệ An");
  await desk.locator("[name=makers]").fill("Trần Văn Tụy");
  await desk.locator("[name=consent]").check();
  await desk.getByRole("button", { name: "Mở hồ sơ", exact: true }).click();
  await expect(desk).toHaveURL(/\?done=opened$/);
  await accessible(desk, info);
  const lot = new URL(desk.url()).pathname;
  const code = (await desk.locator(".product-code").innerText()).replaceAll("-", "").trim();
  expect(code).toMatch(/^[2-9A-HJKMNP-Z]{16}$/);

  // A step with a photograph, then labels.
  await desk.locator("[name=words_vi]").fill("Chẻ và tuốt sợi");
  await desk.locator("[name=picture]").setInputFiles("../app/assets/og.png");
  await desk.getByRole("button", { name: "Ghi vào sổ" }).click();
  await expect(desk).toHaveURL(/done=added/);
  await expect(desk.locator(".register-picture")).toBeVisible();
  await desk.goto(`${lot}/labels`);
  await expect(desk.locator(".label .label-qr svg")).toHaveCount(24);
  await accessible(desk, info);

  // Whoever scans the label sees at once that it is genuine, and the steps.
  await page.goto(`/p/${code}`);
  await expect(page).toHaveURL(new RegExp(`/(vi|en)/p/${code}$`));
  await page.goto(`/vi/p/${code}`);
  await expect(page.locator(".verdict[data-state=valid]")).toContainText("Sản phẩm thật");
  await expect(page.locator(".timeline")).toContainText("Chẻ và tuốt sợi");
  await expect(page.locator("main")).toContainText("Trần Văn Tụy");
  await accessible(page, info);
  await page.getByRole("link", { name: "Kiểm chứng tại đây" }).click();
  await expect(page.locator(".verdict[data-state=valid]")).toContainText("Đúng và đầy đủ");
  await accessible(page, info);
  await desk.goto(lot);
  await expect(desk.locator("main")).toContainText("1 lượt trong 30 ngày");

  // The record as a file: right, and refused once a byte is another.
  const text = await (await request.get(`/p/${code}.json`)).text();
  await pastes(page, text);
  await expect(page.locator(".verdict[data-state=valid]")).toBeVisible();
  await pastes(page, text.replace("Chẻ và tuốt", "Chẻ rồi tuốt"));
  await expect(page.locator(".findings")).toContainText("nội dung đã bị sửa");
  await accessible(page, info);
  expect(await program(`${baseURL}/p/${code}.json`)).toMatchObject({ code: 0 });
  const folder = info.outputPath("records");
  mkdirSync(folder, { recursive: true });
  const saved = async (name: string, text: string) => {
    const file = `${folder}/${name}.json`;
    writeFileSync(file, text);
    return program(file, "--keys", `${baseURL}${KEYS}`);
  };
  expect(await saved("whole", text)).toMatchObject({ code: 0 });
  const hash = /"hash":"([0-9a-f])/;
  const turned = (digit: string) => (digit === "0" ? "1" : "0");
  const tampered: Record<string, string> = {
    body: text.replace("Nghệ An", "Nghệ Am"),
    name: text.replace("Trần Văn Tụy", "Trần Văn Tùy"),
    hash: text.replace(hash, (_, digit) => `"hash":"${turned(digit)}`),
    signature: text.replace(/"signature":"([0-9a-f])/, (_, digit) => `"signature":"${turned(digit)}`),
    key: text.replace(/"key":"([0-9a-f])/, (_, digit) => `"key":"${turned(digit)}`),
    time: text.replace(/"at":"20(\d)/, (_, digit) => `"at":"20${(Number(digit) + 1) % 10}`),
    code: text.replace(`"code":"${code}","entries"`, `"code":"${code.slice(1)}2","entries"`),
    number: text.replace('"seq":2', '"seq":3'),
    torn: text.slice(0, -1),
  };
  for (const [name, changed] of Object.entries(tampered)) {
    expect(changed, name).not.toBe(text);
    expect(await saved(name, changed), name).toMatchObject({ code: 1 });
  }
  expect((await program(`${folder}/whole.json`)).words).toContain("--keys");

  // Withdrawn: the page, the old file and the program say so.
  await desk.locator("[name=reason_vi]").fill("Sợi bị mọt");
  await desk.getByRole("button", { name: "Thu hồi" }).click();
  await expect(desk).toHaveURL(/done=withdrawn/);
  await accessible(desk, info);
  await page.goto(`/vi/p/${code}`);
  await expect(page.locator(".verdict[data-state=withdrawn]")).toContainText("Sợi bị mọt");
  await accessible(page, info);
  await pastes(page, text);
  await expect(page.locator(".verdict")).toContainText("đã thu hồi");
  await expect(page.locator(".findings li")).toHaveCount(2);
  const now = await program(`${baseURL}/p/${code}.json`);
  expect(now).toMatchObject({ code: 1 });
  expect(now.words).toContain("WITHDRAWN");
});

test("a code that is none says what it may mean; the demo's lots stand in a checkpoint", async ({ page, request, baseURL }, info) => {
  const none = await page.goto("/vi/p/2222222222222222");
  expect(none?.status()).toBe(404);
  await expect(page.locator(".verdict")).toContainText("Không có mã này");
  await accessible(page, info);
  await page.locator("[name=code]").fill("abc");
  await submit(page).click();
  await expect(page.locator("#code-error")).toBeVisible();

  await signIn(page, "minhhai@langnghe.example");
  await page.goto("/vi/host/gom-minh-hai/lots");
  await page.getByRole("link", { name: "Bát men ngọc, vuốt tay" }).click();
  const code = (await page.locator(".product-code").innerText()).replaceAll("-", "").trim();
  await expect(page.locator(".scan-chart")).toBeVisible();
  await page.goto(`/en/p/${code}`);
  await expect(page.locator(".timeline li")).not.toHaveCount(0);
  await expect(page.locator(".timeline-picture").first()).toBeVisible();
  // Its stars are those of a certificate that still holds.
  await expect(page.locator(".pairs .badge")).toContainText("Valid until");
  await accessible(page, info);
  // The worker writes the first checkpoint soon after the start.
  await expect(async () => {
    const record = await (await request.get(`/p/${code}.json`)).json();
    expect(record.checkpoint?.size).toBeGreaterThan(2);
    const list = await request.get(`/provenance/checkpoints/${record.checkpoint.day}.json`);
    expect((await list.json()).root).toBe(record.checkpoint.root);
  }).toPass({ timeout: 30_000 });
  const run = await program(`${baseURL}/p/${code}.json`);
  expect(run).toMatchObject({ code: 0 });
  expect(run.words).toContain("Checkpoint: 20");
});
