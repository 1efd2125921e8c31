"use strict";

const api = require("../../utils/api");
const { attach, without } = require("../../utils/attach");
const ui = require("../../utils/ui");

const AUTHORITIES = [
  { key: "general", name: "一般授权" },
  { key: "special", name: "特别授权" },
];
const POWERS = [
  { key: "admit", name: "承认诉讼请求" },
  { key: "waive", name: "放弃诉讼请求" },
  { key: "change_claims", name: "变更诉讼请求" },
  { key: "settle", name: "进行和解" },
  { key: "counterclaim", name: "提起反诉" },
  { key: "appeal", name: "提起上诉" },
];
const PAPERS = [
  { kind: "power_of_attorney", name: "授权委托书" },
  { kind: "firm_letter", name: "律师事务所函" },
];

Page(
  ui.withUi({
    data: {
      authorities: AUTHORITIES, powers: POWERS, papers: PAPERS, items: [], files: [], sending: null, courts: [], courtWords: "", court: null,
      number: "", party: "", authority: "general", ready: false, busy: false, problem: "", good: "",
    },

    onLoad() {
      this.chosen = [];
      return this.load();
    },

    async load() {
      try {
        const { items } = await api.representations();
        this.setData({ items: items.map((each) => ({ ...each, powersText: each.power_names.join("、") })), ready: true, problem: "" });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
    },

    typeCourt(event) {
      this.setData({ courtWords: event.detail.value });
    },

    async searchCourts() {
      this.setData({ busy: true, problem: "" });
      try {
        const { items } = await api.courts({ q: this.data.courtWords.trim().replace(/\(/g, "（").replace(/\)/g, "）") });
        this.setData({ courts: items, problem: items.length ? "" : "没有找到这个法院，请换个写法。" });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
      this.setData({ busy: false });
    },

    chooseCourt(event) {
      const { code, name } = event.currentTarget.dataset;
      this.setData({ court: { code, name }, courts: [], courtWords: "" });
    },

    type(event) {
      this.setData({ [event.currentTarget.dataset.field]: event.detail.value });
    },

    chooseAuthority(event) {
      this.setData({ authority: event.currentTarget.dataset.key });
    },

    choosePowers(event) {
      this.chosen = event.detail.value;
    },

    addFile(event) {
      return attach(this, event.currentTarget.dataset.kind);
    },

    removeFile(event) {
      this.setData({ files: without(this.data.files, event.currentTarget.dataset.id) });
    },

    /** What is still missing, in words; "" when it can be sent. */
    missing() {
      const { court, number, party, files, authority } = this.data;
      if (!court) return "请先查找并选择受理法院。";
      if (number.trim().length < 4) return "请填写案号，例如：（2026）京0105民初12345号。";
      if (!party.trim()) return "请填写您代理的当事人姓名或者名称。";
      if (authority === "special" && !this.chosen.length) return "特别授权须写明具体事项。";
      const lacking = PAPERS.filter(({ kind }) => !files.some((file) => file.kind === kind));
      return lacking.length ? `请上传${lacking.map(({ name }) => name).join("和")}。` : "";
    },

    async submit() {
      const { court, number, party, authority, files } = this.data;
      const problem = this.missing();
      if (problem) {
        this.setData({ problem });
        return;
      }
      this.setData({ busy: true, problem: "" });
      try {
        await api.represent({
          court_code: court.code,
          case_number: number.trim(),
          party_name: party.trim(),
          authority,
          powers: authority === "special" ? this.chosen : [],
          material_ids: files.map((file) => file.id),
        });
        this.setData({ good: "已提交，法院核实后会通知您。", number: "", party: "", files: [] });
        await this.load();
      } catch (error) {
        this.setData({ problem: error.extra?.message || ui.explain(error) });
      }
      this.setData({ busy: false });
    },

    async end(event) {
      const { id } = event.currentTarget.dataset;
      const asked = { title: "解除代理", content: "解除后您不再是本案代理人，法院会通知其他当事人（民诉法第六十三条）。" };
      if (!(await ui.confirm(asked))) return;
      this.setData({ busy: true, problem: "" });
      try {
        await api.endRepresentation(id, "律师在手机上解除代理");
        this.setData({ good: "已解除代理。" });
        await this.load();
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
      this.setData({ busy: false });
    },
  }),
);
