"use strict";

const api = require("../../utils/api");
const clock = require("../../utils/clock");
const credentialKeeper = require("../../utils/credential_keeper");
const format = require("../../utils/format");
const identifiers = require("../../utils/identifiers");
const lvz = require("../../utils/lvz");
const purposeWords = require("../../utils/purpose_words");
const scanner = require("../../utils/scanner");
const session = require("../../utils/session");
const store = require("../../utils/store");
const ui = require("../../utils/ui");
const { Presenter } = require("../../utils/presenter");

const REVEAL = 10_000;
const MARGINS = 64; // what the page and the plate need beside the code, px
const LARGEST = 330; // px; a larger code is no easier to scan
const STANDING = 60_000; // how often the practice status is asked for while the page is open

const TONES = { practising: "good", transferring: "warn", assessment_pending: "warn" };
const NOTES = {
  1: "标准码：终端断网也能核验。",
  2: "简码：码面稀疏，容易扫，终端须联网。",
  3: "数字码：可扫，也可念给工作人员输入。",
};
const ABSENCES = {
  "issuance.face_due": { title: "需要再次核验本人", text: "距上次核验本人已满三十天，核验后即可继续亮证。", action: "face" },
  "identity.device_ended": { title: "本机已停用", text: "您的律证已换到另一台设备，或已注销。", action: "home" },
  loading: { title: "正在取得律证码…", text: "请稍候。", action: "" },
  network: { title: "律证码已过期", text: "本机已离线超过有效期。连上网络后会自动取得新码。", action: "retry" },
};

function absenceOf(error) {
  if (!error) return ABSENCES.loading;
  if (ABSENCES[error.code]) return ABSENCES[error.code];
  if (error.code === "issuance.not_practising") return { title: "暂不能亮证", text: error.title, action: "retry" };
  return { title: "没有取得律证码", text: ui.explain(error), action: "retry" };
}

Page(
  ui.withUi({
    data: {
      lawyer: {},
      tone: "",
      masked: "",
      revealed: false,
      photo: "",
      photoNote: "登记照片",
      time: "",
      code: "",
      form: 1,
      formNote: NOTES[1],
      left: 5,
      room: 300,
      handleGroups: [],
      codeGroups: [],
      spokenHandle: "",
      spokenCode: "",
      challenge: null,
      offlineUntil: "",
      purpose: purposeWords.GENERAL,
      absence: ABSENCES.loading,
      busy: false,
    },

    onLoad() {
      this.presenter = new Presenter();
      this.onNetwork = ({ isConnected }) => this.network(isConnected);
      wx.onNetworkStatusChange(this.onNetwork);
    },

    async onShow() {
      const width = wx.getWindowInfo().windowWidth;
      this.setData({ room: Math.min(LARGEST, width - MARGINS) });
      wx.setKeepScreenOn?.({ keepScreenOn: true });
      wx.setVisualEffectOnCapture?.({ visualEffect: "hidden" });
      wx.setScreenBrightness?.({ value: 1 });
      wx.getNetworkType({ success: ({ networkType }) => (this.offline = networkType === "none") });
      this.visible = true;
      this.presenter.drop();
      this.renderHolder();
      this.renderPurpose();
      this.beat();
      await this.lookUp();
    },

    onHide() {
      this.rest();
    },
    onUnload() {
      this.rest();
      wx.offNetworkStatusChange?.(this.onNetwork);
    },

    rest() {
      this.visible = false;
      clearTimeout(this.timer);
      clearTimeout(this.masking);
      this.setData({ revealed: false });
      wx.setKeepScreenOn?.({ keepScreenOn: false });
      wx.setVisualEffectOnCapture?.({ visualEffect: "none" });
      wx.setScreenBrightness?.({ value: -1 });
    },

    network(connected) {
      this.offline = !connected;
      if (connected && this.visible) this.lookUp();
    },

    /** One beat a second, on the server's second. */
    async beat() {
      clearTimeout(this.timer);
      if (!this.visible) return;
      try {
        await this.tick();
      } finally {
        if (this.visible) this.timer = setTimeout(() => this.beat(), 1000 - (clock.now() % 1000));
      }
    },

    async tick() {
      const at = clock.seconds();
      const held = credentialKeeper.current();
      const change = { time: format.clock(at * 1000) };
      const device = session.me()?.device;
      if (device) credentialKeeper.renew(device.id).then((error) => this.renewed(error));
      if (held) await this.draw(held, at, change);
      else Object.assign(change, { code: "", offlineUntil: "" });
      this.setData(change);
      if (clock.counter() - (this.asked || 0) > STANDING) this.lookUp();
    },

    renewed(error) {
      this.failed = error;
      const absence = this.offline && !error ? ABSENCES.network : absenceOf(error);
      if (!credentialKeeper.current() && absence.title !== this.data.absence.title) this.setData({ absence, code: "" });
    },

    /** A kiosk's challenge that 扫一扫 read, here or on another page, is answered from now on. */
    answerScanned() {
      const scanned = scanner.takeChallenge();
      if (scanned) this.presenter.answer(scanned.challenge, scanned.at);
    },

    async draw(held, at, change) {
      this.answerScanned();
      const started = clock.counter();
      const next = await this.presenter.tick(held, at);
      const signed = clock.counter();
      if (next) {
        this.setData(this.words(next));
        wx.lvzReport?.({ sign_ms: signed - started, draw_ms: clock.counter() - signed });
      }
      const { challenge } = this.presenter;
      Object.assign(change, {
        left: this.presenter.left(held, at),
        challenge: challenge && { name: challenge.audience, left: challenge.until - at },
        offlineUntil: this.isOffline() ? format.dayAndTime(held.expires_at, clock.now()) : "",
      });
    },

    isOffline() {
      return Boolean(this.offline || this.failed?.network);
    },

    words({ text, form, handle, code }) {
      return {
        code: text,
        form,
        formNote: NOTES[form],
        handleGroups: handle ? lvz.groups(handle) : [],
        codeGroups: code ? lvz.groups(code) : [],
        spokenHandle: handle ? handle.split("").join(" ") : "",
        spokenCode: code ? code.split("").join(" ") : "",
      };
    },

    renderHolder() {
      const lawyer = session.me()?.lawyer;
      if (!lawyer) return;
      this.setData({
        lawyer,
        tone: TONES[lawyer.practice_status] || "bad",
        masked: identifiers.maskLicence(lawyer.licence_no),
        photo: store.read("photo") || "",
      });
    },

    /** Ask how things stand: status, binding, photo. Silence when there is no network. */
    async lookUp() {
      this.asked = clock.counter();
      try {
        const me = await session.refresh({ tries: 0 });
        if (me.state !== "bound" || (await session.standing()) !== "bound") return this.toHome();
        this.failed = this.failed?.network ? null : this.failed;
        this.renderHolder();
        await credentialKeeper.renew(me.device.id);
        if (!this.data.photo) await this.loadPhoto();
        await this.loadPasses();
      } catch (error) {
        if (error.network) this.failed = error;
        if (!session.me()) this.toHome();
      }
    },

    async loadPhoto() {
      try {
        const photo = await api.photo();
        store.write("photo", photo);
        this.setData({ photo });
      } catch (error) {
        if (error.status === 404) this.setData({ photoNote: "无登记照片" });
      }
    },

    async loadPasses() {
      const { today, items } = await api.passes({ tries: 0 });
      store.write("passes", { today, items });
      this.renderPurpose();
    },

    /** What was chosen for today, as last read; a day later it is a general pass again. */
    renderPurpose() {
      const { items } = store.read("passes") || { items: [] };
      this.setData({ purpose: purposeWords.summary(items, format.isoDay(clock.now())) });
    },

    async retry() {
      this.setData({ busy: true });
      const device = session.me()?.device;
      if (device) this.renewed(await credentialKeeper.renew(device.id, { force: true }));
      await this.lookUp();
      this.setData({ busy: false });
      this.beat();
    },

    reveal() {
      clearTimeout(this.masking);
      this.setData({ revealed: !this.data.revealed });
      if (this.data.revealed) this.masking = setTimeout(() => this.setData({ revealed: false }), REVEAL);
    },

    choose(event) {
      this.presenter.choose(Number(event.currentTarget.dataset.form));
      this.beat();
    },

    endChallenge() {
      this.presenter.choose(1);
      this.beat();
    },

    async scan() {
      await scanner.open();
      this.beat();
    },

    toPurpose: () => wx.navigateTo({ url: "/pages/purpose/purpose" }),
    toFace: () => wx.navigateTo({ url: "/pages/face/face" }),
    toHome: () => wx.reLaunch({ url: "/pages/home/home" }),
  }),
);
