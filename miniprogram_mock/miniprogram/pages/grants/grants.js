"use strict";

const api = require("../../utils/api");
const clock = require("../../utils/clock");
const format = require("../../utils/format");
const ui = require("../../utils/ui");

const KINDS = { login: "登录", attributes: "身份信息授权", act: "执业行为确认", device: "终端登录" };

function standing({ ended_at: ended, expires_at: expires, kind }) {
  if (kind === "act") return { word: "已确认", good: true };
  if (ended) return { word: "已结束", good: false };
  return Date.parse(expires) > clock.now() ? { word: "有效", good: true } : { word: "已到期", good: false };
}

const dress = (item) => ({
  ...item,
  name: item.act ? item.act.label : KINDS[item.kind],
  when: format.dayAndTime(item.created_at, clock.now()),
  standing: standing(item),
});

Page(
  ui.withUi({
    data: { items: [], next: null, loaded: false, problem: "", busy: false },

    onShow() {
      return this.load(null);
    },
    reload() {
      return this.load(null);
    },
    more() {
      return this.load(this.data.next);
    },

    async load(before) {
      this.setData({ busy: true });
      try {
        const { items, next } = await api.grants(before);
        const shown = before ? this.data.items : [];
        this.setData({ items: shown.concat(items.map(dress)), next, loaded: true, problem: "" });
      } catch (error) {
        this.setData({ problem: ui.explain(error) });
      }
      this.setData({ busy: false });
    },

    open(event) {
      const item = this.data.items.find(({ id }) => id === event.currentTarget.dataset.id);
      wx.navigateTo({ url: `/pages/grant/grant?item=${encodeURIComponent(JSON.stringify(item))}` });
    },
  }),
);
