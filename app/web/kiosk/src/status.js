/** Status list (执业状态清单): two bits per licence in a signed CWT (Token Status List). */

import { concat, equal, utf8 } from "./bytes.js";
import { decode, Reader } from "./cbor.js";
import { ALG_OF_BYTE, parseSign1 } from "./cose.js";
import { malformed, Refusal } from "./refusal.js";
import { isTime, MAX_SKEW } from "./trust.js";

const MAX_COMPRESSED = 1 << 20;
const MAX_INFLATED = 1 << 21;
const TYPE = concat([0x10, 0x78, 0x1a], utf8("application/statuslist+cwt"));
const NUMBER = /^.*\/([1-9][0-9]{0,4})$/;

export const VALID = 0;
const REFUSED = {
  1: "credential.revoked",
  2: "credential.suspended",
  3: "credential.assessment_pending",
};

export class StatusList {
  constructor({ table, bits, number, issuedAt, expiresAt }) {
    Object.assign(this, { table, bits, number, issuedAt, expiresAt });
  }

  /**
   * Verify and read a status list. `seen` is the newest `issuedAt` accepted before.
   * @param {Uint8Array} data
   * @param {{trust: import("./trust.js").TrustList, at: number, seen?: number}} how
   */
  static async decode(data, { trust, at, seen = 0 }) {
    if (data.length > MAX_COMPRESSED) throw malformed("status list: too large");
    const message = parseSign1(data);
    const { alg, kid } = readHeader(message.protected);
    await trust.verify({ kid, alg, signature: message.signature, signed: message.signed, at });
    const list = await readClaims(decode(message.payload));
    if (list.issuedAt > at + MAX_SKEW) throw new Refusal("credential.not_yet_valid", "status list");
    if (at >= list.expiresAt || list.issuedAt < seen) {
      throw new Refusal("credential.status_too_old", "status list");
    }
    return list;
  }

  /** Throws the refusal the entry stands for; what cannot be read is never taken as valid. */
  check(index) {
    const perByte = 8 / this.bits;
    const byte = this.table[Math.floor(index / perByte)];
    if (byte === undefined) throw new Refusal("credential.status_unavailable", "index");
    const value = (byte >> ((index % perByte) * this.bits)) & ((1 << this.bits) - 1);
    if (value !== VALID) throw new Refusal(REFUSED[value] ?? "credential.status_unavailable");
  }
}

function readHeader(header) {
  const reader = new Reader(header);
  reader.expect([0xa3, 0x01]);
  const alg = ALG_OF_BYTE.get(reader.take(1)[0]);
  reader.expect([0x04, 0x44]);
  const kid = reader.take(4);
  if (alg === undefined || !equal(header.subarray(reader.position), TYPE)) {
    throw malformed("status list: header");
  }
  return { alg, kid };
}

async function readClaims(claims) {
  if (!(claims instanceof Map)) throw malformed("status list: claims");
  const [uri, expiresAt, issuedAt, list, ttl] = [2, 4, 6, 65533, 65534].map((l) => claims.get(l));
  const number = typeof uri === "string" ? NUMBER.exec(uri) : null;
  const bits = list instanceof Map ? list.get("bits") : null;
  const packed = list instanceof Map ? list.get("lst") : null;
  const times = [expiresAt, issuedAt, ttl].every(isTime);
  if (!number || !times || ![1, 2, 4, 8].includes(bits) || !(packed instanceof Uint8Array)) {
    throw malformed("status list: claims");
  }
  const table = await inflate(packed);
  return new StatusList({ table, bits, number: Number(number[1]), issuedAt, expiresAt });
}

/** Inflate a zlib stream that ends with its data; a bomb is stopped at `MAX_INFLATED` bytes. */
export async function inflate(packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const parts = [];
  let size = 0;
  try {
    for (const reader = stream.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) return concat(...parts);
      size += value.length;
      if (size > MAX_INFLATED) {
        await reader.cancel();
        break;
      }
      parts.push(value);
    }
  } catch {
    throw malformed("status list: not zlib");
  }
  throw malformed("status list: too large");
}
