"use strict";

/** 一项填写: label, input, count of digits, and what is wrong with it in words. */
Component({
  options: { styleIsolation: "apply-shared" },
  properties: {
    label: String,
    type: { type: String, value: "text" },
    maxlength: { type: Number, value: 50 },
    value: String,
    placeholder: String,
    error: String,
    count: Boolean,
    multiline: Boolean,
  },
  methods: {
    input(event) {
      this.triggerEvent("change", { value: event.detail.value });
    },
    blur() {
      this.triggerEvent("leave");
    },
  },
});
