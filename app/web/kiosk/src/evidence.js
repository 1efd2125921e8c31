/** Key set and status list: fetched every five minutes, checked, kept for the time without network. */

import { PublicKey } from "./keys.js";
import { ES256 } from "./cose.js";
import { fromB64u } from "./bytes.js";
import { Refusal } from "./refusal.js";
import { StatusList } from "./status.js";
import { TrustList } from "./trust.js";

const KEYS = "/.well-known/lvz/keys";
const STATUS = "/.well-known/lvz/status/1";

export class Evidence {
  #store;
  #api;
  #clock;
  #root = null;
  #etags = {};
  #statusCode = "credential.status_unavailable";

  constructor({ store, api, clock }) {
    this.#store = store;
    this.#api = api;
    this.#clock = clock;
    this.trust = null;
    this.status = null;
  }

  /** Start with what an earlier run kept. `rootKey` is the b64u key given at enrolment. */
  async load(rootKey) {
    this.#root = new PublicKey(ES256, fromB64u(rootKey));
    const keys = await this.#store.get("keys");
    if (keys) await this.#takeKeys(keys.data).catch(() => {});
    const status = await this.#store.get("status");
    if (status && this.trust) {
      await this.#takeStatus(status.data).catch((error) => {
        this.#statusCode = error.code ?? this.#statusCode;
      });
    }
  }

  /** Fetch both lists. A list that does not verify is not kept; the older one stays in use. */
  async refresh() {
    const keys = await this.#api.published(KEYS, this.#etags.keys);
    if (keys) {
      await this.#takeKeys(keys.data);
      await this.#store.set("keys", { data: keys.data });
      this.#etags.keys = keys.etag;
    }
    const status = await this.#api.published(STATUS, this.#etags.status);
    if (status) {
      await this.#takeStatus(status.data);
      await this.#store.set("status", { data: status.data });
      this.#etags.status = status.etag;
    }
  }

  async #takeKeys(data) {
    const seen = this.trust?.issuedAt ?? 0;
    this.trust = await TrustList.decode(data, { root: this.#root, at: this.#clock.now(), seen });
  }

  async #takeStatus(data) {
    const how = { trust: this.trust, at: this.#clock.now(), seen: this.status?.issuedAt ?? 0 };
    this.status = await StatusList.decode(data, how);
  }

  /** Age of the status list in seconds, null without one. */
  get statusAge() {
    return this.status ? Math.max(0, this.#clock.now() - this.status.issuedAt) : null;
  }

  /** What an offline verification stands on now; throws the `Refusal` that says what is missing. */
  current(at) {
    if (!this.trust) throw new Refusal("kiosk.not_ready");
    if (at >= this.trust.expiresAt) throw new Refusal("kiosk.keys_too_old");
    if (!this.status) throw new Refusal(this.#statusCode);
    if (at >= this.status.expiresAt) throw new Refusal("credential.status_too_old");
    return { trust: this.trust, status: this.status };
  }
}
