/**
 * 律证码: the three texts a phone can present.
 *
 * No CBOR library: the token is one fixed run of bytes in which only the time (4 bytes) and the
 * signature (64 bytes) change, so the frame is built once and patched at each tick.
 */
"use strict";

const base45 = require("./base45");
const { concat, utf8, uint32 } = require("./bytes");
const { totp } = require("./totp");

const ES256 = Uint8Array.of(0x01, 0x28); // header 1 (alg): -9
const KEY_BINDING = Uint8Array.of(0x10, 0x19, 0x01, 0x26); // header 16 (typ): 294
const NONCE_SIZE = 8;
const SIGNATURE_SIZE = 64;

function head(major, size) {
  if (size < 24) return Uint8Array.of(major | size);
  if (size < 256) return Uint8Array.of(major | 24, size);
  return Uint8Array.of(major | 25, size >> 8, size & 255);
}

const bstr = (bytes) => concat(head(0x40, bytes.length), bytes);
const tstr = (text) => concat(head(0x60, text.length), utf8(text));

/** The claims with a zero time, and where the time stands in them. */
function claims({ audience, cti, nonce }) {
  const before = concat(
    Uint8Array.of(0xa2 + (cti ? 1 : 0) + (nonce ? 1 : 0), 0x03),
    tstr(audience),
    Uint8Array.of(0x06, 0x1a),
  );
  const reference = cti ? concat(Uint8Array.of(0x07), bstr(cti)) : new Uint8Array(0);
  const challenge = nonce ? concat(Uint8Array.of(0x18, 0x27), bstr(nonce)) : new Uint8Array(0);
  return { bytes: concat(before, new Uint8Array(4), reference, challenge), at: before.length };
}

function check({ audience, nonce }) {
  if (!/^[\x20-\x7e]{1,64}$/.test(audience)) throw new Error("audience: 1 to 64 ASCII characters");
  if (nonce && nonce.length !== NONCE_SIZE) throw new Error("nonce: 8 bytes");
}

/**
 * Lay out a token whose time and signature are still to come.
 *
 * form: 1 carries `credential` (192 bytes), 2 names it by `cti` (8 bytes).
 */
function frame({ form, credential, cti, audience, nonce = null }) {
  check({ audience, nonce });
  const full = form === 1;
  const header = full
    ? concat(Uint8Array.of(0xa3), ES256, Uint8Array.of(0x0d), credential, KEY_BINDING)
    : concat(Uint8Array.of(0xa2), ES256, KEY_BINDING);
  const body = claims({ audience, cti: full ? null : cti, nonce });
  const opening = concat(Uint8Array.of(0xd2, 0x84), bstr(header), Uint8Array.of(0xa0));
  const bodyHead = head(0x40, body.bytes.length);
  const token = concat(
    opening,
    bodyHead,
    body.bytes,
    head(0x40, SIGNATURE_SIZE),
    new Uint8Array(SIGNATURE_SIZE),
  );
  // Sig_structure, RFC 9052 §4.4: ["Signature1", protected, external (empty), payload].
  const toSign = concat(
    Uint8Array.of(0x84),
    tstr("Signature1"),
    bstr(header),
    Uint8Array.of(0x40),
    bodyHead,
    body.bytes,
  );
  return {
    prefix: full ? "LVZ1:" : "LVZ2:",
    token,
    toSign,
    tokenTime: opening.length + bodyHead.length + body.at,
    signTime: toSign.length - body.bytes.length + body.at,
  };
}

/** Present (亮证): the QR text for second `at`. `sign` takes the bytes, answers 64 bytes r‖s. */
async function present(layout, { at, sign }) {
  const time = uint32(at);
  const toSign = layout.toSign.slice();
  toSign.set(time, layout.signTime);
  const signature = await sign(toSign);
  const token = layout.token.slice();
  token.set(time, layout.tokenTime);
  token.set(signature, token.length - SIGNATURE_SIZE);
  return layout.prefix + base45.encode(token);
}

/** LVZ3: the handle and the digits of this quarter minute. */
function shortCode({ handle, seed, digits, interval }, at) {
  const code = totp(seed, at, { digits, interval });
  return { text: `LVZ3:${handle}-${code}`, handle, code };
}

/** Groups of four, as one reads a number aloud: [{no, text}]. */
const groups = (text) => (text.match(/.{1,4}/g) || []).map((part, no) => ({ no, text: part }));

module.exports = { frame, present, shortCode, groups };
