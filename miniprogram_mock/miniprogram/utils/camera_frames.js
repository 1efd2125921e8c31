/** Camera pictures as JPEG: at most ten a second, each at most 640 pixels on its longer side. */
"use strict";

const { fromBase64 } = require("./bytes");
const clock = require("./clock");

const SIDE = 640;
const INTERVAL = 85; // ms: every third frame of a 30 Hz camera, with room for its jitter
const MAX_BYTES = 80_000;
const QUALITIES = [0.85, 0.7, 0.5];

class JpegEncoder {
  constructor() {
    this.source = wx.createOffscreenCanvas({ type: "2d", width: 1, height: 1 });
    this.target = wx.createOffscreenCanvas({ type: "2d", width: 1, height: 1 });
  }

  /** frame: {data: RGBA ArrayBuffer, width, height} as WeChat's camera gives it, not mirrored. */
  encode({ data, width, height }) {
    const ratio = Math.min(1, SIDE / Math.max(width, height));
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    this.resize(this.source, width, height);
    const context = this.source.getContext("2d");
    const image = context.createImageData(width, height);
    image.data.set(new Uint8ClampedArray(data));
    context.putImageData(image, 0, 0);
    return this.compress(ratio === 1 ? this.source : this.scaled(w, h));
  }

  resize(canvas, width, height) {
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
  }

  scaled(width, height) {
    this.resize(this.target, width, height);
    this.target.getContext("2d").drawImage(this.source, 0, 0, width, height);
    return this.target;
  }

  compress(canvas) {
    let text = "";
    for (const quality of QUALITIES) {
      text = canvas.toDataURL("image/jpeg", quality).split(",")[1];
      if (text.length * 0.75 <= MAX_BYTES) break;
    }
    return { base64: text, bytes: fromBase64(text) };
  }
}

/** Start listening; `take({t, base64, bytes})` gets each picture. Answers the function that stops. */
function listen(take) {
  const encoder = new JpegEncoder();
  let last = 0;
  let sent = "";
  const listener = wx.createCameraContext().onCameraFrame((frame) => {
    // A camera that knows when it took the picture says so; WeChat's does not.
    const t = Math.round(frame.capturedAt || clock.counter());
    if (t - last < INTERVAL) return;
    last = t;
    const picture = encoder.encode(frame);
    if (picture.base64 === sent) return; // a camera that stalls on a busy phone repeats itself
    sent = picture.base64;
    take({ t, ...picture });
  });
  listener.start();
  return () => listener.stop();
}

module.exports = { listen };
