"use strict";

const api = require("../../utils/api");
const ui = require("../../utils/ui");
const words = require("../../utils/deadline_words");

Page(
  ui.withUi({
    data: {
      item: null,
      event: "",
      day: "",
      custody: false,
      error: "",
      problem: "",
      result: null,
      busy: false,
    },

    onLoad({ rule, variant = "" }) {
      this.asked = { rule, variant };
      return this.load();
    },

    async load() {
      this.setData({ problem: "" });
      try {
        const { rule, variant } = this.asked;
        const { items } = await api.deadlines();
        const item = items.find((one) => one.rule === rule && one.variant === variant);
        if (!item) throw new Error("no such deadline");
        this.setData({ item, event: words.eventOf(item) });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
    },

    type(event) {
      this.setData({ day: event.detail.value, error: "", result: null });
    },

    setCustody(event) {
      this.setData({ custody: event.detail.value, result: null });
    },

    async count() {
      const day = words.day(this.data.day);
      if (!day) {
        this.setData({ error: "请填写年月日，例如 20261125", result: null });
        return;
      }
      this.setData({ busy: true, problem: "" });
      try {
        const found = await api.countDeadline({ ...this.asked, day, in_custody: this.data.custody });
        const [last, act] = [found.last_day, found.act_by].map(words.inWords);
        this.setData({ result: { ...found, last, act } });
      } catch (error) {
        this.setData({ problem: ui.explain(error), result: null });
      }
      this.setData({ busy: false });
    },
  }),
);
