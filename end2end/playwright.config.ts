import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

// The same Chromium without its window: pages open in half the time.
const browsers = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

export default defineConfig({
  testDir: "tests",
  globalSetup: "./tests/seed.ts",
  // Each has servers of its own; a browser and its server keep about one core busy.
  workers: 2,
  // A slow machine is no failure.
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: !!process.env.CI,
  use: {
    trace: { mode: "retain-on-failure", screenshots: false },
    launchOptions: {
      executablePath: browsers.find(existsSync) ?? browsers[1],
      // Chromium refuses its sandbox to root.
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    },
  },
  projects: [
    {
      name: "desktop",
      use: { viewport: { width: 1280, height: 800 } },
      // What a wide page with script shows beyond a narrow one with script and a wide one without:
      // the other two walk these.
      testIgnore: /(calendar|commission|coop|course|credential|enquiry|event|giftcard|guide|host|host-edit|languages|linked|overflow|partner|pass|payment|piece|price|privacy|provenance|report|reseller|review|shop|story|webhook)\.spec\.ts/,
    },
    { name: "phone", use: { viewport: { width: 390, height: 844 }, hasTouch: true } },
    {
      name: "nojs",
      use: { viewport: { width: 1280, height: 800 }, javaScriptEnabled: false },
      // Pages that have no script of their own are the same with and without: the phone walks these.
      testIgnore: /(commission|credential|languages|partner|provenance|report|review|story)\.spec\.ts/,
    },
  ],
});
