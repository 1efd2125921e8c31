"use strict";

const api = require("../../utils/api");
const ui = require("../../utils/ui");
const words = require("../../utils/feedback_words");

const STARS = [1, 2, 3, 4, 5];
const MEANING = { 1: "很不满意", 2: "不满意", 3: "一般", 4: "满意", 5: "很满意" };

/** With `id` the court's service in that case; without, the system. */
Page(
  ui.withUi({
    data: {
      caseId: "",
      view: null,
      phase: null,
      stars: STARS,
      rows: [],
      text: "",
      given: false,
      done: false,
      errors: {},
      problem: "",
      busy: "",
    },

    onLoad({ id = "" } = {}) {
      this.setData({ caseId: id });
      return this.load();
    },

    async load() {
      const { caseId } = this.data;
      this.setData({ busy: "load", problem: "" });
      try {
        const view = caseId ? await api.caseRatings(caseId) : await api.systemRating();
        this.setData({ view });
        if (view.phases.length) this.show(view.phases[view.phases.length - 1]);
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
      this.setData({ busy: "" });
    },

    /** Show a phase: what was given, and over it what was written and not yet sent. */
    show({ phase, scores, text }) {
      this.name = `rating ${this.data.caseId} ${phase || ""}`;
      const kept = (this.data.view.open && words.draft(this.name)) || {};
      this.scores = { ...scores, ...kept.scores };
      const given = Object.keys(scores).length > 0;
      this.setData({ phase, given, text: kept.text ?? text, done: false, errors: {}, problem: "" });
      this.paint();
    },

    paint() {
      const rows = this.data.view.dimensions.map(({ key, name }) => {
        const score = this.scores[key] || 0;
        return { key, name, score, meaning: MEANING[score] || "" };
      });
      this.setData({ rows });
    },

    keep() {
      words.keep(this.name, { scores: this.scores, text: this.data.text });
    },

    choosePhase(event) {
      this.show(this.data.view.phases.find(({ phase }) => phase === event.currentTarget.dataset.key));
    },

    score(event) {
      const { key, stars } = event.currentTarget.dataset;
      this.scores = { ...this.scores, [key]: Number(stars) };
      this.setData({ [`errors.${key}`]: "", done: false, problem: "" });
      this.paint();
      this.keep();
    },

    type(event) {
      this.setData({ text: event.detail.value, "errors.text": "", done: false });
      this.keep();
    },

    complete() {
      const missing = this.data.rows.filter(({ score }) => !score);
      const errors = Object.fromEntries(missing.map(({ key }) => [key, "请打分"]));
      const names = missing.map(({ name }) => name).join("、");
      this.setData({ errors, problem: names && `还有没打分的：${names}。` });
      return !names;
    },

    async send() {
      if (!this.complete()) return;
      const { caseId, phase, view } = this.data;
      const text = this.data.text.trim();
      this.setData({ busy: "send", problem: "" });
      try {
        if (caseId) await api.rateCase(caseId, { phase, scores: this.scores, text });
        else await api.rateSystem(this.scores);
        words.drop(this.name);
        const phases = view.phases.map((one) => (one.phase === phase ? { ...one, scores: this.scores, text } : one));
        this.setData({ done: true, given: true, "view.phases": phases });
      } catch (error) {
        const { text: wrong = "" } = words.fieldErrors(error);
        this.setData({ problem: `${ui.explain(error)}您的打分和文字还在。`, errors: { text: wrong } });
      }
      this.setData({ busy: "" });
    },
  }),
);
