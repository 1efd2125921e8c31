"use strict";

const grants = require("../../utils/grants");
const ui = require("../../utils/ui");

Page(
  ui.withUi({
    data: { items: [], next: null, loaded: false, problem: "", busy: false },

    onShow() {
      return this.load(null);
    },

    reload() {
      return this.load(null);
    },

    more() {
      return this.load(this.data.next);
    },

    async load(before) {
      this.setData({ busy: true });
      try {
        const { items, next } = await grants.page(before);
        const shown = before ? this.data.items : [];
        this.setData({ items: shown.concat(items), next, loaded: true, problem: "" });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
      this.setData({ busy: false });
    },

    open(event) {
      wx.navigateTo({ url: `/pages/grant/grant?id=${event.currentTarget.dataset.id}` });
    },
  }),
);
