"use strict";

const api = require("../../utils/api");
const format = require("../../utils/format");
const session = require("../../utils/session");
const ui = require("../../utils/ui");

const ASSURANCE = ["小程序内保管", "系统保管，不可导出", "安全芯片保管"];

Page(
  ui.withUi({
    data: {
      lawyer: {},
      unread: 0,
      boundAt: "",
      dueAt: "",
      assurance: "",
      elder: false,
      theme: "auto",
      themes: Object.entries(ui.THEMES).map(([key, name]) => ({ key, name })),
      problem: "",
      busy: false,
    },

    async onShow() {
      this.render();
      await session.refresh({ tries: 0 }).catch(() => null); // what is shown was true at the last start
      this.render();
    },

    render() {
      const me = session.me();
      if (!me?.device) return;
      const { device, lawyer, unread_notices: unread } = me;
      this.setData({
        lawyer,
        unread,
        boundAt: format.date(device.bound_at),
        dueAt: format.date(device.face_due_at),
        assurance: ASSURANCE[device.assurance] || ASSURANCE[0],
        ...ui.settings(),
      });
    },

    setElder(event) {
      ui.change({ elder: event.detail.value });
      this.setData(ui.settings());
    },

    setTheme(event) {
      ui.change({ theme: event.currentTarget.dataset.key });
      this.setData(ui.settings());
    },

    async signOut() {
      const yes = await ui.confirm({ title: "退出登录？", content: "绑定保留。再次微信登录后即可亮证。", confirmText: "退出" });
      if (!yes) return;
      await session.signOut();
      wx.reLaunch({ url: "/pages/home/home" });
    },

    async endDevice() {
      const yes = await ui.confirm({
        title: "注销本机？",
        content: "本机的律证码立即失效。以后在本机或新手机亮证，需要重新绑定并核验本人。",
        confirmText: "注销本机",
      });
      if (!yes) return;
      this.setData({ busy: true, problem: "" });
      try {
        await session.endDevice();
        wx.reLaunch({ url: "/pages/home/home" });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
      this.setData({ busy: false });
    },

    async withdraw() {
      const yes = await ui.confirm({
        title: "撤回人脸信息同意？",
        content: "撤回后，律证码可用到下次需要核验本人时为止，届时请到法院服务大厅人工核验。",
        confirmText: "撤回同意",
      });
      if (!yes) return;
      this.setData({ busy: true, problem: "" });
      try {
        await api.withdrawConsent();
        wx.showToast({ title: "已撤回同意", icon: "none", duration: 3000 });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
      this.setData({ busy: false });
    },

    toGrants: () => wx.navigateTo({ url: "/pages/grants/grants" }),
    toCases: () => wx.navigateTo({ url: "/pages/cases/cases" }),
    toFilings: () => wx.navigateTo({ url: "/pages/filings/filings" }),
    toTools: () => wx.navigateTo({ url: "/pages/tools/tools" }),
    toFeedback: () => wx.navigateTo({ url: "/pages/complaints/complaints" }),
    toNotices: () => wx.navigateTo({ url: "/pages/notices/notices" }),
    toAbout: () => wx.navigateTo({ url: "/pages/about/about" }),
  }),
);
