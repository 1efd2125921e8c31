"use strict";

const api = require("../../utils/api");
const clock = require("../../utils/clock");
const consentText = require("../../utils/consent_text");
const deviceKey = require("../../utils/device_key");
const format = require("../../utils/format");
const scanner = require("../../utils/scanner");
const ui = require("../../utils/ui");
const words = require("../../utils/consent_words");
const { utf8 } = require("../../utils/bytes");

const POLL = 1_500;
const BEAT = 1_000;
const HURRY = 30_000; // ms: the last half minute is shown in warning
const GONE = [403, 404];

const NOT_MINE = { title: "不是您发起的？", content: "将取消这次请求，并上报该单位供核查。", confirmText: "取消并上报", cancelText: "返回" };

Page(
  ui.withUi({
    data: {
      stage: "loading", // loading | ask | approved | ended
      requester: {},
      attributes: [],
      act: null,
      left: "",
      hurry: false,
      faceNeeded: false,
      number: "",
      numberDone: false,
      secondScan: false,
      ending: null,
      verify: "",
      problem: "",
      busy: "",
    },

    onLoad({ id }) {
      this.id = id;
      this.fixed = null; // the lines that were shown first; nothing else is ever signed
      this.turn = 0; // counts decisions, so that an answer asked for before one is not shown after it
    },

    onShow() {
      this.visible = true;
      this.beat();
      this.poll();
    },
    onHide() {
      this.rest();
    },

    /** Going back is saying no: the page on the computer should not wait for a closed page. */
    onUnload() {
      this.rest();
      if (this.data.stage === "ask") api.decline(this.id, "no").catch(() => null);
    },

    rest() {
      this.visible = false;
      clearTimeout(this.timer);
      clearTimeout(this.ticking);
    },

    async poll() {
      clearTimeout(this.timer);
      const { turn } = this;
      try {
        const view = await api.scan(this.id);
        if (turn === this.turn) this.take(view);
      } catch (error) {
        this.missed(error);
      }
      clearTimeout(this.timer);
      if (this.visible && this.data.stage !== "ended") this.timer = setTimeout(() => this.poll(), POLL);
    },

    missed(error) {
      if (!GONE.includes(error.status)) return this.setData({ problem: `${ui.explain(error)}正在重试…` });
      const ending = { tone: "plain", title: "没有这次请求", text: ui.explain(error), way: "scan" };
      return this.setData({ stage: "ended", ending, problem: "" });
    },

    /** Show what the server says; the first time also what will be signed. */
    take(view) {
      if (this.data.stage === "ended") return;
      if (!this.isTheSame(view)) {
        this.refuse();
        return;
      }
      if (!this.fixed) this.introduce(view);
      this.expiresAt = view.expires_at;
      this.setData({
        stage: { claimed: "ask", approved: "approved" }[view.state] || "ended",
        faceNeeded: view.face_needed,
        number: view.number || "",
        numberDone: view.number_done,
        secondScan: view.second_scan,
        problem: "",
      });
      this.count();
      if (this.data.stage === "ended") this.end(view);
    },

    isTheSame(view) {
      return consentText.agrees(view) && (!this.fixed || consentText.same(this.fixed, consentText.lines(view)));
    },

    introduce(view) {
      this.fixed = consentText.lines(view);
      const attributes = view.attributes.map((item) => ({ ...item, given: true }));
      this.setData({ ...words.describe(view), attributes });
    },

    refuse() {
      this.setData({ stage: "ended", ending: words.ALTERED, problem: "" });
      api.decline(this.id, "no").catch(() => null);
    },

    end(view) {
      const verify = view.result?.verify_url || "";
      this.setData({ ending: words.ending(view, { notMine: this.notMine }), verify });
      wx.vibrateShort?.({ type: "medium" });
    },

    beat() {
      clearTimeout(this.ticking);
      if (!this.visible || this.data.stage === "ended") return;
      this.count();
      this.ticking = setTimeout(() => this.beat(), BEAT);
    },

    count() {
      if (!this.expiresAt) return;
      const now = clock.now();
      const left = format.remaining(this.expiresAt, now);
      this.setData({ left, hurry: format.ms(this.expiresAt) - now < HURRY });
    },

    pick({ detail: { value } }) {
      const attributes = this.data.attributes.map((item) => ({ ...item, given: item.required || value.includes(item.code) }));
      this.setData({ attributes });
    },

    agree() {
      const granted = this.data.attributes.filter(({ given }) => given).map(({ code }) => code);
      return this.decide("agree", async () => {
        const iat = clock.seconds();
        const signature = await deviceKey.sign(utf8(consentText.text(this.fixed, granted, iat)));
        return api.approve(this.id, { granted, iat, signature });
      });
    },

    disagree() {
      return this.decide("disagree", () => api.decline(this.id, "no"));
    },

    async notStartedByMe() {
      if (!(await ui.confirm(NOT_MINE))) return;
      this.notMine = true;
      await this.decide("not_mine", () => api.decline(this.id, "not_mine"));
    },

    async decide(what, action) {
      if (this.data.busy || this.data.stage !== "ask") return;
      this.turn += 1;
      this.setData({ busy: what, problem: "" });
      try {
        this.take(await action());
      } catch (error) {
        this.notDecided(error);
      }
      this.turn += 1;
      this.setData({ busy: "" });
    },

    notDecided(error) {
      if (error.code === "authorization.consent_altered") return this.refuse();
      if (error.code === "authorization.face_needed") this.setData({ faceNeeded: true });
      return this.setData({ problem: ui.explain(error) });
    },

    toFace: () => wx.navigateTo({ url: "/pages/face/face?back=1" }),
    toGrants: () => wx.redirectTo({ url: "/pages/grants/grants" }),
    toShow: () => wx.switchTab({ url: "/pages/show/show" }),
    scanAgain: () => scanner.open({ instead: true }),

    toConfirmation() {
      const id = this.data.verify.split("/").pop();
      wx.redirectTo({ url: `/pages/grant/grant?verify=${id}` });
    },
  }),
);
