/** wx.scanCode: the rear camera and zxing, which is fetched at the first scan. */
import { settle } from "./wx_core.js";

const WANTED = { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: { ideal: "environment" } };
const PAUSE = 80;

async function reader() {
  const { prepareZXingModule, readBarcodes } = await import("zxing-wasm/reader");
  const wasm = new URL("zxing_reader.wasm", document.baseURI).href;
  prepareZXingModule({ overrides: { locateFile: () => wasm } });
  return (image) => readBarcodes(image, { formats: ["QRCode"], maxNumberOfSymbols: 1, tryHarder: true });
}

const make = (tag, properties) => Object.assign(document.createElement(tag), properties);

function open(way, ...parts) {
  const dialog = make("dialog", { className: "lvz-scan" });
  dialog.setAttribute("aria-label", "扫码");
  const close = make("button", { className: "lvz-scan__close", textContent: way, onclick: () => dialog.close() });
  dialog.append(...parts, close);
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

function dialogue() {
  const video = make("video", { muted: true, playsInline: true });
  const dialog = open("取消", video, make("p", { textContent: "把二维码放进画面" }));
  return { dialog, video };
}

/** Why there is no picture. A code is only ever read by a camera, so nothing stands in for one. */
function reason({ name }) {
  if (name === "NotAllowedError") return "没有使用摄像头的权限。请在浏览器的地址栏旁允许本页使用摄像头，再扫一次。";
  if (name === "NotFoundError") return "这台设备没有摄像头，不能扫码。请用带摄像头的手机或电脑打开本页。";
  if (name === "NotReadableError") return "摄像头正被其他程序占用。请关闭后再扫一次。";
  return "摄像头没有打开。浏览器只在本机地址或加密网址（https）下允许使用摄像头。";
}

/** Say why, until it is closed; then it is as if the person had turned back. */
async function explain(error) {
  const words = make("p", { className: "lvz-scan__words", textContent: reason(error) });
  words.setAttribute("role", "alert");
  const dialog = open("关闭", words);
  await new Promise((done) => (dialog.onclose = done));
  dialog.remove();
  throw { errMsg: "scanCode:fail cancel" };
}

async function look({ dialog, video }, read) {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  while (dialog.open) {
    if (video.videoWidth) {
      Object.assign(canvas, { width: video.videoWidth, height: video.videoHeight });
      context.drawImage(video, 0, 0);
      const [found] = await read(context.getImageData(0, 0, canvas.width, canvas.height));
      if (found?.isValid) return found.text;
    }
    await new Promise((done) => setTimeout(done, PAUSE));
  }
  throw { errMsg: "scanCode:fail cancel" };
}

async function scan({ onlyFromCamera = false }) {
  // This host has no album; WeChat would offer one here.
  if (!onlyFromCamera) throw { errMsg: "scanCode:fail album is not available in this host" };
  const asked = navigator.mediaDevices?.getUserMedia({ video: WANTED, audio: false });
  const stream = await (asked ?? Promise.reject(new Error("insecure"))).catch(explain);
  const parts = dialogue();
  try {
    parts.video.srcObject = stream;
    await parts.video.play();
    return { result: await look(parts, await reader()), scanType: "QR_CODE" };
  } finally {
    stream.getTracks().forEach((track) => track.stop());
    parts.dialog.remove();
  }
}

export const scanning = { scanCode: (options) => settle("scanCode", options, scan(options)) };
