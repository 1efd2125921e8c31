"use strict";

const ui = require("../../utils/ui");

Page(
  ui.withUi({
    data: {},
    toDeadlines: () => wx.navigateTo({ url: "/pages/deadlines/deadlines" }),
    toFee: () => wx.navigateTo({ url: "/pages/fee/fee" }),
    toCourts: () => wx.navigateTo({ url: "/pages/courts/courts" }),
  }),
);
