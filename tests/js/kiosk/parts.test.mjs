// The kiosk's parts that need no browser.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { base45Decode } from "../../../app/web/kiosk/src/base45.js";
import { fromB64u, utf8 } from "../../../app/web/kiosk/src/bytes.js";
import { decode } from "../../../app/web/kiosk/src/cbor.js";
import { Clock } from "../../../app/web/kiosk/src/clock.js";
import { Gate } from "../../../app/web/kiosk/src/gate.js";
import { sign, signatureBase } from "../../../app/web/kiosk/src/http_signature.js";
import { compressedPublicKey, enrolmentBody, newKey } from "../../../app/web/kiosk/src/identity.js";
import { decompress } from "../../../app/web/kiosk/src/keys.js";
import { CODES, explain } from "../../../app/web/kiosk/src/refusals.js";
import { Replay } from "../../../app/web/kiosk/src/replay.js";
import { normalise } from "../../../app/web/kiosk/src/typing.js";
import { characterOf, Wedge } from "../../../app/web/kiosk/src/wedge.js";

const refused = { code: "credential.malformed" };

test("base45: the examples of RFC 9285, and what it says to reject", () => {
  const text = (bytes) => new TextDecoder().decode(bytes);
  assert.equal(text(base45Decode("BB8")), "AB");
  assert.equal(text(base45Decode("%69 VD92EX0")), "Hello!!");
  assert.equal(text(base45Decode("UJCLQE7W581")), "base-45");
  for (const bad of ["GGW", ":::", "A", "AB8B", "bb8", "A\u00e9B", "::"]) {
    assert.throws(() => base45Decode(bad), refused, bad);
  }
});

test("CBOR: only the one encoding of each value", () => {
  const read = (hex) => decode(Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16)));
  assert.equal(read("1bffffffffffffffff"), 2n ** 64n - 1n);
  assert.equal(read("3a00010000"), -65537);
  assert.deepEqual([...read("a201020304")], [[1, 2], [3, 4]]);
  const bad = ["1817", "190017", "1a000000ff", "a203040102", "a201020103", "5f4100ff", "f6", "c100"];
  for (const hex of [...bad, "f90000", "0100", "62c328", "818181818181818181810000", "a1f401"]) {
    assert.throws(() => read(hex), refused, hex);
  }
});

test("a key survives compression; what is no point is refused", async () => {
  for (let round = 0; round < 8; round += 1) {
    const { publicKey } = await newKey();
    const raw = new Uint8Array(await crypto.subtle.exportKey("raw", publicKey));
    assert.deepEqual(decompress(await compressedPublicKey(publicKey)), raw);
  }
  assert.throws(() => decompress(new Uint8Array(33).fill(2, 0, 1).fill(1, 32)), refused);
  assert.throws(() => decompress(new Uint8Array(33).fill(0xff).fill(2, 0, 1)), refused);
  assert.throws(() => decompress(new Uint8Array(32)), refused);
});

test("the key of a kiosk cannot be exported, and enrolment proves possession", async () => {
  const keys = await newKey();
  await assert.rejects(crypto.subtle.exportKey("pkcs8", keys.privateKey));
  const body = await enrolmentBody({ code: " abcd ", keys, iat: 1764000000 });
  assert.equal(body.enrolment_code, "ABCD");
  assert.equal(fromB64u(body.public_key).length, 33);
  const message = utf8(`lvz-pop:v1:kiosk:${body.public_key}:1764000000`);
  const how = { name: "ECDSA", hash: "SHA-256" };
  const fine = crypto.subtle.verify(how, keys.publicKey, fromB64u(body.signature), message);
  assert.equal(await fine, true);
});

test("requests are signed in the one profile, with a fresh nonce each", async () => {
  const { publicKey, privateKey } = await newKey();
  const url = "http://127.0.0.1:8000/api/v1/verifications";
  const request = { method: "POST", url, body: utf8("{}"), keyId: "k1", privateKey };
  const made = await sign({ ...request, created: 1764000000 });
  assert.equal(
    made["Content-Digest"],
    "sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:",
  );
  const found = /^sig1=(\("@method" "@target-uri" "content-digest"\);created=1764000000;nonce="([\w-]{22})";keyid="k1";alg="ecdsa-p256-sha256";tag="lvzheng-api")$/.exec(
    made["Signature-Input"],
  );
  assert.ok(found, made["Signature-Input"]);
  const base =
    `"@method": POST\n"@target-uri": ${url}\n"content-digest": ${made["Content-Digest"]}\n` +
    `"@signature-params": ${found[1]}`;
  const raw = Uint8Array.from(atob(made.Signature.slice(6, -1)), (char) => char.charCodeAt(0));
  const how = { name: "ECDSA", hash: "SHA-256" };
  assert.equal(await crypto.subtle.verify(how, publicKey, raw, utf8(base)), true);
  const again = await sign({ ...request, created: 1764000000 });
  assert.notEqual(again["Signature-Input"], made["Signature-Input"]);
});

test("without a body there is no digest to sign", () => {
  const { parameters, base } = signatureBase({
    method: "GET", url: "http://h/x", digest: null, created: 1, nonce: "n", keyId: "k",
  });
  assert.ok(parameters.startsWith('("@method" "@target-uri");created=1;'));
  assert.equal(base.split("\n").length, 3);
});

test("every refusal code of the library is explained on the screen", () => {
  const file = new URL("../../../credential/errors.py", import.meta.url);
  const codes = [...readFileSync(file, "utf8").matchAll(/code(?:: ClassVar\[str\])? = "([\w.]+)"/g)];
  const building = ["credential.error", "credential.invalid_claims", "credential.bad_signature"];
  const wanted = codes.map(([, code]) => code).filter((code) => !building.includes(code) && !code.startsWith("ledger."));
  assert.ok(wanted.length >= 22);
  assert.deepEqual(wanted.filter((code) => !CODES.includes(code)), []);
  for (const code of CODES) {
    for (const words of Object.values(explain(code))) assert.match(words, /[\u4e00-\u9fff]{3}/);
  }
  assert.match(explain("credential.unsupported_form", { offline: true }).todo, /请律师切换到标准码/);
  assert.equal(explain("some.new_code", { title: "服务器的话。" }).what, "服务器的话。");
});

function fakeTime(wall = 1_764_000_000_000) {
  const state = { wall, steady: 1000 };
  const clock = new Clock({ wall: () => state.wall, steady: () => state.steady });
  const pass = (ms) => {
    state.wall += ms;
    state.steady += ms;
  };
  return { state, clock, pass };
}

test("the clock follows the server, not the wall", () => {
  const { state, clock, pass } = fakeTime();
  assert.equal(clock.synchronised, false);
  clock.synchronise(1_800_000_000_000, state.steady);
  pass(5000);
  assert.equal(clock.now(), 1_800_000_005);
  assert.equal(clock.synchronised, true);
});

test("a wall clock set by hand ends trust until the server is heard again", () => {
  const { state, clock } = fakeTime();
  clock.synchronise(state.wall, state.steady);
  state.wall += 61_000;
  assert.equal(clock.synchronised, false);
  state.wall -= 61_000;
  assert.equal(clock.synchronised, false, "setting it back does not help");
  assert.equal(clock.snapshot(), null);
  clock.synchronise(state.wall, state.steady);
  assert.equal(clock.synchronised, true);
});

test("a reload keeps the offset, unless the wall clock went back meanwhile", () => {
  const { state, clock } = fakeTime();
  clock.synchronise(state.wall + 7000, state.steady);
  const saved = clock.snapshot();
  const later = fakeTime(saved.wall + 3_600_000);
  later.clock.restore(saved);
  assert.equal(later.clock.synchronised, true);
  assert.equal(later.clock.nowMs(), saved.wall + 3_607_000);
  const back = fakeTime(saved.wall - 120_000);
  back.clock.restore(saved);
  assert.equal(back.clock.synchronised, false);
});

test("a slow answer does not set the clock", () => {
  const { state, clock } = fakeTime();
  clock.synchronise(1, state.steady - 6000);
  assert.equal(clock.synchronised, false);
});

test("the gate asks once while a picture stays, and tells an old picture off", () => {
  const gate = new Gate();
  const see = (text, subject, now) => gate.isNew({ text, subject, now });
  assert.equal(see("A1", "a", 0), true);
  gate.decided({ text: "A1", subject: "a", now: 0 });
  for (let now = 100; now < 8000; now += 100) assert.equal(see("A1", "a", now), false);
  assert.equal(see("A2", "a", 8000), false, "the same lawyer's next code");
  assert.equal(see("B1", "b", 8100), true, "another lawyer");
  gate.dismiss();
  assert.equal(see("A3", "a", 8200), true, "after a touch");
  assert.equal(see("A1", "a", 8300), false, "but not this very picture");
  for (let now = 8400; now < 22_000; now += 100) see("A1", "a", now);
  assert.equal(see("A1", "a", 22_100), true, "a screenshot left lying is judged again");
  gate.decided({ text: "A1", subject: null, now: 22_100 });
  assert.equal(see(null, null, 22_200), false);
  assert.equal(see("A1", "a", 24_000), true, "gone and back is a new question");
});

test("replay: once in a minute, by (cti, iat)", () => {
  const replay = new Replay();
  assert.equal(replay.admit("c:1", 100), true);
  assert.equal(replay.admit("c:1", 130), false);
  assert.equal(replay.admit("c:2", 130), true);
  assert.equal(replay.admit("c:1", 161), true);
});

test("wedge: a fast burst ended by Enter is a scan; typing is not", () => {
  const scans = [];
  const wedge = new Wedge((text) => scans.push(text));
  const type = (text, gap) => {
    let now = 0;
    for (const key of [...text, "Enter"]) wedge.key({ key }, (now += gap));
  };
  type("lvz1:A $%*+-./:B9", 5);
  assert.deepEqual(scans, ["LVZ1:A $%*+-./:B9"]);
  type("LVZ1:ABCDEF", 600);
  type("SHORT", 5);
  assert.equal(scans.length, 1);
});

test("wedge: an input method in the way does not lose characters", () => {
  const key = (code, shiftKey = false) => characterOf({ key: "Process", code, shiftKey });
  assert.equal(key("KeyL", true), "L");
  assert.equal(key("Digit7"), "7");
  assert.equal(key("Semicolon", true), ":");
  assert.equal(key("Digit5", true), "%");
  assert.equal(key("Slash"), "/");
  assert.equal(key("F5"), null);
});

test("typing: what people write is understood, the rest is not guessed", () => {
  assert.equal(normalise(" mfrg gzdf mztw q2lk - 8922 7109"), "LVZ3:MFRGGZDFMZTWQ2LK-89227109");
  assert.equal(normalise("LVZ3:MFRGGZDFMZTWQ2LK-89227109"), "LVZ3:MFRGGZDFMZTWQ2LK-89227109");
  assert.equal(normalise("0FRGGZDFMZTWQ2LK89227109"), "LVZ3:OFRGGZDFMZTWQ2LK-89227109");
  assert.equal(normalise("LVZ1:ABC"), "LVZ1:ABC");
  for (const bad of ["", "12345678", "MFRGGZDFMZTWQ2LK-8922710", "MFRGGZDFMZTWQ2LK-8922710X"]) {
    assert.equal(normalise(bad), null);
  }
});
