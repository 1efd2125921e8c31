"use strict";

const api = require("../../utils/api");
const clock = require("../../utils/clock");
const credentialKeeper = require("../../utils/credential_keeper");
const format = require("../../utils/format");
const identifiers = require("../../utils/identifiers");
const session = require("../../utils/session");
const store = require("../../utils/store");
const ui = require("../../utils/ui");

const CHECKS = {
  licence_no: identifiers.licenceProblem,
  name: identifiers.nameProblem,
  identity_no: identifiers.identityProblem,
};
const clean = { licence_no: (text) => text.replace(/\D/g, ""), identity_no: (text) => text.replace(/\s/g, "").toUpperCase() };

Page(
  ui.withUi({
    data: {
      licence_no: "",
      name: "",
      identity_no: "",
      errors: { licence_no: "", name: "", identity_no: "" },
      consent: null,
      consentProblem: "",
      agreed: false,
      problem: "",
      busy: "",
    },

    onLoad() {
      this.setData({ ...store.read("draft") });
      this.loadConsent();
    },

    async loadConsent() {
      this.setData({ consentProblem: "" });
      try {
        this.setData({ consent: await api.faceConsent() });
      } catch (error) {
        this.setData({ consentProblem: ui.explain(error) });
      }
    },

    change(event) {
      const { name } = event.currentTarget.dataset;
      const typed = event.detail.value;
      const value = clean[name] ? clean[name](typed) : typed;
      this.setData({ [name]: value, [`errors.${name}`]: "", problem: "" });
      // The identity number is never kept on the phone.
      const { licence_no, name: person } = this.data;
      store.write("draft", { licence_no, name: person });
    },

    leave(event) {
      const { name } = event.currentTarget.dataset;
      if (this.data[name]) this.setData({ [`errors.${name}`]: CHECKS[name](this.data[name]) });
    },

    agree(event) {
      this.setData({ agreed: event.detail.value.includes("face"), problem: "" });
    },

    /** Says everything that is wrong at once; answers whether the form can be sent. */
    complete() {
      const errors = {};
      for (const [name, check] of Object.entries(CHECKS)) errors[name] = check(this.data[name]);
      const first = Object.values(errors).find(Boolean) || "";
      this.setData({ errors, problem: first && `请先更正：${first}。` });
      if (first) wx.pageScrollTo?.({ scrollTop: 0 });
      return !first;
    },

    bindByFace() {
      if (!this.complete()) return;
      if (!this.data.consent || !this.data.agreed) {
        this.setData({ problem: "人脸核验需要您勾选单独同意；不愿采集人脸的，请用方式二。" });
        return;
      }
      const { version, sha256 } = this.data.consent;
      return this.bind("face", { version, sha256 });
    },

    bindByOfficer() {
      return this.complete() && this.bind("officer", null);
    },

    async bind(way, consent) {
      this.setData({ busy: way, problem: "" });
      try {
        const { licence_no, name, identity_no } = this.data;
        await api.time().catch(() => null); // the proof carries the server's time, not the phone's
        const device = await credentialKeeper.bindingProof();
        await api.bind({ licence_no, name: name.trim(), identity_no, way, consent, device });
        await session.refresh();
        store.forget("draft");
        this.setData({ identity_no: "" });
        wx.redirectTo({ url: way === "face" ? "/pages/face/face" : "/pages/hall/hall" });
      } catch (error) {
        this.setData({ problem: this.refusal(error) });
      }
      this.setData({ busy: "" });
    },

    refusal(error) {
      const until = error.extra?.retry_at;
      return until
        ? `${error.title}（${format.dayAndTime(until, clock.now())} 后可再试）`
        : ui.explain(error);
    },
  }),
);
