"use strict";

const api = require("../../utils/api");
const ui = require("../../utils/ui");

Page(
  ui.withUi({
    data: { court: null, parent: null, problem: "" },

    onLoad({ code }) {
      this.code = code;
      return this.load();
    },

    async load() {
      try {
        const { court, parent } = await api.court(this.code);
        this.setData({ court, parent, problem: "" });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
    },
  }),
);
