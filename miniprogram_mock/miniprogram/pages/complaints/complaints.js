"use strict";

const api = require("../../utils/api");
const ui = require("../../utils/ui");
const words = require("../../utils/feedback_words");

Page(
  ui.withUi({
    data: { items: [], loaded: false, canCall: false, problem: "", busy: false },

    onLoad({ case_id: caseId = "" } = {}) {
      this.caseId = caseId;
      this.setData({ canCall: Boolean(wx.makePhoneCall) });
    },

    onShow() {
      return this.load();
    },

    async load() {
      this.setData({ busy: true });
      try {
        const { items } = await api.complaints();
        this.setData({ items: items.map(words.line), loaded: true, problem: "" });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
      this.setData({ busy: false });
    },

    complain() {
      wx.navigateTo({ url: `/pages/complain/complain${this.caseId ? `?case_id=${this.caseId}` : ""}` });
    },

    open(event) {
      wx.navigateTo({ url: `/pages/complaint/complaint?id=${event.currentTarget.dataset.id}` });
    },

    suggest: () => wx.navigateTo({ url: "/pages/suggest/suggest" }),
    rate: () => wx.navigateTo({ url: "/pages/rating/rating" }),
    call: () => wx.makePhoneCall({ phoneNumber: "12368", fail: () => null }),
  }),
);
