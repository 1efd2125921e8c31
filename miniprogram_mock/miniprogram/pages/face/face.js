"use strict";

const api = require("../../utils/api");
const cameraFrames = require("../../utils/camera_frames");
const clock = require("../../utils/clock");
const credentialKeeper = require("../../utils/credential_keeper");
const deviceKey = require("../../utils/device_key");
const session = require("../../utils/session");
const ui = require("../../utils/ui");
const { LivenessRunner } = require("../../utils/liveness_runner");

const PAINTED = 34; // ms: two frames of the screen
const ANNOUNCED = 1_200;

const TROUBLES = [
  {
    match: /NotAllowed|denied|deny|auth/i,
    title: "没有使用摄像头的权限",
    text: "请在手机或浏览器的设置中允许使用摄像头，再回到本页重试；也可以换一种方式。",
    again: "已允许，重试",
  },
  {
    match: /NotFound|DevicesNotFound|no camera/i,
    title: "没有找到摄像头",
    text: "这台设备没有可用的摄像头。请换用有前置摄像头的手机，或换一种方式。",
    again: "重试",
  },
  {
    match: /NotReadable|TrackStart|in use/i,
    title: "摄像头正被占用",
    text: "请关闭正在使用摄像头的其他程序后重试；也可以换一种方式。",
    again: "重试",
  },
];
const OTHER_TROUBLE = { title: "摄像头没有打开", text: "请重试；仍不行的，请换一种方式。", again: "重试" };

const isDark = (colour) => ["#000000", "#0000ff"].includes(colour);

Page(
  ui.withUi({
    data: {
      mode: "intro",
      back: false, // asked for by another page, which is beneath and goes on afterwards
      demo: false,
      busy: false,
      problem: "",
      prompt: "",
      hint: "",
      percent: 0,
      progressText: "",
      offline: false,
      flash: "",
      flashDark: false,
      reason: "",
      retry: false,
      attemptsLeft: 0,
      trouble: OTHER_TROUBLE,
    },

    async onLoad(query) {
      this.setData({ back: query?.back === "1" });
      const demo = Boolean(await wx.lvzDemoCamera?.available());
      this.setData({ demo });
    },
    onHide() {
      this.close();
      if (["camera", "checking"].includes(this.data.mode)) this.setData({ mode: "intro" });
    },
    onUnload() {
      this.close();
    },

    open() {
      this.begin();
    },

    openDemo() {
      wx.lvzDemoCamera.use(() => ({
        liveness: this.runner?.session || null,
        elapsed_ms: this.runner?.elapsed || 0,
      }));
      this.begin();
    },

    begin() {
      this.setData({ mode: "camera", prompt: "正在打开摄像头…", hint: "", percent: 0, problem: "", progressText: "" });
    },

    again() {
      this.setData({ mode: "intro", problem: "" });
    },

    /** The camera shows a picture: only now is the check opened, so that no second of it is lost. */
    async cameraReady() {
      if (this.data.mode !== "camera" || this.runner) return;
      wx.setKeepScreenOn?.({ keepScreenOn: true });
      try {
        const opened = await api.startLiveness(this.bindingId());
        await this.follow(opened);
      } catch (error) {
        this.close();
        await this.refused(error);
      }
    },

    bindingId() {
      const pending = session.me()?.pending;
      return pending ? pending.binding_id : null;
    },

    async follow(opened) {
      if (this.data.mode !== "camera") return;
      this.decidingSince = 0;
      this.runner = new LivenessRunner({
        session: opened,
        sign: deviceKey.sign,
        send: api.sendFrames,
        poll: api.liveness,
        now: clock.counter,
        show: (view) => this.display(view),
        paint: (colour) => this.paint(colour),
        announce: () => this.announce(),
      });
      this.stopFrames = cameraFrames.listen((frame) => this.runner?.take(frame));
      const ended = await this.runner.run();
      this.close();
      if (["passed", "failed", "expired"].includes(ended.state)) await this.conclude(ended);
    },

    display({ session: now, offline }) {
      const change = { offline };
      if (now) {
        const percent = Math.round(now.progress * 100);
        const deciding = now.state === "deciding";
        Object.assign(change, {
          mode: deciding ? "checking" : this.data.mode,
          prompt: deciding ? "正在核对…" : now.step?.prompt || this.data.prompt,
          hint: deciding ? "动作已完成，可以放下手机" : now.hint?.text || "",
          percent,
          progressText: this.progressText(now),
        });
        if (!deciding && change.prompt !== this.data.prompt) wx.vibrateShort?.({ type: "light" });
      }
      this.setData(change);
    },

    progressText({ state, step }) {
      if (state === "deciding") {
        this.decidingSince ||= clock.counter();
        const waited = Math.round((clock.counter() - this.decidingSince) / 1000);
        return `正在与登记照片比对，通常不到二十秒　已等 ${waited} 秒`;
      }
      return step ? `第 ${step.no} 步，共 ${step.total} 步` : "";
    },

    announce() {
      this.setData({ prompt: "接下来屏幕会变换颜色", hint: "请看着屏幕，保持不动" });
      return new Promise((done) => setTimeout(done, ANNOUNCED));
    },

    paint(colour) {
      this.setData({ flash: colour, flashDark: isDark(colour) });
      return new Promise((done) => setTimeout(done, PAINTED));
    },

    async conclude({ result, attempts_left }) {
      if (result?.passed) return this.passed(result);
      const reason = result?.reason || "时间已到，核验没有完成。";
      const retry = result ? result.next === "retry" : attempts_left > 0;
      this.setData({ mode: "failed", reason, retry, attemptsLeft: attempts_left });
      await session.refresh().catch(() => null);
    },

    async passed(result) {
      this.setData({ mode: "passed", reason: result.reason });
      wx.vibrateShort?.({ type: "medium" });
      // The code is fetched while the person reads; the page of the code tries again by itself.
      const me = await session.refresh().catch(() => null);
      if (me?.device) await credentialKeeper.renew(me.device.id, { force: true });
    },

    async refused(error) {
      await session.refresh({ tries: 0 }).catch(() => null);
      this.setData({ mode: "intro", problem: ui.explain(error) });
    },

    cameraError(event) {
      if (this.data.mode !== "camera") return;
      this.close();
      const said = `${event.detail.errMsg || ""}`;
      this.setData({ mode: "trouble", trouble: TROUBLES.find(({ match }) => match.test(said)) || OTHER_TROUBLE });
    },

    close() {
      this.runner?.stop();
      this.stopFrames?.();
      this.runner = null;
      this.stopFrames = null;
      wx.lvzDemoCamera?.release();
      wx.setKeepScreenOn?.({ keepScreenOn: false });
      this.setData({ flash: "" });
    },

    toShow: () => wx.switchTab({ url: "/pages/show/show" }),
    goBack: () => wx.navigateBack(),

    async otherWay() {
      this.close();
      if (this.data.back) return this.goBack();
      const id = this.bindingId();
      this.setData({ busy: true, mode: "intro", problem: "" });
      try {
        if (id) {
          await api.useOfficer(id);
          await session.refresh();
          wx.redirectTo({ url: "/pages/hall/hall" });
        } else {
          wx.redirectTo({ url: "/pages/bind/bind" });
        }
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
      return this.setData({ busy: false });
    },
  }),
);
