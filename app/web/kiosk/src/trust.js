/** The issuer keys the kiosk believes: a COSE_KeySet signed by the root key of enrolment. */

import { equal, hex } from "./bytes.js";
import { decode } from "./cbor.js";
import { ALG_OF_BYTE, parseSign1, POLYMORPHIC } from "./cose.js";
import { PublicKey } from "./keys.js";
import { malformed, Refusal } from "./refusal.js";

export const MAX_SKEW = 300;
const MAX_KEY_SET = 65_536;
const MAX_KEYS = 256;
const REVOKED = 2;

export class TrustList {
  constructor(records, { issuedAt, expiresAt }) {
    this.records = records;
    this.issuedAt = issuedAt;
    this.expiresAt = expiresAt;
  }

  /**
   * Read a signed key set. `seen` is the newest `issuedAt` accepted before: never roll back.
   * @param {Uint8Array} data
   * @param {{root: PublicKey, at: number, seen?: number}} how
   */
  static async decode(data, { root, at, seen = 0 }) {
    if (data.length > MAX_KEY_SET) throw malformed("key set: too large");
    const message = parseSign1(data);
    if (ALG_OF_BYTE.get(message.protected[2]) !== root.alg) {
      throw new Refusal("credential.wrong_algorithm", "key set");
    }
    if (!(await root.verify(message.signature, message.signed))) {
      throw new Refusal("credential.bad_issuer_signature", "key set");
    }
    const times = readTimes(decode(message.protected));
    if (times.issuedAt > at + MAX_SKEW) throw new Refusal("credential.not_yet_valid", "key set");
    if (at >= times.expiresAt || times.issuedAt < seen) {
      throw new Refusal("credential.expired", "key set");
    }
    const keys = decode(message.payload);
    if (!Array.isArray(keys) || keys.length < 1 || keys.length > MAX_KEYS) {
      throw malformed("key set: 1 to 256 keys");
    }
    return new TrustList(keys.map(readRecord), times);
  }

  candidates(kid, at) {
    const usable = this.records.filter(
      (record) =>
        equal(record.kid, kid) &&
        record.notBefore <= at &&
        at < record.notAfter &&
        record.state !== REVOKED,
    );
    if (usable.length === 0) throw new Refusal("credential.unknown_issuer", hex(kid));
    return usable;
  }

  /** Check a signature against the usable keys with this `kid`; several may share it. */
  async verify({ kid, alg, signature, signed, at }) {
    const allowed = this.candidates(kid, at).filter((record) => accepts(record, alg));
    if (allowed.length === 0) throw new Refusal("credential.wrong_algorithm", `alg ${alg}`);
    for (const record of allowed) {
      if (await record.key.verify(signature, signed)) return record;
    }
    throw new Refusal("credential.bad_issuer_signature");
  }
}

function accepts(record, alg) {
  const own = record.key.alg;
  return alg === own || (record.polymorphic && alg === POLYMORPHIC.get(own));
}

function readTimes(header) {
  const claims = header.get(15);
  const fine =
    header.size === 4 && header.get(3) === 102 && claims instanceof Map && claims.size === 3;
  if (!fine) throw malformed("key set: header");
  const [issuer, expiresAt, issuedAt] = [1, 4, 6].map((label) => claims.get(label));
  if (typeof issuer !== "string" || !isTime(expiresAt) || !isTime(issuedAt)) {
    throw malformed("key set: claims");
  }
  return { issuedAt, expiresAt };
}

export const isTime = (value) => Number.isSafeInteger(value) && value >= 0;

function readRecord(map) {
  const life = map instanceof Map ? map.get(-65537) : null;
  if (!(life instanceof Map)) throw malformed("key set: key record");
  const key = PublicKey.ofCoseKey(map);
  const kid = map.get(2);
  const [notBefore, notAfter, state] = [1, 2, 3].map((label) => life.get(label));
  const polymorphic = life.get(4) ?? false;
  const fine =
    kid instanceof Uint8Array &&
    kid.length === 4 &&
    map.get(3) === key.alg &&
    [notBefore, notAfter].every(isTime) &&
    [0, 1, REVOKED].includes(state) &&
    polymorphic === life.has(4) &&
    life.size === 3 + Number(polymorphic);
  if (!fine) throw malformed("key set: kid, algorithm or state");
  return { kid, key, notBefore, notAfter, state, polymorphic };
}
