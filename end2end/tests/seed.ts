// The database that all servers begin with: filled once, before any test.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";

// `cargo xtask test --only e2e` builds the server and says where it is.
export const binary = process.env.SERVER_BINARY ?? "../target/debug/langnghe";
export const seeded = "test-results/seeded";

export const environment = (data: string) => ({
  ...process.env,
  DATABASE_URL: `sqlite:${data}/langnghe.db`,
  LANGNGHE_DATA: data,
  LANGNGHE_LOG: "warn",
  LANGNGHE_LIMIT_SIGN_IN: "0",
  LANGNGHE_LIMIT_FORMS: "0",
  LANGNGHE_LIMIT_ALL: "0",
  // The calendars of the tests stand on this machine.
  LANGNGHE_CALL_LOCAL: "true",
});

export default function seed() {
  rmSync(seeded, { recursive: true, force: true });
  execFileSync(binary, ["seed-demo"], { env: environment(seeded), stdio: ["ignore", "ignore", "inherit"] });
}
