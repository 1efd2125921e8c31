"use strict";

const api = require("../../utils/api");
const ui = require("../../utils/ui");
const words = require("../../utils/feedback_words");

const NAME = "suggestion";
const EMPTY = { area: "", court: null, text: "" };
const SHORTEST = 5;

Page(
  ui.withUi({
    data: {
      ...EMPTY,
      areas: words.AREAS,
      toCourt: false,
      items: [],
      loaded: false,
      errors: {},
      problem: "",
      listProblem: "",
      sent: "",
      busy: false,
    },

    onLoad() {
      const kept = words.draft(NAME);
      this.key = kept?.key;
      this.setData({ ...EMPTY, ...kept, toCourt: Boolean(kept?.court) });
      return this.load();
    },

    async load() {
      try {
        this.setData({ items: (await api.suggestions()).items, loaded: true, listProblem: "" });
      } catch (error) {
        this.setData({ listProblem: ui.explain(error) });
      }
    },

    change(values) {
      const cleared = Object.fromEntries(Object.keys(values).map((name) => [`errors.${name}`, ""]));
      this.setData({ ...values, ...cleared, problem: "", sent: "" });
      this.key = api.newKey();
      const { area, court, text } = this.data;
      words.keep(NAME, { area, court, text, key: this.key });
    },

    choose(event) {
      this.change({ area: event.currentTarget.dataset.key });
    },

    address(event) {
      const toCourt = event.currentTarget.dataset.key === "court";
      this.setData({ toCourt });
      if (!toCourt) this.change({ court: null });
    },

    pick(event) {
      this.change({ court: event.detail.court });
    },

    type(event) {
      this.change({ text: event.detail.value });
    },

    complete() {
      const { area, text, toCourt, court } = this.data;
      const errors = {};
      if (!area) errors.area = "请选择关于什么";
      if (toCourt && !court) errors.court = "请查找并点选法院";
      if (text.trim().length < SHORTEST) errors.text = "请写明建议，至少五个字";
      const first = Object.values(errors)[0] || "";
      this.setData({ errors, problem: first && `还不能提交：${first}。` });
      return !first;
    },

    async send() {
      if (!this.complete()) return;
      this.setData({ busy: true, problem: "" });
      try {
        const { area, court, text } = this.data;
        const asked = { area, text: text.trim(), court_code: court ? court.code : null };
        const made = await api.suggest(asked, this.key);
        words.drop(NAME);
        const sent = `建议已收到，编号 ${made.number}。`;
        this.setData({ ...EMPTY, toCourt: false, sent, items: [made].concat(this.data.items), errors: {} });
      } catch (error) {
        const { court_code: court = "", ...errors } = words.fieldErrors(error);
        this.setData({ problem: `${ui.explain(error)}您写的内容还在。`, errors: { ...errors, court } });
      }
      this.setData({ busy: false });
    },
  }),
);
