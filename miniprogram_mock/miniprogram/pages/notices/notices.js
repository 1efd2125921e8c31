"use strict";

const api = require("../../utils/api");
const clock = require("../../utils/clock");
const format = require("../../utils/format");
const ui = require("../../utils/ui");

Page(
  ui.withUi({
    data: { items: [], loaded: false, problem: "" },

    onShow() {
      return this.load();
    },

    async load() {
      this.setData({ problem: "" });
      try {
        const { items } = await api.notices();
        const dressed = items.map((item) => ({ ...item, when: format.dayAndTime(item.at, clock.now()) }));
        this.setData({ items: dressed, loaded: true });
        if (items.some(({ read }) => !read)) await api.markNoticesRead();
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
    },
  }),
);
