"use strict";

const api = require("../../utils/api");
const ui = require("../../utils/ui");
const words = require("../../utils/feedback_words");

const EMPTY = { kind: "", court: null, text: "", against_name: "", case_number: "", contact: "" };
const SHORTEST = 5;

Page(
  ui.withUi({
    data: {
      ...EMPTY,
      kinds: words.KINDS,
      hint: "",
      caseId: "",
      about: null,
      kept: false,
      errors: {},
      problem: "",
      caseProblem: "",
      busy: false,
    },

    onLoad({ case_id: caseId = "" } = {}) {
      this.name = `complaint ${caseId}`;
      const kept = words.draft(this.name);
      this.key = kept?.key;
      this.setData({ caseId, ...EMPTY, ...kept, kept: Boolean(kept) });
      this.describe();
      return this.loadCase();
    },

    /** Say which case it is about; without it the complaint can be written all the same. */
    async loadCase() {
      const { caseId } = this.data;
      if (!caseId) return;
      try {
        this.setData({ about: (await api.caseDetail(caseId)).case, caseProblem: "" });
      } catch (error) {
        this.setData({ caseProblem: ui.explain(error) });
      }
    },

    describe() {
      this.setData({ hint: words.KINDS.find(({ key }) => key === this.data.kind)?.hint || "" });
    },

    /** What is changed is kept at once; another text is another complaint, so it gets another key. */
    change(values) {
      const cleared = Object.fromEntries(Object.keys(values).map((name) => [`errors.${name}`, ""]));
      this.setData({ ...values, ...cleared, problem: "" });
      this.key = api.newKey();
      const { kind, court, text, against_name, case_number, contact } = this.data;
      words.keep(this.name, { kind, court, text, against_name, case_number, contact, key: this.key });
    },

    choose(event) {
      this.change({ kind: event.currentTarget.dataset.key });
      this.describe();
    },

    pick(event) {
      this.change({ court: event.detail.court });
    },

    type(event) {
      this.change({ [event.currentTarget.dataset.name]: event.detail.value });
    },

    complete() {
      const { kind, court, caseId, text } = this.data;
      const errors = {};
      if (!kind) errors.kind = "请选择投诉什么";
      if (!court && !caseId && kind !== "system") errors.court = "请查找并点选被投诉的法院";
      if (text.trim().length < SHORTEST) errors.text = "请写明经过，至少五个字";
      const first = Object.values(errors)[0] || "";
      this.setData({ errors, problem: first && `还不能提交：${first}。` });
      return !first;
    },

    asked() {
      const { kind, court, caseId, text, against_name, case_number, contact } = this.data;
      const asked = { kind, text: text.trim(), against_name: against_name.trim(), contact: contact.trim() };
      if (caseId) return { ...asked, case_id: caseId };
      if (kind === "system") return asked; // about the platform: the fields of a court are not shown
      return { ...asked, case_number: case_number.trim(), court_code: court.code };
    },

    async send() {
      if (!this.complete()) return;
      this.setData({ busy: true, problem: "" });
      try {
        const { ticket } = await api.complain(this.asked(), this.key);
        words.drop(this.name);
        wx.redirectTo({ url: `/pages/complaint/complaint?id=${ticket.id}&new=1` });
      } catch (error) {
        const { court_code: court = "", ...errors } = words.fieldErrors(error);
        this.setData({ problem: `${ui.explain(error)}您写的内容还在。`, errors: { ...errors, court } });
      }
      this.setData({ busy: false });
    },
  }),
);
