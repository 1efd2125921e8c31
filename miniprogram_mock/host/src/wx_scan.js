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

function dialogue() {
  const dialog = document.createElement("dialog");
  dialog.className = "lvz-scan";
  dialog.setAttribute("aria-label", "扫码");
  const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
  const words = Object.assign(document.createElement("p"), { textContent: "把二维码放进画面" });
  const close = Object.assign(document.createElement("button"), { className: "lvz-scan__close", textContent: "取消" });
  close.onclick = () => dialog.close();
  dialog.append(video, words, close);
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, video };
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
  const stream = await navigator.mediaDevices.getUserMedia({ video: WANTED, audio: false });
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
