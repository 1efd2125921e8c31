// The phone's own rules: what is typed, time, the drawn code, the key, the face check's run.
import assert from "node:assert/strict";
import { inflateSync } from "node:zlib";
import { beforeEach, test } from "node:test";

import { p256 } from "@noble/curves/nist.js";
import decodeQR from "qr/decode.js";

import { installWx, util } from "./wechat.mjs";

beforeEach(() => installWx());

test("identity numbers: length, date and check character, each said in words", () => {
  const { identityProblem } = util("identifiers");
  assert.equal(identityProblem("11010119580307889X"), "");
  assert.equal(identityProblem("11010119580307889x"), "");
  assert.match(identityProblem("110101195803078890"), /末位校验/);
  assert.match(identityProblem("11010119581307889X"), /出生日期/);
  assert.match(identityProblem("11010119580230889X"), /出生日期/);
  assert.match(identityProblem("1101011958030788"), /18位/);
  assert.match(identityProblem(""), /请填写/);
});

test("licence numbers and names", () => {
  const { licenceProblem, nameProblem, maskLicence } = util("identifiers");
  assert.equal(licenceProblem("11101199010123456"), "");
  assert.match(licenceProblem("1110119901012345"), /现为16位/);
  assert.match(licenceProblem("1110119901012345X"), /只含数字/);
  for (const name of ["张三", "阿卜杜热西提·买买提", "𠮷田"]) assert.equal(nameProblem(name), "", name);
  for (const name of ["", " ", "张", "张3", "<b>张三</b>"]) assert.notEqual(nameProblem(name), "", name);
  assert.equal(maskLicence("11101199010123456"), "11101********3456");
});

test("times are Beijing's, whatever the phone's zone", () => {
  const format = util("format");
  const at = Date.UTC(2026, 10, 23, 16, 5, 9);
  assert.equal(format.clock(at), "00:05:09");
  assert.equal(format.date(at), "2026年11月24日");
  assert.equal(format.dayAndTime(at, at + 3_600_000), "今天 00:05");
  assert.equal(format.dayAndTime(at, at + 86_400_000), "11月24日 00:05");
  assert.equal(format.dayAndTime("2025-01-02T03:04:05Z", at), "2025年1月2日 11:04");
});

test("the clock follows the server and keeps its offset for a start without network", () => {
  const clock = util("clock");
  const ahead = Date.now() + 3_600_000;
  clock.sync(ahead, clock.counter());
  assert.ok(Math.abs(clock.now() - ahead) < 50);
  assert.ok(Math.abs(globalThis.wx.kept.get("lvz.clock") - 3_600_000) < 50);
});

test("the drawn code is a valid PNG that reads back, in whole pixels a module", () => {
  const { draw } = util("qr_image");
  const text = `LVZ1:${"A1B2:".repeat(87)}`.slice(0, 439);
  const { src, side, modules } = draw(text, 326);
  assert.equal(modules, 69);
  assert.equal(side, 77 * 4);
  const png = Buffer.from(src.split(",")[1], "base64");
  const width = png.readUInt32BE(16);
  const at = png.indexOf("IDAT") + 4;
  const raw = inflateSync(png.subarray(at, at + png.readUInt32BE(at - 8)));
  const stride = 1 + Math.ceil(width / 8);
  const data = new Uint8Array(width * width * 4).fill(255);
  for (let y = 0; y < width; y += 1)
    for (let x = 0; x < width; x += 1)
      if (!((raw[y * stride + 1 + (x >> 3)] >> (7 - (x & 7))) & 1)) data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
  assert.equal(decodeQR({ width, height: width, data }), text);
});

test("a key in script: made once, signs, and is gone after destroy", async () => {
  const key = util("device_key");
  assert.equal(await key.publicKey(), null);
  await assert.rejects(key.sign(new Uint8Array(1)), /none on this phone/);
  const made = await key.ensure();
  assert.equal(made.length, 33);
  assert.deepEqual(await key.ensure(), made);
  const message = Uint8Array.of(1, 2, 3);
  const signature = await key.sign(message);
  assert.equal(signature.length, 64);
  assert.ok(p256.verify(signature, message, made, { prehash: true, lowS: false }));
  assert.equal(key.assurance(), 0);
  await key.destroy();
  assert.equal(await key.publicKey(), null);
});

test("a platform that keeps keys is preferred to the script's own", async () => {
  const key = util("device_key");
  const calls = [];
  globalThis.wx.lvzDeviceKey = { assurance: 1, publicKey: async () => null, create: async () => (calls.push("create"), new Uint8Array(33)), sign: async () => new Uint8Array(64) };
  assert.equal((await key.ensure()).length, 33);
  assert.equal(key.assurance(), 1);
  assert.deepEqual(calls, ["create"]);
  assert.equal(globalThis.wx.kept.size, 0);
});

// A server that answers a fixed course of sessions, and a camera that never stops.
function course(sessions, { lose = [] } = {}) {
  const sent = [];
  let at = 0;
  const next = () => sessions[Math.min(at++, sessions.length - 1)];
  return {
    sent,
    poll: async () => sessions[Math.min(at, sessions.length - 1)],
    async send(_, batch) {
      const place = sent.push(batch) - 1;
      if (lose.includes(place)) throw Object.assign(new Error("network"), { code: "network", status: 0 });
      return next();
    },
  };
}

const session = (state, step = null, extra = {}) => ({ id: "s", nonce: "n", state, step, result: null, progress: 0, ...extra });
const step = (no, kind, more = {}) => ({ no, total: 2, kind, count: 1, prompt: kind, colours: [], colour_ms: 0, ...more });

async function drive(opened, server) {
  const { LivenessRunner } = util("liveness_runner");
  const painted = [];
  const runner = new LivenessRunner({
    session: opened,
    sign: async () => new Uint8Array(64),
    now: () => performance.now(),
    show: () => null,
    paint: async (colour) => void painted.push(colour),
    announce: async () => null,
    ...server,
  });
  let t = Math.round(performance.now());
  const camera = setInterval(() => runner.take({ t: (t = Math.max(t + 1, Math.round(performance.now()))), base64: "AA==", bytes: Uint8Array.of(t & 255) }), 8);
  const ended = await runner.run().finally(() => clearInterval(camera));
  return { ended, painted, runner };
}

test("face check: batches are numbered, at most eight pictures, and end with the verdict", async () => {
  const front = session("collecting", step(1, "front"));
  const server = course([front, front, session("passed", null, { result: { passed: true } })]);
  const { ended } = await drive(front, server);
  assert.equal(ended.state, "passed");
  assert.deepEqual(server.sent.map(({ seq }) => seq), [0, 1, 2]);
  assert.ok(server.sent.every(({ frames }) => frames.length >= 5 && frames.length <= 8));
  const times = server.sent.flatMap(({ frames }) => frames.map(({ t }) => t));
  assert.ok(times.every((time, i) => i === 0 || time > times[i - 1]));
});

test("face check: a batch lost on the way is sent again unchanged", async () => {
  const front = session("collecting", step(1, "front"));
  const server = course([front, session("passed")], { lose: [1] });
  const { ended } = await drive(front, server);
  assert.equal(ended.state, "passed");
  assert.equal(server.sent[1], server.sent[2]);
});

test("face check: every colour stands until three pictures of it were taken, then goes", async () => {
  const colours = ["#ff0000", "#00ff00", "#0000ff"];
  const flash = session("collecting", step(1, "flash", { colours, colour_ms: 60 }));
  const seen = new Set();
  const server = course([flash]);
  const send = server.send;
  server.send = async (id, batch) => {
    batch.frames.forEach(({ shown }) => seen.add(shown));
    return seen.has(2) && batch.frames.some(({ shown }) => shown === -1) ? session("failed", null, { result: {} }) : send(id, batch);
  };
  const { painted } = await drive(flash, server);
  assert.deepEqual(painted.slice(0, 3), colours);
  assert.equal(painted.at(-1), "");
  assert.ok([0, 1, 2].every((shown) => seen.has(shown)));
});

test("face check: a refusal that repeating cannot heal is thrown", async () => {
  const front = session("collecting", step(1, "front"));
  const refusal = Object.assign(new Error("no"), { code: "identity.device_proof_invalid", status: 422 });
  const server = { send: async () => { throw refusal; }, poll: async () => front };
  await assert.rejects(drive(front, server), refusal);
});
