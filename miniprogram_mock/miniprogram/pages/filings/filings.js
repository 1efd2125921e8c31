"use strict";

const api = require("../../utils/api");
const ui = require("../../utils/ui");
const words = require("../../utils/filing_words");

Page(
  ui.withUi({
    data: { drafts: [], sent: [], kinds: [], choosing: false, loaded: false, problem: "", busy: false },

    onShow() {
      return this.load();
    },

    async load() {
      try {
        const items = (await api.filings()).items.map(words.dressed);
        this.setData({
          drafts: items.filter((item) => item.open),
          sent: items.filter((item) => !item.open),
          loaded: true,
          problem: "",
        });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
    },

    async choose() {
      try {
        this.setData({ kinds: (await api.filingKinds()).items, choosing: true, problem: "" });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
    },

    async begin(event) {
      this.setData({ busy: true, problem: "" });
      try {
        const { filing } = await api.beginFiling(event.currentTarget.dataset.kind);
        this.setData({ choosing: false });
        wx.navigateTo({ url: `/pages/filing/filing?id=${filing.id}` });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
      this.setData({ busy: false });
    },

    open(event) {
      const { id, open } = event.currentTarget.dataset;
      wx.navigateTo({ url: `/pages/${open ? "filing/filing" : "filed/filed"}?id=${id}` });
    },

    async discard(event) {
      const { id, title } = event.currentTarget.dataset;
      const yes = await ui.confirm({
        title: "删除草稿？",
        content: `《${title}》填写的内容会一并删除，不能恢复。`,
        confirmText: "删除",
      });
      if (!yes) return;
      try {
        await api.discardFiling(id);
        await this.load();
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
    },
  }),
);
