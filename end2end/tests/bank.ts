// A simulated bank: tells of transfers in SePay's real format, signed as SePay signs.
import { createHmac } from "node:crypto";
import { expect, type APIRequestContext, type Page } from "@playwright/test";

/** The workshop of the demo whose account it is. */
const HOST = "/vi/host/htx-may-tre-hoa-trang";
export const NUMBER = "1000000107";
const SECRET = "langnghe-demo-sepay";

/** Where the bank's service posts to, as the host's page shows it. */
export async function hook(page: Page): Promise<string> {
  await page.goto(`${HOST}/money/accounts`);
  return new URL(await page.locator("input[id^=url-]").first().inputValue()).pathname;
}

// No two transfers of a bank have one number, those of a worker that began anew included.
let told = Date.now();

/** One transfer. */
export function transfer(amount: number, content: string, more: object = {}) {
  told += 1;
  return JSON.stringify({
    id: told,
    gateway: "Vietcombank",
    transactionDate: new Date(Date.now() + 7 * 3600_000).toISOString().slice(0, 19).replace("T", " "),
    accountNumber: NUMBER,
    code: null,
    content,
    transferType: "in",
    transferAmount: amount,
    accumulated: 19077000,
    subAccount: null,
    referenceCode: `FT${told}`,
    description: "",
    ...more,
  });
}

/** Tells of it; answers the status. */
export async function tell(request: APIRequestContext, path: string, body: string, secret = SECRET) {
  const time = `${Math.floor(Date.now() / 1000)}`;
  const signature = createHmac("sha256", secret).update(`${time}.${body}`).digest("hex");
  const answer = await request.post(path, {
    data: Buffer.from(body),
    headers: {
      "content-type": "application/json",
      "x-sepay-timestamp": time,
      "x-sepay-signature": `sha256=${signature}`,
    },
  });
  return answer.status();
}

/** Somebody pays so much with these words, and the bank tells of it. */
export async function pays(request: APIRequestContext, path: string, amount: number, content: string) {
  expect(await tell(request, path, transfer(amount, content))).toBe(200);
}
