"use strict";

const api = require("../../utils/api");
const ui = require("../../utils/ui");
const words = require("../../utils/feedback_words");

const FIELDS = { satisfied: null, note: "" };

Page(
  ui.withUi({
    data: { ...FIELDS, view: null, fresh: false, error: "", wrong: "", problem: "", sending: "", busy: "" },

    onLoad({ id, new: fresh }) {
      this.id = id;
      this.name = `complaint note ${id}`;
      const { key, ...kept } = words.draft(this.name) || {};
      this.key = key;
      this.setData({ fresh: Boolean(fresh), ...FIELDS, ...kept });
      return this.load();
    },

    async load() {
      this.setData({ busy: "load", problem: "" });
      try {
        this.setData({ view: words.opened(await api.complaint(this.id)) });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
      this.setData({ busy: "" });
    },

    /** The key stays while nothing is changed: what is sent twice then counts once. */
    keep() {
      this.key = api.newKey();
      words.keep(this.name, { satisfied: this.data.satisfied, note: this.data.note, key: this.key });
    },

    choose(event) {
      this.setData({ satisfied: event.currentTarget.dataset.key === "yes", error: "", sending: "" });
      this.keep();
    },

    type(event) {
      this.setData({ note: event.detail.value, wrong: "", sending: "" });
      this.keep();
    },

    judge() {
      const { satisfied, note } = this.data;
      if (satisfied === null) {
        this.setData({ error: "请先点选满意或者不满意" });
        return null;
      }
      return this.send("judge", () => api.judgeReply(this.id, { satisfied, note: note.trim() }, this.key));
    },

    reopen() {
      const note = this.data.note.trim();
      if (note.length < 2) {
        this.setData({ wrong: "请写明为什么要重新办理" });
        return null;
      }
      return this.send("reopen", () => api.reopenComplaint(this.id, note, this.key));
    },

    async send(what, action) {
      this.setData({ busy: what, sending: "" });
      try {
        const view = words.opened(await action());
        words.drop(this.name);
        this.setData({ view, ...FIELDS, fresh: false });
        wx.showToast({ title: "已提交", icon: "none" });
      } catch (error) {
        const { note = "" } = words.fieldErrors(error);
        this.setData({ sending: `${ui.explain(error)}您写的内容还在。`, wrong: note });
      }
      this.setData({ busy: "" });
    },
  }),
);
