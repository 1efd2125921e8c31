"use strict";

const scanText = require("../../utils/scan_text");
const ui = require("../../utils/ui");

const NOT_FROM_CAMERA = "请当面扫描屏幕上的码，不能识别图片或转发的码。";

/** Where WeChat leads whose own 扫一扫 met one of our codes (扫普通链接二维码打开小程序). */
Page(
  ui.withUi({
    data: { problem: "" },

    onLoad({ q = "" }) {
      const scene = wx.getEnterOptionsSync?.().scene ?? null;
      const text = decodeURIComponent(q);
      if (scanText.isRefusedScene(scene)) this.setData({ problem: NOT_FROM_CAMERA });
      else if (scanText.read(text).kind !== "request") this.setData({ problem: "不是本平台的码，请扫电脑或终端屏幕上的码。" });
      else wx.redirectTo({ url: `/pages/consent/consent?text=${encodeURIComponent(text)}&scene=${scene ?? ""}` });
    },

    toHome: () => wx.reLaunch({ url: "/pages/home/home" }),
  }),
);
