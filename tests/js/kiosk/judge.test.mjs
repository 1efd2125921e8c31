// Deciding with and without a server: a real HTTP server on a free port, the shared vectors.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";

import { Api } from "../../../app/web/kiosk/src/api.js";
import { Clock } from "../../../app/web/kiosk/src/clock.js";
import { Evidence } from "../../../app/web/kiosk/src/evidence.js";
import { newKey } from "../../../app/web/kiosk/src/identity.js";
import { Judge } from "../../../app/web/kiosk/src/judge.js";
import { Replay } from "../../../app/web/kiosk/src/replay.js";
import { Uploads } from "../../../app/web/kiosk/src/uploads.js";
import { fromB64u } from "../../../app/web/kiosk/src/bytes.js";

const file = new URL("../../credential/vectors/presentations.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8"));
const text = (name) => vectors.cases.find((item) => item.name === name).text;
const AT = vectors.key_set.issued_at;

/** Keeps what the browser would keep in IndexedDB. */
class MemoryStore {
  values = new Map();
  items = new Map();
  full = false;
  get = async (key) => this.values.get(key);
  set = async (key, value) => void this.values.set(key, value);
  queued = async () => [...this.items.values()];
  async enqueue(item) {
    if (this.full) throw new Error("QuotaExceededError");
    this.items.set(item.id, item);
  }
  dequeue = async (ids) => ids.forEach((id) => this.items.delete(id));
}

let server, origin, answers, seen, keys;

before(async () => {
  keys = await newKey();
  server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    seen.push({ url: request.url, headers: request.headers, body: body && JSON.parse(body) });
    const answer = answers[request.url]?.(seen.at(-1));
    if (!answer) return request.socket.destroy();
    const { status = 200, data, etag } = answer;
    const raw = data instanceof Uint8Array;
    response.writeHead(status, etag ? { ETag: etag } : {});
    response.end(raw ? data : JSON.stringify(data));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
});
after(() => server.close());
beforeEach(() => {
  seen = [];
  answers = {
    "/.well-known/lvz/keys": () => ({ data: fromB64u(vectors.key_set.token), etag: '"k"' }),
    "/.well-known/lvz/status/1": () => ({ data: fromB64u(vectors.status_list.token), etag: '"s"' }),
  };
});

async function kiosk({ at = AT, challenge = { mode: "off" }, suspended = false } = {}) {
  const store = new MemoryStore();
  const state = { wall: at * 1000, steady: 0 };
  const clock = new Clock({ wall: () => state.wall, steady: () => state.steady });
  clock.synchronise(state.wall, 0);
  const credentials = () => ({ keyId: "k07", privateKey: keys.privateKey });
  const api = new Api({ clock, credentials, origin });
  const evidence = new Evidence({ store, api, clock });
  await evidence.load(vectors.root.public_key);
  await evidence.refresh();
  const identity = () => ({ audiences: ["cn.court", "cn.court/110105/k07"], suspended });
  const judge = new Judge({
    ...{ api, clock, evidence, store, identity, challenge: () => challenge },
    replay: new Replay(),
  });
  return { store, state, clock, api, evidence, judge };
}

const accepted = () => ({
  data: {
    verification_id: "v1",
    form: "LVZ1",
    has_photo: true,
    lawyer: { name: "林", licence_no: "1", firm_name: "所", category_label: "专职", status_label: "正常" },
  },
});
const problem = (status, code) => () => ({ status, data: { code, title: "标题" } });
const VERIFY = "/api/v1/verifications";

test("the server decides when it is there", async () => {
  answers[VERIFY] = accepted;
  const { judge, store } = await kiosk();
  const verdict = await judge.decide(text("full"));
  assert.deepEqual([verdict.kind, verdict.offline, verdict.name], ["accepted", false, "林"]);
  const request = seen.find(({ url }) => url === VERIFY);
  assert.equal(request.headers["idempotency-key"], verdict.id);
  assert.match(request.headers["signature-input"], /^sig1=\("@method" "@target-uri" "content-digest"\)/);
  assert.deepEqual(await store.queued(), []);
});

test("a refusal of the server stands; the kiosk does not try its luck offline", async () => {
  answers[VERIFY] = problem(403, "credential.suspended");
  const { judge, store } = await kiosk();
  const verdict = await judge.decide(text("full"));
  assert.deepEqual([verdict.kind, verdict.code, verdict.offline], ["refused", "credential.suspended", false]);
  assert.equal((await store.queued()).length, 0);
});

for (const [name, answer] of [["gone", null], ["failing", problem(503, "database.unavailable")]]) {
  test(`offline when the server is ${name}`, async () => {
    answers[VERIFY] = answer;
    const { judge, store, api } = await kiosk();
    const verdict = await judge.decide(text("full"));
    assert.deepEqual([verdict.kind, verdict.offline, verdict.name], ["accepted", true, "欧阳建国"]);
    const [item] = await store.queued();
    assert.deepEqual([item.id, item.outcome, item.text], [verdict.id, "accepted", text("full")]);
    assert.equal(item.at, new Date(AT * 1000).toISOString());
    assert.equal(api.up, false);
    assert.equal((await judge.decide(text("full"))).code, "credential.replayed");
    assert.equal((await judge.decide(text("lawyer suspended"))).code, "credential.suspended");
  });
}

test("a code the server accepted does not pass again when the server disappears", async () => {
  answers[VERIFY] = accepted;
  const { judge } = await kiosk();
  await judge.decide(text("full"));
  answers[VERIFY] = null;
  assert.equal((await judge.decide(text("full"))).code, "credential.replayed");
});

test("offline: short forms, foreign codes and rubbish; what is not ours is not kept", async () => {
  const { judge, store } = await kiosk();
  for (const it of ["reference without a connection", "somebody else's QR", "unknown prefix"]) {
    assert.equal((await judge.decide(text(it))).code, "credential.unsupported_form");
  }
  const short = await judge.decide(vectors.short_codes.cases[0].text);
  assert.deepEqual([short.code, short.offline], ["credential.unsupported_form", true]);
  assert.deepEqual(await store.queued(), []);
});

test("offline: amber between 4 and 24 hours, refused afterwards", async () => {
  const { judge, evidence, store } = await kiosk();
  evidence.status.issuedAt = AT - 5 * 3600;
  assert.equal((await judge.decide(text("full"))).kind, "amber");
  assert.equal((await store.queued())[0].outcome, "amber");
  evidence.status.issuedAt = AT - 25 * 3600;
  const verdict = await judge.decide(text("full, oldest second"));
  assert.equal(verdict.code, "credential.status_too_old");
});

test("offline with a clock that jumped: its own reason", async () => {
  const { judge, state, store } = await kiosk();
  state.wall += 120_000;
  assert.equal((await judge.decide(text("full"))).code, "kiosk.clock_unsynchronised");
  assert.deepEqual(await store.queued(), []);
});

test("a suspended kiosk verifies nothing offline", async () => {
  const { judge } = await kiosk({ suspended: true });
  assert.equal((await judge.decide(text("full"))).code, "verification.unknown_kiosk");
});

test("an acceptance that cannot be written down is not given", async () => {
  const { judge, store } = await kiosk();
  store.full = true;
  assert.equal((await judge.decide(text("full"))).code, "kiosk.cannot_record");
});

test("challenge: audience and nonce are checked before the server is asked", async () => {
  answers[VERIFY] = accepted;
  const audience = "cn.court/110105/k07";
  const byPlace = await kiosk({ challenge: { mode: "audience", audience, nonce: "" } });
  assert.equal((await byPlace.judge.decide(text("full"))).code, "credential.wrong_audience");
  const nonce = vectors.cases.find(({ name }) => name === "full, kiosk audience and nonce").nonce;
  const once = await kiosk({ challenge: { mode: "nonce", audience, nonce } });
  const fine = await once.judge.decide(text("full, kiosk audience and nonce"));
  assert.equal(fine.kind, "accepted");
  assert.equal(seen.at(-1).body.nonce, nonce);
  const other = await kiosk({ challenge: { mode: "nonce", audience, nonce: "AAAAAAAAAAA" } });
  const refused = await other.judge.decide(text("full, kiosk audience and nonce"));
  assert.equal(refused.code, "credential.wrong_nonce");
});

test("evidence survives a reload and is asked for by ETag", async () => {
  const { store, api, clock, evidence } = await kiosk();
  answers["/.well-known/lvz/keys"] = () => ({ status: 304, data: "" });
  answers["/.well-known/lvz/status/1"] = () => ({ status: 304, data: "" });
  await evidence.refresh();
  assert.equal(seen.at(-1).headers["if-none-match"], '"s"');
  const again = new Evidence({ store, api, clock });
  await again.load(vectors.root.public_key);
  assert.equal(again.statusAge, 0);
  assert.ok(again.current(AT).trust);
});

test("uploads: ids come back, flags are told, one bad item does not hold up the others", async () => {
  const { judge, store, api } = await kiosk();
  await judge.decide(text("full"));
  await judge.decide(text("full, oldest second"));
  const [good, bad] = await store.queued();
  answers["/api/v1/verifications/offline"] = ({ body: { items } }) =>
    items.some(({ id }) => id === bad.id)
      ? { status: 422, data: { code: "request.invalid" } }
      : { data: { accepted: items.map(({ id }) => id), flagged: [{ id: good.id, code: "credential.replayed" }] } };
  const uploads = new Uploads({ store, api });
  const flags = [];
  uploads.onFlag = (flag) => flags.push(flag);
  await uploads.run();
  assert.deepEqual(flags, [{ id: good.id, code: "credential.replayed" }]);
  assert.deepEqual(await uploads.waiting(), []);
  assert.equal((await store.queued())[0].rejected, "request.invalid");
  const sent = seen.at(-2).body.items[0];
  assert.deepEqual(Object.keys(sent).sort(), ["at", "id", "outcome", "text"]);
});
