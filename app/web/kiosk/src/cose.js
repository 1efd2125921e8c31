/** COSE_Sign1 (RFC 9052 section 4.2): tag 18, four parts, empty unprotected header. */

import { concat, utf8 } from "./bytes.js";
import { Reader } from "./cbor.js";
import { malformed } from "./refusal.js";

export const ES256 = -9;
export const ED25519 = -19;

/** CBOR of the algorithm header value; every number of the registry fits one byte. */
export const ALG_OF_BYTE = new Map([
  [0x26, -7],
  [0x27, -8],
  [0x28, ES256],
  [0x32, ED25519],
]);

/** The older polymorphic numbers (RFC 9864): read only where a key record allows them. */
export const POLYMORPHIC = new Map([
  [ES256, -7],
  [ED25519, -8],
]);

const CONTEXT = concat([0x84, 0x6a], utf8("Signature1"));

/** @returns {{protected: Uint8Array, payload: Uint8Array, signature: Uint8Array, signed: Uint8Array}} */
export function parseSign1(data) {
  const reader = new Reader(data);
  reader.expect([0xd2, 0x84]);
  const header = reader.bytes();
  const middle = reader.position;
  reader.expect([0xa0]);
  const payload = reader.bytes();
  const end = reader.position;
  reader.expect([0x58, 0x40]);
  const signature = reader.take(64);
  if (!reader.atEnd) throw malformed("COSE_Sign1: trailing bytes");
  // The Sig_structure differs from the message by its start and by 40 in the place of a0.
  const signed = concat(CONTEXT, data.subarray(2, middle), [0x40], data.subarray(middle + 1, end));
  return { protected: header, payload, signature, signed };
}
