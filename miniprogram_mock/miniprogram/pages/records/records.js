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

Page(
  ui.withUi({
    data: { items: [], next: null, loaded: false, problem: "", busy: false },

    onShow() {
      if (!this.data.items.length) this.setData({ items: (store.read("records") || []).map(dress) });
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
      this.setData({ busy: true });
      try {
        const { items, next } = await api.verifications(before);
        if (!before) store.write("records", items);
        const shown = before ? this.data.items : [];
        this.setData({ items: shown.concat(items.map(dress)), next, loaded: true, problem: "" });
      } catch (error) {
        const kept = this.data.items.length ? "以下是上次读取的记录。" : "";
        this.setData({ problem: `${ui.explain(error)}${kept}` });
      }
      this.setData({ busy: false });
    },
  }),
);
