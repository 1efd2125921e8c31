"use strict";

const ui = require("../utils/ui");

const TABS = [
  { path: "pages/show/show", text: "亮证", icon: "code" },
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
      wx.switchTab({ url: `/${event.currentTarget.dataset.path}` });
    },
  },
});
