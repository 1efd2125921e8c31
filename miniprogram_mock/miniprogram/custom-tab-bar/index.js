"use strict";

const scanner = require("../utils/scanner");
const ui = require("../utils/ui");

const TABS = [
  { path: "pages/show/show", text: "亮证", icon: "code" },
  { path: "scan", text: "扫一扫", icon: "scan" }, // opens the camera at once, from every tab
  { path: "pages/records/records", text: "记录", icon: "list" },
  { path: "pages/mine/mine", text: "我的", icon: "person" },
];

/** 底栏: our own, because WeChat's cannot grow in 长辈版. */
Component({
  options: { styleIsolation: "apply-shared" },
  data: { tabs: TABS, selected: "", ui: "" },
  lifetimes: {
    attached() {
      const pages = getCurrentPages();
      this.setData({ selected: pages[pages.length - 1].route, ui: ui.classes() });
      this.stopUi = ui.subscribe(() => this.setData({ ui: ui.classes() }));
    },
    detached() {
      this.stopUi();
    },
  },
  methods: {
    open(event) {
      const { path } = event.currentTarget.dataset;
      return path === "scan" ? scanner.open() : wx.switchTab({ url: `/${path}` });
    },
  },
});
