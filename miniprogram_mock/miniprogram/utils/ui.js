/** 长辈版 and the colour scheme, the same on every page. */
"use strict";

const store = require("./store");

const THEMES = { auto: "跟随系统", light: "浅色", dark: "深色" };
const listeners = new Set();

const settings = () => ({ elder: false, theme: "auto", ...store.read("ui") });

/** The classes of a page's outermost view. */
function classes() {
  const { elder, theme } = settings();
  return `${elder ? "elder" : ""} theme-${theme}`;
}

function isDark() {
  const { theme } = settings();
  if (theme !== "auto") return theme === "dark";
  return wx.getAppBaseInfo?.().theme === "dark";
}

function paintWindow() {
  const background = isDark() ? "#10151d" : "#eef1f6";
  wx.setBackgroundColor?.({ backgroundColor: background });
}

function change(values) {
  store.write("ui", { ...settings(), ...values });
  paintWindow();
  listeners.forEach((listener) => listener());
}

function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Wrap a page's options so that `data.ui` follows the settings. */
function withUi(page) {
  const { onLoad, onUnload } = page;
  return {
    ...page,
    data: { ...page.data, ui: "" },
    onLoad(query) {
      this.setData({ ui: classes() });
      this.stopUi = subscribe(() => this.setData({ ui: classes() }));
      return onLoad?.call(this, query);
    },
    onUnload() {
      this.stopUi();
      onUnload?.call(this);
    },
  };
}

/** The lowest clean-up of an API failure: say it. */
const explain = (error) => error.title || "出了点问题，请重试。";

const confirm = (options) =>
  new Promise((done) => wx.showModal({ ...options, success: ({ confirm: yes }) => done(yes), fail: () => done(false) }));

module.exports = { withUi, settings, classes, change, subscribe, paintWindow, isDark, explain, confirm, THEMES };
