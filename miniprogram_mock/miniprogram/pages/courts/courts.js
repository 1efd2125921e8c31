"use strict";

const api = require("../../utils/api");
const ui = require("../../utils/ui");

const WORDS = /^[㐀-鿿（）0-9]{1,50}$/;

Page(
  ui.withUi({
    data: { words: "", items: [], next: null, asked: false, error: "", problem: "", busy: false },

    type(event) {
      this.setData({ words: event.detail.value, error: "" });
    },

    search() {
      const words = this.data.words.trim().replace(/\(/g, "（").replace(/\)/g, "）");
      if (words && !WORDS.test(words)) {
        this.setData({ error: "只填汉字和数字" });
        return null;
      }
      this.words = words;
      return this.load(null);
    },

    more() {
      return this.load(this.data.next);
    },

    async load(after) {
      this.setData({ busy: true });
      try {
        const { items, next } = await api.courts({ q: this.words, after });
        const shown = after ? this.data.items : [];
        this.setData({ items: shown.concat(items), next, asked: true, problem: "" });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
      this.setData({ busy: false });
    },

    open(event) {
      wx.navigateTo({ url: `/pages/court/court?code=${event.currentTarget.dataset.code}` });
    },
  }),
);
