"use strict";

const api = require("../../utils/api");
const ui = require("../../utils/ui");

const WORDS = /^[㐀-鿿（）0-9]{1,50}$/;

/** 选法院: found by some words of its name; `pick` says {code, name}, or null when it is taken away. */
Component({
  options: { styleIsolation: "apply-shared" },
  properties: {
    label: String,
    chosen: { type: Object, value: null },
    error: String,
  },
  data: { words: "", items: [], asked: false, more: false, wrong: "", busy: false },
  methods: {
    type(event) {
      this.setData({ words: event.detail.value, wrong: "" });
    },

    async search() {
      const words = this.data.words.trim().replace(/\(/g, "（").replace(/\)/g, "）");
      if (!WORDS.test(words)) {
        this.setData({ wrong: words ? "只填汉字和数字" : "请填写法院名称中的两三个字" });
        return;
      }
      this.setData({ busy: true, wrong: "" });
      try {
        const { items, next } = await api.courts({ q: words });
        this.setData({ items, more: Boolean(next), asked: true });
      } catch (error) {
        this.setData({ wrong: ui.explain(error) });
      }
      this.setData({ busy: false });
    },

    pick(event) {
      const { code, name } = event.currentTarget.dataset;
      this.setData({ items: [], asked: false, words: "" });
      this.triggerEvent("pick", { court: { code, name } });
    },

    again() {
      this.triggerEvent("pick", { court: null });
    },
  },
});
