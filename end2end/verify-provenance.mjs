// Checks the record of where a product, or a visitor's piece, comes from, with nothing but Node.js: no package,
// no code of the platform.
//
//   node verify-provenance.mjs FILE|URL [--keys URL|FILE] [--replaced FILE|URL]
//
// FILE is a record as its page gives it; URL is https://…/p/CODE.json. The public keys of the platform come
// from --keys, or, for a URL, from /.well-known/langnghe-provenance.json of the same host. Exit code 0: the
// record is whole and its product is not withdrawn. 1: anything else, each with its reason.
//
// What is checked (format langnghe-provenance/1):
// - Each entry's hash is SHA-256 over the canonical JSON (RFC 8785) of {record, seq, previous, at, kind, body}.
// - Each entry names the hash of the one before; numbers run from 1; no entry is older than the one before.
// - Each hash is signed (Ed25519) by a key that the platform published and had in use at that time. The
//   signature is over "langnghe-provenance/1 entry\n" and the 32 bytes of the hash.
// - The first entry opens the record of this very code.
// - Makers' names: SHA-256 of salt and name is what the entry holds.
// - A piece that stands in for one that cracked or got lost names the record of that one, and the hash of its
//   last entry. With --replaced, which is that record, this is checked as well.
// - The checkpoint: SHA-256(0, canonical JSON of {head, record, seq}) leads by `path` to `root` (RFC 6962);
//   its hash is over {day, at, size, root, previous_day, previous}, signed with "… checkpoint\n".
//
// A record that was cut off at its end is true as far as it goes: ask the platform for the newest one, or
// compare with a checkpoint that somebody else kept.
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFile } from "node:fs/promises";

const FORMAT = "langnghe-provenance/1";
const WELL_KNOWN = "/.well-known/langnghe-provenance.json";

/** RFC 8785. Keys in the order of UTF-16 code units, which is JavaScript's own. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const pairs = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${pairs.join(",")}}`;
}

const sha256 = (...parts) => {
  const digest = createHash("sha256");
  for (const part of parts) digest.update(part);
  return digest.digest();
};

/** So many bytes of small hexadecimal digits; null for anything else. */
function bytes(text, count) {
  const fits = typeof text === "string" && text.length === 2 * count && /^[0-9a-f]*$/.test(text);
  return fits ? Buffer.from(text, "hex") : null;
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** Microseconds since 1970; NaN for what is no instant. */
function instant(text) {
  if (typeof text !== "string" || !INSTANT.test(text)) return NaN;
  return Date.parse(`${text.slice(0, 19)}Z`) * 1000 + Number(text.slice(20, 26));
}

/** Published keys may have fewer digits behind the second. */
function published(text) {
  const found = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|\+00:00)$/.exec(text);
  return found ? Date.parse(`${found[1]}Z`) * 1000 + Number((found[2] ?? "").padEnd(6, "0").slice(0, 6)) : NaN;
}

function signed(keys, id, at, words, hash, signature) {
  const key = keys.find((key) => key.id === id);
  if (!key) return "signed by a key that the platform did not publish";
  const raw = bytes(key.public_key, 32);
  if (!raw || sha256(raw).toString("hex").slice(0, 16) !== id) return "the published key is not the one of its name";
  const [from, until] = [published(key.valid_from), key.retired_at === null ? Infinity : published(key.retired_at)];
  if (!(at >= from && at <= until)) return "signed by a key that was not in use then";
  const mark = bytes(signature, 64);
  const jwk = { kty: "OKP", crv: "Ed25519", x: raw.toString("base64url") };
  const message = Buffer.concat([Buffer.from(`${FORMAT} ${words}\n`), hash]);
  const right = mark && verify(null, message, createPublicKey({ key: jwk, format: "jwk" }), mark);
  return right ? null : "the signature is wrong";
}

/** RFC 9162, 2.1.3.2. */
function leads(leaf, index, size, path, root) {
  if (!Number.isInteger(index) || !Number.isInteger(size) || index < 0 || index >= size) return false;
  let [at, last, hash] = [index, size - 1, leaf];
  for (const text of path) {
    const sibling = bytes(text, 32);
    if (!sibling || last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = sha256(Buffer.of(1), sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      hash = sha256(Buffer.of(1), hash, sibling);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && hash.toString("hex") === root;
}

/** Nothing that no hash covers may stand in a file. */
function only(value, names, what, wrong) {
  const strange = value === null || typeof value !== "object" || Array.isArray(value);
  if (strange || Object.keys(value).sort().join() !== [...names].sort().join()) {
    wrong.push(`${what}: parts lack or are too many`);
    return false;
  }
  return true;
}

const ENTRY = ["seq", "previous", "at", "kind", "body", "hash", "key", "signature"];
const CHECKPOINT = [
  "day", "at", "size", "root", "previous_day", "previous", "hash", "key", "signature", "index", "seq", "head", "path",
];

/** All that is wrong with a record. */
function check(file, keys) {
  const wrong = [];
  if (!only(file, ["format", "record", "code", "entries", "names", "checkpoint"], "the record", wrong)) return wrong;
  if (file.format !== FORMAT) return [`the record is not of the format ${FORMAT}`];
  if (!Array.isArray(file.entries) || file.entries.length === 0) return ["the record has no entries"];
  if (!Array.isArray(file.names)) return ["the record's names can't be read"];
  const first = file.entries[0];
  if (first.kind !== "opened" || first.body?.code !== file.code) {
    wrong.push("entry 1: it does not open the record of this code");
  }
  let before = null;
  for (const entry of file.entries) {
    const name = `entry ${entry?.seq}`;
    if (!only(entry, ENTRY, name, wrong)) return wrong;
    if (entry.seq !== (before?.seq ?? 0) + 1) wrong.push(`${name}: its number does not follow the one before`);
    if (entry.previous !== (before?.hash ?? null)) wrong.push(`${name}: not linked to the one before`);
    const { seq, previous, at, kind, body } = entry;
    const hash = sha256(canonical({ record: file.record, seq, previous, at, kind, body }));
    if (hash.toString("hex") !== entry.hash) wrong.push(`${name}: it was changed, the hash does not fit`);
    const when = instant(at);
    if (Number.isNaN(when) || (before && when < instant(before.at))) wrong.push(`${name}: its time is wrong`);
    const given = bytes(entry.hash, 32);
    const fault = given ? signed(keys, entry.key, when, "entry", given, entry.signature) : "it has no hash";
    if (fault) wrong.push(`${name}: ${fault}`);
    before = entry;
  }
  const named = new Set();
  for (const name of file.names) {
    if (!only(name, ["seq", "name", "salt"], "a name", wrong)) return wrong;
    const entry = file.entries.find((entry) => entry.seq === name.seq && entry.kind === "maker");
    const salt = bytes(name.salt, 32);
    const given = salt && typeof name.name === "string" && sha256(salt, Buffer.from(name.name)).toString("hex");
    if (!given || entry?.body?.commitment !== given || named.has(name.seq)) {
      wrong.push(`entry ${name.seq}: the maker's name is not the one that was given`);
    }
    named.add(name.seq);
  }
  if (file.checkpoint !== null) wrong.push(...checkpoint(file, keys));
  return wrong;
}

function checkpoint(file, keys) {
  const wrong = [];
  const it = file.checkpoint;
  if (!only(it, CHECKPOINT, "checkpoint", wrong)) return wrong;
  if (file.entries.find((entry) => entry.seq === it.seq)?.hash !== it.head) {
    wrong.push(`checkpoint: it holds another entry ${it.seq} than the record`);
  }
  const leaf = sha256(Buffer.of(0), canonical({ record: file.record, seq: it.seq, head: it.head }));
  if (!Array.isArray(it.path) || !leads(leaf, it.index, it.size, it.path, it.root)) {
    wrong.push("checkpoint: the record does not lead to its root");
  }
  const { day, at, size, root, previous_day, previous } = it;
  const hash = sha256(canonical({ day, at, size, root, previous_day, previous }));
  if (hash.toString("hex") !== it.hash) wrong.push("checkpoint: it was changed, the hash does not fit");
  const given = bytes(it.hash, 32);
  const fault = given ? signed(keys, it.key, instant(at), "checkpoint", given, it.signature) : "it has no hash";
  if (fault) wrong.push(`checkpoint: ${fault}`);
  return wrong;
}

const isUrl = (text) => /^https?:\/\//.test(text);

async function load(from) {
  if (!isUrl(from)) return readFile(from, "utf8");
  const answer = await fetch(from);
  if (!answer.ok) throw new Error(`${from} answers ${answer.status}`);
  return answer.text();
}

function parse(text, from) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${from} is no JSON`);
  }
}

/** What is wrong with the record of which a piece says that it stands in for it. */
function stoodFor(file, old, keys) {
  const named = file.entries[0].body?.replaces;
  const last = Array.isArray(old?.entries) ? old.entries.at(-1) : null;
  if (!named) return ["it stands in for nothing"];
  if (old?.record !== named.record || last?.hash !== named.head) {
    return ["what it stands in for is another record, or one that ended otherwise"];
  }
  return check(old, keys).map((fault) => `what it stands in for: ${fault}`);
}

async function main(args) {
  const flags = {};
  for (const name of ["--keys", "--replaced"]) {
    const at = args.indexOf(name);
    if (at >= 0) flags[name] = args.splice(at, 2)[1] ?? "";
  }
  const given = flags["--keys"];
  const [from, ...more] = args;
  if (!from || more.length > 0 || Object.values(flags).includes("")) {
    throw new Error("usage: node verify-provenance.mjs FILE|URL [--keys URL|FILE] [--replaced FILE|URL]");
  }
  if (!given && !isUrl(from)) {
    throw new Error(`for a file say where the platform's keys are: --keys https://…${WELL_KNOWN}`);
  }
  const place = given ?? new URL(WELL_KNOWN, from).href;
  const set = parse(await load(place), place);
  if (set?.format !== FORMAT || !Array.isArray(set.keys)) throw new Error(`${place} has no keys of ${FORMAT}`);
  const file = parse(await load(from), from);
  const wrong = check(file, set.keys);
  const replaced = flags["--replaced"];
  if (replaced && wrong.length === 0) {
    wrong.push(...stoodFor(file, parse(await load(replaced), replaced), set.keys));
  }
  if (wrong.length > 0) {
    console.log(`NOT RIGHT: ${from}`);
    for (const fault of wrong) console.log(`  ${fault}`);
    return 1;
  }
  const last = file.entries.at(-1);
  const { of, title, replaces } = file.entries[0].body;
  console.log(`${of === "piece" ? "Piece" : "Lot"}: ${title?.vi ?? ""}`);
  if (replaces) console.log(`Stands in for: ${replaces.record}, which ended with ${replaces.head}`);
  console.log(`Entries: ${file.entries.length}, all linked and signed; the newest is ${last.hash}`);
  console.log(`Names: ${file.names.length}, as they were given`);
  console.log(file.checkpoint ? `Checkpoint: ${file.checkpoint.day}, ${file.checkpoint.hash}` : "Checkpoint: none yet");
  if (last.kind === "withdrawn") {
    console.log("WITHDRAWN: the record is right, and the product was taken back");
    return 1;
  }
  console.log("RIGHT");
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
