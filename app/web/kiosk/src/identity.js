/** Who this kiosk is: a key that never leaves the browser, and what enrolment gave it. */

import { b64u, concat, utf8 } from "./bytes.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };

export async function newKey() {
  return crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
}

/** The public key as a compressed SEC 1 point, 33 bytes. */
export async function compressedPublicKey(publicKey) {
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", publicKey));
  return concat([2 + (raw[64] & 1)], raw.subarray(1, 33));
}

/** The body of an enrolment request: public key with proof of possession. `iat` in Unix s. */
export async function enrolmentBody({ code, keys, iat }) {
  const publicKey = b64u(await compressedPublicKey(keys.publicKey));
  const message = utf8(`lvz-pop:v1:kiosk:${publicKey}:${iat}`);
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  const signature = await crypto.subtle.sign(algorithm, keys.privateKey, message);
  return {
    enrolment_code: code.trim().toUpperCase(),
    public_key: publicKey,
    iat,
    signature: b64u(new Uint8Array(signature)),
  };
}
