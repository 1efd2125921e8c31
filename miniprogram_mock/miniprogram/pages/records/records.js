"use strict";

const api = require("../../utils/api");
const clock = require("../../utils/clock");
const format = require("../../utils/format");
const store = require("../../utils/store");
const ui = require("../../utils/ui");

const FORMS = { LVZ1: "标准码", LVZ2: "简码", LVZ3: "数字码" };

const dress = (item) => ({
  ...item,
  when: format.dayAndTime(item.at, clock.now()),
  formName: FORMS[item.form] || item.form,
});

/** The two logs: who verified me, and where I was let in or not. */
const LOGS = {
  seen: { read: api.verifications, kept: "records" },
  passed: { read: api.entries, kept: "entries" },
};

const kept = (log) => (store.read(LOGS[log].kept) || []).map(dress);

Page(
  ui.withUi({
    data: { log: "seen", items: [], next: null, loaded: false, problem: "", busy: false },

    onShow() {
      if (!this.data.items.length) this.setData({ items: kept(this.data.log) });
      return this.load(null);
    },

    choose(event) {
      const { log } = event.currentTarget.dataset;
      this.setData({ log, items: kept(log), next: null, loaded: false, problem: "" });
      return this.load(null);
    },

    reload() {
      return this.load(null);
    },

    more() {
      return this.load(this.data.next);
    },

    /** before: null reads the newest page and keeps it for a start without network. */
    async load(before) {
      const { log } = this.data;
      this.setData({ busy: true });
      try {
        const { items, next } = await LOGS[log].read(before);
        if (!before) store.write(LOGS[log].kept, items);
        if (log !== this.data.log) return;
        const shown = before ? this.data.items : [];
        this.setData({ items: shown.concat(items.map(dress)), next, loaded: true, problem: "" });
      } catch (error) {
        const old = this.data.items.length ? "以下是上次读取的记录。" : "";
        if (log === this.data.log) this.setData({ problem: `${ui.explain(error)}${old}` });
      }
      this.setData({ busy: false });
    },
  }),
);
