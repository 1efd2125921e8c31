"use strict";

const api = require("../../utils/api");
const ui = require("../../utils/ui");

Page(
  ui.withUi({
    data: { court: null, parent: null, functions: [], problem: "" },

    onLoad({ code }) {
      this.code = code;
      return this.load();
    },

    async load() {
      try {
        this.setData({ ...(await api.court(this.code)), problem: "" });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
    },
  }),
);
