"use strict";

const api = require("../../utils/api");
const { attach, without } = require("../../utils/attach");
const clock = require("../../utils/clock");
const format = require("../../utils/format");
const store = require("../../utils/store");
const ui = require("../../utils/ui");
const words = require("../../utils/application_words");

const DOINGS = {
  withdraw: { title: "撤回申请", ask: "撤回后法院不再处理，可以重新提出。", done: "已撤回。" },
  security: { title: "已提供担保", done: "已告知法院，期限重新计算。" },
  reconsider: { title: "申请复议", done: "已申请复议。" },
};

Page(
  ui.withUi({
    data: { kinds: [], kind: null, basis: "", rows: [], mine: [], files: [], sending: null, saying: null, told: "", problem: "", good: "", ready: false, busy: false },

    onLoad({ id }) {
      this.id = id;
      this.typed = {};
      this.wrong = {};
      return this.load();
    },

    async load() {
      try {
        const [{ items: kinds }, { items }] = await Promise.all([api.applicationKinds(), api.applications(this.id)]);
        const of = Object.fromEntries(kinds.map((kind) => [kind.kind, kind]));
        const mine = items.map((each) => ({
          ...each,
          may: words.moves(each, of[each.kind]),
          steps: each.steps.map((step, key) => ({ ...step, key, when: format.dayAndTime(step.at, clock.now()) })),
        }));
        this.setData({ kinds, mine, ready: true, problem: "" });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
    },

    choose(event) {
      const kind = this.data.kinds.find((each) => each.kind === event.currentTarget.dataset.kind);
      this.typed = (store.read("applications") || {})[this.key(kind)] || {};
      this.wrong = {};
      this.setData({ kind, basis: kind.basis.join("；"), files: [], problem: "", good: "" });
      this.render();
    },

    /** What was typed stays on the phone until the court has it. */
    key(kind) {
      return `${this.id} ${kind.kind}`;
    },

    keep(typed) {
      const { [this.key(this.data.kind)]: _old, ...others } = store.read("applications") || {};
      store.write("applications", typed ? { ...others, [this.key(this.data.kind)]: typed } : others);
    },

    render() {
      this.setData({ rows: words.rows(this.data.kind, this.typed, this.wrong) });
    },

    put(name, value) {
      this.typed = { ...this.typed, [name]: value };
      this.keep(this.typed);
    },

    type(event) {
      this.put(event.currentTarget.dataset.field, event.detail.value);
    },

    pick(event) {
      const { field, key } = event.currentTarget.dataset;
      this.put(field, key);
      this.render();
    },

    tick(event) {
      this.put(event.currentTarget.dataset.field, event.detail.value.length > 0);
    },

    leave() {
      this.setData({ kind: null, problem: "" });
    },

    addFile() {
      return attach(this, "other");
    },

    removeFile(event) {
      this.setData({ files: without(this.data.files, event.currentTarget.dataset.id) });
    },

    async submit() {
      const { kind, files } = this.data;
      this.setData({ busy: true, problem: "" });
      try {
        const asked = { kind: kind.kind, fields: words.fields(kind, this.typed), material_ids: files.map((file) => file.id) };
        await api.apply(this.id, asked);
        this.keep(null);
        this.setData({ kind: null, good: `${kind.label}已提交，法院答复后会通知您。` });
        await this.load();
      } catch (error) {
        this.wrong = words.wrong(error);
        this.setData({ problem: error.extra?.sentence || error.extra?.notice || ui.explain(error) });
        this.render();
      }
      this.setData({ busy: false });
    },

    // --- what was applied for already ------------------------------------------------------------

    say(event) {
      const { id, doing } = event.currentTarget.dataset;
      this.setData({ saying: { id, doing, title: DOINGS[doing].title }, told: "" });
    },

    tell(event) {
      this.setData({ told: event.detail.value });
    },

    async send() {
      const { saying, told } = this.data;
      if (told.trim().length < 2) {
        this.setData({ problem: "请写明情况，至少两个字。" });
        return;
      }
      await this.act(saying.doing, () => api.tellOfApplication(saying.id, saying.doing, told.trim()));
    },

    async withdraw(event) {
      const { id } = event.currentTarget.dataset;
      if (await ui.confirm({ title: DOINGS.withdraw.title, content: DOINGS.withdraw.ask }))
        await this.act("withdraw", () => api.withdrawApplication(id));
    },

    async act(doing, work) {
      this.setData({ busy: true, problem: "" });
      try {
        await work();
        this.setData({ saying: null, good: DOINGS[doing].done });
        await this.load();
      } catch (error) {
        this.setData({ problem: error.extra?.sentence || ui.explain(error) });
      }
      this.setData({ busy: false });
    },
  }),
);
