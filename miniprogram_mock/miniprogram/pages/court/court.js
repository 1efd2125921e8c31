"use strict";

const api = require("../../utils/api");
const ui = require("../../utils/ui");
const words = require("../../utils/function_words");

Page(
  ui.withUi({
    data: { court: null, parent: null, offered: [], others: [], problem: "" },

    onLoad({ code }) {
      this.code = code;
      return this.load();
    },

    async load() {
      try {
        const { court, parent, functions } = await api.court(this.code);
        this.setData({ court, parent, ...words.sorted(functions), problem: "" });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
    },
  }),
);
