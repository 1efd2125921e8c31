"use strict";

const api = require("../../utils/api");
const entry = require("../../utils/entry");
const scanText = require("../../utils/scan_text");
const scanner = require("../../utils/scanner");
const session = require("../../utils/session");
const ui = require("../../utils/ui");

const REFUSALS = {
  none: { title: "扫一扫", text: "扫电脑或鉴证终端屏幕上的律证二维码，登录、授权或确认执业行为。", action: "scan" },
  not_camera: { title: "不能这样扫", text: "请当面扫描屏幕上的码，不能识别图片或转发的码。别人发来的码，多半是要冒用您的身份。", action: "scan" },
  stale: { title: "二维码已更新", text: "二维码已更新，请重新扫描屏幕上的码。", action: "scan" },
  unreadable: { title: "不是律证的二维码", text: "请扫电脑或鉴证终端屏幕上显示的律证二维码。", action: "scan" },
  unbound: { title: "请先绑定执业证", text: "本机还没有绑定律师执业证。绑定后再扫屏幕上的码。", action: "home" },
};

function refusalOf(error) {
  const known = { "scan.stale": "stale", "scan.not_camera": "not_camera", "identity.not_bound": "unbound" }[error.code];
  return REFUSALS[known] || { title: "没有扫成", text: ui.explain(error), action: "scan" };
}

Page(
  ui.withUi({
    data: { refusal: null },

    /** With `q`, WeChat's own scanner opened us by the rule for links; otherwise ours did. */
    onLoad(query) {
      if (query?.q !== undefined) return this.readLink(query);
      const text = scanner.takeTicket();
      return text ? this.claim({ text, scene: null }) : this.setData({ refusal: REFUSALS.none });
    },

    readLink(query) {
      const found = entry.read(query, Date.now());
      if (found.refused) return this.setData({ refusal: REFUSALS[found.refused] });
      if (scanText.parse(found.text)?.kind !== "ticket") return this.setData({ refusal: REFUSALS.unreadable });
      return this.claim(found);
    },

    async claim({ text, scene }) {
      try {
        if ((await session.standing()) !== "bound") return this.setData({ refusal: REFUSALS.unbound });
        const { id } = await api.openScan({ text, scene });
        return wx.redirectTo({ url: `/pages/consent/consent?id=${id}` });
      } catch (error) {
        return this.setData({ refusal: refusalOf(error) });
      }
    },

    again: () => scanner.open({ instead: true }),
    toHome: () => wx.reLaunch({ url: "/pages/home/home" }),
    toShow: () => wx.switchTab({ url: "/pages/show/show" }),
  }),
);
