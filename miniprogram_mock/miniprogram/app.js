"use strict";

const session = require("./utils/session");
const ui = require("./utils/ui");

App({
  onLaunch() {
    session.start();
    ui.paintWindow();
    wx.onThemeChange?.(() => ui.paintWindow());
  },
});
