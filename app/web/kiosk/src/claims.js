/** The credential (律证码凭证): one fixed layout of claims about one lawyer and one phone. */

import { concat } from "./bytes.js";
import { Reader } from "./cbor.js";
import { ALG_OF_BYTE, ED25519, ES256 } from "./cose.js";
import { PublicKey } from "./keys.js";
import { malformed } from "./refusal.js";

export const MAX_LIFETIME = 86_400;
const MAX_NAME = 120;
const MAX_ISSUER = 64;

// 执业类别, by the number in the credential.
export const CATEGORY_LABELS = {
  1: "专职律师",
  2: "兼职律师",
  3: "公职律师",
  4: "公司律师",
  5: "法律援助律师",
  6: "军队律师",
  7: "香港居民律师",
  8: "澳门居民律师",
  9: "台湾居民律师",
};

// Characters that do not show, or that turn the text around them.
const INVISIBLE = new RegExp(
  "[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u115f\\u1160\\u180e\\u200b-\\u200f" +
    "\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff" +
    "\\u{e0000}-\\u{e007f}]",
  "u",
);

/** @returns {{alg: number, kid: Uint8Array}} */
export function readHeader(header) {
  const alg = ALG_OF_BYTE.get(header[2]);
  const reader = new Reader(header);
  reader.expect([0xa2, 0x01]);
  reader.take(1);
  reader.expect([0x04, 0x44]);
  const kid = reader.take(4);
  if (alg === undefined || !reader.atEnd) throw malformed("credential: header");
  return { alg, kid };
}

export function decodeClaims(payload) {
  const reader = new Reader(payload);
  reader.expect([0xa6, 0x01]);
  const issuer = reader.text();
  reader.expect([0x04]);
  const expiresAt = seconds(reader);
  reader.expect([0x06]);
  const issuedAt = seconds(reader);
  reader.expect([0x07, 0x48]);
  const cti = reader.take(8);
  reader.expect([0x08, 0xa1, 0x01]);
  const holderKey = readKey(reader);
  reader.expect([0x3a, 0x00, 0x01, 0x00, 0x00]);
  const lawyer = readLawyer(reader);
  if (!reader.atEnd || issuer.length > MAX_ISSUER) throw malformed("claims: trailing bytes");
  if (expiresAt - issuedAt > MAX_LIFETIME) throw malformed("claims: life longer than a day");
  return { issuer, expiresAt, issuedAt, cti, holderKey, lawyer };
}

function seconds(reader) {
  const value = reader.head(0);
  if (typeof value !== "number") throw malformed("claims: time out of range");
  return value;
}

function readKey(reader) {
  if (reader.startsWith([0xa3, 0x01, 0x01, 0x20, 0x06, 0x21, 0x58, 0x20])) {
    reader.take(8);
    return new PublicKey(ED25519, reader.take(32));
  }
  reader.expect([0xa4, 0x01, 0x02, 0x20, 0x01, 0x21, 0x58, 0x20]);
  const x = reader.take(32);
  reader.expect([0x22]);
  const sign = reader.take(1)[0];
  if (sign !== 0xf4 && sign !== 0xf5) throw malformed("claims: key without the sign of y");
  return new PublicKey(ES256, concat([sign === 0xf5 ? 3 : 2], x));
}

function readLawyer(reader) {
  let left = reader.length(5);
  reader.expect([0x01]);
  const licenceNo = String(reader.head(0));
  reader.expect([0x02]);
  const name = reader.text();
  reader.expect([0x03]);
  const practiceType = reader.head(0);
  reader.expect([0x04]);
  const statusIndex = reader.head(0);
  const optional = (label, read) => {
    if (left <= 4 || reader.peek() !== label) return null;
    reader.take(1);
    left -= 1;
    return read();
  };
  const statusList = optional(0x05, () => reader.head(0));
  const deviceAssurance = optional(0x06, () => reader.head(0));
  const portraitHash = optional(0x07, () => reader.bytes());
  const lawyer = { licenceNo, name, practiceType, statusIndex, deviceAssurance, portraitHash };
  checkLawyer({ ...lawyer, statusList });
  if (left !== 4) throw malformed("claims: lawyer map");
  return { ...lawyer, statusList: statusList ?? 1 };
}

function checkLawyer(lawyer) {
  const list = lawyer.statusList;
  const fine =
    /^[1-9][0-9]{16}$/.test(lawyer.licenceNo) &&
    lawyer.practiceType in CATEGORY_LABELS &&
    lawyer.statusIndex < 2 ** 32 &&
    (list === null || (list > 1 && list < 2 ** 16)) &&
    (lawyer.deviceAssurance === null || lawyer.deviceAssurance <= 2) &&
    (lawyer.portraitHash === null || lawyer.portraitHash.length === 16) &&
    isName(lawyer.name);
  if (!fine) throw malformed("claims: lawyer");
}

function isName(name) {
  const size = new TextEncoder().encode(name).length;
  if (size < 1 || size > MAX_NAME || INVISIBLE.test(name)) return false;
  return name === name.trim() && name === name.normalize("NFC");
}
