/** 扫一扫, the same from every page: only through the camera, never from the album. */
"use strict";

const scanText = require("./scan_text");

const say = (title, content) => wx.showModal({ title, content, showCancel: false, confirmText: "知道了" });

/** `answer` gets a kiosk's challenge; a request opens the page where the lawyer decides. */
function scan(answer) {
  wx.scanCode({
    onlyFromCamera: true,
    scanType: ["qrCode"],
    success: ({ result }) => {
      const found = scanText.read(result);
      if (found.kind === "challenge") answer(found.challenge);
      else if (found.kind === "request") wx.navigateTo({ url: `/pages/consent/consent?text=${encodeURIComponent(result)}` });
      else say("不认识这个码", "请扫电脑或终端屏幕上的登录码、确认码，或鉴证终端的挑战码。");
    },
    fail: ({ errMsg }) => {
      if (!/cancel/.test(errMsg)) say("没有扫成", "摄像头没有打开。请在系统设置中允许使用摄像头后再试。");
    },
  });
}

module.exports = { scan };
