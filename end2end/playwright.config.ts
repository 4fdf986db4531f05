import { defineConfig } from "@playwright/test";
import { post } from "./tests/post";

// `cargo xtask test --only e2e` builds the server and says where it is.
const binary = process.env.SERVER_BINARY ?? "../target/debug/langnghe";
const address = "127.0.0.1:3999";

/** A server with the demo in a database of its own. */
function langnghe(listen: string, data: string, more: Record<string, string>) {
  return {
    command: `rm -rf ${data} && ${binary} seed-demo && exec ${binary} serve`,
    url: `http://${listen}/health`,
    reuseExistingServer: false,
    gracefulShutdown: { signal: "SIGTERM" as const, timeout: 12_000 },
    env: {
      DATABASE_URL: `sqlite:${data}/langnghe.db`,
      LANGNGHE_DATA: data,
      LANGNGHE_LISTEN: listen,
      LANGNGHE_LOG: "warn",
      LANGNGHE_LIMIT_SIGN_IN: "0",
      LANGNGHE_LIMIT_FORMS: "0",
      LANGNGHE_LIMIT_ALL: "0",
      // The calendars of the tests stand on this machine.
      LANGNGHE_CALL_LOCAL: "true",
      ...more,
    },
  };
}

export default defineConfig({
  testDir: "tests",
  workers: 1,
  // A slow machine is no failure.
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: !!process.env.CI,
  use: {
    baseURL: `http://${address}`,
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: "/usr/bin/chromium",
      // Chromium refuses its sandbox to root.
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    },
  },
  projects: [
    { name: "desktop", use: { viewport: { width: 1280, height: 800 } } },
    { name: "phone", use: { viewport: { width: 390, height: 844 }, hasTouch: true } },
    { name: "nojs", use: { viewport: { width: 1280, height: 800 }, javaScriptEnabled: false } },
  ],
  webServer: [
    langnghe(address, "test-results/server", {}),
    // A second site that sends its letters by SMTP; tests/post.ts says where.
    {
      command: `rm -rf ${post.folder} && node smtp.mjs ${post.folder} ${post.smtpPort}`,
      port: post.smtpPort,
      reuseExistingServer: false,
    },
    langnghe(post.address, "test-results/server-smtp", {
      LANGNGHE_BASE_URL: `http://${post.address}`,
      LANGNGHE_SMTP_HOST: "127.0.0.1",
      LANGNGHE_SMTP_PORT: `${post.smtpPort}`,
      LANGNGHE_SMTP_TLS: "none",
      LANGNGHE_SMTP_FROM: "Làng Nghề <dat-cho@langnghe.example>",
    }),
  ],
});
