"use strict";

const api = require("../../utils/api");
const clock = require("../../utils/clock");
const format = require("../../utils/format");
const scanner = require("../../utils/scanner");
const session = require("../../utils/session");
const ui = require("../../utils/ui");

Page(
  ui.withUi({
    data: { standing: "", pending: null, name: "", problem: "", busy: false, elder: false },

    onLoad() {
      this.opened = false;
    },

    async onShow() {
      this.setData({ elder: ui.settings().elder });
      await this.render();
      if (this.data.standing !== "signed_out") await this.attempt(() => session.refresh({ tries: 0 }));
    },

    async render() {
      const standing = await session.standing();
      const me = session.me();
      const pending = me?.pending && {
        ...me.pending,
        until: format.dayAndTime(me.pending.expires_at, clock.now()),
      };
      this.setData({ standing, pending, name: me?.lawyer?.name || "" });
      if (standing === "bound" && !this.opened) {
        this.opened = true;
        wx.switchTab({ url: "/pages/show/show" });
      }
    },

    /** Do something with the server, then show where things stand; a failure is said, not thrown. */
    async attempt(action) {
      this.setData({ busy: true });
      try {
        await action();
        this.setData({ problem: "" });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
      this.setData({ busy: false });
      await this.render();
    },

    signIn() {
      return this.attempt(() => session.signIn());
    },

    toOfficer() {
      return this.attempt(async () => {
        await api.useOfficer(this.data.pending.binding_id);
        await session.refresh();
        wx.navigateTo({ url: "/pages/hall/hall" });
      });
    },

    async abandon() {
      const yes = await ui.confirm({ title: "放弃本次绑定？", content: "已核对的信息将作废，可以随时重新绑定。", confirmText: "放弃" });
      if (!yes) return;
      await this.attempt(async () => {
        await api.cancelBinding(this.data.pending.binding_id);
        await session.refresh();
      });
    },

    goOn() {
      const officer = this.data.pending.way === "officer";
      wx.navigateTo({ url: officer ? "/pages/hall/hall" : "/pages/face/face" });
    },

    toBind: () => wx.navigateTo({ url: "/pages/bind/bind" }),
    toShow: () => wx.switchTab({ url: "/pages/show/show" }),
    scan: () => scanner.open(),
    toAbout: () => wx.navigateTo({ url: "/pages/about/about" }),

    toggleElder() {
      ui.change({ elder: !ui.settings().elder });
      this.setData({ elder: ui.settings().elder });
    },
  }),
);
