/**
 * 扫普通链接二维码打开小程序: how WeChat came to open us with a code's text (`q`).
 *
 * WeChat follows the rule for a camera (scene 1011) and also for a long press in a chat (1012,
 * 1048), a picture of the album (1013, 1049), a card, a link of another mini-program. Whoever
 * forwards a code does so by one of the latter, so only the camera's own scene passes.
 */
"use strict";

const FROM_CAMERA = [1011];
const LATEST = 10; // seconds from WeChat's scan to our page; the code has changed by then

/** The scene of the present entry; null where WeChat is too old to say. */
function scene() {
  const options = wx.getEnterOptionsSync?.() || wx.getLaunchOptionsSync?.();
  return options?.scene ?? null;
}

/** Read the page's query. {text, scene}, or {refused: "not_camera" | "stale" | "unreadable"}. */
function read({ q, scancode_time: scannedAt }, nowMs) {
  const from = scene();
  if (!FROM_CAMERA.includes(from)) return { refused: "not_camera" };
  if (scannedAt && nowMs / 1000 - Number(scannedAt) > LATEST) return { refused: "stale" };
  try {
    return { text: decodeURIComponent(q), scene: from };
  } catch {
    return { refused: "unreadable" };
  }
}

module.exports = { read, scene };
