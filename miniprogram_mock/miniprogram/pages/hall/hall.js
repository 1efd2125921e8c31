"use strict";

const api = require("../../utils/api");
const clock = require("../../utils/clock");
const format = require("../../utils/format");
const lvz = require("../../utils/lvz");
const session = require("../../utils/session");
const ui = require("../../utils/ui");

const LOOK_AGAIN = 10_000;

Page(
  ui.withUi({
    data: { pending: null, groups: [], spoken: "", until: "", problem: "", busy: false },

    onShow() {
      this.render();
      this.timer = setInterval(() => this.look({ quiet: true }), LOOK_AGAIN);
      this.look({ quiet: true });
    },
    onHide() {
      clearInterval(this.timer);
    },
    onUnload() {
      clearInterval(this.timer);
    },

    render() {
      const pending = session.me()?.pending;
      const code = pending?.hall_code || "";
      this.setData({
        pending: pending?.way === "officer" ? pending : null,
        groups: lvz.groups(code),
        spoken: code.split("").join(" "),
        until: pending ? format.dayAndTime(pending.expires_at, clock.now()) : "",
      });
    },

    /** Ask whether the officer has decided; a bound lawyer goes straight to the code. */
    async look({ quiet }) {
      try {
        const me = await session.refresh({ tries: 0 });
        this.setData({ problem: "" });
        this.render();
        if (me.state === "bound") wx.switchTab({ url: "/pages/show/show" });
        return me;
      } catch (error) {
        if (!quiet) this.setData({ problem: ui.explain(error) });
        return null;
      }
    },

    async check() {
      this.setData({ busy: true });
      const me = await this.look({ quiet: false });
      this.setData({ busy: false });
      if (me?.pending) wx.showToast({ title: "窗口尚未核验", icon: "none" });
    },

    async cancel() {
      const yes = await ui.confirm({ title: "取消本次绑定？", content: "核验号将作废，可以随时重新绑定。", confirmText: "取消绑定", cancelText: "返回" });
      if (!yes) return;
      try {
        await api.cancelBinding(this.data.pending.binding_id);
        await session.refresh();
        wx.reLaunch({ url: "/pages/home/home" });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
    },

    toHome: () => wx.reLaunch({ url: "/pages/home/home" }),
  }),
);
