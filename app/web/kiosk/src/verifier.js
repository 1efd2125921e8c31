/**
 * Offline verification (离线核验) of a lawyer code, in the fixed order of the protocol; the first
 * check that fails names the code. The same answers as the Python library `credential`, which
 * the shared vectors hold both to.
 */

import { equal, hex } from "./bytes.js";
import { decodeClaims, readHeader } from "./claims.js";
import { parseSign1 } from "./cose.js";
import { parsePresentation, parseText } from "./presentation.js";
import { Refusal } from "./refusal.js";

export const MAX_AGE = 20;
export const MAX_SKEW = 10;
export const STATUS_GREEN = 4 * 3600;
export const STATUS_MAX = 24 * 3600;

/**
 * @param {string} text
 * @param {{trust: import("./trust.js").TrustList, status: import("./status.js").StatusList|null,
 *   audiences: string[], nonce: Uint8Array|null, at: number, requireStatus?: boolean}} policy
 *   `nonce` non-null demands this very nonce; `at` in Unix seconds.
 * @returns the credential, what was presented, and whether the status list `confirmed` it.
 */
export async function verify(text, policy) {
  const { form, data } = parseText(text);
  if (form === "LVZ3") throw new Refusal("credential.unsupported_form");
  const token = parsePresentation(form, data);
  if (form === "LVZ2") throw new Refusal("credential.unsupported_form");
  const credential = await openCredential(token.credential, policy);
  await checkDevice(token, credential);
  checkBinding(token, policy);
  const confirmed = checkStatus(credential.lawyer, policy);
  return { form, credential, ...pick(token), confirmed, replayKey: replayKey(credential, token) };
}

const pick = ({ presentedAt, audience, nonce }) => ({ presentedAt, audience, nonce });

/** (cti, iat): text and signature have other valid spellings. */
const replayKey = (credential, token) => `${hex(credential.cti)}:${token.presentedAt}`;

async function openCredential(raw, { trust, at }) {
  const message = parseSign1(raw);
  const { alg, kid } = readHeader(message.protected);
  const { signature, signed } = message;
  await trust.verify({ kid, alg, signature, signed, at });
  const credential = decodeClaims(message.payload);
  if (at < credential.issuedAt) throw new Refusal("credential.not_yet_valid");
  if (at >= credential.expiresAt) throw new Refusal("credential.expired");
  return credential;
}

async function checkDevice(token, { holderKey }) {
  if (token.alg !== holderKey.alg) throw new Refusal("credential.wrong_algorithm");
  const { signature, signed } = token.envelope;
  if (!(await holderKey.verify(signature, signed))) {
    throw new Refusal("credential.bad_device_signature");
  }
}

function checkBinding(token, { audiences, nonce, at }) {
  const age = at - token.presentedAt;
  if (age > MAX_AGE) throw new Refusal("credential.stale", `${age} s`);
  if (-age > MAX_SKEW) throw new Refusal("credential.from_future", `${-age} s`);
  if (!audiences.includes(token.audience)) throw new Refusal("credential.wrong_audience");
  if (nonce && !(token.nonce && equal(token.nonce, nonce))) {
    throw new Refusal("credential.wrong_nonce");
  }
}

function checkStatus(lawyer, { status, at, requireStatus = true }) {
  if (!status) {
    if (requireStatus) throw new Refusal("credential.status_unavailable");
    return false;
  }
  if (status.number !== lawyer.statusList) throw new Refusal("credential.status_unavailable");
  const age = at - status.issuedAt;
  if (age > STATUS_MAX) throw new Refusal("credential.status_too_old", `${age} s`);
  status.check(lawyer.statusIndex);
  return age <= STATUS_GREEN;
}
