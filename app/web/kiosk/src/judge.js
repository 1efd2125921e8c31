/**
 * Verification (核验) at the kiosk: the server first, and by ourselves when it is away.
 * One verdict for every text, never an exception.
 */

import { equal, fromB64u, hex } from "./bytes.js";
import { CATEGORY_LABELS, decodeClaims } from "./claims.js";
import { parseSign1 } from "./cose.js";
import { Problem, Unreachable } from "./api.js";
import { parsePresentation, parseText } from "./presentation.js";
import { Refusal } from "./refusal.js";
import { needsServer } from "./refusals.js";
import { verify } from "./verifier.js";

const ONLINE_TIMEOUT = 1500;
/** Refusals that say nothing about a lawyer: not kept, a passer-by's QR may be private. */
const NOT_QUEUED = /^(kiosk\.|verification\.|credential\.(malformed|unsupported_form))/;

export class Judge {
  constructor({ api, clock, evidence, replay, store, identity, challenge }) {
    Object.assign(this, { api, clock, evidence, replay, store, identity, challenge });
  }

  /** @returns {Promise<object>} the verdict: `kind` is "accepted", "amber" or "refused". */
  async decide(text) {
    const scan = { id: crypto.randomUUID(), text, at: this.clock.nowMs() };
    try {
      this.#checkChallenge(text);
      return await this.#online(scan);
    } catch (error) {
      if (error instanceof Unreachable) return this.#offline(scan);
      return this.#refused(scan, error, false);
    }
  }

  /** What the server does not know: this kiosk asked for its own audience or a nonce. */
  #checkChallenge(text) {
    const { mode, nonce, audience } = this.challenge();
    if (mode === "off") return;
    const { form, data } = parseText(text);
    const code = mode === "nonce" ? "credential.wrong_nonce" : "credential.wrong_audience";
    if (form === "LVZ3") throw new Refusal(code);
    const token = parsePresentation(form, data);
    if (token.audience !== audience) throw new Refusal("credential.wrong_audience");
    if (mode === "nonce" && !(token.nonce && equal(token.nonce, fromB64u(nonce)))) {
      throw new Refusal(code);
    }
  }

  async #online(scan) {
    // While the server is known to be away only those forms wait for it that nobody else can check.
    if (this.api.up === false && !needsServer(scan.text)) throw new Unreachable("known");
    const { mode, nonce } = this.challenge();
    const answer = await this.api.verify({
      text: scan.text,
      nonce: mode === "nonce" ? nonce : null,
      scanId: scan.id,
      timeout: ONLINE_TIMEOUT,
    });
    this.#rememberAccepted(scan);
    return { ...scan, kind: "accepted", offline: false, ...onlineFacts(answer) };
  }

  /** So that the same code does not pass offline should the server disappear right after. */
  #rememberAccepted({ text, at }) {
    if (!text.startsWith("LVZ1:")) return;
    const token = parsePresentation("LVZ1", parseText(text).data);
    const { cti } = decodeClaims(parseSign1(token.credential).payload);
    this.replay.admit(`${hex(cti)}:${token.presentedAt}`, Math.floor(at / 1000));
  }

  async #offline(scan) {
    try {
      const verified = await this.#verifyOffline(scan);
      const kind = verified.confirmed ? "accepted" : "amber";
      await this.#queue(scan, { outcome: kind, replayKey: verified.replayKey }).catch(() => {
        throw new Refusal("kiosk.cannot_record");
      });
      return { ...scan, kind, offline: true, ...offlineFacts(verified) };
    } catch (error) {
      const verdict = this.#refused(scan, error, true);
      if (!NOT_QUEUED.test(verdict.code)) {
        const record = { outcome: "refused", code: verdict.code };
        await this.#queue(scan, record).catch((failure) => console.error(failure));
      }
      return verdict;
    }
  }

  async #verifyOffline({ text, at }) {
    if (this.identity().suspended) throw new Refusal("verification.unknown_kiosk");
    if (!this.clock.synchronised) throw new Refusal("kiosk.clock_unsynchronised");
    const seconds = Math.floor(at / 1000);
    const { mode, nonce, audience } = this.challenge();
    const verified = await verify(text, {
      ...this.evidence.current(seconds),
      audiences: mode === "off" ? this.identity().audiences : [audience],
      nonce: mode === "nonce" ? fromB64u(nonce) : null,
      at: seconds,
    });
    if (!this.replay.admit(verified.replayKey, seconds)) throw new Refusal("credential.replayed");
    return verified;
  }

  /** An answer that could not be written down is not given: the scan must reach the server. */
  async #queue({ id, text, at }, { outcome, code, replayKey }) {
    const when = new Date(at).toISOString();
    await this.store.enqueue({ id, text, at: when, outcome, ...(code && { code }), replayKey });
  }

  #refused(scan, error, offline) {
    const known = error instanceof Refusal || error instanceof Problem;
    if (!known) console.error(error);
    const code = known ? error.code : "credential.malformed";
    return { ...scan, kind: "refused", offline, code, serverTitle: error.title ?? "" };
  }
}

function onlineFacts({ verification_id: verificationId, has_photo: hasPhoto, lawyer, form }) {
  return {
    verificationId,
    hasPhoto,
    form,
    name: lawyer.name,
    licenceNo: lawyer.licence_no,
    firmName: lawyer.firm_name,
    category: lawyer.category_label,
    statusLabel: lawyer.status_label,
  };
}

function offlineFacts({ credential: { lawyer }, form }) {
  return {
    verificationId: null,
    hasPhoto: false,
    form,
    name: lawyer.name,
    licenceNo: lawyer.licenceNo,
    firmName: "",
    category: CATEGORY_LABELS[lawyer.practiceType],
    statusLabel: "",
  };
}
