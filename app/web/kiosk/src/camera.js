/** Scanning by camera: zxing-wasm on every video frame, QR only. */

import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

const WIDTH = 1280;
const READER = { formats: ["QRCode"], maxNumberOfSymbols: 1, tryHarder: true, tryInvert: false };

/** What to say and do for each failure of the camera; wedge and typing go on working. */
export const CAMERA_ERRORS = {
  NotAllowedError: ["摄像头未获授权", "请在浏览器地址栏允许本页使用摄像头，然后重试。"],
  NotFoundError: ["没有找到摄像头", "请连接摄像头；也可使用扫码枪或手工录入。"],
  NotReadableError: ["摄像头被占用或有故障", "请关闭占用摄像头的程序，或重新插拔摄像头。"],
  OverconstrainedError: ["所选摄像头不可用", "请在设置中换一个摄像头。"],
  Ended: ["摄像头已断开", "请检查摄像头连接，正在自动重试。"],
  Unsupported: ["浏览器不支持摄像头", "请用 https 或本机地址打开；也可使用扫码枪或手工录入。"],
};

export const explainCamera = (name) =>
  CAMERA_ERRORS[name] ?? ["摄像头打不开", "请重试；也可使用扫码枪或手工录入。"];

let prepared = null;

function prepare() {
  prepared ??= prepareZXingModule({
    overrides: { locateFile: (name) => new URL(name, document.baseURI).href },
    fireImmediately: true,
  });
  return prepared;
}

export class Camera {
  #video;
  #canvas = document.createElement("canvas");
  #stream = null;
  #run = 0;

  /** `onText(text)` for every frame with a QR, `onError(name)` when the camera stops working. */
  constructor(video, { onText, onError }) {
    this.#video = video;
    this.onText = onText;
    this.onError = onError;
  }

  async start(deviceId = "") {
    this.stop();
    const run = this.#run;
    if (!navigator.mediaDevices?.getUserMedia) return this.onError("Unsupported");
    const device = deviceId ? { deviceId: { exact: deviceId } } : {};
    const video = { ...device, width: { ideal: WIDTH }, height: { ideal: 720 } };
    try {
      const [stream] = await Promise.all([
        navigator.mediaDevices.getUserMedia({ video, audio: false }),
        prepare(),
      ]);
      if (run !== this.#run) return stream.getTracks().forEach((track) => track.stop());
      await this.#play(stream);
      this.#next(run);
    } catch (error) {
      if (run === this.#run) this.onError(error.name);
    }
  }

  async #play(stream) {
    this.#stream = stream;
    stream.getVideoTracks()[0].addEventListener("ended", () => this.onError("Ended"));
    this.#video.srcObject = stream;
    await this.#video.play();
  }

  stop() {
    this.#run += 1;
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    this.#video.srcObject = null;
  }

  get running() {
    return this.#stream !== null;
  }

  #next(run) {
    this.#video.requestVideoFrameCallback(() => this.#frame(run));
  }

  async #frame(run) {
    if (run !== this.#run) return;
    try {
      const found = await readBarcodes(this.#grab(), READER);
      if (run === this.#run) this.onText(found[0]?.isValid ? found[0].text : null);
    } finally {
      if (run === this.#run) this.#next(run);
    }
  }

  #grab() {
    const { videoWidth, videoHeight } = this.#video;
    this.#canvas.width = videoWidth;
    this.#canvas.height = videoHeight;
    const context = this.#canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(this.#video, 0, 0);
    return context.getImageData(0, 0, videoWidth, videoHeight);
  }

  static async list() {
    const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    return devices.filter(({ kind }) => kind === "videoinput");
  }
}
