/** Challenges to the phone: off, audience (场所) or nonce (一次一码), and the QR that asks for it. */

import encodeQR from "qr";

import { b64u, randomBytes } from "./bytes.js";

export const MODES = ["off", "audience", "nonce"];

export class Challenge {
  #audience = "";

  constructor() {
    this.mode = "off";
    this.form = 1;
    this.nonce = "";
  }

  configure({ mode, form, audience }) {
    this.mode = MODES.includes(mode) ? mode : "off";
    this.form = form === 2 ? 2 : 1;
    this.#audience = audience;
    this.renew();
  }

  /** A nonce serves one acceptance. */
  renew() {
    this.nonce = this.mode === "nonce" ? b64u(randomBytes(8)) : "";
  }

  current() {
    return { mode: this.mode, nonce: this.nonce, audience: this.#audience };
  }

  get text() {
    return `LVZK:${this.#audience}:${this.nonce}:${this.form}`;
  }
}

/** Draw a QR text black on white, one module a whole number of pixels. */
export function drawQr(canvas, text) {
  const modules = encodeQR(text, "raw", { ecc: "medium", border: 4 });
  const scale = Math.max(4, Math.floor(640 / modules.length));
  canvas.width = modules.length * scale;
  canvas.height = canvas.width;
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#000";
  modules.forEach((row, y) =>
    row.forEach((dark, x) => dark && context.fillRect(x * scale, y * scale, scale, scale)),
  );
}
