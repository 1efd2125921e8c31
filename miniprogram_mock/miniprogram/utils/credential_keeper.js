/** Gets the credential, renews it in silence, and says why there is none. */
"use strict";

const api = require("./api");
const clock = require("./clock");
const store = require("./store");
const deviceKey = require("./device_key");
const format = require("./format");
const { base64url, fromBase64, utf8 } = require("./bytes");

const PAUSE_AFTER_FAILURE = 20_000;
// Refusals that a later try cannot change: the code held so far must not be shown any longer.
const FINAL = ["issuance.face_due", "issuance.not_practising", "identity.device_ended"];

let running = null;
let notBefore = 0;
let refusal = null; // the last final ApiError, null after a success

/** {credential, cti, expires_at, renew_after, audience, short_code, device_id} or null. */
function current() {
  const held = store.read("credential");
  return held && format.ms(held.expires_at) > clock.now() ? held : null;
}

const isDue = (held) => !held || format.ms(held.renew_after) <= clock.now();

function forget() {
  store.forget("credential");
  refusal = null;
  notBefore = 0;
}

/** Proof of possession over `lvz-pop:v1:<text>`. */
const prove = (text) => deviceKey.sign(utf8(`lvz-pop:v1:${text}`));

async function fetchCredential(deviceId) {
  // Strictly increasing, also when the clock was corrected backwards since the last proof.
  const iat = Math.max(clock.seconds(), (store.read("lastProof") || 0) + 1);
  store.write("lastProof", iat);
  const signature = await prove(`issue:${deviceId}:${iat}`);
  const issued = await api.issue({ deviceId, iat, signature });
  store.write("credential", { ...issued, device_id: deviceId });
}

async function renewNow(deviceId) {
  try {
    await fetchCredential(deviceId);
    refusal = null;
    notBefore = 0;
  } catch (error) {
    notBefore = clock.counter() + PAUSE_AFTER_FAILURE;
    if (!FINAL.includes(error.code)) return error;
    store.forget("credential");
    refusal = error;
  }
  return refusal;
}

/** Renew when due. Never throws: answers the error, or null. `force` skips the pause. */
function renew(deviceId, { force = false } = {}) {
  if (!force && (!isDue(current()) || clock.counter() < notBefore)) return Promise.resolve(refusal);
  running ||= renewNow(deviceId).finally(() => (running = null));
  return running;
}

/** Device proof for a binding: {public_key, assurance, iat, signature}. */
async function bindingProof() {
  const publicKey = base64url(await deviceKey.ensure());
  const iat = clock.seconds();
  const signature = await prove(`bind:${publicKey}:${iat}`);
  return { public_key: publicKey, assurance: deviceKey.assurance(), iat, signature: base64url(signature) };
}

/** The held credential as `lvz.frame` wants it. */
const asBytes = (held) => ({ credential: fromBase64(held.credential), cti: fromBase64(held.cti) });

module.exports = { current, renew, forget, bindingProof, asBytes, refusal: () => refusal };
