/**
 * HTTP Message Signatures (RFC 9421) in the one profile of this interface: label `sig1`, tag
 * `lvzheng-api`, ECDSA P-256 with SHA-256, components @method, @target-uri and, with a body,
 * content-digest (RFC 9530).
 */

import { b64u, base64, randomBytes, sha256, utf8 } from "./bytes.js";

const ALGORITHM = { name: "ECDSA", hash: "SHA-256" };

/** The bytes to sign, and the parameters as they go into Signature-Input. */
export function signatureBase({ method, url, digest, created, nonce, keyId }) {
  const values = [
    ["@method", method],
    ["@target-uri", url],
    ...(digest ? [["content-digest", digest]] : []),
  ];
  const names = values.map(([name]) => `"${name}"`).join(" ");
  const parameters =
    `(${names});created=${created};nonce="${nonce}";keyid="${keyId}"` +
    ';alg="ecdsa-p256-sha256";tag="lvzheng-api"';
  const lines = values.map(([name, value]) => `"${name}": ${value}`);
  return { parameters, base: [...lines, `"@signature-params": ${parameters}`].join("\n") };
}

/**
 * The headers that sign a request.
 * @param {{method: string, url: string, body: Uint8Array|null, keyId: string,
 *   privateKey: CryptoKey, created: number}} request `url` absolute, `created` in Unix seconds.
 */
export async function sign({ method, url, body, keyId, privateKey, created }) {
  const digest = body ? `sha-256=:${base64(await sha256(body))}:` : null;
  const nonce = b64u(randomBytes(16));
  const { parameters, base } = signatureBase({ method, url, digest, created, nonce, keyId });
  const signature = new Uint8Array(await crypto.subtle.sign(ALGORITHM, privateKey, utf8(base)));
  return {
    ...(digest && { "Content-Digest": digest }),
    "Signature-Input": `sig1=${parameters}`,
    Signature: `sig1=:${base64(signature)}:`,
  };
}
