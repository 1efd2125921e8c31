/**
 * Keeps a draft: what is typed goes to the phone's memory at once and to the server a moment later.
 * A save that fails is tried again; what another device saved meanwhile is never written over.
 */
"use strict";

const api = require("./api");
const store = require("./store");

const PAUSE = 800;
const AGAIN = 5000;

class DraftKeeper {
  /** told(what): {saving} | {savedAt} | {waiting} | {conflict, section} | {problems} */
  constructor({ id, versions, told }) {
    this.id = id;
    this.versions = versions;
    this.told = told;
    this.timer = null;
    this.running = null;
    this.pending = { ...(store.read("filings") || {})[id] };
  }

  /** What was typed on this phone and has not reached the server. */
  unsent(section) {
    return this.pending[section] || null;
  }

  put(section, content) {
    this.pending[section] = content;
    this.remember();
    this.told({ waiting: false, saving: true });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), PAUSE);
  }

  /** Send everything that waits; answers whether nothing waits any more. */
  async flush() {
    clearTimeout(this.timer);
    while (this.running) await this.running;
    this.running = this.sendAll();
    const done = await this.running;
    this.running = null;
    return done;
  }

  async sendAll() {
    for (const [section, content] of Object.entries(this.pending)) {
      if (!(await this.send(section, content))) return false;
    }
    return true;
  }

  async send(section, content) {
    try {
      const saved = await api.saveSection(this.id, section, { version: this.versions[section], content });
      this.versions[section] = saved.version;
      if (this.pending[section] === content) delete this.pending[section];
      this.remember();
      this.told({ savedAt: saved.saved_at, problems: saved.problems });
      return true;
    } catch (error) {
      this.failed(section, error);
      return false;
    }
  }

  failed(section, error) {
    if (error.code === "filing.section_changed") {
      this.told({ conflict: error.extra.current, section });
      return;
    }
    if (error.code === "filing.section_malformed") {
      this.told({ refused: error.extra.errors || [], title: error.title });
      return;
    }
    this.told({ waiting: true, title: error.title });
    if (error.network) this.timer = setTimeout(() => this.flush(), AGAIN);
  }

  /** Settle a conflict: `mine` goes on with what this phone has, else with the other device's. */
  settle(section, current, mine) {
    this.versions[section] = current.version;
    if (!mine) delete this.pending[section];
    this.remember();
    return mine ? this.flush() : Promise.resolve(true);
  }

  forget() {
    this.pending = {};
    this.remember();
  }

  stop() {
    clearTimeout(this.timer);
  }

  remember() {
    const all = { ...store.read("filings") };
    if (Object.keys(this.pending).length) all[this.id] = { ...this.pending };
    else delete all[this.id];
    store.write("filings", all);
  }
}

module.exports = { DraftKeeper };
