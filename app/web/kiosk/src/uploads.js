/** Scans decided offline, taken to the server when it is back; repeating is harmless (ids). */

import { Problem } from "./api.js";

const BATCH = 50;
/** Answers that may change by themselves: wait instead of giving an item up. */
const TEMPORARY = new Set([401, 408, 425, 429]);

export class Uploads {
  #store;
  #api;
  #running = false;

  constructor({ store, api }) {
    this.#store = store;
    this.#api = api;
    this.onFlag = () => {};
  }

  async waiting() {
    return (await this.#store.queued()).filter((item) => !item.rejected);
  }

  /** Upload everything that waits. Throws `Unreachable` when the server goes away meanwhile. */
  async run() {
    if (this.#running) return;
    this.#running = true;
    try {
      const items = await this.waiting();
      for (let at = 0; at < items.length; at += BATCH) await this.#send(items.slice(at, at + BATCH));
    } finally {
      this.#running = false;
    }
  }

  async #send(items) {
    try {
      const answer = await this.#api.upload(items.map(wire));
      const flagged = answer.flagged ?? [];
      await this.#store.dequeue([...answer.accepted, ...flagged.map(({ id }) => id)]);
      flagged.forEach((flag) => this.onFlag(flag));
    } catch (error) {
      if (!(error instanceof Problem) || TEMPORARY.has(error.status)) throw error;
      if (items.length > 1) {
        for (const item of items) await this.#send([item]);
      } else {
        // Kept for the record, but it must not hold up the others for ever.
        await this.#store.enqueue({ ...items[0], rejected: error.code });
      }
    }
  }
}

const wire = ({ id, text, at, outcome, code }) => ({ id, text, at, outcome, ...(code && { code }) });
