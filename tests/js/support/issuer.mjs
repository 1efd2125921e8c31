/** A second, independent maker of credentials for the tests: cborg and noble, none of our layout. */
import { p256 } from "@noble/curves/nist.js";
import * as cborg from "cborg";

const ISSUER = new Uint8Array(32).fill(7);

function sign1(header, payload, secret) {
  const [head, body] = [cborg.encode(header), cborg.encode(payload)];
  const toSign = cborg.encode(["Signature1", head, new Uint8Array(0), body]);
  const signature = p256.sign(toSign, secret, { prehash: true });
  return Uint8Array.of(0xd2, ...cborg.encode([head, new Map(), body, signature]));
}

/** publicKey: 33 bytes. Answers the 192-byte credential. */
export function issueCredential({ publicKey, licenceNo, name, at, cti, lifetime = 86_400 }) {
  const holder = new Map([[1, 2], [-1, 1], [-2, publicKey.slice(1)], [-3, publicKey[0] === 3]]);
  const lawyer = new Map([[1, BigInt(licenceNo)], [2, name], [3, 1], [4, 305_419_896]]);
  const header = new Map([[1, -9], [4, Uint8Array.of(1, 2, 3, 4)]]);
  const claims = new Map([
    [1, "lvz"],
    [4, at + lifetime],
    [6, at],
    [7, cti],
    [8, new Map([[1, holder]])],
    [-65537, lawyer],
  ]);
  return sign1(header, claims, ISSUER);
}

const readMap = (bytes) => cborg.decode(bytes, { useMaps: true });

/** Take a presentation apart and check the phone's signature. Throws when it does not verify. */
export function readPresentation(token, publicKey) {
  if (token[0] !== 0xd2) throw new Error("tag");
  const [head, unprotected, body, signature] = readMap(token.subarray(1));
  const toSign = cborg.encode(["Signature1", head, new Uint8Array(0), body]);
  if (!p256.verify(signature, toSign, publicKey, { prehash: true, lowS: false })) throw new Error("signature");
  if (unprotected.size) throw new Error("unprotected header");
  const [header, claims] = [headerOf(head), readMap(body)];
  return {
    alg: header.alg,
    typ: header.typ,
    credential: header.credential,
    audience: claims.get(3),
    at: claims.get(6),
    cti: claims.get(7),
    nonce: claims.get(39),
  };
}

/** The credential stands in the header as it is, not as a byte string: find it by its length. */
function headerOf(bytes) {
  const tagged = { 18: (inner) => inner() };
  const header = cborg.decode(bytes, { useMaps: true, tags: tagged });
  return { alg: header.get(1), typ: header.get(16), credential: header.has(13) ? bytes.subarray(4, -4) : null };
}
