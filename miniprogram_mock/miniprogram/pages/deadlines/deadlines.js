"use strict";

const api = require("../../utils/api");
const ui = require("../../utils/ui");
const words = require("../../utils/deadline_words");

Page(
  ui.withUi({
    data: { groups: [], problem: "" },

    onLoad() {
      return this.load();
    },

    async load() {
      this.setData({ problem: "" });
      try {
        this.setData({ groups: words.groups((await api.deadlines()).items) });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
    },

    open(event) {
      const [rule, variant] = event.currentTarget.dataset.key.split("/");
      wx.navigateTo({ url: `/pages/deadline/deadline?rule=${rule}&variant=${variant}` });
    },
  }),
);
