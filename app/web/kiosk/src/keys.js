/** Public keys: compressed P-256 points and Ed25519, verified by WebCrypto. */

import { concat, equal } from "./bytes.js";
import { ED25519, ES256 } from "./cose.js";
import { malformed, Refusal } from "./refusal.js";

const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

const toBigInt = (bytes) => bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

function toBytes(value) {
  const text = value.toString(16).padStart(64, "0");
  return Uint8Array.from(text.match(/../g), (pair) => Number.parseInt(pair, 16));
}

function power(base, exponent) {
  let result = 1n;
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

/**
 * Decompress a SEC 1 point (33 bytes) to 65 bytes: WebCrypto reads compressed points nowhere
 * reliably. P = 3 mod 4, so the square root is one exponentiation. No secret is involved.
 */
export function decompress(point) {
  const x = toBigInt(point.subarray(1));
  if (point.length !== 33 || (point[0] | 1) !== 3 || x >= P) throw malformed("key: not a point");
  const square = (x * x * x - 3n * x + B) % P;
  const positive = (square + P) % P;
  let y = power(positive, (P + 1n) / 4n);
  if ((y * y) % P !== positive) throw malformed("key: not a point of the curve");
  if ((y & 1n) !== BigInt(point[0] & 1)) y = P - y;
  return concat([4], point.subarray(1), toBytes(y));
}

/** A public key with its COSE algorithm number; `point` is 33 bytes (ES256) or 32 (Ed25519). */
export class PublicKey {
  #imported = null;

  constructor(alg, point) {
    this.alg = alg;
    this.point = point;
    this.raw = alg === ES256 ? decompress(point) : point;
  }

  static ofCoseKey(map) {
    const [kind, curve, x, y] = [1, -1, -2, -3].map((label) => map.get(label));
    if (!(x instanceof Uint8Array) || x.length !== 32) throw malformed("COSE_Key: x");
    if (kind === 1 && curve === 6 && y === undefined) return new PublicKey(ED25519, x);
    if (kind !== 2 || curve !== 1 || typeof y !== "boolean") throw malformed("COSE_Key: kind");
    return new PublicKey(ES256, concat([y ? 3 : 2], x));
  }

  equals(other) {
    return this.alg === other.alg && equal(this.point, other.point);
  }

  #import() {
    const name = this.alg === ES256 ? { name: "ECDSA", namedCurve: "P-256" } : { name: "Ed25519" };
    return crypto.subtle.importKey("raw", this.raw, name, false, ["verify"]);
  }

  /** Whether a raw 64-byte signature is this key's. Throws where the browser lacks the algorithm. */
  async verify(signature, message) {
    const how = this.alg === ES256 ? { name: "ECDSA", hash: "SHA-256" } : { name: "Ed25519" };
    try {
      this.#imported ??= this.#import();
      return await crypto.subtle.verify(how, await this.#imported, signature, message);
    } catch (error) {
      this.#imported = null;
      if (error.name === "DataError") throw malformed("key: not usable");
      throw new Refusal("credential.wrong_algorithm", "this browser lacks the algorithm");
    }
  }
}
