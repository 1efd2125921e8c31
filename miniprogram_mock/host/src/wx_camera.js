/** <camera>, wx.createCameraContext and wx.createOffscreenCanvas over getUserMedia. */
import { fire } from "./events.js";
import { demoSource, demoCamera } from "./wx_demo_camera.js";

const WANTED = { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: "user", frameRate: { ideal: 30 } };

let active = null; // the source of the camera on the page
const listeners = new Set();

/** Hand a frame out. Its pixels are read only if asked for: a listener may let frames pass. */
function hand(canvas, context, capturedAt) {
  const { width, height } = canvas;
  const frame = {
    width,
    height,
    capturedAt,
    get data() {
      return context.getImageData(0, 0, width, height).data.buffer;
    },
  };
  listeners.forEach((listener) => listener(frame));
}

/** The live camera: a frame is handed out once, when the camera has made a new one. */
class LiveSource {
  async open(element) {
    if (!navigator.mediaDevices) throw new DOMException("no camera", "NotFoundError");
    this.stream = await navigator.mediaDevices.getUserMedia({ video: WANTED, audio: false });
    this.video = document.createElement("video");
    Object.assign(this.video, { muted: true, playsInline: true, srcObject: this.stream });
    element.replaceChildren(this.video);
    await this.video.play();
    this.canvas = document.createElement("canvas");
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.follow();
  }

  follow() {
    this.video.requestVideoFrameCallback((_, { captureTime }) => {
      if (this.closed) return;
      if (listeners.size) this.copy(captureTime);
      this.follow();
    });
  }

  copy(capturedAt) {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    this.context.drawImage(this.video, 0, 0);
    hand(this.canvas, this.context, capturedAt);
  }

  close() {
    this.closed = true;
    this.stream?.getTracks().forEach((track) => track.stop());
  }
}

class CameraElement extends HTMLElement {
  connectedCallback() {
    this.start();
  }

  async start() {
    const source = demoCamera.wanted() ? demoSource(hand) : new LiveSource();
    this.source = source;
    active = source;
    try {
      await source.open(this);
      if (this.source === source) fire(this, "initdone", { maxZoom: 1 });
    } catch (error) {
      source.close();
      fire(this, "error", { errMsg: `${error.name}: ${error.message}` });
    }
    if (this.source !== source) source.close();
  }

  disconnectedCallback() {
    this.source?.close();
    if (active === this.source) active = null;
    this.source = null;
  }
}
customElements.define("lvz-camera", CameraElement);

function createCameraContext() {
  return {
    onCameraFrame(listener) {
      return {
        start: () => void listeners.add(listener),
        stop: () => void listeners.delete(listener),
      };
    },
  };
}

/** type "2d" only; an ordinary canvas, because OffscreenCanvas has no toDataURL. */
function createOffscreenCanvas({ width, height }) {
  const canvas = document.createElement("canvas");
  return Object.assign(canvas, { width, height });
}

export const camera = { createCameraContext, createOffscreenCanvas };
