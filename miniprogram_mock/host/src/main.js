/**
 * A browser page that stands for WeChat: runs the genuine mini-program source on Tencent's own
 * glass-easel, with `wx` over what the browser has.
 */
import * as adapter from "glass-easel-miniprogram-adapter";
import { app, components, groups, loadApp, tabs } from "virtual:miniprogram";

import { createBackend } from "./backend.js";
import { listen } from "./events.js";
import { PageStack } from "./stack.js";
import { camera } from "./wx_camera.js";
import { settle } from "./wx_core.js";
import { demoCamera } from "./wx_demo_camera.js";
import { deviceKey } from "./wx_device_key.js";
import { files } from "./wx_files.js";
import { interfaceCalls } from "./wx_interface.js";
import { network } from "./wx_network.js";
import { scanning } from "./wx_scan.js";
import { storage } from "./wx_storage.js";

const $ = (selector) => document.querySelector(selector);

const environment = new adapter.MiniProgramEnv();
const code = environment.createCodeSpace("", true);
const backend = environment.associateBackend(createBackend());

function open(tag, path, parent, prepare) {
  const place = document.createElement("div");
  parent.append(place);
  const root = backend.createRoot(tag, code, path);
  prepare?.(root.get());
  root.attach(parent, place);
  return root;
}

const stack = new PageStack({
  app,
  components,
  stage: $(".lvz-stage"),
  bar: { title: $(".lvz-bar__title"), back: $(".lvz-bar__back") },
  open: (path, parent, prepare) => open("lvz-view", path, parent, prepare),
  openTabs(page) {
    const holder = document.createElement("div");
    holder.className = "lvz-tabbar";
    page.append(holder);
    return open("lvz-view", tabs, holder);
  },
});

const route = (name, go) => (options) =>
  settle(name, options, new Promise((resolve) => resolve(go(options))).then(() => ({})));

globalThis.wx = {
  ...network,
  ...files,
  ...storage,
  ...interfaceCalls,
  ...camera,
  ...scanning,
  // This host is opened by its address, which is no scan: 1001, as from WeChat's list.
  getEnterOptionsSync: () => ({ path: app.pages[0], query: {}, scene: 1001, referrerInfo: {} }),
  lvzDeviceKey: deviceKey,
  /** The demonstration's cashier is a page of its own; WeChat would open wx.requestPayment. */
  lvzOpenCashier: ({ url }) => void globalThis.open(url, "_blank"),
  lvzDemoCamera: demoCamera,
  /** What the last code cost to sign and to draw, for the bench. */
  lvzReport: (measured) => (globalThis.__lvzLastDraw = measured),
  navigateTo: route("navigateTo", ({ url }) => stack.navigateTo(url)),
  redirectTo: route("redirectTo", ({ url }) => stack.redirectTo(url)),
  reLaunch: route("reLaunch", ({ url }) => stack.reLaunch(url)),
  switchTab: route("switchTab", ({ url }) => stack.switchTab(url)),
  navigateBack: route("navigateBack", ({ delta } = {}) => stack.navigateBack(delta)),
};

let instance = {};
globalThis.getApp = () => instance;
globalThis.getCurrentPages = () => stack.current();
globalThis.App = (definition) => (instance = definition);

for (const { path, settings } of components) {
  code.addComponentStaticConfig(path, settings);
  code.addCompiledTemplate(path, {
    groupList: groups,
    content: groups[path],
    fallbackListenerOnNativeNode: true,
  });
}
for (const { path, load } of components) {
  code.componentEnv(path, ({ Page, Component, Behavior }) => {
    Object.assign(globalThis, { Page, Component, Behavior });
    load();
  });
}
loadApp();
instance.onLaunch?.({});
listen(document.body);
history.replaceState({ depth: 1 }, "");
stack.push(stack.resolve(app.pages[0]));
