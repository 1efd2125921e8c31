/** Toast, dialogue, loading, screen: what WeChat draws or does for a page. */
import { settle } from "./wx_core.js";

const toast = () => document.querySelector(".lvz-toast");
let toastTimer;

function showToast({ title, duration = 1500, ...options }) {
  clearTimeout(toastTimer);
  toast().textContent = title;
  toastTimer = setTimeout(() => (toast().textContent = ""), duration);
  return settle("showToast", options, Promise.resolve({}));
}

function showLoading({ title, ...options }) {
  clearTimeout(toastTimer);
  toast().textContent = title;
  return settle("showLoading", options, Promise.resolve({}));
}

function hideLoading(options) {
  toast().textContent = "";
  return settle("hideLoading", options, Promise.resolve({}));
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text ?? "";
  return made;
}

function ask({ title, content, showCancel = true, cancelText = "取消", confirmText = "确定" }) {
  const dialog = element("dialog", "lvz-dialog");
  const heading = element("h2", "lvz-dialog__title", title);
  heading.id = "lvz-dialog-title";
  dialog.setAttribute("aria-labelledby", heading.id);
  const buttons = element("div", "lvz-dialog__buttons");
  const no = element("button", "lvz-dialog__button", cancelText);
  const yes = element("button", "lvz-dialog__button lvz-dialog__button_yes", confirmText);
  buttons.append(...(showCancel ? [no, yes] : [yes]));
  dialog.append(heading, element("p", "lvz-dialog__text", content), buttons);
  document.body.append(dialog);
  return new Promise((resolve) => {
    yes.onclick = () => dialog.close("yes");
    no.onclick = () => dialog.close("");
    dialog.onclose = () => {
      dialog.remove();
      resolve({ confirm: dialog.returnValue === "yes", cancel: dialog.returnValue !== "yes" });
    };
    dialog.showModal();
  });
}

let lock = null;

async function keepScreenOn(on) {
  await lock?.release().catch(() => null);
  lock = null;
  if (on && navigator.wakeLock) lock = await navigator.wakeLock.request("screen").catch(() => null);
}

const dark = matchMedia("(prefers-color-scheme: dark)");

export const interfaceCalls = {
  showToast,
  showLoading,
  hideLoading,
  hideToast: hideLoading,
  showModal: (options) => settle("showModal", options, ask(options)),
  setKeepScreenOn: ({ keepScreenOn: on, ...options }) =>
    settle("setKeepScreenOn", options, keepScreenOn(on).then(() => ({}))),
  // A browser can neither see nor refuse a screenshot; the code's short life is what protects it.
  setVisualEffectOnCapture: (options) => settle("setVisualEffectOnCapture", options, Promise.resolve({})),
  setBackgroundColor({ backgroundColor, ...options }) {
    document.documentElement.style.setProperty("--stage", backgroundColor);
    return settle("setBackgroundColor", options, Promise.resolve({}));
  },
  setClipboardData: ({ data, ...options }) =>
    settle("setClipboardData", options, navigator.clipboard.writeText(data).then(() => ({}))),
  vibrateShort(options) {
    navigator.vibrate?.(20);
    return settle("vibrateShort", options, Promise.resolve({}));
  },
  pageScrollTo({ scrollTop, ...options }) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    scrollTo({ top: scrollTop, behavior: still ? "auto" : "smooth" });
    return settle("pageScrollTo", options, Promise.resolve({}));
  },
  getAppBaseInfo: () => ({ theme: dark.matches ? "dark" : "light", language: "zh_CN" }),
  onThemeChange: (listener) => dark.addEventListener("change", () => listener({ theme: dark.matches ? "dark" : "light" })),
  getWindowInfo: () => ({
    windowWidth: document.querySelector(".lvz-stage").clientWidth,
    windowHeight: innerHeight,
    pixelRatio: devicePixelRatio,
  }),
};
