"use strict";

const api = require("../../utils/api");
const clock = require("../../utils/clock");
const consentText = require("../../utils/consent_text");
const deviceKey = require("../../utils/device_key");
const ui = require("../../utils/ui");
const { utf8 } = require("../../utils/bytes");

const LOOK = 1500; // ms: a cancel on the other side is seen within two seconds

const TITLES = { login: "登录确认", attributes: "身份信息授权", act: "执业行为确认", device: "终端登录确认" };
const ENDINGS = {
  approved: { good: true, title: "已同意", text: "电脑会自动继续，您可以离开本页。" },
  completed: { good: true, title: "已完成", text: "对方已收到您的确认。在“我的授权与确认”可以查看或撤回。" },
  declined: { good: false, title: "已拒绝", text: "没有提供任何信息。" },
  cancelled: { good: false, title: "对方已取消", text: "电脑上的请求已取消，没有提供任何信息。" },
  expired: { good: false, title: "已超时", text: "没有提供任何信息。仍要办理的，请在电脑上重新生成二维码再扫。" },
  failed: { good: false, title: "已停止", text: "电脑上的数字输错了三次。如果不是您在操作，请拒绝对方的任何要求。" },
};

Page(
  ui.withUi({
    data: { view: null, title: "", offered: [], left: 0, blocked: false, ending: null, problem: "", lost: false, busy: false },

    async onLoad({ text, scene }) {
      try {
        this.take(await api.scan(decodeURIComponent(text), scene ? Number(scene) : null));
      } catch (error) {
        this.setData({ problem: ui.explain(error), lost: true });
      }
    },

    onShow() {
      clearInterval(this.timer);
      this.timer = setInterval(() => this.look(), LOOK);
      this.look();
    },
    onHide() {
      clearInterval(this.timer);
    },
    onUnload() {
      clearInterval(this.timer);
    },

    /** Show what the server says now; the choices made so far stay. */
    take(view) {
      const chosen = Object.fromEntries(this.data.offered.map(({ code, on }) => [code, on]));
      this.setData({
        view,
        title: TITLES[view.kind] || TITLES.login,
        offered: view.attributes.map((item) => ({ ...item, on: item.required || (chosen[item.code] ?? true) })),
        left: Math.max(0, Math.ceil((Date.parse(view.expires_at) - clock.now()) / 1000)),
        blocked: view.face_needed || Boolean(view.number && !view.number_done),
        ending: ENDINGS[view.state] || null,
      });
    },

    async look() {
      const { view } = this.data;
      if (!view || this.data.busy) return;
      if (["completed", "declined", "cancelled", "expired", "failed"].includes(view.state)) return;
      try {
        this.take(await api.scanView(view.id));
        this.setData({ problem: "" });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
    },

    choose(event) {
      const { code } = event.currentTarget.dataset;
      const offered = this.data.offered.map((item) => (item.code === code && !item.required ? { ...item, on: !item.on } : item));
      this.setData({ offered });
    },

    async agree() {
      const { view, offered } = this.data;
      if (!consentText.isAsShown(view)) {
        this.setData({ problem: "显示的内容与请求不一致，已停止。请不要继续，并向所在地司法局反映。" });
        return;
      }
      await this.act(async () => {
        const granted = offered.filter(({ on }) => on).map(({ code }) => code);
        const iat = clock.seconds();
        const words = utf8(consentText.text(view, granted, iat));
        return api.approve(view.id, { granted, iat, signature: await deviceKey.sign(words) });
      });
    },

    refuse() {
      return this.act(() => api.decline(this.data.view.id, "no"));
    },

    async notMine() {
      const yes = await ui.confirm({ title: "不是您发起的？", content: "本次请求将取消，并记录发起方，供司法局核查。", confirmText: "取消并举报" });
      if (yes) await this.act(() => api.decline(this.data.view.id, "not_mine"));
    },

    async act(action) {
      this.setData({ busy: true, problem: "" });
      try {
        this.take(await action());
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
      this.setData({ busy: false });
    },

    toFace: () => wx.navigateTo({ url: "/pages/face/face?back=1" }),
    toGrants: () => wx.redirectTo({ url: "/pages/grants/grants" }),
    toShow: () => wx.switchTab({ url: "/pages/show/show" }),
  }),
);
