/** The settings drawer; choices are kept on this machine. */

import { Camera } from "./camera.js";
import * as view from "./view.js";

const $ = (id) => document.getElementById(id);
const DEFAULTS = { camera: "", mode: "off", form: 1, sound: true, elder: false, dark: null };

export class Settings {
  constructor(kiosk) {
    this.kiosk = kiosk;
    this.values = { ...DEFAULTS };
    $("settings-form").addEventListener("change", () => this.#changed());
    $("reset").addEventListener("click", () => kiosk.reset());
  }

  async load() {
    this.values = { ...DEFAULTS, ...(await this.kiosk.store.get("settings")) };
    this.#applyLook();
  }

  /** Put the choices to work; needs the kiosk's identity. */
  apply() {
    const { mode, form, sound } = this.values;
    const { challenge, identity } = this.kiosk;
    challenge.configure({ mode, form, audience: identity.audiences.at(-1) });
    this.kiosk.sound.enabled = sound;
    this.#applyLook();
    view.showChallenge(challenge);
  }

  #applyLook() {
    const root = document.documentElement;
    const { elder, dark } = this.values;
    root.toggleAttribute("data-elder", elder);
    if (dark !== null) root.dataset.theme = dark ? "dark" : "light";
  }

  async show() {
    const { values, kiosk } = this;
    $("set-sound").checked = values.sound;
    $("set-elder").checked = values.elder;
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    $("set-dark").checked = values.dark ?? dark;
    $("set-form").value = String(values.form);
    $("settings-form").elements.mode.value = values.mode;
    view.showAbout({
      终端编号: kiosk.identity.kiosk_id,
      法院代码: kiosk.identity.court_code,
      服务器时间: kiosk.clock.synchronised ? "已校准" : "未校准",
      状态清单: kiosk.evidence.statusAge === null ? "无" : view.duration(kiosk.evidence.statusAge),
      待上传: `${(await kiosk.uploads.waiting()).length}条`,
    });
    await this.#listCameras();
  }

  async #listCameras() {
    const cameras = await Camera.list();
    const options = cameras.map(({ deviceId, label }, at) => {
      return new Option(label || `摄像头${at + 1}`, deviceId);
    });
    $("set-camera").replaceChildren(new Option("自动", ""), ...options);
    $("set-camera").value = this.values.camera;
  }

  async #changed() {
    const camera = $("set-camera").value;
    const changed = camera !== this.values.camera;
    this.values = {
      camera,
      mode: $("settings-form").elements.mode.value,
      form: Number($("set-form").value),
      sound: $("set-sound").checked,
      elder: $("set-elder").checked,
      dark: $("set-dark").checked,
    };
    this.apply();
    await this.kiosk.store.set("settings", this.values);
    if (changed) this.kiosk.startCamera();
  }
}
