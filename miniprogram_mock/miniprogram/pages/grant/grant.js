"use strict";

const api = require("../../utils/api");
const clock = require("../../utils/clock");
const format = require("../../utils/format");
const ui = require("../../utils/ui");

const ENDED_BY = {
  lawyer: "您已撤回",
  relying_party: "对方已交还",
  replay: "凭据被重复使用，已自动停止",
  device_ended: "本机停用时一并结束",
};

Page(
  ui.withUi({
    data: { item: null, until: "", ended: "", receipt: null, problem: "", busy: false },

    async onLoad({ item }) {
      const grant = JSON.parse(decodeURIComponent(item));
      this.setData({
        item: grant,
        until: format.dayAndTime(grant.expires_at, clock.now()),
        ended: grant.ended_at ? `${ENDED_BY[grant.ended_by] || "已结束"}（${format.dayAndTime(grant.ended_at, clock.now())}）` : "",
      });
      try {
        this.setData({ receipt: await api.receipt(grant.id) });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
    },

    copyReceipt() {
      wx.setClipboardData({ data: this.data.receipt.receipt, success: () => wx.showToast({ title: "凭据已复制", icon: "none" }) });
    },

    copyLink() {
      wx.setClipboardData({ data: this.data.item.verify_url, success: () => wx.showToast({ title: "网址已复制", icon: "none" }) });
    },

    async end() {
      const yes = await ui.confirm({ title: "撤回授权？", content: "对方立即不能再取得您的信息，并会收到通知。已经取得的，对方应按保存期限删除。", confirmText: "撤回" });
      if (!yes) return;
      this.setData({ busy: true, problem: "" });
      try {
        await api.endGrant(this.data.item.id);
        wx.showToast({ title: "已撤回", icon: "none", duration: 2000 });
        wx.navigateBack();
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
      this.setData({ busy: false });
    },
  }),
);
