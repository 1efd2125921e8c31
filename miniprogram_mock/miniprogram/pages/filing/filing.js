"use strict";

const api = require("../../utils/api");
const format = require("../../utils/format");
const ui = require("../../utils/ui");
const words = require("../../utils/filing_words");
const { send } = require("../../utils/attach");
const { DraftKeeper } = require("../../utils/draft_keeper");

Page(
  ui.withUi({
    data: {
      ready: false, step: 0, steps: [], section: "", value: {}, form: {}, parties: [], needs: [], amount: "",
      wrong: {}, saved: "", waiting: "", conflict: null, problem: "", correction: null, locked: false,
      courts: [], courtWords: "", otherCause: false, sending: null, duplicate: null, reason: "", busy: false,
    },

    onLoad({ id }) {
      this.id = id;
      return this.load();
    },

    onHide() {
      this.keeper?.flush();
    },

    onUnload() {
      this.keeper?.flush();
      this.keeper?.stop();
    },

    async load() {
      try {
        this.take(await api.filing(this.id));
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
    },

    take(found) {
      this.found = found;
      this.problems = found.problems;
      this.files = found.materials.map(({ id, name, kind }) => ({ id, name, kind, state: "已收存" }));
      const versions = Object.fromEntries(found.sections.map((each) => [each.section, each.version]));
      this.keeper = new DraftKeeper({ id: this.id, versions, told: (what) => this.hear(what) });
      this.contents = Object.fromEntries(found.sections.map((each) => [each.section, this.contentOf(each)]));
      this.visited = new Set(found.sections.filter((each) => each.version).map((each) => each.section));
      this.setData({ form: found.form, correction: found.corrections[found.corrections.length - 1] || null, ready: true, problem: "" });
      this.show(this.firstStep());
      this.keeper.flush();
    },

    contentOf({ section, version, content }) {
      return this.keeper.unsent(section) || (version ? content : words.blank(section, this.found.form));
    },

    /** Where to go on: what is to be corrected, or else the first step that is not whole. */
    firstStep() {
      const open = this.found.sections.findIndex(
        ({ section, editable }) => editable && (this.found.filing.state === "correction" || this.lacking(section)),
      );
      return open < 0 ? this.found.sections.length : open;
    },

    lacking(section) {
      return this.problems.filter((each) => each.section === section).length;
    },

    show(step) {
      const { sections, form } = this.found;
      const section = step < sections.length ? sections[step].section : "summary";
      const steps = form.sections.map((each, index) => ({
        ...each, index, left: this.visited.has(each.key) || section === "summary" ? this.lacking(each.key) : 0,
      }));
      const locked = section !== "summary" && !sections[step].editable;
      this.setData({ step, section, steps, locked, name: steps[step]?.name || "核对并提交", courts: [], duplicate: null });
      if (section === "summary") this.summarise();
      else this.render();
      if (section === "claims") this.setData({ amount: words.yuan(this.contents.claims.claim_fen) });
      wx.pageScrollTo?.({ scrollTop: 0, duration: 0 });
    },

    render() {
      const { section } = this.data;
      const { form } = this.found;
      const value = this.contents[section];
      const wrong = this.visited.has(section) ? words.errors(this.problems, section) : {};
      const more = {};
      if (section === "parties") more.parties = words.parties(value.items, form, wrong);
      if (section === "materials") more.needs = words.needs(form, this.files, wrong);
      if (section === "court") more.otherCause = this.data.otherCause || (value.cause !== "" && !form.causes.includes(value.cause));
      if (section === "agency") Object.assign(more, this.agency(value));
      this.setData({ value, wrong, ...more });
    },

    agency(value) {
      const own = this.contents.parties.items.map((party, index) => ({ index, name: party.name, side: party.side }));
      return {
        clients: own.filter((party) => party.side === "claimant").map((party) => ({ ...party, on: value.acts_for.includes(party.index) })),
        authorities: words.AUTHORITIES,
        powers: this.found.form.powers.map((power) => ({ ...power, on: value.powers.includes(power.key) })),
      };
    },

    /** Take a changed content: shown, kept on the phone, and saved a moment later. */
    change(values) {
      const { section } = this.data;
      this.contents[section] = { ...this.contents[section], ...values };
      this.keeper.put(section, this.contents[section]);
    },

    hear(what) {
      if (what.saving) this.setData({ saved: "正在保存…", waiting: "" });
      if (what.savedAt) {
        this.problems = what.problems;
        this.setData({ saved: `已保存 ${format.hourMinute(what.savedAt)}`, waiting: "" });
        if (this.data.section !== "summary") this.render(); // what was put right is no longer said
      }
      if (what.waiting) this.setData({ saved: "", waiting: `还没有传到服务器，已保存在本机。${what.title}` });
      if (what.conflict) this.setData({ conflict: { section: what.section, current: what.conflict }, saved: "" });
      if (what.refused) this.setData({ saved: "", waiting: what.refused[0]?.message || what.title });
    },

    async keepMine() {
      const { section, current } = this.data.conflict;
      this.setData({ conflict: null });
      await this.keeper.settle(section, current, true);
    },

    async keepOther() {
      const { section, current } = this.data.conflict;
      this.contents[section] = current.content;
      this.setData({ conflict: null });
      await this.keeper.settle(section, current, false);
      this.render();
    },

    type(event) {
      this.change({ [event.currentTarget.dataset.field]: event.detail.value });
    },

    // --- steps ---------------------------------------------------------------------------------

    async go(step) {
      this.setData({ busy: true });
      await this.keeper.flush();
      if (this.data.section !== "summary") this.visited.add(this.data.section);
      this.setData({ busy: false });
      if (!this.data.conflict) this.show(step);
    },

    next() {
      return this.go(this.data.step + 1);
    },

    back() {
      return this.go(this.data.step - 1);
    },

    jump(event) {
      return this.go(event.currentTarget.dataset.step);
    },

    // --- court -------------------------------------------------------------------------------

    typeCourt(event) {
      this.setData({ courtWords: event.detail.value });
    },

    async searchCourts() {
      this.setData({ busy: true });
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
      this.change({ court_code: code, court_name: name });
      this.setData({ courts: [], courtWords: "" });
      this.render();
    },

    chooseCause(event) {
      this.setData({ otherCause: false });
      this.change({ cause: event.currentTarget.dataset.cause });
      this.render();
    },

    typeOtherCause() {
      this.setData({ otherCause: true });
      this.change({ cause: "" });
      this.render();
    },

    // --- parties -------------------------------------------------------------------------------

    typeParty(event) {
      const { index, field } = event.currentTarget.dataset;
      this.changeParty(index, { [field]: event.detail.value });
    },

    chooseKind(event) {
      const { index, kind } = event.currentTarget.dataset;
      this.changeParty(index, { kind });
      this.render();
    },

    changeParty(index, values) {
      const items = this.contents.parties.items.map((party, at) => (at === index ? { ...party, ...values } : party));
      this.change({ items });
    },

    addParty(event) {
      const { side } = event.currentTarget.dataset;
      this.change({ items: [...this.contents.parties.items, words.newParty(side, this.found.form)] });
      this.render();
    },

    async removeParty(event) {
      const { index } = event.currentTarget.dataset;
      const { name } = this.contents.parties.items[index];
      if (name && !(await ui.confirm({ title: `删除${name}？`, content: "填写的信息会一并删除。", confirmText: "删除" }))) return;
      this.change({ items: this.contents.parties.items.filter((_, at) => at !== index) });
      this.render();
    },

    // --- claims --------------------------------------------------------------------------------

    typeClaim(event) {
      const { index } = event.currentTarget.dataset;
      this.change({ items: this.contents.claims.items.map((text, at) => (at === index ? event.detail.value : text)) });
    },

    addClaim() {
      this.change({ items: [...this.contents.claims.items, ""] });
      this.render();
    },

    removeClaim(event) {
      const { index } = event.currentTarget.dataset;
      this.change({ items: this.contents.claims.items.filter((_, at) => at !== index) });
      this.render();
    },

    typeAmount(event) {
      const value = words.fen(event.detail.value);
      if (Number.isNaN(value)) {
        this.setData({ "wrong.claim_fen": "请填写数字，最多两位小数" });
        return;
      }
      this.setData({ "wrong.claim_fen": "" });
      this.change({ claim_fen: value });
    },

    // --- materials -----------------------------------------------------------------------------

    async addFile(event) {
      const material = await send(this, event.currentTarget.dataset.kind);
      if (!material) return;
      this.files = [...this.files, { id: material.id, name: material.name, kind: material.kind, state: "已收存" }];
      this.changeFiles();
    },

    removeFile(event) {
      this.files = this.files.filter((file) => file.id !== event.currentTarget.dataset.id);
      this.changeFiles();
    },

    changeFiles() {
      this.change({ ids: this.files.map((file) => file.id) });
      this.render();
      this.keeper.flush().then(() => this.render());
    },

    // --- agency --------------------------------------------------------------------------------

    chooseClients(event) {
      this.change({ acts_for: event.detail.value.map(Number) });
    },

    chooseAuthority(event) {
      const { key } = event.currentTarget.dataset;
      this.change(key === "general" ? { authority: key, powers: [] } : { authority: key });
      this.render();
    },

    choosePowers(event) {
      this.change({ powers: event.detail.value });
    },

    setMediation(event) {
      this.change({ mediation: event.detail.value.length > 0 });
    },

    // --- summary -------------------------------------------------------------------------------

    summarise() {
      const { form } = this.found;
      const { court, parties, claims, facts, agency } = this.contents;
      const whole = words.parties(parties.items, form, {});
      this.setData({
        summary: {
          court, facts, agency,
          parties: whole,
          claims: claims.items.filter(Boolean),
          amount: claims.claim_fen === null ? "" : words.money(claims.claim_fen),
          files: this.files,
          clients: whole.filter((party) => agency.acts_for.includes(party.index)).map((party) => party.name).join("、"),
          authority: words.AUTHORITIES.find(({ key }) => key === agency.authority)?.name || "",
          powers: form.powers.filter(({ key }) => agency.powers.includes(key)).map(({ name }) => name).join("、"),
        },
        lacking: this.problems.length,
      });
    },

    typeReason(event) {
      this.setData({ reason: event.detail.value });
    },

    async submit() {
      this.setData({ busy: true, problem: "" });
      try {
        if (!(await this.keeper.flush())) return;
        await api.submitFiling(this.id, this.data.reason.trim());
        this.keeper.forget();
        wx.redirectTo({ url: `/pages/filed/filed?id=${this.id}&fresh=1` });
      } catch (error) {
        this.refused(error);
      } finally {
        this.setData({ busy: false });
      }
    },

    refused(error) {
      if (error.code === "filing.incomplete") {
        this.problems = error.extra.errors;
        this.show(this.data.step);
      }
      if (error.code === "filing.duplicate") this.setData({ duplicate: error.extra.numbers });
      this.setData({ problem: error.extra?.notice || ui.explain(error) });
    },
  }),
);
