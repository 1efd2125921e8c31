"use strict";

const api = require("../../utils/api");
const clock = require("../../utils/clock");
const format = require("../../utils/format");
const ui = require("../../utils/ui");

const STAGES = [
  { key: "", name: "全部" },
  { key: "mediation", name: "诉前调解" },
  { key: "accepted", name: "已立案" },
  { key: "pre_trial", name: "审理前准备" },
  { key: "trial", name: "开庭审理" },
  { key: "closed", name: "已结案" },
];

Page(
  ui.withUi({
    data: { words: "", stage: "", stages: STAGES, items: [], next: null, loaded: false, problem: "", busy: false },

    onShow() {
      return this.load(null);
    },

    type(event) {
      this.setData({ words: event.detail.value });
    },

    choose(event) {
      this.setData({ stage: event.currentTarget.dataset.key });
      return this.load(null);
    },

    search() {
      return this.load(null);
    },

    more() {
      return this.load(this.data.next);
    },

    async load(after) {
      this.setData({ busy: true });
      try {
        const asked = { q: this.data.words.trim(), stage: this.data.stage, after };
        const { items, next } = await api.cases(asked);
        const dressed = items.map((item) => ({ ...item, when: format.dayAndTime(item.news_at, clock.now()) }));
        this.setData({ items: (after ? this.data.items : []).concat(dressed), next, loaded: true, problem: "" });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
      this.setData({ busy: false });
    },

    open(event) {
      wx.navigateTo({ url: `/pages/case/case?id=${event.currentTarget.dataset.id}` });
    },

    toRepresent: () => wx.navigateTo({ url: "/pages/represent/represent" }),

    toFilings: () => wx.navigateTo({ url: "/pages/filings/filings" }),
  }),
);
