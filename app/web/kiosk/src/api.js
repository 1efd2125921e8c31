/** The server as the kiosk sees it: signed requests, problems as errors, and whether it answers. */

import { utf8 } from "./bytes.js";
import { sign } from "./http_signature.js";

/** The server is away, too slow, or failing: decide offline. */
export class Unreachable extends Error {}

/** The server answered with a refusal (RFC 9457). */
export class Problem extends Error {
  constructor(status, body) {
    super(body.code ?? `HTTP ${status}`);
    this.name = "Problem";
    this.status = status;
    this.code = body.code ?? "request.rejected";
    this.title = body.title ?? "";
  }
}

export class Api {
  #clock;
  #fetch;
  #origin;

  /** `credentials()` answers `{keyId, privateKey}`, or null before enrolment. */
  constructor({ clock, credentials, origin = location.origin, fetch = globalThis.fetch }) {
    this.#clock = clock;
    this.#fetch = fetch.bind(globalThis);
    this.#origin = origin;
    this.credentials = credentials;
    this.up = null;
    this.onChange = () => {};
  }

  /** Fetch the server's time. Throws `Unreachable`. */
  async time() {
    const sent = this.#clock.steady();
    const answer = await this.#send("GET", "/api/v1/time", { timeout: 3000 });
    this.#clock.synchronise((await answer.json()).server_time_ms, sent);
  }

  enrol(body) {
    return this.#json("POST", "/api/v1/kiosks", { body, timeout: 10_000 });
  }

  current() {
    return this.#json("GET", "/api/v1/kiosks/current", { signed: true });
  }

  verify({ text, nonce, scanId, timeout }) {
    const body = nonce ? { text, nonce } : { text };
    const headers = { "Idempotency-Key": scanId };
    return this.#json("POST", "/api/v1/verifications", { body, headers, signed: true, timeout });
  }

  upload(items) {
    const how = { body: { items }, signed: true, timeout: 15_000 };
    return this.#json("POST", "/api/v1/verifications/offline", how);
  }

  enter(items) {
    return this.#json("POST", "/api/v1/entries", { body: { items }, signed: true, timeout: 15_000 });
  }

  passOf(verificationId) {
    const path = `/api/v1/verifications/${verificationId}/pass`;
    return this.#json("GET", path, { signed: true, timeout: 3000 });
  }

  async photo(verificationId) {
    const path = `/api/v1/verifications/${verificationId}/photo`;
    return (await this.#send("GET", path, { signed: true, timeout: 5000 })).blob();
  }

  /** A published list; null when it is still the one with this ETag. */
  async published(path, etag) {
    const headers = etag ? { "If-None-Match": etag } : {};
    const answer = await this.#send("GET", path, { headers, timeout: 10_000 });
    if (answer.status === 304) return null;
    const data = new Uint8Array(await answer.arrayBuffer());
    return { data, etag: answer.headers.get("ETag") ?? "" };
  }

  async #json(method, path, how) {
    try {
      return await (await this.#send(method, path, how)).json();
    } catch (error) {
      if (error.code !== "auth.signature_invalid" || how.retried) throw error;
      // Most often our time is off: ask for the server's and sign once more.
      await this.time();
      return this.#json(method, path, { ...how, retried: true });
    }
  }

  async #send(method, path, { body = null, headers = {}, signed = false, timeout = 5000 }) {
    const url = new URL(path, this.#origin).href;
    const bytes = body ? utf8(JSON.stringify(body)) : null;
    const proof = signed ? await this.#signed({ method, url, body: bytes }) : {};
    const type = bytes ? { "Content-Type": "application/json" } : {};
    const signal = AbortSignal.timeout(timeout);
    const request = { method, body: bytes, headers: { ...headers, ...type, ...proof }, signal };
    let answer;
    try {
      answer = await this.#fetch(url, { ...request, cache: "no-store", credentials: "omit" });
    } catch (error) {
      this.#seen(false);
      throw new Unreachable(error.name);
    }
    this.#seen(answer.status < 500);
    if (answer.status >= 500) throw new Unreachable(`HTTP ${answer.status}`);
    if (answer.ok || answer.status === 304) return answer;
    throw new Problem(answer.status, await answer.json().catch(() => ({})));
  }

  #signed(request) {
    return sign({ ...request, ...this.credentials(), created: this.#clock.now() });
  }

  #seen(up) {
    if (this.up === up) return;
    this.up = up;
    this.onChange(up);
  }
}
