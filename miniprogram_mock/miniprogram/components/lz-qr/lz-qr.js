"use strict";

const qrImage = require("../../utils/qr_image");

/** 二维码: black on white in every scheme, whole pixels a module, never larger than `room`. */
Component({
  options: { styleIsolation: "apply-shared" },
  properties: {
    text: String,
    room: { type: Number, value: 300 },
    label: { type: String, value: "二维码" },
  },
  data: { src: "", side: 0 },
  observers: {
    "text, room"(text, room) {
      if (!text) return;
      const { src, side } = qrImage.draw(text, room);
      this.setData({ src, side });
    },
  },
});
