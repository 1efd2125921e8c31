"use strict";

const api = require("../../utils/api");
const ui = require("../../utils/ui");
const words = require("../../utils/fee_words");

Page(
  ui.withUi({
    data: {
      kinds: words.COMMON,
      all: false,
      kind: words.COMMON[0].key,
      amount: "",
      reductions: words.REDUCTIONS,
      error: "",
      problem: "",
      result: null,
      busy: false,
    },
    chosen: [],

    choose(event) {
      this.setData({ kind: event.currentTarget.dataset.key, result: null, error: "", problem: "" });
    },

    more() {
      this.setData({ kinds: words.COMMON.concat(words.RARE), all: true });
    },

    type(event) {
      this.setData({ amount: event.detail.value, error: "", result: null });
    },

    reduce(event) {
      this.chosen = event.detail.value;
      this.setData({ result: null });
    },

    async estimate() {
      const amount = words.fen(this.data.amount);
      if (Number.isNaN(amount)) {
        this.setData({ error: "请填写数字，最多两位小数", result: null });
        return;
      }
      this.setData({ busy: true, problem: "", error: "" });
      try {
        const asked = { kind: this.data.kind, amount_fen: amount, reductions: this.chosen };
        this.setData({ result: words.describe(await api.estimateFee(asked)) });
      } catch (error) {
        this.setData({ problem: ui.explain(error), result: null });
      }
      this.setData({ busy: false });
    },
  }),
);
