"use strict";

const api = require("../../utils/api");
const deadlineWords = require("../../utils/deadline_words");
const store = require("../../utils/store");
const ui = require("../../utils/ui");
const words = require("../../utils/purpose_words");

const OTHER_DAY = "other";
const NAME = /^[㐀-鿿（）0-9]{0,50}$/;

Page(
  ui.withUi({
    data: {
      today: "",
      items: [],
      purposes: [],
      loaded: false,
      purpose: "",
      courtWords: "",
      courts: null,
      court: null,
      days: [],
      day: "",
      otherDay: "",
      time: "",
      reference: "",
      errors: {},
      problem: "",
      done: "",
      busy: false,
    },

    onLoad() {
      return this.load();
    },

    async load() {
      this.setData({ busy: true, problem: "" });
      try {
        const { today, items, purposes } = await api.passes();
        store.write("passes", { today, items });
        this.show(today, items);
        const days = words.nearDays(today).concat({ iso: OTHER_DAY, name: "其他日期" });
        this.setData({ purposes, days, day: this.data.day || today, loaded: true });
        if (!this.data.court) this.setData({ court: store.read("purpose_court") || null });
        if (!this.data.court && !this.data.courts) await this.findCourts();
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
      this.setData({ busy: false });
    },

    show(today, items) {
      this.setData({ today, items: items.map((item) => words.dress(item, today)) });
    },

    choosePurpose(event) {
      this.setData({ purpose: event.currentTarget.dataset.key, "errors.purpose": "", done: "" });
    },
    chooseDay(event) {
      this.setData({ day: event.currentTarget.dataset.key, "errors.day": "", done: "" });
    },
    typeDay(event) {
      this.setData({ otherDay: event.detail.value, "errors.day": "" });
    },
    typeTime(event) {
      this.setData({ time: event.detail.value, "errors.time": "" });
    },
    typeReference(event) {
      this.setData({ reference: event.detail.value });
    },
    typeCourt(event) {
      this.setData({ courtWords: event.detail.value, "errors.court": "" });
    },

    async findCourts() {
      const asked = this.data.courtWords.trim();
      if (!NAME.test(asked)) {
        this.setData({ "errors.court": "只填汉字和数字" });
        return;
      }
      try {
        const { items } = await api.passCourts(asked);
        this.setData({ courts: items, problem: "" });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
    },

    chooseCourt(event) {
      const court = this.data.courts.find(({ code }) => code === event.currentTarget.dataset.code);
      this.setData({ court, courts: null, "errors.court": "" });
      store.write("purpose_court", court);
    },

    otherCourt() {
      this.setData({ court: null });
      return this.findCourts();
    },

    /** What was chosen, as the server takes it; null when something is missing, and said. */
    chosen() {
      const { purpose, court, day, otherDay, time, reference } = this.data;
      const hearing = purpose === "hearing";
      const on = day === OTHER_DAY ? deadlineWords.day(otherDay) : day;
      const at = hearing ? words.hour(time) : "";
      const errors = {
        purpose: purpose ? "" : "请选择用途",
        court: court ? "" : "请选择法院",
        day: on ? "" : "请填写年月日，例如 20261125",
        time: hearing && !at ? "请填写开庭时间，例如 14:30" : "",
      };
      this.setData({ errors });
      if (Object.values(errors).some(Boolean)) return null;
      const more = reference.trim() ? { case_reference: reference.trim() } : {};
      return { court_code: court.code, purpose, day: on, ...(at && { time: at }), ...more };
    },

    async save() {
      const asked = this.chosen();
      if (!asked) return;
      this.setData({ busy: true, problem: "", done: "" });
      try {
        const made = words.dress(await api.choosePass(asked), this.data.today);
        this.setData({ done: `已保存：${made.when}，${made.what}`, purpose: "", time: "", reference: "" });
        await this.load();
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
      this.setData({ busy: false });
    },

    async end(event) {
      const yes = await ui.confirm({ title: "取消这项用途？", content: "取消后按一般通行出示，不影响进门。", confirmText: "取消用途", cancelText: "保留" });
      if (!yes) return;
      this.setData({ busy: true, problem: "", done: "" });
      try {
        await api.endPass(event.currentTarget.dataset.id);
        await this.load();
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
      this.setData({ busy: false });
    },

    back: () => wx.navigateBack(),
  }),
);
