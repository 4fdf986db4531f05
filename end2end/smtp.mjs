// A real SMTP server for tests: `node smtp.mjs FOLDER [PORT]`. Listens on the loopback (a free port if none is named),
// prints {"port": N} as its first line, writes each mail to FOLDER/N.eml with its envelope in
// FOLDER/envelopes/N.json. Speaks STARTTLS with a certificate of its own; takes user "langnghe" with
// password "secret". A recipient that begins with "refuse" is refused for good, "later" for now.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SMTPServer } from "smtp-server";

const folder = process.argv[2];
if (!folder) {
  console.error("usage: node smtp.mjs FOLDER [PORT]");
  process.exit(2);
}
mkdirSync(join(folder, "envelopes"), { recursive: true });
let count = 0;

function refusal(code, words) {
  return Object.assign(new Error(words), { responseCode: code });
}

const server = new SMTPServer({
  authOptional: true,
  onAuth({ username, password }, _session, done) {
    if (username === "langnghe" && password === "secret") done(null, { user: username });
    else done(refusal(535, "wrong user or password"));
  },
  onRcptTo({ address }, _session, done) {
    if (address.startsWith("refuse")) done(refusal(550, "no such mailbox"));
    else if (address.startsWith("later")) done(refusal(451, "try again later"));
    else done();
  },
  onData(stream, session, done) {
    const chunks = [];
    stream.on("data", (chunk) => chunks.push(chunk));
    stream.on("end", () => {
      const number = String(++count).padStart(4, "0");
      const name = join(folder, number);
      const { mailFrom, rcptTo } = session.envelope;
      const envelope = {
        from: mailFrom && mailFrom.address,
        to: rcptTo.map(({ address }) => address),
        user: session.user ?? null,
        tls: session.secure,
      };
      writeFileSync(join(folder, "envelopes", `${number}.json`), JSON.stringify(envelope));
      // Renamed into place: whoever waits for the file never reads half of it.
      writeFileSync(`${name}.part`, Buffer.concat(chunks));
      renameSync(`${name}.part`, `${name}.eml`);
      done();
    });
  },
});
server.on("error", (error) => console.error(error.message));
server.listen(Number(process.argv[3] ?? 0), "127.0.0.1", () => {
  console.log(JSON.stringify({ port: server.server.address().port }));
});
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => server.close(() => process.exit(0)));
