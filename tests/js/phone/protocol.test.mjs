// What the phone says to kiosks and servers: bytes, texts, digits, chains.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { p256 } from "@noble/curves/nist.js";

import { readPresentation } from "../support/issuer.mjs";
import { util } from "./wechat.mjs";

const base45 = util("base45");
const bytes = util("bytes");
const challenge = util("challenge");
const lvz = util("lvz");
const { totp, hotp, fromBase32 } = util("totp");
const { FramesChain } = util("frames_chain");

const vectors = JSON.parse(readFileSync(new URL("../../credential/vectors/presentations.json", import.meta.url)));
const unb64u = (text) => new Uint8Array(Buffer.from(text, "base64url"));
const phone = {
  secret: unb64u(vectors.phone.secret),
  publicKey: unb64u(vectors.phone.public_key),
  credential: unb64u(vectors.phone.credential),
};
const sign = async (message) => p256.sign(message, phone.secret, { prehash: true, lowS: false });
const vector = (name) => vectors.cases.find((item) => item.name === name);
const token = (text) => base45.decode(text.slice(5));
const CTI = new Uint8Array([0xc0, 0, 0, 0, 0, 0, 0, 0]);

test("base45: the examples of RFC 9285 both ways, and what it says to reject", () => {
  for (const [plain, coded] of [["AB", "BB8"], ["Hello!!", "%69 VD92EX0"], ["base-45", "UJCLQE7W581"], ["ietf!", "QED8WEX0"]]) {
    assert.equal(base45.encode(Buffer.from(plain)), coded);
    assert.equal(Buffer.from(base45.decode(coded)).toString(), plain);
  }
  for (const bad of ["GGW", ":::", "A", "AB8B", "bb8", "::"]) assert.throws(() => base45.decode(bad), undefined, bad);
});

test("base64 and UTF-8 agree with Node for every length and plane", () => {
  for (let size = 0; size < 70; size += 1) {
    const data = Uint8Array.from({ length: size }, (_, i) => (i * 37 + size) & 255);
    assert.equal(bytes.base64(data), Buffer.from(data).toString("base64"));
    assert.equal(bytes.base64url(data), Buffer.from(data).toString("base64url"));
    assert.deepEqual(bytes.fromBase64(bytes.base64(data)), data);
    assert.deepEqual(bytes.fromBase64(bytes.base64url(data)), data);
  }
  const text = "aé张𠮷·";
  assert.deepEqual(bytes.utf8(text), new Uint8Array(Buffer.from(text)));
  assert.throws(() => bytes.fromBase64("A"));
  assert.throws(() => bytes.fromBase64("A*=="));
});

test("LVZ1 and LVZ2 are, byte for byte, what the credential library makes", async () => {
  const kiosk = { audience: "cn.court/110105/k07", nonce: bytes.fromBase64(vector("full, kiosk audience and nonce").nonce) };
  const at = readPresentation(token(vector("full").text), phone.publicKey).at;
  const make = (form, options) =>
    lvz.present(lvz.frame({ form, credential: phone.credential, cti: CTI, audience: "cn.court", ...options }), { at, sign });
  assert.equal(await make(1, {}), vector("full").text);
  assert.equal(await make(1, kiosk), vector("full, kiosk audience and nonce").text);
  assert.equal(await make(2, {}), vector("reference").text);
  assert.equal(await make(2, kiosk), vector("reference, kiosk audience and nonce").text);
});

test("a later second changes only the time and the signature", async () => {
  const layout = lvz.frame({ form: 1, credential: phone.credential, audience: "cn.court" });
  const [first, second] = [
    token(await lvz.present(layout, { at: 1_764_000_000, sign })),
    token(await lvz.present(layout, { at: 1_764_000_005, sign })),
  ];
  const changed = [...first.keys()].filter((i) => first[i] !== second[i]);
  const time = layout.tokenTime;
  assert.ok(changed.every((i) => (i >= time && i < time + 4) || i >= first.length - 64));
  const seen = readPresentation(second, phone.publicKey);
  assert.deepEqual([seen.alg, seen.typ, seen.audience, seen.at, seen.nonce], [-9, 294, "cn.court", 1_764_000_005, undefined]);
  assert.deepEqual(new Uint8Array(seen.credential), phone.credential);
});

test("another key's signature is seen, and bad audiences and nonces are not signed", async () => {
  const layout = lvz.frame({ form: 2, cti: CTI, audience: "cn.court" });
  const text = await lvz.present(layout, { at: 1, sign });
  assert.throws(() => readPresentation(token(text), p256.keygen().publicKey));
  for (const audience of ["", "法院", "x".repeat(65)]) assert.throws(() => lvz.frame({ form: 2, cti: CTI, audience }));
  assert.throws(() => lvz.frame({ form: 2, cti: CTI, audience: "cn.court", nonce: new Uint8Array(7) }));
});

test("TOTP: RFC 6238's SHA-256 vectors, and the texts of LVZ3", () => {
  const seed = Buffer.from("12345678901234567890123456789012");
  const known = { 59: "46119246", 1111111109: "68084774", 1111111111: "67062674", 1234567890: "91819424", 2000000000: "90698825", 20000000000: "77737706" };
  for (const [at, code] of Object.entries(known)) assert.equal(hotp(seed, Math.floor(at / 30), 8), code);
  assert.deepEqual(fromBase32("MZXW6YTBOI"), new Uint8Array(Buffer.from("foobar")));
  const { seed: shared, digits, interval, cases } = vectors.short_codes;
  const [{ text, at }] = cases;
  const handle = "MFRGGZDFMZTWQ2LK";
  assert.equal(lvz.shortCode({ handle, seed: shared, digits, interval }, at).text, text);
  assert.equal(totp(shared, at), text.slice(-8));
  assert.deepEqual(lvz.groups("MFRGGZDF").map((group) => group.text), ["MFRG", "GZDF"]);
});

test("a kiosk's challenge is read strictly", () => {
  assert.deepEqual(challenge.parse("LVZK:cn.court/110105/k07:ASNFZ4mrze8:2"), {
    audience: "cn.court/110105/k07",
    nonce: Uint8Array.from([1, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef]),
    form: 2,
  });
  assert.equal(challenge.parse("LVZK:cn.court/110105/k07::1").nonce, null);
  for (const bad of ["LVZK:a:b:1", "LVZK::ASNFZ4mrze8:1", "LVZK:a::3", "lvzk:a::1", "LVZK:a::1 ", "https://example.com", "LVZK:法院::1"])
    assert.equal(challenge.parse(bad), null, bad);
});

test("the chain of pictures is the one the server computes", async () => {
  const hash = (...parts) => parts.reduce((h, part) => h.update(part), createHash("sha256")).digest();
  const chain = new FramesChain({ id: "abc", nonce: "xyz" });
  const frames = [{ t: 70_000, shown: -1, bytes: Uint8Array.of(1, 2) }, { t: 70_100, shown: 3, bytes: Uint8Array.of(3) }];
  let value = hash("lvz-frames:v1:abc:xyz");
  for (const { t, shown, bytes: jpeg } of frames) {
    const tail = Buffer.alloc(5);
    tail.writeUInt32BE(t);
    tail.writeInt8(shown, 4);
    value = hash(value, hash(jpeg), tail);
  }
  const batch = await chain.seal(frames, sign);
  assert.equal(batch.chain, value.toString("base64url"));
  const message = Buffer.from(`lvz-frames:v1:abc:0:${batch.chain}`);
  assert.ok(p256.verify(unb64u(batch.signature), message, phone.publicKey, { prehash: true, lowS: false }));
  assert.equal((await chain.seal(frames, sign)).seq, 1);
});
