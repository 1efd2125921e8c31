/**
 * Scans decided offline, and what officers decided at any time, taken to the server when it is
 * there; repeating is harmless (ids).
 */

import { Problem } from "./api.js";

const BATCH = 50;
/** Answers that may change by themselves: wait instead of giving an item up. */
const TEMPORARY = new Set([401, 408, 425, 429]);

export class Uploads {
  #store;
  #api;
  #running = false;
  #asked = false;

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
    this.#asked = true;
    if (this.#running) return;
    this.#running = true;
    try {
      while (this.#asked) {
        this.#asked = false;
        await this.#all(await this.waiting());
      }
    } finally {
      this.#running = false;
    }
  }

  /** A decision names the scan it is about, so scans go first. */
  async #all(items) {
    const scans = items.filter((item) => !isEntry(item));
    for (let at = 0; at < scans.length; at += BATCH) await this.#send(scans.slice(at, at + BATCH));
    const entries = items.filter(isEntry);
    for (let at = 0; at < entries.length; at += BATCH) await this.#send(entries.slice(at, at + BATCH));
  }

  async #send(items) {
    const entries = isEntry(items[0]);
    try {
      const sent = items.map(entries ? wireEntry : wire);
      const answer = await (entries ? this.#api.enter(sent) : this.#api.upload(sent));
      const flagged = answer.flagged ?? [];
      await this.#store.dequeue([...answer.accepted, ...flagged.map(({ id }) => id)]);
      // What does not fit in a decision is for the court's own page, not for this screen.
      if (!entries) flagged.forEach((flag) => this.onFlag(flag));
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

const isEntry = ({ what }) => what === "entry";
const wireEntry = ({ what: _, ...entry }) => entry;
const wire = ({ id, text, at, outcome, code }) => ({ id, text, at, outcome, ...(code && { code }) });
