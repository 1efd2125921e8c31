/** Presenting (亮证): taking the scanned text apart; nothing is verified here. */

import { base45Decode } from "./base45.js";
import { hex } from "./bytes.js";
import { Reader } from "./cbor.js";
import { ALG_OF_BYTE, parseSign1 } from "./cose.js";
import { decodeClaims } from "./claims.js";
import { malformed, Refusal } from "./refusal.js";

export const MAX_TEXT = 1200;
const MAX_AUDIENCE = 64;
const LAST_SECOND = 253_402_300_799;
const SHORT = /^LVZ3:[A-Z2-7]{16}-[0-9]{8}$/;

/** @returns {{form: "LVZ1"|"LVZ2"|"LVZ3", data: Uint8Array|string}} */
export function parseText(text) {
  if (text.length > MAX_TEXT) throw malformed("text: too long");
  const form = text.slice(0, 5);
  if (form === "LVZ1:" || form === "LVZ2:") {
    return { form: form.slice(0, 4), data: base45Decode(text.slice(5)) };
  }
  if (form !== "LVZ3:") throw new Refusal("credential.unsupported_form");
  if (!SHORT.test(text)) throw malformed("short code");
  return { form: "LVZ3", data: text.slice(5) };
}

export function parsePresentation(form, data) {
  const envelope = parseSign1(data);
  const header = new Reader(envelope.protected);
  header.expect([form === "LVZ1" ? 0xa3 : 0xa2, 0x01]);
  const alg = ALG_OF_BYTE.get(header.take(1)[0]);
  let credential = null;
  if (form === "LVZ1") {
    header.expect([0x0d]);
    credential = header.take(Math.max(0, header.data.length - header.position - 4));
  }
  header.expect([0x10, 0x19, 0x01, 0x26]);
  if (alg === undefined || !header.atEnd) throw malformed("presentation: header");
  const claims = readPayload(envelope.payload);
  if ((claims.cti === null) === (credential === null)) throw malformed("presentation: cti");
  return { form, alg, credential, envelope, ...claims };
}

function readPayload(payload) {
  const reader = new Reader(payload);
  let left = reader.length(5) - 2;
  reader.expect([0x03]);
  const audience = reader.text();
  reader.expect([0x06]);
  const presentedAt = reader.head(0);
  const optional = (piece) => {
    if (!reader.startsWith(piece)) return null;
    reader.take(piece.length);
    left -= 1;
    return reader.take(8);
  };
  const cti = optional([0x07, 0x48]);
  const nonce = optional([0x18, 0x27, 0x48]);
  if (left !== 0 || !reader.atEnd) throw malformed("presentation: claims");
  const ascii = [...audience].every((char) => char.codePointAt(0) < 128);
  const named = audience.length > 0 && audience.length <= MAX_AUDIENCE && ascii;
  if (!named || presentedAt > LAST_SECOND) throw malformed("presentation: audience or time");
  return { audience, presentedAt, cti, nonce };
}

/**
 * Whose code this claims to be, unverified: only good for telling one phone in front of the
 * camera from the next. Null for a text that is no lawyer code.
 */
export function claimedSubject(text) {
  try {
    const { form, data } = parseText(text);
    if (form === "LVZ3") return data.slice(0, 16);
    const token = parsePresentation(form, data);
    if (form === "LVZ2") return hex(token.cti);
    return hex(decodeClaims(parseSign1(token.credential).payload).cti);
  } catch {
    return null;
  }
}
