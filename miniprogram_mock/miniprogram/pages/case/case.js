"use strict";

const api = require("../../utils/api");
const clock = require("../../utils/clock");
const format = require("../../utils/format");
const ui = require("../../utils/ui");
const words = require("../../utils/filing_words");

const STATES = { running: "计算中", met: "已完成", passed: "已届满", stopped: "已终止" };
const day = (text) => format.date(`${text}T00:00:00+08:00`);

Page(
  ui.withUi({
    data: { card: null, parties: [], clocks: [], events: [], problem: "" },

    onLoad({ id }) {
      this.id = id;
    },

    onShow() {
      return this.load();
    },

    toApply() {
      wx.navigateTo({ url: `/pages/apply/apply?id=${this.id}` });
    },

    toRating() {
      wx.navigateTo({ url: `/pages/rating/rating?id=${this.id}` });
    },

    toComplaints() {
      wx.navigateTo({ url: `/pages/complaints/complaints?case_id=${this.id}` });
    },

    async load() {
      try {
        const { case: card, parties, clocks, events } = await api.caseDetail(this.id);
        this.setData({
          card: { ...card, amount: card.claim_fen === null ? "" : words.money(card.claim_fen), accepted: card.accepted_on ? day(card.accepted_on) : "" },
          parties,
          clocks: clocks.map((each, key) => ({ ...each, key, due: day(each.due_on), word: STATES[each.state], law: each.basis.join("；") })),
          events: events.map((each, key) => ({ ...each, key, when: format.dayAndTime(each.at, clock.now()) })),
          problem: "",
        });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
    },
  }),
);
