/**
 * 扫一扫, from whichever page it was asked for: the camera, then the page that the code is for.
 *
 * What was read is handed over in memory. A page's query can be written by whoever makes a link.
 */
"use strict";

const clock = require("./clock");
const scanText = require("./scan_text");
const ui = require("./ui");

const NOT_OURS = "请扫电脑或鉴证终端屏幕上显示的律证二维码。付款码、网址码和名片码不能在这里使用。";
const NO_CAMERA = "摄像头没有打开。请在设置中允许使用摄像头，关闭正在使用摄像头的其他程序，再试一次。";

let ticket = null;
let challenge = null;

/** The text of the scan ticket read last, once. */
function takeTicket() {
  const taken = ticket;
  ticket = null;
  return taken;
}

/** The kiosk's challenge read last with its second, once: {challenge, at} or null. */
function takeChallenge() {
  const taken = challenge;
  challenge = null;
  return taken;
}

const look = () =>
  new Promise((success, fail) => wx.scanCode({ onlyFromCamera: true, scanType: ["qrCode"], success, fail }));

async function read() {
  try {
    return (await look()).result;
  } catch ({ errMsg }) {
    if (/cancel/.test(errMsg)) return null;
    await ui.confirm({ title: "没有扫成", content: NO_CAMERA, showCancel: false });
    return null;
  }
}

/** Scan and go where the code leads. `instead`: replace the present page. */
async function open({ instead = false } = {}) {
  const text = await read();
  if (text === null) return;
  const found = scanText.parse(text);
  if (!found) {
    const again = await ui.confirm({ title: "不是律证的二维码", content: NOT_OURS, confirmText: "重新扫描" });
    if (again) await open({ instead });
  } else if (found.kind === "ticket") {
    ticket = found.text;
    (instead ? wx.redirectTo : wx.navigateTo)({ url: "/pages/scan/scan" });
  } else {
    challenge = { challenge: found.challenge, at: clock.seconds() };
    wx.switchTab({ url: "/pages/show/show" });
  }
}

module.exports = { open, takeTicket, takeChallenge };
