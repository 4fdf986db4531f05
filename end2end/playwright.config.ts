import { defineConfig } from "@playwright/test";

// `cargo xtask test --only e2e` builds the server and says where it is.
const binary = process.env.SERVER_BINARY ?? "../target/debug/langnghe";
const address = "127.0.0.1:3999";
const data = "test-results/server";

export default defineConfig({
  testDir: "tests",
  workers: 1,
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
  webServer: {
    command: `rm -rf ${data} && ${binary} seed-demo && exec ${binary} serve`,
    url: `http://${address}/health`,
    reuseExistingServer: false,
    gracefulShutdown: { signal: "SIGTERM", timeout: 12_000 },
    env: {
      DATABASE_URL: `sqlite:${data}/langnghe.db`,
      LANGNGHE_DATA: data,
      LANGNGHE_LISTEN: address,
      LANGNGHE_LOG: "warn",
      LANGNGHE_LIMIT_SIGN_IN: "0",
      LANGNGHE_LIMIT_FORMS: "0",
      LANGNGHE_LIMIT_ALL: "0",
    },
  },
});
