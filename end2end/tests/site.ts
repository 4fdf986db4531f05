// The sites that a worker tests: servers of its own, each with the demo in a database of its own.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { test as base } from "@playwright/test";
import { binary, environment, seeded } from "./seed";

/** Which of the workers that run at once this is; ports and folders go by it. */
const worker = Number(process.env.TEST_PARALLEL_INDEX ?? 0);
const port = (nth: number) => 3990 - 10 * worker + nth;
const folder = (name: string) => `test-results/worker-${worker}/${name}`;

/** The site whose letters are files, shown at /mailbox. */
const site = `127.0.0.1:${port(9)}`;

/** The site that sends by SMTP; tests/post.ts reads what arrives. */
export const post = {
  address: `127.0.0.1:${port(8)}`,
  smtpPort: port(7),
  folder: folder("post"),
};

async function listens(port: number) {
  for (let tries = 0; tries < 300; tries++) {
    const socket = connect(port, "127.0.0.1");
    const there = await once(socket, "connect").then(() => true, () => false);
    socket.destroy();
    if (there) return;
    await wait(100);
  }
  throw new Error(`nothing listens on port ${port}`);
}

async function start(nth: number, command: string, args: string[], env: NodeJS.ProcessEnv = process.env) {
  const child = spawn(command, args, { env, stdio: ["ignore", "ignore", "inherit"] });
  await listens(port(nth));
  return child;
}

function langnghe(nth: number, data: string, more: NodeJS.ProcessEnv) {
  rmSync(data, { recursive: true, force: true });
  cpSync(seeded, data, { recursive: true });
  const listen = `127.0.0.1:${port(nth)}`;
  return start(nth, binary, ["serve"], { ...environment(data), LANGNGHE_LISTEN: listen, ...more });
}

async function stop(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

export const test = base.extend<object, { servers: undefined }>({
  servers: [
    async ({}, use) => {
      rmSync(post.folder, { recursive: true, force: true });
      const running = [
        await start(7, "node", ["smtp.mjs", post.folder, `${post.smtpPort}`]),
        await langnghe(9, folder("server"), {}),
        await langnghe(8, folder("server-smtp"), {
          LANGNGHE_BASE_URL: `http://${post.address}`,
          LANGNGHE_SMTP_HOST: "127.0.0.1",
          LANGNGHE_SMTP_PORT: `${post.smtpPort}`,
          LANGNGHE_SMTP_TLS: "none",
          LANGNGHE_SMTP_FROM: "Làng Nghề <dat-cho@langnghe.example>",
        }),
      ];
      await use(undefined);
      await Promise.all(running.map(stop));
    },
    { scope: "worker", auto: true, timeout: 60_000 },
  ],
  baseURL: `http://${site}`,
});
