/** 鉴证终端: enrolment, scanning, verdicts, and what goes on in the background. */

import { Api, Problem } from "./api.js";
import { Camera } from "./camera.js";
import { Challenge } from "./challenge.js";
import { Clock } from "./clock.js";
import { Evidence } from "./evidence.js";
import { Gate } from "./gate.js";
import { enrolmentBody, newKey } from "./identity.js";
import { Judge } from "./judge.js";
import { decisionWords } from "./entries.js";
import { Gatekeeper } from "./gatekeeper.js";
import { claimedSubject } from "./presentation.js";
import { explain } from "./refusals.js";
import { Replay } from "./replay.js";
import { Settings } from "./settings.js";
import { Sound } from "./sound.js";
import { Store } from "./store.js";
import { buildKeypad, normalise } from "./typing.js";
import { Uploads } from "./uploads.js";
import * as view from "./view.js";
import { Wedge } from "./wedge.js";

const VERDICT_S = 6;
const SYNC_MS = 300_000;
const PING_MS = 5_000;
const HISTORY = 50;

const $ = (id) => document.getElementById(id);

class Kiosk {
  static async start() {
    const kiosk = new Kiosk();
    kiosk.store = await Store.open();
    navigator.storage?.persist?.();
    kiosk.clock = new Clock();
    kiosk.clock.restore(await kiosk.store.get("clock"));
    kiosk.identity = await kiosk.store.get("identity");
    kiosk.#connect();
    kiosk.#bind();
    await kiosk.settings.load();
    setInterval(() => kiosk.#tick(), 250);
    if (kiosk.identity) await kiosk.#work();
    else kiosk.#askForCode();
  }

  #connect() {
    const { store, clock } = this;
    this.history = [];
    this.gate = new Gate();
    this.sound = new Sound();
    this.replay = new Replay();
    this.challenge = new Challenge();
    this.api = new Api({ clock, credentials: () => this.#credentials() });
    this.api.onChange = (up) => this.#connectionChanged(up);
    this.evidence = new Evidence({ store, api: this.api, clock });
    this.uploads = new Uploads({ store, api: this.api });
    this.uploads.onFlag = (flag) => this.#flagged(flag);
    this.judge = new Judge({
      ...{ store, clock, api: this.api, evidence: this.evidence, replay: this.replay },
      identity: () => this.identity,
      challenge: () => this.challenge.current(),
    });
    this.camera = new Camera($("video"), {
      onText: (text) => this.#seen(text),
      onError: (name) => this.#cameraFailed(name),
    });
    this.gatekeeper = new Gatekeeper({
      ...{ store, clock, api: this.api, uploads: this.uploads },
      onDecided: (decision, verdict) => this.#decided(decision, verdict),
      onLost: () => this.#lost(),
      onAgain: () => this.#dismiss(),
    });
    this.settings = new Settings(this);
  }

  #credentials() {
    return { keyId: this.identity.kiosk_id, privateKey: this.identity.keys.privateKey };
  }

  #bind() {
    const wedge = new Wedge((text) => this.#submit(text));
    const onKey = (event) => {
      if (event.target.matches?.("input, textarea, select") || !this.identity) return;
      if (wedge.key(event, event.timeStamp)) {
        event.preventDefault();
        event.stopPropagation();
      }
    };
    addEventListener("keydown", onKey, { capture: true });
    addEventListener("pointerdown", () => this.sound.unlock());
    $("verdict").addEventListener("click", () => this.gatekeeper.on || this.#dismiss());
    $("camera-retry").addEventListener("click", () => this.startCamera());
    navigator.mediaDevices?.addEventListener("devicechange", () => this.#deviceChanged());
    $("enrol-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#enrol($("enrol-code").value);
    });
    this.#bindDialogs();
  }

  #bindDialogs() {
    for (const name of ["typing", "history", "settings"]) {
      $(`open-${name}`).addEventListener("click", () => this.#open(name));
    }
    for (const button of document.querySelectorAll("[data-close]")) {
      button.addEventListener("click", () => button.closest("dialog").close());
    }
    buildKeypad($("keypad"), $("typing-text"));
    $("typing-form").addEventListener("submit", (event) => {
      event.preventDefault();
      const text = normalise($("typing-text").value);
      view.showError("typing-error", text ? "" : "应为16位字母数字编号加8位数字，请核对。");
      if (!text) return;
      $("typing").close();
      $("typing-text").value = "";
      this.#submit(text);
    });
  }

  #open(name) {
    if (name === "history") view.showHistory(this.history);
    if (name === "settings") this.settings.show();
    view.showError("typing-error", "");
    $(name).showModal();
  }

  // --- enrolment ------------------------------------------------------------------------

  #askForCode() {
    view.showView("enrol");
    this.api.time().catch(() => {});
    const code = new URLSearchParams(location.search).get("enrol");
    if (!code) return;
    $("enrol-code").value = code;
    this.#enrol(code);
  }

  async #enrol(code) {
    view.showError("enrol-error", "");
    $("enrol-submit").disabled = true;
    try {
      await this.api.time();
      const keys = await newKey();
      const body = await enrolmentBody({ code, keys, iat: this.clock.now() });
      this.identity = { ...(await this.api.enrol(body)), keys };
      await this.store.set("identity", this.identity);
      history.replaceState(null, "", location.pathname);
      await this.#work();
    } catch (error) {
      const away = "连不上服务器，请检查网络后重试。";
      view.showError("enrol-error", error instanceof Problem ? error.title || error.code : away);
    } finally {
      $("enrol-submit").disabled = false;
    }
  }

  /** Forget key and identity; scans not yet uploaded stay. */
  async reset() {
    this.camera.stop();
    await this.store.clearValues();
    location.reload();
  }

  // --- scanning -------------------------------------------------------------------------

  async #work() {
    view.showIdentity(this.identity);
    view.showView("scan");
    this.settings.apply();
    await this.evidence.load(this.identity.root_key);
    for (const { replayKey, at } of await this.store.queued()) {
      if (replayKey) this.replay.admit(replayKey, Math.floor(Date.parse(at) / 1000));
    }
    this.gatekeeper.enable(this.identity.gate);
    const left = await this.gatekeeper.left();
    if (left) this.#show(left, { again: true });
    this.startCamera();
    this.#synchronise();
    setInterval(() => this.#synchronise(), SYNC_MS);
    setInterval(() => this.#ping(), PING_MS);
  }

  async startCamera() {
    view.showCameraError(null);
    await this.camera.start(this.settings.values.camera);
  }

  #cameraFailed(name) {
    view.showCameraError(name);
    if (name !== "Ended" && name !== "NotReadableError") return;
    setTimeout(() => $("camera-error").hidden || this.startCamera(), 10_000);
  }

  #deviceChanged() {
    if (!this.camera.running && this.identity) this.startCamera();
  }

  #seen(text) {
    const subject = text && claimedSubject(text);
    const fresh = this.gate.isNew({ text, subject, now: performance.now() });
    if (!fresh || !$("verdict").hidden) return;
    this.#submit(text);
  }

  async #submit(text) {
    if (this.busy || this.gatekeeper.waiting) return;
    this.busy = true;
    view.showHint("正在核验…");
    try {
      const verdict = await this.judge.decide(text);
      const subject = verdict.kind === "refused" ? null : claimedSubject(text);
      this.gate.decided({ text, subject, now: performance.now() });
      this.#show(verdict);
    } finally {
      this.busy = false;
      view.showHint("");
    }
  }

  /** `again`: it was on the screen before the page was loaded anew. */
  #show(verdict, { again = false } = {}) {
    view.showVerdict(verdict);
    if (this.gatekeeper.on) this.gatekeeper.begin(verdict);
    if (!again) this.sound.play(verdict.kind);
    this.shownUntil = performance.now() + VERDICT_S * 1000;
    this.shown = verdict.id;
    this.#remember(verdict);
    if (verdict.hasPhoto) this.#showPhoto(verdict);
    if (verdict.code === "verification.unknown_kiosk") this.#suspended(true);
    if (verdict.kind !== "refused") this.challenge.renew();
    view.showChallenge(this.challenge);
  }

  async #showPhoto({ id, verificationId }) {
    try {
      const blob = await this.api.photo(verificationId);
      if (this.shown === id) view.showPhoto(blob);
    } catch {
      if (this.shown === id) view.photoFailed();
    }
  }

  /** An officer decided: the next person may come, and the last one's phone is no news. */
  #decided(decision, verdict) {
    const line = this.history.find(({ id }) => id === verdict?.id);
    const words = decisionWords(decision);
    if (line) line.detail = `${line.detail} · ${words}`;
    else this.#rememberDocument(decision, words);
    this.#backToScanning();
    view.showHint(`已登记：${words}`);
  }

  #rememberDocument({ id, at, admitted, name, licence_no: number }, words) {
    const kind = admitted ? "accepted" : "refused";
    const detail = [number && view.maskLicence(number), words].filter(Boolean).join(" · ");
    this.#addToHistory({ id, kind, at: Date.parse(at), title: name ?? "未知", detail });
  }

  /** The way in does not depend on this machine: paper takes the note. */
  #lost() {
    const text = "本终端写不进记录。请在纸质登记簿上登记本次放行或不予放行，并联系法院管理员。";
    this.flag = { text, bad: true };
  }

  #dismiss() {
    this.gate.dismiss();
    this.#backToScanning();
  }

  #backToScanning() {
    this.shown = null;
    view.hideVerdict();
  }

  #remember(verdict) {
    const { id, kind, at, offline } = verdict;
    const reason = kind === "refused" ? explain(verdict.code, { offline }).title : null;
    const person = verdict.name && `${view.maskLicence(verdict.licenceNo)} ${verdict.category}`;
    const detail = [person, offline ? "离线" : "联网"].filter(Boolean).join(" · ");
    this.#addToHistory({ id, kind, at, title: verdict.name ?? reason, detail });
  }

  #addToHistory(line) {
    this.history.unshift(line);
    this.history.length = Math.min(this.history.length, HISTORY);
  }

  /** The server does not stand by an offline answer: say so, loudly and in the record. */
  #flagged({ id, code }) {
    const entry = this.history.find((item) => item.id === id);
    const { title } = explain(code);
    if (entry) Object.assign(entry, { kind: "refused", detail: `联网复核未通过：${title}` });
    const who = entry?.title ?? "一条离线核验";
    this.flag = { text: `联网复核未通过：${who}，${title}。请联系值班人员。`, bad: true };
    this.sound.play("refused");
  }

  // --- background -----------------------------------------------------------------------

  async #synchronise() {
    try {
      await this.api.time();
      await this.store.set("clock", this.clock.snapshot());
      await this.#refreshIdentity();
      await this.evidence.refresh();
      await this.uploads.run();
    } catch (error) {
      if (error instanceof Problem && error.status === 401) this.#suspended(true);
      else if (error.code) console.warn(error.message);
    }
  }

  async #refreshIdentity() {
    const { server_time_ms: _, ...fresh } = await this.api.current();
    // The root key is believed from enrolment on and never replaced from the network.
    const { keys, root_key } = this.identity;
    this.identity = { ...fresh, keys, root_key, suspended: false };
    if (!this.gatekeeper.waiting) this.gatekeeper.enable(fresh.gate);
    await this.store.set("identity", this.identity);
    view.showIdentity(this.identity);
  }

  async #suspended(suspended) {
    this.identity = { ...this.identity, suspended };
    await this.store.set("identity", this.identity);
  }

  async #ping() {
    const snapshot = this.clock.snapshot();
    if (snapshot) await this.store.set("clock", snapshot);
    if (this.api.up === false || this.identity.suspended) await this.api.time().catch(() => {});
    if (this.api.up && this.identity.suspended) this.#synchronise();
    this.waiting = (await this.uploads.waiting()).length;
  }

  #connectionChanged(up) {
    // Let the request that noticed it finish first.
    if (up && this.identity) setTimeout(() => this.#synchronise(), 50);
  }

  #tick() {
    view.showClock(this.clock.nowMs(), this.clock.synchronised);
    if (!this.identity) return view.showConnection(this.api.up === false ? "down" : "unknown");
    const state = { true: "up", false: "down" }[this.api.up] ?? "unknown";
    view.showConnection(this.identity.suspended ? "suspended" : state);
    view.showBanner(this.#banner());
    if ($("verdict").hidden || this.gatekeeper.on) return;
    const left = Math.ceil((this.shownUntil - performance.now()) / 1000);
    if (left <= 0) this.#backToScanning();
    else view.showCountdown(left);
  }

  #banner() {
    if (this.identity.suspended) {
      return { text: "本终端已被停用，不能核验。请联系法院管理员。", bad: true };
    }
    if (this.flag) return this.flag;
    if (this.api.up !== false) return null;
    const age = this.evidence.statusAge;
    const list = age === null ? "没有执业状态清单" : `执业状态清单更新于${view.duration(age)}`;
    const waiting = this.waiting ? `待上传${this.waiting}条。` : "";
    return { text: `离线核验中：照片与实时状态暂不可用。${list}。${waiting}` };
  }
}

Kiosk.start();

if ("serviceWorker" in navigator) navigator.serviceWorker.register("sw.js");
